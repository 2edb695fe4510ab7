"""A credit above the limit is given once, when another admin has agreed to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.domain.approver_day import ApproverDay
from chalicelib.domain.credit_request import CreditStage, seen_of_credit
from chalicelib.domain.customer import Erasing, Erasure
from chalicelib.domain.errors import (
    Conflict,
    Corrupt,
    CustomerErased,
    ErasureRefused,
    Forbidden,
    KeyTaken,
    NotFound,
    RuleBroken,
    Stale,
    StoreUnavailable,
)
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.refusals import ApprovalLapsed, ApproverLimit, SeenChanged
from chalicelib.usecases.credit import agree, ask_for_credit, decline, lapse_credits
from tests.fakes.clock import START
from tests.usecases.approving import POLICY, RULES, waiting, word
from tests.usecases.forgetting import forget, with_a_past
from tests.usecases.world import World

if TYPE_CHECKING:
    from chalicelib.domain.credit_request import CreditRequest

KEY = "large-credit-key-0"
OWN = derived_id("credit", KEY)
LARGE = RULES.credits_above + Money(1)
ADMIN = frozenset({"admin"})


@pytest.fixture
def world():
    world = World(policy=POLICY)
    world.register()
    world.deposit(LARGE + LARGE)
    return world


def ask(world, amount=LARGE, *, key=KEY, by="ada", reason="settlement", policy=POLICY, **changed):
    told: dict[str, Any] = {"customer_id": "customer-1", **changed}
    return ask_for_credit(
        told["customer_id"], amount, reason=reason, key=key, by=by, request_id="r-credit",
        policy=policy, **world._ports("treasury", "customers", "desk", "clock"),
    )  # fmt: skip


def request(world, own=OWN) -> CreditRequest:
    found: CreditRequest = world.store.state.credit_requests[own]
    return found


def digest(world, policy=POLICY, own=OWN) -> str:
    return seen_of_credit(request(world, own), world.store.state.customers["customer-1"], policy)


def consent(world, by="ben", *, policy=POLICY, roles=ADMIN, own=OWN, seen=None, reason=""):
    return agree(
        own, word(by, digest=seen or digest(world, policy, own), roles=roles, reason=reason),
        policy=policy, **world._ports("treasury", "customers", "desk", "clock"),
    )  # fmt: skip


def refuse(world, by="ben", reason="not convinced"):
    return decline(OWN, word(by, reason=reason, roles=ADMIN), **world._ports("desk", "clock"))


def lapse(world):
    return lapse_credits(**world._ports("desk", "clock", "time_left"))


def test_up_to_the_limit_a_credit_is_given_at_once(world):
    given = ask(world, RULES.credits_above)
    assert (given.credit.credit_id, given.replayed) == (OWN, False)
    assert world.available == RULES.credits_above
    assert ask(world, RULES.credits_above).replayed
    assert world.store.state.credit_requests == {}


def test_above_it_nothing_is_given_until_another_admin_agrees(world):
    asked = ask(world)
    assert (asked.request, asked.replayed) == (request(world), False)
    assert asked.request.waits
    assert asked.request.lapses_at == world.clock.now() + timedelta(hours=RULES.hours)
    assert world.available == ZERO
    done = consent(world, reason="Seen the statement.")
    assert (done.request.stage, done.request.decided_by) == (CreditStage.GIVEN, "ben")
    assert (done.request.word, done.replayed) == ("Seen the statement.", False)
    assert world.available == LARGE
    given = world.store.state.credits[OWN]
    assert (given.created_by, given.agreed_by) == ("ada", "ben")
    world.check_books()


def test_what_no_one_person_may_agree_to_is_refused_at_once(world):
    most = RULES.approver_day
    assert ask(world, most, key="a key of the most").request.stage is CreditStage.AWAITING
    with pytest.raises(RuleBroken) as refused:
        ask(world, most + Money(1))
    assert [fault.code for fault in refused.value.faults] == ["above_approver_limit"]
    assert world.store.state.credit_requests.keys() == {derived_id("credit", "a key of the most")}


def test_the_same_key_answers_it_as_it_is_now(world):
    ask(world)
    world.clock.advance(60)
    again = ask(world)
    assert (again.replayed, again.request.stage) == (True, CreditStage.AWAITING)
    consent(world)
    again = ask(world)
    assert (again.replayed, again.request.stage) == (True, CreditStage.GIVEN)
    assert world.available == LARGE
    # Whatever the limit is by now.
    later = replace(POLICY, approvals=replace(RULES, credits_above=LARGE))
    assert ask(world, policy=later).request.stage is CreditStage.GIVEN


@pytest.mark.parametrize(("changed", "error"), [
    ({"amount": LARGE + Money(1)}, RuleBroken), ({"reason": "another"}, RuleBroken),
    ({"customer_id": "customer-2"}, RuleBroken), ({"by": "ben"}, KeyTaken),
])  # fmt: skip
def test_the_same_key_for_something_else_is_refused(world, changed, error):
    ask(world)
    before = request(world)
    with pytest.raises(error):
        ask(world, **changed)
    assert request(world) == before


def test_a_key_that_gave_a_credit_when_the_limit_was_higher_gives_no_other(world):
    loose = replace(POLICY, approvals=replace(RULES, credits_above=LARGE))
    ask(world, policy=loose)
    again = ask(world)
    assert (again.replayed, again.credit.credit_id) == (True, OWN)
    assert world.store.state.credit_requests == {}
    assert world.available == LARGE


def test_of_two_who_ask_with_one_key_at_once_the_second_finds_what_the_first_asked(world):
    def a_moment_later():
        world.clock.advance(1)
        ask(world)

    world.once("desk", "ask", a_moment_later)
    asked = ask(world)
    assert (asked.replayed, asked.request) == (True, request(world))
    assert len(world.store.state.credit_requests) == 1


def test_what_is_not_there_is_refused_when_it_is_asked_for(world):
    with pytest.raises(RuleBroken) as caught:
        ask(world, LARGE + LARGE + Money(1))
    assert caught.value.faults[0].code == "exceeds_unallocated"
    with pytest.raises(NotFound):
        ask(world, customer_id="nobody")
    assert world.store.state.credit_requests == {}


def erase(world):
    customers = world.store.state.customers
    erasure = Erasure(Erasing.ASKED, "ada", world.clock.now())
    customers["customer-1"] = replace(customers["customer-1"], erasure=erasure)


def test_for_whom_is_being_forgotten_nothing_is_asked_or_agreed_to(world):
    ask(world)
    erase(world)
    with pytest.raises(CustomerErased):
        consent(world)
    # And not that they should look again, at what nobody can be given any more.
    with pytest.raises(CustomerErased):
        consent(world, seen="of another name")
    with pytest.raises(CustomerErased):
        ask(world, key="another key of 16")
    assert world.available == ZERO


@pytest.mark.parametrize(("by", "roles"), [
    ("ada", {"admin"}), ("ada", {"admin", "approver"}), ("ben", {"operator"}), ("ben", set()),
    ("ben", {"bot", "admin"}),
])  # fmt: skip
def test_its_maker_a_program_and_who_is_no_approver_never_agree(world, by, roles):
    ask(world)
    with pytest.raises(Forbidden):
        consent(world, by, roles=frozenset(roles))
    assert world.available == ZERO


def test_what_is_not_as_it_was_seen_is_not_agreed_to(world):
    ask(world)
    seen = digest(world)
    customers = world.store.state.customers
    customers["customer-1"] = replace(customers["customer-1"], name="Jo Other")
    with pytest.raises(SeenChanged):
        consent(world, seen=seen)
    with pytest.raises(SeenChanged):
        consent(world, seen=digest(world), policy=replace(POLICY, version=2))
    assert world.available == ZERO
    assert consent(world).request.stage is CreditStage.GIVEN


@pytest.mark.parametrize("changed", [
    {"credit_id": "another"}, {"customer_id": "customer-2"}, {"amount": LARGE + Money(1)},
    {"reason": "another"}, {"created_by": "otto"}, {"created_at": START + timedelta(seconds=1)},
])  # fmt: skip
def test_whatever_is_another_credit_is_another_digest(world, changed):
    ask(world)
    asked, customer = request(world), world.store.state.customers["customer-1"]
    other = replace(asked, credit=replace(asked.credit, **changed))
    assert seen_of_credit(asked, customer, POLICY) == digest(world)
    assert seen_of_credit(other, customer, POLICY) != digest(world)


def test_agreeing_again_gives_nothing_again(world):
    ask(world)
    seen = digest(world)
    consent(world)
    again = consent(world, seen=seen)
    assert (again.replayed, again.request) == (True, request(world))
    assert world.available == LARGE
    with pytest.raises(Conflict, match="Given"):
        consent(world, "cleo", seen=seen)


def test_of_two_who_agree_at_once_one_gives_it(world):
    ask(world)
    world.once("treasury", "write", lambda: consent(world, "cleo"))
    with pytest.raises(Conflict, match="Given"):
        consent(world)
    assert world.available == LARGE
    assert world.store.state.approver_days.keys() == {"cleo"}
    world.check_books()


def test_a_race_with_other_money_is_run_again(world):
    ask(world)
    world.once("treasury", "write", lambda: world.deposit(Money(5), "N2"))
    assert consent(world).request.stage is CreditStage.GIVEN
    assert world.available == LARGE


def test_a_race_that_does_not_end_is_given_up(world):
    ask(world)

    def never(*_args, **_told):
        raise Stale("somebody was faster")

    world.meanwhile("treasury", write=never)
    with pytest.raises(StoreUnavailable):
        consent(world)
    world.meanwhile("desk", end=never)
    with pytest.raises(StoreUnavailable):
        refuse(world)


def test_a_lost_reply_gives_it_once(world):
    ask(world)
    seen = digest(world)
    world.store.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        consent(world, seen=seen)
    assert consent(world, seen=seen).replayed
    assert world.available == LARGE
    world.check_books()


def test_what_is_not_there_any_more_is_not_given(world):
    ask(world)
    world.store.state.funds = replace(world.store.state.funds, unallocated=LARGE - Money(1))
    with pytest.raises(RuleBroken) as caught:
        consent(world)
    assert caught.value.faults[0].code == "exceeds_unallocated"
    assert request(world).waits


def test_what_one_may_agree_to_within_a_day_counts_for_credits_too(world):
    ask(world)
    state = world.store.state
    left = RULES.approver_day - LARGE
    day = ApproverDay("ben").more(left + Money(1), world.clock.now(), RULES.approver_day)
    state.approver_days["ben"] = day
    with pytest.raises(ApproverLimit):
        consent(world)
    assert world.available == ZERO
    consent(world, "cleo")
    assert state.approver_days["cleo"].agreed(world.clock.now()) == LARGE


def test_what_was_given_meanwhile_without_a_second_person_is_given_once(world):
    ask(world)
    world.credit(LARGE, key=KEY)
    assert consent(world).request.stage is CreditStage.GIVEN
    assert world.available == LARGE


def test_what_is_declined_is_not_given(world):
    ask(world)
    done = refuse(world)
    assert (done.request.stage, done.request.word) == (CreditStage.DECLINED, "not convinced")
    assert refuse(world).replayed
    with pytest.raises(Conflict, match="Declined"):
        consent(world)
    with pytest.raises(Conflict, match="Declined"):
        refuse(world, "cleo")
    assert ask(world).request.stage is CreditStage.DECLINED
    assert world.available == ZERO


def test_its_maker_may_withdraw_it(world):
    ask(world)
    assert refuse(world, "ada").request.decided_by == "ada"


def test_of_consent_and_refusal_at_once_one_wins(world):
    ask(world)
    world.once("treasury", "write", lambda: refuse(world, "cleo"))
    with pytest.raises(Conflict, match="Declined"):
        consent(world)
    assert world.available == ZERO


def test_of_refusal_and_consent_at_once_one_wins(world):
    ask(world)
    world.once("desk", "end", lambda: consent(world, "cleo"))
    with pytest.raises(Conflict, match="Given"):
        refuse(world)
    assert world.available == LARGE


def test_what_nobody_decides_in_time_lapses(world):
    ask(world)
    ask(world, key="another key of 16")
    world.clock.set(request(world).lapses_at - timedelta(seconds=1))
    assert lapse(world) == {}
    world.clock.advance(1)
    with pytest.raises(ApprovalLapsed):
        consent(world)
    assert lapse(world) == {"credits_lapsed": 2}
    assert request(world).stage is CreditStage.LAPSED
    assert request(world).decided_by == ""
    assert lapse(world) == {}
    with pytest.raises(Conflict, match="Lapsed"):
        consent(world)
    assert world.available == ZERO


def test_what_is_decided_at_that_moment_does_not_lapse(world):
    ask(world)
    at = request(world).lapses_at

    def just_in_time():
        world.clock.set(at - timedelta(seconds=1))
        consent(world)

    world.clock.set(at)
    world.once("desk", "end", just_in_time)
    assert lapse(world) == {}
    assert request(world).stage is CreditStage.GIVEN


def test_a_list_that_lags_lapses_nothing(world):
    ask(world)
    listed = world.store.desk.credits(limit=9, position=None)
    consent(world)
    world.clock.advance(100 * 3600)

    class Lagging:
        def __getattr__(self, name):
            return getattr(world.store.desk, name)

        def credits(self, **_told):
            return listed

    world.ports["desk"] = Lagging()
    assert lapse(world) == {}
    assert request(world).stage is CreditStage.GIVEN
    del world.store.state.credit_requests[OWN]
    assert lapse(world) == {}


@pytest.mark.parametrize(("error", "code"), [
    (StoreUnavailable("The store does not answer."), "store_unavailable"),
    (Corrupt("the row of a credit"), "corrupt"),
])  # fmt: skip
def test_the_trouble_of_one_costs_neither_the_others_nor_the_schedule(world, error, code):
    first, second = ask(world).request, ask(world, key="large-credit-key-1").request
    world.clock.set(max(first.lapses_at, second.lapses_at))

    def fail(credit_id):
        if credit_id == first.credit_id:
            raise error

    world.meanwhile("desk", credit=fail)
    assert lapse(world) == {code: 1, "credits_lapsed": 1}

    def unlisted(**_told):
        raise error

    world.meanwhile("desk", credits=unlisted)
    assert lapse(world) == {code: 1}


def test_many_are_lapsed_page_by_page_while_there_is_time(world):
    first = None
    for number in range(101):
        ask(world, key=f"the key number {number:03d}")
        first = first or derived_id("credit", "the key number 000")
    world.clock.set(request(world, first).lapses_at)
    assert lapse(world) == {"credits_lapsed": 101}
    ask(world)
    world.clock.set(request(world).lapses_at)
    world.seconds_left = 1.0
    assert lapse(world) == {"left_for_next_time": 1}
    assert request(world).waits


def test_nothing_is_agreed_to_or_declined_that_nobody_asked_for(world):
    ask(world)
    del world.store.state.credit_requests[OWN]
    for say in (lambda: consent(world, seen="0"), lambda: refuse(world)):
        with pytest.raises(NotFound):
            say()


def test_who_waits_for_a_credit_is_not_forgotten_until_that_is_decided():
    world = with_a_past()
    world.deposit(LARGE, "N2")
    ask(world)
    with pytest.raises(ErasureRefused) as caught:
        forget(world)
    assert [each.code for each in caught.value.faults] == ["open_credits"]
    refuse(world)
    assert forget(world).done


def test_who_waits_for_a_payout_to_be_agreed_to_is_not_forgotten():
    world = waiting()
    with pytest.raises(ErasureRefused) as caught:
        forget(world)
    assert "open_payouts" in {each.code for each in caught.value.faults}
