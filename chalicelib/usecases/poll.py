"""Look after every open payout that is due: send what waits, ask about what is open.

Whoever waits for funds is served first, in a line of their own (`line.py`), then who waits for a
rail (`drain.py`). One payout's trouble costs only itself. Stops early rather than late.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import chain, islice
from typing import TYPE_CHECKING

from chalicelib.domain.advance import advance
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import (
    ProviderUnavailable,
    SignInRefused,
)
from chalicelib.domain.events import Hindrance, Lapsed
from chalicelib.domain.liquidity import waits_for_funds
from chalicelib.domain.pause import stopped_by
from chalicelib.domain.payout import OPEN, UNSENT, Payout, Status
from chalicelib.domain.rails import Rail
from chalicelib.usecases import sit_out
from chalicelib.usecases.admit import put_off
from chalicelib.usecases.ask import (
    LONGEST_QUESTION,
    POLLER,
    ReadOnce,
    ask,
    close_window,
    escalate,
    find,
)
from chalicelib.usecases.drain import drain
from chalicelib.usecases.due import due_now, read_one
from chalicelib.usecases.hear import hear
from chalicelib.usecases.line import serve
from chalicelib.usecases.purse import Purse
from chalicelib.usecases.reroute import reroute
from chalicelib.usecases.send import send
from chalicelib.usecases.worry import code_of, worry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from chalicelib.domain.calendar import Calendar
    from chalicelib.domain.events import News
    from chalicelib.domain.liquidity import FloatRules
    from chalicelib.domain.patience import Patience
    from chalicelib.domain.pause import Pause
    from chalicelib.ports import Clock, Gate, Liquidity, Pauses, Payouts, Provider, Settled, Vault
    from chalicelib.usecases.bank_content import Bank
    from chalicelib.usecases.breaker import Breaker

# Seconds that one payout may need at the worst: with less left, none is begun.
RESERVE = 25.0
# What the line leaves to others of the time that a run has.
THEIR_SHARE = 0.5
# From this many payouts of one day on, one look-up for the whole day is cheaper.
MANY = 10


def poll(
    *,
    payouts: Payouts,
    provider: Provider,
    bank: Bank,
    vault: Vault,
    gate: Gate,
    breaker: Breaker,
    liquidity: Liquidity,
    pauses: Pauses,
    rules: FloatRules,
    clock: Clock,
    calendar: Calendar,
    patience: Patience,
    time_left: Callable[[], float],
) -> Counter[str]:
    """One run; counts what became of each payout, by its status afterwards or the error's code."""
    told: Counter[str] = Counter()
    stopped = sit_out.in_force(pauses=pauses, clock=clock, told=told)
    if gate.closed():
        told["gate_closed"] += 1
        return told
    breaker.board(fresh=True)
    due = due_now(
        payouts=payouts, clock=clock, calendar=calendar, patience=patience,
        has_time=lambda: time_left() >= RESERVE, told=told,
    )  # fmt: skip
    queued, others = sit_out.parted(due, stopped)
    back = sit_out.come_back(
        stopped, payouts=payouts, read=lambda own: read_one(own, payouts, told),
        has_time=lambda: time_left() >= RESERVE,
    )  # fmt: skip
    first = list(islice(back, sit_out.GENTLY))
    run = _Run(
        payouts=payouts, provider=provider, bank=bank, vault=vault, breaker=breaker, clock=clock,
        patience=patience, time_left=time_left, purse=Purse(rules), stopped=stopped, told=told,
    )  # fmt: skip
    has_time = _sharing(others, time_left)
    try:
        waiting = serve(
            [*queued, *first], purse=run.purse, attend=run.attend, payouts=payouts,
            provider=provider, liquidity=liquidity, clock=clock, time_left=time_left,
            has_time=has_time, told=told,
        )  # fmt: skip
        reroute(
            breaker=breaker, payouts=payouts, clock=clock, stopped=stopped, has_time=has_time,
            told=told,
        )  # fmt: skip
        drain(
            breaker=breaker, payouts=payouts, attend=run.attend, short=waiting, clock=clock,
            has_time=has_time, told=told,
        )  # fmt: skip
        # Nothing has to be asked before what waits may go out.
        run.attend_all(others if waiting else [*queued, *others])
        sit_out.let_out(
            () if waiting else chain(first, back), attend=run.attend,
            has_time=lambda: time_left() >= RESERVE, told=told,
        )  # fmt: skip
    except SignInRefused as refused:
        told[refused.code] += 1
    return told


class _Run:
    """One run's ports, and what it has learnt."""

    def __init__(
        self,
        *,
        payouts: Payouts,
        provider: Provider,
        bank: Bank,
        vault: Vault,
        breaker: Breaker,
        clock: Clock,
        patience: Patience,
        time_left: Callable[[], float],
        purse: Purse,
        stopped: tuple[Pause, ...],
        told: Counter[str],
    ) -> None:
        self.payouts, self.provider, self.vault, self.clock = payouts, provider, vault, clock
        self.bank = bank
        self.patience, self.time_left, self.purse, self.told = patience, time_left, purse, told
        self.breaker, self.stopped = breaker, stopped
        self.known: dict[str, News] = {}
        self.read = ReadOnce(provider, clock)

    def attend_all(self, due: list[Payout]) -> None:
        """Attend to each, as long as there is time.

        Raises:
            SignInRefused: the provider refused our key; nothing more may go out.
        """
        self.known = _days_with_many(due, self.provider, self.time_left)
        for payout in due:
            if self.time_left() < RESERVE:
                self.told["left_for_next_time"] += 1
                continue
            self.attend(payout)

    def attend(self, payout: Payout) -> Payout | Exception:
        """The payout afterwards, or why it could not be attended to: that costs this one only.

        Raises:
            SignInRefused: the provider refused our key; nothing more may go out.
        """
        try:
            after = self._attend(payout)
        except SignInRefused:
            raise
        except Exception as error:  # noqa: BLE001 (whatever it was, it costs this payout only)
            self.told[code_of(error)] += 1
            worry(payout, error, payouts=self.payouts, clock=self.clock, patience=self.patience)
            return error
        finally:
            self.breaker.give_back(payout)
        self.told[after.status.shown] += 1
        if waits_for_funds(after):
            self.purse.close()
        if after.hindrance == Hindrance.SIGN_IN_REFUSED:
            # Each further sending would be a refused sign-in more, and five lock the account.
            raise SignInRefused
        return after

    def statement(self, day: date) -> Mapping[str, Settled]:
        """The provider's statement of a day, asked for once in a run."""
        return self.read.statement(day, within=min(self.time_left(), LONGEST_QUESTION))

    def _attend(self, payout: Payout) -> Payout:
        if payout.status is Status.AWAITING_APPROVAL:
            # On exactly what was looked at: whoever decides at this moment has won, or lost.
            return self.payouts.write(advance(payout, Lapsed(at=self.clock.now(), by=POLLER)))
        if payout.status is Status.QUEUED and stopped_by(self.stopped, payout):
            return sit_out.set_aside(payout, payouts=self.payouts, clock=self.clock)
        if payout.status is Status.QUEUED:
            payout = self._try_queued(payout) if self.purse.allows(payout) else payout
        elif payout.status is Status.PENDING and payout.rail is Rail.DIRECT_ENTRY:
            payout = close_window(
                payout, payouts=self.payouts, clock=self.clock,
                provider=self.bank.into(payout.file_id) if payout.file_id else self.read,
                time_left=self.time_left,
            )  # fmt: skip
        else:
            payout = self._find(payout)
        return escalate(payout, payouts=self.payouts, clock=self.clock, patience=self.patience)

    def _try_queued(self, payout: Payout) -> Payout:
        if self.breaker.admits(payout):
            return self._send_unless_paid(payout)
        return put_off(payout, by=POLLER, payouts=self.payouts, clock=self.clock)

    def _send_unless_paid(self, payout: Payout) -> Payout:
        """Send it; see first whether all earlier attempts, known to be dead, truly are.

        Raises:
            Contradiction: one of them lives, and so may the present one.
        """
        for number in reversed(range(1, payout.attempt)):
            earlier = replace(payout, attempt=number)
            news = self._news_of(earlier, other_rail=earlier.rail is not payout.rail)
            if news is not None and (heard := hear(payout, news, payouts=self.payouts)).changed:
                return heard.payout
        return self._send(payout)

    def _news_of(self, earlier: Payout, *, other_rail: bool) -> News | None:
        """What the provider knows of an attempt; before another rail the account is read, too."""
        news = None
        if not other_rail:
            news = self.provider.status(earlier, within=min(self.time_left(), LONGEST_QUESTION))
            if news is None:
                return None
        return find(
            earlier, provider=self.provider, clock=self.clock, time_left=self.time_left, known=news
        )

    def _find(self, payout: Payout) -> Payout:
        """Ask what became of it; send it again where that is right, and the funds are there."""
        news = find(
            payout, provider=self.provider, clock=self.clock, time_left=self.time_left,
            known=self.known.get(payout.unique_reference),
        )  # fmt: skip
        again = self.patience.may_send_again(payout, self.clock.now()) and self.purse.allows(payout)
        again = again and not stopped_by(self.stopped, payout)
        if news is None and again and self.breaker.admits(payout):
            return self._send_unless_paid(payout)
        return ask(payout, news, payouts=self.payouts, clock=self.clock, statement=self.statement)

    def _send(self, payout: Payout) -> Payout:
        return send(
            payout, by=POLLER, payouts=self.payouts, provider=self.provider, vault=self.vault,
            clock=self.clock, time_left=self.time_left,
        )  # fmt: skip


def _sharing(others: list[Payout], time_left: Callable[[], float]) -> Callable[[], bool]:
    """Whether the line may go on: where there are others, it leaves them its share of the time."""
    share = THEIR_SHARE if others else 0
    leave = RESERVE + max(0, time_left() - RESERVE) * share
    return lambda: time_left() >= leave


def _days_with_many(
    due: list[Payout], provider: Provider, time_left: Callable[[], float]
) -> dict[str, News]:
    """What the provider says of the days that many of the due payouts were sent on."""
    asked = [
        sydney_date(payout.sent_at)
        for payout in due
        if payout.sent_at is not None and payout.status in OPEN - UNSENT and not payout.file_id
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
