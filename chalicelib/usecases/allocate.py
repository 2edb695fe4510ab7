"""Allocate a settlement that has come: each of its rows becomes a customer's, once.

Some rows and the settlement's progress are one transaction, so an interruption anywhere leaves
whole rows, and whoever goes on knows from which. Never gives more than is unallocated, and no part
of a row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import Stale, StoreUnavailable
from chalicelib.domain.findings import Kind
from chalicelib.domain.funding import Credit
from chalicelib.domain.funding import allocate as entries_for
from chalicelib.domain.matching import settled, with_allocated
from chalicelib.domain.settlement import Stage
from chalicelib.usecases.explain import explain, explain_receipt, wonder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from chalicelib.domain.settlement import Settlement, Share
    from chalicelib.ports import Clock, Findings, Settlements, Treasury

# Rows of one transaction: three writes each, and DynamoDB takes a hundred.
AT_ONCE = 25
# Rows of one reading.
READ_AHEAD = 500
# Races in a row that are no race any more.
TRIES = 20
# Seconds that a transaction may need at the worst: with less left, none is begun.
RESERVE = 6.0


def allocate(
    settlement: Settlement,
    *,
    settlements: Settlements,
    treasury: Treasury,
    findings: Findings,
    clock: Clock,
    time_left: Callable[[], float],
) -> Settlement:
    """Go on with the rows of a settlement that has come, as far as money and time reach.

    Raises:
        NotFound: a row's customer does not exist.
        StoreUnavailable: some rows may or may not be allocated; again goes on from there.
    """
    rows: list[Share] = []
    funds, lost = treasury.funds(), 0
    while settlement.stage is Stage.ALLOCATING and settlement.allocated_rows < settlement.shares:
        if time_left() < RESERVE:
            return settlement
        first = settlement.allocated_rows + 1
        rows = [row for row in rows if row.row >= first]
        rows = rows or list(settlements.shares(settlement, first=first, most=READ_AHEAD))
        entries = entries_for(funds, _credits(settlement, rows[:AT_ONCE], clock.now()))
        if not entries:
            before, funds = (settlement, funds), treasury.funds()
            settlement = settlements.get(settlement.settlement_id) or settlement
            if (settlement, funds) != before:
                continue  # what was seen is old: somebody else may have allocated these rows
            return _tell_short(settlement, rows[0], settlements, findings, clock)
        after = with_allocated(settlement, len(entries))
        try:
            treasury.write(*entries, settlement=after)
            settlement, funds, lost = after, entries[-1].after, 0
        except Stale:
            lost += 1
            if lost > TRIES:
                raise StoreUnavailable("too many others write the funds") from None
            funds = treasury.funds()
            settlement = settlements.get(settlement.settlement_id) or settlement
    if settlement.stage is not Stage.ALLOCATING:
        return settlement
    return _end(settlement, settlements, findings, clock)


def _credits(settlement: Settlement, rows: Sequence[Share], now: datetime) -> list[Credit]:
    return [
        Credit(
            settlement.credit_id(each.row), each.customer_id, each.amount,
            f"settlement {settlement.reference}", now, settlement.created_by,
        )
        for each in rows
    ]  # fmt: skip


def _tell_short(
    settlement: Settlement, row: Share, settlements: Settlements, findings: Findings, clock: Clock
) -> Settlement:
    """The amount in question is that of the row that is not covered."""
    wonder(
        Kind.ALLOCATION_SHORT, settlement.settlement_id, row.amount, detail=f"row_{row.row}",
        findings=findings, clock=clock,
    )  # fmt: skip
    now = settlements.get(settlement.settlement_id) or settlement
    if now.stage is not Stage.ALLOCATING:
        # It was covered and ended while this was told; whoever ended it did not see the finding.
        _explain_short(now, findings, clock)
    return now


def _explain_short(settlement: Settlement, findings: Findings, clock: Clock) -> None:
    explain(
        (Kind.ALLOCATION_SHORT,), settlement.settlement_id, reason="covered",
        findings=findings, clock=clock,
    )  # fmt: skip


def _end(
    settlement: Settlement, settlements: Settlements, findings: Findings, clock: Clock
) -> Settlement:
    """End it, after what it explains: so an interruption leaves nothing unexplained."""
    _explain_short(settlement, findings, clock)
    explain(
        (Kind.SETTLEMENT_OVERDUE,), settlement.settlement_id, reason="received",
        findings=findings, clock=clock,
    )  # fmt: skip
    for receipt_id in settlement.receipts:
        explain_receipt(receipt_id, reason="matched", findings=findings, clock=clock)
    after = settled(settlement)
    try:
        settlements.write(after, version=settlement.version)
    except Stale:
        # Whoever was faster has done the same.
        return settlements.get(settlement.settlement_id) or settlement
    return after
