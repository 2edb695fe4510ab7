"""Many payouts of sixty per cent of one balance at once: one is taken, and never less than zero."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import Money
from tests.kills.ground import new_key
from tests.long_runs import Told

if TYPE_CHECKING:
    from tests.races.crowd import Place
    from tests.races.town import Town

BALANCE, AMOUNT = Money(100_00), Money(60_00)
TOO_MUCH = (422, "insufficient_funds")
# One in so many clients looks at the balance instead, all the time.
WATCHERS = 10


def run(town: Town, *, rounds: int, parallel: int, processes: int) -> Told:
    """A fresh customer for each round."""
    orders = [town.customer(BALANCE, "Jo Citizen")[0] for _ in range(rounds)]
    bodies = [order | {"amount": str(AMOUNT)} for order in orders]
    # Watchers on top, so that `parallel` payouts are asked for.
    watchers = processes * max(1, parallel // WATCHERS // processes)
    heard = town.crowd(parallel + watchers, processes).run(spend, bodies, parallel)
    told = Told(Counter({"overdraws": rounds, "payouts of 60 % at once": rounds * parallel}))
    for number, body in enumerate(bodies):
        _judge([each[number] for each in heard], told)
        for kind, key, *_ in (each[number] for each in heard):
            if kind == 202:
                town.asked[derived_id("payout", key)] = AMOUNT
        client = town.ground.client(town.lives.doors[0], "viewer")
        left = client.need(200, "GET", f"/customers/{body['customer_id']}")["available_balance"]
        client.close()
        if Money.parse(left) != BALANCE - AMOUNT:
            told.failures.append(f"round {number}: {left} are left")
    return told


def spend(place: Place, bodies: list[dict[str, Any]], parallel: int) -> list[tuple[int, str, str]]:
    """One payout in each round; whoever stands behind the others looks at the balance."""
    heard = []
    for body in bodies:
        place.together()
        if place.number >= parallel:
            heard.append((0, "", _watched(place, body["customer_id"])))
            continue
        key = new_key()
        answer = place.as_("operator").call("POST", "/payouts", body, key=key)
        heard.append((answer.status, key, str(answer.body.get("code", ""))))
    return heard


def _watched(place: Place, customer_id: str) -> str:
    """The balances that were seen; at least as often as it takes to see both."""
    client = place.as_("viewer")
    seen = [
        client.need(200, "GET", f"/customers/{customer_id}")["available_balance"] for _ in range(5)
    ]
    return ",".join(sorted(set(seen)))


def _judge(heard: list[tuple[int, str, str]], told: Told) -> None:
    answers = Counter((status, code) for status, _, code in heard if status)
    told.counts["payouts of 60 % taken"] += answers[202, ""]
    if answers[202, ""] != 1 or set(answers) - {(202, ""), TOO_MUCH}:
        told.failures.append(f"answered {dict(answers)}")
    seen = {each for status, _, code in heard if not status for each in code.split(",")}
    if seen - {str(BALANCE), str(BALANCE - AMOUNT)}:
        told.failures.append(f"balances {sorted(seen)} were seen")
