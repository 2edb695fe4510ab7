"""Furnishes the world: a payout in each status, on both rails, with news heard, queued and parked.

Only through use cases and ports, so that everything in it could have come about.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from chalicelib.api.policies import EXAMPLE
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.events import (
    Cancelled,
    Confirmed,
    Declined,
    Rejected,
    Returned,
    Verdict,
)
from chalicelib.domain.findings import Finding, Kind
from chalicelib.domain.funding import Receipt
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import Money
from chalicelib.domain.notices import DeadLetter, Notice
from chalicelib.domain.order import Order
from chalicelib.domain.pause import Kind as PauseKind
from chalicelib.domain.pause import Scope
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.recurrence import Weekly
from chalicelib.domain.timetable import Timetable
from chalicelib.usecases import findings, resolve
from chalicelib.usecases.dead_letters import park
from chalicelib.usecases.findings import comment
from chalicelib.usecases.fund import bank
from chalicelib.usecases.hear import existing, hear
from chalicelib.usecases.pauses import pause
from chalicelib.usecases.schedules import plan
from tests.fakes.provider import ACCEPTED, NOT_CONNECTED, REFUSED, TIMED_OUT_UNPAID
from tests.fuzz.filing import add_bank_files
from tests.fuzz.world import CUSTOMER, DESTINATIONS, POOR, SCHEDULED, STOPPED, World

if TYPE_CHECKING:
    from chalicelib.domain.events import Event

RECEIVED = ("N00100000000", "D00100537784")


def furnished() -> World:
    """A world to try things on."""
    world = World()
    for number, name in enumerate(RECEIVED):
        receipt = Receipt(name, Money(1_000_00 + number), "NPP", world.clock.now())
        bank(receipt, treasury=world.treasury)
    world.fund(10_000_00)
    world.enrol(CUSTOMER, 5_000_00)
    world.enrol(STOPPED, 1_000_00)
    world.enrol(POOR, 0)
    add_bank_files(world)
    _open_payouts(world)
    _ended_payouts(world)
    _resolved_payouts(world)
    _letters(world)
    _findings(world)
    _schedule(world)
    _pause(world)
    world.policies.propose(EXAMPLE)
    world.clock.advance(timedelta(hours=2))
    world.settle_in()
    missing = set(Status) - {each.status for each in world.store.state.payouts.values()}
    if missing - {Status.RESENDING}:  # which differs from SENDING in its past only
        raise AssertionError(f"no payout is {missing}")
    return world


def _pause(world: World) -> None:
    """Of a customer to whom nothing goes out anyhow."""
    pause(
        derived_id("pause", "furnished"), Scope(PauseKind.CUSTOMER, customer_id=POOR),
        reason="They asked for it.", by="another-admin", pauses=world.pauses,
        customers=world.customers, clock=world.clock,
    )  # fmt: skip


def _schedule(world: World) -> None:
    """A salary each Monday."""
    salary = Order(CUSTOMER, Money(10_000), DESTINATIONS[0].method, reference="Salary")
    plan(
        salary, Timetable(Weekly((0,)), date(2026, 3, 9)), key=SCHEDULED, by="the-operator",
        drafted=False, schedules=world.schedules, customers=world.customers, limits=world.limits,
        calendar=world.calendar, clock=world.clock,
    )  # fmt: skip


def _open_payouts(world: World) -> None:
    world.pay("awaiting approval", drafted=True)
    world.pay("queued", NOT_CONNECTED)
    world.provider.before_answering = died
    world.pay("sending", ACCEPTED)
    world.provider.before_answering = lambda _reference: None
    world.pay("pending", ACCEPTED)
    world.pay("pending too", ACCEPTED, cents=12_345, destination=2)
    world.pay("direct", ACCEPTED, rail=Rail.DIRECT_ENTRY, destination=1)
    world.pay("unconfirmed", TIMED_OUT_UNPAID, destination=1)


def _ended_payouts(world: World) -> None:
    for name, event in {
        "completed": Confirmed(at=world.clock.now(), by="webhook", attempt=1),
        "returned": Returned(at=world.clock.now(), by="webhook", attempt=1),
        "rejected": Rejected(at=world.clock.now(), by="webhook", attempt=1),
    }.items():
        world.pay(name, ACCEPTED, destination=3)
        _hear(world, name, event)
    world.pay("failed", REFUSED, destination=4)
    world.pay("cancelled", NOT_CONNECTED)
    _hear(world, "cancelled", Cancelled(at=world.clock.now(), by="the-operator", reason="twice"))
    world.pay("declined", drafted=True)
    _hear(world, "declined", Declined(at=world.clock.now(), by="the-approver", reason="not Jo"))
    world.pay("disputed", REFUSED, customer=STOPPED)
    _hear(world, "disputed", Confirmed(at=world.clock.now(), by="webhook", attempt=1))


def _resolved_payouts(world: World) -> None:
    """One that waits for a second person, and one that was sent under a new reference."""
    for name in ("proposed", "again"):
        world.pay(name, TIMED_OUT_UNPAID)
        verdict = Verdict.NEW_REFERENCE if name == "again" else Verdict.DEAD
        resolve.propose(
            world.named[name], verdict=verdict, evidence="The provider's support says so.",
            by="the-operator", request_id="furnishing", payouts=world.payouts, clock=world.clock,
        )  # fmt: skip
    world.clock.advance(timedelta(hours=1))
    resolve.agree(
        world.named["again"], verdict=Verdict.NEW_REFERENCE, by="the-approver",
        request_id="furnishing", payouts=world.payouts, provider=world.provider, gate=world.gate,
        clock=world.clock, patience=world.patience, time_left=lambda: 20,
    )  # fmt: skip


def _letters(world: World) -> None:
    at = world.clock.now()
    letter = DeadLetter("NppReturn", "7", b"{}", at, "not_understood", attempts=4)
    park(letter, parked=world.parked, at=at)
    world.queue.put(letter, delay=30)
    world.notices.keep(Notice("NppReturn#7#0", "NppReturn", "7", at, b"{}"))


def _hear(world: World, name: str, event: Event) -> None:
    hear(existing(world.payouts, world.named[name]), event, payouts=world.payouts)


def died(_reference: str) -> NoReturn:
    """A sender that ends between sending and writing down what it heard."""
    raise Corrupt("died")


def _findings(world: World) -> None:
    """One that waits, and one that was commented on and is resolved."""
    own = world.named["unconfirmed"]
    for kind in (Kind.MISSING_THERE, Kind.STATUS_DIFFERS):
        found = Finding(kind, f"{own}-1", world.clock.now(), ours="Pending", theirs="Rejected")
        world.findings.open(found)
    work: Any = {"by": "the-approver", "findings": world.findings, "clock": world.clock}
    comment(found.finding_id, text="The provider looks into it.", **work)
    findings.resolve(found.finding_id, reason="The provider was wrong.", **work)
