"""Tells the whole story of a payout: every step, webhook, dead letter and finding, in order.

    python -m local.payout --id 0c9f6f8a-3a38-8c5e-9a41-5d6f2b1f7e20 [--api https://payouts.example.com]

By its id, or by a unique reference, as the provider names it. Asks the service itself, as an admin.
"""

import argparse
import sys
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from chalicelib.domain.references import parse_reference
from local.client import Client
from local.service import as_admin, name_service


def id_in(text: str) -> str:
    """The payout's id, where the text is a unique reference; else the text."""
    told = parse_reference(text)
    return told[0] if told else text


def story(told: Mapping[str, Any]) -> str:
    """A story as lines of text: when, what, what it led to, and whom or what to look at."""
    lines = [_line(each) for each in told["lines"]]
    short = [] if told["whole"] else ["More is kept of it than is told here: GET /notices has it."]
    head = f"{told['transaction_id']} {told['status']}: {told['message']}"
    return "\n".join([head, *lines, *short])


def _line(each: Mapping[str, Any]) -> str:
    what = each["kind"].replace("_", " ").ljust(11)
    led = f" -> {each['status']}" if each["status"] else ""
    who = f" (by {each['by']})" if each["by"] else ""
    where = "" if each["kind"] == "step" else f" [{each['id']}]"
    return f"  {each['at']:<27}  {what}  {each['words']}{led}{who}{where}"


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(prog="python -m local.payout")
    parser.add_argument("--id", required=True, help="a payout's id, or a unique reference")
    name_service(parser)
    return parser.parse_args()


def main() -> int:
    """Returns the exit status: 1 where there is no such payout, or it could not be read."""
    chosen = arguments()

    def work(client: Client) -> int:
        path = f"/payouts/{quote(id_in(chosen.id), safe='')}/story"
        print(story(client.need(200, "GET", path)))
        return 0

    return as_admin(chosen, work)


if __name__ == "__main__":
    sys.exit(main())
