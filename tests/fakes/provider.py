"""The provider by a script: it answers what it is told to, and keeps books of what it executed.

What it answers and what it did are two things: a reply can be lost after the payment was made.
Answers are classified by the domain, as those of the real one are.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from chalicelib.domain.answers import NO_FUNDS, Answer, Mishap, classify, objection
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import ProviderUnavailable
from chalicelib.domain.events import Accepted, Confirmed, News, Rejected, Returned
from chalicelib.domain.liquidity import Financials
from chalicelib.domain.money import ZERO, Money, total
from chalicelib.domain.references import parse_reference
from chalicelib.ports import AccountEntry, Settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.domain.destination import Destination
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.rails import Rail
    from chalicelib.ports import Clock


def _nothing(_reference: str) -> None:
    """What usually happens between a payment and its answer."""


class Reply(NamedTuple):
    """What a request to pay meets: an answer, and whether the payment is made."""

    answer: Answer
    executes: bool


FEE = Money(12)
ACCEPTED = Reply(Answer(http_status=200, code="Ok"), executes=True)
REFUSED = Reply(Answer(http_status=400, code="FinancialValidateInvalidTotalAmount"), executes=False)
OUT_OF_FUNDS = Reply(Answer(http_status=400, code=NO_FUNDS), executes=False)
NOT_CONNECTED = Reply(Answer(Mishap.NOT_CONNECTED), executes=False)
SIGN_IN_REFUSED = Reply(Answer(http_status=401), executes=False)
TOO_MANY_REQUESTS = Reply(Answer(http_status=429), executes=False)
TIMED_OUT_AND_PAID = Reply(Answer(Mishap.TIMED_OUT), executes=True)
TIMED_OUT_UNPAID = Reply(Answer(Mishap.TIMED_OUT), executes=False)
SERVER_ERROR_AND_PAID = Reply(Answer(http_status=500), executes=True)
SERVER_ERROR_UNPAID = Reply(Answer(http_status=500), executes=False)


@dataclass(frozen=True, slots=True)
class Execution:
    """A payment that the provider made. `word` is its status there, `back` what came back."""

    reference: str
    transaction_id: str
    amount: Money
    rail: Rail
    destination: Destination
    at: datetime
    word: str = "Pending"
    back: Money | None = None


class FakeProvider:
    """The port `Provider`. `executions` holds every payment: two of one reference are one too many.

    `heard` is told what each payment met. `says` are the coming replies, in order, and
    `says_of_validity` those to validations; afterwards everything is accepted. `validated` is what
    was asked beforehand. `down` fails what is asked, not what is paid. `before_answering` is
    called with the reference of each request, once it is executed or not: what it does has
    overtaken the reply. With a `balance` it executes only what that covers with its fee, and tells
    it; without one it is not asked about any account.
    """

    def __init__(self, clock: Clock, *, refuses_repeats: bool = True, fee: Money = FEE) -> None:
        self.refuses_repeats = refuses_repeats
        self.down = False
        self.balance: Money | None = None
        self.npp_limit: Money | None = None
        self.says: deque[Reply] = deque()
        self.says_of_validity: deque[Answer] = deque()
        self.validated: list[tuple[str, Rail, Destination]] = []
        self.before_answering: Callable[[str], None] = _nothing
        self.heard: Callable[[Payout, News], None] = lambda _payout, _news: None
        self.executions: list[Execution] = []
        self.requests: list[str] = []
        self._clock = clock
        self._fee = fee

    def will(self, *replies: Reply) -> None:
        """Reply so to the next requests to pay."""
        self.says.extend(replies)

    def will_object(self, *replies: Reply) -> None:
        """Reply so to the next validations; nothing is executed by any."""
        self.says_of_validity.extend(each.answer for each in replies)

    def settle(self, reference: str, word: str, *, back: Money | None = None) -> None:
        """Say from now on that a payment is `Complete`, `Rejected` or `Dishonoured`."""
        self.executions = [
            replace(each, word=word, back=back) if each.reference == reference else each
            for each in self.executions
        ]

    def paid(self, reference: str) -> int:
        """How often that reference was executed."""
        return sum(each.reference == reference for each in self.executions)

    def pay(self, payout: Payout, destination: Destination, *, within: float) -> News:
        """Meet the next reply."""
        reference = payout.unique_reference
        answer = Answer(Mishap.NO_TIME)
        if within > 0:
            self.requests.append(reference)
            answer = self._meet(payout, destination)
            self.before_answering(reference)
        news = classify(
            answer, reference=reference, attempt=payout.attempt, at=self._clock.now(), by="provider"
        )
        self.heard(payout, news)
        return news

    def validate(self, payout: Payout, destination: Destination, *, within: float) -> News | None:
        """Meet the next of the replies to validations."""
        reference = payout.unique_reference
        answer = Answer(Mishap.NO_TIME)
        if within > 0:
            self.validated.append((reference, payout.rail, destination))
            answer = self.says_of_validity.popleft() if self.says_of_validity else ACCEPTED.answer
        news = classify(
            answer, reference=reference, attempt=payout.attempt, at=self._clock.now(), by="provider"
        )
        against = objection(news)
        if against is not None:
            self.heard(payout, news)
        return against

    def status(self, payout: Payout, *, within: float) -> News | None:
        """What the books say of the present attempt."""
        self._ask(within)
        found = [each for each in self.executions if each.reference == payout.unique_reference]
        return self._news(found[-1]) if found else None

    def statuses(self, first: date, last: date, *, within: float) -> Mapping[str, News]:
        """What the books say of every payment of those days."""
        self._ask(within)
        return {each.reference: self._news(each) for each in self._between(first, last)}

    def entries(self, first: date, last: date, *, within: float) -> Sequence[AccountEntry]:
        """A debit for each payment of those days, and a credit for what came back of it."""
        self._ask(within)
        lines = []
        for each in self._between(first, last):
            lines.append(AccountEntry(each.reference, each.transaction_id, each.amount, ZERO))
            if each.back is not None:
                lines.append(AccountEntry(each.reference, each.transaction_id, ZERO, each.back))
        return lines

    def financials(self, *, within: float) -> Financials | None:
        """What is left of the balance."""
        self._ask(within)
        if self.balance is None:
            return None
        return Financials(self._left(), self._left(), npp_limit=self.npp_limit)

    def statement(self, day: date, *, within: float) -> Mapping[str, Settled]:
        """Ids and fees of the successful payments of a day."""
        self._ask(within)
        return {
            each.reference: Settled(each.transaction_id, self._fee)
            for each in self._between(day, day)
            if each.word != "Rejected"
        }

    def _meet(self, payout: Payout, destination: Destination) -> Answer:
        answer, executes = self.says.popleft() if self.says else ACCEPTED
        if not executes:
            return answer
        reference = payout.unique_reference
        if self.refuses_repeats and self.paid(reference):
            repeat = Answer(http_status=400, code="UniqueReferenceExists")
            return answer if answer.mishap is not Mishap.NONE else repeat
        if self.balance is not None and payout.intent.amount + self._fee > self._left():
            return OUT_OF_FUNDS.answer if answer.mishap is Mishap.NONE else answer
        transaction_id = str(100_000 + len(self.executions))
        self.executions.append(
            Execution(
                reference=reference, transaction_id=transaction_id, amount=payout.intent.amount,
                rail=payout.rail, destination=destination, at=self._clock.now(),
            )
        )  # fmt: skip
        if answer.http_status != 200:
            return answer
        return replace(answer, transaction_id=transaction_id, fee=self._fee, reference=reference)

    def _left(self) -> Money:
        spent = total(each.amount + self._fee - (each.back or ZERO) for each in self.executions)
        return (self.balance or ZERO) - spent

    def _news(self, execution: Execution) -> News:
        parsed = parse_reference(execution.reference)
        attempt = parsed[1] if parsed else 0
        at = self._clock.now()
        if execution.word == "Complete":
            return Confirmed(at=at, by="provider", attempt=attempt)
        if execution.word == "Rejected":
            return Rejected(at=at, by="provider", attempt=attempt)
        if execution.word == "Dishonoured":
            return Returned(at=at, by="provider", attempt=attempt)
        return Accepted(at=at, by="provider", attempt=attempt)

    def _between(self, first: date, last: date) -> Iterable[Execution]:
        return (each for each in self.executions if first <= sydney_date(each.at) <= last)

    def _ask(self, within: float) -> None:
        if self.down or within <= 0:
            raise ProviderUnavailable("The provider does not answer.")
