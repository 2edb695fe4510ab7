"""Which invocation this is: told at the doors, written on every line of log that it causes."""

from __future__ import annotations

import os
import re
from contextvars import ContextVar

# The id of the request, message or schedule run that is being handled; empty outside of one.
REQUEST_ID: ContextVar[str] = ContextVar("payouts_request_id", default="")
# What this invocation goes back to: the request that a dead letter first came in with.
CORRELATION_ID: ContextVar[str] = ContextVar("payouts_correlation_id", default="")
# Lambda writes the header of the trace here, anew for each invocation.
TRACE = "_X_AMZN_TRACE_ID"
_ROOT = re.compile(r"Root=([0-9a-fA-F-]{1,64})")


def begin(request_id: str, correlation_id: str = "") -> None:
    """From here on lines belong to this invocation, which goes back to itself unless told."""
    REQUEST_ID.set(request_id)
    CORRELATION_ID.set(correlation_id or request_id)


def goes_back_to(correlation_id: str) -> None:
    """It became known what the present invocation goes back to; empty: to itself still."""
    CORRELATION_ID.set(correlation_id or REQUEST_ID.get())


def ids() -> dict[str, str]:
    """The ids that every line has; `trace_id` where the invocation is traced."""
    found = _ROOT.search(os.environ.get(TRACE, ""))
    return {
        "request_id": REQUEST_ID.get(),
        "correlation_id": CORRELATION_ID.get(),
        **({"trace_id": found[1]} if found else {}),
    }
