"""What the gateway answers by itself, without asking the app: problems, with CORS headers.

The app has its own problems; these are for what never reaches it. The gateway that deploys says the
same (`deployment/refused.py`). It never says more than the caller may know.
"""

import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from chalicelib.api import cors
from chalicelib.api.answers import GUARDED, PROBLEM
from chalicelib.api.problems import title

# What a client is told beside the problem itself.
_MORE = {
    HTTPStatus.UNAUTHORIZED: {"WWW-Authenticate": "Bearer"},
    HTTPStatus.TOO_MANY_REQUESTS: {"Retry-After": "1"},
}
DOUBT = (
    "Whether anything was done is not known: look, or send the same again, where it has an "
    "Idempotency-Key with the same one."
)


class Refusal(Exception):
    """A request that ends at the gateway."""

    def __init__(
        self, status: HTTPStatus, code: str, detail: str, *, closing: bool = False
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.closing = (
            closing  # the rest of the request was not read: the connection is of no more use
        )

    def body(self, request_id: str) -> bytes:
        """The problem as it is sent."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return json.dumps(self.problem(request_id, at)).encode()

    def problem(self, request_id: str, at: str) -> dict[str, Any]:
        """The problem, in the shape of the app's own."""
        named = title(self.status)
        return {
            "type": f"/docs#{self.code}",
            "title": named,
            "status": int(self.status),
            "detail": self.detail,
            "code": self.code,
            "request_id": request_id,
            "errors": [],
            "retryable": self.status >= HTTPStatus.INTERNAL_SERVER_ERROR
            or self.status == HTTPStatus.TOO_MANY_REQUESTS,
            "error": named,
            "message": self.detail,
            "timestamp": at,
        }


def headers(status: HTTPStatus) -> dict[str, str]:
    """The headers of a refusal, but for those that depend on who asks from where."""
    return {"Content-Type": PROBLEM, **GUARDED, **_MORE.get(status, {})}


def no_answer() -> Refusal:
    """The app let an error through, or died."""
    detail = f"The app ended without an answer. {DOUBT}"
    return Refusal(HTTPStatus.BAD_GATEWAY, "no_answer", detail)


def no_such_route() -> Refusal:
    """API Gateway knows neither 404 nor 405 for its routes: 403 is its word for both."""
    detail = "There is no such route, or not with this method."
    return Refusal(HTTPStatus.FORBIDDEN, "no_such_route", detail)


def unauthorized(detail: str) -> Refusal:
    """No token, or none that can be believed."""
    return Refusal(HTTPStatus.UNAUTHORIZED, "unauthorized", detail)


def cors_headers(origin: str | None, origins: str) -> dict[str, str]:
    """What lets a page read the answer if `origins`, comma separated, names its origin."""
    return cors.answer(origin, [name.strip() for name in origins.split(",")])
