"""What belongs to another stage, account or region is refused at the start, by its name alone."""

from __future__ import annotations

import json

import pytest

from chalicelib.setting_places import PREFIXES
from chalicelib.settings import Settings
from local.template import TEMPLATE
from tests.test_settings import DEV, LOCAL, OF, PROD, problems

OTHER = {"dev": "prod", "prod": "dev"}
NAMED = [
    "DYNAMODB_TABLE_TRANSACTIONS", "DYNAMODB_TABLE_CUSTOMERS", "DYNAMODB_TABLE_EVENTS",
    "DYNAMODB_TABLE_CONTROL", "ARCHIVE_BUCKET", "DLQ_URL", "MONOOVA_API_SECRET_ARN",
    "MONOOVA_WEBHOOK_SECRET_ARN", "CURSOR_SECRET_ARN",
]  # fmt: skip
PLACED = [
    "MONOOVA_API_SECRET_ARN", "MONOOVA_WEBHOOK_SECRET_ARN", "CURSOR_SECRET_ARN", "KMS_KEY_ARN",
    "ATTESTATION_KEY_ARN", "COGNITO_USER_POOL_ARN", "DLQ_URL", "ARCHIVE_BUCKET",
]  # fmt: skip
OPTIONAL = {
    "LAST_RESORT_URL": "https://sqs.ap-southeast-2.amazonaws.com/000000000000/{}-last-resort",
    "NIGHTS_TOPIC_ARN": "arn:aws:sns:ap-southeast-2:000000000000:{}-nights",
}
HERE, ELSEWHERE = "ap-southeast-2", "eu-west-1"


@pytest.mark.parametrize("stage", ["dev", "prod"])
@pytest.mark.parametrize("name", NAMED)
def test_what_the_other_stage_has_by_its_name_is_refused_at_the_start(stage, name):
    mixed = OF[stage] | {name: OF[OTHER[stage]][name]}
    assert problems(mixed) == [
        f"{name}: must be of the stage {stage}, whose names begin with {PREFIXES[stage]}"
    ]


@pytest.mark.parametrize("stage", ["dev", "prod"])
@pytest.mark.parametrize("name", OPTIONAL)
def test_so_is_what_need_not_be_there(stage, name):
    own, foreign = (OPTIONAL[name].format(PREFIXES[each]) for each in (stage, OTHER[stage]))
    assert Settings.read(OF[stage] | {name: own})
    (problem,) = problems(OF[stage] | {name: foreign})
    assert problem.startswith(f"{name}: must be of the stage {stage}")


@pytest.mark.parametrize("environment", [DEV, PROD], ids=["dev", "prod"])
@pytest.mark.parametrize("name", PLACED)
def test_what_lies_in_another_account_is_refused_at_the_start(environment, name):
    there = environment[name].replace("000000000000", "111111111111")
    assert problems(environment | {name: there}) == [f"{name}: must be in the account ACCOUNT_ID"]


@pytest.mark.parametrize("environment", [DEV, PROD], ids=["dev", "prod"])
def test_a_stage_that_was_deployed_into_the_account_of_the_other_does_not_start(environment):
    """All of it agrees there, but for the account that the stage is meant for."""
    meant = environment | {"ACCOUNT_ID": "111111111111"}
    assert problems(meant) == sorted(
        f"{name}: must be in the account ACCOUNT_ID" for name in PLACED
    )


@pytest.mark.parametrize("name", PLACED)
def test_what_lies_in_another_region_is_refused_at_the_start(name):
    (problem,) = problems(PROD | {name: PROD[name].replace(HERE, ELSEWHERE, 1)})
    assert name in problem
    assert problem.endswith(": must be in one region")


def test_the_region_is_the_functions_own():
    assert Settings.read(PROD | {"AWS_REGION": HERE})
    (problem,) = problems(PROD | {"AWS_REGION": ELSEWHERE})
    assert problem.startswith("AWS_REGION, ")


@pytest.mark.parametrize(
    "name", ["COGNITO_USER_POOL_ID", "COGNITO_USER_POOL_ARN", "COGNITO_ISSUER"]
)
def test_the_people_are_of_one_pool(name):
    (problem,) = problems(DEV | {name: f"{DEV[name]}2"})
    assert problem == (
        "COGNITO_USER_POOL_ID, COGNITO_USER_POOL_ARN, COGNITO_ISSUER: must be of one user pool"
    )


def test_without_the_account_only_a_laptop_starts():
    for environment in (DEV, PROD):
        assert problems(environment | {"ACCOUNT_ID": ""}) == [
            "ACCOUNT_ID: is required, but for the stage local"
        ]
        assert problems(environment | {"ACCOUNT_ID": "1234"}) != []
    assert Settings.read(LOCAL).account_id is None


def test_no_value_is_shown():
    mixed = DEV | {name: PROD[name] for name in NAMED} | {"ACCOUNT_ID": "111111111111"}
    text = "\n".join(problems(mixed))
    for value in mixed.values():
        assert value == "dev" or value not in text


def test_the_prefixes_are_those_of_the_template():
    stages = json.loads(TEMPLATE.read_text())["Mappings"]["Stages"]
    assert {stage: stages[stage]["Prefix"] for stage in PREFIXES} == PREFIXES
    assert stages.keys() - PREFIXES.keys() == {"local"}
