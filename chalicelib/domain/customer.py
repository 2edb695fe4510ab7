"""A customer of the business: whom it pays, and what of its money is theirs to be paid."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.standing import Standing

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.change import Change
    from chalicelib.domain.destination import PayoutMethod, SealedDestination


# Destinations that a customer may have at once: all of them lie in one row.
MOST_DESTINATIONS = 20
# Entries of the history of legal holds that stay in the row: the newest.
MOST_HOLDS = 50


@dataclass(frozen=True, slots=True)
class Hold:
    """An entry of the history of legal holds: placed, or lifted. People write the reason."""

    placed: bool
    by: str
    at: datetime
    reason: str = field(default="", repr=False)


class Erasing(StrEnum):
    """How far the forgetting of a customer has come."""

    ASKED = "asked"  # nothing new can be asked for; nothing is destroyed yet
    ERASING = "erasing"  # decided: there is no way back
    ERASED = "erased"  # all of it is destroyed


@dataclass(frozen=True, slots=True)
class Erasure:
    """A customer's being forgotten. `certificate` is the SHA-256 of its certificate, once kept.

    `payouts` and `destinations` count what was emptied, once it is.
    """

    stage: Erasing
    by: str
    asked_at: datetime
    reason: str = field(default="", repr=False)
    erased_at: datetime | None = None
    payouts: int = 0
    destinations: int = 0
    certificate: str = ""


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as stored. `version` counts edits of the profile and destinations.

    The balance has no version: it changes by conditional additions only, never by an edit.
    `defaults` names for each method the destination that is paid when none is named.
    `standings` say what is known of destinations, of some or of all of them.
    `holds` is the history of legal holds, the oldest first; the last entry says how it is now.
    `untold` are changes of where they are paid that they have not been told of yet.
    """

    customer_id: str
    name: str
    email: str
    created_at: datetime
    updated_at: datetime
    version: int = 1
    destinations: tuple[SealedDestination, ...] = ()
    defaults: tuple[tuple[PayoutMethod, str], ...] = ()
    available: Money = ZERO
    stopped: str = ""
    holds: tuple[Hold, ...] = ()
    erasure: Erasure | None = None
    standings: tuple[Standing, ...] = ()
    untold: tuple[Change, ...] = ()

    @property
    def held(self) -> bool:
        """Whether a legal hold forbids to forget them."""
        return bool(self.holds) and self.holds[-1].placed

    @property
    def erased(self) -> bool:
        """Whether their personal data are destroyed."""
        return self.erasure is not None and self.erasure.stage is Erasing.ERASED

    def destination(self, destination_id: str) -> SealedDestination | None:
        """The destination of that id, if it is the customer's."""
        return next((d for d in self.destinations if d.destination_id == destination_id), None)

    def standing(self, destination_id: str) -> Standing:
        """How a destination stands; one that nothing is known of has been there from the first."""
        known = (each for each in self.standings if each.destination_id == destination_id)
        return next(known, Standing(destination_id, self.created_at))

    def default(self, method: PayoutMethod) -> SealedDestination | None:
        """The destination that is paid when a payout names the method only."""
        return self.destination(dict(self.defaults).get(method, ""))

    def __repr__(self) -> str:
        return f"Customer({self.customer_id}, version {self.version})"


@dataclass(frozen=True, slots=True)
class Funds:
    """The business's money that is nobody's yet: received in all, and not yet allocated.

    `version` counts its entries, `last_hash` chains them.
    """

    received: Money = ZERO
    unallocated: Money = ZERO
    version: int = 0
    last_hash: str = ""
