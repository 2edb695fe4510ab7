"""The provider's way in is a function of its own, to which the gateway hands webhooks alone."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
from typing import Any

import pytest

import app
from deployment.rollout import alias_of
from deployment.webhooks import API, HANDLER, NAME, integrations
from local.processes import ROOT
from tests.deployment.test_template import packaged

STAGES = ["local", "dev", "prod"]
WHOM = re.compile(r"/functions/\$\{(\w+)\}/invocations")
# What a fresh process answers that believes to be on Lambda, by one handler.
ASKED = """
import importlib, json, sys
module, _, name = sys.argv[1].rpartition(".")
handler = getattr(importlib.import_module(module), name)
from chalicelib import wiring
from tests.api.house import House
from tests.fakes.inbox import TOKEN
house = House()
wiring.use(house)

def asked(raw, token=TOKEN, method="POST", event_name="NppPaymentStatus"):
    named = "/{event_name}" if event_name else ""
    return {
        "requestContext": {"resourcePath": "/webhooks/monoova" + named, "httpMethod": method,
                           "requestId": "the-request"},
        "headers": {"authorization": token, "content-type": "application/json", "webhookid": "7"},
        "pathParameters": {"event_name": event_name} if named else None, "body": raw,
        "multiValueQueryStringParameters": None, "stageVariables": None, "isBase64Encoded": False,
    }

answers = [handler(each, None) for each in (
    asked("{}"), asked("{}", event_name=""), asked("{}", token="Bearer wrong"),
    asked("x" * 7_000_000), asked("{}", method="OPTIONS"), asked("{}", method="GET"),
)]
house.store.state.down = house.queue.down = True
answers.append(handler(asked("{}"), None))
print(json.dumps(answers))
"""


def paths(stage: str) -> dict[str, Any]:
    """The paths of the gateway."""
    body = packaged(stage)["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    found: dict[str, Any] = body["paths"]
    return found


def declared() -> set[str]:
    """The paths of the routes that the module of webhooks declares."""
    return {
        path
        for path, methods in app.app.routes.items()
        for entry in methods.values()
        if entry.view_function.__module__ == "chalicelib.routes.webhooks"
    }


@pytest.mark.parametrize("stage", STAGES)
def test_the_gateway_hands_it_what_the_module_of_webhooks_declares_and_nothing_else(stage: str):
    handed = {
        path: {name for each in integrations(methods) for name in WHOM.findall(str(each["uri"]))}
        for path, methods in paths(stage).items()
    }
    mine, others = {alias_of(NAME)}, {alias_of(API)}
    assert {path for path, whose in handed.items() if whose == mine} == declared() != set()
    assert {path for path, whose in handed.items() if whose == others} == handed.keys() - declared()


@pytest.mark.parametrize("stage", STAGES)
def test_it_is_of_the_same_package_and_differs_by_what_is_its_own(stage: str):
    made = packaged(stage)["Resources"]
    mine, other = made[NAME]["Properties"], made[API]["Properties"]
    own = {name for name in mine.keys() | other.keys() if mine.get(name) != other.get(name)}
    assert own == {
        "Handler", "Role", "Timeout", "MemorySize", "LoggingConfig", "DeploymentPreference",
        "ReservedConcurrentExecutions",
    }  # fmt: skip
    assert (mine["Handler"], mine["Timeout"], mine["MemorySize"]) == (HANDLER, 10, 256)
    module, _, name = HANDLER.rpartition(".")
    assert callable(getattr(importlib.import_module(module), name))


def test_its_role_is_its_own_and_opens_no_destination():
    made = packaged("prod")["Resources"]
    assert made[NAME]["Properties"]["Role"] == {"Fn::GetAtt": [f"{NAME}Role", "Arn"]}
    role = made[f"{NAME}Role"]["Properties"]
    (policy,) = role["Policies"]
    actions = {
        action for each in policy["PolicyDocument"]["Statement"] for action in each["Action"]
    }
    assert not {each for each in actions if each.startswith(("kms:", "s3:", "sns:", "ses:"))}
    assert (
        role["AssumeRolePolicyDocument"]
        == (made["ApiHandlerRole"]["Properties"]["AssumeRolePolicyDocument"])
    )
    assert len(made["ApiHandlerRole"]["Properties"]["Policies"]) == 1


def test_the_gateway_may_call_it_for_webhooks_only():
    told = packaged("prod")["Resources"][f"{NAME}InvokePermission"]["Properties"]
    assert told["Principal"] == "apigateway.amazonaws.com"
    assert told["SourceArn"]["Fn::Sub"].endswith(":${RestAPI}/*/*/webhooks/*")


def answers(handler: str) -> list[dict[str, Any]]:
    """What a handler answers to some webhooks, in a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    done = subprocess.run(
        [sys.executable, "-c", ASKED, handler], cwd=ROOT,
        env={**kept, "PYTHONPATH": str(ROOT), "LAMBDA_TASK_ROOT": str(ROOT)}, capture_output=True,
        text=True, check=False, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_one_app_for_everything_as_on_a_laptop_answers_webhooks_alike():
    apart = answers(HANDLER)
    assert [each["statusCode"] for each in apart] == [200, 200, 401, 413, 204, 405, 500]
    assert apart == answers("app.app")
