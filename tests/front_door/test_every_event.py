"""Each of the twelve events through the front door, in every way in which it can come, or not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.front_door.happenings import (
    NOTIFICATIONS,
    PLAIN,
    UNTOUCHED,
    Happenings,
    assert_noticed,
    notices,
    told_with,
)

if TYPE_CHECKING:
    from tests.front_door.town import Town


@pytest.fixture(autouse=True)
def in_the_morning(town):
    """No case goes over midnight in Sydney, for notices are looked for by their date."""
    town.next_morning()
    yield
    town.control.clear_faults()
    town.control.settings(returns_arrive_as_receipts=False)


@pytest.mark.parametrize("fault", [None, "double", "reorder"])
def test_what_arrives_is_heard_at_once_and_once(town, fault):
    told = told_with(town, fault, times=NOTIFICATIONS - 1)
    town.until(lambda: not told.wrong(), told.wrong)
    assert_noticed(told)
    town.pass_time(3600)
    assert told.wrong() == []


def test_what_is_late_is_heard_when_it_comes(town):
    told = told_with(town, "late", seconds=600)
    assert untouched(told)
    town.pass_time(600)
    town.until(lambda: not told.wrong(), told.wrong)
    assert_noticed(told)


@pytest.mark.parametrize("fault", ["lost", "unsigned", "wrongly_signed", "wrong_token"])
def test_what_is_lost_or_cannot_be_believed_is_not_heard_but_asked_for_again(town, fault):
    told = told_with(town, fault)
    assert untouched(told)
    samples = notices(town, "false") if fault != "lost" else []
    assert {each["outcome"] for each in samples} <= {"not_authentic"}
    assert bool(samples) is (fault != "lost")
    town.until(lambda: not told.wrong(), told.wrong, step=town.minutes_pass())
    assert_noticed(told)


@pytest.mark.parametrize("fault", [None, "reorder", "double"])
def test_a_return_that_is_told_as_a_receipt_too_is_counted_once(town, fault):
    town.control.settings(returns_arrive_as_receipts=True)
    customer = town.credited("50.00", [PLAIN])
    made, funds = town.pay(customer, PLAIN, "20.00"), town.get("/funds")
    receipts = {each["receipt_id"] for each in town.every("/receipts")}
    if fault is not None:
        town.control.fault("webhook", fault)
    town.control.happen(made["uniqueReference"], "return")
    said = lambda: (  # noqa: E731 (it is looked at again and again)
        town.payout(made)["status"], town.balance(customer), town.get("/funds"),
        {each["receipt_id"] for each in town.every("/receipts")},
    )  # fmt: skip
    wanted = ("Returned", 50, funds, receipts)
    town.until(lambda: said() == wanted, lambda: (said(), wanted), step=town.minutes_pass())
    town.pass_time(3600)
    assert said() == wanted


def test_after_a_change_of_key_all_is_heard_whichever_key_it_was_signed_with(town):
    town.control.rotate_keys()
    # The app fetches a key at most every ten seconds, whatever our virtual clock says.
    town.until(lambda: acknowledged(town), "the new key to be believed", seconds=20)
    new = told_with(town, None)
    town.until(lambda: not new.wrong(), new.wrong)
    assert_noticed(new)
    town.next_morning()
    old = told_with(town, "stale_key")
    town.until(lambda: not old.wrong(), old.wrong)
    assert_noticed(old)


def untouched(happenings: Happenings) -> bool:
    """Whether nothing has been heard."""
    same = happenings.received() == happenings.banked
    return same and happenings.statuses() == UNTOUCHED


def acknowledged(town: Town) -> bool:
    """Whether a webhook that means nothing is answered with 200."""
    before = town.control.state()["notifications"].get("Sent", 0)
    town.control.example("NPPCreditRejections")
    return bool(town.control.state()["notifications"]["Sent"] > before)
