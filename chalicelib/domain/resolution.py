"""What two people decide of a payout whose outcome asking cannot find: proposed, then agreed to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Proposal:
    """A verdict that a first person proposes for an unconfirmed payout."""

    verdict: str
    evidence: str
    by: str
    at: datetime
