"""The funds that are nobody's yet: every change one transaction with its causes and its entries.

A receipt, a credit and a return taken back happen once, by their own rows; the funds are one row
that only they write. Payouts never touch it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.credit_rows import MADE, credit_from, credit_row
from chalicelib.adapters.dynamo.desk_rows import day_part, request_part
from chalicelib.adapters.dynamo.event_rows import FUNDS, entry_row
from chalicelib.adapters.dynamo.notices import transact_keeping
from chalicelib.adapters.dynamo.parts import credit_part, new_row, versioned_row
from chalicelib.adapters.dynamo.receipt_rows import (
    MOVEMENT,
    RECEIPT,
    arrival_part,
    movement_from,
    receipt_row,
    taken_parts,
)
from chalicelib.adapters.dynamo.session import Refused
from chalicelib.adapters.dynamo.settlement_rows import settlement_row
from chalicelib.adapters.dynamo.understood import understood
from chalicelib.adapters.dynamo.values import Row, number
from chalicelib.domain.customer import Funds
from chalicelib.domain.errors import (
    Corrupt,
    CustomerErased,
    NotFound,
    Stale,
    StoreUnavailable,
)
from chalicelib.domain.funding import Credit, Receipt, movement_id, refuse_unsound
from chalicelib.domain.money import ZERO, Money

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from chalicelib.adapters.dynamo.client import Tables
    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.domain.credit_request import Consent
    from chalicelib.domain.funding import Cause, Entry
    from chalicelib.domain.notices import Notice
    from chalicelib.domain.settlement import Settlement

# What the names of the parts of a transaction begin with.
CAUSE, CUSTOMER, ENTRY, SETTLEMENT = "cause", "customer", "entry", "settlement"
CONSENT = "consent"


class DynamoTreasury:
    """The port `Treasury` on DynamoDB."""

    def __init__(self, session: Session, tables: Tables) -> None:
        self._session = session
        self._tables = tables

    def funds(self) -> Funds:
        """The funds as they are now; empty at the very beginning."""
        return funds_from(self._session.row(self._tables.control, {"key": FUNDS}))

    def write(
        self,
        *entries: Entry,
        notice: Notice | None = None,
        settlement: Settlement | None = None,
        consent: Consent | None = None,
    ) -> None:
        """Write consecutive entries, their causes, the funds and credited balances: all or nothing.

        With them a notice, the settlement whose rows they allocate, and a second admin's consent.

        Raises:
            Stale, NotFound, StoreUnavailable: as the port says.
            ValueError: the entries do not follow, or their postings do not sum to zero.
        """
        refuse_unsound(entries)
        try:
            transact_keeping(
                self._session, self._tables.control,
                self._parts(entries, settlement, consent), notice,
                recognise=lambda: self._has(entries[-1]),
            )  # fmt: skip
        except Refused as refused:
            self._explain(refused, entries[-1])

    def credit(self, credit_id: str) -> Credit | None:
        """A credit made before.

        Raises:
            Corrupt: its row is not what a credit can be.
        """
        row = self._session.row(self._tables.control, {"key": MADE + credit_id})
        if row is None:
            return None
        with understood(f"the row of {MADE}{credit_id}"):
            return credit_from(credit_id, row)

    def received(self, receipt_id: str) -> Money | None:
        """What was received before under that id."""
        row = self._session.row(self._tables.control, {"key": RECEIPT + receipt_id})
        if row is None:
            return None
        with understood(f"the row of {RECEIPT}{receipt_id}"):
            return Money.exactly(row["amount"])

    def came_back(self, receipt: Receipt) -> bool:
        """Whether a payout has heard just that money as its return."""
        name = movement_id(receipt.receipt_id)
        row = self._session.row(self._tables.control, {"key": MOVEMENT + name})
        found = movement_from(row) if row else None
        return found is not None and found.amount == receipt.amount

    def _parts(
        self, entries: Sequence[Entry], settlement: Settlement | None, consent: Consent | None
    ) -> dict[str, TransactWriteItemTypeDef]:
        tables = self._tables
        funds = _funds_row(entries[-1].after)
        version = entries[0].before.version
        parts: dict[str, TransactWriteItemTypeDef] = {
            FUNDS: (
                versioned_row(tables.control, funds, version=version)
                if version
                else new_row(tables.control, funds, key="key")
            ),
        }
        for place, entry in enumerate(entries):
            causes = _cause_parts(tables.control, entry.cause).items()
            parts |= {f"{CAUSE} {place} {name}": part for name, part in causes}
            parts[f"{ENTRY} {place}"] = new_row(tables.events, entry_row(entry), key="account")
        # One addition for each customer, for a transaction takes no row twice.
        for customer_id, amount in _credited(entries).items():
            parts[f"{CUSTOMER} {customer_id}"] = credit_part(
                tables.customers, customer_id, amount, by_hand=settlement is None
            )
        if settlement is not None:
            row = settlement_row(settlement)
            parts[SETTLEMENT] = versioned_row(tables.control, row, version=settlement.version - 1)
        if consent is not None:
            parts[f"{CONSENT} request"] = request_part(tables.control, consent.request)
            parts[f"{CONSENT} day"] = day_part(tables.control, consent.day)
        return parts

    def _explain(self, refused: Refused, last: Entry) -> None:
        """Say why a write was refused; return where it was not, but done before."""
        found = {name.split()[0] for name in refused.found}
        if found & {FUNDS, CAUSE, SETTLEMENT, CONSENT}:
            if CAUSE in found and self._has(last):
                return
            raise Stale("The funds are not as they were read, or that was entered before.")
        if CUSTOMER not in found:
            raise Corrupt("an entry that the funds know nothing of")
        if refused.in_doubt:
            raise StoreUnavailable("Whether it was written is not known.")
        if any(row is not None for row in refused.found.values()):
            raise CustomerErased
        raise NotFound("customer")

    def _has(self, entry: Entry) -> bool:
        """Whether the entries of the funds hold this one."""
        key = {"account": FUNDS, "sequence": entry.after.version}
        row = self._session.row(self._tables.events, key)
        return row is not None and row["hash"] == entry.after.last_hash


def funds_from(row: Row | None) -> Funds:
    """The funds of their row; empty where there is none yet.

    Raises:
        Corrupt: the row is none of funds.
    """
    if row is None:
        return Funds()
    with understood("the row of the funds"):
        return Funds(
            received=Money.exactly(row["received"]),
            unallocated=Money.exactly(row["unallocated"]),
            version=int(row["version"]),
            last_hash=row["last_hash"],
        )


def _credited(entries: Sequence[Entry]) -> dict[str, Money]:
    """What each customer gets by all of the entries."""
    told: dict[str, Money] = {}
    for cause in (entry.cause for entry in entries):
        if isinstance(cause, Credit):
            told[cause.customer_id] = told.get(cause.customer_id, ZERO) + cause.amount
    return told


def _funds_row(funds: Funds) -> Row:
    return {
        "key": FUNDS,
        "received": number(funds.received),
        "unallocated": number(funds.unallocated),
        "version": funds.version,
        "last_hash": funds.last_hash,
    }


def _cause_parts(control: str, cause: Cause) -> dict[str, TransactWriteItemTypeDef]:
    """What makes a cause happen once."""
    if isinstance(cause, Receipt):
        new = new_row(control, receipt_row(cause), key="key")
        return {"receipt": new, "movement": arrival_part(control, cause)}
    if isinstance(cause, Credit):
        return {"credit": new_row(control, credit_row(cause), key="key")}
    return taken_parts(control, cause)
