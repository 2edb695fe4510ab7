"""The attempts to pay a payout, as its steps tell them: by which rail, since when, how each ended.

One lives at a time: each but the present one is dead by proof, or by two people's word. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from chalicelib.domain.events import (
    Filed,
    LetGo,
    NeverSent,
    OutOfFunds,
    Reattempted,
    Started,
    TurnedAway,
)
from chalicelib.domain.payout import OPEN, Payout, Status
from chalicelib.domain.references import unique_reference

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.domain.rails import Rail
    from chalicelib.domain.recorded import Recorded

# How an attempt that is not the present one came to be dead; or it never left at all.
REFUSED, BURIED, NEVER_LEFT = "Refused", "DeclaredDead", "NeverSent"


@dataclass(frozen=True, slots=True)
class Made:
    """One attempt. `started_at` is its first claim; `ended_at` when it was known to be over."""

    number: int
    rail: Rail
    reference: str
    outcome: str = NEVER_LEFT
    started_at: datetime | None = None
    ended_at: datetime | None = None
    reason: str = ""


def attempts_made(payout: Payout, steps: Sequence[Recorded]) -> Sequence[Made]:
    """Every attempt, the first one first, of a payout and all its steps."""
    made = [_made(payout, 1)]
    for step in steps:
        made[-1] = told = _told(made[-1], step)
        if told.ended_at is not None:
            made.append(_made(payout, told.number + 1))
    return [_present(each, payout, steps) if each.number == payout.attempt else each
            for each in made]  # fmt: skip


def _made(payout: Payout, number: int) -> Made:
    reference = unique_reference(payout.transaction_id, number)
    return Made(number, payout.rail_of(number), reference)


def _told(made: Made, step: Recorded) -> Made:
    """The attempt after a step of the time in which it was the latest."""
    event, queued = step.event, step.status == Status.QUEUED
    match event:
        case Started() | Filed():
            return replace(made, started_at=made.started_at or event.at)
        case NeverSent() if queued:
            return replace(made, started_at=None)
        case TurnedAway(refusal=code) | OutOfFunds(refusal=code) if queued:
            return replace(made, outcome=REFUSED, ended_at=event.at, reason=code)
        case LetGo(why=why):
            return replace(made, ended_at=event.at, reason=why)
        case Reattempted(evidence=evidence):
            return replace(made, outcome=BURIED, ended_at=event.at, reason=evidence)
        case _:
            return made


def _present(made: Made, payout: Payout, steps: Sequence[Recorded]) -> Made:
    """The attempt that the payout stands and falls with."""
    reason = payout.error_message or payout.error_code or payout.hindrance
    ended_at = None if payout.status in OPEN else _since(payout.status, steps)
    return replace(made, outcome=payout.status.shown, ended_at=ended_at, reason=reason)


def _since(status: Status, steps: Sequence[Recorded]) -> datetime | None:
    """When it came to be what it is."""
    lately = [*takewhile(lambda step: step.status == status, reversed(steps))]
    return lately[-1].event.at if lately else None
