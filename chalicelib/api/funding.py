"""How the business's money at a glance is shown: `GET /funding`."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from chalicelib.api.shapes import AmountText, Moment, Shape, SydneyDate
from chalicelib.api.times import rfc3339
from chalicelib.domain.customer import Funds
from chalicelib.domain.forecast import Expected, Sum, forecast, shortage
from chalicelib.domain.liquidity import Financials, FloatRules
from chalicelib.domain.money import CURRENCY, Money
from chalicelib.domain.overview import Account, OpenSums, Overview

if TYPE_CHECKING:
    from pydantic import BaseModel

    from chalicelib.domain.forecast import Day, Shortage


class AccountView(Shape):
    """The account at the provider. `unknown` is a code that says why nothing is told of it now."""

    actual_balance: AmountText | None
    available_balance: AmountText | None
    npp_balance: AmountText | None
    npp_payout_limit: AmountText | None
    unknown: str | None
    last_seen_available: AmountText | None
    last_seen_at: Moment | None


class SumView(Shape):
    """An amount, and how many payouts or settlements make it up."""

    amount: AmountText
    count: int


class WaitingView(SumView):
    """What waits for funds, and since when the oldest does."""

    oldest_created_at: Moment | None


class OursView(Shape):
    """Our own books. `held` includes what waits for funds; `in_flight` is with the provider.

    The sums of payouts may lag by a moment; where `complete` is false there were too many to read,
    and each is at least what it says.
    """

    received: AmountText
    unallocated: AmountText
    held: SumView
    in_flight: SumView
    queued: SumView
    waiting_for_funds: WaitingView
    complete: bool


class ExpectedView(SumView):
    """What settlements are to bring on a Sydney date; what is overdue is not counted upon."""

    date: SydneyDate
    overdue: bool


class DayView(Shape):
    """A day of the forecast.

    `projected_lowest` is before that day's money has come, `projected_available` after.
    """

    date: SydneyDate
    expected: AmountText
    scheduled: SumView
    estimated_fees: AmountText
    projected_lowest: AmountText | None
    projected_available: AmountText | None


class WarningView(Shape):
    """What there is to warn of, on which Sydney date, and how much there will be then."""

    code: Literal["below_reserve", "funds_low", "waiting_for_funds"]
    words: str
    date: SydneyDate
    available: AmountText | None


class FundingView(Shape):
    """The business's money at a glance, and in the coming seven Sydney days."""

    as_of: Moment
    currency: str
    provider: AccountView
    ours: OursView
    reserve: AmountText
    warn_below: AmountText | None
    expected: list[ExpectedView]
    forecast: list[DayView]
    warning: WarningView | None


def funding(it: Overview) -> FundingView:
    """The overview as it is shown."""
    return FundingView(
        as_of=rfc3339(it.as_of),
        currency=CURRENCY,
        provider=_account(it.account),
        ours=_ours(it),
        reserve=str(it.rules.reserve),
        warn_below=_text(it.rules.warning or None),
        expected=[
            ExpectedView(date=each.on.isoformat(), overdue=each.on < it.today, **_parts(each.sum))
            for each in it.expected
        ],
        forecast=[_day(each) for each in it.days],
        warning=None if it.warning is None else _warning(it.warning, it),
    )


def _account(account: Account) -> AccountView:
    told, seen_at = account.figures, account.last_seen_at
    return AccountView(
        actual_balance=_text(told.actual if told else None),
        available_balance=_text(told.available if told else None),
        npp_balance=_text(told.npp_balance if told else None),
        npp_payout_limit=_text(told.npp_limit if told else None),
        unknown=account.why_not or None,
        last_seen_available=_text(account.last_seen),
        last_seen_at=None if seen_at is None else rfc3339(seen_at),
    )


def _ours(it: Overview) -> OursView:
    sums, since = it.sums, it.sums.waiting_since
    return OursView(
        received=str(it.funds.received),
        unallocated=str(it.funds.unallocated),
        held=SumView(**_parts(sums.held)),
        in_flight=SumView(**_parts(sums.in_flight)),
        queued=SumView(**_parts(sums.queued)),
        waiting_for_funds=WaitingView(
            oldest_created_at=None if since is None else rfc3339(since), **_parts(sums.waiting)
        ),
        complete=sums.complete,
    )


def _day(day: Day) -> DayView:
    return DayView(
        date=day.on.isoformat(), expected=str(day.expected),
        scheduled=SumView(**_parts(day.scheduled)), estimated_fees=str(day.fees),
        projected_lowest=_text(day.lowest), projected_available=_text(day.available),
    )  # fmt: skip


def _warning(warning: Shortage, it: Overview) -> WarningView:
    on, left = warning.on.isoformat(), _text(warning.available)
    words = {
        "below_reserve": f"On {on} {left} will be left, less than the reserve {it.rules.reserve}.",
        "funds_low": f"On {on} {left} will be left, less than {it.rules.warning}.",
        "waiting_for_funds": "Payouts wait for funds, and what the account holds is not known.",
    }
    return WarningView.model_validate(
        {"code": warning.code, "words": words[warning.code], "date": on, "available": left}
    )


def _text(amount: Money | None) -> str | None:
    return None if amount is None else str(amount)


def _parts(sum_: Sum) -> dict[str, Any]:
    return {"amount": str(sum_.amount), "count": sum_.count}


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """An example of the answer, for the published document."""
    at = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)
    today, rules = at.date(), FloatRules(Money(50_000), Money(100_000))
    figures = Financials(Money(180_000), Money(180_000), Money(180_000), Money(500_000))
    queued = Sum(Money(150_000), 2)
    expected = (Expected(today + timedelta(days=3), Sum(Money(125_000), 1)),)
    coming = forecast(
        figures.available, (today, today + timedelta(days=6)), expected=expected,
        scheduled={today: queued}, rules=rules,
    )  # fmt: skip
    it = Overview(
        at, Account(figures, "", figures.available, at), Funds(Money(900_000), Money(20_000)),
        OpenSums(Sum(Money(160_000), 3), Sum(Money(30_000), 1), queued, Sum(), None, complete=True),
        rules, expected, coming,
        shortage(coming, available=figures.available, waiting=False, rules=rules),
    )  # fmt: skip
    return {FundingView: [funding(it)]}
