"""A pause: while it is in force nobody claims a payout within its scope.

Of everything, of one rail, or of one customer. Pauses of different scopes overlap, and each ends by
itself; of one scope there is one at a time. A pause neither is, nor undoes, a dispute's stop of a
customer or a hold of one payout.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.events import Hindrance
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from chalicelib.domain.payout import Payout

EVERYTHING = "everything"
# How many pauses may stand at a time, so that whoever lists them reads one row and no more.
MOST = 200


class Kind(StrEnum):
    """What a pause is of."""

    EVERYTHING = EVERYTHING
    RAIL = "rail"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Scope:
    """All payouts, or those by one rail, or one customer's."""

    kind: Kind
    rail: Rail | None = None
    customer_id: str = ""

    @property
    def key(self) -> str:
        """What tells it from all other scopes."""
        if self.kind is Kind.RAIL:
            return rail_key(self.rail)
        return customer_key(self.customer_id) if self.kind is Kind.CUSTOMER else EVERYTHING

    def covers(self, rail: Rail | None, customer_id: str) -> bool:
        """Whether such a payout lies within it."""
        return self.key in keys_of(rail, customer_id)


@dataclass(frozen=True, slots=True)
class Ending:
    """Who ended a pause, when and why."""

    by: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause as it is now: asked for, in force once every claim meets it, ended, and lifted.

    In between the first and the second, and the third and the last, some claims may meet it and
    others not.
    """

    pause_id: str
    scope: Scope
    reason: str
    by: str
    at: datetime
    in_force_at: datetime | None = None
    ended: Ending | None = None
    lifted_at: datetime | None = None

    @property
    def is_in_force(self) -> bool:
        """Whether no claim within its scope is written any more."""
        return self.in_force_at is not None and self.ended is None


def rail_key(rail: Rail | None) -> str:
    """The key of a rail's scope."""
    return f"rail#{rail}"


def customer_key(customer_id: str) -> str:
    """The key of a customer's scope."""
    return f"customer#{customer_id}"


def keys_of(rail: Rail | None, customer_id: str) -> tuple[str, str, str]:
    """The keys of all scopes that a payout lies within."""
    return EVERYTHING, rail_key(rail), customer_key(customer_id)


def stopped_by(pauses: Iterable[Pause], payout: Payout) -> bool:
    """Whether one of the pauses that have not ended is of such payouts."""
    return any(
        pause.ended is None and pause.scope.covers(payout.rail, payout.intent.customer_id)
        for pause in pauses
    )


def rails_stopped(pauses: Iterable[Pause], customer_id: str) -> frozenset[Rail]:
    """The rails by which nothing of a customer's goes out, by the pauses that have not ended."""
    standing = [pause.scope for pause in pauses if pause.ended is None]
    return frozenset(rail for rail in Rail if any(it.covers(rail, customer_id) for it in standing))


def sits_out(payout: Payout) -> bool:
    """Whether it waits for a pause to end: apart from all that is due, and in no line."""
    return (
        payout.status is Status.QUEUED
        and payout.hindrance == Hindrance.PAUSED
        and payout.held is None
        and payout.needs_person != CONTRADICTION
    )
