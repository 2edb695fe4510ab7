"""What payouts take of the allowances of a date, and give back where nothing was paid.

A draw is a conditional addition to a row: exact, whoever races. What is drawn is drawn on the
Sydney date on which the payout was asked for.

The business's allowance lies in rows, always as many, whose parts sum to it. A payout begins with
a row of its own and takes of others what that has not, so the whole of it can be used. A policy
says in how many of the rows payouts begin, and no more than that: were a part a matter of policy,
two payouts under two policies could each be within their own and both above either.
"""

from __future__ import annotations

import zlib
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Fault
from chalicelib.domain.intent import Drawn
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.payout import Status
from chalicelib.domain.policy import MANY, MOST_SHARDS, NO_LIMIT

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence
    from datetime import date

    from chalicelib.domain.payout import Payout
    from chalicelib.domain.policy import DayLimit, DayLimits
    from chalicelib.domain.step import Step

# Whether a payout in that status uses its allowance. What came back was paid all the same.
CONSUMES: Mapping[Status, bool] = {
    status: status not in {Status.FAILED, Status.DECLINED, Status.CANCELLED} for status in Status
}


@dataclass(frozen=True, slots=True)
class Spent:
    """What is drawn of an allowance by now."""

    amount: Money
    count: int


NOTHING = Spent(ZERO, 0)


@dataclass(frozen=True, slots=True)
class Draw:
    """An addition to the allowance of that `key`, allowed only if it ends within both bounds.

    Of what it takes nothing of, the bound is the largest there is. It never takes more than its
    bound, so a row that is not there yet need not be looked at.
    """

    key: str
    amount: Money
    count: int
    most: Money
    most_count: int


def keys(customer_id: str, by: str, day: date) -> tuple[str, ...]:
    """The rows of a date: the customer's, the operator's, and all of the business's."""
    return (
        f"day#customer#{customer_id}#{day}",
        f"day#operator#{by}#{day}",
        *(f"day#business#{day}#{shard}" for shard in range(MOST_SHARDS)),
    )


def draw(  # noqa: PLR0913 (whose, when, how much, of what)
    amount: Money, *, transaction_id: str, customer_id: str, by: str, day: date, verified: bool,
    limits: DayLimits, spent: Mapping[str, Spent],
) -> tuple[tuple[Draw, ...], tuple[Fault, ...]]:  # fmt: skip
    """What a payout takes of each allowance of its date, or a fault for each that is not enough."""
    customer, operator, *business = keys(customer_id, by, day)
    begins = zlib.crc32(transaction_id.encode()) % limits.shards
    own = limits.customer_verified if verified else limits.customer_unverified
    draws: list[Draw] = []
    faults: list[Fault] = []
    for whose, rows, first, limit in (
        ("customer", [customer], 0, own),
        ("operator", [operator], 0, limits.operator),
        ("business", business, begins, limits.business),
    ):
        had = [spent.get(key, NOTHING) for key in rows]
        taken = _taken(rows, had, amount, limit, first)
        draws += taken
        if not taken:
            faults.append(_fault(whose, amount, limit, had))
    return ((), tuple(faults)) if faults else (tuple(draws), ())


def given_back(steps: Sequence[Step]) -> tuple[Drawn, ...]:
    """What consecutive steps of one payout change of its rows, to be added to them as they are.

    Below zero where it is given back; above where it is taken again, whatever is left: nobody
    thought that it was paid, and it was. The first step takes by its claims, not by this; if that
    step or one written with it ends the payout, this gives back what they take.
    """
    before, after = steps[0].before, steps[-1].after
    took = before is None or CONSUMES[before.status]
    sign = CONSUMES[after.status] - took
    if not sign:
        return ()
    return tuple(
        Drawn(each.key, Money(sign * each.amount.cents), sign * each.count)
        for each in after.intent.drawn
    )


def expected(payouts: Iterable[Payout]) -> dict[str, Spent]:
    """What the rows must hold if these are all payouts: the sum of what they use.

    A row that everything was given back to is among them, with nothing.
    """
    held: dict[str, Spent] = {}
    for payout in payouts:
        uses = CONSUMES[payout.status]
        for each in payout.intent.drawn:
            was = held.get(each.key, NOTHING)
            more = Spent(was.amount + each.amount, was.count + each.count)
            held[each.key] = more if uses else was
    return held


def parts(total: int, rows: int) -> tuple[int, ...]:
    """A total in so many whole parts, as even as can be, that sum to it."""
    each, over = divmod(total, rows)
    return tuple(each + (row < over) for row in range(rows))


def bounds(drawn: Sequence[int], limit: int) -> tuple[int, ...]:
    """How much each row may hold, so that all of them together hold the limit and never more.

    Usually its part. Where rows hold more than theirs, for the limit was higher before, the others
    may hold less: the limit's parts are those of the highest level with which what is above them
    sums to the limit. As that can only fall, a level that was read before is never too high.
    """

    def held(level: int) -> int:
        above = zip(drawn, parts(level, len(drawn)), strict=True)
        return level + sum(max(0, had - part) for had, part in above)

    if held(limit) == limit:
        return parts(limit, len(drawn))
    level = bisect_right(range(limit), limit, key=held) - 1
    return parts(level, len(drawn))


def _taken(
    rows: Sequence[str], had: Sequence[Spent], amount: Money, limit: DayLimit, first: int
) -> list[Draw]:
    """Amount and count of one allowance, perhaps of different rows; none where it is too little."""
    most = bounds([each.amount.cents for each in had], limit.amount.cents)
    most_count = bounds([each.count for each in had], limit.count)
    left = [part - each.amount.cents for part, each in zip(most, had, strict=True)]
    left_count = [part - each.count for part, each in zip(most_count, had, strict=True)]
    cents = _filled(amount.cents, left, {first}, first)
    count = _filled(1, left_count, cents, first)
    if not cents or not count:
        return []
    return [
        Draw(
            key, Money(cents.get(row, 0)), count.get(row, 0),
            Money(most[row]) if row in cents else NO_LIMIT,
            most_count[row] if row in count else MANY,
        )
        for row, key in enumerate(rows)
        if row in cents or row in count
    ]  # fmt: skip


def _filled(
    wanted: int, left: Sequence[int], preferred: Container[int], first: int
) -> dict[int, int]:
    """How much of which row: of the preferred, then of those with most left, all else in turn.

    Empty where it is too little.
    """
    turn = [*range(first, len(left)), *range(first)]
    taken: dict[int, int] = {}
    for row in sorted(turn, key=lambda row: (row not in preferred, -left[row])):
        part = min(wanted, left[row])
        if part > 0:
            taken[row] = part
            wanted -= part
    return {} if wanted else taken


def _fault(whose: str, amount: Money, limit: DayLimit, had: Sequence[Spent]) -> Fault:
    cents = limit.amount.cents - sum(each.amount.cents for each in had)
    if amount.cents > cents:
        words = f"is more than what is left of the {whose}'s {limit.amount} for the day"
        words += f": {Money(max(0, cents))}"
    else:
        words = f"is one payout more than the {whose}'s {limit.count} for the day"
    return Fault("/amount", f"{whose}_day_limit", words)
