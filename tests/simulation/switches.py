"""The doors of `app.py` by which people stop payouts, let them go on, and plan later ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.simulation.after_hours import AfterHours
from tests.simulation.diary import GRACE, PLANNER
from tests.simulation.names import description_of

if TYPE_CHECKING:
    from tests.simulation.diary import Plan


class Switches(AfterHours):
    """Pauses, holds and schedules, as an environment of the present version answers them."""

    def pause(self, pause_id: str, scope: tuple[str, str], *, by: str) -> Any:
        """Have nothing be claimed; a scope is its kind, and which rail or whose."""
        kind, which = scope
        code = self.code
        rail = code.rails.Rail(which) if kind == "rail" else None
        wanted = code.pause.Scope(code.pause.Kind(kind), rail, which if rail is None else "")
        return code.use_pauses.pause(
            pause_id, wanted, reason="stop", by=by, pauses=self.pauses, customers=self.customers,
            clock=self.clock,
        )  # fmt: skip

    def end_pause(self, pause_id: str, *, by: str) -> Any:
        """Let go on what a pause keeps."""
        return self.code.use_pauses.resume(
            pause_id, reason="go on", by=by, pauses=self.pauses, clock=self.clock
        )

    def show_pause(self, pause_id: str) -> Any:
        """Look at a pause, and at what it can prove."""
        return self.code.use_pauses.show(pause_id, pauses=self.pauses)

    def hold(self, transaction_id: str, *, by: str) -> Any:
        """Keep one payout back."""
        return self.door("use_hold_back").hold(
            transaction_id, reason="wait", by=by, request_id="r", payouts=self.payouts,
            clock=self.clock,
        )  # fmt: skip

    def lift(self, transaction_id: str, *, by: str) -> Any:
        """Let a held payout go on."""
        return self.door("use_hold_back").lift(
            transaction_id, reason="looked at", by=by, request_id="r", payouts=self.payouts,
            clock=self.clock,
        )  # fmt: skip

    def plan_later(self, wanted: Plan) -> Any:
        """Ask for a payout later, or again and again."""
        code, times = self.code, self.code.timetable
        order = code.order.Order(
            wanted.customer_id, code.money.Money(wanted.cents),
            code.destination.PayoutMethod("BankAccount"),
            description=description_of(wanted.customer_id),
        )  # fmt: skip
        rule = code.recurrence.Weekly(wanted.weekdays) if wanted.weekdays else None
        table = times.Timetable(
            rule or code.recurrence.Daily(), wanted.start,
            times.Adjustment.FOLLOWING if rule else times.Adjustment.NONE, wanted.at,
            count=wanted.count,
        )  # fmt: skip
        return code.use_schedules.plan(
            order, table, key=wanted.key, by=PLANNER, drafted=False, schedules=self.schedules,
            customers=self.customers, limits=self._limits(), calendar=self.calendar,
            clock=self.clock,
        )  # fmt: skip

    def rest(self, schedule_id: str) -> Any:
        """Let a schedule rest."""
        return self.code.use_schedules.pause(
            schedule_id, reason="rest", by=PLANNER, schedules=self.schedules, clock=self.clock
        )

    def go_on_with(self, schedule_id: str) -> Any:
        """Let a schedule go on with what is still ahead."""
        return self.code.use_schedules.resume(
            schedule_id, reason="go on", by=PLANNER, schedules=self.schedules,
            calendar=self.calendar, clock=self.clock,
        )  # fmt: skip

    def end_schedule(self, schedule_id: str) -> Any:
        """Have nothing more come of a schedule."""
        return self.code.use_schedules.cancel(
            schedule_id, reason="enough", by=PLANNER, schedules=self.schedules, clock=self.clock
        )

    def wake(self) -> Any:
        """Make the payouts whose time has come."""
        code = self.code
        means = code.use_wake.Means(
            schedules=self.schedules, payouts=self.payouts, findings=self.findings,
            provider=self.provider, vault=self.vault, clock=self.clock, calendar=self.calendar,
            limits=self._limits(), grace=GRACE,
        )  # fmt: skip
        return code.use_wake.wake(means, time_left=self._time_left)

    def _limits(self) -> Any:
        money = self.code.money.Money
        return self.code.order.Limits(money(1), money(self.world.most_cents))
