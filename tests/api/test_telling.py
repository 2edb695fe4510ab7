"""The customer is told of a change at once, if that can be; never is the request refused for it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from chalice.test import Client

import app
from chalicelib.domain.change import LONGEST
from tests.api.house import CUSTOMER, SECRET_ACCOUNT, SECRET_PAY_ID, House

if TYPE_CHECKING:
    from tests.api.client import Api

JO = "jo@example.com"


class Context:
    """Lambda's, for a trigger."""

    aws_request_id = "an-invocation"

    def get_remaining_time_in_millis(self) -> int:
        """A quarter of an hour."""
        return 900_000


def keep() -> None:
    """What is done every hour."""
    events = Client(app.app, project_dir="/nowhere").events
    app.keep(events.generate_cw_event("aws.events", "Scheduled Event", {}, []), Context())


def changes(api: Api) -> None:
    """Everything that a customer is told of."""
    path = f"/customers/{CUSTOMER}"
    ids = [each["destination_id"] for each in api.get(path).json["payout_destinations"]]
    operation = next(each for each in app.door.map if each.name == "add_destination")
    assert operation.body is not None
    body = operation.body.model_json_schema()["examples"][0]
    added = api.post(f"{path}/destinations", body)
    assert added.status == 201, added.text
    chosen = api.call("PUT", f"{path}/destinations/{added.json['destination_id']}/default")
    assert chosen.status == 200, chosen.text
    assert api.call("DELETE", f"{path}/destinations/{ids[0]}").status == 200
    assert api.call("PATCH", path, {"email": "new@example.com"}).status == 200


@pytest.fixture(autouse=True)
def registered(house: House) -> None:
    """Somebody who can be told."""
    house.customer(available=0)


def test_each_change_is_told_with_the_answer_and_nothing_is_left_to_tell(api: Api, house: House):
    changes(api)
    assert [to for to, *_ in house.courier.sent] == [JO] * 4
    assert house.store.state.customers[CUSTOMER].untold == ()
    told = "".join(text for *_, text in house.courier.sent)
    assert "was added" in told
    assert "is now where you are paid" in told
    assert "was removed" in told
    assert "another one now" in told
    assert "Example Pty Ltd" in told
    assert SECRET_ACCOUNT not in told
    assert SECRET_PAY_ID not in told


def test_a_courier_that_is_away_refuses_nothing_and_the_hourly_run_tells_it(
    api: Api, house: House, caplog: pytest.LogCaptureFixture
):
    house.courier.down = True
    changes(api)
    assert house.courier.sent == []
    assert len(house.store.state.customers[CUSTOMER].untold) >= 4
    house.courier.down = False
    keep()
    ((to, _, text),) = house.courier.sent
    assert to == JO
    assert text.count("(Sydney)") >= 4
    assert json.loads(caplog.messages[-1])["changes_told"] >= 4
    assert JO not in caplog.text
    assert house.store.state.customers[CUSTOMER].untold == ()


def test_what_cannot_be_told_for_a_week_is_said_in_the_log_without_the_address(
    api: Api, house: House, caplog: pytest.LogCaptureFixture
):
    house.courier.down = True
    changes(api)
    house.clock.advance(LONGEST.total_seconds() + 1)
    keep()
    assert json.loads(caplog.messages[-1])["changes_given_up"] >= 4
    assert JO not in caplog.text


def test_the_deep_look_says_whether_customers_are_told(api: Api, house: House):
    assert api.get("/health/deep").json["checks"]["mail"] == "ok"
    house.courier.reaches_people = False
    answer = api.get("/health/deep")
    assert (answer.status, answer.json["checks"]["mail"]) == (200, "off")
