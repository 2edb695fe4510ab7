"""Rows of a list, as far as they can be read: one that cannot costs itself only.

It is left out, named in the page, and counted in a line of log for whoever watches levels. Refuses
to hide it from whoever has to see all: a page tells what it lacks, and what must be whole reads its
rows without this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from chalicelib.adapters.dynamo.understood import NOT_UNDERSTOOD
from chalicelib.adapters.telemetry import left_out
from chalicelib.domain.errors import Corrupt
from chalicelib.ports.store import Page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from chalicelib.adapters.dynamo.values import Row

T = TypeVar("T")


def page_of(
    rows: Iterable[Row],
    rest: Mapping[str, str] | None,
    read: Callable[[Row], T],
    *,
    key: str = "key",
) -> Page[T]:
    """The page of those rows that can be read; of the others the keys."""
    items: list[T] = []
    lost: list[str] = []
    for row in rows:
        try:
            items.append(read(row))
        except (Corrupt, *NOT_UNDERSTOOD):
            lost.append(str(row[key]))
    if lost:
        left_out(lost)
    return Page(items, rest, tuple(lost))


def readable(rows: Iterable[Row], read: Callable[[Row], T], *, key: str = "key") -> Iterator[T]:
    """Those rows that can be read, as they come."""
    for row in rows:
        yield from page_of([row], None, read, key=key).items
