"""A client for our own endpoints: what a test, or the demo, does at the provider's end.

Refuses nothing itself: a request that makes no sense raises `Misused` with what the simulator says
of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from types import TracebackType
from typing import Any, Self

import requests

from local.monoova.shapes import read_json, write_json
from local.monoova.tampering_client import TamperingClient

TIMEOUT = 120


class Misused(Exception):
    """The simulator did not understand; `errors` lists why."""

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(
            "; ".join(f"{each.get('field')}: {each.get('problem')}" for each in errors)
        )
        self.errors = errors


@dataclass(frozen=True)
class Executed:
    """One execution in the simulator's books; `executed_count` is how often its reference was."""

    unique_reference: str | None
    transaction_id: int
    method: str
    amount: Decimal
    fee: Decimal
    status: str
    returned: Decimal
    executed_count: int


@dataclass(frozen=True)
class Totals:
    """The books: opening + received + returned + foreign = balance + all that went out."""

    balance: Decimal
    opening: Decimal
    received: Decimal
    paid: Decimal
    fees: Decimal
    returned: Decimal
    verifications: Decimal
    executions: tuple[Executed, ...]
    debited: Decimal = Decimal(0)
    foreign: Decimal = Decimal(0)

    def of(self, reference: str) -> tuple[Executed, ...]:
        """The executions with a reference."""
        return tuple(each for each in self.executions if each.unique_reference == reference)


@dataclass(frozen=True)
class Received:
    """Money that arrived, one or several times; without a subscription there is no webhook.

    amount: of each; transaction_id and webhook_id: of the first.
    """

    transaction_id: str
    amount: Decimal
    webhook_id: int | None
    balance: Decimal
    transaction_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Time:
    """The virtual time, and how many seconds it is ahead of the real one."""

    now: datetime
    offset_seconds: Decimal


class Control(TamperingClient):
    """Talks to one simulator."""

    def __init__(self, url: str) -> None:
        self._url = f"{url.rstrip('/')}/_simulator"
        self._session = requests.Session()
        self._session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the connections."""
        self._session.close()

    def state(self) -> dict[str, Any]:
        """How everything stands."""
        return self._call("GET", "state")

    def books(self) -> dict[str, Any]:
        """The totals and every execution as the endpoint writes them, amounts as text."""
        return self._call("GET", "books")

    def totals(self) -> Totals:
        """The totals and every execution, as values."""
        return _totals(self.books())

    def executions(self, reference: str) -> int:
        """How often a reference was executed, which ought to be once."""
        return len(self.totals().of(reference))

    def receive(self, amount: Decimal | str, *, rail: str = "NPP", **more: str | int) -> Received:
        """Money arrives; `more` are remitter, description, count, rejected, told and so on."""
        told = self._call("POST", "receive", {"amount": str(amount), "rail": rail, **more})
        return _received(told)

    def debit(self, amount: Decimal | str, **more: str) -> Received:
        """Somebody takes money; `more` are remitter, description, status."""
        return _received(self._call("POST", "debit", {"amount": str(amount), **more}))

    def clock(self) -> Time:
        """What time it is there."""
        return _time(self._call("GET", "clock"))

    def advance(
        self, seconds: Decimal | int, *, deliver: bool = True, notice: Decimal | int = 0
    ) -> Time:
        """Lets time pass; what becomes due has happened, and been told, on return.

        Whoever follows the clock has `notice` real seconds to see it before that.
        """
        body = {"advance_seconds": seconds, "deliver": deliver, "notice_seconds": notice}
        return _time(self._call("POST", "clock", body))

    def faults(self) -> dict[str, Any]:
        """What is waiting to strike."""
        return self._call("GET", "faults")

    def fault(
        self,
        on: str,
        fault: str,
        *,
        match: Mapping[str, object] | None = None,
        times: int | None = 1,
        **more: object,
    ) -> int:
        """Adds a rule and gives back its number; `times` None is always; `more`: seconds, code."""
        rule = {"on": on, "fault": fault, "match": match or {}, "times": times, **more}
        return _whole(self._call("POST", "faults", rule)["id"])

    def random_faults(
        self, seed: int, rate: Decimal | str, faults: list[str] | None = None, *, on: str = "any"
    ) -> None:
        """Lets a seed strike at a rate from 0 to 1, on calls, webhooks or any of both."""
        dice: dict[str, object] = {"seed": seed, "rate": Decimal(rate), "on": on}
        self._call("POST", "faults", dice if faults is None else dice | {"faults": faults})

    def clear_faults(self) -> None:
        """No more of them, neither rules nor seed."""
        self._call("DELETE", "faults")

    def flush(self, *, hurry: bool = False) -> int:
        """Delivers what is due, in a hurry also what is not; how many attempts that were."""
        return _whole(self._call("POST", "webhooks/flush", {"hurry": hurry})["deliveries"])

    def send(self, event: str, body: object) -> int | None:
        """Any body as a signed notification; its id, or None when nobody subscribed to it."""
        number = self._call("POST", "webhooks/send", {"eventName": event, "body": body})[
            "webhookId"
        ]
        return None if number is None else _whole(number)

    def example(self, event: str, **more: object) -> dict[str, Any]:
        """A ready body of an event; `more`: amount, uniqueReference, number, fields."""
        return self._call("POST", "webhooks/example", {"eventName": event, **more})

    def happen(self, reference: str, ending: str, **more: object) -> Totals:
        """Lets a payment end now: complete, reject, return, dishonour; `more`: reason, amount."""
        body = {"uniqueReference": reference, "ending": ending, **more}
        return _totals(self._call("POST", "happen", body))

    def reset(self) -> None:
        """Everything as at the very beginning."""
        self._call("POST", "reset")

    def rotate_keys(self) -> None:
        """A new signing key."""
        self._call("POST", "keys/rotate")

    def settings(self, **changes: object) -> dict[str, Any]:
        """The switches, after some changes."""
        return self._call("POST", "settings", changes)

    def _call(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        data = None if body is None else write_json(body).encode()
        answer = self._session.request(method, f"{self._url}/{path}", data=data, timeout=TIMEOUT)
        told = read_json(answer.content)
        fields = told if isinstance(told, dict) else {}
        errors = fields.get("errors")
        if answer.status_code != 200:
            raise Misused(errors if isinstance(errors, list) else [{"problem": answer.reason}])
        return fields


def _money(value: object) -> Decimal:
    return Decimal(str(value))


def _whole(value: object) -> int:
    return int(str(value))


def _time(told: Mapping[str, object]) -> Time:
    now = datetime.fromisoformat(str(told["now"]))
    return Time(now, _money(told["offset_seconds"]))


def _received(told: Mapping[str, object]) -> Received:
    number, names = told["webhookId"], told.get("transactionIds")
    return Received(
        transaction_id=str(told["transactionId"]),
        amount=_money(told["amount"]),
        webhook_id=number if isinstance(number, int) else None,
        balance=_money(told["balance"]),
        transaction_ids=tuple(map(str, names)) if isinstance(names, list) else (),
    )


def _totals(told: Mapping[str, object]) -> Totals:
    listed = told["executions"]
    rows = listed if isinstance(listed, list) else []
    out = ("paid", "fees", "verifications", "debited")
    names = ("balance", "opening", "received", "returned", *out)
    amounts = {name: _money(told[name]) for name in names}
    foreign = _money(told.get("foreign", 0))
    return Totals(executions=tuple(map(_executed, rows)), foreign=foreign, **amounts)


def _executed(row: Mapping[str, object]) -> Executed:
    reference = row["uniqueReference"]
    return Executed(
        unique_reference=None if reference is None else str(reference),
        transaction_id=_whole(row["transactionId"]),
        method=str(row["method"]),
        amount=_money(row["amount"]),
        fee=_money(row["fee"]),
        status=str(row["status"]),
        returned=_money(row["returned"]),
        executed_count=_whole(row["executed_count"]),
    )
