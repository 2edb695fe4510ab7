"""What is remembered of idempotency keys, for actions that leave no thing of their own to ask.

Never a key itself, nor a value that was sent with it: digests made with the key, which nobody can
try out who has only what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from chalicelib.domain.identifiers import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Use:
    """What a key was used for: an operation, by whom, and a digest of each field that was said.

    `key_id` follows from operation and key. `claim_id` is new for each try; `done` once the action
    was carried out.
    """

    key_id: str
    operation: str
    by: str
    fields: Mapping[str, str]
    claim_id: str
    at: datetime
    done: bool = False

    @property
    def mark(self) -> str:
        """The same for the same request by the same principal, and for no other."""
        return fingerprint([self.operation, self.by, sorted(self.fields.items())])


class Keys(Protocol):
    """The uses of keys. No use is ever forgotten, unless its action was refused."""

    def claim(self, use: Use) -> Use | None:
        """Store that it is about to be acted; `None` where the action is to be carried out.

        That is so where the key is new, and where the same request claimed it and never said what
        came of it. Otherwise the use that is there: of the same request, and done; or of another.

        Raises:
            StoreUnavailable: it may or may not be claimed; nothing must be done.
        """
        ...

    def finish(self, use: Use) -> None:
        """Store that the action was carried out; again, or for another's key, changes nothing.

        Raises:
            StoreUnavailable: it may or may not be stored.
        """
        ...

    def release(self, use: Use) -> None:
        """Forget a claim whose action was refused, unless somebody claimed it anew, or finished it.

        Raises:
            StoreUnavailable: it may or may not be forgotten.
        """
        ...
