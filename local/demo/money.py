"""The scenes of money that comes in, or does not: lost, settled, wanting, and not understood."""

from decimal import Decimal
from typing import Any

from local.client import new_key
from local.demo.scenes import order, unallocated
from local.demo.stage import Failed, Stage, wait
from local.monoova.dates import today

LOST, SETTLED, PAYOUT = "120.00", "300.00", "70.00"
SHARES = ("100.00", "150.00", "50.00")
REFERENCE = "FDMS DEMO 0001"
REPAIR = 11 * 60  # seconds: the report is read every ten minutes
LETTER = 90.0  # seconds until a dead letter is parked: a half minute in the queue, and some more


def lost_webhook(stage: Stage) -> None:
    """Money of which no webhook tells."""
    stage.scene("A webhook is lost on the way: found in the provider's report, asked for again")
    before = Decimal(unallocated(stage))
    stage.simulator.fault("webhook", "lost")
    stage.simulator.receive(LOST, description="Nobody will hear of this")
    stage.say(f"  {LOST} arrived; unallocated is still {unallocated(stage)}. Eleven minutes go by.")
    stage.pass_time(REPAIR)
    wanted = before + Decimal(LOST)
    wait(lambda: Decimal(unallocated(stage)) == wanted, "the webhook was not asked for")
    stage.say(f"  unallocated {unallocated(stage)}: nobody did anything")


def settlement(stage: Stage) -> None:
    """A settlement that was expected, with whose it is."""
    stage.scene("An expected settlement arrives, and is allocated by its rows")
    lines = [f"{stage.customer_id},{share}" for share in SHARES]
    body = {
        "date": today(stage.simulator.clock().now).isoformat(),
        "amount": SETTLED,
        "reference": REFERENCE,
        "csv": "\n".join(["customer_id,amount", *lines]),
    }
    before = Decimal(stage.balance())
    answer = stage.admin.call("POST", "/settlements", body, key=new_key())
    stage.show(f"POST /settlements {SETTLED}, {len(SHARES)} rows", answer)
    stage.simulator.receive(SETTLED, rail="DE", description=REFERENCE)
    path = f"/settlements/{answer.body['settlement_id']}"
    told = _until(stage, path, "stage", "Settled")
    stage.status(f"{told['allocated_rows']} rows allocated", told["stage"])
    stage.say(f"  available before {before}, now {stage.balance()}")
    if Decimal(stage.balance()) - before != Decimal(SETTLED):
        raise Failed(f"{stage.balance()} after {before} and {SETTLED}")


def out_of_funds(stage: Stage) -> None:
    """A payout for which the account does not hold enough."""
    stage.scene("The account is empty: a payout waits, and goes out when money arrives")
    taken = stage.simulator.totals().balance
    stage.simulator.debit(taken, description="A debit that nobody agreed to")
    stage.say(f"  Somebody took {taken} out of the account: a finding for a person.")
    found = stage.pay("waits", order(stage, PAYOUT, "PayId"), need="Queued")
    stage.say(f"  waits for: {found['waits_for']}. The money is held; then more arrives.")
    stage.simulator.receive("200.00", description="Top up")
    stage.pass_time(60)
    stage.becomes("waits", "Pending", "sent by itself")
    stage.pass_time(60)
    stage.becomes("waits", "Completed", "NppPaymentStatus arrived")


def dead_letter(stage: Stage) -> None:
    """The webhook of the beginning, before a person by now."""
    stage.scene("The webhook that nobody could read is before a person, who discards it")
    letters: list[dict[str, Any]] = []

    def there() -> bool:
        letters[:] = stage.admin.every("/dead-letters")
        return bool(letters)

    wait(there, "the dead letter was not parked", LETTER)
    (letter,) = letters
    stage.say(f"  {letter['event_name']}, {letter['attempts']} attempts: {letter['words']}")
    path = f"/dead-letters/{letter['letter_id']}"
    answer = stage.operator.call("POST", f"{path}/redrive")
    stage.show("POST …/redrive", answer)
    stage.say(f"  {answer.body.get('detail', '')}")
    why = {"reason": "The provider says that it was a test."}
    answer = stage.admin.call("POST", f"{path}/discard", why)
    stage.show("POST …/discard", answer)
    if answer.status != 200 or stage.admin.every("/dead-letters"):
        raise Failed(f"the letter is still there: {answer.status}")


MONEY_SCENES = (lost_webhook, settlement, out_of_funds, dead_letter)


def _until(stage: Stage, path: str, field: str, value: str) -> dict[str, Any]:
    """What is shown at a path, once one of its fields has a value."""
    found: dict[str, Any] = {}

    def there() -> bool:
        found.update(stage.admin.need(200, "GET", path))
        return bool(found[field] == value)

    wait(there, f"{path} did not become {value}")
    return found
