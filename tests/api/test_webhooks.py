"""The provider's way in: 200 once it is durable, 401 without proof, 413, 500, and nothing else."""

import random

import pytest

from chalicelib.domain.events import Confirmed
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.notices import PayoutNews, Unreadable
from tests.api.client import Answer, Api
from tests.api.house import House
from tests.api.making import pending
from tests.fakes.inbox import TOKEN

PATHS = ["/webhooks/monoova", "/webhooks/monoova/NppPaymentStatus"]


def deliver(api: Api, raw: bytes, path: str = PATHS[1], token: str | None = TOKEN) -> Answer:
    headers = {"Authorization": token} if token is not None else {"Authorization": ""}
    return api.post(path, raw=raw, headers={**headers, "Webhookid": "7"}, role="")


@pytest.mark.parametrize("path", PATHS)
def test_news_of_a_payout_is_heard_and_acknowledged_with_200(api: Api, house: House, path: str):
    house.customer()
    made = pending(api)
    news = Confirmed(at=house.clock.now(), by="webhook", attempt=1)
    house.inbox.teach(b'{"Status":1}', PayoutNews(f"{made}-1", made, news))
    answer = deliver(api, b'{"Status":1}', path)
    assert (answer.status, answer.json) == (200, {"status": "received"})
    assert api.get(f"/payouts/{made}").json["status"] == "Completed"
    (notice,) = house.store.state.notices.values()
    assert notice.event_name == path.removeprefix("/webhooks/monoova").strip("/")
    assert notice.webhook_id == "7"


def test_money_that_came_in_is_nobodys_yet(api: Api, house: House):
    receipt = Receipt("N001", Money(1_000), "NPP", house.clock.now())
    house.inbox.teach(b"{}", receipt)
    assert deliver(api, b"{}").status == 200
    assert api.get("/funds").json["unallocated"] == "10.00"


@pytest.mark.parametrize("token", [None, "Bearer wrong", "\ud800"])
def test_what_is_not_authentic_is_401_and_leaves_nothing_but_a_sample_of_itself(
    api: Api, house: House, token: str | None
):
    before = house.everything()
    answer = deliver(api, b"{}", token=token)
    assert (answer.status, answer.code) == (401, "not_authentic")
    (notice,) = house.store.state.notices.values()
    assert (notice.authentic, notice.raw) == (False, b"{}")
    house.store.state.notices.clear()
    assert house.everything() == before


def test_what_is_not_authentic_is_401_while_the_store_is_down(api: Api, house: House):
    house.store.state.down = True
    assert deliver(api, b"{}", token="Bearer wrong").status == 401
    assert house.queue.queued == []


RUBBISH = {
    "nothing": b"",
    "no JSON": b"{",
    "not UTF-8": b"\xff\xfe",
    "a list": b"[1]",
    "NaN": b"NaN",
    "deep": b"[" * 200_000,
    "half a pair": b'{"a": "\xed\xa0\x80"}',
    "a null byte": b"\x00",
}


@pytest.mark.parametrize("what", RUBBISH)
@pytest.mark.parametrize("path", PATHS)
def test_rubbish_that_is_authentic_is_kept_and_acknowledged(
    api: Api, house: House, path: str, what: str
):
    assert deliver(api, RUBBISH[what], path).status == 200
    (notice,) = house.store.state.notices.values()
    assert notice.raw == RUBBISH[what]


@pytest.mark.parametrize(
    "content_type", [None, "", "text/plain", "application/json; charset=utf-16", "image/png"]
)
def test_the_content_type_is_the_providers_affair(api: Api, house: House, content_type: str | None):
    answer = api.post(
        PATHS[0], raw=b"{}", headers={"Authorization": TOKEN}, content_type=content_type, role=""
    )
    assert answer.status == 200
    (notice,) = house.store.state.notices.values()
    assert notice.raw == b"{}"


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("SomethingNew", "SomethingNew"),
        ("x" * 300, "x" * 64),
        ("%00", "%00"),
        ("a\x00b", "a?b"),
        ("a\u2028b", "a?b"),
        ("\ud800", "?"),
    ],
)
def test_an_unknown_event_is_kept_under_a_name_that_can_be_stored(
    api: Api, house: House, name: str, kept: str
):
    assert deliver(api, b"{}", f"/webhooks/monoova/{name}").status == 200
    (notice,) = house.store.state.notices.values()
    assert notice.event_name == kept


def test_what_contradicts_is_200_and_the_payout_is_before_a_person_at_once(api: Api, house: House):
    house.customer()
    made = pending(api)
    news = Confirmed(at=house.clock.now(), by="webhook", attempt=5)  # there was no such attempt
    house.inbox.teach(b"{}", PayoutNews(f"{made}-5", made, news))
    assert deliver(api, b"{}").status == 200
    ((letter, _),) = house.queue.queued
    assert (letter.error, letter.raw) == ("contradiction", b"{}")
    waiting, found = api.get("/attention").json["data"]
    assert (waiting["why"], waiting["payout"]["transaction_id"]) == ("contradiction", made)
    assert (found["why"], found["finding"]["reference"]) == ("unfit_news", f"{made}-5")


def test_what_cannot_be_read_is_200_and_a_dead_letter_and_the_rest_is_applied(
    api: Api, house: House
):
    receipt = Receipt("N001", Money(1_000), "NPP", house.clock.now())
    house.inbox.teach(b"{}", Unreadable("other_currency", "N002"), receipt)
    assert deliver(api, b"{}").status == 200
    assert api.get("/funds").json["unallocated"] == "10.00"
    ((letter, delay),) = house.queue.queued
    assert (letter.error, delay) == ("not_understood", 30)
    line, whole = house.store.state.notices.values()
    assert (line.outcome, line.reference) == ("received", "N001")
    assert whole.outcome == "other_currency,received"


@pytest.mark.parametrize(("lines", "at_once"), [(50, True), (51, False)])
def test_many_lines_are_queued_before_they_are_applied(
    api: Api, house: House, lines: int, at_once: bool
):
    receipts = [
        Receipt(f"D{number:03d}", Money(1), "DirectEntry", house.clock.now())
        for number in range(lines)
    ]
    house.inbox.teach(b"{}", *receipts)
    assert deliver(api, b"{}").status == 200
    assert len(house.store.state.receipts) == (lines if at_once else 0)
    queued = [(letter.error, letter.raw, delay) for letter, delay in house.queue.queued]
    assert queued == ([] if at_once else [("many_lines", b"{}", 0)])


def test_while_the_store_is_down_it_is_200_for_it_lies_in_the_queue(api: Api, house: House):
    house.store.state.down = True
    assert deliver(api, b"{}").status == 200
    assert [letter.raw for letter, _ in house.queue.queued] == [b"{}"]


def test_while_store_and_queue_are_down_it_is_500(api: Api, house: House):
    house.store.state.down = house.queue.down = True
    answer = deliver(api, b"{}")
    assert (answer.status, answer.code) == (500, "internal_error")


def test_while_its_proof_cannot_be_checked_it_is_500(api: Api, house: House):
    house.inbox.down = True
    assert deliver(api, b"{}").status == 500
    assert house.queue.queued == []


def test_a_body_that_the_queue_could_not_carry_is_413(api: Api, house: House):
    noise = random.Random(7).randbytes(180_500)  # noqa: S311 (a body, no secret)
    before = house.everything()
    for raw in (noise, b"x" * (6 * 1024 * 1024 + 1)):
        answer = deliver(api, raw)
        assert (answer.status, answer.code) == (413, "body_too_large")
    assert house.everything() == before


def test_a_large_body_that_packs_well_is_taken(api: Api):
    assert deliver(api, b"[" + b'{"Amount": 1},' * 200_000 + b"{}]").status == 200


def test_a_base64_body_is_the_bytes_that_were_sent(api: Api, house: House):
    answer = api.post(
        PATHS[0], raw=b"\x00\xff", headers={"Authorization": TOKEN}, role="",
        content_type="application/octet-stream",
    )  # fmt: skip
    assert answer.status == 200
    (notice,) = house.store.state.notices.values()
    assert notice.raw == b"\x00\xff"
