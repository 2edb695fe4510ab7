"""How far a payout's steps had come at the end of a Sydney day: what a night attests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


@dataclass(frozen=True, slots=True)
class Mark:
    """The last step of a Sydney date: its sequence and its hash, which proves all before it."""

    on: date
    sequence: int
    hash: str
