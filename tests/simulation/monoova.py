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

from tests.simulation.account import Account
from tests.simulation.bodies import (
    FEE_CENTS,
    RETURNS,
    Execution,
    dollars,
    lines,
    plain,
    receipt,
    settled,
    status_of,
    webhook,
)  # fmt: skip
from tests.simulation.broken_word import BrokenWord
from tests.simulation.post import SYDNEY, UNKNOWN, Post
from tests.simulation.timeline import DAY, HOUR

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from tests.simulation.timeline import Timeline

API_KEY = "fake-api-key"
ENOUGH = 10**9
# What it refuses, and what nobody knows the meaning of.
REFUSAL = "FinancialExecuteNppCreditBankAccountDetailsAreInvalid"
BLOCKED = "FinancialExecuteReferenceIsBlocked"
EXISTS = "FinancialExecuteUniqueReferenceExists"
NO_FUNDS = "FinancialExecuteDebitTransactionWillExceedSignInCreditLimit"
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
class SimulatedMonoova:
    """The provider. `tell` is called with the event and the body of each webhook it sends."""

    timeline: Timeline
    began: datetime
    habits: Habits
    chance: Random
    tell: Callable[[str, bytes], None]
    executed: Callable[[Execution], None]
    post: Post
    executions: list[Execution] = field(default_factory=list)
    requests: int = 0
    blocked: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    key: str = API_KEY
    down: bool = False
    # Whether no connection to it can be made.
    unreachable: bool = False
    refusals: float = 0.0  # the share of payments that it refuses
    refusal: str = REFUSAL
    # Cents in the account, and whether a reference is used up by a refusal for lack of them.
    balance: int = ENOUGH
    uses_up: bool = False
    # Whether NPP money that comes back is told as a receipt, too, and how long after.
    tells_twice: bool = False
    # Seconds after which every NPP payment is complete, where nothing is left to chance.
    settles_after: float | None = None
    refused_for_funds: int = 0
    _short: set[str] = field(default_factory=set)
    account: Account = field(init=False)
    broken_word: BrokenWord = field(init=False)

    def __post_init__(self) -> None:
        """Its own ledger of our account."""
        self.account = Account(self._moment)
        self.broken_word = BrokenWord(self)

    def answer(self, call: Any, api_key: str | None) -> tuple[int, bytes]:
        """HTTP status and body."""
        status, told = self._answer(call, api_key)
        return status, json.dumps(told, default=plain).encode()

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

    def send_back(self, execution: Execution, *, told: bool = True) -> None:
        """Have a payment come back; `told` says whether anybody is told."""
        if told:
            self._end(execution, "Dishonoured")
        else:
            execution.word, execution.back = "Dishonoured", execution.cents
            self._give_back(execution)

    def execute_after_all(self, reference: str, cents: int) -> None:
        """Execute what was refused, against the provider's own word."""
        self._made(reference, cents, npp=True)

    def _answer(self, call: Any, api_key: str | None) -> tuple[int, Any]:  # noqa: C901, PLR0911 (a case an operation)
        if self.down:
            return 503, {}
        if api_key != self.key:
            return 401, {"status": "MerchantFailedToLogin"}
        match call.operation:
            case "execute":
                return self._execute(json.loads(call.body, parse_float=Decimal))
            case "validate":
                return self._validate(json.loads(call.body, parse_float=Decimal))
            case "status":
                return self._status(call.path.rsplit("/", 1)[1])
            case "statuses":
                first, last = call.path.split("/")[-2:]
                lag = self.habits.status_lag
                rows = [status_of(each) for each in self._between(first, last, lag)]
                return 200, {"status": "Ok", "statuses": rows}
            case "entries":
                asked = json.loads(call.body)
                first, last = asked["startDate"][:10], asked["endDate"][:10]
                found = self._between(first, last, self.habits.entries_lag)
                return 200, {"status": "Ok", "items": lines(found)}
            case "lines":
                asked = json.loads(call.body)
                first, last = asked["startDate"][:10], asked["endDate"][:10]
                until = self.timeline.now - self.habits.entries_lag
                return 200, {"status": "Ok", "items": self.account.rows(first, last, until)}
            case "statement":
                day = call.path.rsplit("/", 1)[1]
                lag = self.habits.entries_lag
                rows = [settled(each) for each in self._between(day, day, lag)]
                return 200, {"status": "Ok", "transactions": rows}
            case "financials":
                figures = dict.fromkeys(("actualBalance", "availableToDebit"), self.balance)
                told = {name: dollars(cents) for name, cents in figures.items()}
                return 200, {"status": "Ok", "financials": told}
            case "report":
                path, asked = call.path.split("?")
                skip, take = (int(each.split("=")[1]) for each in asked.split("&"))
                told_us = self.post.report(path.rsplit("/", 1)[1], skip, take)
                return 200, {"status": "Ok", "notifications": told_us}
            case "resend":
                known = self.post.again(int(call.path.rsplit("/", 1)[1]))
                return (200, {"status": "Ok"}) if known else (400, {"status": UNKNOWN})
        raise NotImplementedError(call.operation)

    def _validate(self, body: dict[str, Any]) -> tuple[int, Any]:
        """What it would be refused for by now; nothing is moved, and no reference used up."""
        reference = body["uniqueReference"]
        if reference in self.blocked:
            return 400, {"status": BLOCKED}
        before = [each for each in self.executions if each.reference == reference]
        if before and self._refuses(before[-1]):
            return 400, {"status": EXISTS}
        if reference in self.refused or self.chance.random() < self.refusals:
            self.refused.add(reference)
            return 400, {"status": REFUSAL}
        if int(Decimal(body["totalAmount"]) * 100) + FEE_CENTS > self.balance:
            return 400, {"status": NO_FUNDS}
        return 200, {"status": "Ok", "transactionId": 0, "callerUniqueReference": reference}

    def _execute(self, body: dict[str, Any]) -> tuple[int, Any]:
        self.requests += 1
        reference, cents = body["uniqueReference"], int(Decimal(body["totalAmount"]) * 100)
        if reference in self.blocked:
            return 400, {"status": BLOCKED}
        before = [each for each in self.executions if each.reference == reference]
        if before and self._refuses(before[-1]):
            return 400, {"status": EXISTS}
        if not before and (reference in self.refused or self.chance.random() < self.refusals):
            self.refused.add(reference)
            self.broken_word.refused(reference, cents)
            return 400, {"status": self.refusal}
        if reference in self._short:
            return 400, {"status": EXISTS}
        if cents + FEE_CENTS > self.balance:
            self.refused_for_funds += 1
            if self.uses_up:
                self._short.add(reference)
            return 400, {"status": NO_FUNDS}
        self.balance -= cents + FEE_CENTS
        asked = body["disbursements"][0]
        npp = asked["disbursementMethod"] != "directCredit"
        details = [each for each in asked.values() if isinstance(each, dict)]
        payee = details[0].get("accountName", "") if details else ""
        execution = self._made(reference, cents, npp=npp, payee=payee)
        return 200, {
            "status": "Ok", "transactionId": execution.number,
            "feeAmountIncludingGst": dollars(FEE_CENTS), "callerUniqueReference": reference,
        }  # fmt: skip

    def _made(self, reference: str, cents: int, *, npp: bool, payee: str = "") -> Execution:
        execution = Execution(
            reference, 100_000 + len(self.executions), cents, npp,
            self.timeline.now, "Pending" if npp else "Complete", payee=payee,
        )  # fmt: skip
        self.executions.append(execution)
        self.account.paid(execution)
        self._foresee(execution)
        self.executed(execution)
        return execution

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
        if (execution.word, word) == ("Complete", "Rejected"):
            return  # it was settled at last, and is not turned away any more
        execution.word = word
        if word != "Complete":
            execution.back = execution.cents
            self.balance += execution.cents
            self._give_back(execution)
        event, body = webhook(execution, self._moment(self.timeline.now))
        if self.tells_twice and event == "NppReturn":
            self._tell_in_any_order(execution, (event, body))
        else:
            self.tell(event, body)

    def _give_back(self, execution: Execution) -> None:
        self.account.came_back(execution, self.timeline.now, nameless=self.tells_twice)

    def _tell_in_any_order(self, execution: Execution, back: tuple[str, bytes]) -> None:
        """What came back, as the return that it is and as money received."""
        now = self._moment(self.timeline.now)
        name = f"N{execution.number + RETURNS:011d}"
        pair = [back, receipt(name, execution.cents, "payment returned", now)]
        self.chance.shuffle(pair)
        self.tell(*pair[0])
        later = self.chance.choice([0.0, 0.0, 20.0, 4000.0])
        self.timeline.after(later, lambda: self.tell(*pair[1]))

    def _status(self, reference: str) -> tuple[int, Any]:
        until = self.timeline.now - self.habits.status_lag
        known = [each for each in self.executions if each.reference == reference]
        known = [each for each in known if each.at <= until]
        if not known:
            return 400, {"status": NOT_FOUND}
        return 200, {"status": "Ok", **status_of(known[-1])}

    def _between(self, first: str, last: str, lag: float) -> list[Execution]:
        known = [each for each in self.executions if each.at <= self.timeline.now - lag]
        dated = ((self._moment(each.at).date().isoformat(), each) for each in known)
        return [each for day, each in dated if first <= day <= last]

    def _moment(self, at: float) -> datetime:
        return (self.began + timedelta(seconds=at)).astimezone(SYDNEY)
