"""Other rules of risk, tried on the payouts of the last days before anybody proposes them.

Reads only, the newest first, for as long as there is time, and says how far it has come.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.policy_trial import Trial, Tried
from chalicelib.ports import PayoutFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalicelib.domain.policy import RiskRules
    from chalicelib.ports import Clock, Payouts

# Payouts that one trial looks at, and how many it asks for at once.
MOST_SEEN = 50_000
AT_ONCE = 200
# Seconds that are left for the answer.
RESERVE = 3.0


def try_rules(
    rules: RiskRules, *, days: int, payouts: Payouts, clock: Clock, time_left: Callable[[], float]
) -> Tried:
    """Judge anew what was asked for on the last `days` Sydney dates, today included."""
    last = sydney_date(clock.now())
    wanted = PayoutFilter(last - timedelta(days=days - 1), last)
    trial, position = Trial(rules), None
    while time_left() > RESERVE and trial.seen < MOST_SEEN:
        position = _look(trial, wanted, payouts, position)
        if position is None:
            return Tried(trial, wanted.first, last, complete=True)
    return Tried(trial, wanted.first, last, complete=False)


def _look(
    trial: Trial, wanted: PayoutFilter, payouts: Payouts, position: Mapping[str, str] | None
) -> Mapping[str, str] | None:
    """Look at some more; where to go on, `None` at the end."""
    page = payouts.page(wanted, limit=AT_ONCE, position=position)
    for payout in page.items:
        trial.look_at(payout.intent.assessment)
    return page.position
