"""What `Settlements` promises: whole or not there, changed by version, and its rows never mixed."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import fields, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast

import pytest

from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.settlement_rows import CHUNK, chunk_key, key_of
from chalicelib.adapters.dynamo.settlements import DynamoSettlements
from chalicelib.adapters.dynamo.values import from_item, to_item
from chalicelib.domain.errors import Corrupt, Invalid, Stale, StoreUnavailable
from chalicelib.domain.money import ZERO, Money, total
from chalicelib.domain.settlement import Settlement, Share, Stage, with_shares
from tests.contracts.kept import DYNAMOS, STORES, dynamo_kept, memory_kept
from tests.contracts.making import dollars
from tests.contracts.paging import everything
from tests.contracts.stores import NOBODY, client_of
from tests.fakes.clock import START
from tests.fakes.settlements import MemorySettlements
from tests.fakes.state import State

if TYPE_CHECKING:
    from chalicelib.ports import Settlements

SOME = tuple(Share(row, f"customer-{row % 7}", Money(row)) for row in range(1, 4))


def many(count):
    return tuple(Share(row, f"customer-{row % 7}", Money(row)) for row in range(1, count + 1))


def a_settlement(name="one", shares=SOME, **changed):
    amount = total(share.amount for share in shares) + dollars("5.00")
    plain = Settlement(f"settlement-{name}", date(2026, 3, 4), amount, "FDMS 0042", START, "maker")
    return replace(with_shares(plain, shares), **changed)


def added(kept, name="one", shares=SOME, **changed):
    settlement = a_settlement(name, shares, **changed)
    kept.port.add(settlement, shares)
    return settlement


@pytest.fixture(params=STORES)
def kept(request):
    if request.param == "memory":
        yield memory_kept(MemorySettlements)
        return
    with dynamo_kept(DynamoSettlements, request) as those:
        yield those


@pytest.fixture(params=DYNAMOS)
def dynamo_only(request):
    with dynamo_kept(DynamoSettlements, request) as those:
        yield those


def test_a_settlement_is_read_as_it_was_added(kept):
    settlement = added(kept)
    assert kept.port.get("settlement-one") == settlement
    assert kept.port.get("settlement-two") is None
    assert tuple(kept.port.shares(settlement, first=1, most=10)) == SOME


def test_a_settlement_without_rows_is_one_too(kept):
    settlement = added(kept, shares=())
    assert kept.port.get("settlement-one") == settlement
    assert list(kept.port.shares(settlement, first=1, most=10)) == []


def test_everything_that_a_settlement_knows_is_kept(kept):
    added(kept)
    whole = a_settlement(
        stage=Stage.CANCELLED, receipts=("N1", "D2"), received=dollars("0.10"), allocated_rows=2,
        version=2, cancelled_at=START + timedelta(hours=1), cancelled_by="somebody", reason="Twice",
    )  # fmt: skip
    told = {field.name for field in fields(whole)}
    empty = {name for name in told if not getattr(whole, name)}
    assert empty == set(), "a new field is to be stored, and tried here"
    kept.port.write(whole, version=1)
    assert kept.port.get("settlement-one") == whole


def test_an_id_that_is_taken_is_stale_and_its_settlement_stays(kept):
    settlement = added(kept)
    for again in (settlement, a_settlement(shares=SOME[:1])):
        with pytest.raises(Stale):
            kept.port.add(again, SOME[: again.shares])
    assert kept.port.get("settlement-one") == settlement
    assert tuple(kept.port.shares(settlement, first=1, most=10)) == SOME


@pytest.mark.parametrize(
    "unsound",
    [
        (a_settlement(shares=SOME[:2]), SOME),
        (a_settlement(shared=dollars("0.07")), SOME),
        (a_settlement(digest="another"), SOME),
        (a_settlement(shares=SOME[1:]), SOME[1:]),
        (a_settlement(shares=SOME[::-1]), SOME[::-1]),
    ],
    ids=["count", "sum", "digest", "not from one", "not in order"],
)
def test_a_settlement_that_is_not_that_of_its_rows_is_refused(kept, unsound):
    with pytest.raises(ValueError, match="settlement"):
        kept.port.add(*unsound)
    assert kept.port.get("settlement-one") is None


@pytest.mark.parametrize("count", [CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK + 3])
def test_rows_are_read_from_anywhere_to_anywhere(kept, count):
    shares = many(count)
    settlement = added(kept, shares=shares)
    for first, most in [(1, 1), (1, count), (count, 1), (count - 1, 5), (CHUNK - 1, 3),
                        (1, 10 * count), (count + 1, 3), (1, 0)]:  # fmt: skip
        found = kept.port.shares(settlement, first=first, most=most)
        assert tuple(found) == shares[first - 1 : first - 1 + most], (first, most)


def test_a_change_is_written_once_by_version(kept):
    before = added(kept)
    after = replace(before, received=dollars("5.00"), receipts=("N1",), version=2)
    kept.port.write(after, version=1)
    with pytest.raises(Stale):
        kept.port.write(replace(before, stage=Stage.CANCELLED, version=2), version=1)
    with pytest.raises(Stale):
        kept.port.write(a_settlement("of nobody", version=2), version=1)
    assert kept.port.get("settlement-one") == after
    assert kept.port.get("settlement-of nobody") is None
    kept.port.write(replace(after, allocated_rows=2), version=2)
    assert kept.port.get("settlement-one") == replace(after, allocated_rows=2, version=3)


def test_the_open_ones_are_listed_by_their_day_and_the_ended_are_not(kept):
    days = {"late": 9, "early": 3, "now": 4, "done": 1, "gone": 2, "half": 5}
    for name, day in days.items():
        added(kept, name, due_on=date(2026, 3, day))
    for name, stage in {
        "done": Stage.SETTLED,
        "gone": Stage.CANCELLED,
        "half": Stage.ALLOCATING,
    }.items():
        written = replace(kept.port.get(f"settlement-{name}"), stage=stage, version=2)
        kept.port.write(written, version=1)
    names = [each.settlement_id.removeprefix("settlement-") for each in kept.port.open()]
    assert names == ["early", "now", "half", "late"]


def test_of_many_open_ones_none_is_left_out(kept):
    for number in range(230):
        added(kept, f"{number}", (), created_at=START + timedelta(seconds=number))
    assert len({each.settlement_id for each in kept.port.open()}) == 230


def test_all_are_listed_newest_first_whatever_became_of_them(kept):
    for number in range(7):
        added(kept, f"{number}", created_at=START + timedelta(minutes=number))
    ended = replace(kept.port.get("settlement-3"), stage=Stage.SETTLED, version=2)
    kept.port.write(ended, version=1)
    names = [each.settlement_id for each in everything(kept.port.page)]
    assert names == [f"settlement-{number}" for number in range(6, -1, -1)]
    with pytest.raises(Invalid):
        kept.port.page(limit=1, position={"about": "customers"})


@pytest.mark.parametrize("replies", [1, 2, 3])
def test_a_settlement_whose_replies_are_lost_is_added_once_and_whole(kept, replies):
    shares = many(CHUNK + 2)
    settlement = a_settlement(shares=shares)
    kept.lose_replies(replies)
    with suppress(StoreUnavailable):  # nobody knows: again is safe
        kept.port.add(settlement, shares)
    kept.lose_replies(0)
    with suppress(Stale):
        kept.port.add(settlement, shares)
    assert kept.port.get("settlement-one") == settlement
    assert tuple(kept.port.shares(settlement, first=1, most=len(shares))) == shares


def test_a_change_whose_reply_is_lost_is_written_once(kept):
    before = added(kept)
    after = replace(before, receipts=("N1",), version=2)
    kept.lose_replies(1)
    try:
        kept.port.write(after, version=1)
    except StoreUnavailable:
        assert isinstance(kept.port, MemorySettlements)
    kept.lose_replies(0)
    assert kept.port.get("settlement-one") == after


def test_another_change_is_not_taken_for_ours_whose_reply_was_lost(dynamo_only):
    before = added(dynamo_only)
    dynamo_only.port.write(replace(before, receipts=("N1",)), version=1)
    dynamo_only.lose_replies(1)  # that of the refusal
    with pytest.raises(Stale):
        dynamo_only.port.write(replace(before, receipts=("N2",)), version=1)
    found = dynamo_only.port.get("settlement-one")
    assert found.receipts == ("N1",)


class Crash(Exception):
    """The process ends."""


class Ending:
    """A client whose process ends after so many writes."""

    def __init__(self, client, after):
        self._client, self._left = client, after

    def __getattr__(self, name):
        return getattr(self._client, name)

    def put_item(self, **request: Any) -> Any:
        if not self._left:
            raise Crash
        self._left -= 1
        return self._client.put_item(**request)


def crash(kept, settlement, shares, after):
    ending: Any = Ending(kept.client, after)
    with pytest.raises(Crash):
        DynamoSettlements(Session(ending), kept.table).add(settlement, shares)


@pytest.mark.parametrize("after", [0, 1, 2, 3])
def test_a_settlement_is_there_only_when_all_its_rows_are(dynamo_only, after):
    shares = many(2 * CHUNK + 1)
    settlement = a_settlement(shares=shares)
    crash(dynamo_only, settlement, shares, after)
    assert dynamo_only.port.get("settlement-one") is None
    assert dynamo_only.port.open() == []
    dynamo_only.port.add(settlement, shares)
    assert dynamo_only.port.get("settlement-one") == settlement
    assert tuple(dynamo_only.port.shares(settlement, first=1, most=len(shares))) == shares


def test_rows_that_a_crash_left_never_mix_with_those_of_another_body(dynamo_only):
    left = many(3 * CHUNK)
    crash(dynamo_only, a_settlement(shares=left), left, 2)
    shares = tuple(replace(share, amount=share.amount + Money(1)) for share in left)
    settlement = added(dynamo_only, shares=shares)
    assert tuple(dynamo_only.port.shares(settlement, first=1, most=len(shares))) == shares
    with pytest.raises(Stale):  # the first comes back
        dynamo_only.port.add(a_settlement(shares=left), left)
    assert dynamo_only.port.get("settlement-one") == settlement
    assert tuple(dynamo_only.port.shares(settlement, first=1, most=len(shares))) == shares


def test_rows_that_are_missing_or_others_are_no_rows(dynamo_only):
    shares = many(CHUNK + 1)
    settlement = a_settlement(shares=shares)
    with pytest.raises(Corrupt):
        dynamo_only.port.shares(settlement, first=1, most=1)
    forged = {"key": chunk_key(settlement, 1), "first": CHUNK + 1, "shares": []}
    dynamo_only.client.put_item(TableName=dynamo_only.table, Item=to_item(forged))
    with pytest.raises(Corrupt):
        dynamo_only.port.add(settlement, shares)
    assert dynamo_only.port.get("settlement-one") is None
    assert len(dynamo_only.port.shares(settlement, first=1, most=CHUNK)) == CHUNK
    with pytest.raises(Corrupt):
        dynamo_only.port.shares(settlement, first=1, most=CHUNK + 1)


@pytest.mark.parametrize("spoilt", [{"stage": "Lost"}, {"amount": "x"}, {"due_on": None}])
def test_a_row_that_no_settlement_can_have_is_corrupt(dynamo_only, spoilt):
    added(dynamo_only)
    where = {"TableName": dynamo_only.table, "Key": to_item({"key": key_of("settlement-one")})}
    row = from_item(dynamo_only.client.get_item(**where)["Item"])
    dynamo_only.client.put_item(TableName=dynamo_only.table, Item=to_item(row | spoilt))
    with pytest.raises(Corrupt):
        dynamo_only.port.get("settlement-one")


# moto takes seconds for what a client waits three for.
@pytest.mark.parametrize("dynamo_only", ["simulated", "ministack"], indirect=True)
def test_ten_thousand_rows_come_back_each_as_it_was(dynamo_only):
    shares = tuple(
        Share(row, f"6f1d2a0e-6d5c-4b0a-9b53-{row:012d}", Money(10**13 + row))
        for row in range(1, 10_001)
    )
    settlement = added(dynamo_only, shares=shares)
    assert tuple(dynamo_only.port.shares(settlement, first=1, most=10_000)) == shares
    assert settlement.shared > ZERO


@pytest.mark.parametrize("kind", ["memory", "dynamo"])
def test_every_method_says_that_the_store_is_away(kind):
    settlement, port = a_settlement(), cast("Settlements", MemorySettlements(State(down=True)))
    if kind == "dynamo":
        port = DynamoSettlements(Session(client_of(NOBODY), within=0.01), "control")
    for call in (
        lambda: port.add(settlement, SOME),
        lambda: port.get("any"),
        lambda: port.shares(settlement, first=1, most=1),
        lambda: port.write(settlement, version=1),
        port.open,
        lambda: port.page(limit=1, position=None),
    ):
        with pytest.raises(StoreUnavailable):
            call()
