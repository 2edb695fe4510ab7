"""Whatever is wrong with a stored row, its reader says that it cannot be read, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.adapters.dynamo.bank_file_rows import bank_file_from, bank_file_row
from chalicelib.adapters.dynamo.check_rows import kept_from, own_row
from chalicelib.adapters.dynamo.customer_rows import customer_from, customer_row
from chalicelib.adapters.dynamo.desk_rows import day_from, request_from, request_row
from chalicelib.adapters.dynamo.event_rows import recorded_from, step_row
from chalicelib.adapters.dynamo.finding_rows import finding_from, finding_row
from chalicelib.adapters.dynamo.night_rows import night_from, night_row
from chalicelib.adapters.dynamo.notice_rows import notice_of, notice_row
from chalicelib.adapters.dynamo.parked import letter_from, letter_row
from chalicelib.adapters.dynamo.pause_rows import pause_from, pause_row
from chalicelib.adapters.dynamo.payout_rows import payout_from, payout_row
from chalicelib.adapters.dynamo.policy_rows import change_from, change_row, proposal_from
from chalicelib.adapters.dynamo.receipt_rows import banked_from, movement_from, receipt_row
from chalicelib.adapters.dynamo.schedule_rows import schedule_from, schedule_row
from chalicelib.adapters.dynamo.settlement_rows import (
    chunk_row,
    settlement_from,
    settlement_row,
    shares_from,
)
from chalicelib.adapters.dynamo.values import from_item, to_item
from chalicelib.domain.advance import advance
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.events import Doubt, Filed, Held, LetGo, Unclear
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import ParkedLetter, discarded
from chalicelib.domain.patience import Patience
from chalicelib.domain.pause import Kind, Scope
from tests.contracts.making import (
    a_customer,
    a_finding,
    a_notice,
    an_intent,
    begun,
    claimed,
)
from tests.contracts.stores import CALENDAR
from tests.contracts.test_account_checks import a_check
from tests.contracts.test_bank_files import a_file, line_of
from tests.contracts.test_desk import a_request
from tests.contracts.test_nights import whole_night
from tests.contracts.test_pauses import a_pause
from tests.contracts.test_policies import a_proposal, agreed
from tests.contracts.test_schedules import a_schedule
from tests.contracts.test_settlements import SOME, a_settlement
from tests.fakes.clock import START

LATE = date(9999, 12, 31)
# What no column of ours may make of a reader: of another kind, empty, or beyond all bounds.
ODD: tuple[Any, ...] = (
    "", "?", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", b"no such body", True, None,
    Decimal("-1.5"), Decimal("1e60"), [], ["?"], [["?", "?"]], {}, {"?": "?"}, {"key": []},
)  # fmt: skip


def turned():
    """A payout with all that happens to few: doubt, a bank file, another attempt, a hold."""
    first, then = claimed(an_intent())
    doubt = Unclear(at=START, by="x", attempt=1, doubt=Doubt.TIMED_OUT)
    return [first, then, advance(then.after, doubt)]


def filed():
    payout = begun(an_intent()).after
    for event in (
        Filed(at=START, by="x", file_id="file-1"),
        LetGo(at=START, by="x", file_id="file-1", why="given up"),
        Held(at=START, by="x", reason="asked by the bank"),
    ):
        payout = advance(payout, event).after
    return payout


def letter():
    plain = DeadLetter("NppReturn", "17", b"{}", START, "store_unavailable")
    return discarded(ParkedLetter("one", plain, START), "doubled", "ada", START)


def movement_row():
    return {
        "key": "movement#1", "transaction_id": "x-1", "amount": Decimal(1), "stage": "heard",
        "receipt#1": Decimal(1),
    }  # fmt: skip


def a_line():
    return replace(line_of(begun(an_intent()).after), came_back=Money(5), why="6")


ROWS = {
    "payout": (payout_row(filed(), Patience(), CALENDAR), payout_from),
    "payout in doubt": (payout_row(turned()[-1].after, Patience(), CALENDAR), payout_from),
    "step": (step_row(turned()[1]), recorded_from),
    "customer": (customer_row(a_customer()), customer_from),
    "bank file": (bank_file_row(replace(a_file(), lines=(a_line(),))), bank_file_from),
    "account check": (own_row(a_check()), kept_from),
    "approver's day": (
        {"key": "approver#a", "version": 1, "hours": {"1": 5}}, lambda row: day_from(row, "a")
    ),
    "credit request": (request_row(a_request("one")), request_from),
    "finding": (finding_row(a_finding()), finding_from),
    "night": (night_row(whole_night(), []), lambda row: night_from(row, {})),
    "notice": (
        notice_row(replace(a_notice(), expires_at=START)), lambda row: notice_of(row, whole=True)
    ),
    "dead letter": (letter_row(letter()), letter_from),
    "pause": (pause_row(a_pause(Scope(Kind.CUSTOMER, customer_id="customer-1"))), pause_from),
    "proposal": (change_row(agreed(a_proposal()), "policy"), proposal_from),
    "policy": (change_row(agreed(a_proposal()), "policy"), change_from),
    "receipt": (receipt_row(Receipt("1", Money(5), "npp", START)), banked_from),
    "movement": (movement_row(), movement_from),
    "schedule": (schedule_row(a_schedule()), schedule_from),
    "settlement": (settlement_row(a_settlement()), settlement_from),
    "shares": (chunk_row(a_settlement(), 0, SOME), shares_from),
}  # fmt: skip


def spoilt(value):
    """The same with one thing missing or odd in it, wherever it lies."""
    yield from (odd for odd in ODD if odd != value)
    if not isinstance(value, (dict, list)):
        return
    for name, held in list(value.items() if isinstance(value, dict) else enumerate(value)):
        without = dict(value) if isinstance(value, dict) else list(value)
        del without[name]
        yield without
        for other in spoilt(held):
            changed = dict(value) if isinstance(value, dict) else list(value)
            changed[name] = other
            yield changed


@pytest.mark.parametrize("name", ROWS)
def test_a_row_is_read_or_said_to_be_unreadable(name):
    row, read = ROWS[name]
    row = from_item(to_item(row))
    read(row)
    refused = 0
    for broken in spoilt(row):
        if not isinstance(broken, dict):
            continue
        try:
            read(broken)
        except Corrupt:
            refused += 1
    assert refused > 5
