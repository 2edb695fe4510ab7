"""A lost webhook needs nobody: the app, the simulator and its faults, and time."""

import json
from collections import Counter

import pytest

from chalicelib import wiring
from chalicelib.usecases.repair import TAKE
from tests.api.town import TOKEN, Town, town_of


@pytest.fixture
def town(bench):
    bench.refresh()
    with town_of(bench) as made:
        assert made.apply().json["whole"]
        made.repair()
        made.wait()
        yield made
    wiring._current.clear()


def quiet(town: Town, most: int = 8) -> Counter[str]:
    """Let the poller come by until it has nothing to tell; what it told."""
    told: Counter[str] = Counter()
    for _ in range(most):
        town.wait()
        this = town.repair()
        town.control.flush()
        told += this
        if not this:
            return told
    raise AssertionError(f"never quiet: {told}")


@pytest.mark.parametrize("keeps_id", [True, False])
def test_a_lost_webhook_needs_nobody(town, keeps_id):
    town.control.settings(resend_keeps_id=keeps_id)
    town.control.fault("webhook", "lost")
    town.receive("12.00")
    town.receive("3.00")
    town.wait()
    assert town.received == 300
    told = quiet(town)
    assert told == {"asked_again": 1, "healed": 1}
    assert town.received == 1500


def test_a_webhook_that_our_door_refused_twice_is_had_in_the_end(town):
    town.deaf = 500
    town.receive("12.00")
    town.wait()
    town.deaf = 0
    assert town.received == 0
    assert quiet(town) == {"asked_again": 1, "healed": 1}
    assert town.received == 1200


def test_a_webhook_that_somebody_else_acknowledged_in_our_place_is_asked_for(town):
    town.deaf = 200
    town.receive("12.00")
    town.wait()
    town.deaf = 0
    assert quiet(town) == {"asked_again": 1, "healed": 1}
    assert town.received == 1200


def test_what_waits_in_the_queue_is_asked_for_in_vain_and_counted_once(town):
    town.dynamo.down = False
    real = town.world.treasury
    town.world.treasury = Broken()
    town.receive("12.00")
    town.wait()
    town.world.treasury = real
    assert len(town.world.queue.queued) == 1
    assert town.repair() == {"asked_again": 1}
    town.control.flush()
    town.redrive()
    assert town.received == 1200
    assert quiet(town) == {"healed": 1}


class Broken:
    """A treasury that fails at everything."""

    def __getattr__(self, name):
        raise RuntimeError(name)


@pytest.mark.parametrize("keeps_id", [True, False])
def test_a_day_that_loses_a_third_is_whole_by_evening(town, keeps_id):
    town.control.settings(resend_keeps_id=keeps_id)
    town.control.random_faults(11, "0.34", ["lost"])
    for number in range(60):
        town.receive(f"{number + 1}.00", rail="NPP" if number % 2 else "DE")
    town.control.clear_faults()
    lost = 1830_00 - town.received
    assert lost > 300_00
    told = quiet(town)
    assert town.received == 1830_00
    assert told["asked_again"] == told["healed"] > 10
    assert set(told) == {"asked_again", "healed"}


def test_a_webhook_that_can_not_be_had_is_a_persons(town):
    town.deaf = 500
    number = town.receive("12.00")
    town.wait()
    told = quiet(town)
    assert told == {"asked_again": 3, "webhooks_missing": 1}
    page = town.world.findings.page(resolved=False, limit=10, position=None)
    assert [(each.subject, each.detail) for each in page.items] == [(number, "NPPReceivePayment")]


def test_a_quiet_run_costs_the_provider_one_report(town, caplog):
    for _ in range(5):
        town.receive("1.00")
    town.wait()
    caplog.clear()
    assert [town.repair(), town.repair()] == [{}, {}]
    town.wait()
    assert town.repair() == {}
    calls = [json.loads(each)["operation"] for each in caplog.messages if "outbound" in each]
    assert calls == ["monoova.report"] * 2
    assert (town.received, town.notices) == (500, 5)


def test_the_report_is_read_page_by_page(town):
    assert TAKE == 1000
    day = town.bench.today()
    for number in range(5):
        town.receive(f"{number + 1}.00")
    town.wait()
    there = town.world.subscriptions
    first = there.report(day, skip=0, take=3, within=5)
    second = there.report(day, skip=3, take=3, within=5)
    assert (first.length, second.length) == (3, 2)
    assert all(each.sent for each in [*first.bulletins, *second.bulletins])


def test_subscriptions_are_made_looked_at_and_put_right(town):
    answer = town.look()
    assert answer.status == 200
    assert answer.json["whole"]
    assert len(answer.json["data"]) == 12
    assert {each["token"] for each in answer.json["data"]} == {"current"}
    assert TOKEN not in answer.text
    listed = town.world.subscriptions.list(within=5)
    town.world.subscriptions.delete(listed[0].subscription_id, within=5)
    body = {"id": int(listed[1].subscription_id), "targetUrl": "https://x.example.com/a?b=secret",
            "subscriptionStatus": "Off"}  # fmt: skip
    assert town.bench.post("/subscriptions/v1/update", body).status_code == 200
    answer = town.look()
    different = {each["event"]: each["differences"] for each in answer.json["data"]
                 if each["differences"]}  # fmt: skip
    assert different[listed[0].event] == ["missing"]
    assert {"other_url", "off"} <= set(different[listed[1].event])
    assert "secret" not in answer.text
    applied = town.apply().json
    assert {(each["event"], each["change"]) for each in applied["changed"]} == {
        (listed[0].event, "created"), (listed[1].event, "updated"),
    }  # fmt: skip
    assert (applied["failed"], applied["whole"]) == ([], True)
    assert town.apply().json["changed"] == []


def test_a_subscription_that_is_named_is_deleted(town):
    listed = town.world.subscriptions.list(within=5)
    applied = town.apply(listed[3].subscription_id).json
    assert [each["change"] for each in applied["changed"]] == ["deleted"]
    assert town.look().json["data"][3]["differences"] == ["missing"]
