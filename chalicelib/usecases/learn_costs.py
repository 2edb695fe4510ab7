"""Learn what each way costs from what was charged of late: once an hour, beside all other work.

What was learnt is a hint for choosing a way. No payout waits for it, and none is charged by it.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Corrupt, StoreUnavailable
from chalicelib.domain.ways import way_of
from chalicelib.ports import PayoutFilter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from chalicelib.domain.money import Money
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.ways import Way
    from chalicelib.ports import Clock, Liquidity, Payouts

# Seconds that must be left for it, and how many payouts are looked at: the newest of two days.
LEAST, MOST = 5, 200


def learn_costs(
    *, payouts: Payouts, liquidity: Liquidity, clock: Clock, time_left: Callable[[], float]
) -> Counter[str]:
    """Look at the fees of the newest payouts if that was long ago; counts what went wrong.

    Raises:
        StoreUnavailable: what was seen before could not be read.
    """
    now, seen = clock.now(), liquidity.outlook()
    if not seen.wants_costs(now) or time_left() < LEAST:
        return Counter()
    today, told = sydney_date(now), Counter[str]()
    costs: Mapping[Way, Money] = {}
    try:
        wanted = PayoutFilter(today - timedelta(days=1), today)
        costs = usual_costs(payouts.page(wanted, limit=MOST, position=None).items)
    except Corrupt:
        told["costs_not_learnt"] += 1  # it is looked at again in an hour, not every minute
    with suppress(StoreUnavailable):
        liquidity.keep(seen, seen.saw_costs(costs, now))
    return told


def usual_costs(newest: Iterable[Payout]) -> dict[Way, Money]:
    """The fee that was charged most often for each way; of two, the one that was so lately."""
    fees: dict[Way, Counter[Money]] = {}
    for each in newest:
        if each.fee is not None:
            way = way_of(each.rail, each.intent.method)
            fees.setdefault(way, Counter())[each.fee] += 1
    return {way: charged.most_common(1)[0][0] for way, charged in fees.items()}
