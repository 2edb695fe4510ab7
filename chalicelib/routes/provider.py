"""The provider: what it tells us and where, and a sign-in that is shut to change its key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.api import provider
from chalicelib.api.operation import Call, Key, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.api.shapes import SignInView
from chalicelib.domain.subscriptions import Applied
from chalicelib.entrance import door
from chalicelib.usecases import subscribe

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.subscriptions import Line
    from chalicelib.wiring import World


def _sign_in(_: Call[Nothing], w: World) -> Reply:
    return Reply(provider.sign_in(w.gate))


def _lines(w: World, time_left: Callable[[], float]) -> tuple[Line, ...]:
    return tuple(subscribe.look(
        base=w.settings.webhook_url or "", subscriptions=w.subscriptions, tokens=w.told_tokens,
        gate=w.gate, time_left=time_left,
    ))  # fmt: skip


def _as_they_are(call: Call[provider.Application], w: World) -> Reply:
    return Reply(provider.applied(Applied((), _lines(w, call.time_left))))


@door("POST /provider/sign-in/close", Nothing, SignInView, key=Key.OPTIONAL, again=_sign_in)
def close_sign_in(_: Call[Nothing], w: World) -> Reply:
    """Let no call to the provider go out, for an hour or until it is opened: to change its key."""
    w.gate.close()
    return Reply(SignInView(provider_sign_in="closed"))


@door("GET /provider/subscriptions", Nothing, provider.SubscriptionsView, refuses={409})
def show_subscriptions(call: Call[Nothing], w: World) -> Reply:
    """Compare what the provider tells us, and where, with what is wanted."""
    return Reply(provider.subscriptions(_lines(w, call.time_left)))


@door("POST /provider/subscriptions/apply", provider.Application, provider.AppliedView,
      key=Key.OPTIONAL, again=_as_they_are)  # fmt: skip
def apply_subscriptions(call: Call[provider.Application], w: World) -> Reply:
    """Have the provider tell us every event with the current token; delete what is named only."""
    return Reply(provider.applied(subscribe.apply(
        base=w.settings.webhook_url or "", delete=call.said.delete,
        subscriptions=w.subscriptions, tokens=w.told_tokens, gate=w.gate, clock=w.clock,
        time_left=call.time_left,
    )))  # fmt: skip
