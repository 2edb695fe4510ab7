"""The life of a parked letter: what may follow what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.errors import Conflict, RuleBroken
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import (
    HEARING,
    KEPT,
    UNREADABLE,
    Fate,
    ParkedLetter,
    discarded,
    heard,
    parked_again,
    still_parked,
    under_hearing,
)
from tests.fakes.clock import START

LETTER = DeadLetter("NppReturn", "17", b"{}", START, "contradiction", 9, "request-3")
FIRST = ParkedLetter("NppReturn#17#abc", LETTER, START)
LATER = START + timedelta(hours=1)


def test_a_letter_is_known_by_its_notice_and_shows_nothing_of_it():
    again = replace(FIRST, parked_at=LATER, version=7)
    assert again.letter_id == FIRST.letter_id
    assert replace(FIRST, key="another").letter_id != FIRST.letter_id
    assert repr(FIRST) == f"ParkedLetter({FIRST.letter_id}, 1)"


def test_it_is_kept_without_limit_until_it_is_resolved():
    assert FIRST.is_open
    assert FIRST.kept_until is None
    ended = discarded(FIRST, "doubled", "ada", LATER)
    assert not ended.is_open
    assert ended.kept_until == LATER + KEPT


def test_a_hearing_counts_whatever_becomes_of_it():
    claimed = under_hearing(FIRST, "olive", LATER)
    assert (claimed.letter.attempts, claimed.version, claimed.tried_at) == (10, 2, LATER)
    failed = still_parked(claimed, "defect")
    assert (failed.letter.error, failed.letter.attempts, failed.version) == ("defect", 10, 3)
    assert failed.is_open
    ended = heard(under_hearing(failed, "paul", LATER), "heard", LATER)
    assert ended.ending is not None
    assert (ended.ending.fate, ended.ending.by, ended.ending.outcome) == ("heard", "paul", "heard")


def test_while_it_is_heard_nobody_else_does_anything_with_it():
    claimed = under_hearing(FIRST, "olive", LATER)
    moment = LATER + HEARING - timedelta(microseconds=1)
    with pytest.raises(Conflict, match="at this moment"):
        under_hearing(claimed, "paul", moment)
    with pytest.raises(Conflict, match="at this moment"):
        discarded(claimed, "doubled", "ada", moment)


def test_a_hearing_that_never_ended_is_over_after_a_while():
    claimed = under_hearing(FIRST, "olive", LATER)
    assert discarded(claimed, "doubled", "ada", LATER + HEARING).ending is not None
    assert under_hearing(claimed, "paul", LATER + HEARING).heard_by == "paul"


def test_a_hearing_in_vain_keeps_nobody_away():
    failed = still_parked(under_hearing(FIRST, "olive", LATER), "defect")
    assert discarded(failed, "doubled", "ada", LATER).ending is not None


@pytest.mark.parametrize("fate", Fate)
def test_what_is_resolved_is_resolved(fate: Fate):
    ended = discarded(FIRST, "doubled", "ada", LATER)
    if fate is Fate.HEARD:
        ended = heard(under_hearing(FIRST, "olive", LATER), "heard", LATER)
    with pytest.raises(Conflict, match=f"was {fate}"):
        discarded(ended, "doubled", "paul", LATER)
    with pytest.raises(Conflict, match=f"was {fate}"):
        under_hearing(ended, "paul", LATER)


def test_what_was_never_proven_to_be_a_webhook_is_never_heard():
    foreign = replace(FIRST, letter=replace(LETTER, error=UNREADABLE))
    with pytest.raises(RuleBroken) as refused:
        under_hearing(foreign, "olive", LATER)
    assert refused.value.faults[0].code == UNREADABLE
    assert discarded(foreign, "rubbish", "ada", LATER).ending is not None


def test_an_open_letter_that_fails_again_stays_as_it_was():
    assert parked_again(FIRST, replace(LETTER, attempts=12), LATER) is None


@pytest.mark.parametrize(
    "other", [{"received_at": LATER}, {"request_id": "another"}], ids=["another time", "request"]
)
def test_a_discarded_webhook_that_is_delivered_again_and_fails_is_open_again(other):
    ended = discarded(FIRST, "doubled", "ada", LATER)
    back = parked_again(ended, replace(LETTER, **other), LATER + timedelta(days=1))
    assert back is not None
    assert back.is_open
    assert (back.version, back.earlier, back.heard_by) == (3, (ended.ending,), "")
    twice = discarded(back, "doubled again", "ada", LATER + timedelta(days=2))
    third = parked_again(twice, replace(LETTER, request_id="third"), LATER + timedelta(days=3))
    assert third is not None
    assert third.earlier == (ended.ending, twice.ending)


def test_another_copy_of_the_delivery_that_was_discarded_stays_discarded():
    ended = discarded(FIRST, "doubled", "ada", LATER)
    assert parked_again(ended, replace(LETTER, attempts=11, error="defect"), LATER) is None


def test_what_was_heard_and_fails_all_the_same_is_open_again():
    ended = heard(under_hearing(FIRST, "olive", LATER), "heard", LATER)
    assert parked_again(ended, LETTER, LATER) is not None
