"""`make test-sandbox`: status 0 if the job went as it must, 1 if not, 3 if it did not run."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from chalicelib.adapters.clock import SystemClock
from tests.sandbox.job import NAMES, SECRET, Failed, NotRun, Surroundings, account_of, run

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSED, WENT_WRONG, DID_NOT_RUN = 0, 1, 3
HOW = f"""It takes an account in the provider's sandbox with a cent in it, and a payee there:
  {NAMES[0]}      the API key, of the sandbox
  {NAMES[1]}  the 16 digits of the account
  {NAMES[2]}    an e-mail address that is a PayID there
  {NAMES[3]}    that payee's name"""


def main(told: Mapping[str, str] = os.environ, there: Surroundings | None = None) -> int:
    """Run the job for the account that the environment names."""
    try:
        run(account_of(told), there or Surroundings(SECRET, SystemClock()))
    except NotRun as why:
        print(f"NOT RUN, so nothing is known: {why}\n{HOW}", file=sys.stderr)
        return DID_NOT_RUN
    except Failed as why:
        print(f"FAILED: {why}", file=sys.stderr)
        return WENT_WRONG
    print("one cent, once")
    return PASSED


if __name__ == "__main__":
    sys.exit(main())
