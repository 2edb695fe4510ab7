"""The provider's payments interface: pay, once; ask, as often as it takes.

A request to pay is repeated only where it certainly never left, or was turned away as one too
many; whatever else befalls it is an event for the core to judge. Questions may be repeated.
"""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from chalicelib.adapters import exact_json
from chalicelib.adapters.monoova import payments, reading
from chalicelib.adapters.monoova.asking import LEAST_TO_ASK, Exchanges, may_ask_again
from chalicelib.adapters.monoova.transport import LARGE, Call, Reply
from chalicelib.domain.answers import Mishap, classify, objection
from chalicelib.domain.errors import ProviderUnavailable
from chalicelib.domain.events import Doubt, NeverSent, OutOfFunds, Refused, Unclear

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from chalicelib.adapters.monoova.payments import PaymentForm
    from chalicelib.adapters.monoova.signin import SignedIn
    from chalicelib.domain.destination import Destination
    from chalicelib.domain.events import News
    from chalicelib.domain.liquidity import Financials
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import AccountEntry, Clock, Settled

BY, VALIDATED_BY = "monoova:execute", "monoova:validate"
# Seconds below which a payment is not begun: its answer would be lost more often than heard.
LEAST_TO_PAY = 3.0
_NEVER_SENT = frozenset({Mishap.NOT_CONNECTED})


class Monoova:
    """The `Provider` port on Monoova's HTTP interface; `heard` is told what each payment met."""

    def __init__(
        self,
        signed_in: SignedIn,
        *,
        form: PaymentForm,
        clock: Clock,
        sleep: Callable[[float], None] = time.sleep,
        chance: Callable[[], float] = random.random,
        heard: Callable[[Payout, News], None] = lambda _payout, _news: None,
    ) -> None:
        self._form = form
        self._heard = heard
        self._clock = clock
        self._exchanges = Exchanges(signed_in, clock=clock, sleep=sleep, chance=chance)
        self._asked = self._exchanges.asked

    def pay(self, payout: Payout, destination: Destination, *, within: float) -> News:
        """Send the present attempt; whatever happens is an event, never an exception."""
        body = payments.body_of(payout, destination, self._form)
        call = Call("execute", "POST", "/financial/v2/transaction/execute", body)
        replies = self._exchanges.all(call, within, least=LEAST_TO_PAY, again=_may_pay_again)
        news = classify(
            reading.answer_of(replies[-1]), reference=payout.unique_reference,
            attempt=payout.attempt, at=self._clock.now(), by=BY,
        )  # fmt: skip
        if any(reply.http_status == 429 for reply in replies):
            news = _doubted(news)
        self._heard(payout, news)
        return news

    def validate(self, payout: Payout, destination: Destination, *, within: float) -> News | None:
        """Ask whether the present attempt would be taken; whatever stands in the way is an event.

        `None` where nothing does. Nothing is moved by it, so it may be asked again.
        """
        body = payments.body_of(payout, destination, self._form)
        call = Call("validate", "POST", "/financial/v2/transaction/validate", body)
        replies = self._exchanges.all(call, within, least=LEAST_TO_ASK, again=may_ask_again)
        news = classify(
            reading.answer_of(replies[-1]), reference=payout.unique_reference,
            attempt=payout.attempt, at=self._clock.now(), by=VALIDATED_BY,
        )  # fmt: skip
        against = objection(news)
        if against is not None:
            # Otherwise the payment itself will tell.
            self._heard(payout, news)
        return against

    def status(self, payout: Payout, *, within: float) -> News | None:
        """What the provider says of the present attempt; `None` where it does not know it.

        Raises:
            ProviderUnavailable: it could not be asked, or answered what is not understood.
        """
        reference = payout.unique_reference
        call = Call("status", "GET", f"/financial/v2/status/{quote(reference, safe='')}")
        reply = self._asked(call, within)
        if reply.http_status == 400 and reading.code_of(reply).endswith(reading.NOT_FOUND):
            return None
        return reading.news_of(
            _told(call, reply), reference=reference, attempt=payout.attempt, at=self._clock.now()
        )

    def statuses(self, first: date, last: date, *, within: float) -> Mapping[str, News]:
        """What the provider says of every payout of ours of those Sydney dates, by reference.

        Raises:
            ProviderUnavailable: it could not be asked.
        """
        path = f"/financial/v2/status/{first.isoformat()}/{last.isoformat()}"
        call = Call("statuses", "GET", path, largest=LARGE)
        told = _told(call, self._asked(call, within))
        return reading.statuses_of(told, at=self._clock.now())

    def entries(self, first: date, last: date, *, within: float) -> Sequence[AccountEntry]:
        """The account's own lines of those Sydney dates, in its order.

        Raises:
            ProviderUnavailable: it could not be asked.
        """
        if not self._form.account:
            raise ProviderUnavailable("MONOOVA_MACCOUNT_TOKEN is not set: which account to read?")
        wanted = reading.wanted_entries(self._form.account, first, last)
        body = exact_json.write(wanted).encode("ascii")
        call = Call("entries", "POST", "/mAccount/v1/transactions", body, LARGE)
        return reading.entries_of(_told(call, self._asked(call, within)))

    def statement(self, day: date, *, within: float) -> Mapping[str, Settled]:
        """Transaction ids and fees of the successful payments of a Sydney date, by reference.

        Raises:
            ProviderUnavailable: it could not be asked.
        """
        call = Call("statement", "GET", f"/reports/v1/statement/{day.isoformat()}", largest=LARGE)
        return reading.statement_of(_told(call, self._asked(call, within)))

    def financials(self, *, within: float) -> Financials | None:
        """The account's figures now; `None` where no account is configured to be asked about.

        Raises:
            ProviderUnavailable: it could not be asked.
        """
        if not self._form.account:
            return None
        path = f"/mAccount/v1/financials/{quote(self._form.account, safe='')}"
        call = Call("financials", "GET", path)
        return reading.financials_of(_told(call, self._asked(call, within)))

    def ping(self, *, within: float) -> str:
        """The provider's name of its environment (Sandbox or Live): it answers, and takes our key.

        Raises:
            ProviderUnavailable: it does not.
        """
        call = Call("ping", "GET", "/tools/v1/ping")
        told = _told(call, self._asked(call, within))
        return exact_json.printable(told.get("environment"), 20)


def _may_pay_again(reply: Reply) -> bool:
    return reply.mishap in _NEVER_SENT or (reply.mishap is Mishap.NONE and reply.http_status == 429)


def _doubted(news: News) -> News:
    """News that came after a 429: the request turned away may have been taken all the same."""
    if isinstance(news, (NeverSent, Refused, OutOfFunds)):
        detail = str(news.reason) if isinstance(news, NeverSent) else news.refusal
        return Unclear(
            at=news.at, by=news.by, attempt=news.attempt, doubt=Doubt.TOO_MANY_REQUESTS,
            detail=detail,
        )  # fmt: skip
    return news


def _told(call: Call, reply: Reply) -> dict[str, Any]:
    """The object that a question was answered with.

    Raises:
        ProviderUnavailable: it was refused, or not understood.
    """
    told = reading.object_of(reply)
    if reply.http_status != 200 or not told or told.get("status", "Ok") not in {"Ok", "OK"}:
        code = reading.code_of(reply) or reply.detail or "no code"
        raise ProviderUnavailable(f"{call.operation}: HTTP {reply.http_status}, {code}.")
    return told
