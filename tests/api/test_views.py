"""What people read: masked, exact, in plain words for everything that can happen."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from chalicelib.api import examples, views, words
from chalicelib.api.times import rfc3339
from chalicelib.domain import decision, events, patience
from chalicelib.domain.advance import begin
from chalicelib.domain.approval import Approval
from chalicelib.domain.customer import Customer
from chalicelib.domain.events import Doubt, Hindrance, Verdict
from chalicelib.domain.intent import Intent
from chalicelib.domain.money import Money
from chalicelib.domain.payout import CANCELLABLE, Payout, Status
from chalicelib.domain.rails import Rail
from tests.api.house import BANK_ACCOUNT, EMAIL_PAY_ID, House
from tests.fakes.vault import FakeVault

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SAMPLES: dict[str, Any] = {
    "at": AT, "by": "somebody", "request_id": "r", "attempt": 1, "digest": "d", "claim_id": "c",
    "reason": Hindrance.NO_CONNECTION, "doubt": Doubt.TIMED_OUT, "verdict": Verdict.DEAD,
    "evidence": "They wrote so.", "why": "open_too_long", "found": False, "refusal": "Code",
    "message": "", "detail": "", "amount": None, "fee": None, "monoova_transaction_id": None,
    "return_id": "", "needs": 1, "lapses_at": AT, "seen": "5e", "redraft": "another",
    "rail": Rail.NPP, "file_id": "file-1",
}  # fmt: skip


def payout(rail: Rail = Rail.NPP, status: Status = Status.PENDING) -> Payout:
    sealed = FakeVault().seal(BANK_ACCOUNT, customer_id="c", destination_id="d")
    intent = Intent("t" * 36, "c", Money(12_345), rail, sealed, AT, "maker")
    return replace(begin(intent, by="maker").after, status=status)


@pytest.mark.parametrize("kind", events.ALL)
def test_every_event_is_told_in_words(kind: type[events.Event]):
    told = {field.name: SAMPLES[field.name] for field in fields(kind)}
    if "reason" in told and kind not in {events.Delayed, events.NeverSent}:
        told["reason"] = "Wrong account."
    if kind is events.LetGo:
        told["why"] = "given up"
    sentence = words.told(kind(**told))
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    assert not sentence.endswith("..")
    assert "_" not in sentence


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        (events.Asked(at=AT, by="poller", attempt=1, found=True),
         "The provider was asked: it knows it, and has nothing new."),
        (events.Cancelled(at=AT, by="somebody", reason="Asked for twice."),
         "Cancelled: Asked for twice."),
        (events.Cancelled(at=AT, by="somebody"), "Cancelled."),
        (events.Escalated(at=AT, by="poller", why="a_new_reason"),
         "Put before a person: a new reason."),
        (events.Refused(at=AT, by="provider", attempt=1, refusal="InvalidTotalAmount"),
         "The provider refused it: InvalidTotalAmount."),
        (events.ApprovalAsked(at=AT, by="maker", needs=2, why="risk,drafted_by_bot",
                              lapses_at=AT),
         "Other people have to agree to it: rules of risk fired; a program asked for it."),
        (events.ApprovalAsked(at=AT, by="maker", needs=1, why="", lapses_at=AT),
         "Other people have to agree to it."),
        (events.Approved(at=AT, by="anna", needs=1, seen="5e", reason="I rang them."),
         "Somebody else agreed: I rang them."),
        (events.Approved(at=AT, by="anna", needs=1, seen="5e"), "Somebody else agreed."),
        (events.Released(at=AT, by="anna"), "Enough people agreed: it may be sent."),
        (events.Declined(at=AT, by="anna", reason="Not Jo."),
         "Somebody who had to agree said no: Not Jo."),
        (events.Lapsed(at=AT, by="poller"), "Not enough people agreed in time."),
    ],
)  # fmt: skip
def test_a_step_says_why(event: events.Event, sentence: str):
    assert words.told(event) == sentence


@pytest.mark.parametrize("code", [*Hindrance, *Doubt, *Verdict])
def test_every_reason_has_words(code: str):
    assert code in words.REASONS


@pytest.mark.parametrize(
    "code",
    [decision.AMOUNT, decision.NEW, decision.CHANGED, decision.DUPLICATE, decision.SHARED,
     decision.RISK, decision.DRAFT],
)  # fmt: skip
def test_every_reason_for_an_approval_has_words(code: str):
    assert code in words.REASONS


@pytest.mark.parametrize(
    ("needs", "given", "people"),
    [(1, 0, "1 other person"), (2, 0, "2 other people"), (2, 1, "1 other person")],
)
def test_what_awaits_approval_says_how_many_have_to_agree_and_until_when(
    needs: int, given: int, people: str
):
    approvals = tuple(Approval(f"anna-{number}", AT, "5e") for number in range(given))
    it = replace(
        payout(status=Status.AWAITING_APPROVAL), needs=needs, approvals=approvals,
        lapses_at=AT + timedelta(hours=72),
    )  # fmt: skip
    shown = views.payout(it, House())
    assert (shown.status, shown.cancellable, shown.attention) == ("AwaitingApproval", True, None)
    assert shown.message == (
        f"It waits for {people} to agree, until 2026-03-05T01:00:00.000Z; the money is set aside."
    )
    assert shown.explanation is not None
    assert shown.explanation.reason == "awaiting_approval"


def test_what_was_declined_or_lapsed_says_so():
    declined = replace(payout(status=Status.DECLINED), error_code="declined", error_message="No.")
    shown = views.payout(declined, House())
    assert (shown.cancellable, shown.error_code, shown.error_message) == (False, "declined", "No.")
    lapsed = replace(payout(status=Status.CANCELLED), error_code="approval_lapsed")
    explained = views.payout(lapsed, House()).explanation
    assert explained is not None
    assert (explained.reason, explained.may_retry) == ("approval_lapsed", True)


def test_every_cause_of_attention_has_words():
    known = set(words.REASONS)
    assert {str(doubt) for doubt in (Doubt.REFERENCE_EXISTS, Doubt.NOT_UNDERSTOOD)} <= known
    sent = replace(payout(status=Status.UNCONFIRMED), sends=99, sent_at=AT)
    missed = replace(payout(), missed=3)
    late = AT + timedelta(days=99)
    waits = patience.Patience()
    whys = {waits.escalation(each, late) for each in (sent, missed, payout())}
    assert whys == {"sent_often_and_not_found", "accepted_and_not_found", "open_too_long"}
    assert whys <= known
    assert {patience.attention(payout(status=Status.DISPUTED)), "contradiction"} <= known


@pytest.mark.parametrize("status", Status)
def test_every_status_is_shown_with_a_message(status: Status):
    shown = views.payout(payout(status=status), House())
    assert shown.status == status.shown
    assert shown.message == words.STATUSES[status]
    assert shown.cancellable is (status in CANCELLABLE)


def test_a_direct_credit_that_was_sent_says_until_when_it_can_come_back():
    shown = views.payout(payout(Rail.DIRECT_ENTRY), House())
    assert shown.final_unless_dishonoured_by == "2026-03-09"
    done = views.payout(payout(Rail.DIRECT_ENTRY, Status.COMPLETED), House())
    assert done.final_unless_dishonoured_by is None
    assert done.message == words.STATUSES[Status.COMPLETED]


def test_what_is_absent_is_null():
    shown = views.payout(payout(), House())
    assert {
        shown.reference, shown.description, shown.fee, shown.returned_amount, shown.error_code,
        shown.error_message, shown.monoova_transaction_id, shown.attention, shown.proposal,
    } == {None}  # fmt: skip


def test_amounts_are_text_with_two_decimals_and_exact():
    told = replace(payout(), fee=Money(5), came_back=Money(12_345))
    shown = views.payout(told, House())
    assert (shown.amount, shown.fee, shown.returned_amount) == ("123.45", "0.05", "123.45")


def test_moments_are_utc_with_milliseconds():
    sydney = timezone(timedelta(hours=11))
    assert rfc3339(datetime(2026, 3, 2, 12, 0, 0, 123_456, sydney)) == "2026-03-02T01:00:00.123Z"


def test_only_the_default_of_its_method_is_the_default():
    vault = FakeVault()
    chosen: list[Any] = [EMAIL_PAY_ID, EMAIL_PAY_ID, BANK_ACCOUNT]
    sealed = [
        vault.seal(each, customer_id="c", destination_id=str(number))
        for number, each in enumerate(chosen)
    ]
    who = Customer(
        "c", "Jo", "jo@example.com", AT, AT, destinations=tuple(sealed),
        defaults=((EMAIL_PAY_ID.method, "1"),),
    )  # fmt: skip
    assert [each.default for each in views.customer(who).payout_destinations] == [
        False, True, False,
    ]  # fmt: skip


def test_the_examples_hold_an_example_of_every_answer():
    assert all(examples.of(shape) for shape in examples.shapes_shown())
