"""The funds that are nobody's yet: every change one transaction with its cause and its entry.

A receipt and a credit happen once, by their own rows; the funds are one row that only they write.
Payouts never touch it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.event_rows import FUNDS, entry_row
from chalicelib.adapters.dynamo.notices import transact_keeping
from chalicelib.adapters.dynamo.parts import credit_part, new_row, versioned_row
from chalicelib.adapters.dynamo.session import Refused
from chalicelib.adapters.dynamo.values import Row, from_item, instant, moment, number, to_item
from chalicelib.domain import ledger
from chalicelib.domain.customer import Funds
from chalicelib.domain.errors import Corrupt, NotFound, Stale, StoreUnavailable
from chalicelib.domain.funding import Credit, Receipt
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from chalicelib.adapters.dynamo.client import Tables
    from chalicelib.adapters.dynamo.session import Session
    from chalicelib.domain.funding import Entry
    from chalicelib.domain.notices import Notice

CAUSE, CUSTOMER = "cause", "customer"


class DynamoTreasury:
    """The port `Treasury` on DynamoDB."""

    def __init__(self, session: Session, tables: Tables) -> None:
        self._session = session
        self._tables = tables

    def funds(self) -> Funds:
        """The funds as they are now; empty at the very beginning."""
        row = self._get(self._tables.control, {"key": FUNDS})
        if row is None:
            return Funds()
        return Funds(
            received=Money.exactly(row["received"]),
            unallocated=Money.exactly(row["unallocated"]),
            version=int(row["version"]),
            last_hash=row["last_hash"],
        )

    def write(self, entry: Entry, *, notice: Notice | None = None) -> None:
        """Write an entry, its cause, the funds, a credited balance and a notice: one transaction.

        Raises:
            Stale, NotFound, StoreUnavailable: as the port says.
            ValueError: the entry does not follow, or its postings do not sum to zero.
        """
        _refuse_unsound(entry)
        try:
            transact_keeping(
                self._session, self._tables.control, self._parts(entry), notice,
                recognise=lambda: self._has(entry),
            )  # fmt: skip
        except Refused as refused:
            self._explain(refused, entry)

    def credit(self, credit_id: str) -> Credit | None:
        """A credit made before."""
        row = self._get(self._tables.control, {"key": f"credit#{credit_id}"})
        if row is None:
            return None
        return Credit(
            credit_id=credit_id,
            customer_id=row["customer_id"],
            amount=Money.exactly(row["amount"]),
            reason=row.get("reason", ""),
            created_at=moment(row["created_at"]),
            created_by=row["created_by"],
            request_id=row.get("request_id", ""),
        )

    def received(self, receipt_id: str) -> Money | None:
        """What was received before under that id."""
        row = self._get(self._tables.control, {"key": f"receipt#{receipt_id}"})
        return None if row is None else Money.exactly(row["amount"])

    def _get(self, table: str, key: Row) -> Row | None:
        answer = self._session.call(
            self._session.client.get_item, TableName=table, Key=to_item(key), ConsistentRead=True
        )
        return from_item(answer["Item"]) if "Item" in answer else None

    def _parts(self, entry: Entry) -> dict[str, TransactWriteItemTypeDef]:
        tables, cause = self._tables, entry.cause
        funds = _funds_row(entry.after)
        version = entry.before.version
        parts: dict[str, TransactWriteItemTypeDef] = {
            FUNDS: (
                versioned_row(tables.control, funds, version=version)
                if version
                else new_row(tables.control, funds, key="key")
            ),
            CAUSE: new_row(tables.control, _cause_row(cause), key="key"),
            "entry": new_row(tables.events, entry_row(entry), key="account"),
        }
        if isinstance(cause, Credit):
            parts[CUSTOMER] = credit_part(tables.customers, cause.customer_id, cause.amount)
        return parts

    def _explain(self, refused: Refused, entry: Entry) -> None:
        """Say why a write was refused; return where it was not, but done before."""
        if {FUNDS, CAUSE} & refused.found.keys():
            if CAUSE in refused.found and self._has(entry):
                return
            raise Stale("The funds are not as they were read, or that was entered before.")
        if CUSTOMER not in refused.found:
            raise Corrupt("an entry that the funds know nothing of")
        if refused.in_doubt:
            raise StoreUnavailable("Whether it was written is not known.")
        raise NotFound("customer")

    def _has(self, entry: Entry) -> bool:
        """Whether the entries of the funds hold this one."""
        key = {"account": FUNDS, "sequence": entry.after.version}
        row = self._get(self._tables.events, key)
        return row is not None and row["hash"] == entry.after.last_hash


def _refuse_unsound(entry: Entry) -> None:
    if entry.after.version != entry.before.version + 1:
        raise ValueError("an entry leads to the next version")
    if not ledger.balanced(entry.postings):
        raise ValueError("the postings of an entry sum to zero")


def _funds_row(funds: Funds) -> Row:
    return {
        "key": FUNDS,
        "received": number(funds.received),
        "unallocated": number(funds.unallocated),
        "version": funds.version,
        "last_hash": funds.last_hash,
    }


def _cause_row(cause: Receipt | Credit) -> Row:
    if isinstance(cause, Receipt):
        return {
            "key": f"receipt#{cause.receipt_id}",
            "amount": number(cause.amount),
            "rail": cause.rail,
            "received_at": instant(cause.received_at),
            "reference": cause.reference,
        }
    return {
        "key": f"credit#{cause.credit_id}",
        "customer_id": cause.customer_id,
        "amount": number(cause.amount),
        "reason": cause.reason,
        "created_at": instant(cause.created_at),
        "created_by": cause.created_by,
        "request_id": cause.request_id,
    }
