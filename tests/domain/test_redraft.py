"""What came back is asked for once more: by one other payout, ever, and only if it is unpaid."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.advance import advance, begin
from chalicelib.domain.asked import digested
from chalicelib.domain.claims import Claims
from chalicelib.domain.customer import Customer
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import Conflict, NotPossible
from chalicelib.domain.events import Confirmed, Escalated, Redrafted
from chalicelib.domain.ledger import Place, Posting
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.order import KEY
from chalicelib.domain.payout import LIFECYCLE, WHERE, Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.redraft import (
    LONGEST,
    REDRAFTABLE,
    Correction,
    order_of,
    redraft_id,
)
from chalicelib.domain.refusals import AlreadyRedrafted, BeforeAPerson
from chalicelib.domain.soundness import refuse_unclaimed
from chalicelib.domain.ways import Strategy, Urgency
from tests.domain.making import AMOUNT, ID, NOW, begun, event, in_status, intent, sealed

CAME_BACK = sorted(REDRAFTABLE)
REDRAFT = redraft_id(ID)
HEARD = event(Redrafted, redraft=REDRAFT)


def customer(*destinations):
    return Customer("customer-1", "Jo", "jo@example.com", NOW, NOW, destinations=destinations)


def ordered(original=None, *, to=None, **corrected):
    correction = Correction(**corrected)
    where = customer(sealed(), *([to] if to else []))
    return order_of(original or in_status(Status.RETURNED), correction, where, "a key")


@pytest.mark.parametrize("status", CAME_BACK)
def test_what_came_back_is_redrafted_and_stays_what_it_was(status):
    before = in_status(status)
    step = advance(before, HEARD)
    assert (step.after.status, step.after.redrafted_as) == (status, REDRAFT)
    assert step.postings == ()


@pytest.mark.parametrize("status", [each for each in Status if each not in REDRAFTABLE])
def test_nothing_else_is(status):
    with pytest.raises(NotPossible, match="cannot be redrafted"):
        advance(in_status(status), HEARD)


def test_the_table_says_the_same_as_the_rule_and_the_money_is_back():
    rows = {status for status, row in LIFECYCLE.items() if Redrafted in row}
    assert rows == REDRAFTABLE
    assert {WHERE[status] for status in rows} == {Place.AVAILABLE}


@pytest.mark.parametrize("status", CAME_BACK)
def test_it_is_redrafted_once_and_the_second_names_the_first(status):
    redrafted = advance(in_status(status), HEARD).after
    assert not advance(redrafted, HEARD).changes
    with pytest.raises(AlreadyRedrafted, match=REDRAFT) as caught:
        advance(redrafted, event(Redrafted, redraft="another"))
    assert caught.value.redraft == REDRAFT


@pytest.mark.parametrize("why", [CONTRADICTION, "refused_when_in_doubt"])
def test_what_is_before_a_person_is_not_redrafted(why):
    doubtful = advance(in_status(Status.FAILED), event(Escalated, why=why)).after
    with pytest.raises(BeforeAPerson):
        advance(doubtful, HEARD)


def test_late_good_news_of_what_was_redrafted_is_a_dispute_that_knows_its_redraft():
    redrafted = advance(in_status(Status.FAILED), HEARD).after
    step = advance(redrafted, event(Confirmed))
    assert (step.after.status, step.after.redrafted_as) == (Status.DISPUTED, REDRAFT)
    assert step.stops_customer


def test_a_redraft_is_the_originals_order_under_an_id_that_follows_from_it():
    order = ordered()
    was = intent()
    assert (order.customer_id, order.amount, order.method) == (
        was.customer_id, AMOUNT, was.method,
    )  # fmt: skip
    assert (order.destination_id, order.rail) == (was.destination.destination_id, Rail.NPP)
    assert order.redraft_of == (ID,)
    assert redraft_id(ID) == REDRAFT != redraft_id(REDRAFT)


def test_another_destination_may_be_of_another_kind_and_how_it_goes_is_left_to_us():
    other = replace(sealed(PayoutMethod.PAY_ID), destination_id="destination-2")
    order = ordered(in_status(Status.REJECTED), to=other, destination_id="destination-2")
    assert (order.destination_id, order.method, order.rail) == (
        "destination-2", PayoutMethod.PAY_ID, None,
    )  # fmt: skip
    named = ordered(to=other, destination_id="destination-2", rail=Rail.NPP)
    assert named.rail is Rail.NPP


def test_the_same_destination_is_paid_over_the_same_rail_unless_another_is_named():
    original = in_status(Status.RETURNED, Rail.DIRECT_ENTRY)
    assert ordered(original).rail is Rail.DIRECT_ENTRY
    assert ordered(original, rail=Rail.NPP).rail is Rail.NPP


ASKED = (("rail", "NPP"), ("strategy", ""), ("urgency", "")), (
    ("rail", ""), ("strategy", "by_urgency"), ("urgency", "urgent"),
)  # fmt: skip


def came_back_from_a_file(asked=()):
    original = in_status(Status.RETURNED)
    return replace(original, filed=((1, "file-1"),), intent=replace(original.intent, asked=asked))


@pytest.mark.parametrize("kept", [lambda asked: asked, lambda asked: digested(ID, asked)])
def test_what_went_in_a_bank_file_goes_as_was_asked_for_at_first(kept):
    named, urgent = (ordered(came_back_from_a_file(kept(asked))) for asked in ASKED)
    assert (named.rail, named.strategy, named.urgency) == (Rail.NPP, None, None)
    assert urgent.rail is None
    assert (urgent.strategy, urgent.urgency) == (Strategy.BY_URGENCY, Urgency.URGENT)


def test_and_where_nobody_asked_for_a_way_it_is_left_to_us():
    left = ordered(came_back_from_a_file())
    assert (left.rail, left.strategy, left.urgency) == (None, None, None)
    by_hand = ordered(came_back_from_a_file(ASKED[1]), rail=Rail.DIRECT_ENTRY)
    assert (by_hand.rail, by_hand.strategy, by_hand.urgency) == (Rail.DIRECT_ENTRY, None, None)


def test_texts_stay_are_corrected_or_taken_away():
    original = replace(
        in_status(Status.RETURNED), intent=intent(reference="INV-7", description="Refund")
    )
    assert (ordered(original).reference, ordered(original).description) == ("INV-7", "Refund")
    corrected = ordered(original, reference="INV-8", description="")
    assert (corrected.reference, corrected.description) == ("INV-8", "")


def test_a_destination_that_is_not_the_customers_any_more_keeps_the_originals_kind():
    original = in_status(Status.RETURNED)
    for who in (None, customer()):
        order = order_of(original, Correction(), who, "a key")
        assert order.method is original.intent.method


def test_a_text_that_was_left_is_told_from_one_that_was_taken_away_and_from_one_that_says_so():
    told = {ordered(reference=text).told for text in (None, "", "=", "+")}
    assert len(told) == 4


def test_the_same_request_under_another_key_is_another_one():
    one, other = (Correction().told(ID, key) for key in ("a key", "another"))
    assert dict(one)[KEY] != dict(other)[KEY]
    assert one[1:] == other[1:]
    assert "a key" not in str(one)


def test_redrafts_of_redrafts_know_all_that_came_back_before_them_and_come_to_an_end():
    payout = in_status(Status.RETURNED)
    for number in range(LONGEST):
        order = ordered(payout)
        assert len(order.redraft_of) == number + 1
        payout = replace(
            payout, intent=intent(transaction_id=f"r{number}", redraft_of=order.redraft_of)
        )
        assert order.redraft_of[-1] == ID
    with pytest.raises(Conflict, match="too often"):
        ordered(payout)


def linked(**changed):
    """A redraft's first step, and its original's."""
    told = {"transaction_id": REDRAFT, "redraft_of": (ID,), **changed}
    return begin(intent(**told), by="olive"), advance(in_status(Status.FAILED), HEARD)


def test_a_redraft_and_its_original_name_each_other():
    first, original = linked()
    refuse_unclaimed([first], Claims(original=original))


@pytest.mark.parametrize(
    "changed", [{"redraft_of": ("another",)}, {"redraft_of": ()}, {"transaction_id": "another"}]
)
def test_no_other_payout_is_written_with_an_originals_step(changed):
    first, original = linked(**changed)
    with pytest.raises(ValueError, match="name each other"):
        refuse_unclaimed([first], Claims(original=original))


@pytest.mark.parametrize("claims", [None, Claims()])
def test_a_redraft_is_not_written_without_its_originals_step(claims):
    first, _ = linked()
    with pytest.raises(ValueError, match="name each other"):
        refuse_unclaimed([first], claims)


def test_the_originals_step_is_as_sound_as_any():
    first, original = linked()
    unbalanced = replace(original, postings=(Posting(Place.PAID, "customer-1", AMOUNT),))
    with pytest.raises(ValueError, match="sum to zero"):
        refuse_unclaimed([first], Claims(original=unbalanced))


def test_a_payout_that_is_no_redraft_has_the_digest_that_it_always_had():
    assert begun().intent.redraft_of == ()
    one, other = (intent(redraft_of=ids).digest for ids in (("a", "b"), ("b", "a")))
    assert len({one, other, intent().digest}) == 3
