"""The policy that a payout is decided by, as the app itself wires it, on the embedded engine."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.adapters.dynamo.policy_rows import CURRENT, PROPOSED
from chalicelib.domain.policy import DEFAULT
from chalicelib.ports import InForce, Question
from chalicelib.settings import Settings
from chalicelib.usecases.policies import agree, propose
from chalicelib.wiring import World
from tests.contracts.stores import NOBODY

FIRST = "policy#0000000001"
ASKED = Question(NOBODY, NOBODY, "olive", date(2026, 7, 3), "twin")


@pytest.fixture
def world(ministack, monkeypatch):
    told = {"duplicate_days": 3}
    for name, value in {**ministack.environment, "DEFAULT_POLICY": json.dumps(told)}.items():
        monkeypatch.setenv(name, value)
    made = World(Settings.read())
    assert made.policies.now() == InForce(), "somebody else's policy is in force"
    yield made
    # The engine is everybody's.
    for key in (CURRENT, PROPOSED, FIRST):
        made._session.client.delete_item(
            TableName=made.settings.dynamodb_table_control, Key={"key": {"S": key}}
        )
    assert made.policies.now() == InForce()


def test_the_business_default_is_in_force_until_two_people_have_agreed_to_another(world):
    default = replace(DEFAULT, duplicate_days=3)
    assert world.default_policy == default
    assert world.payouts.opening(ASKED).policy == default
    told = {"request_id": "r", "policies": world.policies, "clock": world.clock}
    wanted = replace(default, duplicate_days=9)
    made = propose(wanted, reason="why", by="ada", default=world.default_policy, **told)
    assert world.payouts.opening(ASKED).policy == default
    agree(made.proposal.digest, by="bert", **told)
    assert world.payouts.opening(ASKED).policy == replace(wanted, version=1)
    assert world._session.row(world.settings.dynamodb_table_control, {"key": FIRST})
