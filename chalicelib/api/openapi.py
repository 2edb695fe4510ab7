"""The OpenAPI 3.1 document, made of the operations that the doors enforce and their own schemas.

Every operation shows what it takes, every status that it can answer, and an example of each; tests
hold the examples against the schemas and real answers against both.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from chalicelib.api import answers, examples, pace
from chalicelib.api.identity import Role
from chalicelib.api.operation import JSON, Key, Operation
from chalicelib.api.problem_shapes import Problem
from chalicelib.api.problems import title
from chalicelib.api.schemas import Nothing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pydantic import BaseModel
    from pydantic.json_schema import JsonSchemaMode

Node = dict[str, Any]
_REF = "#/components/schemas/"
_RATES = {
    pace.POLICY: "How many requests you may send at once, q; in how many seconds they are back, w.",
    pace.LIMIT: "How many remain, r, and in how many seconds all are back, t.",
}
_ABOUT = (
    "Pays the customers of an Australian business over NPP and Direct Entry. Amounts are text with "
    "two decimals, moments UTC, business dates Sydney's. Every error is a problem (RFC 9457) that "
    "lists all that is wrong at once. Sign in with a Cognito ID token: the Authorization header "
    "holds it as it is, or after the word Bearer."
)

_KEY = (
    "Yours, and new for each request. Sent again with the same body it is the same request: "
    "answered with the thing as it is now, and done no second time."
)
_JUST_NOW = " Needs a sign-in of the last few minutes (code sign_in_again)."


@cache
def text(operations: tuple[Operation, ...]) -> str:
    """The document as JSON."""
    return json.dumps(document(operations))


@cache
def document(operations: tuple[Operation, ...]) -> Node:
    """The document of these operations; not to be changed."""
    paths: dict[str, Node] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Payouts", "version": "1", "description": _ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": _schemas(operations),
            "securitySchemes": {
                "idToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def _schemas(operations: Iterable[Operation]) -> Node:
    wanted: dict[type[BaseModel], JsonSchemaMode] = {Problem: "serialization"}
    for operation in operations:
        if operation.body is not None:
            wanted[operation.body] = "validation"
        if operation.gives is not None:
            wanted[operation.gives] = "serialization"
    _, made = models_json_schema(list(wanted.items()), ref_template=_REF + "{model}")
    schemas: Node = made["$defs"]
    return schemas


def _operation(operation: Operation) -> Node:
    roles = operation.roles
    who = ", ".join(role for role in Role if role in roles) if roles else "everybody"
    when = _JUST_NOW if operation.access.fresh else ""
    node: Node = {
        "operationId": operation.name,
        "tags": [_tag(operation)],
        "summary": operation.summary,
        "description": f"{operation.summary} For {who}.{when}",
        "security": [] if roles is None else [{"idToken": []}],
        "parameters": [*_captured(operation), *_key(operation), *_query(operation)],
        "responses": {str(status): _response(operation, status) for status in operation.statuses},
    }
    if operation.body is not None:
        node["requestBody"] = _body(operation.body)
    return node


def _tag(operation: Operation) -> str:
    first = operation.path.split("/")[1]
    if operation.method == "OPTIONS":
        return "preflight"
    return "documentation" if first in {"docs", "openapi.json"} else first


def _captured(operation: Operation) -> list[Node]:
    return [
        {
            "name": name, "in": "path", "required": True,
            "schema": {"type": "string", "maxLength": 64}, "example": examples.CAPTURED[name],
        }
        for name in operation.captured
    ]  # fmt: skip


def _key(operation: Operation) -> list[Node]:
    if operation.key is Key.NONE:
        return []
    return [
        {
            "name": "Idempotency-Key", "in": "header",
            "required": operation.key is not Key.OPTIONAL,
            "description": _KEY,
            "schema": {
                "type": "string", "minLength": 16, "maxLength": 255, "pattern": "^[ -~]+$"
            },
            "example": examples.KEY,
        }
    ]  # fmt: skip


def _query(operation: Operation) -> list[Node]:
    schema = operation.query.model_json_schema()
    return [
        {"name": name, "in": "query", "required": False, "schema": _present(each)}
        | ({"description": each["description"]} if "description" in each else {})
        for name, each in schema.get("properties", {}).items()
    ]


def _present(schema: Node) -> Node:
    """A parameter is absent, never null."""
    kept = {k: v for k, v in schema.items() if k not in {"title", "description", "default"}}
    if schema.get("default") is not None:
        kept["default"] = schema["default"]
    members = [each for each in kept.pop("anyOf", []) if each != {"type": "null"}]
    return kept | (members[0] if members else {})


def _body(model: type[BaseModel]) -> Node:
    shown = model.model_json_schema().get("examples", [])
    return {
        "required": True,
        "content": {
            JSON: {"schema": {"$ref": _REF + model.__name__}, "examples": _numbered(shown)}
        },
    }


# What a text that is no JSON begins with.
_SHOWN = {"text/html": "<!doctype html>", "text/plain": "0                 01CBA"}


def _response(operation: Operation, status: int) -> Node:
    node: Node = {"description": title(status), "headers": _headers(operation, status)}
    if status >= 400:
        problem = examples.problem(status, operation)
        schema = {"$ref": _REF + Problem.__name__}
        node["content"] = {answers.PROBLEM: {"schema": schema, "examples": _numbered([problem])}}
    elif operation.gives is not None:
        schema = {"$ref": _REF + operation.gives.__name__}
        shown = examples.of(operation.gives)
        node["content"] = {JSON: {"schema": schema, "examples": _numbered(shown)}}
    elif operation.takes is Nothing and status == 200:
        kind = operation.media_type.partition(";")[0]
        node["content"] = {kind: {"schema": {"type": "string"}, "example": _SHOWN[kind]}}
    return node


def _headers(operation: Operation, status: int) -> Node:
    names = {"X-Request-Id": "Names the request in our log."}
    if status in {429, 503}:
        names["Retry-After"] = "Seconds to wait before the same request is worth another try."
    if status == 401 and operation.roles is not None:
        names["WWW-Authenticate"] = (
            "What to bring: a token, or one of a sign-in of just now. Deployed, what the app says "
            "of it comes as X-Amzn-Remapped-WWW-Authenticate."
        )
    if operation.roles is not None and status not in {401, 500}:
        names |= _RATES
    if status < 300 and operation.key is not Key.NONE:
        names["Idempotent-Replayed"] = "true where the key had made this before."
    return {
        name: {"description": words, "schema": {"type": "string"}} for name, words in names.items()
    }


def _numbered(shown: Iterable[Any]) -> Node:
    return {f"example{number}": {"value": each} for number, each in enumerate(shown, start=1)}
