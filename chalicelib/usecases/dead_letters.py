"""Dead letters before a person: parked, shown, heard again on their word, or discarded.

Hearing one is the same as hearing its webhook, so it does nothing twice. Discarding one touches no
money at all. Refuses to decide for two people at once: of their writes one is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain import parked as life
from chalicelib.domain.errors import (
    Conflict,
    Fault,
    NotFound,
    PayoutError,
    RuleBroken,
    Stale,
    StoreUnavailable,
    Unavailable,
)
from chalicelib.domain.parked import Fate, ParkedLetter
from chalicelib.usecases.receive import code_of
from chalicelib.usecases.take_in import notice_key, take_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime, timedelta

    from chalicelib.domain.notices import DeadLetter
    from chalicelib.ports import Clock, Findings, Inbox, Notices, ParkedLetters, Payouts, Treasury

# Times that a letter is read again because somebody else wrote it first.
READS = 3
# Seconds that hearing one letter may take, the writing of what came of it included.
WORST = 8
# Letters of one page when all are heard.
PAGE = 100


@dataclass(frozen=True, slots=True)
class Redriven:
    """What became of the open letters: `left` were not begun for lack of time."""

    heard: int
    still_parked: int
    left: int


def park(letter: DeadLetter, *, parked: ParkedLetters, at: datetime) -> None:
    """Put a dead letter before a person, without limit of time; again is no failure.

    Raises:
        StoreUnavailable: whether it is parked is not known.
    """
    first = ParkedLetter(notice_key(letter), letter, at)
    for _ in range(READS):
        known = parked.get(first.letter_id)
        wanted = first if known is None else life.parked_again(known, letter, at)
        if wanted is None:
            return
        try:
            parked.put(wanted)
        except Stale:
            continue
        return
    raise StoreUnavailable("Too many others write the dead letter.")


def existing(parked: ParkedLetters, letter_id: str) -> ParkedLetter:
    """The letter as it is now.

    Raises:
        NotFound: there is none.
    """
    found = parked.get(letter_id)
    if found is None:
        raise NotFound("dead letter")
    return found


def redrive(
    letter_id: str,
    *,
    by: str,
    inbox: Inbox,
    payouts: Payouts,
    treasury: Treasury,
    notices: Notices,
    findings: Findings,
    parked: ParkedLetters,
    clock: Clock,
) -> ParkedLetter:
    """Hear a letter now; one that was heard before stays as it is.

    Raises:
        NotFound: there is none.
        Conflict: it was discarded, somebody deals with it, or it contradicts what is known.
        RuleBroken: it cannot be applied, for the reason of its fault.
        Unavailable: it may or may not be applied; again is safe.
    """
    found = existing(parked, letter_id)
    if found.ending is not None and found.ending.fate is Fate.HEARD:
        return found
    claimed = life.under_hearing(found, by, clock.now())
    parked.put(claimed)
    try:
        letter = claimed.letter
        tidings = inbox.read(letter.event_name, letter.raw, at=letter.received_at)
        outcome = take_in(
            letter,
            tidings,
            payouts=payouts,
            treasury=treasury,
            notices=notices,
            findings=findings,
            now=clock.now(),
        )
    except Exception as error:
        _let_go(life.still_parked(claimed, code_of(error)), parked)
        if isinstance(error, (Conflict, Unavailable)):
            raise
        raise _why(error) from error
    ended = life.heard(claimed, outcome, clock.now())
    parked.put(ended)
    return ended


def redrive_all(
    *,
    by: str,
    rest: timedelta,
    inbox: Inbox,
    payouts: Payouts,
    treasury: Treasury,
    notices: Notices,
    findings: Findings,
    parked: ParkedLetters,
    clock: Clock,
    time_left: Callable[[], float],
) -> Redriven:
    """Hear the open letters while there is time, the oldest first; a failure costs only itself.

    Those that somebody has tried within `rest`, and those that are no webhooks, are passed over, so
    that asking again goes on where this ended.
    """
    heard = still_parked = left = 0
    for each in list(_open(parked)):
        tired = each.tried_at is not None and clock.now() < each.tried_at + rest
        if tired or not each.can_be_heard:
            still_parked += 1
        elif time_left() < WORST:
            left += 1
        else:
            try:
                redrive(
                    each.letter_id, by=by, inbox=inbox, payouts=payouts, treasury=treasury,
                    notices=notices, findings=findings, parked=parked, clock=clock,
                )  # fmt: skip
                heard += 1
            except Exception:  # noqa: BLE001 (whatever it was, the others are heard)
                still_parked += 1
    return Redriven(heard, still_parked, left)


def still_open(parked: ParkedLetters) -> int:
    """How many letters wait for a person."""
    return sum(1 for _ in _open(parked))


def discard(
    letter_id: str, *, reason: str, by: str, parked: ParkedLetters, clock: Clock
) -> ParkedLetter:
    """Decide that a letter is never applied; the same person with the same reason changes nothing.

    Raises:
        NotFound: there is none.
        Conflict: it is resolved already, or somebody deals with it at this moment.
    """
    found = existing(parked, letter_id)
    ending = found.ending
    if ending and (ending.fate, ending.by, ending.reason) == (Fate.DISCARDED, by, reason):
        return found
    ended = life.discarded(found, reason, by, clock.now())
    parked.put(ended)
    return ended


def _let_go(it: ParkedLetter, parked: ParkedLetters) -> None:
    """Write down that hearing it was in vain; where that fails, the claim ends by itself."""
    try:
        parked.put(it)
    except (Stale, StoreUnavailable):
        return


def _why(error: Exception) -> RuleBroken:
    words = str(error) if isinstance(error, PayoutError) else "Hearing it failed; it is our fault."
    return RuleBroken([Fault("", code_of(error), words)], f"The dead letter stays parked. {words}")


def _open(parked: ParkedLetters) -> Iterator[ParkedLetter]:
    position = None
    while True:
        page = parked.page(resolved=False, limit=PAGE, position=position)
        yield from page.items
        position = page.position
        if position is None:
            return
