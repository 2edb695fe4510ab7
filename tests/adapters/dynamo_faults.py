"""Faults between the store and DynamoDB, by botocore's own events: before a call, or after it.

What happens before keeps the request from the engine; what happens after takes away an answer to
something that the engine has done.
"""

from __future__ import annotations

import json
from collections import defaultdict, deque
from collections.abc import Callable
from io import BytesIO
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from urllib3.response import HTTPResponse

TIMED_OUT = ReadTimeoutError(endpoint_url="http://dynamodb")
BROKEN = ConnectionClosedError(endpoint_url="http://dynamodb")
NOT_CONNECTED = EndpointConnectionError(endpoint_url="http://dynamodb")
TRANSACT = "TransactWriteItems"

Fault = Exception | Callable[[], AWSResponse | None]


class Faults:
    """The faults of one client; each call of an operation meets the next of its line."""

    def __init__(self, client) -> None:
        self.requests: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._before: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._after: dict[str, deque[Fault | None]] = defaultdict(deque)
        client.meta.events.register("before-send.dynamodb", self._on_its_way)
        client.meta.events.register("after-call.dynamodb", self._on_its_way_back)

    def before(self, operation, *faults) -> None:
        """`None` lets a call pass; a function is called with nothing, an error raised."""
        self._before[operation].extend(faults)

    def after(self, operation, *faults) -> None:
        self._after[operation].extend(faults)

    def _on_its_way(self, request, event_name, **_more):
        operation = event_name.rsplit(".", 1)[-1]
        self.requests[operation].append(json.loads(request.body))
        return _meet(self._before[operation])

    def _on_its_way_back(self, event_name, **_more):
        return _meet(self._after[event_name.rsplit(".", 1)[-1]])


def _meet(line):
    fault = line.popleft() if line else None
    if isinstance(fault, Exception):
        raise fault
    return fault() if callable(fault) else None


def answering(status, body):
    """An answer that the engine never gave."""
    raw = json.dumps(body).encode()

    def answer():
        response = HTTPResponse(body=BytesIO(raw), preload_content=False, status=status)
        headers = HTTPHeaders()
        headers["content-length"] = str(len(raw))
        return AWSResponse("http://dynamodb", status, headers, response)

    return answer


def refusing(code, status=400, **more):
    return answering(status, {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", **more})


def cancelling(*codes):
    """A transaction cancelled with a reason for each of its parts."""
    reasons = [{"Code": code} for code in codes]
    return refusing("TransactionCanceledException", CancellationReasons=reasons, message="no")


def meanwhile(action, fault):
    """Something that others do before the fault strikes."""

    def strike():
        action()
        if isinstance(fault, Exception):
            raise fault
        return fault()

    return strike
