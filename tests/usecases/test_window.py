"""Direct Entry is honest: sent is not received until the window has passed without a return."""

from __future__ import annotations

from datetime import date, timedelta

from chalicelib.domain.answers import Answer, Mishap
from chalicelib.domain.calendar import start_of
from chalicelib.domain.errors import ProviderUnavailable
from chalicelib.domain.events import Returned
from chalicelib.domain.money import Money
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from chalicelib.usecases.ask import ReadOnce
from tests.fakes.provider import (
    FEE,
    Reply,
)
from tests.usecases.world import AMOUNT, DEPOSIT, DIRECT_ENTRY, World, order


def sent_by_direct_entry(*replies):
    world = World().open_for_business()
    world.provider.will(*replies)
    world.request(order(rail=DIRECT_ENTRY))
    return world


# Sent on Monday 2 March: the window is over when Monday the 9th is.
CLOSES = start_of(date(2026, 3, 10))


def at_the_end_of(world):
    world.clock.advance(CLOSES - world.clock.now())
    return world.poll()


def test_a_direct_credit_stays_pending_whatever_the_provider_calls_it():
    world = sent_by_direct_entry()
    world.provider.settle(world.payout.unique_reference, "Complete")
    for _ in range(6):
        assert world.poll_after(timedelta(days=1)) == {}
    assert world.status is Status.PENDING


def test_a_direct_credit_is_completed_when_its_window_shows_no_return():
    world = sent_by_direct_entry()
    world.clock.advance(CLOSES - world.clock.now() - timedelta(seconds=1))
    assert world.poll() == {}
    assert world.poll_after(1) == {"Completed": 1}
    world.check_equal()


def test_the_days_of_the_whole_window_are_read():
    world = sent_by_direct_entry()
    asked = []
    world.meanwhile("provider", entries=lambda first, last, **_: asked.append((first, last)))
    at_the_end_of(world)
    ((first, last),) = asked
    assert (first.isoformat(), last.isoformat()) == ("2026-03-01", "2026-03-11")


def test_windows_that_close_together_read_the_account_once():
    world = World().open_for_business()
    for number in range(3):
        wanted = order(rail=DIRECT_ENTRY, amount=Money(100 + number))
        world.request(wanted, key=f"{number:016d}")
    asked = []
    world.meanwhile("provider", entries=lambda first, last, **_: asked.append((first, last)))
    assert at_the_end_of(world) == {"Completed": 3}
    assert len(asked) == 1


def test_what_was_read_before_a_midnight_is_read_again_after_it():
    world = sent_by_direct_entry()
    world.clock.advance(CLOSES - world.clock.now() - timedelta(seconds=1))
    read, days = ReadOnce(world.provider, world.clock), (date(2026, 3, 1), date(2026, 3, 10))
    before = read.entries(*days, within=1)
    world.provider.settle(world.payout.unique_reference, "Complete", back=AMOUNT)
    assert read.entries(*days, within=1) is before
    world.clock.advance(1)
    assert [line.credit for line in read.entries(*days, within=1) if line.credit][-1] == AMOUNT


def test_lines_that_could_not_be_read_are_asked_for_again():
    world = World().open_for_business()
    for number in range(2):
        wanted = order(rail=DIRECT_ENTRY, amount=Money(100 + number))
        world.request(wanted, key=f"{number:016d}")
    troubles = [ProviderUnavailable("away")]

    def away_once(*_args, **_told):
        if troubles:
            raise troubles.pop()

    world.meanwhile("provider", entries=away_once)
    assert at_the_end_of(world) == {"provider_unavailable": 1, "Completed": 1}


def test_a_dishonour_that_no_webhook_told_is_found_at_the_end_of_the_window():
    world = sent_by_direct_entry()
    world.provider.settle(world.payout.unique_reference, "Complete", back=AMOUNT)
    at_the_end_of(world)
    assert world.status is Status.RETURNED
    assert world.available == DEPOSIT


def test_a_dishonour_of_another_amount_is_disputed():
    world = sent_by_direct_entry()
    world.provider.settle(world.payout.unique_reference, "Complete", back=Money(1))
    at_the_end_of(world)
    assert world.status is Status.DISPUTED
    assert attention(world.payout) == "disputed"
    assert world.store.state.customers["customer-1"].stopped


def test_a_direct_credit_that_the_account_does_not_show_stays_open_until_a_person_looks():
    world = sent_by_direct_entry()
    world.provider.executions.clear()
    at_the_end_of(world)
    assert world.status is Status.PENDING
    for _ in range(3):
        world.poll_after(timedelta(hours=1))
    assert attention(world.payout) == "accepted_and_not_found"
    assert world.status is Status.PENDING


def test_days_that_cannot_be_read_complete_nothing():
    world = sent_by_direct_entry()
    world.provider.down = True
    assert at_the_end_of(world) == {"provider_unavailable": 1}
    assert world.status is Status.PENDING
    world.provider.down = False
    assert world.poll_after(60) == {"Completed": 1}


def test_a_dishonour_that_comes_in_while_the_window_is_closed_stands():
    world = sent_by_direct_entry()
    body = world.teach(b"back", world.payout, Returned)
    world.once("payouts", "write", lambda: world.receive(body, "DirectEntryDishonour"))
    at_the_end_of(world)
    assert world.status is Status.RETURNED
    assert world.available == DEPOSIT


def test_a_dishonour_after_the_window_is_heard_all_the_same():
    world = sent_by_direct_entry()
    at_the_end_of(world)
    assert world.receive(world.teach(b"back", world.payout, Returned)) == "heard"
    assert world.status is Status.RETURNED


def test_a_lost_direct_credit_is_found_and_waits_for_its_window():
    world = sent_by_direct_entry(Reply(Answer(Mishap.TIMED_OUT), executes=True))
    world.provider.settle(world.payout.unique_reference, "Complete")
    world.poll_after(31)
    assert world.status is Status.PENDING
    assert world.payout.fee == FEE
    at_the_end_of(world)
    assert world.payouts[0].status is Status.COMPLETED
    world.check_equal()
