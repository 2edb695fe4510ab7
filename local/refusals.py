"""What the gateway answers by itself, without asking the app: problems, with CORS headers.

The app has its own problems; these are for what never reaches it. It never says more than the
caller may know.
"""

import json
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

EXPOSED = "X-Request-Id"


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
        """The problem, in the shape of the app's own."""
        title = self.status.phrase
        problem: dict[str, Any] = {
            "type": f"/docs#{self.code}",
            "title": title,
            "status": int(self.status),
            "detail": self.detail,
            "code": self.code,
            "request_id": request_id,
            "errors": [],
            "retryable": self.status >= HTTPStatus.INTERNAL_SERVER_ERROR,
            "error": title,
            "message": self.detail,
            "timestamp": datetime.now(UTC)
            .isoformat(timespec="milliseconds")
            .replace("+00:00", "Z"),
        }
        return json.dumps(problem).encode()


def no_such_route() -> Refusal:
    """API Gateway knows neither 404 nor 405 for its routes: 403 is its word for both."""
    detail = "There is no such route, or not with this method."
    return Refusal(HTTPStatus.FORBIDDEN, "no_such_route", detail)


def unauthorized(detail: str) -> Refusal:
    """No token, or none that can be believed."""
    return Refusal(HTTPStatus.UNAUTHORIZED, "unauthorized", detail)


def cors_headers(origin: str | None, origins: str) -> dict[str, str]:
    """What lets a page read the answer if `origins`, comma separated, names its origin."""
    allowed = [name.strip() for name in origins.split(",")]
    if "*" in allowed:
        return {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
    headers = {"Vary": "Origin"}
    if origin and origin in allowed:
        headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED}
    return headers
