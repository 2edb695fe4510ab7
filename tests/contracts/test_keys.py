"""What `Keys` promises: one claim at a time, done for ever, and nothing of what was said."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace

import pytest

from chalicelib.adapters.dynamo.keys import DynamoKeys
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.values import from_item, to_item
from chalicelib.domain.errors import Corrupt, StoreUnavailable
from chalicelib.ports import Keys, Use
from tests.contracts.kept import DYNAMOS, STORES, dynamo_kept, memory_kept
from tests.contracts.stores import NOBODY, client_of
from tests.fakes.clock import START
from tests.fakes.keys import MemoryKeys
from tests.fakes.state import State


@pytest.fixture(params=STORES)
def kept(request):
    if request.param == "memory":
        yield memory_kept(MemoryKeys)
        return
    with dynamo_kept(DynamoKeys, request) as those:
        yield those


@pytest.fixture(params=DYNAMOS)
def dynamo_only(request):
    with dynamo_kept(DynamoKeys, request) as those:
        yield those


def a_use(claim="1", **changed):
    fields = {"reason": "0f" * 32, "transaction_id": "1e" * 32}
    return replace(Use("key-one", "cancel_payout", "olive", fields, claim, START), **changed)


OTHERS = [
    a_use("2", by="paul"),
    a_use("2", operation="agree_to_resolution"),
    a_use("2", fields={"reason": "2d" * 32, "transaction_id": "1e" * 32}),
    a_use("2", fields={"transaction_id": "1e" * 32}),
]


def test_a_new_key_is_claimed(kept):
    assert kept.port.claim(a_use()) is None


def test_a_key_that_is_done_is_found_as_it_was_used(kept):
    kept.port.claim(a_use())
    kept.port.finish(a_use())
    assert kept.port.claim(a_use("2")) == a_use(done=True)
    assert kept.port.claim(OTHERS[0]) == a_use(done=True)


def test_nothing_that_was_said_counts_too(kept):
    use = a_use(fields={})
    kept.port.claim(use)
    kept.port.finish(use)
    assert kept.port.claim(a_use("2", fields={})) == replace(use, done=True)


@pytest.mark.parametrize("other", OTHERS)
def test_a_claim_stands_in_the_way_of_another_request(kept, other):
    kept.port.claim(a_use())
    assert kept.port.claim(other) == a_use()
    kept.port.finish(a_use())
    assert kept.port.claim(other) == a_use(done=True)


def test_a_claim_that_was_never_finished_goes_to_the_next_try(kept):
    kept.port.claim(a_use())
    assert kept.port.claim(a_use("2")) is None
    assert kept.port.claim(OTHERS[0]) == a_use("2")


def test_a_claim_that_was_released_is_as_if_it_had_never_been(kept):
    kept.port.claim(a_use())
    kept.port.release(a_use())
    assert kept.port.claim(OTHERS[0]) is None


def test_a_claim_that_another_try_took_over_is_not_released(kept):
    kept.port.claim(a_use())
    kept.port.claim(a_use("2"))
    kept.port.release(a_use())
    assert kept.port.claim(OTHERS[0]) == a_use("2")


def test_what_is_done_is_not_released(kept):
    kept.port.claim(a_use())
    kept.port.finish(a_use())
    kept.port.release(a_use())
    assert kept.port.claim(a_use("2")) == a_use(done=True)


def test_what_was_released_by_a_try_beside_it_is_finished_all_the_same(kept):
    kept.port.claim(a_use())
    kept.port.claim(a_use("2"))
    kept.port.release(a_use("2"))
    kept.port.finish(a_use())
    assert kept.port.claim(a_use("3")) == a_use(done=True)


@pytest.mark.parametrize("other", OTHERS)
def test_finishing_takes_no_key_from_another_request(kept, other):
    kept.port.claim(other)
    kept.port.finish(a_use())
    assert kept.port.claim(a_use("3")) == other


def test_releasing_what_nobody_claimed_does_nothing(kept):
    kept.port.release(a_use())
    assert kept.port.claim(a_use()) is None


def test_of_many_who_claim_one_key_for_different_things_one_has_it(kept):
    uses = [a_use(str(number), fields={"reason": f"{number:064x}"}) for number in range(8)]
    with ThreadPoolExecutor(8) as crowd:
        found = list(crowd.map(kept.port.claim, uses))
    (winner,) = [use for use, before in zip(uses, found, strict=True) if before is None]
    assert {before.claim_id for before in found if before} == {winner.claim_id}


@pytest.mark.parametrize("act", ["claim", "finish", "release"])
def test_a_lost_reply_leaves_it_done_once(kept, act):
    if act != "claim":
        kept.port.claim(a_use())
    kept.lose_replies(1)
    with suppress(StoreUnavailable):  # nobody knows: again is safe
        assert getattr(kept.port, act)(a_use()) is None
    kept.lose_replies(0)
    getattr(kept.port, act)(a_use())
    wanted = {"claim": a_use(), "finish": a_use(done=True), "release": None}[act]
    assert kept.port.claim(OTHERS[0]) == wanted


@pytest.mark.parametrize("spoilt", [{"by": "paul"}, {"fields": {}}, {"claimed_at": "x"},
                                    {"operation": None}])  # fmt: skip
def test_a_row_that_no_use_can_have_is_corrupt(dynamo_only, spoilt):
    dynamo_only.port.claim(a_use())
    dynamo_only.port.finish(a_use())
    where = {"TableName": dynamo_only.table, "Key": to_item({"key": "key#key-one"})}
    row = from_item(dynamo_only.client.get_item(**where)["Item"])
    dynamo_only.client.put_item(TableName=dynamo_only.table, Item=to_item(row | spoilt))
    with pytest.raises(Corrupt):
        dynamo_only.port.claim(a_use("2"))


def test_a_row_has_no_end_and_nothing_else_than_a_use(dynamo_only):
    dynamo_only.port.claim(a_use())
    where = {"TableName": dynamo_only.table, "Key": to_item({"key": "key#key-one"})}
    row = from_item(dynamo_only.client.get_item(**where)["Item"])
    assert row.keys() == {
        "key", "key_id", "operation", "by", "fields", "mark", "claim_id", "claimed_at", "done",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["memory", "dynamo"])
def test_every_method_says_that_the_store_is_away(kind):
    port: Keys = MemoryKeys(State(down=True))
    if kind == "dynamo":
        port = DynamoKeys(Session(client_of(NOBODY), within=0.01), "control")
    for call in (port.claim, port.finish, port.release):
        with pytest.raises(StoreUnavailable):
            call(a_use())
