"""What `ParkedLetters` promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from chalicelib.domain.errors import Invalid, Stale
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import (
    ParkedLetter,
    discarded,
    heard,
    parked_again,
    still_parked,
    under_hearing,
)
from tests.contracts.paging import everything
from tests.fakes.clock import START

LETTER = DeadLetter(
    "NppReturn", "17", b"\x00\xff{}", START - timedelta(hours=3), "store_unavailable", 12,
    "request-3", "reference-1",
)  # fmt: skip
FIRST = ParkedLetter("NppReturn#17#abc", LETTER, START)


def opened(store):
    return partial(store.parked.page, resolved=False)


def resolved(store):
    return partial(store.parked.page, resolved=True)


def listed(it):
    return replace(it, letter=replace(it.letter, raw=b""))


def test_a_letter_is_read_as_it_was_parked_and_listed_without_its_body(store):
    store.parked.put(FIRST)
    assert store.parked.get(FIRST.letter_id) == FIRST
    assert everything(opened(store)) == [listed(FIRST)]
    assert everything(resolved(store)) == []
    assert store.parked.get("00000000-0000-4000-8000-000000000000") is None


def test_what_has_no_name_and_no_body_is_parked_too(store):
    bare = ParkedLetter("bare#-#0", DeadLetter("", "", b"", START, "unreadable_message"), START)
    store.parked.put(bare)
    assert store.parked.get(bare.letter_id) == bare


def test_a_letter_is_parked_once(store):
    store.parked.put(FIRST)
    with pytest.raises(Stale):
        store.parked.put(replace(FIRST, parked_at=START + timedelta(hours=1)))
    assert store.parked.get(FIRST.letter_id) == FIRST


def test_every_version_takes_the_place_of_the_one_before_and_of_no_other(store):
    tried = under_hearing(FIRST, "olive", START + timedelta(minutes=1))
    failed = still_parked(tried, "contradiction")
    store.parked.put(FIRST)
    with pytest.raises(Stale):
        store.parked.put(failed)
    for version in (tried, failed):
        store.parked.put(version)
        assert store.parked.get(FIRST.letter_id) == version
    with pytest.raises(Stale):
        store.parked.put(discarded(FIRST, "doubled", "ada", START))
    assert everything(opened(store)) == [listed(failed)]


def test_of_two_who_decide_at_once_one_does(store):
    store.parked.put(FIRST)
    mine = discarded(FIRST, "doubled", "ada", START)
    theirs = heard(under_hearing(FIRST, "olive", START), "nothing_new", START)
    store.parked.put(mine)
    with pytest.raises(Stale):
        store.parked.put(replace(theirs, version=2))
    assert store.parked.get(FIRST.letter_id) == mine


def test_a_resolved_letter_is_in_the_other_list_with_how_it_ended(store):
    store.parked.put(FIRST)
    ended = discarded(FIRST, "doubled", "ada", START + timedelta(days=2))
    store.parked.put(ended)
    assert everything(opened(store)) == []
    assert everything(resolved(store)) == [listed(ended)]
    assert store.parked.get(FIRST.letter_id) == ended


def test_a_letter_that_comes_again_is_open_again_with_its_history(store):
    store.parked.put(FIRST)
    claimed = under_hearing(FIRST, "olive", START)
    store.parked.put(claimed)
    ended = heard(claimed, "heard", START)
    store.parked.put(ended)
    back = parked_again(ended, LETTER, START + timedelta(days=1))
    store.parked.put(back)
    assert everything(resolved(store)) == []
    assert everything(opened(store)) == [listed(back)]
    assert store.parked.get(FIRST.letter_id).earlier == (ended.ending,)


def test_lists_hold_each_letter_once_open_ones_the_oldest_first_resolved_ones_the_newest(store):
    for number in range(6):
        at = START + timedelta(minutes=number // 2)
        letter = ParkedLetter(f"letter-{number}", LETTER, at)
        store.parked.put(letter)
        if number % 2:
            store.parked.put(discarded(letter, "doubled", "ada", at))
    for limit in (1, 2, 5):
        waiting = everything(opened(store), limit)
        assert [each.key for each in waiting] == ["letter-0", "letter-2", "letter-4"]
        ended = everything(resolved(store), limit)
        assert [each.key for each in ended] == ["letter-5", "letter-3", "letter-1"]
    position = opened(store)(limit=1, position=None).position
    with pytest.raises(Invalid):
        resolved(store)(limit=1, position=position)


def test_a_parked_letter_is_no_kept_notice(store):
    store.parked.put(FIRST)
    assert not store.notices.known(FIRST.key)
