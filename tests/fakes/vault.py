"""A vault without cryptography: what it seals is bound to customer and id all the same."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from chalicelib.domain.destination import BankAccount, PayId, PayIdType, SealedDestination
from chalicelib.domain.errors import Corrupt, VaultUnavailable

if TYPE_CHECKING:
    from chalicelib.domain.destination import Destination

_MASK = 0x5A
_CHECKSUM = 32


class FakeVault:
    """The port `Vault`; counts how often it was asked, and can be `down`."""

    def __init__(self) -> None:
        self.down = False
        self.sealed = 0
        self.unsealed = 0

    def place(self, destination: Destination) -> str:
        """What a destination is known by among all customers'."""
        self._check()
        return destination.place(b"fake-key")

    def seal(
        self, destination: Destination, *, customer_id: str, destination_id: str
    ) -> SealedDestination:
        """Hide a destination, bound to customer and id."""
        self._check()
        self.sealed += 1
        plain = {
            "customer_id": customer_id,
            "destination_id": destination_id,
            "value": destination.reveal(),
        }
        return SealedDestination(
            destination_id=destination_id,
            method=destination.method,
            kind=str(destination.kind) if isinstance(destination, PayId) else "",
            masked=destination.masked,
            masked_name=destination.masked_name,
            ciphertext=_closed(json.dumps(plain).encode()),
        )

    def unseal(self, sealed: SealedDestination, *, customer_id: str) -> Destination:
        """The destination, if it was sealed for this customer and id."""
        self._check()
        self.unsealed += 1
        plain = json.loads(_opened(sealed.ciphertext))
        if (plain["customer_id"], plain["destination_id"]) != (customer_id, sealed.destination_id):
            raise Corrupt("a destination of another customer or id")
        destination = _destination(plain["value"])
        if destination.method is not sealed.method:
            raise Corrupt("a destination that is not of the kind that it is shown as")
        return destination

    def _check(self) -> None:
        if self.down:
            raise VaultUnavailable("The vault is down.")


def _closed(plain: bytes) -> bytes:
    """Hidden behind its checksum, by which a change is noticed."""
    return hashlib.sha256(plain).digest() + _hidden(plain)


def _opened(ciphertext: bytes) -> bytes:
    plain = _hidden(ciphertext[_CHECKSUM:])
    if hashlib.sha256(plain).digest() != ciphertext[:_CHECKSUM]:
        raise Corrupt("a destination that was tampered with")
    return plain


def _hidden(value: bytes) -> bytes:
    """Its own opposite, so that nothing plain lies about in what tests print."""
    return bytes(byte ^ _MASK for byte in value)


def _destination(value: dict[str, str]) -> Destination:
    if "payId" in value:
        return PayId.parse(PayIdType(value["payIdType"]), value["payId"], value["accountName"])
    return BankAccount.parse(value["bsbNumber"], value["accountNumber"], value["accountName"])
