"""What stands in the provider's books: executions and postings, as values.

Nothing here can change them; `books` writes new ones.
"""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from local.monoova.clock import moment
from local.monoova.fees import DIRECT_CREDIT, Fee
from local.monoova.payees import Payee
from local.monoova.shapes import read_json

# transactionType, subTransactionType of the account's rows
OPENING = ("LoadFunds", "OpeningBalance")
FEE = ("Fee", "TransactionFee")
VERIFICATION = ("Verification", "AccountVerification")
RECEIPTS = {
    "NPP": ("LoadFunds", "NppReceivePayment"),
    "DE": ("LoadFunds", "InboundDirectCredit"),
    "PAYTO": ("LoadFunds", "PayToReceivePayment"),
    "RTGS": ("LoadFunds", "InboundRtgsImt"),
}
DEBIT = ("DirectDebit", "InboundDirectDebit")
# Money that somebody else moves between accounts: no payment of ours, and no webhook tells of it.
FOREIGN = {"credit": ("Transfer", "TransferIn"), "debit": ("Transfer", "TransferOut")}
REVERSALS = {
    "reject": ("Reversal", "NppRejection"),
    "return": ("Reversal", "NppReturn"),
    "dishonour": ("Reversal", "DirectEntryDishonour"),
}


@dataclass(frozen=True)
class Execution:
    """A payment that was accepted. Amounts in cents; `given_back` is what came back of it.

    What really left the account may be something else than was asked for and answered:
    `debited` and `charged`; and the statuses may tell another word than `status`: `told_as`.
    """

    transaction_id: int
    unique_reference: str | None
    method: str
    amount: int
    fee: Fee
    payee: Payee
    status: str
    executed_at: datetime
    completed_on: date | None
    given_back: int
    debited: int | None = None
    charged: int | None = None
    told_as: str | None = None

    @property
    def told_status(self) -> str:
        """What the statuses say of it."""
        return self.told_as or self.status

    @property
    def left(self) -> int:
        """What left the account, without the fee."""
        return self.amount if self.debited is None else self.debited

    @property
    def fee_left(self) -> int:
        """The fee that left the account."""
        return self.fee.charged if self.charged is None else self.charged

    @property
    def is_direct_entry(self) -> bool:
        """Whether it went by BECS and not over NPP."""
        return self.method == DIRECT_CREDIT

    @classmethod
    def of(cls, row: sqlite3.Row) -> "Execution":
        """From a row of its table."""
        payee = read_json(str(row["payee"]).encode())
        return cls(
            transaction_id=row["transaction_id"],
            unique_reference=row["unique_reference"],
            method=row["method"],
            amount=row["amount"],
            fee=Fee(Decimal(row["fee"])),
            payee=Payee(**payee) if isinstance(payee, dict) else Payee(""),
            status=row["status"],
            executed_at=moment(row["executed_at"]),
            completed_on=date.fromisoformat(row["completed_on"]) if row["completed_on"] else None,
            given_back=row["given_back"],
            debited=row["debited"],
            charged=row["fee_charged"],
            told_as=row["told_as"],
        )


@dataclass(frozen=True)
class Posting:
    """A row of the account; cents, `balance` is the one after it, as it is shown."""

    row_id: int
    at: datetime
    credit: int
    debit: int
    balance: int
    kind: str
    subkind: str
    description: str
    transaction_id: int
    unique_reference: str | None

    @classmethod
    def of(cls, row: sqlite3.Row) -> "Posting":
        """From a row of its table."""
        return cls(
            row_id=row["id"],
            at=moment(row["at"]),
            credit=row["credit"],
            debit=row["debit"],
            balance=row["balance"] + row["skew"],
            kind=row["kind"],
            subkind=row["subkind"],
            description=row["description"],
            transaction_id=row["transaction_id"],
            unique_reference=row["unique_reference"],
        )
