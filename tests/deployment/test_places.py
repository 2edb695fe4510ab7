"""How large each function is, how long it may take, and how many of it run at a time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.adapters.monoova.signature import FETCH_SECONDS
from chalicelib.api.deadline import ANSWERABLE, RESERVE
from deployment.alarms import FUNCTIONS
from deployment.gateway import WEBHOOK_RATE
from deployment.places import CONDITION, KEPT, PARAMETER
from local.processes import ROOT
from tests.deployment.test_template import packaged
from tests.deployment.translated import translated

STAGES = json.loads((ROOT / ".chalice" / "config.json").read_text("utf-8"))["stages"]
# Memory in MB, seconds, places.
SIZES = {
    "APIHandler": (512, 30, 30), "WebhookHandler": (256, 10, 10), "Reprocess": (512, 60, None),
    "Poll": (512, 60, 1), "Wake": (512, 60, 1), "Night": (1024, 900, 1), "Keep": (512, 900, 1),
}  # fmt: skip
SCHEDULED = ("Poll", "Wake", "Night", "Keep")
# What AWS leaves to everybody else in an account.
UNRESERVED, USUAL = 100, 1000


def told(name: str) -> dict[str, Any]:
    """A function's properties, as they are packaged."""
    found: dict[str, Any] = packaged("prod")["Resources"][name]["Properties"]
    return found


def places(name: str) -> int | None:
    """How many places are kept for a function, where any are."""
    kept = told(name).get(KEPT)
    if kept is None:
        return None
    condition, many, otherwise = kept["Fn::If"]
    assert (condition, otherwise) == (CONDITION, {"Ref": "AWS::NoValue"})
    return int(many)


def test_all_stages_are_of_one_size():
    of_stages = [stage["lambda_functions"] for stage in STAGES.values()]
    assert len(of_stages) == 3
    assert all(each == of_stages[0] for each in of_stages)


def test_each_function_is_as_large_as_was_decided():
    assert SIZES.keys() == set(FUNCTIONS)
    for name, (memory, seconds, many) in SIZES.items():
        assert (told(name)["MemorySize"], told(name)["Timeout"]) == (memory, seconds), name
        assert places(name) == many, name


def test_where_the_account_has_none_to_give_no_place_is_kept():
    parameter = packaged("prod")["Parameters"][PARAMETER]
    assert (parameter["Default"], parameter["AllowedValues"]) == ("true", ["true", "false"])
    condition = packaged("prod")["Conditions"][CONDITION]
    assert condition == {"Fn::Equals": [{"Ref": PARAMETER}, "true"]}
    assert sum(places(name) or 0 for name in FUNCTIONS) + UNRESERVED <= 150 < USUAL


def test_the_apis_places_are_enough_for_a_payout_a_second_while_the_provider_hangs():
    """Each holds its place until nobody could be answered any more; the pause has to get in."""
    assert (places("APIHandler") or 0) >= 1 * ANSWERABLE + 5


def test_the_webhooks_places_are_enough_for_all_that_the_gateway_lets_in():
    """At a tenth of a second each, twice over."""
    assert (places("WebhookHandler") or 0) >= 2 * WEBHOOK_RATE * 0.1


def test_a_request_ends_by_itself_before_lambda_ends_it():
    assert told("APIHandler")["Timeout"] > ANSWERABLE + RESERVE
    assert told("WebhookHandler")["Timeout"] >= FETCH_SECONDS + 4, "a cold start, and the store"


@pytest.mark.parametrize("name", SCHEDULED)
def test_of_a_schedule_one_runs_and_none_queues_up(name: str):
    assert places(name) == 1
    resources = translated("prod")
    (queueing,) = (
        each["Properties"]
        for each in resources.values()
        if each["Type"] == "AWS::Lambda::EventInvokeConfig"
        and each["Properties"]["FunctionName"] == {"Ref": name}
    )
    assert queueing["Qualifier"] == "live"
    assert (queueing["MaximumEventAgeInSeconds"], queueing["MaximumRetryAttempts"]) == (60, 0)


def test_the_queue_is_heard_by_two_at_a_time_and_none_is_turned_away():
    """Turned away by a reservation, a message would count as received, and come nearer its end."""
    (source,) = told("Reprocess")["Events"].values()
    assert source["Properties"]["ScalingConfig"] == {"MaximumConcurrency": 2}
    assert KEPT not in told("Reprocess")
