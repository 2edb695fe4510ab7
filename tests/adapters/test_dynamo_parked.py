"""Rows of parked letters: which of them are ever forgotten, and those whose replies are lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.errors import Stale
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import KEPT, ParkedLetter, discarded, parked_again
from tests.adapters.dynamo_faults import TIMED_OUT, meanwhile
from tests.fakes.clock import START

LETTER = DeadLetter("NppReturn", "17", b"{}", START, "store_unavailable", 12, "request-3")
FIRST = ParkedLetter("NppReturn#17#abc", LETTER, START)


def row(store):
    key = {"key": {"S": f"parked#{FIRST.letter_id}"}}
    return store.client.get_item(TableName=store.tables.control, Key=key)["Item"]


def test_only_a_resolved_row_is_ever_forgotten(store):
    store.parked.put(FIRST)
    assert "expires_at" not in row(store)
    ended = discarded(FIRST, "doubled", "ada", START)
    store.parked.put(ended)
    assert row(store)["expires_at"] == {"N": str(int((START + KEPT).timestamp()))}
    assert "attention_bucket" not in row(store)
    store.parked.put(parked_again(ended, replace(LETTER, request_id="another"), START))
    assert not {"expires_at", "listing", "ending"} & row(store).keys()


def test_rows_of_the_version_before_are_listed(store):
    old = {
        "key": {"S": "parked#NppReturn#17#abc"}, "attention_bucket": {"S": "parked"},
        "attention_since": {"S": "2026-03-01T00:00:00.000000Z"}, "event_name": {"S": "NppReturn"},
        "raw": {"B": b"x\x9c\x03\x00\x00\x00\x00\x01"}, "error": {"S": "defect"},
        "received_at": {"S": "2026-03-01T00:00:00.000000Z"}, "attempts": {"N": "9"},
    }  # fmt: skip
    store.client.put_item(TableName=store.tables.control, Item=old)
    (found,) = store.parked.page(resolved=False, limit=5, position=None).items
    assert (found.letter_id, found.letter.attempts) == (FIRST.letter_id, 9)


def test_a_letter_whose_reply_was_lost_is_written_once(store, faults):
    faults.after("PutItem", TIMED_OUT)
    store.parked.put(FIRST)
    ended = discarded(FIRST, "doubled", "ada", START)
    faults.after("PutItem", TIMED_OUT)
    store.parked.put(ended)
    assert store.parked.get(FIRST.letter_id) == ended


def test_a_letter_that_somebody_else_wrote_is_stale_after_a_lost_request(store, faults, others):
    theirs = discarded(FIRST, "doubled", "ada", START)
    store.parked.put(FIRST)
    faults.before("PutItem", meanwhile(lambda: others.parked.put(theirs), TIMED_OUT))
    with pytest.raises(Stale):
        store.parked.put(discarded(FIRST, "another reason", "paul", START))
    assert store.parked.get(FIRST.letter_id) == theirs
