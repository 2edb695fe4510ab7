"""Many clients in several processes draw from one business's day, each straight at the store.

What a client does is a function of a module, since it travels to other processes.
"""

from __future__ import annotations

import multiprocessing
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.domain import allowance
from chalicelib.domain.advance import advance
from chalicelib.domain.claims import Claims
from chalicelib.domain.errors import Stale, StoreUnavailable
from chalicelib.domain.money import Money
from chalicelib.domain.policy import MANY, NO_LIMIT, DayLimit, DayLimits
from tests.contracts.making import TODAY, a_question, an_intent, claimed, drawing, refused
from tests.contracts.stores import client_of, store_on
from tests.kills.starter import end_with_starter

if TYPE_CHECKING:
    from chalicelib.adapters.dynamo.client import Tables
    from chalicelib.domain.payout import Payout
    from tests.contracts.stores import Store

NONE = DayLimit(NO_LIMIT, MANY)


class Race(NamedTuple):
    """Where it is, the business's limit, and how much each payout takes of it in cents.

    Of so many payouts one fails and gives back what it drew; 0: none does.
    """

    endpoint: str
    tables: Tables
    limit: DayLimit
    cents: int
    fails: int = 0

    @property
    def limits(self) -> DayLimits:
        """Nothing but the business's limit, in eight shards."""
        return DayLimits(NONE, NONE, NONE, self.limit, shards=8)


def run(race: Race, *, threads: int, processes: int) -> list[Payout]:
    """Every payout that was made until the day's limit forbade any more to everybody."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn, initializer=end_with_starter) as pool:
        shares = [pool.submit(_share, race, threads * each, threads) for each in range(processes)]
        return [payout for share in shares for payout in share.result()]


def _share(race: Race, first: int, count: int) -> list[Payout]:
    client = client_of(race.endpoint)
    store = store_on(client, race.tables, within=60.0)
    with ThreadPoolExecutor(count) as pool:
        shares = pool.map(lambda number: _draw(race, store, first + number), range(count))
        made = [payout for share in shares for payout in share]
    client.close()
    return made


def _draw(race: Race, store: Store, number: int) -> list[Payout]:
    """One client's payouts, one after the other, until there is nothing left."""
    made: list[Payout] = []
    intent = None
    while True:
        intent = intent or an_intent(str(Money(race.cents)))
        opening = store.payouts.opening(a_question(intent.transaction_id, by=f"client-{number}"))
        draws, faults = allowance.draw(
            intent.amount, transaction_id=intent.transaction_id, customer_id="customer-1",
            by=f"client-{number}", day=TODAY, verified=False, limits=race.limits,
            spent=opening.spent,
        )  # fmt: skip
        if faults:
            return made
        try:
            payout = store.payouts.write(
                *claimed(drawing(intent, *draws)), claims=Claims(draws=draws)
            )
        except (Stale, StoreUnavailable):
            continue  # and decide again, upon what there is by now
        intent = None
        if race.fails and len(made) % race.fails == 0:
            payout = store.payouts.write(advance(payout, refused()))
        made.append(payout)
