"""What lies inside a sealed destination: its plain value, and whose it is.

The plain text exists between these two functions and the cipher, nowhere else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters import exact_json
from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from chalicelib.domain.errors import Corrupt, InvalidDestination

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.destination import Destination


def written(destination: Destination, *, customer_id: str, destination_id: str) -> bytes:
    """The plaintext of a destination, bound to customer and id."""
    told = {"customer_id": customer_id, "destination_id": destination_id}
    told |= {name: str(value) for name, value in destination.reveal().items()}
    return exact_json.write(told).encode("ascii")


def opened(plain: bytes, *, customer_id: str, destination_id: str) -> Destination:
    """The destination of a plaintext, if it is that customer's and under that id.

    Raises:
        Corrupt: it is another's, another, or none.
    """
    try:
        told = exact_json.read_object(plain)
        owner = (told.pop("customer_id"), told.pop("destination_id"))
        destination = _destination(told)
    except (exact_json.NotJson, KeyError, ValueError, AttributeError, InvalidDestination):
        raise Corrupt("A sealed destination does not hold one.") from None
    if owner != (customer_id, destination_id):
        raise Corrupt("A sealed destination belongs to another customer or id.")
    if told != destination.reveal():
        # Money goes where it was meant to, or nowhere: rules of writing may have changed since.
        raise Corrupt("A sealed destination does not read as it was written.")
    return destination


def _destination(told: Mapping[str, str]) -> Destination:
    if "payId" in told:
        return PayId.parse(PayIdType(told["payIdType"]), told["payId"], told["accountName"])
    return BankAccount.parse(told["bsbNumber"], told["accountNumber"], told["accountName"])
