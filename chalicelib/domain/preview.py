"""What asking for a payout would come to, if it were asked for now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chalicelib.domain.errors import Fault
    from chalicelib.domain.events import Hindrance
    from chalicelib.domain.headroom import Headroom
    from chalicelib.domain.intent import Intent
    from chalicelib.domain.ways import Arrival


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of it: the intent as it would be stored, or all that forbids it.

    `stopped` is the code of why nothing new is taken for the customer, or for anybody: all else is
    then what would come of it without that. `hindrance` is why it would have to wait, once nobody
    has to agree any more, `arrival` when it is there if sent now. `left` is what the limits of the
    day have left before it.
    """

    intent: Intent | None = None
    faults: tuple[Fault, ...] = ()
    stopped: str = ""
    hindrance: Hindrance | None = None
    arrival: Arrival | None = None
    left: tuple[Headroom, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether it would be taken."""
        return self.intent is not None and not self.stopped
