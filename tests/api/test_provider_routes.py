"""The provider's subscriptions through the front door, and the poller's run after the payouts."""

import json
from typing import Any

import pytest
from chalice.test import Client

import app
from chalicelib import wiring
from chalicelib.api.provider import shown
from chalicelib.domain.errors import ProviderUnavailable, StoreUnavailable
from chalicelib.domain.subscriptions import EVENTS, Subscription, target
from tests.api.client import Api
from tests.api.house import House
from tests.fakes.lines import said
from tests.fakes.subscriptions import BASE

APPLY = "/provider/subscriptions/apply"


class Context:
    """Lambda's, for a trigger."""

    aws_request_id = "an-invocation"
    left = 60_000

    def get_remaining_time_in_millis(self) -> int:
        """A minute."""
        return self.left


class Slow:
    """Something of the provider that takes the whole time of a run."""

    def __init__(self, true: object, context: type[Context]) -> None:
        self._true, self._context = true, context

    def __getattr__(self, name: str) -> Any:
        self._context.left = 6_000
        return getattr(self._true, name)


@pytest.fixture
def house():
    yield House()
    wiring._current.clear()


@pytest.fixture
def api(house: House) -> Api:
    return Api(house)


def poll(caplog) -> dict[str, int]:
    caplog.clear()
    events = Client(app.app, project_dir="/nowhere").events
    app.poll(events.generate_cw_event("aws.events", "Scheduled Event", {}, []), Context())
    (line,) = [said(each) for each in caplog.messages if '"poll"' in each]
    told = {"event", "request_id", "operation", "ms"}
    return {name: value for name, value in line.items() if name not in told}


def test_what_is_missing_is_shown_and_applied_once(api: Api):
    looked = api.get("/provider/subscriptions").json
    assert [each["differences"] for each in looked["data"]] == [["missing"]] * 12
    assert not looked["whole"]
    applied = api.post(APPLY, {}).json
    assert [each["change"] for each in applied["changed"]] == ["created"] * 12
    assert (applied["failed"], applied["whole"]) == ([], True)
    assert api.post(APPLY, {}).json["changed"] == []


def test_what_could_not_be_changed_is_named_with_its_code(api: Api, house: House):
    house.subscriptions.refuse["NppReturn"] = "InvalidTargetUrl"
    applied = api.post(APPLY, {}).json
    assert applied["failed"] == [
        {"event": "NppReturn", "subscription_id": None, "change": "created",
         "failure": "InvalidTargetUrl"}
    ]  # fmt: skip
    assert not applied["whole"]


def test_each_state_of_a_token_has_a_word_and_no_token_is_shown(api: Api, house: House):
    api.post(APPLY, {})
    there = house.subscriptions.present
    there["1"] = Subscription("1", EVENTS[0], target(BASE, EVENTS[0]), on=True, changed_at="since")
    there["99"] = Subscription("99", "SomethingNew", "https://x.example.com", on=True)
    house.subscriptions.token = "token-2"
    answer = api.get("/provider/subscriptions")
    tokens = [each["token"] for each in answer.json["data"]]
    assert tokens == ["unknown", *["other"] * 11, None]
    assert "token-" not in answer.text


def test_a_subscription_that_is_named_is_deleted_and_nonsense_is_refused(api: Api, house: House):
    api.post(APPLY, {})
    assert api.post(APPLY, {"delete": ["3"]}).json["changed"][0]["change"] == "deleted"
    assert "3" not in house.subscriptions.present
    for body in ({"delete": ["x"]}, {"delete": [3]}, {"delete": "3"}, {"other": 1}):
        assert api.post(APPLY, body).status == 400


def test_without_an_address_of_our_own_nothing_is_managed(api: Api, house: House):
    house.rule(webhook_url=None)
    assert api.get("/provider/subscriptions").status == 409
    assert api.post(APPLY, {}).status == 409


def test_a_provider_that_cannot_be_asked_is_a_503(api: Api, house: House):
    house.subscriptions.fail["list"] = [ProviderUnavailable("HTTP 500")]
    assert api.get("/provider/subscriptions").status == 503


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://jo:secret@x.example.com:8443/a/b?key=secret#secret",
         "https://x.example.com:8443/a/b"),
        ("https://x.example.com:nonsense/a", "?"),
        ("//x.example.com/a?b", "x.example.com/a"),
        ("", ""),
    ],
)  # fmt: skip
def test_an_address_is_shown_without_what_may_be_secret_in_it(url: str, expected: str):
    assert shown(url) == expected


@pytest.mark.usefixtures("api")
def test_the_poller_tells_how_it_stands_and_what_it_healed(house: House, caplog):
    house.subscriptions.tell("1", sent=False)
    poll(caplog)
    house.clock.advance(600)
    poll(caplog)
    told = [json.loads(each) for each in caplog.messages if '"gauges"' in each]
    assert [each.get("Circuit") for each in told[:4]] == [None, "npp", "direct_entry", "provider"]
    assert told[0]["GaugesUnread"] == 0
    assert [each["WebhooksHealed"] for each in told[4:]] == [1]


@pytest.mark.usefixtures("api")
def test_a_run_that_the_provider_keeps_waiting_has_told_how_it_stands(house: House, caplog):
    """While the provider hangs each run ends with no time left: nobody would be called then."""
    house.subscriptions = Slow(house.subscriptions, Context)  # type: ignore[assignment]
    try:
        poll(caplog)
    finally:
        Context.left = 60_000
    assert [each for each in caplog.messages if "UnconfirmedAge" in each]


@pytest.mark.usefixtures("api")
def test_how_it_stands_cannot_be_read_and_the_poller_has_done_its_work(house: House, caplog):
    class Down:
        def __getattr__(self, _name):
            raise StoreUnavailable("down")

    house.nights = house.parked = Down()  # type: ignore[assignment]
    assert poll(caplog) == {}
    (told,) = [json.loads(each) for each in caplog.messages if "GaugesUnread" in each]
    assert told["GaugesUnread"] == 3


@pytest.mark.usefixtures("api")
def test_the_poller_repairs_gaps_and_counts_what_it_did(house: House, caplog):
    house.subscriptions.tell("1", sent=False)
    assert poll(caplog) == {"asked_again": 1}
    assert poll(caplog) == {}
    house.clock.advance(600)
    assert poll(caplog) == {"healed": 1}
    assert house.subscriptions.resent == ["1"]


@pytest.mark.usefixtures("api")
def test_a_repair_that_fails_costs_the_payouts_nothing(house: House, caplog):
    class Down:
        def begin(self, _now):
            raise StoreUnavailable("down")

    house.repairs = Down()  # type: ignore[assignment]
    assert poll(caplog) == {"repair_store_unavailable": 1}


def test_a_sign_in_can_be_closed_and_opened_by_a_person(api: Api, house: House):
    assert api.post("/provider/sign-in/close").json == {"provider_sign_in": "closed"}
    assert house.gate.closed()
    assert api.get("/provider/subscriptions").code == "provider_sign_in_refused"
    api.post("/provider/sign-in/open")
    assert not house.gate.closed()
