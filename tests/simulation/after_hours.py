"""What an environment does when nobody asks: nights, keeping, forgetting."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from tests.simulation.connected import ACCOUNT, Connected
from tests.simulation.lasting import WiredBucket, WiredKey, WiredTopic

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

# Days after which the weeks' payouts are archived: their calendar is short.
ARCHIVE_AFTER = 3


class AfterHours(Connected):
    """The doors of `app.py` that only a schedule opens, and an admin's of their kind."""

    def night(self, *, hour: int) -> Any:
        """Go on with the night that is due."""
        return self.code.use_night.work(hour=hour, means=self._means(), time_left=self._time_left)

    def run_again(self, day: date) -> Any:
        """Run the night of a date once more, as far as the time goes."""
        use, means = self.code.use_night, self._means()
        night = use.start(day, by="ada", means=means)
        return use.go_on(night, means=means, time_left=self._time_left)

    def keep(self) -> Any:
        """Forget who asked for it, and stay so; archive what has rested long enough."""
        code = self.code
        told = code.use_erase.erase_on(**self._memory(), time_left=self._half_of_it)
        told += code.use_keep_erased.keep_erased(
            **self._memory(), findings=self.findings, rounds=self.rounds,
            time_left=self._half_of_it,
        )  # fmt: skip
        told += code.use_archive.sweep(
            payouts=self.payouts, changes=self.changes, archive=self.archive, sweeps=self.sweeps,
            after_days=ARCHIVE_AFTER, clock=self.clock, time_left=self._time_left,
        )  # fmt: skip
        return told

    def keep_erased_now(self) -> Any:
        """What is done right after a backup was restored."""
        return self.code.use_keep_erased.keep_erased(
            **self._memory(), findings=self.findings, rounds=self.rounds, whole=True,
            time_left=self._time_left,
        )  # fmt: skip

    def erase(self, customer_id: str) -> Any:
        """Forget a customer."""
        return self.code.use_erase.erase(
            customer_id, reason="Asked for in writing.", by="ada", **self._memory(),
            time_left=self._time_left,
        )  # fmt: skip

    def begin_sweeping(self, day: date) -> None:
        """There is nothing older than this: the sweep need not look through a year."""
        self.sweeps.save(self.code.resting.Sweep(day))

    def trail(self, transaction_id: str) -> tuple[Any, Sequence[Any]]:
        """A payout and all steps of its life, wherever they are."""
        payout = self.payouts.get(transaction_id)
        return payout, self.code.use_trail.timeline(
            payout, payouts=self.payouts, archive=self.archive
        )

    @cached_property
    def archive(self) -> Any:
        return self.code.archive.S3Archive(WiredBucket(self._wire, self.world.lasting), "archive")

    @cached_property
    def account_checks(self) -> Any:
        return self.code.account_checks.DynamoAccountChecks(self._session, self._tables.control)

    @cached_property
    def schedules(self) -> Any:
        return self.code.schedules.DynamoSchedules(self._session, self._tables)

    @cached_property
    def nights(self) -> Any:
        return self.code.nights.DynamoNights(self._session, self._tables.control)

    @cached_property
    def changes(self) -> Any:
        return self.code.changes.DynamoChanges(self._session, self._tables.transactions)

    @cached_property
    def sweeps(self) -> Any:
        return self.code.keeping.DynamoSweeps(self._session, self._tables.control)

    @cached_property
    def desk(self) -> Any:
        return self.code.desk.DynamoDesk(self._session, self._tables.control)

    @cached_property
    def rounds(self) -> Any:
        return self.code.rounds.DynamoRounds(self._session, self._tables.control)

    def _means(self) -> Any:
        code = self.code
        day_book = code.day_book.MonoovaDayBook(
            self._signed_in, account=ACCOUNT, clock=self.clock, sleep=self._sleep
        )
        topic = WiredTopic(self._wire, self.world.lasting)
        return code.use_night.Means(
            checks=self.account_checks, payouts=self.payouts, changes=self.changes,
            nights=self.nights, day_book=day_book, receipts=self.receipts, findings=self.findings,
            provider=self.provider, gate=self.gate, archive=self.archive,
            signer=code.signing.KmsSigner(WiredKey(self._wire), "key"),
            herald=code.herald.SnsHerald(lambda: topic, "topic"), clock=self.clock,
            calendar=self.calendar, patience=self.patience,
            workbench=code.workbench.SqliteWorkbench,
        )  # fmt: skip

    def _memory(self) -> dict[str, Any]:
        later = {"schedules": self.schedules} if hasattr(self.code, "schedules") else {}
        return later | {
            "customers": self.customers, "payouts": self.payouts, "notices": self.notices,
            "parked": self.parked, "desk": self.desk, "checks": self.account_checks,
            "archive": self.archive, "clock": self.clock,
        }  # fmt: skip

    def _half_of_it(self) -> float:
        return self._time_left() / 2
