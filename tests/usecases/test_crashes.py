"""Every use case is cut at every call it makes; then the poller looks twice.

At each call of a port, before it went through and after, the process dies, or the call fails and
the process lives. Whatever was cut: nothing is executed twice, nothing is lost, the books are the
provider's to the cent, and what is open is due or before a person. Both with a provider that
refuses a reference the second time and with one that executes it again.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.destination import BankAccount
from chalicelib.domain.errors import (
    PayoutError,
    ProviderUnavailable,
    QueueUnavailable,
    StoreUnavailable,
    VaultUnavailable,
)
from chalicelib.domain.events import Confirmed, Rejected, Returned, Verdict
from chalicelib.domain.funding import Receipt
from chalicelib.domain.ledger import Place
from chalicelib.domain.money import Money
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import OPEN, Status
from chalicelib.usecases import customers as people
from tests.fakes.provider import (
    NOT_CONNECTED,
    REFUSED,
    TIMED_OUT_AND_PAID,
    TIMED_OUT_UNPAID,
)
from tests.usecases.world import AMOUNT, DIRECT_ENTRY, PATIENCE, World, order

if TYPE_CHECKING:
    from collections.abc import Callable

QUARANTINE = timedelta(minutes=31)
FAILURES = {
    "provider": ProviderUnavailable,
    "vault": VaultUnavailable,
    "dead_letters": QueueUnavailable,
    "inbox": ProviderUnavailable,
}


class Crash(BaseException):
    """The process is gone: no `except` of ours runs any more."""


@dataclass
class Cut:
    """Cuts the n-th call of any port, from 0; `calls` counts them."""

    at: int
    after: bool
    dies: bool
    calls: int = 0
    fell: bool = False
    seen: list[str] = field(default_factory=list)

    def through(self, name: str, port: Any) -> Any:
        return _Port(self, name, port)

    def fall(self, port: str, method: str) -> None:
        self.fell = True
        # A request to pay has no exceptions: where it is cut, so is the process.
        if self.dies or method == "pay":
            raise Crash
        raise FAILURES.get(port, StoreUnavailable)


class _Port:
    def __init__(self, cut: Cut, name: str, port: Any) -> None:
        self._cut, self._name, self._port = cut, name, port

    def __getattr__(self, method: str) -> Any:
        def call(*args: Any, **told: Any) -> Any:
            cut = self._cut
            now = cut.calls == cut.at
            cut.calls += 1
            cut.seen.append(f"{self._name}.{method}")
            if now and not cut.after:
                cut.fall(self._name, method)
            result = getattr(self._port, method)(*args, **told)
            if now and cut.after:
                cut.fall(self._name, method)
            return result

        return call


def run(world: World, cut: Cut, deed: Callable[[World], object]) -> None:
    """Do it with every port cut through; what it answers is the caller's affair."""
    true = dict(world.ports)
    world.ports = {name: cut.through(name, port) for name, port in true.items()}
    with suppress(Crash, PayoutError):
        deed(world)
    world.ports = true


@dataclass(frozen=True)
class Scene:
    """What happened before, what is cut, and whether whoever did it tries again.

    `does` is the call that makes the scene what it is called: uncut, it must be made. `expects`
    are the statuses in which the payout may be at the very end.
    """

    deed: Callable[[World], object]
    does: str
    before: Callable[[World], object] = lambda _world: None
    expects: frozenset[Status] = frozenset({Status.COMPLETED})
    retried: bool = False


def _requested(
    *replies: Any, asked: bool = False, later: Any = 120, **changed: Any
) -> Callable[[World], object]:
    """A payout was asked for and met the replies; the poller may have `asked` for it once."""

    def before(world: World) -> None:
        world.provider.will(*replies)
        world.request(order(**changed))
        if asked:
            world.poll_after(120)
        settle_all(world)
        world.clock.advance(later)

    return before


def _asks(*replies: Any) -> Callable[[World], object]:
    def deed(world: World) -> None:
        if not world.payouts:
            world.provider.will(*replies)
        world.request()

    return deed


def _hears(kind: Any, word: str, **told: Any) -> Callable[[World], object]:
    def deed(world: World) -> None:
        back = None if word == "Complete" else AMOUNT
        world.provider.settle(world.payout.unique_reference, word, back=back)
        world.receive(world.teach(b"news", world.payout, kind, **told))
        while world.dead_letters.queued:
            world.reprocess(world.dead_letters.take())

    return deed


def _agrees(world: World) -> None:
    if world.status is Status.UNCONFIRMED:
        world.agree(world.payout.transaction_id)


def _proposed(verdict: Verdict) -> Callable[[World], object]:
    def before(world: World) -> None:
        _requested(TIMED_OUT_UNPAID, asked=True, later=QUARANTINE)(world)
        world.propose(world.payout.transaction_id, verdict)

    return before


def _receives(world: World) -> None:
    batch = [Receipt(f"D{n}", Money(n + 1), "DE", world.clock.now()) for n in range(3)]
    world.inbox.teach(b"money", *batch)
    world.receive(b"money", "InboundDirectCredit")
    while world.dead_letters.queued:
        world.reprocess(world.dead_letters.take())


def _keeps_customers(world: World) -> None:
    world.register("customer-2")
    ports = world._ports("customers", "vault", "clock")
    people.add_destination(
        "customer-1", BankAccount.parse("062-000", "87654321", "Jo Citizen"),
        destination_id="added", **ports,
    )  # fmt: skip


ENDED_WELL = frozenset({Status.COMPLETED})
NOT_PAID = frozenset({Status.FAILED})
POLLS = World.poll
IN_DOUBT = frozenset({Status.UNCONFIRMED})
PAY, WRITE = "provider.pay", "payouts.write"
SCENES = {
    "asks": Scene(_asks(), PAY),
    "asks again": Scene(_asks(), PAY, retried=True),
    "asks, times out, paid": Scene(_asks(TIMED_OUT_AND_PAID), PAY),
    "asks, times out, unpaid": Scene(_asks(TIMED_OUT_UNPAID), PAY),
    "asks again, times out, unpaid": Scene(_asks(TIMED_OUT_UNPAID), PAY, retried=True),
    # Cut before it was heard, a refusal is not known: sent again, it is accepted.
    "asks, refused": Scene(_asks(REFUSED), PAY, expects=NOT_PAID | ENDED_WELL),
    "asks, not connected": Scene(_asks(NOT_CONNECTED), PAY),
    "sends": Scene(POLLS, PAY, _requested(NOT_CONNECTED)),
    "sends, times out, paid": Scene(POLLS, PAY, _requested(NOT_CONNECTED, TIMED_OUT_AND_PAID)),
    "sends, times out, unpaid": Scene(POLLS, PAY, _requested(NOT_CONNECTED, TIMED_OUT_UNPAID)),
    "finds": Scene(POLLS, "provider.statement", _requested(TIMED_OUT_AND_PAID)),
    "does not find": Scene(POLLS, "provider.entries", _requested(TIMED_OUT_UNPAID)),
    "sends again": Scene(POLLS, PAY, _requested(TIMED_OUT_UNPAID, asked=True, later=QUARANTINE)),
    "sends again, times out, paid": Scene(
        POLLS,
        PAY,
        _requested(TIMED_OUT_UNPAID, TIMED_OUT_AND_PAID, asked=True, later=QUARANTINE),
    ),
    "sends again, times out, unpaid": Scene(
        POLLS, PAY, _requested(TIMED_OUT_UNPAID, TIMED_OUT_UNPAID, asked=True, later=QUARANTINE)
    ),
    "sends again, refused": Scene(
        POLLS,
        PAY,
        _requested(TIMED_OUT_UNPAID, REFUSED, asked=True, later=QUARANTINE),
        expects=ENDED_WELL | IN_DOUBT,
    ),
    "hears success": Scene(_hears(Confirmed, "Complete"), WRITE, _requested(), retried=True),
    "hears rejection": Scene(
        _hears(Rejected, "Rejected"), WRITE, _requested(), frozenset({Status.REJECTED}),
        retried=True,
    ),
    "hears return": Scene(
        _hears(Returned, "Dishonoured"), WRITE, _requested(), frozenset({Status.RETURNED}),
        retried=True,
    ),
    "hears once": Scene(_hears(Confirmed, "Complete"), WRITE, _requested()),
    "closes the window": Scene(
        POLLS, "provider.entries", _requested(rail=DIRECT_ENTRY, later=timedelta(days=9))
    ),
    "agrees that it is dead": Scene(_agrees, WRITE, _proposed(Verdict.DEAD), NOT_PAID | IN_DOUBT),
    "agrees that it is dead, again": Scene(
        _agrees, WRITE, _proposed(Verdict.DEAD), NOT_PAID, retried=True
    ),
    "agrees to a new reference": Scene(
        _agrees, WRITE, _proposed(Verdict.NEW_REFERENCE), ENDED_WELL | IN_DOUBT
    ),
    "agrees to a new reference, again": Scene(
        _agrees, WRITE, _proposed(Verdict.NEW_REFERENCE), retried=True
    ),
    "cancels": Scene(
        lambda world: world.cancel(world.payout.transaction_id),
        WRITE,
        _requested(NOT_CONNECTED),
        frozenset({Status.CANCELLED, Status.COMPLETED}),
    ),
    "receives money": Scene(_receives, "treasury.write", expects=frozenset(), retried=True),
    "gives credit": Scene(
        lambda world: world.credit(Money(300), key="another-key-0000"),
        "treasury.write",
        lambda world: world.deposit(Money(500), "N2"),
        frozenset(),
        retried=True,
    ),
    "keeps customers": Scene(
        _keeps_customers, "customers.edit", expects=frozenset(), retried=True
    ),
}  # fmt: skip


def settle_all(world: World) -> None:
    """The provider ends what it took, and is truthful about it."""
    for each in world.provider.executions:
        if each.word == "Pending":
            world.provider.settle(each.reference, "Complete")


def look_twice(world: World) -> None:
    """The poller comes by when claims are abandoned, and when the quarantine is over."""
    world.provider.says.clear()
    for span in (timedelta(hours=2), timedelta(hours=2)):
        settle_all(world)
        world.poll_after(span)


def check(world: World, scene: Scene, *, fees: bool = True) -> None:
    for payout in world.payouts:
        in_hand = payout.status not in OPEN or attention(payout)
        assert in_hand or PATIENCE.due(payout, world.calendar) is not None
    world.check_books()
    # In doubt is only what was not executed: all that was, has been found.
    places = world.places()
    gone = places[Place.WITH_PROVIDER] + places[Place.PAID]
    back = sum(each.back.cents for each in world.provider.executions if each.back)
    assert gone == world.executed().cents - back
    assert places[Place.SUSPENSE] == 0
    if not scene.expects:
        return
    for _ in range(3):
        settle_all(world)
        world.poll_after(timedelta(days=9))
    world.check_equal(fees=fees)
    for payout in world.payouts:
        assert payout.status in scene.expects, payout
        assert payout.status not in OPEN or attention(payout)


def played(scene: Scene, cut: Cut, *, refuses_repeats: bool) -> World:
    world = World(refuses_repeats=refuses_repeats).open_for_business()
    scene.before(world)
    run(world, cut, scene.deed)
    if scene.retried:
        run(world, Cut(-1, after=False, dies=False), scene.deed)
    look_twice(world)
    return world


@pytest.mark.parametrize("refuses_repeats", [True, False], ids=["refuses", "repeats"])
@pytest.mark.parametrize("dies", [True, False], ids=["dies", "fails"])
@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("name", SCENES)
def test_a_cut_anywhere_pays_nothing_twice_and_loses_nothing(name, after, dies, refuses_repeats):
    scene, at, fell = SCENES[name], 0, True
    while fell:
        cut = Cut(at, after=after, dies=dies)
        world = played(scene, cut, refuses_repeats=refuses_repeats)
        # A fee that could not be read when the payout ended is found by reconciliation only.
        unread = cut.fell and cut.seen[at] == "provider.statement" and not dies
        try:
            check(world, scene, fees=not unread)
        except AssertionError as error:
            where = "after" if after else "before"
            error.add_note(f"cut {where} call {at} of {cut.seen}")
            raise
        at, fell = at + 1, cut.fell
    assert at > 2, "there was something to cut"


@pytest.mark.parametrize("name", SCENES)
def test_uncut_every_scene_ends_as_it_should(name):
    scene, uncut = SCENES[name], Cut(-1, after=False, dies=False)
    world = played(scene, uncut, refuses_repeats=False)
    assert scene.does in uncut.seen
    check(world, scene)
