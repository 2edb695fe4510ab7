"""Dead letters at the doors: listed, shown, heard again, discarded, each by whom it may be."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from chalicelib import wiring
from chalicelib.api.triggers import unreadable
from chalicelib.domain.events import Confirmed
from chalicelib.domain.notices import DeadLetter, PayoutNews, Unreadable
from chalicelib.usecases.dead_letters import park
from tests.api.client import Api
from tests.api.house import House
from tests.api.making import pending

if TYPE_CHECKING:
    from collections.abc import Iterator

NOBODY = "00000000-0000-4000-8000-000000000000"
PERSONAL = b'{"RemitterName": "Jo Citizen", "AccountNumber": "12345678"}'


@pytest.fixture
def house() -> Iterator[House]:
    """A house that the process forgets afterwards."""
    yield House()
    wiring._current.clear()


@pytest.fixture
def api(house: House) -> Api:
    """A client at its doors."""
    house.customer()
    return Api(house)


def parked(house: House, raw: bytes = PERSONAL, error: str = "defect", name: str = "7") -> str:
    """A letter before a person; its id."""
    letter = DeadLetter(
        "NppPaymentStatus", name, raw, house.clock.now(), error, 9, "the-request", "reference-1"
    )
    house.clock.advance(60)
    before = set(house.store.state.parked)
    park(letter, parked=house.parked, at=house.clock.now())
    (own,) = set(house.store.state.parked) - before
    return own


def test_a_list_says_why_since_when_and_how_often_and_shows_no_body(api: Api, house: House):
    own = parked(house)
    answer = api.get("/dead-letters", role="viewer")
    assert answer.json == {"data": [{
        "letter_id": own, "status": "open", "event_name": "NppPaymentStatus",
        "reference": "reference-1", "reason": "defect",
        "words": "Applying it failed, and the fault is ours.", "attempts": 9,
        "received_at": "2026-03-02T01:00:00.000Z", "parked_at": "2026-03-02T01:01:00.000Z",
        "tried_at": None, "can_be_redriven": True, "ending": None, "earlier": [],
    }], "next_cursor": None}  # fmt: skip
    assert "Citizen" not in answer.text


def test_every_reason_has_words(api: Api, house: House):
    for number, code in enumerate(("contradiction", "unreadable_message", "something_new")):
        parked(house, error=code, name=str(number))
    assert [each["words"] for each in api.get("/dead-letters").json["data"]] == [
        "It cannot be true together with what is known.",
        "A message in the queue is no webhook of ours.",
        "Something new.",
    ]


def test_open_ones_are_listed_the_oldest_first_page_by_page(api: Api, house: House):
    owns = [parked(house, name=str(number)) for number in range(5)]
    seen, path = [], "/dead-letters?limit=2"
    while path:
        page = api.get(path).json
        seen += [each["letter_id"] for each in page["data"]]
        path = f"/dead-letters?limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert seen == owns


def test_a_cursor_of_one_list_is_none_of_the_other(api: Api, house: House):
    for number in range(2):
        parked(house, name=str(number))
    cursor = api.get("/dead-letters?limit=1").json["next_cursor"]
    answer = api.get(f"/dead-letters?status=resolved&limit=1&cursor={cursor}")
    assert (answer.status, answer.places) == (400, {"cursor": "invalid_cursor"})
    assert api.get("/dead-letters?status=lost").status == 400


@pytest.mark.parametrize(
    ("raw", "body", "encoding"),
    [(PERSONAL, PERSONAL.decode(), "text"), (b"\xff\x00", "/wA=", "base64")],
    ids=["text", "bytes"],
)
def test_an_administrator_sees_the_body(
    api: Api, house: House, raw: bytes, body: str, encoding: str
):
    own = parked(house, raw)
    told = api.get(f"/dead-letters/{own}").json
    assert (told["body"], told["encoding"]) == (body, encoding)
    assert (told["webhook_id"], told["request_id"]) == ("7", "the-request")
    assert api.get(f"/dead-letters/{own}", role="operator").status == 403
    assert api.get(f"/dead-letters/{NOBODY}").code == "not_found"
    assert "dead letter" in api.get("/dead-letters/nothing").json["detail"]


def test_a_letter_that_is_heard_is_resolved_and_stays_in_sight(api: Api, house: House):
    made = pending(api)
    news = Confirmed(at=house.clock.now(), by="webhook", attempt=1)
    house.inbox.teach(b"{}", PayoutNews(f"{made}-1", made, news))
    own = parked(house, b"{}")
    first = api.post(f"/dead-letters/{own}/redrive", role="operator", who="olive")
    assert api.get(f"/payouts/{made}").json["status"] == "Completed"
    assert first.json["ending"] == {
        "outcome": "heard", "by": "olive", "at": "2026-03-02T01:01:00.000Z", "did": "heard",
        "reason": None,
    }  # fmt: skip
    assert api.post(f"/dead-letters/{own}/redrive", role="operator", who="paul").json == first.json
    assert api.get("/dead-letters").json["data"] == []
    assert api.get("/attention").json["data"] == []
    assert api.get("/dead-letters?status=resolved").json["data"] == [first.json]


def test_one_that_still_cannot_be_applied_says_why(api: Api, house: House):
    own = parked(house)
    house.inbox.teach(PERSONAL, Unreadable("unknown_status"))
    answer = api.post(f"/dead-letters/{own}/redrive")
    assert (answer.status, answer.places) == (422, {"": "not_understood"})
    assert "unknown_status" in answer.json["detail"]
    (left,) = api.get("/dead-letters").json["data"]
    assert (left["attempts"], left["reason"]) == (10, "not_understood")
    assert left["tried_at"] is not None


def test_one_that_contradicts_is_a_conflict(api: Api, house: House):
    made = pending(api)
    news = Confirmed(at=house.clock.now(), by="webhook", attempt=5)
    house.inbox.teach(b"{}", PayoutNews(f"{made}-5", made, news))
    answer = api.post(f"/dead-letters/{parked(house, b'{}')}/redrive")
    assert (answer.status, answer.code) == (409, "contradiction")


def test_all_are_heard_and_counted(api: Api, house: House):
    for number in range(3):
        parked(house, b"news %d" % number, name=str(number))
    house.inbox.teach(b"news 1", Unreadable("unknown_status"))
    answer = api.post("/dead-letters/redrive", role="operator")
    assert answer.json == {"heard": 2, "still_parked": 1, "left": 0}
    assert api.post("/dead-letters/redrive").json == {"heard": 0, "still_parked": 1, "left": 0}


def test_a_discarded_letter_keeps_who_when_and_why_and_one_line_says_it_without_the_words(
    api: Api, house: House, caplog: pytest.LogCaptureFixture
):
    own = parked(house)
    caplog.clear()
    why = {"reason": "Jo Citizen was told by phone."}
    answer = api.post(f"/dead-letters/{own}/discard", why, who="ada")
    assert answer.json["ending"] == {
        "outcome": "discarded", "by": "ada", "at": "2026-03-02T01:01:00.000Z", "did": None,
        "reason": "Jo Citizen was told by phone.",
    }  # fmt: skip
    told = [json.loads(each) for each in caplog.messages]
    (line,) = [each for each in told if each["event"] == "dead_letter_discarded"]
    assert (line["letter_id"], line["principal"]) == (own, "ada")
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert "Citizen" not in caplog.text
    again = api.post(f"/dead-letters/{own}/discard", why, who="ada")
    assert (again.status, again.json) == (200, answer.json)
    for other in ("paul", "ada"):
        body = why if other == "paul" else {"reason": "Something else."}
        assert api.post(f"/dead-letters/{own}/discard", body, who=other).status == 409
    assert api.post(f"/dead-letters/{own}/redrive").status == 409


@pytest.mark.parametrize("body", [{}, {"reason": ""}, {"reason": "x", "more": 1}, {"reason": 5}])
def test_discarding_needs_a_reason(api: Api, house: House, body: dict[str, object]):
    own = parked(house)
    assert api.post(f"/dead-letters/{own}/discard", body).status == 400
    assert house.store.state.parked[own].is_open


def test_a_message_that_is_no_webhook_can_only_be_discarded(api: Api, house: House):
    letter = unreadable("rubbish", at=house.clock.now())
    park(letter, parked=house.parked, at=house.clock.now())
    (told,) = api.get("/dead-letters").json["data"]
    assert (told["can_be_redriven"], told["event_name"]) == (False, None)
    own = told["letter_id"]
    answer = api.post(f"/dead-letters/{own}/redrive")
    assert (answer.status, answer.places) == (422, {"": "unreadable_message"})
    assert api.post(f"/dead-letters/{own}/discard", {"reason": "Rubbish."}).status == 200


def test_a_letter_that_comes_again_shows_how_it_ended_before(api: Api, house: House):
    own = parked(house)
    api.post(f"/dead-letters/{own}/discard", {"reason": "Doubled."}, who="ada")
    house.clock.advance(60)
    letter = DeadLetter("NppPaymentStatus", "7", PERSONAL, house.clock.now(), "defect", 9, "other")
    park(letter, parked=house.parked, at=house.clock.now())
    (told,) = api.get("/dead-letters").json["data"]
    assert (told["letter_id"], told["status"]) == (own, "open")
    assert [each["reason"] for each in told["earlier"]] == ["Doubled."]


def test_while_the_store_is_away_nothing_is_said_to_be_done(api: Api, house: House):
    own = parked(house)
    house.store.state.down = True
    for path in (f"{own}/redrive", "redrive"):
        assert api.post(f"/dead-letters/{path}").status == 503
    house.store.state.down = False
    assert house.store.state.parked[own].is_open
