"""What it costs to see how it stands: a few calls of the store, once a minute."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import Any

from chalicelib.adapters.dynamo.buckets import APART, BUCKETS, LINE, RESTING, STRANDED
from chalicelib.adapters.dynamo.circuits import DynamoCircuits
from chalicelib.adapters.dynamo.findings import DynamoFindings
from chalicelib.adapters.dynamo.gate import DynamoGate
from chalicelib.adapters.dynamo.liquidity import DynamoLiquidity
from chalicelib.adapters.dynamo.nights import DynamoNights
from chalicelib.adapters.dynamo.parked import DynamoParkedLetters
from chalicelib.adapters.dynamo.payouts import DynamoPayouts
from chalicelib.adapters.dynamo.session import Session
from chalicelib.domain.calendar import Calendar
from chalicelib.domain.liquidity import FloatRules
from chalicelib.domain.patience import Patience
from chalicelib.domain.policy import FREE
from chalicelib.usecases.gauge import Lull, gauge
from tests.fakes.clock import FakeClock
from tests.fakes.dynamo_template import simulated_tables

PARTS = [*BUCKETS, *LINE, *RESTING, *STRANDED, *chain.from_iterable(APART.values())]


class Counted:
    """A DynamoDB that counts what it is asked."""

    def __init__(self, dynamo: Any) -> None:
        self._dynamo = dynamo
        self.calls: Counter[str] = Counter()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._dynamo, name)

        def call(**request: Any) -> Any:
            self.calls[name] += 1
            return found(**request)

        return call if callable(found) else found


def test_a_reading_is_a_few_queries_and_a_few_rows():
    dynamo, tables = simulated_tables()
    counted: Any = Counted(dynamo)
    clock = FakeClock()
    session = Session(counted)
    told = gauge(
        payouts=DynamoPayouts(
            session, tables, clock=clock, patience=Patience(), calendar=Calendar(lambda _: False),
            default_policy=FREE,
        ),
        findings=DynamoFindings(session, tables.control),
        parked=DynamoParkedLetters(session, tables.control),
        nights=DynamoNights(session, tables.control),
        circuits=DynamoCircuits(session, tables.control),
        liquidity=DynamoLiquidity(session, tables.control),
        gate=DynamoGate(session, tables.control, clock=clock),
        rules=FloatRules(), clock=clock, night_hour=3, lull=Lull(clock), time_left=lambda: 60.0,
    )  # fmt: skip
    assert told is not None
    assert told.figures["GaugesUnread"] == 0
    # A query for each part of the open work, findings, parked webhooks and nights; a row each for
    # the agenda, the funds and the gate; the circuits at once.
    assert counted.calls == {"query": len(PARTS) + 3, "get_item": 3, "batch_get_item": 1}
    assert len(PARTS) == 25
