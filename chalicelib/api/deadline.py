"""How much time is left, in seconds: the Lambda's own, less what writing the outcome may take."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds kept for writing down the outcome of what was sent.
RESERVE = 5
# Seconds from the beginning of a request in which an answer still reaches anybody: API Gateway
# hangs up after 29.
ANSWERABLE = 24


@runtime_checkable
class Context(Protocol):
    """What Lambda tells of an invocation."""

    def get_remaining_time_in_millis(self) -> int | float:
        """Until it is ended."""
        ...


def of_request(context: object) -> Callable[[], float]:
    """Counts down from now, for a request that somebody waits for."""
    began = time.monotonic()

    def left() -> float:
        waited = ANSWERABLE - (time.monotonic() - began)
        if isinstance(context, Context):
            return min(waited, _remaining(context))
        return waited

    return left


def of_trigger(context: object) -> Callable[[], float]:
    """Counts down for an invocation that nobody waits for."""
    if isinstance(context, Context):
        return lambda: _remaining(context)
    return of_request(None)


def _remaining(context: Context) -> float:
    return context.get_remaining_time_in_millis() / 1000 - RESERVE
