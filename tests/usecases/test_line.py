"""Who waits for funds: in one line, the oldest first, never below the reserve, never twice."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.errors import (
    Corrupt,
    ProviderUnavailable,
    SignInRefused,
    StoreUnavailable,
    VaultUnavailable,
)
from chalicelib.domain.events import Confirmed, Escalated, Verdict
from chalicelib.domain.liquidity import FloatRules, Outlook
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import Money
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from chalicelib.usecases.line import LONGEST_SILENCE, MOST
from chalicelib.usecases.poll import RESERVE
from tests.fakes.provider import (
    FEE,
    NOT_CONNECTED,
    OUT_OF_FUNDS,
    REFUSED,
    SIGN_IN_REFUSED,
    TIMED_OUT_AND_PAID,
    TIMED_OUT_UNPAID,
)
from tests.usecases.world import World, order

QUARANTINE = timedelta(minutes=31)
DOLLAR = 100


def short(*dollars, balance=0, rules=None):
    """Payouts of so many dollars, one a second, from an account that holds `balance` dollars."""
    world = World().open_for_business()
    world.provider.balance = Money(balance * DOLLAR)
    world.rules = rules or FloatRules()
    for number, amount in enumerate(dollars):
        ask(world, amount, number)
    return world


def ask(world, dollars, number, **more):
    world.clock.advance(1)
    wanted = order(amount=Money(dollars * DOLLAR), **more)
    return world.request(wanted, key=f"key-number-{number:06d}").payout


def put(world, dollars):
    """Money arrives in the account."""
    world.provider.balance += Money(dollars * DOLLAR)


def other_customer(world):
    """A second one, with money."""
    world.register("customer-2")
    world.deposit(Money(5_000), "N2")
    world.credit(Money(5_000), key="credit-key-000002", customer_id="customer-2")


def statuses(world):
    return [payout.status.shown for payout in world.payouts]


def executed(world):
    """Dollars in the order of their execution."""
    return [each.amount.cents // DOLLAR for each in world.provider.executions]


def outlook(world):
    return world.store.state.outlook


def test_the_first_goes_and_what_does_not_fit_waits_and_those_behind_it_wait_too():
    world = short(60, 50, 30, balance=100)
    assert statuses(world) == ["Pending", "Queued", "Queued"]
    assert [payout.hindrance for payout in world.payouts] == ["", "funds", "funds"]
    assert [payout.attempt for payout in world.payouts] == [1, 2, 1], "only one was refused"
    assert len(world.provider.requests) == 2, "the third fits, and does not overtake"
    world.check_equal()


def test_when_money_arrives_they_go_by_themselves_the_oldest_first():
    world = short(60, 50, 30, balance=100)
    world.poll_after(60)
    assert len(world.provider.requests) == 2, "what does not fit is not even tried"
    put(world, 11)
    world.poll_after(60)
    assert executed(world) == [60, 50]
    put(world, 100)
    world.poll_after(60)
    assert executed(world) == [60, 50, 30]
    world.check_equal()


def test_the_first_that_does_not_fit_stops_smaller_ones_behind_it():
    world = short(100, 80, 1, 1, balance=50)
    put(world, 30)
    world.poll_after(60)
    assert executed(world) == [], "or the hundred would never go"
    put(world, 21)
    world.poll_after(60)
    assert executed(world) == [100]


@pytest.mark.parametrize(("cents", "goes"), [(0, False), (1_014, False), (1_015, True)])
def test_never_below_the_reserve_fee_included(cents, goes):
    world = short(50, rules=FloatRules(reserve=Money(1_000), fee=Money(15)))
    world.provider.balance = Money(5_000 + cents)
    world.poll_after(60)
    assert (executed(world) == [50]) is goes


def test_what_is_sent_in_a_run_counts_against_the_reserve():
    world = short(40, 40, 40, rules=FloatRules(reserve=Money(1_000)))
    put(world, 125)  # the provider itself would pay all three
    world.poll_after(60)
    assert executed(world) == [40, 40]
    figures = world.provider.financials(within=1)
    assert figures.available >= world.rules.reserve


def test_what_may_have_been_paid_counts_against_the_reserve_too():
    world = short(40, 40, rules=FloatRules(reserve=Money(1_000)))
    put(world, 60)
    world.provider.will(TIMED_OUT_AND_PAID)
    world.poll_after(60)
    assert executed(world) == [40]
    assert statuses(world) == ["Unconfirmed", "Queued"]


def test_the_account_is_asked_once_a_run_however_many_wait():
    world = short(*[10] * 8)
    put(world, 85)
    provider = world.meanwhile("provider")
    world.poll_after(60)
    assert provider.calls.count("financials") == 1
    assert provider.calls.count("pay") == 8
    world.check_equal()


def test_while_some_wait_a_new_one_waits_behind_them_and_goes_in_turn():
    world = short(50)
    put(world, 500)
    newer = ask(world, 20, 7)
    assert (newer.status, newer.hindrance, newer.attempt) == (Status.QUEUED, "funds", 1)
    assert len(world.provider.requests) == 1
    world.poll_after(60)
    assert executed(world) == [50, 20]
    assert outlook(world).short_since is None
    assert ask(world, 5, 8).status is Status.PENDING


def test_a_replay_shows_it_waiting_for_funds():
    world = short(50)
    again = world.request(order(amount=Money(5_000)), key="key-number-000000")
    assert again.replayed
    assert (again.payout.status, again.payout.hindrance) == (Status.QUEUED, "funds")
    assert len(world.provider.requests) == 1


def test_it_may_be_cancelled_and_its_money_is_the_customers_again():
    world = short(50)
    before = world.available
    cancelled = world.cancel(world.payout.transaction_id)
    assert cancelled.status is Status.CANCELLED
    assert world.available == before + Money(5_000)
    put(world, 100)
    world.poll_after(60)
    assert executed(world) == []
    world.check_equal()


def test_each_sending_has_a_reference_of_its_own_and_nothing_is_executed_twice():
    world = short(50)
    for _ in range(3):
        world.provider.will(OUT_OF_FUNDS)
        put(world, 60)
        world.poll_after(timedelta(minutes=11))
        world.provider.balance = Money(0)
    put(world, 60)
    world.poll_after(timedelta(minutes=11))
    assert [each.rpartition("-")[2] for each in world.provider.requests] == list("12345")
    assert executed(world) == [50]
    world.check_equal()


REFUSED_AND_PAID = OUT_OF_FUNDS._replace(executes=True)


def test_before_another_attempt_the_provider_is_asked_whether_the_refused_one_is_dead():
    """What it refused may have been executed, by a copy of the request that came before it."""
    world = World().open_for_business()
    world.provider.will(REFUSED_AND_PAID)
    assert ask(world, 50, 1).attempt == 2
    world.poll_after(60)
    assert (world.status, world.payout.attempt) == (Status.PENDING, 1)
    assert executed(world) == [50]
    world.provider.settle(world.payout.unique_reference, "Complete")
    world.poll_after(60)
    assert world.status is Status.COMPLETED
    world.check_equal()


@pytest.mark.parametrize(
    ("back", "status", "cents"),
    [(None, Status.PENDING, 0), (5_000, Status.RETURNED, 5_000), (2_000, Status.DISPUTED, 0)],
)
def test_a_refused_attempt_that_came_back_is_not_paid_again(back, status, cents):
    world = World().open_for_business()
    world.provider.will(REFUSED_AND_PAID)
    ask(world, 50, 1)
    before, paid = world.available, world.provider.requests[0]
    world.provider.settle(paid, "Dishonoured", back=None if back is None else Money(back))
    world.poll_after(60)
    assert (world.status, world.available) == (status, before + Money(cents))
    assert len(world.provider.requests) == 1


def test_a_refused_attempt_that_was_rejected_is_dead_indeed():
    world = World().open_for_business()
    world.provider.will(REFUSED_AND_PAID)
    ask(world, 50, 1)
    world.provider.settle(world.provider.requests[0], "Rejected", back=Money(5_000))
    world.poll_after(60)
    assert (world.status, world.payout.attempt) == (Status.PENDING, 2)


def test_while_the_provider_does_not_tell_what_it_refused_is_not_sent_again():
    world = short(50, 10)
    put(world, 500)
    world.once("provider", "status", lambda: _raise(ProviderUnavailable))
    world.poll_after(60)
    assert executed(world) == []
    world.poll_after(60)
    assert executed(world) == [50, 10]


def test_one_that_the_provider_never_tells_about_bars_the_others_for_a_while_only():
    """The word for a refused attempt that we do not know, say: it may be told for ever."""
    world = short(50, 10)
    put(world, 500)
    own = world.payouts[0].transaction_id

    def mute(payout, **_):
        if payout.transaction_id == own:
            raise ProviderUnavailable

    world.meanwhile("provider", status=mute)
    world.poll_after(60)
    assert executed(world) == [], "it may answer in a minute"
    world.poll_after(LONGEST_SILENCE)
    assert executed(world) == [10]
    assert world.payouts[0].status is Status.QUEUED
    assert ask(world, 5, 7).status is Status.PENDING, "and new ones go at once"
    world.poll_after(timedelta(days=1))
    assert attention(world.payouts[0]) == "open_too_long"


def _raise(error):
    raise error


def test_another_refusal_for_funds_stops_the_run():
    """The account says more than the provider lets us have: it knows better."""
    world = short(50, 10, 10)
    put(world, 500)
    world.provider.will(OUT_OF_FUNDS)
    world.poll_after(60)
    assert executed(world) == []
    assert len(world.provider.requests) == 2


def test_what_was_refused_again_is_not_tried_every_minute():
    world = short(50)
    put(world, 500)
    tries = len(world.provider.requests)
    for _ in range(60):
        world.provider.says.clear()
        world.provider.will(OUT_OF_FUNDS)
        world.poll_after(60)
    assert len(world.provider.requests) - tries < 12
    assert world.status is Status.QUEUED


def test_a_refusal_from_the_ordinary_queue_stops_the_others_of_the_run():
    world = World().open_for_business()
    world.provider.will(*[NOT_CONNECTED] * 3)
    for number in range(3):
        ask(world, 10, number)
    world.provider.balance = Money(0)
    assert world.poll_after(120) == {"Queued": 3}
    assert len(world.provider.requests) == 4, "the second and the third are not even tried"
    assert outlook(world).short_since is not None


def test_what_is_queued_for_another_reason_joins_the_line_by_its_age():
    world = World().open_for_business()
    world.provider.will(NOT_CONNECTED)
    ask(world, 30, 1)
    world.clock.advance(1)
    world.provider.balance = Money(0)
    ask(world, 20, 2)
    put(world, 31)
    told = world.poll_after(120)
    assert told["joined_line"] == 1
    assert executed(world) == [30], "it is the older one"
    assert statuses(world) == ["Pending", "Queued"]
    put(world, 100)
    world.poll_after(60)
    assert executed(world) == [30, 20]


def test_what_cannot_join_costs_only_itself():
    world = World().open_for_business()
    world.provider.will(NOT_CONNECTED, NOT_CONNECTED)
    first, second = ask(world, 30, 1), ask(world, 30, 2)
    world.provider.balance = Money(0)
    ask(world, 20, 3)
    bad = first.transaction_id

    def fail(*steps, **_):
        if steps[0].after.transaction_id == bad:
            raise StoreUnavailable

    between = world.meanwhile("payouts", write=fail)
    told = world.poll_after(120)
    assert (told["store_unavailable"], told["joined_line"]) == (1, 1)
    world.ports["payouts"] = between._port
    assert world.payouts[1].transaction_id == second.transaction_id
    assert world.payouts[1].hindrance == "funds"


def test_many_in_the_line_do_not_stand_before_other_work():
    world = short(5, *[1] * 40)
    assert list(world.store.payouts.due(world.clock.now() + timedelta(days=30))) == []
    assert len(list(world.store.payouts.in_line())) == 41
    assert MOST >= 100


def test_the_line_leaves_half_of_the_time_to_others():
    world = World().open_for_business()
    world.provider.will(TIMED_OUT_AND_PAID)
    ask(world, 1, 0)
    world.clock.advance(60)
    world.provider.balance = Money(0)
    for number in range(1, 16):
        ask(world, 1, number)
    put(world, 500)
    seconds = iter(range(59, 0, -1))
    setattr(world, "time_left", lambda: float(next(seconds)))  # noqa: B010 (for mypy)
    told = world.poll_after(60)
    assert told["left_for_next_time"] == 1
    assert 1 <= len(executed(world)) - 1 < 15
    payout = world.payouts[0]
    assert (payout.status, payout.asks) == (Status.PENDING, 0)
    assert told["Pending"] == len(executed(world)), "the other one had its turn"


def test_without_time_nobody_is_sent():
    world = short(50)
    put(world, 500)
    world.seconds_left = RESERVE - 0.1
    assert world.poll_after(60) == {"left_for_next_time": 1}
    assert executed(world) == []


def test_without_time_or_an_account_to_ask_about_new_ones_go_on_waiting():
    world = short(50)
    world.provider.balance = None
    world.seconds_left = RESERVE - 0.1
    assert world.poll_after(60) == {"left_for_next_time": 1}
    assert outlook(world).short_since is not None


def test_where_the_account_cannot_be_asked_nothing_goes_out():
    world = short(50)
    put(world, 500)
    world.provider.down = True
    told = world.poll_after(60)
    assert told == {"provider_unavailable": 1}
    assert executed(world) == []
    world.provider.down = False
    world.poll_after(60)
    assert executed(world) == [50]


def test_without_an_account_to_ask_about_the_oldest_is_tried_once_a_run():
    world = short(50, 10)
    world.provider.balance = None
    world.provider.will(OUT_OF_FUNDS)
    world.poll_after(60)
    assert len(world.provider.requests) == 2
    world.poll_after(60)
    assert executed(world) == [50]
    world.poll_after(60)
    assert executed(world) == [50, 10]
    world.poll_after(60)
    assert outlook(world).short_since is None


def test_a_refused_sign_in_at_the_account_stops_the_run():
    world = short(50)
    put(world, 500)

    def refuse(**_):
        raise SignInRefused

    provider = world.meanwhile("provider", financials=refuse)
    assert world.poll_after(60) == {"provider_sign_in_refused": 1}
    assert provider.calls == ["financials"]
    assert outlook(world).turn_until is None, "the next run has its turn"


def test_a_refused_sign_in_in_the_line_stops_the_run():
    world = short(50, 10)
    put(world, 500)
    world.provider.will(SIGN_IN_REFUSED, SIGN_IN_REFUSED)
    assert world.poll_after(60) == {"Queued": 1, "provider_sign_in_refused": 1}
    assert len(world.provider.requests) == 2


def test_what_never_left_stops_the_line_and_joins_it_again():
    world = short(50, 10)
    put(world, 500)
    world.provider.will(NOT_CONNECTED)
    world.poll_after(60)
    assert [payout.hindrance for payout in world.payouts] == ["no_connection", "funds"]
    world.poll_after(timedelta(minutes=10))
    assert executed(world) == [50, 10]
    world.check_equal()


@pytest.mark.parametrize("port", ["vault", "payouts"])
def test_while_a_neighbour_is_away_nobody_overtakes(port):
    world = short(50, 10)
    put(world, 500)
    calls = iter([VaultUnavailable if port == "vault" else StoreUnavailable])

    def fail(*_, **__):
        error = next(calls, None)
        if error is not None:
            raise error

    world.meanwhile(port, **{"unseal" if port == "vault" else "write": fail})
    world.poll_after(60)
    assert executed(world) == []
    world.poll_after(60)
    assert executed(world) == [50, 10]


def test_whoever_can_not_be_sent_at_all_stops_nobody():
    """A stopped customer's payout, say: it is for a person, and those behind it go."""
    world = short(50)
    other_customer(world)
    ask(world, 10, 7, customer_id="customer-2")
    world.stop_customer()
    put(world, 500)
    told = world.poll_after(60)
    assert told == {"customer_stopped": 1, "Pending": 1}
    assert executed(world) == [10]
    assert outlook(world).short_since is None, "it waits for a person, not for funds"
    assert ask(world, 1, 9, customer_id="customer-2").status is Status.PENDING
    world.provider.balance = Money(3_000)
    ask(world, 5, 8, customer_id="customer-2")
    world.poll_after(60)
    assert executed(world) == [10, 1, 5], "nor does it stand before them while it does not fit"


def test_a_stopped_customers_many_payouts_are_tried_once_and_then_cost_a_read_each():
    world = short(50, 40, 30)
    other_customer(world)
    ask(world, 10, 7, customer_id="customer-2")
    world.stop_customer()
    put(world, 500)
    assert world.poll_after(60)["customer_stopped"] == 3, "a person is told of each"
    assert executed(world) == [10]
    assert world.poll_after(60)["customer_stopped"] == 1, "one tells whether they still are"
    world.stop_customer("")
    world.poll_after(60)
    assert executed(world) == [10, 50, 40, 30]


def test_more_than_one_run_tries_keep_the_others_waiting_behind_them():
    world = short(*[1] * (MOST + 2))
    put(world, MOST + MOST * FEE.cents // 100 + 1)
    assert world.poll_after(60)["left_for_next_time"] == 1
    assert len(executed(world)) == MOST
    assert outlook(world).short_since is not None
    put(world, 10)
    assert world.poll_after(60)["Pending"] >= 2
    assert outlook(world).short_since is None


def test_who_comes_while_there_is_enough_for_all_who_wait_does_not_stand_behind_them():
    world = short(*[1] * (MOST + 2))
    put(world, 5000)
    assert world.poll_after(60)["left_for_next_time"] == 1
    assert outlook(world).short_since is None
    assert ask(world, 1, MOST + 9).status.shown == "Pending"
    world.poll_after(60)
    assert len(executed(world)) == MOST + 3
    assert len(set(executed(world))) == 1


def test_a_payout_that_cannot_be_read_costs_only_itself():
    world = short(50, 10)
    put(world, 500)
    torn = world.payouts[0].transaction_id

    def fail(transaction_id):
        if transaction_id == torn:
            raise Corrupt

    world.meanwhile("payouts", get=fail)
    told = world.poll_after(60)
    assert told == {"corrupt": 1, "Pending": 1}
    assert executed(world) == [10]


def test_where_what_was_seen_cannot_be_read_nobody_is_sent_and_the_others_are_asked_about():
    world = short(balance=100)
    world.provider.will(TIMED_OUT_AND_PAID)
    ask(world, 60, 1)
    world.store.gate.close()
    ask(world, 30, 2)  # it waits, and not in the line
    world.store.gate.open(by="admin")

    def fail():
        raise Corrupt

    world.meanwhile("liquidity", outlook=fail)
    told = world.poll_after(60)
    assert told["corrupt"] == 1
    assert executed(world) == [60]
    assert statuses(world)[0] != "Unconfirmed", "it was asked about"


def test_where_the_store_does_not_answer_the_line_stops_and_the_run_goes_on():
    world = short(50, 10)
    put(world, 500)

    def fail(_transaction_id):
        raise StoreUnavailable

    world.meanwhile("payouts", get=fail)
    assert world.poll_after(60) == {"store_unavailable": 1}
    assert executed(world) == []
    assert outlook(world).short_since is not None


def test_one_that_waits_for_long_keeps_its_place():
    world = short(50, 10)
    first = world.payouts[0]
    alarm = Escalated(at=world.clock.now(), by="poller", why="open_too_long")
    world.store.payouts.write(advance(first, alarm))
    put(world, 20)
    world.poll_after(timedelta(days=2))
    assert executed(world) == []


def test_what_was_contradicted_is_not_sent_from_the_line():
    world = short(50)
    alarm = Escalated(at=world.clock.now(), by="monoova", why=CONTRADICTION)
    world.store.payouts.write(advance(world.payout, alarm))
    put(world, 500)
    world.poll_after(timedelta(hours=1))
    assert executed(world) == []
    assert attention(world.payout) == CONTRADICTION
    assert outlook(world).short_since is None, "nobody stands in the line"


def test_a_webhook_that_the_refused_attempt_was_paid_after_all_takes_it_out_of_the_line():
    world = short(50)
    world.receive(world.teach(b"paid", world.payout, Confirmed, attempt=1))
    assert (world.status, world.payout.attempt) == (Status.COMPLETED, 1)
    put(world, 500)
    world.poll_after(60)
    assert executed(world) == []


@pytest.mark.parametrize("lost", ["hint", "row"])
def test_a_hint_that_was_lost_costs_at_most_another_refusal(lost):
    world = short(50, 20)
    world.store.state.outlook = (
        Outlook() if lost == "row" else replace(outlook(world), short_since=None)
    )
    third = ask(world, 10, 7)
    assert (third.status, third.attempt) == (Status.QUEUED, 2)
    put(world, 500)
    world.poll_after(60)
    assert executed(world) == [50, 20, 10]
    world.check_equal()


def test_a_hint_that_is_old_strands_nobody_and_is_taken_away():
    world = short()
    world.provider.balance = Money(50_000)
    world.store.payouts.note_shortage(at=world.clock.now())
    assert ask(world, 10, 1).status is Status.QUEUED
    world.poll_after(60)
    assert executed(world) == [10]
    world.store.payouts.note_shortage(at=world.clock.now())
    world.poll_after(60)
    assert outlook(world).short_since is None


def test_the_hint_is_made_anew_where_it_was_lost():
    world = short(50)
    world.store.state.outlook = Outlook()
    world.poll_after(60)
    assert outlook(world).short_since is not None
    assert outlook(world).available == Money(0)


def test_a_hint_that_cannot_be_left_does_not_harm_the_payout():
    world = World().open_for_business()
    world.provider.balance = Money(0)

    def fail(**_):
        raise StoreUnavailable

    world.meanwhile("payouts", note_shortage=fail)
    assert ask(world, 50, 1).status is Status.QUEUED
    assert world.store.state.outlook == Outlook()


def test_a_hint_that_cannot_be_kept_or_a_turn_that_cannot_be_taken_harms_nobody():
    world = short(50)
    put(world, 500)

    def fail(*_, **__):
        raise StoreUnavailable

    world.meanwhile("liquidity", take_turn=fail)
    assert world.poll_after(60) == {"line_taken": 1}
    world.ports["liquidity"] = world.store.liquidity
    world.meanwhile("liquidity", keep=fail)
    world.poll_after(60)
    assert executed(world) == [50]


@pytest.mark.parametrize(("port", "method"), [("provider", "financials"), ("provider", "pay")])
def test_two_runs_at_once_serve_the_line_once_and_keep_the_reserve(port, method):
    world = short(60, 50, rules=FloatRules(reserve=Money(0)))
    put(world, 70)
    world.once(port, method, world.poll)
    world.poll_after(60)
    assert executed(world) == [60]
    world.check_equal()


def test_of_two_runs_that_begin_at_once_one_has_the_turn():
    world = short(60, 50)
    put(world, 70)
    other = Outlook(turn_until=world.clock.now() + timedelta(seconds=90))
    world.once("liquidity", "take_turn", lambda: world.store.liquidity.keep(Outlook(), other))
    assert world.poll_after(60) == {"line_taken": 1}
    assert executed(world) == []


def test_a_run_that_died_at_the_line_holds_up_the_next_for_a_while_only():
    world = short(50)
    put(world, 500)

    class Crash(BaseException):
        pass

    def die(*_, **__):
        raise Crash

    between = world.meanwhile("provider", financials=die)
    keeping = world.meanwhile("liquidity", keep=die)
    world.seconds_left = 60.0
    with suppress(Crash):
        world.poll_after(60)
    world.ports["provider"], world.ports["liquidity"] = between._port, keeping._port
    assert world.poll_after(30) == {"line_taken": 1}
    world.poll_after(31)
    assert executed(world) == [50]


def test_what_has_left_the_line_while_the_index_lagged_counts_as_spent():
    world = short(60, 50)
    lagging = list(world.store.payouts.in_line())
    put(world, 70)
    world.poll_after(60)
    assert executed(world) == [60]
    put(world, 50)

    class Lagging:
        def __getattr__(self, name):
            return getattr(world.store.payouts, name)

        def in_line(self):
            gone = replace(lagging[0], transaction_id="archived")
            return iter([gone, gone, *lagging])

    world.ports["payouts"] = Lagging()
    world.poll_after(60)
    assert executed(world) == [60], "as far as this run can know, those sixty are not out yet"
    world.provider.balance = None
    world.poll_after(60)
    assert executed(world) == [60, 50], "without an account there is nothing to reckon with"
    world.check_equal()


def test_without_funds_nothing_in_doubt_is_sent_again_only_to_be_refused():
    """A refusal of the second sending would prove nothing, and need a person."""
    world = World().open_for_business()
    world.provider.will(TIMED_OUT_UNPAID)
    ask(world, 40, 1)
    world.poll_after(61)
    world.provider.balance = Money(0)
    ask(world, 50, 2)
    world.poll_after(QUARANTINE)
    doubtful = world.payouts[0]
    assert (doubtful.status, doubtful.sends, attention(doubtful)) == (Status.UNCONFIRMED, 1, "")
    put(world, 500)
    for _ in range(3):
        world.poll_after(QUARANTINE)
    assert sorted(executed(world)) == [40, 50]
    world.check_equal()


def test_a_refusal_for_funds_after_a_doubt_is_for_a_person_and_pays_once():
    world = World().open_for_business()
    world.provider.will(TIMED_OUT_UNPAID, OUT_OF_FUNDS)
    ask(world, 40, 1)
    world.poll_after(61)
    world.poll_after(QUARANTINE)
    assert (world.status, attention(world.payout)) == (
        Status.UNCONFIRMED, "refused_when_in_doubt",
    )  # fmt: skip
    world.clock.advance(QUARANTINE)
    world.propose(world.payout.transaction_id, Verdict.NEW_REFERENCE)
    world.agree(world.payout.transaction_id)
    world.poll_after(60)
    assert executed(world) == [40]
    world.check_equal()


def test_every_other_refusal_fails_it_as_ever():
    world = World().open_for_business()
    world.provider.will(REFUSED)
    assert ask(world, 40, 1).status is Status.FAILED
    assert outlook(world) == Outlook()


WARNING = FloatRules(warning=Money(10_000))


def test_little_is_told_at_most_every_ten_minutes():
    world = short(balance=50, rules=WARNING)
    told = [world.poll_after(60)["funds_low"] for _ in range(21)]
    assert [minute for minute, low in enumerate(told) if low] == [0, 10, 20]


def test_the_account_is_looked_at_every_ten_minutes_where_a_warning_is_wanted():
    world = short(balance=500, rules=WARNING)
    provider = world.meanwhile("provider")
    for _ in range(21):
        assert world.poll_after(60) == {}
    assert provider.calls == ["financials"] * 3
    assert outlook(world).available == Money(50_000)
    assert outlook(world).short_since is None


def test_where_nobody_waits_and_nobody_wants_a_warning_it_is_not_asked_at_all():
    world = short(balance=50)
    provider = world.meanwhile("provider")
    world.poll_after(timedelta(hours=1))
    assert provider.calls == []


def test_it_is_told_at_once_when_it_is_low_again():
    world = short(balance=50, rules=WARNING)
    assert world.poll_after(60)["funds_low"] == 1
    put(world, 500)
    assert world.poll_after(timedelta(minutes=10))["funds_low"] == 0
    assert outlook(world).warned_at is None
    world.provider.balance = Money(0)
    assert world.poll_after(timedelta(minutes=10))["funds_low"] == 1


def test_little_is_told_while_some_wait_too_and_not_with_every_run():
    world = short(60, balance=50, rules=WARNING)
    told = [world.poll_after(60)["funds_low"] for _ in range(11)]
    assert [minute for minute, low in enumerate(told) if low] == [0, 10]


def test_where_it_cannot_be_asked_whether_there_is_little_nothing_happens():
    world = short(balance=50, rules=WARNING)

    def fail(**_):
        raise ProviderUnavailable

    world.meanwhile("provider", financials=fail)
    assert world.poll_after(60) == {"provider_unavailable": 1}
