"""What was asked for, as it was asked for: fixed before the first call, and never changed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.identifiers import fingerprint

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.assessment import Assessment
    from chalicelib.domain.destination import PayoutMethod, SealedDestination
    from chalicelib.domain.money import Money
    from chalicelib.domain.rails import Rail
    from chalicelib.domain.ways import Route


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a payout took of one allowance: `key` names the allowance and its Sydney date."""

    key: str
    amount: Money
    count: int


@dataclass(frozen=True, slots=True)
class Intent:
    """What was asked for and everything that will be sent, fixed before the first call.

    `asked` is the request as it was made, field by field, for telling a replay from another body.
    `reference` and `description` reach the payee where the rail carries them. `drawn` is what it
    took of the date's allowances. `kept_digest` is the digest as it was while everything was still
    there. `route` is why it goes this way, `fallbacks` are the other rails that it may go by, in
    order, should its own prove to be closed to it; none where somebody named its rail. `redraft_of`
    are the payouts that came back before it, the latest first.
    """

    transaction_id: str
    customer_id: str
    amount: Money
    rail: Rail
    destination: SealedDestination
    created_at: datetime
    created_by: str
    reference: str = ""
    description: str = ""
    remitter_name: str = ""
    asked: tuple[tuple[str, str], ...] = ()
    assessment: Assessment | None = None
    drawn: tuple[Drawn, ...] = ()
    kept_digest: str = ""
    route: Route | None = None
    redraft_of: tuple[str, ...] = ()
    fallbacks: tuple[Rail, ...] = ()

    @property
    def method(self) -> PayoutMethod:
        """What kind of destination it goes to."""
        return self.destination.method

    @property
    def digest(self) -> str:
        """Hexadecimal SHA-256 over all of it, the ciphertext's own digest standing for it."""
        if self.kept_digest:
            return self.kept_digest
        ciphertext = hashlib.sha256(self.destination.ciphertext).hexdigest()
        thought = [self.assessment.plain] if self.assessment else []
        way = [self.route.plain] if self.route else []
        drawn = [[[each.key, each.amount.cents, each.count] for each in self.drawn]]
        before = [["redraft_of", *self.redraft_of]] if self.redraft_of else []
        return fingerprint([
            self.transaction_id, self.customer_id, self.amount.cents, str(self.rail),
            self.destination.destination_id, ciphertext, self.created_at.isoformat(),
            self.created_by, self.reference, self.description, self.remitter_name, self.asked,
            *thought, *(drawn if self.drawn else []), *way, *before,
            *([{"fallbacks": [str(rail) for rail in self.fallbacks]}] if self.fallbacks else []),
        ])  # fmt: skip
