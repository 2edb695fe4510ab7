"""The provider, simulated: what it executed is the truth that our books are held against.

Speaks the provider's JSON to our adapters. What it refuses, how far its look-ups lag, and what
becomes of each payment, is the week's to say.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tests.simulation.timeline import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.simulation.timeline import Timeline

SYDNEY = ZoneInfo("Australia/Sydney")
API_KEY = "fake-api-key"
FEE_CENTS = 12
# What it refuses, and what nobody knows the meaning of.
REFUSAL = "FinancialExecuteNppCreditBankAccountDetailsAreInvalid"
BLOCKED = "FinancialExecuteReferenceIsBlocked"
EXISTS = "FinancialExecuteUniqueReferenceExists"
NOT_FOUND = "FinancialStatusUniqueIdNotFound"


@dataclass(frozen=True)
class Habits:
    """How a provider behaves. Times are in seconds; `refuses_for` `None` means for ever.

    `refuses_for` is how long a reference that was executed is refused. Until `status_lag` after an
    execution its status is not known, until `entries_lag` it is not among the account's lines.
    """

    name: str
    refuses_for: float | None
    status_lag: float = 0.0
    entries_lag: float = 0.0


HOURS = 3 * HOUR
REFUSES = Habits("refuses repeats", None)
REPEATS = Habits("executes repeats", 0.0)
FORGETS = Habits("refuses repeats for ten minutes", 600.0)
LAGS = Habits("refuses repeats, looks up what was hours ago", None, HOURS, HOURS)
# Not found is what neither shows: these two are truthful all the same.
KNOWS_LINES_ONLY = Habits("executes repeats, knows no new status", 0.0, status_lag=HOURS)
KNOWS_STATUS_ONLY = Habits("executes repeats, has no new lines", 0.0, entries_lag=HOURS)


@dataclass
class Execution:
    """A payment that was made. `word` is its status there; `back` cents that came back."""

    reference: str
    number: int
    cents: int
    npp: bool
    at: float
    word: str
    back: int = 0

    @property
    def life(self) -> str:
        """The payout's id."""
        return self.reference[:36]


@dataclass
class SimulatedMonoova:
    """The provider. `tell` is called with the event and the body of each webhook it sends."""

    timeline: Timeline
    began: datetime
    habits: Habits
    chance: Random
    tell: Callable[[str, bytes], None]
    executed: Callable[[Execution], None]
    executions: list[Execution] = field(default_factory=list)
    requests: int = 0
    blocked: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    key: str = API_KEY
    down: bool = False
    refusals: float = 0.0  # the share of payments that it refuses
    # Seconds after which every NPP payment is complete, where nothing is left to chance.
    settles_after: float | None = None

    def answer(self, call: Any, api_key: str | None) -> tuple[int, bytes]:
        """HTTP status and body."""
        status, told = self._answer(call, api_key)
        return status, json.dumps(told, default=_plain).encode()

    def of(self, life: str) -> list[Execution]:
        """What was executed of a payout, all attempts."""
        return [each for each in self.executions if each.life == life]

    def block(self, reference: str) -> None:
        """Promise a person on the telephone never to execute it."""
        self.blocked.add(reference)

    def settle(self, execution: Execution) -> None:
        """Decide at last what becomes of a payment that is still on its way."""
        if execution.word == "Pending":
            self._end(execution, "Complete")

    def _answer(self, call: Any, api_key: str | None) -> tuple[int, Any]:  # noqa: PLR0911 (a case an operation)
        if self.down:
            return 503, {}
        if api_key != self.key:
            return 401, {"status": "MerchantFailedToLogin"}
        match call.operation:
            case "execute":
                return self._execute(json.loads(call.body, parse_float=Decimal))
            case "status":
                return self._status(call.path.rsplit("/", 1)[1])
            case "statuses":
                first, last = call.path.split("/")[-2:]
                lag = self.habits.status_lag
                rows = [_status_of(each) for each in self._between(first, last, lag)]
                return 200, {"status": "Ok", "statuses": rows}
            case "entries":
                asked = json.loads(call.body)
                first, last = asked["startDate"][:10], asked["endDate"][:10]
                found = self._between(first, last, self.habits.entries_lag)
                return 200, {"status": "Ok", "items": _lines(found)}
            case "statement":
                day = call.path.rsplit("/", 1)[1]
                lag = self.habits.entries_lag
                lines = [_settled(each) for each in self._between(day, day, lag)]
                return 200, {"status": "Ok", "transactions": lines}
        raise NotImplementedError(call.operation)

    def _execute(self, body: dict[str, Any]) -> tuple[int, Any]:
        self.requests += 1
        reference = body["uniqueReference"]
        if reference in self.blocked:
            return 400, {"status": BLOCKED}
        before = [each for each in self.executions if each.reference == reference]
        if before and self._refuses(before[-1]):
            return 400, {"status": EXISTS}
        if not before and (reference in self.refused or self.chance.random() < self.refusals):
            self.refused.add(reference)
            return 400, {"status": REFUSAL}
        npp = body["disbursements"][0]["disbursementMethod"] != "directCredit"
        execution = Execution(
            reference, 100_000 + len(self.executions), int(Decimal(body["totalAmount"]) * 100), npp,
            self.timeline.now, "Pending" if npp else "Complete",
        )  # fmt: skip
        self.executions.append(execution)
        self._foresee(execution)
        self.executed(execution)
        return 200, {
            "status": "Ok", "transactionId": execution.number,
            "feeAmountIncludingGst": _dollars(FEE_CENTS), "callerUniqueReference": reference,
        }  # fmt: skip

    def _refuses(self, before: Execution) -> bool:
        span = self.habits.refuses_for
        return span is None or self.timeline.now - before.at < span

    def _foresee(self, execution: Execution) -> None:
        """What becomes of it, and when."""
        if self.settles_after is not None:
            if execution.npp:
                self._later(execution, self.settles_after, "Complete")
            return
        roll = self.chance.random()
        if not execution.npp:
            if roll < 0.2:
                self._later(execution, DAY * self.chance.uniform(0.5, 3), "Dishonoured")
            return
        soon = self.chance.choice([0.5, 3.0, 3.0, 40.0, 4000.0, DAY])
        self._later(execution, soon, "Rejected" if roll < 0.12 else "Complete")
        if roll > 0.86:
            self._later(execution, soon + DAY * self.chance.uniform(0.01, 4), "Dishonoured")

    def _later(self, execution: Execution, seconds: float, word: str) -> None:
        self.timeline.after(seconds, lambda: self._end(execution, word))

    def _end(self, execution: Execution, word: str) -> None:
        if execution.word in {"Rejected", "Dishonoured", word}:
            return
        execution.word = word
        if word != "Complete":
            execution.back = execution.cents
        event, body = self._webhook(execution)
        self.tell(event, body)

    def _webhook(self, execution: Execution) -> tuple[str, bytes]:
        amount = float(_dollars(execution.cents))
        moment = self._moment(self.timeline.now).strftime("%Y-%m-%dT00:00:00")
        told: dict[str, Any] = {"Amount": amount, "TransactionDate": moment}
        if execution.word != "Dishonoured":
            event = "NppPaymentStatus"
            word = "Payment Successful" if execution.word == "Complete" else "Rejected"
            told |= {"UniqueReference": execution.reference, "Status": word}
            told |= {"TransactionId": execution.number}
        elif execution.npp:
            event = "NppReturn"
            told |= {"UniqueReference": execution.reference, "ReturnReason": "account closed"}
            told |= {"ReturnTransactionId": execution.number + 500_000}
        else:
            event = "DirectEntryDishonour"
            told |= {"TransactionReference": execution.reference, "Type": "Credit"}
            told |= {"ReturnReason": "account closed"}
        return event, json.dumps(told).encode()

    def _status(self, reference: str) -> tuple[int, Any]:
        until = self.timeline.now - self.habits.status_lag
        known = [each for each in self.executions if each.reference == reference]
        known = [each for each in known if each.at <= until]
        if not known:
            return 400, {"status": NOT_FOUND}
        return 200, {"status": "Ok", **_status_of(known[-1])}

    def _between(self, first: str, last: str, lag: float) -> list[Execution]:
        known = [each for each in self.executions if each.at <= self.timeline.now - lag]
        dated = ((self._moment(each.at).date().isoformat(), each) for each in known)
        return [each for day, each in dated if first <= day <= last]

    def _moment(self, at: float) -> datetime:
        return (self.began + timedelta(seconds=at)).astimezone(SYDNEY)


def _status_of(execution: Execution) -> dict[str, Any]:
    return {"uniqueReference": execution.reference, "transactionStatus": execution.word}


def _settled(execution: Execution) -> dict[str, Any]:
    return {
        "uniqueReferenced": execution.reference,
        "transactionId": execution.number,
        "feeAmountIncludingGst": _dollars(FEE_CENTS),
    }


def _lines(executions: list[Execution]) -> list[dict[str, Any]]:
    lines = []
    for each in executions:
        named = {"uniqueReference": each.reference, "transactionId": each.number}
        lines.append({**named, "debit": _dollars(each.cents), "credit": 0})
        if each.back:
            lines.append({**named, "debit": 0, "credit": _dollars(each.back)})
    return [{**line, "rowOrder": number} for number, line in enumerate(lines)]


def _dollars(cents: int) -> Decimal:
    return Decimal(cents).scaleb(-2)


def _plain(value: object) -> float:
    """Two decimals survive a float's shortest text, which is all that leaves here."""
    assert isinstance(value, Decimal)
    return float(value)
