"""Where the payouts of a Sydney day had come to at its end, some at a time in the order of ids.

A payout that changed again since stands in the partition of a later date, with a mark of its eve.
Days are read one after the other, the earliest first: a payout only ever moves to a later one, so
one that moves in between is met where it moves to. Only what moved on twice costs a read by key.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.domain.attestation import Leaf
from chalicelib.domain.calendar import days, sydney_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date, datetime

    from chalicelib.domain.night import Sighting
    from chalicelib.ports import Changes, Payouts, Recorded

# Who reads a moment before midnight has to look into the next day as well.
_AHEAD = timedelta(hours=1)


class OutOfTime(Exception):
    """What is left of the time is too little for it; nothing was done."""


class Some(NamedTuple):
    """Leaves by ascending id. `until` is the id that they reach to; empty: there are no more."""

    leaves: list[Leaf]
    until: str


def leaves_after(
    after: str, day: date, *, now: datetime, most: int, changes: Changes, payouts: Payouts,
    hurry: Callable[[], None],
) -> Some:  # fmt: skip
    """The leaves of a day that follow an id: out of at most so many rows of each date since.

    `hurry` is called before each read, and raises `OutOfTime` where it is too late for one.

    Raises:
        OutOfTime: as said.
        StoreUnavailable: the store does not answer.
    """
    found: dict[str, Leaf] = {}
    until = ""
    for on in days(day, sydney_date(now + _AHEAD)):
        hurry()
        read = 0
        for sighting in islice(changes.of_day(on, after=after), most):
            if until and sighting.transaction_id > until:
                break
            leaf = _leaf(sighting, day, payouts, hurry)
            if leaf is not None:
                found[leaf.transaction_id] = leaf
            read, last = read + 1, sighting.transaction_id
        if read == most:
            until = last
    ids = sorted(each for each in found if not until or each <= until)
    return Some([found[each] for each in ids], until)


def _leaf(
    sighting: Sighting, day: date, payouts: Payouts, hurry: Callable[[], None]
) -> Leaf | None:
    last, eve = sighting.last, sighting.eve
    for mark in (last, eve):
        if mark is not None and mark.on == day:
            return Leaf(sighting.transaction_id, mark.sequence, mark.hash)
    if sighting.created_on > day or (eve is not None and eve.on < day):
        return None
    # It moved on more than once since, or was written when no mark was kept.
    hurry()
    return _leaf_by_key(sighting.transaction_id, day, payouts.steps(sighting.transaction_id))


def _leaf_by_key(transaction_id: str, day: date, steps: Iterable[Recorded]) -> Leaf | None:
    """The last of the steps that fall on a day; what was told late falls on its elders' day."""
    found, on = None, None
    for step in steps:
        told = sydney_date(step.event.at)
        on = told if on is None else max(on, told)
        if on == day:
            found = Leaf(transaction_id, step.sequence, step.hash)
    return found
