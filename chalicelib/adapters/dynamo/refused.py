"""Why the store refused the steps of a payout that is as it was read: what else they rest on.

First what they claim, for who decides again meets all the rest; the customer last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo.bank_file_rows import FILE
from chalicelib.adapters.dynamo.claims import CLAIM
from chalicelib.adapters.dynamo.parts import ORIGINAL
from chalicelib.adapters.dynamo.wire_rows import PAUSED, WIRE
from chalicelib.domain.errors import (
    Conflict,
    Corrupt,
    CustomerErased,
    CustomerStopped,
    InsufficientFunds,
    Stale,
    StoreUnavailable,
)
from chalicelib.domain.refusals import OriginalDisputed, Paused

if TYPE_CHECKING:
    from typing import NoReturn

    from chalicelib.adapters.dynamo.session import Refused
    from chalicelib.adapters.dynamo.values import Row

CUSTOMER = "customer"


def explain(refused: Refused, transaction_id: str, *, pays: bool, sends: bool) -> NoReturn:
    """Say why a write was refused whose payout was as it was read.

    `pays` where the steps are what a stopped customer must not have, `sends` where they claim it.

    Raises:
        Stale, OriginalDisputed, Paused, Conflict, InsufficientFunds, StoreUnavailable: as the port
            `Payouts` says.
        Corrupt: steps are there that the payout knows nothing of.
    """
    if any(name.startswith(FILE) for name in refused.found):
        raise Stale("The bank file is not as it was read.")
    claimed, paid, paused = (
        any(name.startswith(kind) for name in refused.found) for kind in (CLAIM, ORIGINAL, WIRE)
    )
    if CUSTOMER not in refused.found and not (claimed or paid or paused):
        raise Corrupt(f"steps of payout {transaction_id} that it knows nothing of")
    if refused.in_doubt:
        # The sending that got no answer may still be at work, and meet another balance.
        raise StoreUnavailable("Whether it was written is not known.")
    if claimed:
        # First of all: who decides again meets what else there is.
        raise Stale("What the payout claims is not as it was read.")
    if paid:
        raise OriginalDisputed
    if paused:
        raise Paused
    _explain_customer(refused.found[CUSTOMER], pays=pays, sends=sends)


def _explain_customer(row: Row | None, *, pays: bool, sends: bool) -> NoReturn:
    if row is None:
        raise Conflict("The customer does not exist any more.")
    if pays and row.get("stopped"):
        raise CustomerStopped
    if pays and row.get("erasing_at"):
        raise CustomerErased
    if sends and row.get(PAUSED):
        raise Paused
    raise InsufficientFunds
