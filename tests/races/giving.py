"""Credits given, agreed to, declined and asked for again at once: no cent out of nowhere.

What is unallocated and what all customers have is the same sum before and after; of one credit one
word counts, and a key gives one credit however often it is sent.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain.money import Money
from tests.kills.accounts import fund
from tests.kills.ground import new_key
from tests.long_runs import Told
from tests.races.approvals import RULES, WHY, answers, rule, say

if TYPE_CHECKING:
    from tests.races.crowd import Place
    from tests.races.town import Town

EACH = Money(1_000)
ABOVE = Money(500)
MAY_BE = frozenset({200, 201, 202, 403, 409, 422})


def run(town: Town, *, many: int, threads: int, processes: int) -> Told:
    """Each client wants so many credits of the same funds, which are enough for half of them."""
    rule(town, replace(RULES, credits_above=EACH))
    (order,) = town.customer(EACH, "Jo Citizen")
    customer, wanted = str(order["customer_id"]), threads * many
    fund(town.ground, town.lives.doors[0], Money(EACH.cents * wanted // 2))
    has, left = _balance(town, customer), _funds(town)
    enough = left.cents // EACH.cents
    told = Told(Counter({"credits wanted": wanted, "credits there is enough for": enough}))
    counted = answers(told, town.crowd(threads, processes).run(give, customer, many), MAY_BE)
    given = counted["give", 201]
    if given != enough or counted["give", 422] != wanted - enough or counted["differs", 0]:
        told.failures.append(f"{given} of {enough} were given")
    return _equal(town, customer, told, given, (has, left))


def run_waiting(town: Town, *, many: int, threads: int, processes: int) -> Told:
    """So many credits that need another admin, decided on by everybody at once."""
    (order,) = town.customer(EACH, "Jo Citizen")
    fund(town.ground, town.lives.doors[0], Money(EACH.cents * many))
    rule(town, replace(RULES, credits_above=ABOVE))
    customer = str(order["customer_id"])
    before = _balance(town, customer)
    client = town.ground.client(town.lives.doors[0], "admin")
    path, body = f"/customers/{customer}/credits", {"amount": str(EACH), "reason": "A race."}
    asked = [client.need(202, "POST", path, body, key=new_key()) for _ in range(many)]
    client.close()
    left = _funds(town)
    names = [str(each["credit_id"]) for each in asked]
    heard = town.crowd(threads, processes).run(decide, names)
    told = Told(Counter({"credits decided on": many}))
    counted = answers(told, heard, MAY_BE)
    given = counted["approve", 200]
    if given + counted["decline", 200] != many:
        told.failures.append(f"{given} given, {counted['decline', 200]} declined, of {many}")
    return _equal(town, customer, told, given, (before, left))


def give(place: Place, customer: str, many: int) -> Counter[tuple[str, int]]:
    """So many credits, each asked for twice with its key; what the first answers were."""
    told: Counter[tuple[str, int]] = Counter()
    place.together()
    for _ in range(many):
        key, body = new_key(), {"amount": str(EACH), "reason": "A race."}
        path = f"customers/{customer}/credits"
        first = say(place, "admin", path, body, key)
        again = say(place, "admin", path, body, key)
        told["give", first.status] += 1
        told["differs", 0] += again.status != first.status
    return told


def decide(place: Place, names: list[str]) -> Counter[tuple[str, int]]:
    """Every credit in an order of its own, as one admin or the other; what was answered."""
    chance = random.Random(place.number)  # noqa: S311 (no secret)
    told: Counter[tuple[str, int]] = Counter()
    waiting = place.as_("admin2").every("/approvals")
    seen = {each["id"]: each["seen"] for each in waiting if each["kind"] == "credit"}
    place.together()
    for name in chance.sample(names, len(names)):
        yes = {"seen": seen[name]}
        what, who, said = chance.choice((
            ("approve", "admin2", yes), ("approve", "admin2", yes), ("approve", "admin", yes),
            ("decline", "admin2", WHY), ("decline", "admin", WHY),
        ))  # fmt: skip
        answer = say(place, who, f"approvals/credits/{name}/{what}", said, new_key())
        replayed = answer.headers.get("idempotent-replayed") == "true"
        told[f"{what} again" if replayed else what, answer.status] += 1
    return told


def _equal(town: Town, customer: str, told: Told, given: int, before: tuple[Money, Money]) -> Told:
    """What the customer has more is what is unallocated less, to the cent."""
    more = _balance(town, customer).cents - before[0].cents
    less = before[1].cents - _funds(town).cents
    told.counts["credits given"] += given
    if not more == less == given * EACH.cents:
        told.failures.append(f"{given} given: {more} cents more there, {less} less here")
    return told


def _funds(town: Town) -> Money:
    return Money.parse(_read(town, "/funds")["unallocated"])


def _balance(town: Town, customer: str) -> Money:
    return Money.parse(_read(town, f"/customers/{customer}")["available_balance"])


def _read(town: Town, path: str) -> Any:
    client = town.ground.client(town.lives.doors[0], "viewer")
    try:
        return client.need(200, "GET", path)
    finally:
        client.close()
