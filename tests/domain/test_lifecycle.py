"""The life of a payout, asked as a table: it is complete, and nothing in it is stranded."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.approval import Approval
from chalicelib.domain.errors import Contradiction, NotPossible
from chalicelib.domain.events import (
    ALL,
    Accepted,
    ApprovalAsked,
    Approved,
    Asked,
    Cancelled,
    Confirmed,
    DeclaredDead,
    Declined,
    Delayed,
    Escalated,
    Event,
    FileCleared,
    Filed,
    FileDoubted,
    Lapsed,
    LetGo,
    NeverSent,
    News,
    OutOfFunds,
    Reattempted,
    Refused,
    Rejected,
    Released,
    Requested,
    Rerouted,
    Returned,
    Started,
    StartedAgain,
    TurnedAway,
    Unanswered,
    Unclear,
    WindowClosed,
)
from chalicelib.domain.ledger import OUTSIDE, Place
from chalicelib.domain.payout import CANCELLABLE, LIFECYCLE, OPEN, UNSENT, WHERE, Status
from chalicelib.domain.rails import Rail
from tests.domain.making import NEWS, NOW, WAYS, event, in_status

S = Status
PLACES = {
    S.AWAITING_APPROVAL: Place.HELD,
    S.QUEUED: Place.HELD,
    S.SENDING: Place.HELD,
    S.RESENDING: Place.HELD,
    S.UNCONFIRMED: Place.HELD,
    S.PENDING: Place.WITH_PROVIDER,
    S.COMPLETED: Place.PAID,
    S.DISPUTED: Place.PAID,
    S.RETURNED: Place.AVAILABLE,
    S.REJECTED: Place.AVAILABLE,
    S.FAILED: Place.AVAILABLE,
    S.DECLINED: Place.AVAILABLE,
    S.CANCELLED: Place.AVAILABLE,
}
# The only ways out of an end: news that no earlier decision of ours can have foreseen.
OUT_OF_ENDS = {
    (S.COMPLETED, Returned, S.RETURNED),
    (S.REJECTED, Confirmed, S.DISPUTED),
    (S.FAILED, Accepted, S.DISPUTED),
    (S.FAILED, Confirmed, S.DISPUTED),
    (S.DECLINED, Accepted, S.DISPUTED),
    (S.DECLINED, Confirmed, S.DISPUTED),
    (S.CANCELLED, Accepted, S.DISPUTED),
    (S.CANCELLED, Confirmed, S.DISPUTED),
}
# News that cannot be true of a payout in that status: heard all the same, it is for a person.
CANNOT_BE = {
    *((status, kind) for status in UNSENT
      for kind in (Refused, OutOfFunds, TurnedAway, Unclear, Asked, WindowClosed)),
    (S.SENDING, WindowClosed), (S.RESENDING, WindowClosed), (S.UNCONFIRMED, WindowClosed),
    (S.COMPLETED, Rejected),
    (S.REJECTED, WindowClosed),
    (S.FAILED, WindowClosed),
    *((status, kind) for status in (S.CANCELLED, S.DECLINED)
      for kind in (Refused, OutOfFunds, TurnedAway, NeverSent, Unclear, Asked, WindowClosed)),
    # Only what is open, and may have left, is asked about.
    *((status, Unanswered) for status in set(Status) - OPEN | UNSENT),
}  # fmt: skip
# Who may release held money without the provider having said that it came back.
RELEASES = {
    (S.SENDING, Refused),
    (S.QUEUED, Cancelled),
    (S.AWAITING_APPROVAL, Cancelled),
    (S.AWAITING_APPROVAL, Declined),
    (S.AWAITING_APPROVAL, Lapsed),
    (S.UNCONFIRMED, DeclaredDead),
}


def edges():
    return [(was, kind, to) for was, row in LIFECYCLE.items() for kind, to in row.items()]


def test_every_status_has_a_row_and_a_place():
    assert set(LIFECYCLE) == set(WHERE) == set(Status)
    assert dict(WHERE) == PLACES


def test_a_payout_is_never_at_a_place_outside_or_in_nobodys():
    assert not set(WHERE.values()) & (OUTSIDE | {Place.UNALLOCATED, Place.BUSINESS})


def test_every_kind_of_event_is_somewhere_in_the_table_but_the_first():
    assert {kind for _, kind, _ in edges()} == set(ALL) - {Requested}


def test_all_news_has_a_row_in_every_status_or_is_listed_as_impossible():
    absent = {(was, kind) for was in Status for kind in NEWS if kind not in LIFECYCLE[was]}
    assert absent == CANNOT_BE


@pytest.mark.parametrize("status", [status for status in Status if status not in OPEN])
def test_an_end_is_an_end_but_for_the_news_that_reopens_it(status):
    leaving = {edge for edge in edges() if edge[0] is status and edge[2] is not status}
    assert leaving == {edge for edge in OUT_OF_ENDS if edge[0] is status}


def test_every_open_status_can_reach_an_end_and_every_status_can_be_reached():
    reach = {status: {to for was, _, to in edges() if was is status} for status in Status}
    for _ in Status:
        reach = {was: set(to).union(*(reach[each] for each in to)) for was, to in reach.items()}
    ends = set(Status) - OPEN
    assert all(reach[status] & ends for status in OPEN)
    assert reach[S.QUEUED] == reach[S.AWAITING_APPROVAL] == set(Status)


def test_every_open_status_can_end_by_news_alone_without_a_person():
    for status in OPEN:
        assert {LIFECYCLE[status][kind] for kind in (Confirmed, Rejected, Returned)} == {
            S.COMPLETED, S.REJECTED, S.RETURNED,
        }  # fmt: skip


def test_no_event_leads_back_to_open_from_an_end():
    assert not [edge for edge in edges() if edge[0] not in OPEN and edge[2] in OPEN]


def test_held_money_is_released_only_by_proof_or_by_people():
    releasing = {
        (was, kind)
        for was, kind, to in edges()
        if WHERE[was] is not Place.AVAILABLE and WHERE[to] is Place.AVAILABLE
    }
    told = {edge for edge in releasing if edge[1] in {Rejected, Returned}}
    assert releasing - told == RELEASES


def test_what_a_second_sending_meets_never_proves_anything_of_the_first():
    for kind in (Refused, OutOfFunds, TurnedAway, NeverSent, Unclear):
        assert LIFECYCLE[S.RESENDING][kind] is S.UNCONFIRMED
        assert LIFECYCLE[S.UNCONFIRMED][kind] is S.UNCONFIRMED


def test_only_one_sender_can_claim():
    kinds: set[type[Event]] = {Started, StartedAgain, Filed}
    claims = {(was, kind, to) for was, kind, to in edges() if kind in kinds}
    expected: set[tuple[Status, type[Event], Status]] = {
        (S.QUEUED, Started, S.SENDING),
        (S.QUEUED, Filed, S.SENDING),
        (S.UNCONFIRMED, StartedAgain, S.RESENDING),
    }
    assert claims == expected


def test_only_what_is_known_never_to_have_left_is_queued_again():
    back = {(was, kind) for was, kind, to in edges() if to is S.QUEUED and was is not S.QUEUED}
    assert back == {
        (S.SENDING, NeverSent), (S.SENDING, OutOfFunds), (S.SENDING, TurnedAway),
        (S.SENDING, LetGo), (S.UNCONFIRMED, Reattempted), (S.AWAITING_APPROVAL, Released),
    }  # fmt: skip


def test_only_what_was_never_sent_may_be_cancelled():
    assert {S.QUEUED, S.AWAITING_APPROVAL} == UNSENT == CANCELLABLE
    assert LIFECYCLE[S.CANCELLED][Cancelled] is S.CANCELLED


def test_what_awaits_approval_is_neither_sent_nor_tried_and_only_a_release_queues_it():
    row = LIFECYCLE[S.AWAITING_APPROVAL]
    assert not any(kind in row for kind in (Started, StartedAgain, Delayed, Reattempted))
    assert {kind for kind, to in row.items() if to is S.QUEUED} == {Released}
    assert {to for to in row.values() if to in OPEN} == UNSENT | {S.PENDING}


def test_only_what_nobody_has_sent_can_be_put_before_approvers():
    assert {was for was, kind, _ in edges() if kind is ApprovalAsked} == UNSENT
    for kind in (Approved, Released):
        assert {was for was, each, _ in edges() if each is kind} == {S.AWAITING_APPROVAL}


def test_of_cancelling_declining_and_lapsing_the_first_is_the_end():
    """Two who decide at once: what the other one did first is told to the second."""
    for end, kinds in ((S.DECLINED, {Declined}), (S.CANCELLED, {Cancelled, Lapsed})):
        assert LIFECYCLE[end].keys() & {Cancelled, Declined, Lapsed, Released, Approved} == kinds


def test_anything_can_be_put_before_a_person_and_stays_what_it_is():
    for kind in (Escalated, FileDoubted, FileCleared):
        assert all(row[kind] is status for status, row in LIFECYCLE.items())


def test_being_on_the_wire_is_shown_as_pending():
    assert {status.shown for status in (S.SENDING, S.RESENDING, S.PENDING)} == {"Pending"}
    others = set(Status) - {S.SENDING, S.RESENDING}
    assert all(status.shown == status.value for status in others)


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("kind", [kind for kind in ALL if kind is not Requested])
def test_advance_does_what_the_table_says_and_refuses_the_rest(status, kind):
    payout = in_status(status)
    assert status in WAYS
    if kind is Released:
        payout = replace(payout, approvals=(Approval("anna", NOW, "5e"),))
    if kind in {TurnedAway, Rerouted}:
        payout = replace(payout, intent=replace(payout.intent, fallbacks=(Rail.DIRECT_ENTRY,)))
    if kind in {LetGo, FileDoubted, FileCleared}:
        payout = replace(payout, filed=((1, "file-1"),))
    if kind in LIFECYCLE[status]:
        assert advance(payout, event(kind)).after.status is LIFECYCLE[status][kind]
        return
    expected = Contradiction if issubclass(kind, News) else NotPossible
    with pytest.raises(expected) as caught:
        advance(payout, event(kind))
    assert caught.value.status == status.shown
    assert isinstance(caught.value, Contradiction) is issubclass(kind, News)


def test_nothing_is_requested_twice():
    with pytest.raises(NotPossible):
        advance(in_status(S.QUEUED), event(Requested))
