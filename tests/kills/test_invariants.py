"""The comparison of the books finds what it is for: each check, on books with that one fault."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from chalicelib.domain.advance import advance, begin
from chalicelib.domain.customer import Customer, Funds
from chalicelib.domain.funding import Credit, Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.ports import Recorded
from local.monoova.control import Executed, Totals
from tests.domain.making import AMOUNT, ID, NOW, WAYS, intent
from tests.kills.invariants import Both, wrong
from tests.kills.ledgers import Ours, entered

DEPOSIT = Money(50_000)


def ours(status: Status = Status.COMPLETED) -> Ours:
    """Books with a receipt, a credit and one payout that went the shortest way to a status."""
    books = Ours(funds=Funds())
    receipt = Receipt("N1", DEPOSIT, "NPP", NOW)
    given = Credit("credit-1", "customer-1", DEPOSIT, "a reason", NOW, "ada")
    books.causes = {"N1": receipt, "credit-1": given}
    for name, cause in books.causes.items():
        books.funds = entered(books.funds or Funds(), cause).after
        row = {"cause_id": name, "sequence": books.funds.version, "hash": books.funds.last_hash}
        books.entries.append(row)
    step = begin(intent(), by="olive")
    steps = [step, *(step := advance(step.after, event) for event in WAYS[status])]
    steps = [each for each in steps if each.changes]
    books.steps[ID] = [
        Recorded(
            each.after.version, each.event, str(each.after.status), each.postings,
            each.before.last_hash if each.before else "", each.after.last_hash,
        )
        for each in steps
    ]  # fmt: skip
    books.payouts[ID] = steps[-1].after
    available = DEPOSIT.cents + sum(each.available_change.cents for each in steps)
    books.customers["customer-1"] = Customer(
        "customer-1", "Jo Citizen", "jo@example.com", NOW, NOW, available=Money(available)
    )
    return books


def theirs(*executions: Executed) -> Totals:
    nothing = Decimal(0)
    return Totals(nothing, nothing, nothing, nothing, nothing, nothing, nothing, executions)


def executed(reference: str = f"{ID}-1", **changed) -> Executed:
    told = Executed(
        reference, 1, "directCredit", AMOUNT.decimal, Decimal("0.10"), "Complete", Decimal(0), 1
    )
    return replace(told, **changed)


def both(books: Ours | None = None, *executions: Executed, **changed) -> Both:
    plain = {
        "ours": books or ours(), "theirs": theirs(*executions), "asked": {ID: AMOUNT},
        "attended": frozenset[str](), "deposited": DEPOSIT,
    }  # fmt: skip
    return Both(**{**plain, **changed})


def found(told: Both) -> set[str]:
    return {line.partition(":")[0] for line in wrong(told)}


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.PENDING])
def test_books_that_agree_have_nothing_wrong(status):
    shown = "Complete" if status is Status.COMPLETED else "Pending"
    told = both(ours(status), executed(status=shown), attended=frozenset({ID}))
    assert wrong(told) == []


@pytest.mark.parametrize("status", [Status.AWAITING_APPROVAL, Status.DECLINED])
def test_what_others_have_not_agreed_to_was_never_executed(status):
    attended = frozenset({ID}) if status is Status.AWAITING_APPROVAL else frozenset[str]()
    assert wrong(both(ours(status), attended=attended)) == []


def test_a_second_execution_is_found():
    assert "executed_once" in found(both(None, executed(), executed(f"{ID}-2")))


def test_an_execution_that_nobody_stored_is_found():
    stranger = "11111111-89ab-8def-8123-456789abcdef-1"
    assert found(both(None, executed(), executed(stranger))) == {"executed_once"}


def test_a_payout_that_was_promised_and_is_not_there_is_found():
    told = both(None, executed(), asked={"another": AMOUNT})
    assert found(told) == {"asked_is_stored"}


def test_a_step_that_is_missing_is_found():
    books = ours()
    del books.steps[ID][1]
    assert "chains" in found(both(books, executed()))


def test_a_step_that_was_changed_is_found():
    books = ours()
    books.steps[ID][1] = replace(books.steps[ID][1], previous_hash="00")
    assert "chains" in found(both(books, executed()))


def test_a_payout_that_is_not_the_replay_of_its_steps_is_found():
    books = ours()
    books.payouts[ID] = replace(books.payouts[ID], error_message="another")
    assert "chains" in found(both(books, executed()))


def test_an_end_that_was_stepped_into_twice_is_found():
    books = ours(Status.REJECTED)
    books.steps[ID] += [replace(books.steps[ID][0], sequence=9), books.steps[ID][-1]]
    assert "one_step_each" in found(both(books, executed(status="Rejected")))


def test_a_balance_that_is_not_the_sum_of_its_postings_is_found():
    books = ours()
    books.customers["customer-1"] = replace(books.customers["customer-1"], available=Money(-1))
    assert found(both(books, executed())) == {"money"}


def test_money_that_came_in_unheard_of_is_found():
    assert found(both(None, executed(), deposited=Money(60_000))) == {"money"}


def test_an_entry_of_the_funds_that_was_changed_is_found():
    books = ours()
    books.entries[0]["hash"] = "00"
    assert "funds_chain" in found(both(books, executed()))


@pytest.mark.parametrize(
    ("status", "provider"),
    [
        (Status.COMPLETED, ()),
        (Status.COMPLETED, (executed(status="Rejected"),)),
        (Status.COMPLETED, (executed(returned=AMOUNT.decimal),)),
        (Status.FAILED, (executed(),)),
        (Status.CANCELLED, (executed(),)),
        (Status.DECLINED, (executed(),)),
        (Status.AWAITING_APPROVAL, (executed(),)),
        (Status.UNCONFIRMED, (executed(),)),
        (Status.PENDING, ()),
    ],
)
def test_a_status_that_is_not_the_providers_truth_is_found(status, provider):
    told = both(ours(status), *provider, attended=frozenset({ID}))
    assert found(told) == {"truth"}


def test_an_open_payout_that_nobody_looks_after_is_found():
    assert found(both(ours(Status.UNCONFIRMED))) == {"looked_after"}
