"""Which browsers' pages may read our answers: those of the configured origins, each named back.

No credentials are ever allowed: a token travels in a header that the page sets itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

ALLOWED = "Authorization,Content-Type,Idempotency-Key"
# API Gateway hands the app's WWW-Authenticate on under another name, and does so always.
EXPOSED = (
    "Idempotent-Replayed,RateLimit,RateLimit-Policy,Retry-After,WWW-Authenticate,"
    "X-Amzn-Remapped-WWW-Authenticate,X-Request-Id"
)
# Seconds for which a browser need not ask again.
MAX_AGE = "600"


def answer(origin: str | None, origins: Collection[str]) -> dict[str, str]:
    """What lets a page of a configured origin read an answer; nothing for a stranger's."""
    if "*" in origins:
        return {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": EXPOSED}
    vary = {"Vary": "Origin"}
    if not origin or origin not in origins:
        return vary
    return {
        **vary, "Access-Control-Allow-Origin": origin, "Access-Control-Expose-Headers": EXPOSED,
    }  # fmt: skip


def preflight(
    origin: str | None, origins: Collection[str], methods: Iterable[str]
) -> dict[str, str]:
    """The same for the question that a browser asks before it sends anything."""
    headers = answer(origin, origins)
    if "Access-Control-Allow-Origin" not in headers:
        return headers
    return {
        **headers,
        "Access-Control-Allow-Methods": ",".join(sorted({*methods, "OPTIONS"})),
        "Access-Control-Allow-Headers": ALLOWED,
        "Access-Control-Max-Age": MAX_AGE,
    }
