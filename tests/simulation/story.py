"""A week as a readable story: what each invocation of ours did, and what befell it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tests.simulation.faults import Fault
from tests.simulation.timeline import DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.simulation.connected import Connected
    from tests.simulation.timeline import Timeline


class Silence:
    """No story: most weeks are told to nobody."""

    def call(self, environment: Connected, name: str, fault: Fault) -> None:
        """A call of ours to a neighbour."""

    def written(self, own: str, event: str, status: str) -> None:
        """A step of a payout that was written."""

    def tell(self, who: str, what: str, **more: Any) -> None:
        """Something that happened."""


class Story(Silence):
    """Every line goes to `print_line`."""

    def __init__(self, timeline: Timeline, print_line: Callable[[str], None]) -> None:
        self._timeline = timeline
        self._print = print_line

    def call(self, environment: Connected, name: str, fault: Fault) -> None:
        if name == "store.query" and fault is Fault.NONE:
            return  # eight of them in every poll
        suffix = "" if fault is Fault.NONE else f"  !! {fault}"
        self.tell(environment.name, f"  {environment.invocation.name}: {name}{suffix}")

    def written(self, own: str, event: str, status: str) -> None:
        self.tell("store", f"{own[-12:]}: {event} -> {status}")

    def tell(self, who: str, what: str, **more: Any) -> None:
        days, seconds = divmod(self._timeline.now, DAY)
        moment = f"day {int(days) + 1} {timedelta(seconds=int(seconds))!s:>8}"
        moment += f".{int(seconds * 1000) % 1000:03d}"
        told = "".join(f" {name}={value}" for name, value in more.items())
        self._print(f"{moment}  {who:<12} {what}{told}")
