"""An allocation whose process is killed half way: started again, each row is allocated once."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.front_door.settlement import Allocation, drawn
from tests.front_door.town import PATIENCE

if TYPE_CHECKING:
    from tests.front_door.town import Town

ROWS, CUSTOMERS, SEED, TRIES = 600, 12, 7, 5
PROCESSES = ("app", "triggers")


def test_an_allocation_killed_half_way_and_resumed_allocates_each_row_once(town: Town):
    for seed in range(SEED, SEED + TRIES):
        allocation = drawn(town, rows=ROWS, customers=CUSTOMERS, seed=seed)
        was_cut = allocate_with_a_death(allocation)
        assert_each_row_once(allocation)
        if was_cut:
            return
    pytest.fail("each was over before it could be killed")


def allocate_with_a_death(allocation: Allocation, *, seconds: float = PATIENCE) -> bool:
    """Announce, let the money come, kill in the middle, start again, wait for the end.

    Whether it was the middle: whoever stands still after a look may kill too late.
    """
    town, rows = allocation.town, len(allocation.rows)
    assert allocation.announce()["rows"] == rows
    town.control.receive(str(allocation.total), description=allocation.reference)
    town.until(
        lambda: allocation.now()["allocated_rows"] > rows // 4, allocation.now, seconds=seconds
    )
    town.kill(*PROCESSES)
    town.start("app")
    begun = allocation.now()  # before anybody goes on with it
    town.start("triggers")
    town.until(
        lambda: allocation.now()["stage"] == "Settled", allocation.now, seconds=seconds,
        step=town.minutes_pass(),
    )  # fmt: skip
    done = int(begun["allocated_rows"])
    return begun["stage"] == "Allocating" and rows // 4 < done < rows


def assert_each_row_once(allocation: Allocation) -> None:
    """By the balances, by every single credit in the books, and by their sum."""
    told = allocation.now()
    assert told["allocated_rows"] == len(allocation.rows)
    assert Decimal(told["allocated_amount"]) == Decimal(told["received"]) == allocation.total
    assert allocation.balances() == allocation.owed()
    wanted = Counter((customer.customer_id, cents) for customer, cents in allocation.rows)
    assert allocation.credits() == wanted
    funds = allocation.town.get("/funds")
    theirs = sum(
        (Decimal(each["available_balance"]) for each in allocation.town.every("/customers")),
        Decimal(0),
    )
    assert Decimal(funds["received"]) == Decimal(funds["unallocated"]) + theirs
