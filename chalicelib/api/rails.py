"""The circuits of rails and provider, as they are told: how each stands, and what had it so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from pydantic import Field

from chalicelib.api.shapes import Moment, Shape
from chalicelib.api.times import rfc3339
from chalicelib.domain.breaker import NAMES, OF_RAIL, PROVIDER, Circuit
from chalicelib.domain.circuits import Standing

if TYPE_CHECKING:
    from pydantic import BaseModel

StateName = Literal["closed", "open", "half_open"]
_RAILS = {name: rail.value for rail, name in OF_RAIL.items()}


class ChangeView(Shape):
    """That a circuit opened or closed: `by` is a principal, or `breaker` where it did by itself."""

    at: Moment
    state: StateName
    by: str
    reason: str


class CircuitView(Shape):
    """A circuit. `closed` where payments go out, `half_open` where one may try, else `open`.

    `since` is when it last opened or closed. `failures` are those of the last five minutes.
    """

    circuit: str
    rail: str | None = Field(description="The rail that is its own; null of the provider's.")
    state: StateName
    by_hand: bool = Field(description="Whether somebody opened it: it stays so until it is reset.")
    since: Moment | None
    failures: int
    tried_next_at: Moment | None
    probe: str | None = Field(description="The payout that tries at present.")
    history: list[ChangeView]


class WaitingView(CircuitView):
    """A circuit, and how many payouts wait that need it, counted up to `counted_up_to`."""

    waiting: int


class RailsView(Shape):
    """All circuits; every payment needs its rail's and the provider's, and an open sign-in."""

    data: list[WaitingView]
    counted_up_to: int
    provider_sign_in: Literal["open", "closed"]


def circuit(it: Circuit, now: datetime) -> CircuitView:
    """How a circuit stands."""
    rests = it.tripped and not it.by_hand
    return CircuitView(
        circuit=it.name, rail=_RAILS.get(it.name), state=it.state(now).value, by_hand=it.by_hand,
        since=rfc3339(it.since) if it.since else None, failures=it.failures(now),
        tried_next_at=rfc3339(it.next_try) if rests and it.next_try else None,
        probe=it.probe if it.is_probed(now) else None,
        history=[
            ChangeView(at=rfc3339(each.at), state=each.state.value, by=each.by, reason=each.why)
            for each in it.history
        ],
    )  # fmt: skip


def rails(standing: Standing, now: datetime, *, shut: bool) -> RailsView:
    """How all circuits stand; `shut` where the provider refused our key."""
    return RailsView(
        data=[
            WaitingView(
                **{name: getattr(told, name) for name in CircuitView.model_fields},
                waiting=standing.waiting.get(told.circuit, 0),
            )
            for told in (circuit(each, now) for each in standing.circuits)
        ],
        counted_up_to=standing.most,
        provider_sign_in="closed" if shut else "open",
    )


def examples() -> dict[type[BaseModel], list[BaseModel]]:
    """Answers from invented values: one rail was opened by hand."""
    at = datetime(2026, 7, 3, 1, 30, tzinfo=UTC)
    hand = Circuit("npp").opened_by_hand("the-admin", "The provider told us by telephone.", at)
    board = (hand, *(Circuit(name) for name in NAMES if name != "npp"))
    later = at + timedelta(minutes=5)
    standing = Standing(board, {"npp": 3, PROVIDER: 3}, 1000)
    return {
        CircuitView: [circuit(hand, later)],
        RailsView: [rails(standing, later, shut=False)],
    }
