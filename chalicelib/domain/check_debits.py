"""Which of the account's debits are the cents of account checks, and what those cost.

The provider does not say under which name it books them, so that they meet the night as debits of
nobody. Each is explained by one check of ours of that date and to the cent, and a check explains
one cent and one fee: a second debit, another amount or a start in doubt stays unexplained.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.account_check import AMOUNT, AccountCheck
from chalicelib.domain.calendar import sydney_date

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from chalicelib.domain.account_day import Stranger

# How near to midnight the provider may date it otherwise.
MIDNIGHT = timedelta(minutes=5)


def explained(strangers: Iterable[Stranger], checks: Iterable[AccountCheck]) -> set[Stranger]:
    """The strangers that are checks' debits. What a check costs is known once it was answered."""
    loose = [each for each in strangers if each.debit and not each.credit]
    found: set[Stranger] = set()
    for check in sorted(checks, key=lambda each: each.started_at):
        taken = _of(check, loose) if check.fee is not None else []
        found.update(taken)
        loose = [each for each in loose if each not in found]
    return found


def _of(check: AccountCheck, loose: Sequence[Stranger]) -> list[Stranger]:
    """Cent and fee under one name, or each under its own."""
    days = _days(check)
    mine = [each for each in loose if each.on in days]
    named = [each for each in mine if each.reference == check.identifier]
    fee = check.fee.cents if check.fee else 0
    whole = _first(named, AMOUNT.cents + fee) or _first(mine, AMOUNT.cents + fee)
    if whole:
        return whole
    cent = _first(mine, AMOUNT.cents)
    return cent + _first([each for each in mine if each not in cent], fee) if cent else []


def _first(strangers: Sequence[Stranger], cents: int) -> list[Stranger]:
    return [each for each in strangers if each.debit == cents][:1]


def _days(check: AccountCheck) -> set[date]:
    at = check.started_at
    return {sydney_date(at - MIDNIGHT), sydney_date(at), sydney_date(at + MIDNIGHT)}
