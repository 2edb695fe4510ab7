"""Where a list goes on: a cursor that tells nothing, and is believed only if we made it.

It is signed (HMAC-SHA256) together with the route and the filters that it was made for, and is
good for a day. What it carries is a place in an index: ids and dates.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from chalicelib.domain.errors import Fault, InvalidRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.ports import Page

LIFE = timedelta(days=1)
T = TypeVar("T")
# Empty pages that are passed over: more than the longest list of dates can have.
MOST_EMPTY = 10
# Bytes of the signature in front.
_SIGNED = 32


def some(
    read: Callable[[Mapping[str, str] | None], Page[T]], position: Mapping[str, str] | None
) -> Page[T]:
    """The first page from a position on that holds anything, or the end of the list.

    A store asks a bounded number of questions for a page, so a page of quiet days can be empty.
    """
    for _ in range(MOST_EMPTY):
        page = read(position)
        if page.items or page.position is None:
            return page
        position = page.position
    return page


@dataclass(frozen=True, slots=True)
class Bookmark:
    """Reads and writes the cursors of one list: `of` is its route with all filters but the page.

    `key` fetches the signing key, and is called only when there is a cursor to read or to write.
    """

    of: str
    now: datetime
    key: Callable[[], bytes]

    def write(self, position: Mapping[str, str] | None) -> str | None:
        """The cursor of a position; `None` where the list is over."""
        if position is None:
            return None
        until = int((self.now + LIFE).timestamp())
        said = json.dumps({"until": until, "position": dict(position)}).encode()
        return base64.urlsafe_b64encode(self._signature(said) + said).decode().rstrip("=")

    def read(self, cursor: str) -> Mapping[str, str]:
        """The position of a cursor of this list.

        Raises:
            InvalidRequest: it is another list's, changed, or older than a day.
        """
        try:
            padded = cursor + "=" * (-len(cursor) % 4)
            whole = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        except ValueError:
            raise _not_ours() from None
        signature, said = whole[:_SIGNED], whole[_SIGNED:]
        if not hmac.compare_digest(signature, self._signature(said)):
            raise _not_ours()
        told = json.loads(said)
        if told["until"] < self.now.timestamp():
            raise _not_ours()
        return dict(told["position"])

    def _signature(self, said: bytes) -> bytes:
        return hmac.digest(self.key(), self.of.encode() + b"\x00" + said, hashlib.sha256)


def _not_ours() -> InvalidRequest:
    why = "is not a cursor of this list with these filters, or is older than a day: start anew"
    return InvalidRequest([Fault("cursor", "invalid_cursor", why)])
