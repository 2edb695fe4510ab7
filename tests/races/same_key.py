"""One idempotency key, by everybody at once, round after round: one payout, one execution."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import Money
from tests.long_runs import Told

if TYPE_CHECKING:
    from tests.races.crowd import Place
    from tests.races.town import Town

AMOUNT = "1.00"


def run(town: Town, *, rounds: int, threads: int, processes: int, name: str = "race") -> Told:
    """So many rounds; what was answered, and executed."""
    (order,) = town.customer(Money(rounds * 100 + 100), "Jo Citizen")
    keys = [f"the same key {name} {number}" for number in range(rounds)]
    heard = town.crowd(threads, processes).run(ask, order | {"amount": AMOUNT}, keys)
    town.asked |= {derived_id("payout", key): Money.parse(AMOUNT) for key in keys}
    told = Told(Counter({"rounds of one key": rounds, "requests with one key": threads * rounds}))
    executed = Counter(each.unique_reference for each in town.ground.control.totals().executions)
    for number, key in enumerate(keys):
        told.add(_judged(key, [each[number] for each in heard], executed))
    return told


def ask(place: Place, body: dict[str, Any], keys: list[str]) -> list[tuple[int, str, bool]]:
    """Each key in turn, when all are there: status, id, whether it was told to be a replay."""
    client = place.as_("operator")
    heard = []
    for key in keys:
        place.together()
        answer = client.call("POST", "/payouts", body, key=key)
        name = str(answer.body.get("transaction_id") or answer.body.get("code"))
        replayed = answer.headers.get("idempotent-replayed") == "true"
        heard.append((answer.status, name, replayed))
    return heard


def _judged(key: str, heard: list[tuple[int, str, bool]], executed: Counter[str | None]) -> Told:
    name = derived_id("payout", key)
    told = Told(Counter({"executions of one key": executed[f"{name}-1"]}))
    first = sum(not replayed for _, _, replayed in heard)
    if {(status, answered) for status, answered, _ in heard} != {(202, name)}:
        kinds = Counter((status, answered) for status, answered, _ in heard)
        told.failures.append(f"{key}: answered {dict(kinds)}")
    elif first != 1:
        told.failures.append(f"{key}: {first} answers were no replay")
    if executed[f"{name}-1"] != 1:
        told.failures.append(f"{key}: executed {executed[f'{name}-1']} times")
    return told
