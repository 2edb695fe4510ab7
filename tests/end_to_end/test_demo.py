"""The demo: it plays to the end, says so, and would say if the books differed."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from chalicelib.domain.calendar import days
from local.demo.books import compare
from local.demo.scenes import DISHONOURED_WITHIN
from local.demo.stage import Stage
from local.monoova.dates import business_day_after
from local.monoova.switches import Switches

if TYPE_CHECKING:
    from pathlib import Path

PAYOUT = {
    "transaction_id": "one", "uniqueReference": "one-1", "amount": "10.00", "fee": "0.11",
    "status": "Completed", "monoova_transaction_id": "7",
}  # fmt: skip
EXECUTION = {
    "uniqueReference": "one-1", "transactionId": 7, "amount": "10.00", "executed_count": 1,
}  # fmt: skip
BOOKS = {
    "received": "100.00", "fees": "0.11", "paid": "10.00", "returned": "0.00",
    "debited": "5.00", "balance": "84.89", "executions": [EXECUTION],
}  # fmt: skip


class Told:
    """The API and the simulator, of which nothing but these answers is asked."""

    def __init__(self, books):
        self.told = books

    def books(self):
        return self.told

    def every(self, path):
        return {
            "/exports": [{"lines": []}],
            "/payouts": [PAYOUT],
            "/customers": [{"available_balance": "40.00"}],
            "/findings": [{"kind": "unexpected_debit", "amount": "5.00"}, {"kind": "receipt_over"}],
        }[path]

    def need(self, *_):
        return {"received": "100.00", "unallocated": "50.00"}


def differing(books):
    told: Any = Told(books)
    stage = Stage(told, told, told, told, told, Console(file=io.StringIO()))
    return [line.what.strip() for line in compare(stage) if not line.equal]


def test_equal_books_are_equal():
    assert differing(BOOKS) == []


def test_what_a_bank_file_pays_is_no_payment_of_the_provider():
    filed = {"transaction_id": "one", "status": "Pending", "monoova_transaction_id": None}
    told: Any = Told(
        {**BOOKS, "executions": [], "paid": "0.00", "fees": "0.00", "balance": "95.00"}
    )
    listed = {"/payouts": [PAYOUT | filed], "/exports": [{"lines": [{"transaction_id": "one"}]}]}
    told.every = lambda path: listed.get(path) or Told.every(told, path)
    stage = Stage(told, told, told, told, told, Console(file=io.StringIO()))
    stage.bank.paid = Decimal("10.00")
    assert [line.what for line in compare(stage) if not line.equal] == []
    stage.bank.paid = Decimal("9.99")
    assert [line.what for line in compare(stage) if not line.equal] == ["paid by bank files"]


def test_a_cent_is_a_difference():
    assert differing({**BOOKS, "balance": "84.88"}) == ["left in the account"]


def test_a_debit_that_nobody_wondered_at_is_a_difference():
    books = {**BOOKS, "debited": "6.00", "balance": "83.89"}
    assert differing(books) == ["taken by others", "left in the account"]


def test_a_payment_that_we_know_nothing_of_is_a_difference():
    strange = {**EXECUTION, "uniqueReference": "two-1"}
    books = {**BOOKS, "executions": [EXECUTION, strange]}
    assert differing(books) == ["payments executed"]


def test_a_payment_executed_twice_is_a_difference():
    twice = [{**EXECUTION, "executed_count": 2}, {**EXECUTION, "executed_count": 2}]
    found = differing({**BOOKS, "executions": twice, "paid": "20.00", "balance": "74.89"})
    assert "executed more than once" in found
    assert "with payees" in found


def test_a_dishonour_comes_within_the_days_that_are_waited_for_whenever_it_is_played():
    until = Switches().dishonour_business_days
    waits = {
        business_day_after(day, until) - day for day in days(date(2026, 1, 1), date(2060, 12, 31))
    }
    # It comes at nine in the morning of its day, and may have been sent before nine.
    assert max(waits) < timedelta(days=DISHONOURED_WITHIN)


@pytest.mark.timeout(600)  # a minute alone, several where others work beside it
def test_the_demo_plays_to_the_end_and_the_books_are_equal(tmp_path: Path):
    """In a folder of the run's own, so that its logs are searched for what must not be written.

    What it shows to whoever plays it has the names of its made-up people, and is not.
    """
    command = [sys.executable, "-m", "local.demo", str(tmp_path)]
    played = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=580,
        check=False,
    )
    assert played.returncode == 0, played.stdout[-3000:] + played.stderr[-3000:]
    assert list(tmp_path.rglob("*.log*")), "nothing of it would be searched"
    assert "Equal to the cent." in played.stdout
    assert "DIFFERS" not in played.stdout
