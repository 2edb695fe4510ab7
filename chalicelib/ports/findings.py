"""Findings, as the use cases need them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.findings import Finding, Kind
    from chalicelib.ports.store import Page


class Found(StrEnum):
    """What became of a finding that was found, perhaps again."""

    NEW = "new"
    KNOWN = "known"  # open already, or resolved after it was seen: nothing was written
    REOPENED = "reopened"  # it was resolved, and is found all the same


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings: of those kinds (`None`: of any), and of that person, or nobody's yet."""

    kinds: frozenset[Kind] | None = None
    assigned_to: str = ""
    unassigned: bool = False


ANY = FindingFilter()


class Findings(Protocol):
    """Differences that a person has to understand."""

    def open(self, finding: Finding) -> bool:
        """Keep a finding; whether it is new (the same again, open or resolved, changes nothing).

        Raises:
            StoreUnavailable: whether it was kept is not known; again is safe.
        """
        ...

    def find(self, finding: Finding) -> Found:
        """Keep what a night has found; one that was resolved before it was seen is open again.

        Raises:
            Stale: others change it again and again; again is safe.
            StoreUnavailable: whether it was kept is not known; again is safe.
        """
        ...

    def get(self, finding_id: str) -> Finding | None:
        """The finding as it is now."""
        ...

    def write(self, finding: Finding) -> None:
        """Keep a change of a finding, open or not, in the place of the version that was read.

        Raises:
            Stale: somebody has changed it since, or it is not there.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...

    def resolve(self, finding: Finding) -> None:
        """Keep how an open finding ended; again with the same end is no failure.

        With the last finding that hangs on a notice, that is let go.

        Raises:
            Stale: somebody has changed or resolved it since it was read.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...

    def page(
        self,
        *,
        resolved: bool,
        limit: int,
        position: Mapping[str, str] | None,
        wanted: FindingFilter = ANY,
    ) -> Page[Finding]:
        """Open findings, the oldest first, or resolved ones, the newest first; may lag."""
        ...
