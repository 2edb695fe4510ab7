"""Reading a CSV of shares: everything that is wrong with it, at its row and column."""

from __future__ import annotations

import time
from itertools import chain, repeat

import pytest

from chalicelib.api.shares import MOST_ROWS, sheet_of, sheet_of_bytes
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import Share

ONE = "6f1d2a0e-6d5c-4b0a-9b53-0d8f4c2c1a77"
TWO = "0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20"
HEAD = "customer_id,amount\n"
GOOD = f"{HEAD}{ONE},1.00\n{TWO},0.29\n{ONE},250\n"
SHARES = (Share(1, ONE, Money(100)), Share(2, TWO, Money(29)), Share(3, ONE, Money(25_000)))


def wrong(sheet):
    """What is wrong, as (row, column, code)."""
    return [(fault.row, fault.column, fault.code) for fault in sheet.faults]


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.rstrip("\n"),
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("customer_id,amount", "CUSTOMER_ID,Amount"),
        GOOD.replace("customer_id,amount", '"customer_id", amount '),
        GOOD.replace(ONE, ONE.upper()),
        GOOD.replace(ONE, f'"{ONE}"').replace("0.29", '"0.29"'),
        GOOD.replace("1.00", "1").replace("250", "250.0"),
    ],
    ids=["plain", "no last line feed", "CRLF", "case", "quoted header", "ids", "quoted", "amounts"],
)
def test_the_same_rows_are_the_same_however_they_are_written(text):
    for sheet in (sheet_of(text), sheet_of_bytes(text.encode())):
        assert sheet.faults == ()
        assert sheet.shares == SHARES


def test_the_columns_may_stand_in_any_order():
    sheet = sheet_of(f"amount,customer_id\n1.00,{ONE}\n")
    assert (sheet.shares, sheet.faults) == (SHARES[:1], ())


def test_an_amount_is_exact_to_the_largest():
    sheet = sheet_of(f"{HEAD}{ONE},999999999999.99\n{ONE},0.01\n")
    assert [share.amount.cents for share in sheet.shares] == [10**14 - 1, 1]


BYTES = {
    "a byte-order mark": (b"\xef\xbb\xbf" + GOOD.encode(), 1, "byte_order_mark"),
    "UTF-16": (GOOD.encode("utf-16"), 1, "utf16"),
    "UTF-16 the other way round": (b"\xfe\xff" + GOOD.encode("utf-16-be"), 1, "utf16"),
    "UTF-16 without a mark": (GOOD.encode("utf-16-le"), 1, "nul_character"),
    "Latin-1 in the third row": (GOOD.encode().replace(b"0.29", b"\xa30.29"), 3, "not_utf8"),
    "half a character at the end": (GOOD.encode() + b"\xe2\x82", 5, "not_utf8"),
    "a surrogate in UTF-8": (b"\xed\xa0\x80" + GOOD.encode(), 1, "not_utf8"),
    "a NUL in the second row": (GOOD.encode().replace(b"1.00", b"1.00\x00"), 2, "nul_character"),
    "nothing": (b"", 1, "empty"),
    "a header only": (HEAD.encode(), 2, "no_rows"),
    "a header without a line feed": (HEAD.strip().encode(), 2, "no_rows"),
}


@pytest.mark.parametrize("what", BYTES)
def test_a_file_in_another_form_is_refused_whole(what):
    raw, row, code = BYTES[what]
    sheet = sheet_of_bytes(raw)
    assert wrong(sheet) == [(row, None, code)]
    assert sheet.shares == ()


def test_what_to_do_about_the_form_is_said():
    for raw in (b"\xef\xbb\xbf", GOOD.encode("utf-16"), b"\xff"):
        (fault,) = sheet_of_bytes(raw).faults
        assert "UTF-8 without a byte-order mark" in fault.detail


def test_a_byte_order_mark_in_a_text_is_refused_too():
    assert wrong(sheet_of("\ufeff" + GOOD)) == [(1, None, "byte_order_mark")]


HEADERS = {
    "customer_id": [("amount", "missing_column")],
    "amount": [("customer_id", "missing_column")],
    "": [("customer_id", "missing_column"), ("amount", "missing_column")],
    "customer_id;amount": [
        ("customer_id", "missing_column"), ("amount", "missing_column"),
        ("customer_id;amount", "unknown_column"),
    ],
    "customer_id,amount,amount": [("amount", "doubled_column")],
    "customer_id,Amount,AMOUNT ,customer_id": [
        ("customer_id", "doubled_column"), ("amount", "doubled_column"),
    ],
    "customer_id,reference,amount": [("reference", "unknown_column")],
    "customer_id,amount,": [("C", "unknown_column")],
    "customer_id,amount,\x07": [("C", "unknown_column")],
    f"customer_id,amount,{'x' * 100}": [("x" * 64, "unknown_column")],
    "id,dollars": [
        ("customer_id", "missing_column"), ("amount", "missing_column"),
        ("id", "unknown_column"), ("dollars", "unknown_column"),
    ],
    "=customer_id,amount": [
        ("customer_id", "missing_column"), ("=customer_id", "unknown_column"),
    ],
}  # fmt: skip


@pytest.mark.parametrize("header", HEADERS)
def test_columns_are_those_two_once_each(header):
    width = header.count(",") + 1
    sheet = sheet_of(f"{header}\n{','.join(['1'] * width)}\n")
    assert [fault[1:] for fault in wrong(sheet) if fault[0] == 1] == HEADERS[header]
    assert sheet.shares == ()


def test_a_column_far_to_the_right_is_named_as_a_spreadsheet_names_it():
    sheet = sheet_of("customer_id,amount" + "," * 26 + "\n")
    assert [fault.column for fault in sheet.faults][-3:] == ["Z", "AA", "AB"]


def test_a_header_of_a_million_columns_is_told_shortly():
    assert len(sheet_of("," * 1_000_000).faults) < 200


def test_what_can_be_read_in_spite_of_the_header_is_looked_at():
    sheet = sheet_of(f"customer_id,amount,reference\n{ONE},-1,x\nme,1,x\n")
    assert wrong(sheet) == [
        (1, "reference", "unknown_column"), (2, "amount", "negative_amount"),
        (3, "customer_id", "invalid_id"),
    ]  # fmt: skip


def test_of_a_column_that_is_there_twice_neither_is_believed():
    sheet = sheet_of(f"customer_id,amount,amount\n{ONE},1.00,2.00\n{ONE},-1,x\n")
    assert wrong(sheet) == [(1, "amount", "doubled_column")]
    assert sheet.shares == ()


AMOUNTS = {
    "": "missing",
    "0": "zero_amount",
    "0.00": "zero_amount",
    "-5.00": "negative_amount",
    "-0.01": "negative_amount",
    "-1,000.00": "negative_amount",
    "5.005": "too_many_decimals",
    "5.000": "too_many_decimals",
    "5.": "invalid_amount",
    ".5": "invalid_amount",
    "1e3": "invalid_amount",
    "ten": "invalid_amount",
    "$5": "invalid_amount",
    "5 AUD": "invalid_amount",
    "(5.00)": "invalid_amount",
    "NaN": "invalid_amount",
    "Infinity": "invalid_amount",
    "0x10": "invalid_amount",
    "1_000": "invalid_amount",
    "1.0.0": "invalid_amount",
    " 5.00": "invalid_amount",
    "5.00 ": "invalid_amount",
    "\u0661": "invalid_amount",
    "\u2212": "invalid_amount",
    "1,000.00": "thousands_separator",
    "1 000": "thousands_separator",
    "1'000.00": "thousands_separator",
    "1\u00a0000": "thousands_separator",
    "5,00": "thousands_separator",
    "1000000000000": "amount_too_large",
    "9" * 60: "amount_too_large",
    "9" * 65: "too_long",
    "9" * 100_000: "too_long",
    "5.00\x07": "not_printable",
    "5.00\r": "not_printable",
    "5\n.00": "not_printable",
    "5\u200b.00": "not_printable",
    "=5": "formula",
    "=1+1": "formula",
    "+5.00": "formula",
    "@SUM(A1)": "formula",
    "\t5.00": "formula",
    "-A1": "formula",
    "-": "formula",
}


@pytest.mark.parametrize("amount", AMOUNTS)
def test_what_is_no_amount_is_refused_at_its_cell(amount):
    sheet = sheet_of(f'{HEAD}{ONE},1.00\n{ONE},"{amount}"\n{TWO},2.00\n')
    assert wrong(sheet) == [(3, "amount", AMOUNTS[amount])]
    assert [share.row for share in sheet.shares] == [1, 3]


IDS = {
    "": "missing",
    "Jo Citizen": "invalid_id",
    ONE[:-1]: "invalid_id",
    f" {ONE}": "invalid_id",
    f"{{{ONE}}}": "invalid_id",
    "=HYPERLINK(1)": "formula",
    "+61400000000": "formula",
    "-1": "formula",
    "@jo": "formula",
    "\tx": "formula",
    "x" * 65: "too_long",
    "a\x1bb": "not_printable",
    "\ud800": "not_printable",
    "a\u202eb": "not_printable",
}


@pytest.mark.parametrize("customer_id", IDS)
def test_what_is_no_customers_id_is_refused_at_its_cell(customer_id):
    sheet = sheet_of(f'{HEAD}"{customer_id}",1.00\n')
    assert wrong(sheet) == [(2, "customer_id", IDS[customer_id])]


@pytest.mark.parametrize(
    ("line", "fields"), [("", 0), (ONE, 1), (f"{ONE},1,000.00", 3), (f"{ONE},1.00,", 3)]
)
def test_every_row_has_as_many_fields_as_the_header(line, fields):
    sheet = sheet_of(f"{HEAD}{ONE},1.00\n{line}\n{TWO},2.00\n")
    assert wrong(sheet) == [(3, None, "wrong_number_of_fields")]
    assert f"has {fields} fields" in sheet.faults[0].detail


def test_rows_are_counted_as_a_spreadsheet_counts_them():
    sheet = sheet_of(f'{HEAD}"{ONE}","1\n.\n00"\n\n{ONE},x\n')
    assert wrong(sheet) == [
        (2, "amount", "not_printable"), (3, None, "wrong_number_of_fields"),
        (4, "amount", "invalid_amount"),
    ]  # fmt: skip


MALFORMED = {
    "never closed": (f'{ONE},"1.00\n{TWO},2.00\n', "unclosed_quote"),
    "never closed, and long": (f'{ONE},"1.00\n' + f"{TWO},2.00\n" * 5000, "unclosed_quote"),
    "closed too early": (f'{ONE},"1"00\n', "malformed_quote"),
    "a lone carriage return": (f"{ONE},1.00\r{TWO},2.00\n", "stray_carriage_return"),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_a_text_that_is_no_csv_is_refused_at_its_row(what):
    text, code = MALFORMED[what]
    sheet = sheet_of(f"{HEAD}{ONE},1.00\n{TWO},-1\n{text}")
    assert wrong(sheet) == [(3, "amount", "negative_amount"), (4, None, code)]


def test_a_field_that_is_far_too_long_without_any_quote_is_not_called_an_open_quote():
    assert wrong(sheet_of(f"{HEAD}{'x' * 200_000},1.00\n")) == [(2, None, "too_long")]


def test_a_quote_that_is_never_closed_in_the_header_is_told():
    assert wrong(sheet_of(f'"customer_id,amount\n{ONE},1.00\n')) == [(1, None, "unclosed_quote")]


def test_everything_is_told_at_once():
    sheet = sheet_of(f"{HEAD}me,-1\n=x,1.001\n\n{ONE},0\n")
    assert wrong(sheet) == [
        (2, "customer_id", "invalid_id"), (2, "amount", "negative_amount"),
        (3, "customer_id", "formula"), (3, "amount", "too_many_decimals"),
        (4, None, "wrong_number_of_fields"), (5, "amount", "zero_amount"),
    ]  # fmt: skip


def test_the_customers_of_rows_that_are_not_in_order_are_told_too():
    sheet = sheet_of(f"{HEAD}{ONE},-1\nme,1\n{TWO}\n{ONE},1.00\n{TWO.upper()},1,000.00\n")
    assert sheet.named == ((2, ONE), (4, TWO), (6, TWO))
    assert [share.row for share in sheet.shares] == [4]
    assert sheet_of(f"customer_id,sum\n{ONE},1\n").named == ((2, ONE),)
    assert sheet_of(f"id,amount\n{ONE},1\n").named == ()


def test_nothing_of_a_cell_is_repeated():
    sheet = sheet_of(f"{HEAD}SECRET,SECRET\n=SECRET,SECRET SECRET\n")
    assert "SECRET" not in repr(sheet.faults)


def test_as_many_rows_are_taken_as_are_allowed_and_no_more():
    most = sheet_of(HEAD + f"{ONE},1.00\n" * MOST_ROWS)
    assert (len(most.shares), most.faults) == (MOST_ROWS, ())
    assert most.shares[-1].row == MOST_ROWS
    more = sheet_of(HEAD + f"{ONE},1.00\n" * (MOST_ROWS + 1))
    assert wrong(more) == [(MOST_ROWS + 2, None, "too_many_rows")]
    assert more.shares == ()


def test_a_million_rows_are_refused_at_the_first_that_is_too_many():
    """What follows is not looked at: it is no CSV, and nobody says so."""
    text = HEAD + f"{ONE},x\n" * 1_000_000 + '"'
    began = time.process_time()
    sheet = sheet_of(text)
    assert time.process_time() - began < 5
    assert wrong(sheet) == [(MOST_ROWS + 2, None, "too_many_rows")]


def test_a_file_of_the_largest_size_is_read_quickly():
    rows = chain([HEAD], repeat(f'"{ONE}","999999999999.99"\r\n', MOST_ROWS))
    began = time.process_time()
    assert len(sheet_of("".join(rows)).shares) == MOST_ROWS
    assert time.process_time() - began < 5
