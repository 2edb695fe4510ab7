"""API Gateway as it deploys: how much it lets through, what it writes down, what it refuses.

Made from the paths of the API that Chalice made of our routes, so that nothing here is of a route
that is gone. What a request has to say is the app's to judge, for it tells all that is wrong at
once: the gateway asks for a route and for a token, and for nothing else (docs/decisions.md).
"""

import json
from collections.abc import Iterator
from typing import Any

from deployment import logs, refused
from deployment.webhooks import BELOW

Json = dict[str, Any]
API = "RestAPI"
DOMAIN, CERTIFICATE, OWN = "ApiDomain", "ApiCertificateArn", "ApiHasItsOwnHost"
# Requests a second, and at once: of each method of each path.
RATE, BURST = 100, 200
# One address that anybody may call. Whoever is turned away there is the provider, who tries once
# more after half a minute; then the gap is found and the notice sent for again.
WEBHOOK_RATE, WEBHOOK_BURST = 50, 100
# TLS 1.2 and 1.3. The older word TLS_1_2 is for hosts of one's own only.
TLS = "SecurityPolicy_TLS13_1_2_2021_06"
# A line for each request: no address, no query and no path with ids, but the route. Who asked is
# the pool's word for them, which says nothing of the person.
LINE = {
    "at": "$context.requestTime",
    "request_id": "$context.requestId",
    "trace_id": "$context.xrayTraceId",
    "method": "$context.httpMethod",
    "route": "$context.resourcePath",
    "status": "$context.status",
    "refused": "$context.error.responseType",
    "ms": "$context.responseLatency",
    "bytes": "$context.responseLength",
    "app_status": "$context.integration.status",
    "app_ms": "$context.integration.latency",
    "app_error": "$context.integration.error",
    "principal": "$context.authorizer.claims.sub",
    "firewall": "$context.waf.status",
    "tls": "$context.tlsVersion",
}


def document() -> Json:
    """What it needs beside itself: where its lines go, and the right to write them there.

    That right is one of the account's and region's, whatever stages live there; so it stays when
    a stack goes.
    """
    stays = {"DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain"}
    role = {
        "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": "sts:AssumeRole",
            "Principal": {"Service": "apigateway.amazonaws.com"},
        }]},
        "ManagedPolicyArns": [{
            "Fn::Sub": "arn:${AWS::Partition}:iam::aws:policy/service-role/"
            "AmazonAPIGatewayPushToCloudWatchLogs"
        }],
    }  # fmt: skip
    account = {"CloudWatchRoleArn": {"Fn::GetAtt": ["GatewayRole", "Arn"]}}
    return {
        "Parameters": {
            DOMAIN: _text("A host of one's own for the API, without a path. Empty: the gateway's."),
            CERTIFICATE: _text("Its certificate, of ACM in the stage's region."),
        },
        "Conditions": {refused.ELSEWHERE: refused.condition(), OWN: _given(DOMAIN, CERTIFICATE)},
        "Resources": _host() | {
            "GatewayLogs": logs.group("/aws/apigateway/${Prefix}", logs.GATEWAY_DAYS),
            "GatewayRole": {"Type": "AWS::IAM::Role", **stays, "Properties": role},
            "GatewayAccount": {"Type": "AWS::ApiGateway::Account", **stays, "Properties": account},
        },
        "Outputs": {
            "ApiHostPointsTo": {
                "Condition": OWN, "Value": {"Fn::GetAtt": ["ApiHost", "RegionalDomainName"]},
            },
        },
    }  # fmt: skip


def _text(what: str) -> Json:
    return {"Type": "String", "Default": "", "Description": what}


def _given(*parameters: str) -> Json:
    return {"Fn::And": [{"Fn::Not": [{"Fn::Equals": [{"Ref": each}, ""]}]} for each in parameters]}


def _host() -> Json:
    """A host of one's own: the address that the provider is told outlives the API behind it."""
    host = {
        "DomainName": {"Ref": DOMAIN}, "RegionalCertificateArn": {"Ref": CERTIFICATE},
        "EndpointConfiguration": {"Types": ["REGIONAL"]},
        "SecurityPolicy": TLS, "EndpointAccessMode": "STRICT",
    }  # fmt: skip
    leads = {
        "DomainName": {"Ref": "ApiHost"}, "RestApiId": {"Ref": API},
        "Stage": {"Ref": f"{API}.Stage"},
    }  # fmt: skip
    return {
        "ApiHost": {"Type": "AWS::ApiGateway::DomainName", "Condition": OWN, "Properties": host},
        "ApiHostLeads": {
            "Type": "AWS::ApiGateway::BasePathMapping", "Condition": OWN, "Properties": leads,
        },
    }  # fmt: skip


def finish(template: Json) -> None:
    """Set up the API of a template."""
    api = template["Resources"][API]
    api["DependsOn"] = "GatewayAccount"
    body = api["Properties"]["DefinitionBody"]
    body["x-amazon-apigateway-gateway-responses"] = refused.responses()
    lines = {
        "DestinationArn": {"Fn::GetAtt": ["GatewayLogs", "Arn"]}, "Format": json.dumps(LINE),
    }  # fmt: skip
    api["Properties"] |= {
        "AccessLogSetting": lines,
        "MethodSettings": list(_settings(body["paths"])),
        "TracingEnabled": True,
        "SecurityPolicy": TLS,
        "EndpointAccessMode": "STRICT",
    }


def _settings(paths: Json) -> Iterator[Json]:
    yield _bounded("/*", "*", RATE, BURST)
    for path in sorted(paths):
        if path.startswith(BELOW):
            named = "/" + path.replace("/", "~1")
            yield _bounded(named, "POST", WEBHOOK_RATE, WEBHOOK_BURST)


def _bounded(path: str, method: str, rate: int, burst: int) -> Json:
    """Bounds of a method; what it was sent and what it answered is never written down."""
    return {
        "ResourcePath": path, "HttpMethod": method,
        "ThrottlingRateLimit": rate, "ThrottlingBurstLimit": burst,
        "DataTraceEnabled": False, "LoggingLevel": "OFF",
    }  # fmt: skip
