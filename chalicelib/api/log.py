"""One line of JSON for each invocation: which operation, how it ended, how long it took, for whom.

Never a body, a name, an account, a key or a token: a principal is the pool's meaningless `sub`,
an error is the name of its type and the place in our code.
"""

from __future__ import annotations

import logging
import os
import time
import traceback
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chalicelib import metrics
from chalicelib.invocation import begin
from chalicelib.json_lines import tell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Facts = dict[str, str | int]
# Whether this process has had no invocation yet.
_COLD = [True]
LOG = logging.getLogger("payouts.invocations")
# The lines of outbound calls are its neighbours; without this, only warnings would be seen.
logging.getLogger("payouts").setLevel(logging.INFO)


def invocation(facts: Mapping[str, str | int], *, door: str) -> None:
    """Write the line of an invocation that is over; a warning where something is wrong here.

    `door` is the way in that it came by: one of a few.
    """
    wrong = "error" in facts or int(facts.get("status", 0)) >= 500
    values = {
        "Invocations": 1, "Errors": int(wrong), "Duration": int(facts["ms"]),
        "ColdStarts": int(_COLD[0]),
    }  # fmt: skip
    _COLD[0] = False
    apart = {"Door": door}
    if wrong:
        # By it a rollout is undone, whose other half goes on as before.
        values["VersionErrors"] = 1
        apart["Version"] = os.environ.get("AWS_LAMBDA_FUNCTION_VERSION", "")
    level = logging.WARNING if "error" in facts else logging.INFO
    tell(LOG, "invocation", {**facts, **metrics.measured(values, **apart)}, level)


def deed(name: str, facts: Mapping[str, str | int]) -> None:
    """Write a line of its own for what a person decided: who and what, never their words."""
    tell(LOG, name, facts)


def gauges(figures: Mapping[str, int], circuits: Mapping[str, int]) -> None:
    """Write how it stands: a line of all figures, and one for each circuit."""
    measured = [metrics.measured(figures)]
    measured += [metrics.measured({"BreakerOpen": is_}, Circuit=on) for on, is_ in circuits.items()]
    for each in measured:
        tell(LOG, "gauges", each)


@contextmanager
def watched(operation: str, request_id: str) -> Iterator[Facts]:
    """Write the line of what is done inside, with the facts put into what it yields."""
    began = time.monotonic()
    facts: Facts = {}
    begin(request_id)
    try:
        yield facts
    except Exception as error:
        facts |= trouble(error)
        raise
    finally:
        invocation({"operation": operation, "ms": since(began), **facts}, door=operation)


def since(began: float) -> int:
    """Milliseconds since then, on the monotonic clock."""
    return round((time.monotonic() - began) * 1000)


def trouble(error: BaseException) -> dict[str, str]:
    """What may be said of an error that nobody expected: its type, and where it was raised."""
    error = error.__cause__ or error
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return {"error": type(error).__name__, "at": place}
