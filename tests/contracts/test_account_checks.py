"""What `AccountChecks` promises: one check at a time, by version, and none is ever forgotten."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, cast

import pytest

from chalicelib.adapters.dynamo.account_checks import DynamoAccountChecks
from chalicelib.adapters.dynamo.check_rows import latest_key
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.values import from_item, to_item
from chalicelib.domain.account_check import AccountCheck, CheckStatus, KeptCheck, begin
from chalicelib.domain.errors import Corrupt, Stale, StoreUnavailable
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.names import NameMatch
from tests.contracts.kept import DYNAMOS, STORES, dynamo_kept, memory_kept
from tests.contracts.stores import NOBODY, client_of
from tests.fakes.account_checks import MemoryAccountChecks
from tests.fakes.clock import START
from tests.fakes.state import State

if TYPE_CHECKING:
    from chalicelib.ports import AccountChecks

LASTS = timedelta(hours=72)
DAY = date(2026, 3, 2)


def a_check(identifier="one", at=START, destination="d-1", **changed):
    check = begin(destination, identifier, at=at, by="operator", lasts=LASTS)
    return KeptCheck(replace(check, **changed), "c-1")


@pytest.fixture(params=STORES)
def kept(request):
    if request.param == "memory":
        yield memory_kept(MemoryAccountChecks)
        return
    with dynamo_kept(DynamoAccountChecks, request) as those:
        yield those


@pytest.fixture(params=DYNAMOS)
def dynamo_only(request):
    with dynamo_kept(DynamoAccountChecks, request) as those:
        yield those


def test_a_check_is_read_as_it_was_written(kept):
    assert kept.port.current("d-1") is None
    kept.port.write(a_check(), version=0)
    assert kept.port.current("d-1") == a_check()
    assert kept.port.called("d-1", "one") == a_check()
    assert kept.port.current("d-2") is None
    assert kept.port.called("d-1", "two") is None


def test_everything_that_a_check_knows_is_kept(kept):
    check = AccountCheck(
        "d-1", "one", CheckStatus.LOCKED, START, "operator", START + LASTS,
        match=NameMatch.NO_MATCH, owner="J*** C***", attempts=3,
        locked_until=START + timedelta(hours=1), ended_at=START + timedelta(hours=2),
        ended_by="admin", fee=Money(110), reason="SomeCode",
    )  # fmt: skip
    whole = KeptCheck(check, "c-1", token="fake-token", version=1)
    for value in (check, whole):
        empty = {field.name for field in fields(value) if not getattr(value, field.name)}
        assert empty == set(), "a new field is to be stored, and tried here"
    kept.port.write(whole, version=0)
    assert kept.port.current("d-1") == whole
    assert kept.port.called("d-1", "one") == whole


@pytest.mark.parametrize("fee", [None, ZERO, Money(9)])
def test_no_fee_is_another_thing_than_a_fee_of_nothing(kept, fee):
    kept.port.write(a_check(fee=fee), version=0)
    assert kept.port.current("d-1").check.fee == fee


def test_it_is_written_once_by_version(kept):
    kept.port.write(a_check(), version=0)
    for version in (0, 2):
        with pytest.raises(Stale):
            kept.port.write(a_check("two"), version=version)
    assert kept.port.current("d-1") == a_check()
    assert kept.port.called("d-1", "two") is None
    kept.port.write(a_check(status=CheckStatus.STARTED), version=1)
    after = replace(a_check(status=CheckStatus.STARTED), version=2)
    assert kept.port.current("d-1") == kept.port.called("d-1", "one") == after
    with pytest.raises(Stale):
        kept.port.write(a_check(), version=1)


def test_a_version_without_a_check_is_stale(kept):
    with pytest.raises(Stale):
        kept.port.write(a_check(), version=1)
    assert kept.port.current("d-1") is None


def test_the_check_before_is_found_by_its_name_when_another_is_the_latest(kept):
    kept.port.write(a_check(), version=0)
    kept.port.write(a_check("two", status=CheckStatus.STARTED), version=1)
    assert kept.port.current("d-1").check.identifier == "two"
    assert kept.port.called("d-1", "one") == a_check()
    assert kept.port.called("d-1", "two") == kept.port.current("d-1")


def test_those_of_a_sydney_date_are_listed_with_the_oldest_first(kept):
    midnight = START.replace(hour=13)  # 00:00 of the next day in Sydney
    moments = {"late": midnight - timedelta(microseconds=1), "early": START, "next": midnight}
    for number, (name, at) in enumerate(moments.items()):
        kept.port.write(a_check(name, at, f"d-{number}"), version=0)
    again = a_check("again", START + timedelta(minutes=1), "d-1", fee=Money(110))
    kept.port.write(again, version=1)
    found = [each.check.identifier for each in kept.port.started_on(DAY)]
    assert found == ["early", "again", "late"]
    assert kept.port.started_on(DAY)[1].check.fee == Money(110)
    assert [each.check.identifier for each in kept.port.started_on(date(2026, 3, 3))] == ["next"]
    assert list(kept.port.started_on(date(2026, 3, 1))) == []


def test_of_many_none_is_left_out(kept):
    for number in range(120):
        kept.port.write(a_check(f"{number}", START, f"d-{number}"), version=0)
    assert len({each.check.identifier for each in kept.port.started_on(DAY)}) == 120


@pytest.mark.parametrize("version", [0, 1])
def test_a_check_whose_reply_is_lost_is_written_once(kept, version):
    if version:
        kept.port.write(a_check(), version=0)
    after = a_check(status=CheckStatus.STARTED)
    kept.lose_replies(1)
    try:
        kept.port.write(after, version=version)
    except StoreUnavailable:
        assert isinstance(kept.port, MemoryAccountChecks)
    kept.lose_replies(0)
    assert kept.port.current("d-1") == replace(after, version=version + 1)
    assert kept.port.called("d-1", "one") == replace(after, version=version + 1)


def test_another_check_is_not_taken_for_ours_whose_reply_was_lost(dynamo_only):
    dynamo_only.port.write(a_check("two"), version=0)
    dynamo_only.lose_replies(1)  # that of the refusal
    with pytest.raises(Stale):
        dynamo_only.port.write(a_check("one"), version=0)
    assert dynamo_only.port.current("d-1").check.identifier == "two"


def named(identifier, destination="d-1", customer="c-1"):
    check = a_check(identifier, destination=destination, owner="J*** C***", match=NameMatch.CLOSE)
    return replace(check, customer_id=customer, token="fake-token")


def test_of_who_is_forgotten_every_check_loses_its_token_and_name_and_nothing_else(kept):
    kept.port.write(named("one"), version=0)
    kept.port.write(named("two"), version=1)
    kept.port.write(named("three", "d-2"), version=0)
    kept.port.write(named("four", "d-3", "c-2"), version=0)
    assert kept.port.forget("c-1") == 3
    for name, destination in (("one", "d-1"), ("two", "d-1"), ("three", "d-2")):
        left = kept.port.called(destination, name)
        assert (left.token, left.check.owner, left.check.match) == ("", "", NameMatch.CLOSE)
        assert replace(left, version=1) == replace(
            named(name, destination), token="", check=left.check
        )
    assert kept.port.current("d-1") == kept.port.called("d-1", "two")
    assert kept.port.current("d-2") == kept.port.called("d-2", "three")
    assert kept.port.current("d-3") == named("four", "d-3", "c-2")
    assert kept.port.forget("c-1") == 0
    assert kept.port.forget("nobody") == 0


def test_a_check_that_is_written_once_more_after_that_is_found_again(kept):
    kept.port.write(named("one"), version=0)
    kept.port.forget("c-1")
    kept.port.write(named("one"), version=1)
    assert kept.port.forget("c-1") == 1
    assert kept.port.current("d-1").token == ""


def test_what_somebody_writes_meanwhile_is_left_for_the_next_time(dynamo_only):
    dynamo_only.port.write(named("one"), version=0)
    true, after = dynamo_only.port._kept, replace(named("one"), version=1)
    turns = iter([True])

    def kept_a_moment_ago(key):
        read = true(key)
        if next(turns, False):
            dynamo_only.port.write(after, version=1)
        return read

    dynamo_only.port._kept = kept_a_moment_ago
    assert dynamo_only.port.forget("c-1") == 1
    assert dynamo_only.port.current("d-1") == replace(after, version=2)
    assert dynamo_only.port.called("d-1", "one").token == ""


@pytest.mark.parametrize("spoilt", [{"account_check": {}}, {"version": "x"}, {"customer_id": None}])
def test_a_row_that_no_check_can_have_is_corrupt(dynamo_only, spoilt):
    dynamo_only.port.write(a_check(), version=0)
    where = {"TableName": dynamo_only.table, "Key": to_item({"key": latest_key("d-1")})}
    row = from_item(dynamo_only.client.get_item(**where)["Item"])
    dynamo_only.client.put_item(TableName=dynamo_only.table, Item=to_item(row | spoilt))
    with pytest.raises(Corrupt):
        dynamo_only.port.current("d-1")


@pytest.mark.parametrize("kind", ["memory", "dynamo"])
def test_every_method_says_that_the_store_is_away(kind):
    port = cast("AccountChecks", MemoryAccountChecks(State(down=True)))
    if kind == "dynamo":
        port = DynamoAccountChecks(Session(client_of(NOBODY), within=0.01), "control")
    for call in (
        lambda: port.current("any"),
        lambda: port.called("any", "one"),
        lambda: port.write(a_check(), version=0),
        lambda: port.started_on(DAY),
        lambda: port.forget("c-1"),
    ):
        with pytest.raises(StoreUnavailable):
            call()
