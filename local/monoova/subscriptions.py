"""Subscriptions: which event is told to which URL, one for each event.

Refuses a second one for an event with `WebhookAlreadySubscribed` and the first one's id.
"""

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from local.monoova.answers import Answer, Refused, ok
from local.monoova.clock import VirtualClock, micros, moment
from local.monoova.dates import month_first_form
from local.monoova.orders import read_body
from local.monoova.store import Store

EVENTS = (
    "NppPaymentStatus",
    "NppReturn",
    "DirectEntryDishonour",
    "NPPReceivePayment",
    "InboundDirectCredit",
    "PayToReceivePayment",
    "InboundDirectDebit",
    "DirectDebitClearance",
    "InboundDirectCreditRejections",
    "NPPCreditRejections",
    "PendingInboundRtgsImt",
    "InboundRtgsImtStatus",
)
TOKEN = re.compile(r"[!-~]+ [!-~]+")


@dataclass(frozen=True)
class Target:
    """Where an event goes; the token is the `Authorization` header of the notification."""

    url: str
    token: str | None

    def __repr__(self) -> str:
        """Without the token."""
        return f"Target({self.url!r})"


class Subscriptions:
    """All subscriptions of the sign-in account."""

    def __init__(self, store: Store, clock: VirtualClock) -> None:
        self._store = store
        self._clock = clock

    def create(self, body: bytes) -> Answer:
        """Subscribes an event."""
        fields = read_body(body)
        event = fields.get("eventName")
        if event not in EVENTS:
            raise Refused("InvalidEventName", "eventName is not one of the events")
        url, status, token = _url(fields), _status(fields), _token(fields)
        with self._store.writing():
            taken = self._row("event", event)
            if taken is not None:
                raise _already(taken)
            now = micros(self._clock.now())
            self._store.run(
                "INSERT INTO subscriptions (event, url, status, token, created_at, updated_at)"
                " VALUES (?, ?, ?, ?, ?, ?)",
                event,
                url,
                status,
                token,
                now,
                now,
            )
            return self._shown("event", event)

    def update(self, body: bytes) -> Answer:
        """Changes a subscription; a token that is not given stays."""
        fields = read_body(body)
        number = fields.get("id")
        url, status, token = _url(fields), _status(fields), _token(fields)
        with self._store.writing():
            self._known(number)
            self._store.run(
                "UPDATE subscriptions SET url = ?, status = ?, token = coalesce(?, token),"
                " updated_at = ? WHERE id = ?",
                url,
                status,
                token,
                micros(self._clock.now()),
                number,
            )
            return self._shown("id", number)

    def delete(self, number: str) -> Answer:
        """Ends a subscription."""
        with self._store.writing():
            known = self._known(int(number) if re.fullmatch(r"[0-9]{1,18}", number) else None)
            self._store.run("DELETE FROM subscriptions WHERE id = ?", known["id"])
        return ok()

    def list(self) -> Answer:
        """All of them, under the key that the provider uses."""
        rows = self._store.rows("SELECT * FROM subscriptions ORDER BY id")
        return ok({"eventname": [_listed(row) for row in rows]})

    def target(self, event: str) -> Target | None:
        """Where an event goes now, if anywhere."""
        row = self._row("event", event)
        return Target(row["url"], row["token"]) if row and row["status"] == "On" else None

    def _row(self, column: str, value: object) -> sqlite3.Row | None:
        query = {
            "id": "SELECT * FROM subscriptions WHERE id = ?",
            "event": "SELECT * FROM subscriptions WHERE event = ?",
        }
        return self._store.row(query[column], value)

    def _known(self, number: object) -> sqlite3.Row:
        whole = isinstance(number, int) and not isinstance(number, bool) and abs(number) < 2**63
        row = self._row("id", number) if whole else None
        if row is None:
            raise Refused("SubscriptionNotFound", "There is no subscription with that id")
        return row

    def _shown(self, column: str, value: object) -> Answer:
        row = self._row(column, value)
        return ok(_fields(row) if row else {})


def _fields(row: sqlite3.Row) -> dict[str, object]:
    return {
        "id": row["id"],
        "dateTime": month_first_form(moment(row["updated_at"])),
        "eventName": row["event"],
        "targetUrl": row["url"],
    }


def _listed(row: sqlite3.Row) -> dict[str, object]:
    return {
        "eventName": row["event"],
        "id": row["id"],
        "targetUrl": row["url"],
        "status": row["status"],
        "LastUpdated": month_first_form(moment(row["updated_at"])),
        "createdDate": month_first_form(moment(row["created_at"])),
    }


def _already(row: sqlite3.Row) -> Refused:
    text = "The event has a subscription; change that one instead"
    return Refused("WebhookAlreadySubscribed", text, fields=_fields(row) | {"dateTime": None})


def _url(fields: Mapping[str, object]) -> str:
    url = fields.get("targetUrl")
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
        valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid or not isinstance(url, str) or not url.isascii() or len(url) > 2000:
        raise Refused("InvalidTargetUrl", "targetUrl must be an http or https URL")
    return url


def _status(fields: Mapping[str, object]) -> str:
    status = fields.get("subscriptionStatus", "Off")
    if not isinstance(status, str) or status.casefold() not in {"on", "off"}:
        raise Refused("InvalidSubscriptionStatus", "subscriptionStatus must be On or Off")
    return status.casefold().capitalize()


def _token(fields: Mapping[str, object]) -> str | None:
    token = fields.get("securityToken")
    if token is None or token == "":
        return None
    if not isinstance(token, str) or not TOKEN.fullmatch(token):
        raise Refused("InvalidSecurityToken", "securityToken must be a type and credentials")
    return token
