"""What a stranger does, and a provider that is wrong: it shows alike in whatever can be asked."""

import sqlite3
import time
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local.monoova.control import Misused
from local.monoova.store import GROWN
from local.monoova.subscriptions import EVENTS
from tests.local.monoova_bench import Bench, Listener, exact, simulated

DAY = 86400
FEE = Decimal("0.11")  # of a PayID, with GST


@pytest.fixture
def bench(house: Bench) -> Bench:
    return house.refresh()


def account(bench: Bench) -> dict[str, Any]:
    """The account's transactions of today."""
    body = {"accountNumber": bench.account, "frequency": "Today"}
    return exact(bench.post("/mAccount/v1/transactions", body))


def rows(bench: Bench) -> list[dict[str, Any]]:
    """Its rows, but for the opening balance."""
    return [row for row in account(bench)["items"] if row["subTransactionType"] != "OpeningBalance"]


def statuses(bench: Bench) -> list[tuple[str, str]]:
    """What the statuses of today say."""
    told = exact(bench.get(f"/financial/v2/status/{bench.today()}/{bench.today()}"))["statuses"]
    return [(each["uniqueReference"], each["transactionStatus"]) for each in told]


def statement(bench: Bench) -> list[tuple[Any, ...]]:
    """References, amounts and fees of today's statement."""
    told = exact(bench.get(f"/reports/v1/statement/{bench.today()}"))["transactions"]
    return [
        (each["uniqueReferenced"], each["totalAmount"], each["feeAmountIncludingGst"])
        for each in told
    ]


def balance(bench: Bench) -> Any:
    """What the financials say."""
    told = exact(bench.get(f"/mAccount/v1/financials/{bench.account}"))["financials"]
    assert told["actualBalance"] == told["availableToDebit"] == told["nppBalance"]
    return Decimal(told["actualBalance"])


def follows(bench: Bench) -> bool:
    """Whether each running balance follows from the one before, and the account's from the last."""
    told = account(bench)
    running = told["openingBalance"]
    for row in told["items"]:
        running += row["credit"] - row["debit"]
        if running != row["runningBalance"]:
            return False
    return bool(running == told["closingBalance"] == balance(bench))


def whole(bench: Bench) -> bool:
    """Whether all of its books agree."""
    return follows(bench) and bench.balanced()


@pytest.mark.parametrize(
    ("side", "kind", "after"), [("credit", "TransferIn", 1007), ("debit", "TransferOut", 993)]
)
def test_foreign_money_is_a_row_that_nobody_of_ours_explains(
    bench: Bench, listener: Listener, side: str, kind: str, after: int
):
    bench.subscribe(listener, *EVENTS)
    number = bench.control.foreign(side, "7.00", description="Rent")
    (row,) = rows(bench)
    assert (row["transactionType"], row["subTransactionType"]) == ("Transfer", kind)
    assert (row[side], row["transactionId"], row["description"]) == (7, number, "Rent")
    assert row["uniqueReference"] is None
    assert balance(bench) == after
    assert bench.control.totals().foreign == after - 1000
    assert (statuses(bench), statement(bench), listener.heard) == ([], [], [])
    assert whole(bench)


def test_a_foreign_fee_is_a_row_of_the_same_transaction(bench: Bench):
    number = bench.control.foreign("debit", "7.00", fee="0.30")
    found = [(row["transactionId"], row["transactionType"], row["debit"]) for row in rows(bench)]
    assert found == [
        (number, "Transfer", 7), (number, "Fee", Decimal("0.30")),
    ]  # fmt: skip
    assert whole(bench)


def test_a_foreign_credit_may_have_a_reference_and_is_no_payment(bench: Bench):
    bench.control.foreign("credit", "7.00", uniqueReference="theirs-1")
    assert [row["uniqueReference"] for row in rows(bench)] == ["theirs-1"]
    assert (bench.status("theirs-1"), statuses(bench)) == ("UniqueIdNotFound", [])
    assert whole(bench)


def test_a_stranger_s_payment_is_everywhere(bench: Bench):
    bench.control.foreign("debit", "7.00", fee="0.30", uniqueReference="theirs-1")
    assert [(row["transactionType"], row["debit"]) for row in rows(bench)] == [
        ("Payment", 7), ("Fee", Decimal("0.30")),
    ]  # fmt: skip
    assert {row["uniqueReference"] for row in rows(bench)} == {"theirs-1"}
    assert (bench.status("theirs-1"), statuses(bench)) == ("Complete", [("theirs-1", "Complete")])
    assert statement(bench) == [("theirs-1", 7, Decimal("0.3"))]
    assert whole(bench)


def test_a_stranger_s_payment_without_a_fee_has_no_row_of_one(bench: Bench):
    bench.control.foreign("debit", "7.00", uniqueReference="theirs-1")
    assert [row["transactionType"] for row in rows(bench)] == ["Payment"]
    assert whole(bench)


def test_many_strangers_come_at_once(bench: Bench):
    bench.control.foreign("credit", "1.00", count=3)
    assert len({row["transactionId"] for row in rows(bench)}) == 3
    assert balance(bench) == 1003


def test_what_is_hidden_makes_the_running_balance_jump(bench: Bench):
    bench.control.foreign("debit", "3.00", hidden=True)
    bench.control.foreign("credit", "1.00")
    (row,) = rows(bench)
    assert (row["credit"], row["runningBalance"]) == (1, 998)
    assert not follows(bench)
    assert bench.balanced()
    assert balance(bench) == 998


def test_what_is_hidden_at_the_end_of_a_day_is_missing_from_the_next_one_s_opening(bench: Bench):
    closing = account(bench)["closingBalance"]
    bench.control.foreign("debit", "3.00", hidden=True)
    bench.control.advance(DAY)
    assert account(bench)["openingBalance"] == closing - 3


def test_another_amount_than_was_asked_for_is_in_every_row_after_it(bench: Bench):
    bench.pay("r-1")
    bench.pay("r-2")
    bench.control.amend("r-1", amount="10.50")
    assert [row["debit"] for row in rows(bench)] == [Decimal("10.50"), FEE, 10, FEE]
    assert statement(bench)[0][:2] == ("r-1", Decimal("10.5"))
    assert statuses(bench) == [("r-1", "Complete"), ("r-2", "Complete")]
    assert bench.control.totals().paid == Decimal("20.50")
    assert whole(bench)


def test_another_fee_is_in_the_account_and_in_the_statement_but_was_not_answered(bench: Bench):
    answered = bench.pay("r-1")["feeAmountIncludingGst"]
    bench.control.amend("r-1", fee="0.25")
    assert [row["debit"] for row in rows(bench)] == [10, Decimal("0.25")]
    assert statement(bench) == [("r-1", 10, Decimal("0.25"))]
    assert answered == FEE
    told = exact(bench.get(f"/reports/v1/statement/{bench.today()}"))["transactions"][0]
    parts = told["feeAmountExcludingGst"] + told["feeAmountGstComponent"]
    assert parts == told["feeAmountIncludingGst"]
    assert whole(bench)


def test_by_rule_a_payment_is_booked_otherwise_than_it_was_asked_for(bench: Bench):
    bench.control.fault("execute", "other_amount", match={"uniqueReference": "r-1"}, amount="9.99")
    bench.control.fault("execute", "other_fee", match={"uniqueReference": "r-2"}, amount="0.50")
    for reference in ("r-1", "r-2", "r-3"):
        assert bench.pay(reference)["feeAmountIncludingGst"] == FEE
    assert [row["debit"] for row in rows(bench)] == [
        Decimal("9.99"), FEE, 10, Decimal("0.50"), 10, FEE,
    ]  # fmt: skip
    assert bench.control.faults()["faults"] == []
    assert whole(bench)


def test_several_rules_may_strike_one_payment_each_once(bench: Bench):
    bench.control.fault("execute", "other_amount", times=None, amount="9")
    bench.control.fault("execute", "twice", times=None)
    bench.pay("r-1")
    assert [row["debit"] for row in rows(bench)] == [9, FEE, 10, FEE]
    assert whole(bench)


@pytest.mark.parametrize("fault", ["other_amount", "other_fee"])
def test_a_rule_of_another_amount_says_which(bench: Bench, fault: str):
    with pytest.raises(Misused, match=f"amount: is required by {fault}"):
        bench.control.fault("execute", fault)
    with pytest.raises(Misused, match=f"{fault} cannot happen on status"):
        bench.control.fault("status", fault, amount="1.00")


def test_a_payment_that_is_returned_after_another_amount_left_gives_back_what_was_asked(
    bench: Bench,
):
    bench.pay("r-1", "Sim Return")
    bench.control.amend("r-1", amount="12.00")
    bench.control.advance(60)
    assert [row["credit"] for row in rows(bench) if row["credit"]] == [10]
    assert whole(bench)


def test_a_payment_is_debited_twice_under_one_reference(bench: Bench):
    first = bench.pay("r-1")["transactionId"]
    second = bench.control.repeat("r-1")
    assert [(row["transactionId"], row["uniqueReference"]) for row in rows(bench)] == [
        (first, "r-1"), (first, "r-1"), (second, "r-1"), (second, "r-1"),
    ]  # fmt: skip
    assert statuses(bench) == [("r-1", "Complete")] * 2
    assert [each[0] for each in statement(bench)] == ["r-1"] * 2
    assert bench.control.executions("r-1") == 2
    assert whole(bench)


def test_by_rule_a_payment_is_debited_twice_and_told_once(bench: Bench, listener: Listener):
    bench.subscribe(listener, *EVENTS)
    bench.control.fault("execute", "twice")
    bench.pay("r-1", "Sim Pending")
    bench.control.advance(60)
    assert bench.control.executions("r-1") == 2
    assert statuses(bench) == [("r-1", "Complete")] * 2
    assert listener.events == ["NppPaymentStatus"]
    assert whole(bench)


@pytest.mark.parametrize(("word", "listed"), [("Rejected", 0), ("Pending", 0), ("Weighed", 0)])
def test_a_status_that_is_not_so_is_told_by_both_calls_and_the_rows_know_better(
    bench: Bench, word: str, listed: int
):
    bench.pay("r-1")
    bench.control.lie("r-1", word)
    assert (bench.status("r-1"), statuses(bench)) == (word, [("r-1", word)])
    told = exact(bench.get("/financial/v2/status/r-1"))
    assert (told["completedDate"] is None) == (word == "Pending")
    assert len(statement(bench)) == listed
    assert [row["debit"] for row in rows(bench)] == [10, FEE]
    bench.control.lie("r-1", None)
    assert bench.status("r-1") == "Complete"
    assert whole(bench)


def test_a_stale_status_stays_so_whatever_becomes_of_the_payment(bench: Bench):
    bench.pay("r-1", "Sim Pending")
    bench.control.lie("r-1", "Pending")
    bench.control.advance(60)
    assert (bench.status("r-1"), statement(bench)) == ("Pending", [])
    bench.control.lie("r-1", None)
    assert bench.status("r-1") == "Complete"


def test_a_payment_that_is_said_to_have_ended_has_a_date(bench: Bench):
    bench.pay("r-1", "Sim Stuck")
    bench.control.lie("r-1", "Rejected")
    told = exact(bench.get("/financial/v2/status/r-1"))
    assert told["completedDate"] == bench.today().isoformat()


def test_a_payment_that_vanishes_leaves_nothing_but_a_reference_that_is_used_up(bench: Bench):
    for reference in ("r-1", "r-2", "r-3"):
        bench.pay(reference)
    bench.control.happen("r-2", "return")
    bench.control.vanish("r-2")
    assert (bench.status("r-2"), statuses(bench)) == (
        "UniqueIdNotFound", [("r-1", "Complete"), ("r-3", "Complete")],
    )  # fmt: skip
    assert [row["uniqueReference"] for row in rows(bench)] == ["r-1", "r-1", "r-3", "r-3"]
    assert [each[0] for each in statement(bench)] == ["r-1", "r-3"]
    assert bench.control.executions("r-2") == 0
    assert balance(bench) == 1000 - 2 * (10 + FEE)
    assert whole(bench)
    again = bench.execute({"uniqueReference": "r-2", "totalAmount": 10})
    assert again.status_code == 400
    with pytest.raises(Misused, match="was never executed"):
        bench.control.happen("r-2", "return")


@pytest.mark.parametrize("gap", [False, True])
def test_nothing_becomes_of_a_payment_that_has_vanished(
    bench: Bench, listener: Listener, gap: bool
):
    bench.subscribe(listener, *EVENTS)
    bench.pay("r-1", "Sim Reject")
    bench.control.vanish("r-1", gap=gap)
    bench.control.advance(60)
    assert (listener.heard, rows(bench)) == ([], [])
    assert bench.balanced()


def test_a_reference_that_vanished_is_refused_when_it_comes_again(bench: Bench):
    bench.pay("r-1")
    bench.control.vanish("r-1")
    with pytest.raises(AssertionError, match="UniqueReferenceExists"):
        bench.pay("r-1")


@pytest.mark.parametrize(
    ("where", "in_statuses", "in_lines"), [("statuses", 0, 2), ("lines", 1, 0)]
)
def test_a_payment_may_vanish_from_one_of_two_places(
    bench: Bench, where: str, in_statuses: int, in_lines: int
):
    bench.pay("r-1")
    bench.control.vanish("r-1", where=where)
    assert (len(statuses(bench)), len(statement(bench))) == (in_statuses, in_statuses)
    assert len(rows(bench)) == in_lines
    assert (bench.status("r-1") == "Complete") == bool(in_statuses)
    assert whole(bench)


@pytest.mark.parametrize("where", ["both", "lines"])
def test_with_a_gap_the_money_stays_gone_and_the_running_balance_jumps(bench: Bench, where: str):
    bench.pay("r-1")
    bench.control.vanish("r-1", where=where, gap=True)
    bench.control.foreign("credit", "1.00")
    (row,) = rows(bench)
    assert row["runningBalance"] == balance(bench) == 1001 - 10 - FEE
    assert not follows(bench)
    assert bench.balanced()
    assert bench.control.executions("r-1") == 1


def test_one_running_balance_does_not_follow_and_the_next_one_does(bench: Bench):
    first = bench.pay("r-1")["transactionId"]
    bench.pay("r-2")
    bench.control.bend("0.07", transaction_id=first)
    shown = [row["runningBalance"] for row in rows(bench)]
    assert shown == [990, 990 - FEE + Decimal("0.07"), 980 - FEE, 980 - 2 * FEE]
    assert balance(bench) == shown[-1]
    assert not follows(bench)
    assert bench.balanced()


def test_the_last_balance_of_a_day_is_not_the_next_one_s_opening(bench: Bench):
    bench.pay("r-1")
    bench.control.bend("5.00")
    closing = account(bench)["closingBalance"]
    bench.control.advance(DAY)
    assert account(bench)["openingBalance"] == closing - 5 == balance(bench)


@pytest.mark.parametrize("rail", ["NPP", "DE", "PAYTO", "RTGS"])
def test_a_receipt_may_come_of_which_only_the_account_knows(
    bench: Bench, listener: Listener, rail: str
):
    bench.subscribe(listener, *EVENTS)
    received = bench.control.receive("40.00", rail=rail, told=False)
    assert (received.webhook_id, listener.heard) == (None, [])
    assert [row["credit"] for row in rows(bench)] == [40]
    assert bench.control.totals().received == 40
    assert whole(bench)


def test_what_is_turned_away_is_nothing_but_told(bench: Bench):
    with pytest.raises(Misused, match="told: what is turned away"):
        bench.control.receive("40.00", rejected="CLOSED", told=False)


@pytest.mark.parametrize(
    ("path", "body", "wrong"),
    [
        ("foreign", {"side": "up", "amount": "-1", "fee": "x", "count": 0, "when": 1},
         {"side", "amount", "fee", "count", "when"}),
        ("foreign", {"side": "debit", "amount": "1", "hidden": True, "uniqueReference": "r-1"},
         {"uniqueReference"}),
        ("amend", {"uniqueReference": "r-9"}, {"uniqueReference", "amount"}),
        ("amend", {}, {"uniqueReference", "amount"}),
        ("repeat", {"uniqueReference": "r-9", "amount": "1"}, {"uniqueReference", "amount"}),
        ("lie", {"uniqueReference": "r-9", "status": 7}, {"uniqueReference", "status"}),
        ("vanish", {"uniqueReference": "r-9", "from": "here", "gap": 1},
         {"uniqueReference", "from", "gap"}),
        ("bend", {"transactionId": 1}, {"transactionId", "amount"}),
    ],
)  # fmt: skip
def test_a_request_that_makes_no_sense_is_told_everything_that_is_wrong_with_it(
    bench: Bench, path: str, body: dict[str, object], wrong: set[str]
):
    answer = bench.post(f"/_simulator/{path}", body)
    assert answer.status_code == 400
    assert {each["field"] for each in answer.json()["errors"]} == wrong
    assert (rows(bench), whole(bench)) == ([], True)


def test_books_of_an_earlier_version_grow_what_they_lack(tmp_path: Path):
    with simulated(state=tmp_path) as before:
        before.pay("r-1")
    with closing(sqlite3.connect(tmp_path / "monoova.sqlite3")) as database:
        for table, columns in GROWN.items():
            for column in columns:
                database.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
        database.commit()
    with simulated(state=tmp_path) as after:
        after.control.amend("r-1", amount="12.00")
        after.control.lie("r-1", "Rejected")
        assert after.status("r-1") == "Rejected"
        assert whole(after)


def test_a_day_of_ten_thousand_is_told_in_moments(bench: Bench):
    bench.control.foreign("credit", "100000.00")
    for _ in range(2):
        bench.control.foreign("debit", "1.00", fee="0.11", uniqueReference="theirs", count=5000)
    began = time.monotonic()
    assert len(statuses(bench)) == 10_000
    assert len(rows(bench)) == 20_001
    assert time.monotonic() - began < 20
