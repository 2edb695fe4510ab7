"""The line of payouts that wait for funds: the oldest first, as far as the money reaches.

The first that does not fit stops all behind it, and what is queued for another reason stands in
the line, too, while there is one. Refuses to guess what the account holds: where the provider does
not say, nothing goes out.
"""

from __future__ import annotations

import heapq
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from itertools import chain
from typing import TYPE_CHECKING

from chalicelib.domain.errors import (
    Corrupt,
    CustomerStopped,
    ProviderUnavailable,
    SignInRefused,
    Stale,
    StoreUnavailable,
    Unavailable,
)
from chalicelib.domain.events import Delayed, Hindrance
from chalicelib.domain.liquidity import LONGEST_TURN, may_try, waits_for_funds
from chalicelib.domain.pause import sits_out
from chalicelib.domain.payout import OPEN, UNSENT, Payout, Status
from chalicelib.usecases.ask import LONGEST_QUESTION, POLLER
from chalicelib.usecases.hear import hear
from chalicelib.usecases.purse import Purse

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from chalicelib.domain.liquidity import FloatRules, Outlook
    from chalicelib.ports import Clock, Liquidity, Payouts, Provider, Sketch

# Payouts of the line that one run tries to send.
MOST = 500
# How long one that the provider tells nothing about bars those behind it, counted from its last
# change: what cannot be understood today may not be understood tomorrow either.
LONGEST_SILENCE = timedelta(minutes=30)
# Reasons for a person that do not mean that a payout cannot be sent.
_HARMLESS = frozenset({"", "open_too_long"})


class Walked(Enum):
    """How far a run came along the line."""

    THROUGH = "through"  # nobody is left who waits for funds
    BARRED = "barred"  # somebody does not fit, or nobody knows
    OUT_OF_TIME = "out of time"


def serve(
    queued: Sequence[Payout],
    *,
    purse: Purse,
    attend: Callable[[Payout], Payout | Exception],
    payouts: Payouts,
    provider: Provider,
    liquidity: Liquidity,
    clock: Clock,
    time_left: Callable[[], float],
    has_time: Callable[[], bool],
    told: Counter[str],
) -> bool:
    """Let out what fits; whether anybody waits, so that `queued` are in the line, not the caller's.

    `attend` sends a payout, or tells why not; `has_time` says whether another may be begun.
    Afterwards `purse` holds what may still be spent.

    Raises:
        SignInRefused: the provider refused our key; nothing more may go out.
    """
    now = clock.now()
    try:
        outlook = liquidity.outlook()
    except Corrupt:
        told["corrupt"] += 1
        purse.close()
        return True  # or nobody would know when it was somebody else's turn
    line = payouts.in_line()
    first = next(line, None)
    if first is None:
        _watch(outlook, purse.rules, provider, liquidity, now, time_left, told)
        return False
    purse.close()
    joined = _joined(queued, payouts, now, told)
    standing = _merged(chain([first], line), joined)
    until = now + min(timedelta(seconds=time_left()), LONGEST_TURN)
    if outlook.is_taken(now) or not _taken(liquidity, outlook, until):
        told["line_taken"] += 1
        return True
    seen = begun = replace(outlook, turn_until=until)
    short_since: datetime | None = outlook.short_since or now
    try:
        seen = _look(seen, purse, provider, now, time_left, told)
        _keep(liquidity, begun, seen)
        begun = seen
        walked = _walk(standing, purse, attend, payouts, clock, has_time, told)
        if walked is Walked.THROUGH or (
            walked is Walked.OUT_OF_TIME and purse.covers(payouts.in_line())
        ):
            # Whoever comes now overtakes in time, not in money; else a line that the poller cannot
            # keep up with would never end.
            short_since = None
    finally:
        _keep(liquidity, begun, replace(seen, short_since=short_since, turn_until=None))
    return True


def _watch(
    outlook: Outlook,
    rules: FloatRules,
    provider: Provider,
    liquidity: Liquidity,
    now: datetime,
    time_left: Callable[[], float],
    told: Counter[str],
) -> None:
    """Nobody waits: take the hint away, and look at the account now and then."""
    seen = replace(outlook, short_since=None)
    if rules.warning and outlook.is_old(now):
        seen = _look(seen, Purse(rules), provider, now, time_left, told)
    _keep(liquidity, outlook, seen)


def _look(
    outlook: Outlook,
    purse: Purse,
    provider: Provider,
    now: datetime,
    time_left: Callable[[], float],
    told: Counter[str],
) -> Outlook:
    """Ask what the account holds, and say from time to time that it is little."""
    try:
        figures = provider.financials(within=min(time_left(), LONGEST_QUESTION))
    except SignInRefused:
        raise
    except ProviderUnavailable as unavailable:
        told[unavailable.code] += 1
        return outlook
    if figures is None:
        purse.left = None
        return outlook
    purse.left = figures.available
    seen = outlook.saw(figures.available, now)
    if not purse.rules.is_low(figures.available):
        return replace(seen, warned_at=None)
    if outlook.warns(now):
        told["funds_low"] += 1
        return replace(seen, warned_at=now)
    return seen


def _joined(
    queued: Sequence[Payout], payouts: Payouts, now: datetime, told: Counter[str]
) -> list[tuple[datetime, str]]:
    """What was queued for another reason stands in the line from now on."""
    joined = []
    for payout in queued:
        wait = Delayed(at=now, by=POLLER, reason=Hindrance.FUNDS)
        try:
            hear(payout, wait, payouts=payouts)
        except Exception as error:  # noqa: BLE001 (whatever it was, it costs this payout only)
            told[getattr(error, "code", "defect")] += 1
            continue
        told["joined_line"] += 1
        joined.append((payout.intent.created_at, payout.transaction_id))
    return joined


def _merged(
    line: Iterable[Sketch], joined: list[tuple[datetime, str]]
) -> Iterator[tuple[str, bool]]:
    """The ids of both, by age, each once, and whether it is due: what has just joined was."""
    known, due = set[str](), {transaction_id for _, transaction_id in joined}
    standing = ((each.created_at, each.transaction_id) for each in line)
    for _, transaction_id in heapq.merge(standing, sorted(joined)):
        if transaction_id not in known:
            known.add(transaction_id)
            yield transaction_id, transaction_id in due


def _walk(
    line: Iterator[tuple[str, bool]],
    purse: Purse,
    attend: Callable[[Payout], Payout | Exception],
    payouts: Payouts,
    clock: Clock,
    has_time: Callable[[], bool],
    told: Counter[str],
) -> Walked:
    """Send from the head on, as far as it goes."""
    blind, tried, stopped = purse.left is None, 0, set[str]()
    for transaction_id, due in line:
        if tried == MOST or not has_time():
            told["left_for_next_time"] += 1
            return Walked.OUT_OF_TIME
        payout = _read(transaction_id, payouts, told)
        if isinstance(payout, Unavailable):
            return Walked.BARRED
        if payout is None or not waits_for_funds(payout):
            _reckon(payout, purse)
            continue
        if _stands_aside(payout, purse, stopped):
            continue
        if not purse.allows(payout) or not (due or may_try(payout, clock.now())):
            return Walked.BARRED
        outcome, tried = attend(payout), tried + 1
        if isinstance(outcome, CustomerStopped):
            stopped.add(payout.intent.customer_id)
        if isinstance(outcome, ProviderUnavailable) and _is_silent(payout, clock.now()):
            continue
        if _bars(outcome, purse, blind=blind):
            return Walked.BARRED
    # Whoever is left waits for a person, not for funds: nobody else has to wait for that.
    return Walked.THROUGH


def _stands_aside(payout: Payout, purse: Purse, stopped: set[str]) -> bool:
    """Whether it cannot be sent in any case, as a person knows: nobody need wait behind it.

    `stopped` are customers of whom that was seen in this run.
    """
    if payout.intent.customer_id in stopped and payout.needs_person:
        return True
    return not purse.allows(payout) and payout.needs_person not in _HARMLESS


def _bars(outcome: Payout | Exception, purse: Purse, *, blind: bool) -> bool:
    """Whether nobody behind may go; what has gone is spent."""
    if isinstance(outcome, Exception):
        return isinstance(outcome, (Stale, Unavailable))
    if sits_out(outcome):
        return False
    if outcome.status is Status.QUEUED or blind:
        purse.close()
        return True
    purse.spend(outcome)
    return False


def _is_silent(payout: Payout, now: datetime) -> bool:
    """Whether the provider has told nothing of its refused attempt for too long."""
    return now >= payout.updated_at + LONGEST_SILENCE


def _read(transaction_id: str, payouts: Payouts, told: Counter[str]) -> Payout | Unavailable | None:
    """The payout as it is now, or that the store does not answer.

    `None` where it is not there, or cannot be read: that costs itself only.
    """
    try:
        return payouts.get(transaction_id)
    except Unavailable as unavailable:
        told[unavailable.code] += 1
        return unavailable
    except Corrupt:
        told["corrupt"] += 1
        return None


def _reckon(payout: Payout | None, purse: Purse) -> None:
    """The index lags: what has left it since may have been paid out of what we saw."""
    if payout is not None and payout.status in OPEN - UNSENT:
        purse.spend(payout)


def _taken(liquidity: Liquidity, outlook: Outlook, until: datetime) -> bool:
    try:
        return liquidity.take_turn(outlook, until=until)
    except StoreUnavailable:
        return False


def _keep(liquidity: Liquidity, before: Outlook, after: Outlook) -> None:
    """Nothing rests on it: a hint that could not be kept is made anew by the next run."""
    with suppress(StoreUnavailable):
        liquidity.keep(before, after)
