"""How risky a payout looks: named rules, each from what is known at that moment to a strength.

Whole numbers only, no call, no model: each rule can be said in a sentence, and the payout keeps
which of them fired. A score is of its moment; what must hold under races is a limit, not a risk.
Strengths do not depend on the weights, so other weights can be tried on what was kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import isqrt
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import SYDNEY
from chalicelib.domain.habits import moments, within
from chalicelib.domain.policy import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from chalicelib.domain.allowance import Spent
    from chalicelib.domain.habits import Habits
    from chalicelib.domain.money import Money
    from chalicelib.domain.policy import RiskRules
    from chalicelib.domain.standing import Standing

FULL = 100
A_DAY = timedelta(days=1)
# So many a day are nobody's haste, whoever they are; so many within an hour neither.
CALM_DAY, CALM_HOUR = 3, 2
FIRST_PAYOUTS = 3
RECENT_DAYS = 30
# An amount is judged by the history of at least so many. Above so many standard deviations it is
# unusual, and with as many more as unusual as can be.
ENOUGH = 5
UNUSUAL = 3
# Somebody who is always paid the same: a tenth of that is no deviation.
LEAST_DEVIATION = 10
ODD_HOURS = range(1, 5)


class Risk(StrEnum):
    """What follows from a score."""

    ALLOWED = "allowed"
    REVIEW = "review"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the rules look at: the new payout, and what was known when it was asked for.

    `standing` is that of its destination, `today` what the customer has drawn on that Sydney date.
    """

    amount: Money
    at: datetime
    habits: Habits
    standing: Standing
    today: Spent | None = None


def signals(it: Circumstances) -> tuple[tuple[str, int], ...]:
    """The rules that fired, each with its strength from 1 to 100, in the order of `RULES`."""
    strengths = ((name, min(FULL, _RULES[name](it))) for name in RULES)
    return tuple((name, strength) for name, strength in strengths if strength > 0)


def score(signals: Iterable[tuple[str, int]], rules: RiskRules) -> int:
    """From 0 to 100: the strengths by their weights. A rule without a weight counts nothing."""
    weighted = sum(rules.weights.get(name, 0) * strength for name, strength in signals)
    return min(FULL, weighted // FULL)


def judge(score: int, rules: RiskRules) -> Risk:
    """What follows from a score: blocked above the one bound, reviewed from the other on."""
    if score > rules.blocked_above:
        return Risk.BLOCKED
    return Risk.REVIEW if score >= rules.review_from else Risk.ALLOWED


def velocity(it: Circumstances) -> int:
    """Many payouts within 24 hours, beside this customer's own past.

    Usual is the average of the days before, from the first payout on. Twice that is calm, and so
    are three a day; twice what is calm is as many as can be.
    """
    lately = within(it.habits, it.at, 24)
    today = it.today.count if it.today else 0
    before = max(0, it.habits.count - lately)
    since = it.habits.first_at or it.at
    days = max(1, (it.at - since) // A_DAY - 1)
    calm = max(CALM_DAY, -(-2 * before // days))
    return (max(lately, today) + 1 - calm) * FULL // calm


def burst(it: Circumstances) -> int:
    """Many within the last hour: two are calm, four are as many as can be."""
    return (within(it.habits, it.at, 1) + 1 - CALM_HOUR) * FULL // CALM_HOUR


def new_payee(it: Circumstances) -> int:
    """The customer's first payouts: the first most, the fourth no more."""
    return (FIRST_PAYOUTS - it.habits.count) * FULL // FIRST_PAYOUTS


def new_destination(it: Circumstances) -> int:
    """No payment has arrived at the destination yet."""
    return 0 if it.standing.destination_id in it.habits.proven else FULL


def changed_destination(it: Circumstances) -> int:
    """A destination that came later than the registration, and lately: less each day, for 30."""
    if not it.standing.changed:
        return 0
    days = max(0, (it.at - it.standing.added_at) // A_DAY)
    return (RECENT_DAYS - days) * FULL // RECENT_DAYS


def unusual_amount(it: Circumstances) -> int:
    """Far above the mean of the customer's own payouts, in standard deviations.

    From five payouts of history on: nothing up to three deviations, everything from six on. A
    tenth of the mean is the least that counts as a deviation.
    """
    past = moments(it.habits)
    above = past.number * it.amount.cents - past.total
    if past.number < ENOUGH:
        return 0
    usual = UNUSUAL * max(isqrt(past.spread), past.total // LEAST_DEVIATION, 1)
    return -(-(above - usual) * FULL // usual)


def odd_hour(it: Circumstances) -> int:
    """Between one and five at night on Sydney's clocks."""
    return FULL if it.at.astimezone(SYDNEY).hour in ODD_HOURS else 0


def shared_destination(it: Circumstances) -> int:
    """Other customers have the very same destination: one counts half, two or more all."""
    return it.standing.shared * FULL // 2


_RULES: Mapping[str, Callable[[Circumstances], int]] = {
    rule.__name__: rule
    for rule in (
        velocity, burst, new_payee, new_destination, changed_destination, unusual_amount, odd_hour,
        shared_destination,
    )
}  # fmt: skip
