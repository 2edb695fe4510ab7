"""A client at the doors, through Chalice's own: it holds every answer against what is published.

Whatever a test does with it, each answer must have a status that its operation declares, the
declared shape, no float, no plain destination, and the headers that every answer has.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from chalice.local import LocalGatewayAuthorizer, NotAuthorizedError
from chalice.test import Client
from jsonschema import Draft202012Validator, FormatChecker

import app
from chalicelib import wiring
from chalicelib.api import openapi
from tests.api.house import CLIENT_ID, ISSUER, SECRET_ACCOUNT, SECRET_PAY_ID
from tests.fakes.clock import START
from tests.redaction import hearing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from chalicelib.api.operation import Operation
    from tests.api.house import House

KEY = "a key of sixteen characters or more"
PROBLEM = "application/problem+json"
ROLES = ("viewer", "operator", "approver", "admin", "bot")


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body; a number with a fraction is an error."""
        return json.loads(self.text, parse_float=_no_float)

    @property
    def code(self) -> str:
        """The problem's code."""
        return str(self.json["code"])

    @property
    def places(self) -> dict[str, str]:
        """What is wrong, by place."""
        return {each["pointer"]: each["code"] for each in self.json["errors"]}


def _no_float(digits: str) -> NoReturn:
    raise AssertionError(f"a float left: {digits}")


def claims(role: str, who: str = "", *, signed_in: datetime = START) -> dict[str, object]:
    """The claims of somebody with that role, as the gateway passes them on."""
    return {
        "sub": who or f"the-{role}", "aud": CLIENT_ID, "iss": ISSUER, "token_use": "id",
        "cognito:groups": role, "auth_time": str(int(signed_in.timestamp())),
    }  # fmt: skip


class TestAuthorizer(LocalGatewayAuthorizer):
    """Lets in with whatever claims the header holds as JSON; without a header nobody."""

    __test__ = False

    def authorize(self, raw_path: str, lambda_event: Any, lambda_context: Any) -> Any:  # noqa: ARG002 (Chalice's)
        """Put the claims where the gateway puts them."""
        route = self._route_for_event(lambda_event)
        if route is None or route.authorizer is None:
            return lambda_event, lambda_context
        given = lambda_event["headers"].get("authorization")
        if given is None:
            raise NotAuthorizedError({}, b"{}")
        lambda_event["requestContext"]["authorizer"] = json.loads(given)
        return lambda_event, lambda_context


class Api:
    """The app over a house of fakes."""

    def __init__(self, house: House) -> None:
        wiring.use(house)
        self.house = house
        self._http = Client(app.app, project_dir="/nowhere").http
        self._http._local_gateway._authorizer = TestAuthorizer(app.app)

    def get(self, path: str, **given: Any) -> Answer:
        """GET."""
        return self.call("GET", path, **given)

    def post(self, path: str, body: object = None, **given: Any) -> Answer:
        """POST."""
        return self.call("POST", path, body, **given)

    def call(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        role: str = "admin",
        who: str = "",
        key: str | None = None,
        raw: bytes | None = None,
        content_type: str | None = "application/json",
        headers: Mapping[str, str] | None = None,
        context: object = None,
    ) -> Answer:
        """Ask, as somebody with a role (nobody's where it is empty), and check the answer."""
        sent = {name.lower(): value for name, value in (headers or {}).items()}
        if content_type is not None and (raw is not None or body is not None):
            sent.setdefault("content-type", content_type)
        if key is not None:
            sent["idempotency-key"] = key
        now = self.house.issuer_clock.now()
        told = {"claims": claims(role, who, signed_in=now)} if role else {}
        given = context if context is not None else told
        sent.setdefault("authorization", json.dumps(given))
        content = raw if raw is not None else b"" if body is None else json.dumps(body).encode()
        got = self._http.request(method, path, headers=sent, body=content)
        answer = Answer(got.status_code, dict(got.headers), got.body.decode())
        hearing.problem(answer.status, answer.text)
        operation = operation_of(method, path)
        if operation is not None:
            check(operation, answer)
        return answer


def operation_of(method: str, path: str) -> Operation | None:
    """The operation that a request of this kind reaches."""
    parts = path.partition("?")[0].rstrip("/").split("/")
    for each in app.door.map:
        names = each.path.split("/")
        fits = len(names) == len(parts) and all(
            name == part or name.startswith("{") for name, part in zip(names, parts, strict=True)
        )
        if each.method == method and fits:
            return each
    return None


def check(operation: Operation, answer: Answer) -> None:
    """Hold an answer against the document."""
    where = f"{operation.method} {operation.path} answered {answer.status}: {answer.text[:500]}"
    assert answer.status in operation.statuses, where
    # The file for the bank says where its payments go, and nothing else does.
    assert operation.name == "download_export" or SECRET_ACCOUNT not in answer.text, where
    assert SECRET_PAY_ID not in answer.text, where
    assert {"X-Request-Id", "Cache-Control", "X-Content-Type-Options"} <= answer.headers.keys()
    if operation.roles is not None and answer.status not in {401, 500}:
        counted = not operation.counts_itself or answer.status == 429
        assert not counted or {"RateLimit", "RateLimit-Policy"} <= answer.headers.keys(), where
    if answer.status == 204:
        assert answer.text == ""
        return
    kind = answer.headers["Content-Type"].partition(";")[0]
    assert kind == (PROBLEM if answer.status >= 400 else operation.media_type.partition(";")[0])
    if not kind.startswith("text/"):
        errors = list(validator(operation, answer.status).iter_errors(answer.json))
        assert not errors, f"{where}\n{errors}"
    if kind == PROBLEM:
        assert answer.json["status"] == answer.status
        assert answer.json["request_id"] == answer.headers["X-Request-Id"]


@cache
def document() -> dict[str, Any]:
    """The published document."""
    return openapi.document(app.door.map)


@cache
def validator(operation: Operation, status: int) -> Draft202012Validator:
    """What holds an answer of a status against its schema."""
    node = document()["paths"][operation.path][operation.method.lower()]["responses"][str(status)]
    (media,) = node["content"].values()
    return validator_of(media["schema"])


def validator_of(schema: dict[str, Any]) -> Draft202012Validator:
    """What holds a value against a schema of the document."""
    whole = {**schema, "components": document()["components"]}
    return Draft202012Validator(whole, format_checker=FormatChecker())


def cents(amount: str) -> int:
    """An amount of an answer in cents."""
    return int(Decimal(amount) * 100)
