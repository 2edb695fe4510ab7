"""Cancelled, sent, asked for and resolved at once: one legal outcome each, both books equal.

Pollers and people run at the same payouts: some wait to be sent, of some the request was lost, of
some the answer. Whoever is second hears that he is.
"""

from __future__ import annotations

import random
from collections import Counter
from typing import TYPE_CHECKING, Any

from chalicelib.adapters.clock import clock_for
from chalicelib.adapters.dynamo.gate import DynamoGate
from chalicelib.adapters.dynamo.session import Session
from chalicelib.domain.breaker import AT_ONCE
from chalicelib.domain.events import DeclaredDead, Reattempted, StartedAgain
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
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

AMOUNT = "2.00"
# Pollers that run into one another: EventBridge promises at least once.
POLLERS = (POLLER, POLLER)
# Refused because somebody was first, because it is one's own, or because it is not so.
REFUSALS = frozenset({200, 403, 409})
# What was asked for and not found is asked for later each time, after an hour at the most.
AGES = (61, 61 * MINUTE, 61 * MINUTE)


def run(town: Town, *, payouts: int, threads: int, processes: int) -> Told:
    """So many payouts of each of the three kinds."""
    (order,) = town.customer(Money(3 * payouts * 200 + 200), "Jo Citizen")
    body = order | {"amount": AMOUNT}
    made = [*_waiting(town, body, payouts), *_in_doubt(town, body, payouts)]
    town.asked |= dict.fromkeys(made, Money.parse(AMOUNT))
    with living(town.ground, town.folder / "logs", POLLERS):
        heard = town.crowd(threads, processes).run(meddle, made, town.ground.provider.url)
        answers = sum(heard, Counter[tuple[str, int]]())
        _leave_nothing_proposed(town, made)
        left = settle(town.ground, town.lives, AGES)
    told = _judged(town, made, answers)
    told.failures += left
    return told


def meddle(place: Place, payouts: list[str], simulator: str) -> Counter[tuple[str, int]]:
    """Every payout in an order of its own, whatever may be done to one; what was answered.

    In the midst of it half an hour goes by: all is due, and may be sent again.
    """
    chance = random.Random(place.number)  # noqa: S311 (no secret)
    told: Counter[tuple[str, int]] = Counter()
    for done, name in enumerate(chance.sample(payouts, len(payouts))):
        if place.number == 0 and done == len(payouts) // 6:
            with Control(simulator) as control:
                control.advance(31 * MINUTE, deliver=False)
        verdict = chance.choice(("dead", "new_reference"))
        why, dead = {"reason": "Asked for twice."}, {"verdict": verdict}
        evidence = dead | {"evidence": "The provider's support wrote: not executed."}
        what, who, path, said = chance.choice((
            ("cancel", "operator", "cancel", why),
            ("propose", "approver", "resolution", evidence),
            ("agree", "approver2", "resolution/agree", dead),
            ("agree", "admin", "resolution/agree", dead),
            ("dismiss", "approver2", "resolution/dismiss", why),
        ))  # fmt: skip
        answer = place.as_(who).call("POST", f"/payouts/{name}/{path}", said)
        told[what, answer.status] += 1
        if answer.status == 200 and what == "propose" and chance.random() < 1 / 2:
            agreed = place.as_("approver2").call("POST", f"/payouts/{name}/resolution/agree", dead)
            told["agree", agreed.status] += 1
    return told


def _waiting(town: Town, body: dict[str, Any], count: int) -> list[str]:
    """Payouts that were never sent: the provider's gate was shut when they were asked for."""
    ground = town.ground
    session = Session(ground.cloud.clients.dynamodb)
    clock = clock_for(ground.cloud.environment["CLOCK_URL"])
    DynamoGate(session, ledgers.tables_of(ground.cloud).control, clock=clock).close()
    made = _made(town, body, count, "Queued")
    admin = ground.client(town.lives.doors[0], "admin")
    admin.need(200, "POST", "/provider/sign-in/open")
    admin.close()
    return made


def _in_doubt(town: Town, body: dict[str, Any], count: int) -> list[str]:
    """Payouts of which the request was lost, and as many of which the answer was."""
    made = []
    for fault in ("reset_before", "reset_after"):
        for done in range(0, count, AT_ONCE):
            some = min(AT_ONCE, count - done)
            town.ground.control.fault("execute", fault, times=some)
            made += _made(town, body, some, "Unconfirmed")
            town.ground.close_circuits()  # after so many failures nothing more would be sent
    return made


def _leave_nothing_proposed(town: Town, made: list[str]) -> None:
    """What waits for a second person would wait for ever: nobody is there any more."""
    approver = town.ground.client(town.lives.doors[0], "approver2")
    for name in made:
        payout = town.ground.payouts.get(name)
        if payout and payout.proposal:
            path = f"/payouts/{name}/resolution/dismiss"
            approver.call("POST", path, {"reason": "Nobody agreed."})
    approver.close()


def _made(town: Town, body: dict[str, Any], count: int, status: str) -> list[str]:
    client = town.ground.client(town.lives.doors[0], "operator")
    answers = [client.need(202, "POST", "/payouts", body, key=new_key()) for _ in range(count)]
    client.close()
    assert {answer["status"] for answer in answers} <= {status}, Counter(
        answer["status"] for answer in answers
    )
    return [answer["transaction_id"] for answer in answers]


def _judged(town: Town, made: list[str], answers: Counter[tuple[str, int]]) -> Told:
    ours = ledgers.read(town.ground.cloud)
    told = Told(Counter({"payouts meddled with": len(made)}))
    for (what, status), count in answers.items():
        told.counts[f"{what}: {status}"] += count
        if status not in REFUSALS:
            told.failures.append(f"{what} was answered {status}, {count} times")
    for name in made:
        told.counts[f"raced to {ours.payouts[name].status.shown}"] += 1
        kinds = {type(step.event) for step in ours.steps[name]}
        told.counts["sent again"] += StartedAgain in kinds
        told.counts["declared dead"] += DeclaredDead in kinds
        told.counts["paid under a new reference"] += Reattempted in kinds
        if ours.payouts[name].status not in {Status.COMPLETED, Status.CANCELLED, Status.FAILED}:
            told.failures.append(f"{name} is {ours.payouts[name].status}")
    return told
