"""How faults look to the clients that our adapters hold: of AWS, and of the provider's HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

if TYPE_CHECKING:
    from tests.simulation.faults import Fate

# Seconds: the time-outs of our clients.
CONNECT_TIMEOUT, STORE_TIMEOUT, PROVIDER_TIMEOUT = 1.0, 3.0, 12.0
ENDPOINT = "https://aws.example"
# An error of a gateway in front of the provider, in the words of a refusal.
LOOKS_REFUSED = b'{"status":"FinancialExecuteInvalidTotalAmount"}'
Pause = Callable[[float], None]


class Answered(Exception):
    """What the HTTP client gives instead of an error: it never raises."""

    def __init__(self, reply: Any) -> None:
        super().__init__()
        self.reply = reply


class Troubles:
    """How faults look to a client of AWS."""

    def __init__(self, operation: str, told: Mapping[str, Any] | None = None) -> None:
        self._operation = operation
        self._told = told or {}

    def not_connected(self, pause: Pause) -> Exception:
        """The connection was never made."""
        pause(CONNECT_TIMEOUT)
        return EndpointConnectionError(endpoint_url=ENDPOINT)

    def no_answer(self, pause: Pause) -> Exception:
        """Nothing came back."""
        pause(STORE_TIMEOUT)
        return ReadTimeoutError(endpoint_url=ENDPOINT)

    def lost_reply(self, pause: Pause, fate: Fate) -> Exception:
        """It was done, and nothing that came back says so."""
        if fate.pick(3) < 2:
            return self.no_answer(pause)
        return self._refused("InternalServerError", 500)

    def throttled(self) -> Exception:
        """Too many requests."""
        return self._refused("ThrottlingException", 400)

    def conflict(self) -> Exception:
        """Another transaction is at work on the same rows."""
        parts = len(self._told.get("TransactItems", ()))
        if not parts:
            return self._refused("TransactionConflictException", 400)
        reasons = [{"Code": "TransactionConflict"}] + [{"Code": "None"}] * (parts - 1)
        return self._refused("TransactionCanceledException", 400, CancellationReasons=reasons)

    def lagging(self, value: Any, fate: Fate) -> Any:
        """An index that does not show every row yet."""
        return {**value, "Items": [item for item in value["Items"] if fate.shows()]}

    def partial(self, value: Any, fate: Fate) -> Any:
        """A batch without one of its tables, which is read at another moment, then."""
        wanted = self._told["RequestItems"]
        late = list(wanted)[fate.pick(len(wanted))]
        found = {table: rows for table, rows in value["Responses"].items() if table != late}
        return {**value, "Responses": found, "UnprocessedKeys": {late: wanted[late]}}

    def _refused(self, code: str, status: int, **more: Any) -> ClientError:
        told = {"Error": {"Code": code, "Message": code}, **more}
        told["ResponseMetadata"] = {"HTTPStatusCode": status}
        return ClientError(told, self._operation)  # type: ignore[arg-type] # as the service does


class HttpTroubles(Troubles):
    """How faults look to the HTTP client."""

    def __init__(self, code: Any, seconds: float) -> None:
        super().__init__("http")
        self._seconds = seconds
        self._reply = code.transport.Reply
        self._mishap = code.answers.Mishap

    def not_connected(self, pause: Pause) -> Exception:
        pause(min(CONNECT_TIMEOUT, self._seconds / 3))
        return Answered(self._reply(self._mishap.NOT_CONNECTED))

    def no_answer(self, pause: Pause) -> Exception:
        pause(min(PROVIDER_TIMEOUT, self._seconds))
        return Answered(self._reply(self._mishap.TIMED_OUT))

    def lost_reply(self, pause: Pause, fate: Fate) -> Exception:
        replies = [
            None,
            self._reply(self._mishap.CONNECTION_LOST),
            self._reply(http_status=500, raw=b"{}"),
            self._reply(http_status=502, raw=LOOKS_REFUSED),
            self._reply(http_status=200, raw=b"<html>"),
        ]
        reply = replies[fate.pick(len(replies))]
        return Answered(reply) if reply is not None else self.no_answer(pause)

    def throttled(self) -> Exception:
        return Answered(self._reply(http_status=429, raw=b'{"status":"TooManyRequests"}'))

    def conflict(self) -> Exception:
        return Answered(self._reply(http_status=503, raw=b"busy"))
