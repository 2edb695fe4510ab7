"""Money that comes in, and its allocation by hand: each receipt and each credit happens once."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.errors import (
    Contradiction,
    Fault,
    KeyTaken,
    RuleBroken,
    Stale,
    StoreUnavailable,
)
from chalicelib.domain.funding import Credit, Receipt
from chalicelib.domain.funding import credit as credit_entry
from chalicelib.domain.funding import receive as receive_entry
from chalicelib.domain.identifiers import derived_id

if TYPE_CHECKING:
    from chalicelib.domain.money import Money
    from chalicelib.domain.notices import Notice
    from chalicelib.ports import Clock, Treasury

TRIES = 20


class Outcome(StrEnum):
    """What became of money that a webhook told of."""

    RECEIVED = "received"
    NOTHING_NEW = "nothing_new"  # it was banked before
    IS_A_RETURN = "is_a_return"  # a payout has it: it came back, and was not received


@dataclass(frozen=True, slots=True)
class Given:
    """A credit, and whether it was given before."""

    credit: Credit
    replayed: bool


def bank(
    receipt: Receipt, *, treasury: Treasury, notice: Notice | None = None, doubtful: bool = False
) -> Outcome:
    """Put received money into the unallocated, once, unless a payout has it as its return.

    `doubtful` looks first whether it was received before, where that is likely. The notice is
    written with what is received, and with nothing else.

    Raises:
        Contradiction: another amount was received under the same id.
        StoreUnavailable: it may or may not be written; again is safe.
    """
    if doubtful and _known(receipt, treasury):
        return Outcome.NOTHING_NEW
    for _ in range(TRIES):
        try:
            treasury.write(receive_entry(treasury.funds(), receipt), notice=notice)
        except Stale:
            if _known(receipt, treasury):
                return Outcome.NOTHING_NEW
            if treasury.came_back(receipt):
                return Outcome.IS_A_RETURN
            continue
        return Outcome.RECEIVED
    raise StoreUnavailable("too many others write the funds")


def _known(receipt: Receipt, treasury: Treasury) -> bool:
    before = treasury.received(receipt.receipt_id)
    if before not in {None, receipt.amount}:
        raise Contradiction("received", "received", "another amount under the same id")
    return before is not None


def give_credit(
    customer_id: str,
    amount: Money,
    *,
    reason: str,
    key: str,
    by: str,
    request_id: str,
    treasury: Treasury,
    clock: Clock,
) -> Given:
    """Allocate unallocated money to a customer, once for each key.

    Raises:
        NotFound: no such customer.
        RuleBroken: more than is unallocated, or the key was used for another credit.
        KeyTaken: the key is somebody else's.
        StoreUnavailable: it may or may not be written; the same key is safe to use again.
    """
    credit = Credit(
        derived_id("credit", key), customer_id, amount, reason, clock.now(), by, request_id
    )
    for _ in range(TRIES):
        # Before the look for the same key: else it could win in between, and its money be missed.
        funds = treasury.funds()
        before = treasury.credit(credit.credit_id)
        if before is not None:
            return _replay(before, credit)
        try:
            treasury.write(credit_entry(funds, credit))
        except Stale:
            continue
        return Given(credit, replayed=False)
    raise StoreUnavailable("too many others write the funds")


def same_credit(before: Credit, again: Credit) -> None:
    """Refuse a key that was used by somebody else, or for another credit.

    Raises:
        KeyTaken, RuleBroken: it was.
    """
    if before.created_by != again.created_by:
        raise KeyTaken("The idempotency key belongs to another principal's credit.")
    faults = [
        Fault(f"/{name}", "idempotency_key_reused", "differs from what the key was used for")
        for name in ("customer_id", "amount", "reason")
        if getattr(before, name) != getattr(again, name)
    ]
    if faults:
        raise RuleBroken(faults, "The idempotency key was used for another credit.")


def _replay(before: Credit, again: Credit) -> Given:
    same_credit(before, again)
    return Given(before, replayed=True)
