"""The port `Provider` of our use cases, on the provider that all sides call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.bank import TimedOut
from chalicelib.domain.answers import Answer, Mishap, classify
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import ProviderUnavailable
from chalicelib.domain.events import Confirmed
from chalicelib.domain.money import ZERO, Money
from chalicelib.ports import AccountEntry, Settled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from bench.bank import Bank, Execution
    from bench.faults import BenchClock
    from chalicelib.domain.destination import Destination
    from chalicelib.domain.events import News
    from chalicelib.domain.liquidity import Financials
    from chalicelib.domain.payout import Payout

LEAST = 3.0  # seconds: with less a payment is not begun, as our HTTP adapter has it
FEE = Money(10)


class BankPort:
    """Translates: it decides nothing."""

    def __init__(self, bank: Bank, clock: BenchClock) -> None:
        self._bank = bank
        self._clock = clock

    def pay(self, payout: Payout, _destination: Destination, *, within: float) -> News:
        """Send the present attempt."""
        answer = Answer(Mishap.NO_TIME)
        reference = payout.unique_reference
        if within >= LEAST:
            try:
                told = self._bank.pay(reference, payout.intent.amount.cents)
            except TimedOut:
                answer = Answer(Mishap.TIMED_OUT)
            else:
                answer = Answer(
                    http_status=told.http_status, code=told.code,
                    transaction_id=told.transaction_id or None, fee=FEE, reference=reference,
                )  # fmt: skip
        return classify(
            answer, reference=reference, attempt=payout.attempt, at=self._clock.now(), by="bank"
        )

    def validate(
        self,
        _payout: Payout,
        _destination: Destination,
        *,
        within: float,  # noqa: ARG002 (the port's)
    ) -> News | None:
        """It has nothing against anything; the other sides do not ask beforehand either."""
        return None

    def status(self, payout: Payout, *, within: float) -> News | None:
        """What it says of the present attempt."""
        if self._found(payout.unique_reference, within) is None:
            return None
        return Confirmed(at=self._clock.now(), by="bank", attempt=payout.attempt)

    def statuses(self, _first: date, _last: date, *, within: float) -> Mapping[str, News]:
        """Never asked for one payout alone."""
        raise ProviderUnavailable(f"not asked for whole days here ({within} s)")

    def financials(self, *, within: float) -> Financials | None:  # noqa: ARG002 (the port's)
        """It has money for everything, and tells nobody how much."""
        return None

    def entries(self, first: date, last: date, *, within: float) -> Sequence[AccountEntry]:
        """The account's lines of those days."""
        self._found("", within)
        return [
            AccountEntry(each.reference, each.transaction_id, Money(each.cents), ZERO)
            for each in self._bank.executions
            if first <= sydney_date(each.at) <= last
        ]

    def statement(self, day: date, *, within: float) -> Mapping[str, Settled]:
        """Ids and fees of a day's payments."""
        self._found("", within)
        return {
            each.reference: Settled(each.transaction_id, FEE)
            for each in self._bank.executions
            if sydney_date(each.at) == day
        }

    def _found(self, reference: str, within: float) -> Execution | None:
        if within <= 0:
            raise ProviderUnavailable("no time left to ask")
        try:
            return self._bank.find(reference)
        except TimedOut:
            raise ProviderUnavailable("no answer") from None
