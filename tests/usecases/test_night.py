"""A night goes through its stages, once for each date, and goes on wherever it stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.agenda import Agenda
from chalicelib.domain.errors import (
    Corrupt,
    ProviderUnavailable,
    RuleBroken,
    SignInRefused,
    StoreUnavailable,
)
from chalicelib.domain.findings import Kind
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.night import Line, Stage
from chalicelib.domain.payout import Status
from chalicelib.usecases.night import SCHEDULE
from tests.usecases.nights import DAY, D, Nights, busy_day

ALL = {"open": 1, "compared": 1, "attested": 1, "reported": 1}


@pytest.fixture
def world() -> Nights:
    """The morning after a busy day, at the hour."""
    return busy_day().now(D + DAY, 3)


def foreign(world: Nights, day: date = D) -> None:
    """Somebody else took money out of the account."""
    world.day_book.more.append(
        Line(99, day, "fee", False, "", "T1", Money(500), ZERO, Money(969_464))
    )


def statuses(world: Nights) -> list[Status]:
    return sorted(each.status for each in world.payouts)


def stored(world: Nights) -> object:
    """All that a second run could change."""
    state = world.store.state
    return (dict(state.payouts), {k: list(v) for k, v in state.steps.items()}, dict(state.findings))


def test_where_nothing_is_due_one_row_is_read_and_that_is_all(world):
    world.tick()
    world.ports = {name: world.meanwhile(name) for name in world.ports}
    for _ in range(3):
        world.clock.advance(300)
        assert world.tick() == {}
    calls = {name: port.calls for name, port in world.ports.items() if port.calls}
    assert calls == {"nights": ["agenda"] * 3}


def test_a_night_hears_compares_attests_and_reports_its_day(world):
    assert world.tick() == ALL
    assert world.ended(D)
    night = world.night(D)
    assert (night.started_by, night.run, night.unexplained) == (SCHEDULE, 1, ZERO)
    assert (night.counts["payouts"], night.counts["healed"]) == (3, 2)
    assert night.closing is not None
    assert night.sums["fees"] == Money(36)
    assert statuses(world) == [Status.COMPLETED, Status.COMPLETED, Status.PENDING]
    assert [subject for subject, _ in world.herald.told] == [
        "Payouts 2026-03-06: every cent explained"
    ]
    assert world.store.nights.agenda().through == D
    world.check_books()


def test_a_night_costs_two_calls_to_the_provider_for_its_day(world):
    between = world.meanwhile("provider")
    world.tick()
    assert world.day_book.calls == 2
    assert between.calls == []


def test_what_somebody_else_took_is_a_finding_and_told(world):
    foreign(world)
    world.tick()
    night = world.night(D)
    assert night.unexplained == Money(500)
    (finding,) = world.store.state.findings.values()
    assert (finding.kind, night.findings) == (Kind.UNEXPLAINED_DEBIT, (finding.finding_id,))
    assert "every cent" not in world.herald.told[0][0]


def test_with_the_gate_closed_the_night_stays_unfinished_and_says_so(world):
    world.store.gate.close()
    for _ in range(3):
        assert world.tick() == {"gate_closed": 1}
        world.clock.advance(300)
    assert world.night(D).stage is Stage.OPEN
    assert not world.left_behind(D)
    assert world.day_book.calls == 0
    assert world.herald.told == []
    world.store.gate.open(by="ada")
    assert world.tick() == ALL
    assert world.ended(D)


def test_a_gate_that_closes_between_two_stages_stops_the_night_there(world):
    world.once("payouts", "open_work", world.store.gate.close)
    assert world.tick() == {"open": 1, "gate_closed": 1, "handed_on": 1}
    assert world.night(D).stage is Stage.COMPARED
    assert world.night(D).held_until is None
    world.store.gate.open(by="ada")
    world.tick()
    assert world.ended(D)


def test_a_closed_gate_is_no_hindrance_to_what_asks_the_provider_nothing(world):
    world.archive.down = True
    assert world.tick() == {"open": 1, "compared": 1, "archive_unavailable": 1}
    world.archive.down = False
    world.store.gate.close()
    assert world.tick() == {"attested": 1, "reported": 1}
    assert world.ended(D)


def test_a_provider_that_does_not_answer_leaves_no_report_of_the_day(world):
    world.provider.down = True
    for _ in range(2):
        told = world.tick()
        assert told["provider_unavailable"] == 1
        world.clock.advance(300)
    assert world.night(D).stage is Stage.COMPARED
    assert not world.left_behind(D)
    assert world.night(D).held_until is None
    world.provider.down = False
    assert world.tick() == {"compared": 1, "attested": 1, "reported": 1}
    assert world.ended(D)
    assert world.night(D).counts["payouts"] == 3


def test_a_refused_key_leaves_the_night_unfinished(world):
    def refuse(*_args: object, **_told: object) -> None:
        raise SignInRefused

    world.once("day_book", "statuses", refuse)
    assert world.tick() == {"open": 1, "provider_sign_in_refused": 1}
    assert not world.left_behind(D)


@pytest.mark.parametrize(
    ("what", "code"),
    [("archive", "archive_unavailable"), ("signer", "vault_unavailable")],
)
def test_a_neighbour_that_is_down_is_waited_for(world, what, code):
    getattr(world, what).down = True
    assert world.tick() == {"open": 1, "compared": 1, code: 1}
    assert world.night(D).stage is Stage.ATTESTED
    getattr(world, what).down = False
    assert world.tick() == {"attested": 1, "reported": 1}
    assert world.ended(D)


def test_that_nobody_can_be_told_does_not_fail_the_night(world):
    world.herald.down = True
    world.tick()
    assert world.night(D).is_over
    assert world.night(D).counts["untold"] == 1


def test_where_time_runs_short_the_night_is_handed_on_and_nothing_is_done_twice(world):
    world.seconds_left = 30.0
    told = []

    def hurry(*_args: object, **_told: object) -> None:
        world.seconds_left -= 21.0

    for port, method in (("payouts", "open_work"), ("findings", "get"), ("archive", "names")):
        world.once(port, method, hurry)
        told.append(world.tick())
        world.seconds_left = 30.0
    told.append(world.tick())
    assert told[0] == {"open": 1, "handed_on": 1}
    stages = [name for each in told for name in each if name in ALL]
    assert stages == ["open", "compared", "attested", "reported"]
    assert world.ended(D)
    assert len(world.herald.told) == 1


def test_with_no_time_nothing_is_begun(world):
    world.seconds_left = 9.0
    assert world.tick() == {}
    assert (world.night(D).stage, world.night(D).version) == (Stage.OPEN, 1)
    assert world.store.nights.agenda().through == D - DAY


def test_what_somebody_holds_is_left_to_them_until_their_time_is_over(world):
    held = replace(world.start(D), version=2, held_until=world.clock.now() + timedelta(minutes=15))
    world.store.nights.save(held)
    assert world.tick() == {"held": 1}
    assert world.night(D) == held
    world.clock.advance(15 * 60)
    assert world.tick() == ALL


def test_a_runner_holds_the_night_for_as_long_as_it_may_live(world):
    seen = []
    world.once("payouts", "open_work", lambda: seen.append(world.night(D).held_until))
    now = world.clock.now()
    world.tick()
    assert seen == [now + timedelta(seconds=world.seconds_left)]
    assert world.night(D).held_until is None


def test_days_without_a_night_are_made_up_for_one_a_tick_the_oldest_first(world):
    world.tick()
    world.now(D + 5 * DAY, 4)
    done: list[date] = []
    while told := world.tick():
        assert told == ALL
        (day,) = {
            D + ahead * DAY for ahead in range(1, 5) if world.store.nights.get(D + ahead * DAY)
        } - set(done)
        done.append(day)
    assert done == [D + ahead * DAY for ahead in range(1, 5)]
    assert all(world.ended(day) for day in done)


@pytest.mark.parametrize("change", [date(2026, 10, 4), date(2027, 4, 4)])
def test_a_night_is_run_once_for_each_date_where_the_clocks_change(change):
    world = Nights().open_for_business()
    world.now(change - 2 * DAY, 0)
    nights = 0
    while world.clock.now() < Nights().now(change + 2 * DAY, 12).clock.now():
        told = world.tick()
        assert told in ({}, ALL)
        nights += bool(told)
        world.clock.advance(timedelta(minutes=20))
    dates = [change + ahead * DAY for ahead in range(-3, 2)]
    assert [night.day for night in reversed(runs(world))] == dates
    assert all(world.ended(day) for day in dates)
    assert nights == len(dates)


def runs(world):
    return world.store.nights.page(limit=99, position=None).items


def test_a_person_begins_a_run_and_the_schedule_finishes_it(world):
    begun = world.start(D)
    assert (begun.stage, begun.started_by, begun.run) == (Stage.OPEN, "ada", 1)
    assert world.tick() == ALL
    assert world.ended(D)
    assert world.store.nights.agenda().again == frozenset()
    assert world.tick() == {}


def test_a_person_brings_a_run_to_its_end_alone(world):
    assert world.go_on(world.start(D)).is_over
    assert world.ended(D)
    # The schedule sees it done, and does not do it again.
    assert world.tick() == {}
    assert world.store.nights.agenda() == Agenda(through=D, version=3)
    assert len(runs(world)) == 1


def test_asked_for_again_while_it_is_unfinished_it_is_the_same_run(world):
    first = world.start(D)
    assert world.start(D, by="bert") == first
    assert world.store.nights.agenda().again == {D}
    assert len(runs(world)) == 1


def test_a_second_run_changes_nothing_and_has_a_report_of_its_own(world):
    foreign(world)
    world.tick()
    before, told = stored(world), dict(world.archive.objects)
    again = world.go_on(world.start(D))
    assert (again.run, again.is_over) == (2, True)
    assert stored(world) == before
    first = world.store.nights.get(D, 1)
    assert first is not None
    assert (again.findings, again.unexplained) == (first.findings, first.unexplained)
    assert (again.root, again.sums) == (first.root, first.sums)
    assert {name: world.archive.objects[name] for name in told} == told
    new = sorted(name.rpartition("/")[2] for name in world.archive.objects.keys() - told.keys())
    assert new == ["report-run-2.csv", "report-run-2.md", "report-run-2.txt"]
    assert world.store.nights.agenda().through == D


def test_a_run_of_an_older_day_is_finished_after_what_is_missing(world):
    world.tick()
    world.now(D + 2 * DAY, 4)
    world.start(D)
    assert world.tick() == ALL
    assert world.ended(D + DAY)
    assert not world.night(D).is_over
    assert world.tick() == ALL
    assert world.night(D).run == 2
    assert world.ended(D)


@pytest.mark.parametrize(("ahead", "code"), [(0, "not_over"), (1, "not_over"), (-61, "too_old")])
def test_a_day_that_is_not_over_or_too_far_back_has_no_run(world, ahead, code):
    with pytest.raises(RuleBroken) as refused:
        world.start(D + DAY + ahead * DAY)
    assert [fault.code for fault in refused.value.faults] == [code]
    assert world.store.nights.agenda() == Agenda()


def test_the_farthest_day_that_may_be_run_is_sixty_days_back(world):
    assert world.start(D + DAY - 60 * DAY).run == 1


def test_a_defect_in_one_night_is_raised_and_does_not_keep_the_others_back(world):
    world.start(D - DAY)

    def break_down(*_args: object, **_told: object) -> None:
        raise Corrupt("a row")

    world.once("payouts", "open_work", break_down)
    with pytest.raises(Corrupt):
        world.tick()
    assert world.night(D).stage is Stage.OPEN
    assert world.night(D).held_until is None
    assert world.night(D - DAY).is_over
    assert world.tick() == ALL


def test_two_who_begin_at_once_begin_one_run(world):
    world.once("nights", "save", lambda: world.store.nights.save(begun()))

    def begun():
        world.start(D - 2 * DAY)  # something else meanwhile
        return replace(world.night(D - 2 * DAY), day=D, started_by="bert")

    night = world.start(D)
    assert night.started_by == "bert"
    assert world.store.nights.agenda().again == {D, D - 2 * DAY}


def test_who_lost_the_race_for_a_night_leaves_it_to_the_other(world):
    def overtake() -> None:
        night = world.night(D)
        world.store.nights.save(replace(night, version=night.version + 1, position="1"))

    world.once("payouts", "open_work", overtake)
    assert world.tick() == {"stale": 1}
    assert world.night(D).position == "1"
    assert world.night(D).held_until is not None, "it is the other's hold now"


def test_the_first_night_ever_is_finished_however_many_days_later(world):
    world.archive.down = True
    world.tick()
    assert not world.night(D).is_over
    world.archive.down = False
    world.now(D + 3 * DAY, 4)
    for _ in range(4):
        world.tick()
    assert world.ended(D)
    assert world.ended(D + DAY)
    assert world.ended(D + 2 * DAY)


def test_an_agenda_that_is_written_all_the_time_is_given_up(world):
    def arrange(*_args: object, **_told: object) -> None:
        agenda = world.store.nights.agenda()
        world.store.nights.arrange(agenda)

    world.meanwhile("nights", arrange=arrange)
    told = world.tick()
    assert told == {"store_unavailable": 1}
    assert world.store.nights.get(D) is None
    assert world.store.nights.agenda().through is None


def test_unanswered_is_not_the_same_as_nothing(world):
    """A statement that breaks off half way is no statement."""

    def lines(*_args: object, **_told: object) -> object:
        raise ProviderUnavailable("It broke off.")

    world.once("day_book", "lines", lines)
    assert world.tick()["provider_unavailable"] == 1
    assert world.store.state.findings == {}


def test_one_night_that_cannot_go_on_does_not_keep_the_others_back(world):
    world.start(D - DAY)

    def fail() -> None:
        raise StoreUnavailable("Not now.")

    world.once("payouts", "open_work", fail)
    assert world.tick() == {"store_unavailable": 1, **ALL}
    assert world.night(D).stage is Stage.OPEN
    assert world.night(D - DAY).is_over


def test_a_run_that_is_begun_is_on_the_agenda_even_if_the_schedule_struck_it_out(world):
    world.tick()

    def strike() -> None:
        nights = world.store.nights
        nights.arrange(nights.agenda().done(D))

    world.once("nights", "save", strike)
    assert world.start(D).run == 2
    assert world.store.nights.agenda().again == {D}


def test_a_balance_is_held_against_the_night_before_though_that_is_being_run_again(world):
    world.tick()
    world.now(D + DAY, 12)
    world.request(key="5" * 16)
    world.now(D + 2 * DAY, 3)
    assert world.start(D).run == 2
    # What the account held at the beginning of the second day is not what the first one left.
    world.day_book.opening += Money(100)
    world.tick()
    assert world.night(D + DAY).is_over
    assert Kind.BALANCE_DIFFERS in {each.kind for each in world.store.state.findings.values()}
