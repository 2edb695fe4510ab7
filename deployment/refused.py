"""What API Gateway answers by itself: each kind of its refusals as a problem of ours.

Every kind is here with its status, so that the two answers for all others change none of them. The
words are those of the gateway on a laptop (`local/refusals.py`). A page of another origin may read
them where the app may be asked from it. API Gateway puts in what it knows, and computes nothing:
the moment is in the form of its lines of log, and of several origins the first is named.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from chalicelib.api.cors import EXPOSED
from local.refusals import DOUBT, Refusal, headers, no_answer, no_such_route, unauthorized

Json = dict[str, Any]
# Whether pages of another origin may ask at all.
ELSEWHERE = "PagesOfAnotherOrigin"
_NOT_UNDERSTOOD = Refusal(HTTPStatus.BAD_REQUEST, "bad_request", "The request is none.")
_NOT_ALLOWED = Refusal(HTTPStatus.FORBIDDEN, "forbidden", "This is not allowed.")
_TOO_FAST = Refusal(
    HTTPStatus.TOO_MANY_REQUESTS, "rate_limited",
    "Too many requests. Nothing was done: send the same again.",
)  # fmt: skip
_DEFECT = Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "internal_error", f"A defect of ours. {DOUBT}")

REFUSED: Mapping[str, Refusal] = {
    "UNAUTHORIZED": unauthorized("An ID token is needed in the Authorization header."),
    "EXPIRED_TOKEN": unauthorized("The token has expired."),
    # A path that no route has; with an Authorization header it is taken for a signature of AWS's.
    "MISSING_AUTHENTICATION_TOKEN": no_such_route(),
    "INVALID_SIGNATURE": no_such_route(),
    "RESOURCE_NOT_FOUND": no_such_route(),
    "ACCESS_DENIED": _NOT_ALLOWED,
    "INVALID_API_KEY": _NOT_ALLOWED,
    "WAF_FILTERED": Refusal(HTTPStatus.FORBIDDEN, "filtered", "The firewall does not let this in."),
    "THROTTLED": _TOO_FAST,
    "QUOTA_EXCEEDED": _TOO_FAST,
    "REQUEST_TOO_LARGE": Refusal(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "body_too_large", "The request is too large."
    ),
    "UNSUPPORTED_MEDIA_TYPE": Refusal(
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type",
        "The body must be sent with Content-Type: application/json.",
    ),
    "BAD_REQUEST_BODY": _NOT_UNDERSTOOD,
    "BAD_REQUEST_PARAMETERS": _NOT_UNDERSTOOD,
    "DEFAULT_4XX": _NOT_UNDERSTOOD,
    "INTEGRATION_FAILURE": no_answer(),
    "INTEGRATION_TIMEOUT": Refusal(
        HTTPStatus.GATEWAY_TIMEOUT, "timed_out", f"The app took too long to answer. {DOUBT}"
    ),
    "API_CONFIGURATION_ERROR": _DEFECT,
    "AUTHORIZER_CONFIGURATION_ERROR": _DEFECT,
    "AUTHORIZER_FAILURE": _DEFECT,
    "DEFAULT_5XX": _DEFECT,
}  # fmt: skip


def condition() -> Json:
    """Whether any origin is allowed beside the app's own."""
    return {"Fn::Not": [{"Fn::Equals": [{"Ref": "CorsOrigins"}, ""]}]}


def responses() -> Json:
    """All of them, as an API's definition names them."""
    return {kind: _response(refusal) for kind, refusal in REFUSED.items()}


def _response(refusal: Refusal) -> Json:
    said = json.dumps(refusal.problem("$context.requestId", "$context.requestTime"))
    return {
        "statusCode": int(refusal.status),
        "responseParameters": _headers(refusal.status),
        "responseTemplates": {"application/json": said},
    }


def _headers(status: HTTPStatus) -> Json:
    told = {"Vary": "Origin", **headers(status)}
    # A value stands in quotes, so what has quotes in it is none: a policy that allows nothing has.
    plain = {_named(name): f"'{value}'" for name, value in told.items() if "'" not in value}
    origin = {"Fn::Select": [0, {"Fn::Split": [",", {"Ref": "CorsOrigins"}]}]}
    read = {
        _named("Access-Control-Allow-Origin"): {"Fn::Sub": ["'${Origin}'", {"Origin": origin}]},
        _named("Access-Control-Expose-Headers"): f"'{EXPOSED}'",
    }
    return {"Fn::If": [ELSEWHERE, plain | read, plain]}


def _named(header: str) -> str:
    return f"gatewayresponse.header.{header}"
