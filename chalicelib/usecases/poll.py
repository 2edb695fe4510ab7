"""Look after every open payout that is due: send what waits, ask about what is open.

One payout's trouble costs only itself. Stops early rather than late; what is left is due next time.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.domain.advance import advance
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import (
    Contradiction,
    Corrupt,
    CustomerStopped,
    PayoutError,
    ProviderUnavailable,
    SignInRefused,
)
from chalicelib.domain.events import Escalated, Hindrance, Unanswered
from chalicelib.domain.payout import OPEN, Status
from chalicelib.domain.rails import Rail
from chalicelib.usecases.ask import LONGEST_QUESTION, POLLER, ask, close_window, escalate, find
from chalicelib.usecases.hear import hear
from chalicelib.usecases.send import send

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.events import News
    from chalicelib.domain.patience import Patience
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Gate, Payouts, Provider, Settled, Vault

# Seconds that one payout may need at the worst: with less left, none is begun.
RESERVE = 25.0
# Payouts of one run; more are due again at once.
MOST = 500
# From this many payouts of one day on, one look-up for the whole day is cheaper.
MANY = 10


def poll(
    *,
    payouts: Payouts,
    provider: Provider,
    vault: Vault,
    gate: Gate,
    clock: Clock,
    calendar: Calendar,
    patience: Patience,
    time_left: Callable[[], float],
) -> Counter[str]:
    """One run; counts what became of each payout, by its status afterwards or the error's code."""
    told: Counter[str] = Counter()
    if gate.closed():
        told["gate_closed"] += 1
        return told
    due = [
        payout
        for transaction_id in islice(payouts.due(clock.now()), MOST)
        if (payout := _read(transaction_id, payouts, told))
        and _is_due(payout, clock, calendar, patience)
    ]
    # Nothing has to be asked before what waits may go out.
    due.sort(key=lambda payout: payout.status is not Status.QUEUED)
    try:
        known = _days_with_many(due, provider, time_left)
    except SignInRefused as refused:
        told[refused.code] += 1
        return told

    @cache
    def statement(day: date) -> Mapping[str, Settled]:
        return provider.statement(day, within=min(time_left(), LONGEST_QUESTION))

    for payout in due:
        if time_left() < RESERVE:
            told["left_for_next_time"] += 1
            continue
        try:
            after = _attend(
                payout, known=known.get(payout.unique_reference), statement=statement,
                payouts=payouts, provider=provider, vault=vault, clock=clock, patience=patience,
                time_left=time_left,
            )  # fmt: skip
            told[after.status.shown] += 1
        except SignInRefused as refused:
            told[refused.code] += 1
            break
        except Exception as error:  # noqa: BLE001 (whatever it was, it costs this payout only)
            told[_code(error)] += 1
            _worry(payout, error, payouts=payouts, clock=clock, patience=patience)
            continue
        if after.hindrance == Hindrance.SIGN_IN_REFUSED:
            # Each further sending would be a refused sign-in more, and five lock the account.
            told[SignInRefused.code] += 1
            break
    return told


def _read(transaction_id: str, payouts: Payouts, told: Counter[str]) -> Payout | None:
    try:
        return payouts.get(transaction_id)
    except Exception as error:  # noqa: BLE001 (whatever it was, it costs this payout only)
        told[_code(error)] += 1
        return None


def _worry(
    payout: Payout, error: Exception, *, payouts: Payouts, clock: Clock, patience: Patience
) -> None:
    """Put a payout before a person that could not be attended to, at once or after too long."""
    why = _code(error) if _is_lasting(error) else patience.escalation(payout, clock.now())
    if why:
        with suppress(Exception):
            alarm = Escalated(at=clock.now(), by=POLLER, why=why)
            payout = hear(payout, alarm, payouts=payouts).payout
    if isinstance(error, ProviderUnavailable):
        # It is due later now, or it would stand before all others in every run.
        unanswered = Unanswered(at=clock.now(), by=POLLER, attempt=payout.attempt)
        with suppress(Exception):
            payouts.write(advance(payout, unanswered))


def _is_lasting(error: Exception) -> bool:
    """Whether it will be so the next time, too."""
    return isinstance(error, (Contradiction, CustomerStopped)) or not isinstance(error, PayoutError)


def _code(error: Exception) -> str:
    if isinstance(error, PayoutError):
        return error.code
    return "corrupt" if isinstance(error, Corrupt) else "defect"


def _is_due(payout: Payout, clock: Clock, calendar: Calendar, patience: Patience) -> bool:
    """The index may lag: what counts is the payout as it is now."""
    due = patience.due(payout, calendar)
    return due is not None and due <= clock.now()


def _attend(
    payout: Payout,
    *,
    known: News | None,
    statement: Callable[[date], Mapping[str, Settled]],
    payouts: Payouts,
    provider: Provider,
    vault: Vault,
    clock: Clock,
    patience: Patience,
    time_left: Callable[[], float],
) -> Payout:
    if payout.status is Status.QUEUED:
        payout = send(
            payout, by=POLLER, payouts=payouts, provider=provider, vault=vault, clock=clock,
            time_left=time_left,
        )  # fmt: skip
    elif payout.status is Status.PENDING and payout.intent.rail is Rail.DIRECT_ENTRY:
        payout = close_window(
            payout, payouts=payouts, provider=provider, clock=clock, time_left=time_left
        )
    else:
        news = find(payout, provider=provider, clock=clock, time_left=time_left, known=known)
        if news is None and patience.may_send_again(payout, clock.now()):
            payout = send(
                payout, by=POLLER, payouts=payouts, provider=provider, vault=vault, clock=clock,
                time_left=time_left,
            )  # fmt: skip
        else:
            payout = ask(payout, news, payouts=payouts, clock=clock, statement=statement)
    return escalate(payout, payouts=payouts, clock=clock, patience=patience)


def _days_with_many(
    due: list[Payout], provider: Provider, time_left: Callable[[], float]
) -> dict[str, News]:
    """What the provider says of the days that many of the due payouts were sent on."""
    asked = [
        sydney_date(payout.sent_at)
        for payout in due
        if payout.sent_at is not None and payout.status in OPEN - {Status.QUEUED}
    ]
    known: dict[str, News] = {}
    for day, count in Counter(asked).items():
        if count < MANY or time_left() < RESERVE:
            continue
        try:
            known.update(provider.statuses(day, day, within=min(time_left(), LONGEST_QUESTION)))
        except SignInRefused:
            raise
        except ProviderUnavailable:
            break  # each is asked for by itself, and fails or not by itself
    return known
