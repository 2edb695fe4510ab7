"""What a pause means to the poller: it finishes what was left half done, and sends nothing paused.

What is due and paused is set aside, out of the way of all others; once the pause has ended it comes
back little by little. Decides nothing: whether a claim meets a pause, only its own write says.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Corrupt, Stale
from chalicelib.domain.events import Delayed, Hindrance
from chalicelib.domain.pause import sits_out, stopped_by
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.usecases.ask import POLLER
from chalicelib.usecases.hear import hear

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterator

    from chalicelib.domain.pause import Pause
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Clock, Pauses, Payouts, Sketch

# Payouts that come back in one run: what has waited goes out gently.
GENTLY = 100
# Sketches that one run looks through for them.
MOST_LOOKED_AT = 2000


def in_force(*, pauses: Pauses, clock: Clock, told: Counter[str]) -> tuple[Pause, ...]:
    """The pauses that stand and are not ended, after each that was left half done is finished.

    Raises:
        StoreUnavailable: nobody can say.
    """
    try:
        standing = pauses.standing()
    except Corrupt:
        told["corrupt"] += 1
        return ()  # each claim meets its own pause all the same
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
) -> list[Payout]:
    """Some that sit a pause out which has ended; `read` reads one, for the index may lag."""
    found = (read(transaction_id) for transaction_id in _free(standing, payouts))
    return [each for each in found if each and sits_out(each) and not stopped_by(standing, each)]


def _free(standing: tuple[Pause, ...], payouts: Payouts) -> Iterator[str]:
    """Ids of some that no pause keeps, each rail's oldest first."""
    rails = (payouts.sitting_out(rail) for rail in Rail if not _stopped(standing, rail))
    some = islice(chain.from_iterable(rails), MOST_LOOKED_AT)
    free = (each.transaction_id for each in some if not _is_stopped(standing, each))
    return islice(free, GENTLY)


def _stopped(standing: tuple[Pause, ...], rail: Rail) -> bool:
    return any(each.scope.covers(rail, "") for each in standing)


def _is_stopped(standing: tuple[Pause, ...], sketch: Sketch) -> bool:
    return any(each.scope.covers(sketch.rail, sketch.customer_id) for each in standing)
