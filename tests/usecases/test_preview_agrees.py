"""A preview says just what a creation does, whatever is asked for and whatever went before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.customer import Erasing, Erasure
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import PayoutError, RuleBroken
from chalicelib.domain.headroom import headroom
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Payout, Status
from chalicelib.domain.policy import DEFAULT, FREE, DayLimit
from chalicelib.domain.preview import Preview
from chalicelib.domain.rails import Rail
from chalicelib.domain.refusals import TooManyWait
from chalicelib.domain.ways import Routing, Strategy, Urgency, Way
from tests.usecases.test_pauses import paused
from tests.usecases.world import AMOUNT, LIMITS, World, order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.intent import Intent
    from chalicelib.domain.order import Order
    from chalicelib.domain.policy import Policy

THEIRS = ("customer-1-destination-0", "customer-1-destination-1")
ORDERS = st.builds(
    order,
    amount=st.sampled_from([Money(1), AMOUNT, AMOUNT + Money(1), Money(60_000), Money(100_001)]),
    method=st.sampled_from(PayoutMethod),
    destination_id=st.sampled_from(["", *THEIRS, "nobody's"]),
    rail=st.sampled_from([None, None, *Rail]),
    strategy=st.sampled_from([None, *Strategy]),
    urgency=st.sampled_from([None, *Urgency]),
    reference=st.sampled_from(["", "INV-1042", "x" * 36]),
    description=st.sampled_from(["", "Refund 7", "a text too long for batches", "x" * 281]),
)


@dataclass(frozen=True)
class Scene:
    """What went before, and how the business decides."""

    before: tuple[Order, ...]
    costs: Mapping[Way, Money]
    npp_limit: Money | None
    policy: Policy
    usual: Strategy | None
    hours: int
    gate_closed: bool
    stopped: bool
    paused: bool
    most_waiting: int

    def played(self) -> World:
        """A business of which all that is so."""
        world = World(policy=self.policy).open_for_business()
        world.clock.advance(timedelta(hours=self.hours))
        world.limits = replace(
            LIMITS, routing=Routing(usual=self.usual), most_waiting=self.most_waiting
        )
        known = replace(world.store.state.outlook, costs=self.costs, npp_limit=self.npp_limit)
        world.store.state.outlook = known
        for number, each in enumerate(self.before):
            outcome(world, each, key=f"an earlier request {number}")
        if self.gate_closed:
            world.store.gate.close()
        if self.stopped:
            world.stop_customer()
        if self.paused:
            paused(world)
        return world


SCENES = st.builds(
    Scene,
    before=st.lists(ORDERS, max_size=2).map(tuple),
    costs=st.fixed_dictionaries({way: st.sampled_from([Money(5), Money(20)]) for way in Way}),
    npp_limit=st.sampled_from([None, AMOUNT]),
    policy=st.sampled_from([FREE, DEFAULT]),
    usual=st.sampled_from([None, *Strategy]),
    hours=st.integers(0, 30),
    gate_closed=st.booleans(),
    stopped=st.sampled_from([False, False, True]),
    paused=st.sampled_from([False, False, True]),
    most_waiting=st.sampled_from([0, 1000]),
)


def outcome(world: World, wanted: Order, **how: Any) -> Payout | PayoutError:
    try:
        payout = world.request(wanted, **how).payout
    except PayoutError as refused:
        return refused
    assert isinstance(payout, Payout)
    return payout


@given(scene=SCENES, wanted=ORDERS, drafted=st.booleans())
def test_a_preview_and_a_creation_agree(scene, wanted, drafted):
    """On all that forbids it; or on route, reason, fee, arrival, risk, who agrees, what waits."""
    world = scene.played()
    before = list(world.payouts)
    shown = world.preview(wanted, drafted=drafted)
    assert world.payouts == before
    became = outcome(world, wanted, drafted=drafted)
    if isinstance(became, RuleBroken):
        assert shown == Preview(faults=tuple(became.faults), left=shown.left)
    elif isinstance(became, PayoutError):
        assert (shown.stopped, shown.allowed) == (became.code, False)
        agree_without_that(world, replace(shown, stopped=""), wanted, drafted=drafted)
    else:
        agrees(shown, became)


def agree_without_that(world: World, shown: Preview, wanted: Order, *, drafted: bool) -> None:
    """On all else that is told of whoever is stopped, or comes where too many wait."""
    world.stop_customer("")
    world.limits = replace(world.limits, most_waiting=1000)
    assert world.preview(wanted, drafted=drafted).stopped == ""
    became = outcome(world, wanted, drafted=drafted)
    if isinstance(became, RuleBroken):
        assert shown == Preview(faults=tuple(became.faults), left=shown.left)
    else:
        assert isinstance(became, Payout)
        agrees(shown, became)


def of_nobody(intent: Intent) -> Intent:
    """All but the id, and the rows of the business's limit that follow from it."""
    return replace(intent, transaction_id="", drawn=())


def taken(intent: Intent) -> Counter[str]:
    """What it draws of each limit, in cents."""
    drawn: Counter[str] = Counter()
    for each in intent.drawn:
        drawn[each.key.split("#")[1]] += each.amount.cents
    return drawn


def agrees(shown: Preview, payout: Payout) -> None:
    intent = payout.intent
    assert shown.intent is not None
    assert intent.route is not None
    assert of_nobody(shown.intent) == of_nobody(intent)
    assert taken(shown.intent) == taken(intent)
    assert shown.arrival is not None
    assert shown.arrival.on == intent.route.arrives_on
    assert (shown.faults, shown.stopped) == ((), "")
    if shown.intent.assessment and shown.intent.assessment.needs:
        assert payout.status is Status.AWAITING_APPROVAL
    elif shown.hindrance is not None:
        assert (payout.status, payout.hindrance) == (Status.QUEUED, str(shown.hindrance))
    else:
        assert payout.status is Status.PENDING


def test_a_preview_tells_what_the_limits_of_the_day_have_left_before_it():
    world = World(policy=DEFAULT).open_for_business()
    limits = DEFAULT.limits
    before = (limits.customer_unverified, limits.operator, limits.business)
    assert told(world) == [(each.amount, each.count) for each in before]
    world.request(order(amount=Money(1_234), destination_id=THEIRS[0]))
    after = [(each.amount - Money(1_234), each.count - 1) for each in before]
    assert told(world) == after
    assert told(world, destination_id="nobody's") == after
    assert told(world, amount=Money(10**9)) == after
    assert [each.whose for each in world.preview().left] == ["customer", "operator", "business"]


def test_a_preview_tells_that_as_many_wait_as_may():
    world = World().open_for_business()
    world.limits = replace(LIMITS, most_waiting=0)
    assert world.preview().intent is not None
    world.store.gate.close()
    assert (world.preview().stopped, world.preview().allowed) == (TooManyWait.code, False)
    with pytest.raises(TooManyWait):
        world.request()
    assert world.preview(drafted=True).intent is not None


def test_of_a_stopped_customer_it_tells_that_and_all_else():
    world = World(policy=DEFAULT).open_for_business()
    world.stop_customer()
    shown = world.preview()
    assert (shown.stopped, shown.allowed) == ("customer_stopped", False)
    assert shown.intent is not None
    assert shown.intent.assessment is not None
    assert (shown.intent.rail, len(shown.left)) == (Rail.NPP, 3)
    wrong = world.preview(order(amount=Money(10**9), description="x" * 281))
    assert (wrong.stopped, len(wrong.left)) == ("customer_stopped", 3)
    assert {each.code for each in wrong.faults} >= {"above_limit", "rail_cannot_carry"}


@pytest.mark.parametrize("stage", Erasing)
def test_of_whoever_is_being_forgotten_it_tells_what_is_left_to_tell(stage):
    world = World().open_for_business()
    customer = world.store.state.customers["customer-1"]
    asked = Erasure(stage, "ada", world.clock.now(), "asked")
    gone = replace(customer, erasure=asked)
    world.store.state.customers["customer-1"] = gone
    shown = world.preview()
    assert (shown.stopped, shown.allowed) == ("customer_erased", False)
    assert (shown.intent is not None) == (stage is Erasing.ASKED)


def test_a_limit_that_was_lowered_below_what_is_drawn_has_nothing_left():
    nothing = DayLimit(Money(1), 1)
    limits = replace(DEFAULT.limits, customer_unverified=nothing)
    world = World(policy=DEFAULT).open_for_business()
    world.request(order(amount=Money(1_234)))
    state = world.store.state
    lowered = headroom(
        customer_id="customer-1", by="olive", day=date(2026, 3, 2), verified=False, limits=limits,
        spent=state.spent,
    )  # fmt: skip
    assert (lowered[0].amount, lowered[0].count) == (Money(0), 0)


def told(world: World, **changed: Any) -> list[tuple[Money, int]]:
    return [(each.amount, each.count) for each in world.preview(order(**changed)).left]
