"""Expect money of the acquirer's, and say whose it will be; withdraw what was expected in error.

Stores a settlement whole or not at all: with one wrong row nothing of it is there. Moves no money.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import (
    Conflict,
    Fault,
    InvalidRequest,
    KeyTaken,
    NotFound,
    RuleBroken,
    Stale,
)
from chalicelib.domain.findings import Kind
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import total
from chalicelib.domain.settlement import Settlement, Share, Stage, first_too_many, with_shares
from chalicelib.usecases.explain import explain

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from chalicelib.domain.money import Money
    from chalicelib.ports import Clock, Customers, Findings, Settlements

TRIES = 10
# So many faults are told one by one.
MOST_FAULTS = 100


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a person expects. `due_on` is a Sydney date.

    `faults` are what is wrong with the form of its rows, `named` the customers of those rows, and
    `place` is where the rows stand in the request. In `faults` and `named` rows count from the
    header, which is row 1: there a share's row is one more than its own number.
    """

    due_on: date
    amount: Money
    reference: str
    shares: tuple[Share, ...] = ()
    faults: tuple[Fault, ...] = ()
    named: tuple[tuple[int, str], ...] = ()
    place: str = "/csv"


@dataclass(frozen=True, slots=True)
class Announced:
    """The settlement that an expectation became, and whether it was there before."""

    settlement: Settlement
    replayed: bool


def expect(
    asked: Expectation,
    *,
    key: str,
    by: str,
    settlements: Settlements,
    customers: Customers,
    clock: Clock,
) -> Announced:
    """Store what is expected, or find what the key made before.

    Raises:
        InvalidRequest: rows are malformed; whatever else is wrong with rows is told with it.
        RuleBroken: unknown customers, rows that come to more than the amount, all of them; or the
            key was used for something else.
        KeyTaken: the key is somebody else's.
        StoreUnavailable: whether it is stored is not known; the same key is safe to use again.
    """
    if asked.faults:
        raise InvalidRequest(_told(_row_faults(asked, customers), asked.place))
    new = Settlement(
        derived_id("settlement", key), asked.due_on, asked.amount, asked.reference,
        clock.now(), by,
    )  # fmt: skip
    new = with_shares(new, asked.shares)
    before = settlements.get(new.settlement_id)
    if before is not None:
        return _replay(before, new, asked.place)
    if faults := _row_faults(asked, customers):
        raise RuleBroken(_told(faults, asked.place), "Some of the rows cannot be allocated.")
    try:
        settlements.add(new, asked.shares)
    except Stale:
        return _replay(existing(settlements, new.settlement_id), new, asked.place)
    return Announced(new, replayed=False)


def existing(settlements: Settlements, settlement_id: str) -> Settlement:
    """The settlement of that id.

    Raises:
        NotFound: there is none.
    """
    settlement = settlements.get(settlement_id)
    if settlement is None:
        raise NotFound("settlement")
    return settlement


def allocated(settlement: Settlement, settlements: Settlements) -> Money:
    """What of it is the customers' already: the sum of the rows that are allocated."""
    if settlement.allocated_rows == settlement.shares:
        return settlement.shared
    rows = settlements.shares(settlement, first=1, most=settlement.allocated_rows)
    return total(share.amount for share in rows)


def withdraw(
    settlement_id: str,
    *,
    reason: str,
    by: str,
    settlements: Settlements,
    findings: Findings,
    clock: Clock,
) -> Settlement:
    """Expect it no longer, nor miss it; again changes nothing.

    Raises:
        NotFound: no such settlement.
        Conflict: money was matched with it.
        Stale: others change it again and again.
    """
    for _ in range(TRIES):
        before = existing(settlements, settlement_id)
        if before.stage is Stage.CANCELLED:
            _explain(before, findings, clock)
            return before
        if before.stage is not Stage.EXPECTED or before.receipts:
            raise Conflict("Money was matched with the settlement: it cannot be withdrawn.")
        after = replace(
            before, stage=Stage.CANCELLED, cancelled_at=clock.now(), cancelled_by=by,
            reason=reason, version=before.version + 1,
        )  # fmt: skip
        try:
            settlements.write(after, version=before.version)
        except Stale:
            continue
        _explain(after, findings, clock)
        return after
    raise Stale("Too many others change this settlement.")


def _explain(gone: Settlement, findings: Findings, clock: Clock) -> None:
    explain(
        (Kind.SETTLEMENT_OVERDUE,), gone.settlement_id, reason="withdrawn", by=gone.cancelled_by,
        findings=findings, clock=clock,
    )  # fmt: skip


def _row_faults(asked: Expectation, customers: Customers) -> list[Fault]:
    """All that is wrong with the rows: their form, their customers, their sum."""
    faults = list(asked.faults)
    named = [*asked.named, *((share.row + 1, share.customer_id) for share in asked.shares)]
    known = customers.known({customer_id for _, customer_id in named})
    faults += [
        Fault("", "unknown_customer", "is no customer", row=row, column="customer_id")
        for row, customer_id in named
        if customer_id not in known
    ]
    if beyond := first_too_many(asked.amount, asked.shares):
        why = "brings the sum of the rows above the settlement's amount"
        row = beyond.row + 1
        faults.append(Fault("", "rows_exceed_amount", why, row=row, column="amount"))
    return faults


def _told(faults: Iterable[Fault], place: str) -> list[Fault]:
    """The first of them by row, at their place, and how many more there are."""
    ordered = [
        replace(fault, pointer=place) for fault in sorted(faults, key=lambda each: each.row or 0)
    ]
    rest = len(ordered) - MOST_FAULTS
    more = [Fault(place, "too_many_errors", f"and {rest} more")] if rest > 0 else []
    return ordered[:MOST_FAULTS] + more


def _replay(before: Settlement, again: Settlement, place: str) -> Announced:
    if before.created_by != again.created_by:
        raise KeyTaken("The idempotency key belongs to another principal's settlement.")
    told = {
        "/date": before.due_on == again.due_on,
        "/amount": before.amount == again.amount,
        "/reference": before.reference == again.reference,
        place: before.digest == again.digest,
    }
    faults = [
        Fault(where, "idempotency_key_reused", "differs from what the key was used for")
        for where, same in told.items()
        if not same
    ]
    if faults:
        raise RuleBroken(faults, "The idempotency key was used for another settlement.")
    return Announced(before, replayed=True)
