"""The account's lines that are nobody's payout: receipts or checks explain them, or nothing does.

And the other way round: receipts that the account does not show, and a balance that does not
follow. Quick enough to be done whole, again if need be.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.check_debits import explained
from chalicelib.domain.comparison_of_account import (
    balance_differs,
    names_of,
    receipt_differs,
    unexplained,
)
from chalicelib.domain.funding import movement_id
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.receipt_pairs import by_amount, by_number
from chalicelib.domain.receipts import State

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from chalicelib.domain.account_check import AccountCheck
    from chalicelib.domain.account_day import Stranger
    from chalicelib.domain.night import Difference, Reconciliation
    from chalicelib.domain.receipts import Banked
    from chalicelib.ports import AccountChecks, Receipts
    from chalicelib.usecases.pairs import Desk


def explain_account(
    night: Reconciliation, before: Reconciliation | None, desk: Desk, receipts: Receipts,
    checks: AccountChecks,
) -> Reconciliation:  # fmt: skip
    """The night with its balances and sums; what is not explained is found.

    Raises:
        StoreUnavailable: again is safe.
    """
    day, left, received, checked = night.day, ZERO, ZERO, ZERO
    strangers, banked = list(desk.workbench.strangers()), list(desk.workbench.receipts())
    pairs, returns = _paired(strangers, banked, receipts)
    known = {each.receipt_id for each in banked}
    cents = explained(strangers, _checks_around(day, checks))
    for stranger in strangers:
        if stranger.on != day or not (stranger.debit or stranger.credit):
            continue
        if stranger in cents:
            checked += Money(stranger.debit)
            continue
        difference = None
        if stranger not in returns:
            difference = _difference(stranger, pairs.get(stranger), known, receipts)
        if difference is None:
            received += Money(stranger.credit)
            continue
        desk.find(difference)
        left += Money(stranger.debit + stranger.credit)
    _look_for_receipts(banked, pairs, desk, receipts)
    balances = desk.workbench.balances(day)
    kept = before.closing if before else None
    broken = balance_differs(day, balances, kept)
    if broken is not None:
        desk.find(broken)
    sums = desk.figures.sums
    sums["received"] = received.cents
    if checked:
        sums["checked"] = checked.cents
    sums["all_credits"], sums["all_debits"] = balances.came, balances.went
    opening = kept if balances.opening is None else Money(balances.opening)
    closing = opening if balances.closing is None else Money(balances.closing)
    told = replace(night, unexplained=left, opening=opening, closing=closing)
    return desk.figures.on(told, "")


def _checks_around(day: date, checks: AccountChecks) -> list[AccountCheck]:
    """The checks whose cents may be booked on the date."""
    dates = (day + timedelta(days=away) for away in (-1, 0, 1))
    return [kept.check for each in dates for kept in checks.started_on(each)]


def _paired(
    strangers: Sequence[Stranger], banked: Sequence[Banked], receipts: Receipts
) -> tuple[dict[Stranger, Banked], set[Stranger]]:
    """Whose receipt each credit is, on every date that was read; and which are payouts' returns."""
    credited = [each for each in strangers if each.credit]
    pairs = by_number(credited, banked)
    returns = {
        each for each in credited if not each.debit
        and _amount_of(pairs, each) != each.credit and _is_return(each, receipts)
    }  # fmt: skip
    met = {*pairs, *returns}
    loose = [each for each in credited if each not in met and not each.debit]
    taken = {each.receipt_id for each in pairs.values()}
    open_ = [each for each in banked if each.receipt_id not in taken]
    return pairs | by_amount(loose, open_), returns


def _amount_of(pairs: dict[Stranger, Banked], stranger: Stranger) -> int | None:
    return pairs[stranger].amount.cents if stranger in pairs else None


def _is_return(stranger: Stranger, receipts: Receipts) -> bool:
    movement = receipts.movement(movement_id(stranger.transaction_id))
    return movement is not None and movement.amount.cents == stranger.credit


def _difference(
    stranger: Stranger, banked: Banked | None, known: set[str], receipts: Receipts
) -> Difference | None:
    """What differs; `None` where its receipt is it, or one by its number that no list showed."""
    credit = Money(stranger.credit)
    if stranger.debit:
        return unexplained(stranger)
    if banked is None:
        named = (receipts.get(name) for name in names_of(stranger.transaction_id))
        unlisted = [each for each in named if each and each.receipt_id not in known]
        # An equal one before any other.
        unlisted.sort(key=lambda each: each.amount != credit)
        banked = next(iter(unlisted), None)
    if banked is None:
        return unexplained(stranger)
    return None if banked.amount == credit else receipt_differs(banked, credit)


def _look_for_receipts(
    banked: Sequence[Banked], pairs: dict[Stranger, Banked], desk: Desk, receipts: Receipts
) -> None:
    """Receipts of the day that the account shows nothing of, or another amount."""
    credited = {each.receipt_id: Money(stranger.credit) for stranger, each in pairs.items()}
    for seen in banked:
        found = credited.get(seen.receipt_id)
        if found == seen.amount or sydney_date(seen.receipt.received_at) != desk.reading.day:
            continue
        now = receipts.get(seen.receipt_id)
        if now is not None and now.state is not State.RETURNED:
            desk.find(receipt_differs(now, found))
