"""Payouts that have rested go to the archive, become small, and only then lose their steps."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.archive import BATCH, GRACE, Sweep, manifest_of, shrunk
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import (
    ArchiveUnavailable,
    Conflict,
    Corrupt,
    KeyTaken,
    RuleBroken,
    Stale,
)
from chalicelib.domain.events import Confirmed, Escalated
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.usecases.hear import hear
from chalicelib.usecases.send import send
from tests.fakes.provider import TIMED_OUT_UNPAID
from tests.usecases.resting import AFTER_DAYS, REST, Resting
from tests.usecases.world import AMOUNT, order

DAY = timedelta(days=1)


def test_a_payout_goes_to_the_archive_ninety_days_after_its_end_and_not_a_day_sooner():
    world = Resting(1)
    ended_on = sydney_date(world.payout.updated_at)
    while (world.sweep_after(DAY))["archived"] == 0:
        assert world.payout.archives == ()
    assert sydney_date(world.clock.now()) == ended_on + timedelta(days=AFTER_DAYS)
    (name,) = world.objects()
    assert world.payout.archives == (name,)
    assert name.startswith(f"payouts/{ended_on.isoformat()}/")
    world.check_nothing_lost()


def test_what_it_comes_to_is_counted_and_again_it_is_nothing():
    world = Resting(3)
    assert world.sweep_after() == {"objects": 1, "archived": 3}
    before = dict(world.archive.objects), dict(world.store.state.payouts)
    assert world.sweep() == {}
    assert world.sweep_after(REST) == {}
    assert (world.archive.objects, world.store.state.payouts) == before


def test_its_steps_go_a_week_later_and_all_is_shown_as_before():
    world = Resting(1)
    before = world.timeline(world.payout)
    world.sweep_after()
    assert world.expiring(world.payout) == [1, 2, 3, 4]
    world.clock.advance(GRACE - timedelta(seconds=1))
    assert world.in_table(world.payout) == [1, 2, 3, 4]
    world.clock.advance(1)
    assert world.in_table(world.payout) == []
    assert world.timeline(world.payout) == before


def test_a_payout_keeps_everything_but_what_only_a_sending_needed():
    world = Resting()
    payout = world.ended(reference="INV 7", description="Refund")
    world.sweep_after()
    small = world.now(payout)
    intent = replace(
        small.intent, destination=payout.intent.destination, asked=payout.intent.asked,
        kept_digest="",
    )  # fmt: skip
    assert replace(small, intent=intent, archives=(), archived=0, revision=0) == payout
    assert small.intent.digest == payout.intent.digest


def test_there_is_a_manifest_beside_the_object():
    world = Resting(3)
    world.sweep_after()
    (name,) = world.objects()
    told = json.loads(world.archive.objects[manifest_of(name)], parse_float=Decimal)
    assert (told["object"], told["payouts"], told["steps"]) == (name, 3, 12)


def test_what_is_not_over_or_waits_for_a_person_stays_as_it_is():
    world = Resting()
    world.provider.will(TIMED_OUT_UNPAID)
    doubtful = world.paid(1)
    pending = world.paid(2)
    alarmed = world.ended(3)
    disputed = world.returned(world.paid(4), Money(1))
    hear(
        alarmed, Escalated(at=world.clock.now(), by="somebody", why="look"),
        payouts=world.store.payouts,
    )  # fmt: skip
    assert disputed.status is Status.DISPUTED
    assert world.sweep_after() == {}
    for payout in (doubtful, pending, disputed, alarmed):
        assert world.now(payout).archives == ()


def test_what_the_index_does_not_know_yet_is_told_by_the_key():
    """The index shows it as it was: completed, and for nobody to look at."""
    world = Resting(1)
    lagging = list(world.ports["changes"].of_day(sydney_date(world.payout.updated_at)))
    alarm = Escalated(at=world.payout.updated_at, by="somebody", why="look")
    hear(world.payout, alarm, payouts=world.store.payouts)
    world.ports["changes"] = Lagging(lagging)
    assert world.sweep_after() == {}
    assert world.payout.archives == ()


class Lagging:
    """An index that shows what was."""

    def __init__(self, shown):
        self._shown = shown

    def of_day(self, day, *, after=""):
        return iter([each for each in self._shown if each.last.on == day and after == ""])


def test_one_that_is_gone_or_damaged_costs_itself_only():
    world = Resting(3)
    first, second, third = sorted(world.payouts, key=lambda each: each.transaction_id)
    lagging = list(world.ports["changes"].of_day(sydney_date(first.updated_at)))
    world.ports["changes"] = Lagging(lagging)
    del world.store.state.payouts[first.transaction_id]
    del world.store.state.steps[second.transaction_id][1]
    assert world.sweep_after() == {"objects": 1, "archived": 1, "corrupt": 1}
    assert world.now(second).archives == ()
    assert world.now(third).archives


def test_a_day_of_many_is_several_objects():
    world = Resting(1)
    one = world.payout
    for number in range(BATCH + 1):
        copied(world, one, number)
    assert world.sweep_after() == {"objects": 2, "archived": BATCH + 2}
    assert all(world.expiring(each) == [1, 2, 3, 4] for each in world.payouts)


def copied(world, payout, number):
    """Another payout of the same life."""
    own = f"{number:08x}{payout.transaction_id[8:]}"
    state = world.store.state
    intent = replace(payout.intent, transaction_id=own)
    state.payouts[own] = replace(payout, intent=intent)
    state.steps[own] = list(state.steps[payout.transaction_id])


def test_it_catches_up_day_by_day_and_never_comes_back_to_a_day():
    world = Resting()
    for number in range(3):
        world.ended(number)
        world.clock.advance(DAY)
    assert world.sweep_after(REST + DAY) == {"objects": 3, "archived": 3}
    assert len({name.split("/")[1] for name in world.objects()}) == 3
    changes = world.ports["changes"]
    changes.asked.clear()
    world.sweep_after(2 * DAY)
    today = sydney_date(world.clock.now())
    assert changes.asked == [today - timedelta(days=AFTER_DAYS + back) for back in (1, 0)]


def test_where_it_never_was_it_begins_a_year_before():
    world = Resting(1)
    assert world.sweep_after(REST + timedelta(days=366))["archived"] == 1


@pytest.mark.parametrize("looks", range(1, 40))
def test_with_little_time_it_stops_and_goes_on_where_it_was(looks):
    world = Resting()
    for number in range(4):
        world.ended(number)
        world.clock.advance(number % 2 * DAY)
    start = sydney_date(world.clock.now()) - timedelta(days=4)
    world.store.sweeps.save(Sweep(start))
    world.clock.advance(REST)
    world.looks = looks
    world.sweep()
    world.check_nothing_lost()
    world.looks = None
    world.sweep()
    assert all(each.archives for each in world.payouts)
    assert all(world.expiring(each) == [1, 2, 3, 4] for each in world.payouts)
    world.clock.advance(GRACE)
    world.check_nothing_lost()


def test_no_payout_becomes_small_without_the_time_for_it():
    small = set()
    for looks in range(1, 14):
        world = Resting(3)
        world.store.sweeps.save(Sweep(sydney_date(world.clock.now())))
        world.looks = looks
        world.sweep_after()
        small.add(sum(bool(each.archives) for each in world.payouts))
        world.check_nothing_lost()
    assert small == {0, 1, 2, 3}


def test_no_time_at_all_passes_over_no_day():
    world = Resting(1)
    world.clock.advance(REST)
    start = Sweep(sydney_date(world.payout.updated_at))
    world.store.sweeps.save(start)
    world.looks = 1
    assert world.sweep() == {}
    assert world.store.sweeps.get() == replace(start, version=2)
    world.looks = None
    assert world.sweep()["archived"] == 1


def test_news_between_the_object_and_the_small_row_keeps_the_payout_as_it_is():
    world = Resting(1)
    before = world.payout
    world.once("archive", "get", lambda: world.returned(before))
    assert world.sweep_after()["moved_on"] == 1
    now = world.now(before)
    assert (now.status, now.archives, world.expiring(now)) == (Status.RETURNED, (), [])
    assert world.sweep_after()["archived"] == 1
    assert world.expiring(now) == [1, 2, 3, 4, 5]
    world.check_nothing_lost()


def test_news_between_the_last_look_and_the_small_row_is_not_overwritten():
    world = Resting(1)
    world.once("payouts", "shrink", lambda: world.returned(world.payout))
    assert world.sweep_after()["moved_on"] == 1
    assert (world.status, world.payout.archives) == (Status.RETURNED, ())
    world.check_nothing_lost()


def test_news_after_the_small_row_keeps_what_is_archived_and_is_archived_in_its_turn():
    world = Resting(1)
    world.once("payouts", "expire_steps", lambda: world.returned(world.payout))
    world.sweep_after()
    assert world.status is Status.RETURNED
    assert world.expiring(world.payout) == [1, 2, 3, 4]
    assert len(world.now(world.payout).archives) == 1
    world.sweep_after()
    assert len(world.payout.archives) == 2
    assert world.archived_steps(world.payout) == [1, 2, 3, 4, 5]
    world.check_nothing_lost()


def test_a_writer_that_read_the_payout_before_it_became_small_brings_nothing_back():
    """A step written on top of the old reading would lose where the others lie."""
    world = Resting(1)
    read_before = world.payout
    world.sweep_after()
    heard = hear(
        read_before, Confirmed(at=world.clock.now(), by="night", attempt=1, fee=Money(77)),
        payouts=world.store.payouts,
    ).payout  # fmt: skip
    assert heard == read_before  # heard before: nothing to write
    alarm = Escalated(at=world.clock.now(), by="night", why="look")
    written = hear(read_before, alarm, payouts=world.store.payouts).payout
    assert written.archives
    assert written.intent.destination.ciphertext == b""
    world.clock.advance(GRACE)
    world.check_nothing_lost()


def test_an_object_that_is_not_what_was_written_lets_nothing_go():
    world = Resting(2)
    spoilt = []

    def spoil():
        (name,) = world.objects()
        world.archive.objects[name] = world.archive.objects[name][:-1]
        spoilt.append(name)

    world.once("archive", "get", spoil)
    with pytest.raises(Corrupt):
        world.sweep_after()
    assert spoilt
    assert all(not each.archives and not world.expiring(each) for each in world.payouts)
    with pytest.raises(Corrupt):
        world.sweep()
    assert all(not each.archives for each in world.payouts)


def test_an_archive_that_is_down_lets_nothing_go_and_is_tried_again():
    world = Resting(1)
    world.archive.down = True
    with pytest.raises(ArchiveUnavailable):
        world.sweep_after()
    assert (world.payout.archives, world.expiring(world.payout)) == ((), [])
    world.archive.down = False
    assert world.sweep() == {"objects": 1, "archived": 1}


def test_of_two_who_sweep_at_once_one_has_it():
    world = Resting(2)
    world.once("sweeps", "save", world.sweep)
    assert world.sweep_after()["archived"] == 0
    assert world.objects() == list({name for each in world.payouts for name in each.archives})
    world.check_nothing_lost()


def test_a_small_payout_changed_by_another_meanwhile_is_left_alone():
    world = Resting(1)

    def by_another():
        payout = world.payout
        world.store.payouts.shrink(payout, shrunk(payout, world.objects()[0]))

    world.once("payouts", "shrink", by_another)
    assert world.sweep_after() == {"objects": 1, "moved_on": 1}
    assert len(world.payout.archives) == 1


def test_a_step_that_is_not_what_the_object_holds_does_not_go():
    world = Resting(1)
    payout = world.payout

    def alter():
        steps = world.store.state.steps[payout.transaction_id]
        steps[0] = replace(steps[0], status="Failed")

    world.once("payouts", "expire_steps", alter)
    assert world.sweep_after() == {"objects": 1, "archived": 1, "corrupt": 1}
    assert world.expiring(payout) == []
    with pytest.raises(Corrupt):
        world.timeline(payout)


def test_a_key_used_again_years_later_finds_the_payout():
    world = Resting()
    payout = world.ended(reference="INV 7")
    world.sweep_after()
    world.clock.advance(timedelta(days=3000))
    placed = world.request(order(reference="INV 7"), key="key-of-payout-0000")
    assert placed.replayed
    assert placed.payout == world.now(payout)
    assert len(world.provider.executions) == 1


def test_a_key_used_again_for_something_else_or_by_another_is_refused():
    world = Resting()
    world.ended(reference="INV 7")
    world.sweep_after()
    with pytest.raises(RuleBroken) as refused:
        world.request(order(reference="INV 8", amount=Money(1)), key="key-of-payout-0000")
    assert [each.pointer for each in refused.value.faults] == ["/amount", "/reference"]
    with pytest.raises(KeyTaken):
        world.request(order(reference="INV 7"), key="key-of-payout-0000", by="max")


def test_a_return_years_later_is_heard_and_archived_in_its_turn():
    world = Resting(1)
    world.sweep_after()
    world.clock.advance(timedelta(days=1500))
    before = world.available
    payout = world.returned(world.payout, AMOUNT)
    assert payout.status is Status.RETURNED
    assert world.available == before + AMOUNT
    assert [each.sequence for each in world.timeline(payout)] == [1, 2, 3, 4, 5]
    world.check_nothing_lost()
    assert world.sweep_after() == {"objects": 1, "archived": 1}
    assert len(world.payout.archives) == 2
    world.clock.advance(GRACE)
    assert world.in_table(payout) == []
    world.check_nothing_lost()


def test_what_is_archived_cannot_be_sent_whatever_its_status_says():
    world = Resting(1)
    world.sweep_after()
    forged = replace(world.payout, status=Status.QUEUED)
    with pytest.raises(Conflict, match="cannot be sent"):
        send(
            forged, by="somebody",
            **world._ports("payouts", "provider", "vault", "clock", "time_left"),
        )  # fmt: skip
    assert len(world.provider.executions) == 1


def test_while_the_archive_is_down_there_is_no_timeline_and_not_a_shorter_one():
    world = Resting(1)
    world.sweep_after()
    world.archive.down = True
    with pytest.raises(ArchiveUnavailable):
        world.timeline(world.payout)


@pytest.mark.parametrize("content", [None, b"", b"rubbish"])
def test_an_object_that_is_lost_or_changed_gives_no_timeline(content):
    world = Resting(1)
    world.sweep_after()
    (name,) = world.objects()
    if content is None:
        del world.archive.objects[name]
    else:
        world.archive.objects[name] = content
    with pytest.raises(Corrupt):
        world.timeline(world.payout)


def test_a_late_step_that_is_lost_gives_no_timeline():
    world = Resting(1)
    world.sweep_after()
    world.returned(world.payout)
    world.store.state.steps[world.payout.transaction_id].pop()
    with pytest.raises(Corrupt):
        world.timeline(world.payout)


def test_the_timeline_of_what_is_not_archived_is_the_tables_and_asks_no_archive():
    world = Resting(1)
    world.archive.down = True
    assert world.timeline(world.payout) == world.steps_ever(world.payout)


def test_no_small_row_is_put_for_a_payout_that_is_not_there():
    world = Resting(1)
    payout = world.payout
    del world.store.state.payouts[payout.transaction_id]
    with pytest.raises(Stale):
        world.store.payouts.shrink(payout, shrunk(payout, "an-object"))
