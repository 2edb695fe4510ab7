"""The log of notifications: what is to be told, what was told, and what the report says of it.

A notification is written in the same transaction as the news it carries. Refuses nothing: without a
subscription there is nobody to tell.
"""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from local.monoova.answers import Answer, Refused, ok
from local.monoova.clock import VirtualClock, micros, moment
from local.monoova.dates import month_first_form, read_day, start_of
from local.monoova.fault_rules import FLAWS, Facts
from local.monoova.faults import Faults
from local.monoova.shapes import write_json
from local.monoova.store import Store
from local.monoova.subscriptions import Subscriptions
from local.monoova.switches import SwitchBoard

FIRST_ID = 678_000
RETRY = timedelta(seconds=30)
# How long a late notification is late, and one that is held waits to be overtaken.
DELAY = Decimal(60)
MOST = 10_000


def _nobody() -> None:
    return None


@dataclass
class Notifications:
    """Announces news and counts the attempts; `wake` is called when there is some to deliver."""

    store: Store
    clock: VirtualClock
    switches: SwitchBoard
    faults: Faults
    subscriptions: Subscriptions
    wake: Callable[[], None] = field(default=_nobody)

    def announce(self, event: str, content: object, facts: Facts | None = None) -> int | None:
        """Queues a notification, and gives back its id if the event has a subscription."""
        target = self.subscriptions.target(event)
        if target is None:
            return None
        facts = replace(facts or Facts(), event=event)
        with self.store.writing():
            rule = self.faults.on_notification(facts)
            fault = rule.fault if rule else None
            delay = (rule.seconds if rule else None) or DELAY
            held = fault == "reorder"
            due = self.clock.now() + (
                timedelta(seconds=int(delay)) if fault == "late" or held else timedelta()
            )
            copies, flaw = 1 + (fault == "double"), fault if fault in FLAWS else None
            number = self._insert(
                event, target.url, content, due=due, held=held, copies=copies, flaw=flaw or ""
            )
            if fault == "lost":
                self._lose(number)
            if not held:
                self._let_follow()
        self.wake()
        return number

    def resend(self, number: str) -> Answer:
        """Sends one again, without a flaw and with its attempts counted from the start."""
        with self.store.writing():
            known = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else 0
            row = self.store.row("SELECT * FROM notifications WHERE webhook_id = ?", known)
            if row is None:
                raise Refused("WebhookNotFound", "There is no notification with that id")
            if self.switches.now.resend_keeps_id:
                self.store.run("UPDATE notifications SET flaw = '' WHERE webhook_id = ?", known)
                self._again(known)
            else:
                self._copy(row)
        self.wake()
        return ok()

    def report(self, date: str, query: Mapping[str, str]) -> Answer:
        """What was sent on a day in Sydney, in order."""
        day = read_day(date)
        skip, take = _whole(query.get("skip"), 0), _whole(query.get("take"), MOST)
        if day is None or skip is None or take is None or take > MOST:
            raise Refused("InvalidRequest", "A date yyyy-MM-dd, skip, and take up to 10000")
        rows = self.store.rows(
            "SELECT * FROM notifications WHERE created_at >= ? AND created_at < ? AND attempts > 0"
            " ORDER BY webhook_id LIMIT ? OFFSET ?",
            micros(start_of(day)),
            micros(start_of(day + timedelta(days=1))),
            take,
            skip,
        )
        return ok({"notifications": [_reported(row) for row in rows]})

    def next_due(self) -> datetime | None:
        """When the next attempt is due."""
        at = self.store.number("SELECT min(due_at) FROM notifications WHERE due_at IS NOT NULL")
        return moment(at) if at else None

    def first_due(self) -> sqlite3.Row | None:
        """The notification whose turn it is."""
        return self.store.row(
            "SELECT * FROM notifications WHERE due_at <= ? ORDER BY turn LIMIT 1",
            micros(self.clock.now()),
        )

    def attempted(self, row: sqlite3.Row, url: str, code: int) -> None:
        """Writes down an attempt: acknowledged by exactly 200, else tried once more, then never."""
        now = self.clock.now()
        acknowledged, attempts = code == 200, row["attempts"] + 1
        again = None if acknowledged or attempts > 1 else micros(now + RETRY)
        self.store.run(
            "UPDATE notifications SET url = ?, status = ?, last_code = ?, last_at = ?,"
            " attempts = ?, copies = 1, held = 0, due_at = ? WHERE webhook_id = ?",
            url,
            "Sent" if acknowledged else "Error",
            code,
            micros(now),
            attempts,
            again,
            row["webhook_id"],
        )

    def hurry(self) -> None:
        """Makes everything that waits due now: retries, late ones and held ones."""
        self.store.run(
            "UPDATE notifications SET due_at = min(due_at, ?), held = 0 WHERE due_at IS NOT NULL",
            micros(self.clock.now()),
        )

    def counts(self) -> dict[str, object]:
        """How many there are of each status, how many still wait, and how many were lost once."""
        rows = self.store.rows("SELECT status, count(*) FROM notifications GROUP BY status")
        waiting = "SELECT count(*) FROM notifications WHERE due_at IS NOT NULL"
        lost = self.store.number("SELECT value FROM counters WHERE name = 'lost'")
        told = {"due": self.store.number(waiting), "lost": lost}
        return {str(row[0]): row[1] for row in rows} | told

    def _insert(
        self,
        event: str,
        url: str,
        content: object,
        *,
        due: datetime,
        held: bool = False,
        copies: int = 1,
        flaw: str = "",
    ) -> int:
        number = self.store.next_number("webhook", FIRST_ID)
        self.store.run(
            "INSERT INTO notifications VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?,"
            " 'Waiting', 0, NULL, ?)",
            number,
            event,
            url,
            content if isinstance(content, bytes) else write_json(content).encode(),
            micros(self.clock.now()),
            micros(due),
            self.store.next_number("turn", 1),
            copies,
            held,
            flaw,
        )
        return number

    def _copy(self, row: sqlite3.Row) -> None:
        self._insert(row["event"], row["url"], row["body"], due=self.clock.now())

    def _again(self, number: int) -> None:
        self.store.run(
            "UPDATE notifications SET attempts = 0, held = 0, due_at = ?, turn = ?"
            " WHERE webhook_id = ?",
            micros(self.clock.now()),
            self.store.next_number("turn", 1),
            number,
        )

    def _lose(self, number: int) -> None:
        """As if neither attempt had reached anybody."""
        self.store.next_number("lost", 1)
        self.store.run(
            "UPDATE notifications SET status = 'Error', attempts = 2, last_at = created_at,"
            " due_at = NULL WHERE webhook_id = ?",
            number,
        )

    def _let_follow(self) -> None:
        """Lets those that were held go after the one that has just come, the last of them first."""
        held = "SELECT webhook_id FROM notifications WHERE held ORDER BY turn DESC"
        for row in self.store.rows(held):
            self._again(row["webhook_id"])


def _reported(row: sqlite3.Row) -> dict[str, object]:
    return {
        "dateTime": month_first_form(moment(row["created_at"])),
        "eventName": row["event"],
        "lastResponseCode": row["last_code"],
        "lastRetryDateTime": month_first_form(moment(row["last_at"])),
        "retryCount": max(row["attempts"] - 1, 0),
        "status": row["status"],
        "url": row["url"],
        "webhookId": row["webhook_id"],
    }


def _whole(text: str | None, default: int) -> int | None:
    if text is None:
        return default
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
