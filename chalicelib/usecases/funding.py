"""The business's money at a glance: at the provider, with us, on its way, and in the coming days.

Answers also when the provider does not. Sums of open payouts come from an index that may lag, and
are cut off where there are too many to read: then it says so. Decides nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import ProviderUnavailable, SignInRefused
from chalicelib.domain.forecast import Sum, expected_by_day, forecast, shortage
from chalicelib.domain.ledger import Place
from chalicelib.domain.overview import Account, OpenSums, Overview
from chalicelib.domain.payout import WHERE, Status
from chalicelib.domain.schedule import State, coming_by
from chalicelib.ports import ScheduleFilter

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.liquidity import FloatRules, Outlook
    from chalicelib.ports import (
        Clock,
        Gate,
        Liquidity,
        Payouts,
        Provider,
        Schedules,
        Settlements,
        Treasury,
    )

# Open payouts that are summed up, and seconds that are kept for answering.
MOST = 20_000
RESERVE = 3.0
LONGEST_QUESTION = 5.0
AHEAD = timedelta(days=6)
# Schedules of one question.
PAGE = 100


def overview(
    *,
    payouts: Payouts,
    treasury: Treasury,
    settlements: Settlements,
    schedules: Schedules,
    calendar: Calendar,
    provider: Provider,
    gate: Gate,
    liquidity: Liquidity,
    rules: FloatRules,
    clock: Clock,
    time_left: Callable[[], float],
) -> Overview:
    """What is known of the money now.

    Raises:
        StoreUnavailable: our own books could not be read.
    """
    now = clock.now()
    today = sydney_date(now)
    account = _account(provider, gate, liquidity.outlook(), time_left)
    sums = _sums(payouts, time_left)
    planned, all_read = _planned(schedules, calendar, today, time_left)
    planned[today] = _both(planned.get(today, Sum()), sums.queued)
    sums = replace(sums, complete=sums.complete and all_read)
    expected = expected_by_day(settlements.open())
    coming = forecast(
        account.available, (today, today + AHEAD), expected=expected,
        scheduled=planned, rules=rules,
    )  # fmt: skip
    warning = shortage(
        coming, available=account.available, waiting=bool(sums.waiting.count), rules=rules
    )
    return Overview(now, account, treasury.funds(), sums, rules, expected, coming, warning)


def _account(
    provider: Provider, gate: Gate, seen: Outlook, time_left: Callable[[], float]
) -> Account:
    figures, why_not = None, ""
    try:
        if gate.closed():
            raise SignInRefused
        figures = provider.financials(within=min(LONGEST_QUESTION, time_left() - RESERVE))
        why_not = "" if figures else "no_account_configured"
    except ProviderUnavailable as unavailable:
        why_not = unavailable.code
    return Account(figures, why_not, seen.available, seen.seen_at)


def _planned(
    schedules: Schedules, calendar: Calendar, today: date, time_left: Callable[[], float]
) -> tuple[dict[date, Sum], bool]:
    """What schedules are to pay by date, late ones today; and whether all of them were read."""
    sums: dict[date, Sum] = {}
    last, position = today + AHEAD, None
    while time_left() >= RESERVE:
        page = schedules.page(ScheduleFilter(state=State.ACTIVE), limit=PAGE, position=position)
        for it in page.items:
            for each in coming_by(it, last, calendar):
                on = max(each.pays_on, today)
                sums[on] = sums.get(on, Sum()).plus(it.order.amount)
        position = page.position
        if position is None or any(sydney_date(it.wakes_at) > last for it in page.items):
            return sums, True  # the soonest come first
    return sums, False


def _both(one: Sum, other: Sum) -> Sum:
    return Sum(one.amount + other.amount, one.count + other.count)


def _sums(payouts: Payouts, time_left: Callable[[], float]) -> OpenSums:
    held, in_flight, queued, waiting = Sum(), Sum(), Sum(), Sum()
    since: datetime | None = None
    work = payouts.open_work()
    complete = False
    for each in islice(work, MOST):
        if time_left() < RESERVE:
            break
        if WHERE[each.status] is Place.WITH_PROVIDER:
            in_flight = in_flight.plus(each.amount)
        if WHERE[each.status] is Place.HELD:
            held = held.plus(each.amount)
        if each.status is Status.QUEUED:
            queued = queued.plus(each.amount)
        if each.in_line:
            waiting = waiting.plus(each.amount)
            since = since or each.created_at
    else:
        complete = next(work, None) is None
    return OpenSums(held, in_flight, queued, waiting, since, complete)
