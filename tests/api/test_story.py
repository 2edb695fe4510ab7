"""The whole story of a payout at the doors: from every table, in the order in which it happened."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.events import Confirmed
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.money import Money
from chalicelib.domain.notices import DeadLetter, PayoutNews
from chalicelib.domain.story import references
from chalicelib.usecases import story as gathering
from chalicelib.usecases.dead_letters import park
from tests.api.making import pending
from tests.fakes.inbox import TOKEN

if TYPE_CHECKING:
    from tests.api.client import Api
    from tests.api.house import House

NOBODY = "00000000-0000-4000-8000-000000000000"
PERSONAL = b'{"RemitterName": "Jo Citizen", "AccountNumber": "12345678"}'


@pytest.fixture
def paid(api: Api, house: House) -> str:
    """A payout that the provider confirmed by a webhook a minute later."""
    house.customer()
    made = pending(api)
    house.clock.advance(60)
    confirm(api, house, made)
    return made


def confirm(api: Api, house: House, made: str, name: str = "7", raw: bytes = PERSONAL) -> None:
    news = Confirmed(at=house.clock.now(), by="webhook", attempt=1)
    house.inbox.teach(raw, PayoutNews(f"{made}-1", made, news))
    sent = {"Authorization": TOKEN, "Webhookid": name}
    path = "/webhooks/monoova/NppPaymentStatus"
    assert api.post(path, raw=raw, headers=sent, role="").status == 200


def park_a_letter(house: House, made: str, reference: str = "") -> str:
    """A webhook about it that could not be applied."""
    letter = DeadLetter(
        "NppReturn", "8", PERSONAL, house.clock.now(), "contradiction", 9, "the-request",
        reference or f"{made}-1",
    )  # fmt: skip
    house.clock.advance(60)
    before = set(house.store.state.parked)
    park(letter, parked=house.parked, at=house.clock.now())
    (own,) = set(house.store.state.parked) - before
    return own


def find(house: House, made: str) -> str:
    """A difference that a night found."""
    house.clock.advance(60)
    told = Finding(Kind.FEE_DIFFERS, f"{made}-1", house.clock.now(), amount=Money(5))
    house.findings.open(told)
    return told.finding_id


def told(api: Api, made: str) -> list[tuple[str, str]]:
    return [(each["kind"], each["words"]) for each in story(api, made)["lines"]]


def story(api: Api, made: str):
    answer = api.get(f"/payouts/{made}/story", role="viewer")
    assert answer.status == 200
    return answer.json


def test_a_payout_is_told_from_every_table_in_the_order_in_which_it_happened(
    api: Api, house: House, paid: str
):
    letter, finding = park_a_letter(house, paid), find(house, paid)
    house.clock.advance(60)
    assert api.post(f"/findings/{finding}/resolve", {"reason": "Jo was told."}).status == 200
    house.clock.advance(60)
    path = f"/dead-letters/{letter}/discard"
    assert api.post(path, {"reason": "Jo knows."}, role="admin").status == 200
    assert told(api, paid) == [
        ("step", "Asked for; the money was set aside."),
        ("step", "Claimed for sending."),
        ("step", "The provider took it."),
        ("webhook", "A webhook came in: NppPaymentStatus; it was heard."),
        ("step", "The payee has the money."),
        (
            "dead_letter",
            "A webhook became a dead letter. It cannot be true together with what is known.",
        ),
        ("finding", "The provider charged another fee than it told us."),
        ("finding", "A finding was resolved: The provider charged another fee than it told us."),
        ("dead_letter", "The dead letter was discarded."),
    ]
    whole = story(api, paid)
    assert (whole["status"], whole["whole"]) == ("Completed", True)
    assert [each["id"] for each in whole["lines"][-4:]] == [letter, finding, finding, letter]
    assert whole["lines"][-1]["by"] == "the-admin"


def test_what_people_wrote_elsewhere_and_what_is_personal_is_not_told(
    api: Api, house: House, paid: str
):
    finding = find(house, paid)
    api.post(f"/findings/{finding}/comment", {"text": "Jo Citizen called."})
    park_a_letter(house, paid)
    text = api.get(f"/payouts/{paid}/story").text
    assert "Somebody commented on a finding" in text
    assert "Citizen" not in text
    assert "12345678" not in text


def test_a_letter_that_was_heard_after_all_says_so(api: Api, house: House, paid: str):
    letter = park_a_letter(house, paid)
    assert api.post(f"/dead-letters/{letter}/redrive", {}).status == 200
    assert told(api, paid)[-1] == ("dead_letter", "The dead letter was heard after all.")


def test_another_payouts_letters_and_findings_are_not_told(api: Api, house: House, paid: str):
    park_a_letter(house, paid, f"{NOBODY}-1")
    find(house, NOBODY)
    assert {kind for kind, _ in told(api, paid)} == {"step", "webhook"}


def test_steps_keep_their_order_whatever_a_clock_said(api: Api, house: House):
    house.customer()
    made = pending(api)
    house.clock.advance(timedelta(minutes=-5).total_seconds())
    confirm(api, house, made)
    lines = [each for each in story(api, made)["lines"] if each["kind"] == "step"]
    assert [each["id"] for each in lines] == ["1", "2", "3", "4"]
    assert lines == sorted(lines, key=lambda each: each["at"])


def test_a_story_that_is_too_long_to_be_read_whole_says_so(api: Api, house: House, paid: str):
    most = gathering.PAGE * gathering.MOST_PAGES
    for number in range(most - 2):
        confirm(api, house, paid, f"again-{number}", b"%d" % number)
    assert story(api, paid)["whole"] is True
    for number in range(2):
        confirm(api, house, paid, f"more-{number}", b"more %d" % number)
    assert story(api, paid)["whole"] is False


def test_the_references_of_all_attempts_and_the_providers_own_name_are_looked_for(
    house: House, paid: str
):
    payout = house.store.state.payouts[paid]
    names = references(payout)
    assert names[0] == f"{paid}-1"
    assert payout.monoova_transaction_id in names


def test_a_payout_that_is_not_there_has_no_story(api: Api):
    assert api.get(f"/payouts/{NOBODY}/story").status == 404
