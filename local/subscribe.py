"""Shows the provider's subscriptions beside what is wanted, and puts them right with --apply.

    PAYOUTS_TOKEN=… python -m local.subscribe --api https://payouts.example.com [--apply]

Speaks to the service's own routes, as an admin: of the local stack that is up, where no other is
named; else the ID token is read from PAYOUTS_TOKEN, never from the command line. It knows neither
the provider's key nor the webhooks' token.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from local.client import Client
from local.service import as_admin, name_service

PATH = "/provider/subscriptions"
COLUMNS = ("event", "differs", "token", "state", "id", "address")


def table(data: Sequence[Mapping[str, Any]]) -> str:
    """The subscriptions as lines of text, one for each."""
    rows = [COLUMNS, *(_row(each) for each in data)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(COLUMNS))]
    return "\n".join(
        "  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def changes(applied: Mapping[str, Any]) -> str:
    """What was changed, and what was not, as lines of text."""
    made = [f"{each['change']}: {each['event']}" for each in applied["changed"]]
    failed = [
        f"NOT {each['change']}: {each['event']} ({each['failure']})" for each in applied["failed"]
    ]
    return "\n".join([*made, *failed]) or "nothing had to be changed"


def _row(each: Mapping[str, Any]) -> tuple[str, ...]:
    state = {True: "on", False: "off", None: "-"}[each["on"]]
    return (
        each["event"], ", ".join(each["differences"]) or "-", each["token"] or "-", state,
        each["subscription_id"] or "-", each["url"] or "-",
    )  # fmt: skip


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m local.subscribe")
    name_service(parser)
    parser.add_argument("--apply", action="store_true", help="put right what differs")
    parser.add_argument(
        "--delete", action="append", default=[], metavar="ID", help="delete this one too"
    )
    return parser.parse_args()


def main() -> int:
    """Returns the exit status: 1 where it was to be put right and is not."""
    chosen = arguments()

    def work(client: Client) -> int:
        if not chosen.apply and not chosen.delete:
            print(table(client.need(200, "GET", PATH)["data"]))
            return 0
        applied = client.need(200, "POST", f"{PATH}/apply", {"delete": chosen.delete})
        print(f"{changes(applied)}\n\n{table(applied['data'])}")
        return 0 if applied["whole"] and not applied["failed"] else 1

    return as_admin(chosen, work)


if __name__ == "__main__":
    sys.exit(main())
