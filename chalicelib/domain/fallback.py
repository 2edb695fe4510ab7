"""By which other rail a payout goes on, once the provider has proved that its own is closed to it.

Pure. Refuses to conclude that from anything but a listed refusal of the only sending of an attempt:
what may be alive, or was taken and came back, goes nowhere else by itself. No rail is tried twice,
and none that was named is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.events import TurnedAway
from chalicelib.domain.rails import Rail

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chalicelib.domain.events import Refused
    from chalicelib.domain.payout import Payout

# Refusals that say that this rail does not carry it, and nothing against another, by how they end.
# Those of Direct Entry find fault with the account or with us: another rail would meet the same.
CLOSED: Mapping[Rail, tuple[str, ...]] = {
    Rail.NPP: ("NppCreditBankAccountDetailsAreInvalid", "TotalAmountIsMoreThanMaxTransactionLimit"),
}


def untried(payout: Payout) -> tuple[Rail, ...]:
    """The rails that it may still go by."""
    gone = {payout.rail_of(number) for number in range(1, payout.attempt + 1)}
    return tuple(rail for rail in payout.intent.fallbacks if rail not in gone)


def turned_away(payout: Payout, refused: Refused) -> Refused | TurnedAway:
    """What a refusal of its only sending comes to: the end, or the next rail."""
    left = untried(payout)
    if not left or not refused.refusal.endswith(CLOSED.get(payout.rail, ())):
        return refused
    return TurnedAway(
        at=refused.at, by=refused.by, request_id=refused.request_id, attempt=refused.attempt,
        refusal=refused.refusal, rail=left[0],
    )  # fmt: skip
