"""What `Circuits` promises, and the payouts that wait for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.breaker import NAMES, PROVIDER, Board, Circuit, Sign, State
from chalicelib.domain.errors import Stale
from chalicelib.domain.events import Delayed, Hindrance, Started
from chalicelib.domain.rails import Rail
from tests.contracts.making import a_question, an_intent, begun, rich_customer
from tests.fakes.clock import START

FULL = (
    Circuit("npp")
    .heard(Sign.BAD, "p-1", START, {START: 7})
    .opened_by_hand("ada", "told by phone", START)
    .reset("bob", "they are back", START + timedelta(seconds=1, microseconds=5))
    .heard(Sign.BAD, "p-2", START + timedelta(seconds=9), {START: 3})
)
TRIPPED = Circuit("npp").opened("breaker", "5 failures", START)


def test_all_circuits_are_closed_at_the_beginning(store):
    assert store.circuits.board() == Board()
    opening = store.payouts.opening(a_question())
    assert opening.circuits == Board()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("circuit", [FULL, TRIPPED, Circuit("npp")])
def test_a_circuit_comes_back_as_it_was_kept(store, name, circuit):
    before = replace(circuit, name=name)
    kept = store.circuits.keep(Circuit(name), before)
    assert kept == replace(before, version=1)
    assert store.circuits.board() == Board({name: kept})
    assert store.payouts.opening(a_question()).circuits == Board({name: kept})


def test_a_probe_comes_back_too(store):
    tripped = store.circuits.keep(Circuit(PROVIDER), replace(TRIPPED, name=PROVIDER))
    probed = tripped.probed_by("p-3", START + timedelta(minutes=2))
    assert probed
    kept = store.circuits.keep(tripped, probed)
    assert store.circuits.board().of(PROVIDER) == kept == replace(probed, version=2)


def test_of_two_who_saw_the_same_one_only_keeps_a_change(store):
    first = store.circuits.keep(Circuit("npp"), TRIPPED)
    with pytest.raises(Stale):
        store.circuits.keep(Circuit("npp"), FULL)
    store.circuits.keep(first, first.probed_by("p-1", START + timedelta(minutes=2)))
    with pytest.raises(Stale):
        store.circuits.keep(first, first.probed_by("p-2", START + timedelta(minutes=2)))
    assert store.circuits.board().of("npp").probe == "p-1"


def test_circuits_are_no_matter_to_each_other(store):
    store.circuits.keep(Circuit("npp"), TRIPPED)
    store.circuits.keep(Circuit(PROVIDER), replace(TRIPPED, name=PROVIDER))
    states = {name: store.circuits.board().of(name).state(START) for name in NAMES}
    assert states == dict.fromkeys(NAMES, State.OPEN) | {"direct_entry": State.CLOSED}


def place(store, minute, reason, **asked):
    """A payout that waits for that reason, or is being sent."""
    intent = an_intent("1.00", at=START + timedelta(minutes=minute))
    first = begun(replace(intent, **asked))
    event = (
        Delayed(at=START, by="olive", reason=reason)
        if reason
        else Started(at=START, by="olive", claim_id="c")
    )
    second = advance(first.after, event)
    return store.payouts.write(first, second)


def test_who_waits_for_a_rail_is_told_and_counted_and_not_among_the_due(store):
    rich_customer(store)
    made = [
        place(store, 5 - number, reason)
        for number, reason in enumerate(
            [Hindrance.RAIL_DOWN, Hindrance.SIGN_IN_REFUSED, Hindrance.FUNDS, None,
             Hindrance.OUT_OF_TIME]
        )
    ]  # fmt: skip
    held = list(store.payouts.stranded(Rail.NPP))
    assert list(store.payouts.stranded(Rail.DIRECT_ENTRY)) == []
    assert [each.transaction_id for each in held] == [
        each.transaction_id for each in (made[1], made[0])
    ], "by their age"
    assert not any(each.in_line for each in held)
    assert {each.rail for each in held} == {Rail.NPP}
    assert [store.payouts.count_stranded(most) for most in (1, 2, 3, 1000)] == [1, 2, 2, 2]
    late = START + timedelta(days=1)
    assert set(store.payouts.due(late)) == {each.transaction_id for each in made[3:]}
    assert {each.transaction_id for each in store.payouts.open_work()} == {
        each.transaction_id for each in made
    }
    started = advance(made[0], Started(at=START, by="poller", claim_id="c"))
    store.payouts.write(started)
    assert [each.transaction_id for each in store.payouts.stranded(Rail.NPP)] == [
        made[1].transaction_id
    ]


def test_each_rails_are_told_by_themselves_and_whether_they_may_go_another_way(store):
    rich_customer(store)
    by_batch = place(store, 0, Hindrance.RAIL_DOWN, rail=Rail.DIRECT_ENTRY)
    stays = place(store, 1, Hindrance.RAIL_DOWN, rail=Rail.NPP)
    other = (Rail.DIRECT_ENTRY,)
    turns = place(store, 2, Hindrance.RAIL_DOWN, rail=Rail.NPP, fallbacks=other)
    fast = (("strategy", "fastest"),)
    hurries = place(store, 3, Hindrance.RAIL_DOWN, rail=Rail.NPP, fallbacks=other, asked=fast)
    told = [
        [(each.transaction_id, each.may_turn) for each in store.payouts.stranded(rail)]
        for rail in (Rail.NPP, Rail.DIRECT_ENTRY)
    ]
    assert told == [
        [(stays.transaction_id, False), (turns.transaction_id, True),
         (hurries.transaction_id, False)],
        [(by_batch.transaction_id, False)],
    ]  # fmt: skip
