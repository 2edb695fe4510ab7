"""What was sent again after midnight, and executed at its first sending, is not missing there."""

from __future__ import annotations

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.events import Accepted, Confirmed, StartedAgain
from chalicelib.domain.findings import Kind
from chalicelib.domain.payout import Status
from tests.fakes.provider import TIMED_OUT_AND_PAID
from tests.usecases.comparing import business
from tests.usecases.nights import DAY, D
from tests.usecases.world import order


def advanced(world, transaction_id, kind, **told):
    event = kind(at=world.clock.now(), by="test", **told)
    world.store.payouts.write(advance(world.payout(transaction_id), event))


def sent_twice(hour, minute):
    """Sent first on D, then on the day after; its end is heard on the next."""
    world = business()
    world.now(D, hour, minute)
    world.provider.will(TIMED_OUT_AND_PAID)
    own = world.request(order(), key="1" * 16).payout.transaction_id
    assert world.payout(own).status is Status.UNCONFIRMED
    world.now(D + DAY, 0, 50)
    advanced(world, own, StartedAgain, claim_id="c")
    advanced(world, own, Accepted, attempt=1)
    world.now(D + 2 * DAY, 12)
    advanced(world, own, Confirmed, attempt=1)
    world.provider.settle(world.payout(own).unique_reference, "Complete")
    world.now(D + 3 * DAY, 3)
    return world


def test_what_was_sent_first_on_a_date_that_is_not_read_is_not_missing():
    world = sent_twice(23, 40)
    # The night of its last sending does read the date of its first.
    world.compare(D + DAY)
    assert world.kinds() == []
    world.compare(D + 2 * DAY)
    assert world.kinds() == []


@pytest.mark.parametrize("day", [D + DAY, D + 2 * DAY])
def test_what_is_nowhere_is_missing_however_often_it_was_sent(day):
    world = sent_twice(23, 59)
    world.provider.executions.clear()
    world.compare(D + DAY)
    assert world.kinds() == [Kind.MISSING_THERE]
    world.compare(day)
    assert world.kinds() == [Kind.MISSING_THERE]
