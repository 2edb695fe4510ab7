"""The template that deploys: what Chalice makes of the app, merged and finished for a package."""

from __future__ import annotations

import json

import pytest

from chalicelib.api.triggers import BATCH
from deployment import finished
from local.template import TEMPLATE

DOCUMENT = json.loads(TEMPLATE.read_text())
packaged = finished.template


@pytest.mark.parametrize("stage", ["local", "dev", "prod"])
def test_a_batch_of_the_queue_is_answered_message_by_message(stage: str):
    """Without the response type Lambda would delete what the answer names as failed."""
    (event,) = packaged(stage)["Resources"]["Reprocess"]["Properties"]["Events"].values()
    told = event["Properties"]
    assert event["Type"] == "SQS"
    assert told["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert told["BatchSize"] == BATCH
    assert told["MaximumBatchingWindowInSeconds"] == 0
    assert told["Queue"] == {"Fn::GetAtt": ["DeadLettersQueue", "Arn"]}


def test_a_message_is_hidden_for_as_long_as_its_batch_may_take_six_times_over():
    """What AWS asks for: a batch that is throttled on its way is not handed to two at once."""
    function = packaged("prod")["Resources"]["Reprocess"]["Properties"]
    queue = DOCUMENT["Resources"]["DeadLettersQueue"]["Properties"]
    assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_cloudformation_takes_a_template_of_its_size(stage: str):
    """A megabyte, as AWS's command line writes it down, and 500 resources once SAM made all."""
    assert len(json.dumps(packaged(stage), indent=4)) < 1_000_000
    assert len(packaged(stage)["Resources"]) < 400


def test_the_template_amends_only_functions_that_are_there():
    """A name with a slip of the pen would be a resource of its own, without a type."""
    for name, resource in packaged("prod")["Resources"].items():
        assert "Type" in resource, name
        for event in resource.get("Properties", {}).get("Events", {}).values():
            assert "Type" in event, name


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_a_stack_that_never_came_about_leaves_no_name_behind_that_the_next_try_needs(stage: str):
    """What is kept at any price would be kept then, too, and the next stack find its name taken."""
    kept = {
        name: each["DeletionPolicy"]
        for name, each in packaged(stage)["Resources"].items()
        if "DeletionPolicy" in each
    }
    # The right of the account's gateway has no name, and may be used by others from then on.
    assert {kept.pop("GatewayAccount"), kept.pop("GatewayRole")} == {"Retain"}
    assert set(kept.values()) == {"RetainExceptOnCreate"}
    assert len(kept) > 15
