"""When a payout should be there, and until when somebody has to agree to it for that."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from chalicelib.domain.calendar import Calendar
from chalicelib.domain.events import ApprovalAsked, Filed
from chalicelib.domain.expected import approve_within, expected_arrival
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from tests.domain.making import NOW, begun, event, hear_all, in_status

CALENDAR = Calendar(lambda _day: False)
ON_ITS_WAY = [
    Status.SENDING, Status.RESENDING, Status.PENDING, Status.UNCONFIRMED, Status.COMPLETED,
]  # fmt: skip
OVER = [
    Status.RETURNED, Status.REJECTED, Status.FAILED, Status.DECLINED, Status.CANCELLED,
    Status.DISPUTED,
]  # fmt: skip
# 19:13 in Sydney on that Monday, 42 minutes before the last claim that surely makes its batches.
EVENING = datetime(2026, 3, 2, 8, 13, tzinfo=UTC)


def arrives(payout, now):
    return expected_arrival(payout, now, CALENDAR)


def until(payout, now, calendar=CALENDAR):
    return approve_within(payout, now, calendar)


def waiting(rail=Rail.DIRECT_ENTRY):
    return hear_all(begun(rail), [event(ApprovalAsked)])


@pytest.mark.parametrize("status", [Status.AWAITING_APPROVAL, Status.QUEUED])
def test_what_was_not_sent_yet_arrives_as_if_it_were_sent_now(status):
    later = NOW + timedelta(days=1)
    slow = arrives(in_status(status, Rail.DIRECT_ENTRY), later)
    assert (slow.on, slow.words) == (date(2026, 3, 4), "Wed 4 Mar")
    fast = arrives(in_status(status), later)
    assert (fast.on, fast.words) == (date(2026, 3, 3), "within seconds")


@pytest.mark.parametrize("status", ON_ITS_WAY)
def test_what_was_sent_arrives_by_when_it_was_sent_whenever_one_asks(status):
    much_later = NOW + timedelta(days=30)
    fast = arrives(in_status(status), much_later)
    assert (fast.on, fast.soon) == (date(2026, 3, 2), True)
    slow = arrives(in_status(status, Rail.DIRECT_ENTRY), much_later)
    assert (slow.on, slow.soon) == (date(2026, 3, 3), False)


def test_what_is_known_to_have_left_without_a_claim_arrives_by_what_was_heard():
    heard = replace(in_status(Status.PENDING), sent_at=None)
    assert arrives(heard, NOW + timedelta(days=30)).on == date(2026, 3, 2)


def test_what_is_in_a_bank_file_arrives_by_the_cut_off_of_that_bank():
    after_four = NOW + timedelta(hours=5)
    filed = hear_all(begun(), [event(Filed, later=5 * 3600)])
    assert arrives(filed, after_four).on == date(2026, 3, 4)
    late = Calendar(lambda _day: False, bank_cut_off=18)
    arrival = expected_arrival(filed, after_four, late)
    assert arrival is not None
    assert arrival.on == date(2026, 3, 3)


@pytest.mark.parametrize("status", OVER)
def test_what_is_not_on_its_way_any_more_does_not_arrive(status):
    assert arrives(in_status(status), NOW) is None


def test_a_direct_credit_says_until_when_to_agree_for_todays_batches():
    deadline = until(waiting(), EVENING)
    assert deadline.minutes == 42
    assert deadline.words == "approve within 42 min to make today's cut-off"
    assert deadline.at == EVENING + timedelta(minutes=42)
    # It is so: agreed to then it leaves today, a moment later it does not.
    assert CALENDAR.leaves_on(deadline.at - timedelta(seconds=1)) == date(2026, 3, 2)
    assert CALENDAR.leaves_on(deadline.at) == date(2026, 3, 3)


@pytest.mark.parametrize(
    ("payout", "now"),
    [
        (waiting(Rail.NPP), EVENING),
        (begun(Rail.DIRECT_ENTRY), EVENING),
        (in_status(Status.PENDING, Rail.DIRECT_ENTRY), EVENING),
        (waiting(), EVENING + timedelta(minutes=41, seconds=1)),
        (waiting(), EVENING + timedelta(hours=2)),
        (waiting(), EVENING + timedelta(days=5)),
    ],
    ids=["NPP", "not asked for", "sent", "seconds left", "too late", "a Saturday"],
)
def test_where_agreeing_sooner_changes_nothing_no_time_is_told(payout, now):
    assert until(payout, now) is None


def test_another_cut_off_is_another_time():
    early = Calendar(lambda _day: False, cut_off=16)
    assert until(waiting(), EVENING, early) is None
    assert until(waiting(), EVENING - timedelta(hours=4), early).minutes == 42
    assert early.leaves_on(EVENING) == date(2026, 3, 3)
