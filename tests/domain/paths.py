"""Every path that a payout's life can take, walked without walking the same way twice.

Two paths that lead to the same payout and the same books have the same future, so each such pair
is followed once, from one of the shortest paths that lead to it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain.advance import advance, begin
from chalicelib.domain.errors import Conflict
from chalicelib.domain.events import (
    Accepted,
    ApprovalAsked,
    Approved,
    Asked,
    Cancelled,
    Confirmed,
    DeclaredDead,
    Declined,
    Delayed,
    Doubt,
    Escalated,
    Held,
    HoldLifted,
    Lapsed,
    NeverSent,
    News,
    OutOfFunds,
    Reattempted,
    Redrafted,
    Refused,
    Rejected,
    Released,
    Rerouted,
    ResolutionProposed,
    Returned,
    Started,
    StartedAgain,
    TurnedAway,
    Unclear,
    WindowClosed,
)
from chalicelib.domain.fallback import turned_away
from chalicelib.domain.money import Money
from chalicelib.domain.payout import UNSENT
from chalicelib.domain.rails import Rail
from tests.domain.making import AMOUNT, FEE, NOW, OTHER, event, intent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.events import Event
    from chalicelib.domain.ledger import Place
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.step import Step

MORE = AMOUNT + Money(1)
_TOLD_OF_AN_ATTEMPT: tuple[Any, ...] = (
    event(Accepted),
    event(Accepted, fee=FEE, monoova_transaction_id="7"),
    event(Refused),
    event(OutOfFunds),
    event(Refused, refusal="NppCreditBankAccountDetailsAreInvalid"),
    event(NeverSent),
    event(Unclear),
    event(Unclear, doubt=Doubt.REFERENCE_EXISTS),
    event(Confirmed),
    event(Confirmed, amount=AMOUNT, fee=FEE),
    event(Confirmed, amount=OTHER),
    event(Rejected),
    event(Rejected, amount=AMOUNT, reason="ACCOUNT CLOSED"),
    event(Rejected, amount=OTHER),
    event(Returned),
    event(Returned, amount=AMOUNT, reason="ACCOUNT CLOSED"),
    event(Returned, amount=OTHER),
    event(Returned, amount=MORE),
    event(Returned, amount=Money(0)),
    event(Returned, amount=-AMOUNT),
    event(Asked, found=True),
    event(Asked, found=False),
    event(WindowClosed),
)
_DONE_BY_US: tuple[Event, ...] = (
    event(Started),
    event(StartedAgain),
    event(Delayed),
    event(Rerouted),
    event(Cancelled),
    event(Escalated),
    event(Held),
    event(HoldLifted),
    event(ResolutionProposed),
    event(DeclaredDead),
    event(Reattempted),
    event(ApprovalAsked, needs=2),
    event(Approved),
    event(Approved, by="anna", needs=2),
    event(Approved, by="anna", needs=2, seen="0e"),
    event(Approved, by="olive"),  # who asked for it
    event(Released),
    event(Declined),
    event(Lapsed),
    event(Redrafted),
    event(Redrafted, redraft="a-third-payout"),
)


@dataclass(frozen=True, slots=True)
class Spot:
    """A payout after a path, the books, and how often money was given back to the customer."""

    payout: Payout
    path: tuple[Event, ...]
    books: tuple[tuple[Place, int], ...]
    given_back: int
    heard: frozenset[Event]

    @property
    def at(self) -> dict[Place, int]:
        return dict(self.books)


def alphabet(payout: Payout) -> Iterator[Event]:
    """Everything that may happen next: news of this attempt, an older one, and one that never was.

    Attempts end with 3, for the fourth is to the third as the third is to the second.
    """
    last = payout.attempt >= 3
    yield from (each for each in _DONE_BY_US if not (last and type(each) is Reattempted))
    for attempt in range(1, payout.attempt + 2):
        for told in _TOLD_OF_AN_ATTEMPT:
            if not (last and attempt == payout.attempt and _ends_it(payout, told)):
                yield replace(told, attempt=attempt)


def _ends_it(payout: Payout, told: Event) -> bool:
    """Whether the attempt would be over by it, and the payout go on as another."""
    if isinstance(told, Refused):
        told = turned_away(payout, told)
    return isinstance(told, (OutOfFunds, TurnedAway))


def booked(books: tuple[tuple[Place, int], ...], step: Step) -> tuple[tuple[Place, int], ...]:
    places = Counter(dict(books))
    for posting in step.postings:
        places[posting.place] += posting.amount.cents
    return tuple(sorted((place, cents) for place, cents in places.items() if cents))


def beginning(rail: Rail) -> Spot:
    others = tuple(each for each in Rail if each is not rail)
    step = begin(intent(rail, fallbacks=others), by="olive")
    return Spot(step.after, (step.event,), booked((), step), 0, frozenset())


def walk(rail: Rail, depth: int, *, remembering: bool = False) -> Iterator[tuple[Spot, Step, Spot]]:
    """Each step of each path of at most `depth` events, with what was before and after it.

    `remembering` tells paths apart by all the news that was heard on them, too: many more.
    """
    frontier = [beginning(rail)]
    seen = {_key(frontier[0], remembering)}
    for _ in range(depth):
        following = []
        for spot in frontier:
            for told in alphabet(spot.payout):
                try:
                    step = advance(spot.payout, told)
                except Conflict:
                    continue
                after = _after(spot, step, told)
                yield spot, step, after
                key = _key(after, remembering)
                if key not in seen:
                    seen.add(key)
                    following.append(after)
        frontier = following


def _after(spot: Spot, step: Step, told: Event) -> Spot:
    path = (*spot.path, step.event) if step.changes else spot.path
    back = step.available_change > Money(0)
    # What was said of a dead attempt and meant nothing may mean something once it lives again.
    meant = isinstance(told, News) and (step.changes or told.attempt == spot.payout.attempt)
    heard = spot.heard | {told} if meant else spot.heard
    return Spot(step.after, path, booked(spot.books, step), spot.given_back + back, heard)


def _key(spot: Spot, remembering: bool) -> tuple[object, ...]:
    alike = replace(spot.payout, version=0, last_hash="", updated_at=NOW)
    if alike.status not in UNSENT:
        # Nobody looks at them any more: before it is sent again, it is asked for again, or not.
        alike = replace(alike, needs=0, approvals=(), lapses_at=None)
    heard = {each for each in spot.heard if not isinstance(each, Asked)} if remembering else ()
    return alike, spot.books, spot.given_back, frozenset(heard)
