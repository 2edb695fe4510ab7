"""Webhooks that were kept, at the doors: by reference, day, event, proof; a body only to admins."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.api import correspondence
from chalicelib.domain.events import Confirmed
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.notices import PayoutNews, Unheard
from tests.api.making import pending
from tests.fakes.inbox import TOKEN

if TYPE_CHECKING:
    from tests.api.client import Answer, Api
    from tests.api.house import House

NOBODY = "00000000-0000-4000-8000-000000000000"
PERSONAL = b'{"RemitterName": "Jo Citizen", "AccountNumber": "12345678"}'


def deliver(
    api: Api, raw: bytes = PERSONAL, event: str = "NppPaymentStatus", name: str = "7",
    token: str = TOKEN,
) -> Answer:  # fmt: skip
    """A webhook that comes in."""
    path = f"/webhooks/monoova/{event}" if event else "/webhooks/monoova"
    return api.post(path, raw=raw, headers={"Authorization": token, "Webhookid": name}, role="")


def heard(api: Api, house: House, raw: bytes = PERSONAL) -> str:
    """News of a payout that came in; the payout's id."""
    house.customer()
    made = pending(api)
    news = Confirmed(at=house.clock.now(), by="webhook", attempt=1)
    house.inbox.teach(raw, PayoutNews(f"{made}-1", made, news))
    assert deliver(api, raw).status == 200
    return made


def test_a_webhook_is_shown_with_all_but_its_body(api: Api, house: House):
    made = heard(api, house)
    answer = api.get("/notices", role="viewer")
    (notice,) = answer.json["data"]
    assert notice.pop("notice_id")
    assert notice == {
        "received_at": "2026-03-02T01:00:00.000Z", "event_name": "NppPaymentStatus",
        "webhook_id": "7", "authentic": True, "outcome": "heard", "reference": f"{made}-1",
        "transaction_id": made, "findings": [], "a_line": False,
        "kept_until": "2026-05-31T01:00:00.000Z",
    }  # fmt: skip
    assert "Citizen" not in answer.text
    assert "12345678" not in answer.text


def test_an_administrator_sees_one_with_its_body(api: Api, house: House):
    heard(api, house)
    (short,) = api.get("/notices").json["data"]
    whole = api.get(f"/notices/{short['notice_id']}", role="admin").json
    assert whole == {**short, "body": PERSONAL.decode(), "encoding": "text", "cut": False}


@pytest.mark.parametrize("role", ["viewer", "operator", "approver"])
def test_nobody_else_sees_a_body(api: Api, house: House, role: str):
    heard(api, house)
    (short,) = api.get("/notices").json["data"]
    answer = api.get(f"/notices/{short['notice_id']}", role=role)
    assert answer.status == 403
    assert "Citizen" not in answer.text


def test_a_body_that_is_no_text_is_base64(api: Api):
    deliver(api, b"\xff\x00")
    (short,) = api.get("/notices").json["data"]
    whole = api.get(f"/notices/{short['notice_id']}").json
    assert (base64.b64decode(whole["body"]), whole["encoding"]) == (b"\xff\x00", "base64")


def test_a_body_that_no_answer_could_carry_is_cut(api: Api):
    deliver(api, b"x" * (correspondence.LONGEST + 1))
    (short,) = api.get("/notices").json["data"]
    whole = api.get(f"/notices/{short['notice_id']}").json
    assert (len(whole["body"]), whole["cut"]) == (correspondence.LONGEST, True)


@pytest.mark.parametrize("own", [NOBODY, "nothing"])
def test_a_notice_that_is_not_there_is_404(api: Api, own: str):
    answer = api.get(f"/notices/{own}")
    assert (answer.status, answer.code) == (404, "not_found")
    assert "notice" in answer.json["detail"]


def test_webhooks_are_found_by_reference_whatever_their_day(api: Api, house: House):
    made = heard(api, house)
    house.clock.advance(timedelta(days=40))
    deliver(api, PERSONAL, name="8")
    house.inbox.teach(b"other", Unheard("other_event", "another"))
    deliver(api, b"other")
    found = api.get(f"/notices?reference={made}-1").json["data"]
    assert [each["webhook_id"] for each in found] == ["8", "7"]
    assert [each["outcome"] for each in found] == ["nothing_new", "heard"]
    old = api.get(f"/notices?reference={made}-1&date=2026-03-02").json["data"]
    assert [each["webhook_id"] for each in old] == ["7"]


def test_webhooks_are_listed_by_sydneys_day_newest_first(api: Api, house: House):
    for number in range(5):
        deliver(api, b"{%d}" % number, name=str(number))
        house.clock.advance(timedelta(hours=6))  # 12:00, 18:00, then the next day
    today = api.get("/notices").json["data"]
    first = api.get("/notices?date=2026-03-02").json["data"]
    assert [each["webhook_id"] for each in first] == ["1", "0"]
    assert [each["webhook_id"] for each in today] == ["4", "3", "2"]
    assert api.get("/notices?date=2026-03-04").json["data"] == []


def test_the_list_goes_on_page_by_page(api: Api):
    for number in range(5):
        deliver(api, b"{%d}" % number, name=str(number))
    page = api.get("/notices?limit=2").json
    names = [each["webhook_id"] for each in page["data"]]
    while page["next_cursor"]:
        page = api.get(f"/notices?limit=2&cursor={page['next_cursor']}").json
        names += [each["webhook_id"] for each in page["data"]]
    assert sorted(names) == ["0", "1", "2", "3", "4"]


def test_webhooks_are_listed_by_event(api: Api):
    deliver(api, b"1", "NppReturn")
    deliver(api, b"2", "")
    deliver(api, b"3", "NPPCreditRejections")
    found = api.get("/notices?event=NppReturn").json["data"]
    assert [each["event_name"] for each in found] == ["NppReturn"]
    assert {each["event_name"] for each in api.get("/notices").json["data"]} == {
        "NppReturn", None, "NPPCreditRejections",
    }  # fmt: skip


def test_what_was_not_authentic_is_shown_as_that(api: Api):
    deliver(api, b"forged", "NppReturn", token="Bearer forged")
    deliver(api, b"true", "NppReturn")
    shown = {
        asked: [(each["authentic"], each["outcome"]) for each in
                api.get(f"/notices?event=NppReturn{asked}").json["data"]]
        for asked in ("", "&authentic=true", "&authentic=false")
    }  # fmt: skip
    assert shown["&authentic=false"] == [(False, "not_authentic")]
    assert [each[0] for each in shown["&authentic=true"]] == [True]
    assert len(shown[""]) == 2
    assert len(api.get("/notices?authentic=false").json["data"]) == 1


def test_a_line_of_many_is_found_by_its_own_reference_and_leads_to_the_whole(
    api: Api, house: House
):
    at = house.clock.now()
    lines = [Receipt(f"D{n}", Money(1), "DirectEntry", at) for n in range(3)]
    house.inbox.teach(PERSONAL, *lines)
    deliver(api, PERSONAL, "InboundDirectCredit")
    (line,) = api.get("/notices?reference=D2").json["data"]
    assert (line["a_line"], line["outcome"], line["reference"]) == (True, "received", "D2")
    assert api.get(f"/notices/{line['notice_id']}").json["body"] == PERSONAL.decode()
    (whole,) = api.get("/notices").json["data"]
    assert (whole["a_line"], whole["notice_id"]) == (False, line["notice_id"])


@pytest.mark.parametrize(
    ("query", "place"),
    [("date=2026-13-01", "date"), ("authentic=yes", "authentic"), ("reference=", "reference"),
     ("reference=" + "x" * 201, "reference"), ("event=a%20b", "event"), ("colour=red", "colour"),
     ("status=open", "status"), ("date=2026-03-02&date=2026-03-03", "date")],
)  # fmt: skip
def test_what_cannot_be_asked_is_400(api: Api, query: str, place: str):
    answer = api.get(f"/notices?{query}")
    assert answer.status == 400
    assert answer.places.keys() == {place}
