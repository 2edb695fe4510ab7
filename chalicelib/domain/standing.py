"""How a destination stands with its customer: since when, from whom, how well it is known.

A destination itself never changes; this is what is learnt of it. Kept in the customer's row, where
deciding on a payout reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.names import NameMatch

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.account_check import AccountCheck
    from chalicelib.domain.branch import Branch


@dataclass(frozen=True, slots=True)
class Standing:
    """`changed` where it was added after the customer's registration: a change of where to pay.

    `shared` counts other customers with the very same destination, when it was last looked at;
    `place` is what it is known by among them, empty where nobody has reckoned that. `branch` is
    what a directory knew of its BSB when it was added.
    """

    destination_id: str
    added_at: datetime
    added_by: str = ""
    changed: bool = False
    shared: int = 0
    check: AccountCheck | None = None
    place: str = ""
    branch: Branch | None = None

    @property
    def verified(self) -> bool:
        """Whether its owner named the code that was sent there, under no other name."""
        return self.check is not None and self.check.verified

    @property
    def name_check(self) -> str:
        """How the name that it is registered to compared with the customer's."""
        return str(NameMatch.UNKNOWN if self.check is None else self.check.match)
