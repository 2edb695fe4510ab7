"""Where the console will lie, and the API behind it: one origin for both, so neither asks another.

A private bucket that only the distribution reads, and the API below `/api/`, of which nothing is
kept on the way. Without a certificate of one's own CloudFront speaks TLS 1.0 as well, so on `prod`
there is none of it before there is one. What the console is, is no business of this module.
"""

from pathlib import Path
from typing import Any

from chalicelib.api.answers import GUARDED
from deployment import logs
from deployment.watching import STAYS, named

Json = dict[str, Any]
DOMAIN, CERTIFICATE = "WebDomain", "WebCertificateArn"
CERTIFIED, SERVED = "WebIsCertified", "WebIsServed"
BELOW = "/api/*"
EDGE = Path(__file__).resolve().parent / "edge"
# Policies of Amazon's own, the same in every account.
OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
NEVER_KEPT = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-38738e2966ac"
# CloudFront keeps these for ten seconds by itself, for whoever asks next.
KEPT_ERRORS = (404, 405, 414, 500, 501, 502, 503, 504)
# A console of one page, which asks its own origin and Cognito and is in nobody's frame.
CONTENT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; manifest-src 'self'; "
    "connect-src 'self' https://cognito-idp.${AWS::Region}.amazonaws.com; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
TWO_YEARS = 63072000
NOT_NEEDED = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


def _own(kind: str, properties: Json, **more: Any) -> Json:  # noqa: ANN401 (any JSON)
    return {"Type": kind, "Condition": SERVED, **more, "Properties": properties}


def _attribute(of: str, name: str) -> Json:
    return {"Fn::GetAtt": [of, name]}


def _bucket(name: str, owner: str, days: Any, **more: Any) -> Json:  # noqa: ANN401 (any JSON)
    """A bucket that nobody reads from outside; `days` is how long what is over is kept."""
    told = {
        "BucketName": named(f"{name}-${{AWS::AccountId}}-${{AWS::Region}}"),
        "PublicAccessBlockConfiguration": dict.fromkeys(
            ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"),
            True,
        ),
        "OwnershipControls": {"Rules": [{"ObjectOwnership": owner}]},
        "BucketEncryption": {"ServerSideEncryptionConfiguration": [
            {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
        ]},
        "LifecycleConfiguration": {"Rules": [
            {"Id": "NotForEver", "Status": "Enabled", **days,
             "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 1}},
        ]},
        **more,
    }  # fmt: skip
    return _own("AWS::S3::Bucket", told, **STAYS)


def _policy(bucket: str, *statements: Json) -> Json:
    every = {"Fn::Sub": f"${{{bucket}.Arn}}/*"}
    tls = {
        "Sid": "OnlyOverTls", "Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "Resource": [_attribute(bucket, "Arn"), every],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }  # fmt: skip
    document = {"Version": "2012-10-17", "Statement": [tls, *statements]}
    told = {"Bucket": {"Ref": bucket}, "PolicyDocument": document}
    return _own("AWS::S3::BucketPolicy", told, **STAYS)


def _reads() -> Json:
    distribution = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Web}"
    return {
        "Sid": "TheDistributionReads", "Effect": "Allow", "Action": "s3:GetObject",
        "Principal": {"Service": "cloudfront.amazonaws.com"},
        "Resource": {"Fn::Sub": "${WebBucket.Arn}/*"},
        "Condition": {"StringEquals": {"AWS:SourceArn": {"Fn::Sub": distribution}}},
    }  # fmt: skip


def _headers(name: str, content: Any, *, over: bool) -> Json:  # noqa: ANN401 (a text, or made)
    """What a browser is told with every answer; `over` what the origin says of its content."""
    security = {
        "ContentSecurityPolicy": {"ContentSecurityPolicy": content, "Override": over},
        "ContentTypeOptions": {"Override": True},
        "FrameOptions": {"FrameOption": "DENY", "Override": True},
        "ReferrerPolicy": {"ReferrerPolicy": "no-referrer", "Override": True},
        "StrictTransportSecurity": {
            "AccessControlMaxAgeSec": TWO_YEARS, "IncludeSubdomains": True, "Override": True,
        },
    }  # fmt: skip
    more = [
        {"Header": "Permissions-Policy", "Value": NOT_NEEDED, "Override": True},
        {"Header": "Cross-Origin-Opener-Policy", "Value": "same-origin", "Override": True},
    ]
    told = {
        "Name": named(name), "SecurityHeadersConfig": security,
        "CustomHeadersConfig": {"Items": more},
    }  # fmt: skip
    return _own("AWS::CloudFront::ResponseHeadersPolicy", {"ResponseHeadersPolicyConfig": told})


def _function(name: str, what: str) -> Json:
    told = {
        "Name": named(name), "AutoPublish": True,
        "FunctionCode": (EDGE / f"{name}.js").read_text("utf-8"),
        "FunctionConfig": {"Comment": what, "Runtime": "cloudfront-js-2.0"},
    }  # fmt: skip
    return _own("AWS::CloudFront::Function", told)


def _origins() -> list[Json]:
    console = {
        "Id": "console", "DomainName": _attribute("WebBucket", "RegionalDomainName"),
        "OriginAccessControlId": _attribute("WebAccess", "Id"),
        "S3OriginConfig": {"OriginAccessIdentity": ""},
    }  # fmt: skip
    host = "${RestAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}"
    api = {
        "Id": "api", "DomainName": {"Fn::Sub": host}, "OriginPath": {"Fn::Sub": "/${Stage}"},
        "CustomOriginConfig": {
            "OriginProtocolPolicy": "https-only", "OriginSSLProtocols": ["TLSv1.2"],
            # Longer than the gateway waits for the app: it is the gateway that says so.
            "OriginReadTimeout": 30,
        },
    }  # fmt: skip
    return [console, api]


def _behaviour(origin: str, function: str, headers: str, **more: Any) -> Json:  # noqa: ANN401
    at_the_edge = {
        "EventType": "viewer-request",
        "FunctionARN": _attribute(function, "FunctionARN"),
    }
    return {
        "TargetOriginId": origin, "FunctionAssociations": [at_the_edge],
        "ResponseHeadersPolicyId": {"Ref": headers}, **more,
    }  # fmt: skip


def _console() -> Json:
    return _behaviour(
        "console", "ConsoleAtTheEdge", "ConsoleHeaders",
        ViewerProtocolPolicy="redirect-to-https", AllowedMethods=["GET", "HEAD"], Compress=True,
        CachePolicyId=OPTIMIZED,
    )  # fmt: skip


def _api() -> Json:
    """Over plain HTTP it is not there: a token that came so must not seem to have been well."""
    return _behaviour(
        "api", "ApiAtTheEdge", "ApiHeaders", PathPattern=BELOW, ViewerProtocolPolicy="https-only",
        AllowedMethods=["GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"],
        CachePolicyId=NEVER_KEPT, OriginRequestPolicyId=ALL_BUT_HOST,
    )  # fmt: skip


def _distribution() -> Json:
    certificate = {
        "AcmCertificateArn": {"Ref": CERTIFICATE}, "SslSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }  # fmt: skip
    told = {
        "Enabled": True, "Comment": "Console and API", "HttpVersion": "http2and3",
        "IPV6Enabled": True, "DefaultRootObject": "index.html",
        # Of the cheaper classes none is in Australia.
        "PriceClass": "PriceClass_All",
        "Aliases": {"Fn::If": [CERTIFIED, [{"Ref": DOMAIN}], {"Ref": "AWS::NoValue"}]},
        "ViewerCertificate": {
            "Fn::If": [CERTIFIED, certificate, {"CloudFrontDefaultCertificate": True}]
        },
        "Origins": _origins(), "DefaultCacheBehavior": _console(), "CacheBehaviors": [_api()],
        "CustomErrorResponses": [
            {"ErrorCode": status, "ErrorCachingMinTTL": 0} for status in KEPT_ERRORS
        ],
        "Logging": {
            "Bucket": _attribute("WebLinesBucket", "DomainName"), "IncludeCookies": False,
        },
    }  # fmt: skip
    return _own("AWS::CloudFront::Distribution", {"DistributionConfig": told})


def _access() -> Json:
    told = {
        "Name": named("web"), "OriginAccessControlOriginType": "s3", "SigningBehavior": "always",
        "SigningProtocol": "sigv4",
    }  # fmt: skip
    return _own("AWS::CloudFront::OriginAccessControl", {"OriginAccessControlConfig": told})


def _conditions() -> Json:
    given = [{"Fn::Not": [{"Fn::Equals": [{"Ref": each}, ""]}]} for each in (DOMAIN, CERTIFICATE)]
    elsewhere = {"Fn::Not": [{"Fn::Equals": [{"Ref": "Stage"}, "prod"]}]}
    return {
        CERTIFIED: {"Fn::And": given},
        SERVED: {"Fn::Or": [{"Condition": CERTIFIED}, elsewhere]},
    }


def _parameter(what: str) -> Json:
    return {"Type": "String", "Default": "", "Description": what}


def document() -> Json:
    """All of it."""
    resources = {
        "WebBucket": _bucket(
            "web", "BucketOwnerEnforced", {"NoncurrentVersionExpiration": {"NoncurrentDays": 30}},
            VersioningConfiguration={"Status": "Enabled"},
        ),
        "WebBucketPolicy": _policy("WebBucket", _reads()),
        # CloudFront writes its lines as another account: by a list, which this owner has to take.
        "WebLinesBucket": _bucket(
            "web-lines", "BucketOwnerPreferred", {"ExpirationInDays": {"Ref": logs.GATEWAY_DAYS}}
        ),
        "WebLinesBucketPolicy": _policy("WebLinesBucket"),
        "WebAccess": _access(),
        "ConsoleHeaders": _headers("console", {"Fn::Sub": CONTENT}, over=True),
        "ApiHeaders": _headers("api", GUARDED["Content-Security-Policy"], over=False),
        "ConsoleAtTheEdge": _function("console", "Whatever names no file is the one page."),
        "ApiAtTheEdge": _function("api", "The API is asked without the path that it has here."),
        "Web": _distribution(),
    }  # fmt: skip
    parameters = {
        DOMAIN: _parameter("The host of the console. Empty: CloudFront's own, and none on prod."),
        CERTIFICATE: _parameter("Its certificate, of ACM in us-east-1."),
    }
    outputs = {
        "WebAddress": {"Condition": SERVED, "Value": _attribute("Web", "DomainName")},
        "WebBucketName": {"Condition": SERVED, "Value": {"Ref": "WebBucket"}},
        "WebDistributionId": {"Condition": SERVED, "Value": {"Ref": "Web"}},
    }
    return {
        "Parameters": parameters, "Conditions": _conditions(), "Resources": resources,
        "Outputs": outputs,
    }  # fmt: skip
