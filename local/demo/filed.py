"""The scene of a day without the provider: what waits goes to the bank as a file."""

import hashlib
from datetime import datetime, time
from decimal import Decimal
from typing import Any

from local.client import new_key
from local.demo.bank import payee
from local.demo.scenes import ACCENTED, order
from local.demo.stage import KNOWN, Failed, Stage
from local.monoova.dates import SYDNEY

MORNING = time(9)
BACK, TAKEN = "21.05", "22.05"


def by_file(stage: Stage) -> None:
    """Two payouts in a file; the bank takes it, and one of them comes back."""
    stage.scene("The provider is down for days: what waits goes to the bank as a file")
    before = Decimal(stage.balance())
    _rails(stage, "open", "They are down until Monday.")
    stage.pass_time(KNOWN)
    accented = order(stage, BACK, "BankAccount", stage.payees[ACCENTED])
    stage.pay("comes back", accented, need="Queued")
    stage.pay("by file", order(stage, TAKEN, "BankAccount"), need="Queued")
    answer = stage.admin.call("POST", "/exports/aba", key=new_key())
    file, own = answer.body, f"/exports/{answer.body.get('file_id')}"
    stage.show("POST /exports/aba", answer)
    if answer.status != 201 or (file["stage"], file["count"]) != ("Sealed", 2):
        raise Failed(f"expected a sealed file of two, got {answer.status} {file}")
    for each in file["lines"]:
        otherwise = f"; spelt otherwise: {', '.join(each['changed'])}" if each["changed"] else ""
        stage.say(f"  {each['reference']} {each['amount']}{otherwise}")
    text = _same_bytes(stage, own, file["digest"])
    cancel = {"reason": "Not needed any more."}
    path = f"/payouts/{stage.payouts['by file']}/cancel"
    stage.show("POST …/cancel", stage.operator.call("POST", path, cancel, key=new_key()))
    stage.say("  They are in the file, and nowhere else: nobody sends or cancels them.")
    _to_the_bank(stage, own, text, file["pays_on"])
    _comes_back(stage, own)
    stage.say(f"  available before {before}, now {stage.balance()}: only {TAKEN} is away")
    if Decimal(stage.balance()) != before - Decimal(TAKEN):
        raise Failed("the balance is not what it was less what the bank paid")
    _rails(stage, "reset", "They are back.")


FILE_SCENES = (by_file,)


def _rails(stage: Stage, verb: str, reason: str) -> None:
    answer = stage.admin.call("POST", f"/rails/provider/{verb}", {"reason": reason}, key=new_key())
    stage.show(f"POST /rails/provider/{verb}", answer)
    if answer.status != 200:
        raise Failed(f"the rails were not told: {answer.status} {answer.body}")


def _same_bytes(stage: Stage, own: str, digest: str) -> str:
    """The file's bytes, had twice."""
    text, again = stage.admin.text(f"{own}/file"), stage.admin.text(f"{own}/file")
    stage.say(f"  GET …/file, twice: {len(text)} bytes, the same, SHA-256 {digest[:16]}…")
    if text != again or hashlib.sha256(text.encode()).hexdigest() != digest:
        raise Failed("the bytes are not the same")
    return text


def _to_the_bank(stage: Stage, own: str, text: str, pays_on: str) -> None:
    """A person uploads it, and says so once its date has come."""
    stage.bank.take(text)
    stage.say(f"  The bank reads: {', '.join(map(payee, stage.bank.lines))}")
    now = stage.simulator.clock().now
    comes = datetime.combine(datetime.fromisoformat(pays_on).date(), MORNING, SYDNEY)
    if comes > now:
        stage.say(f"  It pays on {pays_on}.")
        stage.pass_time(int((comes - now).total_seconds()))
    _told(stage, f"{own}/confirm", {"bank_reference": "XXX-0001"})
    for name in ("comes back", "by file"):
        stage.becomes(name, "Pending", "the bank took it, as a person says")


def _comes_back(stage: Stage, own: str) -> None:
    """The bank's file of returns."""
    (line,) = (each for each in stage.bank.lines if int(each[20:30]) == int(Decimal(BACK) * 100))
    _told(stage, f"{own}/returns", {"content": stage.bank.give_back(line)})
    found = stage.becomes("comes back", "Returned", "a line of the bank's file of returns")
    stage.say(f"  reason: {found['error_message']}")


def _told(stage: Stage, path: str, body: dict[str, Any]) -> None:
    answer = stage.admin.call("POST", path, body, key=new_key())
    stage.show(f"POST …/{path.rsplit('/', 1)[1]}", answer)
    if answer.status != 200:
        raise Failed(f"{path}: {answer.status} {answer.body}")
