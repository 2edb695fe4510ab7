"""Circuits, one for each rail and one for the provider: whether it is worth trying to pay by them.

A circuit opens when payments by it go wrong, rests, and then lets one payment through to see. It
may delay a payout and never decides what became of one: no rule of money rests on it, and whoever
loses its state loses nothing but patience. Questions to the provider are not its business.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.events import Doubt, Hindrance, NeverSent, Unclear
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.payout import Payout, Status
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.events import News

PROVIDER = "provider"
OF_RAIL = {Rail.NPP: "npp", Rail.DIRECT_ENTRY: "direct_entry"}
NAMES = (*OF_RAIL.values(), PROVIDER)

# So many failures within so short a time open it ...
AT_ONCE, AT_ONCE_WITHIN = 5, timedelta(seconds=30)
# ... and so does more than half of at least so many payments within this time.
AT_LEAST, WITHIN = 20, timedelta(minutes=5)
# How long it rests before one payment may try, and how long that one has to tell.
REST = timedelta(seconds=60)
PROBE_LIFE = timedelta(seconds=60)
# Payments are counted by half minutes.
SLOT = timedelta(seconds=30)
KEPT_CHANGES = 10
# How long it may be open before a person is to look.
TOO_LONG = timedelta(hours=1)
# Who opens and closes it where nobody does by hand.
ITSELF = "breaker"

# How many of those who wait go out in a run: twice as many with each minute that it has been well.
FIRST_OUT, MOST_OUT = 4, 128
_DOUBLES = timedelta(minutes=1)

# What shows that nobody is there at all, whichever rail it was.
_NOBODY_THERE = frozenset({Doubt.CONNECTION_LOST, Doubt.TOO_MANY_REQUESTS})


class State(StrEnum):
    """Whether payments go by it: all, none, or one to see."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Sign(StrEnum):
    """What the end of a request to pay says of the way that it took."""

    GOOD = "good"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Slot:
    """How many payments of half a minute, from `at` on, went well and wrong."""

    at: datetime
    good: int = 0
    bad: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """That it opened or closed, who had it so, and why."""

    at: datetime
    state: State
    by: str
    why: str


@dataclass(frozen=True, slots=True)
class Circuit:
    """A circuit as it was last stored; `since` is when it last opened or closed.

    While it is `tripped` it rests until `next_try`, where nobody opened it by hand. `probe` is the
    payout that tries, until `probe_until`. `failed_at` are the last failures, the latest last.
    """

    name: str
    tripped: bool = False
    by_hand: bool = False
    since: datetime | None = None
    next_try: datetime | None = None
    probe: str = ""
    probe_until: datetime | None = None
    failed_at: tuple[datetime, ...] = ()
    slots: tuple[Slot, ...] = ()
    history: tuple[Change, ...] = ()
    version: int = 0

    def state(self, now: datetime) -> State:
        """Whether payments go by it; a clock far ahead of ours holds nobody up."""
        if not self.tripped:
            return State.CLOSED
        if self.by_hand or (self.next_try and now < self.next_try <= now + REST):
            return State.OPEN
        return State.HALF_OPEN

    def is_probed(self, now: datetime) -> bool:
        """Whether a payout tries at present; one that never tells does not try for ever."""
        until = self.probe_until
        return bool(self.probe) and until is not None and now < until <= now + PROBE_LIFE

    def failures(self, now: datetime) -> int:
        """How many payments went wrong lately."""
        return sum(each.bad for each in self._lately(now))

    def is_troubled(self, now: datetime) -> bool:
        """Whether it matters to others what goes well."""
        return self.tripped or self.failures(now) > 0

    def is_before_a_person(self, now: datetime) -> bool:
        """Whether somebody has to look: it was opened by hand, or has not closed for long."""
        since = self.since or now
        return self.by_hand or (self.tripped and now >= since + TOO_LONG)

    def heard(
        self, sign: Sign, payout_id: str, now: datetime, good: Mapping[datetime, int]
    ) -> Circuit:
        """The circuit after the end of a payment, with the slots of `good` ones not told so far."""
        if self.tripped:
            return self._tried(sign, now) if self.probe == payout_id else self
        counted = self._counted(good, bad_at=now if sign is Sign.BAD else None, now=now)
        why = counted.why_open(now) if sign is Sign.BAD else ""
        return counted.opened(ITSELF, why, now) if why else counted

    def why_open(self, now: datetime) -> str:
        """Which rule opens it now; empty where none does."""
        last = self.failed_at[-AT_ONCE:]
        if len(last) == AT_ONCE and last[0] > now - AT_ONCE_WITHIN:
            return f"{AT_ONCE} failures within {AT_ONCE_WITHIN.seconds} seconds"
        bad = self.failures(now)
        calls = bad + sum(each.good for each in self._lately(now))
        if calls >= AT_LEAST and bad * 2 > calls:
            return f"{bad} of {calls} payments failed within {WITHIN.seconds // 60} minutes"
        return ""

    def probed_by(self, payout_id: str, now: datetime) -> Circuit | None:
        """The circuit with that payout as its probe; `None` where none may try, or somebody does.

        Also where that one is the probe: two workers may have it in hand, and one of them tries.
        """
        if self.state(now) is not State.HALF_OPEN or self.is_probed(now):
            return None
        return replace(self, probe=payout_id, probe_until=now + PROBE_LIFE)

    def given_back(self, payout_id: str) -> Circuit:
        """The circuit once that payout does not try after all."""
        return replace(self, probe="", probe_until=None) if self.probe == payout_id else self

    def opened_by_hand(self, by: str, why: str, now: datetime) -> Circuit:
        """Open until somebody resets it; again changes nothing."""
        return self if self.by_hand else replace(self.opened(by, why, now), by_hand=True)

    def reset(self, by: str, why: str, now: datetime) -> Circuit:
        """Closed, by a person's word; one that is closed stays as it is."""
        return self._closed(now, by, why) if self.tripped else self

    def lets_out(self, now: datetime) -> int:
        """How many of those who waited may go out in one run: few at first, then more."""
        if self.since is None:
            return MOST_OUT
        well = max(now - self.since, timedelta(0))
        return int(min(MOST_OUT, FIRST_OUT << min(well // _DOUBLES, 10)))

    def _lately(self, now: datetime) -> tuple[Slot, ...]:
        return tuple(each for each in self.slots if now - WITHIN < each.at <= now + WITHIN)

    def _counted(
        self, good: Mapping[datetime, int], *, bad_at: datetime | None, now: datetime
    ) -> Circuit:
        slots = {each.at: each for each in self._lately(now)}
        for at, number in good.items():
            slot = slots.get(at, Slot(at))
            slots[at] = replace(slot, good=slot.good + number)
        failed = self.failed_at
        if bad_at is not None:
            at = slot_of(bad_at)
            slot = slots.get(at, Slot(at))
            slots[at] = replace(slot, bad=slot.bad + 1)
            failed = (*failed, bad_at)[-AT_ONCE:]
        return replace(self, slots=tuple(slots[at] for at in sorted(slots)), failed_at=failed)

    def _tried(self, sign: Sign, now: datetime) -> Circuit:
        """After the probe's end: closed by a success, or resting once more."""
        if sign is Sign.GOOD:
            return self._closed(now, ITSELF, "a payment went well")
        return replace(self, next_try=now + REST, probe="", probe_until=None)

    def opened(self, by: str, why: str, now: datetime) -> Circuit:
        """Open, resting before the first try."""
        told = self._told(Change(now, State.OPEN, by, why))
        return replace(
            told, tripped=True, since=now, next_try=now + REST, probe="", probe_until=None
        )

    def _closed(self, now: datetime, by: str, why: str) -> Circuit:
        return replace(
            self._told(Change(now, State.CLOSED, by, why)), tripped=False, by_hand=False,
            since=now, next_try=None, probe="", probe_until=None, failed_at=(), slots=(),
        )  # fmt: skip

    def _told(self, change: Change) -> Circuit:
        return replace(self, history=(*self.history, change)[-KEPT_CHANGES:])


@dataclass(frozen=True, slots=True)
class Board:
    """All circuits; one that nobody ever wrote is closed."""

    circuits: Mapping[str, Circuit] = field(default_factory=dict)

    def of(self, name: str) -> Circuit:
        """The circuit of that name."""
        return self.circuits.get(name) or Circuit(name)

    def on_the_way(self, rail: Rail) -> tuple[Circuit, Circuit]:
        """Those that a payment by the rail needs: the provider's first, for all rails need it."""
        return self.of(PROVIDER), self.of(OF_RAIL[rail])

    def holds(self, rail: Rail, now: datetime) -> bool:
        """Whether what would go by the rail has to wait."""
        return any(each.state(now) is not State.CLOSED for each in self.on_the_way(rail))

    def down_since(self, rail: Rail, now: datetime) -> datetime | None:
        """Since when nothing goes by the rail, not even to see whether it is back; else `None`."""
        down = [each for each in self.on_the_way(rail) if each.state(now) is State.OPEN]
        return min((each.since or now for each in down), default=None)

    def put(self, circuit: Circuit) -> Board:
        """The board with another circuit in its place."""
        return Board({**self.circuits, circuit.name: circuit})


def slot_of(at: datetime) -> datetime:
    """The beginning of the half minute in which a payment is counted."""
    past = timedelta(seconds=at.second % SLOT.seconds, microseconds=at.microsecond)
    return at - past


def sign_of(news: News) -> Sign | None:
    """What an answer to a request to pay says of its way; `None` where it says nothing.

    A refusal is an answer: whoever refuses is there.
    """
    match news:
        case NeverSent(reason=Hindrance.NO_CONNECTION):
            return Sign.BAD
        case NeverSent():
            return None  # our own time, or our own key
        case Unclear(doubt=Doubt.REFERENCE_EXISTS):
            return Sign.GOOD
        case Unclear():
            return Sign.BAD
        case _:
            return Sign.GOOD


def concerned(news: News, rail: Rail) -> tuple[str, ...]:
    """The circuits that the end of a payment by the rail is counted for.

    What goes well shows that provider and rail are there. Nobody there is the provider's doing, an
    answer that is late, broken or not understood the rail's.
    """
    if sign_of(news) is Sign.GOOD:
        return PROVIDER, OF_RAIL[rail]
    nobody = isinstance(news, NeverSent) or getattr(news, "doubt", None) in _NOBODY_THERE
    return (PROVIDER,) if nobody else (OF_RAIL[rail],)


def waits_for_rail(payout: Payout) -> bool:
    """Whether a payout stands with those that wait until its rail, or the sign-in, is back."""
    return (
        payout.status is Status.QUEUED
        and payout.hindrance in {Hindrance.RAIL_DOWN, Hindrance.SIGN_IN_REFUSED}
        and payout.needs_person != CONTRADICTION
        and payout.held is None
    )
