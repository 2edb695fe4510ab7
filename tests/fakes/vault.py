"""A vault without cryptography: what it seals is bound to customer and id all the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from chalicelib.domain.destination import BankAccount, PayId, PayIdType, SealedDestination
from chalicelib.domain.errors import Corrupt, VaultUnavailable

if TYPE_CHECKING:
    from chalicelib.domain.destination import Destination

_MASK = 0x5A


class FakeVault:
    """The port `Vault`; counts how often it was asked, and can be `down`."""

    def __init__(self) -> None:
        self.down = False
        self.sealed = 0
        self.unsealed = 0

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
            ciphertext=_hidden(json.dumps(plain).encode()),
        )

    def unseal(self, sealed: SealedDestination, *, customer_id: str) -> Destination:
        """The destination, if it was sealed for this customer and id."""
        self._check()
        self.unsealed += 1
        try:
            plain = json.loads(_hidden(sealed.ciphertext))
        except ValueError:
            raise Corrupt("a destination that was tampered with") from None
        if (plain["customer_id"], plain["destination_id"]) != (customer_id, sealed.destination_id):
            raise Corrupt("a destination of another customer or id")
        return _destination(plain["value"])

    def _check(self) -> None:
        if self.down:
            raise VaultUnavailable("The vault is down.")


def _hidden(value: bytes) -> bytes:
    """Its own opposite, so that nothing plain lies about in what tests print."""
    return bytes(byte ^ _MASK for byte in value)


def _destination(value: dict[str, str]) -> Destination:
    if "payId" in value:
        return PayId.parse(PayIdType(value["payIdType"]), value["payId"], value["accountName"])
    return BankAccount.parse(value["bsbNumber"], value["accountNumber"], value["accountName"])
