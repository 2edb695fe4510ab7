"""What `Notices` and `Gate` promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import Invalid
from chalicelib.domain.notices import DeadLetter
from chalicelib.ports import Parked
from tests.contracts.making import a_notice
from tests.contracts.paging import everything
from tests.fakes.clock import START

LETTER = DeadLetter("NppReturn", "17", b"{}", START, "store_unavailable", 12, "request-3")


def test_a_notice_is_new_once(store):
    assert not store.notices.known(a_notice().key)
    assert store.notices.keep(a_notice()) is True
    assert store.notices.known(a_notice().key)
    assert store.notices.keep(a_notice()) is False
    assert store.notices.keep(replace(a_notice(), outcome="another")) is False
    assert store.notices.keep(a_notice("another")) is True


def test_a_notice_of_any_bytes_is_kept(store):
    assert store.notices.keep(replace(a_notice(), raw=bytes(range(256)), reference="", outcome=""))
    assert store.notices.keep(replace(a_notice("empty"), raw=b"", webhook_id=""))
    assert store.notices.known("empty")


def test_a_parked_letter_is_listed_without_its_body(store):
    store.notices.park(LETTER, key="letter-1", at=START)
    page = store.notices.parked(limit=5, position=None)
    assert list(page.items) == [Parked("letter-1", "NppReturn", "store_unavailable", 12, "", START)]
    assert page.position is None


def test_a_letter_that_is_parked_again_stays_as_it_was(store):
    store.notices.park(LETTER, key="letter-1", at=START)
    again = replace(LETTER, attempts=13)
    store.notices.park(again, key="letter-1", at=START + timedelta(hours=1))
    (parked,) = store.notices.parked(limit=5, position=None).items
    assert (parked.attempts, parked.parked_at) == (12, START)


def test_a_parked_letter_is_no_kept_notice(store):
    store.notices.park(LETTER, key="letter-1", at=START)
    assert not store.notices.known("letter-1")
    assert store.notices.keep(a_notice("letter-1"))


def test_parked_letters_are_listed_oldest_first_each_once(store):
    for number in range(5):
        at = START + timedelta(minutes=number // 2)
        store.notices.park(LETTER, key=f"letter-{number}", at=at)
    for limit in (1, 2, 5):
        found = everything(store.notices.parked, limit)
        assert sorted(each.key for each in found) == [f"letter-{number}" for number in range(5)]
        times = [each.parked_at for each in found]
        assert times == sorted(times)
    with pytest.raises(Invalid):
        store.notices.parked(limit=1, position={"attention_bucket": "attention"})


def test_the_gate_is_open_at_the_beginning(store):
    assert not store.gate.closed()


def test_a_closed_gate_opens_by_itself_after_a_long_wait(store):
    store.gate.close()
    store.clock.advance(timedelta(minutes=65) - timedelta(microseconds=1))
    assert store.gate.closed()
    assert store.payouts.opening("any", "any").gate_closed
    store.clock.advance(timedelta(microseconds=1))
    assert not store.gate.closed()
    assert not store.payouts.opening("any", "any").gate_closed


def test_a_person_opens_the_gate_and_it_can_close_again(store):
    store.gate.close()
    store.gate.open(by="admin-1")
    assert not store.gate.closed()
    store.gate.close()
    assert store.gate.closed()


def test_opening_an_open_gate_changes_nothing(store):
    store.gate.open(by="admin-1")
    assert not store.gate.closed()


def test_each_refusal_makes_the_wait_start_anew(store):
    store.gate.close()
    store.clock.advance(timedelta(minutes=60))
    store.gate.close()
    store.clock.advance(timedelta(minutes=60))
    assert store.gate.closed()


def test_a_longer_closing_is_never_shortened(store):
    store.gate.close()
    store.clock.set(START - timedelta(hours=1))
    store.gate.close()
    store.clock.set(START + timedelta(minutes=60))
    assert store.gate.closed()
