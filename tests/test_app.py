"""The app as Lambda and Chalice see it: what importing does, its triggers, what is packaged."""

import json
import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from chalice.test import Client

import app
from chalicelib import front, wiring
from chalicelib.adapters.sqs import body_of
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.events import Confirmed
from chalicelib.domain.notices import DeadLetter, PayoutNews, Unreadable
from tests.api.client import Api
from tests.api.house import House
from tests.api.making import pay, pending
from tests.fakes.lines import said
from tests.fakes.provider import NOT_CONNECTED

ROOT = Path(app.__file__).parent


@pytest.fixture
def house():
    """A house that the process forgets afterwards."""
    yield House()
    wiring._current.clear()


@pytest.fixture
def api(house: House) -> Api:
    """A client at its doors."""
    house.customer()
    return Api(house)


class Context:
    """Lambda's, for a trigger."""

    aws_request_id = "an-invocation"

    def get_remaining_time_in_millis(self) -> int:
        """A minute."""
        return 60_000


def deliver(*bodies: str) -> list[int]:
    """A batch of messages, as Lambda hands it on; the numbers of those that come back."""
    event = Client(app.app, project_dir="/nowhere").events.generate_sqs_event(list(bodies))
    for number, record in enumerate(event["Records"]):
        record["messageId"] = f"message {number}"
    answer = app.reprocess(event, Context())
    return [int(each["itemIdentifier"].split()[1]) for each in answer["batchItemFailures"]]


def letter(house: House, raw: bytes, attempts: int = 1) -> str:
    return body_of(DeadLetter(
        "NppPaymentStatus", "7", raw, house.clock.now(), "store_unavailable", attempts,
        "the-first-request",
    ))  # fmt: skip


def good_news(house: House, transaction_id: str, raw: bytes) -> None:
    news = Confirmed(at=house.clock.now(), by="webhook", attempt=1)
    house.inbox.teach(raw, PayoutNews(f"{transaction_id}-1", transaction_id, news))


def test_a_dead_letter_is_heard_again(api: Api, house: House, caplog: pytest.LogCaptureFixture):
    made = pending(api)
    good_news(house, made, b"{}")
    assert deliver(letter(house, b"{}")) == []
    assert api.get(f"/payouts/{made}").json["status"] == "Completed"
    told = next(each for each in caplog.messages if "reprocess" in each)
    assert json.loads(told)["correlation_id"] == "the-first-request"
    line = said(told)
    assert isinstance(line.pop("ms"), int)
    assert line == {
        "event": "invocation", "request_id": "an-invocation", "operation": "reprocess",
        "outcome": "heard",
    }  # fmt: skip


def test_a_dead_letter_that_still_cannot_be_applied_is_queued_again(api: Api, house: House):
    house.store.state.down = True
    deliver(letter(house, b"{}"))
    ((queued, delay),) = house.queue.queued
    assert (queued.attempts, delay) == (2, 120)
    assert api.house is house


def test_after_the_limit_a_dead_letter_waits_for_a_person(api: Api, house: House):
    made = pending(api)
    news = Confirmed(at=house.clock.now(), by="webhook", attempt=5)  # there was no such attempt
    house.inbox.teach(b"{}", PayoutNews(f"{made}-5", made, news))
    deliver(letter(house, b"{}", attempts=house.settings.max_redrives))
    assert house.queue.queued == []
    waiting = {each["kind"]: each for each in api.get("/attention").json["data"]}
    assert waiting.keys() == {"notice", "payout", "finding"}
    assert waiting["finding"]["why"] == "unfit_news"
    assert waiting["notice"]["notice"]["error"] == "contradiction"
    # The payout did not wait for the limit.
    assert waiting["payout"]["payout"]["transaction_id"] == made
    assert waiting["payout"]["why"] == "contradiction"


def test_a_part_that_cannot_be_read_waits_for_a_person_and_the_rest_is_heard(
    api: Api, house: House
):
    made = pending(api)
    news = Confirmed(at=house.clock.now(), by="webhook", attempt=1)
    told = PayoutNews(f"{made}-1", made, news)
    house.inbox.teach(b"{}", Unreadable("unknown_status", "another-1"), told)
    deliver(letter(house, b"{}", attempts=house.settings.max_redrives))
    assert api.get(f"/payouts/{made}").json["status"] == "Completed"
    waiting, found = api.get("/attention").json["data"]
    assert waiting["notice"]["error"] == "not_understood"
    assert found["why"] == "unreadable_news"


@pytest.mark.parametrize(
    "rubbish", ["", "{}", "rubbish", "[" * 100_000, "\ud800", '{"attempts": NaN}']
)
def test_rubbish_in_the_queue_is_parked_and_blocks_nothing(api: Api, house: House, rubbish: str):
    made = pending(api)
    good_news(house, made, b"{}")
    assert deliver(rubbish, letter(house, b"{}")) == []
    assert api.get(f"/payouts/{made}").json["status"] == "Completed"
    (waiting,) = api.get("/attention").json["data"]
    assert waiting["kind"] == "notice"
    assert waiting["notice"]["error"] == "unreadable_message"


def test_while_neither_store_nor_queue_answers_a_message_stays_where_it_is(
    api: Api, house: House, caplog: pytest.LogCaptureFixture
):
    house.store.state.down = house.queue.down = True
    assert deliver(letter(house, b"{}")) == [0]
    assert json.loads(caplog.messages[-1])["error"] == "QueueUnavailable"
    assert deliver("rubbish") == [0]
    assert json.loads(caplog.messages[-1])["error"] == "StoreUnavailable"
    assert api.house is house


def _fail(_at: datetime) -> NoReturn:
    raise ZeroDivisionError


def test_one_message_that_fails_does_not_keep_the_others_from_being_heard(api: Api, house: House):
    made = pending(api)
    good_news(house, made, b"good")
    house.inbox.teach_later(b"bad", _fail)
    house.queue.down = True
    assert deliver(letter(house, b"bad"), letter(house, b"good")) == [0]
    assert api.get(f"/payouts/{made}").json["status"] == "Completed"


def poll() -> None:
    events = Client(app.app, project_dir="/nowhere").events
    app.poll(events.generate_cw_event("aws.events", "Scheduled Event", {}, []), Context())


def test_the_schedule_sends_what_waits_and_asks_about_what_is_open(
    api: Api, house: House, caplog: pytest.LogCaptureFixture
):
    waiting, open_ = pay(api, NOT_CONNECTED), pending(api)
    house.provider.settle(f"{open_}-1", "Complete")
    house.clock.advance(timedelta(minutes=5))
    poll()
    assert api.get(f"/payouts/{waiting}").json["status"] == "Pending"
    assert api.get(f"/payouts/{open_}").json["status"] == "Completed"
    line = next(json.loads(each) for each in caplog.messages if '"poll"' in each)
    assert (line["Pending"], line["Completed"]) == (1, 1)


def test_a_schedule_that_fails_says_so_and_fails(
    api: Api, house: House, caplog: pytest.LogCaptureFixture
):
    house.store.state.down = True
    with pytest.raises(StoreUnavailable):
        poll()
    assert json.loads(caplog.messages[-1])["error"] == "StoreUnavailable"
    assert api.house is house


def test_lambda_finds_the_triggers_under_their_names():
    assert {each.name for each in app.app.event_sources} == {
        "reprocess", "poll", "wake", "night", "keep",
    }  # fmt: skip
    assert app.app.handler_map["reprocess"] is app.reprocess
    assert app.app.handler_map["poll"] is app.poll


def test_the_triggers_are_ten_messages_at_a_time_and_once_a_minute():
    by_name: dict[str, Any] = {each.name: each for each in app.app.event_sources}
    queue, schedule = by_name["reprocess"], by_name["poll"]
    assert queue.batch_size == 10
    assert queue.maximum_batching_window_in_seconds == 0
    assert queue.queue_arn == {"Fn::GetAtt": ["DeadLettersQueue", "Arn"]}
    assert queue.handler_string == "app.reprocess"
    assert schedule.schedule_expression.to_string() == "rate(1 minute)"
    assert schedule.handler_string == "app.poll"


def test_what_the_app_refers_to_is_in_the_template():
    template = json.loads((ROOT / ".chalice" / "resources.json").read_text())
    for reference in (front.USER_POOL, app.DEAD_LETTERS):
        name, attribute = reference["Fn::GetAtt"]
        assert (name in template["Resources"], attribute) == (True, "Arn")


def run(code: str, **environment: str) -> str:
    """What a fresh interpreter prints."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, env={**kept, **environment},
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_importing_the_app_needs_no_settings_loads_no_neighbour_and_leaves_no_mark():
    said = run(
        "import os, sys; before = dict(os.environ); import app; "
        "print(sorted({name.split('.')[0] for name in sys.modules} & "
        "{'boto3', 'botocore', 'requests', 'aws_encryption_sdk', 'cryptography', 'local'}), "
        "dict(os.environ) == before)"
    )
    assert said.strip() == "[] True"


def test_on_a_laptop_chalices_server_is_replaced_by_one_to_believe():
    code = "import app, chalice.local; print(chalice.local.create_local_server.__module__)"
    assert run(code, PAYOUTS_LOCAL="1").strip() == "local.chalice_local"
    assert run(code).strip() == "chalice.local"
