"""Runs the night of a Sydney date, and prints what it came to.

    python -m local.reconcile --date 2026-07-03 [--api https://payouts.example.com] [--state FOLDER]

Asks the service itself, as an admin. Of the local stack that is up it knows address and people;
for any other the ID token is read from PAYOUTS_TOKEN, never from the command line. A night that
takes longer than one request is finished by the service's own schedule, and waited for.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import boto3
import requests

from local.client import Client, Refused
from local.files import read_json
from local.people import Person, sign_in
from local.state import RUNNING, default_root

PATH = "/reconciliations"
PATIENCE = 900.0  # seconds until a night is left to the schedule
PAUSE = 2.0


class NothingThere(Exception):
    """No local stack is up, and no other service was named."""


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


def reason(refused: Refused) -> str:
    """A refusal in the service's own words, each fault on a line."""
    told = refused.answer.body
    faults = [f"  {each['pointer'].strip('/')} {each['detail']}" for each in told.get("errors", ())]
    return "\n".join([f"{refused}: {told.get('detail', 'no reason was told')}", *faults])


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


def running(state: Path) -> tuple[str, str]:
    """Where the local stack is that is up, and an ID token of its admin's.

    Raises:
        NothingThere: none is.
    """
    settings = read_json(state / f"{RUNNING}.json")
    if settings is None:
        raise NothingThere("No local stack is up: make up, or name a service (--api).")
    password = read_json(state / "users.json")["admin"]
    cognito = boto3.client(
        "cognito-idp", endpoint_url=settings["AWS_ENDPOINT_URL"],
        region_name=settings["AWS_DEFAULT_REGION"],
        aws_access_key_id=settings["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=settings["AWS_SECRET_ACCESS_KEY"],
    )  # fmt: skip
    try:
        token = sign_in(cognito, settings["COGNITO_CLIENT_ID"], Person("admin", password))
    finally:
        cognito.close()
    return settings["WEBHOOK_URL"], token


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m local.reconcile")
    parser.add_argument("--date", type=sydney_day, required=True, help="2026-07-03")
    parser.add_argument(
        "--api", default=os.environ.get("PAYOUTS_URL", ""), help="the service (PAYOUTS_URL)"
    )
    parser.add_argument("--state", type=Path, default=default_root(), help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> int:
    """Returns the exit status: 1 where the night is not over, or was refused."""
    chosen, token = arguments(), os.environ.get("PAYOUTS_TOKEN", "")
    try:
        api, token = (chosen.api, token) if chosen.api else running(chosen.state)
    except NothingThere as nothing:
        print(nothing, file=sys.stderr)
        return 2
    if not token:
        print("As whom? An admin's ID token: PAYOUTS_TOKEN.", file=sys.stderr)
        return 2
    client, until = Client(api.rstrip("/"), token), time.monotonic() + PATIENCE
    try:
        told = run(client, chosen.date, lambda: patient(until - time.monotonic()))
        print(figures(told))
        return 0 if told["stage"] == "done" else 1
    except Refused as refused:
        print(reason(refused), file=sys.stderr)
        return 1
    except requests.RequestException as failure:
        print(failure, file=sys.stderr)
        return 1
    finally:
        client.close()


if __name__ == "__main__":
    sys.exit(main())
