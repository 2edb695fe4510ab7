"""One warm Lambda environment of ours, and what the doors of `app.py` do in it.

One use case each, with plain arguments, so that two versions of the code can be called alike.
"""

from __future__ import annotations

from functools import cache
from inspect import signature
from typing import TYPE_CHECKING, Any

from tests.simulation.bank_doors import BankDoors
from tests.simulation.names import description_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.acquirer import Expected


class Environment(BankDoors):
    """What can be asked of it."""

    def register(
        self, customer_id: str, name: str = "Jo Citizen", email: str = "jo@example.com",
        number: str = "12345678",
    ) -> Any:  # fmt: skip
        """Register a customer with a bank account and a PayID."""
        code = self.code
        account = code.destination.BankAccount.parse("062-000", number, name)
        pay_id = code.destination.PayId.parse(code.destination.PayIdType.EMAIL, email, name)
        profile = code.use_customers.Profile(name, email, (account, pay_id))
        return code.use_customers.register(
            profile, customer_id=customer_id, destination_ids=lambda n: f"{customer_id}-{n}",
            customers=self.customers, vault=self.vault, clock=self.clock, by="operator",
        )  # fmt: skip

    def rename(self, customer_id: str, name: str) -> Any:
        """Change a customer's name."""
        return self.code.use_customers.change(
            customer_id, name=name, email=None, customers=self.customers, clock=self.clock
        )

    def resume(self, customer_id: str) -> Any:
        """Let a customer be paid again whose payouts were stopped."""
        return self.code.use_customers.resume(
            customer_id, customers=self.customers, clock=self.clock
        )

    def credit(self, customer_id: str, cents: int, *, key: str) -> Any:
        """Give a customer money out of the unallocated."""
        return self.code.use_fund.give_credit(
            customer_id, self.code.money.Money(cents), reason="settlement", key=key, by="ada",
            request_id="r", treasury=self.treasury, clock=self.clock,
        )  # fmt: skip

    def pay(
        self, *, key: str, by: str, customer_id: str, cents: int, method: str, rail: str
    ) -> Any:  # fmt: skip
        """Ask for a payout."""
        code = self.code
        order = code.order.Order(
            customer_id, code.money.Money(cents), code.destination.PayoutMethod(method),
            rail=code.rails.Rail(rail) if rail else None, description=description_of(customer_id),
        )  # fmt: skip
        limits = code.order.Limits(code.money.Money(1), code.money.Money(10_000_00))
        return code.use_request.request(
            order, key=key, by=by, request_id="r", limits=limits, payouts=self.payouts,
            provider=self.provider, vault=self.vault, clock=self.clock, time_left=self._time_left,
        )  # fmt: skip

    def redraft(self, transaction_id: str, *, key: str, by: str) -> Any:
        """Have paid once more what came back."""
        code, use = self.code, self.door("use_redraft")
        limits = code.order.Limits(code.money.Money(1), code.money.Money(10_000_00))
        return use.redraft(
            transaction_id, code.redraft.Correction(), key=key, by=by, request_id="r",
            limits=limits, payouts=self.payouts, customers=self.customers, provider=self.provider,
            vault=self.vault, clock=self.clock, time_left=self._time_left,
        )  # fmt: skip

    def approve(self, transaction_id: str, *, by: str) -> Any:
        """Look at a payout, and agree to what is seen."""
        use = self.code.use_approve
        payout = self.payouts.get(transaction_id)
        seen = use.look(payout, payouts=self.payouts, clock=self.clock).seen.digest
        return use.approve(
            transaction_id, self._word(by, seen), payouts=self.payouts, desk=self.desk,
            provider=self.provider, vault=self.vault, clock=self.clock, time_left=self._time_left,
        )  # fmt: skip

    def decline(self, transaction_id: str, *, by: str) -> Any:
        """Say no to a payout."""
        return self.code.use_approve.decline(
            transaction_id, self._word(by), payouts=self.payouts, clock=self.clock
        )

    def _word(self, by: str, seen: str = "") -> Any:
        return self.code.use_approve.Word(by, frozenset({"approver"}), "r", seen, "looked at")

    def cancel(self, transaction_id: str, *, by: str) -> Any:
        """Cancel a payout."""
        return self.code.use_cancel.cancel(
            transaction_id, reason="mistaken", by=by, request_id="r", payouts=self.payouts,
            clock=self.clock,
        )  # fmt: skip

    def propose(self, transaction_id: str, verdict: str, *, by: str) -> Any:
        """Propose how an unconfirmed payout ends."""
        return self.code.use_resolve.propose(
            transaction_id, verdict=self.code.events.Verdict(verdict), evidence="a letter", by=by,
            request_id="r", payouts=self.payouts, clock=self.clock,
        )  # fmt: skip

    def dismiss(self, transaction_id: str, *, by: str) -> Any:
        """Take a proposal away."""
        return self.code.use_resolve.dismiss(
            transaction_id, reason="no", by=by, request_id="r", payouts=self.payouts,
            clock=self.clock,
        )  # fmt: skip

    def agree(self, transaction_id: str, verdict: str, *, by: str) -> Any:
        """Carry a proposal out."""
        return self.code.use_resolve.agree(
            transaction_id, verdict=self.code.events.Verdict(verdict), by=by, request_id="r",
            payouts=self.payouts, provider=self.provider, gate=self.gate, clock=self.clock,
            patience=self.patience, time_left=self._time_left,
        )  # fmt: skip

    def open_gate(self) -> None:
        """Let calls to the provider go out again."""
        self.gate.open(by="ada")

    def poll(self) -> Any:
        """Look after every open payout that is due."""
        return _say(
            self.code.use_poll.poll,
            payouts=self.payouts, provider=self.provider, bank=self.bank, vault=self.vault,
            gate=self.gate, breaker=self.breaker, liquidity=self.liquidity, pauses=self.pauses,
            rules=self.float_rules, clock=self.clock, calendar=self.calendar,
            patience=self.patience, time_left=self._time_left,
        )  # fmt: skip

    def tick(self, *, settles: bool = True, repairs: bool = True) -> Any:
        """What the poller's schedule does, less what would find nothing to do."""
        told = self.poll()
        if self.world.bank_book:
            told += self.make_files()
        if settles:
            told += self.settle()
        if repairs:
            told += self.repair()
        return told

    def settle(self) -> Any:
        """Match and allocate what has come in."""
        return self.code.use_settle.settle(
            receipts=self.receipts, settlements=self.settlements, treasury=self.treasury,
            findings=self.findings, clock=self.clock, time_left=self._time_left,
        )  # fmt: skip

    def repair(self) -> Any:
        """Ask again for webhooks that were missed, where that is due."""
        return self.code.use_repair.repair(
            base="", bulletins=self.bulletins, repairs=self.repairs, findings=self.findings,
            gate=self.gate, clock=self.clock, time_left=self._time_left,
        )  # fmt: skip

    def expect(self, it: Expected, *, by: str) -> Any:
        """Say what will come in, and whose it will be."""
        code = self.code
        shares = tuple(
            code.settlement.Share(number, customer_id, code.money.Money(cents))
            for number, (customer_id, cents) in enumerate(it.rows, start=1)
        )
        asked = code.use_expect.Expectation(
            it.due_on, code.money.Money(it.cents), it.reference, shares
        )
        return code.use_expect.expect(
            asked, key=it.key, by=by, settlements=self.settlements, customers=self.customers,
            clock=self.clock,
        )  # fmt: skip

    def withdraw(self, settlement_id: str) -> Any:
        """Expect a settlement no longer."""
        return _say(
            self.code.use_expect.withdraw, settlement_id,
            reason="mistaken", by="ada", settlements=self.settlements, findings=self.findings,
            clock=self.clock,
        )  # fmt: skip

    def match(self, settlement_id: str, receipt_id: str) -> Any:
        """Say of a receipt which settlement it is of."""
        return self.code.use_receipts.match(
            settlement_id, receipt_id, reason="seen", by="ada", receipts=self.receipts,
            settlements=self.settlements, findings=self.findings, clock=self.clock,
        )  # fmt: skip

    def close(self, receipt_id: str) -> Any:
        """Explain a receipt otherwise."""
        return self.code.use_receipts.close(
            receipt_id, reason="rent", by="ada", receipts=self.receipts, findings=self.findings,
            clock=self.clock,
        )  # fmt: skip

    def park(self, event: str, raw: bytes) -> Any:
        """Put a webhook before a person that could not be applied while our code had a defect."""
        code = self.code
        letter = code.letters.DeadLetter(event, "1", raw, self.clock.now(), "defect", attempts=6)
        return code.use_dead_letters.park(letter, parked=self.parked, at=self.clock.now())

    def redrive(self, letter_id: str) -> Any:
        """Hear a parked letter on a person's word."""
        return self.code.use_dead_letters.redrive(
            letter_id, by="paul", inbox=self.inbox, payouts=self.payouts, treasury=self.treasury,
            notices=self.notices, findings=self.findings, parked=self.parked, clock=self.clock,
        )  # fmt: skip

    def discard(self, letter_id: str) -> Any:
        """Decide that a parked letter is never applied."""
        return self.code.use_dead_letters.discard(
            letter_id, reason="nonsense", by="paul", parked=self.parked, clock=self.clock
        )

    def receive(self, raw: bytes, *, event: str, webhook_id: str, token: str) -> Any:
        """Take a webhook in."""
        return _say(
            self.code.use_receive.receive, raw,
            event_name=event, headers={"authorization": token, "webhookid": webhook_id},
            request_id="r", inbox=self.inbox, payouts=self.payouts, treasury=self.treasury,
            notices=self.notices, findings=self.findings, dead_letters=self.dead_letters,
            clock=self.clock,
        )  # fmt: skip

    def reprocess(self, body: str) -> Any:
        """Hear a dead letter again."""
        return _say(
            self.code.use_reprocess.reprocess, self.code.sqs.letter_from(body),
            most=5, inbox=self.inbox, payouts=self.payouts,
            treasury=self.treasury, notices=self.notices, findings=self.findings,
            parked=self.parked, dead_letters=self.dead_letters, clock=self.clock,
        )  # fmt: skip


def _say(use_case: Callable[..., Any], *told: Any, **more: Any) -> Any:
    """Call a use case with those ports that its version knows of."""
    known = _ports_of(use_case)
    return use_case(*told, **{name: port for name, port in more.items() if name in known})


@cache
def _ports_of(use_case: Callable[..., Any]) -> frozenset[str]:
    return frozenset(signature(use_case).parameters)
