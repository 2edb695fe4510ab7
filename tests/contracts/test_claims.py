"""What a payout claims with its first write: all of it as it was read, or none; and gives back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import allowance, rate
from chalicelib.domain.advance import advance, begin
from chalicelib.domain.allowance import Draw, Spent
from chalicelib.domain.claims import Claims
from chalicelib.domain.errors import InsufficientFunds, Stale
from chalicelib.domain.events import (
    Accepted,
    ApprovalAsked,
    Cancelled,
    Declined,
    Refused,
    Returned,
    WindowClosed,
)
from chalicelib.domain.habits import Habits, hour_of
from chalicelib.domain.money import Money
from chalicelib.domain.policy import RateRules
from chalicelib.domain.rails import Rail
from chalicelib.domain.twins import Twin
from tests.contracts.making import (
    OPERATOR,
    TODAY,
    a_notice,
    a_question,
    accepted,
    an_intent,
    balance,
    claim,
    claimed,
    confirmed,
    dollars,
    drawing,
    hear,
    refused,
    rejected,
    rich_customer,
)
from tests.contracts.test_lost_replies import unheard
from tests.contracts.test_races import at_once, errors
from tests.fakes.clock import START

OWN, OPERATORS, FIRST, SECOND = allowance.keys("customer-1", OPERATOR, TODAY)[:4]
RULES = RateRules(per_minute=60, burst=2)
HOUR = timedelta(hours=1)
START_MS = int(START.timestamp()) * 1000


def a_draw(key=OWN, amount="10.00", most="25.00", *, count=1, most_count=9):
    return Draw(key, dollars(amount), count, dollars(most), most_count)


def a_twin(name, at=START):
    return Twin("twin-1", name, at)


def pay(store, *draws, amount="10.00", at=START, **claims):
    intent = drawing(an_intent(amount, at=at), *draws)
    return store.payouts.write(*claimed(intent), claims=Claims(draws=draws, **claims))


def opened(store, **question):
    return store.payouts.opening(a_question(**question))


def spent(store, key=OWN):
    return opened(store).spent.get(key)


@pytest.fixture(autouse=True)
def money(store):
    rich_customer(store, "100.00")


def test_nothing_is_claimed_at_the_beginning(store):
    opening = opened(store)
    assert (opening.spent, opening.twin, opening.habits, opening.pace) == ({}, None, Habits(), 0)


def test_what_is_drawn_is_told_by_its_key_and_only_of_that_date_customer_and_operator(store):
    draws = [a_draw(), a_draw(OPERATORS), a_draw(FIRST, "4.00", count=0), a_draw(SECOND, "6.00")]
    payout = pay(store, *draws)
    assert store.payouts.get(payout.transaction_id) == payout
    assert opened(store).spent == {each.key: Spent(each.amount, each.count) for each in draws}
    assert opened(store, day=TODAY + timedelta(days=1)).spent == {}
    other = opened(store, customer_id="customer-2", by="operator-2").spent
    assert other.keys() == {FIRST, SECOND}


def test_draws_add_up_to_the_last_cent_and_not_beyond(store):
    pay(store, a_draw())
    pay(store, a_draw())
    with pytest.raises(Stale):
        pay(store, a_draw(amount="5.01"), amount="5.01")
    assert spent(store) == Spent(dollars("20.00"), 2)
    pay(store, a_draw(amount="5.00"), amount="5.00")
    assert spent(store) == Spent(dollars("25.00"), 3)
    with pytest.raises(Stale):
        pay(store, a_draw(amount="0.01"), amount="0.01")
    assert balance(store) == dollars("75.00")


def test_draws_are_counted_up_to_the_last_and_not_beyond(store):
    pay(store, a_draw(amount="1.00", most_count=2))
    pay(store, a_draw(amount="1.00", most_count=2))
    with pytest.raises(Stale):
        pay(store, a_draw(amount="1.00", most_count=2))
    assert spent(store) == Spent(dollars("2.00"), 2)


@pytest.mark.parametrize("too_much", [{"most": "9.99"}, {"most_count": 0}])
def test_the_first_draw_is_within_the_bounds_as_well(store, too_much):
    with pytest.raises(Stale):
        pay(store, a_draw(**too_much))
    assert spent(store) is None
    pay(store, a_draw(most="10.00", most_count=1))
    assert spent(store) == Spent(dollars("10.00"), 1)


def test_of_several_draws_all_are_made_or_none_and_no_money_is_held(store):
    with pytest.raises(Stale):
        pay(store, a_draw(), a_draw(OPERATORS, most="9.00"), twin=a_twin("one"), habits=Habits())
    opening = opened(store)
    assert (opening.spent, opening.twin, opening.habits) == ({}, None, Habits())
    assert balance(store) == dollars("100.00")


def test_nothing_is_claimed_where_the_balance_does_not_suffice(store):
    with pytest.raises(InsufficientFunds):
        pay(store, a_draw(amount="100.01", most="200.00"), amount="100.01", habits=Habits())
    assert (spent(store), opened(store).habits) == (None, Habits())


def test_whose_claims_are_broken_decides_again_before_they_hear_of_the_balance(store):
    with pytest.raises(Stale):
        pay(store, a_draw(amount="100.01", most="1.00"), amount="100.01")


def test_a_payout_that_exists_claims_nothing_again(store):
    intent = drawing(an_intent("10.00"), a_draw())
    store.payouts.write(*claimed(intent), claims=Claims(draws=(a_draw(),)))
    with pytest.raises(Stale):
        store.payouts.write(*claimed(intent), claims=Claims(draws=(a_draw(),)))
    assert spent(store) == Spent(dollars("10.00"), 1)


def test_only_a_first_step_claims_and_only_what_the_payout_knows_of(store):
    steps = claimed(an_intent("10.00"))
    with pytest.raises(ValueError, match="what it knows of"):
        store.payouts.write(*steps, claims=Claims(draws=(a_draw(),)))
    unclaimed = claimed(drawing(an_intent("10.00"), a_draw()))
    with pytest.raises(ValueError, match="what it knows of"):
        store.payouts.write(*unclaimed)
    payout = store.payouts.write(*steps)
    with pytest.raises(ValueError, match="only a new payout"):
        store.payouts.write(advance(payout, accepted()), claims=Claims(habits=Habits()))
    assert spent(store) is None


@pytest.mark.parametrize(
    "ends",
    [
        [refused()],
        [accepted(), confirmed(), Returned(at=START, by="provider", attempt=1)],
        [rejected()],
    ],
    ids=["Failed", "Returned", "Rejected"],
)
def test_what_failed_gives_its_allowances_back_and_what_was_paid_and_came_back_does_not(
    store, ends
):
    payout = hear(store, pay(store, a_draw(), a_draw(FIRST)), *ends)
    left = Spent(Money(0), 0) if str(payout.status) == "Failed" else Spent(dollars("10.00"), 1)
    assert opened(store).spent == {OWN: left, FIRST: left}


@pytest.mark.parametrize("kind", [Cancelled, Declined])
def test_what_is_cancelled_or_declined_gives_its_allowances_back(store, kind):
    intent = drawing(an_intent("10.00"), a_draw())
    payout = store.payouts.write(*asked(intent), claims=Claims(draws=(a_draw(),)))
    assert spent(store) == Spent(dollars("10.00"), 1)
    hear(store, payout, kind(at=START, by="anna", reason="no"))
    assert spent(store) == Spent(Money(0), 0)


def asked(intent):
    first = begin(intent, by=OPERATOR)
    event = ApprovalAsked(at=START, by=OPERATOR, needs=1, why="amount", lapses_at=START + 72 * HOUR)
    return first, advance(first.after, event)


def test_what_was_given_back_is_taken_again_even_beyond_the_limit_once_it_was_paid_after_all(store):
    failed = hear(store, pay(store, a_draw(most="10.00")), refused())
    pay(store, a_draw(most="10.00"))
    disputed = hear(store, failed, confirmed())
    assert str(disputed.status) == "Disputed"
    assert spent(store) == Spent(dollars("20.00"), 2)


def test_an_allowance_is_given_back_once_whoever_writes_the_step_how_often(store):
    sending = pay(store, a_draw())
    steps = [advance(sending, refused()), advance(sending, refused(at=START + HOUR))]
    store.payouts.write(steps[0])
    store.payouts.write(steps[0])
    with pytest.raises(Stale):
        store.payouts.write(steps[1])
    assert spent(store) == Spent(Money(0), 0)


@pytest.mark.parametrize("replies", [1, 2])
@pytest.mark.parametrize("notice", [None, a_notice()], ids=["alone", "with a notice"])
def test_a_payout_whose_reply_was_lost_has_claimed_once(store, replies, notice):
    draws = (a_draw(most="10.00"), a_draw(FIRST, most="10.00"))
    steps = claimed(drawing(an_intent("10.00"), *draws))
    claims = Claims(draws=draws, twin=a_twin("one"), habits=Habits(), token=the_token(store))

    def write():
        return store.payouts.write(*steps, notice=notice, claims=claims)

    unheard(store, write, replies=replies)
    assert write() == steps[-1].after
    opening = opened(store)
    assert opening.spent == {key: Spent(dollars("10.00"), 1) for key in (OWN, FIRST)}
    assert (opening.habits.count, opening.twin) == (1, a_twin("one"))
    assert opening.pace == START_MS + 1000


def test_an_allowance_whose_reply_was_lost_is_given_back_once(store):
    step = advance(pay(store, a_draw()), refused())
    unheard(store, lambda: store.payouts.write(step))
    assert store.payouts.write(step) == step.after
    assert spent(store) == Spent(Money(0), 0)


def test_of_many_who_draw_the_last_of_an_allowance_one_does(store):
    results = at_once(*(lambda: pay(store, a_draw(most="19.99")) for _ in range(8)))
    assert errors(results) == [Stale] * 7
    assert spent(store) == Spent(dollars("10.00"), 1)
    assert balance(store) == dollars("90.00")


def test_what_many_draw_and_give_back_at_once_adds_up(store):
    sending = [pay(store, a_draw(amount="1.00"), amount="1.00") for _ in range(6)]
    at_once(
        *(lambda each=each: store.payouts.write(advance(each, refused())) for each in sending),
        *(lambda: pay(store, a_draw(amount="2.00"), amount="2.00") for _ in range(6)),
    )
    taken = dollars("100.00") - balance(store)
    assert spent(store) == Spent(taken, taken.cents // 200)


def test_the_latest_payout_of_a_kind_is_told_and_the_next_takes_its_place(store):
    pay(store, twin=a_twin("one"))
    assert opened(store).twin == a_twin("one")
    assert opened(store, twin="twin-2").twin is None
    pay(store, twin=a_twin("two", START + HOUR), before_it=a_twin("one"))
    assert opened(store).twin == a_twin("two", START + HOUR)


@pytest.mark.parametrize("read", [None, a_twin("another")])
def test_who_did_not_see_the_latest_payout_of_a_kind_decides_again(store, read):
    pay(store, twin=a_twin("one"))
    with pytest.raises(Stale):
        pay(store, twin=a_twin("two"), before_it=read)
    assert opened(store).twin == a_twin("one")


def test_who_saw_a_payout_of_a_kind_that_is_gone_decides_again(store):
    with pytest.raises(Stale):
        pay(store, twin=a_twin("two"), before_it=a_twin("one"))
    assert opened(store).twin is None


def test_of_many_who_pay_the_same_at_once_one_does_not_know_of_another(store):
    results = at_once(*(lambda n=n: pay(store, twin=a_twin(f"{n}")) for n in range(6)))
    assert errors(results) == [Stale] * 5


def test_a_history_adds_up_and_begins_with_the_first_payout(store):
    pay(store, amount="3.00", habits=Habits())
    pay(store, amount="0.20", habits=opened(store).habits, at=START + timedelta(minutes=5))
    later = START + HOUR
    pay(store, amount="3.00", habits=opened(store).habits, at=later)
    assert opened(store).habits == Habits(
        count=3, cents=620, squares=300**2 * 2 + 20**2, first_at=START,
        hours={hour_of(START): 2, hour_of(later): 1},
    )  # fmt: skip
    assert opened(store, customer_id="customer-2").habits == Habits()


def test_hours_that_are_long_over_are_forgotten(store):
    pay(store, habits=Habits())
    at = START + timedelta(days=3)
    pay(store, habits=opened(store).habits, at=at)
    habits = opened(store).habits
    assert (habits.count, habits.hours) == (2, {hour_of(at): 1})


def test_two_payouts_at_once_are_both_in_the_history_whatever_each_has_read(store):
    pay(store, amount="1.00", habits=Habits())
    pay(store, amount="1.00", habits=Habits())
    assert opened(store).habits.hours == {hour_of(START): 2}


def test_a_destination_is_proven_by_the_step_by_which_a_payment_arrives(store):
    sent = hear(store, pay(store, habits=Habits()), accepted())
    assert opened(store).habits.proven == frozenset()
    store.payouts.write(advance(sent, confirmed()), notice=a_notice())
    habits = opened(store).habits
    assert (habits.proven, habits.count) == ({"destination-1"}, 1)


def test_a_payment_of_one_who_has_no_history_proves_its_destination_too(store):
    hear(store, pay(store), confirmed())
    assert opened(store).habits == Habits(
        proven=frozenset({"destination-1"}), used=frozenset({"NPP#destination-1"})
    )


def test_a_destination_is_used_by_each_rail_by_which_a_payment_has_arrived(store):
    own = "destination-1"
    assert opened(store).habits.is_first_use(Rail.NPP, own)
    hear(store, pay(store), confirmed())
    habits = opened(store).habits
    assert not habits.is_first_use(Rail.NPP, own)
    assert habits.is_first_use(Rail.DIRECT_ENTRY, own)
    assert habits.is_first_use(Rail.NPP, "destination-2")
    pay(store, habits=habits)
    assert opened(store).habits.used == habits.used


def test_what_arrives_by_another_rail_than_was_asked_for_is_known_by_that_one(store):
    intent = replace(an_intent(), fallbacks=(Rail.DIRECT_ENTRY,))
    sent = store.payouts.write(*claimed(intent), claims=Claims())
    closed = "NppCreditBankAccountDetailsAreInvalid"
    turned = hear(store, sent, Refused(at=START, by="provider", attempt=1, refusal=closed))
    assert turned.rail is Rail.DIRECT_ENTRY
    again = store.payouts.write(claim(turned))
    taken = hear(store, again, Accepted(at=START, by="provider", attempt=2))
    hear(store, taken, WindowClosed(at=START, by="poller", attempt=2))
    assert opened(store).habits.used == {"DirectEntry#destination-1"}


def the_token(store, at=START):
    return rate.token(OPERATOR, at, RULES, opened(store).pace)


def test_tokens_are_taken_until_the_bucket_is_empty_and_again_when_it_fills(store):
    for _ in range(2):
        pay(store, amount="1.00", token=the_token(store))
    assert rate.wait(the_token(store)) == 1000
    with pytest.raises(Stale):
        pay(store, amount="1.00", token=the_token(store))
    second = START + timedelta(seconds=1)
    pay(store, amount="1.00", token=the_token(store, second))
    assert rate.wait(the_token(store, second)) == 1000
    assert opened(store, by="operator-2").pace == 0


def test_whoever_read_a_full_bucket_that_somebody_took_from_decides_again(store):
    read = the_token(store)
    pay(store, amount="1.00", token=read)
    with pytest.raises(Stale):
        pay(store, amount="1.00", token=read)
    assert opened(store).pace == rate.after(read)


def test_a_clock_that_is_ahead_leaves_nothing_to_whoever_read_a_full_bucket(store):
    read = the_token(store)
    ahead = START + rate.MINUTE * timedelta(milliseconds=1)
    for _ in range(2):
        pay(store, amount="1.00", token=the_token(store, ahead))
    with pytest.raises(Stale):
        pay(store, amount="1.00", token=read)
    assert opened(store).pace == START_MS + rate.MINUTE + 2 * read.interval


def test_whoever_read_a_bucket_in_use_takes_a_token_beside_others(store):
    pay(store, amount="1.00", token=the_token(store))
    read = replace(the_token(store), tolerance=60_000)
    for _ in range(3):
        pay(store, amount="1.00", token=read)
    assert opened(store).pace == rate.after(read) + 2 * read.interval


def test_whoever_read_a_bucket_in_use_that_is_full_by_now_decides_again(store):
    pay(store, amount="1.00", token=the_token(store))
    later = replace(the_token(store), now=rate.after(the_token(store)) + 1)
    with pytest.raises(Stale):
        pay(store, amount="1.00", token=replace(later, seen=later.now + 1))


def test_a_bucket_that_was_reckoned_by_other_rules_is_begun_anew(store):
    slow = rate.token(OPERATOR, START, RateRules(per_minute=1, burst=60), 0)
    for _ in range(3):
        pay(store, amount="1.00", token=replace(slow, seen=opened(store).pace))
    begun_anew = the_token(store)
    assert opened(store).pace > begun_anew.now + begun_anew.tolerance + rate.MINUTE
    pay(store, amount="1.00", token=begun_anew)
    assert opened(store).pace == begun_anew.now + begun_anew.interval


def test_of_many_who_read_a_full_bucket_one_takes_a_token(store):
    token = the_token(store)
    results = at_once(*(lambda: pay(store, amount="1.00", token=token) for _ in range(6)))
    assert errors(results) == [Stale] * 5
