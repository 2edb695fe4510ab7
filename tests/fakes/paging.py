"""Pages of a list in memory, by the place of the last thing shown rather than by a count."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from chalicelib.domain.errors import Invalid
from chalicelib.ports import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

T = TypeVar("T")


def paged(
    items: Iterable[T],
    place: Callable[[T], tuple[str, str]],
    *,
    name: str,
    limit: int,
    position: Mapping[str, str] | None,
    newest_first: bool = False,
) -> Page[T]:
    """A page of the list called `name`, in the order of `place` (time as text, id)."""
    if position is not None and (
        position.keys() != {"list", "at", "id"} or position["list"] != name
    ):
        raise Invalid("The position is that of another list.")
    ordered = sorted(items, key=place, reverse=newest_first)
    if position is not None:
        last = (position["at"], position["id"])
        ordered = [
            item for item in ordered if (place(item) < last if newest_first else place(item) > last)
        ]
    shown = ordered[:limit]
    if len(ordered) <= limit:
        return Page(shown)
    at, own = place(shown[-1])
    return Page(shown, {"list": name, "at": at, "id": own})
