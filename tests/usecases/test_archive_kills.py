"""The archiving is cut at every call it makes, and done again: it ends the same, and loses nothing.

Before a call went through and after, the process dies, or the call fails; then time passes, so that
whatever has a time to go is gone, and only then is it done again.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib.domain.archive import GRACE, Sweep
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.payout import Status
from tests.usecases.resting import REST, Resting
from tests.usecases.test_crashes import Cut, run

if TYPE_CHECKING:
    from tests.usecases.world import World

DAYS = timedelta(days=1)


def rested(payouts: int = 2) -> Resting:
    """Payouts that are ripe, with a sweep that has come to their day."""
    world = Resting(payouts)
    world.store.sweeps.save(Sweep(sydney_date(world.clock.now())))
    world.clock.advance(REST)
    return world


def swept(world: World) -> object:
    assert isinstance(world, Resting)
    return world.sweep()


def expected() -> dict[str, tuple[int, int]]:
    world = rested()
    world.sweep()
    return outcome(world)


def outcome(world: Resting) -> dict[str, tuple[int, int]]:
    """Of each payout how far it is archived, and how many steps may go."""
    return {
        each.transaction_id: (each.archived, len(world.expiring(each))) for each in world.payouts
    }


@pytest.mark.parametrize("dies", [True, False], ids=["dies", "fails"])
@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
def test_cut_anywhere_and_done_again_it_ends_the_same_and_nothing_is_ever_missing(after, dies):
    wanted, at, fell = expected(), 0, True
    while fell:
        world, cut = rested(), Cut(at, after=after, dies=dies)
        run(world, cut, swept)
        world.check_nothing_lost()
        world.clock.advance(GRACE)
        world.check_nothing_lost()
        run(world, Cut(-1, after=False, dies=False), swept)
        world.check_nothing_lost()
        assert outcome(world) == wanted, cut.seen
        world.clock.advance(GRACE)
        world.check_nothing_lost()
        # What was kept before the cut is used: no payout lies in two objects.
        assert len(world.objects()) == 1
        at, fell = at + 1, cut.fell
    assert at > 12, "there was something to cut"


@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
def test_cut_anywhere_with_a_return_before_it_is_done_again_loses_nothing(after):
    at, fell = 0, True
    while fell:
        world, cut = rested(), Cut(at, after=after, dies=True)
        run(world, cut, swept)
        for payout in world.payouts:
            assert world.returned(payout).status is Status.RETURNED
        world.sweep()
        world.clock.advance(GRACE)
        world.check_nothing_lost()
        world.sweep_after(REST)
        world.clock.advance(GRACE)
        world.check_nothing_lost()
        assert all(each.archived == each.version == 5 for each in world.payouts)
        assert all(world.in_table(each) == [] for each in world.payouts)
        at, fell = at + 1, cut.fell
    assert at > 12


def test_two_sweeps_in_turns_at_every_call_do_the_work_of_one():
    at, fell = 0, True
    while fell:
        world = rested()
        cut = Between(at, world)
        run(world, cut, swept)
        world.sweep()
        assert outcome(world) == expected()
        world.clock.advance(GRACE)
        world.check_nothing_lost()
        at, fell = at + 1, cut.fell


class Between(Cut):
    """At the n-th call another one does all of it."""

    def __init__(self, at: int, world: Resting) -> None:
        super().__init__(at, after=False, dies=False)
        self._world = world

    def fall(self, port: str, method: str) -> None:  # noqa: ARG002 (one signature)
        self.fell = True
        cut, self._world.ports = self._world.ports, dict(self._world.ports)
        self._world.ports |= {
            name: self._world.true[name] for name in ("payouts", "changes", "archive", "sweeps")
        }
        self._world.sweep()
        self._world.ports = cut


def test_what_has_lost_its_steps_is_never_archived_without_them():
    """A table of payouts out of a backup, beside a table of steps that have gone since."""
    world = rested(1)
    backup = world.payout
    world.sweep()
    world.clock.advance(GRACE)
    world.store.state.payouts[backup.transaction_id] = replace(backup)
    world.store.state.sweep = None
    world.clock.advance(DAYS)
    assert world.sweep() == {"corrupt": 1}
    assert world.payout == backup
