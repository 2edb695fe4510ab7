"""A number's webhook, tried: what must hold whatever it says, and whoever sent it.

Not proved: nothing changed but a sample of it. Proved: acknowledged, no call to the provider, and
the books moved only by the rows of the table, by amounts that the body and the payout both name.
What it put into the queue is heard again until it is applied or parked.
"""

from __future__ import annotations

from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from types import SimpleNamespace
from typing import TYPE_CHECKING

import app
from chalicelib.adapters.sqs import body_of
from chalicelib.api.webhooks import LARGEST_PACKED
from chalicelib.domain.events import Accepted, Confirmed, Escalated, Rejected, Returned
from chalicelib.domain.payout import Status
from tests.fuzz import books
from tests.fuzz.bodies import Seed, seeds
from tests.fuzz.deliveries import delivery
from tests.fuzz.door import Asked, Door
from tests.fuzz.exposure import quoted
from tests.fuzz.planted import CALLER
from tests.fuzz.rewriting import Literal, Value, members, read
from tests.fuzz.signing import is_authentic
from tests.fuzz.stage import SEARCHER, Outcome, Stage, stage, told
from tests.fuzz.world import CUSTOMER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from chalicelib.domain.customer import Customer
    from chalicelib.domain.payout import Payout
    from chalicelib.ports import Recorded
    from tests.fuzz.deliveries import Delivery
    from tests.fuzz.stage import Asks
    from tests.fuzz.world import Snapshot
    from tests.long_runs import Told

NAME = "webhooks"
HEARD = (Accepted, Confirmed, Rejected, Returned, Escalated)
# What news cannot touch.
NEVER = ("credits", "closed_until", "executions", "requests")
MOST_HEARINGS = 6


class Webhooks:
    """Webhooks on a stage."""

    def __init__(self, on: Stage) -> None:
        self.stage = on
        self.world = on.world
        self._seeds: list[Seed] = seeds(self.world)
        self._raws = [each.raw for each in self._seeds]

    def run(self, number: int) -> Outcome:
        """Try the webhook of a number."""
        return self.judge(number, delivery(number, self._seeds, self._raws))

    def judge(self, number: int, made: Delivery) -> Outcome:
        """Try a webhook."""
        world, asked = self.world, made.asked
        world.restore()
        world.believe(made.policy)
        outcome = Outcome(number, asked, made.made_of)
        answer = self.stage.ask(asked, outcome)
        operation = asked.operation
        reached = operation is not None and operation.name.startswith("monoova_webhook")
        proved = reached and is_authentic(asked.headers, asked.arriving, made.policy)
        now = world.snapshot()
        changed = now.differs(world.kept)
        if answer.status == 413 and len(asked.arriving) > LARGEST_PACKED:
            expected, kind = 413, "too large"
        elif not reached:
            expected, kind = (204 if operation else 403), "elsewhere"
        else:
            expected, kind = (200, "proved") if proved else (401, "not proved")
        outcome.counts[f"{kind}: {answer.status}"] += 1
        if answer.status != expected:
            outcome.findings.append(f"answered {answer.status} where it had to be {expected}")
        if kind != "proved":
            # Of what is not proved a few are kept for people to see, and nothing else.
            sampled = {"samples"} if kind == "not proved" else set()
            outcome.findings += [
                f"{kind}, and {name} changed" for name in changed if name not in sampled
            ]
        else:
            self._proved(outcome, now)
        return outcome

    def _proved(self, outcome: Outcome, now: Snapshot) -> None:
        kept, found = self.world.kept, outcome.findings
        if not {"notices", "queue"} & set(now.differs(kept)):
            found.append("acknowledged, and kept nowhere")
        for _ in range(MOST_HEARINGS):
            if not self._hear_again(outcome):
                break
        else:
            found.append(f"still in the queue after {MOST_HEARINGS} hearings")
        after = self.world.snapshot()
        found += books.faults(kept, after)
        found += _unlawful(kept, after, outcome.asked.arriving)
        _count(outcome, kept, after)
        self._look_round(outcome, after)

    def _hear_again(self, outcome: Outcome) -> bool:
        """Have the reprocessor hear what was queued since; whether there was anything."""
        queue, known = self.world.queue, len(self.world.kept.parts["queue"])
        letters = [letter for letter, _ in queue.queued[known:]]
        del queue.queued[known:]
        for letter in letters:
            record = {"body": body_of(letter), "receiptHandle": "fake"}
            try:
                app.reprocess({"Records": [record]}, SimpleNamespace(aws_request_id="fuzz"))
            except Exception as error:  # noqa: BLE001 (that it raises is the finding)
                outcome.findings.append(f"the reprocessor raised {type(error).__name__}")
            outcome.counts["heard again"] += 1
        self.stage.listen(outcome, "heard again")
        return bool(letters)

    def _look_round(self, outcome: Outcome, after: Snapshot) -> None:
        """See as a viewer what became of it: the provider's own words, and no more."""
        was = self.world.kept.parts["payouts"]
        touched = [own for own, one in after.parts["payouts"].items() if one is not was[own]]
        targets = [f"/payouts/{own}" for own in touched]
        if touched or after.parts["parked"] != self.world.kept.parts["parked"]:
            targets += ["/attention?limit=100"]
        targets += ["/funds", f"/customers/{CUSTOMER}"] if outcome.number % 8 == 0 else []
        besides = frozenset(SEARCHER.find(quoted(outcome.asked.arriving)))
        headers = {"Authorization": f"Bearer {CALLER}viewer"}
        for target in targets:
            self.stage.ask(Asked("GET", target, headers), outcome, "looked at", besides=besides)


def _unlawful(before: Snapshot, after: Snapshot, raw: bytes) -> Iterator[str]:
    """What news may not do, however true it is."""
    yield from (f"a webhook changed {name}" for name in NEVER if name in after.differs(before))
    amounts = set(_amounts(read(raw)))
    steps, was = after.parts["steps"], before.parts["steps"]
    for own, payout in after.parts["payouts"].items():
        if payout.intent != before.parts["payouts"][own].intent:
            yield f"{own}: the intent changed"
        for step in steps[own][len(was[own]) :]:
            yield from (f"{own}: {each}" for each in _unlawful_step(step, payout, amounts))
    for own, receipt in after.parts["receipts"].items():
        if own not in before.parts["receipts"] and receipt.amount.cents not in amounts:
            yield f"receipt of {receipt.amount}, which the body does not say"
    for own, customer in after.parts["customers"].items():
        if _profile(customer) != _profile(before.parts["customers"][own]):
            yield f"{own}: the profile changed"


def _unlawful_step(step: Recorded, payout: Payout, amounts: set[int]) -> Iterator[str]:
    may, told = {payout.intent.amount.cents}, getattr(step.event, "amount", None)
    if not isinstance(step.event, HEARD):
        yield f"a webhook made a step {type(step.event).__name__}"
    if told is not None and isinstance(step.event, Returned) and step.status == Status.DISPUTED:
        may |= {told.cents}
    if strange := {abs(each.amount.cents) for each in step.postings} - may:
        yield f"moved {strange}, which is not its amount"
    if told is not None and told.cents not in amounts:
        yield f"heard {told}, which the body does not say"


def _profile(customer: Customer) -> tuple[object, ...]:
    return customer.name, customer.email, customer.destinations, customer.defaults


def _amounts(value: Value) -> Iterator[int]:
    """Cents of whatever is called an amount anywhere in a body, if it is one."""
    for name, each in members(value):
        text = each.text if isinstance(each, Literal) else each
        if name.lower() == "amount" and isinstance(text, str) and len(text) < 1000:
            yield from _cents(text)


def _cents(text: str) -> Iterator[int]:
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        return
    if amount.is_finite() and -30 < amount.adjusted() < 30 and amount * 100 == int(amount * 100):
        yield int(amount * 100)


def _count(outcome: Outcome, before: Snapshot, after: Snapshot) -> None:
    steps, was = after.parts["steps"], before.parts["steps"]
    for own, life in steps.items():
        for step in life[len(was[own]) :]:
            outcome.counts[f"step {type(step.event).__name__}"] += 1
    for name in ("receipts", "parked", "notices"):
        if new := len(after.parts[name]) - len(before.parts[name]):
            outcome.counts[f"new {name}"] += new


@contextmanager
def trying(door: Callable[[], Asks] = Door) -> Iterator[Webhooks]:
    """Webhooks on a stage of their own, for as long as the block lasts."""
    with stage(door) as on:
        yield Webhooks(on)


def work(first: int, count: int) -> Told:
    """What came of some numbers."""
    with trying() as webhooks:
        return told((webhooks.run(number) for number in range(first, first + count)), NAME)
