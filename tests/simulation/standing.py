"""Who stands in line for funds: the oldest goes first, and the reserve stays where it is.

Holds each sending from the line against what the provider told the very run that sends. Where an
index lags a run cannot know who was before; then only the reserve is held. Nobody waits behind a
payout whose refused attempt the provider has told nothing of for long: it may be its to answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.payout import Status
from tests.simulation.bodies import FEE_CENTS
from tests.simulation.books import Broken
from tests.simulation.faults import Fault
from tests.simulation.timeline import MINUTE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.books import Life, Row
    from tests.simulation.business import Business

# Reasons for a person that do not mean that a payout cannot be sent.
_HARMLESS = {"", "open_too_long"}
# Half an hour, by clocks that may be ten minutes wrong.
SILENCE = 10 * MINUTE


class Standing:
    """Remembers since when each payout stands there; `waited` are all that ever did."""

    def __init__(self, business: Business) -> None:
        self._business = business
        self.since: dict[str, float] = {}
        self.waited: set[str] = set()
        self._heard_at: dict[str, float] = {}
        # Whether a person keeps it, so that it bars nobody.
        self.apart: Callable[[str, Life], bool] = lambda _own, _life: False

    def changed(self, own: str, life: Life) -> None:
        """A payout was written."""
        if life.status is Status.QUEUED and _text(life, "hindrance") == "funds":
            self.since.setdefault(own, self._business.timeline.now)
            self.waited.add(own)
        else:
            self.since.pop(own, None)

    def hear(self, own: str, facts: Row, _after: Status, before: Life | None) -> None:
        """A step is being written.

        Raises:
            Broken: it goes out before its turn, or out of the reserve.
        """
        if facts["event"]["S"] != "Escalated":
            self._heard_at[own] = self._business.timeline.now
        writer, run = self._business.writer, self._business.run
        if facts["event"]["S"] != "Started" or own not in self.since or before is None:
            return
        if writer is None or run is None or writer.code.name != "new":
            return
        reserve = self._business.reserve
        if run.purse is None:
            raise Broken(f"{own} leaves the line, and nobody asked what there is")
        run.purse -= before.cents + FEE_CENTS
        if run.purse < reserve:
            raise Broken(f"{own} goes out of the reserve: {run.purse} of {reserve} are left")
        if Fault.LAG not in self._business.fate.can_happen:
            self._in_turn(own, before, run.asked_at)

    def _in_turn(self, own: str, before: Life, looked_at: float) -> None:
        lives, stopped = self._business.books.lives, self._business.books.stopped
        for other, since in self.since.items():
            life = lives[other]
            older = (_text(life, "created_at"), other) < (_text(before, "created_at"), own)
            held = _text(life, "needs_person") not in _HARMLESS or life.customer_id in stopped
            refused = int(life.row["attempt"]["N"]) > 1
            silent = refused and self._heard_at[other] + SILENCE <= looked_at
            if older and not (held or silent or self.apart(other, life)) and since < looked_at:
                raise Broken(f"{own} has overtaken {other} in the line")

    def stuck(self) -> list[str]:
        """Those that stand there and that no person has been told of."""
        lives = self._business.books.lives
        return [own for own in self.since if not lives[own].waits]


def _text(life: Life, name: str) -> str:
    return str(life.row.get(name, {"S": ""})["S"])
