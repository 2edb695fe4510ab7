"""Weeks whose policy wants something: other people have to agree, and days have their limits.

Approvers look before they say anything, and say it to what they saw. Some try what they may not.
"""

from __future__ import annotations

from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING

from chalicelib.domain.payout import Status
from tests.simulation.timeline import HOUR, MINUTE

if TYPE_CHECKING:
    from random import Random

    from tests.simulation.books import Life
    from tests.simulation.business import Business

# The cents above which one or two others have to agree, until when, and how much one may.
ONE_ABOVE, TWO_ABOVE, HOURS, APPROVER_DAY = 3_000, 6_500, 20, 30_000
# What may be drawn within a date: cents, and payouts. The business's lies in a few rows.
DAY_LIMITS = {
    "customer_unverified": (12_000, 2), "customer_verified": (15_000, 3), "operator": (19_000, 5),
    "business": (18_000, 4),
}  # fmt: skip
SHARDS = 3
# Who comes by; of them olive and otto ask for payouts themselves.
COMING_BY = ("anna", "anna", "ben", "ben", "paul", "olive")
LATERS = (0.0, 5.0, 3 * MINUTE, 40 * MINUTE, 5 * HOUR, (HOURS - 0.05) * HOUR)


class Approvers:
    """Told of each payout that a write has changed."""

    def __init__(self, business: Business, chance: Random) -> None:
        self._business = business
        self._chance = chance
        self.at_work = True
        business.approvals = True
        business.books.allowances.most = {
            "customer": DAY_LIMITS["customer_verified"],
            **{kind: DAY_LIMITS[kind] for kind in ("operator", "business")},
        }
        business.books.watchers.append(self._come_by)

    def go_home(self) -> None:
        """Nobody agrees any more: what waits then lapses."""
        self.at_work = False

    def _come_by(self, own: str, life: Life) -> None:
        if life.status is not Status.AWAITING_APPROVAL or not self.at_work:
            return
        chance = self._chance
        for _ in range(chance.choice([0, 2, 3, 3, 4])):
            by, later = chance.choice(COMING_BY), chance.choice(LATERS)
            word = "decline" if chance.random() < 0.1 else "approve"
            self._business.timeline.after(later, partial(self._say, word, own, by))

    def _say(self, word: str, own: str, by: str) -> None:
        if self.at_work:
            self._business.invoke("api", word, methodcaller(word, own, by=by))
