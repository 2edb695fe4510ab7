"""The scenes of who may send what: a second person, a duplicate, a changed destination."""

from typing import Any

from local.client import new_key
from local.demo.scenes import account, order
from local.demo.stage import Failed, Stage

LARGE, TWICE = "510.00", "20.00"


def second_person(stage: Stage) -> None:
    """A payout above the policy's amount, which its maker cannot agree to."""
    stage.scene("A large payout waits until a second person has agreed to what they see")
    stage.pay("large", order(stage, LARGE, "BankAccount"), need="AwaitingApproval")
    waiting = _waiting(stage, "large")
    for why in waiting["why"]:
        stage.say(f"  why: {why['words']}")
    answer = stage.operator.call("POST", waiting["approve_at"], _consent(waiting), key=new_key())
    stage.show("POST …/approve, as its maker", answer)
    if answer.status != 403:
        raise Failed(f"its maker was answered {answer.status}")
    answer = stage.approver.call("POST", waiting["approve_at"], _consent(waiting), key=new_key())
    stage.show("POST …/approve, as an approver", answer)
    stage.pass_time(31)
    stage.becomes("large", "Completed", "sent once it was agreed to, and found")


def duplicate(stage: Stage) -> None:
    """The same payment under another key: no replay, but somebody's mistake, perhaps."""
    stage.scene("The same payment again stops softly: a second person says that it is one")
    wanted = {**order(stage, TWICE, "BankAccount"), "reference": "INV-1042"}
    stage.pay("once", wanted, need="Pending")
    stage.pay("twice", wanted, need="AwaitingApproval")
    before = stage.simulator.totals().paid
    waiting = _waiting(stage, "twice")
    path = waiting["approve_at"].replace("/approve", "/decline")
    answer = stage.approver.call("POST", path, {"reason": "Paid already."}, key=new_key())
    stage.show("POST …/decline, as an approver", answer)
    stage.pass_time(31)
    stage.becomes("once", "Completed", "the one that was meant")
    stage.becomes("twice", "Declined", "nothing left, and the money is in the balance again")
    if stage.simulator.totals().paid != before:
        raise Failed("the duplicate was paid")


def changed_destination(stage: Stage) -> None:
    """A bank account that was added a moment ago."""
    stage.scene("A destination that was just added cools off before anything goes there")
    path = f"/customers/{stage.customer_id}/destinations"
    added = stage.operator.need(201, "POST", path, account("Not Jo"), key=new_key())
    wanted = order(stage, "15.00", "BankAccount", added["destination_id"])
    answer = stage.operator.call("POST", "/payouts", wanted, key=new_key())
    stage.show("POST /payouts", answer)
    for error in answer.body["errors"]:
        stage.say(f"  {error['pointer']}: {error['detail']}")
    if answer.status != 422 or answer.body["errors"][0]["code"] != "cooling_off":
        raise Failed(f"expected it to cool off, got {answer.status} {answer.body}")


CONTROL_SCENES = (second_person, duplicate, changed_destination)


def _waiting(stage: Stage, name: str) -> dict[str, Any]:
    """What the approver's desk shows of a payout."""
    found = [
        each for each in stage.approver.every("/approvals") if each["id"] == stage.payouts[name]
    ]
    if len(found) != 1:
        raise Failed(f"{name} is {len(found)} times on the approver's desk")
    return found[0]


def _consent(waiting: dict[str, Any]) -> dict[str, str]:
    """Somebody's word for exactly what the desk showed."""
    return {"seen": waiting["seen"], "reason": "Checked against the invoice."}
