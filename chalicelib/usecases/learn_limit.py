"""Learn the provider's own limit of one payment over NPP: once an hour, beside all other work.

What was learnt is a hint that new payouts are held against without a call; what the provider
refuses all the same has failed, and its money is back.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

from chalicelib.domain.errors import ProviderUnavailable, StoreUnavailable
from chalicelib.usecases.ask import LONGEST_QUESTION

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.ports import Clock, Gate, Liquidity, Provider

# Seconds that must be left for a question to be worth it.
LEAST = 10.0


def learn_limit(
    *, provider: Provider, gate: Gate, liquidity: Liquidity, clock: Clock,
    time_left: Callable[[], float],
) -> Counter[str]:  # fmt: skip
    """Ask for the limit if that was long ago; counts what went wrong.

    Raises:
        StoreUnavailable: what was seen before could not be read.
    """
    now, seen = clock.now(), liquidity.outlook()
    if not seen.wants_limit(now) or time_left() < LEAST or gate.closed():
        return Counter()
    try:
        figures = provider.financials(within=LONGEST_QUESTION)
    except ProviderUnavailable as unavailable:
        return Counter({unavailable.code: 1})
    with suppress(StoreUnavailable):
        liquidity.keep(seen, seen.saw_limit(figures.npp_limit if figures else None, now))
    return Counter()
