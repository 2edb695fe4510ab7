"""A business whose larger payouts wait for a second person, and what those people say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain.money import Money
from chalicelib.domain.policy import FREE, ApprovalRules, Policy
from chalicelib.domain.policy_change import Change, Outcome, Proposal
from chalicelib.domain.policy_change import Word as Said
from chalicelib.ports.policies import InForce
from chalicelib.usecases.approve import Word, approve, decline, look
from tests.usecases.world import AMOUNT, World, order

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.payout import Payout
    from chalicelib.usecases.approve import Decided

# One person above 50.00, two above 200.00; what one agrees to within a day has an end.
RULES = ApprovalRules(
    one_above=Money(5_000), two_above=Money(20_000), credits_above=Money(50_000), hours=72,
    approver_day=Money(60_000),
)  # fmt: skip
POLICY = replace(FREE, version=1, approvals=RULES)
TWO = Money(20_001)
HOURS = 3600.0
APPROVER = frozenset({"approver"})


def waiting(amount: Money = AMOUNT, *, policy: Policy = POLICY, **asked: Any) -> World:
    """A business with one payout that waits to be agreed to."""
    world = World(policy=policy).open_for_business()
    world.request(order(amount=amount, **asked))
    return world


def seen(world: World, transaction_id: str = "") -> str:
    """The digest of what there is to see of a payout now."""
    payout = world.store.state.payouts[transaction_id or world.payout.transaction_id]
    return look(payout, payouts=world.store.payouts, clock=world.clock).seen.digest


def lapse_of(world: World) -> datetime:
    """Until when somebody can agree to its payout."""
    at = world.payout.lapses_at
    assert at is not None
    return at


def word(
    by: str = "anna", *, digest: str = "", reason: str = "", roles: frozenset[str] = APPROVER
) -> Word:
    return Word(by, roles, "r-approve", digest, reason)


def agree(world: World, by: str = "anna", transaction_id: str = "", **said: Any) -> Decided:
    """Somebody looks, and agrees to what they see (or to the digest that they name)."""
    own = transaction_id or world.payout.transaction_id
    digest = said.pop("digest", None) or seen(world, own)
    return approve(
        own, word(by, digest=digest, **said),
        **world._ports("payouts", "desk", "provider", "vault", "clock", "time_left"),
    )  # fmt: skip


def refuse(world: World, by: str = "anna", reason: str = "not convinced", **said: Any) -> Payout:
    """Somebody says no."""
    return decline(
        world.payout.transaction_id, word(by, reason=reason, **said),
        **world._ports("payouts", "clock"),
    )  # fmt: skip


def change_policy(world: World, policy: Policy) -> None:
    """Another policy is in force from now on."""
    said = Said("anna", world.clock.now(), "r-policy")
    change = Change(Proposal(policy, said), Outcome.AGREED, said)
    world.store.state.policies = InForce(change)
