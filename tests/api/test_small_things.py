"""Health, the log, the time that is left, and what a request is called."""

import json
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

import app
from chalicelib import wiring
from chalicelib.api import answers, deadline, views
from chalicelib.api.faults import faults_of
from chalicelib.api.shapes import Shape
from chalicelib.domain.errors import Fault, NotFound
from tests.api.client import KEY, Api, claims
from tests.api.house import CUSTOMER, SECRET_ACCOUNT, SECRET_PAY_ID, House
from tests.api.making import BODY
from tests.fakes.lines import said


def test_shallow_health_asks_nobody(api: Api, house: House):
    house.store.state.down = house.vault.down = house.provider.down = house.queue.down = True
    answer = api.get("/health", role="")
    assert (answer.status, answer.json) == (200, {"status": "ok"})


def test_deep_health_says_that_each_neighbour_answers(api: Api):
    assert api.get("/health/deep", role="viewer").json == {
        "status": "ok",
        "checks": {"store": "ok", "key": "ok", "queue": "ok", "provider": "ok", "mail": "ok"},
    }


def test_deep_health_names_every_neighbour_that_does_not(api: Api, house: House):
    house.store.state.down = house.vault.down = house.provider.down = house.queue.down = True
    answer = api.get("/health/deep")
    assert (answer.status, answer.code) == (503, "unhealthy")
    assert answer.places == {
        "store": "store_unavailable",
        "key": "vault_unavailable",
        "queue": "queue_unavailable",
        "provider": "store_unavailable",  # nobody knows whether the provider may be asked
    }
    assert house.provider.pings == 0


def test_deep_health_tells_of_a_provider_that_does_not_answer(api: Api, house: House):
    house.provider.down = True
    answer = api.get("/health/deep")
    assert (answer.status, answer.places) == (503, {"provider": "provider_unavailable"})
    assert house.provider.pings == 1


def test_deep_health_does_not_ask_a_provider_that_refused_our_key(api: Api, house: House):
    house.gate.close()
    answer = api.get("/health/deep")
    assert (answer.status, answer.places) == (503, {"provider": "provider_sign_in_refused"})
    assert house.provider.pings == 0
    house.gate.open(by="admin-1")
    assert api.get("/health/deep").status == 200
    assert house.provider.pings == 1


def test_deep_health_tells_of_messages_that_nobody_will_ever_hear(api: Api, house: House):
    house.queue.put_aside = 2
    answer = api.get("/health/deep")
    assert (answer.status, answer.places) == (503, {"queue": "messages_given_up"})
    assert "last resort" in answer.json["errors"][0]["detail"]


def test_deep_health_survives_a_neighbour_with_a_defect(api: Api, house: House):
    class Broken:
        def closed(self) -> bool:
            raise LookupError("something personal")

    house.gate = Broken()
    answer = api.get("/health/deep")
    assert answer.places == {"store": "failed", "provider": "failed"}
    assert "personal" not in answer.text


def test_each_invocation_is_one_line_without_anything_personal(
    api: Api, house: House, caplog: pytest.LogCaptureFixture
):
    house.customer()
    caplog.clear()
    answer = api.post("/payouts", BODY, key=KEY, who="somebody")
    line = said(caplog.messages[-1])
    assert len(caplog.messages) == 1
    assert isinstance(line.pop("ms"), int)
    assert line == {
        "event": "invocation", "request_id": answer.headers["X-Request-Id"],
        "operation": "create_payout", "status": 202, "principal": "somebody",
    }  # fmt: skip
    api.post("/payouts", {**BODY, "reference": "\ud800"}, key=KEY)
    api.get(f"/customers/{CUSTOMER}")
    for hidden in (SECRET_ACCOUNT, SECRET_PAY_ID, KEY, "Citizen", "jo@example.com"):
        assert hidden not in caplog.text


def test_who_may_not_is_named_in_the_log_by_their_subject(
    api: Api, caplog: pytest.LogCaptureFixture
):
    api.get("/customers", role="bot", who="the-bot")
    line = json.loads(caplog.messages[-1])
    assert (line["principal"], line["status"], line["refused"]) == ("the-bot", 403, "forbidden")


def test_the_line_of_what_was_refused_says_which_rule_did(
    api: Api, caplog: pytest.LogCaptureFixture
):
    """Whoever tries their way round a rule is told apart from who mistyped."""
    for ask in (
        lambda: api.post("/payouts", {**BODY, "amount": "lots"}, key=KEY),
        lambda: api.get("/customers?odd=1"),
        lambda: api.get("/customers/nobody-here"),
        lambda: api.get("/customers", role=""),
    ):
        answer = ask()
        assert answer.status in range(400, 500)
        assert json.loads(caplog.messages[-1])["refused"] == answer.code
    api.get("/health")
    assert "refused" not in json.loads(caplog.messages[-1])


def test_a_world_that_cannot_be_made_is_500_at_every_door(house: House):
    class NoSettings:
        @property
        def settings(self) -> object:
            raise RuntimeError("MONOOVA_API_SECRET_ARN is not set")

    api = Api(house)
    wiring.use(NoSettings())
    for operation in app.door.map:
        answer = api.call(operation.method, operation.path, role="admin", key=KEY)
        assert (answer.status, answer.code) == (500, "internal_error")
        assert "ARN" not in answer.text


@pytest.mark.parametrize("given", ["", "two words", "x" * 129, "line\nbreak"])
def test_a_request_without_a_proper_id_gets_one(house: House, given: str):
    wiring.use(house)
    answered = app.app(event("GET", "/health", request_id=given), None)
    assert len(answered["headers"]["X-Request-Id"]) == 36


def test_a_request_is_called_what_the_gateway_calls_it(house: House):
    wiring.use(house)
    answered = app.app(event("GET", "/health", request_id="gateway-id-1"), None)
    assert answered["headers"]["X-Request-Id"] == "gateway-id-1"


def event(method: str, path: str, *, request_id: str) -> dict[str, Any]:
    return {
        "requestContext": {"httpMethod": method, "resourcePath": path, "requestId": request_id},
        "headers": {}, "pathParameters": None, "multiValueQueryStringParameters": None,
        "stageVariables": None, "body": None,
    }  # fmt: skip


class Context:
    """Lambda's, with so much time left."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds

    def get_remaining_time_in_millis(self) -> int:
        """What is left."""
        return self.milliseconds


def test_a_request_has_24_seconds_or_what_lambda_leaves_less_five():
    assert 23 < deadline.of_request(None)() <= 24
    assert 23 < deadline.of_request(Context(900_000))() <= 24
    assert deadline.of_request(Context(10_000))() == 5
    assert deadline.of_request(Context(1_000))() == -4


def test_a_trigger_has_what_lambda_leaves_less_five():
    assert deadline.of_trigger(Context(900_000))() == 895
    assert 23 < deadline.of_trigger(None)() <= 24


def test_a_value_that_json_has_no_exact_word_for_does_not_leave():
    class Loose(Shape):
        amount: object

    assert answers.text_of(Loose(amount="1.00")) == '{"amount":"1.00"}'
    for value in (Decimal("1.00"), float("nan"), count()):
        with pytest.raises((TypeError, ValueError)):
            answers.text_of(Loose(amount=value))


@pytest.mark.parametrize(
    ("body", "encoded", "status"),
    [
        ('{"customer_name": "Jo Müller", "email": "jo@example.com"}', False, 201),
        ("eyJjdXN0b21lcl9uYW1lIjoiSm8iLCJlbWFpbCI6ImpvQGV4YW1wbGUuY29tIn0=", True, 201),
        ('{"customer_name": "\ud800", "email": "jo@example.com"}', False, 400),
        (None, False, 400),
    ],
)
def test_a_body_is_read_as_api_gateway_hands_it_on(
    house: House, body: str | None, encoded: bool, status: int
):
    wiring.use(house)
    told = event("POST", "/customers", request_id="r") | {
        "body": body, "isBase64Encoded": encoded, "headers": {"Content-Type": "application/json"},
    }  # fmt: skip
    told["requestContext"] |= {"authorizer": {"claims": claims("admin")}}
    assert app.app(told, None)["statusCode"] == status


def test_a_destination_that_was_removed_meanwhile_is_not_found(house: House):
    with pytest.raises(NotFound):
        views.destination_of(house.customer(), "gone")


def test_what_pydantic_says_in_a_way_we_do_not_know_is_told_without_its_words():
    class Odd(BaseModel):
        number: int

    with pytest.raises(ValidationError) as caught:
        Odd.model_validate({"number": "personal"})
    assert faults_of(caught.value, {}) == [Fault("/number", "invalid", "is not valid")]
