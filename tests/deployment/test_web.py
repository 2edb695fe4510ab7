"""The console's bucket and the distribution before it and the API, in the template that deploys."""

from __future__ import annotations

import json
from typing import Any

import pytest
from py_mini_racer import MiniRacer

from chalicelib.api.answers import GUARDED
from deployment import logs, web
from tests.deployment.test_template import packaged

STAGES = ("dev", "prod")
SERVED = {
    "WebBucket", "WebBucketPolicy", "WebLinesBucket", "WebLinesBucketPolicy", "WebAccess",
    "ConsoleHeaders", "ApiHeaders", "ConsoleAtTheEdge", "ApiAtTheEdge", "Web",
}  # fmt: skip


def said_of(name: str, stage: str = "prod") -> dict[str, Any]:
    return dict(packaged(stage)["Resources"][name]["Properties"])


def distribution(stage: str = "prod") -> dict[str, Any]:
    return dict(said_of("Web", stage)["DistributionConfig"])


def behaviours(stage: str = "prod") -> tuple[dict[str, Any], dict[str, Any]]:
    told = distribution(stage)
    (api,) = told["CacheBehaviors"]
    return told["DefaultCacheBehavior"], api


def origin(name: str, stage: str = "prod") -> dict[str, Any]:
    (found,) = [each for each in distribution(stage)["Origins"] if each["Id"] == name]
    return dict(found)


def security(name: str) -> dict[str, Any]:
    return dict(said_of(name)["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"])


def at_the_edge(function: str, uri: str) -> str:
    """Where a function of the template sends a path; its own code, run by V8."""
    event = json.dumps({"request": {"method": "GET", "uri": uri, "querystring": {}}})
    code = f"{said_of(function)['FunctionCode']};handler({event}).uri"
    return str(MiniRacer().eval(code))


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("bucket", ["WebBucket", "WebLinesBucket"])
def test_the_buckets_are_private_sealed_and_asked_over_tls_only(stage: str, bucket: str):
    told = said_of(bucket, stage)
    blocked = told["PublicAccessBlockConfiguration"]
    assert set(blocked.values()) == {True}
    assert len(blocked) == 4
    assert told["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    policy = said_of(f"{bucket}Policy", stage)["PolicyDocument"]["Statement"]
    (tls,) = [each for each in policy if each["Effect"] == "Deny"]
    assert tls["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert (tls["Principal"], tls["Action"]) == ("*", "s3:*")


@pytest.mark.parametrize("stage", STAGES)
def test_nobody_but_this_distribution_reads_the_console_and_nobody_writes_by_it(stage: str):
    policy = said_of("WebBucketPolicy", stage)["PolicyDocument"]["Statement"]
    (allowed,) = [each for each in policy if each["Effect"] == "Allow"]
    assert allowed["Action"] == "s3:GetObject"
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    source = allowed["Condition"]["StringEquals"]["AWS:SourceArn"]["Fn::Sub"]
    assert source.endswith(":distribution/${Web}")
    console = origin("console", stage)
    assert console["OriginAccessControlId"] == {"Fn::GetAtt": ["WebAccess", "Id"]}
    signs = said_of("WebAccess", stage)["OriginAccessControlConfig"]
    assert (signs["SigningBehavior"], signs["SigningProtocol"]) == ("always", "sigv4")
    assert said_of("WebBucket", stage)["OwnershipControls"] == {
        "Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]
    }


@pytest.mark.parametrize("stage", STAGES)
def test_a_host_of_ones_own_speaks_tls_1_2_and_newer_with_its_certificate(stage: str):
    condition, own, usual = distribution(stage)["ViewerCertificate"]["Fn::If"]
    assert condition == web.CERTIFIED
    assert own["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert own["AcmCertificateArn"] == {"Ref": web.CERTIFICATE}
    assert usual == {"CloudFrontDefaultCertificate": True}
    assert distribution(stage)["Aliases"]["Fn::If"][:2] == [web.CERTIFIED, [{"Ref": web.DOMAIN}]]


def test_on_prod_nothing_is_served_before_there_is_a_certificate():
    told = packaged("prod")
    assert told["Conditions"][web.SERVED] == {"Fn::Or": [
        {"Condition": web.CERTIFIED}, {"Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "prod"]}]},
    ]}  # fmt: skip
    assert told["Conditions"][web.CERTIFIED] == {"Fn::And": [
        {"Fn::Not": [{"Fn::Equals": [{"Ref": "WebDomain"}, ""]}]},
        {"Fn::Not": [{"Fn::Equals": [{"Ref": "WebCertificateArn"}, ""]}]},
    ]}  # fmt: skip
    for part in ("Resources", "Outputs"):
        for name, each in told[part].items():
            assert (each.get("Condition") == web.SERVED) is (
                name in SERVED or name in {"WebAddress", "WebBucketName", "WebDistributionId"}
            ), name


@pytest.mark.parametrize("stage", STAGES)
def test_the_api_is_behind_it_over_tls_with_its_token_and_nothing_is_kept(stage: str):
    _, api = behaviours(stage)
    assert (api["PathPattern"], api["TargetOriginId"]) == ("/api/*", "api")
    # A redirect would let a token that was sent in the clear seem to have been well.
    assert api["ViewerProtocolPolicy"] == "https-only"
    assert set(api["AllowedMethods"]) >= {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad", "CachingDisabled"
    managed = "b689b0a8-53d0-40ab-baf2-38738e2966ac"
    assert api["OriginRequestPolicyId"] == managed, "AllViewerExceptHostHeader"
    there = origin("api", stage)["CustomOriginConfig"]
    assert there["OriginProtocolPolicy"] == "https-only"
    assert there["OriginSSLProtocols"] == ["TLSv1.2"]
    assert there["OriginReadTimeout"] > 29, "the gateway says that the app was too slow"


@pytest.mark.parametrize("stage", STAGES)
def test_the_api_is_asked_at_the_stage_that_it_has(stage: str):
    there = origin("api", stage)
    assert there["OriginPath"] == {"Fn::Sub": "/${Stage}"}
    assert packaged(stage)["Resources"]["RestAPI"]["Properties"]["StageName"] == stage
    assert there["DomainName"]["Fn::Sub"].startswith("${RestAPI}.execute-api.")


@pytest.mark.parametrize("stage", STAGES)
def test_no_error_of_one_person_is_shown_to_the_next_and_none_becomes_a_page(stage: str):
    """CloudFront keeps errors for ten seconds by itself, whatever else it does not keep."""
    told = distribution(stage)["CustomErrorResponses"]
    assert {each["ErrorCode"] for each in told} == {404, 405, 414, 500, 501, 502, 503, 504}
    assert {each["ErrorCachingMinTTL"] for each in told} == {0}
    assert not [each for each in told if each.keys() & {"ResponseCode", "ResponsePagePath"}]


@pytest.mark.parametrize("stage", STAGES)
def test_the_console_is_only_read_and_comes_over_tls(stage: str):
    console, _ = behaviours(stage)
    assert (console["TargetOriginId"], console["AllowedMethods"]) == ("console", ["GET", "HEAD"])
    assert console["ViewerProtocolPolicy"] == "redirect-to-https"


@pytest.mark.parametrize("which", ["ConsoleHeaders", "ApiHeaders"])
def test_every_answer_tells_the_browser_what_it_may_not(which: str):
    told = security(which)
    assert told["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 63072000
    assert str(web.TWO_YEARS) in GUARDED["Strict-Transport-Security"]
    assert told["ContentTypeOptions"] == {"Override": True}
    assert told["FrameOptions"]["FrameOption"] == "DENY"
    assert told["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    config = said_of(which)["ResponseHeadersPolicyConfig"]
    more = {each["Header"]: each["Value"] for each in config["CustomHeadersConfig"]["Items"]}
    assert "camera=()" in more["Permissions-Policy"]
    console, api = behaviours()
    used = console if which == "ConsoleHeaders" else api
    assert used["ResponseHeadersPolicyId"] == {"Ref": which}


def test_the_console_may_run_its_own_scripts_ask_cognito_and_be_framed_by_nobody():
    told = security("ConsoleHeaders")["ContentSecurityPolicy"]
    assert told["Override"] is True
    rules = dict(
        each.split(" ", 1) for each in told["ContentSecurityPolicy"]["Fn::Sub"].split("; ")
    )
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    cognito = "https://cognito-idp.${AWS::Region}.amazonaws.com"
    assert rules["connect-src"] == f"'self' {cognito}"
    assert "unsafe" not in told["ContentSecurityPolicy"]["Fn::Sub"]


def test_what_the_api_says_of_its_own_pages_stands():
    told = security("ApiHeaders")["ContentSecurityPolicy"]
    assert told["Override"] is False
    assert told["ContentSecurityPolicy"] == GUARDED["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("/", "/index.html"), ("/payouts", "/index.html"), ("/payouts/42", "/index.html"),
        ("/payouts/", "/index.html"), ("/a.b/c", "/index.html"),
        ("/index.html", "/index.html"), ("/assets/app.4f2a.js", "/assets/app.4f2a.js"),
        ("/favicon.ico", "/favicon.ico"),
    ],
)  # fmt: skip
def test_a_place_within_the_console_is_its_one_page_and_a_file_is_itself(asked: str, found: str):
    assert at_the_edge("ConsoleAtTheEdge", asked) == found
    console, _ = behaviours()
    function = {"Fn::GetAtt": ["ConsoleAtTheEdge", "FunctionARN"]}
    assert console["FunctionAssociations"] == [
        {"EventType": "viewer-request", "FunctionARN": function}
    ]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("/api/payouts", "/payouts"), ("/api/", "/"), ("/api/api/x", "/api/x"),
        ("/api/payouts/a%2Fb", "/payouts/a%2Fb"),
    ],
)  # fmt: skip
def test_the_api_is_asked_without_the_path_that_it_has_here(asked: str, found: str):
    assert at_the_edge("ApiAtTheEdge", asked) == found
    _, api = behaviours()
    function = {"Fn::GetAtt": ["ApiAtTheEdge", "FunctionARN"]}
    assert api["FunctionAssociations"] == [{"EventType": "viewer-request", "FunctionARN": function}]


@pytest.mark.parametrize("stage", STAGES)
def test_who_asked_the_distribution_is_written_down_for_days_and_without_cookies(stage: str):
    lines = distribution(stage)["Logging"]
    assert lines["Bucket"] == {"Fn::GetAtt": ["WebLinesBucket", "DomainName"]}
    assert lines["IncludeCookies"] is False
    told = said_of("WebLinesBucket", stage)
    (rule,) = told["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] == {"Ref": logs.GATEWAY_DAYS}
    assert "VersioningConfiguration" not in told, "a version that is gone would stay"
    # CloudFront writes by a list, which an owner who takes none refuses.
    assert told["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerPreferred"}]}


@pytest.mark.parametrize("stage", STAGES)
def test_one_origin_needs_no_other_to_be_allowed(stage: str):
    assert packaged(stage)["Parameters"]["CorsOrigins"]["Default"] == ""
