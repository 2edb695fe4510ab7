"""Findings at the doors: listed, worked on, resolved, and among all that waits for a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.api.findings import WORDS
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.money import Money
from chalicelib.domain.notices import Debit
from chalicelib.ports import Found
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
        "subject": "D7", "reference": "D7", "transaction_id": None, "detail": "debit_accepted",
        "ours": None, "theirs": None, "amount": "5.00", "currency": "AUD", "owner": "finance",
        "assigned_to": None, "age_days": 0, "comments": 0, "reopened": 0,
        "next_step":
        "Ask the provider who debits the account, and dispute it if nobody here agreed to it.",
        "notice_id": None, "found_at": "2026-03-02T01:01:00.000Z",
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


def pages(api: Api, path: str, who: str = "somebody") -> list[dict[str, object]]:
    """All of a list, page by page."""
    data, cursor = list[dict[str, object]](), ""
    while True:
        sign = "&" if "?" in path else "?"
        answer = api.get(f"{path}{sign}cursor={cursor}" if cursor else path, who=who).json
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


def test_a_finding_shows_both_sides_its_payout_and_what_to_do(api: Api, house: House):
    payout = "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20"
    found_at = house.clock.now()
    made = Finding(Kind.STATUS_DIFFERS, f"{payout}-1", found_at, ours="Failed", theirs="Complete")
    house.findings.open(made)
    house.clock.advance(timedelta(days=4))
    told = api.get(f"/findings/{made.finding_id}", role="viewer").json
    assert (told["ours"], told["theirs"]) == ("Failed", "Complete")
    assert (told["transaction_id"], told["owner"], told["age_days"]) == (payout, "operations", 4)
    assert f"/payouts/{payout}/resolution" in told["next_step"]
    assert told["history"] == []


def test_all_that_is_done_about_a_finding_is_remembered_in_its_order(
    api: Api, house: House, caplog: pytest.LogCaptureFixture
):
    own = found(house)
    path = f"/findings/{own}"
    text = {"text": "Jo Citizen called."}
    assert api.post(f"{path}/assign", {"assigned_to": "me"}, role="operator", who="otto").json[
        "assigned_to"
    ] == "otto"  # fmt: skip
    api.post(f"{path}/comment", text, role="operator", who="otto")
    api.post(f"{path}/assign", {"assigned_to": "anna"}, role="approver", who="anna")
    house.clock.advance(60)
    api.post(f"{path}/resolve", WHY, who="anna")
    again = Finding(Kind.UNEXPECTED_DEBIT, "D7", house.clock.now())
    assert house.findings.find(again) is Found.REOPENED
    told = api.get(path).json
    assert (told["status"], told["comments"], told["reopened"]) == ("open", 1, 1)
    assert [(each["deed"], each["by"], each["text"]) for each in told["history"]] == [
        ("assigned", "otto", "otto"),
        ("commented", "otto", "Jo Citizen called."),
        ("assigned", "anna", "anna"),
        ("resolved", "anna", "The bank took its fee."),
        ("reopened", "night", None),
    ]
    assert api.post(f"{path}/resolve", WHY, who="anna").json["history"][-1]["deed"] == "resolved"
    (listed,) = api.get("/findings?status=resolved").json["data"]
    assert "history" not in listed
    assert "Citizen" not in caplog.text
    for deed in ("finding_assigned", "finding_commented", "finding_resolved"):
        assert any(deed in line and own in line for line in caplog.messages)


def test_the_same_work_again_is_200_and_changes_nothing(api: Api, house: House):
    path = f"/findings/{found(house)}"
    for what, body in (("assign", {"assigned_to": "paul"}), ("comment", {"text": "Asked."})):
        first = api.post(f"{path}/{what}", body, who="anna")
        house.clock.advance(60)
        again = api.post(f"{path}/{what}", body, who="anna")
        assert (first.status, again.status, again.json) == (200, 200, first.json)
    assert len(api.get(path).json["history"]) == 2
    assert api.post(f"{path}/assign", {"assigned_to": "nobody"}).json["assigned_to"] is None


@pytest.mark.parametrize(
    ("what", "body", "place"),
    [
        ("assign", {}, "/assigned_to"),
        ("assign", {"assigned_to": "jo@example.com"}, "/assigned_to"),
        ("assign", {"assigned_to": "Jo Citizen"}, "/assigned_to"),
        ("assign", {"assigned_to": "ME"}, "/assigned_to"),
        ("assign", {"assigned_to": "Nobody"}, "/assigned_to"),
        ("assign", {"assigned_to": "x" * 129}, "/assigned_to"),
        ("comment", {}, "/text"), ("comment", {"text": "x" * 1001}, "/text"),
        ("comment", {"text": " "}, "/text"), ("comment", {"text": "a\nb"}, "/text"),
        ("comment", {"text": "a", "by": "me"}, "/by"),
    ],
)  # fmt: skip
def test_what_is_not_fit_is_refused_and_changes_nothing(
    api: Api, house: House, what: str, body: object, place: str
):
    own = found(house)
    before = house.findings.get(own)
    assert api.post(f"/findings/{own}/{what}", body).places.keys() == {place}
    assert house.findings.get(own) == before


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("GET", "", None), ("POST", "/assign", {"assigned_to": "me"}),
        ("POST", "/comment", {"text": "Hm."}),
    ],
)  # fmt: skip
def test_a_finding_that_is_not_there_is_not_worked_on(
    api: Api, method: str, what: str, body: object
):
    answer = api.call(method, f"/findings/{NOBODY}{what}", body)
    assert (answer.status, answer.code) == (404, "not_found")


def test_lists_show_what_is_asked_for_page_by_page(api: Api, house: House):
    kinds = (Kind.FEE_DIFFERS, Kind.STATUS_DIFFERS, Kind.PAID_TWICE)
    ids = [found(house, f"D{number}", kinds[number % 3]) for number in range(30)]
    for number in range(0, 30, 2):
        api.post(f"/findings/{ids[number]}/assign", {"assigned_to": "paul"})
    api.post(f"/findings/{ids[1]}/assign", {"assigned_to": "me"}, who="anna")

    def shown(query: str, who: str = "somebody") -> list[int]:
        return [ids.index(str(each["finding_id"])) for each in pages(api, query, who)]

    assert shown("/findings?kind=fee_differs&limit=3") == list(range(0, 30, 3))
    assert shown("/findings?owner=finance&limit=4") == list(range(0, 30, 3))
    operations = [number for number in range(30) if number % 3]
    assert shown("/findings?owner=operations&limit=7") == operations
    assert shown("/findings?owner=finance&kind=paid_twice") == []
    assert shown("/findings?owner=operations&kind=paid_twice") == list(range(2, 30, 3))
    assert shown("/findings?assigned_to=paul&limit=2") == list(range(0, 30, 2))
    assert shown("/findings?assigned_to=me", who="anna") == [1]
    assert shown("/findings?assigned_to=nobody&limit=5") == list(range(3, 30, 2))
    assert shown("/findings?assigned_to=paul&kind=fee_differs") == list(range(0, 30, 6))
    assert shown("/findings?status=resolved&assigned_to=paul") == []


def test_a_page_of_one_list_leads_to_no_other(api: Api, house: House):
    for number in range(3):
        found(house, f"D{number}")
    cursor = api.get("/findings?limit=1&owner=finance").json["next_cursor"]
    assert api.get(f"/findings?limit=1&owner=finance&cursor={cursor}").status == 200
    for other in ("owner=operations", "kind=unexpected_debit", "assigned_to=paul", ""):
        answer = api.get(f"/findings?limit=1&{other}&cursor={cursor}".replace("&&", "&"))
        assert answer.places == {"cursor": "invalid_cursor"}


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("kind=closed", "kind"), ("owner=nobody", "owner"), ("assigned_to=jo@example.com",
        "assigned_to"), ("team=finance", "team"),
    ],
)  # fmt: skip
def test_a_filter_that_there_is_not_is_400(api: Api, query: str, place: str):
    answer = api.get(f"/findings?{query}")
    assert answer.status == 400
    assert answer.places.keys() == {place}
