"""A business whose rows lie in a DynamoDB in memory, with attested nights to export."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.changes import DynamoChanges
from chalicelib.adapters.dynamo.customers import DynamoCustomers
from chalicelib.adapters.dynamo.keeping import DynamoSweeps
from chalicelib.adapters.dynamo.payouts import DynamoPayouts
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.treasury import DynamoTreasury
from chalicelib.usecases.archive import sweep
from local.export import Export
from local.export_rows import Rows
from tests.fakes.dynamo_template import simulated_tables
from tests.usecases.attesting import DAY, Nights
from tests.usecases.world import CALENDAR, PATIENCE

if TYPE_CHECKING:
    from pathlib import Path

AFTER_DAYS = 90


class StoredNights(Nights):
    """As it deploys: tables and indexes. The archive and the key are in memory."""

    def connect(self) -> None:
        self.dynamo, self.tables = simulated_tables()
        self.session = Session(self.dynamo, within=0.2)  # type: ignore[arg-type] # as much of it
        self.ports["payouts"] = DynamoPayouts(
            self.session, self.tables, clock=self.clock, patience=PATIENCE, calendar=CALENDAR
        )
        self.ports["customers"] = DynamoCustomers(self.session, self.tables)
        self.ports["treasury"] = DynamoTreasury(self.session, self.tables)
        self.changes = DynamoChanges(self.session, self.tables.transactions)

    def export(self, out: Path) -> Export:
        rows = Rows(
            self.session, transactions=self.tables.transactions, events=self.tables.events,
            archive=self.archive,
        )  # fmt: skip
        return Export(self.archive, rows, out)

    def sweep(self) -> Any:
        """Put into the archive what is ripe, and let the steps go that it holds."""
        sweeps = DynamoSweeps(self.session, self.tables.control)
        return sweep(
            payouts=self.ports["payouts"], changes=self.changes, archive=self.archive,
            sweeps=sweeps, after_days=AFTER_DAYS, clock=self.clock, time_left=lambda: 600.0,
        )  # fmt: skip

    # Behind everybody's back.

    def rows(self, table: str, **key: str) -> list[Any]:
        """The rows of a table with that in them, in the order of their keys."""
        whole = self.dynamo._tables[table]
        return [
            row
            for _, row in sorted(whole.rows.items())
            if all(row[name]["S"] == value for name, value in key.items())
        ]

    def put(self, table: str, row: Any) -> None:
        whole = self.dynamo._tables[table]
        whole.write(whole.key_of(row), row)

    def take(self, table: str, row: Any) -> None:
        whole = self.dynamo._tables[table]
        whole.remove(whole.key_of(row))


def two_nights() -> StoredNights:
    """Three payouts of one day, of which one came back on the next; reports of both nights."""
    w = StoredNights()
    paid = w.pay(3)
    w.next_day()
    w.attest_yesterday()
    w.archive.put(f"nights/{w.today - DAY}/report-run-1.md", b"# A report\n", kind="text/markdown")
    w.hears(paid[0])
    w.next_day()
    w.attest_yesterday()
    w.archive.put(f"nights/{w.today - DAY}/report-run-1.md", b"# Another\n", kind="text/markdown")
    return w
