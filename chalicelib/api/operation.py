"""What one way in is: method, path, who may, what may be said, what is answered.

One value, read by the doors that enforce it and by the document that publishes it, so that the two
cannot drift apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Generic, TypeVar

from pydantic import BaseModel

from chalicelib.api.filters import Listing, Query
from chalicelib.api.schemas import Nothing
from chalicelib.api.shapes import PageView, Shape

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chalicelib.api.access import Access
    from chalicelib.api.identity import Roles
    from chalicelib.api.pages import Bookmark

# What is said to an operation: its body where it has one, else its query.
S = TypeVar("S", bound=BaseModel)
JSON = "application/json"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=us-ascii"
_CAPTURED = re.compile(r"\{(\w+)\}")


class Key(Enum):
    """Whether a request carries an `Idempotency-Key`."""

    NONE = "none"
    OPTIONAL = "optional"  # without one, the same request again makes a second thing
    BY_SETTING = "by setting"  # required, unless the business turned that off
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Operation:
    """A way in; `refuses` are statuses beyond the usual.

    `counts_itself` where a principal's requests are counted with what it writes, not at the door.
    """

    method: str
    path: str
    name: str
    summary: str
    access: Access
    takes: type[BaseModel]
    gives: type[BaseModel] | None
    status: int = 200
    key: Key = Key.NONE
    refuses: frozenset[int] = frozenset()
    media_type: str = JSON
    counts_itself: bool = False
    exactly: tuple[int, ...] = ()
    once: bool = False

    @property
    def roles(self) -> Roles | None:
        """Who may; `None` where it is public."""
        return self.access.roles

    @property
    def body(self) -> type[BaseModel] | None:
        """What the body must be; `None` where none is taken."""
        return None if issubclass(self.takes, (Query, Nothing)) else self.takes

    @property
    def query(self) -> type[Query]:
        """What the query may be."""
        return self.takes if issubclass(self.takes, Query) else Query

    @property
    def captured(self) -> tuple[str, ...]:
        """The names in the path."""
        return tuple(_CAPTURED.findall(self.path))

    @property
    def is_list(self) -> bool:
        """Whether it answers a page."""
        return issubclass(self.takes, Listing)

    @property
    def statuses(self) -> tuple[int, ...]:
        """Every status that it can answer, its own first; `exactly` where the usual is not so."""
        if self.exactly:
            return self.exactly
        refused = {400, 500, *self.refuses}
        if self.roles is not None:
            refused |= {401, 403, 429, 503}
        if self.captured:
            refused.add(404)
        if self.body is not None:
            refused |= {413, 415}
        if self.once and (self.captured or self.body is not None):
            refused.add(422)  # the key was used for another request
        if self.key is not Key.NONE or (self.captured and self.method != "GET"):
            refused.add(409)  # the key is somebody else's; or things are not so, or not any more
        return (self.status, *sorted(refused))


@dataclass(frozen=True, slots=True)
class Call(Generic[S]):
    """A request that may be heard: identified, allowed, and of the right form.

    `by` is the principal's id, `roles` are theirs; empty where the route is public. `time_left`
    counts down the seconds in which an answer can still be given.
    """

    said: S
    by: str
    request_id: str
    key: str
    time_left: Callable[[], float]
    bookmark: Bookmark
    roles: Roles = frozenset()
    position: Mapping[str, str] | None = None

    def page(self, data: Sequence[Shape], position: Mapping[str, str] | None) -> Reply:
        """The answer of a list: some of it, and where it goes on."""
        return Reply(PageView(data=list(data), next_cursor=self.bookmark.write(position)))


@dataclass(frozen=True, slots=True)
class Reply:
    """What an operation answers; `replayed` where an idempotency key found what it made before.

    `status` is another one than the operation's own, where that depends.
    """

    body: BaseModel | str
    replayed: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int | None = None
