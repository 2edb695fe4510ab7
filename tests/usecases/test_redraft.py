"""What came back is paid once more, corrected: by one new payout, on which all rules are tried."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.archive import shrunk
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.customer import Erasing, Erasure
from chalicelib.domain.decision import DRAFT, DUPLICATE
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import (
    CustomerErased,
    CustomerStopped,
    Forbidden,
    InsufficientFunds,
    KeyTaken,
    NotFound,
    NotPossible,
    RuleBroken,
)
from chalicelib.domain.events import Confirmed, Escalated, Redrafted, Returned
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from chalicelib.domain.policy import FREE, DayLimit
from chalicelib.domain.rails import Rail
from chalicelib.domain.redraft import redraft_id
from chalicelib.domain.refusals import AlreadyRedrafted, BeforeAPerson, OriginalDisputed
from chalicelib.usecases.customers import resume
from chalicelib.usecases.hear import hear
from tests.fakes.provider import NOT_CONNECTED, REFUSED, TIMED_OUT_UNPAID
from tests.usecases.approving import agree, waiting
from tests.usecases.redrafting import (
    CAME_BACK,
    bring_back,
    came_back,
    now,
    redo,
    redrafted,
)
from tests.usecases.world import AMOUNT, DEPOSIT, DIRECT_ENTRY, KEY, World, order

PAYID_DESTINATION = "customer-1-destination-1"


def let_go_on(world):
    resume("customer-1", **world._ports("customers", "clock"))


def dispute(world, payout=None, raw=b"late"):
    """Late good news: it was paid after all."""
    world.receive(world.teach(raw, payout or world.payouts[0], Confirmed))


@pytest.mark.parametrize("status", CAME_BACK)
def test_what_came_back_is_paid_once_more_by_a_payout_of_its_own(status):
    world = came_back(status)
    placed = redo(world)
    original, redraft = world.payouts
    assert not placed.replayed
    assert placed.payout == redraft
    assert redraft.transaction_id == redraft_id(original.transaction_id)
    assert redraft.intent.redraft_of == (original.transaction_id,)
    assert (original.status, original.redrafted_as) == (status, redraft.transaction_id)
    assert (redraft.intent.amount, redraft.intent.customer_id) == (AMOUNT, "customer-1")
    assert redraft.intent.destination == original.intent.destination
    assert world.provider.paid(redraft.unique_reference) == 1
    assert world.available == DEPOSIT - AMOUNT
    world.check_equal()


def test_the_steps_of_the_original_say_who_had_it_paid_once_more():
    world = came_back()
    redo(world, by="otto")
    original, redraft = world.payouts
    last = world.store.payouts.steps(original.transaction_id)[-1]
    assert isinstance(last.event, Redrafted)
    assert (last.event.by, last.event.redraft) == ("otto", redraft.transaction_id)
    assert last.hash == original.last_hash


def test_destination_rail_and_texts_are_corrected():
    world = came_back(reference="INV-7", description="Refund")
    redraft = redo(
        world, destination_id=PAYID_DESTINATION, reference="INV-7-A", description="Refund, again"
    ).payout
    assert redraft.intent.destination.destination_id == PAYID_DESTINATION
    assert redraft.intent.method is PayoutMethod.PAY_ID
    assert (redraft.intent.reference, redraft.intent.description) == ("INV-7-A", "Refund, again")
    (sent,) = world.provider.executions
    assert sent.reference == redraft.unique_reference


def test_a_reference_that_the_other_rail_cannot_carry_is_taken_away():
    world = came_back(reference="INV-7")
    with pytest.raises(RuleBroken) as caught:
        redo(world, rail=DIRECT_ENTRY)
    assert [each.pointer for each in caught.value.faults] == ["/reference"]
    assert redrafted(world) is None
    assert redo(world, rail=DIRECT_ENTRY, reference="").payout.intent.rail is DIRECT_ENTRY


@pytest.mark.parametrize(
    ("replies", "status"),
    [((), Status.PENDING), ((NOT_CONNECTED,), Status.QUEUED)],
)
def test_what_may_yet_be_paid_is_not_paid_once_more(replies, status):
    world = World().open_for_business()
    world.provider.will(*replies)
    world.request()
    assert world.status is status
    with pytest.raises(NotPossible, match=f"{status} cannot be redrafted"):
        redo(world)
    assert len(world.payouts) == 1


def test_what_nobody_knows_is_not_found():
    with pytest.raises(NotFound):
        redo(World().open_for_business(), came_back().payouts[0])


def test_what_a_person_has_to_look_at_is_not_paid_once_more():
    world = came_back()
    alarm = Escalated(at=world.clock.now(), by="poller", why=CONTRADICTION)
    hear(world.payout, alarm, payouts=world.store.payouts)
    with pytest.raises(BeforeAPerson):
        redo(world)
    assert len(world.payouts) == 1


def test_the_same_key_finds_the_same_redraft_as_it_is_now():
    world = came_back()
    first = redo(world, reference="R").payout
    world.provider.settle(first.unique_reference, "Complete")
    world.poll_after(31)
    again = redo(world, reference="R")
    assert again.replayed
    assert (again.payout.transaction_id, again.payout.status) == (
        first.transaction_id, Status.COMPLETED,
    )  # fmt: skip
    assert len(world.provider.executions) == 1


def test_the_same_key_with_another_correction_names_what_differs():
    world = came_back()
    redo(world, reference="R")
    with pytest.raises(RuleBroken) as caught:
        redo(world, description="D", destination_id=PAYID_DESTINATION, rail=Rail.NPP)
    assert [each.pointer for each in caught.value.faults] == [
        "/destination_id", "/rail", "/reference", "/description",
    ]  # fmt: skip


def test_the_same_key_of_somebody_else_is_taken():
    world = came_back()
    redo(world)
    with pytest.raises(KeyTaken):
        redo(world, by="mallory")


@pytest.mark.parametrize("by", ["olive", "otto"])
def test_another_key_is_told_of_the_redraft_that_there_is(by):
    world = came_back()
    redraft = redo(world).payout
    with pytest.raises(AlreadyRedrafted, match=redraft.transaction_id):
        redo(world, key="another-key-00000", by=by)
    assert len(world.payouts) == 2


def test_that_there_is_a_redraft_is_known_though_the_original_forgot_it():
    """A version before, which knows nothing of it, may have written the original's row."""
    world = came_back()
    original = world.payouts[0]
    redo(world)
    forgetful = replace(now(world, original), redrafted_as="")
    world.store.state.payouts[original.transaction_id] = forgetful
    with pytest.raises(AlreadyRedrafted):
        redo(world, key="another-key-00000")
    assert len(world.provider.executions) == 1


@pytest.mark.parametrize("status", CAME_BACK)
def test_a_redraft_that_came_back_is_redrafted_itself(status):
    world = came_back()
    if status is Status.FAILED:
        world.provider.will(REFUSED)
    first = redo(world).payout
    if status is not Status.FAILED:
        bring_back(world, first, status)
    second = redo(world, now(world, first), key="a-second-redraft-0").payout
    original = world.payouts[0].transaction_id
    assert second.intent.redraft_of == (first.transaction_id, original)
    with pytest.raises(AlreadyRedrafted):
        redo(world, key="another-key-00000")
    world.check_equal()


def test_nothing_that_was_agreed_to_carries_over():
    world = waiting()
    agree(world)
    bring_back(world, world.payout, Status.REJECTED)
    redraft = redo(world).payout
    assert redraft.status is Status.AWAITING_APPROVAL
    assert (redraft.needs, redraft.approvals) == (1, ())
    assert not world.provider.paid(redraft.unique_reference)
    agree(world, transaction_id=redraft.transaction_id)
    assert world.provider.paid(redraft.unique_reference) == 1


def test_its_maker_does_not_agree_to_it_though_another_had_asked_for_the_original():
    world = waiting()
    agree(world)
    bring_back(world, world.payout)
    redraft = redo(world, by="anna").payout
    with pytest.raises(Forbidden):
        agree(world, "anna", transaction_id=redraft.transaction_id)


def test_a_program_only_drafts():
    world = came_back()
    redraft = redo(world, by="robot", drafted=True).payout
    assert redraft.status is Status.AWAITING_APPROVAL
    assert thought(redraft).why == (DRAFT,)
    assert not world.provider.executions


def thought(payout):
    assert payout.intent.assessment is not None
    return payout.intent.assessment


def looks_back(**rules):
    return replace(FREE, version=1, duplicate_days=7, **rules)


@pytest.mark.parametrize("status", CAME_BACK)
def test_its_original_is_no_payment_that_it_repeats(status):
    world = came_back(status, policy=looks_back(), reference="INV-7")
    redraft = redo(world).payout
    assert thought(redraft).why == ()
    assert world.provider.paid(redraft.unique_reference) == 1


def test_a_payment_that_somebody_made_in_its_place_is_one_that_it_repeats():
    world = came_back(policy=looks_back(), reference="INV-7")
    instead = world.request(order(reference="INV-7"), key="instead-of-it-0000").payout
    redraft = redo(world).payout
    assert thought(redraft).why == (DUPLICATE,)
    assert thought(redraft).repeats == instead.transaction_id
    assert redraft.status is Status.AWAITING_APPROVAL


def test_what_is_asked_for_in_its_place_later_on_repeats_it():
    world = came_back(policy=looks_back(), reference="INV-7")
    redraft = redo(world).payout
    instead = world.request(order(reference="INV-7"), key="instead-of-it-0000").payout
    assert thought(instead).repeats == redraft.transaction_id


def test_an_original_that_was_itself_held_to_repeat_one_that_was_paid_still_does():
    world = World(policy=looks_back()).open_for_business()
    paid = world.request(order(reference="INV-7")).payout
    doubled = world.request(order(reference="INV-7"), key="the-same-again-00").payout
    agree(world, transaction_id=doubled.transaction_id, reason="two of them")
    bring_back(world, now(world, doubled))
    redraft = redo(world, doubled).payout
    assert thought(redraft).why == (DUPLICATE,)
    assert now(world, paid).status is Status.PENDING


def test_it_is_within_the_limits_of_its_own_date():
    limits = replace(FREE.limits, customer_unverified=DayLimit(AMOUNT, 9))
    policy = replace(FREE, version=1, limits=limits)
    world = came_back(Status.RETURNED, policy=policy)
    with pytest.raises(RuleBroken) as caught:
        redo(world)
    assert [each.pointer for each in caught.value.faults] == ["/amount"]
    world.clock.advance(timedelta(days=1))
    redraft = redo(world).payout
    day = sydney_date(world.clock.now()).isoformat()
    assert all(day in each.key for each in redraft.intent.drawn)


def test_money_that_is_gone_meanwhile_is_not_there():
    world = came_back()
    world.request(order(amount=DEPOSIT), key="all-of-it-00000000")
    with pytest.raises(InsufficientFunds):
        redo(world)
    assert world.payouts[0].redrafted_as == ""
    assert world.available == ZERO


def test_a_destination_that_was_removed_has_to_be_corrected():
    world = came_back()
    customer = world.store.state.customers["customer-1"]
    world.store.state.customers["customer-1"] = replace(
        customer, destinations=customer.destinations[1:]
    )
    with pytest.raises(RuleBroken) as caught:
        redo(world)
    assert [(each.pointer, each.code) for each in caught.value.faults] == [
        ("/destination_id", "unknown_destination")
    ]
    assert redo(world, destination_id=PAYID_DESTINATION).payout.status is Status.PENDING


def test_nothing_new_is_done_for_who_is_stopped_or_forgotten():
    world = came_back()
    world.stop_customer()
    with pytest.raises(CustomerStopped):
        redo(world)
    customer = world.store.state.customers["customer-1"]
    erasure = Erasure(Erasing.ASKED, "ada", world.clock.now())
    world.store.state.customers["customer-1"] = replace(customer, stopped="", erasure=erasure)
    with pytest.raises(CustomerErased):
        redo(world)
    assert len(world.payouts) == 1
    assert world.payout.redrafted_as == ""


def rest(world, payout):
    """It is archived: its row says less, and its steps lie elsewhere."""
    before = now(world, payout)
    world.store.payouts.shrink(before, shrunk(before, "an object"))


def test_an_archived_payout_is_paid_once_more_and_its_archived_redraft_is_found_by_the_key():
    world = came_back(reference="INV-7")
    rest(world, world.payout)
    redraft = redo(world, description="Again").payout
    assert (redraft.intent.reference, redraft.status) == ("INV-7", Status.PENDING)
    bring_back(world, redraft)
    rest(world, redraft)
    assert redo(world, description="Again").replayed
    with pytest.raises(RuleBroken):
        redo(world, description="Otherwise")
    with pytest.raises(AlreadyRedrafted):
        redo(world, key="another-key-00000", description="Again")
    world.check_equal()


# The original turns out to be paid.


def test_what_turned_out_to_be_paid_is_not_paid_once_more():
    world = came_back()
    dispute(world)
    let_go_on(world)
    with pytest.raises(NotPossible, match="Disputed cannot be redrafted"):
        redo(world)
    assert len(world.payouts) == 1


def test_what_turns_out_to_be_paid_at_that_very_moment_is_not_paid_once_more():
    world = came_back()

    def late():
        dispute(world)
        let_go_on(world)

    world.once("payouts", "write", late)
    with pytest.raises(NotPossible):
        redo(world)
    assert redrafted(world) is None
    assert not world.provider.executions


def test_a_redraft_that_waits_is_not_sent_once_its_original_is_paid():
    world = came_back()
    world.provider.will(NOT_CONNECTED)
    redraft = redo(world).payout
    dispute(world)
    assert world.store.state.customers["customer-1"].stopped
    assert world.poll_after(120) == {"original_disputed": 1}
    assert attention(now(world, redraft)) == "original_disputed"
    assert not world.provider.executions


def test_nor_once_the_customers_payouts_go_on_and_a_person_cancels_it():
    world = came_back()
    world.provider.will(NOT_CONNECTED)
    redraft = redo(world).payout
    dispute(world)
    let_go_on(world)
    assert world.poll_after(120) == {"original_disputed": 1}
    assert attention(now(world, redraft)) == "original_disputed"
    assert world.poll_after(timedelta(hours=2)) == {"original_disputed": 1}
    assert not world.provider.executions
    assert world.cancel(redraft.transaction_id).status is Status.CANCELLED
    assert world.available == DEPOSIT


@pytest.mark.parametrize("status", CAME_BACK)
def test_nor_while_nobody_knows_whether_its_original_is_paid(status):
    """Good news of another amount is believed of nothing; but the payee may have that money."""
    world = came_back(status)
    world.provider.will(NOT_CONNECTED)
    redraft = redo(world).payout
    told = world.teach(b"late", world.payouts[0], Confirmed, amount=AMOUNT - Money(1))
    assert world.receive(told) == "dead_lettered"
    assert attention(world.payouts[0]) == CONTRADICTION
    assert world.poll_after(120) == {"original_disputed": 1}
    assert attention(now(world, redraft)) == "original_disputed"
    assert not world.provider.paid(redraft.unique_reference)
    assert world.cancel(redraft.transaction_id).status is Status.CANCELLED


def test_nor_by_the_last_word_that_it_needs():
    world = came_back()
    redraft = redo(world, by="robot", drafted=True).payout
    dispute(world)
    let_go_on(world)
    with pytest.raises(OriginalDisputed):
        agree(world, transaction_id=redraft.transaction_id)
    assert now(world, redraft).approvals == ()
    assert not world.provider.executions


def test_a_redraft_that_was_sent_goes_on_and_the_original_is_before_a_person():
    world = came_back()
    redraft = redo(world).payout
    dispute(world)
    original = world.payouts[0]
    assert (original.status, attention(original)) == (Status.DISPUTED, "disputed")
    assert original.redrafted_as == redraft.transaction_id
    assert world.store.state.customers["customer-1"].stopped
    world.receive(world.teach(b"paid", redraft, Confirmed))
    assert now(world, redraft).status is Status.COMPLETED


def test_a_redraft_in_doubt_is_not_sent_again_once_its_original_is_paid():
    world = came_back()
    world.provider.will(TIMED_OUT_UNPAID)
    redraft = redo(world).payout
    dispute(world)
    let_go_on(world)
    told = [world.poll_after(timedelta(minutes=31)) for _ in range(3)]
    assert {"original_disputed": 1} in told
    assert now(world, redraft).status is Status.UNCONFIRMED
    assert not world.provider.executions


def test_a_redrafts_redraft_is_not_made_nor_sent_once_the_very_first_is_paid():
    world = came_back()
    world.provider.will(REFUSED, NOT_CONNECTED)
    first = redo(world).payout
    second = redo(world, first, key="a-second-redraft-0").payout
    dispute(world)
    let_go_on(world)
    assert world.poll_after(120) == {"original_disputed": 1}
    assert not world.provider.executions
    world.cancel(second.transaction_id)

    other = came_back()
    other.provider.will(REFUSED)
    first = redo(other).payout
    dispute(other)
    let_go_on(other)
    with pytest.raises(OriginalDisputed):
        redo(other, first, key="a-second-redraft-0")
    assert not other.provider.executions


def test_a_return_heard_twice_leaves_the_redraft_alone():
    world = came_back(Status.RETURNED)
    redo(world)
    original, redraft = world.payouts
    world.receive(world.teach(b"again", original, Returned))
    assert world.payouts == [original, redraft]
    world.check_equal()


# Two at once.


@pytest.mark.parametrize("moment", ["opening", "write"])
@pytest.mark.parametrize("by", ["olive", "otto"])
def test_of_two_redrafts_at_once_with_different_keys_one_is_made(moment, by):
    world = came_back()
    world.once("payouts", moment, lambda: redo(world, key="another-key-00000", by=by))
    with pytest.raises(AlreadyRedrafted):
        redo(world)
    assert len(world.provider.executions) == 1
    world.check_equal()


def test_of_two_redrafts_at_once_with_the_same_key_the_second_is_the_first():
    world = came_back()
    world.once("payouts", "write", lambda: redo(world))
    assert redo(world).replayed
    assert len(world.provider.executions) == 1


def test_nor_where_the_first_is_made_just_before_the_second_reads_its_original():
    world, reads = came_back(), []

    def first(*_told):
        reads.append(1)
        if len(reads) == 2:  # of the second: it has seen no redraft
            redo(world)

    world.meanwhile("payouts", get=first)
    assert redo(world).replayed
    assert len(world.provider.executions) == 1


def test_who_wrote_the_original_meanwhile_only_makes_it_read_again():
    world = came_back(Status.RETURNED)
    original = world.payouts[0]

    def meanwhile():
        stored = now(world, original)
        world.store.state.payouts[original.transaction_id] = replace(
            stored, revision=stored.revision + 1
        )

    world.once("payouts", "write", meanwhile)
    assert redo(world).payout.status is Status.PENDING
    assert now(world, original).redrafted_as


def test_a_key_that_made_a_payout_is_not_known_for_a_redraft():
    world = came_back()
    assert not redo(world, key=KEY).replayed
    assert len(world.payouts) == 2
