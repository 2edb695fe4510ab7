"""The life of an account check: its table, its tries, its lock, its end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account_check import (
    AMOUNT,
    FOLLOWS,
    LOCKED_FOR,
    MOST_TRIES,
    UNDER_WAY,
    AccountCheck,
    CheckStatus,
    Heard,
    KeptCheck,
    as_of,
    begin,
    follow,
    identifier_of,
    may_begin,
    tried,
)
from chalicelib.domain.money import Money
from chalicelib.domain.names import NameMatch
from chalicelib.domain.refusals import CheckNotOpen
from tests.fakes.clock import START

LASTS = timedelta(hours=72)
HOUR = timedelta(hours=1)
S = CheckStatus


def a_check(status=S.STARTED, **changed):
    check = begin("d-1", "check-1", at=START, by="operator", lasts=LASTS)
    return replace(check, status=status, **changed)


def test_a_check_is_one_cent_three_tries_and_an_hour():
    assert (Money(1), 3, HOUR) == (AMOUNT, MOST_TRIES, LOCKED_FOR)


def test_a_check_begins_before_anything_is_sent():
    check = begin("d-1", "check-1", at=START, by="operator", lasts=LASTS)
    assert check == AccountCheck(
        "d-1", "check-1", S.STARTING, START, "operator", START + LASTS
    )  # fmt: skip
    assert (check.match, check.verified, check.tries_left) == (NameMatch.UNKNOWN, False, 0)


def test_what_a_check_is_called_follows_from_key_and_destination_alone():
    assert identifier_of("d-1", "key") == identifier_of("d-1", "key")
    names = {identifier_of("d-1", "key"), identifier_of("d-2", "key"), identifier_of("d-1", "k")}
    assert len(names) == 3
    assert all(len(name) == 36 for name in names)


def test_the_table_has_a_row_for_every_status_and_strands_nobody():
    assert FOLLOWS.keys() == set(CheckStatus)
    told = {status for row in FOLLOWS.values() for status in row.values()}
    assert told == set(CheckStatus) - {S.STARTING, S.EXPIRED}
    assert {status for status, row in FOLLOWS.items() if not row} == {
        S.UNCLEAR, S.UNSENT, S.EXPIRED,
    }  # fmt: skip
    # What neither ends nor lapses would stay for ever.
    assert set(CheckStatus) - {S.VERIFIED, S.FAILED, S.UNSENT, S.EXPIRED} == UNDER_WAY


def test_every_answer_to_a_code_can_be_heard_whatever_another_one_did():
    answers = {
        Heard.RIGHT, Heard.WRONG, Heard.BLOCKED, Heard.NOT_ASKED, Heard.NOT_ANSWERED, Heard.LOST,
    }  # fmt: skip
    for status in (S.STARTED, S.LOCKED, S.VERIFIED, S.FAILED):
        assert answers <= FOLLOWS[status].keys()


def test_only_the_right_code_verifies_and_nothing_takes_it_back():
    ways = {
        (was, heard) for was, row in FOLLOWS.items() for heard in row if row[heard] is S.VERIFIED
    }
    assert {heard for was, heard in ways if was is not S.VERIFIED} == {Heard.RIGHT}
    assert set(FOLLOWS[S.VERIFIED].values()) == {S.VERIFIED}


def test_a_start_in_doubt_leads_nowhere():
    check = follow(a_check(S.STARTING), Heard.IN_DOUBT, at=START)
    assert check.status is S.UNCLEAR
    for heard in Heard:
        with pytest.raises(CheckNotOpen, match="Unclear"):
            follow(check, heard, at=START)


@pytest.mark.parametrize(
    ("heard", "status"),
    [(Heard.SENT, S.STARTED), (Heard.REFUSED, S.FAILED), (Heard.NOT_SENT, S.UNSENT)],
)
def test_a_start_is_heard(heard, status):
    check = follow(a_check(S.STARTING), heard, at=START + HOUR, by="operator", reason="why")
    assert check.status is status
    ended = status is not S.STARTED
    assert (check.ended_at, check.ended_by, check.reason) == (
        (START + HOUR, "operator", "why") if ended else (None, "", "")
    )


def test_the_right_code_ends_it_and_says_who_had_it():
    check = follow(tried(a_check(), at=START), Heard.RIGHT, at=START + HOUR, by="admin")
    assert (check.status, check.ended_at, check.ended_by) == (S.VERIFIED, START + HOUR, "admin")
    assert check.verified
    assert follow(check, Heard.RIGHT, at=START + 2 * HOUR, by="other") == check
    assert follow(check, Heard.LOST, at=START + 2 * HOUR, by="other") == check


@pytest.mark.parametrize(
    ("match", "verified"),
    [
        (NameMatch.MATCH, True), (NameMatch.CLOSE, True), (NameMatch.UNKNOWN, True),
        (NameMatch.NO_MATCH, False),
    ],
)  # fmt: skip
def test_an_account_of_another_name_is_not_verified_by_its_code(match, verified):
    assert a_check(S.VERIFIED, match=match).verified is verified
    assert not a_check(S.STARTED, match=match).verified


def test_three_tries_lock_it_for_an_hour_and_then_there_are_three_again():
    check, at = a_check(), START + timedelta(minutes=1)
    for left in (2, 1, 0):
        check = follow(tried(check, at=at), Heard.WRONG, at=at)
        assert check.tries_left == left
    assert (check.status, check.locked_until) == (S.LOCKED, at + HOUR)
    with pytest.raises(CheckNotOpen, match="Locked"):
        tried(check, at=at + HOUR - timedelta(microseconds=1))
    open_again = as_of(check, at + HOUR)
    assert (open_again.status, open_again.tries_left) == (S.STARTED, 3)
    again = tried(check, at=at + HOUR)
    assert (again.status, again.attempts, again.locked_until) == (S.STARTED, 1, None)


def test_the_third_try_locks_it_even_if_nobody_ever_tells_what_became_of_it():
    check = tried(tried(tried(a_check(), at=START), at=START), at=START)
    assert check.status is S.LOCKED
    right = follow(check, Heard.RIGHT, at=START)
    assert (right.status, right.locked_until) == (S.VERIFIED, None)


def test_a_code_that_was_never_asked_about_is_given_back():
    for tries in (1, 3):
        check = a_check()
        for _ in range(tries):
            check = tried(check, at=START)
        back = follow(check, Heard.NOT_ASKED, at=START)
        assert (back.status, back.attempts, back.locked_until) == (S.STARTED, tries - 1, None)
    assert follow(a_check(), Heard.NOT_ASKED, at=START).attempts == 0


def test_a_code_whose_answer_is_lost_stays_counted():
    check = follow(tried(a_check(), at=START), Heard.NOT_ANSWERED, at=START)
    assert (check.status, check.attempts) == (S.STARTED, 1)
    locked = follow(a_check(S.LOCKED, attempts=3, locked_until=START + HOUR), Heard.NOT_ANSWERED,
                    at=START)  # fmt: skip
    assert (locked.status, locked.locked_until) == (S.LOCKED, START + HOUR)


def test_the_providers_own_lock_is_believed():
    check = follow(tried(a_check(), at=START), Heard.BLOCKED, at=START)
    assert (check.status, check.locked_until) == (S.LOCKED, START + HOUR)


def test_a_check_that_the_provider_lost_has_failed():
    check = follow(tried(a_check(), at=START), Heard.LOST, at=START, by="admin", reason="NotFound")
    assert (check.status, check.reason) == (S.FAILED, "NotFound")


@pytest.mark.parametrize("status", list(CheckStatus))
def test_what_is_under_way_lapses_when_its_time_is_over(status):
    check = a_check(status)
    before = as_of(check, START + LASTS - timedelta(microseconds=1))
    assert before == check
    after = as_of(check, START + LASTS)
    if status in UNDER_WAY:
        assert (after.status, after.ended_at) == (S.EXPIRED, START + LASTS)
        with pytest.raises(CheckNotOpen):
            tried(check, at=START + LASTS)
    else:
        assert after == check


def test_a_lock_that_ends_after_the_check_does_not_open_it():
    check = a_check(S.LOCKED, attempts=3, locked_until=START + LASTS + HOUR)
    over = as_of(check, START + LASTS + 2 * HOUR)
    assert (over.status, over.locked_until) == (S.EXPIRED, None)


@pytest.mark.parametrize("status", list(CheckStatus))
def test_another_may_begin_only_when_no_cent_is_under_way_and_none_came_back(status):
    check = a_check(status)
    free = {S.FAILED, S.UNSENT, S.EXPIRED}
    assert may_begin(check, START) is (status in free)
    assert may_begin(check, START + LASTS) is (status is not S.VERIFIED)


def test_the_first_check_may_begin():
    assert may_begin(None, START)


def test_the_token_is_in_no_print():
    kept = KeptCheck(a_check(), "c-1", token="fake-token")
    assert "fake-token" not in f"{kept} {kept!r}"
