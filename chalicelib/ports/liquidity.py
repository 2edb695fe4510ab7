"""What was last seen of the account at the provider, as the use cases need it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from datetime import datetime

    from chalicelib.domain.liquidity import Outlook


class Liquidity(Protocol):
    """One shared hint about the account's funds. No rule of money rests on it."""

    def outlook(self) -> Outlook:
        """What was last seen (consistent); an empty outlook where nothing was."""
        ...

    def take_turn(self, seen: Outlook, *, until: datetime) -> bool:
        """Begin to serve the line; whether nobody else has begun since `seen` was read.

        Raises:
            StoreUnavailable: whether it is ours is not known.
        """
        ...

    def keep(self, before: Outlook, after: Outlook) -> None:
        """Store what differs between the two, and leave the rest as it is by now.

        Raises:
            StoreUnavailable: whether it was kept is not known; again is safe.
        """
        ...
