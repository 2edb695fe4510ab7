"""What webhooks look like: a body of every event in the provider's fields, about what is there.

Fields and forms are the provider's, values are planted. Each seed is the event that it is for and
the body; one of a payout for each payout of the world.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

from tests.fuzz import planted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.domain.payout import Payout
    from tests.fuzz.world import World


class Seed(NamedTuple):
    """An event's name, a body for it, and the payout that it is about (empty: none)."""

    event: str
    body: Any
    payout: str = ""

    @property
    def raw(self) -> bytes:
        """The bytes."""
        return json.dumps(self.body).encode()


PAYEE = {
    "Bsb": "062-000", "AccountNumber": planted.HEARD_ACCOUNT, "AccountName": planted.HEARD_PAYEE,
    "PayId": planted.HEARD_PAY_ID, "PayIdType": "Email", "EndToEndId": None,
    "RemitterName": planted.PAYER, "LodgementRef": "March",
}  # fmt: skip
RECEIVED = {
    "TransactionId": "N00100000000", "DateTime": "02/03/2026 11:00:01 AM",
    "RemitterName": planted.PAYER, "Amount": "10.0000", "AccountName": planted.HEARD_PAYEE,
    "AccountNumber": planted.HEARD_ACCOUNT, "Bsb": "123-123",
    "PaymentDescription": planted.PAYER_WORDS, "PayId": planted.HEARD_PAY_ID, "PayIdName": "Jo",
    "SourceBsb": "062-000", "SourceAccountNumber": planted.PAYER_ACCOUNT,
    "SourceAccountName": planted.PAYER, "EndToEndId": "X", "CategoryPurposeCode": "",
    "ReconciliationRuleReference": None, "ReceiptNumber": "5678120",
}  # fmt: skip
DETAIL = {
    "TransactionId": "D00100537784", "BatchId": "0000000212749",
    "DateTime": "2026-03-02T11:21:50.553", "Bsb": "802-985",
    "AccountNumber": int(planted.HEARD_ACCOUNT), "AccountName": planted.HEARD_PAYEE,
    "TransactionCode": "50", "Amount": 1000.01, "LodgementRef": planted.PAYER_WORDS,
    "RemitterName": planted.PAYER, "NameOfUserSupplyingFile": "A BANK", "Indicator": "",
    "WithholdingTaxAmount": 0.0, "SourceBsb": "062-000",
    "SourceAccountNumber": planted.PAYER_ACCOUNT, "ReceiptNumber": "567812",
}  # fmt: skip
REJECTED_CREDIT = {
    "id": 7, "batchId": 1, "dateTime": "2026-03-02T11:21:50", "bsb": "802-985",
    "accountNumber": planted.HEARD_ACCOUNT, "payId": planted.HEARD_PAY_ID,
    "transactionType": "DE", "amount": 12.5, "reason": "no such account", "status": "Rejected",
    "sourceBsb": "062-000", "sourceAccountNumber": planted.PAYER_ACCOUNT,
}  # fmt: skip


def seeds(world: World) -> list[Seed]:
    """All of them, always in the same order."""
    about = [each for one in world.store.state.payouts.values() for each in _of_payout(one)]
    return [*about, *_of_nobody()]


def _of_payout(payout: Payout) -> Iterator[Seed]:
    own, reference = payout.transaction_id, payout.unique_reference
    amount = payout.intent.amount.cents / 100  # as a JSON number is written
    status = PAYEE | {
        "TransactionDate": "2026-03-02T00:00:00", "UniqueReference": reference,
        "TransactionId": 1234567, "Status": "Payment Successful", "Amount": amount,
        "RejectionDateTime": None, "RejectionReasonDescription": None,
        "RejectionTransactionId": None,
    }  # fmt: skip
    rejected = {
        "Status": "Rejected", "RejectionDateTime": "2026-03-02T11:59:30.55",
        "RejectionReasonDescription": "ACCOUNT CLOSED", "RejectionTransactionId": 1234568,
    }  # fmt: skip
    yield Seed("NppPaymentStatus", status, own)
    yield Seed("NppPaymentStatus", status | rejected, own)
    returned = PAYEE | {
        "ReturnDate": "2026-03-02T12:30:00", "Amount": amount, "ReturnReason": "ACCOUNT CLOSED",
        "TransactionDate": "2026-03-01T00:00:00", "TransactionId": 1234567,
        "UniqueReference": reference, "ReturnTransactionId": 1234569,
    }  # fmt: skip
    yield Seed("NppReturn", returned, own)
    yield Seed("DirectEntryDishonour", _dishonour(reference, amount, "Credit"), own)
    yield Seed("DirectEntryDishonour", _dishonour(reference, amount, "Debit"), own)
    flat = {
        "eventName": "NppPaymentStatus", "uniqueReference": reference,
        "status": "Payment Successful", "transactionId": "1234567",
        "timestamp": "2026-03-02T00:59:30Z", "amount": amount, "currency": "AUD",
    }  # fmt: skip
    yield Seed("NppPaymentStatus", flat, own)
    yield Seed("NppPaymentStatus", flat | {"status": "Rejected"}, own)


def _dishonour(reference: str, amount: float, kind: str) -> dict[str, Any]:
    return {
        "ReturnDate": "2026-03-02T00:00:00", "Amount": amount, "Type": kind,
        "BankDetails": {
            "Bsb": "062-000", "AccountNumber": planted.HEARD_ACCOUNT,
            "AccountName": planted.HEARD_PAYEE, "Token": None,
        },
        "ReturnReason": "REFER TO CUSTOMER", "TransactionDate": "2026-03-01T00:00:00.00",
        "OriginalTransactionId": 1234567, "TransactionReference": reference,
    }  # fmt: skip


def _of_nobody() -> Iterator[Seed]:
    """Money that comes in, known and new; and what moves no money of ours."""
    for number in ("N00100000000", "N00100000007"):
        yield Seed("NPPReceivePayment", RECEIVED | {"TransactionId": number})
    yield Seed("PayToReceivePayment", RECEIVED | {"MmsId": "a", "InitiatingPartyName": "b"})
    new = DETAIL | {"TransactionId": "D00100537799", "Amount": 2.50}
    for details in ([DETAIL], [DETAIL, new], [new, DETAIL | {"Amount": 3}], _many(60)):
        yield Seed("InboundDirectCredit", _batch(details))
    yield Seed("InboundDirectCreditRejections", [REJECTED_CREDIT, REJECTED_CREDIT])
    yield Seed("NPPCreditRejections", [REJECTED_CREDIT | {"transactionType": "NPP"}])
    yield Seed("SomethingNew", {"Anything": [1, "two", None], "UniqueReference": "not-ours-1"})


def _many(count: int) -> list[dict[str, Any]]:
    return [DETAIL | {"TransactionId": f"D{number:011d}", "Amount": 1} for number in range(count)]


def _batch(details: list[dict[str, Any]]) -> dict[str, Any]:
    total = sum(each["Amount"] for each in details)
    return {"TotalCount": len(details), "TotalAmount": total, "DirectCreditDetails": details}
