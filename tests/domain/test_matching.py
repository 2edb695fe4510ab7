"""A receipt is of the settlement that it names, whole, and to the cent: no guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from string import ascii_letters, digits

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.findings import Kind
from chalicelib.domain.funding import Receipt, movement_id
from chalicelib.domain.matching import (
    is_overdue,
    judge,
    names,
    settled,
    with_allocated,
    with_receipt,
)
from chalicelib.domain.money import Money
from chalicelib.domain.receipts import Banked
from chalicelib.domain.settlement import Settlement, Stage
from tests.domain.making import NOW

DUE = date(2026, 3, 2)
SETTLEMENT = Settlement("s1", DUE, Money(600), "FDMS 0042", NOW, "olive")


def receipt(cents=600, text="FDMS 0042", **changed):
    return Receipt(**{
        "receipt_id": "N1", "amount": Money(cents), "rail": "NPP", "received_at": NOW,
        "reference": text, **changed,
    })  # fmt: skip


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("FDMS 0042", "FDMS 0042"), ("fdms-0042 of May", "FDMS 0042"), ("x FDMS0042", "fdms 0042"),
        ("SETTLEMENT/2026.03.02", "2026-03-02"), ("123 4", "123"), ("12 3", "123"),
        ("a1234 123", "123"), ("INV123", "123"), ("STRASSE 12", "straße 12"),
        ("\uff26\uff24\uff2d\uff33 0042", "FDMS 0042"),  # of full width
    ],
)  # fmt: skip
def test_a_reference_is_named_without_case_spaces_and_punctuation(text, reference):
    assert names(text, reference)


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("1234", "123"), ("0123", "123"), ("FDMS 00421", "FDMS 0042"), ("XFDMS 0042", "FDMS 0042"),
        ("FDMS", "FDMS 0042"), ("", "FDMS 0042"), ("FDMS 0042", ""), ("a - b", "-"), ("", ""),
    ],
)  # fmt: skip
def test_a_reference_is_named_whole_or_not(text, reference):
    assert not names(text, reference)


@given(st.text(ascii_letters + digits + " -/.", max_size=20), st.text(max_size=8))
def test_a_text_names_itself_between_others_however_it_is_written(reference, other):
    if any(letter.isalnum() for letter in reference):
        assert names(f"{other} {reference.upper()} {other}", reference)
        assert names(reference.replace(" ", ""), reference)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_number_names_no_other(one, other):
    assert names(f"no {one}", str(other)) == (one == other)


def test_the_same_amount_is_a_match():
    verdict = judge(receipt(), [SETTLEMENT])
    assert (verdict.settlement, verdict.late, verdict.kind) == (SETTLEMENT, False, None)


@pytest.mark.parametrize("days", [0, 1])
def test_it_is_late_from_the_next_sydney_date_on(days):
    # 13:00 UTC is midnight in Sydney, in summer.
    at = NOW.replace(year=2026, month=3, day=2, hour=12, minute=59) + timedelta(minutes=days)
    assert judge(receipt(received_at=at), [SETTLEMENT]).late is bool(days)


@pytest.mark.parametrize(
    ("cents", "kind"), [(601, Kind.RECEIPT_OVER), (599, Kind.RECEIPT_UNDER)], ids=str
)
def test_another_amount_is_no_match(cents, kind):
    verdict = judge(receipt(cents), [SETTLEMENT])
    assert (verdict.settlement, verdict.kind) == (None, kind)
    assert verdict.about == SETTLEMENT.settlement_id


def test_what_may_be_of_two_that_have_come_is_about_neither():
    come = replace(SETTLEMENT, stage=Stage.SETTLED, received=Money(600))
    also = replace(come, settlement_id="s2")
    assert judge(receipt(), [], [come]).about == come.settlement_id
    assert judge(receipt(), [], [come, also]).about == ""


def test_what_is_missing_counts_not_what_was_expected():
    partly = replace(SETTLEMENT, received=Money(200), receipts=("N0",))
    assert judge(receipt(400), [partly]).settlement == partly
    assert judge(receipt(600), [partly]).kind is Kind.RECEIPT_OVER


def test_what_names_nothing_or_several_is_unknown():
    other = replace(SETTLEMENT, settlement_id="s2", amount=Money(500))
    assert judge(receipt(text="x"), [SETTLEMENT]).kind is Kind.RECEIPT_UNKNOWN
    verdict = judge(receipt(), [SETTLEMENT, other])
    assert (verdict.kind, verdict.detail) == (Kind.RECEIPT_UNKNOWN, "several_settlements_named")


@pytest.mark.parametrize("stage", [Stage.ALLOCATING, Stage.SETTLED])
def test_what_has_come_is_doubled(stage):
    come = replace(SETTLEMENT, stage=stage, received=Money(600))
    assert judge(receipt(), [], [come]).kind is Kind.RECEIPT_DOUBLED
    again = replace(SETTLEMENT, settlement_id="s2")
    assert judge(receipt(), [again], [come]).settlement == again


def test_what_was_cancelled_is_named_by_nobody():
    gone = replace(SETTLEMENT, stage=Stage.CANCELLED)
    assert judge(receipt(), [gone]).kind is Kind.RECEIPT_UNKNOWN


def test_it_is_overdue_the_day_after_while_nothing_has_come():
    assert not is_overdue(SETTLEMENT, DUE)
    assert is_overdue(SETTLEMENT, DUE + timedelta(days=1))
    assert not is_overdue(replace(SETTLEMENT, received=Money(1)), DUE + timedelta(days=1))
    for stage in set(Stage) - {Stage.EXPECTED}:
        assert not is_overdue(replace(SETTLEMENT, stage=stage), DUE + timedelta(days=1))


@pytest.mark.parametrize(
    ("cents", "stage"),
    [(599, Stage.EXPECTED), (600, Stage.ALLOCATING), (601, Stage.ALLOCATING)],
)
def test_once_all_of_it_has_come_it_is_allocated(cents, stage):
    after = with_receipt(SETTLEMENT, Banked(receipt(cents)))
    assert (after.stage, after.receipts, after.received) == (stage, ("N1",), Money(cents))
    assert after.version == SETTLEMENT.version + 1


def test_progress_and_the_end_are_versions():
    after = with_allocated(SETTLEMENT, 25)
    assert (after.allocated_rows, after.version) == (25, 2)
    assert (settled(after).stage, settled(after).version) == (Stage.SETTLED, 3)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("N00100000000", "100000000"), ("d00100000000", "100000000"), (" 00100 ", "100"),
        ("100000000", "100000000"), ("N", "N"), ("", ""), ("0", "0"), ("NN12", "NN12"),
        ("R10002222", "R10002222"), ("12-3", "12-3"),
    ],
)  # fmt: skip
def test_a_movement_has_one_name(name, bare):
    assert movement_id(name) == bare
