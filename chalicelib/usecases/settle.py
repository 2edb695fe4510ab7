"""Match what has come in with what was expected, and allocate what is matched.

Every step is a conditional write, and each can be the last before an interruption: whoever comes
next goes on. A receipt is matched once, for ever, by what it names and to the cent, or by a person.
What does not fit stays unallocated, before a person.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Corrupt, PayoutError, Stale
from chalicelib.domain.findings import Kind
from chalicelib.domain.funding import movement_id
from chalicelib.domain.matching import is_overdue, judge, with_receipt
from chalicelib.domain.receipts import State
from chalicelib.domain.settlement import Stage
from chalicelib.usecases.allocate import allocate
from chalicelib.usecases.explain import explain, explain_receipt, wonder
from chalicelib.usecases.returns import OTHER_AMOUNT, follow_returns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from chalicelib.domain.matching import Verdict
    from chalicelib.domain.receipts import Banked
    from chalicelib.domain.settlement import Settlement
    from chalicelib.ports import Clock, Findings, Receipts, Settlements, Treasury

# Seconds that one receipt may need at the worst: with less left, none is begun.
RESERVE = 5.0
# Settled settlements that are looked through for one that came twice: the newest.
ENDED, PAGE = 500, 100


@dataclass(frozen=True, slots=True)
class _Run:
    """The ports of one run, and its counts."""

    receipts: Receipts
    settlements: Settlements
    treasury: Treasury
    findings: Findings
    clock: Clock
    told: Counter[str]

    def each(self, deeds: Iterable[Callable[[], object]], time_left: Callable[[], float]) -> None:
        """Do one after the other while there is time; one's trouble costs only itself."""
        for deed in deeds:
            if time_left() < RESERVE:
                self.told["left_for_next_time"] += 1
                return
            try:
                deed()
            except PayoutError as error:
                self.told[error.code] += 1
            except Corrupt:
                self.told["corrupt"] += 1


def settle(
    *,
    receipts: Receipts,
    settlements: Settlements,
    treasury: Treasury,
    findings: Findings,
    clock: Clock,
    time_left: Callable[[], float],
) -> Counter[str]:
    """One run over what is open; counts what became of it, and what went wrong by its code."""
    told: Counter[str] = Counter()
    run = _Run(receipts, settlements, treasury, findings, clock, told)
    # Returns first: what is one must not be matched as a receipt.
    phases = [partial(_follow_all, run, time_left), partial(_settle_all, run, time_left)]
    run.each(phases, time_left)
    return +told


def _follow_all(run: _Run, time_left: Callable[[], float]) -> None:
    run.told.update(follow_returns(
        receipts=run.receipts, treasury=run.treasury, findings=run.findings, clock=run.clock,
        time_left=time_left,
    ))  # fmt: skip


def _settle_all(run: _Run, time_left: Callable[[], float]) -> None:
    known = _Known(run.settlements)
    # What cannot be listed of the one is no trouble of the other.
    run.each([partial(_attend_all, known, run, time_left)], time_left)
    run.each([partial(_go_on, each, run, time_left) for each in known.open], time_left)


def _attend_all(known: _Known, run: _Run, time_left: Callable[[], float]) -> None:
    run.each((partial(_attend, each, known, run) for each in run.receipts.open()), time_left)


class _Known:
    """The settlements of one run; those that have ended are looked up where one asks for them."""

    def __init__(self, settlements: Settlements) -> None:
        self._settlements = settlements
        self.open = list(settlements.open())
        self._settled: list[Settlement] | None = None

    def became(self, after: Settlement) -> None:
        """Know a settlement as it is after a match."""
        self.open = [
            after if each.settlement_id == after.settlement_id else each for each in self.open
        ]

    @property
    def settled(self) -> Sequence[Settlement]:
        """Settled ones, the newest so many."""
        if self._settled is None:
            self._settled, position = [], None
            for _ in range(ENDED // PAGE):
                page = self._settlements.page(limit=PAGE, position=position)
                self._settled += [each for each in page.items if each.stage is Stage.SETTLED]
                position = page.position
                if position is None:
                    break
        return self._settled


def _attend(banked: Banked, known: _Known, run: _Run) -> None:
    """Match a receipt, or wonder at it; what was wondered at before costs nothing."""
    verdict = judge(banked.receipt, known.open)
    if verdict.kind is Kind.RECEIPT_UNKNOWN and not banked.noted:
        verdict = judge(banked.receipt, known.open, known.settled)
    if verdict.kind in banked.noted or (verdict.kind is Kind.RECEIPT_UNKNOWN and banked.noted):
        return
    movement = run.receipts.movement(movement_id(banked.receipt_id))
    if movement is not None and movement.amount == banked.amount:
        # It waits to be taken back.
        return
    if movement is not None:
        _wonder(Kind.UNFIT_NEWS, banked, run, detail=OTHER_AMOUNT)
    if verdict.settlement is None:
        _note(banked, verdict, run)
        return
    if verdict.late and _now(banked, run):
        _wonder(Kind.RECEIPT_LATE, banked, run, about=verdict.settlement.settlement_id)
    after = with_receipt(verdict.settlement, banked)
    run.receipts.match(banked, after)
    known.became(after)
    run.told["receipts_matched"] += 1
    _explain(banked, "matched", run)


def _note(banked: Banked, verdict: Verdict, run: _Run) -> None:
    """Open the finding that a receipt is, unless it was explained since it was listed."""
    now = _now(banked, run)
    if verdict.kind is None or now is None:
        return
    _wonder(verdict.kind, banked, run, detail=verdict.detail, about=verdict.about)
    try:
        run.receipts.note(now, verdict.kind)
    except Stale:
        # It was explained while it was wondered at.
        _explain(banked, "explained", run)
    else:
        run.told[str(verdict.kind)] += 1


def _now(banked: Banked, run: _Run) -> Banked | None:
    """The receipt as it is now, if it is open still: the list may lag."""
    now = run.receipts.get(banked.receipt_id)
    return now if now is not None and now.state is State.OPEN else None


def _wonder(kind: Kind, banked: Banked, run: _Run, *, detail: str = "", about: str = "") -> None:
    wonder(
        kind, banked.receipt_id, banked.amount, detail=detail, about=about, findings=run.findings,
        clock=run.clock,
    )  # fmt: skip


def _explain(banked: Banked, reason: str, run: _Run) -> None:
    explain_receipt(banked.receipt_id, reason=reason, findings=run.findings, clock=run.clock)


def _go_on(settlement: Settlement, run: _Run, time_left: Callable[[], float]) -> None:
    """What is due of a settlement: to be missed, or to be allocated."""
    if is_overdue(settlement, sydney_date(run.clock.now())):
        _miss(settlement, run)
    if settlement.stage is not Stage.ALLOCATING:
        return
    after = allocate(
        settlement, settlements=run.settlements, treasury=run.treasury, findings=run.findings,
        clock=run.clock, time_left=time_left,
    )  # fmt: skip
    run.told["rows_allocated"] += after.allocated_rows - settlement.allocated_rows
    run.told["settlements_settled"] += after.stage is Stage.SETTLED


def _miss(settlement: Settlement, run: _Run) -> None:
    """Put it before a person that nothing has come; unless something has, and the list lags."""
    wonder(
        Kind.SETTLEMENT_OVERDUE, settlement.settlement_id, settlement.amount,
        findings=run.findings, clock=run.clock,
    )  # fmt: skip
    now = run.settlements.get(settlement.settlement_id)
    if now is not None and not is_overdue(now, sydney_date(run.clock.now())):
        # Whoever matched or withdrew it did not see the finding.
        explain(
            (Kind.SETTLEMENT_OVERDUE,), settlement.settlement_id, reason="not_missed_any_more",
            findings=run.findings, clock=run.clock,
        )  # fmt: skip
