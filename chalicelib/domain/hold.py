"""A hold: a person keeps one payout back, and nobody sends it until the hold is lifted.

Neither undoes, nor is undone by, anything else that stops a payout: a pause, or a customer stopped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class Hold:
    """Who keeps a payout back, since when, and why."""

    by: str
    at: datetime
    reason: str
