"""What must be true of the books after anything: chains whole, balances the sum of their postings.

Computed from the steps as they are stored. The table of a payout's life and the hash of a link are
the domain's, for they are the rule; that each was followed is checked here.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from chalicelib.domain.advance import replay
from chalicelib.domain.events import (
    Accepted,
    Confirmed,
)
from chalicelib.domain.facts import facts
from chalicelib.domain.funding import Receipt, credit, receive
from chalicelib.domain.identifiers import fingerprint
from chalicelib.domain.ledger import HOUSE, OUTSIDE, Place
from chalicelib.domain.payout import LIFECYCLE, OPEN, WHERE, Payout, Status
from tests.simulation.books import WAYS_OUT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from chalicelib.ports import Recorded
    from tests.fuzz.world import Snapshot

Sums = Counter[tuple[str, Place]]


def faults(before: Snapshot | None, now: Snapshot) -> Iterator[str]:
    """All that is not as it must be; only what changed since `before` is looked at closely."""
    was = before.parts["payouts"] if before else {}
    for own, payout in now.parts["payouts"].items():
        if payout is not was.get(own):
            told = before.parts["steps"].get(own, []) if before else []
            yield from _life(payout, now.parts["steps"].get(own, []), told)
    if now.parts["steps"].keys() != now.parts["payouts"].keys():
        yield "steps without a payout"
    yield from _funds(now)
    yield from _sums(now)


def _life(payout: Payout, steps: Sequence[Recorded], told: Sequence[Recorded]) -> Iterator[str]:
    own = payout.transaction_id
    if list(steps[: len(told)]) != list(told):
        yield f"{own}: a step was changed"
    yield from (f"{own}: {each}" for each in _chain(steps))
    link, status = (steps[-1].hash, Status(steps[-1].status)) if steps else ("", None)
    if (payout.version, payout.last_hash, payout.status) != (len(steps), link, status):
        yield f"{own}: it is not what its last step says"
    if replay(payout.intent, [step.event for step in steps]) != payout:
        yield f"{own}: it is not the replay of its steps"
    moved = Counter[Place]()
    for posting in (each for step in steps for each in step.postings):
        moved[posting.place] += posting.amount.cents
    if not _lies_where_it_should(payout, moved):
        yield f"{own}: {payout.status}, and its money lies in {dict(moved)}"


def _chain(steps: Sequence[Recorded]) -> Iterator[str]:
    """Whether each step follows from the one before: by number, hash, table and balance."""
    link, status = "", None
    for number, step in enumerate(steps, start=1):
        postings = [[str(each.place), each.account, each.amount.cents] for each in step.postings]
        if (step.sequence, step.previous_hash) != (number, link):
            yield f"the chain is torn at {number}"
        link = fingerprint([link, facts(step.event), postings])
        if step.hash != link:
            yield f"step {number} is not what its hash says"
        if sum(each.amount.cents for each in step.postings):
            yield f"step {number} is not balanced"
        after = Status(step.status)
        if not _lawful(status, step, after):
            yield f"{status} heard {type(step.event).__name__} and became {after}"
        status = after


def _lawful(before: Status | None, step: Recorded, after: Status) -> bool:
    kind = type(step.event)
    if before is None:
        return kind.__name__ == "Requested" and after is Status.QUEUED
    if before is after:
        return True
    if before not in OPEN and after not in WAYS_OUT[before]:
        return False
    # A direct credit that is confirmed was only sent.
    known = {LIFECYCLE[before].get(kind), LIFECYCLE[before].get(Accepted)}
    return after is Status.DISPUTED or after in (known if kind is Confirmed else {*known} - {None})


def _lies_where_it_should(payout: Payout, moved: Counter[Place]) -> bool:
    """All of it in the place of its status; of what is disputed, some may lie in suspense."""
    inside = {
        place: cents
        for place, cents in moved.items()
        if cents and place not in OUTSIDE | {Place.BUSINESS}
    }
    if payout.status is Status.DISPUTED:
        return not sum(inside.values())
    place, cents = WHERE[payout.status], payout.intent.amount.cents
    there = {} if place is Place.AVAILABLE else {Place.AVAILABLE: -cents, place: cents}
    return inside == there


def _funds(now: Snapshot) -> Iterator[str]:
    funds = None
    for number, entry in enumerate(now.parts["entries"], start=1):
        if funds is not None and entry.before != funds:
            yield f"entry {number} does not follow from the one before"
        make = receive if isinstance(entry.cause, Receipt) else credit
        if make(entry.before, entry.cause) != entry:
            yield f"entry {number} is not what its cause makes of it"
        funds = entry.after
    if funds != now.parts["funds"]:
        yield "the funds are not what their last entry says"


def sums(now: Snapshot) -> Sums:
    """Cents by account and place, of all postings that there are."""
    told: Sums = Counter()
    steps = [step for life in now.parts["steps"].values() for step in life]
    for each in (posting for step in [*steps, *now.parts["entries"]] for posting in step.postings):
        told[each.account, each.place] += each.amount.cents
    return told


def _sums(now: Snapshot) -> Iterator[str]:
    told = sums(now)
    if sum(told.values()):
        yield "the postings of all places do not sum to zero"
    for own, customer in now.parts["customers"].items():
        if customer.available.cents != told[own, Place.AVAILABLE]:
            yield f"{own}: the balance is not the sum of its postings"
        if customer.available.cents < 0:
            yield f"{own}: less than nothing is available"
    funds = now.parts["funds"]
    if funds.received.cents != -told[HOUSE, Place.DEPOSITED]:
        yield "what was received is not what was deposited"
    if funds.unallocated.cents != told[HOUSE, Place.UNALLOCATED]:
        yield "what is unallocated is not the sum of its postings"
    if funds.unallocated.cents < 0:
        yield "less than nothing is unallocated"
