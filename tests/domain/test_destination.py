"""Destinations are typed the human way and kept the exact way."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum.au import abn, acn

from chalicelib.domain.destination import BankAccount, PayId, PayIdType, PayoutMethod
from chalicelib.domain.errors import InvalidDestination

NAME = "Jo Citizen"
ABN = "51824753556"
ACN = "004085616"
digits = st.text("0123456789", min_size=1, max_size=12)


def exact(kind: PayIdType, value: str) -> str:
    return PayId.parse(kind, value, NAME).reveal()["payId"]


def refused(kind: PayIdType, value: str) -> InvalidDestination:
    with pytest.raises(InvalidDestination) as caught:
        PayId.parse(kind, value, NAME)
    assert caught.value.field == "payId"
    return caught.value


@pytest.mark.parametrize(
    "typed",
    [
        "0412 345 678", "0412345678", "0412-345-678", "0412.345.678", "(0412) 345 678",
        " 0412 345 678 ", "0412\u00a0345\u2011678", "61412345678", "61-412345678", "61 412 345 678",
        "+61412345678", "+61 412 345 678", "+61-412345678", "+61 - 412 345 678", "+61-0412345678",
        "+61 (0)412 345 678", "(+61) 412 345 678", "+61412-345-678", "+61-4-1234-5678",
        "0061 412 345 678", "0011 61 412 345 678", "+614-12345678", "+6-1412345678",
    ],
)  # fmt: skip
def test_a_mobile_number_is_the_same_however_it_is_typed(typed):
    assert exact(PayIdType.PHONE, typed) == "+61-412345678"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("(02) 9876 5432", "+61-298765432"),
        ("+64 21 123 456", "+64-21123456"),
        ("0011 64 21 123 456", "+64-21123456"),
        ("+1 (202) 555-0100", "+1-2025550100"),
        ("0011 1 202 555 0100", "+1-2025550100"),
        ("001 202 555 0100", "+1-2025550100"),
        ("+44 (0)20 7946 0958", "+44-2079460958"),
        ("+852 1234 5678", "+852-12345678"),
        ("+7 912 345 67 89", "+7-9123456789"),
        ("+353 1 234 5678", "+353-12345678"),
    ],
)
def test_other_numbers_keep_their_country(typed, kept):
    assert exact(PayIdType.PHONE, typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "412345678", "0412 345 67", "0412 345 6789", "+61 412 345 67", "+61 412 345 6789",
        "61 0412 345 6789", "phone", "+", "+61", "+61-", "+0412345678", "0412 345 678 ext 2",
        "+61 412 34\u0665 678", "٠٤١٢٣٤٥٦٧٨", "+61-4123456\x0078", "++61412345678", "1-800-FLOWERS",
        "+" + "9" * 60,
    ],
)  # fmt: skip
def test_what_is_no_phone_number_is_refused(typed):
    refused(PayIdType.PHONE, typed)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Jo@Example.com", "jo@example.com"),
        ("  jo@example.com ", "jo@example.com"),
        ("JO.O'Citizen+pay@Mail.Example.COM.AU", "jo.o'citizen+pay@mail.example.com.au"),
    ],
)
def test_an_email_is_kept_in_lower_case(typed, kept):
    assert exact(PayIdType.EMAIL, typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "jo", "jo@", "@example.com", "jo@example", "jo@@example.com", "jo@exa mple.com",
        "jo citizen@example.com", "Jo <jo@example.com>", "jo@example.com,al@example.com",
        "jo@.com", "jo@example..com", "jo@example.com.", "jo@ex_ample.com", "jo\n@example.com",
        "j" * 65 + "@example.com", "jo@" + "e" * 64 + ".com", "jo@" + "example." * 40 + "com",
    ],
)  # fmt: skip
def test_what_is_no_email_is_refused(typed):
    refused(PayIdType.EMAIL, typed)


@pytest.mark.parametrize("typed", [ABN, "51 824 753 556", "51-824-753-556", " 51824753556 "])
def test_an_abn_is_eleven_digits_however_they_are_grouped(typed):
    assert exact(PayIdType.ABN, typed) == ABN


@pytest.mark.parametrize("typed", [ACN, "004 085 616", "004-085-616"])
def test_an_acn_keeps_its_leading_zeros(typed):
    assert exact(PayIdType.ACN, typed) == ACN


@pytest.mark.parametrize(
    "typed", ["51824753557", "5182475355", "518247535560", "ABN", "5182475355\uff16"]
)
def test_a_wrong_abn_is_refused(typed):
    refused(PayIdType.ABN, typed)


@pytest.mark.parametrize("typed", ["004085617", "04085616", "0040856160", "ACN"])
def test_a_wrong_acn_is_refused(typed):
    refused(PayIdType.ACN, typed)


def _agrees(kind: PayIdType, number: str, oracle: bool) -> None:
    try:
        kept = exact(kind, number)
    except InvalidDestination:
        assert not oracle
    else:
        assert oracle
        assert kept == number


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 99))
@example("000000000", 10)
def test_abns_are_the_ones_that_the_tax_office_gives_out(body, wrong):
    right = abn.calc_check_digits(body) + body
    _agrees(PayIdType.ABN, right, oracle=True)
    other = f"{wrong:02d}{body}"
    _agrees(PayIdType.ABN, other, oracle=abn.is_valid(other))


@given(st.text("0123456789", min_size=8, max_size=8), st.integers(0, 9))
def test_acns_are_the_ones_that_asic_gives_out(body, wrong):
    _agrees(PayIdType.ACN, body + acn.calc_check_digit(body), oracle=True)
    other = f"{body}{wrong}"
    _agrees(PayIdType.ACN, other, oracle=acn.is_valid(other))


@given(digits)
def test_any_digits_are_judged_as_the_oracle_judges_them(number):
    _agrees(PayIdType.ABN, number, oracle=abn.is_valid(number))
    _agrees(PayIdType.ACN, number, oracle=acn.is_valid(number))


def test_an_organisation_is_kept_in_lower_case_and_within_the_providers_length():
    assert exact(PayIdType.ORGANISATION, "  Example.Org/Branch 7 ") == "example.org/branch 7"
    assert exact(PayIdType.ORGANISATION, "x" * 256) == "x" * 256
    refused(PayIdType.ORGANISATION, "x" * 257)
    # One letter that becomes two in lower case.
    refused(PayIdType.ORGANISATION, "İ" * 256)


@pytest.mark.parametrize("kind", list(PayIdType))
@pytest.mark.parametrize("typed", ["", "   ", "\ud800", "jo\x00@example.com", "a\nb", "\u2028"])
def test_nothing_and_the_unprintable_are_no_payid(kind, typed):
    refused(kind, typed)


@given(st.sampled_from(PayIdType), st.text(max_size=40) | st.from_regex(r"[+0-9() -]{6,20}"))
def test_what_was_kept_is_read_back_as_the_same(kind, typed):
    try:
        once = PayId.parse(kind, typed, NAME)
    except InvalidDestination:
        return
    assert PayId.parse(kind, once.reveal()["payId"], NAME) == once


@pytest.mark.parametrize("typed", ["062000", "062-000", "062 000", " 062.000 ", "062\u2013000"])
def test_a_bsb_is_six_digits_however_they_are_grouped(typed):
    account = BankAccount.parse(typed, "1234 5678", " Jo   Citizen ")
    assert account.reveal() == {
        "bsbNumber": "062-000",
        "accountNumber": "12345678",
        "accountName": "Jo Citizen",
    }
    assert account.method is PayoutMethod.BANK_ACCOUNT


@pytest.mark.parametrize(
    ("bsb", "number", "name", "field"),
    [
        ("06200", "12345678", NAME, "bsbNumber"),
        ("0620000", "12345678", NAME, "bsbNumber"),
        ("06200O", "12345678", NAME, "bsbNumber"),
        ("06200\uff10", "12345678", NAME, "bsbNumber"),
        ("", "12345678", NAME, "bsbNumber"),
        ("062-000", "", NAME, "accountNumber"),
        ("062-000", "1234_5678", NAME, "accountNumber"),
        ("062-000", "\uff11\uff12\uff13", NAME, "accountNumber"),
        ("062-000", "1" * 29, NAME, "accountNumber"),
        ("062-000", "12345678", "J", "accountName"),
        ("062-000", "12345678", "   ", "accountName"),
        ("062-000", "12345678", "J" * 141, "accountName"),
        ("062-000", "12345678", "Jo\x00Citizen", "accountName"),
        ("062-000", "12345678", "Jo\ud800", "accountName"),
    ],
)
def test_what_is_no_bank_account_is_refused_by_its_field(bsb, number, name, field):
    with pytest.raises(InvalidDestination) as caught:
        BankAccount.parse(bsb, number, name)
    assert caught.value.field == field


def test_leading_zeros_and_letters_of_an_account_number_count():
    assert BankAccount.parse("062000", "0012", NAME).reveal()["accountNumber"] == "0012"
    assert BankAccount.parse("062000", "AB12", NAME).reveal()["accountNumber"] == "AB12"


@pytest.mark.parametrize(
    ("number", "name", "reachable"),
    [
        ("123456789", "Jo O'Citizen & Co. (Pty)", True),
        ("A23456789", NAME, True),
        ("1234567890", NAME, False),
        ("12345678", "J" * 32, True),
        ("12345678", "J" * 33, False),
        ("12345678", "Zoë", False),
        ("12345678", "Jo <b>", False),
        ("12345678", "Jo | Al", False),
    ],
)
def test_direct_entry_reaches_short_numbers_and_plain_names(number, name, reachable):
    why = BankAccount.parse("062-000", number, name).why_not_direct_entry()
    assert (why is None) is reachable
