"""What deciding on a new payout asks of the store, and what the store tells: one reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.domain.breaker import Board
from chalicelib.domain.habits import Habits
from chalicelib.domain.pause import keys_of
from chalicelib.domain.policy import FREE, Policy

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from chalicelib.domain.allowance import Spent
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.money import Money
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.rails import Rail
    from chalicelib.domain.twins import Twin
    from chalicelib.domain.ways import Way


@dataclass(frozen=True, slots=True)
class Question:
    """Which payout, for whom, asked for by whom on which Sydney date; `twin` as `twin_key` says."""

    transaction_id: str
    customer_id: str
    by: str
    day: date
    twin: str


@dataclass(frozen=True, slots=True)
class Opening:
    """The answer. `spent` are allowances of that date by their keys, those that were drawn from.

    `pace` is the principal's bucket's time in milliseconds, 0 where it was never used.
    """

    customer: Customer | None
    payout: Payout | None
    gate_closed: bool
    short_of_funds: bool = False  # a hint: payouts wait for funds, and a new one waits with them
    npp_limit: Money | None = None  # a hint: the most that the provider lets one NPP payment be
    costs: Mapping[Way, Money] = field(default_factory=dict)  # a hint: fees seen to be charged
    circuits: Board = field(default_factory=Board)
    policy: Policy = field(default=FREE)
    spent: Mapping[str, Spent] = field(default_factory=dict)
    twin: Twin | None = None
    habits: Habits = field(default_factory=Habits)
    pace: int = 0
    paused: frozenset[str] = frozenset()  # keys of the scopes that are paused

    def stops(self, rail: Rail) -> bool:
        """Whether a pause keeps a payout by such a rail from being sent."""
        whose = self.customer.customer_id if self.customer else ""
        return not self.paused.isdisjoint(keys_of(rail, whose))
