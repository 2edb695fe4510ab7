"""Hear a dead letter again; wait longer each time; after a limit park it for a person.

Loses nothing: a letter leaves the queue only once it is applied, queued anew, or parked. While the
store is away nobody could do anything about a letter, so that is no reason to park it for a day.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import StoreUnavailable, Unavailable
from chalicelib.usecases.dead_letters import park
from chalicelib.usecases.receive import FIRST_WAIT, code_of
from chalicelib.usecases.take_in import reference_of, take_in

if TYPE_CHECKING:
    from chalicelib.domain.notices import DeadLetter
    from chalicelib.ports import (
        Clock,
        DeadLetters,
        Findings,
        Inbox,
        Notices,
        ParkedLetters,
        Payouts,
        Treasury,
    )

# Seconds: the longest that the queue can hold a message back.
LONGEST_WAIT = 900
# Attempts that a letter has while the store is away: a day of waiting.
MOST_AWAY = 100


def reprocess(
    letter: DeadLetter,
    *,
    most: int,
    inbox: Inbox,
    payouts: Payouts,
    treasury: Treasury,
    notices: Notices,
    findings: Findings,
    parked: ParkedLetters,
    dead_letters: DeadLetters,
    clock: Clock,
) -> str:
    """Try a dead letter once more; says what became of it.

    Raises:
        QueueUnavailable: neither applied nor queued anew: the message must stay where it is.
    """
    try:
        tidings = inbox.read(letter.event_name, letter.raw, at=letter.received_at)
        return take_in(
            letter,
            tidings,
            payouts=payouts,
            treasury=treasury,
            notices=notices,
            findings=findings,
            now=clock.now(),
        )
    except Exception as error:  # noqa: BLE001 (whatever it was, the letter is not lost)
        most = max(most, MOST_AWAY) if isinstance(error, Unavailable) else most
        tried = replace(letter, error=code_of(error), attempts=letter.attempts + 1)
    if tried.attempts > most:
        tried = replace(tried, reference=_reference(tried, inbox))
        try:
            park(tried, parked=parked, at=clock.now())
        except StoreUnavailable:
            dead_letters.put(tried, delay=LONGEST_WAIT)
            return "queued_again"
        return "parked"
    dead_letters.put(tried, delay=wait(tried.attempts))
    return "queued_again"


def _reference(letter: DeadLetter, inbox: Inbox) -> str:
    """What it is about; empty where it tells nothing, or cannot even be read."""
    try:
        return reference_of(inbox.read(letter.event_name, letter.raw, at=letter.received_at))
    except Exception:  # noqa: BLE001 (it may be parked for just that)
        return ""


def wait(attempts: int) -> int:
    """Seconds before the next attempt: twice as long each time, up to the queue's longest."""
    return min(LONGEST_WAIT, FIRST_WAIT * (1 << min(attempts, 10)))
