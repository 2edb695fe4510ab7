"""A business in the account with the simulated provider: its sign-in, its news, its books.

Every function has its own wiring as it deploys, and nothing of it is a fake but the provider.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.clock import FollowingClock, offset_at
from chalicelib.domain.calendar import sydney_date
from tests.iam.house import Doors
from tests.local.monoova_bench import TOKEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from tests.iam.account import Account
    from tests.local.monoova_bench import Bench


class Wired:
    """What `wire()` gives: the world of whichever function runs now."""

    def __init__(self, account: Account) -> None:
        self.account = account

    def __getattr__(self, name: str) -> Any:
        return getattr(self.account.process(), name)


class Town:
    """The business; `doors` is how people come in, and how its triggers run."""

    def __init__(self, account: Account, bench: Bench) -> None:
        self.account, self.bench, self.control = account, bench, bench.control
        self.payees: list[str] = []
        world: Any = Wired(account)
        self.doors = Doors(world)

    def hear(self, path: str, raw: bytes, headers: dict[str, str]) -> int:
        """What our door answers to a webhook."""
        answer = self.doors.post(path, raw=raw, headers=headers, role="", context={})
        return answer.status

    def minutes(self, number: int = 10) -> None:
        """Time passes; what is due is told, and looked after."""
        self.control.advance(60 * number)
        self.doors.tick()


PAYEES = ("Jo Citizen", "Sim Pending", "Sim Reject", "Sim Return", "Sim Timeout", "Sim Refuse")
SETTINGS = {"STEP_UP_MINUTES": "60"}
HELD = Decimal("0.5")  # seconds, until the provider lets go of a call that it does not answer


def life(town: Town) -> None:
    """From the first cent to the archive: all that happens to a business with its provider."""
    api, control = town.doors, town.control
    assert api.post("/provider/subscriptions/apply", {"delete": []}).json["whole"]
    assert api.get("/health/deep").status == 200
    customer = _customer(town)
    control.receive("900.00", description="FDMS 0042")
    town.minutes()
    given = {"amount": "500.00", "reason": "Settlement"}
    assert api.post(f"/customers/{customer}/credits", given, key="key of the credit").status == 201
    for number in range(2 * len(PAYEES)):
        _pay(town, customer, number)
        town.minutes(1)
    plan = {
        "customer_id": customer, "amount": "1.00", "payout_method": "PayId",
        "destination_id": town.payees[0], "rule": {"type": "daily"}, "count": 1,
        "start": (_today(town) + timedelta(days=1)).isoformat(),
    }  # fmt: skip
    assert api.post("/schedules", plan, key="key of the schedule").status == 201
    town.minutes(60)
    control.fault("webhook", "lost")
    control.receive("12.00")
    for _ in range(4):
        town.minutes(20)
    control.debit("5.00")
    control.rotate_keys()
    control.receive("3.00")
    for _ in range(8):
        town.minutes(24 * 60)
    town.minutes(91 * 24 * 60)
    town.minutes(8 * 24 * 60)


def _today(town: Town) -> date:
    return sydney_date(town.control.clock().now)


def _customer(town: Town) -> str:
    payees = [
        {"type": "PayId", "payIdType": "Email", "payId": f"p{number}@example.com",
         "accountName": name}
        for number, name in enumerate(PAYEES)
    ] + [
        {"type": "BankAccount", "bsbNumber": "062-000", "accountNumber": f"1234567{number}",
         "accountName": name}
        for number, name in enumerate(PAYEES)
    ]  # fmt: skip
    profile = {
        "customer_name": "Jo Citizen", "email": "jo@example.com", "payout_destinations": payees,
    }  # fmt: skip
    made = town.doors.post("/customers", profile, key="key of the customer").json
    town.payees = [each["destination_id"] for each in made["payout_destinations"]]
    own: str = made["customer_id"]
    path = f"/customers/{own}/destinations/{town.payees[0]}/verification"
    assert town.doors.post(path, key="key of the one check").status < 300
    return own


def _pay(town: Town, customer: str, number: int) -> None:
    body = {
        "customer_id": customer, "amount": "10.00", "destination_id": town.payees[number],
        "payout_method": "PayId" if number < len(PAYEES) else "BankAccount",
    }  # fmt: skip
    if number >= len(PAYEES) and number % 2:
        body["rail"] = "DirectEntry"
    town.doors.post("/payouts", body, key=f"key of the payout {number:06}")


@contextmanager
def town_in(account: Account, bench: Bench) -> Iterator[Town]:
    """The business with a door for the provider's webhooks, its tables empty."""
    bench.refresh()
    bench.control.settings(timeout_seconds=HELD)

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(town.hear(self.path, raw, dict(self.headers)))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (Python's)
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    url = f"http://127.0.0.1:{server.server_port}"
    turns = count()
    clock = FollowingClock(
        offset_at(f"{bench.url}/_simulator/clock"), monotonic=lambda: float(next(turns))
    )
    account.begin(clock, WEBHOOK_URL=url, MONOOVA_MACCOUNT_TOKEN=bench.account, **SETTINGS)
    api = {"apiKey": bench.running.api_key, "environment": "Local", "baseUrl": bench.url}
    account.keep(MONOOVA_API_SECRET_ARN=api, MONOOVA_WEBHOOK_SECRET_ARN={"current": TOKEN})
    town = Town(account, bench)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield town
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
