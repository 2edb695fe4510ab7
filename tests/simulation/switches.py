"""The doors of `app.py` by which people stop payouts and let them go on."""

from __future__ import annotations

from typing import Any

from tests.simulation.after_hours import AfterHours


class Switches(AfterHours):
    """Pauses and holds, as an environment of the present version answers them."""

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
