"""What every port of the store promises while the store is away: to say so, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.adapters.dynamo.client import Tables
from chalicelib.domain.advance import advance
from chalicelib.domain.customer import Funds
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.funding import Receipt, receive
from chalicelib.domain.liquidity import Outlook
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import ParkedLetter
from chalicelib.domain.pause import Ending, Kind, Pause, Scope
from chalicelib.domain.rails import Rail
from chalicelib.ports import NoticeFilter, PayoutFilter
from tests.contracts.making import (
    a_customer,
    a_finding,
    a_notice,
    a_question,
    an_intent,
    claimed,
    confirmed,
    dollars,
    ended,
)
from tests.contracts.paging import TODAY
from tests.contracts.stores import NOBODY, Store, client_of, store_on
from tests.fakes.clock import START, FakeClock
from tests.fakes.store import MemoryStore

A_PAUSE = Pause("pause-1", Scope(Kind.EVERYTHING), "an alarm", "hanna", START)
ENDING = Ending("anna", START, "a false alarm")
NAMES = Tables("transactions", "customers", "events", "control")


@pytest.fixture(params=["memory", "dynamo"])
def away(request):
    if request.param == "dynamo":
        client = client_of(NOBODY)
        yield store_on(client, NAMES, within=0.01)
        client.close()
        return
    clock = FakeClock()
    memory = MemoryStore(clock)
    memory.state.down = True
    yield Store(
        clock,
        memory.payouts,
        memory.customers,
        memory.treasury,
        memory.notices,
        memory.rounds,
        memory.sweeps,
        memory.parked,
        memory.desk,
        memory.gate,
        memory.receipts,
        memory.settlements,
        memory.schedules,
        memory.findings,
        memory.liquidity,
        memory.account_checks,
        memory.circuits,
        memory.pauses,
        bank_files=memory.bank_files,
    )


def every_method(store):
    intent = an_intent()
    first, second = claimed(intent)
    receipt = Receipt("N1", dollars("1.00"), "NPP", START)
    wanted = PayoutFilter(TODAY, TODAY)
    return [
        lambda: store.payouts.opening(a_question()),
        lambda: store.payouts.get("any"),
        lambda: store.payouts.write(first, second),
        lambda: store.payouts.write(advance(second.after, confirmed()), notice=a_notice()),
        lambda: store.payouts.steps("any"),
        lambda: list(store.payouts.due(START)),
        lambda: list(store.payouts.in_line()),
        lambda: list(store.payouts.open_work()),
        lambda: list(store.payouts.sitting_out(Rail.NPP)),
        lambda: store.pauses.begin(A_PAUSE),
        lambda: store.pauses.enforce(A_PAUSE, at=START),
        lambda: store.pauses.end(A_PAUSE, ENDING),
        lambda: store.pauses.lift(replace(A_PAUSE, ended=ENDING), at=START),
        lambda: store.pauses.get("any"),
        store.pauses.standing,
        store.pauses.wire,
        lambda: store.pauses.last_of("any"),
        lambda: store.payouts.note_shortage(at=START),
        store.liquidity.outlook,
        lambda: store.liquidity.take_turn(Outlook(), until=START),
        lambda: store.liquidity.keep(Outlook(), Outlook(short_since=START)),
        lambda: store.payouts.page(wanted, limit=1, position=None),
        lambda: store.payouts.needing_attention(limit=1, position=None),
        lambda: store.customers.get("any"),
        lambda: store.customers.add(a_customer()),
        lambda: store.customers.edit(a_customer(), version=1),
        lambda: store.customers.page(limit=1, position=None),
        store.treasury.funds,
        lambda: store.treasury.write(receive(Funds(), receipt)),
        lambda: store.treasury.credit("any"),
        lambda: store.treasury.received("any"),
        lambda: store.notices.keep(a_notice()),
        lambda: store.notices.known("any"),
        lambda: store.notices.get("any"),
        lambda: store.notices.page(NoticeFilter(day=TODAY), limit=1, position=None),
        lambda: store.findings.open(a_finding()),
        lambda: store.findings.find(a_finding()),
        lambda: store.findings.get("any"),
        lambda: store.findings.write(a_finding()),
        lambda: store.findings.resolve(ended(a_finding())),
        lambda: store.findings.page(resolved=False, limit=1, position=None),
        lambda: store.parked.get("any"),
        lambda: store.parked.put(
            ParkedLetter("any", DeadLetter("NppReturn", "1", b"{}", START, "defect"), START)
        ),
        lambda: store.parked.page(resolved=False, limit=1, position=None),
        store.gate.closed,
        store.gate.close,
        lambda: store.gate.open(by="admin-1"),
    ]


@pytest.mark.parametrize("number", range(38))
def test_every_method_says_that_the_store_is_unavailable(away, number):
    with pytest.raises(StoreUnavailable):
        every_method(away)[number]()


def test_no_method_was_forgotten(away):
    assert len(every_method(away)) == 47
