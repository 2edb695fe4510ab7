"""How the circuits stand, for people to see. Decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.breaker import Circuit


@dataclass(frozen=True, slots=True)
class Standing:
    """All circuits, and how many wait for each, counted up to `most`; all need the provider's."""

    circuits: tuple[Circuit, ...]
    waiting: Mapping[str, int]
    most: int
