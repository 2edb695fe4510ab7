"""Two people decide upon what they have read, and never against what the account shows."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from chalicelib.domain.answers import Answer
from chalicelib.domain.errors import Conflict, NotPossible
from chalicelib.domain.events import Verdict
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from tests.fakes.provider import TIMED_OUT_AND_PAID, TIMED_OUT_UNPAID, Reply
from tests.usecases.world import AMOUNT, DEPOSIT, World, order

QUARANTINE = timedelta(minutes=31)
TAKEN_ONLY = Reply(Answer(http_status=200, code="Pending"), executes=False)
VERDICTS = pytest.mark.parametrize("verdict", list(Verdict))


def test_agreeing_is_to_the_proposal_that_was_read():
    world = World().open_for_business()
    world.provider.will(TIMED_OUT_UNPAID)
    world.request()
    world.poll_after(61)
    world.clock.advance(QUARANTINE)
    own = world.payout.transaction_id
    world.propose(own, Verdict.DEAD)
    world.dismiss(own, by="paul")
    world.propose(own, Verdict.NEW_REFERENCE)
    before = world.payout
    provider = world.meanwhile("provider")
    with pytest.raises(Conflict, match="read first"):
        world.agree(own, verdict=Verdict.DEAD)
    assert (world.payout, provider.calls) == (before, [])
    assert world.agree(own, verdict=Verdict.NEW_REFERENCE).attempt == 2


def missed(times, **changed):
    """A payout that the provider took, and did not find so many times since."""
    world = World().open_for_business()
    world.provider.will(TAKEN_ONLY)
    world.request(order(**changed))
    assert world.status is Status.PENDING
    if changed:
        world.clock.advance(timedelta(days=9))
    for _ in range(times):
        world.poll_after(timedelta(hours=2))
    assert world.payout.missed == times
    return world


@VERDICTS
@pytest.mark.parametrize("times", [0, 1, 2])
def test_what_was_missed_less_often_is_not_resolved(times, verdict):
    world = missed(times)
    before = world.payout
    with pytest.raises(NotPossible):
        world.propose(before.transaction_id, verdict)
    assert world.payout == before


class Lagging:
    """A provider that knows no reference, and whose ledger shows what it did only `shown`."""

    def __init__(self, provider):
        self._provider = provider
        self.shown = False

    def __getattr__(self, name):
        return getattr(self._provider, name)

    def status(self, _payout, *, within):
        assert within > 0

    def statuses(self, _first, _last, *, within):
        assert within > 0
        return {}

    def statement(self, _day, *, within):
        assert within > 0
        return {}

    def entries(self, first, last, *, within):
        return self._provider.entries(first, last, within=within) if self.shown else []


def test_nobody_releases_what_the_ledger_shows_on_the_day_of_the_first_sending():
    world = World().open_for_business()
    world.provider.will(TIMED_OUT_AND_PAID)
    world.request()
    lagging = world.ports["provider"] = Lagging(world.provider)
    world.poll_after(61)
    world.poll_after(timedelta(days=3))
    assert (world.payout.sends, world.payout.error_code) == (2, "UniqueReferenceExists")
    assert attention(world.payout)
    world.propose(world.payout.transaction_id, Verdict.DEAD)
    world.clock.advance(timedelta(hours=1))
    lagging.shown = True
    with suppress(Conflict):
        world.agree(world.payout.transaction_id)
    assert (world.status, world.available) == (Status.PENDING, DEPOSIT - AMOUNT)
    world.check_equal(fees=False)


@pytest.mark.parametrize("question", ["status", "entries"])
def test_agreeing_asks_no_longer_than_a_person_waits(question):
    world = World().open_for_business()
    world.provider.will(TIMED_OUT_UNPAID)
    world.request()
    world.clock.advance(QUARANTINE)
    world.propose(world.payout.transaction_id, Verdict.DEAD)
    took = []
    world.meanwhile("provider", **{question: lambda *_, within: took.append(within)})
    assert world.agree(world.payout.transaction_id).status is Status.FAILED
    assert took == [10.0]
