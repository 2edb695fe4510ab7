"""The bodies of what arrives besides plain credits: PayTo, debits, RTGS, what is turned away.

Field by field as the provider's document has them. A body never names its event. Refuses to invent:
what an arrival does not have is null or empty, as in the provider's own examples.
"""

from collections.abc import Sequence
from datetime import datetime, time

from local.monoova.dates import (
    business_day_after,
    midnight_form,
    millis_form,
    seconds_form,
    today,
)
from local.monoova.notices import Receipt, npp_receipt
from local.monoova.shapes import dollars

# When an answer to a debit or to a transfer of high value is wanted at the latest, Sydney time.
ANSWER_BY = time(16, 30)
ORGANISATION = "SIMUAU2SXXX"


def pay_to_receipt(receipt: Receipt) -> dict[str, object]:
    """`PayToReceivePayment`: as an NPP receipt, and who initiated it."""
    body = npp_receipt(receipt)
    del body["ReconciliationRuleReference"]
    number = body.pop("ReceiptNumber")
    return body | {
        "MmsId": f"{receipt.number:032x}",
        "InitiatingPartyName": "Simulated Merchant",
        "NPPInstructionId": f"PI{receipt.number}",
        "ReceiptNumber": number,
    }


def direct_debit(debit: Receipt, status: str) -> dict[str, object]:
    """`InboundDirectDebit`: a batch of one; the status is `Pending`, `Accept` or `Reject`."""
    amount = dollars(debit.amount)
    detail = {
        "TransactionId": f"D{debit.number:011d}",
        "BatchId": f"{debit.number:013d}",
        "DateTime": millis_form(debit.at),
        "Status": status,
        "RespondBeforeDateTime": _answer_by(debit.at, 1),
        "Bsb": debit.bsb,
        "AccountNumber": debit.account_number,
        "AccountName": debit.account_name,
        "Amount": amount,
        "LodgementRef": debit.description,
        "RemitterName": debit.remitter[:16],
        "NameOfUserSupplyingFile": "SIMULATED BANK",
        "NumberOfUserSupplyingFile": "000000",
        "DescriptionOfEntriesOnFile": "PAYMENT",
        "Indicator": "",
        "WithholdingTaxAmount": dollars(0),
        "SourceBsb": debit.source_bsb,
        "SourceAccountNumber": debit.source_account,
    }
    return {"TotalCount": 1, "TotalAmount": amount, "DirectDebitDetails": [detail]}


def clearance(transactions: Sequence[int]) -> dict[str, object]:
    """`DirectDebitClearance`: which collected debits are cleared funds from today on."""
    listed = [{"Id": number} for number in transactions]
    return {"TotalCount": len(listed), "TransactionIds": listed}


def rejection(receipt: Receipt, kind: str, reason: str) -> dict[str, object]:
    """What both rejection events say of money that never was in the account; kind: NPP or DE."""
    by_npp = kind == "NPP"
    return {
        "id": receipt.number,
        "batchId": receipt.number,
        "dateTime": seconds_form(receipt.at),
        "bsb": receipt.bsb,
        "accountNumber": receipt.account_number,
        "accountName": receipt.account_name,
        "payId": receipt.pay_id,
        "payIdName": receipt.account_name if receipt.pay_id else None,
        "transactionCode": "50",
        "transactionType": kind,
        "amount": dollars(receipt.amount),
        "lodgementRef": receipt.description,
        "remitterName": receipt.remitter,
        "indicator": "",
        "withholdingTaxAmount": dollars(0),
        "endToEndId": receipt.end_to_end_id or ("NOTPROVIDED" if by_npp else ""),
        "nameOfUserSupplyingFile": "" if by_npp else "SIMULATED BANK",
        "numberOfUserSupplyingFile": "" if by_npp else "000000",
        "descriptionOfEntriesOnFile": "" if by_npp else "PAYMENT",
        "reason": reason,
        "status": "Processed",
        "sourceBsb": receipt.source_bsb,
        "sourceAccountNumber": receipt.source_account,
        "sourceAccountName": receipt.remitter if by_npp else None,
    }


def pending_transfers(receipts: Sequence[Receipt]) -> dict[str, object]:
    """`PendingInboundRtgsImt`: transfers of high value that nobody has confirmed yet."""
    total = sum(each.amount for each in receipts)
    details = [
        {
            **_transfer(each, bsb="BSB"),
            "Status": "Pending",
            "RespondBeforeDateTime": _answer_by(each.at, 2),
            "OriginatingAddress": ORGANISATION,
        }
        for each in receipts
    ]
    return {"TotalCount": len(details), "TotalAmount": dollars(total), "RtgsImtDetails": details}


def transfer_status(receipt: Receipt, reason: str | None) -> dict[str, object]:
    """`InboundRtgsImtStatus`: confirmed, or with a reason rejected."""
    return {
        **_transfer(receipt, bsb="Bsb"),
        "Status": "Rejected" if reason else "Confirmed",
        "ProcessedDateTime": seconds_form(receipt.at),
        "RejectReasonDescription": reason,
        "OrderingAddress": ORGANISATION,
    }


def _transfer(receipt: Receipt, *, bsb: str) -> dict[str, object]:
    """What both have; one writes the BSB in capitals."""
    return {
        "TransactionId": f"R{receipt.number:08d}",
        "AccountNumber": receipt.account_number,
        bsb: receipt.bsb,
        "AccountName": receipt.account_name,
        "TransactionReferenceNumber": f"SIM{receipt.number}",
        "Amount": dollars(receipt.amount),
        "LodgementRef": receipt.description,
        "Date": midnight_form(receipt.at),
        "SourceDetails": f"{receipt.source_account} {receipt.remitter}",
        "SendingOrganisation": ORGANISATION,
        "ReceivingOrganisation": "SIMULATED PAYMENTS",
        "OrderingInstitution": ORGANISATION,
        "ledgerAccountNumber": None,
        "ledgerUniqueReference": None,
    }


def _answer_by(at: datetime, days: int) -> str:
    day = business_day_after(today(at), days)
    return datetime.combine(day, ANSWER_BY).isoformat(timespec="seconds")
