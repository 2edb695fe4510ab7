"""An approver's process that is cut at any call pays nothing twice, and the payout goes on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.payout import Status
from tests.usecases.approving import TWO, agree, lapse_of, refuse, seen, waiting
from tests.usecases.test_crashes import Cut, run
from tests.usecases.world import AMOUNT, DEPOSIT

KILLS = [(after, dies) for after in (True, False) for dies in (True, False)]


@pytest.mark.parametrize("retried", [True, False], ids=["again", "once"])
@pytest.mark.parametrize(("after", "dies"), KILLS)
def test_cut_anywhere_the_last_word_pays_once_or_not_at_all(after, dies, retried):
    at, fell, ends = 0, True, set()
    while fell:
        world = waiting()
        digest = seen(world)
        cut = Cut(at, after=after, dies=dies)
        run(world, cut, lambda world: agree(world, digest=digest))  # noqa: B023 (at once)
        if retried:
            run(world, Cut(-1, after=False, dies=False), lambda w: agree(w, digest=digest))  # noqa: B023
        for _ in range(4):
            world.poll_after(timedelta(minutes=45))
        ends.add(world.status)
        assert len(world.provider.executions) == (world.status is Status.PENDING)
        world.check_equal()
        at, fell = at + 1, cut.fell
    # Whoever says it again is heard; who does not may have been cut before it was written.
    assert Status.PENDING in ends
    assert ends <= {Status.PENDING} | (set() if retried else {Status.AWAITING_APPROVAL})


@pytest.mark.parametrize(("after", "dies"), KILLS)
def test_cut_anywhere_a_first_word_of_two_counts_once(after, dies):
    at, fell = 0, True
    while fell:
        world = waiting(TWO)
        digest = seen(world)
        cut = Cut(at, after=after, dies=dies)
        for each in (cut, Cut(-1, after=False, dies=False)):
            run(world, each, lambda world: agree(world, digest=digest))  # noqa: B023 (at once)
        assert [each.by for each in world.payout.approvals] == ["anna"]
        assert world.store.state.approver_days["anna"].agreed(world.clock.now()) == TWO
        assert world.provider.requests == []
        at, fell = at + 1, cut.fell


@pytest.mark.parametrize(("after", "dies"), KILLS)
def test_cut_anywhere_a_no_gives_the_money_back_once(after, dies):
    at, fell = 0, True
    while fell:
        world = waiting()
        cut = Cut(at, after=after, dies=dies)
        for each in (cut, Cut(-1, after=False, dies=False)):
            run(world, each, refuse)
        assert (world.status, world.available) == (Status.DECLINED, DEPOSIT)
        at, fell = at + 1, cut.fell


@pytest.mark.parametrize(("after", "dies"), KILLS)
def test_cut_anywhere_a_lapse_gives_the_money_back_once(after, dies):
    at, fell = 0, True
    while fell:
        world = waiting(AMOUNT)
        world.clock.set(lapse_of(world))
        cut = Cut(at, after=after, dies=dies)
        for each in (cut, Cut(-1, after=False, dies=False)):
            run(world, each, lambda world: world.poll())
        assert (world.status, world.available) == (Status.CANCELLED, DEPOSIT)
        assert world.provider.requests == []
        at, fell = at + 1, cut.fell
