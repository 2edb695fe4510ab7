"""What became of a receipt after it was banked, and of a return that may have arrived as one.

A receipt is open until it is matched with a settlement, closed by a person, or found to be money
of ours that came back. It is matched once, for ever.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.findings import Kind
    from chalicelib.domain.funding import Receipt
    from chalicelib.domain.money import Money


class State(StrEnum):
    """What became of a receipt."""

    OPEN = "open"  # nobody's, and nothing explains it yet
    MATCHED = "matched"  # a settlement explains it
    CLOSED = "closed"  # a person explained it
    RETURNED = "returned"  # it was a payout's return, and is not in the funds any more


@dataclass(frozen=True, slots=True)
class Banked:
    """A receipt as the books hold it.

    `noted` are the findings that were opened about it, so that each is opened once.
    `matched_by` or `closed_by`, and `reason`, are those of the person who explained it by hand.
    """

    receipt: Receipt
    state: State = State.OPEN
    settlement_id: str = ""
    noted: frozenset[Kind] = frozenset()
    matched_by: str = ""
    closed_by: str = ""
    reason: str = ""

    @property
    def receipt_id(self) -> str:
        """What the provider calls it."""
        return self.receipt.receipt_id

    @property
    def amount(self) -> Money:
        """How much it was."""
        return self.receipt.amount

    def said(self, *, by: str, reason: str) -> Banked:
        """The same, with the word of the person by which it is about to be matched."""
        return replace(self, matched_by=by, reason=reason)

    def matched(self, settlement_id: str) -> Banked:
        """The same, matched with a settlement."""
        return replace(self, state=State.MATCHED, settlement_id=settlement_id)

    def closed(self, *, by: str, reason: str) -> Banked:
        """The same, explained by a person."""
        return replace(self, state=State.CLOSED, closed_by=by, reason=reason)


class Stage(StrEnum):
    """How far a return has been followed."""

    HEARD = "heard"  # its payout has heard it; whether it was banked as a receipt is to be seen
    TAKEN = "taken"  # the receipt that it was is out of the funds; its findings are to be resolved
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of money at the provider, as a return and as the receipts of the same id.

    `transaction_id` is the payout that heard it as its return, `amount` what came back of it;
    `receipts` are the receipts banked under the same id, with their amounts.
    """

    movement_id: str
    transaction_id: str
    amount: Money
    receipts: tuple[tuple[str, Money], ...] = ()
    stage: Stage = Stage.HEARD

    @property
    def same(self) -> tuple[str, ...]:
        """The receipts that are this return: of its id, and of its amount to the cent."""
        return tuple(name for name, amount in self.receipts if amount == self.amount)

    @property
    def others(self) -> tuple[str, ...]:
        """Receipts of its id in another amount: nobody can say what they are."""
        return tuple(name for name, amount in self.receipts if amount != self.amount)
