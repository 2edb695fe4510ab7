"""Put payouts that have rested long enough into the archive, and let their steps go from the table.

In this order, and each step again without harm: the object, its manifest, the object read back and
held against its name, then of each payout the small row, and only then a time to go for its steps.
Killed anywhere it goes on where it was. A payout that hears something in between stays as it is:
that takes it to the sweep of another day.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.archive import (
    BATCH,
    FIRST_LOOK,
    GRACE,
    LINES,
    MANIFEST,
    Archived,
    Sweep,
    archived,
    is_ripe,
    last_ripe_day,
    manifest,
    manifest_of,
    name_of,
    read,
    shrunk,
    written,
)
from chalicelib.domain.errors import Corrupt, Stale
from chalicelib.domain.payout import OPEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.night import Sighting
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Archive, Changes, Clock, Payouts, Sweeps

# Seconds that one payout, or an object and its manifest, may need at the worst.
RESERVE = 20.0


class _Run:
    """The ports of one run, and what it has done."""

    def __init__(
        self,
        payouts: Payouts,
        changes: Changes,
        archive: Archive,
        sweeps: Sweeps,
        clock: Clock,
        time_left: Callable[[], float],
    ) -> None:
        self.payouts = payouts
        self.changes = changes
        self.archive = archive
        self.sweeps = sweeps
        self.clock = clock
        self.time_left = time_left
        self.told: Counter[str] = Counter()


def sweep(
    *,
    payouts: Payouts,
    changes: Changes,
    archive: Archive,
    sweeps: Sweeps,
    after_days: int,
    clock: Clock,
    time_left: Callable[[], float],
) -> Counter[str]:
    """Archive what is ripe, as far as time allows; counts what became of the payouts.

    Raises:
        ArchiveUnavailable, StoreUnavailable: it goes on next time.
        Corrupt: an object is not what was written: nothing goes on before a person has looked.
    """
    last = last_ripe_day(clock.now(), after_days)
    run = _Run(payouts, changes, archive, sweeps, clock, time_left)
    at = sweeps.get() or Sweep(last - FIRST_LOOK)
    # Where another one sweeps, it has it.
    with suppress(Stale):
        while at.day <= last and time_left() > RESERVE:
            at = _settled(at, run) if at.unsettled else _gathered(at, run)
    return +run.told


def _gathered(at: Sweep, run: _Run) -> Sweep:
    """The next object of the day, written and to be settled; or on to the next day."""
    lines, after, ended = _lines(at, run)
    if lines:
        content = written(lines)
        name = name_of(at.day, content)
        run.archive.put(name, content, kind=LINES)
        run.archive.put(manifest_of(name), manifest(name, content, lines), kind=MANIFEST)
        run.told["objects"] += 1
        return run.sweeps.save(replace(at, after=after, unsettled=name))
    if not ended:
        return run.sweeps.save(replace(at, after=after))
    return run.sweeps.save(replace(at, day=at.day + timedelta(days=1), after=""))


def _lines(at: Sweep, run: _Run) -> tuple[list[Archived], str, bool]:
    """Lines of ripe payouts, the last id looked at, and whether the day is at its end."""
    lines: list[Archived] = []
    after = at.after
    for sighting in run.changes.of_day(at.day, after=after):
        if len(lines) == BATCH or run.time_left() <= RESERVE:
            return lines, after, False
        after = sighting.transaction_id
        line = _line(after, at, run) if _may_rest(sighting) else None
        lines += [line] if line else []
    return lines, after, True


def _may_rest(sighting: Sighting) -> bool:
    """Whether it is worth reading: the index may lag, but what is over stays over."""
    return sighting.status not in OPEN and not sighting.needs_person


def _line(transaction_id: str, at: Sweep, run: _Run) -> Archived | None:
    """The line of a payout, by its key; one that is damaged costs itself only."""
    try:
        payout = run.payouts.get(transaction_id)
        if payout is None or not is_ripe(payout, at.day):
            return None
        return archived(payout, run.payouts.steps(transaction_id))
    except Corrupt:
        run.told["corrupt"] += 1
        return None


def _settled(at: Sweep, run: _Run) -> Sweep:
    """All payouts of an object know it, for it has been read back and is whole."""
    name = at.unsettled
    for line in read(name, run.archive.get(name)):
        if run.time_left() <= RESERVE:
            return at
        _settle(line, name, run)
    return run.sweeps.save(replace(at, unsettled=""))


def _settle(line: Archived, name: str, run: _Run) -> None:
    """One payout becomes small, if it still is as the object says, and its steps may go."""
    try:
        payout = run.payouts.get(line.transaction_id)
        if payout is None or name not in payout.archives:
            _shrink(payout, line, name, run)
        at = run.clock.now() + GRACE
        run.payouts.expire_steps(line.transaction_id, line.steps, at=at)
    except Stale:
        run.told["moved_on"] += 1
    except Corrupt:
        run.told["corrupt"] += 1


def _shrink(payout: Payout | None, line: Archived, name: str, run: _Run) -> None:
    """Put the small payout in its place.

    Raises:
        Stale: it has heard something since the object was written.
    """
    if payout is None or payout.last_hash != line.last_hash:
        raise Stale("It is not what the object says any more.")
    run.payouts.shrink(payout, shrunk(payout, name))
    run.told["archived"] += 1
