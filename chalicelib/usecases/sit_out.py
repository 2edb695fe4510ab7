"""What a pause means to the poller: it finishes what was left half done, and sends nothing paused.

What is due and paused is set aside, out of the way of all others; once the pause has ended it comes
back little by little. Decides nothing: whether a claim meets a pause, only its own write says.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from chalicelib.domain.errors import CustomerStopped, Stale
from chalicelib.domain.events import Delayed, Hindrance
from chalicelib.domain.pause import sits_out, stopped_by
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.usecases.ask import POLLER
from chalicelib.usecases.hear import hear

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Iterator

    from chalicelib.domain.pause import Pause
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Pauses, Payouts, Sketch

# Payouts that come back in one run: what has waited goes out gently.
GENTLY = 100


def in_force(*, pauses: Pauses, clock: Clock, told: Counter[str]) -> tuple[Pause, ...]:
    """The pauses that stand and are not ended, after each that was left half done is finished.

    Raises:
        StoreUnavailable: nobody can say.
    """
    standing = pauses.standing()  # of one that cannot be read each claim knows all the same
    for each in standing:
        if each.ended is not None:
            pauses.lift(each, at=clock.now())
            told["pause_lifted"] += 1
        elif each.in_force_at is None:
            try:
                pauses.enforce(each, at=clock.now())
                told["pause_finished"] += 1
            except Stale:
                continue  # it was ended meanwhile
    return tuple(each for each in standing if each.ended is None)


def set_aside(payout: Payout, *, payouts: Payouts, clock: Clock) -> Payout:
    """Have a queued payout sit the pause out."""
    waits = Delayed(at=clock.now(), by=POLLER, reason=Hindrance.PAUSED)
    return hear(payout, waits, payouts=payouts).payout


def parted(due: list[Payout], standing: tuple[Pause, ...]) -> tuple[list[Payout], list[Payout]]:
    """What may be sent now, and all else that is due: what a pause keeps waits its turn."""
    queued: list[Payout] = []
    others: list[Payout] = []
    for payout in due:
        goes = payout.status is Status.QUEUED and not stopped_by(standing, payout)
        (queued if goes else others).append(payout)
    return queued, others


def come_back(
    standing: tuple[Pause, ...],
    *,
    payouts: Payouts,
    read: Callable[[str], Payout | None],
    has_time: Callable[[], bool],
) -> Iterator[Payout]:
    """Those that sit a pause out which has ended, the oldest first, read as they are asked for.

    `read` reads one, for the index may lag; `has_time` says whether another one may be looked at.
    """
    rails = (payouts.sitting_out(rail) for rail in Rail if not _stopped(standing, rail))
    for each in heapq.merge(*rails, key=lambda each: (each.created_at, each.transaction_id)):
        if not has_time():
            return
        if _is_stopped(standing, each):
            continue
        payout = read(each.transaction_id)
        if payout and sits_out(payout) and not stopped_by(standing, payout):
            yield payout


def let_out(
    sitting: Iterable[Payout],
    *,
    attend: Callable[[Payout], Payout | Exception],
    has_time: Callable[[], bool],
    told: Counter[str],
) -> None:
    """Attend to some of them; those of a customer who is stopped are in the way of nobody.

    Raises:
        SignInRefused: the provider refused our key; nothing more may go out.
    """
    out, stopped = 0, set[str]()
    for payout in sitting:
        if out == GENTLY:
            return
        if not has_time():
            told["left_for_next_time"] += 1
            return
        if payout.needs_person and payout.intent.customer_id in stopped:
            continue
        if isinstance(attend(payout), CustomerStopped):
            stopped.add(payout.intent.customer_id)
        else:
            out += 1


def _stopped(standing: tuple[Pause, ...], rail: Rail) -> bool:
    return any(each.scope.covers(rail, "") for each in standing)


def _is_stopped(standing: tuple[Pause, ...], sketch: Sketch) -> bool:
    return any(each.scope.covers(sketch.rail, sketch.customer_id) for each in standing)
