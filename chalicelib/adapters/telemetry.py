"""One structured line for each call that goes out, and for a list that lacks unreadable rows.

Never what was said: no body, no address beyond the operation's name, no reference, no key.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING, Any, Protocol

from chalicelib import metrics
from chalicelib.json_lines import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

LOG = logging.getLogger("payouts.outbound")
_BEGAN = "payouts_began"
# How DynamoDB says that it was too much: of a call, of a part of a transaction, and of keys that it
# left out of an answer.
UNPROCESSED = "UnprocessedKeys"
THROTTLED = frozenset({
    "ProvisionedThroughputExceededException", "ThrottlingException", "RequestLimitExceeded",
    "ProvisionedThroughputExceeded", "ThrottlingError", UNPROCESSED,
})  # fmt: skip
# Keys of unreadable rows that one line names.
NAMED = 10


class Emitter(Protocol):
    """Where botocore takes handlers: a client's `meta.events`, or a botocore session."""

    def register(self, event_name: str, handler: Callable[..., Any], /) -> None:
        """Have `handler` called with the event's keywords."""
        ...


def outbound(operation: str, *, began: float, http_status: int = 0, mishap: str = "") -> None:
    """Write the line of a call that began at `began` (on `time.monotonic`) and is now over.

    A warning where it did not end well, for whoever watches levels.
    """
    fields: dict[str, Any] = {
        "operation": operation,
        "http_status": http_status,
        "ms": round((time.monotonic() - began) * 1000),
        "mishap": mishap,
    }
    well = not mishap and http_status < 400
    fields |= _measured(operation, fields["ms"], http_status, mishap, well=well)
    tell(LOG, "outbound", fields, logging.INFO if well else logging.WARNING)


def _measured(
    operation: str, ms: int, http_status: int, mishap: str, *, well: bool
) -> dict[str, Any]:
    service = operation.partition(".")[0]
    if service == "monoova":
        values = {
            "ProviderCalls": 1, "ProviderErrors": int(not well),
            "ProviderFailures": int(http_status >= 500), "ProviderLatency": ms,
        }  # fmt: skip
        return metrics.measured(values)
    if service == "dynamodb" and mishap in THROTTLED:
        return metrics.measured({"StoreThrottles": 1})
    return {}


def left_out(keys: Sequence[str]) -> None:
    """Write the line of a list that had to leave out rows which nobody can read: how many, which.

    Keys are ids; nothing of what a row says.
    """
    fields = {"count": len(keys), "keys": list(keys[:NAMED])}
    tell(LOG, "unreadable_rows", fields, logging.ERROR)


def watch(events: Emitter) -> None:
    """Have a line written for each call of a boto3 client (`client.meta.events`) or session."""
    events.register("before-call", _before)
    events.register("after-call", _after)
    events.register("after-call-error", _failed)


def _before(*, context: dict[str, Any], **_: object) -> None:
    context[_BEGAN] = time.monotonic()


def _after(
    *,
    model: Any,  # noqa: ANN401 (botocore's OperationModel, whose import is dear)
    parsed: dict[str, Any],
    context: dict[str, Any],
    **_: object,
) -> None:
    status = int(parsed.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    mishap = _refusal(parsed) if status >= 300 else UNPROCESSED * bool(parsed.get(UNPROCESSED))
    outbound(_name(model), began=_began(context), http_status=status, mishap=mishap)


def _refusal(parsed: Mapping[str, Any]) -> str:
    """Its code; of a cancelled transaction that of a part which was throttled, if there is one."""
    parts = (str(each.get("Code", "")) for each in parsed.get("CancellationReasons", ()))
    busy = next((code for code in parts if code in THROTTLED), "")
    return busy or str(parsed.get("Error", {}).get("Code", ""))


def _failed(
    *, exception: Exception, context: dict[str, Any], event_name: str = "", **_: object
) -> None:
    operation = ".".join(event_name.split(".")[1:])
    outbound(operation, began=_began(context), mishap=type(exception).__name__)


def _began(context: dict[str, Any]) -> float:
    return float(context.get(_BEGAN, time.monotonic()))


def _name(model: Any) -> str:  # noqa: ANN401 (the same)
    return f"{model.service_model.service_id.hyphenize()}.{model.name}"
