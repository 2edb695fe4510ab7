"""A week of a busy business on the virtual clock: the whole app, the provider, every ending.

It only acts, and remembers what it asked for; what the nights have to say of it is the tests'.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import app
from chalicelib.domain.calendar import SYDNEY, sydney_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tests.api.town import Town

# A payee's name, the rail, and how many of a hundred payouts are so.
KINDS = (
    ("Jo Citizen", "NPP", 46),
    ("Sim Silent", "NPP", 12),
    ("Sim Pending", "NPP", 12),
    ("Sim Reject ACCOUNT CLOSED", "NPP", 2),
    ("Sim Return ACCOUNT CLOSED", "NPP", 2),
    ("Sim Refuse", "NPP", 1),
    ("Jo Citizen", "DirectEntry", 23),
    ("Sim Dishonour", "DirectEntry", 1),
    ("Sim Reset", "NPP", 1),
)
PAYEES = sorted({name for name, _, _ in KINDS})
# The payouts of a customer who is to be forgotten, and what each is worth.
QUIET_ONES, QUIET_DOLLARS = 20, 10


class Context:
    """Lambda's, for a trigger."""

    aws_request_id = "an-invocation"

    def get_remaining_time_in_millis(self) -> int:
        """A quarter of an hour."""
        return 900_000


@dataclass(frozen=True)
class Made:
    """A payout that was asked for, and accepted by us."""

    transaction_id: str
    payee: str
    rail: str
    cents: int
    on: date
    key: str
    body: Mapping[str, str]

    @property
    def reference(self) -> str:
        """What the provider knows its first attempt by."""
        return f"{self.transaction_id}-1"


@dataclass
class Life:
    """The week: `made` are its payouts, in order."""

    town: Town
    seed: int
    customers: list[dict[str, Any]] = field(default_factory=list)
    quiet: dict[str, Any] = field(default_factory=dict)
    made: list[Made] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.chance = random.Random(f"nights/{self.seed}")  # noqa: S311 (a made-up business)

    @property
    def now(self) -> datetime:
        """The virtual time."""
        return self.town.control.clock().now.astimezone(UTC)

    @property
    def today(self) -> date:
        """The date in Sydney, there."""
        return sydney_date(self.now)

    def begin(self, day: date, *, dollars: int) -> None:
        """Two o'clock in the afternoon of a day: subscriptions, customers, money that is theirs."""
        self.until(day, time(14))
        assert self.town.apply().status == 200
        self.customers = [self._customer(number) for number in range(2)]
        self.quiet = self._customer(2)
        receipt = f"{2 * dollars + QUIET_ONES * QUIET_DOLLARS}.00"
        self.town.receive(receipt, description="FDMS 1")
        self.pass_time(1)
        self._explain_receipt()
        for customer in self.customers:
            self._credit(customer, dollars)
        self._credit(self.quiet, QUIET_ONES * QUIET_DOLLARS)

    def day(self, payouts: int, hours: Sequence[int]) -> None:
        """A day's payouts, in a few bursts, and the poller between them.

        After the last one every webhook is lost, and nobody comes by any more before the night.
        """
        day = self.today
        share, rest = divmod(payouts, len(hours))
        for place, hour in enumerate(hours):
            self.until(day, time(hour))
            is_last = place == len(hours) - 1
            self.town.deaf = 503 if is_last else 0
            for _ in range(share + (place < rest)):
                self.pay()
            if is_last:
                self.town.wait(31)
            else:
                self.pass_time(6)
                self.pass_time(25)
        self.town.deaf = 0

    def pay_quietly(self) -> list[Made]:
        """All that the quiet customer is ever paid."""
        return [
            self._pay(self.quiet, "Jo Citizen", "NPP", QUIET_DOLLARS * 100)
            for _ in range(QUIET_ONES)
        ]

    def pay(self) -> Made:
        """Ask for one payout, of a kind that chance chooses."""
        payee, rail, _ = self.chance.choices(KINDS, [weight for _, _, weight in KINDS])[0]
        cents = self.chance.randrange(1_00, 90_00)
        return self._pay(self.chance.choice(self.customers), payee, rail, cents)

    def ask(self, made: Made, **changed: str) -> Any:
        """Ask for a payout once more, under the same key."""
        return self.town.api.post(
            "/payouts", {**made.body, **changed}, key=made.key, role="operator"
        )

    def _pay(self, customer: dict[str, Any], payee: str, rail: str, cents: int) -> Made:
        body = {
            "customer_id": customer["customer_id"], "amount": f"{cents // 100}.{cents % 100:02d}",
            "payout_method": "BankAccount", "rail": rail,
            "destination_id": customer["by_payee"][payee], "description": "Wages",
        }  # fmt: skip
        key = f"payout of the week {len(self.made):06d}"
        told = self._done(self.town.api.post("/payouts", body, key=key, role="operator"), 202)
        made = Made(told["transaction_id"], payee, rail, cents, self.today, key, body)
        self.made.append(made)
        return made

    def until(self, day: date, at: time) -> None:
        """Let time pass until Sydney's clock shows that; what is due is told."""
        wanted = datetime.combine(day, at, SYDNEY).astimezone(UTC)
        seconds = int((wanted - self.now).total_seconds()) + 1
        if seconds > 0:
            self.town.control.advance(seconds)

    def pass_time(self, minutes: int) -> None:
        """Let some minutes pass; then the poller comes by, and the queue is worked off."""
        self.town.wait(minutes)
        self.town.redrive()
        self.trigger("poll")

    def trigger(self, name: str) -> None:
        """What the schedule calls."""
        event = {
            "version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.events",
            "account": "", "time": "", "region": "", "resources": [], "detail": {},
        }  # fmt: skip
        app.app.handler_map[name](event, Context())

    def night(self) -> date:
        """The small hours of the next day: the night of the day that has ended, to its end."""
        day = self.today
        self.until(day + timedelta(days=1), time(3, 10))
        self.trigger("night")
        return day

    def _explain_receipt(self) -> None:
        """What came in is nobody's settlement: a person says so."""
        (receipt,) = self._done(self.town.api.get("/receipts"), 200)["data"]
        said = {"receipt_id": receipt["receipt_id"], "reason": "the week's money"}
        self._done(self.town.api.post("/receipts/close", said), 200)

    def _credit(self, customer: dict[str, Any], dollars: int) -> None:
        path = f"/customers/{customer['customer_id']}/credits"
        key = f"credit of the week {customer['email']}"
        given = {"amount": f"{dollars}.00", "reason": "settlement"}
        self._done(self.town.api.post(path, given, key=key), 201)

    def _customer(self, number: int) -> dict[str, Any]:
        account = {"type": "BankAccount", "bsbNumber": "062-000", "accountNumber": "12345678"}
        body = {
            "customer_name": "Jo Citizen", "email": f"jo{number}@example.com",
            "payout_destinations": [account | {"accountName": payee} for payee in PAYEES],
        }  # fmt: skip
        key = f"customer of the week {number:04d}"
        told = self._done(self.town.api.post("/customers", body, key=key), 201)
        ids = [each["destination_id"] for each in told["payout_destinations"]]
        return {**told, "by_payee": dict(zip(PAYEES, ids, strict=True))}

    @staticmethod
    def _done(answer: Any, status: int) -> Any:
        assert answer.status == status, answer.text
        return answer.json
