"""A ready body for each of the provider's events, about nothing that ever happened.

For a receiver's tests: the shape, the dates and the amounts are the provider's, the payment is made
up, and no money moves. Fields of the request replace the body's own.
"""

from collections.abc import Callable, Mapping
from datetime import datetime

from local.monoova import arrivals, notices
from local.monoova.entries import Execution
from local.monoova.fees import DIRECT_CREDIT, fee_for
from local.monoova.forms import Form
from local.monoova.notices import Receipt, Reversal
from local.monoova.payees import Payee
from local.monoova.subscriptions import EVENTS

REASON = "ACCOUNT CLOSED"
UNMATCHED = "Unmatched Reconciliation Rule Receivable"
# Of nothing in the books: their numbers begin at ten million.
PAID, BACK = 4_000_001, 4_000_002
AMOUNT = 10_00

Body = dict[str, object] | list[dict[str, object]]
Make = Callable[[Execution, Receipt, Reversal], Body]

BODIES: Mapping[str, Make] = {
    "NppPaymentStatus": lambda paid, _in, _back: notices.payment_status(paid, "Payment Successful"),
    "NppReturn": lambda paid, _in, back: notices.reversal(paid, "return", back)[1],
    "DirectEntryDishonour": lambda paid, _in, back: notices.reversal(paid, "dishonour", back)[1],
    "NPPReceivePayment": lambda _paid, come, _back: notices.npp_receipt(come),
    "InboundDirectCredit": lambda _paid, come, _back: notices.direct_credit_receipt(come),
    "PayToReceivePayment": lambda _paid, come, _back: arrivals.pay_to_receipt(come),
    "InboundDirectDebit": lambda _paid, come, _back: arrivals.direct_debit(come, "Pending"),
    "DirectDebitClearance": lambda _paid, _in, _back: arrivals.clearance((PAID, BACK)),
    "InboundDirectCreditRejections": lambda _paid, come, _back: [
        arrivals.rejection(come, "DE", UNMATCHED)
    ],
    "NPPCreditRejections": lambda _paid, come, _back: arrivals.rejection(come, "NPP", UNMATCHED),
    "PendingInboundRtgsImt": lambda _paid, come, _back: arrivals.pending_transfers((come,)),
    "InboundRtgsImtStatus": lambda _paid, come, _back: arrivals.transfer_status(come, None),
}


def sample(form: Form, at: datetime) -> tuple[str, Body]:
    """The event and the body that a control request asks for; what is wrong is noted there."""
    event = form.text("eventName", required=True, among=EVENTS) or EVENTS[0]
    amount = form.money("amount") or AMOUNT
    reference = form.text("uniqueReference") or "a-reference-that-nobody-used"
    number = form.whole("number", least=1) or PAID
    description = form.text("description") or "Settlement"
    changes = form.get("fields")
    if changes is not None and not isinstance(changes, dict):
        form.wrong("fields", "must be an object")
    paid = _paid(reference, number, amount, at, direct_entry=event == "DirectEntryDishonour")
    body = BODIES[event](
        paid, _come(number, amount, description, at), Reversal(BACK, amount, REASON, at)
    )
    return event, _changed(body, changes if isinstance(changes, dict) else {})


def _changed(body: Body, changes: Mapping[str, object]) -> Body:
    if isinstance(body, list):
        return [each | dict(changes) for each in body]
    return body | dict(changes)


def _paid(
    reference: str, number: int, amount: int, at: datetime, *, direct_entry: bool
) -> Execution:
    method = DIRECT_CREDIT if direct_entry else "NppCreditBankAccount"
    payee = Payee("Jo Citizen", bsb="062-000", account_number="12345678")
    fee = fee_for([method])
    return Execution(
        number, reference, method, amount, fee, payee, "Complete", at, at.date(), given_back=0
    )


def _come(number: int, amount: int, description: str, at: datetime) -> Receipt:
    return Receipt(
        number=number,
        at=at,
        amount=amount,
        remitter="Simulated Payer",
        description=description,
        bsb="802-985",
        account_number="400000001",
        account_name="Simulated Merchant",
        source_bsb="062-000",
        source_account="12345678",
    )
