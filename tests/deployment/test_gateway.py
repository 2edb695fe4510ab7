"""API Gateway in the template that deploys: bounds, lines of log, refusals, and where lines go."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.api.access import MATRIX
from chalicelib.api.cors import EXPOSED
from chalicelib.api.doors import WEBHOOKS
from chalicelib.api.problem_shapes import Problem
from chalicelib.api.problems import HTTP, title
from chalicelib.domain.errors import NotAuthentic
from deployment import gateway, logs, refused
from tests.deployment.test_template import packaged

STAGES = ("dev", "prod")
# What says who somebody is, where they are, or what they asked about.
PERSONAL = ("identity", "queryString", "request.path", "$context.path", "header", "email", "body")


def api(stage: str = "prod") -> dict[str, Any]:
    return dict(packaged(stage)["Resources"][gateway.API]["Properties"])


def operations(stage: str) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": told
        for path, methods in api(stage)["DefinitionBody"]["paths"].items()
        for method, told in methods.items()
    }


def answers(stage: str = "prod") -> dict[str, Any]:
    return dict(api(stage)["DefinitionBody"]["x-amazon-apigateway-gateway-responses"])


def headers(kind: str, *, elsewhere: bool) -> dict[str, Any]:
    name, allowed, plain = answers()[kind]["responseParameters"]["Fn::If"]
    assert name == refused.ELSEWHERE
    told = allowed if elsewhere else plain
    return {each.removeprefix("gatewayresponse.header."): value for each, value in told.items()}


@pytest.mark.parametrize("stage", STAGES)
def test_the_api_lets_a_hundred_a_second_through_and_two_hundred_at_once(stage: str):
    every, *_ = api(stage)["MethodSettings"]
    assert (every["ResourcePath"], every["HttpMethod"]) == ("/*", "*")
    assert (every["ThrottlingRateLimit"], every["ThrottlingBurstLimit"]) == (100, 200)


@pytest.mark.parametrize("stage", STAGES)
def test_each_way_in_of_webhooks_is_bounded_more_tightly_and_no_other(stage: str):
    _, *more = api(stage)["MethodSettings"]
    found = {
        f"{each['HttpMethod']} {each['ResourcePath'].removeprefix('/').replace('~1', '/')}"
        for each in more
    }
    wanted = {each for each in operations(stage) if each.startswith(f"POST {WEBHOOKS}")}
    assert found == wanted
    assert len(found) == 2
    assert all(each["ThrottlingRateLimit"] == 50 for each in more)
    assert all(each["ThrottlingBurstLimit"] == 100 for each in more)


@pytest.mark.parametrize("stage", STAGES)
def test_nothing_that_was_sent_or_answered_is_written_down_by_the_gateway(stage: str):
    for each in api(stage)["MethodSettings"]:
        assert (each["DataTraceEnabled"], each["LoggingLevel"]) == (False, "OFF")


@pytest.mark.parametrize("stage", STAGES)
def test_every_request_is_a_line_of_json_without_anything_personal(stage: str):
    told = api(stage)["AccessLogSetting"]
    assert told["DestinationArn"] == {"Fn::GetAtt": ["GatewayLogs", "Arn"]}
    line = json.loads(told["Format"])
    assert {"request_id", "trace_id", "status", "ms", "app_error", "route"} <= line.keys()
    assert all(value.startswith("$context.") for value in line.values())
    assert not [each for each in PERSONAL if each in told["Format"]]


def test_the_account_lets_the_gateway_write_its_lines_before_there_is_an_api():
    """Without that right of the account's a stage with lines of log is refused."""
    resources = packaged("prod")["Resources"]
    assert resources[gateway.API]["DependsOn"] == "GatewayAccount"
    role = {"Fn::GetAtt": ["GatewayRole", "Arn"]}
    assert resources["GatewayAccount"]["Properties"] == {"CloudWatchRoleArn": role}
    for name in ("GatewayAccount", "GatewayRole"):
        assert resources[name]["DeletionPolicy"] == "Retain", "others may need it"


@pytest.mark.parametrize("stage", STAGES)
def test_the_api_speaks_no_tls_older_than_1_2_and_is_traced(stage: str):
    told = api(stage)
    assert told["SecurityPolicy"] == "SecurityPolicy_TLS13_1_2_2021_06"
    assert told["EndpointAccessMode"] == "STRICT"
    assert told["TracingEnabled"] is True
    assert told["EndpointConfiguration"] == "REGIONAL"


@pytest.mark.parametrize("stage", STAGES)
def test_the_gateway_asks_for_a_route_and_a_token_and_judges_nothing_else(stage: str):
    """All that is wrong is told at once, so whoever tells a part of it must not be asked first."""
    body = api(stage)["DefinitionBody"]
    assert "x-amazon-apigateway-request-validators" not in body
    for name, told in operations(stage).items():
        assert "x-amazon-apigateway-request-validator" not in told
        asked = [each for each in told.get("parameters", ()) if each["in"] != "path"]
        assert (name, asked) == (name, [])
        public = name.startswith("OPTIONS ") or MATRIX[name].roles is None
        assert told.get("security", []) == ([] if public else [{"people": []}])


@pytest.mark.parametrize("stage", STAGES)
def test_every_preflight_is_answered_by_the_app_from_its_own_settings(stage: str):
    """No answer of the gateway's own that could allow another origin than the app does."""
    paths = api(stage)["DefinitionBody"]["paths"]
    for path, methods in paths.items():
        assert "options" in methods, path
        assert methods["options"]["x-amazon-apigateway-integration"]["type"] == "aws_proxy"


def test_every_kind_of_refusal_is_a_problem_of_ours_with_the_status_that_it_says():
    for kind, told in answers().items():
        problem = json.loads(told["responseTemplates"]["application/json"])
        assert list(problem) == list(Problem.model_fields), kind
        assert problem["status"] == told["statusCode"]
        assert problem["title"] == problem["error"] == title(told["statusCode"])
        assert problem["request_id"] == "$context.requestId"
        assert problem["retryable"] is (told["statusCode"] >= 500 or told["statusCode"] == 429)
        assert problem["detail"].isprintable()
        assert "$" not in problem["detail"]


def test_the_kinds_that_matter_have_words_and_a_status_of_their_own():
    shown = {kind: told["statusCode"] for kind, told in answers().items()}
    assert shown["UNAUTHORIZED"] == HTTP[NotAuthentic] == 401
    assert shown["MISSING_AUTHENTICATION_TOKEN"] == 403
    assert shown["THROTTLED"] == 429
    assert shown["REQUEST_TOO_LARGE"] == 413
    assert shown["INTEGRATION_TIMEOUT"] == 504
    assert shown["WAF_FILTERED"] == 403
    assert {shown["DEFAULT_4XX"], shown["DEFAULT_5XX"]} == {400, 500}


def test_who_is_not_known_is_told_what_to_bring_and_who_is_too_fast_when_to_come_again():
    assert headers("UNAUTHORIZED", elsewhere=False)["WWW-Authenticate"] == "'Bearer'"
    assert headers("THROTTLED", elsewhere=False)["Retry-After"] == "'1'"


@pytest.mark.parametrize("kind", refused.REFUSED)
def test_a_refusal_is_read_by_the_pages_of_the_named_origin_only(kind: str):
    plain, allowed = headers(kind, elsewhere=False), headers(kind, elsewhere=True)
    assert not [name for name in plain if name.startswith("Access-Control")]
    assert allowed["Access-Control-Allow-Origin"] == {
        "Fn::Sub": [
            "'${Origin}'",
            {"Origin": {"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "CorsOrigins"}]}]}},
        ]
    }
    assert allowed["Access-Control-Expose-Headers"] == f"'{EXPOSED}'"
    assert plain["Vary"] == "'Origin'"
    condition = packaged("prod")["Conditions"][refused.ELSEWHERE]
    assert condition == {"Fn::Not": [{"Fn::Equals": [{"Ref": "CorsOrigins"}, ""]}]}


@pytest.mark.parametrize("kind", refused.REFUSED)
def test_a_refusal_is_kept_by_nobody_and_guessed_at_by_nobody(kind: str):
    told = headers(kind, elsewhere=False)
    assert told["Content-Type"] == "'application/problem+json'"
    assert told["Cache-Control"] == "'no-store'"
    assert told["X-Content-Type-Options"] == "'nosniff'"
    assert told["Strict-Transport-Security"].startswith("'max-age=63072000")
    values = [each for each in told.values() if each != "''"]
    assert all(each[0] == each[-1] == "'" and "'" not in each[1:-1] for each in values)


@pytest.mark.parametrize("stage", STAGES)
def test_every_function_writes_into_a_group_that_is_named_here_and_kept_for_days(stage: str):
    resources = packaged(stage)["Resources"]
    found = {name for name, each in resources.items() if "Function" in each["Type"]}
    functions = {name for name in found if resources[name]["Type"] == logs.FUNCTION}
    assert {"APIHandler", "Poll", "Night"} <= functions
    for name in functions:
        told = resources[name]["Properties"]["LoggingConfig"]["LogGroup"]
        group = resources[told["Ref"]]["Properties"]
        assert group["RetentionInDays"] == {"Ref": logs.DAYS}
        # Below the name that each function's policy lets it write to.
        assert group["LogGroupName"]["Fn::Sub"][0] == f"/aws/lambda/${{Prefix}}-{name}"
    of_the_gateway = resources["GatewayLogs"]["Properties"]["RetentionInDays"]
    assert of_the_gateway == {"Ref": logs.GATEWAY_DAYS}


def test_a_function_that_is_added_has_its_group_without_anybody_naming_it():
    added = {"Resources": {"New": {"Type": logs.FUNCTION, "Properties": {}}}}
    logs.finish(added)
    assert added["Resources"]["New"]["Properties"] == {
        "LoggingConfig": {"LogGroup": {"Ref": "NewLogs"}}
    }
    assert added["Resources"]["NewLogs"]["Type"] == "AWS::Logs::LogGroup"


@pytest.mark.parametrize("stage", STAGES)
def test_no_group_of_lines_is_kept_for_ever(stage: str):
    told = packaged(stage)
    assert told["Parameters"][logs.DAYS]["Default"] == 7
    assert told["Parameters"][logs.GATEWAY_DAYS]["Default"] == 3
    groups = [each for each in told["Resources"].values() if each["Type"] == "AWS::Logs::LogGroup"]
    assert groups
    assert all("RetentionInDays" in each["Properties"] for each in groups)


@pytest.mark.parametrize("stage", STAGES)
def test_a_host_of_ones_own_is_made_where_one_is_given_and_speaks_the_same_tls(stage: str):
    told = packaged(stage)
    host, leads = told["Resources"]["ApiHost"], told["Resources"]["ApiHostLeads"]
    assert host["Condition"] == leads["Condition"] == gateway.OWN
    assert host["Properties"]["SecurityPolicy"] == gateway.TLS
    assert host["Properties"]["EndpointConfiguration"] == {"Types": ["REGIONAL"]}
    assert leads["Properties"]["RestApiId"] == {"Ref": gateway.API}
    assert "BasePath" not in leads["Properties"], "a path of its own would be in every address"
    for name in (gateway.DOMAIN, gateway.CERTIFICATE):
        assert told["Parameters"][name]["Default"] == ""
        given = {"Fn::Not": [{"Fn::Equals": [{"Ref": name}, ""]}]}
        assert given in told["Conditions"][gateway.OWN]["Fn::And"]
