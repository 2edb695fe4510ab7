"""Every order in which a few invocations of ours can take turns, up to so many preemptions.

`python -m tests.simulation.interleavings --preemptions 3`. A turn lasts from one call of a
neighbour to the next. A preemption is a turn given to another although one could have gone on;
after the end of an invocation any other may follow for nothing. Nothing is left out below the
bound: each run notes its choices, and the next takes the first that was not taken yet.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from dataclasses import dataclass, field
from functools import partial
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from tests.long_runs import at_least
from tests.simulation.books import Broken
from tests.simulation.money_scenes import (
    SCENES,
    matches,
    parked,
    receipt_of_return,
    receives,
    redrives,
    return_of,
)
from tests.simulation.monoova import REFUSES, REPEATS, Habits
from tests.simulation.scenes import OWN, Stage, asked_for
from tests.simulation.stopping_scenes import ends_pause, holds, lifts, pauses, wakes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BOUND = 2
_ask = ("api", asked_for())
_cancel = ("api", methodcaller("cancel", OWN, by="olive"))


def _poll_ahead(environment: Any) -> Any:
    """A poller whose clock is ten minutes ahead: a claim of just now seems abandoned to it."""
    environment.skew = 600.0
    return environment.poll()


_poll = ("poll", _poll_ahead)
_settle = ("poll", methodcaller("settle"))
_credit = ("api", methodcaller("credit", "customer-0", 19_000, key="a-credit-by-hand"))
_redrive = ("api", redrives)
_deliver = ("webhook", lambda env: receives(env, parked(env)[1]))
_return = ("webhook", lambda env: receives(env, return_of(env.world)))
_receipt = ("webhook", lambda env: receives(env, receipt_of_return(env.world)))
_propose = ("api", methodcaller("propose", OWN, "dead", by="paul"))
_agree = ("api", methodcaller("agree", OWN, "dead", by="anna"))
_pause = ("api", pauses)
_hold = ("api", holds)
_wake = ("wake", wakes)
_agree_new = ("api", methodcaller("agree", OWN, "new_reference", by="anna"))


@dataclass(frozen=True)
class Meeting:
    """A past, and who meets then. The provider's webhook comes as soon as there is news.

    `bound` is that of each commit: more where there are few orders.
    """

    past: str
    who: tuple[tuple[str, Callable[[Any], Any]], ...]
    bound: int = 1


MEETINGS: dict[str, Meeting] = {
    "a payout, its webhook, the poller, a cancellation": Meeting("", (_ask, _poll, _cancel)),
    "a payout twice, its webhook, the poller": Meeting("", (_ask, _ask, _poll)),
    "a queued payout, two pollers, its webhook, a cancellation": Meeting(
        "a poll that sends", (_poll, _poll, _cancel)
    ),
    "a lost reply, two pollers, a proposal": Meeting("a poll that finds", (_poll, _poll, _propose)),
    "a payout to send again, two pollers, its webhook": Meeting(
        "a poll that sends again", (_poll, _poll)
    ),
    "a payout to send again, the poller, two people": Meeting("a death", (_poll, _propose, _agree)),
    "a new reference, the poller, two people": Meeting(
        "a new reference", (_poll, _agree_new, _agree_new)
    ),
    "two allocations": Meeting("an allocation", (_settle, _settle), bound=2),
    "an allocation, a credit by hand": Meeting("an allocation", (_settle, _credit), bound=2),
    "two people, one receipt": Meeting(
        "a match by hand", (("api", matches(0)), ("api", matches(1))), bound=2
    ),
    "a return, its receipt": Meeting("a return, and its receipt", (_return, _receipt), bound=2),
    "a return, its receipt, those who follow it": Meeting(
        "a return, and its receipt", (_return, _receipt, _settle)
    ),
    "a redrive, the same webhook again": Meeting(
        "a redrive by hand", (_redrive, _deliver), bound=2
    ),
    "funds come, two pollers, a cancellation": Meeting(
        "a poll that finds funds", (_poll, _poll, _cancel)
    ),
    # Whoever is named last begins, so that the others fall into the midst of it.
    "a pause in the midst of a payout": Meeting("a pause, and its end", (_pause, _ask)),
    "a payout in the midst of a pause": Meeting("a pause, and its end", (_ask, _pause)),
    "a pause in the midst of a poll that sends": Meeting("a hold, and its end", (_pause, _poll)),
    "a hold in the midst of a poll that sends": Meeting("a hold, and its end", (_hold, _poll)),
    "two who wake a schedule": Meeting("a schedule that wakes", (_wake, _wake)),
}


@dataclass
class Order:
    """The order of one run: `wanted` choices first, then whoever goes on; `taken` notes all."""

    wanted: list[int]
    bound: int
    taken: list[int] = field(default_factory=list)
    could: list[int] = field(default_factory=list)
    preempted: int = 0
    _last: int = -1

    def choose(self, numbers: list[int]) -> int:
        """The place of who gets the turn."""
        # Whoever just had it goes on with a new number: the newest of all, if it has not ended.
        going_on = bool(numbers) and numbers[-1] > self._last
        home = len(numbers) - 1 if going_on else 0
        places = [home, *(place for place in range(len(numbers)) if place != home)]
        if going_on and self.preempted >= self.bound:
            places = places[:1]
        nth = self.wanted[len(self.taken)] if len(self.taken) < len(self.wanted) else 0
        self.taken.append(nth)
        self.could.append(len(places))
        self.preempted += going_on and nth > 0
        self._last = numbers[-1]
        return places[nth]

    def next(self) -> list[int] | None:
        """The choices of the next run; `None` when there is none left."""
        for place in range(len(self.taken) - 1, -1, -1):
            if self.taken[place] + 1 < self.could[place]:
                return [*self.taken[:place], self.taken[place] + 1]
        return None


def orders(name: str, habits: Habits, bound: int) -> Iterator[tuple[Order, str]]:
    """Every order up to the bound, and what did not hold in it (empty: nothing)."""
    wanted: list[int] | None = []
    while wanted is not None:
        order = Order(wanted, bound)
        yield order, met(name, habits, order)
        wanted = order.next()


def met(name: str, habits: Habits, order: Order) -> str:
    """Play a meeting in an order; what did not hold."""
    meeting = MEETINGS[name]
    stage = Stage({}, habits)
    if meeting.past:
        SCENES[meeting.past].before(stage)
        if meeting.past == "a new reference":
            stage.invoke("api", methodcaller("propose", OWN, "new_reference", by="paul"))
    business = stage.business
    business.provider.settles_after = 0.0
    stage.fate.calm, stage.fate.way = False, 0.001
    business.timeline.forget()
    for function, deed in meeting.who:
        act = partial(business.invoke, function, "deed", deed, partial(_heard, stage))
        business.timeline.after(0, act)
    try:
        business.timeline.run_in_turn(order.choose)
        _let_go_on(stage)
        stage.end()
    except Broken as broken:
        return str(broken)
    return ""


def _heard(stage: Stage, told: str, value: Any) -> None:
    """A pause that was answered is held to its answer."""
    if stage.brakes is not None and told == "returned" and type(value).__name__ == "Shown":
        try:
            stage.brakes.answered(value)
        except Broken as broken:
            stage.business.break_with(broken)


def _let_go_on(stage: Stage) -> None:
    """What was stopped goes on: a meeting is not about its end."""
    stage.fate.calm = True
    if stage.brakes is not None and stage.brakes.standing():
        stage.invoke("api", ends_pause)
    if stage.brakes is not None and stage.brakes.held:
        stage.invoke("api", lifts)


def main() -> int:
    """Play all that was asked for; 1 where an invariant did not hold, else 0."""
    made = argparse.ArgumentParser(prog="interleavings", description=__doc__)
    made.add_argument("--preemptions", type=at_least(0), default=BOUND, help=f"default {BOUND}")
    bound = made.parse_args().preemptions
    logging.disable(logging.CRITICAL)
    failed = 0
    for name in MEETINGS:
        for habits in (REPEATS, REFUSES):
            began, count = time.perf_counter(), 0
            for order, broken in orders(name, habits, bound):
                count += 1
                if broken:
                    failed += 1
                    print(f"FAILED {name}, {habits.name}, order {order.taken}: {broken}")
            took = time.perf_counter() - began
            print(f"{name}, {habits.name}: {count} orders, {took:.1f} s", flush=True)
    print(f"{failed} broken")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
