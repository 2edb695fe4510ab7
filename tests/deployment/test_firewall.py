"""The firewall that a stage may have, in the template that deploys."""

from __future__ import annotations

import re
from typing import Any

import pytest

from deployment import firewall
from tests.deployment.test_template import packaged

STAGES = ("dev", "prod")


def rules(stage: str = "prod") -> dict[str, dict[str, Any]]:
    told = packaged(stage)["Resources"]["ApiFirewall"]["Properties"]
    return {each["Name"]: each for each in told["Rules"]}


def scope(rule: dict[str, Any]) -> dict[str, Any]:
    (statement,) = rule["Statement"].values()
    return dict(statement["ScopeDownStatement"])


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_has_a_firewall_only_where_somebody_wants_one(stage: str):
    told = packaged(stage)
    assert told["Parameters"][firewall.PARAMETER]["Default"] == "false"
    for name in ("ApiFirewall", "ApiFirewallStands"):
        assert told["Resources"][name]["Condition"] == firewall.CONDITION
    condition = told["Conditions"][firewall.CONDITION]
    assert condition == {"Fn::Equals": [{"Ref": firewall.PARAMETER}, "true"]}


@pytest.mark.parametrize("stage", STAGES)
def test_it_stands_before_the_stage_of_the_api(stage: str):
    told = packaged(stage)["Resources"]
    stands = told["ApiFirewallStands"]["Properties"]
    assert stands["WebACLArn"] == {"Fn::GetAtt": ["ApiFirewall", "Arn"]}
    assert stands["ResourceArn"]["Fn::Sub"].endswith("/restapis/${RestAPI}/stages/${RestAPI.Stage}")
    assert told["ApiFirewall"]["Properties"]["Scope"] == "REGIONAL"
    assert told["ApiFirewall"]["Properties"]["DefaultAction"] == {"Allow": {}}


@pytest.mark.parametrize("stage", STAGES)
def test_one_address_is_bounded_and_the_providers_more_widely(stage: str):
    people = rules(stage)["one-address"]
    provider = rules(stage)["one-address-of-webhooks"]
    assert people["Statement"]["RateBasedStatement"]["Limit"] == 5_000
    assert provider["Statement"]["RateBasedStatement"]["Limit"] == 10_000
    assert scope(people) == {"NotStatement": {"Statement": scope(provider)}}
    assert people["Action"] == provider["Action"] == {"Block": {}}


@pytest.mark.parametrize("stage", STAGES)
def test_the_usual_attacks_are_stopped_but_no_webhook_and_nothing_for_its_size(stage: str):
    rule = rules(stage)["usual-attacks"]
    told = rule["Statement"]["ManagedRuleGroupStatement"]
    assert (told["VendorName"], told["Name"]) == ("AWS", "AWSManagedRulesCommonRuleSet")
    assert rule["OverrideAction"] == {"None": {}}
    size = {"Name": "SizeRestrictions_BODY", "ActionToUse": {"Count": {}}}
    assert told["RuleActionOverrides"] == [size]
    assert scope(rule) == {
        "NotStatement": {"Statement": scope(rules(stage)["one-address-of-webhooks"])}
    }


@pytest.mark.parametrize("stage", STAGES)
def test_what_it_takes_for_a_webhook_is_the_way_of_webhooks_and_no_other(stage: str):
    """Somebody who could make another path look like it would go round the rules."""
    told = scope(rules(stage)["one-address-of-webhooks"])["RegexMatchStatement"]
    assert told["FieldToMatch"] == {"UriPath": {}}
    assert told["TextTransformations"] == [{"Priority": 0, "Type": "NONE"}]
    pattern = re.compile(told["RegexString"])
    routes = packaged(stage)["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["paths"]
    for route in routes:
        path = route.replace("{event_name}", "NppPaymentStatus").replace("{", "").replace("}", "")
        for asked in (path, f"/{stage}{path}"):
            assert bool(pattern.search(asked)) is path.startswith("/webhooks/"), asked
    for dodge in ("/prod/payouts/webhooks/monoova", "/prod/payouts?/webhooks/monoova",
                  "/prod/webhooks/monoova/../../payouts", "/a/b/webhooks/monoova"):  # fmt: skip
        assert not pattern.search(dodge)


@pytest.mark.parametrize("stage", STAGES)
def test_no_request_is_kept_as_a_sample_for_its_token_would_be_too(stage: str):
    told = packaged(stage)["Resources"]["ApiFirewall"]["Properties"]
    seen = [told["VisibilityConfig"], *(each["VisibilityConfig"] for each in told["Rules"])]
    assert not any(each["SampledRequestsEnabled"] for each in seen)
    assert all(each["CloudWatchMetricsEnabled"] for each in seen)
