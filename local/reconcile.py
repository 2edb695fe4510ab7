"""Runs the night of a Sydney date, and prints what it came to.

    python -m local.reconcile --date 2026-07-03 [--api https://payouts.example.com] [--state FOLDER]

Asks the service itself, as an admin. A night that takes longer than one request is finished by the
service's own schedule, and waited for.
"""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from local.client import Client
from local.service import as_admin, name_service

PATH = "/reconciliations"
PATIENCE = 900.0  # seconds until a night is left to the schedule
PAUSE = 2.0


def run(client: Client, day: date, pause: Callable[[], bool]) -> dict[str, Any]:
    """Runs a night, and waits for its end as long as `pause` says so; the run as it is then.

    Raises:
        Refused: the service does not run it.
    """
    told = client.need(202, "POST", PATH, {"date": day.isoformat()})
    number = told["run"]
    while told["stage"] != "done" and pause():
        told = client.need(200, "GET", f"{PATH}/{day.isoformat()}")
        if told["run"] != number:
            break
    return told


def figures(told: Mapping[str, Any]) -> str:
    """A run as lines of text."""
    amounts = {
        **told["sums"],
        "opening balance": told["opening_balance"] or "-",
        "closing balance": told["closing_balance"] or "-",
        "unexplained": told["unexplained"],
    }
    rows = [
        *((name, str(count)) for name, count in told["counts"].items()),
        *((f"{name} ({told['currency']})", amount) for name, amount in amounts.items()),
    ]
    width = max(len(name) for name, _ in rows)
    head = f"{told['date']}, run {told['run']}: {told['words']}"
    return "\n".join([head, *(f"  {name.ljust(width)}  {value}" for name, value in rows)])


def sydney_day(text: str) -> date:
    """A date as it is written on the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("name a day that is over, as in 2026-07-03") from None


def patient(seconds: float = PATIENCE, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Waits a moment; `seconds` is how much patience is left. Whether there is any."""
    sleep(PAUSE)
    return seconds > PAUSE


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m local.reconcile")
    parser.add_argument("--date", type=sydney_day, required=True, help="2026-07-03")
    name_service(parser)
    return parser.parse_args()


def main() -> int:
    """Returns the exit status: 1 where the night is not over, or was refused."""
    chosen, until = arguments(), time.monotonic() + PATIENCE

    def work(client: Client) -> int:
        told = run(client, chosen.date, lambda: patient(until - time.monotonic()))
        print(figures(told))
        return 0 if told["stage"] == "done" else 1

    return as_admin(chosen, work)


if __name__ == "__main__":
    sys.exit(main())
