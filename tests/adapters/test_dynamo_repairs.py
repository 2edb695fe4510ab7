"""What the repair of gaps remembers, and what each subscription was told."""

from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError

from chalicelib.adapters.dynamo.repairs import DynamoRepairs
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.told_tokens import DynamoTokens
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import Ending as LetterEnding
from chalicelib.domain.parked import Fate, ParkedLetter
from chalicelib.domain.repair import Asked, Ending
from chalicelib.domain.subscriptions import Token
from tests.adapters.samples import AT
from tests.usecases.gaps import Gaps

MINUTE = timedelta(minutes=1)


@pytest.fixture
def gaps():
    return Gaps(now=AT)


def asked(number="1", times=1, **more: Any):
    return Asked(number, "NppReturn", times, AT, AT, was_sent=False, latest=AT, **more)


def test_a_run_is_taken_once_in_ten_minutes(gaps):
    run = gaps.repairs.begin(AT)
    assert (run.began_at, run.since, run.keeps_id) == (AT, None, False)
    assert gaps.repairs.begin(AT + 9 * MINUTE) is None
    assert gaps.repairs.begin(AT + 10 * MINUTE) is not None


def test_of_two_who_take_it_at_once_one_gets_it(gaps):
    gaps.repairs.begin(AT - 60 * MINUTE)
    other = DynamoRepairs(Session(gaps.dynamo), gaps.tables.control)
    row = other._row

    def late():
        found = row()
        assert gaps.repairs.begin(AT) is not None
        return found

    other._row = late  # type: ignore[method-assign]
    assert other.begin(AT) is None


def test_how_far_a_run_came_is_there_for_the_next(gaps):
    run = gaps.repairs.begin(AT)
    gaps.repairs.finish(run, since=AT - MINUTE, keeps_id=True)
    following = gaps.repairs.begin(AT + 10 * MINUTE)
    assert (following.since, following.keeps_id) == (AT - MINUTE, True)


def test_a_run_that_was_overtaken_leaves_nothing(gaps):
    slow = gaps.repairs.begin(AT)
    run = gaps.repairs.begin(AT + 10 * MINUTE)
    gaps.repairs.finish(run, since=AT, keeps_id=False)
    gaps.repairs.finish(slow, since=AT + 60 * MINUTE, keeps_id=False)
    assert gaps.repairs.begin(AT + 20 * MINUTE).since == AT


def test_an_asking_is_counted_once_and_in_order(gaps):
    repairs = gaps.repairs
    assert repairs.ask(asked(times=1))
    assert not repairs.ask(asked(times=1))
    assert repairs.ask(asked(times=2))
    assert not repairs.ask(asked(times=2))
    assert repairs.asked(["1", "2"]) == {"1": asked(times=2)} == repairs.open()


def test_what_is_over_stays_so_and_is_no_longer_waited_for(gaps):
    repairs = gaps.repairs
    repairs.ask(asked())
    over = asked(ending=Ending.HEALED)
    assert repairs.end(over)
    assert not repairs.end(asked(ending=Ending.GIVEN_UP))
    assert not repairs.ask(asked(times=2))
    assert repairs.asked(["1"]) == {"1": over}
    assert repairs.open() == {}


def test_a_memory_goes_after_thirty_days(gaps):
    gaps.repairs.ask(asked())
    (row,) = gaps.dynamo.rows(gaps.tables.control).values()
    assert int(row["expires_at"]["N"]) == int((AT + timedelta(days=30)).timestamp())


def test_more_than_a_hundred_are_read_in_parts(gaps):
    for number in range(150):
        gaps.repairs.ask(asked(str(number)))
    assert len(gaps.repairs.asked([str(number) for number in range(150)])) == 150
    assert len(gaps.repairs.open()) == 150


def test_what_was_received_in_a_span_is_seen_page_after_page(gaps):
    for number in range(2500):
        gaps.keep(str(number), at=AT)
    gaps.keep("before", at=AT - 2 * MINUTE)
    gaps.keep("after", at=AT + 2 * MINUTE)
    gaps.keep("not proven", at=AT, authentic=False)
    assert set(gaps.repairs.seen(AT - MINUTE, AT + MINUTE)) == {str(each) for each in range(2500)}


def test_a_span_over_midnight_sees_both_days(gaps):
    midnight = AT.replace(hour=13)  # in Sydney
    gaps.keep("1", at=midnight - MINUTE)
    gaps.keep("2", at=midnight + MINUTE)
    assert set(gaps.repairs.seen(midnight - 2 * MINUTE, midnight + 2 * MINUTE)) == {"1", "2"}


def test_what_a_person_has_or_has_dealt_with_is_seen(gaps):
    gaps.park("1")
    letter = DeadLetter("NppReturn", "2", b"{}", AT, "defect", 9)
    ended = LetterEnding(Fate.DISCARDED, "ada", AT, reason="a test")
    gaps.letters.put(ParkedLetter("NppReturn#2#x", letter, AT, ending=ended))
    assert set(gaps.repairs.seen(AT - MINUTE, AT + MINUTE)) == {"1", "2"}


def test_a_telling_is_remembered_and_a_newer_one_is_not_forgotten(gaps):
    tokens = DynamoTokens(Session(gaps.dynamo), gaps.tables.control)
    tokens.remember("1", Token("new", "t2"), at=AT)
    tokens.remember("1", Token("old", "t1"), at=AT - MINUTE)
    tokens.remember("2", Token("new", ""), at=AT)
    assert tokens.told(["1", "2", "3"]) == {"1": Token("new", "t2"), "2": Token("new", "")}
    assert tokens.told([]) == {}


@pytest.mark.parametrize("keeps_id", [True, False])
def test_on_an_engine_too_a_lost_webhook_is_asked_for_and_healed(store, keeps_id):
    gaps = Gaps(store.client, store.tables, now=AT)
    gaps.provider.keeps_id = keeps_id
    gaps.run()
    gaps.clock.advance(600)
    gaps.keep(gaps.provider.tell("1", sent=True))
    gaps.provider.tell("2", sent=False)
    gaps.provider.tell("3", sent=True)
    assert [gaps.run(), gaps.run_later(9)] == [{"asked_again": 2}, {}]
    assert gaps.run_later(1) == {"healed": 2}
    assert gaps.run_later() == {}
    assert gaps.repairs.open() == {}


def test_on_an_engine_too_a_webhook_that_cannot_be_had_is_given_up(store):
    gaps = Gaps(store.client, store.tables, now=AT)
    gaps.deaf = True
    gaps.run()
    gaps.clock.advance(600)
    gaps.provider.tell("1", sent=False)
    gaps.park(gaps.provider.tell("2", sent=True))
    told = [gaps.run(), *gaps.run_until_quiet()]
    assert told == [{"asked_again": 1}] * 3 + [{"webhooks_missing": 1}, {}]


def test_on_an_engine_too_a_telling_is_remembered(store):
    tokens = DynamoTokens(Session(store.client), store.tables.control)
    tokens.remember("1", Token("new", "t2"), at=AT)
    tokens.remember("1", Token("old", "t1"), at=AT - MINUTE)
    assert tokens.told(["1", "2"]) == {"1": Token("new", "t2")}


def test_the_lost_reply_to_an_asking_is_no_refusal(gaps):
    lossy = DynamoRepairs(Session(Losing(gaps.dynamo)), gaps.tables.control)  # type: ignore[arg-type]
    assert lossy.ask(asked())
    assert not gaps.repairs.ask(asked())


class Losing:
    """A client that writes, and loses its first reply."""

    def __init__(self, true):
        self._true = true
        self._lose = True

    def __getattr__(self, name):
        return getattr(self._true, name)

    def put_item(self, **request):
        answer = self._true.put_item(**request)
        if self._lose:
            self._lose = False
            raise ConnectionClosedError(endpoint_url="http://127.0.0.1:9")
        return answer
