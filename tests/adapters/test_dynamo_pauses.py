"""A pause on DynamoDB, cut at every one of its writes, and met by others in the midst of it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest
from botocore.exceptions import ConnectTimeoutError

from chalicelib.adapters.dynamo.pauses import DynamoPauses
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.values import to_item
from chalicelib.adapters.dynamo.wire_rows import SHARDS, last_from, shard, wire_from
from chalicelib.domain.errors import Corrupt, Stale, StoreUnavailable
from chalicelib.domain.pause import Ending, Kind, Pause, Scope
from chalicelib.domain.rails import Rail
from chalicelib.domain.refusals import Paused
from tests.contracts.making import a_customer, an_intent, claimed, rich_customer
from tests.contracts.stores import Store, simulated_store
from tests.fakes.clock import START

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LATER = START + timedelta(minutes=5)
EVERYTHING = Scope(Kind.EVERYTHING)
SCOPES = (EVERYTHING, Scope(Kind.RAIL, Rail.NPP), Scope(Kind.CUSTOMER, customer_id="customer-1"))
ENDING = Ending("anna", LATER, "a false alarm")
# Writes: it begins, sixteen rows, and that it is in force; it ends, and is taken back as often.
MOST = 24


class Cut:
    """A client that is dead after so many writes: nothing of ours reaches the service any more."""

    def __init__(self, client: object, after: int) -> None:
        self._client = client
        self.left = after

    def __getattr__(self, name: str) -> object:
        call = getattr(self._client, name)

        def made(**request: object) -> object:
            if name in {"transact_write_items", "update_item", "put_item"}:
                self.left -= 1
            if self.left < 0:
                raise ConnectTimeoutError(endpoint_url="dead")
            return call(**request)

        return made


def a_pause(scope: Scope = EVERYTHING, pause_id: str = "pause-1") -> Pause:
    return Pause(pause_id, scope, "an alarm", "hanna", START)


@pytest.fixture
def store() -> Store:
    made = simulated_store()
    rich_customer(made)
    made.customers.add(a_customer("customer-2"))
    return made


def cut(store: Store, after: int) -> DynamoPauses:
    true = cast("DynamoPauses", store.pauses)
    client = cast("DynamoDBClient", Cut(true._session.client, after))
    return DynamoPauses(Session(client, within=0.0, sleep=lambda _: None), true._tables)


def claims_are_refused(store: Store) -> set[bool]:
    """Whether a claim in each of the sixteen rows is refused; nothing is written that is not."""
    told: set[bool] = set()
    seen: set[str] = set()
    while len(seen) < len(SHARDS):
        intent = an_intent("0.01")
        if shard(intent.transaction_id) in seen:
            continue
        seen.add(shard(intent.transaction_id))
        try:
            store.payouts.write(*claimed(intent))
            told.add(False)
        except Paused:
            told.add(True)
    return told


def finish(store: Store) -> Pause:
    stored = store.pauses.begin(a_pause())
    return store.pauses.enforce(stored, at=LATER)


@pytest.mark.parametrize("after", range(MOST))
def test_cut_at_any_write_it_is_not_called_in_force_and_done_again_it_is(store, after):
    dying = cut(store, after)
    try:
        dying.enforce(dying.begin(a_pause()), at=START)
        whole = True
    except StoreUnavailable:
        whole = False
    stored = store.pauses.get("pause-1")
    assert whole is (stored is not None and stored.is_in_force)
    if whole:
        assert claims_are_refused(store) == {True}
    assert finish(store).is_in_force
    assert claims_are_refused(store) == {True}


@pytest.mark.parametrize("after", range(MOST))
def test_cut_at_any_write_of_its_end_it_stands_until_that_is_done_again(store, after):
    stands = finish(store)
    dying = cut(store, after)
    try:
        dying.lift(dying.end(stands, ENDING), at=LATER)
    except StoreUnavailable:
        (still,) = store.pauses.standing()
        assert store.pauses.lift(store.pauses.end(still, ENDING), at=LATER).lifted_at
    assert store.pauses.standing() == []
    assert claims_are_refused(store) == {False}


def test_who_puts_it_in_force_late_writes_nothing_after_its_end(store):
    """Killed half way, ended and lifted by others: the sleeper wakes, and leaves no row paused."""
    with pytest.raises(StoreUnavailable):
        cut(store, 9).enforce(store.pauses.begin(a_pause()), at=START)
    asleep = store.pauses.get("pause-1")
    store.pauses.lift(store.pauses.end(asleep, ENDING), at=LATER)
    with pytest.raises(Stale):
        store.pauses.enforce(asleep, at=LATER)
    assert claims_are_refused(store) == {False}


def test_who_lifts_it_late_does_not_lift_the_next_one_of_its_scope(store):
    for scope in SCOPES:
        first, second = f"one {scope.key}", f"two {scope.key}"
        stands = store.pauses.enforce(store.pauses.begin(a_pause(scope, first)), at=START)
        ended = store.pauses.end(stands, ENDING)
        store.pauses.lift(ended, at=LATER)
        following = store.pauses.enforce(store.pauses.begin(a_pause(scope, second)), at=LATER)
        store.pauses.lift(ended, at=LATER)
        assert claims_are_refused(store) == {True}
        assert list(store.pauses.standing()) == [following]
        store.pauses.lift(store.pauses.end(following, ENDING), at=LATER)
        assert claims_are_refused(store) == {False}


def test_a_pause_that_the_register_names_and_nobody_knows_is_a_defect(store):
    store.pauses.begin(a_pause())
    true = cast("DynamoPauses", store.pauses)
    true._session.client.lose(true._tables.control, "pause#pause-1")  # type: ignore[attr-defined]
    with pytest.raises(Corrupt):
        store.pauses.begin(a_pause(pause_id="pause-2"))


def test_rows_that_cannot_be_read_are_told_as_that(store):
    with pytest.raises(Corrupt):
        wire_from([{"sending#x": {"reference": "x"}}])
    with pytest.raises(Corrupt):
        wire_from([{"last#Pigeon": {}}])
    with pytest.raises(Corrupt):
        last_from({"key": "sent#x", "last": {}})
    true = cast("DynamoPauses", store.pauses)
    store.pauses.begin(a_pause())
    true._session.client.put_item(
        TableName=true._tables.control,
        Item={"key": {"S": "pause#pause-1"}, "kind": {"S": "of the moon"}},
    )
    with pytest.raises(Corrupt):
        store.pauses.get("pause-1")


def test_of_two_who_begin_at_once_one_is_first(store):
    """Between the reading of the register and the write, somebody else begins."""
    true = cast("DynamoPauses", store.pauses)

    class Meanwhile(DynamoPauses):
        begun = False

        def _names(self):
            names = super()._names()
            if not self.begun:
                self.begun = True
                true.begin(a_pause(pause_id="first"))
            return names

    late = Meanwhile(true._session, true._tables)
    assert late.begin(a_pause(pause_id="second")).pause_id == "first"
    assert true.get("second") is None


def test_when_too_many_are_first_again_and_again_it_says_so(store):
    true = cast("DynamoPauses", store.pauses)
    true.begin(a_pause(pause_id="first"))

    class Blind(DynamoPauses):
        def _names(self):
            return {}

    session = Session(true._session.client, within=0.05, sleep=lambda _: None)
    with pytest.raises(StoreUnavailable):
        Blind(session, true._tables).begin(a_pause(pause_id="second"))


def test_the_sixteen_rows_share_the_payouts_evenly():
    rows = [shard(an_intent().transaction_id) for _ in range(1600)]
    assert set(rows) == set(SHARDS)
    assert max(rows.count(each) for each in SHARDS) < 200


def test_one_that_cannot_be_read_or_is_gone_is_told_and_hides_no_other(store: Store) -> None:
    assert store.client and store.tables  # noqa: PT018
    for number, scope in enumerate(SCOPES):
        store.pauses.begin(Pause(f"pause-{number}", scope, "an alarm", "hanna", START))
    key = to_item({"key": "pause#pause-0"})
    store.client.update_item(
        TableName=store.tables.control, Key=key, UpdateExpression="SET kind = :odd",
        ExpressionAttributeValues={":odd": {"S": "odd"}},
    )  # fmt: skip
    store.client.update_item(
        TableName=store.tables.control, Key=to_item({"key": "pauses"}),
        UpdateExpression="SET #gone = :gone",
        ExpressionAttributeNames={"#gone": "scope#customer#customer-2"},
        ExpressionAttributeValues={":gone": {"S": "pause-gone"}},
    )  # fmt: skip
    assert [each.pause_id for each in store.pauses.standing()] == ["pause-1", "pause-2"]
    assert list(store.pauses.unreadable()) == ["pause-0", "pause-gone"]
