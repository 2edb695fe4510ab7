"""Whoever calls a function means the version in use, and a new one is tried on a tenth first."""

from __future__ import annotations

import re
from typing import Any

import pytest

from deployment.alarms import ALARMS, FUNCTIONS
from deployment.rollout import A_TENTH, AT_ONCE, GRADUAL, RELEASE, ROLE, alias_of
from tests.deployment import translated as by_sam
from tests.deployment.test_template import packaged
from tests.deployment.translated import translated

STAGES = ["dev", "prod"]
ALIASES = {alias_of(name) for name in FUNCTIONS}
METHODS = {"get", "put", "post", "delete", "patch", "options", "head"}


def of_type(resources: dict[str, Any], kind: str) -> dict[str, Any]:
    """The properties of all resources of a type."""
    return {
        name: each.get("Properties", {}) for name, each in resources.items() if each["Type"] == kind
    }


def versions(**parameters: str) -> set[str]:
    """What the versions of a deployment are called."""
    return set(of_type(translated("prod", **parameters), "AWS::Lambda::Version"))


@pytest.mark.parametrize("stage", STAGES)
def test_each_function_has_an_alias_for_the_version_that_is_published(stage: str):
    made = translated(stage)
    found = of_type(made, "AWS::Lambda::Alias")
    assert found.keys() == ALIASES
    published = of_type(made, "AWS::Lambda::Version")
    for name in FUNCTIONS:
        told = found[alias_of(name)]
        assert (told["Name"], told["FunctionName"]) == ("live", {"Ref": name})
        version, attribute = told["FunctionVersion"]["Fn::GetAtt"]
        assert (attribute, published[version]["FunctionName"]) == ("Version", {"Ref": name})
    assert all(
        each["DeletionPolicy"] == "Retain"
        for each in made.values()
        if each["Type"] == "AWS::Lambda::Version"
    ), "or there is nothing to go back to"


@pytest.mark.parametrize("stage", STAGES)
def test_every_path_of_the_gateway_is_answered_by_an_alias(stage: str):
    (gateway,) = of_type(translated(stage), "AWS::ApiGateway::RestApi").values()
    asked = 0
    for path, methods in gateway["Body"]["paths"].items():
        for method in methods.keys() & METHODS:
            uri = methods[method]["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
            (named,) = set(re.findall(r"functions/\$\{(\w+)\}/invocations", uri))
            webhook = path.startswith("/webhooks/")
            assert named == alias_of("WebhookHandler" if webhook else "APIHandler"), path
            asked += 1
    assert asked > 100


@pytest.mark.parametrize("stage", STAGES)
def test_who_may_call_may_call_the_alias_alone(stage: str):
    may = of_type(translated(stage), "AWS::Lambda::Permission")
    assert {each["FunctionName"]["Ref"] for each in may.values()} == ALIASES - {
        alias_of("Reprocess")  # which is not called, but fetches
    }


@pytest.mark.parametrize("stage", STAGES)
def test_every_schedule_runs_an_alias(stage: str):
    rules = of_type(translated(stage), "AWS::Events::Rule")
    called = [
        target["Arn"]["Ref"]
        for told in rules.values()
        for target in told.get("Targets", [])
        if "Lambda" in target["Id"]
    ]
    assert sorted(called) == sorted(map(alias_of, ("Poll", "Wake", "Night", "Keep")))


@pytest.mark.parametrize("stage", STAGES)
def test_the_queue_feeds_an_alias_and_is_answered_message_by_message(stage: str):
    (source,) = of_type(translated(stage), "AWS::Lambda::EventSourceMapping").values()
    assert source["FunctionName"] == {"Ref": alias_of("Reprocess")}
    assert source["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["BatchSize"] == 10
    assert source["EventSourceArn"] == {"Fn::GetAtt": ["DeadLettersQueue", "Arn"]}


def test_people_still_have_to_sign_in():
    (gateway,) = of_type(translated("prod"), "AWS::ApiGateway::RestApi").values()
    told = gateway["Body"]["securityDefinitions"]["people"]["x-amazon-apigateway-authorizer"]
    assert told["providerARNs"] == [{"Fn::GetAtt": ["UserPool", "Arn"]}]
    assert gateway["Body"]["paths"]["/payouts"]["post"]["security"] == [{"people": []}]


@pytest.mark.parametrize(("stage", "how"), [("dev", AT_ONCE), ("prod", A_TENTH)])
def test_what_the_gateway_calls_moves_by_a_tenth_on_prod_and_back_by_its_alarm(
    stage: str, how: str
):
    made = translated(stage)
    groups = of_type(made, "AWS::CodeDeploy::DeploymentGroup")
    assert len(groups) == len(GRADUAL) == 2
    for name, alarm in GRADUAL.items():
        policy = made[alias_of(name)]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        told = groups[policy["DeploymentGroupName"]["Ref"]]
        chosen = told["DeploymentConfigName"]
        assert how in (chosen, packaged(stage)["Mappings"]["Rollouts"][stage]["How"])
        assert chosen == how or chosen["Fn::FindInMap"][0] == "Rollouts"
        assert told["AlarmConfiguration"]["Enabled"]
        (watched,) = told["AlarmConfiguration"]["Alarms"]
        named = made[watched["Name"]["Ref"]]["Properties"]
        assert named["AlarmDescription"].endswith(f"#{alarm}")
        assert "DEPLOYMENT_STOP_ON_ALARM" in told["AutoRollbackConfiguration"]["Events"]
    assert {each.name for each in ALARMS} >= set(GRADUAL.values())


@pytest.mark.parametrize("function", GRADUAL)
def test_its_alarm_looks_at_the_version_that_is_published_and_at_no_other(function: str):
    made = translated("prod")
    (published,) = (
        name
        for name, told in of_type(made, "AWS::Lambda::Version").items()
        if told["FunctionName"] == {"Ref": function}
    )
    (alarm,) = (
        told
        for told in of_type(made, "AWS::CloudWatch::Alarm").values()
        if told["AlarmDescription"].endswith(f"#{GRADUAL[function]}")
    )
    for query in alarm["Metrics"][:-1]:
        dimensions = query["MetricStat"]["Metric"]["Dimensions"]
        by = {each["Name"]: each["Value"] for each in dimensions}
        number = by.get("Version") or by["ExecutedVersion"]
        assert number == {"Fn::GetAtt": [published, "Version"]}
        assert by.get("FunctionName", {"Ref": function}) == {"Ref": function}


def test_what_nobody_waits_for_follows_once_the_gateways_functions_are_well():
    made = translated("prod")
    for name in set(FUNCTIONS) - set(GRADUAL):
        assert set(made[name]["DependsOn"]) == {alias_of(each) for each in GRADUAL}
        assert "UpdatePolicy" not in made[alias_of(name)]


def test_each_release_publishes_and_a_parameter_alone_does_not():
    """So that a deployment that only sets a parameter names itself anew, too."""
    assert len(versions()) == len(FUNCTIONS)
    assert versions() == versions(WebhookUrl="https://api.example")
    assert not versions() & versions(Release="2611221935")
    parameter = packaged("prod")["Parameters"]["Release"]
    assert "Default" not in parameter
    assert re.fullmatch(RELEASE, by_sam.RELEASE)
    for name in FUNCTIONS:
        told = translated("prod")[name]["Properties"]
        assert by_sam.RELEASE in told["Description"], "or Lambda sees nothing new to publish"


def test_who_moves_the_aliases_moves_those_of_the_gateways_functions_only():
    (policy,) = packaged("prod")["Resources"][ROLE]["Properties"]["Policies"]
    move, look = policy["PolicyDocument"]["Statement"]
    assert look["Action"] == ["cloudwatch:DescribeAlarms"]
    named = {each["Fn::Sub"] for each in move["Resource"] if "Fn::Sub" in each}
    assert named == {f"${{{each}.Arn}}:*" for each in GRADUAL}
    assert not {each for each in move["Action"] if "*" in each}
