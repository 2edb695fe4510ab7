"""How fast a principal may ask, as the headers that tell it.

They are those of the IETF's draft "RateLimit header fields for HTTP" (version 10): a policy named
`default` with its quota `q` and window `w`, and of it what remains `r` and in how many seconds all
is there again `t`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.rate import Quota

if TYPE_CHECKING:
    from chalicelib.domain.refusals import TooFast

POLICY = "RateLimit-Policy"
LIMIT = "RateLimit"
NAMES = (LIMIT, POLICY)


def headers(quota: Quota) -> dict[str, str]:
    """What is left, and of what."""
    return {
        POLICY: f'"default";q={quota.limit};w={quota.window}',
        LIMIT: f'"default";r={quota.remaining};t={quota.reset}',
    }


def refusal(error: TooFast) -> dict[str, str]:
    """The same where nothing is left, and when it is worth another try."""
    known = Quota(error.limit, error.window, 0, error.reset)
    return {"Retry-After": str(error.retry_after), **headers(known)}
