"""What deciding on a payout costs in CPU: `python -m bench.risk [--times 2000]`.

The rules of risk and the allowances of a day, on a customer with a long history; nothing is read
or written. Microseconds of this process's own CPU time for one payout.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING

from chalicelib.domain import allowance, risk
from chalicelib.domain.allowance import Spent
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.habits import Habits, hour_of
from chalicelib.domain.money import Money
from chalicelib.domain.policy import DEFAULT, DayLimit
from chalicelib.domain.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Callable

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
DAY = sydney_date(AT)
ROUND = 50  # payouts between two looks at the clock, which ticks too slowly for one
ROW = "{:58}{:>10}{:>10}"
HABITS = Habits(
    10_000, 10_000 * 25_000, 10_000 * 25_000**2 * 2,
    {hour_of(AT - timedelta(hours=hours)): 20 for hours in range(25)},
    frozenset(f"destination-{each}" for each in range(20)), AT - timedelta(days=700),
)  # fmt: skip
STANDING = Standing("destination-99", AT - timedelta(days=2), changed=True, shared=1)
KEYS = allowance.keys("customer-1", "olive", DAY)
# Every row drawn from; and all of it in the first of the business's, as under a higher limit.
EVEN = {key: Spent(Money(100_000), 10) for key in KEYS}
UNEVEN = {**EVEN, KEYS[2]: Spent(Money(15_000_000), 9_000)}


def assess() -> None:
    """All rules of risk, the score and what follows."""
    fired = risk.signals(risk.Circumstances(Money(90_000), AT, HABITS, STANDING, EVEN[KEYS[0]]))
    risk.judge(risk.score(fired, DEFAULT.risk), DEFAULT.risk)


def draw() -> None:
    """What a payout takes of each allowance."""
    _draw(EVEN)


def draw_above() -> None:
    """The same where the limit was lowered during the day, and rows hold more than their parts."""
    _draw(UNEVEN)


def _draw(spent: dict[str, Spent]) -> None:
    limits = replace(DEFAULT.limits, customer_unverified=DayLimit(Money(10**9), 10**6))
    draws, _ = allowance.draw(
        Money(90_000), transaction_id="payout-1", customer_id="customer-1", by="olive", day=DAY,
        verified=False, limits=limits, spent=spent,
    )  # fmt: skip
    assert len(draws) >= 3  # noqa: S101 (a refusal would be measured as if it were a draw)


CASES: dict[str, Callable[[], None]] = {
    "risk: all rules, score, judgement": assess,
    "allowances: three of them, even rows": draw,
    "allowances: three of them, the limit lowered on the day": draw_above,
}


def microseconds(decide: Callable[[], None], times: int) -> list[int]:
    """CPU time of one decision, in whole microseconds, `times` times."""
    taken = []
    for _ in range(times):
        began = time.process_time_ns()
        for _ in range(ROUND):
            decide()
        taken.append((time.process_time_ns() - began) // ROUND // 1000)
    return sorted(taken)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=2000)
    times = parser.parse_args().times
    print(ROW.format("CPU of one payout, µs", "median", "99 %"))
    for name, decide in CASES.items():
        taken = microseconds(decide, times)
        print(ROW.format(name, int(median(taken)), taken[len(taken) * 99 // 100]))


if __name__ == "__main__":
    main()
