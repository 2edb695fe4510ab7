"""Ask the provider what became of a payout, and hear it.

*Not found* means that the status by reference and the account's own transactions both lack it.
Only then, only after the quarantine, and only with the same reference is anything sent again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Protocol

from chalicelib.domain.advance import advance
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import ProviderUnavailable, Stale
from chalicelib.domain.events import (
    Accepted,
    Asked,
    Confirmed,
    Doubt,
    Escalated,
    Returned,
    Unclear,
    WindowClosed,
)
from chalicelib.domain.money import total
from chalicelib.domain.payout import Status
from chalicelib.usecases.hear import hear

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from chalicelib.domain.events import News
    from chalicelib.domain.patience import Patience
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import AccountEntry, Clock, Payouts, Provider, Settled

    Statements = Callable[[date], Mapping[str, Settled]]

# The sender's name on what asking finds.
POLLER = "poller"
# How long before midnight a sending may be settled after it.
MIDNIGHT = timedelta(minutes=5)
# Seconds that one question may take: one that hangs must not take the others' time.
LONGEST_QUESTION = 10.0
# The provider's limit is three months of account transactions in one answer.
MOST_DAYS = timedelta(days=80)


class Ledger(Protocol):
    """The part of the provider that tells the account's own lines."""

    def entries(self, first: date, last: date, *, within: float) -> Sequence[AccountEntry]:
        """As `Provider.entries`."""
        ...


class ReadOnce:
    """The account's lines and the provider's statements, each asked for once: for one run.

    Hundreds of windows may close at the same midnight, and each needs the same lines. What was
    read before a midnight is not what a window that closes then may be held against: it is read
    again.
    """

    def __init__(self, provider: Provider, clock: Clock) -> None:
        self._provider, self._clock = provider, clock
        self._lines: dict[tuple[date, date, date], Sequence[AccountEntry]] = {}
        self._statements: dict[date, Mapping[str, Settled]] = {}

    def entries(self, first: date, last: date, *, within: float) -> Sequence[AccountEntry]:
        """The lines of those dates, as they were when they were first asked for today.

        Raises:
            ProviderUnavailable: they could not be read; whoever asks next asks again.
        """
        asked = (first, last, sydney_date(self._clock.now()))
        if asked not in self._lines:
            self._lines[asked] = self._provider.entries(first, last, within=within)
        return self._lines[asked]

    def statement(self, day: date, *, within: float) -> Mapping[str, Settled]:
        """The statement of a day, by unique reference, as it was when it was first asked for.

        Raises:
            ProviderUnavailable: it could not be read; whoever asks next asks again.
        """
        if day not in self._statements:
            self._statements[day] = self._provider.statement(day, within=within)
        return self._statements[day]


def find(
    payout: Payout, *, provider: Provider, clock: Clock, time_left: Callable[[], float],
    known: News | None = None, until: date | None = None,
) -> News | None:  # fmt: skip
    """What the provider knows of the present attempt; `None` where it certainly knows nothing.

    `known` is news that a look-up of the whole day has already brought; `until` is the date by
    which the account would show it, if that is not now.

    Raises:
        ProviderUnavailable: it could not be asked.
    """
    news = known or provider.status(payout, within=min(time_left(), LONGEST_QUESTION))
    if news is not None and not (isinstance(news, Returned) and news.amount is None):
        return news
    lines = account_lines(
        payout, provider=provider, clock=clock, time_left=time_left, until=until
    )  # fmt: skip
    back = total(line.credit for line in lines)
    if news is not None and back:
        # A status says that it came back, and only the account how much of it.
        return replace(news, amount=back)
    debit = next((line for line in lines if line.debit), None)
    if news is None and debit is None:
        return None
    return Accepted(
        at=clock.now(), by=POLLER, attempt=payout.attempt,
        monoova_transaction_id=debit.transaction_id if debit else None,
    )  # fmt: skip


def account_lines(
    payout: Payout, *, provider: Ledger, clock: Clock, time_left: Callable[[], float],
    until: date | None = None,
) -> list[AccountEntry]:  # fmt: skip
    """The account's own lines of the present attempt, from the day of the request on until now.

    A day on either side is read too: the provider's clock and date are not ours.

    Raises:
        ProviderUnavailable: they could not be read, all of them.
    """
    first = sydney_date(payout.intent.created_at) - timedelta(days=1)
    now = sydney_date(clock.now()) + timedelta(days=1)
    last = min(until, now) if until else now
    lines: list[AccountEntry] = []
    while first <= last:
        some = min(last, first + MOST_DAYS)
        lines += provider.entries(first, some, within=min(time_left(), LONGEST_QUESTION))
        first = some + timedelta(days=1)
    return [line for line in lines if line.reference == payout.unique_reference]


def ask(
    payout: Payout,
    news: News | None,
    *,
    payouts: Payouts,
    clock: Clock,
    statement: Statements,
) -> Payout:
    """Record what `find` brought for an open payout: hear it, or note that nothing is new.

    Raises:
        Stale: somebody else wrote first; the payout will be due again.
    """
    now = clock.now()
    asked = Asked(at=now, by=POLLER, attempt=payout.attempt, found=news is not None)
    if news is not None:
        step = advance(payout, with_receipt(payout, news, statement))
        if step.changes:
            return hear(payout, step.event, payouts=payouts).payout
        return payouts.write(advance(payout, asked))
    if payout.status in {Status.SENDING, Status.RESENDING}:
        doubt = Unclear(at=now, by=POLLER, attempt=payout.attempt, doubt=Doubt.NO_ANSWER_RECORDED)
        unclear = advance(payout, doubt)
        return payouts.write(unclear, advance(unclear.after, asked))
    return payouts.write(advance(payout, asked))


def with_receipt(payout: Payout, news: News, statement: Statements) -> News:
    """The news with fee and id that its lost reply would have told, where they are known."""
    if payout.fee is not None or not isinstance(news, (Accepted, Confirmed)):
        return news
    sent_at = payout.sent_at or payout.updated_at
    # Sent before midnight, it may have been settled after; sent twice, it was the first, perhaps.
    days = {sydney_date(at) for at in (payout.intent.created_at, sent_at, sent_at + MIDNIGHT)}
    try:
        found = (statement(day).get(payout.unique_reference) for day in sorted(days))
        line = next((line for line in found if line), None)
    except ProviderUnavailable:
        return news
    if line is None:
        return news
    return replace(news, monoova_transaction_id=line.transaction_id, fee=line.fee)


def close_window(
    payout: Payout,
    *,
    payouts: Payouts,
    provider: Ledger,
    clock: Clock,
    time_left: Callable[[], float],
) -> Payout:
    """Complete a direct credit whose window is over, if no day's transactions show its return.

    `provider` may answer out of what it has read since the window was over.

    Raises:
        ProviderUnavailable: the transactions could not be read; it stays open.
    """
    lines = account_lines(payout, provider=provider, clock=clock, time_left=time_left)
    now = clock.now()
    back = total(entry.credit for entry in lines)
    event: News
    if back:
        event = Returned(
            at=now, by=POLLER, attempt=payout.attempt, file_id=payout.file_id, amount=back
        )
    elif any(entry.debit for entry in lines):
        event = WindowClosed(at=now, by=POLLER, attempt=payout.attempt, file_id=payout.file_id)
    else:
        # Its sending is not there either: that proves nothing.
        event = Asked(
            at=now, by=POLLER, attempt=payout.attempt, file_id=payout.file_id, found=False
        )
    return hear(payout, event, payouts=payouts).payout


def escalate(payout: Payout, *, payouts: Payouts, clock: Clock, patience: Patience) -> Payout:
    """Put a payout before a person where asking has not helped for too long.

    Only as it was looked at: what has just ended would be before one for ever.
    """
    why = patience.escalation(payout, clock.now())
    if why:
        with suppress(Stale):
            alarm = Escalated(at=clock.now(), by=POLLER, why=why)
            return payouts.write(advance(payout, alarm))
    return payout
