"""The gateway and the doors behind it, in this process: a request goes in, an answer comes out.

The local gateway's own code finds the route and asks for a token. Whatever escapes the app is told
as an answer with status 502 and the stack, so that it is found. It sends nothing anywhere.
"""

from __future__ import annotations

import base64
import json
import traceback
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn

from chalice.config import Config
from chalice.local import LocalGatewayException
from jsonschema_rs import Draft202012Validator, ValidationError

import app
from local.gateway import Gateway, Routes
from local.refusals import Refusal, cors_headers, unauthorized
from local.tokens import TokenVerifier
from tests.api.client import PROBLEM, Answer, claims, document
from tests.api.house import ORIGINS
from tests.fuzz.planted import CALLER

if TYPE_CHECKING:
    from chalicelib.api.operation import Operation

ROLES = ("viewer", "operator", "approver", "admin", "bot")
REQUEST_ID = "fuzz-request"
_ROUTES = Routes(app.app.routes)
_OPERATIONS = {(each.method, each.path): each for each in app.door.map}


class Packing(Enum):
    """How a body lies in the event, and whether the event's flag says so."""

    USUAL = "as the gateway does it"
    FLAG_ONLY = "as it is, and said to be Base64"
    BASE64_ONLY = "Base64, and not said to be"
    BASE64 = "Base64, and said to be"
    TEXT = "text, as from a gateway that knows no binary types"


@dataclass(frozen=True)
class Asked:
    """A request as it reaches the gateway."""

    method: str
    target: str
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    packing: Packing = Packing.USUAL

    @property
    def operation(self) -> Operation | None:
        """What it reaches; `None` where the gateway ends it."""
        found = _ROUTES.find(self.target.partition("?")[0])
        return _OPERATIONS.get((self.method, found[0])) if found else None

    @property
    def arriving(self) -> bytes:
        """The body as the app has to understand it."""
        body = self.body or b""
        if self.packing is Packing.BASE64_ONLY:
            return base64.b64encode(body)
        if self.packing is Packing.TEXT:
            return body.decode("utf-8", "replace").encode()
        if self.packing is Packing.FLAG_ONLY:
            return _unpacked(body.decode("utf-8", "replace"))
        return body


def _unpacked(text: str) -> bytes:
    """What a text said to be Base64 stands for: itself, where it is none."""
    try:
        return base64.b64decode(text)
    except ValueError:
        return text.encode()


class Verifier(TokenVerifier):
    """Knows a token for each role, and some for claims that are not those of our pool."""

    def __init__(self) -> None:
        self.known = {f"{CALLER}{role}": claims(role) for role in ROLES} | {
            f"{CALLER}stranger": claims("operator", "somebody-else"),
            f"{CALLER}other-client": {**claims("admin"), "aud": "another"},
            f"{CALLER}access": {**claims("admin"), "token_use": "access"},
            f"{CALLER}nobody": {**claims("admin"), "sub": ""},
            f"{CALLER}no-group": claims("nothing"),
        }

    def claims(self, authorization: str | None) -> dict[str, Any]:
        """The claims behind a token."""
        token = (authorization or "").removeprefix("Bearer ")
        if token not in self.known:
            raise unauthorized("The token is missing, or cannot be believed.")
        return self.known[token]


class _Gateway(Gateway):
    packing = Packing.USUAL

    def _body(self, headers: Any, body: bytes | None) -> dict[str, Any]:
        if self.packing is Packing.USUAL or body is None:
            return super()._body(headers, body)
        packed = self.packing in {Packing.BASE64, Packing.BASE64_ONLY}
        text = base64.b64encode(body).decode() if packed else body.decode("utf-8", "replace")
        flagged = self.packing in {Packing.BASE64, Packing.FLAG_ONLY}
        return {"body": text, "isBase64Encoded": flagged}


class Door:
    """The way in."""

    def __init__(self) -> None:
        config = Config(chalice_stage="local", config_from_disk={"stages": {"local": {}}})
        self._gateway = _Gateway(app.app, config, Verifier(), ",".join(ORIGINS))

    def ask(self, asked: Asked) -> Answer:
        """What is answered."""
        self._gateway.packing = asked.packing
        try:
            told = self._gateway.answer(
                asked.method, asked.target, asked.headers, asked.body, REQUEST_ID
            )
        except Refusal as refusal:
            return _refused(refusal)
        except LocalGatewayException as error:
            return Answer(error.CODE, dict(error.headers), (error.body or b"").decode())
        except Exception:  # noqa: BLE001 (that one gets here is the finding)
            return Answer(502, {}, traceback.format_exc())
        headers = {**told["headers"], **told["multiValueHeaders"]}
        return Answer(told["statusCode"], headers, told["body"] or "")


def _refused(refusal: Refusal) -> Answer:
    headers = cors_headers(None, ",".join(ORIGINS)) | {
        "Content-Type": "application/problem+json", "X-Request-Id": REQUEST_ID,
    }  # fmt: skip
    return Answer(int(refusal.status), headers, refusal.body(REQUEST_ID).decode())


def misfit(asked: Asked, answer: Answer) -> str:
    """Why an answer is not one that the document allows; empty where it is."""
    operation = asked.operation
    headers = {name.lower(): value for name, value in answer.headers.items()}
    if operation is None or (answer.status in {401, 403} and "cache-control" not in headers):
        kind, schema = PROBLEM, "Problem" if answer.status in {401, 403} else None
    elif answer.status not in operation.statuses:
        return f"{operation.name} never declared {answer.status}"
    elif answer.status >= 400:
        kind, schema = PROBLEM, "Problem"
    else:
        kind = operation.media_type.partition(";")[0]
        schema = operation.gives.__name__ if operation.gives else ""
    if schema is None:
        return f"the gateway answered {answer.status}: {answer.text[:300]}"
    if asked.method == "HEAD":
        return ""
    return _misfit(answer, headers, kind, schema, has_body=answer.status != 204)


def _misfit(
    answer: Answer, headers: dict[str, str], kind: str, schema: str, *, has_body: bool
) -> str:
    if not has_body:
        return "a body where there is none" if answer.text else ""
    wrongs = {
        f"Content-Type {headers.get('content-type')!r} where it had to be {kind}": (
            headers.get("content-type", "").partition(";")[0] != kind
        ),
        "no X-Request-Id": "x-request-id" not in headers,
        "no Retry-After": answer.status == 503 and "retry-after" not in headers,
    }
    wrong = "; ".join(why for why, holds in wrongs.items() if holds)
    return wrong or (_unlike(answer, schema, headers["x-request-id"]) if schema else "")


def _unlike(answer: Answer, schema: str, request_id: str) -> str:
    try:
        told = json.loads(answer.text, parse_constant=_no_number, parse_float=_no_number)
        _validator(schema).validate(told)
    except (ValueError, ValidationError) as wrong:
        return f"not a {schema}: {str(wrong)[:300]}"
    if schema == "Problem" and told["request_id"] != request_id:
        return "a problem with another request's id"
    return ""


def _no_number(digits: str) -> NoReturn:
    raise ValueError(f"{digits} in an answer")


@cache
def _validator(schema: str) -> Draft202012Validator:
    whole = {"$ref": f"#/components/schemas/{schema}", "components": document()["components"]}
    return Draft202012Validator(whole, validate_formats=True)
