"""A payout that waits for others goes out once, when enough of them agreed to what is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from chalicelib.domain.destination import BankAccount
from chalicelib.domain.errors import (
    Conflict,
    CustomerErased,
    CustomerStopped,
    Forbidden,
    NotFound,
    NotPossible,
    RuleBroken,
    Stale,
    StoreUnavailable,
    VaultUnavailable,
)
from chalicelib.domain.events import Approved, Escalated
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.policy import DestinationRules
from chalicelib.domain.refusals import ApproverLimit, SeenChanged
from chalicelib.domain.standing import Standing
from chalicelib.usecases.approve import approve, look
from chalicelib.usecases.destinations import add_destination, make_default, remove_destination
from chalicelib.usecases.hear import hear
from tests.fakes.provider import NOT_CONNECTED, OUT_OF_FUNDS
from tests.usecases.approving import (
    POLICY,
    RULES,
    TWO,
    agree,
    change_policy,
    lapse_of,
    refuse,
    seen,
    waiting,
    word,
)
from tests.usecases.world import AMOUNT, DEPOSIT, World, order

ADMIN = frozenset({"admin"})
OTHER = "customer-1-destination-9"


def test_what_waits_is_not_sent_and_its_money_is_set_aside():
    world = waiting()
    assert (world.status, world.payout.needs) == (Status.AWAITING_APPROVAL, 1)
    assert world.available == DEPOSIT - AMOUNT
    world.poll_after(24 * 3600)
    assert world.provider.requests == []
    assert world.status is Status.AWAITING_APPROVAL


def test_what_somebody_else_agrees_to_is_sent_at_once_and_once():
    world = waiting()
    done = agree(world)
    assert (done.replayed, done.payout.status) == (False, Status.PENDING)
    assert world.events()[2:] == ["Approved", "Released", "Started", "Accepted"]
    assert [each.by for each in world.payout.approvals] == ["anna"]
    world.poll_after(3600)
    assert len(world.provider.executions) == 1
    world.check_equal()


def test_what_is_not_above_the_amount_waits_for_nobody():
    world = World(policy=POLICY).open_for_business()
    world.request(order(amount=RULES.one_above))
    assert world.status is Status.PENDING


def test_a_payout_that_two_have_to_agree_to_waits_for_the_second():
    world = waiting(TWO)
    assert agree(world).payout.status is Status.AWAITING_APPROVAL
    assert world.provider.requests == []
    assert agree(world, "ben").payout.status is Status.PENDING
    assert len(world.provider.executions) == 1
    world.check_equal()


def test_the_same_person_twice_is_one_and_is_told_so():
    world = waiting(TWO)
    first = agree(world).payout
    world.clock.advance(60)
    again = agree(world)
    assert (again.replayed, again.payout) == (True, first)
    assert world.events().count("Approved") == 1
    assert world.provider.requests == []


def test_who_agreed_is_answered_the_payout_as_it_is_whatever_became_of_it():
    world = waiting()
    digest = seen(world)
    agree(world)
    again = agree(world, digest=digest)
    assert (again.replayed, again.payout) == (True, world.payout)
    assert len(world.provider.requests) == 1


@pytest.mark.parametrize("roles", [{"approver"}, {"admin"}, {"admin", "approver", "operator"}])
def test_its_maker_never_agrees_and_never_declines(roles):
    world = waiting()
    before = world.payout
    with pytest.raises(Forbidden, match="Somebody else than its maker"):
        agree(world, "olive", roles=frozenset(roles))
    with pytest.raises(Forbidden, match="cancels it"):
        refuse(world, "olive", roles=frozenset(roles))
    assert world.payout == before


@pytest.mark.parametrize("roles", [set(), {"viewer"}, {"operator"}, {"bot"}, {"bot", "approver"}])
def test_who_is_no_approver_or_a_program_never_decides(roles):
    world = waiting()
    before = world.payout
    for say in (agree, refuse):
        with pytest.raises(Forbidden, match="Only an approver"):
            say(world, roles=frozenset(roles))
    assert world.payout == before


def test_an_admin_who_did_not_make_it_may_agree():
    world = waiting()
    assert agree(world, "ada", roles=ADMIN).payout.status is Status.PENDING


def diverted(by: str) -> World:
    """A bot's payout to a destination that somebody added a day before, and made the default."""
    changed = DestinationRules(0, AMOUNT, 1)
    world = World(policy=replace(POLICY, changed_destination=changed)).open_for_business()
    ports = world._ports("customers", "clock")
    account = BankAccount.parse("062-000", "87654321", "Jo Citizen")
    add_destination("customer-1", account, destination_id=OTHER, by=by, vault=world.vault, **ports)
    make_default("customer-1", OTHER, **ports)
    world.request(order(amount=RULES.one_above), by="bot", drafted=True)
    return world


def test_who_added_its_destination_is_no_second_person_and_somebody_else_is():
    world = diverted("mallory")
    assert world.payout.intent.destination.destination_id == OTHER
    with pytest.raises(Forbidden, match="who added its destination"):
        agree(world, "mallory", roles=ADMIN)
    assert (world.payout.approvals, world.provider.requests) == ((), [])
    assert agree(world, "anna").payout.status is Status.PENDING


def test_to_a_destination_that_was_removed_since_nobody_agrees_and_it_can_be_declined():
    world = diverted("mallory")
    remove_destination("customer-1", OTHER, **world._ports("customers", "clock"))
    for by in ("mallory", "anna"):
        with pytest.raises(Conflict, match="was removed meanwhile"):
            agree(world, by, roles=ADMIN)
    assert world.provider.requests == []
    assert refuse(world).status is Status.DECLINED


def edited(world, **changes):
    customers = world.store.state.customers
    customers["customer-1"] = replace(customers["customer-1"], **changes)


def restanding(world):
    own = world.payout.intent.destination.destination_id
    edited(world, standings=(Standing(own, world.clock.now(), "mallory", changed=True),))


CHANGES = {
    "the payee's name": lambda world: edited(world, name="Somebody Else"),
    "their destinations": lambda world: edited(world, destinations=()),
    "what is known of the destination": restanding,
    "the policy": lambda world: change_policy(world, replace(POLICY, version=2)),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_is_not_as_it_was_seen_is_not_agreed_to(what):
    world = waiting()
    digest, before = seen(world), world.payout
    CHANGES[what](world)
    with pytest.raises(SeenChanged):
        agree(world, digest=digest)
    assert world.payout == before
    assert world.store.state.approver_days == {}
    # Who looks again may.
    assert agree(world).payout.status is Status.PENDING


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_makes_void_what_was_agreed_to_before(what):
    world = waiting(TWO)
    agree(world)
    CHANGES[what](world)
    assert agree(world, "ben").payout.status is Status.AWAITING_APPROVAL
    assert [each.by for each in world.payout.approvals] == ["ben"]
    assert world.provider.requests == []
    # The first has to look again, too.
    done = agree(world)
    assert (done.replayed, done.payout.status) == (False, Status.PENDING)
    assert len(world.provider.executions) == 1


@pytest.mark.parametrize("what", CHANGES)
def test_who_agreed_before_a_change_is_not_told_that_they_have(what):
    world = waiting(TWO)
    first = seen(world)
    agree(world)
    CHANGES[what](world)
    assert not agree(world).replayed
    assert [each.by for each in world.payout.approvals] == ["anna"]
    assert world.payout.approvals[0].seen != first
    assert agree(world, "ben").payout.status is Status.PENDING


def test_a_digest_of_nothing_is_agreed_to_by_nobody():
    world = waiting()
    with pytest.raises(SeenChanged):
        agree(world, digest="0" * 64)


def test_a_policy_that_wants_more_people_by_now_is_heeded():
    world = waiting()
    stricter = replace(RULES, two_above=Money(5_001))
    change_policy(world, replace(POLICY, version=2, approvals=stricter))
    assert agree(world).payout.status is Status.AWAITING_APPROVAL
    assert world.payout.needs == 2
    assert agree(world, "ben").payout.status is Status.PENDING


def test_a_policy_that_wants_fewer_people_by_now_changes_nothing_of_what_was_asked_for():
    world = waiting(TWO)
    free = replace(RULES, one_above=DEPOSIT, two_above=DEPOSIT)
    change_policy(world, replace(POLICY, version=2, approvals=free))
    assert agree(world).payout.status is Status.AWAITING_APPROVAL
    assert agree(world, "ben").payout.status is Status.PENDING


def test_a_duplicate_is_agreed_to_with_a_reason_only():
    world = World(policy=replace(POLICY, duplicate_days=7)).open_for_business()
    small = order(amount=Money(100), reference="INV-1")
    world.request(small)
    second = world.request(small, key="another key of 16").payout
    assert second.status is Status.AWAITING_APPROVAL
    assert second.intent.assessment.why == ("duplicate",)
    assert second.intent.assessment.repeats == world.payouts[0].transaction_id
    with pytest.raises(RuleBroken) as caught:
        agree(world, transaction_id=second.transaction_id)
    assert [(each.pointer, each.code) for each in caught.value.faults] == [
        ("/reason", "reason_needed")
    ]
    done = agree(world, transaction_id=second.transaction_id, reason="Two invoices, one number.")
    assert done.payout.status is Status.PENDING
    assert len(world.provider.executions) == 2


def test_nobody_agrees_once_it_has_lapsed_and_up_to_then_anybody_may():
    world = waiting()
    world.clock.set(lapse_of(world))
    with pytest.raises(Conflict) as caught:
        agree(world)
    assert caught.value.code == "approval_lapsed"
    assert world.status is Status.AWAITING_APPROVAL
    world.clock.set(lapse_of(world) - timedelta(microseconds=1))
    assert agree(world).payout.status is Status.PENDING


def test_what_nobody_decides_in_time_goes_back_to_the_balance():
    world = waiting()
    world.clock.set(lapse_of(world) - timedelta(seconds=1))
    world.poll()
    assert world.status is Status.AWAITING_APPROVAL
    assert world.poll_after(1) == {"Cancelled": 1}
    assert (world.status, world.payout.error_code) == (Status.CANCELLED, "approval_lapsed")
    assert world.available == DEPOSIT
    assert world.provider.requests == []
    with pytest.raises(NotPossible):
        agree(world)
    world.check_equal()


def test_one_approver_agrees_to_so_much_within_a_day_and_no_cent_more():
    world = World(policy=POLICY).open_for_business()
    first, second, third = (
        world.request(order(amount=Money(cents)), key=f"key of the payout {cents}").payout
        for cents in (20_000, 19_999, 20_002)
    )
    own = [each.transaction_id for each in (first, second, third)]
    agree(world, transaction_id=own[0])
    agree(world, transaction_id=own[1])
    with pytest.raises(ApproverLimit) as caught:
        agree(world, transaction_id=own[2])
    assert (caught.value.code, caught.value.faults[0].code) == ("approver_limit",) * 2
    assert world.store.state.payouts[own[2]].approvals == ()
    # Others may, and so may the first one a day later.
    agree(world, "ben", transaction_id=own[2])
    world.clock.advance(25 * 3600)
    done = agree(world, transaction_id=own[2])
    assert done.payout.status is Status.PENDING
    world.check_books()


def test_what_an_approver_agrees_to_at_the_same_moment_counts_too():
    world = World(policy=POLICY).open_for_business()
    own = [
        world.request(order(amount=Money(33_000)), key=f"key of the payout {number}").payout
        for number in range(2)
    ]
    one, other = (each.transaction_id for each in own)
    world.once("payouts", "write", lambda: agree(world, transaction_id=one))
    with pytest.raises(ApproverLimit):
        agree(world, transaction_id=other)
    assert world.store.state.approver_days["anna"].hours == {"2026030201": 33_000}


def test_of_two_who_agree_at_once_one_sends_it():
    world = waiting()
    world.once("payouts", "write", lambda: agree(world, "ben"))
    with pytest.raises(NotPossible):
        agree(world)
    assert len(world.provider.executions) == 1
    world.check_equal()


@pytest.mark.parametrize("method", ["get", "opening", "write"])
def test_the_same_person_at_two_doors_at_once_is_one(method):
    world = waiting(TWO)
    digest = seen(world)

    def elsewhere():
        world.clock.advance(1)
        agree(world, digest=digest)

    world.once("payouts", method, elsewhere)
    again = agree(world, digest=digest)
    assert (again.replayed, again.payout.status) == (True, Status.AWAITING_APPROVAL)
    assert world.events().count("Approved") == 1
    assert world.store.state.approver_days["anna"].version == 1


def test_of_two_who_both_have_to_agree_and_do_so_at_once_the_slower_sends_it():
    world = waiting(TWO)
    world.once("payouts", "write", lambda: agree(world, "ben"))
    assert agree(world).payout.status is Status.PENDING
    assert [each.by for each in world.payout.approvals] == ["ben", "anna"]
    assert len(world.provider.executions) == 1
    world.check_equal()


def lapse(world):
    # As a clock says that is ahead of the approver's.
    world.clock.set(lapse_of(world))
    world.poll()
    world.clock.set(lapse_of(world) - timedelta(seconds=1))


@pytest.mark.parametrize(("happens", "status"), [
    (lambda world: refuse(world, "ben"), Status.DECLINED),
    (lambda world: world.cancel(world.payout.transaction_id), Status.CANCELLED),
    (lapse, Status.CANCELLED),
])  # fmt: skip
def test_what_was_declined_cancelled_or_lapsed_a_moment_before_is_not_sent(happens, status):
    world = waiting()
    world.once("payouts", "write", lambda: happens(world))
    with pytest.raises(NotPossible):
        agree(world)
    assert world.status is status
    assert world.provider.requests == []
    assert world.available == DEPOSIT
    assert world.store.state.approver_days == {}


def test_what_was_agreed_to_a_moment_before_it_lapses_does_not_lapse():
    world = waiting()

    def just_in_time():
        world.clock.set(lapse_of(world) - timedelta(seconds=1))
        agree(world)

    world.clock.set(lapse_of(world))
    world.once("payouts", "write", just_in_time)
    assert world.poll() == {Stale.code: 1}
    assert world.status is Status.PENDING
    assert len(world.provider.executions) == 1


def test_what_was_agreed_to_a_moment_before_is_neither_declined_nor_cancelled():
    for say in (lambda world: refuse(world, "ben"),
                lambda world: world.cancel(world.payout.transaction_id)):  # fmt: skip
        world = waiting()
        world.once("payouts", "write", partial(agree, world))
        with pytest.raises(NotPossible):
            say(world)
        assert world.status is Status.PENDING
        world.check_equal()


def test_where_others_are_faster_again_and_again_nothing_is_known():
    world = waiting()

    def never(*_args, **_told):
        raise Stale("somebody was faster")

    world.meanwhile("payouts", write=never)
    with pytest.raises(StoreUnavailable):
        agree(world)


def test_behind_a_closed_gate_it_waits_for_it_and_goes_out_by_itself():
    world = waiting()
    world.ports["gate"].close()
    assert agree(world).payout.status is Status.QUEUED
    assert (world.payout.hindrance, world.provider.requests) == ("sign_in_refused", [])
    world.ports["gate"].open(by="ada")
    world.poll_after(3600)
    assert world.status is Status.PENDING
    world.check_equal()


def test_where_others_wait_for_funds_it_stands_in_line_behind_them():
    world = World(policy=POLICY).open_for_business()
    world.request()
    waits = world.payout
    world.provider.will(OUT_OF_FUNDS)
    world.request(order(amount=Money(100)), key="key of the other one")
    assert agree(world, transaction_id=waits.transaction_id).payout.hindrance == "funds"
    assert len(world.provider.requests) == 1


def test_what_could_not_be_sent_after_all_is_tried_again_by_the_poller():
    world = waiting()
    world.provider.will(NOT_CONNECTED)
    assert agree(world).payout.status is Status.QUEUED
    world.poll_after(3600)
    assert world.status is Status.PENDING
    assert len(world.provider.executions) == 1
    world.check_equal()


def test_what_waited_for_people_for_days_is_not_called_late():
    world = waiting()
    world.clock.advance(71 * 3600)
    agree(world)
    world.poll_after(3600)
    assert world.payout.needs_person == ""


def test_nothing_is_agreed_to_that_could_not_be_sent():
    for why, error in (("stopped", CustomerStopped), ("erased", CustomerErased)):
        # Nor is a first word of two heard, which sends nothing yet.
        world = waiting(TWO)
        if why == "stopped":
            world.stop_customer()
        else:
            from chalicelib.domain.customer import Erasing, Erasure  # noqa: PLC0415 (one use)

            edited(world, erasure=Erasure(Erasing.ASKED, "ada", world.clock.now()))
        before = world.payout
        with pytest.raises(error):
            agree(world)
        assert world.payout == before


def test_a_customer_who_is_stopped_at_the_same_moment_is_not_paid():
    world = waiting()
    world.once("payouts", "write", world.stop_customer)
    with pytest.raises(CustomerStopped):
        agree(world)
    assert world.status is Status.AWAITING_APPROVAL
    assert world.store.state.approver_days == {}
    assert world.provider.requests == []


def test_what_cannot_be_unsealed_is_not_agreed_to():
    world = waiting()
    world.vault.down = True
    before = world.payout
    with pytest.raises(VaultUnavailable):
        agree(world)
    assert world.payout == before


def test_what_the_provider_contradicts_is_neither_agreed_to_nor_declined_nor_does_it_lapse():
    world = waiting()
    alarm = Escalated(at=world.clock.now(), by="monoova:webhook", why=CONTRADICTION)
    before = hear(world.payout, alarm, payouts=world.store.payouts).payout
    for say in (agree, refuse):
        with pytest.raises(Conflict, match="a person has to look"):
            say(world)
    world.poll_after(100 * 3600)
    assert world.payout == before


def test_nor_is_it_declined_where_that_is_told_at_that_moment():
    world = waiting()
    alarm = Escalated(at=world.clock.now(), by="monoova:webhook", why=CONTRADICTION)
    own = world.store.payouts
    world.once("payouts", "write", lambda: hear(world.payout, alarm, payouts=own))
    with pytest.raises(Conflict, match="a person has to look"):
        refuse(world)
    assert world.payout.status is Status.AWAITING_APPROVAL


def test_a_payout_of_nobody_cannot_be_looked_at():
    world = waiting()
    del world.store.state.customers["customer-1"]
    with pytest.raises(Conflict, match="does not exist any more"):
        look(world.payout, payouts=world.store.payouts, clock=world.clock)


def test_an_unknown_payout_is_not_found():
    world = waiting()
    ports = world._ports("payouts", "desk", "provider", "vault", "clock", "time_left")
    with pytest.raises(NotFound):
        approve("unknown", word(), **ports)


def test_what_does_not_wait_is_not_agreed_to():
    world = World().open_for_business()
    world.request()
    with pytest.raises(NotPossible, match="cannot be approved"):
        agree(world)


def test_what_is_declined_goes_back_to_the_balance_and_says_why():
    world = waiting()
    after = refuse(world)
    assert (after.status, after.error_code) == (Status.DECLINED, "declined")
    assert after.error_message == "not convinced"
    assert world.available == DEPOSIT
    world.poll_after(100 * 3600)
    assert world.provider.requests == []
    world.check_equal()


def test_declining_again_changes_nothing():
    world = waiting()
    first = refuse(world)
    world.clock.advance(1)
    assert refuse(world, "ben", "another reason") == first
    assert world.events().count("Declined") == 1


def test_what_is_declined_is_agreed_to_by_nobody():
    world = waiting()
    digest = seen(world)
    refuse(world)
    with pytest.raises(NotPossible, match="cannot be approved"):
        agree(world, "ben", digest=digest)


def test_what_was_sent_is_not_declined():
    world = waiting()
    agree(world)
    with pytest.raises(NotPossible, match="cannot be declined"):
        refuse(world, "ben")


def test_its_maker_cancels_what_waits():
    world = waiting()
    assert world.cancel(world.payout.transaction_id).status is Status.CANCELLED
    assert world.available == DEPOSIT
    world.check_equal()


def test_an_approval_says_who_what_and_why():
    world = waiting()
    digest = seen(world)
    agree(world, reason="Seen the invoice.")
    (told,) = [
        each.event
        for each in world.store.payouts.steps(world.payout.transaction_id)
        if isinstance(each.event, Approved)
    ]
    assert (told.by, told.seen, told.needs, told.reason, told.request_id) == (
        "anna", digest, 1, "Seen the invoice.", "r-approve",
    )  # fmt: skip


def test_once_the_reply_to_the_last_word_was_lost_it_is_asked_about_and_paid_once():
    world = waiting()
    world.store.state.lost_replies = 1
    digest = seen(world)
    with pytest.raises(StoreUnavailable):
        agree(world, digest=digest)
    assert (world.status, world.provider.requests) == (Status.SENDING, [])
    again = agree(world, digest=digest)
    assert again.replayed
    assert world.provider.requests == []
    for _ in range(4):
        world.poll_after(31 * 60)
    assert world.status is Status.PENDING
    assert len(world.provider.executions) == 1
    world.check_equal()
