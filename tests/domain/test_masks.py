"""Destinations print masked, everywhere but through `reveal`."""

from __future__ import annotations

import logging
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.customer import Customer
from chalicelib.domain.destination import (
    BankAccount,
    Destination,
    PayId,
    PayIdType,
    PayoutMethod,
    SealedDestination,
    mask_name,
)
from chalicelib.domain.errors import InvalidDestination
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.notices import DeadLetter, Notice
from chalicelib.usecases.customers import Profile
from tests.domain.making import NOW, begun

NAME = "Josephine Citizen"


def payid(kind: PayIdType, value: str) -> PayId:
    return PayId.parse(kind, value, NAME)


@pytest.mark.parametrize(
    ("destination", "mask"),
    [
        (payid(PayIdType.EMAIL, "jo.citizen@mail.example.com"), "j***@m***.com"),
        (payid(PayIdType.PHONE, "0412 345 678"), "+61-***678"),
        (payid(PayIdType.ABN, "51 824 753 556"), "***556"),
        (payid(PayIdType.ACN, "004 085 616"), "***616"),
        (payid(PayIdType.ORGANISATION, "example.org"), "***org"),
        (BankAccount.parse("062-000", "12345678", NAME), "062-*** ***678"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_mask_is_enough_to_recognise(destination, mask):
    assert destination.masked == mask
    assert destination.masked_name == "J*** C***"


@pytest.mark.parametrize(
    ("destination", "mask"),
    [
        (BankAccount.parse("062-000", "12345", NAME), "062-*** ***"),
        (BankAccount.parse("062-000", "1", NAME), "062-*** ***"),
        (payid(PayIdType.ORGANISATION, "acme"), "***"),
        (payid(PayIdType.PHONE, "+852 123"), "+852-***"),
    ],
    ids=str,
)
def test_a_mask_of_something_short_shows_nothing_of_it(destination, mask):
    assert destination.masked == mask


def _texts(destination: Destination) -> str:
    """Everything that a careless line of code might print."""
    record = logging.LogRecord("n", 20, "p", 1, "%s", (destination,), None).getMessage()
    sealed = SealedDestination(
        "id-1", destination.method, "", destination.masked, destination.masked_name, b"sealed"
    )
    profile = Profile(NAME, "jo@example.com", (destination,))
    customer = Customer("id-2", NAME, "jo@example.com", NOW, NOW, destinations=(sealed,))
    values = (destination, [destination], {"d": destination}, sealed, profile, customer)
    return " ".join([record, *map(repr, values), *map(str, values), f"{destination}"])


numbers = st.text("0123456789", min_size=6, max_size=28)


@given(numbers)
def test_nothing_printed_holds_an_account_number_or_a_name(number):
    printed = _texts(BankAccount.parse("062-917", number, NAME))
    # Four in a row would already be more than the mask shows.
    assert not any(number[at : at + 4] in printed for at in range(len(number) - 3))
    assert "917" not in printed.replace(number[-3:], "")
    assert "osephine" not in printed
    assert "itizen" not in printed
    assert "jo@example" not in printed


@given(st.from_regex(r"[b-z]{4,20}\.[b-z]{4,20}@[b-z]{4,20}\.com", fullmatch=True))
def test_nothing_printed_holds_an_email(email):
    local, _, host = email.partition("@")
    masked = payid(PayIdType.EMAIL, email).masked
    assert masked == f"{local[0]}***@{host[0]}***.com"
    assert email not in _texts(payid(PayIdType.EMAIL, email))


@pytest.mark.parametrize("kind", list(PayIdType))
@given(wrong=st.from_regex(r"[QWX]{5}[QWX@ ]{3,300}", fullmatch=True))
def test_an_error_about_a_destination_does_not_quote_it(kind, wrong):
    for parse in (
        lambda: PayId.parse(kind, wrong, wrong),
        lambda: BankAccount.parse(wrong, wrong, wrong),
        lambda: BankAccount.parse("062-000", "@" + wrong, wrong),
        lambda: BankAccount.parse("062-000", "12345678", wrong + "\x00"),
    ):
        told = ""
        try:
            parse()
        except InvalidDestination as error:
            told = "".join(traceback.format_exception_only(error))
        assert not set("QWX") & set(told)


def test_webhooks_receipts_and_payouts_do_not_print_their_content():
    raw = b'{"AccountName": "Josephine Citizen"}'
    printed = repr(
        [
            Notice("key", "NppReturn", "1", NOW, raw, reference="r"),
            DeadLetter("NppReturn", "1", raw, NOW, "stale"),
            Receipt("N1", Money(100), "NPP", NOW, reference="from Josephine Citizen"),
            begun(),
        ]
    )
    assert "Josephine" not in printed
    assert "sealed" not in printed.replace("SealedDestination", "")


def test_a_name_is_masked_word_by_word():
    assert mask_name("  Jo   de la Citizen ") == "J*** d*** l*** C***"
    assert mask_name("") == ""


def test_a_destination_says_what_method_pays_it():
    assert payid(PayIdType.ABN, "51824753556").method is PayoutMethod.PAY_ID
