"""A payment that came back, asked for once more: which may be, and what is then asked for.

A redraft is a payout of its own, decided on like any new one; nothing that was approved carries
over. Its id follows from its original's, so that an original has one redraft, ever. Refuses what
may yet be paid, and what a person has to understand first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from chalicelib.domain.asked import differing
from chalicelib.domain.errors import Conflict
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.order import KEY, Order
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.refusals import AlreadyRedrafted, BeforeAPerson
from chalicelib.domain.ways import Strategy, Urgency

if TYPE_CHECKING:
    from chalicelib.domain.customer import Customer
    from chalicelib.domain.payout import Payout

E = TypeVar("E", bound=StrEnum)

# What left, or was tried, and whose money is with the customer again.
REDRAFTABLE = frozenset({Status.RETURNED, Status.REJECTED, Status.FAILED})
# Payouts behind one redraft: each is looked at whenever it is sent.
LONGEST = 10


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to be otherwise than in the original; `""` as a text takes it away."""

    destination_id: str = ""
    rail: Rail | None = None
    reference: str | None = None
    description: str | None = None

    def told(self, original: str, key: str) -> tuple[tuple[str, str], ...]:
        """The request field by field; the key as a digest, for it is told from another by that."""
        return (
            (KEY, derived_id("key of redraft", key)),
            ("redraft_of", original),
            ("destination_id", self.destination_id),
            ("rail", str(self.rail or "")),
            ("reference", _text(self.reference)),
            ("description", _text(self.description)),
        )


def redraft_id(transaction_id: str) -> str:
    """The id of the one redraft that a payout can have."""
    return derived_id("redraft", transaction_id)


def refuse_redraft(original: Payout, redraft: str) -> None:
    """Refuse a second redraft, and that of a payout which a person has to look at.

    Raises:
        AlreadyRedrafted: there is another one.
        BeforeAPerson: what is known of it is in doubt.
    """
    if original.redrafted_as not in {"", redraft}:
        raise AlreadyRedrafted(original.redrafted_as)
    if attention(original):
        raise BeforeAPerson


def order_of(
    original: Payout, correction: Correction, customer: Customer | None, key: str
) -> Order:
    """The original's order with its corrections. Over another rail only where one is asked for.

    Where it goes elsewhere, it is left to us how, as with any order.

    Raises:
        Conflict: it has come back too often.
    """
    was = original.intent
    lineage = (original.transaction_id, *was.redraft_of)
    if len(lineage) > LONGEST:
        raise Conflict("It came back too often: ask for a new payout.")
    destination_id = correction.destination_id or was.destination.destination_id
    named = customer.destination(destination_id) if customer else None
    same = destination_id == was.destination.destination_id
    rail, strategy, urgency = _way(original, correction) if same else (correction.rail, None, None)
    return Order(
        was.customer_id, was.amount, named.method if named else was.method, destination_id,
        rail,
        was.reference if correction.reference is None else correction.reference,
        was.description if correction.description is None else correction.description,
        strategy=strategy, urgency=urgency,
        redraft_of=lineage, said=correction.told(original.transaction_id, key),
    )  # fmt: skip


def _way(
    original: Payout, correction: Correction
) -> tuple[Rail | None, Strategy | None, Urgency | None]:
    """How it goes to where the original went: as that did.

    A bank file was a matter of its day, and nobody's wish: after one, as was asked for at first.
    """
    if correction.rail or not original.file_id:
        return correction.rail or original.rail, None, None
    return (
        _said(original, "rail", Rail), _said(original, "strategy", Strategy),
        _said(original, "urgency", Urgency),
    )  # fmt: skip


def _said(payout: Payout, name: str, among: type[E]) -> E | None:
    """Which of these its request named, if any, also where only digests are left of that."""
    own, asked = payout.transaction_id, payout.intent.asked
    return next((each for each in among if not differing(own, asked, [(name, str(each))])), None)


def _text(corrected: str | None) -> str:
    """A text, told from one that was left as it is."""
    return "=" if corrected is None else f"+{corrected}"
