"""Brings notifications to their subscribers, in the background or when asked.

One at a time, signed at the moment of sending. Refuses redirects, proxies and credentials found in
the environment. An answer in time is an answer: 202 and 204 are failures like any other.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import requests

from local.monoova.clock import VirtualClock
from local.monoova.endings import Endings
from local.monoova.notifications import Notifications
from local.monoova.signing import Signer
from local.monoova.subscriptions import Subscriptions, Target

TIMEOUT = (3, 10)
LONGEST_NAP = timedelta(seconds=1)
NOBODY = 0  # lastResponseCode when no answer came
WRONG_TOKEN = "Bearer not-the-token-that-was-asked-for"  # noqa: S105 - wrong on purpose


class Delivery:
    """Sends what is due. Safe to call from several threads: they take turns."""

    def __init__(
        self, notifications: Notifications, subscriptions: Subscriptions, signer: Signer
    ) -> None:
        self._notifications = notifications
        self._subscriptions = subscriptions
        self._signer = signer
        self._turn = threading.Lock()
        self.attempts = 0
        self._session = requests.Session()
        self._session.trust_env = False

    def deliver_due(self) -> None:
        """Attempts every notification that is due; waits for whoever is doing so already."""
        with self._turn:
            while (row := self._notifications.first_due()) is not None:
                # A subscription may have moved since, and a stopped one still has its old URL.
                target = self._subscriptions.target(row["event"]) or Target(row["url"], None)
                for _ in range(row["copies"]):
                    code = self._post(target, row["webhook_id"], row["body"], row["flaw"])
                    self.attempts += 1
                self._notifications.attempted(row, target.url, code)

    def close(self) -> None:
        """Lets go of the connections."""
        self._session.close()

    def _headers(self, target: Target, number: int, body: bytes, flaw: str) -> dict[str, str]:
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Webhookid": str(number),
            "Connection": "close",
        }
        if flaw != "unsigned":
            headers["Verification-Signature"] = self._signer.sign(body, flaw)
        if flaw == "wrong_token":
            headers["Authorization"] = WRONG_TOKEN
        elif target.token is not None:
            headers["Authorization"] = target.token
        return headers

    def _post(self, target: Target, number: int, body: bytes, flaw: str) -> int:
        headers = self._headers(target, number, body, flaw)
        try:
            answer = self._session.post(
                target.url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
            )
        except requests.RequestException:
            return NOBODY
        return answer.status_code


class Worker:
    """The background thread: lets due endings happen and delivers due notifications."""

    def __init__(
        self,
        clock: VirtualClock,
        endings: Endings,
        notifications: Notifications,
        delivery: Delivery,
    ) -> None:
        self._clock = clock
        self._endings = endings
        self._notifications = notifications
        self._delivery = delivery
        self._news = threading.Event()
        self._stopping = False
        self._held = threading.RLock()
        self._thread = threading.Thread(target=self._work, name="monoova-worker", daemon=True)
        endings.wake = self.wake
        notifications.wake = self.wake

    def start(self) -> None:
        """Begins."""
        self._thread.start()

    def wake(self) -> None:
        """There may be something to do sooner than it thought."""
        self._news.set()

    def stop(self) -> None:
        """Ends after the attempt that is under way."""
        self._stopping = True
        self.wake()
        if self._thread.is_alive():
            self._thread.join(sum(TIMEOUT) + 1)

    def catch_up(self, *, deliver: bool = True) -> None:
        """Does everything that is due: on return it is done, by this thread or by the other."""
        with self._held:
            self._endings.run_due()
            if deliver:
                self._delivery.deliver_due()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nothing that is due happens or is told by itself while the block lasts."""
        with self._held:
            yield

    def _work(self) -> None:
        while not self._stopping:
            self._news.clear()
            self.catch_up()
            self._news.wait(self._nap().total_seconds())

    def _nap(self) -> timedelta:
        due: list[datetime] = [
            at for at in (self._endings.next_due(), self._notifications.next_due()) if at
        ]
        if not due:
            return LONGEST_NAP
        return min(max(min(due) - self._clock.now(), timedelta()), LONGEST_NAP)
