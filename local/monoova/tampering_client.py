"""The part of the control client that tampers with the books: what a night has to find."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from typing import Any


class TamperingClient(ABC):
    """Each of these happens at once, and is told by no webhook."""

    @abstractmethod
    def _call(
        self, method: str, path: str, body: Mapping[str, object] | None = None
    ) -> dict[str, Any]: ...

    def foreign(self, side: str, amount: Decimal | str, **more: object) -> int:
        """Somebody else's credit or debit; its transaction id.

        `more`: fee, uniqueReference, description, hidden, count.
        """
        body = {"side": side, "amount": str(amount), **more}
        return int(self._call("POST", "foreign", body)["transactionId"])

    def amend(
        self,
        reference: str,
        *,
        amount: Decimal | str | None = None,
        fee: Decimal | str | None = None,
    ) -> None:
        """Another amount, or another fee, has left the account."""
        told = {"amount": amount, "fee": fee}
        given = {name: str(value) for name, value in told.items() if value is not None}
        self._call("POST", "amend", {"uniqueReference": reference, **given})

    def repeat(self, reference: str) -> int:
        """A payment is executed a second time; that one's transaction id."""
        return int(self._call("POST", "repeat", {"uniqueReference": reference})["transactionId"])

    def lie(self, reference: str, status: str | None) -> None:
        """The statuses say that of it, whatever is true; None for the truth again."""
        self._call("POST", "lie", {"uniqueReference": reference, "status": status})

    def vanish(self, reference: str, *, where: str = "both", gap: bool = False) -> None:
        """A payment is gone from both, the statuses or the lines; a gap leaves its money gone."""
        self._call("POST", "vanish", {"uniqueReference": reference, "from": where, "gap": gap})

    def bend(self, amount: Decimal | str, *, transaction_id: int | None = None) -> None:
        """A row's running balance is so much too high; the latest row's, where none is named."""
        more = {} if transaction_id is None else {"transactionId": transaction_id}
        self._call("POST", "bend", {"amount": str(amount), **more})
