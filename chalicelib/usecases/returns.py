"""Follow returns: money of ours that came back, and was told of as money received, too.

A payout that hears its return and a receipt that is banked meet in one row, whichever comes first;
so here it is known for certain whether that money is in the funds twice. If so it is taken out,
once, as soon as the unallocated cover it. A return without an id of its own (a dishonoured direct
credit has none) cannot be known again: its receipt stays a finding that a person explains.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from chalicelib.domain.errors import PayoutError, RuleBroken, Stale
from chalicelib.domain.findings import Kind
from chalicelib.domain.funding import TakenBack, take_back
from chalicelib.domain.receipts import Stage
from chalicelib.usecases.explain import explain, explain_receipt, wonder

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.receipts import Movement
    from chalicelib.ports import Clock, Findings, Receipts, Treasury

TRIES = 20
# Seconds that one return may need at the worst.
RESERVE = 5.0
OTHER_AMOUNT = "return_of_another_amount"
SEVERAL = "several_receipts_of_a_return"
MATCHED = "matched_before"
NOT_COVERED = "not_covered"


def follow_returns(
    *,
    receipts: Receipts,
    treasury: Treasury,
    findings: Findings,
    clock: Clock,
    time_left: Callable[[], float],
) -> Counter[str]:
    """Follow every return that was heard since; counts what became of them."""
    told: Counter[str] = Counter()
    for listed in receipts.returns():
        if time_left() < RESERVE:
            told["left_for_next_time"] += 1
            break
        try:
            told[_follow(listed.movement_id, receipts, treasury, findings, clock)] += 1
        except PayoutError as error:
            told[error.code] += 1
    return told


def _follow(
    movement_id: str, receipts: Receipts, treasury: Treasury, findings: Findings, clock: Clock
) -> str:
    """Follow one to its end, or as far as the money reaches; says how far it came."""
    movement = receipts.movement(movement_id)
    if movement is not None and movement.stage is Stage.HEARD and len(movement.same) == 1:
        if not _take_back(movement, receipts, treasury, findings, clock):
            return "return_not_covered"
        movement = receipts.movement(movement_id)
    if movement is None:
        return "return_followed"
    if movement.stage is Stage.TAKEN:
        _explain_taken(movement, receipts, findings, clock)
    elif movement.stage is Stage.HEARD:
        _wonder_at(movement, findings, clock)
    receipts.followed(movement, Stage.DONE)
    return "return_taken_back" if movement.stage is Stage.TAKEN else "return_followed"


def _take_back(
    movement: Movement, receipts: Receipts, treasury: Treasury, findings: Findings, clock: Clock
) -> bool:
    """Take the receipt that it was out of the funds; whether that is done, by whomever."""
    (receipt_id,) = movement.same
    back = TakenBack(
        movement.movement_id, receipt_id, movement.transaction_id, movement.amount, clock.now()
    )
    for _ in range(TRIES):
        funds = treasury.funds()
        now = receipts.movement(movement.movement_id)
        if now is None or now.stage is not Stage.HEARD:
            return True
        try:
            entry = take_back(funds, back)
        except RuleBroken:
            wonder(
                Kind.RETURN_ALLOCATED, receipt_id, movement.amount, detail=NOT_COVERED,
                findings=findings, clock=clock,
            )  # fmt: skip
            return False
        with suppress(Stale):
            treasury.write(entry)
            return True
    raise Stale("Too many others write the funds.")


def _explain_taken(
    movement: Movement, receipts: Receipts, findings: Findings, clock: Clock
) -> None:
    """What was wondered at is explained; but a settlement that it was matched with lacks it now."""
    for receipt_id in movement.same:
        banked = receipts.get(receipt_id)
        if banked is not None and banked.settlement_id:
            wonder(
                Kind.RETURN_ALLOCATED, receipt_id, movement.amount, detail=MATCHED,
                findings=findings, clock=clock,
            )  # fmt: skip
        else:
            explain(
                (Kind.RETURN_ALLOCATED,), receipt_id, reason="taken_back", findings=findings,
                clock=clock,
            )  # fmt: skip
        explain_receipt(receipt_id, reason="was_a_return", findings=findings, clock=clock)


def _wonder_at(movement: Movement, findings: Findings, clock: Clock) -> None:
    """Receipts of the return's id that nobody can call the return: a person has to."""
    why = SEVERAL if movement.same else OTHER_AMOUNT
    amounts = dict(movement.receipts)
    for receipt_id in movement.same or movement.others:
        wonder(
            Kind.UNFIT_NEWS, receipt_id, amounts[receipt_id], detail=why, findings=findings,
            clock=clock,
        )  # fmt: skip
