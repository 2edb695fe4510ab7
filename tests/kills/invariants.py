"""What must hold between our books and the provider's, whatever was killed in between.

Each check gives a line for everything that is wrong; no line has a name, an account or a key.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.domain import ledger
from chalicelib.domain.advance import replay
from chalicelib.domain.customer import Funds
from chalicelib.domain.ledger import Place
from chalicelib.domain.money import Money
from chalicelib.domain.payout import OPEN, UNSENT, WHERE, Payout, Status
from chalicelib.domain.references import parse_reference
from tests.kills.ledgers import Ours, entered

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chalicelib.domain.events import Event
    from local.monoova.control import Executed, Totals

# Lines of one check that are told; the number of the others is.
MOST_SHOWN = 5
# Statuses that say of a payout that the provider never executed it.
NEVER_EXECUTED = frozenset({Status.FAILED, Status.DECLINED, Status.CANCELLED})


@dataclass(frozen=True)
class Both:
    """Both sides' books, and what else was promised.

    `asked` has every payout that was answered with a 202, by id, with its amount. `attended` are
    the ids on GET /attention or in the poller's index. `deposited` is what really came in.
    """

    ours: Ours
    theirs: Totals
    asked: Mapping[str, Money]
    attended: frozenset[str]
    deposited: Money
    by_payout: dict[str, list[Executed]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for each in self.theirs.executions:
            named = parse_reference(each.unique_reference or "")
            self.by_payout[named[0] if named else ""].append(each)


def wrong(both: Both) -> list[str]:
    """All that is wrong, a line each; nothing is an empty list."""
    checks = (
        _executed_once, _asked_is_stored, _chains, _one_step_each, _funds_chain, _money, _truth,
        _looked_after,
    )  # fmt: skip
    found = []
    for check in checks:
        lines = list(check(both))
        found += [f"{check.__name__[1:]}: {line}" for line in lines[:MOST_SHOWN]]
        if len(lines) > MOST_SHOWN:
            found.append(f"{check.__name__[1:]}: and {len(lines) - MOST_SHOWN} more")
    return found


def counted(both: Both) -> Counter[str]:
    """How alive it is: what was asked for, reached the provider, and ended."""
    told: Counter[str] = Counter({"payouts": len(both.ours.payouts)})
    told["executions"] = len(both.theirs.executions)
    for payout in both.ours.payouts.values():
        told["payouts ended"] += payout.status not in OPEN
        told[f"payouts {payout.status.shown}"] += 1
        told["payouts sent more than once"] += payout.sends > 1
    return told


def _executed_once(both: Both) -> Iterator[str]:
    for name, executions in both.by_payout.items():
        payout = both.ours.payouts.get(name)
        if len(executions) > 1:
            yield f"payout {name} was executed {len(executions)} times"
        if payout is None:
            yield f"an execution of {name or 'nobody knows what'} has no stored payout"
        elif any(Money.exactly(each.amount) != payout.intent.amount for each in executions):
            yield f"payout {name} was executed with another amount"


def _asked_is_stored(both: Both) -> Iterator[str]:
    for name, amount in both.asked.items():
        payout = both.ours.payouts.get(name)
        if payout is None or payout.intent.amount != amount:
            yield f"payout {name} was answered with 202 and is not stored as it was asked for"


def _chains(both: Both) -> Iterator[str]:
    for name, payout in both.ours.payouts.items():
        steps = both.ours.steps.get(name, [])
        if [step.sequence for step in steps] != list(range(1, payout.version + 1)):
            yield f"payout {name} has version {payout.version} and {len(steps)} steps"
            continue
        previous = ""
        for step in steps:
            if step.previous_hash != previous or not ledger.balanced(step.postings):
                yield f"step {step.sequence} of payout {name} does not follow the one before"
            previous = step.hash
        again = replay(payout.intent, [step.event for step in steps])
        if again != payout or previous != payout.last_hash:
            yield f"payout {name} is not what its steps replay to"
        if getattr(steps[0].event, "digest", None) != payout.intent.digest:
            yield f"payout {name} is not what was asked for"
    for name in both.ours.steps.keys() - both.ours.payouts.keys():
        yield f"steps of {name}, which is no payout"


def _one_step_each(both: Both) -> Iterator[str]:
    """No kind of news about the end is a step twice."""
    for name, steps in both.ours.steps.items():
        seen: Counter[type[Event]] = Counter()
        before = ""
        for step in steps:
            seen[type(step.event)] += step.status != before and step.status not in OPEN
            before = step.status
        for kind, times in seen.items():
            if times > 1:
                yield f"payout {name} ended {times} times by {kind.__name__}"


def _funds_chain(both: Both) -> Iterator[str]:
    funds = Funds()
    for row in both.ours.entries:
        cause = both.ours.causes.get(row["cause_id"])
        if cause is None:
            yield f"entry {row['sequence']} of the funds has no cause"
            return
        funds = entered(funds, cause).after
        if row["hash"] != funds.last_hash or row["sequence"] != funds.version:
            yield f"entry {row['sequence']} of the funds does not follow the one before"
            return
    if funds != both.ours.funds or len(both.ours.entries) != len(both.ours.causes):
        yield "the funds are not what their entries replay to"


def _money(both: Both) -> Iterator[str]:
    """Deposited is where the postings say, each balance the sum of its own."""
    sums: Counter[tuple[Place, str]] = Counter()
    funds = Funds()
    for row in both.ours.entries:
        if cause := both.ours.causes.get(row["cause_id"]):
            entry = entered(funds, cause)
            funds = entry.after
            for each in entry.postings:
                sums[each.place, each.account] += each.amount.cents
    for steps in both.ours.steps.values():
        for step in steps:
            for each in step.postings:
                sums[each.place, each.account] += each.amount.cents
    yield from _balances(both, sums)
    if sum(sums.values()):
        yield "the postings do not sum to zero"
    inside = sum(cents for (place, _), cents in sums.items() if place not in ledger.OUTSIDE)
    fees = sum(cents for (place, _), cents in sums.items() if place is Place.FEES)
    if inside + fees != both.deposited.cents:
        yield f"{inside + fees} cents are accounted for of {both.deposited.cents} deposited"
    if funds.received != both.deposited:
        yield f"{funds.received} were heard of, {both.deposited} came in"


def _balances(both: Both, sums: Counter[tuple[Place, str]]) -> Iterator[str]:
    places: Counter[tuple[Place, str]] = Counter()
    for payout in both.ours.payouts.values():
        where = WHERE[payout.status]
        if where is not Place.AVAILABLE:
            places[where, payout.intent.customer_id] += payout.intent.amount.cents
    for customer in both.ours.customers.values():
        name, available = customer.customer_id, customer.available.cents
        if available < 0:
            yield f"the balance of customer {name} is below zero"
        if available != sums[Place.AVAILABLE, name]:
            yield f"the balance of customer {name} is not the sum of its postings"
        for place in (Place.HELD, Place.WITH_PROVIDER, Place.PAID):
            if places[place, name] != sums[place, name]:
                yield f"{place} of customer {name} is not the sum of its payouts"


def _truth(both: Both) -> Iterator[str]:
    """Ours equals the provider's; what is unconfirmed may not be known, but nothing is guessed."""
    for name, payout in both.ours.payouts.items():
        executions = both.by_payout.get(name, [])
        if payout.status is Status.UNCONFIRMED and not executions:
            continue
        if payout.status not in _allowed(payout, executions):
            yield f"payout {name} is {payout.status}, at the provider {_shown(executions)}"
        for each in executions:
            if payout.fee is not None and payout.fee != Money.exactly(each.fee):
                yield f"payout {name} has another fee than the provider took"


def _allowed(payout: Payout, executions: list[Executed]) -> frozenset[Status]:
    if not executions:
        return NEVER_EXECUTED | UNSENT
    executed = executions[0]
    if executed.status == "Rejected":
        return frozenset({Status.REJECTED})
    if executed.status == "Pending":
        return frozenset({Status.PENDING})
    if Money.exactly(executed.returned) == payout.intent.amount:
        return frozenset({Status.RETURNED})
    return frozenset({Status.COMPLETED})


def _shown(executions: list[Executed]) -> str:
    return ", ".join(f"{each.status} returned {each.returned}" for each in executions) or "nothing"


def _looked_after(both: Both) -> Iterator[str]:
    for name, payout in both.ours.payouts.items():
        if payout.status in OPEN and name not in both.attended:
            yield f"payout {name} is {payout.status} and nobody looks after it"
