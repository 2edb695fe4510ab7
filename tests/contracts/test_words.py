"""What `Words` promises: counters that count, list, end somewhere, and never get in the way."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.words import QUIET, UNMAPPED, DynamoWords
from chalicelib.domain.errors import Invalid, StoreUnavailable
from chalicelib.ports import Unmapped
from tests.contracts.conftest import OPTED_IN, made
from tests.contracts.losing import LossyDynamo, Replies
from tests.contracts.paging import everything
from tests.fakes.clock import START, FakeClock
from tests.fakes.dynamo_template import make_tables
from tests.fakes.state import State
from tests.fakes.words import MemoryWords

LATER = START + timedelta(hours=5)


@pytest.fixture(params=["fake", "memory", "ministack", "moto", *OPTED_IN])
def words(request):
    """Makes counters of at most so many texts."""
    if request.param == "fake":
        yield lambda most=10: MemoryWords(State(), most=most)
        return
    with made(request.param, request) as (client, tables):
        session = Session(client, within=20)
        yield lambda most=10: DynamoWords(session, tables.control, clock=FakeClock(), most=most)


def test_a_text_is_counted_from_when_it_was_first_heard_to_the_last(words):
    some = words()
    some.count("account …", example="payout-1", at=START)
    some.count("account …", example="payout-2", at=LATER)
    some.count("# …", example="payout-3", at=START + timedelta(hours=1))
    assert everything(some.page) == [
        Unmapped("account …", 2, START, LATER, "payout-2"),
        Unmapped("# …", 1, START + timedelta(hours=1), START + timedelta(hours=1), "payout-3"),
    ]


def test_they_are_listed_page_by_page_the_longest_known_first(words):
    some = words()
    for number in reversed(range(7)):
        some.count(f"text {'x' * number}", example="p", at=START + timedelta(minutes=number))
    for limit in (1, 3, 10):
        found = everything(some.page, limit)
        assert [each.first_seen for each in found] == [
            START + timedelta(minutes=number) for number in range(7)
        ]
    with pytest.raises(Invalid):
        some.page(limit=1, position={"listing": "finding#open"})


def test_there_is_an_end_to_how_many_texts_are_counted_and_those_go_on(words):
    some = words(most=2)
    for text in ("one", "two", "three", "four", "one", "three", "two"):
        some.count(text, example="p", at=START)
    assert {each.text: each.count for each in everything(some.page)} == {"one": 2, "two": 2}


def test_nothing_was_counted_at_the_beginning(words):
    assert everything(words().page) == []


def test_two_who_hear_a_new_text_at_once_both_count(dynamo):
    """The loser of the race finds the row that it could not make."""
    client, tables = dynamo
    one, two = (DynamoWords(Session(client), tables.control, clock=FakeClock()) for _ in "12")
    assert not one._again("new", "p", START)
    two.count("new", example="q", at=START)
    one._first("new", "p", LATER)
    assert everything(one.page) == [Unmapped("new", 2, START, LATER, "p")]


class Counting:
    """A client that does nothing but fail, and says how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __getattr__(self, name):
        def fail(**_request):
            self.asked += 1
            raise RuntimeError(name)

        return fail


def test_a_store_in_trouble_is_asked_once_and_then_left_alone_for_a_while():
    clock = FakeClock()
    client: Any = Counting()
    some = DynamoWords(Session(client), "control", clock=clock)
    for _ in range(100):
        some.count("new", example="p", at=START)
    assert client.asked == 1
    clock.advance(QUIET - timedelta(seconds=1))
    some.count("new", example="p", at=START)
    assert client.asked == 1
    clock.advance(1)
    some.count("new", example="p", at=START)
    assert client.asked == 2


@pytest.mark.parametrize("known", [0, 1])
def test_a_count_whose_reply_is_lost_is_made_at_most_once_and_nobody_waits(known):
    clock, replies = FakeClock(), Replies()
    client: Any = LossyDynamo(replies, monotonic=clock.monotonic)
    tables = make_tables(client.create_table)
    slept: list[float] = []
    some = DynamoWords(Session(client, sleep=slept.append), tables.control, clock=clock)
    for _ in range(known):
        some.count("new", example="p", at=START)
    replies.lose(9)
    some.count("new", example="p", at=START)
    assert slept == []
    replies.lose(0)
    clock.advance(QUIET)
    found = {each.text: each.count for each in everything(some.page)}
    assert found.get("new", 0) <= known + 1
    some.count("new", example="p", at=START)
    assert known < {each.text: each.count for each in everything(some.page)}["new"] <= known + 2


def test_a_store_that_is_away_is_told_of_by_the_list_alone():
    state = State()
    fake = MemoryWords(state)
    state.down = True
    fake.count("new", example="p", at=START)
    with pytest.raises(StoreUnavailable):
        fake.page(limit=1, position=None)
    state.down = False
    assert fake.page(limit=1, position=None).items == []


def test_the_row_is_named_after_what_it_shows_and_its_list_is_the_indexs(dynamo):
    client, tables = dynamo
    DynamoWords(Session(client), tables.control, clock=FakeClock()).count(
        "new", example="p", at=START
    )
    names = {"listing": {"S": UNMAPPED}}
    found = client.query(
        TableName=tables.control, IndexName="listing",
        KeyConditionExpression="listing = :it", ExpressionAttributeValues={":it": names["listing"]},
    )["Items"]  # fmt: skip
    (row,) = found
    assert row["key"]["S"].startswith("unmapped#")
    assert row["text"] == {"S": "new"}
    everything_kept = {"key", "text", "heard", "example", "last_seen", "listing", "listed_at"}
    assert row.keys() == everything_kept
