"""What a person says of a receipt: it is of that settlement, or it is explained otherwise.

A receipt is matched once, for ever; several may make up one settlement. What is over stays
unallocated. Moves no money by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import Conflict, NotFound, Stale
from chalicelib.domain.funding import movement_id
from chalicelib.domain.matching import with_receipt
from chalicelib.domain.receipts import State
from chalicelib.domain.settlement import Stage
from chalicelib.usecases.expect import existing as existing_settlement
from chalicelib.usecases.explain import explain_receipt

if TYPE_CHECKING:
    from chalicelib.domain.receipts import Banked
    from chalicelib.domain.settlement import Settlement
    from chalicelib.ports import Clock, Findings, Receipts, Settlements

TRIES = 10


def match(
    settlement_id: str,
    receipt_id: str,
    *,
    reason: str,
    by: str,
    receipts: Receipts,
    settlements: Settlements,
    findings: Findings,
    clock: Clock,
) -> Settlement:
    """Match an open receipt with a settlement on a person's word; again changes nothing.

    Raises:
        NotFound: no such settlement, or receipt.
        Conflict: the receipt is explained otherwise, or the settlement has come already.
        Stale: others change them again and again.
        StoreUnavailable: it may or may not be matched; again is safe.
    """
    for _ in range(TRIES):
        settlement = existing_settlement(settlements, settlement_id)
        banked = existing(receipts, receipt_id)
        if banked.settlement_id != settlement_id:
            _refuse_what_cannot_be(banked, settlement, receipts)
            after = with_receipt(settlement, banked)
            try:
                receipts.match(banked.said(by=by, reason=reason), after)
            except Stale:
                continue
            settlement = after
        explain_receipt(receipt_id, reason=reason, by=by, findings=findings, clock=clock)
        return settlement
    raise Stale("Too many others change this settlement.")


def close(
    receipt_id: str, *, reason: str, by: str, receipts: Receipts, findings: Findings, clock: Clock
) -> Banked:
    """Take a receipt off the list that a person can explain; the same again changes nothing.

    Its money stays where it is, unallocated.

    Raises:
        NotFound: no such receipt.
        Conflict: it is explained otherwise.
        StoreUnavailable: it may or may not be closed; again is safe.
    """
    banked = existing(receipts, receipt_id)
    if (banked.state, banked.closed_by, banked.reason) != (State.CLOSED, by, reason):
        if banked.state is not State.OPEN:
            raise Conflict("The receipt is explained already.")
        banked = banked.closed(by=by, reason=reason)
        receipts.close(banked, at=clock.now())
    explain_receipt(receipt_id, reason=reason, by=by, findings=findings, clock=clock)
    return banked


def existing(receipts: Receipts, receipt_id: str) -> Banked:
    """The receipt of that id.

    Raises:
        NotFound: there is none.
    """
    banked = receipts.get(receipt_id)
    if banked is None:
        raise NotFound("receipt")
    return banked


def _refuse_what_cannot_be(banked: Banked, settlement: Settlement, receipts: Receipts) -> None:
    if banked.state is not State.OPEN:
        raise Conflict("The receipt is explained already.")
    if settlement.stage is not Stage.EXPECTED:
        raise Conflict("Nothing more is expected of the settlement.")
    movement = receipts.movement(movement_id(banked.receipt_id))
    if movement is not None and movement.amount == banked.amount:
        raise Conflict("The receipt is a payout's return.")
