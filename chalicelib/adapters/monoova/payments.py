"""The body of a request to pay: one payout each, for a status belongs to a reference.

Made of the payout's stored intent and the form of our account alone, so that sending again sends
the same bytes. All of the provider's field names for paying are here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from chalicelib.adapters import exact_json
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from chalicelib.domain.destination import Destination
    from chalicelib.domain.payout import Payout

SourceBsbField = Literal["sourceBSB", "sourceAccountBsb"]
Fields = dict[str, object]

# Disbursement method, and the field that names the payee.
_NPP = {
    PayoutMethod.PAY_ID: ("NppCreditPayId", "toNppCreditPayIdDetails"),
    PayoutMethod.BANK_ACCOUNT: ("NppCreditBankAccount", "toNppCreditBankAccountDetails"),
}
_DIRECT_CREDIT = ("directCredit", "toDirectCreditDetails")


@dataclass(frozen=True, slots=True, repr=False)
class PaymentForm:
    """What every payment says of us, where it is configured; all of it may be empty.

    `account` is the 16 digits of the account to debit. `source_bsb` and `source_account` are shown
    to the payee; under which name the provider reads the first differs between its documents.
    """

    account: str = ""
    source_bsb: str = ""
    source_account: str = ""
    source_bsb_field: SourceBsbField = "sourceBSB"


def body_of(payout: Payout, destination: Destination, form: PaymentForm) -> bytes:
    """The JSON of an execute for the present attempt of a payout."""
    amount = payout.intent.amount.decimal
    told: Fields = {"uniqueReference": payout.unique_reference, "totalAmount": amount}
    if form.account:
        told |= {"paymentSource": "mAccount", "mAccount": {"token": form.account}}
    told["disbursements"] = [_disbursement(payout, destination, form)]
    return exact_json.write(told).encode("ascii")


def _disbursement(payout: Payout, destination: Destination, form: PaymentForm) -> Fields:
    npp = payout.rail is Rail.NPP
    method, details = _NPP[destination.method] if npp else _DIRECT_CREDIT
    payee: Fields = dict(destination.reveal())
    if npp:
        payee |= _filled(
            endToEndId=payout.intent.reference, remitterName=payout.intent.remitter_name
        )
    told: Fields = {"disbursementMethod": method, details: payee}
    if form.source_bsb and form.source_account:
        told |= {form.source_bsb_field: form.source_bsb, "sourceAccountNumber": form.source_account}
    told |= _filled(lodgementReference=payout.intent.description)
    return told | {"amount": payout.intent.amount.decimal}


def _filled(**texts: str) -> Fields:
    """The texts that are not empty."""
    return {name: text for name, text in texts.items() if text}
