"""The business's policy and its changes, as the use cases need them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.policy_change import Change, Proposal
    from chalicelib.ports.store import Page


@dataclass(frozen=True, slots=True)
class InForce:
    """How things are: the change that made the policy in force, and what is proposed.

    Without a change the business's own default is in force.
    """

    change: Change | None = None
    proposal: Proposal | None = None


class Policies(Protocol):
    """The policy in force, what is proposed, and every change that ever ended."""

    def now(self) -> InForce:
        """What is in force and what is proposed, by one consistent read."""
        ...

    def propose(self, proposal: Proposal) -> None:
        """Keep a proposal; the same again is no failure.

        Raises:
            Stale: there is another one, or its base is not in force.
            StoreUnavailable: whether it was kept is not known; again is safe.
        """
        ...

    def end(self, change: Change) -> None:
        """End the proposal: put it in force if it was agreed to, and keep the change for ever.

        All of it or nothing; the same again is no failure.

        Raises:
            Stale: that is not what is proposed, or its base is not in force.
            StoreUnavailable: whether it was written is not known; again is safe.
        """
        ...

    def dismissed(self, digest: str) -> Change | None:
        """How the proposal of that digest was dismissed; `None` where it was not (consistent)."""
        ...

    def history(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Change]:
        """Changes that ended, the newest first; may lag."""
        ...
