"""The twelve cases from a terminal: `python -m tests.contracts.idempotency --adapter module:name`.

Ends with 0 where every case that was staged passed, and at least one was; 1 where one failed; 2
where the adapter is not to be had.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections import Counter
from typing import TYPE_CHECKING, cast

from tests.contracts.idempotency.run import Verdict, results

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from tests.contracts.idempotency.adapter import PayoutApi

    Factory = Callable[[str], AbstractContextManager[PayoutApi]]

OURS = "tests.contracts.idempotency.ours:ours"


def factory(text: str) -> Factory:
    """The function behind `module:name`."""
    module, _, name = text.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, ValueError) as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no module:name of one ({error})") from None
    if not callable(found):
        raise argparse.ArgumentTypeError(f"{text!r} is no function")
    return cast("Factory", found)


def main(given: list[str] | None = None) -> int:
    """The exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.contracts.idempotency", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument(
        "--adapter", type=factory, default=OURS, help=f"module:name of a factory ({OURS})"
    )
    parser.add_argument("--url", default="", help="the API's base URL, handed to the factory")
    chosen = parser.parse_args(given)
    if chosen.url and chosen.adapter is factory(OURS):
        parser.error("--url needs the --adapter of that API: ours starts its own service")
    counts: Counter[Verdict] = Counter()
    with chosen.adapter(chosen.url) as api:
        for result in results(api):
            counts[result.verdict] += 1
            print(result, flush=True)
    told = ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)
    print(f"\n{told} of {sum(counts.values())} cases")
    return 1 if counts[Verdict.FAILED] or not counts[Verdict.PASSED] else 0


if __name__ == "__main__":
    sys.exit(main())
