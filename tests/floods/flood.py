"""A flood: thousands of webhooks, doubled and out of order, poison among them, and outages.

A webhook that is not acknowledged is sent again, as the provider does. At the end everything but
the poison was applied once, all poison is before a person, and nothing is anywhere else.
"""

from __future__ import annotations

import time
from collections import Counter
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from chalicelib.domain.events import Confirmed
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import UNREADABLE, ParkedLetter
from chalicelib.domain.payout import Status
from chalicelib.usecases.take_in import notice_key
from tests.contracts.making import accepted, an_intent, claimed, hear, rich_customer
from tests.contracts.paging import everything
from tests.floods.town import Town, deliver, play, town
from tests.floods.webhooks import Hook, hook, payout_id
from tests.long_runs import Told

if TYPE_CHECKING:
    from chalicelib.domain.money import Money

SIZE = 10_000
POISON = 100  # one of so many
RUBBISH = 500  # a message in the queue that is no webhook, for so many webhooks
DOUBLED = 0.05
QUEUE_REFUSES = 0.1
# Seconds between two webhooks, and of each outage of the store.
PACE, OUTAGE = 0.1, 20.0
OUTAGES = 3
LONG = 10 * 24 * 3600.0


def work(first: int, count: int, *, size: int = SIZE) -> Told:
    """So many floods, for a long run."""
    told = Told()
    for seed in range(first, first + count):
        told.add(flood(seed, size))
    return told


def flood(seed: int, size: int) -> Told:
    """What came of one flood, and everything that is wrong."""
    chance, told = Random(f"flood {seed}"), Told()  # noqa: S311 (to be replayed)
    poison = set(chance.sample(range(size), size // POISON))
    hooks = [hook(seed, n, chance, poison=n in poison) for n in range(size)]
    told.counts.update({"floods": 1, "webhooks": size, "poison": len(poison)})
    with town() as here:
        _furnish(here, seed, size)
        before = here.treasury.funds().received
        began = time.monotonic()
        try:
            told.counts.update(_arrive(here, hooks, chance))
            told.counts["milliseconds"] = round(1000 * (time.monotonic() - began))
            wrong = [*_unlike(here, hooks, before, seed), *_elsewhere(here, hooks)]
        except AssertionError as error:
            wrong = [str(error)]
        told.counts["parked"] = len(_parked(here))
    told.failures += [f"seed {seed}: {each}" for each in wrong]
    return told


def _furnish(here: Town, seed: int, size: int) -> None:
    """A payout that waits for its news, for each number."""
    ports: Any = here
    rich_customer(ports, f"{size + 1}.00")
    for number in range(size):
        intent = an_intent("1.00", transaction_id=payout_id(seed, number), at=here.time.now())
        hear(ports, here.payouts.write(*claimed(intent)), accepted(here.time.now()))


def _arrive(here: Town, hooks: list[Hook], chance: Random) -> Counter[str]:
    """All of them come in, some twice, and again until they are acknowledged."""
    counts: Counter[str] = Counter()
    coming = [*hooks, *(each for each in hooks if chance.random() < DOUBLED)]
    chance.shuffle(coming)
    now, lasts = here.time.monotonic(), len(coming) * PACE
    starts = [now + lasts * chance.random() for _ in range(OUTAGES)]
    here.dynamo.spans = [(start, start + OUTAGE) for start in starts]
    here.sqs.refuses = lambda _: chance.random() < QUEUE_REFUSES
    while coming:
        again = []
        for number, each in enumerate(coming):
            status = deliver(here, each.event_name, each.raw, each.webhook_id)
            counts[f"answered {status}"] += 1
            again += [] if status == 200 else [each]
            here.time.advance(PACE)
            if number % 50 == 0:
                counts += play(here, here.time.monotonic())
        coming = again
    for number in range(len(hooks) // RUBBISH):
        here.sqs.put(f"rubbish {number}")
    counts += play(here, here.time.monotonic() + LONG)
    return counts


def _unlike(here: Town, hooks: list[Hook], before: Money, seed: int) -> list[str]:
    """Payouts and receipts that are not as if each webhook had come once."""
    wrong = []
    paid = {each.transaction_id for each in hooks if each.transaction_id and not each.is_poison}
    for number in range(len(hooks)):
        own = payout_id(seed, number)
        payout, steps = here.payouts.get(own), here.payouts.steps(own)
        confirmed = sum(isinstance(each.event, Confirmed) for each in steps)
        done = payout is not None and payout.status is Status.COMPLETED
        if (done, confirmed) != ((True, 1) if own in paid else (False, 0)):
            wrong.append(f"payout {number} is {payout and payout.status}, {confirmed} times")
    brought = sum(each.cents for each in hooks)
    got = here.treasury.funds().received - before
    if got.cents != brought:
        wrong.append(f"{brought} cents came in, {got.cents} are received")
    return wrong


def _elsewhere(here: Town, hooks: list[Hook]) -> list[str]:
    """Whether the poison, and nothing but the poison, is before a person, and the queue empty."""
    at, wrong = here.time.now(), []
    poison = {
        notice_key(DeadLetter(each.event_name, each.webhook_id, each.raw, at, ""))
        for each in hooks if each.is_poison
    }  # fmt: skip
    waits = _parked(here)
    rubbish = [each for each in waits if each.letter.error == UNREADABLE]
    if {each.key for each in waits if each not in rubbish} != poison:
        wrong.append(f"{len(waits) - len(rubbish)} are parked, {len(poison)} are poison")
    if len(rubbish) != len(hooks) // RUBBISH:
        wrong.append(f"{len(rubbish)} messages that are no webhooks are parked")
    if here.sqs.waiting or here.sqs.last_resort:
        wrong.append(f"{len(here.sqs.waiting)} messages are in the queue")
    return wrong


def _parked(here: Town) -> list[ParkedLetter]:
    found: list[ParkedLetter] = everything(partial(here.parked.page, resolved=False), limit=100)
    return found
