"""Each function's role allows what a full run of that function called, and not one action more."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.iam.policies import Grant, document_of, functions, grants, lacking, unused
from tests.iam.reach import reached, starts_of
from tests.iam.recorder import Need
from tests.iam.run import Recorded, recorded

pytestmark = pytest.mark.timeout(600)  # the run is minutes long where others work beside it
FUNCTIONS = ("APIHandler", "WebhookHandler", "Reprocess", "Poll", "Wake", "Night", "Keep")
# What Lambda itself does with a function's role, in no call of ours: by statement and action.
BY_LAMBDA = {
    ("Logs", "logs:CreateLogStream"): "for each process of the function, in its own group",
    ("Logs", "logs:PutLogEvents"): "whatever the function writes",
    ("Traces", "xray:PutTraceSegments"): "tracing is active; X-Ray has no resources to name",
    ("Traces", "xray:PutTelemetryRecords"): "the same",
    ("TakeDeadLetters", "sqs:ReceiveMessage"): "messages are taken for the reprocessor",
    ("TakeDeadLetters", "sqs:DeleteMessage"): "and removed once it has answered for them",
    ("TakeDeadLetters", "sqs:GetQueueAttributes"): "how many wait decides how many are taken",
}
# Resources that end in a star, or are one, each with the reason.
WIDE = {
    "Traces": "X-Ray has no resources to name",
    "Logs": "streams of its own group, named by Lambda",
    "ReadArchive": "objects below one folder, named by date, payout or customer",
    "Archive": "the same",
    "TellCustomers": "the address's identity or its domain's; the condition names the address",
}


@pytest.fixture(scope="module")
def run() -> Recorded:
    """The full run."""
    return recorded()


def granted(run: Recorded, function: str) -> list[Grant]:
    return list(grants(document_of(function, run.template)))


def test_every_function_that_deploys_was_run(run: Recorded):
    assert run.needs.keys() == set(FUNCTIONS) == functions()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_lacks_nothing_that_its_function_called(run: Recorded, function: str):
    assert lacking(granted(run, function), run.needs[function]) == set()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_role_grants_nothing_that_its_function_never_called(run: Recorded, function: str):
    more = unused(granted(run, function), run.needs[function])
    assert {each for each in more if (each.sid, each.action) not in BY_LAMBDA} == set()
    theirs = "Reprocess" if function == "Reprocess" else ""
    assert all(each.sid != "TakeDeadLetters" or theirs for each in more)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_each_grant_that_is_taken_away_or_moved_elsewhere_is_missed(run: Recorded, function: str):
    """That the judge above sees what it is there to see, one grant at a time."""
    needs, all_of_them = run.needs[function], granted(run, function)
    for each in all_of_them:
        rest = [other for other in all_of_them if other != each]
        if (each.sid, each.action) not in BY_LAMBDA:
            assert lacking(rest, needs), each
            elsewhere = replace(each, resource=f"{each.resource}-of-another")
            assert unused([*rest, elsewhere], needs) >= {elsewhere}, each


@pytest.mark.parametrize("action", ["dynamodb:DeleteItem", "dynamodb:Scan", "s3:DeleteObject"])
def test_what_nobody_calls_is_found_where_it_is_granted(run: Recorded, action: str):
    for function in FUNCTIONS:
        first = granted(run, function)[0]
        odd = replace(first, sid="Odd", action=action, resource="arn:aws:x")
        assert odd in unused([odd], run.needs[function])


def test_resources_are_named_one_by_one():
    for function in FUNCTIONS:
        for grant in grants(document_of(function, recorded().template, "prod")):
            assert "*" not in grant.action
            assert grant.resource.count("*") == (grant.sid in WIDE), grant
            assert "*" not in grant.resource[:-1], grant


def test_destinations_are_opened_for_paying_and_for_nothing_else(run: Recorded):
    """Whatever else were ever sealed under that key would stay shut for every function."""
    for function in ("APIHandler", "Poll", "Wake"):
        for grant in granted(run, function):
            if grant.sid != "Destinations":
                continue
            assert dict(grant.conditions).keys() == {
                "kms:EncryptionContext:purpose", "kms:EncryptionContext:table",
            }  # fmt: skip
            assert not grant.allows(Need(grant.action, grant.resource))


def test_what_the_public_can_reach_neither_opens_nor_lists_nor_signs(run: Recorded):
    actions = {each.action for each in granted(run, "WebhookHandler")}
    assert not {each for each in actions if each.startswith(("kms:", "s3:", "ses:", "sns:"))}
    assert "dynamodb:Query" not in actions


def test_a_policy_fits_into_a_role(run: Recorded):
    """AWS takes 10,240 characters of policies within a role, without what is white."""
    for function in FUNCTIONS:
        told: Any = document_of(function, run.template)
        assert len(json.dumps(told, separators=(",", ":"))) < 10_000


# What no run of anybody calls, and what it needs of the control table: it takes a rare hour.
RARE = {
    ("treasury", "came_back"): "dynamodb:GetItem",  # a receipt that a payout heard as its return
    ("receipts", "followed"): "dynamodb:UpdateItem",  # such a return, met half way
    ("pauses", "last_of"): "dynamodb:GetItem",  # who is shown what left last of a paused customer
}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_no_run_of_it_met_needs_nothing_that_its_role_lacks(run: Recorded, function: str):
    """By reading its code: whatever it may call besides is known from others that called it."""
    told = run.recorder
    besides = (reached(*starts_of(function)) & run.methods) - told.met[function]
    assert besides <= told.of_method.keys() | told.met[""] | RARE.keys()
    needs = {need for method in besides for need in told.of_method.get(method, ())}
    control = f"arn:aws:dynamodb:{told.here}:table/local-monoova-control"
    needs |= {Need(RARE[method], control) for method in besides & RARE.keys()}
    assert lacking(granted(run, function), needs) == set()


def test_reading_finds_what_was_met(run: Recorded):
    """That it would see what no run meets: it does see nearly all that runs did meet."""
    for function in FUNCTIONS:
        found = reached(*starts_of(function))
        missed = run.recorder.met[function] - found
        assert len(missed) <= len(run.recorder.met[function]) / 6, (function, missed)
