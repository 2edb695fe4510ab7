"""What is on the wire, and what left it last: so a pause proves that nothing goes out any more.

Reckoned from the very steps that claim a payout and hear of it, so that it is written with them.
Guesses nothing: what may have been executed is told as that.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.domain.events import (
    Accepted,
    Confirmed,
    Filed,
    LetGo,
    NeverSent,
    OutOfFunds,
    Refused,
    Rejected,
    Returned,
    Started,
    StartedAgain,
    TurnedAway,
)
from chalicelib.domain.payout import Payout, Status

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

    from chalicelib.domain.pause import Pause
    from chalicelib.domain.rails import Rail
    from chalicelib.domain.step import Step

_SENDING = frozenset({Status.SENDING, Status.RESENDING})
# What is in a file for the bank may go out until somebody says what became of it.
_CLAIMS = (Started, StartedAgain, Filed)
# By these the provider, or our own connection, says that nothing was executed, and that it was.
_NOT_EXECUTED = (NeverSent, OutOfFunds, Refused, TurnedAway, LetGo)
_EXECUTED = (Accepted, Confirmed, Rejected, Returned)


@dataclass(frozen=True, slots=True)
class Sending:
    """An attempt that was claimed, and of which no answer is stored yet."""

    transaction_id: str
    reference: str
    customer_id: str
    rail: Rail
    since: datetime


@dataclass(frozen=True, slots=True)
class Execution:
    """An attempt that left the wire: claimed, heard of, and executed; perhaps, if not `certain`."""

    transaction_id: str
    reference: str
    rail: Rail
    started_at: datetime
    heard_at: datetime
    certain: bool


@dataclass(frozen=True, slots=True)
class Wire:
    """All that is on the wire, and what left it last by each rail."""

    sendings: tuple[Sending, ...] = ()
    last: Mapping[Rail, Execution] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Passage:
    """What steps do to the wire: claim it for an attempt, or take it off with what became of it."""

    payout: Payout
    entered: Sending | None
    left: bool
    executed: Execution | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What still goes out within a pause's scope; `final` once that is nothing, for ever.

    `last` is what left the wire last, `None` where nothing ever did.
    """

    final: bool
    sendings: tuple[Sending, ...]
    last: Execution | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A pause, and what it can prove."""

    pause: Pause
    proof: Proof


def claims(steps: Sequence[Step]) -> bool:
    """Whether the steps claim a payout for sending."""
    return any(isinstance(step.event, _CLAIMS) for step in steps)


def passage(steps: Sequence[Step]) -> Passage | None:
    """What consecutive steps of one payout do to the wire; `None` where that is nothing."""
    before, after = steps[0].before, steps[-1].after
    was = before is not None and before.status in _SENDING
    entered = _sending(after) if claims(steps) else None
    left = was and entered is None and after.status not in _SENDING
    if not (entered or left):
        return None
    executed = _execution(before, steps[-1]) if before is not None and left else None
    return Passage(after, entered, left, executed)


def proof(pause: Pause, wire: Wire, last_of_customer: Execution | None) -> Proof:
    """What a pause can prove by what was read of the wire after it was in force."""
    scope = pause.scope
    within = tuple(each for each in wire.sendings if scope.covers(each.rail, each.customer_id))
    last = [each for rail, each in wire.last.items() if scope.covers(rail, "")]
    if scope.customer_id:
        last = [last_of_customer] if last_of_customer else []
    return Proof(
        final=pause.is_in_force and not within,
        sendings=tuple(sorted(within, key=lambda each: (each.since, each.reference))),
        last=max(last, key=lambda each: each.heard_at, default=None),
    )


def shown(
    pauses: Iterable[Pause], wire: Wire, last_of: Callable[[str], Execution | None]
) -> list[Shown]:
    """Each pause with its proof; the wire must have been read after the pauses were."""
    return [
        Shown(
            each, proof(each, wire, last_of(whose) if (whose := each.scope.customer_id) else None)
        )
        for each in pauses
    ]


def _sending(claimed: Payout) -> Sending:
    return Sending(
        claimed.transaction_id, claimed.unique_reference, claimed.intent.customer_id,
        claimed.rail, claimed.sent_at or claimed.updated_at,
    )  # fmt: skip


def _execution(before: Payout, step: Step) -> Execution | None:
    if isinstance(step.event, _NOT_EXECUTED):
        return None
    return Execution(
        before.transaction_id, before.unique_reference, before.rail,
        before.sent_at or before.updated_at, step.event.at,
        certain=isinstance(step.event, _EXECUTED),
    )  # fmt: skip
