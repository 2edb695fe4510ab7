"""Whatever is wrong with a stored row, its reader says that it cannot be read, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.adapters.dynamo.bank_file_rows import bank_file_from, bank_file_row
from chalicelib.adapters.dynamo.check_rows import kept_from, own_row
from chalicelib.adapters.dynamo.circuits import KEYS, board_from
from chalicelib.adapters.dynamo.claim_rows import habits_from, pace_from, twin_from, twin_row
from chalicelib.adapters.dynamo.customer_rows import customer_from, customer_row
from chalicelib.adapters.dynamo.desk_rows import day_from, request_from, request_row
from chalicelib.adapters.dynamo.event_rows import recorded_from, step_row
from chalicelib.adapters.dynamo.finding_rows import finding_from, finding_row
from chalicelib.adapters.dynamo.gate import is_closed
from chalicelib.adapters.dynamo.keeping import sweep_from
from chalicelib.adapters.dynamo.liquidity import outlook_from
from chalicelib.adapters.dynamo.night_rows import agenda_from, agenda_row, night_from, night_row
from chalicelib.adapters.dynamo.notice_rows import notice_of, notice_row
from chalicelib.adapters.dynamo.parked import letter_from, letter_row
from chalicelib.adapters.dynamo.pause_rows import pause_from, pause_row
from chalicelib.adapters.dynamo.payout_rows import payout_from, payout_row
from chalicelib.adapters.dynamo.policy_rows import (
    CURRENT,
    change_from,
    change_row,
    policy_from,
    proposal_from,
)
from chalicelib.adapters.dynamo.receipt_rows import banked_from, movement_from, receipt_row
from chalicelib.adapters.dynamo.repairs import asked_from, run_from
from chalicelib.adapters.dynamo.schedule_rows import schedule_from, schedule_row
from chalicelib.adapters.dynamo.settlement_rows import (
    chunk_row,
    settlement_from,
    settlement_row,
    shares_from,
)
from chalicelib.adapters.dynamo.told_tokens import told_from
from chalicelib.adapters.dynamo.treasury import funds_from
from chalicelib.adapters.dynamo.values import from_item, instant, to_item
from chalicelib.adapters.dynamo.wire_rows import last_from, wire_from
from chalicelib.domain.advance import advance
from chalicelib.domain.agenda import Agenda
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.events import Doubt, Filed, Held, LetGo, Unclear
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import ParkedLetter, discarded
from chalicelib.domain.patience import Patience
from chalicelib.domain.pause import Kind, Scope
from chalicelib.domain.twins import Twin
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


SENT = {
    "transaction_id": "x-1", "reference": "r-1", "customer_id": "customer-1", "rail": "NPP",
    "since": instant(START), "started_at": instant(START), "heard_at": instant(START),
    "certain": True,
}  # fmt: skip

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
    "policy in force": (change_row(agreed(a_proposal()), CURRENT), policy_from),
    "liquidity": (
        {"key": "liquidity", "short_since": instant(START), "available": Decimal(5),
         "npp_limit": Decimal(5), "cost_of_direct_entry": Decimal("0.1")}, outlook_from,
    ),
    "wire": (
        {"key": "wire#00", "sending#x-1": SENT, "last#NPP": SENT}, lambda row: wire_from([row])
    ),
    "last of a customer": ({"key": "sent#customer-1", "last": SENT}, last_from),
    "habits": ({"key": "habits#1", "count": 2, "cents": 5, "hour#1": 1}, habits_from),
    "twin": (twin_row(Twin("customer-1", "x-1", START)), twin_from),
    "pace": ({"key": "rate#ada", "tat": 5}, pace_from),
    "agenda": (agenda_row(Agenda(LATE, frozenset({LATE}), 2)), agenda_from),
    "sweep": ({"key": "sweep", "day": "2026-07-03", "version": 1}, sweep_from),
    "funds": (
        {"key": "funds", "received": 5, "unallocated": 5, "version": 1, "last_hash": "h"},
        funds_from,
    ),
    "run of repairs": (
        {"key": "repair", "due_at": instant(START), "first_at": instant(START)}, run_from
    ),
    "webhook asked for": (
        {"key": "asked#1", "webhook_id": "1", "times": 1, "asked_at": instant(START),
         "run_at": instant(START), "was_sent": True, "ending": "open"}, asked_from,
    ),
    "told token": ({"key": "told-token#1", "subscription_id": "1", "mark": "m"}, told_from),
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
    assert refused >= 5


def columns(row):
    return [broken for broken in spoilt(from_item(to_item(row))) if isinstance(broken, dict)]


def test_a_gate_that_cannot_be_read_is_shut():
    row = {"key": "gate", "closed_until": instant(START)}
    assert not is_closed(row, START)
    odd = [each for each in columns(row) if isinstance(each.get("closed_until", ""), list)]
    assert odd
    for broken in odd:
        assert is_closed(broken, START)
    for broken in columns(row):
        is_closed(broken, START)


def test_a_circuit_that_cannot_be_read_keeps_nobody_from_paying_by_it():
    at = instant(START)
    row = {
        "key": KEYS[0], "version": 2, "tripped": True, "by_hand": False, "since": at,
        "next_try": at, "failed_at": [at], "slots": [[at, 1, 2]], "history": [[at, "open", "", ""]],
    }  # fmt: skip
    name = KEYS[0].removeprefix("circuit#")
    assert board_from({KEYS[0]: row}).of(name).tripped
    for broken in columns(row):
        board_from({KEYS[0]: broken})
    assert not board_from({KEYS[0]: row | {"since": ODD[2]}}).of(name).tripped
