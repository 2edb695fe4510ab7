"""The command line: `python -m local.monoova`.

Prints one line of JSON when it is ready, serves until SIGTERM or SIGINT, and ends cleanly. Logs one
line for each request on standard error: method, path template, status, and nothing else.
"""

import argparse
import json
import os
import signal
import sys
import threading
from decimal import Decimal, InvalidOperation
from pathlib import Path

from local.monoova.server import serve
from local.monoova.shapes import cents_of_text
from local.monoova.simulator import Options
from local.monoova.store import StateTaken
from local.monoova.switches import Switches

EXAMPLE = """
When it is ready, one line of JSON is printed: url, api_key, account_number.

  python -m local.monoova --port 8099 --state .local/monoova --opening-balance 1000.00
  curl -u "$API_KEY:" http://127.0.0.1:8099/tools/v1/ping
  curl http://127.0.0.1:8099/_simulator/books

docs/simulator.md has the rules by which a payment fails, the faults and our own endpoints.
"""


def arguments() -> argparse.ArgumentParser:
    """What it understands."""
    parser = argparse.ArgumentParser(
        prog="python -m local.monoova",
        description="A simulator of the Monoova Payments API: on 127.0.0.1 only, no real money.",
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--port", type=_port, default=0, help="where to listen; 0, the default, is any free port")
    add(
        "--state",
        type=Path,
        metavar="DIR",
        help="keep everything there; without it, in memory only",
    )
    add("--seed", type=_seed, help="makes the API key and the numbers repeatable")
    add("--api-key", type=_key, help="the key to expect, instead of one that is made up")
    add(
        "--opening-balance",
        type=_amount,
        default=0,
        metavar="DOLLARS",
        help="in the account when the state is new; default 0.00",
    )
    add(
        "--pending-seconds",
        type=_seconds,
        default=Decimal(1),
        metavar="N",
        help="virtual seconds that a pending payment takes; default 1",
    )
    add(
        "--timeout-seconds",
        type=_seconds,
        default=Decimal(60),
        metavar="N",
        help="real seconds for which a call that times out is held; default 60",
    )
    add("--quiet", action="store_true", help="no line for each request on standard error")
    return parser


def main(words: list[str] | None = None) -> int:
    """Serves until told to stop."""
    parser = arguments()
    given = parser.parse_args(words)
    if os.environ.get("AWS_LAMBDA_FUNCTION_NAME"):
        parser.error("the simulator does not run on Lambda")
    switches = Switches(
        pending_seconds=given.pending_seconds, timeout_seconds=given.timeout_seconds
    )
    options = Options(given.state, given.seed, given.api_key, given.opening_balance, switches)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        with serve(options, port=given.port, log=None if given.quiet else sys.stderr) as running:
            ready = {
                "url": running.url,
                "api_key": running.api_key,
                "account_number": running.account_number,
            }
            print(json.dumps(ready), flush=True)
            stop.wait()
    except StateTaken as error:
        parser.error(str(error))
    except OSError as error:
        parser.error(f"cannot listen on port {given.port}: {error.strerror}")
    return 0


def _port(text: str) -> int:
    return _whole(text, 65535, "a port from 0 to 65535")


def _seed(text: str) -> int:
    return _whole(text, 10**18, "a whole number, not negative")


def _whole(text: str, most: int, what: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 20 and int(text) <= most):
        raise argparse.ArgumentTypeError(f"must be {what}")
    return int(text)


def _key(text: str) -> str:
    if not text or not text.isascii() or not text.isprintable() or ":" in text:
        raise argparse.ArgumentTypeError("must be printable ASCII without a colon, and not empty")
    return text


def _amount(text: str) -> int:
    amount = cents_of_text(text)
    if amount is None or amount < 0:
        raise argparse.ArgumentTypeError("must be an amount such as 1000.00, not negative")
    return amount


def _seconds(text: str) -> Decimal:
    try:
        seconds = Decimal(text)
    except InvalidOperation:
        seconds = Decimal(-1)
    if not seconds.is_finite() or not 0 <= seconds <= 86400:
        raise argparse.ArgumentTypeError("must be a number of seconds from 0 to 86400")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
