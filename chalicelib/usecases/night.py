"""A night: one Sydney day through its stages, each done whole or gone on with where it stopped.

Who runs it, and how often, does not matter: what was done is saved by version, and whoever lost a
race leaves it to the other. Refuses to judge a day that cannot be read: with the provider's gate
closed, or no answer from it, the night stays unfinished.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from operator import methodcaller
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Fault, PayoutError, RuleBroken, Stale, StoreUnavailable
from chalicelib.domain.night import Reconciliation, Stage
from chalicelib.usecases.ask_open import ask_open
from chalicelib.usecases.attest import attest
from chalicelib.usecases.reconcile import compare_day
from chalicelib.usecases.report import write_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from chalicelib.domain.agenda import Agenda
    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.patience import Patience
    from chalicelib.ports import (
        AccountChecks,
        Archive,
        Changes,
        Clock,
        DayBook,
        Findings,
        Gate,
        Herald,
        Nights,
        Payouts,
        Provider,
        Receipts,
        Signer,
        Workbench,
    )

# Who begins a night that nobody asked for.
SCHEDULE = "schedule"
# Seconds: with less left no stage is begun.
LEAST = 10.0
# Days that a night may lie back: the provider tells of no more than some months.
FARTHEST = timedelta(days=60)
# Lost races in a row that are no race any more.
TRIES = 10
# Stages that ask the provider.
ASKING = frozenset({Stage.OPEN, Stage.COMPARED})
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Means:
    """What a night works with. `workbench` gives a new one each time."""

    payouts: Payouts
    changes: Changes
    nights: Nights
    day_book: DayBook
    receipts: Receipts
    checks: AccountChecks
    findings: Findings
    provider: Provider
    gate: Gate
    archive: Archive
    signer: Signer
    herald: Herald
    clock: Clock
    calendar: Calendar
    patience: Patience
    workbench: Callable[[], Workbench]


def work(*, hour: int, means: Means, time_left: Callable[[], float]) -> Counter[str]:
    """Go on with the night that is due, if any is; counts what became of it.

    One night is ended at the most. One that cannot go on hinders none; defects are raised last.
    """
    told: Counter[str] = Counter()
    defect: Exception | None = None
    agenda = means.nights.agenda()
    for day in agenda.due(means.clock.now(), hour=hour):
        try:
            night = means.nights.get(day)
            was_over = night is not None and night.is_over
            if agenda.through is None and not was_over:
                # Else, should it not come to its end today, nobody would know of it tomorrow.
                _arrange(means.nights, methodcaller("begun", day))
            night = night or _begin(day, 1, SCHEDULE, means)
            night = go_on(night, means=means, time_left=time_left, told=told)
        except PayoutError as error:
            told[error.code] += 1
            continue
        except Exception as error:  # noqa: BLE001 (raised below)
            told["defect"] += 1
            defect = defect or error
            continue
        if night.is_over and not was_over:
            break
    if defect is not None:
        raise defect
    return told


def start(day: date, *, by: str, means: Means) -> Reconciliation:
    """Begin a run of a date, or another; the one that is unfinished where there is such a one.

    Raises:
        RuleBroken: the day is not over, or lies too far back.
    """
    _refuse_unfit(day, sydney_date(means.clock.now()))
    # On the agenda first: whatever becomes of us, the schedule finishes what is begun.
    _arrange(means.nights, lambda agenda: agenda.asked(day))
    night = means.nights.get(day)
    if night is None or night.is_over:
        night = _begin(day, night.run + 1 if night else 1, by, means)
        # The schedule may have found the run before over, and struck the date out.
        _arrange(means.nights, lambda agenda: agenda.asked(day))
    return night


def go_on(
    night: Reconciliation,
    *,
    means: Means,
    time_left: Callable[[], float],
    told: Counter[str] | None = None,
) -> Reconciliation:
    """Bring a run as far as time and the provider allow; as it is then stored.

    Raises:
        Stale: somebody else has it.
        Unavailable: something that it needs does not answer; again goes on from there.
    """
    told = Counter() if told is None else told
    if not night.is_over:
        if night.held_until is not None and night.held_until > means.clock.now():
            told["held"] += 1
            return night
        if time_left() < LEAST:
            return night
        night = _Run(night, means, time_left, told).go()
    if night.is_over:
        _arrange(means.nights, lambda agenda: agenda.done(night.day))
    return night


class _Run:
    """A run in the hands of one runner: `night` is as last stored."""

    def __init__(
        self, night: Reconciliation, means: Means, time_left: Callable[[], float],
        told: Counter[str],
    ) -> None:  # fmt: skip
        self.night, self.means, self.time_left, self.told = night, means, time_left, told

    def save(self, night: Reconciliation) -> Reconciliation:
        """Keep it in the place of the version that it was.

        Raises:
            Stale: somebody else has written it.
        """
        after = replace(night, version=night.version + 1)
        self.means.nights.save(after)
        self.night = after
        return after

    def go(self) -> Reconciliation:
        """Stage by stage, until it is over or cannot go on."""
        if self._is_shut_out():
            return self.night
        now, left = self.means.clock.now(), self.time_left()
        self.save(replace(self.night, held_until=now + timedelta(seconds=left)))
        try:
            self._stages()
        except Exception:
            # Where somebody else has written it, the hold is theirs, and stays.
            with suppress(PayoutError):
                self._let_go()
            raise
        if not self.night.is_over:
            self.told["handed_on"] += 1
            self._let_go()
        return self.night

    def _stages(self) -> None:
        while True:
            stage = self.night.stage
            self._bring_on()
            if self.night.stage is stage:
                return  # it has to wait, or time is short
            self.told[stage.value] += 1
            if self.night.is_over or self.time_left() < LEAST or self._is_shut_out():
                return

    def _is_shut_out(self) -> bool:
        """Whether it would have to ask a provider that nobody may ask now."""
        if self.night.stage in ASKING and self.means.gate.closed():
            self.told["gate_closed"] += 1
            return True
        return False

    def _bring_on(self) -> None:
        match self.night.stage:
            case Stage.OPEN:
                self._ask()
            case Stage.COMPARED:
                self._compare()
            case Stage.ATTESTED:
                self._attest()
            case _:
                self._report()

    def _ask(self) -> None:
        means = self.means
        ask_open(
            self.night, payouts=means.payouts, provider=means.provider, clock=means.clock,
            calendar=means.calendar, patience=means.patience, time_left=self.time_left,
            save=self.save,
        )  # fmt: skip

    def _compare(self) -> None:
        means = self.means
        runs = means.nights.runs(self.night.day - DAY)
        before = next((each for each in reversed(runs) if each.closing is not None), None)
        self.save(compare_day(
            self.night, before=before, changes=means.changes, payouts=means.payouts,
            receipts=means.receipts, checks=means.checks, findings=means.findings,
            day_book=means.day_book, workbench=means.workbench(), clock=means.clock,
            time_left=self.time_left, save=self.save,
        ))  # fmt: skip

    def _attest(self) -> None:
        means = self.means
        attest(
            self.night, changes=means.changes, payouts=means.payouts, nights=means.nights,
            archive=means.archive, signer=means.signer, clock=means.clock,
            time_left=self.time_left, save=self.save,
        )  # fmt: skip

    def _report(self) -> None:
        means, night = self.means, self.night
        heard = write_report(
            night, findings=means.findings, archive=means.archive, herald=means.herald,
            clock=means.clock,
        )  # fmt: skip
        counts = {**night.counts, **({} if heard else {"untold": 1})}
        self.save(replace(
            night, stage=Stage.DONE, counts=counts, ended_at=means.clock.now(), held_until=None,
        ))  # fmt: skip

    def _let_go(self) -> None:
        self.save(replace(self.night, held_until=None))


def _begin(day: date, run: int, by: str, means: Means) -> Reconciliation:
    """A new run; somebody else's, where they were faster."""
    night = Reconciliation(day, run, means.clock.now(), started_by=by)
    try:
        means.nights.save(night)
    except Stale:
        night = means.nights.get(day, run) or night
    return night


def _arrange(nights: Nights, change: Callable[[Agenda], Agenda]) -> None:
    """Change the agenda, on top of whatever others do to it.

    Raises:
        StoreUnavailable: whether it is changed is not known; again is safe.
    """
    for _ in range(TRIES):
        agenda = nights.agenda()
        changed = change(agenda)
        if changed == agenda:
            return
        with suppress(Stale):
            nights.arrange(changed)
            return
    raise StoreUnavailable("too many others write the agenda")


def _refuse_unfit(day: date, today: date) -> None:
    if day >= today:
        fault = Fault("/date", "not_over", "must be a day that is over in Sydney")
        raise RuleBroken([fault], "That day is not over.")
    if today - day > FARTHEST:
        fault = Fault("/date", "too_old", f"must be within the last {FARTHEST.days} days")
        raise RuleBroken([fault], "That day lies too far back.")
