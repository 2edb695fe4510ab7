"""The bodies of webhooks: what the provider tells, field by field, in its own forms.

A body never names its event. Refuses to invent: what a payment does not have is null.
"""

from dataclasses import dataclass
from datetime import datetime

from local.monoova.dates import (
    day_first_form,
    hundredths_form,
    midnight_form,
    millis_form,
)
from local.monoova.entries import Execution
from local.monoova.fault_rules import Facts
from local.monoova.identity import AUTOMATCHER_BSB
from local.monoova.shapes import dollars


@dataclass(frozen=True)
class Reversal:
    """Money that came back: the credit's transaction id, cents, the bank's reason, when."""

    transaction_id: int
    amount: int
    reason: str
    at: datetime


@dataclass(frozen=True)
class Receipt:
    """Money that came in: where to, from whom, and how the provider numbers it."""

    number: int
    at: datetime
    amount: int
    remitter: str
    description: str
    bsb: str
    account_number: str
    account_name: str
    source_bsb: str
    source_account: str
    end_to_end_id: str | None = None
    pay_id: str | None = None


def facts(execution: Execution) -> Facts:
    """What a fault rule can match a payment's notification by; its event is added on the way."""
    name, amount = execution.payee.account_name, execution.amount
    return Facts(execution.unique_reference, name, amount)


def payment_status(
    execution: Execution, status: str, back: Reversal | None = None
) -> dict[str, object]:
    """`NppPaymentStatus`: `Payment Successful`, or `Rejected` with what came back."""
    return {
        "TransactionDate": midnight_form(execution.executed_at),
        "UniqueReference": execution.unique_reference,
        "TransactionId": execution.transaction_id,
        "Status": status,
        "Amount": dollars(execution.amount),
        **_npp_payee(execution),
        "EndToEndId": execution.payee.end_to_end_id,
        "RemitterName": execution.payee.remitter_name,
        "LodgementRef": execution.payee.lodgement_reference,
        "RejectionDateTime": hundredths_form(back.at) if back else None,
        "RejectionReasonDescription": back.reason if back else None,
        "RejectionTransactionId": back.transaction_id if back else None,
    }


def reversal(execution: Execution, why: str, back: Reversal) -> tuple[str, dict[str, object]]:
    """The event and the body that tell of money coming back."""
    if why == "reject":
        return "NppPaymentStatus", payment_status(execution, "Rejected", back)
    if why == "return":
        return "NppReturn", _npp_return(execution, back)
    return "DirectEntryDishonour", _dishonour(execution, back)


def _npp_payee(execution: Execution) -> dict[str, object]:
    payee = execution.payee
    return {
        "Bsb": payee.bsb,
        "AccountNumber": payee.account_number,
        "AccountName": payee.account_name,
        "PayId": payee.pay_id,
        "PayIdType": payee.pay_id_type,
    }


def _npp_return(execution: Execution, back: Reversal) -> dict[str, object]:
    return {
        "ReturnDate": midnight_form(back.at),
        "Amount": dollars(back.amount),
        **_npp_payee(execution),
        "EndToEndId": execution.payee.end_to_end_id,
        "ReturnReason": back.reason,
        "TransactionDate": midnight_form(execution.executed_at),
        "TransactionId": execution.transaction_id,
        "UniqueReference": execution.unique_reference,
        "RemitterName": execution.payee.remitter_name,
        "LodgementRef": execution.payee.lodgement_reference,
        "ReturnTransactionId": back.transaction_id,
    }


def _dishonour(execution: Execution, back: Reversal) -> dict[str, object]:
    payee = execution.payee
    return {
        "ReturnDate": midnight_form(back.at),
        "Amount": dollars(back.amount),
        "BankDetails": {
            "Bsb": payee.bsb,
            "AccountNumber": payee.account_number,
            "AccountName": payee.account_name,
            "Token": None,
        },
        "Type": "Credit",
        "ReturnReason": back.reason,
        "TransactionDate": f"{midnight_form(execution.executed_at)}.00",
        "OriginalTransactionId": execution.transaction_id,
        "TransactionReference": execution.unique_reference,
    }


def npp_receipt(receipt: Receipt) -> dict[str, object]:
    """`NPPReceivePayment`: the amount is a text with four decimals."""
    return {
        "TransactionId": f"N{receipt.number:011d}",
        "DateTime": day_first_form(receipt.at),
        "RemitterName": receipt.remitter,
        "Amount": f"{dollars(receipt.amount):.4f}",
        "AccountName": receipt.account_name,
        "AccountNumber": receipt.account_number,
        "Bsb": receipt.bsb,
        "PaymentDescription": receipt.description,
        "PayId": receipt.pay_id,
        "PayIdName": receipt.account_name if receipt.pay_id else None,
        "SourceBsb": receipt.source_bsb,
        "SourceAccountNumber": receipt.source_account,
        "SourceAccountName": receipt.remitter,
        "EndToEndId": receipt.end_to_end_id,
        "CategoryPurposeCode": None,
        "CreditorReferenceInformation": None,
        "USINumber": None,
        "USIScheme": None,
        "UltimateCreditorName": None,
        "ReconciliationRuleReference": None,
        "ReceiptNumber": str(receipt.number),
    }


def return_receipt(execution: Execution, back: Reversal) -> dict[str, object]:
    """`NPPReceivePayment` of a return: numbered as the return's transaction is."""
    payee = execution.payee
    return npp_receipt(
        Receipt(
            number=back.transaction_id,
            at=back.at,
            amount=back.amount,
            remitter=payee.account_name,
            description=f"Return: {back.reason}",
            bsb=AUTOMATCHER_BSB,
            account_number="",
            account_name="Simulated Merchant",
            source_bsb=payee.bsb or "",
            source_account=payee.account_number or "",
            end_to_end_id=payee.end_to_end_id,
        )
    )


def direct_credit_receipt(*receipts: Receipt) -> dict[str, object]:
    """`InboundDirectCredit`: a batch; the account number is a number, as in the example."""
    details = [_direct_credit(each) for each in receipts]
    total = dollars(sum(each.amount for each in receipts))
    return {"TotalCount": len(details), "TotalAmount": total, "DirectCreditDetails": details}


def _direct_credit(receipt: Receipt) -> dict[str, object]:
    return {
        "TransactionId": f"D{receipt.number:011d}",
        "BatchId": f"{receipt.number:013d}",
        "DateTime": millis_form(receipt.at),
        "Bsb": receipt.bsb,
        "AccountNumber": int(receipt.account_number),
        "AccountName": receipt.account_name,
        "TransactionCode": "50",
        "Amount": dollars(receipt.amount),
        "LodgementRef": receipt.description,
        "RemitterName": receipt.remitter,
        "NameOfUserSupplyingFile": "SIMULATED BANK",
        "NumberOfUserSupplyingFile": "000000",
        "DescriptionOfEntriesOnFile": "PAYMENT",
        "Indicator": "",
        "WithholdingTaxAmount": dollars(0),
        "SourceBsb": receipt.source_bsb,
        "SourceAccountNumber": receipt.source_account,
        "ReceiptNumber": str(receipt.number),
    }
