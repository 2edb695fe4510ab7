"""A tiny payout API with the faults that such APIs have, one at a time: what the cases must catch.

Without a fault it keeps all twelve rules. It pays nobody; it lives for as long as a test does.
"""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.contracts.idempotency.adapter import NextCall

SLOW = 30.0  # seconds at most, until somebody else has asked for a payout, too
DAY, YEAR = timedelta(days=1), timedelta(days=365)


class Flaw(StrEnum):
    """What people get wrong."""

    NO_KEYS = "takes no notice of keys"
    IGNORES_BODY = "answers another body with the first payout"
    IGNORES_PRINCIPAL = "answers everybody with the first one's payout"
    ONE_KEY_SPACE = "keeps the keys of all routes in one place"
    LOOKS_THEN_ACTS = "looks for the key, and takes it only after paying"
    FORGETS_AFTER_A_DAY = "lets its records expire after a day"
    FORGETS_AFTER_A_YEAR = "lets its records expire after a year"
    FORGETS_FAILURES = "frees the key when the payout failed"
    RETRIES_BLINDLY = "sends again, as a new payment, what was not answered"
    SAYS_FAILED = "calls failed what was not answered"
    SAYS_PAID = "calls paid what was not answered"
    CALLS_THEN_STORES = "stores a payout only once it was sent"
    LEAVES_IT_LYING = "never looks again at what it stored and did not send"


class Crash(Exception):
    """The process is gone: there is no answer, and nothing in memory is left."""


class Unanswered(Exception):
    """The provider was called, and did not answer."""


@dataclass
class Provider:
    """Executes, and refuses a reference the second time. What is on its way it tells nobody."""

    executed: list[tuple[str, int]] = field(default_factory=list)
    happens: NextCall | None = None
    takes: float = 0.0  # seconds for each call
    looks: int = 0  # how many have asked for a payout since it was told what happens next
    looked: threading.Condition = field(default_factory=threading.Condition)

    def will(self, happens: NextCall) -> None:
        """Let this happen to the next call."""
        self.happens, self.looks = happens, 0

    def look(self) -> None:
        """Somebody asks for a payout, and knows by now whether its key was used."""
        with self.looked:
            self.looks += 1
            self.looked.notify_all()

    def pay(self, reference: str, cents: int) -> str:
        """`paid` or `failed`."""
        happens, self.happens = self.happens, None
        if happens is NextCall.IS_REFUSED:
            return "failed"
        if happens is NextCall.TIMES_OUT:
            raise Unanswered
        if not self.knows(reference):
            self.executed.append((reference, cents))
        if happens is NextCall.LOSES_REPLY:
            raise Unanswered
        if happens is NextCall.IS_SLOW:
            with self.looked:
                self.looked.wait_for(lambda: self.looks > 1, SLOW)
        time.sleep(self.takes)
        return "paid"

    def knows(self, reference: str) -> bool:
        return any(each == reference for each, _ in self.executed)


@dataclass
class Record:
    """What is stored of a payout."""

    payout: str
    cents: int
    at: timedelta
    status: str = "open"

    @property
    def told(self) -> dict[str, str]:
        return {"id": self.payout, "status": self.status}


class TinyApi:
    """Its rules, apart from HTTP."""

    def __init__(self, *flaws: Flaw) -> None:
        self.flaws = frozenset(flaws)
        # Long enough for all who ask at one moment to have looked before the first has acted.
        self.provider = Provider(takes=0.3 if Flaw.LOOKS_THEN_ACTS in flaws else 0.0)
        self.now = timedelta()
        self.crashes = False
        self._records: dict[tuple[str, ...], Record] = {}
        self._under_way: set[tuple[str, ...]] = set()  # in memory: a crash forgets it
        self._lock = threading.Lock()
        self._number = 0

    def create(self, route: str, principal: str, key: str, cents: int) -> tuple[int, Any]:
        """HTTP status and body."""
        name = self._name(route, principal, key)
        with self._lock:
            known = self._known(name)
            self.provider.look()
            if known is None and name in self._under_way:
                return 409, {}
            if known is not None:
                return (422, {}) if self._differs(known, route, cents) else (202, known.told)
            self._number += 1
            known = Record(f"{route}-{self._number}", cents, self.now)
            if Flaw.CALLS_THEN_STORES in self.flaws:
                self._under_way.add(name)
            elif Flaw.LOOKS_THEN_ACTS not in self.flaws:
                self._records[name] = known
        if route == "payouts":
            self._send(name, known)
        self._records[name] = known
        if Flaw.FORGETS_FAILURES in self.flaws and known.status == "failed":
            del self._records[name]
        return 202, known.told

    def read(self, payout: str) -> tuple[int, Any]:
        """HTTP status and body."""
        for known in self._records.values():
            if known.payout == payout:
                return 200, known.told
        return 404, {}

    def recover(self) -> None:
        """What its poller does: ask for what is open, and send again what is not there."""
        for known in list(self._records.values()):
            if known.status == "open" and Flaw.LEAVES_IT_LYING not in self.flaws:
                self.provider.pay(known.payout, known.cents)
                known.status = "paid"

    def _name(self, route: str, principal: str, key: str) -> tuple[str, ...]:
        whose = "" if Flaw.IGNORES_PRINCIPAL in self.flaws else principal
        where = "" if Flaw.ONE_KEY_SPACE in self.flaws else route
        unique = str(self._number) if Flaw.NO_KEYS in self.flaws else ""
        return (where, whose, key, unique)

    def _differs(self, known: Record, route: str, cents: int) -> bool:
        if Flaw.ONE_KEY_SPACE in self.flaws and not known.payout.startswith(route):
            return False
        return known.cents != cents and Flaw.IGNORES_BODY not in self.flaws

    def _known(self, name: tuple[str, ...]) -> Record | None:
        lives = [YEAR] if Flaw.FORGETS_AFTER_A_YEAR in self.flaws else []
        lives += [DAY] if Flaw.FORGETS_AFTER_A_DAY in self.flaws else []
        known = self._records.get(name)
        return known if known and all(self.now - known.at < life for life in lives) else None

    def _send(self, name: tuple[str, ...], known: Record) -> None:
        if self.crashes and Flaw.CALLS_THEN_STORES not in self.flaws:
            self._crash()
        try:
            known.status = self.provider.pay(known.payout, known.cents)
        except Unanswered:
            if Flaw.RETRIES_BLINDLY in self.flaws:
                known.status = self.provider.pay(f"{known.payout}-again", known.cents)
            if Flaw.SAYS_FAILED in self.flaws:
                known.status = "failed"
            if Flaw.SAYS_PAID in self.flaws:
                known.status = "paid"
        if self.crashes:
            self._crash()
        self._records[name] = known

    def _crash(self) -> None:
        self.crashes = False
        self._under_way.clear()
        raise Crash


class Server(ThreadingHTTPServer):
    """Listens for a `TinyApi`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, api: TinyApi) -> None:
        super().__init__(("127.0.0.1", 0), _Door)
        self.api = api


class _Door(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        told = json.loads(self.rfile.read(int(self.headers["content-length"])))
        route, who, key = self.path.strip("/"), self.headers["x-who"], self.headers["x-key"]
        try:
            self._answer(*self.server.api.create(route, who, key, told["cents"]))
        except Crash:
            self.close_connection = True

    def do_GET(self) -> None:
        self._answer(*self.server.api.read(self.path.rpartition("/")[2]))

    def _answer(self, status: int, body: Any) -> None:
        self.send_response_only(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        """Nothing."""
