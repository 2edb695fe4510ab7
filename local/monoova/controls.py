"""Our own endpoints under /_simulator: the hands that a test has on the provider's side.

Without credentials, because it only listens on 127.0.0.1. A request that makes no sense gets a 400
that lists everything that is wrong with it.
"""

import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from local.monoova.answers import Answer, ControlRefused, told
from local.monoova.calls import Call
from local.monoova.clock import MICROSECOND, moment
from local.monoova.endings import Ending, NotPossible
from local.monoova.entries import (
    DEBIT,
    FEE,
    FOREIGN,
    OPENING,
    REVERSALS,
    VERIFICATION,
    Execution,
)
from local.monoova.fault_rules import read_rule
from local.monoova.faults import read_dice
from local.monoova.forms import read_form
from local.monoova.samples import sample
from local.monoova.shapes import text_amount
from local.monoova.simulator import Simulator

LONGEST_NOTICE = Decimal(10)
ENDINGS = ("complete", "reject", "return", "dishonour")


def show_state(simulator: Simulator, _call: Call) -> Answer:
    """How everything stands."""
    store = simulator.store
    events = store.rows("SELECT event FROM subscriptions WHERE status = 'On' ORDER BY event")
    state = {
        "account_number": simulator.identity.account_number,
        "balance": text_amount(simulator.books.balance()),
        "executions": store.number("SELECT count(*) FROM executions"),
        "endings_due": store.number("SELECT count(*) FROM due"),
        "notifications": simulator.notifications.counts(),
        "subscriptions": [row["event"] for row in events],
        "locked_out": simulator.sign_in.is_locked,
        "settings": simulator.switches.now.shown(),
    }
    return told(_time(simulator) | state | simulator.faults.shown())


def show_books(simulator: Simulator, _call: Call) -> Answer:
    """The totals, which add up to the balance, and every execution."""
    with simulator.store.writing():
        books = simulator.books
        executions = books.executions(moment(0), datetime.max.replace(tzinfo=UTC), hidden=True)
        opening = books.total(*OPENING)
        totals = {
            "balance": books.balance(),
            "opening": opening,
            "received": books.total("LoadFunds") - opening,
            "paid": -books.total("Payment"),
            "fees": -books.total(*FEE),
            "returned": books.total(REVERSALS["return"][0]),
            "verifications": -books.total(*VERIFICATION),
            "debited": -books.total(*DEBIT),
            "foreign": books.total(FOREIGN["credit"][0]),
        }
    counts: dict[str | None, int] = {}
    for each in executions:
        counts[each.unique_reference] = counts.get(each.unique_reference, 0) + 1
    listed = [_shown(each, counts) for each in executions]
    amounts = {name: text_amount(total) for name, total in totals.items()}
    return told(amounts | {"executions": listed})


def receive(simulator: Simulator, call: Call) -> Answer:
    """Money arrives; its webhook is attempted before this answers."""
    received = simulator.receipts.receive(read_form(call.body))
    simulator.worker.catch_up()
    return told(received)


def debit(simulator: Simulator, call: Call) -> Answer:
    """Somebody else takes money; its webhook is attempted before this answers."""
    debited = simulator.debits.debit(read_form(call.body))
    simulator.worker.catch_up()
    return told(debited)


def show_clock(simulator: Simulator, _call: Call) -> Answer:
    """What time it is."""
    return told(_time(simulator))


def advance_clock(simulator: Simulator, call: Call) -> Answer:
    """Time passes; what becomes due happens, and is told, before this answers."""
    form = read_form(call.body)
    seconds = form.seconds("advance_seconds", required=True) or Decimal(0)
    deliver = form.flag("deliver", default=True)
    notice = min(form.seconds("notice_seconds") or Decimal(0), LONGEST_NOTICE)
    form.finish()
    before = simulator.delivery.attempts
    try:
        with simulator.worker.held():
            simulator.advance(timedelta(microseconds=int(seconds * 10**6)))
            time.sleep(float(notice))
    except ValueError as error:
        raise _wrong("advance_seconds", str(error)) from error
    simulator.worker.catch_up(deliver=deliver)
    return told(_time(simulator) | {"deliveries": simulator.delivery.attempts - before})


def show_faults(simulator: Simulator, _call: Call) -> Answer:
    """What is waiting to strike."""
    return told(simulator.faults.shown())


def add_fault(simulator: Simulator, call: Call) -> Answer:
    """A rule, or with a `rate` the seed."""
    form = read_form(call.body)
    if "rate" in form.fields:
        dice = read_dice(form)
        form.finish()
        simulator.faults.roll(dice)
        return told({"random": dice.shown()})
    rule = read_rule(form)
    form.finish()
    return told({"id": simulator.faults.add(rule)} | rule.shown())


def clear_faults(simulator: Simulator, _call: Call) -> Answer:
    """No more of them."""
    simulator.faults.clear()
    return told(simulator.faults.shown())


def flush(simulator: Simulator, call: Call) -> Answer:
    """Delivers what is due now, and with `hurry` also what would be due later."""
    form = read_form(call.body)
    hurry = form.flag("hurry", default=False)
    form.finish()
    before = simulator.delivery.attempts
    if hurry:
        simulator.notifications.hurry()
    simulator.worker.catch_up()
    return told({"deliveries": simulator.delivery.attempts - before})


def send(simulator: Simulator, call: Call) -> Answer:
    """Any body as a notification of any event, signed like a real one."""
    form = read_form(call.body)
    event = form.text("eventName", required=True) or ""
    body = form.get("body")
    if not isinstance(body, dict | list):
        form.wrong("body", "must be a JSON object or array")
    form.finish()
    number = simulator.notifications.announce(event, body)
    simulator.worker.catch_up()
    return told({"webhookId": number})


def send_example(simulator: Simulator, call: Call) -> Answer:
    """A ready body of an event, about nothing that happened, signed like a real one."""
    form = read_form(call.body)
    event, body = sample(form, simulator.clock.now())
    form.finish()
    number = simulator.notifications.announce(event, body)
    simulator.worker.catch_up()
    return told({"webhookId": number, "body": body})


def happen(simulator: Simulator, call: Call) -> Answer:
    """An ending for a payment, now: complete, reject, return or dishonour."""
    form = read_form(call.body)
    reference = form.text("uniqueReference", required=True) or ""
    what = form.text("ending", required=True, among=ENDINGS) or ""
    reason, amount = form.text("reason"), form.money("amount")
    ending = Ending(what, reason, amount, form.flag("told", default=True))
    form.finish()
    execution = simulator.books.latest(reference)
    if execution is None:
        raise _wrong("uniqueReference", "was never executed")
    try:
        simulator.endings.happen(execution, ending, simulator.clock.now())
    except NotPossible as error:
        raise _wrong("ending", str(error)) from error
    simulator.worker.catch_up()
    return show_books(simulator, call)


def reset(simulator: Simulator, _call: Call) -> Answer:
    """Everything as at the very beginning."""
    simulator.reset()
    return told(_time(simulator))


def rotate_keys(simulator: Simulator, _call: Call) -> Answer:
    """A new signing key."""
    simulator.signer.rotate()
    return told({"public_key": simulator.signer.public_key()})


def show_settings(simulator: Simulator, _call: Call) -> Answer:
    """The switches."""
    return told(simulator.switches.now.shown())


def change_settings(simulator: Simulator, call: Call) -> Answer:
    """Some of the switches."""
    form = read_form(call.body)
    switches = simulator.switches.now.changed(form)
    form.finish()
    simulator.switches.change(switches)
    return told(switches.shown())


def _time(simulator: Simulator) -> dict[str, object]:
    now = simulator.clock.now().isoformat(timespec="microseconds").replace("+00:00", "Z")
    offset = Decimal(simulator.clock.offset // MICROSECOND).scaleb(-6)
    return {"now": now, "offset_seconds": offset}


def _shown(execution: Execution, counts: Mapping[str | None, int]) -> dict[str, object]:
    reference = execution.unique_reference
    return {
        "uniqueReference": reference,
        "transactionId": execution.transaction_id,
        "method": execution.method,
        "amount": text_amount(execution.amount),
        "fee": text_amount(execution.fee.charged),
        "status": execution.status,
        "returned": text_amount(execution.given_back),
        "executed_at": execution.executed_at.isoformat().replace("+00:00", "Z"),
        "completed_on": execution.completed_on.isoformat() if execution.completed_on else None,
        "executed_count": 1 if reference is None else counts[reference],
    }


def _wrong(name: str, problem: str) -> ControlRefused:
    return ControlRefused([{"field": name, "problem": problem}])
