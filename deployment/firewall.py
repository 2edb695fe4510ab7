"""A firewall before the API, for whoever wants to pay for one: `Firewall=true`.

It counts by address and knows the usual attacks. It says nothing of a body's size: ours are larger
than what it looks at, and the app has a bound of its own. Webhooks it only counts: what a payee's
bank writes may look like anything, and a notice that is never let in would be missed.
"""

from typing import Any

from deployment.watching import named

Json = dict[str, Any]
PARAMETER, CONDITION = "Firewall", "HasFirewall"
# Within five minutes, by one address. All who come through one edge of CloudFront share theirs.
MOST, MOST_WEBHOOKS = 5_000, 10_000
# With the stage before it, or on a host of one's own without.
WEBHOOK = "^/([a-z]+/)?webhooks/monoova(/[A-Za-z]+)?$"
# Looks at the first kilobytes only, so what is larger is simply refused by it.
NOT_ITS_BUSINESS = "SizeRestrictions_BODY"


def _webhook() -> Json:
    return {"RegexMatchStatement": {
        "RegexString": WEBHOOK, "FieldToMatch": {"UriPath": {}},
        "TextTransformations": [{"Priority": 0, "Type": "NONE"}],
    }}  # fmt: skip


def _seen(name: str) -> Json:
    """Counted; no request is kept as a sample, for it would have its token in it."""
    return {"CloudWatchMetricsEnabled": True, "SampledRequestsEnabled": False, "MetricName": name}


def _many(priority: int, name: str, most: int, of: Json) -> Json:
    statement = {"RateBasedStatement": {
        "AggregateKeyType": "IP", "Limit": most, "EvaluationWindowSec": 300,
        "ScopeDownStatement": of,
    }}  # fmt: skip
    return {
        "Name": name, "Priority": priority, "Action": {"Block": {}}, "Statement": statement,
        "VisibilityConfig": _seen(name),
    }  # fmt: skip


def _usual(priority: int, of: Json) -> Json:
    name = "AWSManagedRulesCommonRuleSet"
    statement = {"ManagedRuleGroupStatement": {
        "VendorName": "AWS", "Name": name, "ScopeDownStatement": of,
        "RuleActionOverrides": [{"Name": NOT_ITS_BUSINESS, "ActionToUse": {"Count": {}}}],
    }}  # fmt: skip
    return {
        "Name": "usual-attacks", "Priority": priority, "OverrideAction": {"None": {}},
        "Statement": statement, "VisibilityConfig": _seen("usual-attacks"),
    }  # fmt: skip


def document() -> Json:
    """The firewall, and that it stands before the API's stage."""
    people: Json = {"NotStatement": {"Statement": _webhook()}}
    firewall = {
        "Name": named("firewall"), "Scope": "REGIONAL", "DefaultAction": {"Allow": {}},
        "Rules": [
            _many(0, "one-address", MOST, people),
            _many(1, "one-address-of-webhooks", MOST_WEBHOOKS, _webhook()),
            _usual(2, people),
        ],
        "VisibilityConfig": _seen("firewall"),
    }  # fmt: skip
    stage = "arn:${AWS::Partition}:apigateway:${AWS::Region}::/restapis/${RestAPI}/stages/"
    before = {
        "WebACLArn": {"Fn::GetAtt": ["ApiFirewall", "Arn"]},
        "ResourceArn": {"Fn::Sub": stage + "${RestAPI.Stage}"},
    }
    parameter = {
        "Type": "String", "Default": "false", "AllowedValues": ["true", "false"],
        "Description": "Whether a firewall stands before the API; some ten dollars a month.",
    }  # fmt: skip
    own = {"Condition": CONDITION}
    return {
        "Parameters": {PARAMETER: parameter},
        "Conditions": {CONDITION: {"Fn::Equals": [{"Ref": PARAMETER}, "true"]}},
        "Resources": {
            "ApiFirewall": {"Type": "AWS::WAFv2::WebACL", **own, "Properties": firewall},
            "ApiFirewallStands": {
                "Type": "AWS::WAFv2::WebACLAssociation", **own, "Properties": before,
            },
        },
    }  # fmt: skip
