"""All that the provider can tell of, happening at once to a customer's payouts and to the account.

Each of the twelve events is told at least once. It acts; what our side then has to say is here as
values, the same however the webhooks came.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.front_door.town import Customer, Town

FUNDS = "500.00"
STUCK, PLAIN = "Sim Stuck", "Jo Citizen"
# What a payout is for, the payee, the rail, how it ends at the provider, and what it is then.
PAYOUTS = {
    "confirmed": (STUCK, "NPP", "complete", "Completed"),
    "rejected": (STUCK, "NPP", "reject", "Rejected"),
    "returned": (PLAIN, "NPP", "return", "Returned"),
    "dishonoured": (PLAIN, "DirectEntry", "dishonour", "Returned"),
}
UNTOUCHED = dict.fromkeys(PAYOUTS, "Pending")
AMOUNTS = {"confirmed": "10.01", "rejected": "20.02", "returned": "30.03", "dishonoured": "40.04"}
RECEIPTS = {"NPP": "1.11", "DE": "2.22", "PAYTO": "3.33", "RTGS": "4.44"}
DEBIT = "0.55"
NOTIFICATIONS = 13
# What a notice of each event may say that it did; the poller may have asked first.
OUTCOMES = {
    "NppPaymentStatus": {"heard", "nothing_new"},
    "NppReturn": {"heard"},
    "DirectEntryDishonour": {"heard"},
    "NPPReceivePayment": {"received"},
    "InboundDirectCredit": {"received"},
    "PayToReceivePayment": {"received"},
    "InboundRtgsImtStatus": {"received"},
    "PendingInboundRtgsImt": {"rtgs_pending"},
    "InboundDirectDebit": {"debit_accepted"},
    "DirectDebitClearance": {"debits_cleared"},
    "NPPCreditRejections": {"credit_rejected"},
    "InboundDirectCreditRejections": {"credit_rejected"},
}
# How many there are of an event; of the others one.
SEVERAL = {"NppPaymentStatus": 2}


@dataclass
class Happenings:
    """One customer, a payout for each ending, and the account's other movements."""

    town: Town
    customer: Customer
    payouts: dict[str, dict[str, Any]] = field(default_factory=dict)
    receipts: dict[str, str] = field(default_factory=dict)
    debit: str = ""
    banked: Decimal = Decimal(0)

    def sent(self) -> None:
        """The payouts are with the provider, and nothing has been told of them."""
        for name, (payee, rail, _, _) in PAYOUTS.items():
            self.payouts[name] = self.town.pay(self.customer, payee, AMOUNTS[name], rail=rail)
        self.banked = self.received()

    def happen(self) -> None:
        """Everything at once, each told by its own event."""
        control = self.town.control
        for name, (_, _, ending, _) in PAYOUTS.items():
            control.happen(self.payouts[name]["uniqueReference"], ending)
        for rail, amount in RECEIPTS.items():
            self.receipts[rail] = control.receive(amount, rail=rail).transaction_id
        for rail in ("NPP", "DE"):
            control.receive("9.99", rail=rail, rejected="Unmatched rule")
        self.debit = control.debit(DEBIT).transaction_id
        control.example("DirectDebitClearance")

    def received(self) -> Decimal:
        """What our books have received."""
        return Decimal(self.town.get("/funds")["received"])

    def statuses(self) -> dict[str, str]:
        """What our side says of each payout."""
        return {name: self.town.payout(made)["status"] for name, made in self.payouts.items()}

    def wrong(self) -> list[str]:
        """All that our side does not say as it must once everything was heard, each thing once."""
        wanted = {name: status for name, (_, _, _, status) in PAYOUTS.items()}
        left = Decimal(FUNDS) - Decimal(AMOUNTS["confirmed"])
        came = self.banked + sum(map(Decimal, RECEIPTS.values()))
        said = [
            ("payouts", self.statuses(), wanted),
            ("the balance", self.town.balance(self.customer), left),
            ("received", self.received(), came),
            ("received and the provider's", came, self.town.control.totals().received),
            ("receipts", self._open_receipts(), set(self.receipts.values())),
            ("findings of the debit", self._findings_of_the_debit(), [DEBIT]),
        ]
        return [f"{what}: {is_} and not {must}" for what, is_, must in said if is_ != must]

    def _open_receipts(self) -> set[str]:
        """Those of ours that nothing explains yet."""
        told = {each["receipt_id"] for each in self.town.every("/receipts")}
        return told & set(self.receipts.values())

    def _findings_of_the_debit(self) -> list[str]:
        return [
            each["amount"]
            for each in self.town.every("/findings")
            if each["kind"] == "unexpected_debit" and each["reference"] == self.debit
        ]


def begun(town: Town) -> Happenings:
    """A customer with money, the payouts sent."""
    made = Happenings(town, town.credited(FUNDS, [STUCK, PLAIN]))
    made.sent()
    return made


def told_with(town: Town, fault: str | None, times: int | None = None, **more: Any) -> Happenings:
    """All happenings, told with a fault."""
    town.since = town.last_webhook()
    happenings = begun(town)
    assert happenings.statuses() == UNTOUCHED
    if fault is not None:
        town.control.fault("webhook", fault, times=times, **more)
    happenings.happen()
    town.control.clear_faults()
    return happenings


def notices(town: Town, authentic: str) -> list[dict[str, Any]]:
    """The webhooks of this case that were kept."""
    told = town.every(f"/notices?authentic={authentic}")
    return [each for each in told if int(each["webhook_id"]) > town.since]


def assert_noticed(happenings: Happenings) -> None:
    """Every event of the case is there as often as it happened, and says what it did."""
    town = happenings.town
    told = [each for each in notices(town, "true") if not each["a_line"]]
    # The money that the customer was given came by a webhook of its own.
    counted = Counter(each["event_name"] for each in told) - Counter(["NPPReceivePayment"])
    assert counted == {event: SEVERAL.get(event, 1) for event in OUTCOMES}
    for each in told:
        assert each["outcome"] in OUTCOMES[each["event_name"]], each
    assert town.every("/dead-letters") == []
    missing = [each for each in town.every("/findings") if each["kind"] == "webhook_missing"]
    assert missing == []
