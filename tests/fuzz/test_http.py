"""A smaller run over real HTTP: the local server's own reading of requests is tried with it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.fuzz import calls, webhooks
from tests.fuzz.door import Asked
from tests.fuzz.http_door import HttpDoor, Unsendable, http_door
from tests.fuzz.stage import stage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.fuzz.stage import Stage

WEBHOOKS, CALLS = 200, 150


@contextmanager
def over_http() -> Iterator[Stage]:
    with http_door() as door, stage(lambda: door) as on:
        yield on


@pytest.mark.parametrize("what", [webhooks.NAME, calls.NAME])
def test_nothing_is_found_over_http_either(what: str):
    found, sent = [], 0
    numbers = range(50_000, 50_000 + (WEBHOOKS if what == webhooks.NAME else CALLS))
    with over_http() as on:
        tried = webhooks.Webhooks(on) if what == webhooks.NAME else calls.Calls(on)
        for number in numbers:
            try:
                found += [f"{number}: {each}" for each in tried.run(number).findings]
                sent += 1
            except Unsendable:
                continue
    assert found == []
    assert sent > len(numbers) / 2


def test_what_is_no_http_is_not_sent():
    with pytest.raises(Unsendable):
        HttpDoor(1).ask(Asked("GET", "/health", {"Webhookid": "a\r\nb: c"}))
    with pytest.raises(Unsendable):
        HttpDoor(1).ask(Asked("GET", "/health", {"A": "1", "a": "2"}))
