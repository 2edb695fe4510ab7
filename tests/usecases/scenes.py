"""What is cut in `test_crashes`: every use case, after every kind of past."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.destination import BankAccount
from chalicelib.domain.events import Confirmed, Rejected, Returned, Verdict
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.policy import FREE, Policy
from chalicelib.usecases.destinations import add_destination
from tests.fakes.provider import (
    NOT_CONNECTED,
    REFUSED,
    TIMED_OUT_AND_PAID,
    TIMED_OUT_UNPAID,
)
from tests.usecases.approving import POLICY, agree, refuse
from tests.usecases.doubt import Blind
from tests.usecases.planning import FIRST, MONDAYS, planned, woken
from tests.usecases.redrafting import redo
from tests.usecases.world import AMOUNT, DIRECT_ENTRY, World, order

if TYPE_CHECKING:
    from collections.abc import Callable

QUARANTINE = timedelta(minutes=31)
LAPSED = timedelta(hours=POLICY.approvals.hours)


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
    policy: Policy = FREE


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


def _planned(world: World) -> None:
    """A payment that is due by now, planned a week ago."""
    planned(world, replace(MONDAYS, count=1))
    world.clock.advance(FIRST.at - world.clock.now())


def _wakes(*replies: Any) -> Callable[[World], object]:
    def deed(world: World) -> None:
        if not world.payouts:
            world.provider.will(*replies)
        woken(world)

    return deed


def _missed(world: World) -> None:
    """It was paid and asked for, when the provider did not show it yet."""
    world.provider.will(TIMED_OUT_AND_PAID)
    world.request(order())
    world.ports["provider"] = Blind(world.provider)
    world.poll_after(120)
    world.ports["provider"] = world.provider
    settle_all(world)
    world.clock.advance(QUARANTINE)


def _asks(*replies: Any) -> Callable[[World], object]:
    def deed(world: World) -> None:
        if not world.payouts:
            world.provider.will(*replies)
        world.request()

    return deed


def _redoes(*replies: Any) -> Callable[[World], object]:
    def deed(world: World) -> None:
        if len(world.payouts) == 1:
            world.provider.will(*replies)
        redo(world)

    return deed


def _hears(kind: Any, word: str, **told: Any) -> Callable[[World], object]:
    def deed(world: World) -> None:
        back = None if word == "Complete" else AMOUNT
        world.provider.settle(world.payout.unique_reference, word, back=back)
        world.receive(world.teach(b"news", world.payout, kind, **told))
        while world.dead_letters.queued:
            world.reprocess(world.dead_letters.take())

    return deed


def _agrees(verdict: Verdict) -> Callable[[World], object]:
    def deed(world: World) -> None:
        if world.status is Status.UNCONFIRMED:
            world.agree(world.payout.transaction_id, verdict=verdict)

    return deed


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
    add_destination(
        "customer-1", BankAccount.parse("062-000", "87654321", "Jo Citizen"),
        destination_id="added", by="olive", **ports,
    )  # fmt: skip


def _says(word: Callable[[World], object]) -> Callable[[World], object]:
    """Somebody else's word, for what waits for that."""

    def deed(world: World) -> None:
        if world.status is Status.AWAITING_APPROVAL:
            word(world)

    return deed


ENDED_WELL = frozenset({Status.COMPLETED})
NOT_PAID = frozenset({Status.FAILED})
WITHDRAWN, REFUSED_BY_US = frozenset({Status.CANCELLED}), frozenset({Status.DECLINED})
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
    "finds what it missed": Scene(POLLS, "provider.statement", _missed),
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
    "agrees that it is dead": Scene(
        _agrees(Verdict.DEAD), WRITE, _proposed(Verdict.DEAD), NOT_PAID | IN_DOUBT
    ),
    "agrees that it is dead, again": Scene(
        _agrees(Verdict.DEAD), WRITE, _proposed(Verdict.DEAD), NOT_PAID, retried=True
    ),
    "agrees to a new reference": Scene(
        _agrees(Verdict.NEW_REFERENCE),
        WRITE,
        _proposed(Verdict.NEW_REFERENCE),
        ENDED_WELL | IN_DOUBT,
    ),
    "agrees to a new reference, again": Scene(
        _agrees(Verdict.NEW_REFERENCE), WRITE, _proposed(Verdict.NEW_REFERENCE), retried=True
    ),
    "cancels": Scene(
        lambda world: world.cancel(world.payout.transaction_id),
        WRITE,
        _requested(NOT_CONNECTED),
        frozenset({Status.CANCELLED, Status.COMPLETED}),
    ),
    # Whatever was cut, what nobody decides lapses.
    "asks, others have to agree": Scene(_asks(), WRITE, expects=WITHDRAWN, policy=POLICY),
    "agrees": Scene(
        _says(agree), PAY, _requested(), ENDED_WELL | WITHDRAWN, policy=POLICY
    ),
    "agrees again": Scene(
        _says(agree), PAY, _requested(), retried=True, policy=POLICY
    ),
    "agrees, times out, unpaid": Scene(
        _says(agree), PAY, _requested(TIMED_OUT_UNPAID), retried=True, policy=POLICY
    ),
    "declines": Scene(
        _says(refuse), WRITE, _requested(), WITHDRAWN | REFUSED_BY_US, policy=POLICY
    ),
    "declines again": Scene(
        _says(refuse), WRITE, _requested(), REFUSED_BY_US, retried=True, policy=POLICY
    ),
    "lapses": Scene(POLLS, WRITE, _requested(later=LAPSED), WITHDRAWN, policy=POLICY),
    "redrafts": Scene(redo, PAY, _requested(REFUSED), ENDED_WELL | NOT_PAID),
    "redrafts again": Scene(redo, PAY, _requested(REFUSED), ENDED_WELL | NOT_PAID, retried=True),
    "redrafts again, times out, unpaid": Scene(
        _redoes(TIMED_OUT_UNPAID), PAY, _requested(REFUSED), ENDED_WELL | NOT_PAID, retried=True
    ),
    "wakes": Scene(_wakes(), PAY, _planned),
    "wakes again": Scene(_wakes(), PAY, _planned, retried=True),
    "wakes, times out, paid": Scene(_wakes(TIMED_OUT_AND_PAID), PAY, _planned, retried=True),
    "wakes, times out, unpaid": Scene(_wakes(TIMED_OUT_UNPAID), PAY, _planned, retried=True),
    "wakes, others have to agree": Scene(
        _wakes(), WRITE, _planned, WITHDRAWN, retried=True, policy=POLICY
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
