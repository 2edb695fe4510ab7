"""What the desk promises: an approver's day and a payout's word are one write, and one wins."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.desk_rows import APPROVER, REQUEST, day_from, request_from
from chalicelib.domain.advance import advance, begin
from chalicelib.domain.approver_day import ApproverDay
from chalicelib.domain.claims import Claims
from chalicelib.domain.credit_request import Consent, CreditRequest, CreditStage
from chalicelib.domain.errors import Corrupt, Stale, StoreUnavailable
from chalicelib.domain.events import ApprovalAsked, Approved, Released, Started
from chalicelib.domain.funding import Credit, Receipt, credit, receive
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from tests.contracts.making import an_intent, dollars, rich_customer
from tests.contracts.paging import everything
from tests.contracts.test_races import at_once, errors
from tests.fakes.clock import START

LATER = START + timedelta(hours=72)
MOST = Money(100_000)


def waits(store, needs=1):
    """A payout that waits for others."""
    first = begin(an_intent(), by="olive")
    asked = ApprovalAsked(at=START, by="olive", needs=needs, why="amount", lapses_at=LATER)
    return store.payouts.write(first, advance(first.after, asked))


def agreed(store, payout, by="anna", *, needs=1, releases=True):
    """The write by which somebody agrees, as they decided on it now."""
    day = store.desk.day(by).more(payout.intent.amount, START, MOST)
    steps = [advance(payout, Approved(at=START, by=by, seen="0" * 64, needs=needs))]
    if releases:
        steps.append(advance(steps[-1].after, Released(at=START, by=by)))
        start = Started(at=START, by=by, claim_id=store.clock.new_id())
        steps.append(advance(steps[-1].after, start))
    return lambda: store.payouts.write(*steps, claims=Claims(desk=day))


def a_request(name="one", customer_id="customer-1", at=START, **changed):
    own = Credit(f"credit-{name}", customer_id, dollars("10.00"), "a reason", at, "ada", "r-1")
    return replace(CreditRequest(own, LATER, 3), **changed)


def consent(store, request, by="ben"):
    """The write by which an admin agrees to a credit, as they decided on it now."""
    day = store.desk.day(by).more(request.credit.amount, START, MOST)
    given = request.ended(CreditStage.GIVEN, at=START, by=by, word="seen")
    entry = credit(store.treasury.funds(), replace(request.credit, agreed_by=by))
    return lambda: store.treasury.write(entry, consent=Consent(given, day))


def funded(store, amount):
    """Money came in that is nobody's."""
    receipt = Receipt(f"N{amount}", dollars(amount), "NPP", START)
    store.treasury.write(receive(store.treasury.funds(), receipt))


def test_an_approvers_day_is_written_with_their_word(store):
    rich_customer(store)
    assert store.desk.day("anna") == ApproverDay("anna")
    done = agreed(store, waits(store))()
    assert done.status is Status.SENDING
    assert store.desk.day("anna") == ApproverDay("anna", 1, {"2026030201": 1_000})
    assert store.payouts.get(done.transaction_id) == done
    assert [each.by for each in done.approvals] == ["anna"]
    agreed(store, waits(store))()
    assert store.desk.day("anna") == ApproverDay("anna", 2, {"2026030201": 2_000})


def test_who_agreed_to_something_else_meanwhile_has_to_decide_again(store):
    rich_customer(store)
    one, other = waits(store), waits(store)
    late = agreed(store, one)
    agreed(store, other)()
    with pytest.raises(Stale):
        late()
    assert store.payouts.get(one.transaction_id) == one
    assert store.desk.day("anna").version == 1
    agreed(store, one)()
    assert store.desk.day("anna").version == 2


def test_a_payout_that_moved_takes_nothing_of_an_approvers_day(store):
    rich_customer(store)
    payout = waits(store)
    late = agreed(store, payout, "ben")
    agreed(store, payout)()
    with pytest.raises(Stale):
        late()
    assert store.desk.day("ben") == ApproverDay("ben")


def test_of_many_who_agree_to_one_payout_at_once_one_sends_it(store):
    rich_customer(store)
    payout = waits(store)
    results = at_once(*(agreed(store, payout, f"approver-{number}") for number in range(6)))
    assert errors(results) == [Stale] * 5
    counted = [store.desk.day(f"approver-{number}").version for number in range(6)]
    assert sum(counted) == 1


def test_of_many_payouts_agreed_to_by_one_at_once_each_is_counted_or_not_written(store):
    rich_customer(store)
    payouts = [waits(store, 2) for _ in range(6)]
    results = at_once(*(agreed(store, each, needs=2, releases=False) for each in payouts))
    written = [each for each in results if not isinstance(each, Exception)]
    assert len(written) == 1
    assert store.desk.day("anna").hours == {"2026030201": 1_000}


def test_a_lost_reply_to_a_word_is_recognised(store):
    rich_customer(store)
    payout = waits(store)
    write = agreed(store, payout)
    store.lose_replies(1)
    with suppress(StoreUnavailable):
        write()
    assert write().status is Status.SENDING
    assert store.desk.day("anna").version == 1


def test_a_request_is_kept_as_it_was_asked_for(store):
    request = a_request()
    assert store.desk.credit("credit-one") is None
    store.desk.ask(request)
    store.desk.ask(request)
    assert store.desk.credit("credit-one") == request
    with pytest.raises(Stale):
        store.desk.ask(a_request(policy_version=4))
    assert store.desk.credit("credit-one") == request


def test_it_ends_once_on_top_of_what_was_read(store):
    request = a_request()
    with pytest.raises(Stale):
        store.desk.end(request.ended(CreditStage.LAPSED, at=START))
    store.desk.ask(request)
    declined = request.ended(CreditStage.DECLINED, at=LATER, by="ben", word="not convinced")
    store.desk.end(declined)
    store.desk.end(declined)
    with pytest.raises(Stale):
        store.desk.end(request.ended(CreditStage.LAPSED, at=START))
    assert store.desk.credit("credit-one") == declined


def test_only_what_waits_is_listed_the_oldest_first(store):
    made = [
        a_request(str(number), f"customer-{number % 2}", START + timedelta(seconds=number))
        for number in (4, 0, 3, 1, 2)
    ]
    for each in made:
        store.desk.ask(each)
    store.desk.end(made[2].ended(CreditStage.DECLINED, at=START, by="ben"))
    ages = sorted(made, key=lambda each: each.credit.created_at)
    left = [each for each in ages if each != made[2]]
    for limit in (1, 2, 9):
        assert everything(store.desk.credits, limit=limit) == left
    assert list(store.desk.credits_of("customer-1")) == [ages[1].credit_id]
    assert list(store.desk.credits_of("nobody")) == []


def test_a_credit_is_given_with_its_consent_and_counted(store):
    rich_customer(store)
    funded(store, "20.00")
    request = a_request()
    store.desk.ask(request)
    before = store.customers.get("customer-1").available
    consent(store, request)()
    assert store.customers.get("customer-1").available == before + dollars("10.00")
    assert store.desk.credit("credit-one").stage is CreditStage.GIVEN
    assert store.desk.credit("credit-one").word == "seen"
    assert store.treasury.credit("credit-one").agreed_by == "ben"
    assert store.desk.day("ben").hours == {"2026030201": 1_000}
    assert everything(store.desk.credits, limit=9) == []


@pytest.mark.parametrize("change", ["request", "day"])
def test_a_consent_to_what_moved_gives_nothing(store, change):
    rich_customer(store)
    funded(store, "40.00")
    request, other = a_request(), a_request("two")
    store.desk.ask(request)
    store.desk.ask(other)
    late = consent(store, request)
    if change == "request":
        store.desk.end(request.ended(CreditStage.DECLINED, at=START, by="cleo"))
    else:
        agreed(store, waits(store), "ben")()
    before = store.customers.get("customer-1").available
    with pytest.raises(Stale):
        late()
    assert store.customers.get("customer-1").available == before
    assert store.treasury.credit("credit-one") is None


def test_of_many_who_consent_at_once_one_gives_it(store):
    rich_customer(store)
    funded(store, "40.00")
    request = a_request()
    store.desk.ask(request)
    before = store.customers.get("customer-1").available
    results = at_once(*(consent(store, request, f"admin-{number}") for number in range(5)))
    assert errors(results) == [Stale] * 4
    assert store.customers.get("customer-1").available == before + dollars("10.00")
    assert sum(store.desk.day(f"admin-{number}").version for number in range(5)) == 1


@pytest.mark.parametrize("row", [
    {"key": f"{APPROVER}anna", "version": 1}, {"key": f"{APPROVER}anna", "version": 1, "hours": 7},
    {"key": f"{APPROVER}anna", "version": "x", "hours": {}},
])  # fmt: skip
def test_a_row_that_is_no_day_is_never_taken_for_one(row):
    with pytest.raises(Corrupt):
        day_from(row, "anna")


def test_a_row_that_is_no_request_is_never_taken_for_one():
    with pytest.raises(Corrupt):
        request_from({"key": f"{REQUEST}one", "amount": "ten"})
