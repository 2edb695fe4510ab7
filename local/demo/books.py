"""Both sides' books, side by side: every execution, every fee, the balance. Exact, or it failed."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rich.table import Table
from rich.text import Text

from local.demo.stage import COLOURS, Stage

CENT = Decimal("0.01")
HELD = {"AwaitingApproval", "Queued", "Unconfirmed"}
# Statuses whose money has left the provider's account, or is leaving it.
LEFT = {"Pending", "Completed"}


@dataclass(frozen=True)
class Line:
    """One figure, by our books and by the provider's."""

    what: str
    ours: Decimal
    theirs: Decimal

    @property
    def equal(self) -> bool:
        """Whether both say the same."""
        return self.ours == self.theirs


def compare(stage: Stage) -> list[Line]:
    """Every figure that both sides know. A payout that one side lacks is a line of its own."""
    payouts = stage.operator.every("/payouts")
    customers = stage.operator.every("/customers")
    funds = stage.admin.need(200, "GET", "/funds")
    taken = total(
        each["amount"]
        for each in stage.admin.every("/findings")
        if each["kind"] == "unexpected_debit"
    )
    books = stage.simulator.books()
    theirs = {each["uniqueReference"]: each for each in books["executions"]}
    filed = {
        line["transaction_id"] for each in stage.admin.every("/exports") for line in each["lines"]
    }
    left = [payout for payout in payouts if payout["status"] in LEFT]
    by_bank = total(payout["amount"] for payout in left if payout["transaction_id"] in filed)
    sent = [payout for payout in payouts if payout["monoova_transaction_id"] is not None]
    fees = total(payout["fee"] for payout in sent)
    available = total(customer["available_balance"] for customer in customers)
    held = total(payout["amount"] for payout in payouts if payout["status"] in HELD)
    lines = [
        Line("received", amount(funds["received"]), amount(books["received"])),
        Line("payments executed", Decimal(len(sent)), Decimal(len(theirs))),
        Line("executed more than once", Decimal(0), Decimal(repeated(books))),
        Line("fees", fees, amount(books["fees"])),
        Line("taken by others", taken, amount(books["debited"])),
        Line(
            "with payees",
            total(payout["amount"] for payout in left) - by_bank,
            amount(books["paid"]) - amount(books["returned"]),
        ),
        Line("paid by bank files", by_bank, stage.bank.paid - stage.bank.returned),
        Line(
            "left in the account",
            # What a bank file pays is paid by the account at the bank.
            amount(funds["unallocated"]) + available + held + by_bank - fees - taken,
            amount(books["balance"]),
        ),
    ]
    for payout in sent:
        execution = theirs.get(payout["uniqueReference"])
        executed = amount(execution["amount"]) if execution else Decimal(0)
        lines.append(Line(f"  {payout['uniqueReference']}", amount(payout["amount"]), executed))
    return lines


def repeated(books: dict[str, Any]) -> int:
    """How many references were executed more than once."""
    return sum(1 for each in books["executions"] if each["executed_count"] != 1)


def amount(text: str) -> Decimal:
    """An exact amount with two decimals."""
    return Decimal(text).quantize(CENT)


def total(texts: Any) -> Decimal:  # noqa: ANN401 (any iterable of text or None)
    """The sum of amounts; what is not known counts as nothing, and shows as a difference."""
    return sum((amount(text) for text in texts if text is not None), Decimal("0.00"))


def payouts_table(stage: Stage) -> Table:
    """The payouts as the API lists them, oldest first."""
    table = Table(
        "scene", "method", "rail", "amount", "fee", "status", title="Payouts", title_justify="left"
    )
    names = {made: name for name, made in stage.payouts.items()}
    for payout in reversed(stage.operator.every("/payouts")):
        table.add_row(
            names.get(payout["transaction_id"], "?"),
            payout["payout_method"],
            payout["rail"],
            payout["amount"],
            payout["fee"] or "-",
            Text(payout["status"], style=COLOURS.get(payout["status"], "default")),
        )
    return table


def books_table(lines: list[Line]) -> Table:
    """The comparison, differences in red."""
    table = Table("", "our books", "the simulator's", "", title="Books", title_justify="left")
    for line in lines:
        verdict = Text("equal", style="green") if line.equal else Text("DIFFERS", style="bold red")
        table.add_row(line.what, str(line.ours), str(line.theirs), verdict)
    return table
