"""When a payout is looked at next, when it may be sent again, when it is a person's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.holidays import rits_holiday
from chalicelib.domain.advance import advance
from chalicelib.domain.calendar import SYDNEY, Calendar, start_of, sydney_date
from chalicelib.domain.errors import CustomerStopped
from chalicelib.domain.events import (
    Accepted,
    Approved,
    Asked,
    Doubt,
    Escalated,
    NeverSent,
    Reattempted,
    Refused,
    Released,
    ResolutionProposed,
    Started,
    StartedAgain,
    Unanswered,
    Unclear,
)
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.patience import Patience, attention
from chalicelib.domain.payout import OPEN, Status
from chalicelib.domain.rails import Rail
from tests.domain.making import NOW, UNTIL, begun, event, hear_all, in_status

S = Status
CALENDAR = Calendar(lambda _day: False)
PATIENCE = Patience()
MINUTE = timedelta(minutes=1)


def due(payout, patience=PATIENCE):
    return patience.due(payout, CALENDAR)


def after(moment):
    return (moment - NOW).total_seconds()


@pytest.mark.parametrize("rail", list(Rail))
@pytest.mark.parametrize("status", list(Status))
def test_what_is_open_is_due_some_day_and_what_ended_never(status, rail):
    when = due(in_status(status, rail))
    assert (when is not None) is (status in OPEN)
    assert when is None or (when.tzinfo is UTC and when > NOW)


@pytest.mark.parametrize(
    ("status", "seconds"),
    [(S.QUEUED, 30), (S.SENDING, 60), (S.RESENDING, 60), (S.UNCONFIRMED, 30), (S.PENDING, 30)],
)
def test_the_first_look_comes_soon(status, seconds):
    assert after(due(in_status(status))) == seconds


@pytest.mark.parametrize("status", [S.PENDING, S.UNCONFIRMED])
def test_each_look_waits_twice_as_long_up_to_an_hour(status):
    payout, waits = in_status(status), []
    for _ in range(12):
        waits.append((due(payout) - (payout.asked_at or NOW)).total_seconds())
        payout = advance(payout, event(Asked, later=after(due(payout)), found=True)).after
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600, 3600, 3600]


@given(st.integers(0, 10**9))
def test_no_count_of_looks_makes_the_wait_shorter_or_endless(asks):
    payout = replace(in_status(S.UNCONFIRMED), asks=asks, asked_at=NOW)
    assert timedelta(seconds=30) <= due(payout) - NOW <= timedelta(hours=1)
    queued = replace(begun(), delays=asks)
    assert timedelta(seconds=30) <= due(queued) - NOW <= timedelta(hours=1)


def test_what_waits_in_the_queue_waits_longer_after_each_failure():
    payout = begun()
    for expected in (60, 120, 240):
        payout = hear_all(payout, [event(Started), event(NeverSent)])
        assert after(due(payout)) == expected


def test_a_claim_is_abandoned_only_when_its_sender_cannot_be_alive():
    claimed = advance(begun(), event(Started, later=100)).after
    assert after(due(claimed)) == 160
    asked = advance(claimed, event(Asked, later=200, found=True)).after
    assert after(due(asked)) == 260


def test_a_direct_credit_is_looked_at_when_its_window_has_closed():
    sent = in_status(S.PENDING, Rail.DIRECT_ENTRY)
    closes = start_of(datetime(2026, 3, 10, tzinfo=UTC).date())
    assert due(sent) == closes
    late = advance(sent, event(Asked, later=after(closes) + 5, found=False)).after
    assert after(due(late)) == after(closes) + 65
    early = advance(sent, event(Asked, later=5, found=False)).after
    assert due(early) == closes


def unconfirmed(**changed):
    return replace(in_status(S.UNCONFIRMED), **changed)


def test_nothing_is_sent_again_within_the_quarantine():
    payout = in_status(S.UNCONFIRMED)
    last = NOW + PATIENCE.quarantine
    assert not PATIENCE.may_send_again(payout, last - timedelta(microseconds=1))
    assert PATIENCE.may_send_again(payout, last)


def test_every_sending_starts_the_quarantine_anew():
    payout = hear_all(
        in_status(S.UNCONFIRMED), [event(StartedAgain, later=2000), event(Unclear, later=2001)]
    )
    assert not PATIENCE.may_send_again(payout, NOW + timedelta(seconds=2001) + 28 * MINUTE)
    assert PATIENCE.may_send_again(payout, NOW + timedelta(seconds=2000) + 30 * MINUTE)


LATER = NOW + timedelta(days=1)


@pytest.mark.parametrize("status", [status for status in Status if status is not S.UNCONFIRMED])
def test_only_what_is_unconfirmed_is_sent_again(status):
    assert not PATIENCE.may_send_again(in_status(status), LATER)


@pytest.mark.parametrize(
    "told",
    [
        event(Unclear, doubt=Doubt.REFERENCE_EXISTS),
        event(Unclear, doubt=Doubt.NOT_UNDERSTOOD),
        event(Refused),
        event(Escalated),
        event(ResolutionProposed),
    ],
    ids=lambda told: type(told).__name__ + getattr(told, "doubt", ""),
)
def test_what_waits_for_a_person_is_not_sent_again(told):
    payout = in_status(S.UNCONFIRMED)
    assert PATIENCE.may_send_again(payout, LATER)
    assert not PATIENCE.may_send_again(advance(payout, told).after, LATER)


def test_a_customer_who_was_stopped_does_not_hold_a_payout_up_for_ever():
    payout = advance(in_status(S.UNCONFIRMED), event(Escalated, why=CustomerStopped.code)).after
    assert attention(payout) == "customer_stopped"
    assert PATIENCE.may_send_again(payout, LATER)


@pytest.mark.parametrize(("sends", "allowed"), [(1, True), (2, True), (3, False), (4, False)])
def test_after_three_sendings_it_is_a_persons(sends, allowed):
    payout = unconfirmed(sends=sends)
    assert PATIENCE.may_send_again(payout, LATER) is allowed
    assert PATIENCE.escalation(payout, NOW) == ("" if allowed else "sent_often_and_not_found")


def test_what_has_no_time_of_sending_is_in_quarantine_for_ever():
    assert not PATIENCE.quarantine_over(unconfirmed(sent_at=None), LATER)
    again = advance(in_status(S.UNCONFIRMED), event(Reattempted)).after
    assert not PATIENCE.quarantine_over(again, LATER)


def test_the_quarantine_outlasts_any_sender():
    """A claim lives 20 s, its call no longer; both clocks may be minutes off."""
    assert PATIENCE.quarantine >= 10 * MINUTE
    assert PATIENCE.abandoned >= timedelta(seconds=20) + timedelta(seconds=30)


@pytest.mark.parametrize("status", sorted(OPEN - {S.AWAITING_APPROVAL}))
def test_what_stays_open_for_a_day_is_a_persons(status):
    payout = in_status(status)
    assert PATIENCE.escalation(payout, NOW + timedelta(hours=24, seconds=-1)) == ""
    assert PATIENCE.escalation(payout, NOW + timedelta(hours=24)) == "open_too_long"
    waiting = advance(payout, event(Escalated)).after
    assert PATIENCE.escalation(waiting, LATER) == "", "a person is told once"


def test_what_awaits_approval_is_due_when_it_lapses_and_is_on_no_other_list():
    payout = in_status(S.AWAITING_APPROVAL)
    assert due(payout) == UNTIL
    assert due(advance(payout, event(Approved, by="anna")).after) == UNTIL
    assert PATIENCE.escalation(payout, UNTIL + timedelta(days=9)) == ""
    assert attention(payout) == ""
    alarmed = advance(payout, event(Escalated, why=CONTRADICTION)).after
    assert due(alarmed) is None, "a person has it: nobody's waiting gives the money back"


def test_what_was_agreed_to_late_is_not_open_for_too_long_because_of_that():
    agreed = event(Approved, by="anna", later=40 * 3600)
    payout = hear_all(in_status(S.AWAITING_APPROVAL), [agreed, event(Released, later=40 * 3600)])
    assert (payout.status, after(due(payout))) == (S.QUEUED, 40 * 3600 + 30)
    assert PATIENCE.escalation(payout, agreed.at + timedelta(hours=24, seconds=-1)) == ""
    assert PATIENCE.escalation(payout, agreed.at + timedelta(hours=24)) == "open_too_long"


def test_a_direct_credit_is_given_the_time_that_its_window_takes():
    sent = in_status(S.PENDING, Rail.DIRECT_ENTRY)
    assert due(sent) < NOW + timedelta(days=17)
    assert PATIENCE.escalation(sent, NOW + timedelta(days=18, seconds=-1)) == ""
    assert PATIENCE.escalation(sent, NOW + timedelta(days=18)) == "open_too_long"
    unclear = in_status(S.UNCONFIRMED, Rail.DIRECT_ENTRY)
    assert PATIENCE.escalation(unclear, LATER) == "open_too_long"


def test_what_was_accepted_and_is_never_found_is_a_persons():
    payout = in_status(S.PENDING)
    for missed in range(1, 4):
        payout = advance(payout, event(Asked, later=missed, found=False)).after
        expected = "accepted_and_not_found" if missed == 3 else ""
        assert PATIENCE.escalation(payout, NOW) == expected
    found = advance(payout, event(Asked, later=4, found=True)).after
    assert PATIENCE.escalation(found, NOW) == ""


@pytest.mark.parametrize("status", [status for status in Status if status not in OPEN])
def test_what_ended_is_nobodys(status):
    assert PATIENCE.escalation(in_status(status), LATER) == ""
    assert attention(in_status(status)) == ("disputed" if status is S.DISPUTED else "")


def test_attention_says_why():
    payout = in_status(S.UNCONFIRMED)
    assert attention(payout) == ""
    worried = advance(payout, event(Escalated, why="open_too_long")).after
    assert attention(worried) == "open_too_long"
    assert attention(advance(worried, event(ResolutionProposed)).after) == "resolution_proposed"


REAL = Calendar(rits_holiday)
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (hypothesis adds the zone)


def due_really(payout) -> datetime:
    """When it is due by the true calendar; it is, some time."""
    when = PATIENCE.due(payout, REAL)
    assert when is not None
    return when


def moved(payout, span):
    """The same payout, all of whose life happened later."""
    names = ("sent_at", "asked_at", "updated_at", "lapses_at")
    times = {name: at + span for name in names if (at := getattr(payout, name))}
    intent = replace(payout.intent, created_at=payout.intent.created_at + span)
    return replace(payout, intent=intent, **times)


@given(MOMENTS, st.sampled_from(sorted(OPEN)), st.integers(0, 12))
def test_what_is_not_a_direct_credit_is_due_after_the_same_time_in_every_season(at, status, asks):
    """Neither Easter nor a change of the clocks makes an instant payment wait."""
    payout = replace(in_status(status), asks=asks)
    span = at - NOW
    assert PATIENCE.due(moved(payout, span), REAL) == PATIENCE.due(payout, REAL) + span
    assert PATIENCE.quarantine_over(moved(payout, span), at + PATIENCE.quarantine) == (
        payout.sent_at is not None
    )


def test_the_window_of_what_went_in_a_bank_file_is_counted_from_that_banks_cut_off():
    at = NOW + timedelta(hours=5)  # 17:00 in Sydney
    sent = replace(in_status(S.PENDING, Rail.DIRECT_ENTRY), sent_at=at)
    filed = replace(sent, filed=((1, "file-1"),))
    assert PATIENCE.due(sent, REAL) == start_of(date(2026, 3, 10))
    assert PATIENCE.due(filed, REAL) == start_of(date(2026, 3, 11))


@given(MOMENTS, st.integers(0, 12))
def test_a_direct_credit_is_due_when_sydneys_last_day_is_over_and_never_before(at, asks):
    sent = moved(in_status(S.PENDING, Rail.DIRECT_ENTRY), at - NOW)
    when = due_really(sent)
    last = REAL.last_day_of_window(at, PATIENCE.window_days)
    assert sydney_date(when) == last + timedelta(days=1)
    assert sydney_date(when - timedelta(microseconds=1)) == last
    assert when.astimezone(SYDNEY).time() == time.min
    asked = replace(sent, asks=asks, asked_at=when + MINUTE)
    assert due_really(asked) >= when
    early = replace(sent, asks=asks, asked_at=at)
    assert due_really(early) == when, "asked before, it still waits for its last day"


@pytest.mark.parametrize(
    ("sent_at", "due_at"),
    [
        # Before Easter, and over the end of summer time on 5 April.
        (datetime(2026, 4, 1, 1, 0, tzinfo=UTC), datetime(2026, 4, 10, 14, 0, tzinfo=UTC)),
        # Over the beginning of summer time on 4 October; Labour Day counts.
        (datetime(2026, 9, 30, 1, 0, tzinfo=UTC), datetime(2026, 10, 7, 13, 0, tzinfo=UTC)),
        # Over Christmas and the New Year, in the evening of the last business day.
        (datetime(2026, 12, 24, 9, 30, tzinfo=UTC), datetime(2027, 1, 6, 13, 0, tzinfo=UTC)),
        # Five minutes before the cut-off of a Thursday before Good Friday, and six.
        (datetime(2026, 4, 2, 8, 55, tzinfo=UTC), datetime(2026, 4, 14, 14, 0, tzinfo=UTC)),
        (datetime(2026, 4, 2, 8, 54, tzinfo=UTC), datetime(2026, 4, 13, 14, 0, tzinfo=UTC)),
        # In the hour that there is twice: both of them are a Sunday.
        (datetime(2026, 4, 4, 15, 30, tzinfo=UTC), datetime(2026, 4, 14, 14, 0, tzinfo=UTC)),
        (datetime(2026, 4, 4, 16, 30, tzinfo=UTC), datetime(2026, 4, 14, 14, 0, tzinfo=UTC)),
    ],
)
def test_the_poller_follows_the_days_of_the_payouts_own_sending(sent_at, due_at):
    sent = moved(in_status(S.PENDING, Rail.DIRECT_ENTRY), sent_at - NOW)
    assert PATIENCE.due(sent, REAL) == due_at


@given(st.lists(st.sampled_from(["asked", "unanswered", "accepted", "escalated"]), max_size=12))
def test_a_window_does_not_wander_whatever_is_heard_meanwhile(what):
    """Also of what no sending is known of: it counts from when it was first heard of."""
    told = {
        "asked": (Asked, {"found": False}), "unanswered": (Unanswered, {}),
        "accepted": (Accepted, {}), "escalated": (Escalated, {}),
    }  # fmt: skip
    for first in (in_status(S.PENDING, Rail.DIRECT_ENTRY), heard_of()):
        payout, closes = first, due(replace(first, asks=0))
        for number, name in enumerate(what):
            kind, more = told[name]
            later = (number + 1) * 86_400
            payout = advance(payout, event(kind, later=later, **more)).after
            assert payout.sent_at == first.sent_at
            assert due(payout) >= closes
            assert due(replace(payout, asks=0)) == closes


def heard_of():
    """A direct credit that is accepted although no sending of this attempt is known."""
    return advance(begun(Rail.DIRECT_ENTRY), event(Accepted, later=3600)).after


def test_what_no_sending_is_known_of_left_when_it_was_heard_of_at_the_latest():
    assert heard_of().sent_at == NOW + timedelta(hours=1)
    told_early = advance(begun(), event(Accepted, later=-86_400)).after
    assert told_early.sent_at == NOW, "no earlier than the last that is known of it"
    known = advance(in_status(S.SENDING), event(Accepted, later=99)).after
    assert known.sent_at == NOW


def test_a_sending_again_starts_the_window_anew():
    again = hear_all(
        in_status(S.UNCONFIRMED, Rail.DIRECT_ENTRY),
        [event(StartedAgain, later=86_400), event(Accepted, later=86_401)],
    )
    assert due(again) == start_of(datetime(2026, 3, 11, tzinfo=UTC).date())


def test_a_direct_credit_that_waited_long_before_it_was_sent_has_all_its_time():
    """Who waited for funds for weeks is no case for a person on the day that its window closes."""
    sent = in_status(S.PENDING, Rail.DIRECT_ENTRY)
    sent_at = NOW + timedelta(days=40)
    late = replace(sent, sent_at=sent_at)
    assert PATIENCE.escalation(late, due(late)) == ""
    assert PATIENCE.escalation(late, sent_at + timedelta(days=18, seconds=-1)) == ""
    assert PATIENCE.escalation(late, sent_at + timedelta(days=18)) == "open_too_long"


@given(MOMENTS)
def test_nobody_is_told_of_a_direct_credit_before_its_window_is_over(at):
    sent = moved(in_status(S.PENDING, Rail.DIRECT_ENTRY), at - NOW)
    assert PATIENCE.escalation(sent, due_really(sent)) == ""
