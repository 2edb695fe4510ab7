"""Stop everything, one rail or one customer, prove that it has stopped, and let it go on.

Whoever stops is alone in that; whoever lets go on is somebody else. What is done half way is
finished by doing the same again, or by the poller. Refuses to call a pause in force before every
claim meets it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import Forbidden, NotFound, Stale, StoreUnavailable
from chalicelib.domain.pause import Ending, Kind, Pause, Scope
from chalicelib.domain.wire import Shown, shown
from chalicelib.usecases.hear import TRIES

if TYPE_CHECKING:
    from chalicelib.ports import Clock, Customers, Pauses


def pause(
    pause_id: str,
    scope: Scope,
    *,
    reason: str,
    by: str,
    pauses: Pauses,
    customers: Customers,
    clock: Clock,
) -> Shown:
    """Have nothing within the scope be claimed from now on; the one of that scope, if one stands.

    Raises:
        NotFound: no such customer.
        Conflict: too many pauses stand.
        StoreUnavailable: it may be in force for some claims only; again is safe, and finishes it.
    """
    if scope.kind is Kind.CUSTOMER and customers.get(scope.customer_id) is None:
        raise NotFound("customer")
    for _ in range(TRIES):
        now = clock.now()
        stored = pauses.begin(Pause(pause_id, scope, reason, by, now))
        if stored.lifted_at is not None:
            return _shown(stored, pauses)  # asked for before, and over by now
        if stored.ended is not None:
            pauses.lift(stored, at=now)
            continue
        try:
            return _shown(pauses.enforce(stored, at=clock.now()), pauses)
        except Stale:
            continue
    raise StoreUnavailable("too many others pause and resume at once")


def resume(pause_id: str, *, reason: str, by: str, pauses: Pauses, clock: Clock) -> Shown:
    """End a pause, as somebody else than who asked for it; again changes nothing.

    Raises:
        NotFound: no such pause.
        Forbidden: by whoever asked for it.
        StoreUnavailable: it may be lifted for some claims only; again is safe, and finishes it.
    """
    now = clock.now()
    stored = existing(pause_id, pauses=pauses)
    if stored.by == by:
        raise Forbidden("Somebody else than who asked for the pause has to end it.")
    ended = stored if stored.ended else pauses.end(stored, Ending(by, now, reason))
    lifted = ended if ended.lifted_at else pauses.lift(ended, at=now)
    return _shown(lifted, pauses)


def show(pause_id: str, *, pauses: Pauses) -> Shown:
    """A pause, however long it is over.

    Raises:
        NotFound: no such pause.
    """
    return _shown(existing(pause_id, pauses=pauses), pauses)


def standing(*, pauses: Pauses) -> list[Shown]:
    """All pauses that are not lifted, the oldest first, each with its proof."""
    stand = pauses.standing()
    return shown(stand, pauses.wire(), pauses.last_of)


def existing(pause_id: str, *, pauses: Pauses) -> Pause:
    """The pause of that id.

    Raises:
        NotFound: there is none.
    """
    found = pauses.get(pause_id)
    if found is None:
        raise NotFound("pause")
    return found


def _shown(stored: Pause, pauses: Pauses) -> Shown:
    (told,) = shown([stored], pauses.wire(), pauses.last_of)
    return told
