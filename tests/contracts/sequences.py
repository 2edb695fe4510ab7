"""Random sequences of calls of the store's ports: what each number of a sequence stands for.

A sequence is a list of turns, which Hypothesis draws and makes shorter. A turn is the name of a
move and three small numbers, which say of whom, of how much, and whether the reply is lost.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from hypothesis import strategies as st

from chalicelib.domain import allowance, rate
from chalicelib.domain.advance import advance
from chalicelib.domain.claims import Claims
from chalicelib.domain.errors import PayoutError
from chalicelib.domain.events import (
    Asked,
    Cancelled,
    Doubt,
    Escalated,
    Hindrance,
    NeverSent,
    Returned,
    Started,
    Unclear,
)
from chalicelib.domain.funding import Receipt, receive
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import ParkedLetter
from chalicelib.domain.payout import Status
from chalicelib.domain.policy import DayLimit, DayLimits, RateRules
from chalicelib.domain.twins import Twin, twin_key
from chalicelib.ports import PayoutFilter
from chalicelib.usecases.dead_letters import discard, park
from chalicelib.usecases.take_in import notice_key
from tests.contracts.making import (
    OPERATOR,
    a_notice,
    a_question,
    accepted,
    begun,
    claim,
    confirmed,
    dollars,
    drawing,
    refused,
    rejected,
)
from tests.contracts.paging import everything

if TYPE_CHECKING:
    from collections.abc import Callable

    from chalicelib.domain.events import Event
    from chalicelib.domain.intent import Intent
    from chalicelib.domain.payout import Payout
    from chalicelib.domain.step import Step
    from tests.contracts.contest import World

AMOUNTS = ("0.01", "1.10", "4.99", "9.99", "10.00", "10.01")
# Of which a payout or two can draw the last, by amount or by count.
LIMITS = DayLimits(
    DayLimit(dollars("9.99"), 3), DayLimit(dollars("9.99"), 3), DayLimit(dollars("10.02"), 4),
    DayLimit(dollars("10.03"), 5), shards=3,
)  # fmt: skip
RATES = RateRules(per_minute=30, burst=2)


class Turn(NamedTuple):
    """One call. `which` of the things there are, `much` of whatever it is, and a flag."""

    move: str
    which: int
    much: int
    lost: bool


def run(world: World, turns: list[Turn]) -> None:
    """Take all turns, and compare what is left.

    Raises:
        Different: two stores do not agree.
    """
    for turn in turns:
        world.clock.advance(timedelta(seconds=1, microseconds=turn.much))
        MOVES[turn.move](world, turn)
    for which in range(max(1, len(world.payouts))):
        _opening(world, Turn("opening", which, which, lost=False))


def _events(payout: Payout, world: World) -> list[Event]:
    at, attempt = world.clock.now(), max(1, payout.attempt)
    news: dict[str, Any] = {"at": at, "by": "provider", "attempt": attempt}
    return [
        Started(at=at, by="sender", claim_id="claim-of-another"),
        accepted(at, attempt, fee=dollars("0.11"), monoova_transaction_id="7"),
        confirmed(at, attempt),
        refused(at, attempt),
        rejected(at, attempt),
        NeverSent(**news, reason=Hindrance.NO_CONNECTION),
        Unclear(**news, doubt=Doubt.TIMED_OUT, detail="é"),
        Asked(**news, found=False),
        Returned(**news),
        Returned(**news, amount=dollars("0.01"), return_id="8"),
        Escalated(at=at, by="poller", why="customer_stopped"),
        Cancelled(at=at, by="operator-1"),
    ]


def _write(world: World, turn: Turn, *steps: Step, claims: Claims | None = None) -> None:
    notice = a_notice(world.name("notice", turn.which % 2)) if turn.much % 3 == 0 else None
    world.last, world.claims = steps, claims
    world.contest.ask(
        turn.move,
        lambda store: store.payouts.write(*steps, notice=notice, claims=claims),
        lost=turn.lost,
    )


def _pay(world: World, turn: Turn) -> None:
    intent = world.new_intent(turn.which // 2, AMOUNTS[turn.much % len(AMOUNTS)])
    claims = _claims(world, turn, intent)
    intent = drawing(intent, *claims.draws)
    first = begun(intent)
    steps = (first, claim(first.after)) if turn.which % 2 else (first,)
    world.before[intent.transaction_id] = first.after
    _write(world, turn, *steps, claims=claims)


def _claims(world: World, turn: Turn, intent: Intent) -> Claims:
    """By what is there now, or by what was read for the payout before, which is hardly so still."""
    key = twin_key(intent.customer_id, intent.amount, intent.reference)
    asked = a_question(
        intent.transaction_id, customer_id=intent.customer_id, day=world.day, twin=key
    )
    opening = world.contest.model.payouts.opening(asked)
    read = world.opening if world.opening and turn.much % 5 == 4 else opening
    world.opening = opening
    draws, _ = allowance.draw(
        intent.amount, transaction_id=intent.transaction_id, customer_id=intent.customer_id,
        by=OPERATOR, day=world.day, verified=False, limits=LIMITS, spent=read.spent,
    )  # fmt: skip
    before = read.twin if read.twin and read.twin.key == key else opening.twin
    return Claims(
        draws=draws,
        twin=Twin(key, intent.transaction_id, intent.created_at) if turn.much % 2 else None,
        before_it=before,
        habits=read.habits,
        token=rate.token(OPERATOR, intent.created_at, RATES, read.pace) if turn.lost else None,
    )


def _go_on(world: World, turn: Turn) -> None:
    payout = world.payout(turn.which)
    if payout is None:
        _pay(world, turn)
    else:
        world.before[payout.transaction_id] = payout
        _advance(world, turn, payout)


def _go_on_from_before(world: World, turn: Turn) -> None:
    """On top of what was read before the last step: stale, if there was one since."""
    payout = world.payout(turn.which)
    if payout is not None:
        _advance(world, turn, world.before[payout.transaction_id])


def _advance(world: World, turn: Turn, payout: Payout) -> None:
    """Take one of the steps that may follow; also such as change nothing."""
    steps = [step for event in _events(payout, world) for step in _step(payout, event)]
    if steps:
        _write(world, turn, steps[turn.much % len(steps)])


def _step(payout: Payout, event: Event) -> list[Step]:
    try:
        return [advance(payout, event)]
    except PayoutError:
        return []


def _again(world: World, turn: Turn) -> None:
    if world.last:
        _write(world, turn, *world.last, claims=world.claims)


def _unsound(world: World, turn: Turn) -> None:
    if world.last:
        step = world.last[-1]
        _write(world, turn, replace(step, postings=step.postings[:1]), step, claims=world.claims)


def _add(world: World, turn: Turn) -> None:
    customer = world.new_customer(turn.which % 2)
    world.contest.ask("add", lambda store: store.customers.add(customer), lost=turn.lost)


def _edit(world: World, turn: Turn) -> None:
    found = world.contest.model.customers.get(world.customer(turn.which))
    version = found.version if found else 1
    edited = replace(
        found or world.new_customer(turn.which),
        name=f"Jo {turn.much} Citizen",
        stopped="asked by the bank" if turn.much % 3 == 1 else "",
        updated_at=world.clock.now(),
    )
    version -= turn.much % 4 == 3
    world.contest.ask(
        "edit", lambda store: store.customers.edit(edited, version=version), lost=turn.lost
    )


def _receive(world: World, turn: Turn) -> None:
    world.receipts += turn.which % 2
    named = world.name("N", world.receipts)
    receipt = Receipt(named, dollars(AMOUNTS[turn.much % 3]), "NPP", world.clock.now())
    funds = world.contest.model.treasury.funds()
    entry = receive(replace(funds, version=funds.version - (turn.much % 4 == 3)), receipt)
    world.contest.ask("receive", lambda store: store.treasury.write(entry), lost=turn.lost)
    world.contest.ask("received", lambda store: store.treasury.received(named))


def _give(world: World, turn: Turn) -> None:
    if turn.much % 4 == 3:
        world.credits -= 1  # the name of the one before: it counts once
    world.give(AMOUNTS[turn.much % 3], turn.which, lost=turn.lost)
    named = world.name("credit", world.credits)
    world.contest.ask("credited", lambda store: store.treasury.credit(named))
    world.contest.ask("funds", lambda store: store.treasury.funds())


def _keep(world: World, turn: Turn) -> None:
    notice = a_notice(world.name("notice", turn.which % 2))
    world.contest.ask("keep", lambda store: store.notices.keep(notice), lost=turn.lost)
    other = world.name("notice", turn.much % 2)
    world.contest.ask("known", lambda store: store.notices.known(other))


def _park(world: World, turn: Turn) -> None:
    at, named = world.clock.now(), world.name("letter", turn.which % 3)
    letter = DeadLetter("NppReturn", named, b"{}", at, "defect", turn.much + 1, reference="x-1")
    resolved = bool(turn.much % 2)
    world.contest.ask(
        "park", lambda store: park(letter, parked=store.parked, at=at), lost=turn.lost
    )
    if resolved:
        own = ParkedLetter(notice_key(letter), letter, at).letter_id
        world.contest.ask("letter", lambda store: store.parked.get(own))
        world.contest.ask(
            "discard",
            lambda store: discard(
                own, reason="doubled", by=f"person {turn.which}", parked=store.parked,
                clock=world.clock,
            ),
            lost=turn.lost,
        )  # fmt: skip
    world.contest.ask(
        "parked", lambda store: everything(partial(store.parked.page, resolved=resolved), limit=7)
    )


def _gate(world: World, turn: Turn) -> None:
    if turn.which % 3 == 0:
        world.contest.ask("close", lambda store: store.gate.close(), lost=turn.lost)
    elif turn.which % 3 == 1:
        world.contest.ask("open", lambda store: store.gate.open(by="admin-1"), lost=turn.lost)
    else:
        world.clock.advance(timedelta(minutes=16 * (turn.much % 6)))
    world.contest.ask("closed", lambda store: store.gate.closed())


def _opening(world: World, turn: Turn) -> None:
    named = world.payouts[turn.which % len(world.payouts)] if world.payouts else "nobody's"
    customer = world.customer(turn.much)
    asked = a_question(named, customer_id=customer, day=world.day)
    world.contest.ask("opening", lambda store: store.payouts.opening(asked))


def _steps(world: World, turn: Turn) -> None:
    named = world.payouts[turn.which % len(world.payouts)] if world.payouts else "nobody's"
    world.contest.ask("steps", lambda store: list(store.payouts.steps(named)))


def _customer(world: World, turn: Turn) -> None:
    named = world.customer(turn.which)
    world.contest.ask("customer", lambda store: store.customers.get(named))


def _customers(world: World, _turn: Turn) -> None:
    world.contest.ask("customers", lambda store: everything(store.customers.page, limit=9))


def _list(world: World, turn: Turn) -> None:
    wanted = PayoutFilter(
        world.day,
        world.day + timedelta(days=turn.much % 2),
        customer_id=world.customer(turn.which) if turn.which % 4 else "",
        statuses=frozenset({Status.QUEUED, Status.SENDING}) if turn.much % 3 == 0 else frozenset(),
    )
    limit = 1 + turn.which % 3
    world.contest.ask(
        "page",
        lambda store: everything(lambda **where: store.payouts.page(wanted, **where), limit=limit),
    )


def _waiting(world: World, turn: Turn) -> None:
    world.contest.ask(
        "needing_attention",
        lambda store: everything(store.payouts.needing_attention, limit=5 + turn.much % 5),
    )


def _due(world: World, turn: Turn) -> None:
    now = world.clock.now() + timedelta(minutes=20 * turn.much)
    world.contest.ask("due", lambda store: list(store.payouts.due(now)))


MOVES: dict[str, Callable[[World, Turn], None]] = {
    "pay": _pay, "go on": _go_on, "go on from before": _go_on_from_before, "again": _again,
    "unsound": _unsound, "add": _add, "edit": _edit, "receive": _receive, "give": _give,
    "keep": _keep, "park": _park, "gate": _gate, "opening": _opening, "steps": _steps,
    "customer": _customer, "customers": _customers, "list": _list, "waiting": _waiting,
    "due": _due,
}  # fmt: skip
# What moves money is drawn more often.
_DRAWN = ["pay"] * 4 + ["go on"] * 8 + ["go on from before", "again"] * 2 + list(MOVES)
_TURN = st.builds(
    Turn,
    st.sampled_from(_DRAWN),
    st.integers(0, 5),
    st.integers(0, 11),
    st.sampled_from([False, False, False, True]),
)
# For engines that take a millisecond or two for each call, and for those that take none.
SHORT = st.lists(_TURN, min_size=2, max_size=6)
LONG = st.lists(_TURN, min_size=4, max_size=20)
