"""The scenes, in order. What a payee's bank does is chosen by the payee's name."""

from typing import Any

from local.client import new_key
from local.demo.stage import Failed, Stage, wait

SETTLEMENT, CREDIT = "1500.00", "1000.00"
# What the provider answers where NPP does not reach an account.
NOT_BY_NPP = "FinancialValidateDisbursementNppCreditBankAccountDetailsAreInvalid"
DAY = 24 * 60 * 60  # seconds
# After so many a dishonour has come: three business days are eight others where holidays meet.
DISHONOURED_WITHIN = 9
# Whose bank accounts the customer has; the first is the default.
ACCENTED = "Zoë Sørensen"
PAYEES = (
    "Jo Citizen", "Sim Refuse", "Sim Reject ACCOUNT CLOSED", "Sim Timeout", "Sim Dishonour",
    ACCENTED,
)  # fmt: skip


def unreadable(stage: Stage) -> None:
    """A webhook arrives that nobody can read; what became of it is the last scene's."""
    stage.heading("A webhook whose amount is no number")
    body = {"Amount": "ten dollars", "TransactionId": "N00099999999"}
    stage.simulator.example("NPPReceivePayment", fields=body)
    stage.say("  It is signed, so it is acknowledged and put in the queue of dead letters.")


def open_the_books(stage: Stage) -> None:
    """A customer with a PayID and a bank account; a settlement; a part of it credited."""
    stage.heading("A customer, a settlement, a credit")
    payid = {"type": "PayId", "payIdType": "PhoneNumber", "payId": "0400 000 000",
             "accountName": "Sim Pending"}  # fmt: skip
    body = {
        "customer_name": "Jo Citizen",
        "email": "jo@example.com",
        "payout_destinations": [payid, *map(account, PAYEES)],
    }
    answer = stage.operator.call("POST", "/customers", body, key=new_key())
    stage.show("POST /customers", answer)
    stage.customer_id = answer.body["customer_id"]
    for name, destination in zip(["", *PAYEES], answer.body["payout_destinations"], strict=True):
        stage.payees[name] = destination["destination_id"]
        masked = (
            destination["payId"] or f"{destination['bsbNumber']} {destination['accountNumber']}"
        )
        stage.say(f"  stored encrypted, shown as {masked}")
    stage.simulator.receive(SETTLEMENT, rail="NPP")
    stage.say(f"  The settlement of {SETTLEMENT} arrives at the provider, which sends a webhook.")
    wait(lambda: unallocated(stage) == SETTLEMENT, "the settlement was not heard of")
    path = f"/customers/{stage.customer_id}/credits"
    credit = {"amount": CREDIT, "reason": "Share of the card settlement"}
    stage.show(f"POST …/credits {CREDIT}", stage.admin.call("POST", path, credit, key=new_key()))
    stage.say(f"  unallocated {unallocated(stage)}, available to the customer {stage.balance()}")


def completed_by_webhook(stage: Stage) -> None:
    """A PayID payout that the provider's webhook completes."""
    stage.scene("To a PayID, completed because a signed webhook said so")
    stage.pay("webhook", order(stage, "100.00", "PayId"), need="Pending")
    stage.pass_time(5)
    stage.becomes("webhook", "Completed", "NppPaymentStatus arrived, signature and token verified")


def completed_by_asking(stage: Stage) -> None:
    """A bank-account payout of which nobody tells."""
    stage.scene("To a bank account, completed because the poller asked")
    stage.pay("asked", order(stage, "75.50", "BankAccount"), need="Pending")
    stage.say("  No webhook comes for a payment that is final at once. Half a minute goes by.")
    stage.pass_time(31)
    stage.becomes("asked", "Completed", "the poller asked for the status")


def refused(stage: Stage) -> None:
    """A payout that the provider refuses."""
    stage.scene("Refused by the provider: nothing left")
    before = stage.balance()
    payee = stage.payees["Sim Refuse"]
    wanted = {**order(stage, "50.00", "BankAccount", payee), "rail": "NPP"}
    found = stage.pay("refused", wanted, need="Failed")
    stage.say(f"  reason: {found['error_code']}")
    same_balance(stage, before)


def by_the_other_rail(stage: Stage) -> None:
    """A payout to an account that NPP does not reach."""
    stage.scene("The account is not reachable by NPP: it goes by Direct Entry, as a new attempt")
    stage.simulator.fault("execute", "refuse", code=NOT_BY_NPP)
    stage.pay("other rail", order(stage, "30.00", "BankAccount"), need="Queued")
    stage.pass_time(61)
    stage.becomes("other rail", "Pending", "NPP is proven closed to it: sent by the next rail")
    path = f"/payouts/{stage.payouts['other rail']}"
    attempts = stage.operator.need(200, "GET", path)["attempts"]
    for each in attempts:
        reason = f", {each['reason']}" if each["reason"] else ""
        stage.say(f"  attempt {each['number']} by {each['rail']}: {each['outcome']}{reason}")
    if [each["rail"] for each in attempts] != ["NPP", "DirectEntry"]:
        raise Failed(f"expected NPP, then Direct Entry, got {attempts}")


def rejected(stage: Stage) -> None:
    """A payout that the payee's bank rejects."""
    stage.scene("Rejected by the bank: the money is back")
    before = stage.balance()
    payee = stage.payees["Sim Reject ACCOUNT CLOSED"]
    stage.pay("rejected", order(stage, "60.00", "BankAccount", payee), need="Pending")
    stage.say(f"  while it is under way, available: {stage.balance()}")
    stage.pass_time(5)
    found = stage.becomes("rejected", "Rejected", "the bank's answer came by webhook")
    stage.say(f"  reason: {found['error_message']}")
    same_balance(stage, before)


def redrafted(stage: Stage) -> None:
    """The rejected payout, paid once more to another account."""
    stage.scene("Paid once more, to another account: a new payout, the only one of its original")
    path = f"/payouts/{stage.payouts['rejected']}/redraft"
    body, key = {"destination_id": stage.payees["Jo Citizen"]}, new_key()
    answer = stage.operator.call("POST", path, body, key=key)
    stage.show("POST …/redraft", answer)
    stage.payouts["redraft"] = own = answer.body["transaction_id"]
    again = stage.operator.call("POST", path, body, key=key)
    stage.show("POST …/redraft, the same request again", again)
    other = stage.operator.call("POST", path, body, key=new_key())
    stage.show("POST …/redraft, with another key", other)
    if (again.body["transaction_id"], other.status) != (own, 409):
        raise Failed(f"redrafted twice: {again.body}, {other.body}")
    stage.pass_time(31)
    found = stage.becomes("redraft", "Completed", "the poller asked for the status")
    original = stage.operator.need(200, "GET", f"/payouts/{stage.payouts['rejected']}")
    stage.say(f"  redraft_of {found['redraft_of']}, redrafted_as {original['redrafted_as']}")
    if (found["redraft_of"], original["redrafted_as"]) != (stage.payouts["rejected"], own):
        raise Failed("the two do not name each other")


def lost_answer(stage: Stage) -> None:
    """A payout that was accepted although our call timed out."""
    stage.scene("Accepted although our call timed out: asked about, not sent again")
    payee = stage.payees["Sim Timeout"]
    made = stage.pay("lost", order(stage, "80.00", "BankAccount", payee), need="Unconfirmed")
    stage.say("  The money is held. Nobody guesses; the poller asks.")
    stage.pass_time(31)
    stage.becomes("lost", "Completed", "asked, and found executed")
    count = stage.simulator.executions(made["uniqueReference"])
    stage.say(f"  executions of it in the simulator's own books: {count}")
    if count != 1:
        raise Failed(f"executed {count} times")


def dishonoured(stage: Stage) -> None:
    """A Direct Entry payout that comes back days later."""
    stage.scene("By Direct Entry, sent, then dishonoured days later: the money is back")
    before = stage.balance()
    payee = stage.payees["Sim Dishonour"]
    wanted = {**order(stage, "45.25", "BankAccount", payee), "rail": "DirectEntry"}
    found = stage.pay("dishonoured", wanted, need="Pending")
    final = found["final_unless_dishonoured_by"]
    stage.say(f"  The provider says Complete; we say sent, final unless dishonoured by {final}.")
    for _ in range(DISHONOURED_WITHIN):
        stage.pass_time(DAY)
    stage.becomes("dishonoured", "Returned", "DirectEntryDishonour arrived")
    same_balance(stage, before)


def refused_at_the_door(stage: Stage) -> None:
    """A request with everything wrong."""
    stage.scene("Refused at the door, with all its errors at once")
    wrong = {
        "customer_id": "somebody",
        "amount": "12.345",
        "payout_method": "Cheque",
        "description": "line\nbreak",
        "colour": "blue",
    }
    answer = stage.operator.call("POST", "/payouts", wrong)
    stage.show("POST /payouts", answer)
    for error in answer.body["errors"]:
        stage.say(f"  {error['pointer'] or '/'}: {error['detail']}")
    if answer.status != 400 or len(answer.body["errors"]) < 5:
        raise Failed(f"expected 400 with all errors, got {answer.status} {answer.body}")


SCENES = (
    unreadable,
    open_the_books,
    completed_by_webhook,
    completed_by_asking,
    refused,
    by_the_other_rail,
    rejected,
    redrafted,
    lost_answer,
    dishonoured,
    refused_at_the_door,
)


def order(stage: Stage, amount: str, method: str, payee: str | None = None) -> dict[str, Any]:
    """The body of a payout, to a named destination or the default one of a method."""
    body = {"customer_id": stage.customer_id, "amount": amount, "payout_method": method}
    return body if payee is None else {**body, "destination_id": payee}


def account(account_name: str) -> dict[str, str]:
    """A bank account of that name, as it is written in a request."""
    return {
        "type": "BankAccount",
        "bsbNumber": "062-000",
        "accountNumber": "0012 3456",
        "accountName": account_name,
    }


def unallocated(stage: Stage) -> str:
    """The funds that are nobody's yet."""
    return str(stage.admin.need(200, "GET", "/funds")["unallocated"])


def same_balance(stage: Stage, before: str) -> None:
    """Show that the money is back.

    Raises:
        Failed: it is not.
    """
    now = stage.balance()
    stage.say(f"  available before {before}, now {now}")
    if now != before:
        raise Failed(f"the balance was {before} and is {now}")
