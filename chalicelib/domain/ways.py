"""Which way a payout goes, why, and when it should be there: by name, by cost or by urgency.

A way is a rail and a kind of destination. What each costs is what the settings say, corrected by
what the provider was seen to charge: a hint, on which no rule of money rests. Refuses to choose
where a rail was named, and to go a way that cannot carry all of the payout.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import WEEKENDS, Calendar, sydney_date
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.money import Money
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from chalicelib.domain.errors import Fault


class Way(StrEnum):
    """The three ways, as people read them."""

    PAY_ID = "NPP PayID"
    ACCOUNT = "NPP bank account"
    DIRECT_ENTRY = "Direct Entry"


class Strategy(StrEnum):
    """By what a way is chosen where no rail is named."""

    CHEAPEST = "cheapest"
    FASTEST = "fastest"
    BY_URGENCY = "by_urgency"


class Urgency(StrEnum):
    """Urgent is the fastest way, normal the cheapest."""

    URGENT = "urgent"
    NORMAL = "normal"


_GST = Decimal("1.1")
# The provider's example tariff, excluding GST.
TARIFF: Mapping[Way, Decimal] = {
    Way.PAY_ID: Decimal("0.10"),
    Way.ACCOUNT: Decimal("0.09"),
    Way.DIRECT_ENTRY: Decimal("0.12"),
}


def charged(excluding_gst: Decimal) -> Money:
    """The whole cents that leave the account for a fee before GST: rounded half up, as it does."""
    return Money.exactly((excluding_gst * _GST).quantize(Decimal("0.01"), ROUND_HALF_UP))


def _examples() -> Mapping[Way, Money]:
    return {way: charged(fee) for way, fee in TARIFF.items()}


@dataclass(frozen=True, slots=True)
class Routing:
    """How ways are chosen. `usual` is by what where nothing is asked for; `None`: over NPP."""

    costs: Mapping[Way, Money] = field(default_factory=_examples)
    usual: Strategy | None = None
    calendar: Calendar = WEEKENDS


@dataclass(frozen=True, slots=True)
class Wish:
    """How a payout is to go: by a rail, or else by a strategy. `said` where somebody asked so."""

    rail: Rail = Rail.NPP
    strategy: Strategy | None = None
    urgent: bool = False
    said: bool = True

    @property
    def names_rail(self) -> bool:
        """Whether somebody asked for just this rail."""
        return self.said and self.strategy is None

    @property
    def fast(self) -> bool:
        """Whether time counts more than cost."""
        return self.urgent or self.strategy is Strategy.FASTEST


@dataclass(frozen=True, slots=True)
class Arrival:
    """The Sydney date on which a payment should be there; `soon` where it takes seconds only."""

    on: date
    soon: bool = False

    @property
    def words(self) -> str:
        """`within seconds`, or the date: `Tue 28 Apr`."""
        return "within seconds" if self.soon else f"{self.on:%a} {self.on.day} {self.on:%b}"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A way, what it is likely to cost, when it arrives if sent now, and why it cannot be gone."""

    way: Way
    rail: Rail
    fee: Money
    arrival: Arrival
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """Why a payout goes as it does, as people read it, and what was expected of it at first.

    `first_use` where nothing is known to have reached the destination by its rail before.
    """

    reason: str
    fee: Money
    arrives_on: date
    first_use: bool = False

    @property
    def plain(self) -> list[object]:
        """It in plain values, in a fixed order: a part of the intent's digest."""
        return [self.reason, self.fee.cents, self.arrives_on.isoformat(), self.first_use]


@dataclass(frozen=True, slots=True)
class Choice:
    """The rail that it goes by and why. With faults it goes by none.

    `others` are those that it could go by instead, the best one first; none where one was named.
    """

    rail: Rail
    route: Route
    faults: tuple[Fault, ...] = ()
    others: tuple[Rail, ...] = ()


def way_of(rail: Rail, method: PayoutMethod) -> Way:
    """The way of a payout to such a destination by a rail."""
    if rail is Rail.DIRECT_ENTRY:
        return Way.DIRECT_ENTRY
    return Way.PAY_ID if method is PayoutMethod.PAY_ID else Way.ACCOUNT


def arrival(rail: Rail, sent_at: datetime, calendar: Calendar) -> Arrival:
    """When a payment that is sent then should be there."""
    if rail is Rail.NPP:
        return Arrival(sydney_date(sent_at), soon=True)
    return Arrival(calendar.expected_by(sent_at))


def choose(wish: Wish, candidates: Sequence[Candidate]) -> Choice:
    """The way to go, of at least one; where none can be gone, all that stands in the way."""
    better = _faster if wish.fast else _cheaper
    left = () if wish.names_rail else tuple(sorted(_possible(candidates), key=better))
    if wish.strategy is None:
        candidates = [each for each in candidates if each.rail is wish.rail]
    possible = _possible(candidates)
    best = min(possible or candidates, key=better)
    others = [each for each in candidates if each is not best]
    faults = () if possible else tuple(fault for each in candidates for fault in each.faults)
    reason = f"{best.way}: {_why(wish, best, others)}, arrives {best.arrival.words}"
    instead = tuple(each.rail for each in left if each is not best)
    return Choice(best.rail, Route(reason, best.fee, best.arrival.on), faults, instead)


def _possible(candidates: Sequence[Candidate]) -> list[Candidate]:
    return [each for each in candidates if not each.faults]


def _cheaper(each: Candidate) -> tuple[Money, date, bool]:
    """Of two that cost the same, the faster one."""
    return each.fee, each.arrival.on, not each.arrival.soon


def _faster(each: Candidate) -> tuple[bool, date, Money]:
    return not each.arrival.soon, each.arrival.on, each.fee


def _why(wish: Wish, best: Candidate, others: Sequence[Candidate]) -> str:
    if wish.strategy is None:
        return "as asked for" if wish.said else "as usual"
    possible = _possible(others)
    if not possible:
        reasons = [fault.detail for each in others for fault in each.faults]
        return "; ".join(["the only way", *reasons])
    return ", ".join([_aim(wish), *_difference(best, possible[0])])


def _aim(wish: Wish) -> str:
    if wish.strategy is Strategy.BY_URGENCY:
        return "urgent" if wish.urgent else "not urgent"
    return str(wish.strategy)


def _difference(best: Candidate, other: Candidate) -> list[str]:
    """What it saves, or costs more."""
    if best.fee == other.fee:
        return []
    saved = other.fee - best.fee
    return [f"saves {saved}" if saved.cents > 0 else f"costs {-saved} more"]
