"""One event of a payout's life and all that it changes: what the core makes and the store writes.

Says what a step does to the customer beside it. Makes none: that is `advance`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from chalicelib.domain import ledger
from chalicelib.domain.payout import Payout, Status

if TYPE_CHECKING:
    from chalicelib.domain.events import Event
    from chalicelib.domain.ledger import Posting
    from chalicelib.domain.money import Money


@dataclass(frozen=True)
class Step:
    """One event and all that it changes, written whole or not at all; the first has no `before`."""

    before: Payout | None
    event: Event
    after: Payout
    postings: tuple[Posting, ...]

    @property
    def changes(self) -> bool:
        """Whether there is anything to write; news heard twice changes nothing."""
        return self.after != self.before

    @property
    def stops_customer(self) -> bool:
        """Whether the customer's further payouts stop: something of theirs is disputed."""
        was = self.before.status if self.before else None
        return self.after.status is Status.DISPUTED and was is not Status.DISPUTED

    @property
    def arrives(self) -> bool:
        """Whether by it the payment has reached its destination, as far as anybody knows."""
        was = self.before.status if self.before else None
        return self.after.status is Status.COMPLETED and was is not Status.COMPLETED

    @cached_property
    def available_change(self) -> Money:
        """What it does to the customer's available balance."""
        return ledger.available_change(self.postings)
