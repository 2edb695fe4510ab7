"""Many clients in several processes claim and execute payouts until somebody pauses them.

What a client does is a function of a module, since it travels to other processes. The clock that
they share is the machine's monotonic one.
"""

from __future__ import annotations

import multiprocessing
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.domain.refusals import Paused
from tests.contracts.making import accepted, an_intent, claimed, hear
from tests.contracts.stores import client_of, store_on
from tests.kills.starter import end_with_starter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.adapters.dynamo.client import Tables
    from tests.contracts.stores import Store

# Seconds after which a client gives up waiting to be stopped.
LONGEST = 60.0


class Burst(NamedTuple):
    """Where it is, and how many customers' payouts there are."""

    endpoint: str
    tables: Tables
    customers: int


class Executed(NamedTuple):
    """What the provider did: when its claim was begun, it was executed, told, and that stored."""

    reference: str
    customer_id: str
    begun: float
    executed: float
    heard_at: datetime
    stored: float


class Share(NamedTuple):
    """What one client did, how often it was refused, and how many calls its writes took."""

    executed: list[Executed]
    refused: int
    calls: int


@contextmanager
def bursting(burst: Burst, *, threads: int, processes: int) -> Iterator[Callable[[], list[Share]]]:
    """Clients at work; called, it waits for their end, and tells what they did."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=spawn, initializer=end_with_starter) as pool:
        shares = [pool.submit(_share, burst, threads) for _ in range(processes)]
        yield lambda: [each for share in shares for each in share.result()]


def _share(burst: Burst, count: int) -> list[Share]:
    client = client_of(burst.endpoint)
    store = store_on(client, burst.tables, within=30.0)
    with ThreadPoolExecutor(count) as pool:
        told = list(pool.map(lambda number: _send(burst, store, number), range(count)))
    client.close()
    told[0] = told[0]._replace(calls=store.calls["TransactWriteItems"])
    return told


def _send(burst: Burst, store: Store, number: int) -> Share:
    """Payouts of one customer after the other, until each of them is refused by a pause."""
    executed: list[Executed] = []
    refused, until = set[str](), time.monotonic() + LONGEST
    while len(refused) < burst.customers and time.monotonic() < until:
        number += 1
        whose = f"customer-{number % burst.customers + 1}"
        if whose in refused:
            continue
        begun = time.monotonic()
        try:
            payout = store.payouts.write(*claimed(an_intent("0.01", customer_id=whose)))
        except Paused:
            refused.add(whose)
            continue
        at = time.monotonic()  # here the provider executes it
        heard_at = datetime.now(UTC)
        hear(store, payout, accepted(at=heard_at))
        stored = time.monotonic()
        executed.append(Executed(payout.unique_reference, whose, begun, at, heard_at, stored))
    return Share(executed, len(refused), 0)
