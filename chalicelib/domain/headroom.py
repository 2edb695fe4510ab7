"""What is left of the allowances of a date: for people to see, a picture of the moment.

Refuses nothing and decides nothing: what a payout takes, `allowance.py` draws and the store claims.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chalicelib.domain import allowance
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chalicelib.domain.allowance import Spent
    from chalicelib.domain.policy import DayLimit, DayLimits


Whose = Literal["customer", "operator", "business"]


@dataclass(frozen=True, slots=True)
class Headroom:
    """What is left of the customer's, operator's or business's own, in money and in payouts."""

    whose: Whose
    amount: Money
    count: int


def headroom(
    *, customer_id: str, by: str, day: date, verified: bool, limits: DayLimits,
    spent: Mapping[str, Spent],
) -> tuple[Headroom, ...]:  # fmt: skip
    """What is left of each; where a limit was lowered below what is drawn, nothing."""
    customer, operator, *business = allowance.keys(customer_id, by, day)
    own = limits.customer_verified if verified else limits.customer_unverified
    allowances: tuple[tuple[Whose, list[str], DayLimit], ...] = (
        ("customer", [customer], own),
        ("operator", [operator], limits.operator),
        ("business", business, limits.business),
    )
    left = []
    for whose, rows, limit in allowances:
        had = [spent[key] for key in rows if key in spent]
        cents = limit.amount.cents - sum(each.amount.cents for each in had)
        count = limit.count - sum(each.count for each in had)
        left.append(Headroom(whose, Money(max(0, cents)), max(0, count)))
    return tuple(left)
