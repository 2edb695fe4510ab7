"""What `Notices` and `Gate` promise."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.contracts.making import a_notice, a_question
from tests.fakes.clock import START


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


def test_the_gate_is_open_at_the_beginning(store):
    assert not store.gate.closed()


def test_a_closed_gate_opens_by_itself_after_a_long_wait(store):
    store.gate.close()
    store.clock.advance(timedelta(minutes=65) - timedelta(microseconds=1))
    assert store.gate.closed()
    assert store.payouts.opening(a_question()).gate_closed
    store.clock.advance(timedelta(microseconds=1))
    assert not store.gate.closed()
    assert not store.payouts.opening(a_question()).gate_closed


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
