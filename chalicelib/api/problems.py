"""Every no as an RFC 9457 problem: one table from the tree of errors to HTTP.

The planning papers' `error`, `message` and `timestamp` stand beside its own members. What nobody
expected becomes a 500 that says nothing but the request's id.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from chalicelib.api import pace
from chalicelib.api.body import BodyTooLarge, UnsupportedMediaType
from chalicelib.api.faults import limited
from chalicelib.api.identity import Unidentified
from chalicelib.api.problem_shapes import FaultView, Problem
from chalicelib.api.times import rfc3339
from chalicelib.domain.errors import (
    Conflict,
    Fault,
    Forbidden,
    Invalid,
    InvalidDestination,
    NotAuthentic,
    NotFound,
    PayoutError,
    RuleBroken,
    Stale,
    Unavailable,
)
from chalicelib.domain.refusals import TooFast

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime


# The nearest ancestor of an error decides. 400 is a matter of form, 422 one of our rules.
HTTP: Mapping[type[PayoutError], HTTPStatus] = {
    Invalid: HTTPStatus.BAD_REQUEST,
    Unidentified: HTTPStatus.UNAUTHORIZED,
    NotAuthentic: HTTPStatus.UNAUTHORIZED,
    Forbidden: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    RuleBroken: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooFast: HTTPStatus.TOO_MANY_REQUESTS,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
# Trying exactly the same again is right; with the same Idempotency-Key where there was one.
RETRYABLE = (Unavailable, Stale, TooFast)

# RFC 9110's words for what older Pythons name otherwise: a problem reads the same on all of them.
_TITLES = {413: "Content Too Large", 422: "Unprocessable Content"}

DEFECT = "internal_error"
_DEFECT_DETAIL = "Something is wrong on our side. The request id leads us to it."


def title(status: int) -> str:
    """What a status is called."""
    return _TITLES.get(status, HTTPStatus(status).phrase)


def status_of(error: type[BaseException]) -> HTTPStatus:
    """The HTTP status of a class of errors; 500 for whatever is not in the tree."""
    found = (HTTP[kind] for kind in error.__mro__ if kind in HTTP)
    return next(found, HTTPStatus.INTERNAL_SERVER_ERROR)


def tree(root: type[PayoutError] = PayoutError) -> list[type[PayoutError]]:
    """Every error below a root, each after its parent."""
    return [each for kind in root.__subclasses__() for each in (kind, *tree(kind))]


def code_of(error: Exception) -> str:
    """The one word that says which rule refused; of what nobody expected always the same."""
    return getattr(error, "code", DEFECT) if _is_known(error) else DEFECT


def _is_known(error: Exception) -> bool:
    expected = status_of(type(error)) is not HTTPStatus.INTERNAL_SERVER_ERROR
    return isinstance(error, PayoutError) and expected


def problem(error: Exception, *, request_id: str, at: datetime) -> Problem:
    """The problem that an error is told as."""
    status, known = status_of(type(error)), _is_known(error)
    detail = str(error) if known else _DEFECT_DETAIL
    code = code_of(error)
    return Problem(
        type=f"/docs#{code}", title=title(status), status=int(status), detail=detail, code=code,
        request_id=request_id, retryable=known and isinstance(error, RETRYABLE),
        errors=[
            FaultView(
                pointer=fault.pointer, code=fault.code, detail=fault.detail, row=fault.row,
                column=fault.column,
            )
            for fault in limited(_faults(error))
        ],
        error=title(status), message=detail, timestamp=rfc3339(at),
    )  # fmt: skip


def headers(error: Exception) -> dict[str, str]:
    """What a client is told beside the problem itself."""
    if isinstance(error, Unavailable):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, TooFast):
        return pace.refusal(error)
    if isinstance(error, Unidentified):
        return {"WWW-Authenticate": error.challenge}
    return {}


def _faults(error: Exception) -> list[Fault]:
    if isinstance(error, InvalidDestination):
        return [Fault(f"/{error.field}", error.code, str(error))]
    return list(getattr(error, "faults", ()))
