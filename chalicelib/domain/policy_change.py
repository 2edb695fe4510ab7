"""How a policy changes: one person proposes, another one agrees to just that, or somebody ends it.

Refuses to change anything by one person's word, and knows nothing of where policies are kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Conflict, Forbidden
from chalicelib.domain.identifiers import fingerprint
from chalicelib.domain.policy import to_plain

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.policy import Policy


class Outcome(StrEnum):
    """How a proposal ended."""

    AGREED = "agreed"
    DISMISSED = "dismissed"


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody said, when, why, and in which request."""

    by: str
    at: datetime
    request_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A policy that somebody proposes; its version is the one that it would be."""

    policy: Policy
    proposed: Word

    @property
    def base(self) -> int:
        """The version that it was made for, and takes the place of."""
        return self.policy.version - 1

    @property
    def digest(self) -> str:
        """What a second person has read, and agrees to: all of it, by whom, and when."""
        said = self.proposed
        return fingerprint(
            [to_plain(self.policy), said.by, said.at.isoformat(), said.request_id, said.reason]
        )


@dataclass(frozen=True, slots=True)
class Change:
    """A proposal and its end."""

    proposal: Proposal
    outcome: Outcome
    ended: Word

    @property
    def policy(self) -> Policy:
        """The policy that was proposed."""
        return self.proposal.policy


@dataclass(frozen=True, slots=True)
class Overview:
    """The policy in force, the change that made it so (none: it is the default), the proposal."""

    current: Policy
    change: Change | None
    proposal: Proposal | None


def proposed(policy: Policy, *, current: Policy, word: Word) -> Proposal:
    """A proposal on top of the policy that is in force.

    Raises:
        Conflict: it was made for another version, or changes nothing.
    """
    if policy.version != current.version:
        raise Conflict(f"The policy in force is version {current.version}: read it again.")
    if policy == current:
        raise Conflict("That is the policy that is in force.")
    return Proposal(replace(policy, version=current.version + 1), word)


def agreed(proposal: Proposal, *, word: Word) -> Change:
    """The change that a second person makes of a proposal.

    Raises:
        Forbidden: it is their own.
    """
    if word.by == proposal.proposed.by:
        raise Forbidden("Nobody agrees to a policy that they proposed themselves.")
    return Change(proposal, Outcome.AGREED, word)


def dismissed(proposal: Proposal, *, word: Word) -> Change:
    """The end of a proposal that changes nothing."""
    return Change(proposal, Outcome.DISMISSED, word)
