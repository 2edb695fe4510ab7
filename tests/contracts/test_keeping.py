"""What a store promises of payouts that become small, of steps that may go, and of the sweep."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.archive import Sweep, shrunk
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Corrupt, Stale, StoreUnavailable
from chalicelib.domain.events import Asked, Returned
from chalicelib.domain.payout import Status
from chalicelib.ports import PayoutFilter
from tests.contracts.making import (
    a_question,
    accepted,
    an_intent,
    balance,
    claimed,
    confirmed,
    dollars,
    hear,
    rich_customer,
)
from tests.contracts.paging import listed
from tests.fakes.clock import START
from tests.fakes.dynamodb import MemoryDynamo

if TYPE_CHECKING:
    from chalicelib.domain.step import Step

NAME = "payouts/2026-03-02/an-object.jsonl.gz"
LATER = START + timedelta(days=7)


def completed(store):
    rich_customer(store, "100.00")
    written = store.payouts.write(*claimed(an_intent("10.00")))
    return hear(store, written, accepted(), confirmed())


def small(store):
    payout = completed(store)
    after = shrunk(payout, NAME)
    store.payouts.shrink(payout, after)
    return payout, after


def returned():
    return Returned(at=START + timedelta(days=900), by="monoova", attempt=1, reason="CLOSED")


def expiries(store, payout):
    """When which steps go, as seconds since 1970."""
    if store.client is None:
        state = store.payouts._state
        return {
            sequence: int(at.timestamp())
            for (own, sequence), at in state.expiries.items()
            if own == payout.transaction_id
        }
    answer = store.client.query(
        TableName=store.tables.events, KeyConditionExpression="account = :own",
        ExpressionAttributeValues={":own": {"S": payout.transaction_id}},
    )  # fmt: skip
    return {
        int(item["sequence"]["N"]): int(item["expires_at"]["N"])
        for item in answer["Items"]
        if "expires_at" in item
    }


def test_a_small_payout_is_read_as_it_was_put(store):
    _, after = small(store)
    assert store.payouts.get(after.transaction_id) == after
    assert store.payouts.opening(a_question(after.transaction_id)).payout == after


def test_a_small_payout_is_still_in_every_list(store):
    _, after = small(store)
    today = sydney_date(START)
    for wanted in (PayoutFilter(today, today), PayoutFilter(today, today, "customer-1")):
        assert listed(store, wanted) == [after.transaction_id]


def test_a_small_payout_hears_late_news_and_its_chain_goes_on(store):
    before, after = small(store)
    late = store.payouts.write(advance(after, returned()))
    assert late.status is Status.RETURNED
    assert late.last_hash == advance(before, returned()).after.last_hash
    assert store.payouts.get(late.transaction_id) == late
    assert late.archives == (NAME,)
    assert [each.sequence for each in store.payouts.steps(late.transaction_id)] == [1, 2, 3, 4, 5]
    assert balance(store) == dollars("100.00")


def test_no_step_is_written_on_top_of_what_was_read_before_it_became_small(store):
    """Or the ciphertext would be back, and the name of the object gone."""
    before, after = small(store)
    with pytest.raises(Stale):
        store.payouts.write(advance(before, returned()))
    assert store.payouts.get(after.transaction_id) == after


def test_a_payout_that_has_heard_something_does_not_become_small(store):
    payout = completed(store)
    late = store.payouts.write(advance(payout, returned()))
    with pytest.raises(Stale):
        store.payouts.shrink(payout, shrunk(payout, NAME))
    assert store.payouts.get(payout.transaction_id) == late


def test_a_payout_becomes_small_once(store):
    payout, after = small(store)
    with pytest.raises(Stale):
        store.payouts.shrink(payout, shrunk(payout, "another-object"))
    assert store.payouts.get(payout.transaction_id) == after
    again = shrunk(after, "another-object")
    store.payouts.shrink(after, again)
    assert store.payouts.get(payout.transaction_id) == again


def test_a_payout_that_is_not_there_does_not_become_small(store):
    payout = claimed(an_intent("10.00"))[-1].after
    with pytest.raises(Stale):
        store.payouts.shrink(payout, shrunk(payout, NAME))
    assert store.payouts.get(payout.transaction_id) is None


def test_what_becomes_small_says_nothing_else(store):
    payout = completed(store)
    other = replace(shrunk(payout, NAME), status=Status.RETURNED)
    with pytest.raises(ValueError, match="saying less"):
        store.payouts.shrink(payout, other)
    assert store.payouts.get(payout.transaction_id) == payout


def test_steps_of_a_small_payout_are_given_a_time_to_go_and_keep_it(store):
    payout, _ = small(store)
    steps = store.payouts.steps(payout.transaction_id)
    assert expiries(store, payout) == {}
    store.payouts.expire_steps(payout.transaction_id, steps, at=LATER)
    told = dict.fromkeys((1, 2, 3, 4), int(LATER.timestamp()))
    assert expiries(store, payout) == told
    store.payouts.expire_steps(payout.transaction_id, steps, at=LATER + timedelta(days=1))
    assert expiries(store, payout) == told
    assert store.payouts.steps(payout.transaction_id) == steps


def test_no_step_goes_of_a_payout_that_does_not_say_where_it_lies(store):
    payout = completed(store)
    steps = store.payouts.steps(payout.transaction_id)
    with pytest.raises(Stale):
        store.payouts.expire_steps(payout.transaction_id, steps, at=LATER)
    assert expiries(store, payout) == {}
    with pytest.raises(Stale):
        store.payouts.expire_steps("no-such-payout", steps, at=LATER)


def test_no_later_step_goes_than_is_archived(store):
    _, after = small(store)
    late = store.payouts.write(advance(after, returned()))
    steps = store.payouts.steps(late.transaction_id)
    with pytest.raises(Stale):
        store.payouts.expire_steps(late.transaction_id, steps, at=LATER)
    store.payouts.expire_steps(late.transaction_id, steps[:4], at=LATER)
    assert sorted(expiries(store, late)) == [1, 2, 3, 4]


def test_a_step_that_is_not_what_is_stored_does_not_go(store):
    payout, _ = small(store)
    first, *others = store.payouts.steps(payout.transaction_id)
    altered = [replace(first, hash="0" * 64), *others]
    with pytest.raises(Corrupt):
        store.payouts.expire_steps(payout.transaction_id, altered, at=LATER)
    assert expiries(store, payout) == {}


def test_more_steps_than_one_transaction_holds_are_all_given_a_time(store):
    rich_customer(store, "100.00")
    payout = store.payouts.write(*claimed(an_intent("10.00")))
    payout = hear(store, payout, accepted())
    asked: list[Step] = []
    for number in range(1, 111):
        at = START + timedelta(minutes=number)
        before = asked[-1].after if asked else payout
        asked.append(advance(before, Asked(at=at, by="poller", attempt=1, found=True)))
    for some in range(0, 110, 10):
        payout = store.payouts.write(*asked[some : some + 10])
    payout = hear(store, payout, confirmed())
    store.payouts.shrink(payout, shrunk(payout, NAME))
    steps = store.payouts.steps(payout.transaction_id)
    assert len(steps) == 114
    store.payouts.expire_steps(payout.transaction_id, steps, at=LATER)
    assert sorted(expiries(store, payout)) == list(range(1, 115))


def let_go(store, payout, sequences):
    """The table forgets steps whose time has come."""
    if isinstance(store.client, MemoryDynamo):
        table = store.client._tables[store.tables.events]
        for key in [
            key for key, item in table.rows.items() if int(item["sequence"]["N"]) in sequences
        ]:
            table.remove(key)
    elif store.client is None:
        steps = store.payouts._state.steps
        kept = [each for each in steps[payout.transaction_id] if each.sequence not in sequences]
        steps[payout.transaction_id] = kept
    else:
        for sequence in sequences:
            own: Any = {"account": {"S": payout.transaction_id}, "sequence": {"N": str(sequence)}}
            store.client.delete_item(TableName=store.tables.events, Key=own)


def test_steps_that_have_gone_already_are_no_failure(store):
    payout, _ = small(store)
    steps = store.payouts.steps(payout.transaction_id)
    let_go(store, payout, {1, 2})
    store.payouts.expire_steps(payout.transaction_id, steps, at=LATER)
    assert sorted(expiries(store, payout)) == [3, 4]
    let_go(store, payout, {3, 4})
    store.payouts.expire_steps(payout.transaction_id, steps, at=LATER)
    assert store.payouts.steps(payout.transaction_id) == []


def test_a_payouts_own_row_never_goes(store):
    payout, _ = small(store)
    steps = store.payouts.steps(payout.transaction_id)
    store.payouts.expire_steps(payout.transaction_id, steps, at=LATER)
    store.clock.advance(timedelta(days=3000))
    assert store.payouts.get(payout.transaction_id) is not None
    if store.client is not None:
        item = store.client.get_item(
            TableName=store.tables.transactions,
            Key={"transaction_id": {"S": payout.transaction_id}},
        )["Item"]
        assert "expires_at" not in item
        assert "ciphertext" not in item["destination"]["M"]


def until_heard(deed):
    """Do it until its writer is told that it is done."""
    for _ in range(4):
        try:
            return deed()
        except StoreUnavailable:
            continue
    raise AssertionError("it was never told")


def test_a_lost_reply_leaves_a_payout_small_once_and_its_steps_with_a_time(store):
    payout = completed(store)
    after = shrunk(payout, NAME)
    steps = store.payouts.steps(payout.transaction_id)
    store.lose_replies(1)
    try:
        store.payouts.shrink(payout, after)
    except StoreUnavailable:
        with pytest.raises(Stale):
            store.payouts.shrink(payout, after)
    assert store.payouts.get(payout.transaction_id) == after
    store.lose_replies(1)
    until_heard(lambda: store.payouts.expire_steps(payout.transaction_id, steps, at=LATER))
    assert sorted(expiries(store, payout)) == [1, 2, 3, 4]


DAY = date(2026, 3, 2)


def test_a_sweep_is_read_as_it_was_kept(store):
    assert store.sweeps.get() is None
    first = store.sweeps.save(Sweep(DAY))
    assert first == Sweep(DAY, version=1)
    assert store.sweeps.get() == first
    second = store.sweeps.save(replace(first, after="a-payout", unsettled=NAME))
    assert second == Sweep(DAY, "a-payout", NAME, 2)
    assert store.sweeps.get() == second


def test_of_two_sweeps_on_top_of_one_reading_one_is_kept(store):
    first = store.sweeps.save(Sweep(DAY))
    with pytest.raises(Stale):
        store.sweeps.save(Sweep(DAY))
    second = store.sweeps.save(replace(first, after="a-payout"))
    with pytest.raises(Stale):
        store.sweeps.save(replace(first, after="another"))
    assert store.sweeps.get() == second


def test_a_sweep_whose_reply_was_lost_is_kept_or_can_be_read(store):
    store.lose_replies(1)
    try:
        kept = store.sweeps.save(Sweep(DAY))
    except StoreUnavailable:
        kept = store.sweeps.get()
    assert kept == store.sweeps.get() == Sweep(DAY, version=1)
