"""What a destination is known by among all customers': the same place, whatever else is written."""

from __future__ import annotations

import pytest

from chalicelib.domain.destination import BankAccount, PayId, PayIdType

KEY = b"fake-key"


def account(bsb="062-000", number="12345678", name="Jo Citizen"):
    return BankAccount.parse(bsb, number, name)


def pay_id(kind=PayIdType.EMAIL, value="jo@example.com", name="Jo Citizen"):
    return PayId.parse(kind, value, name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (account(), account("062 000", "1234 5678", "J Citizen Pty Ltd")),
        (account(number="12ab"), account(number="12AB")),
        (pay_id(), pay_id(value="Jo@Example.com", name="Somebody Else")),
        (
            pay_id(PayIdType.PHONE, "0412 345 678"),
            pay_id(PayIdType.PHONE, "+61 412 345 678"),
        ),
    ],
)
def test_the_same_account_is_the_same_place_however_it_is_written_and_under_any_name(one, other):
    assert one.place(KEY) == other.place(KEY)


def test_another_account_bsb_kind_or_key_is_another_place():
    places = {
        account().place(KEY),
        account("062-001").place(KEY),
        account(number="012345678").place(KEY),
        account("062-000", "12345679").place(KEY),
        pay_id().place(KEY),
        pay_id(PayIdType.ABN, "51 824 753 556").place(KEY),
        pay_id(PayIdType.ORGANISATION, "51824753556").place(KEY),
        account().place(b"another"),
    }
    assert len(places) == 8


def test_a_place_tells_nothing_of_the_account():
    told = account().place(KEY)
    assert len(bytes.fromhex(told)) == 32
    assert "12345678" not in told
