"""Another rail while the first is down: for what was never sent, and waits for its rail alone.

Pure, and about time only: by which rail something goes is no matter of safety, for each attempt has
one. Refuses to hurry: what is urgent waits for its rail, which is back sooner than a batch arrives,
and while a rail is being tried again nobody leaves it, or nobody would be there to try. Nor does
anybody turn to a rail that people have paused: what the provider has closed for good does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from chalicelib.domain.breaker import Board, waits_for_rail
from chalicelib.domain.calendar import SYDNEY
from chalicelib.domain.events import Hindrance
from chalicelib.domain.fallback import untried
from chalicelib.domain.rails import Rail
from chalicelib.domain.ways import Choice, Route, Strategy, Urgency, way_of

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence
    from datetime import datetime

    from chalicelib.domain.payout import Payout
    from chalicelib.domain.ways import Candidate

_SPOKEN = {Rail.NPP: "NPP", Rail.DIRECT_ENTRY: "Direct Entry"}


def around(
    choice: Choice, ways: Sequence[Candidate], board: Board, now: datetime, paused: Container[Rail]
) -> Choice:
    """The next way that is neither down nor paused, where the chosen one is; else the chosen one.

    A circuit closes by itself and a pause does not: who went around one to wait behind the other
    would wait for people.
    """
    since = board.down_since(choice.rail, now)
    rail = _free(choice.others, board, now, paused)
    if since is None or rail is None or choice.faults:
        return choice
    way = next(each for each in ways if each.rail is rail)
    why = f"{_SPOKEN[choice.rail]} is down since {since.astimezone(SYDNEY):%H:%M}"
    route = Route(f"{way.way}: {why}, arrives {way.arrival.words}", way.fee, way.arrival.on)
    left = (choice.rail, *(each for each in choice.others if each is not rail))
    return Choice(rail, route, others=left)


def left_for_others(board: Board, now: datetime, paused: Container[Rail]) -> frozenset[Rail]:
    """The rails that are down while another one is neither that nor paused for all."""
    free = {rail for rail in Rail if rail not in paused and not board.holds(rail, now)}
    return frozenset(rail for rail in Rail if free and board.down_since(rail, now))


def next_rail(payout: Payout, board: Board, now: datetime, paused: Container[Rail]) -> Rail | None:
    """The rail that a payout which waits for its own goes by instead; `None` where it stays."""
    intent = payout.intent
    waits = waits_for_rail(payout) and payout.hindrance == Hindrance.RAIL_DOWN
    if not waits or payout.sends or payout.needs_person:
        return None
    if not may_turn(intent.fallbacks, intent.asked):
        return None
    if board.down_since(payout.rail, now) is None:
        return None
    return _free(untried(payout), board, now, paused)


def route_of(payout: Payout) -> Route | None:
    """Why it goes as it does now; what was expected of it stays what it was at first."""
    route, method = payout.intent.route, payout.intent.method
    if route is None or payout.rail is payout.intent.rail:
        return route
    first, now = way_of(payout.intent.rail, method), way_of(payout.rail, method)
    return replace(route, reason=f"{now}: it could not go by {first}")


def _free(
    rails: Iterable[Rail], board: Board, now: datetime, paused: Container[Rail]
) -> Rail | None:
    fine = (rail for rail in rails if rail not in paused and not board.holds(rail, now))
    return next(fine, None)


def may_turn(fallbacks: Sequence[object], asked: Iterable[Sequence[str]]) -> bool:
    """Whether it was asked for so that it may go another way: there is one, and no hurry."""
    fast = {("strategy", str(Strategy.FASTEST)), ("urgency", str(Urgency.URGENT))}
    return bool(fallbacks) and not any(tuple(each) in fast for each in asked)
