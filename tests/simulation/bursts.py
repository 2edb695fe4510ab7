"""Many who ask for payouts at once, as people do on the day before a holiday."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tests.simulation.people import Wish

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from tests.simulation.business import Business
    from tests.simulation.people import People

# How many of those who ask for many do not look after each.
PATIENT = 0.95
ANY_RAIL = ("", "", "", "NPP", "DirectEntry")


def plan_burst(
    business: Business, people: People, chance: Random, *, moment: float, many: int,
    within: float = 1.0, rails: Sequence[str] = ANY_RAIL,
) -> None:  # fmt: skip
    """Have so many small payouts be asked for, all within so many seconds of a moment."""
    for _ in range(many):
        rail = chance.choice(rails)
        wish = Wish(
            f"idempotency-key-of-a-burst-{len(people.wishes):04d}", "olive",
            f"customer-{chance.randrange(people.customers)}", chance.randrange(100, 900),
            "BankAccount" if rail != "NPP" else chance.choice(["BankAccount", "PayId"]), rail,
        )  # fmt: skip
        people.wishes.append(wish)
        if chance.random() < PATIENT:
            people.patient.add(wish.transaction_id)
        business.timeline.at(moment + chance.uniform(0, within), partial(people.ask, wish, 4))
