"""What `Vault` promises: a destination opens for its own customer and id, and for nobody else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.adapters.kms import KmsVault
from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from chalicelib.domain.errors import Corrupt, VaultUnavailable
from tests.contracts.stores import NOBODY
from tests.fakes.vault import FakeVault

JO = PayId.parse(PayIdType.EMAIL, "jo@example.com", "Jo Citizen")
# Its number must not be part of the emulated account's.
ACCOUNT = BankAccount.parse("062-000", "98765432", "Jo Citizen")
DESTINATIONS = [
    JO,
    ACCOUNT,
    PayId.parse(PayIdType.PHONE, "0412 345 678", "Zoë Citizen"),
    PayId.parse(PayIdType.ABN, "51 824 753 556", "Example Pty Ltd"),
]


@pytest.fixture(params=["fake", "embedded"])
def kind(request, monkeypatch):
    """Which of them; the embedded key service is where the environment says."""
    if request.param == "embedded":
        for name, value in request.getfixturevalue("ministack").environment.items():
            monkeypatch.setenv(name, value)
        return request.getfixturevalue("ministack").environment["KMS_KEY_ARN"]
    return request.param


@pytest.fixture
def vault(kind):
    return FakeVault() if kind == "fake" else KmsVault(kind, "customers")


@pytest.fixture
def sealed_before(vault):
    """Sealed while the key service was there."""
    return seal(vault)


@pytest.fixture
def away(kind, sealed_before, monkeypatch):  # noqa: ARG001 (before it goes away)
    """A vault whose key service does not answer."""
    if kind == "fake":
        vault = FakeVault()
        vault.down = True
        return vault
    monkeypatch.setenv("AWS_ENDPOINT_URL_KMS", NOBODY)
    return KmsVault(kind, "customers")


def seal(vault, destination=JO, customer="customer-1", named="destination-1"):
    return vault.seal(destination, customer_id=customer, destination_id=named)


@pytest.mark.parametrize("destination", DESTINATIONS, ids=lambda each: each.method)
def test_what_was_sealed_opens_for_its_customer_as_often_as_wanted(vault, destination):
    sealed = seal(vault, destination)
    for _ in range(2):
        assert vault.unseal(sealed, customer_id="customer-1") == destination


@pytest.mark.parametrize("destination", DESTINATIONS, ids=lambda each: each.method)
def test_what_is_sealed_shows_masks_and_nothing_else(vault, destination):
    sealed = seal(vault, destination)
    assert sealed.destination_id == "destination-1"
    assert sealed.method is destination.method
    assert (sealed.masked, sealed.masked_name) == (destination.masked, destination.masked_name)
    assert sealed.kind == getattr(destination, "kind", "")
    for plain in destination.reveal().values():
        assert plain.encode() not in sealed.ciphertext
        assert plain not in repr(sealed)


def test_it_does_not_open_for_another_customer(vault):
    with pytest.raises(Corrupt):
        vault.unseal(seal(vault), customer_id="customer-2")


def test_it_does_not_open_under_another_id(vault):
    with pytest.raises(Corrupt):
        vault.unseal(replace(seal(vault), destination_id="destination-2"), customer_id="customer-1")


def test_it_does_not_open_in_the_place_of_another_of_the_same_customer(vault):
    mine, other = seal(vault), seal(vault, ACCOUNT, named="destination-2")
    with pytest.raises(Corrupt):
        vault.unseal(replace(mine, ciphertext=other.ciphertext), customer_id="customer-1")


def test_it_does_not_open_as_what_it_is_not(vault):
    with pytest.raises(Corrupt):
        vault.unseal(replace(seal(vault), method=ACCOUNT.method), customer_id="customer-1")


@pytest.mark.parametrize("place", [1, -1, -5, -17])
def test_a_byte_that_was_changed_is_noticed(vault, place):
    sealed = seal(vault)
    ciphertext = bytearray(sealed.ciphertext)
    ciphertext[place] ^= 1
    with pytest.raises(Corrupt):
        vault.unseal(replace(sealed, ciphertext=bytes(ciphertext)), customer_id="customer-1")


@pytest.mark.parametrize("rubbish", [b"", b"\x02", b"rubbish" * 50, bytes(500), b"5" * 64])
def test_rubbish_does_not_open(vault, rubbish):
    with pytest.raises(Corrupt):
        vault.unseal(replace(seal(vault), ciphertext=rubbish), customer_id="customer-1")


def test_without_its_key_service_it_neither_seals_nor_opens(away):
    with pytest.raises(VaultUnavailable):
        seal(away)


def test_what_cannot_be_opened_now_is_not_called_corrupt(sealed_before, away):
    with pytest.raises(VaultUnavailable):
        away.unseal(sealed_before, customer_id="customer-1")
