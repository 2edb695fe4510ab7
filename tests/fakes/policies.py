"""The business's policy in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.errors import Stale
from chalicelib.domain.policy_change import Outcome
from chalicelib.ports.policies import InForce
from tests.fakes.paging import paged

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.policy_change import Change, Proposal
    from chalicelib.ports import Page
    from tests.fakes.state import State


class MemoryPolicies:
    """The port `Policies`."""

    def __init__(self, state: State) -> None:
        self._state = state

    def now(self) -> InForce:
        """What is in force and what is proposed."""
        with self._state.reading():
            return self._state.policies

    def propose(self, proposal: Proposal) -> None:
        """Keep a proposal; the same again is no failure."""
        with self._state.writing():
            known = self._state.policies
            if known.proposal == proposal:
                return
            ended = any(each.proposal == proposal for each in self._state.policy_changes)
            if ended or known.proposal is not None or _version(known) != proposal.base:
                raise Stale("The policy is not as it was read.")
            self._state.policies = InForce(known.change, proposal)

    def end(self, change: Change) -> None:
        """End the proposal, and keep the change for ever."""
        with self._state.writing():
            if change in self._state.policy_changes:
                return
            known, agreed = self._state.policies, change.outcome is Outcome.AGREED
            moved_on = agreed and _version(known) != change.proposal.base
            if known.proposal != change.proposal or moved_on:
                raise Stale("The policy is not as it was read.")
            self._state.policies = InForce(change if agreed else known.change)
            self._state.policy_changes.append(change)

    def dismissed(self, digest: str) -> Change | None:
        """How the proposal of that digest was dismissed."""
        with self._state.reading():
            ended = [it for it in self._state.policy_changes if it.proposal.digest == digest]
        return next((it for it in ended if it.outcome is Outcome.DISMISSED), None)

    def history(self, *, limit: int, position: Mapping[str, str] | None) -> Page[Change]:
        """Changes that ended, the newest first."""
        with self._state.reading():
            ended = list(self._state.policy_changes)
        return paged(
            ended, _age, name="policies", limit=limit, position=position, newest_first=True
        )


def _version(known: InForce) -> int:
    return known.change.policy.version if known.change else 0


def _age(change: Change) -> tuple[str, str]:
    return change.ended.at.isoformat(timespec="microseconds"), change.proposal.digest
