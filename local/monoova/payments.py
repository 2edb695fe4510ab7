"""Execute and validate: the moment at which money moves, or does not.

One transaction of the store, under its one lock: a reference is looked up, the funds are counted
and the postings are written, or nothing is. Committed before the answer exists. Refuses a second
execution of a reference, as far as the switch says so.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from local.monoova.answers import Answer, Misfire, Refused, ok, refusal
from local.monoova.books import Books
from local.monoova.clock import VirtualClock
from local.monoova.dates import today
from local.monoova.endings import Endings
from local.monoova.fault_rules import OUTCOMES, Facts
from local.monoova.faults import Faults
from local.monoova.fees import DIRECT_CREDIT, NOTHING, breakdown, fee_for
from local.monoova.orders import Order, read_body, read_order, read_reference
from local.monoova.outcomes import Outcome, by_name, on_rail, refusal_code
from local.monoova.store import Store
from local.monoova.switches import SwitchBoard
from local.monoova.tampering import Tampering

IN_PROGRESS = "The payment is on its way; ask for its status later and do not send it again."
REPEATED = "UniqueReferenceExists"
FINAL = {"paid", "return", "dishonour"}


@dataclass(frozen=True)
class Payments:
    """Takes payments from the sign-in account."""

    store: Store
    clock: VirtualClock
    switches: SwitchBoard
    books: Books
    endings: Endings
    faults: Faults
    tampering: Tampering
    account_number: str

    def validate(self, body: bytes) -> Answer:
        """What execute would say, without moving anything or using the reference up."""
        reference = None
        try:
            fields = read_body(body)
            reference = read_reference(fields)
            order = read_order(fields)
            self._check(order)
            self._check_outcome(order, self._named(order))
        except Refused as refused:
            return _refused(refused, reference)
        return ok(_accepted(order, 0))

    def execute(self, body: bytes, path: str) -> Answer:
        """Pays, once."""
        reference = None
        try:
            fields = read_body(body)
            reference = read_reference(fields)
            return self._pay(read_order(fields), path)
        except Refused as refused:
            repeated = refused.code == REPEATED
            if self.switches.now.refused_uses_reference and reference and not repeated:
                self._see(reference, "used_up")
            return _refused(refused, reference)

    def _pay(self, order: Order, path: str) -> Answer:
        self.endings.run_due()
        with self.store.writing():
            self._check(order)
            outcome = self._outcome(order, path)
            if outcome.vanishes and self._vanishes(order):
                return Answer(200, "", misfire=self._misfire("timeout"))
            number = 0 if outcome.ending == "refuse" else self._record(order, outcome, path)
        # Only now: raised inside, it would undo that a fault rule was used.
        self._check_outcome(order, outcome)
        fields = _accepted(order, number)
        misfire = self._misfire(outcome.misfire) if outcome.misfire else None
        if outcome.ending in FINAL:
            return ok(fields, misfire=misfire)
        return ok(fields, status="Pending", description=IN_PROGRESS, misfire=misfire)

    def _check(self, order: Order) -> None:
        """All but the outcome; repeats come before funds, for the first one has spent them."""
        if order.account not in {None, self.account_number}:
            raise Refused(
                "NotAuthorisedToDebitmAccount", "Only mAccounts of your own can be debited"
            )
        self._check_repeat(order.reference)
        by_npp = sum(each.amount for each in order.disbursements if each.method != DIRECT_CREDIT)
        if by_npp > self.switches.now.npp_payout_limit:
            code = "FinancialValidateTotalAmountIsMoreThanMaxTransactionLimit"
            raise Refused(code, "totalAmount is more than the limit for one transaction")
        if order.total + fee_for(order.methods).charged > self.books.balance():
            code = "DebitTransactionWillExceedSignInCreditLimit"
            raise Refused(code, "The amount and its fee are more than the account can pay")

    def _check_repeat(self, reference: str | None) -> None:
        refuses = self.switches.now.refuses_repeats
        if reference is None or refuses is False:
            return
        seen = self.store.row(
            "SELECT used_up FROM references_seen WHERE unique_reference = ?", reference
        )
        earlier = self.books.latest(reference)
        if earlier is not None and isinstance(refuses, Decimal):
            forgotten = earlier.executed_at + timedelta(microseconds=int(refuses * 10**6))
            earlier = earlier if self.clock.now() < forgotten else None
        if earlier is None and not (seen and seen["used_up"]):
            return
        number = earlier.transaction_id if earlier else 0
        text = "The uniqueReference was used before"
        raise Refused(REPEATED, text, fields={"transactionId": number})

    def _named(self, order: Order) -> Outcome:
        name = order.first.payee.account_name
        return by_name(name, default=self.switches.now.default_outcome)

    def _outcome(self, order: Order, path: str) -> Outcome:
        payee = order.first.payee
        facts = Facts(order.reference, payee.account_name, order.total)
        rule = self.faults.take(OUTCOMES, "execute", path, facts)
        outcome = rule.outcome if rule else self._named(order)
        return on_rail(outcome, direct_entry=order.first.method == DIRECT_CREDIT)

    def _check_outcome(self, order: Order, outcome: Outcome) -> None:
        if outcome.ending == "refuse":
            code = refusal_code(outcome, order.first.method)
            raise Refused(code, "Refused because the simulator was asked to")

    def _record(self, order: Order, outcome: Outcome, path: str) -> int:
        execution = self.books.record(order, fee_for(order.methods), at=self.clock.now())
        if outcome.ending in FINAL:
            day = today(execution.executed_at)
            self.books.settle(execution.transaction_id, "Complete", day)
        self.endings.expect(execution, outcome)
        facts = Facts(order.reference, order.first.payee.account_name, order.total)
        self.tampering.strike(execution, path, facts)
        return execution.transaction_id

    def _vanishes(self, order: Order) -> bool:
        """Whether this is the first that is seen of a reference; without one, always."""
        if order.reference is None:
            return True
        row = self.store.row(
            "SELECT vanished FROM references_seen WHERE unique_reference = ?", order.reference
        )
        self._see(order.reference, "vanished")
        return not (row and row["vanished"])

    def _see(self, reference: str, why: str) -> None:
        with self.store.writing():
            self.store.run("INSERT OR IGNORE INTO references_seen VALUES (?, 0, 0)", reference)
            used_up, vanished = why == "used_up", why == "vanished"
            self.store.run(
                "UPDATE references_seen SET used_up = max(used_up, ?), vanished = max(vanished, ?)"
                " WHERE unique_reference = ?",
                used_up,
                vanished,
                reference,
            )

    def _misfire(self, kind: str) -> Misfire:
        return Misfire(kind, 500, self.switches.now.timeout_seconds)


def _accepted(order: Order, transaction_id: int) -> dict[str, object]:
    return {
        "transactionId": transaction_id,
        **fee_for(order.methods).fields(),
        "callerUniqueReference": order.reference,
        "feeBreakdown": breakdown(order.methods),
    }


def _refused(refused: Refused, reference: str | None) -> Answer:
    fields = {
        "transactionId": 0,
        **NOTHING.fields(),
        "callerUniqueReference": reference,
        "feeBreakdown": None,
        "bpayReceipts": None,
    }
    given = fields | dict(refused.fields)
    return refusal(Refused(refused.code, refused.description, http=refused.http, fields=given))
