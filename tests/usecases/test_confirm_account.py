"""Confirming a check: three codes, an hour's lock, and whatever comes in between."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account_check import CheckStatus, Heard
from chalicelib.domain.customer import Erasing, Erasure
from chalicelib.domain.errors import (
    NotFound,
    ProviderUnavailable,
    Stale,
    StoreUnavailable,
    Unavailable,
)
from chalicelib.domain.refusals import CheckNotOpen, WrongCode
from chalicelib.ports import Beginning, Judged
from tests.usecases.checking import BANK, HOUR, LASTS, OTHER_KEY, Bench, Crash

S = CheckStatus
WRONG = "000000"
LOST = Judged(Heard.NOT_ANSWERED)


@pytest.fixture
def bench():
    bench = Bench()
    bench.start()
    return bench


def wrong(bench, times=1):
    for _ in range(times):
        with pytest.raises(WrongCode):
            bench.confirm(WRONG)


def test_the_right_code_verifies_the_destination(bench):
    bench.clock.advance(HOUR)
    check = bench.confirm()
    assert (check.status, check.ended_by, check.ended_at) == (
        S.VERIFIED, "admin", bench.clock.now(),
    )  # fmt: skip
    assert bench.verifier.asked == ["fake-token-1"]
    assert bench.standing().check == bench.kept().check == check
    assert bench.standing().verified
    assert not bench.standing(BANK).verified


def test_of_another_name_the_right_code_verifies_nothing(bench):
    bench = Bench()
    bench.verifier.owner = "Mary Smith"
    bench.start()
    assert bench.confirm().status is S.VERIFIED
    assert not bench.standing().verified


def test_what_is_verified_stays_so_without_another_question(bench):
    check = bench.confirm()
    bench.clock.advance(2 * LASTS)
    assert bench.confirm(WRONG) == check
    assert len(bench.verifier.asked) == 1


def test_three_wrong_codes_lock_it_for_an_hour(bench):
    for left in ("2 left", "1 left", "none is left"):
        with pytest.raises(WrongCode) as caught:
            bench.confirm(WRONG)
        (fault,) = caught.value.faults
        assert (fault.pointer, fault.code) == ("/code", "wrong_code")
        assert left in fault.detail
        assert WRONG not in f"{caught.value} {fault}"
    assert (bench.show().status, bench.show().locked_until) == (
        S.LOCKED, bench.clock.now() + HOUR,
    )  # fmt: skip
    assert bench.standing().check.status is S.LOCKED
    bench.clock.advance(HOUR - timedelta(microseconds=1))
    with pytest.raises(CheckNotOpen, match="Locked"):
        bench.confirm()
    assert len(bench.verifier.asked) == 3
    bench.clock.advance(timedelta(microseconds=1))
    assert bench.show().tries_left == 3
    assert bench.confirm().status is S.VERIFIED


def test_the_third_code_may_be_the_right_one(bench):
    wrong(bench, 2)
    assert bench.confirm().status is S.VERIFIED
    assert bench.show().locked_until is None


def test_a_code_is_counted_before_it_is_asked_about(bench):
    seen = []
    bench.before("verifier", confirm=lambda *_, **__: seen.append(bench.kept().check.attempts))
    wrong(bench, 2)
    assert seen == [1, 2]


def test_after_its_time_no_code_is_taken(bench):
    bench.clock.advance(LASTS)
    with pytest.raises(CheckNotOpen, match="Expired"):
        bench.confirm()
    assert bench.verifier.asked == []
    assert bench.show().status is S.EXPIRED


@pytest.mark.parametrize("heard", [Heard.IN_DOUBT, Heard.REFUSED])
def test_a_check_that_did_not_start_takes_no_code(heard):
    bench = Bench()
    bench.verifier.starts = [Beginning(heard)]
    bench.start()
    with pytest.raises(CheckNotOpen):
        bench.confirm()
    assert bench.verifier.asked == []


def test_without_a_check_there_is_nothing_to_confirm(bench):
    with pytest.raises(NotFound, match="verification"):
        bench.confirm(destination=BANK)
    with pytest.raises(NotFound, match="destination"):
        bench.confirm(destination="d-9")


def test_a_code_that_is_not_answered_counts_and_may_be_tried_again(bench):
    bench.verifier.codes = [LOST]
    with pytest.raises(ProviderUnavailable, match="not known"):
        bench.confirm()
    assert (bench.show().status, bench.show().tries_left) == (S.STARTED, 2)
    assert bench.confirm().status is S.VERIFIED


def test_three_codes_that_are_not_answered_lock_it_too(bench):
    bench.verifier.codes = [LOST, LOST, LOST]
    for _ in range(3):
        with pytest.raises(ProviderUnavailable):
            bench.confirm()
    with pytest.raises(CheckNotOpen, match="Locked"):
        bench.confirm()


def test_a_code_that_was_never_asked_about_does_not_count(bench):
    wrong(bench, 2)
    bench.verifier.codes = [Judged(Heard.NOT_ASKED)]
    with pytest.raises(ProviderUnavailable):
        bench.confirm()
    assert (bench.show().status, bench.show().tries_left) == (S.STARTED, 1)


def test_without_time_no_code_is_counted(bench):
    bench.left = 4.9
    with pytest.raises(Unavailable, match="no time"):
        bench.confirm()
    assert bench.kept().check.attempts == 0


def test_the_providers_lock_is_ours(bench):
    bench.verifier.codes = [Judged(Heard.BLOCKED, "VerificationTokenLocked")]
    with pytest.raises(CheckNotOpen, match="Locked"):
        bench.confirm()
    assert bench.show().locked_until == bench.clock.now() + HOUR


def test_a_check_that_the_provider_does_not_know_has_failed_and_another_may_begin(bench):
    bench.verifier.codes = [Judged(Heard.LOST, "VerificationTokenNotFound")]
    with pytest.raises(CheckNotOpen, match="Failed"):
        bench.confirm()
    assert bench.show().reason == "VerificationTokenNotFound"
    assert bench.start(key=OTHER_KEY).check.status is S.STARTED


# Two at once.


def test_of_a_crowd_no_more_than_three_codes_are_tried(bench):
    """Each asks while those before it wait for their answer."""
    depth, refused = [], []

    def another(*_, **__):
        depth.append(1)
        try:
            bench.confirm(WRONG)
        except (WrongCode, CheckNotOpen) as error:
            refused.append(type(error))

    bench.before("verifier", confirm=another)
    with pytest.raises(WrongCode):
        bench.confirm(WRONG)
    assert len(bench.verifier.asked) == 3
    assert refused.count(CheckNotOpen) == 1
    assert bench.show().status is S.LOCKED


def test_a_right_code_is_heard_although_a_wrong_one_was_faster(bench):
    told = []

    def another(*_, **__):
        told.append(1)
        if len(told) == 1:
            bench.undisturbed()
            wrong(bench, 2)
            assert bench.show().status is S.LOCKED

    bench.before("verifier", confirm=another)
    assert bench.confirm().status is S.VERIFIED
    assert bench.standing().verified


def test_two_who_count_at_once_count_two(bench):
    told = []

    def another(*_, **__):
        told.append(1)
        if len(told) == 1:
            bench.undisturbed()
            wrong(bench)

    bench.before("checks", write=another)
    wrong(bench)
    assert bench.kept().check.attempts == 2


def test_an_answer_of_a_check_that_is_not_the_latest_any_more_changes_nothing(bench):
    def meanwhile(*_, **__):
        bench.clock.advance(LASTS)
        bench.undisturbed()
        bench.start(key=OTHER_KEY)

    bench.before("verifier", confirm=meanwhile)
    with pytest.raises(Stale):
        bench.confirm()
    assert bench.show().status is S.STARTED


def test_who_is_always_too_late_gives_up(bench):
    def first(*_, **__):
        raise Stale("somebody was faster")

    bench.before("checks", write=first)
    with pytest.raises(Stale):
        bench.confirm()
    assert bench.verifier.asked == []


# Killed anywhere.


@pytest.mark.parametrize(
    ("port", "method", "number"), [("checks", "write", 1), ("verifier", "confirm", 1)]
)
def test_killed_before_the_answer_is_stored_the_code_counts_and_is_asked_again(
    bench, port, method, number
):
    bench.after(port, method, number)
    with pytest.raises(Crash):
        bench.confirm()
    bench.undisturbed()
    assert (bench.show().status, bench.show().tries_left) == (S.STARTED, 2)
    assert bench.confirm().status is S.VERIFIED


def test_killed_on_the_last_code_it_opens_again_after_an_hour(bench):
    wrong(bench, 2)
    bench.after("verifier", "confirm")
    with pytest.raises(Crash):
        bench.confirm()
    bench.undisturbed()
    assert bench.show().status is S.LOCKED
    bench.clock.advance(HOUR)
    assert bench.confirm().status is S.VERIFIED


def test_killed_after_the_answer_was_stored_the_next_one_tells_it_beside_the_destination(bench):
    bench.after("checks", "write", 2)
    with pytest.raises(Crash):
        bench.confirm()
    bench.undisturbed()
    assert not bench.standing().verified
    bench.confirm()
    assert bench.standing().verified
    assert len(bench.verifier.asked) == 1


def test_a_customer_who_is_being_forgotten_is_written_no_check(bench):
    before = bench.customer
    erasure = Erasure(Erasing.ASKED, "admin", bench.clock.now())
    bench.store.customers.edit(replace(before, erasure=erasure), version=before.version)
    assert bench.confirm().status is S.VERIFIED
    assert not bench.standing().verified


def test_a_lost_reply_of_the_store_may_be_asked_again(bench):
    bench.store.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        bench.confirm()
    assert bench.confirm().status is S.VERIFIED
