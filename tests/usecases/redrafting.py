"""A business with a payout that came back, and people who have it paid once more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.domain.events import Rejected, Returned
from chalicelib.domain.payout import Status
from chalicelib.domain.policy import FREE, Policy
from chalicelib.domain.redraft import Correction, redraft_id
from chalicelib.usecases.redraft import redraft
from tests.fakes.provider import REFUSED
from tests.usecases.world import AMOUNT, LIMITS, World, order

if TYPE_CHECKING:
    from chalicelib.domain.payout import Payout
    from chalicelib.usecases.request import Placed

REDRAFT_KEY = "redraft-key-000000"
CAME_BACK = (Status.RETURNED, Status.REJECTED, Status.FAILED)


def came_back(
    status: Status = Status.FAILED, *, policy: Policy = FREE, refuses_repeats: bool = True,
    **asked: Any,
) -> World:  # fmt: skip
    """A business whose one payout ended unpaid."""
    world = World(policy=policy, refuses_repeats=refuses_repeats).open_for_business()
    fall_through(world, status, **asked)
    return world


def fall_through(world: World, status: Status = Status.FAILED, **asked: Any) -> None:
    """A payout that is asked for, and ends unpaid."""
    if status is Status.FAILED:
        world.provider.will(REFUSED)
    payout = world.request(order(**asked)).payout
    if status is not Status.FAILED:
        bring_back(world, payout, status)
    assert now(world, payout).status is status


def bring_back(world: World, payout: Payout, status: Status = Status.RETURNED) -> None:
    """The provider tells that it has come back."""
    kind, word = (Returned, "Returned") if status is Status.RETURNED else (Rejected, "Rejected")
    world.provider.settle(payout.unique_reference, word, back=AMOUNT)
    world.receive(world.teach(f"back {payout.transaction_id}".encode(), payout, kind))


def redo(
    world: World, original: Payout | None = None, *, key: str = REDRAFT_KEY, by: str = "olive",
    drafted: bool = False, **corrected: Any,
) -> Placed:  # fmt: skip
    """Somebody has it paid once more."""
    own = (original or world.payouts[0]).transaction_id
    return redraft(
        own, Correction(**corrected), key=key, by=by, request_id="r-redraft", limits=LIMITS,
        drafted=drafted,
        **world._ports("payouts", "customers", "provider", "vault", "clock", "time_left"),
    )  # fmt: skip


def redrafted(world: World, original: Payout | None = None) -> Payout | None:
    """The redraft of a payout, if there is one."""
    own = (original or world.payouts[0]).transaction_id
    return world.store.payouts.get(redraft_id(own))


def now(world: World, payout: Payout) -> Payout:
    """The payout as it is now."""
    found = world.store.payouts.get(payout.transaction_id)
    assert found is not None
    return found
