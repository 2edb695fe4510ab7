"""The adapter of the tiny API: also an example of how short one is."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import requests

from tests.contracts.idempotency.adapter import FIRST, Answer, NextCall, NotStaged, Order, Outcome
from tests.contracts.idempotency.tiny import Flaw, Server, TinyApi

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import timedelta


class TinyAdapter:
    """The port `PayoutApi`. What stands in `unstaged` it refuses to bring about."""

    def __init__(self, url: str, api: TinyApi, unstaged: frozenset[NextCall] = frozenset()) -> None:
        self._url = url
        self._api = api
        self._unstaged = unstaged

    def create(self, key: str, order: Order, principal: str = FIRST) -> Answer:
        return self._post("payouts", key, order.cents, principal)

    def read(self, payout: str) -> Answer:
        return _answer(requests.get(f"{self._url}/payouts/{payout}", timeout=10))

    def other_route(self, key: str) -> Answer:
        return self._post("refunds", key, 1)

    def executions(self, order: Order) -> int:
        return sum(cents == order.cents for _, cents in self._api.provider.executed)

    def next_call(self, happens: NextCall) -> None:
        if happens in self._unstaged:
            raise NotStaged(f"no call here {happens}")
        self._api.provider.will(happens)

    def crash_between_store_and_send(self, key: str, order: Order) -> None:
        self._api.crashes = True
        self.create(key, order)

    def advance(self, span: timedelta) -> None:
        self._api.now += span

    def settle(self, payout: str) -> Answer:
        self._api.recover()
        return self.read(payout)

    def _post(self, route: str, key: str, cents: int, principal: str = FIRST) -> Answer:
        headers = {"x-key": key, "x-who": principal}
        url = f"{self._url}/{route}"
        try:
            return _answer(requests.post(url, json={"cents": cents}, headers=headers, timeout=10))
        except requests.ConnectionError:
            return Answer(0)


def _answer(response: requests.Response) -> Answer:
    told: dict[str, Any] = response.json()
    status = Outcome(told["status"]) if "status" in told else Outcome.NONE
    return Answer(response.status_code, told.get("id", ""), status)


@contextmanager
def tiny(*flaws: Flaw, unstaged: frozenset[NextCall] = frozenset()) -> Iterator[TinyAdapter]:
    """A tiny API with these flaws, listening for as long as the block lasts."""
    server = Server(TinyApi(*flaws))
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield TinyAdapter(f"http://127.0.0.1:{server.server_port}", server.api, unstaged)
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def sound(_url: str = "") -> Iterator[TinyAdapter]:
    """The one without a flaw, as a factory for the command."""
    with tiny() as adapter:
        yield adapter
