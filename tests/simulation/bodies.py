"""What the provider's answers and webhooks look like: JSON in its words, cents in ours."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

FEE_CENTS = 12
# What is added to the number of a payment for that of its return.
RETURNS = 500_000
# A webhook: its event and its body.
Webhook = tuple[str, bytes]


@dataclass
class Execution:
    """A payment that was made. `word` is its status there; `back` cents that came back.

    `by_bank` is what the bank paid out of a file of ours: only people tell us of that.
    """

    reference: str
    number: int
    cents: int
    npp: bool
    at: float
    word: str
    back: int = 0
    payee: str = ""
    by_bank: bool = False

    @property
    def life(self) -> str:
        """The payout's id."""
        return self.reference[:36]


def webhook(execution: Execution, now: datetime) -> Webhook:
    """What tells how a payment ended."""
    told: dict[str, Any] = {
        "Amount": float(dollars(execution.cents)),
        "TransactionDate": now.strftime("%Y-%m-%dT00:00:00"),
    }
    if execution.payee:
        told["AccountName"] = execution.payee
    if execution.word != "Dishonoured":
        event = "NppPaymentStatus"
        word = "Payment Successful" if execution.word == "Complete" else "Rejected"
        told |= {"UniqueReference": execution.reference, "Status": word}
        told |= {"TransactionId": execution.number}
    elif execution.npp:
        event = "NppReturn"
        told |= {"UniqueReference": execution.reference, "ReturnReason": "account closed"}
        told |= {"ReturnTransactionId": execution.number + RETURNS}
    else:
        event = "DirectEntryDishonour"
        told |= {"TransactionReference": execution.reference, "Type": "Credit"}
        told |= {"ReturnReason": "account closed"}
    return event, json.dumps(told).encode()


def receipt(name: str, cents: int, description: str, now: datetime) -> Webhook:
    """What tells of money that was received over NPP."""
    told = {
        "TransactionId": name, "Amount": f"{cents / 100:.4f}", "SourceAccountName": "Example",
        "DateTime": now.strftime("%d/%m/%Y %H:%M:%S"), "PaymentDescription": description,
    }  # fmt: skip
    return "NPPReceivePayment", json.dumps(told).encode()


def batch(came: Sequence[tuple[str, int, str]], now: datetime) -> Webhook:
    """What tells of direct credits: name, cents and what the payer wrote of each."""
    details = [
        {
            "TransactionId": name, "Amount": float(dollars(cents)), "LodgementRef": description,
            "DateTime": now.strftime("%Y-%m-%dT%H:%M:%S"), "RemitterName": "Example",
        }
        for name, cents, description in came
    ]  # fmt: skip
    told = {"TotalCount": len(details), "DirectCreditDetails": details}
    return "InboundDirectCredit", json.dumps(told).encode()


def status_of(execution: Execution) -> dict[str, Any]:
    """Its status by its reference."""
    return {"uniqueReference": execution.reference, "transactionStatus": execution.word}


def settled(execution: Execution) -> dict[str, Any]:
    """Its line of the statement."""
    return {
        "uniqueReferenced": execution.reference,
        "transactionId": execution.number,
        "feeAmountIncludingGst": dollars(FEE_CENTS),
    }


def lines(executions: Sequence[Execution]) -> list[dict[str, Any]]:
    """The account's lines of these payments."""
    told = []
    for each in executions:
        named = {"uniqueReference": each.reference, "transactionId": each.number}
        told.append({**named, "debit": dollars(each.cents), "credit": 0})
        if each.back:
            told.append({**named, "debit": 0, "credit": dollars(each.back)})
    return [{**line, "rowOrder": number} for number, line in enumerate(told)]


def dollars(cents: int) -> Decimal:
    """An amount as the provider writes it."""
    return Decimal(cents).scaleb(-2)


def plain(value: object) -> float:
    """Two decimals survive a float's shortest text, which is all that leaves here."""
    assert isinstance(value, Decimal)
    return float(value)
