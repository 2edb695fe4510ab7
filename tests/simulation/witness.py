"""What the provider knows when we write that something is so: no outcome may be guessed.

Holds every step against the truth of that very moment, where the end of a week only sees what is
left. Says nothing in weeks that break both defences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.payout import Status
from tests.simulation.books import Broken, Life, Row
from tests.simulation.timeline import DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.simulation.bodies import Execution
    from tests.simulation.timeline import Timeline

# The quarantine by the truth's clock: half an hour less what two of ours can differ, and a claim.
LEAST_QUARANTINE = 1800.0 - 1200.0 - 20.0
# Five business days, and the clocks.
LEAST_WINDOW = 5 * DAY - 1200.0
MOST_SENDS = 3
# Between the last question before a claim and its being written, at most: both may be late.
LONGEST_CLAIM = 400.0
_CLAIMS = {"Started", "StartedAgain"}
_DECISIONS = {"DeclaredDead", "Reattempted"}
_OF_THE_EXECUTED = {Status.PENDING, Status.COMPLETED, Status.REJECTED, Status.RETURNED}


class Witness:
    """Remembers what it needs of each payout; `executed` brings its executions."""

    def __init__(
        self,
        timeline: Timeline,
        executed: Callable[[str], Sequence[Execution]],
        contradicted: Callable[[str], bool],
        visible_after: float,
    ) -> None:
        self._timeline = timeline
        self._executed = executed
        self._contradicted = contradicted
        self._visible_after = visible_after
        self._claimed_at: dict[str, float] = {}
        self._claims: dict[str, int] = {}
        self._proposed_by: dict[str, str] = {}
        self._agreed = Agreed()

    def hear(self, own: str, facts: Row, after: Status, before: Life | None) -> None:
        """A step is being written.

        Raises:
            Broken: it is not so.
        """
        event = facts["event"]["S"]
        self._people(own, event, facts["by"]["S"], before)
        self._agreed.hear(own, facts, before)
        self._claim(own, event)
        self._turned(own, event, before)
        if self._contradicted(own):
            return  # the truth itself says two things
        was = before.status if before else None
        if after is not was:
            why = _why_not(after, was, self._executed(own), event, self._timeline.now)
            if why:
                raise Broken(f"{own} is said to be {after} by {event}, and {why}")
        if event == "Reattempted" and self._executed(own):
            raise Broken(f"{own} is to be paid under a new reference, and was executed")

    def _turned(self, own: str, event: str, before: Life | None) -> None:
        """Nothing goes by another rail once the attempt before it could be seen to be alive."""
        if event != "Started" or before is None or int(before.row["attempt"]["N"]) == 1:
            return
        seen = self._timeline.now - self._visible_after - LONGEST_CLAIM
        alive = [
            each.reference for each in self._executed(own)
            if each.at < seen and not (each.back or each.by_bank)
        ]  # fmt: skip
        if alive:
            raise Broken(f"{own} is sent as another attempt, and {alive} could be seen")

    def _people(self, own: str, event: str, by: str, before: Life | None) -> None:
        if event == "ResolutionProposed":
            self._proposed_by[own] = by
        if event in _DECISIONS:
            maker = before.maker if before else ""
            if by in {maker, self._proposed_by.get(own)}:
                raise Broken(f"{own}: {by} decided alone")

    def _claim(self, own: str, event: str) -> None:
        now = self._timeline.now
        if event == "StartedAgain" and now - self._claimed_at[own] < LEAST_QUARANTINE:
            raise Broken(f"{own} is sent again {now - self._claimed_at[own]:.0f} s after the last")
        if event in _CLAIMS:
            self._claimed_at[own] = now
            self._claims[own] = self._claims.get(own, 0) + 1
            if self._claims[own] > MOST_SENDS:
                raise Broken(f"{own} is sent for the {self._claims[own]}th time")
        if event in {"NeverSent", "OutOfFunds", "TurnedAway", "Reattempted"}:
            self._claims[own] = 0


class Agreed:
    """Who has agreed to what of each payout, and how many have to."""

    def __init__(self) -> None:
        self._needs: dict[str, int] = {}
        self._given: dict[str, dict[str, str]] = {}

    def hear(self, own: str, facts: Row, before: Life | None) -> None:
        """A step is being written.

        Raises:
            Broken: it goes on, and too few others have agreed to the same; or its maker has.
        """
        event, by = facts["event"]["S"], facts["by"]["S"]
        if event == "ApprovalAsked":
            self._needs[own], self._given[own] = int(facts["needs"]["N"]), {}
        elif event == "Approved":
            if before is None or by == before.maker:
                raise Broken(f"{own}: {by} agreed to what they had asked for")
            self._needs[own] = int(facts["needs"]["N"])
            self._given[own][by] = facts["seen"]["S"]
        elif event in {"Released", *_CLAIMS} and own in self._needs:
            given = [*self._given[own].values()]
            most = max((given.count(seen) for seen in given), default=0)
            if most < self._needs[own]:
                raise Broken(f"{own}: {event}, and {most} of {self._needs[own]} have agreed")


def _is_back(known: Execution) -> bool:
    """Whether it came back, and the account shows that by itself."""
    return bool(known.back) and not known.by_bank


def _why_not(  # noqa: PLR0911 (a case a status)
    status: Status, was: Status | None, executed: Sequence[Execution], event: str, now: float
) -> str:
    """What speaks against a status at this moment; empty where nothing does."""
    if status is Status.DISPUTED:
        return "nobody has said two things that cannot both be true"
    if not executed:
        return "was never executed" if status in _OF_THE_EXECUTED else ""
    known = executed[0]
    match status:
        case Status.FAILED | Status.DECLINED | Status.CANCELLED:
            return "was executed"
        case Status.QUEUED if was is not Status.UNCONFIRMED:
            return "was executed"
        case Status.REJECTED if known.word != "Rejected":
            return "was not rejected"
        case Status.RETURNED if not known.back:
            return "nothing came back"
        case Status.COMPLETED if known.npp and known.word in {"Pending", "Rejected"}:
            return f"the provider says {known.word}"
        case Status.COMPLETED if not known.npp and (event != "WindowClosed" or _is_back(known)):
            return "it is a direct credit that may come back, or did"
        case Status.COMPLETED if not known.npp and now - known.at < LEAST_WINDOW:
            return "its window is not over"
    return ""
