"""The business's policy: shown, proposed by one admin, put in force by another one, or dismissed.

Moves no money. What is in force holds from the next payout on; what was decided before, stays so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from chalicelib.domain import policy_change
from chalicelib.domain.errors import Conflict, Fault, InvalidRequest
from chalicelib.domain.policy import faults_of
from chalicelib.domain.policy_change import Overview, Word
from chalicelib.usecases.findings import in_turn

if TYPE_CHECKING:
    from chalicelib.domain.policy import Policy
    from chalicelib.domain.policy_change import Change, Proposal
    from chalicelib.ports import Clock
    from chalicelib.ports.policies import Policies


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal; `replayed` where it had been made before."""

    proposal: Proposal
    replayed: bool


@dataclass(frozen=True, slots=True)
class Ended:
    """A change that ended; `replayed` where it had ended just so before."""

    change: Change
    replayed: bool


def show(*, policies: Policies, default: Policy) -> Overview:
    """How things are."""
    now = policies.now()
    current = now.change.policy if now.change else default
    return Overview(current, now.change, now.proposal)


def propose(
    policy: Policy,
    *,
    reason: str,
    by: str,
    request_id: str,
    default: Policy,
    policies: Policies,
    clock: Clock,
) -> Proposed:
    """Propose a policy; its version is the one that it was made for. Once again, it is the same.

    Raises:
        InvalidRequest: everything that is wrong with it.
        Conflict: another version is in force, something else is proposed, or nothing would change.
        StoreUnavailable: whether it is proposed is not known; again is safe.
    """
    if faults := faults_of(policy):
        raise InvalidRequest([_within("/policy", fault) for fault in faults])
    word = Word(by, clock.now(), request_id, reason)

    def change() -> Proposed:
        now = show(policies=policies, default=default)
        if now.proposal is not None:
            return Proposed(_same(now.proposal, policy, word), replayed=True)
        proposal = policy_change.proposed(policy, current=now.current, word=word)
        policies.propose(proposal)
        return Proposed(proposal, replayed=False)

    return in_turn(change)


def agree(digest: str, *, by: str, request_id: str, policies: Policies, clock: Clock) -> Ended:
    """Put in force the proposal of that digest, as somebody else than who made it.

    Raises:
        Forbidden: it is their own.
        Conflict: that is not what is proposed, or not any more.
        StoreUnavailable: whether it is in force is not known; again is safe.
    """
    word = Word(by, clock.now(), request_id)

    def change() -> Ended:
        now = policies.now()
        known = now.change
        if known and known.proposal.digest == digest and known.ended.by == by:
            return Ended(known, replayed=True)
        made = policy_change.agreed(_read(now.proposal, digest), word=word)
        policies.end(made)
        return Ended(made, replayed=False)

    return in_turn(change)


def dismiss(
    digest: str, *, reason: str, by: str, request_id: str, policies: Policies, clock: Clock
) -> Ended:
    """Take the proposal of that digest away: anybody who may propose.

    Raises:
        Conflict: that is not what is proposed, or not any more.
        StoreUnavailable: whether it is dismissed is not known; again is safe.
    """
    word = Word(by, clock.now(), request_id, reason)

    def change() -> Ended:
        known = policies.dismissed(digest)
        if known and (known.ended.by, known.ended.reason) == (by, reason):
            return Ended(known, replayed=True)
        made = policy_change.dismissed(_read(policies.now().proposal, digest), word=word)
        policies.end(made)
        return Ended(made, replayed=False)

    return in_turn(change)


def _read(proposal: Proposal | None, digest: str) -> Proposal:
    """The proposal, if it is the one that was read."""
    if proposal is None:
        raise Conflict("No policy is proposed.")
    if proposal.digest != digest:
        raise Conflict("The policy that is proposed is not the one that was read.")
    return proposal


def _same(proposal: Proposal, policy: Policy, word: Word) -> Proposal:
    """The proposal, if it is what is proposed again."""
    said = proposal.proposed
    same = replace(policy, version=policy.version + 1) == proposal.policy
    if not same or (said.by, said.reason) != (word.by, word.reason):
        raise Conflict("Another policy is proposed: it must be agreed to or dismissed first.")
    return proposal


def _within(place: str, fault: Fault) -> Fault:
    return replace(fault, pointer=place + fault.pointer)
