"""Our own endpoints for what a night has to find: each takes a form, and tampers with the books.

A request that makes no sense gets a 400 with everything that is wrong with it.
"""

from local.monoova.answers import Answer, ControlRefused, told
from local.monoova.calls import Call
from local.monoova.entries import Execution
from local.monoova.forms import Form, read_form
from local.monoova.shapes import text_amount
from local.monoova.simulator import Simulator
from local.monoova.tampering import Foreign

MOST = 10_000


def foreign(simulator: Simulator, call: Call) -> Answer:
    """Somebody else's money comes or goes."""
    form = read_form(call.body)
    what = Foreign(
        side=form.text("side", required=True, among=("credit", "debit")) or "",
        amount=form.money("amount", required=True) or 0,
        fee=form.money("fee") or 0,
        reference=form.text("uniqueReference"),
        description=form.text("description") or "Transfer",
        hidden=form.flag("hidden", default=False),
    )
    count = form.whole("count", least=1, most=MOST) or 1
    if what.hidden and what.reference:
        form.wrong("uniqueReference", "nobody sees it of what is hidden")
    form.finish()
    with simulator.store.writing():
        numbers = [simulator.tampering.foreign(what) for _ in range(count)]
    return told(_balance(simulator) | {"transactionId": numbers[0], "transactionIds": numbers})


def amend(simulator: Simulator, call: Call) -> Answer:
    """Another amount, or another fee, has left the account."""
    form = read_form(call.body)
    execution = _executed(simulator, form)
    amount, fee = form.money("amount"), form.money("fee")
    if amount is None and fee is None:
        form.wrong("amount", "or fee is required")
    simulator.tampering.amend(_finished(form, execution), amount=amount, fee=fee)
    return told(_balance(simulator))


def repeat(simulator: Simulator, call: Call) -> Answer:
    """A payment is executed a second time."""
    form = read_form(call.body)
    number = simulator.tampering.repeat(_finished(form, _executed(simulator, form)))
    return told(_balance(simulator) | {"transactionId": number})


def lie(simulator: Simulator, call: Call) -> Answer:
    """The statuses say something else than the truth; null, the truth again."""
    form = read_form(call.body)
    execution = _executed(simulator, form)
    status = form.text("status")
    simulator.tampering.lie(_finished(form, execution), status)
    return told({"status": status or _true_status(simulator, execution)})


def vanish(simulator: Simulator, call: Call) -> Answer:
    """A payment is gone, from the statuses, from the account's rows, or from both."""
    form = read_form(call.body)
    execution = _executed(simulator, form)
    where = form.text("from", among=("both", "statuses", "lines")) or "both"
    gap = form.flag("gap", default=False)
    simulator.tampering.vanish(_finished(form, execution), where=where, gap=gap)
    return told(_balance(simulator))


def bend(simulator: Simulator, call: Call) -> Answer:
    """The running balance of a row does not follow from the one before."""
    form = read_form(call.body)
    amount = form.money("amount", required=True) or 0
    number = form.whole("transactionId", most=10**12)
    row = simulator.books.last_row(number)
    if row is None:
        form.wrong("transactionId", "has no row in the account")
    form.finish()
    simulator.tampering.bend(row or 0, amount)
    return told(_balance(simulator))


def _executed(simulator: Simulator, form: Form) -> Execution | None:
    reference = form.text("uniqueReference", required=True)
    found = simulator.books.latest(reference) if reference else None
    if reference and found is None:
        form.wrong("uniqueReference", "was never executed")
    return found


def _finished(form: Form, execution: Execution | None) -> Execution:
    """The execution, if nothing was wrong with the form."""
    form.finish()
    if execution is None:
        raise ControlRefused([{"field": "uniqueReference", "problem": "was never executed"}])
    return execution


def _true_status(simulator: Simulator, execution: Execution | None) -> str:
    found = simulator.books.find(execution.transaction_id) if execution else None
    return found.status if found else ""


def _balance(simulator: Simulator) -> dict[str, object]:
    return {"balance": text_amount(simulator.books.balance())}
