"""The bank's file: lines of 120 characters, the same of the same, and returns that add up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.aba import (
    END,
    MOST_CENTS,
    Payer,
    Payment,
    carried,
    changes,
    content,
    read_returns,
    reference_of,
    says,
    why_not,
)
from chalicelib.domain.destination import BankAccount
from chalicelib.domain.money import Money

PAYER = Payer("CBA", "Example Pty Ltd", "301500", "PAYOUTS", "062-111", "101010101")
JO = BankAccount.parse("123-456", "12345678", "Jo Citizen")
DAY = date(2026, 7, 3)


def paid(cents=12_345, account=JO, reference="P00000000000000001"):
    return Payment(account, Money(cents), reference, "Example Pty Ltd")


def test_a_file_is_a_head_a_line_for_each_payment_and_its_totals():
    text = content(PAYER, DAY, [paid(), paid(55)])
    head, one, two, totals, end = text.split(END)
    assert (len(head), len(one), len(two), len(totals), end) == (120, 120, 120, 120, "")
    assert head == (
        "0                 01CBA       Example Pty Ltd           301500PAYOUTS     030726"
        + " " * 40
    )
    assert one == (
        "1123-456 12345678 500000012345Jo Citizen                      P00000000000000001"
        "062-111101010101Example Pty Ltd 00000000"
    )
    assert two[20:30] == "0000000055"
    assert totals == "7999-999" + " " * 12 + "000001240000000124000000000000" + " " * 24 + (
        "000002" + " " * 40
    )


def test_there_is_no_file_of_nothing_nor_of_more_than_its_totals_can_say():
    for payments in ([], [paid(MOST_CENTS), paid(1)]):
        with pytest.raises(ValueError, match="no file"):
            content(PAYER, DAY, payments)
    assert content(PAYER, DAY, [paid(MOST_CENTS)])


def test_a_line_of_another_width_is_never_written():
    with pytest.raises(ValueError, match="120"):
        content(PAYER, DAY, [paid(reference="P" * 19)])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Jo Citizen", "Jo Citizen"), ("Zo\u00eb S\u00f6n", "Zoe Son"), ("O\u2019Brien", "O'Brien"),
        ("\u00d8rsted & S\u00f8n", "Orsted & Son"), ("a\u4e2db", "a b"), ("a~b|c", "a b c"),
        ("\u4e2d", ""), ("x" * 40, "x" * 32), ("Stra\u00dfe", "Strasse"), ("a\nb\tc", "a b c"),
    ],
)  # fmt: skip
def test_what_a_line_cannot_carry_is_made_such_that_it_can(text, told):
    assert carried(text, 32) == told
    assert carried(told, 32) == told


def test_what_is_carried_otherwise_is_named():
    other = BankAccount.parse("123-456", "12345678", "Zo\u00eb")
    assert changes(JO, "Example") == ()
    assert changes(other, "Example") == ("account_name",)
    assert changes(JO, "A remitter too long") == ("remitter_name",)


@pytest.mark.parametrize(
    ("account", "cents", "why"),
    [
        (JO, 1, ""), (JO, MOST_CENTS, ""), (JO, MOST_CENTS + 1, "amount"),
        (BankAccount.parse("123-456", "1234567890", "Jo Citizen"), 1, "account_number"),
        (BankAccount.parse("123-456", "12A4", "Jo Citizen"), 1, "account_number"),
        (BankAccount.parse("123-456", "1234", "\u4e2d\u6587"), 1, "account_name"),
    ],
)  # fmt: skip
def test_what_cannot_be_carried_is_refused(account, cents, why):
    assert why_not(account, Money(cents)) == why


def test_an_attempt_has_one_reference_and_no_other_has_it():
    known = {
        reference_of(f"payout-{number}", attempt) for number in range(99) for attempt in (1, 2)
    }
    assert len(known) == 198
    assert {len(each) for each in known} == {18}
    assert reference_of("payout-1", 1) == reference_of("payout-1", 1)


def test_what_is_shown_of_a_payment_or_of_who_pays_says_no_account():
    assert "12345678" not in repr(paid())
    assert "101010101" not in repr(PAYER)
    assert "062-111" not in repr(PAYER)


def test_who_pays_is_never_left_blank():
    line = content(PAYER, DAY, [replace(paid(), remitter="\u4e2d\u6587 &")]).split(END)[1]
    assert line[96:112] == "Example Pty Ltd "
    assert changes(JO, "\u4e2d\u6587") == ("remitter_name",)


@pytest.mark.parametrize(
    ("text", "there"),
    [("A", True), ("\u4e2d 7", True), ("\u4e2d", False), ("& -", False), ("", False)],
)
def test_a_text_says_something_if_a_letter_or_a_digit_is_left_of_it(text, there):
    assert says(text) is there


HEAD = "0" + " " * 17 + "01CBA" + " " * 7 + f"{'Example':26}301500{'RETURNS':12}030726" + " " * 40


def back(reference="P1", cents=1_000, code="3", user="301500", kind="2", transaction="50"):
    return (
        f"{kind}062-111101010101{code}{transaction}{cents:010d}{'JO':32}{reference:18}"
        f"123-456 12345678{'EXAMPLE':16}03{user}"
    )


def totals(*, credit=0, debit=0, count=1):
    net = abs(credit - debit)
    return f"7999-999{'':12}{net:010d}{credit:010d}{debit:010d}{'':24}{count:06d}{'':40}"


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("sums", [totals(credit=1_000), totals(debit=1_000)])
def test_returns_that_add_up_are_told_with_row_amount_and_reason(end, sums):
    (one,), faults = read_returns(end.join([HEAD, back(), sums, ""]), "301500")
    assert faults == []
    assert (one.row, one.reference, one.amount, one.reason) == (
        2,
        "P1",
        Money(1_000),
        "Account closed",
    )


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([HEAD, back()[:-1], totals(credit=1_000)], {"invalid_line"}),
        ([HEAD, "\u00e9" + back()[1:], totals(credit=1_000)], {"invalid_line"}),
        ([HEAD, back()], {"incomplete"}),
        ([HEAD, totals(count=0)], {"incomplete"}),
        ([back(), back(), totals(credit=1_000)], {"incomplete"}),
        ([HEAD, back(code="7"), totals(credit=1_000)], {"invalid_return"}),
        ([HEAD, back(transaction="13"), totals(credit=1_000)], {"invalid_return"}),
        ([HEAD, back(kind="1"), totals(credit=1_000)], {"invalid_return"}),
        ([HEAD, back(cents=0), totals()], {"invalid_return"}),
        ([HEAD, back(user="999999"), totals(credit=1_000)], {"invalid_return"}),
        ([HEAD.replace("301500", "999999"), back(), totals(credit=1_000)], {"another_user"}),
        ([HEAD, back(), totals(credit=1_001)], {"totals_differ"}),
        ([HEAD, back(), totals(credit=1_000, count=2)], {"totals_differ"}),
        ([""], {"invalid_line"}),
    ],
)  # fmt: skip
def test_returns_that_break_off_or_do_not_add_up_tell_nothing(rows, codes):
    _, faults = read_returns("\r\n".join([*rows, ""]), "301500")
    assert {fault.code for fault in faults} == codes
