"""Compare a day: our payouts against the provider's statuses and its account, line by line.

Both answers are laid out on a workbench and held together in the order of payout ids, so that
memory stays flat and the position says where to go on. Rows that agree cost no read; whatever is
heard or found is decided on the payout as its key shows it then. Again changes nothing.
"""

from __future__ import annotations

import heapq
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.account_day import Reading
from chalicelib.domain.calendar import days, sydney_date
from chalicelib.domain.comparison import fits
from chalicelib.domain.night import Stage
from chalicelib.usecases.account import explain_account
from chalicelib.usecases.figures import Figures
from chalicelib.usecases.pairs import Desk, settle_pair

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from chalicelib.domain.account_day import Attempt
    from chalicelib.domain.night import Reconciliation, Sighting
    from chalicelib.ports import (
        AccountChecks,
        Changes,
        Clock,
        DayBook,
        Findings,
        Payouts,
        Receipts,
        Workbench,
    )

    Pair = tuple[str, Sighting | None, Sequence[Attempt]]
    Save = Callable[[Reconciliation], Reconciliation]

# Payouts between two checkpoints; one that had to be read counts as so many.
CHECKPOINT = 50_000
DEAR = 100
# Payouts between two looks at the clock.
A_FEW = 200
# Seconds kept back for handing the night on.
RESERVE = 20.0
# Seconds that the provider may take for one of its two answers.
LONGEST_READING = 240.0
# The position once every payout was held: after every id.
ALL_HELD = "~"


def compare_day(
    night: Reconciliation,
    *,
    before: Reconciliation | None,
    changes: Changes,
    payouts: Payouts,
    receipts: Receipts,
    checks: AccountChecks,
    findings: Findings,
    day_book: DayBook,
    workbench: Workbench,
    clock: Clock,
    time_left: Callable[[], float],
    save: Save,
) -> Reconciliation:
    """The night with the day compared, or with the position from which on it is to go on.

    `before` is the night before, whose closing balance was kept. `save` keeps a checkpoint, and
    gives the night as it was kept.

    Raises:
        ProviderUnavailable: the day cannot be read; nothing is concluded from a part of it.
        StoreUnavailable: again is safe.
        Stale: somebody else works on this night.
    """
    try:
        began = clock.now()
        reading = _read(night.day, day_book, receipts, workbench, clock, time_left)
        desk = Desk(
            reading=reading, began=began, payouts=payouts, receipts=receipts, findings=findings,
            clock=clock, workbench=workbench, figures=Figures.of(night),
        )  # fmt: skip
        night = _hold_all(night, desk, changes=changes, time_left=time_left, save=save)
        if night.position != ALL_HELD or time_left() < RESERVE:
            return night
        return replace(explain_account(night, before, desk, receipts, checks), stage=Stage.ATTESTED)
    finally:
        workbench.close()


def _read(
    day: date,
    day_book: DayBook,
    receipts: Receipts,
    workbench: Workbench,
    clock: Clock,
    time_left: Callable[[], float],
) -> Reading:
    """Lay out both answers of the provider, and the receipts: a day on either side, but no future.

    Raises:
        ProviderUnavailable: they cannot be read to their end.
    """
    first = day - timedelta(days=1)
    last = min(day + timedelta(days=1), sydney_date(clock.now()))
    within = min(time_left() - RESERVE, LONGEST_READING)
    workbench.lay_told(day_book.statuses(first, last, within=within))
    within = min(time_left() - RESERVE, LONGEST_READING)
    workbench.lay_lines(day_book.lines(first, last, within=within))
    workbench.lay_receipts(receipts.of_days(first - timedelta(days=1), last))
    return Reading(day, first, last, workbench.has_fees())


def _hold_all(
    night: Reconciliation,
    desk: Desk,
    *,
    changes: Changes,
    time_left: Callable[[], float],
    save: Save,
) -> Reconciliation:
    """Hold payout after payout, as far as the time reaches; the night as it is then."""
    if night.position == ALL_HELD:
        return night
    held = since = 0
    for payout_id, ours, attempts in _paired(changes, desk, after=night.position):
        agrees = ours is not None and fits(ours, attempts, desk.reading)
        if ours is not None and agrees:
            desk.figures.count(ours, attempts, desk.reading, agrees=True)
        else:
            settle_pair(payout_id, attempts, desk)
        held, since = held + 1, since + (1 if agrees else DEAR)
        if agrees and held % A_FEW:
            continue
        if time_left() < RESERVE:
            return desk.figures.on(night, payout_id)
        if since >= CHECKPOINT:
            night, since = save(desk.figures.on(night, payout_id)), 0
    return desk.figures.on(night, ALL_HELD)


def _paired(changes: Changes, desk: Desk, *, after: str) -> Iterator[Pair]:
    """Both sides of every payout that either knows of, by ascending id."""
    last = sydney_date(desk.began)
    seen = _merged([changes.of_day(day, after=after) for day in days(desk.reading.first, last)])
    told = _grouped(desk.workbench.attempts(after=after))
    ours, theirs = next(seen, None), next(told, None)
    while ours is not None or theirs is not None:
        own = ours.transaction_id if ours is not None else ALL_HELD
        other = theirs[0].payout_id if theirs is not None else ALL_HELD
        if own < other:
            yield own, ours, ()
            ours = next(seen, None)
        elif own > other:
            yield other, None, theirs or ()
            theirs = next(told, None)
        else:
            yield own, ours, theirs or ()
            ours, theirs = next(seen, None), next(told, None)


def _merged(dates: Sequence[Iterator[Sighting]]) -> Iterator[Sighting]:
    """The sightings of several dates by ascending id; one that moved meanwhile is seen once."""
    before = None
    for ours in heapq.merge(*dates, key=lambda each: each.transaction_id):
        if before is not None and before.transaction_id != ours.transaction_id:
            yield before
        before = ours
    if before is not None:
        yield before


def _grouped(attempts: Iterable[Attempt]) -> Iterator[list[Attempt]]:
    """The attempts of one payout together."""
    group: list[Attempt] = []
    for each in attempts:
        if group and group[0].payout_id != each.payout_id:
            yield group
            group = []
        group.append(each)
    if group:
        yield group
