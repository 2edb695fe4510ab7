"""The attempts that people are shown, out of a payout's steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from chalicelib.domain.advance import advance, begin
from chalicelib.domain.attempts_made import attempts_made
from chalicelib.domain.events import (
    Accepted,
    Cancelled,
    Confirmed,
    Filed,
    LetGo,
    NeverSent,
    OutOfFunds,
    Reattempted,
    Refused,
    Returned,
    Started,
    Unclear,
)
from chalicelib.domain.rails import Rail
from chalicelib.domain.recorded import Recorded
from tests.domain.making import ID, NOW, event, intent

UNREACHABLE = "NppCreditBankAccountDetailsAreInvalid"


def after(*events, **changed):
    """A payout that lived so, a second between the steps, and its attempts."""
    step = begin(intent(**{"fallbacks": (Rail.DIRECT_ENTRY,), **changed}), by="olive")
    steps = [step]
    for number, each in enumerate(events, 1):
        step = advance(steps[-1].after, replace(each, at=NOW + timedelta(seconds=number)))
        steps.append(step)
    recorded = [
        Recorded(one.after.version, one.event, str(one.after.status), one.postings, "", "")
        for one in steps
    ]
    return attempts_made(steps[-1].after, recorded)


def second(number):
    return NOW + timedelta(seconds=number)


def test_what_was_never_claimed_has_one_attempt_that_has_not_begun():
    (one,) = after()
    assert (one.number, one.rail, one.reference) == (1, Rail.NPP, f"{ID}-1")
    assert (one.outcome, one.started_at, one.ended_at, one.reason) == ("Queued", None, None, "")


def test_an_attempt_is_the_payouts_as_long_as_it_lives():
    (sent,) = after(event(Started), event(Accepted))
    assert (sent.outcome, sent.started_at, sent.ended_at) == ("Pending", second(1), None)
    (done,) = after(event(Started), event(Accepted), event(Confirmed), event(Accepted))
    assert (done.outcome, done.started_at, done.ended_at) == ("Completed", second(1), second(3))
    (back,) = after(event(Started), event(Accepted), event(Returned, reason="ACCOUNT CLOSED"))
    assert (back.outcome, back.reason) == ("Returned", "ACCOUNT CLOSED")


def test_what_was_turned_away_is_shown_beside_what_came_of_the_next_rail():
    first, then = after(
        event(Started), event(Refused, refusal=UNREACHABLE), event(Started),
        event(Accepted, attempt=2),
    )  # fmt: skip
    assert (first.rail, first.outcome, first.reason) == (Rail.NPP, "Refused", UNREACHABLE)
    assert (first.started_at, first.ended_at) == (second(1), second(2))
    assert (then.number, then.rail, then.reference) == (2, Rail.DIRECT_ENTRY, f"{ID}-2")
    assert (then.outcome, then.started_at, then.ended_at) == ("Pending", second(3), None)


def test_the_next_waits_until_it_is_claimed():
    _, waits = after(event(Started), event(Refused, refusal=UNREACHABLE))
    assert (waits.outcome, waits.started_at, waits.reason) == ("Queued", None, "other_rail")


def test_what_certainly_never_left_had_not_begun():
    (one,) = after(event(Started), event(NeverSent))
    assert (one.outcome, one.started_at, one.reason) == ("Queued", None, "no_connection")


def test_refusals_for_want_of_funds_and_peoples_word_bury_an_attempt_too():
    dry, _ = after(event(Started), event(OutOfFunds))
    assert (dry.outcome, dry.ended_at) == ("Refused", second(2))
    dead, last = after(
        event(Started), event(Unclear), event(Reattempted, evidence="the statement"),
        event(Cancelled),
    )  # fmt: skip
    assert (dead.outcome, dead.ended_at, dead.reason) == (
        "DeclaredDead", second(3), "the statement",
    )  # fmt: skip
    assert (last.outcome, last.ended_at) == ("Cancelled", second(4))


def test_a_first_attempt_that_turns_out_to_be_alive_is_the_payouts_and_the_next_never_left():
    first, then = after(
        event(Started), event(Refused, refusal=UNREACHABLE), event(Confirmed, attempt=1)
    )
    assert (first.outcome, first.rail, first.ended_at) == ("Completed", Rail.NPP, second(3))
    assert (then.outcome, then.rail, then.started_at) == ("NeverSent", Rail.DIRECT_ENTRY, None)


def test_what_was_let_go_of_a_bank_file_is_shown_beside_what_came_of_the_next_attempt():
    first, then = after(
        event(Filed), event(LetGo, why="given up"), event(Started), event(Accepted, attempt=2)
    )
    assert (first.rail, first.outcome, first.reason) == (
        Rail.DIRECT_ENTRY, "NeverSent", "given up",
    )  # fmt: skip
    assert (first.started_at, first.ended_at) == (second(1), second(2))
    assert (then.number, then.rail, then.reference) == (2, Rail.NPP, f"{ID}-2")
    assert (then.outcome, then.started_at, then.ended_at) == ("Pending", second(3), None)
