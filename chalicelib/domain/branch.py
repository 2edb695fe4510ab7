"""The bank and branch of a BSB, as a directory has them: to be shown, and to warn.

Refuses nothing: directories are never quite up to date.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Caution(StrEnum):
    """What people should know of a BSB before they pay there."""

    CLOSED = "closed"
    MERGED = "merged"
    NOT_REACHABLE_BY_NPP = "not_reachable_by_npp"
    UNKNOWN_BSB = "unknown_bsb"


@dataclass(frozen=True, slots=True)
class Branch:
    """A bank and its branch; empty where the directory does not know them."""

    bank: str = ""
    name: str = ""
    warnings: tuple[Caution, ...] = ()
