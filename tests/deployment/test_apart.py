"""No stage reaches into another account, and nothing of the template carries data elsewhere."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.deployment.test_template import packaged

if TYPE_CHECKING:
    from collections.abc import Iterator

# What would copy rows or objects somewhere by itself, or fill a table from somewhere.
CARRIERS = {
    "ImportSourceSpecification", "KinesisStreamSpecification", "ReplicationConfiguration",
    "Replicas", "StreamSpecification", "CopyActions",
}  # fmt: skip
OWN_ACCOUNT = {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}


def nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every object in a piece of a template."""
    if isinstance(node, list):
        for each in node:
            yield from nodes(each)
    elif isinstance(node, dict):
        yield node
        for each in node.values():
            yield from nodes(each)


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_nothing_carries_rows_or_objects_to_another_stage(stage: str):
    for each in nodes(packaged(stage)["Resources"]):
        assert not CARRIERS & each.keys()


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_nobody_of_another_account_is_let_in_and_none_is_reached(stage: str):
    made = packaged(stage)
    # The digits of an account: they would be in an ARN, between colons.
    assert not re.findall(r":[0-9]{12}[:/]", json.dumps(made["Resources"]))
    for each in nodes(made["Resources"]):
        if each.get("Effect") != "Allow" or "Principal" not in each:
            continue
        principal = each["Principal"]
        assert isinstance(principal, dict), principal
        assert principal.keys() <= {"Service", "AWS"}
        assert principal.get("AWS", OWN_ACCOUNT) == OWN_ACCOUNT
    for each in nodes(made["Resources"]):
        actions = each.get("Action", [])
        assert "sts:AssumeRole" not in actions or "Principal" in each
