"""Which invocation this is: told at the doors, written on every line of log that it causes."""

from __future__ import annotations

from contextvars import ContextVar

# The id of the request, message or schedule run that is being handled; empty outside of one.
REQUEST_ID: ContextVar[str] = ContextVar("payouts_request_id", default="")
