"""Agreed to, declined, cancelled and lapsing at once: executed once or never, both books equal.

Some payouts need one other person, some two. Whoever is second hears that he is; what one approver
may agree to within a day is not exceeded by a cent, however many of his requests come at once.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.dynamo.policies import DynamoPolicies
from chalicelib.adapters.dynamo.session import Session
from chalicelib.domain.events import Approved, Lapsed, Released
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.policy import FREE, NO_LIMIT, ApprovalRules, Policy
from chalicelib.domain.policy_change import Proposal, Word, agreed
from local.monoova.control import Control
from tests.kills import ledgers
from tests.kills.ground import new_key
from tests.kills.life import POLLER
from tests.kills.lives import living
from tests.kills.quiet import MINUTE, settle
from tests.long_runs import Told

if TYPE_CHECKING:
    from tests.races.crowd import Place
    from tests.races.town import Town

# One other person above 1.00, two above 5.00; an hour later nobody can agree any more.
RULES = ApprovalRules(Money(100), Money(500), NO_LIMIT, hours=1, approver_day=NO_LIMIT)
AMOUNTS = {"2.00": 1, "6.00": 2}
LIMIT = Money(20_00)
POLLERS = (POLLER, POLLER)
# Refused because somebody was first, because it is one's own, or more than one may agree to.
REFUSALS = frozenset({200, 403, 409, 422})
AGES = (61 * MINUTE, 61, 61)
WHY = {"reason": "Asked for twice."}


def run(town: Town, *, payouts: int, threads: int, processes: int) -> Told:
    """So many payouts that need one other person, and as many that need two."""
    rule(town, RULES)
    made = [each for amount in AMOUNTS for each in _made(town, amount, payouts)]
    with living(town.ground, town.folder / "logs", POLLERS):
        heard = town.crowd(threads, processes).run(meddle, made, town.ground.provider.url)
        left = settle(town.ground, town.lives, AGES)
    told = Told(Counter({"payouts decided on": len(made)}), left)
    answers(told, heard, REFUSALS)
    return _judged(town, made, told)


def run_limit(town: Town, *, payouts: int, threads: int, processes: int) -> Told:
    """So many payouts of 2.00, all agreed to by one approver at once, who may agree to 20.00."""
    # What was agreed to in another race is over.
    town.ground.control.advance(25 * 60 * MINUTE)
    rule(town, replace(RULES, approver_day=LIMIT))
    made = _made(town, "2.00", payouts)
    with living(town.ground, town.folder / "logs", POLLERS):
        heard = town.crowd(threads, processes).run(agree_to_all, made)
        left = settle(town.ground, town.lives, AGES)
    told = Told(Counter({"payouts before one approver": len(made)}), left)
    for code, count in sum(heard, Counter[str]()).items():
        told.counts[f"one approver heard {code}"] += count
    return _judged(town, made, told)


def rule(town: Town, rules: ApprovalRules) -> None:
    """Put a policy in force that holds nothing back but for these rules."""
    cloud = town.ground.cloud
    control = ledgers.tables_of(cloud).control
    policies = DynamoPolicies(Session(cloud.clients.dynamodb), control)
    before = policies.now().change
    version = before.policy.version + 1 if before else 1
    policy: Policy = replace(FREE, version=version, approvals=rules)
    now = town.ground.control.clock().now
    proposal = Proposal(policy, Word("one", now, new_key()))
    policies.propose(proposal)
    policies.end(agreed(proposal, word=Word("other", now, new_key())))


def meddle(place: Place, payouts: list[str], simulator: str) -> Counter[tuple[str, int]]:
    """Every payout in an order of its own, whatever may be said to it; what was answered.

    In the midst of it an hour goes by: what nobody has decided lapses while others agree to it.
    """
    chance = random.Random(place.number)  # noqa: S311 (no secret)
    told: Counter[tuple[str, int]] = Counter()
    seen = _seen(place, "viewer")
    place.together()
    for done, name in enumerate(chance.sample(payouts, len(payouts))):
        if place.number == 0 and done == len(payouts) // 8:
            with Control(simulator) as control:
                control.advance(61 * MINUTE, deliver=False)
        yes = {"seen": seen[name]}
        what, who, path, said = chance.choice((
            ("approve", "approver", f"approvals/{name}/approve", yes),
            ("approve", "approver2", f"approvals/{name}/approve", yes),
            ("approve", "admin", f"approvals/{name}/approve", yes),
            ("decline", "approver2", f"approvals/{name}/decline", WHY),
            ("cancel", "operator", f"payouts/{name}/cancel", WHY),
        ))  # fmt: skip
        told[what, say(place, who, path, said).status] += 1
    return told


def agree_to_all(place: Place, payouts: list[str]) -> Counter[str]:
    """Every payout in an order of its own, always as the same approver; what was answered."""
    chance = random.Random(place.number)  # noqa: S311 (no secret)
    told: Counter[str] = Counter()
    seen = _seen(place, "approver")
    place.together()
    for name in chance.sample(payouts, len(payouts)):
        answer = say(place, "approver", f"approvals/{name}/approve", {"seen": seen[name]})
        told[str(answer.body.get("code") or answer.status)] += 1
    return told


def say(place: Place, who: str, path: str, said: dict[str, Any], key: str = "") -> Any:
    """The answer, once there is one: where too many are at it, it is said again with its key."""
    key = key or new_key()
    while True:
        answer = place.as_(who).call("POST", f"/{path}", said, key=key)
        if answer.status != 503:
            return answer


def answers(
    told: Told, heard: list[Counter[tuple[str, int]]], may_be: frozenset[int]
) -> Counter[tuple[str, int]]:
    """All answers by what was said and their status; another status than may be is a failure."""
    counted = sum(heard, Counter[tuple[str, int]]())
    for (what, status), count in counted.items():
        told.counts[f"{what}: {status}"] += count
        if status not in may_be:
            told.failures.append(f"{what} was answered {status}, {count} times")
    return counted


def _seen(place: Place, who: str) -> dict[str, str]:
    return {each["id"]: each["seen"] for each in place.as_(who).every("/approvals")}


def _made(town: Town, amount: str, count: int) -> list[str]:
    each = Money.parse(amount)
    (order,) = town.customer(Money(each.cents * (count + 1)), "Jo Citizen")
    client = town.ground.client(town.lives.doors[0], "operator")
    body = order | {"amount": amount}
    answers = [client.need(202, "POST", "/payouts", body, key=new_key()) for _ in range(count)]
    client.close()
    assert {answer["status"] for answer in answers} == {"AwaitingApproval"}, answers[0]
    made = [str(answer["transaction_id"]) for answer in answers]
    town.asked |= dict.fromkeys(made, each)
    return made


def _judged(town: Town, made: list[str], told: Told) -> Told:
    ours = ledgers.read(town.ground.cloud)
    executed = Counter(each.unique_reference for each in town.ground.control.totals().executions)
    for name in made:
        payout, events = ours.payouts[name], [step.event for step in ours.steps[name]]
        people = {each.by for each in events if isinstance(each, Approved)}
        released = any(isinstance(each, Released) for each in events)
        told.counts[f"raced to {payout.status.shown}"] += 1
        told.counts["lapsed"] += any(isinstance(each, Lapsed) for each in events)
        told.counts["agreed to and yet not sent"] += bool(people) and not released
        needs = AMOUNTS[str(payout.intent.amount)]
        if executed[f"{name}-1"] != released:
            told.failures.append(f"{name}: executed {executed[f'{name}-1']} times")
        if released and (len(people) < needs or payout.intent.created_by in people):
            told.failures.append(f"{name} was released by {len(people)} of {needs}")
        ends = {Status.COMPLETED} if released else {Status.DECLINED, Status.CANCELLED}
        if payout.status not in ends:
            told.failures.append(f"{name} is {payout.status}")
    return told
