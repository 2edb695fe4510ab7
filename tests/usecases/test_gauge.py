"""How it stands, in figures: each reading bounded, and one that fails costs only its own."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.api import log
from chalicelib.domain.agenda import Agenda
from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.liquidity import FloatRules
from chalicelib.domain.money import Money
from chalicelib.domain.night import Reconciliation, Stage
from chalicelib.domain.notices import DeadLetter
from chalicelib.metrics import METRICS
from chalicelib.usecases import gauge as gauges
from chalicelib.usecases.dead_letters import park
from chalicelib.usecases.gauge import EVERY, LEAST, Gauges, Lull, gauge
from tests.fakes.lines import measures
from tests.fakes.provider import ACCEPTED, NOT_CONNECTED, TIMED_OUT_UNPAID
from tests.fakes.spoilt import SpoiltNights
from tests.usecases.world import DIRECT_ENTRY, NPP, World, order

if TYPE_CHECKING:
    from collections.abc import Iterator

CALM = {
    "PayoutsQueued": 0, "QueueAge": 0, "PayoutsUnconfirmed": 0, "UnconfirmedAge": 0,
    "FindingsOpen": 0, "NoticesParked": 0, "UnexplainedCents": 0, "NightLate": 0,
    "SignInClosed": 0, "FundsShort": 0, "FundsLow": 0, "BreakerAge": 0, "GaugesUnread": 0,
}  # fmt: skip
CLOSED = {"npp": 0, "direct_entry": 0, "provider": 0}
DAY = date(2026, 7, 2)


@pytest.fixture
def world() -> World:
    made = World(breaks=True).open_for_business()
    made.ports["circuits"] = made.store.circuits
    # Every night up to the day before yesterday of these tests is done.
    made.store.nights.arrange(Agenda(through=made.clock.now().date()))
    return made


def read(world: World, rules: FloatRules | None = None, lull: Lull | None = None) -> Gauges | None:
    return gauge(
        rules=rules or world.rules, night_hour=3, lull=lull or Lull(world.clock),
        **world._ports(
            "payouts", "findings", "parked", "nights", "circuits", "liquidity", "gate", "clock",
            "time_left",
        ),
    )  # fmt: skip


def changed(world: World, rules: FloatRules | None = None) -> dict[str, int]:
    """The figures that are not those of a calm day."""
    told = read(world, rules)
    assert told is not None
    return {name: value for name, value in told.figures.items() if CALM[name] != value}


def test_where_all_is_well_every_figure_is_told_and_is_nothing(world):
    assert read(world) == Gauges(CALM, CLOSED)


def test_what_waits_and_what_is_in_doubt_is_counted_with_the_age_of_the_oldest(world):
    world.provider.will(NOT_CONNECTED, TIMED_OUT_UNPAID, TIMED_OUT_UNPAID, ACCEPTED)
    for number, rail in enumerate((NPP, NPP, DIRECT_ENTRY, NPP)):
        world.request(order(amount=Money(100), rail=rail), key=f"key-of-payout-{number:04}")
        world.clock.advance(60)
    assert changed(world) == {
        "PayoutsQueued": 1, "QueueAge": 240, "PayoutsUnconfirmed": 2, "UnconfirmedAge": 180,
    }  # fmt: skip


def test_a_doubt_is_as_old_as_its_sending_however_long_the_payout_had_waited(world):
    world.provider.will(NOT_CONNECTED, TIMED_OUT_UNPAID)
    world.request()
    world.clock.advance(2 * 3600)
    world.poll()
    world.clock.advance(60)
    assert changed(world) == {"PayoutsUnconfirmed": 1, "UnconfirmedAge": 60}


def test_who_is_sent_again_and_again_is_no_younger_for_it(world):
    """Each sending starts its quarantine anew, and half an hour would never be over."""
    world.provider.will(TIMED_OUT_UNPAID, TIMED_OUT_UNPAID)
    world.request()
    waited = int(world.store.payouts._patience.quarantine.total_seconds()) + 1
    world.clock.advance(waited)
    world.poll()
    assert len(world.provider.requests) == 2
    assert changed(world) == {"PayoutsUnconfirmed": 1, "UnconfirmedAge": waited}


def test_a_clock_behind_makes_nothing_younger_than_new(world):
    world.provider.will(TIMED_OUT_UNPAID)
    world.request()
    world.clock.advance(-60)
    assert changed(world) == {"PayoutsUnconfirmed": 1}


def test_no_more_open_payouts_are_looked_at_than_it_says(world):
    looked = []

    def endless() -> Iterator[Any]:
        while True:
            looked.append(1)
            yield sketch

    world.provider.will(TIMED_OUT_UNPAID)
    world.request()
    (sketch,) = world.store.payouts.open_work()
    world.ports["payouts"] = type("Endless", (), {"open_work": staticmethod(endless)})
    assert changed(world)["PayoutsUnconfirmed"] == len(looked) == gauges.MOST_OPEN


def test_findings_and_parked_webhooks_are_counted(world):
    for subject in ("one", "two"):
        world.store.findings.open(Finding(Kind.WEBHOOK_MISSING, subject, world.clock.now()))
    letter = DeadLetter("", "", b"what", world.clock.now(), error="unreadable_message")
    park(letter, parked=world.store.parked, at=world.clock.now())
    assert changed(world) == {"FindingsOpen": 2, "NoticesParked": 1}


def a_night(world: World, *, run: int = 1, **told: Any) -> None:
    started = world.clock.now() + timedelta(minutes=run)
    world.store.nights.save(Reconciliation(DAY, run, started, **told))


def test_what_the_latest_night_that_is_over_could_not_explain_is_told_without_its_sign(world):
    a_night(world, stage=Stage.DONE, unexplained=Money(700))
    a_night(world, run=2, stage=Stage.DONE, unexplained=Money(0) - Money(12))
    assert changed(world) == {"UnexplainedCents": 12}
    a_night(world, run=3, stage=Stage.COMPARED)
    assert changed(world) == {"UnexplainedCents": 12}


def test_of_a_night_that_cannot_be_read_no_older_one_is_told_instead(world):
    a_night(world, stage=Stage.DONE, unexplained=Money(700))
    world.ports["nights"] = SpoiltNights(world.store.nights, {DAY})
    told = read(world)
    assert told is not None
    assert "UnexplainedCents" not in told.figures
    assert told.figures["GaugesUnread"] == 1


@pytest.mark.parametrize(
    ("sydney", "late"),
    [("03:05", 0), ("05:59", 0), ("06:00", 1), ("23:00", 1)],
)
def test_a_night_is_late_three_hours_after_its_time(world, sydney, late):
    world.store.nights.arrange(Agenda(through=DAY - timedelta(days=1), version=1))
    hour, minute = map(int, sydney.split(":"))
    wall = datetime(2026, 7, 3, hour, minute, tzinfo=UTC) - timedelta(hours=10)
    world.clock.advance(wall - world.clock.now())
    assert changed(world) == ({"NightLate": 1} if late else {})


def test_a_night_that_somebody_asked_for_again_is_not_late(world):
    agenda = world.store.nights.agenda()
    world.store.nights.arrange(replace(agenda, again=frozenset({DAY})))
    assert changed(world) == {}


def test_a_closed_sign_in_and_a_circuit_that_is_not_closed_are_told(world):
    world.store.gate.close()
    assert changed(world) == {"SignInClosed": 1}
    world.store.gate.open(by="ada")
    before = world.store.circuits.board().of("npp")
    opened = before.opened_by_hand("ada", "trying", world.clock.now())
    world.store.circuits.keep(before, opened)
    told = read(world)
    assert told is not None
    assert told.circuits == CLOSED | {"npp": 1}
    assert told.figures["BreakerAge"] == 1, "no less, or it would look closed"
    world.clock.advance(120)
    opened_too = world.store.circuits.board().of("direct_entry")
    again = opened_too.opened_by_hand("ada", "trying", world.clock.now())
    world.store.circuits.keep(opened_too, again)
    told = read(world)
    assert told is not None
    assert told.circuits == CLOSED | {"npp": 1, "direct_entry": 1}
    assert told.figures["BreakerAge"] == 120, "the one that is open longest"


def test_short_and_low_funds_are_told_apart(world):
    seen = world.store.liquidity.outlook()
    now = world.clock.now()
    world.store.liquidity.keep(seen, seen.saw(Money(999), now))
    assert changed(world) == {}
    rules = FloatRules(warning=Money(1000))
    assert changed(world, rules) == {"FundsLow": 1}
    world.store.payouts.note_shortage(at=now)
    assert changed(world, rules) == {"FundsLow": 1, "FundsShort": 1}


def test_what_cannot_be_read_costs_itself_only_and_is_counted(world):
    def fail(**_: object) -> None:
        raise StoreUnavailable("It is down.")

    world.meanwhile("parked", page=fail)
    told = read(world)
    assert told is not None
    assert told.figures == {n: v for n, v in CALM.items() if n != "NoticesParked"} | {
        "GaugesUnread": 1
    }
    world.store.state.down = True
    assert read(world) == Gauges({"GaugesUnread": 8}, {})


def test_without_time_nothing_is_read(world):
    world.seconds_left = LEAST - 1
    ports = [world.meanwhile(name) for name in ("payouts", "nights", "gate", "circuits")]
    assert read(world) is None
    assert [each.calls for each in ports] == [[], [], [], []]


def test_looking_takes_half_of_the_time_that_a_run_has_and_no_more(world):
    def slow(**_: object) -> None:
        world.seconds_left -= 20.0

    world.seconds_left = 55.0
    world.meanwhile("findings", page=slow)
    world.meanwhile("parked", page=slow)
    told = read(world)
    assert told is not None
    assert "NoticesParked" in told.figures, "it was begun in time"
    assert told.figures["GaugesUnread"] == 5, "all that come after it"
    assert told.circuits == {}


def test_a_process_reads_them_once_in_a_while_however_often_it_is_called(world):
    lull = Lull(world.clock)
    assert read(world, lull=lull)
    for span, over in ((49, False), (1, True), (49, False), (-60, True)):
        world.clock.advance(span)
        assert bool(read(world, lull=lull)) is over
    assert timedelta(seconds=50) == EVERY


def test_each_port_is_asked_once_and_the_nights_twice(world):
    names = ("payouts", "findings", "parked", "nights", "circuits", "liquidity", "gate")
    ports = {name: world.meanwhile(name) for name in names}
    read(world)
    assert {name: each.calls for name, each in ports.items()} == {
        "payouts": ["open_work"], "findings": ["page"], "parked": ["page"],
        "nights": ["page", "agenda"], "circuits": ["board"], "liquidity": ["outlook"],
        "gate": ["closed"],
    }  # fmt: skip


def test_the_figures_are_written_under_the_names_of_the_table(world, caplog):
    caplog.set_level("INFO", logger="payouts")
    told = read(world)
    assert told is not None
    log.gauges(told.figures, told.circuits)
    first, *circuits = caplog.messages
    assert measures(first) == CALM
    assert [json.loads(each)["Circuit"] for each in circuits] == list(CLOSED)
    assert [measures(each) for each in circuits] == [{"BreakerOpen": 0}] * 3
    assert {*CALM, "BreakerOpen"} <= {each.name for each in METRICS}
