"""Which webhooks to ask for again, by the report and by what was kept."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.repair import (
    AHEAD,
    GRACE,
    MOST_TIMES,
    SKEW,
    Asked,
    Bulletin,
    Ending,
    judge,
    received_from,
)

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
RUN = NOW - timedelta(minutes=10)
OLD = NOW - timedelta(hours=1)


def told(number="1", *, sent=False, at=OLD, tried_at=None, event="NppReturn"):
    return Bulletin(number, event, "https://x", sent, at, tried_at)


def asked(number="1", *, times=1, ago=timedelta(minutes=10), sent=False, latest=OLD, **more):
    more = {"taken": True, **more}
    return Asked(number, "NppReturn", times, NOW - ago, RUN, sent, latest, **more)


def judged(*bulletins, seen=(), before=(), keeps_id=False):
    known = {each.webhook_id: each for each in before}
    return judge(bulletins, seen=set(seen), asked=known, now=NOW, keeps_id=keeps_id)


def asks(result):
    return [(each.webhook_id, times) for each, times in result.ask]


def ends(result):
    return {each.webhook_id: each.ending for each in result.over}


def test_what_is_missing_is_asked_for_whether_it_was_acknowledged_or_not():
    result = judged(told("1"), told("2", sent=True), told("3"), seen={"3"})
    assert asks(result) == [("1", 0), ("2", 0)]


def test_what_is_over_is_never_asked_for_again():
    for ending in (Ending.HEALED, Ending.REPLACED, Ending.GIVEN_UP):
        result = judged(told(), before=[asked(ending=ending)])
        assert (asks(result), ends(result), result.waiting) == ([], {}, [])


@pytest.mark.parametrize(
    ("age", "young"),
    [
        (GRACE, False), (GRACE - timedelta(seconds=1), True), (timedelta(), True),
        (-AHEAD + timedelta(seconds=1), True), (-AHEAD, False), (-timedelta(days=300), False),
    ],
)  # fmt: skip
def test_what_is_young_waits_and_nonsense_does_not(age, young):
    line = told(at=NOW - age)
    result = judged(line)
    assert line.is_young(NOW) is young
    assert (result.waiting, asks(result)) == (([line], []) if young else ([], [("1", 0)]))


def test_the_last_attempt_counts_and_not_the_first():
    assert judged(told(tried_at=NOW - timedelta(minutes=1))).ask == []
    assert told(at=None, tried_at=NOW).latest is None


def test_what_was_just_asked_for_is_waited_for():
    result = judged(told(), before=[asked(ago=timedelta(minutes=1))])
    assert (asks(result), [each.webhook_id for each in result.waiting]) == ([], ["1"])


def test_a_line_that_changed_after_the_asking_shows_that_ids_are_kept():
    touched = told(tried_at=NOW - timedelta(minutes=9))
    assert judged(touched, before=[asked()]).keeps_id
    assert not judged(told(), before=[asked()]).keeps_id
    assert judged(told(), keeps_id=True).keeps_id


def test_where_ids_are_kept_others_of_the_event_are_no_copies():
    copy = told("2", sent=True, at=RUN + timedelta(seconds=5))
    assert ends(judged(told(), copy, seen={"2"}, before=[asked()])) == {"1": Ending.HEALED}
    kept = judged(told(), copy, seen={"2"}, before=[asked()], keeps_id=True)
    assert (ends(kept), asks(kept)) == ({}, [("1", 1)])


def test_what_the_provider_did_not_take_has_no_copy():
    copy = told("2", sent=True, at=RUN + timedelta(seconds=5))
    result = judged(told(), copy, seen={"2"}, before=[asked(taken=False)])
    assert (ends(result), asks(result)) == ({}, [("1", 1)])


@pytest.mark.parametrize(
    "other",
    [
        told("2", sent=True, at=RUN - SKEW - timedelta(seconds=1)),
        told("2", sent=True, at=RUN + GRACE + timedelta(seconds=1)),
        told("2", sent=True, at=None),
        told("2", sent=True, at=RUN, event="NppPaymentStatus"),
    ],
)
def test_what_is_of_another_time_or_event_is_no_copy(other):
    result = judged(told(), other, seen={"2"}, before=[asked()])
    assert (ends(result), asks(result)) == ({}, [("1", 1)])


def test_fewer_copies_than_were_asked_for_prove_nothing():
    copy = told("3", sent=True, at=RUN)
    result = judged(told("1"), told("2"), copy, seen={"3"}, before=[asked("1"), asked("2")])
    assert (ends(result), asks(result)) == ({}, [("1", 1), ("2", 1)])


def test_all_of_as_many_copies_have_to_be_kept():
    lines = [told("1"), told("2"), told("3", at=RUN), told("4", at=RUN)]
    result = judged(*lines, seen={"3"}, before=[asked("1", times=2), asked("2", times=2)])
    assert sorted(ends(result).values()) == [Ending.HEALED, Ending.REPLACED]
    assert asks(result) == [("4", 2)]


def test_a_copy_that_was_asked_for_itself_is_no_ones_copy():
    lines = [told("1"), told("2", at=RUN)]
    result = judged(*lines, before=[asked("1"), asked("2", latest=RUN)])
    assert asks(result) == [("1", 1), ("2", 1)]


def test_a_copy_of_one_that_was_asked_for_often_enough_is_given_up():
    result = judged(told("1"), told("2", at=RUN), before=[asked(times=MOST_TIMES)])
    assert ends(result) == {"1": Ending.REPLACED, "2": Ending.GIVEN_UP}


def test_what_the_report_no_longer_shows_is_given_up_unless_it_was_kept():
    assert ends(judged(before=[asked()])) == {"1": Ending.GIVEN_UP}
    assert ends(judged(seen={"1"}, before=[asked()])) == {"1": Ending.HEALED}


def test_what_may_have_been_received_begins_a_little_before_it_was_told():
    assert received_from(NOW) == NOW - SKEW


def test_when_clocks_went_back_it_begins_an_hour_earlier():
    # Daylight saving ends in Sydney on 5 April 2026 at 16:00 UTC of the day before.
    later = datetime(2026, 4, 4, 16, 30, tzinfo=UTC)
    assert received_from(later) == later - SKEW - timedelta(hours=1)
    assert received_from(later + timedelta(hours=2)) == later + timedelta(hours=2) - SKEW
    # And in October they go forward, which hides nothing.
    spring = datetime(2026, 10, 3, 16, 30, tzinfo=UTC)
    assert received_from(spring) == spring - SKEW
