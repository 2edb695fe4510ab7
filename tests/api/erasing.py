"""Customers at every point of being forgotten, for the doors to be tried at."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from tests.api.house import CUSTOMER

if TYPE_CHECKING:
    from tests.api.client import Api

NUMBERS = count(1)
REASON = {"reason": "Asked for in writing."}
NAMING = {"reason": "Citizen asked for it."}


def ready(api: Api, name: str) -> str:
    """Whom an operation is tried on: of those that forget, somebody of their own."""
    maker = MAKERS.get(name)
    return maker(api) if maker else CUSTOMER


def poor(api: Api) -> str:
    """Somebody without money or payouts."""
    who = f"00000000-0000-8000-8000-{next(NUMBERS):012d}"
    return api.house.customer(who, available=0).customer_id


def held(api: Api) -> str:
    """Somebody with a legal hold."""
    who = poor(api)
    assert api.call("PUT", f"/customers/{who}/legal-hold", REASON).status == 200
    return who


def erased(api: Api) -> str:
    """Somebody who is forgotten."""
    who = poor(api)
    answer = api.call("DELETE", f"/customers/{who}", REASON)
    assert answer.status == 200, answer.text
    return who


class _Hasty:
    """Customers whose next edit is followed by a legal hold."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._true = api.house.customers
        self.get = self._true.get

    def edit(self, customer: object, *, version: int) -> None:
        """Edit, and be overtaken at once."""
        self._api.house.customers = self._true
        self._true.edit(customer, version=version)
        who = customer.customer_id  # type: ignore[attr-defined] # a customer
        assert self._api.call("PUT", f"/customers/{who}/legal-hold", REASON).status == 200


def waiting(api: Api) -> str:
    """Somebody who is to be forgotten once a legal hold is lifted that came just then."""
    who = poor(api)
    api.house.customers = _Hasty(api)
    assert api.call("DELETE", f"/customers/{who}", REASON).status == 202
    return who


MAKERS = {
    "erase_customer": poor, "place_legal_hold": poor, "show_legal_hold": held,
    "lift_legal_hold": held, "show_erasure": erased, "take_back_erasure": waiting,
}  # fmt: skip
OPERATIONS = frozenset(MAKERS)
