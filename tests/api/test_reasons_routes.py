"""Reasons at the doors: payouts explain themselves, and unknown texts are listed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.api import views
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.reasons import MEANINGS
from tests.api.house import House
from tests.api.making import unconfirmed
from tests.api.test_views import payout
from tests.fakes.clock import START

if TYPE_CHECKING:
    from tests.api.client import Api

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def test_a_rejected_payout_says_what_happened_and_what_to_do():
    it = replace(
        payout(status=Status.REJECTED), error_code="rejected", error_message="ACCOUNT CLOSED"
    )
    shown = views.payout(it, House()).explanation
    assert shown is not None
    assert shown.model_dump() == {
        "reason": "account_closed",
        "what": "The account is closed.",
        "whose_turn": "customer",
        "may_retry": False,
        "other_rail_safe": False,
        "ask_customer": "Ask for another account in their own name.",
        "say_to_customer": MEANINGS["account_closed"].say,
    }


def test_what_there_is_nothing_to_ask_is_null():
    it = replace(payout(status=Status.RETURNED), error_message="system error")
    shown = views.payout(it, House()).explanation
    assert shown is not None
    assert (shown.ask_customer, shown.may_retry, shown.other_rail_safe) == (None, True, True)


@pytest.mark.parametrize("status", [Status.PENDING, Status.COMPLETED, Status.CANCELLED])
def test_what_goes_well_explains_nothing(status: Status):
    assert views.payout(payout(status=status), House()).explanation is None


def test_an_unconfirmed_payout_is_not_to_be_tried_again(api: Api):
    api.house.customer()
    transaction_id = unconfirmed(api)
    (listed,) = api.get("/payouts").json["data"]
    assert listed["transaction_id"] == transaction_id
    found = listed["explanation"]
    assert found["reason"] == "unconfirmed"
    assert (found["may_retry"], found["other_rail_safe"]) == (False, False)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (Status.PENDING, ("2026-03-02", "2026-03-03", "2026-03-09")),
        (Status.COMPLETED, ("2026-03-02", None, None)),
        (Status.RETURNED, ("2026-03-02", None, None)),
        (Status.UNCONFIRMED, (None, None, None)),
        (Status.QUEUED, (None, None, None)),
        (Status.FAILED, (None, None, None)),
    ],
)
def test_a_direct_credit_says_when_it_leaves_and_when_it_is_there(
    status: Status, expected: tuple[str | None, ...]
):
    sent = replace(payout(Rail.DIRECT_ENTRY, status), sent_at=AT)
    shown = views.payout(sent, House())
    assert (shown.leaves_on, shown.expected_by, shown.final_unless_dishonoured_by) == expected


def test_an_instant_payment_has_no_days():
    shown = views.payout(replace(payout(), sent_at=AT), House())
    assert (shown.leaves_on, shown.expected_by, shown.final_unless_dishonoured_by) == (None,) * 3


def test_a_direct_credit_sent_at_night_leaves_on_the_next_business_day():
    night = replace(payout(Rail.DIRECT_ENTRY), sent_at=AT + timedelta(days=4, hours=9))
    shown = views.payout(night, House())
    assert (shown.leaves_on, shown.expected_by) == ("2026-03-09", "2026-03-10")
    assert shown.final_unless_dishonoured_by == "2026-03-16"


def test_what_is_in_a_bank_file_leaves_by_the_cut_off_of_that_bank():
    after_four = AT + timedelta(hours=5)
    by_file = replace(payout(Rail.DIRECT_ENTRY), sent_at=after_four, filed=((1, "file-1"),))
    shown = views.payout(by_file, House())
    assert (shown.leaves_on, shown.expected_by) == ("2026-03-03", "2026-03-04")
    assert shown.final_unless_dishonoured_by == "2026-03-10"


def test_unknown_texts_are_listed_with_how_often_and_when(api: Api):
    words = api.house.words
    for minutes, text in [(0, "account …"), (1, "# …"), (2, "account …")]:
        words.count(text, example=f"payout-{minutes}", at=START + timedelta(minutes=minutes))
    first = api.get("/reasons/unmapped?limit=1", role="viewer")
    assert first.json["data"] == [
        {
            "text": "account …",
            "count": 2,
            "first_seen": "2026-03-02T01:00:00.000Z",
            "last_seen": "2026-03-02T01:02:00.000Z",
            "transaction_id": "payout-2",
        }
    ]
    rest = api.get(f"/reasons/unmapped?limit=1&cursor={first.json['next_cursor']}", role="viewer")
    assert [each["text"] for each in rest.json["data"]] == ["# …"]
    assert rest.json["next_cursor"] is None


def test_a_filter_that_the_list_does_not_know_is_refused(api: Api):
    assert api.get("/reasons/unmapped?text=account").status == 400
