"""Findings at the doors: listed, resolved with a reason, and among all that waits for a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.api.findings import WORDS
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.money import Money
from chalicelib.domain.notices import Debit
from tests.fakes.inbox import TOKEN

if TYPE_CHECKING:
    from tests.api.client import Api
    from tests.api.house import House

NOBODY = "00000000-0000-4000-8000-000000000000"
WHY = {"reason": "The bank took its fee."}


def found(house: House, subject: str = "D7", kind: Kind = Kind.UNEXPECTED_DEBIT) -> str:
    """An open finding; its id."""
    house.clock.advance(60)
    made = Finding(kind, subject, house.clock.now(), "debit_accepted", Money(500), reference="D7")
    house.findings.open(made)
    return made.finding_id


def test_a_finding_is_listed_with_what_it_is_about(api: Api, house: House):
    own = found(house)
    assert api.get("/findings", role="viewer").json == {"data": [{
        "finding_id": own, "status": "open", "kind": "unexpected_debit",
        "words": "Somebody takes money out of the account that we did not send.",
        "subject": "D7", "reference": "D7", "detail": "debit_accepted", "amount": "5.00",
        "currency": "AUD", "notice_id": None, "found_at": "2026-03-02T01:01:00.000Z",
        "resolved_at": None, "resolved_by": None, "reason": None,
    }], "next_cursor": None}  # fmt: skip


def test_a_debit_that_comes_in_is_listed_and_leads_to_its_webhook(api: Api, house: House):
    house.inbox.teach(b"{}", Debit("D7", Money(500), "debit_pending"))
    api.post("/webhooks/monoova/InboundDirectDebit", raw=b"{}", role="",
             headers={"Authorization": TOKEN, "Webhookid": "7"})  # fmt: skip
    (finding,) = api.get("/findings").json["data"]
    (notice,) = api.get("/notices").json["data"]
    assert finding["notice_id"] == notice["notice_id"]
    assert notice["findings"] == [finding["finding_id"]]
    assert notice["kept_until"] is None
    api.post(f"/findings/{finding['finding_id']}/resolve", WHY)
    (notice,) = api.get("/notices").json["data"]
    assert notice["kept_until"] == "2026-05-31T01:00:00.000Z"


def test_open_findings_come_oldest_first_and_resolved_ones_newest_first(api: Api, house: House):
    ids = [found(house, f"D{number}") for number in range(5)]
    assert [each["finding_id"] for each in pages(api, "/findings?status=open&limit=2")] == ids
    for own in ids:
        house.clock.advance(60)
        assert api.post(f"/findings/{own}/resolve", WHY).status == 200
    assert pages(api, "/findings") == []
    path = "/findings?status=resolved&limit=2"
    assert [each["finding_id"] for each in pages(api, path)] == ids[::-1]


def pages(api: Api, path: str) -> list[dict[str, object]]:
    """All of a list, page by page."""
    data, cursor = list[dict[str, object]](), ""
    while True:
        sign = "&" if "?" in path else "?"
        answer = api.get(f"{path}{sign}cursor={cursor}" if cursor else path).json
        data += answer["data"]
        cursor = answer["next_cursor"]
        if cursor is None:
            return data


def test_a_finding_is_resolved_with_a_reason_by_whom_and_when(
    api: Api, house: House, caplog: pytest.LogCaptureFixture
):
    own = found(house)
    house.clock.advance(timedelta(hours=1))
    answer = api.post(f"/findings/{own}/resolve", WHY, role="approver", who="anna")
    assert answer.status == 200
    told = answer.json
    assert (told["status"], told["reason"], told["resolved_by"]) == (
        "resolved", "The bank took its fee.", "anna",
    )  # fmt: skip
    assert told["resolved_at"] == "2026-03-02T02:01:00.000Z"
    assert any("finding_resolved" in line and own in line for line in caplog.messages)
    assert "bank" not in caplog.text


def test_the_same_again_is_200_and_another_is_409(api: Api, house: House):
    own = found(house)
    first = api.post(f"/findings/{own}/resolve", WHY, who="anna")
    again = api.post(f"/findings/{own}/resolve", WHY, who="anna")
    assert (first.json, again.status) == (again.json, 200)
    assert api.post(f"/findings/{own}/resolve", WHY, who="olive").code == "conflict"
    assert api.post(f"/findings/{own}/resolve", {"reason": "No."}, who="anna").status == 409


@pytest.mark.parametrize("own", [NOBODY, "nothing"])
def test_a_finding_that_is_not_there_is_404(api: Api, own: str):
    answer = api.post(f"/findings/{own}/resolve", WHY)
    assert (answer.status, answer.code) == (404, "not_found")
    assert "finding" in answer.json["detail"]


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x" * 501}, {"reason": 7}])
def test_a_finding_is_not_resolved_without_a_reason(api: Api, house: House, body: object):
    own = found(house)
    assert api.post(f"/findings/{own}/resolve", body).places.keys() == {"/reason"}
    assert api.get("/findings").json["data"]


def test_a_status_that_there_is_not_is_400(api: Api):
    assert api.get("/findings?status=closed").places == {"status": "not_one_of"}


def test_an_open_finding_waits_for_a_person_and_a_resolved_one_does_not(api: Api, house: House):
    one, two = found(house, "D1"), found(house, "D2", Kind.WEBHOOK_MISSING)
    waiting = pages(api, "/attention?limit=1")
    assert [(each["kind"], each["why"]) for each in waiting] == [
        ("finding", "unexpected_debit"), ("finding", "webhook_missing"),
    ]  # fmt: skip
    assert [each["finding"]["finding_id"] for each in waiting] == [one, two]  # type: ignore[index]
    assert waiting[0]["since"] == "2026-03-02T01:01:00.000Z"
    api.post(f"/findings/{one}/resolve", WHY)
    (left,) = pages(api, "/attention")
    assert left["finding"]["finding_id"] == two  # type: ignore[index]


def test_every_kind_of_finding_has_words():
    assert WORDS.keys() == set(Kind)
    assert all(words.endswith(".") for words in WORDS.values())
