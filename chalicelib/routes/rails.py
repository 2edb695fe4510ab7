"""Rails: whether payments go out by them, and the hand that stops or lets them go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import rails
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing, Why
from chalicelib.entrance import door
from chalicelib.usecases import circuits

if TYPE_CHECKING:
    from chalicelib.domain.breaker import Circuit
    from chalicelib.wiring import World


@door("GET /rails", Nothing, rails.RailsView)
def list_rails(_: Call[Nothing], w: World) -> Reply:
    """Show whether payments go out by each rail, what had it so, and how many wait."""
    standing = circuits.standing(circuits=w.circuits, payouts=w.payouts, most=w.limits.most_waiting)
    return Reply(rails.rails(standing, w.clock.now(), shut=w.gate.closed()))


def _told(circuit: Circuit, w: World) -> Reply:
    return Reply(rails.circuit(circuit, w.clock.now()))


def _as_it_is(_: Call[Why], w: World, rail: str) -> Reply:
    return _told(w.circuits.board().of(rail), w)


@door("POST /rails/{rail}/open", Why, rails.CircuitView, key=Key.OPTIONAL, again=_as_it_is,
      refuses={404})  # fmt: skip
def open_rail(call: Call[Why], w: World, rail: str) -> Reply:
    """Send nothing more by a rail, or at all (`provider`), until somebody resets it."""
    return _told(circuits.open_by_hand(
        rail, reason=call.said.reason, by=call.by, circuits=w.circuits, clock=w.clock
    ), w)  # fmt: skip


@door("POST /rails/{rail}/reset", Why, rails.CircuitView, key=Key.OPTIONAL, again=_as_it_is,
      refuses={404})  # fmt: skip
def reset_rail(call: Call[Why], w: World, rail: str) -> Reply:
    """Let payments go out by a rail again; who waits goes out by itself, a few at first."""
    return _told(circuits.reset(
        rail, reason=call.said.reason, by=call.by, circuits=w.circuits, clock=w.clock
    ), w)  # fmt: skip
