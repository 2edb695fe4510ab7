"""Dead letters that wait for a person: how each is parked, tried again, heard or discarded.

Every change is a new version of the letter, to be written in the place of the one that was read: of
two people who decide at once, one does. Nothing that was decided is forgotten when the same webhook
arrives, and fails, once more.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Conflict, Fault, RuleBroken
from chalicelib.domain.identifiers import derived_id

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.notices import DeadLetter

# What a message that is none of ours is parked for: nothing in it was ever proven to be authentic.
UNREADABLE = "unreadable_message"
# How long a hearing keeps others away: longer than any request lives.
HEARING = timedelta(seconds=60)
# How long a letter is kept once a person has resolved it.
KEPT = timedelta(days=90)


class Fate(StrEnum):
    """How a parked letter ended."""

    HEARD = "heard"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True, repr=False)
class Ending:
    """Who ended it, and when. `outcome` is what hearing it did, `reason` why it was discarded."""

    fate: Fate
    by: str
    at: datetime
    outcome: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class ParkedLetter:
    """A dead letter before a person. `key` is its notice's; `version` counts what became of it.

    `heard_by` is whoever hears it at this moment, `tried_at` when somebody last did; `earlier` is
    how it ended before it came again.
    """

    key: str
    letter: DeadLetter
    parked_at: datetime
    version: int = 1
    tried_at: datetime | None = None
    heard_by: str = ""
    ending: Ending | None = None
    earlier: tuple[Ending, ...] = ()

    def __repr__(self) -> str:
        return f"ParkedLetter({self.letter_id}, {self.version})"

    @property
    def letter_id(self) -> str:
        """The same for the same webhook."""
        return derived_id("dead letter", self.key)

    @property
    def is_open(self) -> bool:
        """Whether nobody has resolved it yet."""
        return self.ending is None

    @property
    def can_be_heard(self) -> bool:
        """Whether it is a webhook at all, and not just something in our queue."""
        return self.letter.error != UNREADABLE

    @property
    def kept_until(self) -> datetime | None:
        """When it may be forgotten; `None` until a person has resolved it."""
        return None if self.ending is None else self.ending.at + KEPT


def parked_again(known: ParkedLetter, letter: DeadLetter, at: datetime) -> ParkedLetter | None:
    """A letter that could not be applied once more; `None` where it is before a person already.

    After its end it comes back, unless it is another copy of the very delivery that a person has
    discarded.
    """
    if known.ending is None:
        return None
    copy = (known.letter.received_at, known.letter.request_id) == (
        letter.received_at,
        letter.request_id,
    )
    if copy and known.ending.fate is Fate.DISCARDED:
        return None
    earlier = (*known.earlier, known.ending)
    return ParkedLetter(known.key, letter, at, version=known.version + 1, earlier=earlier)


def under_hearing(it: ParkedLetter, by: str, at: datetime) -> ParkedLetter:
    """Claimed for hearing, which counts as an attempt whatever becomes of it.

    Raises:
        Conflict: it is resolved, or somebody hears it at this moment.
        RuleBroken: it is no webhook.
    """
    _left_alone(it, at)
    if not it.can_be_heard:
        fault = Fault("", UNREADABLE, "is no webhook: it can only be discarded")
        raise RuleBroken([fault], "A message that is no webhook can only be discarded.")
    letter = replace(it.letter, attempts=it.letter.attempts + 1)
    return replace(it, letter=letter, version=it.version + 1, tried_at=at, heard_by=by)


def still_parked(it: ParkedLetter, error: str) -> ParkedLetter:
    """Heard in vain, for the reason that `error` is the code of."""
    letter = replace(it.letter, error=error)
    return replace(it, letter=letter, version=it.version + 1, heard_by="")


def heard(it: ParkedLetter, outcome: str, at: datetime) -> ParkedLetter:
    """Applied, on the word of whoever claimed it."""
    return _ended(it, Ending(Fate.HEARD, it.heard_by, at, outcome=outcome))


def discarded(it: ParkedLetter, reason: str, by: str, at: datetime) -> ParkedLetter:
    """Never to be applied, for a person's reason.

    Raises:
        Conflict: it is resolved, or somebody hears it at this moment.
    """
    _left_alone(it, at)
    return _ended(it, Ending(Fate.DISCARDED, by, at, reason=reason))


def _ended(it: ParkedLetter, ending: Ending) -> ParkedLetter:
    return replace(it, version=it.version + 1, heard_by="", ending=ending)


def _left_alone(it: ParkedLetter, at: datetime) -> None:
    if it.ending is not None:
        raise Conflict(f"The dead letter was {it.ending.fate} before.")
    if it.heard_by and it.tried_at is not None and at < it.tried_at + HEARING:
        raise Conflict("The dead letter is being heard at this moment: look again in a minute.")
