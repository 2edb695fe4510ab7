"""Findings, as the use cases need them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.findings import Finding
    from chalicelib.ports.store import Page


class Found(StrEnum):
    """What became of a finding that was found, perhaps again."""

    NEW = "new"
    KNOWN = "known"  # open already: nothing was written
    REOPENED = "reopened"  # it was resolved, and is found all the same


class Findings(Protocol):
    """Differences that a person has to understand."""

    def open(self, finding: Finding) -> bool:
        """Keep a finding; whether it is new (the same again, open or resolved, changes nothing).

        Raises:
            StoreUnavailable: whether it was kept is not known; again is safe.
        """
        ...

    def find(self, finding: Finding) -> Found:
        """Keep what a night has found; one that was resolved before is open again.

        Raises:
            StoreUnavailable: whether it was kept is not known; again is safe.
        """
        ...

    def get(self, finding_id: str) -> Finding | None:
        """The finding as it is now."""
        ...

    def resolve(self, finding: Finding) -> None:
        """Keep how an open finding ended; again with the same end is no failure.

        Raises:
            Stale: somebody has resolved it before.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...

    def page(
        self, *, resolved: bool, limit: int, position: Mapping[str, str] | None
    ) -> Page[Finding]:
        """Open findings, the oldest first, or resolved ones, the newest first; may lag."""
        ...
