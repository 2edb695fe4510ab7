"""The provider that all sides call: it executes, keeps books, refuses, and fails by the dice.

It speaks as the real one does: a repeated reference is an HTTP 400 of its own code, and no replay
of the first answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from bench.faults import QUICK, Crash, Fault

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from bench.faults import Dice, Invocation

READ_TIMEOUT = 12.0  # seconds that a caller waits for an answer
REFUSAL = "FinancialValidateNppCreditBankAccountDetailsAreInvalid"
EXISTS = "UniqueReferenceExists"
OK = "Ok"


class Kind(StrEnum):
    """What providers do with a reference that they have seen."""

    REFUSES = "refuses a reference that it has executed"
    REPEATS = "executes a repeated reference again"
    USES_UP = "refuses every reference that it has seen, refused ones included"


class TimedOut(Exception):
    """There was no answer in time; whether it was done is not known."""


@dataclass(frozen=True, slots=True)
class Response:
    """An HTTP answer: its status and the provider's code."""

    http_status: int
    code: str = ""
    transaction_id: str = ""


@dataclass(frozen=True, slots=True)
class Execution:
    """A payment that was made."""

    reference: str
    transaction_id: str
    cents: int
    at: datetime


@dataclass
class Bank:
    """One provider, with the faults of one schedule. A payee that is not `sound` it refuses."""

    kind: Kind
    dice: Dice
    invocation: Invocation
    sound: bool = True
    executions: list[Execution] = field(default_factory=list)
    used: set[str] = field(default_factory=set)
    payments: int = 0  # requests to pay that reached it, or were lost on the way
    questions: int = 0

    def pay(self, reference: str, cents: int) -> Response:
        """Execute a payment, or refuse it.

        Raises:
            TimedOut: no answer.
            Crash: the caller's process is gone.
        """
        self.payments += 1
        return self._call("payments", lambda: self._execute(reference, cents))

    def find(self, reference: str) -> Execution | None:
        """The payment of a reference, by the account's own lines.

        Raises:
            TimedOut: no answer, or an HTTP 500.
            Crash: the caller's process is gone.
        """
        self.questions += 1
        found: list[Execution] = []

        def look() -> Response:
            found.extend(each for each in self.executions if each.reference == reference)
            return Response(200, OK)

        if self._call("questions", look).http_status != 200:
            raise TimedOut
        return found[0] if found else None

    def _call(self, place: str, work: Callable[[], Response]) -> Response:
        fault = self.dice.roll(place)
        if fault is Fault.CRASH_BEFORE:
            raise Crash
        if fault is Fault.LOST_REQUEST:
            self.invocation.spend(READ_TIMEOUT)
            raise TimedOut
        answer = work()
        if fault is Fault.CRASH_AFTER:
            raise Crash
        if fault is Fault.LAMBDA_TIMEOUT:
            self.invocation.time_out()
        if fault is Fault.LOST_REPLY:
            self.invocation.spend(READ_TIMEOUT)
            raise TimedOut
        self.invocation.spend(QUICK)
        return Response(500) if fault is Fault.ERROR_AFTER else answer

    def _execute(self, reference: str, cents: int) -> Response:
        if reference in self.used and self.kind is not Kind.REPEATS:
            return Response(400, EXISTS)
        if not self.sound:
            if self.kind is Kind.USES_UP:
                self.used.add(reference)
            return Response(400, REFUSAL)
        self.used.add(reference)
        made = Execution(
            reference, f"{100_000 + len(self.executions)}", cents, self.invocation.clock.now()
        )
        self.executions.append(made)
        return Response(200, OK, made.transaction_id)
