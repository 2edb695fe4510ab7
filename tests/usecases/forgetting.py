"""A customer with a past, and what it takes to forget them: for the tests of erasing."""

from __future__ import annotations

import pickle
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.account_check import KeptCheck, begin
from chalicelib.domain.events import Confirmed, Returned
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.schedule import paused
from chalicelib.usecases.dead_letters import park
from chalicelib.usecases.erase import erase, erase_on, shown, take_back
from chalicelib.usecases.holds import lift_hold, place_hold
from chalicelib.usecases.keep_erased import keep_erased
from tests.usecases.planning import planned, schedule
from tests.usecases.world import DEPOSIT, World, order

if TYPE_CHECKING:
    from collections import Counter

    from chalicelib.domain.customer import Customer, Erasure
    from chalicelib.domain.parked import ParkedLetter

WHO = "customer-1"
REASON = "Asked for in writing."
# Everything of them that somebody wrote or typed, in whatever way it is stored.
PERSONAL = (
    b"Citizen", b"jo@example.com", b"12345678", b"Rent of Jo", b"Flat 7", b"Jo was here",
    b"Example Pty Ltd",
)  # fmt: skip
MEMORY = ("customers", "payouts", "notices", "parked", "desk", "checks", "schedules", "clock")


def with_a_past(*, ended: bool = True) -> World:
    """A business that paid all of a customer's money out, with texts, and heard that it arrived."""
    world = World().open_for_business()
    world.request(order(amount=DEPOSIT, reference="Rent of Jo", description="Flat 7"))
    if ended:
        confirmed(world)
    return world


def confirmed(world: World) -> None:
    """The webhook that the payout has arrived, with a name in it."""
    world.receive(world.teach(b'{"payee": "Jo was here"}', world.payout, Confirmed))


def returned(world: World) -> str:
    """The webhook that the payout has come back after all."""
    raw = b'{"returned": "Jo was here again"}'
    news: Any = {"return_id": "N00100000077"}
    return world.receive(world.teach(raw, world.payout, Returned, **news), "NppReturn")


def parked_letter(world: World, *, decided: bool) -> ParkedLetter:
    """A dead letter about the payout, kept as a webhook too; perhaps discarded by a person."""
    letter = DeadLetter(
        "NppReturn", "9", b'{"again": "Jo was here"}', world.clock.now(), "contradiction", 9,
        reference=world.payout.unique_reference,
    )  # fmt: skip
    park(letter, parked=world.ports["parked"], at=world.clock.now())
    (kept,) = world.store.state.parked.values()
    if decided:
        from chalicelib.domain.parked import discarded  # noqa: PLC0415 (one use)

        gone = discarded(kept, "Jo was here already.", "anna", world.clock.now())
        world.ports["parked"].put(gone)
    return kept


def checked(world: World, name: str = "check-1") -> KeptCheck:
    """A check of a destination of theirs, whose code nobody has said yet."""
    destination_id = customer(world).destinations[0].destination_id
    check = replace(
        begin(destination_id, name, at=world.clock.now(), by="olive", lasts=timedelta(hours=72)),
        owner="J*** C***",
    )
    kept = KeptCheck(check, WHO, token="fake-token")
    world.ports["checks"].write(kept, version=0)
    return kept


def planned_again(world: World) -> None:
    """A schedule of theirs, with a name in its texts, that somebody has paused."""
    planned(world, wanted=order(amount=DEPOSIT, reference="Rent of Jo", description="Flat 7"))
    own = schedule(world)
    world.store.schedules.write(paused(own, by="olive", reason="Jo was here", at=world.clock.now()))


def forget(world: World, *, reason: str = REASON, by: str = "anna") -> Any:
    """An admin asks to forget the customer."""
    return erase(
        WHO, reason=reason, by=by, **world._ports(*MEMORY, "archive", "time_left")
    )  # fmt: skip


def go_on(world: World) -> Counter[str]:
    """The schedule goes on with what was asked for."""
    return erase_on(**world._ports(*MEMORY, "archive", "time_left"))


def progress(world: World) -> Any:
    """How far it has come."""
    return shown(WHO, **world._ports(*MEMORY))


def withdraw(world: World) -> Customer:
    """An admin takes it back."""
    return take_back(WHO, **world._ports("customers", "clock"))


def hold(world: World, reason: str = "Court order 17.", by: str = "anna") -> Customer:
    """An admin forbids it."""
    return place_hold(WHO, reason=reason, by=by, **world._ports("customers", "clock"))


def lift(world: World, reason: str = "The court is done.", by: str = "anna") -> Customer:
    """An admin allows it again."""
    return lift_hold(WHO, reason=reason, by=by, **world._ports("customers", "clock"))


def keep(world: World, *, whole: bool = False) -> Counter[str]:
    """The schedule comes by, or whoever has restored a backup."""
    ports = world._ports(*MEMORY, "archive", "time_left", "findings", "rounds")
    return keep_erased(**ports, whole=whole)


def codes(it: Any) -> set[str]:
    """What an erasure waits for, or was refused for."""
    told: Any = getattr(it, "waits_for", None) or getattr(it, "faults", ())
    return {each.code for each in told}


def customer(world: World) -> Customer:
    """The customer's row."""
    return world.store.state.customers[WHO]


def erasure(world: World) -> Erasure:
    """How far the customer is forgotten; it was asked for."""
    mark = customer(world).erasure
    assert mark is not None
    return mark


def stored(world: World) -> bytes:
    """Every byte that is stored of customers and payouts, with the objects of the archive."""
    state = world.store.state
    rows = [
        state.customers, state.payouts, state.notices, state.parked, state.findings, state.credits,
        state.steps, state.movements, state.receipts, world.archive.objects,
    ]  # fmt: skip
    return pickle.dumps(rows)


def remembered(world: World) -> list[bytes]:
    """What of the customer is still to be found anywhere."""
    everything = stored(world)
    secrets = [each.ciphertext for each in customer(world).destinations if each.ciphertext]
    secrets += [each.intent.destination.ciphertext for each in world.payouts]
    return [each for each in (*PERSONAL, *filter(None, secrets)) if each in everything]
