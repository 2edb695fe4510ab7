"""A full run: every operation in every way, all the news, every schedule over whatever came of it.

Once as things go, once with every reply to a transaction lost, and once with the provider's own
interface. What each function needed of AWS is what is left.
"""

from __future__ import annotations

import logging
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import app
from chalicelib import wiring
from chalicelib.domain.errors import PayoutError
from tests.api.ways import WAYS, right
from tests.iam.account import account
from tests.iam.house import PORTS
from tests.iam.scenes import SCENES, WAYS_OF_NEWS, all_the_news, opened, time_passes
from tests.iam.town import life, town_in
from tests.local.monoova_bench import simulated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from local.template import Template
    from tests.iam.account import Account
    from tests.iam.recorder import Method, Need, Recorder

# Done, or met by something that was there already; whatever else is answered was found out by less.
DONE = {200, 201, 202, 204}
MET = DONE | {409}
# After each deed: the next day, with the night between.
A_DAY = (timedelta(hours=26),)


@dataclass(frozen=True)
class Recorded:
    """What each function needed, by its logical name, in the stack of this template."""

    needs: Mapping[str, frozenset[Need]]
    recorder: Recorder
    template: Template
    methods: frozenset[Method]


@cache
def recorded() -> Recorded:
    """The run, made once in a process."""
    logging.disable()
    try:
        with account() as there:
            _operations(there, all_of_them=True)
            _happenings(there)
            there.lose_replies()
            _operations(there, all_of_them=False)
            _happenings(there)
            there.find_replies()
            with simulated() as bench, town_in(there, bench) as town:
                life(town)
            needs = {name: frozenset(each) for name, each in there.recorder.needs.items()}
            methods = frozenset(
                (port, name)
                for port in PORTS
                for name, each in vars(type(getattr(there.process(), port))).items()
                if callable(each)
            )
            return Recorded(needs, there.recorder, there.template, methods)
    finally:
        logging.disable(logging.NOTSET)
        wiring._current.clear()


def _operations(there: Account, *, all_of_them: bool) -> None:
    """Each operation in each way in which it can end, and the schedules after what was done."""
    for operation in app.door.map:
        if operation.method == "OPTIONS":
            continue
        changes = operation.method != "GET"
        for status in sorted(MET.intersection(operation.statuses)):
            if not all_of_them and not (changes and status in DONE):
                continue
            doors = opened(there)
            with _troubled(there):
                way: Any = WAYS.get(status, right)
                answer = way(doors, operation)
                assert there.loses_replies or answer.status == status, (operation, answer)
            if changes and status in DONE:
                with _troubled(there):
                    time_passes(doors, A_DAY)


def _happenings(there: Account) -> None:
    for by in WAYS_OF_NEWS:
        with _troubled(there):
            all_the_news(there, by)
    for scene in SCENES:
        with _troubled(there):
            scene(opened(there))


def _troubled(there: Account) -> Any:
    """Where replies are lost, what was called until it could not go on is what counts."""
    return suppress(PayoutError, AssertionError) if there.loses_replies else nullcontext()
