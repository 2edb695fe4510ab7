"""From a reply or an error to what Chalice sends: text that is made here, in one place.

JSON is written by `json.dumps` alone: what it has no exact word for, a `Decimal` for instance,
is a defect and never leaves as a float.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from chalice.app import Response

from chalicelib.api import problems

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pydantic import BaseModel

    from chalicelib.api.operation import Operation, Reply

PROBLEM = "application/problem+json"
# Answers are for whoever asked, are what they say they are, and are no page. Nobody who has been
# here over TLS comes without it for two years.
GUARDED = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}


def told(operation: Operation, reply: Reply) -> Response:
    """The answer of an operation that came to its end."""
    headers = {**reply.headers, "Content-Type": operation.media_type}
    if reply.replayed:
        headers["Idempotent-Replayed"] = "true"
    body = reply.body if isinstance(reply.body, str) else text_of(reply.body)
    return _response(body, headers, reply.status or operation.status)


def refused(error: Exception, *, request_id: str, at: datetime) -> Response:
    """The problem that an error is told as."""
    problem = problems.problem(error, request_id=request_id, at=at)
    headers = {**problems.headers(error), "Content-Type": PROBLEM}
    return _response(text_of(problem), headers, problem.status)


def nothing(headers: Mapping[str, str]) -> Response:
    """An answer without a body."""
    return _response("", headers, HTTPStatus.NO_CONTENT)


def text_of(body: BaseModel) -> str:
    """The JSON text of an answer."""
    said = body.model_dump(by_alias=True, serialize_as_any=True)
    return json.dumps(said, separators=(",", ":"), allow_nan=False)


def _response(body: str, headers: Mapping[str, str], status: int) -> Response:
    return Response(body=body, headers={**GUARDED, **headers}, status_code=int(status))
