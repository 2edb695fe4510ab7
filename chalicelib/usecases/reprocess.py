"""Hear a dead letter again; wait longer each time; after a limit park it for a person.

Loses nothing: a letter leaves the queue only once it is applied, queued anew, or parked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.usecases.receive import FIRST_WAIT, code_of, notice_key, reference_of, take_in

if TYPE_CHECKING:
    from chalicelib.domain.notices import DeadLetter
    from chalicelib.ports import Clock, DeadLetters, Inbox, Notices, Payouts, Treasury

# Seconds: the longest that the queue can hold a message back.
LONGEST_WAIT = 900


def reprocess(
    letter: DeadLetter,
    *,
    most: int,
    inbox: Inbox,
    payouts: Payouts,
    treasury: Treasury,
    notices: Notices,
    dead_letters: DeadLetters,
    clock: Clock,
) -> str:
    """Try a dead letter once more; says what became of it.

    Raises:
        QueueUnavailable: neither applied nor queued anew: the message must stay where it is.
    """
    try:
        tidings = inbox.read(letter.event_name, letter.raw, at=letter.received_at)
        return take_in(letter, tidings, payouts=payouts, treasury=treasury, notices=notices)
    except Exception as error:  # noqa: BLE001 (whatever it was, the letter is not lost)
        tried = replace(letter, error=code_of(error), attempts=letter.attempts + 1)
    if tried.attempts > most:
        tried = replace(tried, reference=_reference(tried, inbox))
        try:
            notices.park(tried, key=notice_key(tried), at=clock.now())
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
