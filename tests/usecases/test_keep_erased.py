"""Whoever was forgotten stays so: after a restored backup, after late news, as time allows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.erasure import certificate_name
from chalicelib.domain.errors import ArchiveUnavailable
from chalicelib.domain.findings import Kind
from chalicelib.domain.payout import Status
from chalicelib.domain.schedule import ERASED
from tests.usecases.forgetting import (
    MEMORY,
    WHO,
    checked,
    customer,
    erasure,
    forget,
    hold,
    keep,
    parked_letter,
    remembered,
    returned,
    stored,
    with_a_past,
)
from tests.usecases.planning import planned, schedule
from tests.usecases.test_crashes import Cut, run
from tests.usecases.world import DEPOSIT, World, order

DAY = timedelta(days=1)


def backup(world):
    state = world.store.state
    return {
        name: dict(getattr(state, name))
        for name in ("customers", "payouts", "notices", "parked", "rounds")
    }


def restore(world, kept):
    for name, rows in kept.items():
        setattr(world.store.state, name, dict(rows))


@pytest.fixture
def world():
    """A business whose backup remembers a customer who was forgotten since."""
    world = with_a_past()
    world.kept = backup(world)  # type: ignore[attr-defined] # for `restore`
    forget(world)
    return world


def test_where_nothing_came_back_nothing_is_written(world):
    before = stored(world)
    assert keep(world) == {"erased_looked_at": 1}
    assert stored(world) == before


def test_what_a_backup_brought_back_is_erased_again(world):
    erasure_before = erasure(world)
    restore(world, world.kept)
    assert remembered(world)
    # The customer, the payout, the webhook.
    assert keep(world) == {"erased_looked_at": 1, "erased_again": 3}
    assert remembered(world) == []
    again = customer(world)
    assert again.erasure == replace(erasure_before, reason="")
    assert again.erased
    assert world.request(order(amount=DEPOSIT)).replayed


def test_an_account_check_that_is_back_or_was_answered_late_is_emptied_again(world):
    checked(world)
    assert keep(world) == {"erased_looked_at": 1, "erased_again": 1}
    assert [each.token for each in world.store.state.checks.values()] == [""]
    world.clock.advance(DAY)
    assert keep(world) == {"erased_looked_at": 1}


def test_a_schedule_that_is_back_ends_again(world):
    own = forgotten_one(world)
    assert keep(world) == {"erased_looked_at": 1, "erased_again": 1}
    assert schedule(world).why == ERASED
    assert schedule(world).schedule_id == own.schedule_id
    world.clock.advance(DAY)
    assert keep(world) == {"erased_looked_at": 1}


def forgotten_one(world):
    """A schedule as a backup has it, of a customer who is forgotten."""
    other = World().open_for_business()
    own = planned(other).schedule
    world.store.state.schedules[own.schedule_id] = own
    return own


def test_a_backup_of_the_moment_before_the_certificate_keeps_the_reason(world):
    done = customer(world)
    half = replace(done, name="Jo Citizen", erasure=replace(erasure(world), certificate=""))
    world.store.state.customers[WHO] = half
    keep(world)
    assert customer(world).erasure == done.erasure
    assert remembered(world) == []


def test_a_backup_of_one_table_alone_is_noticed_too(world):
    for name in ("customers", "payouts", "notices"):
        restore(world, {name: world.kept[name]})
        assert remembered(world), name
        keep(world, whole=True)
        assert remembered(world) == [], name


def test_a_backup_in_which_they_are_asked_to_be_forgotten_once_more_keeps_the_first_certificate(
    world,
):
    first = world.archive.objects[certificate_name(WHO)]
    restore(world, world.kept)
    world.clock.advance(DAY)
    assert forget(world, by="adam").done
    assert world.archive.objects[certificate_name(WHO)] == first
    assert erasure(world).by == "anna"
    assert remembered(world) == []


def test_a_hold_that_a_backup_brought_back_does_not_undo_what_was_done(world):
    restore(world, world.kept)
    hold(world)
    keep(world)
    assert remembered(world) == []
    assert customer(world).erased


def test_an_open_payout_that_a_backup_brought_back_is_left_whole_until_it_ends():
    world = with_a_past(ended=False)
    kept = backup(world)
    from tests.usecases.forgetting import confirmed  # noqa: PLC0415 (what the fixture did)

    confirmed(world)
    forget(world)
    restore(world, kept)
    before = world.payout
    assert keep(world)["erased_waiting"] == 1
    assert world.payout == before
    assert customer(world).name == ""
    world.clock.advance(DAY)
    confirmed(world)
    assert keep(world) == {"erased_looked_at": 1, "erased_again": 2}
    assert remembered(world) == []


def test_the_body_of_late_news_is_destroyed_with_the_next_round(world):
    returned(world)
    assert remembered(world)
    keep(world)
    assert remembered(world) == []
    assert world.status is Status.RETURNED


def test_money_that_came_for_them_goes_before_a_person_once(world):
    returned(world)
    keep(world)
    (found,) = world.store.state.findings.values()
    assert found.kind is Kind.ERASED_CREDITED
    assert found.amount == DEPOSIT
    assert WHO in found.subject
    world.resolve_finding(found.finding_id)
    keep(world, whole=True)
    assert len(world.store.state.findings) == 1
    assert not world.store.state.findings[found.finding_id].is_open
    who = customer(world)
    world.store.state.customers[WHO] = replace(who, available=DEPOSIT + DEPOSIT)
    keep(world, whole=True)
    assert len(world.store.state.findings) == 2


def test_a_round_is_made_once_a_day(world):
    assert keep(world) == {"erased_looked_at": 1}
    restore(world, {"customers": world.kept["customers"]})
    assert keep(world) == {}
    world.clock.advance(DAY)
    assert keep(world)["erased_again"] == 1


def test_whoever_restores_a_backup_need_not_wait_for_the_round(world):
    keep(world)
    restore(world, {"customers": world.kept["customers"]})
    assert keep(world, whole=True)["erased_again"] == 1


def certificates(world, *ids):
    content = world.archive.objects[certificate_name(WHO)]
    for each in ids:
        world.archive.objects[certificate_name(each)] = content.replace(WHO.encode(), each.encode())


def test_without_time_the_round_goes_on_where_it_was(world):
    certificates(world, "customer-0", "customer-2", "customer-3")
    seen: list[str] = []

    def until(count):
        def time_left():
            return 60.0 if len(seen) < count else 1.0

        return time_left

    get = world.archive.get

    def counted(name):
        seen.append(name)
        return get(name)

    world.archive.get = counted
    world.time_left = until(2)  # runs out
    # The second has a payout to look at, for which there is no time any more.
    assert keep(world) == {"erased_looked_at": 1, "erased_left": 1}
    world.time_left = until(len(seen) + 1)  # runs out
    # Even all of a run was not enough for it: others have their turn.
    assert keep(world) == {"erased_left": 1}
    seen.clear()
    world.clock.advance(DAY)
    world.time_left = lambda: 60.0  # enough
    assert keep(world) == {"erased_looked_at": 2}
    assert seen == [certificate_name("customer-2"), certificate_name("customer-3")]
    assert keep(world) == {}


def test_what_is_damaged_or_away_costs_only_itself(world):
    certificates(world, "customer-0", "customer-2")
    world.archive.objects[certificate_name("customer-0")] = b"{}"
    world.archive.objects[certificate_name("customer-2")] = world.archive.objects[
        certificate_name(WHO)
    ]
    returned(world)
    assert keep(world) == {"erased_looked_at": 1, "erased_again": 1, "corrupt": 2}
    world.store.state.down = True
    ports = world._ports(*MEMORY, "archive", "time_left", "findings", "rounds")
    assert ports
    assert keep(world, whole=True) == {"corrupt": 2, "store_unavailable": 1}
    world.archive.down = True
    with pytest.raises(ArchiveUnavailable):
        keep(world, whole=True)


def test_killed_anywhere_the_next_round_has_it(world):
    probe_cut = Cut(-1, after=False, dies=False)
    restore(world, world.kept)
    run(world, probe_cut, keep)
    for at in range(probe_cut.calls):
        for after in (True, False):
            other = with_a_past()
            kept = backup(other)
            forget(other)
            restore(other, kept)
            run(other, Cut(at, after=after, dies=True), keep)
            other.clock.advance(DAY)
            keep(other)
            assert remembered(other) == [], (at, after)


def test_an_open_dead_letter_about_them_is_left_to_a_person(world):
    letter = parked_letter(world, decided=False)
    (notice,) = world.store.state.notices.values()
    del world.store.state.parked[letter.letter_id]
    same = replace(letter, key=notice.key)
    world.store.state.parked[same.letter_id] = same
    assert keep(world) == {"erased_looked_at": 1, "erased_waiting": 1}
    assert world.store.state.parked[same.letter_id].letter.raw


def test_a_dead_letter_that_lost_its_body_is_not_written_again(world):
    letter = parked_letter(world, decided=True)
    (notice,) = world.store.state.notices.values()
    same = replace(world.store.state.parked.pop(letter.letter_id), key=notice.key)
    world.store.state.parked[same.letter_id] = same
    assert keep(world, whole=True) == {"erased_looked_at": 1, "erased_again": 1}
    assert remembered(world) == []
    before = stored(world)
    assert keep(world, whole=True) == {"erased_looked_at": 1}
    assert stored(world) == before


def test_a_customer_whose_row_is_not_there_is_no_trouble(world):
    del world.store.state.customers[WHO]
    restore(world, {"payouts": world.kept["payouts"]})
    assert keep(world) == {"erased_looked_at": 1, "erased_again": 1}
    assert not world.payout.intent.destination.ciphertext
    assert World().store.state.rounds == {}
