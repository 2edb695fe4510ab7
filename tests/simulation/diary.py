"""What is planned for later, reckoned from what people asked for, and held against what is stored.

An occurrence becomes one payout, or one finding that says why not; each when it comes, not before,
and not long after. Its dates are reckoned here, by weekdays alone: a week has no holidays.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.domain.identifiers import derived_id
from tests.simulation.books import Broken
from tests.simulation.post import SYDNEY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tests.simulation.books import Life, Row
    from tests.simulation.business import Business

PLANNER = "sam"
DAY = timedelta(days=1)
SATURDAY = 5
# Seconds that a clock of ours may be wrong; and for so long an old limit may still be in use.
SKEWED, OUTDATED = 600.0, 400.0
# Business days after which an occurrence that nobody woke is missed.
GRACE = 1
UNPAID = "occurrence_unpaid"


@dataclass(frozen=True)
class Plan:
    """What somebody wants later: `weekdays` of each week, or all dates where there are none."""

    key: str
    customer_id: str
    cents: int
    start: date
    at: time
    count: int
    weekdays: tuple[int, ...] = ()

    @property
    def schedule_id(self) -> str:
        """The id that its key makes."""
        return derived_id("schedule", self.key)

    def pays_on(self, number: int) -> date:
        """The date of an occurrence, from 1; of a weekly one no Saturday and no Sunday."""
        if not self.weekdays:
            return self.start + (number - 1) * DAY
        on = self.start - DAY
        for _ in range(number):
            on += DAY
            while on.weekday() not in self.weekdays:
                on += DAY
        while on.weekday() >= SATURDAY:
            on += DAY
        return on

    def moment(self, number: int) -> datetime:
        """When an occurrence comes."""
        return datetime.combine(self.pays_on(number), self.at, SYDNEY)

    def missed_from(self, number: int) -> datetime:
        """From when on it is too late for an occurrence."""
        on = self.pays_on(number)
        for _ in range(GRACE):
            on += DAY
            while on.weekday() >= SATURDAY:
                on += DAY
        return datetime.combine(on + DAY, time(), SYDNEY)


class Diary:
    """All plans by the id of their schedule, and the rows as they are now."""

    def __init__(self, business: Business) -> None:
        self._business = business
        self.plans: dict[str, Plan] = {}
        self.rows: dict[str, Row] = {}
        self.results: dict[tuple[str, int], str] = {}
        self.told: Counter[str] = Counter()
        # Told of each schedule that has changed.
        self.changed: Callable[[], None] = lambda: None
        self._payouts: dict[str, tuple[Plan, int]] = {}
        self._made: set[str] = set()
        self._lowered_at = 0.0
        business.books.watchers.append(self._paid)
        business.books.controls.append(self._stored)

    def add(self, plan: Plan) -> None:
        """Somebody is about to ask for it."""
        self.plans[plan.schedule_id] = plan
        for number in range(1, plan.count + 1):
            own = derived_id("scheduled payout", f"{plan.schedule_id}/{number}")
            self._payouts[own] = plan, number

    def lower(self, cents: int) -> None:
        """From now on no payout may be larger."""
        self._business.most_cents = cents
        self._lowered_at = self._business.timeline.now

    def is_due(self, own: str) -> bool:
        """Whether a schedule's next occurrence is to be tried."""
        row = self.rows[own]
        due = datetime.fromisoformat(row["wakes_at"]["S"]) <= self._now()
        return due and row["state"]["S"] == "active"

    def end_well(self) -> None:
        """Each occurrence that came is a payout, or a finding, or fell into a rest.

        Raises:
            Broken: it is not so.
        """
        books = self._business.books
        for own in self.rows:
            for number in range(1, self.plans[own].count + 1):
                result = self.results.get((own, number), "")
                payout = derived_id("scheduled payout", f"{own}/{number}")
                finding = books.tills.findings.get((UNPAID, f"{own}/{number}"))
                found = finding is not None and "resolved_at" not in finding
                if (payout in books.lives) != (result == "made"):
                    raise Broken(f"{own}/{number} is {result}: {payout in books.lives}")
                if found != (result in {"refused", "missed"}):
                    raise Broken(f"{own}/{number} is {result}, and a person is told: {found}")
                self.told[f"occurrences {result or 'not due, or rested'}"] += 1

    def _now(self) -> datetime:
        return self._business.began + timedelta(seconds=self._business.timeline.now)

    def _paid(self, own: str, life: Life) -> None:
        """A payout was written.

        Raises:
            Broken: it is an occurrence's, and not to be made now; or the planner's, and none.
        """
        if own in self._made or life.row.get("created_by", {"S": ""})["S"] != PLANNER:
            return
        self._made.add(own)
        if own not in self._payouts:
            raise Broken(f"{own} is planned by nobody")
        plan, number = self._payouts[own]
        row, now, skew = self.rows[plan.schedule_id], self._now(), timedelta(seconds=SKEWED)
        name = f"{plan.schedule_id}/{number}"
        if row["state"]["S"] != "active" or int(row["number"]["N"]) != number:
            raise Broken(f"{name} is paid, and the schedule {row['state']['S']}")
        if not plan.moment(number) - skew <= now < plan.missed_from(number) + skew:
            raise Broken(f"{name} is paid at {now}")
        if (life.cents, life.customer_id) != (plan.cents, plan.customer_id):
            raise Broken(f"{name} is paid otherwise than it was planned")
        lowered = self._business.timeline.now > self._lowered_at + OUTDATED
        if lowered and life.cents > self._business.most_cents:
            raise Broken(f"{name} is paid, and no payout may be as large")

    def _stored(self, changes: Sequence[Any]) -> None:
        """Rows of the control table were written together.

        Raises:
            Broken: an occurrence is decided twice or wrongly, or left out.
        """
        rows = [(change.after["key"]["S"].split("#"), change) for change in changes]
        rows = [(parts[1:], change) for parts, change in rows if parts[0] == "schedule"]
        decided = {(parts[0], int(parts[1])): each for parts, each in rows if len(parts) > 1}
        for (own, number), change in decided.items():
            self._decided(own, number, change)
        for parts, change in rows:
            if len(parts) == 1:
                self._goes_on(parts[0], change, decided)
        if rows:
            self.changed()

    def _decided(self, own: str, number: int, change: Any) -> None:
        result, plan = change.after["result"]["S"], self.plans[own]
        if change.before is not None or (own, number) in self.results:
            raise Broken(f"{own}/{number} is decided twice")
        payout = derived_id("scheduled payout", f"{own}/{number}")
        if (payout in self._business.books.lives) != (result == "made"):
            raise Broken(f"{own}/{number} is {result}, and paid or not against that")
        late = plan.missed_from(number) - timedelta(seconds=SKEWED)
        if result == "missed" and self._now() < late:
            raise Broken(f"{own}/{number} is missed, and it is not too late")
        findings = self._business.books.tills.findings
        if result != "made" and (UNPAID, f"{own}/{number}") not in findings:
            raise Broken(f"{own}/{number} is {result}, and no person is told")
        self.results[own, number] = result

    def _goes_on(self, own: str, change: Any, decided: Any) -> None:
        before, after = change.before, change.after
        self.rows[own] = after
        if before is None:
            return
        was, now = int(before["number"]["N"]), int(after["number"]["N"])
        if now < was:
            raise Broken(f"{own} goes back from {was} to {now}")
        rested = before["state"]["S"] != "active"
        for number in range(was, now):
            due = self._now() + timedelta(seconds=SKEWED) >= self.plans[own].moment(number)
            if (own, number) not in decided and not (rested and due):
                raise Broken(f"{own} left {number} out")
