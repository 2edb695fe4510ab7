"""Account checks, as the use cases need them: the provider's part, the store's, and a directory's.

Starting a check sends money, so it is an event with a verdict and never an exception.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from chalicelib.domain.account_check import Heard, KeptCheck
    from chalicelib.domain.branch import Branch
    from chalicelib.domain.destination import Destination
    from chalicelib.domain.money import Money


@dataclass(frozen=True, slots=True)
class Beginning:
    """What became of a start: `SENT`, `REFUSED`, `NOT_SENT` or `IN_DOUBT`.

    `token` goes with the code that is to come; `owner` is the name that a PayID is registered to,
    empty where none is told. Both are to be shown to nobody. `reason` is a code, or a short text.
    """

    heard: Heard
    token: str = field(default="", repr=False)
    owner: str = field(default="", repr=False)
    fee: Money | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of a code: `RIGHT`, `WRONG`, `BLOCKED`, `LOST`, `NOT_ASKED`, `NOT_ANSWERED`."""

    heard: Heard
    reason: str = ""


class Verifier(Protocol):
    """The provider's verification of accounts. `within` is in seconds."""

    def start(self, destination: Destination, *, identifier: str, within: float) -> Beginning:
        """Send one cent with a code, once; whatever happens is told, never raised."""
        ...

    def confirm(self, token: str, code: str, *, within: float) -> Judged:
        """Ask whether it is the code, once; whatever happens is told, never raised."""
        ...


class AccountChecks(Protocol):
    """The checks of destinations: one at a time, and all there ever were by what they are called.

    A destination's versions go on from one check to the next.
    """

    def current(self, destination_id: str) -> KeptCheck | None:
        """The latest check of a destination, as it is now (consistent)."""
        ...

    def called(self, destination_id: str, identifier: str) -> KeptCheck | None:
        """A check by what it is called, be it the latest or not (consistent)."""
        ...

    def write(self, kept: KeptCheck, *, version: int) -> None:
        """Store a destination's check as version + 1; version 0 says that there was none.

        Raises:
            Stale: the destination's version is another one.
            StoreUnavailable: whether it was written is not known.
        """
        ...

    def started_on(self, day: date) -> Sequence[KeptCheck]:
        """The checks that were started on a Sydney date, the oldest first; may lag."""
        ...

    def forget(self, customer_id: str) -> int:
        """Destroy tokens and masked names of all of a customer's checks; of how many it did.

        Which checks there are may lag: done again, it finds what it missed.

        Raises:
            StoreUnavailable: some may be destroyed; again goes on.
        """
        ...


class BsbDirectory(Protocol):
    """Which bank and branch a BSB belongs to."""

    def branch(self, destination: Destination) -> Branch | None:
        """The branch of a bank account; `None` for a PayID, and where nothing can be looked up."""
        ...
