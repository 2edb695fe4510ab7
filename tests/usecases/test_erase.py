"""Forgetting a customer: refused, marked, decided, destroyed, certified; and nothing after it."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.customer import Erasing
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.erasure import certificate_name
from chalicelib.domain.errors import (
    ArchiveUnavailable,
    Conflict,
    Corrupt,
    CustomerErased,
    ErasureRefused,
    NotFound,
    RuleBroken,
    Stale,
)
from chalicelib.domain.events import Confirmed
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.payout import Status
from chalicelib.domain.schedule import ERASED, State
from chalicelib.usecases import customers as people
from chalicelib.usecases import destinations
from tests.fakes.provider import NOT_CONNECTED, REFUSED, TIMED_OUT_UNPAID
from tests.fakes.spoilt import SpoiltNotices, SpoiltPayouts
from tests.usecases.forgetting import (
    PERSONAL,
    REASON,
    WHO,
    checked,
    codes,
    confirmed,
    customer,
    erasure,
    forget,
    go_on,
    hold,
    lift,
    parked_letter,
    planned_again,
    progress,
    remembered,
    returned,
    stored,
    with_a_past,
    withdraw,
)
from tests.usecases.planning import planned, schedule
from tests.usecases.test_crashes import Crash, Cut, run
from tests.usecases.world import ACCOUNT, AMOUNT, DEPOSIT, KEY, LIMITS, World, order

OTHER_KEY = "another-key-00000"


@pytest.fixture
def world():
    return with_a_past()


def certificate(world):
    return json.loads(world.archive.objects[certificate_name(WHO)])


def test_all_that_is_personal_is_destroyed_and_what_the_books_need_stays(world):
    assert remembered(world)
    before, was = world.payout, customer(world)
    assert forget(world).done
    assert remembered(world) == []
    after = world.payout
    assert after.intent.destination.masked == before.intent.destination.masked
    assert after.intent.destination.masked_name == before.intent.destination.masked_name
    assert after.intent.digest == before.intent.digest
    kept = ("status", "version", "last_hash", "updated_at", "attempt", "fee", "eve")
    assert all(getattr(after, name) == getattr(before, name) for name in kept)
    assert after.intent.amount == DEPOSIT
    assert [each.masked for each in customer(world).destinations] == [
        each.masked for each in was.destinations
    ]
    assert (customer(world).name, customer(world).email) == ("", "")
    world.check_equal()


def test_before_it_everything_that_the_test_looks_for_is_there(world):
    parked_letter(world, decided=True)
    ours = [each for each in PERSONAL if each not in {b"12345678", b"Jo was here"}]
    # A number lies in ciphertexts only, and a webhook's body is kept as it came.
    assert all(each in stored(world) for each in ours)
    assert b"Jo was here" in stored(world)


def test_the_certificate_says_what_was_erased_and_when_and_nothing_of_the_person(world):
    done = forget(world, by="anna")
    told = certificate(world)
    assert told["customer_id"] == WHO
    assert (told["payouts"], told["destinations"], told["asked_by"]) == (1, 2, "anna")
    assert told["asked_at"] <= told["erased_at"]
    assert done.customer.erasure.certificate
    assert REASON not in json.dumps(told)
    assert world.archive.objects[certificate_name(WHO)].endswith(b"}\n")


def test_asked_for_again_it_is_the_same_certificate_and_nothing_is_written(world):
    first = forget(world)
    before = stored(world)
    world.clock.advance(timedelta(days=3))
    again = forget(world, reason="Once more.", by="adam")
    assert again.customer == first.customer
    assert stored(world) == before
    assert progress(world) == again


def test_nobody_is_forgotten_who_is_not_there(world):
    world.store.state.customers.clear()
    with pytest.raises(NotFound):
        forget(world)
    with pytest.raises(NotFound):
        progress(world)


def test_a_reason_that_names_the_customer_is_refused(world):
    for reason in ("citizen asked for it.", "Write to JO@example.com!", "For Jo (Citizen)"):
        with pytest.raises(RuleBroken) as refused:
            forget(world, reason=reason)
        assert [each.code for each in refused.value.faults] == ["names_the_customer"]
        with pytest.raises(RuleBroken):
            hold(world, reason=reason)
    hold(world)
    with pytest.raises(RuleBroken):
        lift(world, reason="Citizen asked for it.")
    # Two letters tell nothing.
    assert lift(world, reason="As Jo was told.").held is False


# What stands in its way.


@pytest.mark.parametrize("reply", [None, NOT_CONNECTED, TIMED_OUT_UNPAID])
def test_an_open_payout_refuses_it_and_is_named(reply):
    world = World().open_for_business()
    if reply:
        world.provider.will(reply)
    world.request(order(amount=DEPOSIT))
    with pytest.raises(ErasureRefused) as refused:
        forget(world)
    assert codes(refused.value) == {"open_payouts"}
    assert world.payout.transaction_id in refused.value.faults[0].detail
    assert refused.value.faults[0].detail.startswith("1: ")
    assert customer(world).erasure is None
    assert customer(world).name


def test_money_that_is_left_refuses_it():
    with pytest.raises(ErasureRefused) as refused:
        forget(World().open_for_business())
    assert codes(refused.value) == {"balance_not_zero"}


def test_a_dispute_refuses_it_until_a_person_has_let_the_payouts_go_on():
    world = World().open_for_business()
    world.provider.will(REFUSED)
    world.request(order(amount=DEPOSIT))
    world.receive(world.teach(b"{}", world.payout, Confirmed))
    assert world.status is Status.DISPUTED
    world.credit_nothing = None  # type: ignore[attr-defined] # the balance is theirs again
    with pytest.raises(ErasureRefused) as refused:
        forget(world)
    assert codes(refused.value) == {"balance_not_zero", "disputed_payouts"}
    people.resume(WHO, **world._ports("customers", "clock"))
    with pytest.raises(ErasureRefused) as refused:
        forget(world)
    assert codes(refused.value) == {"balance_not_zero"}


def test_a_dead_letter_before_a_person_refuses_it_until_they_decide(world):
    waits = parked_letter(world, decided=False)
    with pytest.raises(ErasureRefused) as refused:
        forget(world)
    assert codes(refused.value) == {"open_dead_letters"}
    assert waits.letter_id in refused.value.faults[0].detail
    assert world.store.state.parked[waits.letter_id].letter.raw


def test_all_that_stands_in_its_way_is_told_at_once():
    world = World().open_for_business()
    world.request(order(amount=AMOUNT))
    hold(world)
    parked_letter(world, decided=False)
    with pytest.raises(ErasureRefused) as refused:
        forget(world)
    assert codes(refused.value) == {
        "open_payouts", "balance_not_zero", "legal_hold", "open_dead_letters",
    }  # fmt: skip


def test_of_account_checks_the_token_and_the_registered_name_go_and_what_they_cost_stays(world):
    before = checked(world)
    destroyed = world.meanwhile("checks")
    assert forget(world).done
    assert destroyed.calls == ["forget"]
    left = world.store.state.checks[before.check.destination_id]
    assert (left.token, left.check) == ("", replace(before.check, owner=""))


def test_schedules_end_and_their_texts_go(world):
    planned_again(world)
    assert any(b"Rent of Jo" in pickle.dumps(each) for each in world.store.state.schedules.values())
    assert forget(world).done
    left = schedule(world)
    assert (left.state, left.why) == (State.ENDED, ERASED)
    stored = pickle.dumps(left)
    assert not any(each in stored for each in PERSONAL)
    assert left.order.amount == DEPOSIT


def test_more_schedules_than_a_page_has_end(world):
    for number in range(101):
        planned(world, key=f"the key of schedule {number:03d}")
    assert forget(world).done
    assert {each.why for each in world.store.state.schedules.values()} == {ERASED}


def test_dead_letters_about_others_or_about_nothing_do_not_matter(world):
    letter = parked_letter(world, decided=False)
    for reference in ("", "INV-1", "0" * 36 + "-1"):
        about = replace(letter.letter, reference=reference)
        world.store.state.parked[letter.letter_id] = replace(letter, letter=about)
        assert progress_of_obstacles(world) == set()
    payout = world.payout
    other = replace(payout, intent=replace(payout.intent, customer_id="customer-2"))
    world.store.state.payouts[payout.transaction_id] = other
    world.store.state.parked[letter.letter_id] = letter
    assert progress_of_obstacles(world) == set()


def progress_of_obstacles(world):
    from chalicelib.usecases.erase import _obstacles  # noqa: PLC0415 (what is asked by nobody else)
    from chalicelib.usecases.forget import Memory  # noqa: PLC0415

    ports = world._ports("payouts", "notices", "parked", "desk", "checks", "schedules", "clock")
    return {each.code for each in _obstacles(customer(world), Memory(**ports))}


# Legal holds.


def test_a_hold_forbids_it_until_it_is_lifted_and_says_who_when_and_why(world):
    hold(world)
    with pytest.raises(ErasureRefused) as refused:
        forget(world)
    assert codes(refused.value) == {"legal_hold"}
    world.clock.advance(5)
    lift(world, by="adam")
    placed, lifted = customer(world).holds
    assert (placed.placed, placed.by, placed.reason) == (True, "anna", "Court order 17.")
    assert (lifted.placed, lifted.by, lifted.reason) == (False, "adam", "The court is done.")
    assert placed.at < lifted.at
    assert forget(world).done
    assert [(each.by, each.reason) for each in customer(world).holds] == [
        ("anna", ""), ("adam", ""),
    ]  # fmt: skip


def test_a_hold_again_changes_nothing_and_another_word_is_another_entry(world):
    first = hold(world)
    assert hold(world) == first
    assert len(hold(world, reason="Court order 18.").holds) == 2
    lifted = lift(world)
    assert lift(world, reason="Once more.") == lifted
    assert len(hold(world).holds) == 4


def test_a_hold_that_never_was_cannot_be_lifted(world):
    with pytest.raises(NotFound):
        lift(world)


def test_the_history_of_holds_is_bounded(world):
    for number in range(60):
        hold(world, reason=f"Court order {number}.")
    assert len(customer(world).holds) == 50
    assert customer(world).holds[-1].reason == "Court order 59."


def test_a_hold_that_comes_between_the_look_and_the_decision_is_seen(world):
    true = world.ports["customers"]
    edits = []

    def race(_customer, *, version):
        edits.append(version)
        if len(edits) == 2:
            world.ports["customers"] = true
            hold(world)

    world.meanwhile("customers", edit=race)
    with pytest.raises(Stale):
        forget(world)
    assert erasure(world).stage is Erasing.ASKED
    assert customer(world).name
    assert codes(forget(world)) == {"legal_hold"}
    lift(world)
    assert forget(world).done


def test_once_it_destroys_no_hold_can_be_placed_any_more(world):
    forget(world)
    with pytest.raises(CustomerErased):
        hold(world)


# What comes in between.


def late_sight(world):
    """An open payout that the index does not show yet."""
    page = world.store.payouts.page

    class Lagging:
        def __getattr__(self, name):
            return getattr(world.store.payouts, name)

        def page(self, *args, **told):
            found = page(*args, **told)
            return replace(found, items=[])

    true = world.ports["payouts"]
    world.ports["payouts"] = Lagging()
    return true


def test_an_open_payout_that_the_index_hides_is_left_whole_and_waited_for():
    world = with_a_past(ended=False)
    true = late_sight(world)
    page = world.ports["payouts"].page
    looks = []

    def lags_twice(*args, **told):
        looks.append(1)
        return page(*args, **told) if len(looks) <= 2 else true.page(*args, **told)

    world.ports["payouts"].page = lags_twice
    before = world.payout
    waiting = forget(world)
    assert not waiting.done
    assert codes(waiting) == {"open_payouts"}
    assert world.payout == before
    assert customer(world).name
    world.ports["payouts"] = true
    assert go_on(world) == {"erasures_waiting": 1}
    confirmed(world)
    assert go_on(world) == {"erased": 1}
    assert remembered(world) == []
    assert go_on(world) == {}


def test_what_the_index_shows_as_open_and_is_not_does_not_matter(world):
    old = replace(world.payout, status=Status.PENDING)
    true = world.ports["payouts"]
    page = true.page

    class Lagging:
        def __getattr__(self, name):
            return getattr(true, name)

        def page(self, *args, **told):
            return replace(page(*args, **told), items=[old])

    world.ports["payouts"] = Lagging()
    assert forget(world).done
    assert remembered(world) == []


def marked(world):
    """Asked for, and nothing destroyed: the process ended after the mark."""
    run(world, Cut(_call("customers.edit"), after=True, dies=True), forget)
    assert erasure(world).stage is Erasing.ASKED


def _call(name):
    probe = with_a_past()
    cut = Cut(-1, after=False, dies=False)
    run(probe, cut, forget)
    return cut.seen.index(name)


def test_after_the_mark_nothing_new_can_be_asked_for(world):
    marked(world)
    ports = world._ports("customers", "clock")
    refused = [
        lambda: world.request(order(), key=OTHER_KEY),
        world.register,
        lambda: people.change(WHO, name="Al", email=None, **ports),
        lambda: destinations.add_destination(
            WHO,
            ACCOUNT,
            destination_id="x",
            by="olive",
            **world._ports("customers", "vault", "clock"),
        ),
        lambda: destinations.remove_destination(WHO, f"{WHO}-destination-0", **ports),
        lambda: destinations.make_default(WHO, f"{WHO}-destination-0", **ports),
        lambda: people.resume(WHO, **ports),
    ]
    world.deposit(name="N00100000009")
    refused.append(lambda: world.credit(key="another-credit-00"))
    for _ in range(2):
        before = stored(world)
        for deed in refused:
            with pytest.raises(CustomerErased):
                deed()
        assert stored(world) == before
        forget(world)
    assert customer(world).erased


def test_a_payout_decided_before_the_mark_and_written_after_it_is_refused():
    world = with_a_past()
    world.deposit(name="N00100000009")
    world.credit(key="another-credit-00")
    rich = customer(world)
    world.once("payouts", "write", lambda: world.store.customers.edit(
        replace(rich, erasure=mark(world)), version=rich.version
    ))  # fmt: skip
    with pytest.raises(CustomerErased):
        world.request(order(), key=OTHER_KEY)
    assert len(world.payouts) == 1


def test_a_payout_from_before_the_mark_goes_on_to_its_end():
    world = World().open_for_business()
    world.provider.will(NOT_CONNECTED)
    world.request(order(amount=DEPOSIT))
    was = customer(world)
    world.store.customers.edit(replace(was, erasure=mark(world)), version=was.version)
    world.poll_after(120)
    assert world.status is Status.PENDING
    assert len(world.provider.executions) == 1
    assert codes(forget(world)) == {"open_payouts"}
    confirmed(world)
    assert forget(world).done


def mark(world):
    from chalicelib.domain.customer import Erasure  # noqa: PLC0415 (one use)

    return Erasure(Erasing.ASKED, "anna", world.clock.now(), REASON)


def test_money_that_comes_between_look_and_mark_has_it_wait_and_it_can_be_taken_back(world):
    def comes():
        world.deposit(name="N00100000009")
        world.credit(key="another-credit-00")

    world.once("customers", "edit", comes)
    assert codes(forget(world)) == {"balance_not_zero"}
    assert customer(world).name
    assert withdraw(world).erasure is None
    assert world.request(order(), key=OTHER_KEY).payout
    with pytest.raises(NotFound):
        withdraw(world)


def test_what_is_destroyed_is_not_taken_back(world):
    forget(world)
    with pytest.raises(Conflict):
        withdraw(world)
    assert customer(world).erased


def test_of_two_who_ask_at_once_the_first_one_did(world):
    world.once("customers", "edit", lambda: forget(world, by="adam"))
    assert forget(world, by="anna").done
    assert certificate(world)["asked_by"] == "adam"


def test_taken_back_at_the_very_moment_there_is_none(world):
    edits = []

    def race(_customer, *, version):
        edits.append(version)
        if len(edits) == 2:
            withdraw_directly(world)

    def withdraw_directly(world):
        now = customer(world)
        world.store.customers.edit(replace(now, erasure=None), version=now.version)

    world.meanwhile("customers", edit=race)
    with pytest.raises(Stale):
        forget(world)
    assert customer(world).erasure is None


# Afterwards.


def test_an_old_key_is_still_answered_and_another_amount_still_told(world):
    forget(world)
    told = order(amount=DEPOSIT, reference="Rent of Jo", description="Flat 7")
    assert world.request(told).replayed
    assert world.request(replace(told, reference="Something else")).replayed
    with pytest.raises(RuleBroken) as refused:
        world.request(replace(told, amount=Money(1), method=PayoutMethod.PAY_ID))
    assert {each.pointer for each in refused.value.faults} == {"/amount", "/payout_method"}
    assert LIMITS.most >= DEPOSIT
    assert KEY


def test_a_late_return_is_still_heard_and_its_money_is_theirs(world):
    forget(world)
    world.clock.advance(timedelta(days=40))
    assert returned(world) == "heard"
    assert world.status is Status.RETURNED
    assert customer(world).available == DEPOSIT
    assert customer(world).erased
    world.check_books()


def test_dead_letters_that_a_person_has_decided_on_lose_their_bodies_too(world):
    letter = parked_letter(world, decided=True)
    kept = world.store.state.notices
    key = letter.key
    from chalicelib.domain.notices import Notice  # noqa: PLC0415 (one use)

    heard = Notice(
        key, "NppReturn", "9", world.clock.now(), letter.letter.raw,
        reference=world.payout.unique_reference,
    )  # fmt: skip
    kept[key] = heard
    assert forget(world).done
    after = world.store.state.parked[letter.letter_id]
    assert after.letter.raw == b""
    assert after.ending.reason == ""
    assert after.ending.by == "anna"
    assert remembered(world) == []


def test_a_line_of_a_webhook_with_several_takes_the_whole_with_it(world):
    (notice,) = world.store.state.notices.values()
    line = notice.line(world.payout.unique_reference)
    whole = replace(notice, reference="somebody-else")
    world.store.state.notices = {whole.key: whole, line.key: line}
    assert forget(world).done
    assert not any(each.raw for each in world.store.state.notices.values())


def test_a_line_whose_whole_is_gone_is_no_trouble(world):
    (notice,) = world.store.state.notices.values()
    line = notice.line(world.payout.unique_reference)
    world.store.state.notices = {line.key: line}
    assert forget(world).done


def test_a_dead_letter_that_comes_before_its_webhook_is_destroyed_is_waited_for(world):
    (notice,) = world.store.state.notices.values()
    run(world, Cut(_call("payouts.shrink"), after=False, dies=True), forget)
    assert erasure(world).stage is Erasing.ERASING
    letter = parked_letter(world, decided=False)
    del world.store.state.parked[letter.letter_id]
    same = replace(letter, key=notice.key)
    world.store.state.parked[same.letter_id] = same
    waiting = forget(world)
    assert not waiting.done
    assert codes(waiting) == {"open_dead_letters"}
    assert same.letter.raw


# Interrupted.


def total_calls():
    probe = with_a_past()
    cut = Cut(-1, after=False, dies=False)
    run(probe, cut, forget)
    return cut.calls


@pytest.mark.parametrize("dies", [True, False], ids=["dies", "fails"])
@pytest.mark.parametrize("after", [True, False], ids=["after", "before"])
def test_killed_anywhere_it_goes_on_and_ends_the_same(after, dies):
    for at in range(total_calls()):
        world = with_a_past()
        run(world, Cut(at, after=after, dies=dies), forget)
        if customer(world).erasure is None:
            assert forget(world).done
        go_on(world)
        assert erasure(world).certificate, at
        assert remembered(world) == [], at
        told = certificate(world)
        assert (told["payouts"], told["destinations"]) == (1, 2), at
        world.check_equal()


def test_it_is_cut_at_every_kind_of_call_that_it_makes():
    probe = with_a_past()
    cut = Cut(-1, after=False, dies=False)
    run(probe, cut, forget)
    assert {
        "customers.edit", "payouts.page", "payouts.get", "payouts.shrink", "notices.page",
        "notices.forget", "parked.page", "parked.get", "archive.put",
    } <= set(cut.seen)  # fmt: skip
    assert issubclass(Crash, BaseException)


def test_without_time_it_goes_on_by_itself_and_a_certificate_waits_for_the_next(world):
    world.seconds_left = 1.0
    first = forget(world)
    assert not first.done
    assert codes(first) == set()
    assert customer(world).name
    assert go_on(world) == {"erasures_left": 1}
    world.seconds_left = 3600.0
    assert go_on(world) == {"erased": 1}


def test_out_of_time_before_the_certificate_it_is_kept_by_the_next(world):
    true = world.ports["archive"]
    world.ports["archive"] = world.archive
    left = iter([60.0])
    world.time_left = lambda: next(left, 1.0)  # runs out
    first = forget(world)
    assert (first.done, customer(world).erased) == (False, True)
    assert progress(world).waits_for == ()
    del world.time_left
    world.ports["archive"] = true
    assert go_on(world) == {"erased": 1}


def test_an_archive_that_is_down_costs_the_certificate_only_for_a_while(world):
    world.archive.down = True
    with pytest.raises(ArchiveUnavailable):
        forget(world)
    assert go_on(world) == {"archive_unavailable": 1}
    world.archive.down = False
    world.archive.lost_replies = 1
    assert go_on(world) == {"archive_unavailable": 1}
    assert go_on(world) == {"erased": 1}


def test_what_is_damaged_costs_only_itself(world):
    world.archive.objects[certificate_name(WHO)] = b"{}"
    with pytest.raises(Exception, match="certificate"):
        forget(world)
    assert go_on(world) == {"corrupt": 1}


def test_a_payout_that_hears_something_meanwhile_is_looked_at_again(world):
    true = world.ports["payouts"]

    def news(*_args):
        world.ports["payouts"] = true
        returned(world)

    between = world.meanwhile("payouts", shrink=news)
    first = forget(world)
    between._first.clear()
    assert not first.done
    assert world.status is Status.RETURNED
    world.ports["payouts"] = true
    assert go_on(world) == {"erased": 1}
    assert customer(world).available == DEPOSIT
    assert remembered(world) == []
    assert customer(world).available != ZERO


class Short:
    """A port whose pages hold one item each."""

    def __init__(self, port):
        self._port = port

    def __getattr__(self, name):
        return getattr(self._port, name)

    def page(self, *args, **told):
        return self._port.page(*args, **{**told, "limit": 1})


def test_all_pages_of_all_lists_are_gone_through():
    world = World().open_for_business()
    for number in range(3):
        world.request(order(amount=Money(DEPOSIT.cents // 4)), key=f"{KEY}{number}")
    world.request(order(amount=DEPOSIT - Money(DEPOSIT.cents // 4 * 3)))
    for number, payout in enumerate(world.payouts):
        for again in (1, 2):
            raw = b'{"payee": "Jo was here %d %d"}' % (number, again)
            world.receive(world.teach(raw, payout, Confirmed))
    letter = parked_letter_of(world)
    world.store.state.parked |= {
        each.letter_id: each for each in (replace(letter, key=f"x{n}") for n in range(3))
    }
    for name in ("payouts", "notices", "parked"):
        world.ports[name] = Short(world.ports[name])
    assert len(world.store.state.notices) == 8
    assert forget(world).done
    assert not any(each.raw for each in world.store.state.notices.values())
    assert certificate(world)["payouts"] == 4


def parked_letter_of(world):
    """A dead letter about nothing that is known."""
    world.store.state.payouts, payouts = (
        dict(list(world.store.state.payouts.items())[:1]),
        (world.store.state.payouts),
    )
    letter = parked_letter(world, decided=False)
    world.store.state.payouts = payouts
    world.store.state.parked.clear()
    return replace(letter, letter=replace(letter.letter, reference=""))


def test_a_payout_that_the_index_shows_and_the_table_does_not_hold_is_no_trouble(world):
    true = world.ports["payouts"]
    ghost = replace(world.payout, intent=replace(world.payout.intent, transaction_id="0" * 36))

    class Haunted(Short):
        def page(self, *args, **told):
            found = true.page(*args, **told)
            return replace(found, items=[*found.items, ghost])

    world.ports["payouts"] = Haunted(true)
    assert forget(world).done
    assert remembered(world) == []


def test_nobody_asks_how_far_an_erasure_is_that_nobody_asked_for(world):
    with pytest.raises(NotFound):
        progress(world)


def test_of_two_who_empty_the_row_at_once_the_first_counts(world):
    shrinks = []

    def other(*_args):
        shrinks.append(1)
        if len(shrinks) == 1:
            world.clock.advance(5)
            forget(world, by="adam")

    true = world.ports["payouts"]
    between = world.meanwhile("payouts", shrink=other)
    done = forget(world)
    world.ports["payouts"] = true
    assert between.calls
    first = erasure(world).erased_at
    assert go_on(world) in ({}, {"erased": 1})
    assert erasure(world).erased_at == first
    assert erasure(world).certificate
    assert done is not None


def test_a_row_that_somebody_emptied_meanwhile_keeps_its_moment(world):
    edits = []

    def other(_customer, *, version):
        edits.append(version)
        if len(edits) == 3:
            world.ports["customers"] = true
            forget(world)
            seen.append(customer(world))
            world.clock.advance(5)

    true = world.ports["customers"]
    seen: list[Any] = []
    world.meanwhile("customers", edit=other)
    done = forget(world)
    assert done.done
    assert [customer(world)] == seen
    erased_at = erasure(world).erased_at
    assert erased_at is not None
    assert certificate(world)["erased_at"] == erased_at.isoformat()


def test_nobody_is_certified_while_a_payout_of_theirs_cannot_be_read():
    world = with_a_past()
    sound = world.ports["payouts"]
    world.ports["payouts"] = SpoiltPayouts(sound, {world.payout.transaction_id})
    with pytest.raises(Corrupt):
        forget(world)
    assert remembered(world)
    world.ports["payouts"] = sound
    forget(world)
    assert not remembered(world)


def test_nobody_is_certified_while_a_webhook_about_them_cannot_be_read():
    world = with_a_past()
    sound = world.ports["notices"]
    world.ports["notices"] = SpoiltNotices(sound)
    with pytest.raises(Corrupt):
        forget(world)
    assert erasure(world).certificate == ""
    assert remembered(world)
    world.ports["notices"] = sound
    forget(world)
    assert not remembered(world)
