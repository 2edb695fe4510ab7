"""A night: what is held against what, for one Sydney day, and what it comes to.

`Sighting` is a payout as the index of changes shows it, `Told` what the provider says of one unique
reference, `Line` a line of the provider's own ledger of our account, `Difference` where they do not
agree. `Reconciliation` is a night's run: how far it has come, and its figures.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.mark import Mark
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.patience import attention

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from chalicelib.domain.findings import Kind
    from chalicelib.domain.payout import Payout, Status
    from chalicelib.domain.rails import Rail


@dataclass(frozen=True, slots=True)
class Sighting:
    """A payout as the index by change shows it: enough to compare, too little to act upon.

    `last` marks its latest step, `eve` the last one before that step's Sydney date.
    """

    transaction_id: str
    status: Status
    amount: Money
    rail: Rail
    attempt: int
    created_on: date
    sent_on: date | None
    last: Mark
    eve: Mark | None = None
    fee: Money | None = None
    came_back: Money | None = None
    needs_person: bool = False


def sighting_of(payout: Payout) -> Sighting:
    """What the index shows of a payout once it has caught up."""
    return Sighting(
        transaction_id=payout.transaction_id,
        status=payout.status,
        amount=payout.intent.amount,
        rail=payout.rail,
        attempt=payout.attempt,
        created_on=sydney_date(payout.intent.created_at),
        sent_on=sydney_date(payout.sent_at) if payout.sent_at else None,
        last=Mark(sydney_date(payout.updated_at), payout.version, payout.last_hash),
        eve=payout.eve,
        fee=payout.fee,
        came_back=payout.came_back,
        needs_person=bool(attention(payout)),
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What the provider's statuses say of one unique reference: its own word, unchecked."""

    reference: str
    word: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the provider's own ledger of our account; amounts are not negative.

    `on` is the Sydney date; `order` sorts them all; `balance` is the running one after the line.
    `kind` is the provider's transaction type, and `is_fee` whether that is a fee.
    """

    order: int
    on: date
    kind: str
    is_fee: bool
    reference: str
    transaction_id: str
    debit: Money
    credit: Money
    balance: Money


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two sides do not agree. `ours` and `theirs` are amounts or codes, as text.

    `amount` is what is in question; `reference` what to look for at the provider.
    """

    kind: Kind
    subject: str
    ours: str
    theirs: str
    amount: Money | None = None
    reference: str = ""


class Stage(StrEnum):
    """How far a night has come; each is done whole, or from its position on."""

    OPEN = "open"  # everything still open is asked and heard
    COMPARED = "compared"  # the day is held against the provider's
    ATTESTED = "attested"  # the marks of the day are signed for
    REPORTED = "reported"  # the report is written and sent
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A night's run over one Sydney date.

    `run` counts the runs of that date, from 1; `stage` is what comes next, `position` where in it.
    `counts` and `sums` are figures by name (sums in whole cents); `findings` the ids found by it.
    Somebody is at it until `held_until`, as far as is known; nothing rests on that but effort.
    `version` counts its writings.
    """

    day: date
    run: int
    started_at: datetime
    stage: Stage = Stage.OPEN
    position: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, Money] = field(default_factory=dict)
    findings: tuple[str, ...] = ()
    opening: Money | None = None
    closing: Money | None = None
    unexplained: Money = ZERO
    root: str = ""
    ended_at: datetime | None = None
    started_by: str = ""
    held_until: datetime | None = None
    version: int = 1

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to be done."""
        return self.stage is Stage.DONE
