"""A rule, a hint or a gate that cannot be read: nobody is paid on it, and people are told of it."""

from __future__ import annotations

import uuid
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from chalicelib import wiring
from chalicelib.adapters.dynamo.gate import GATE
from chalicelib.adapters.dynamo.liquidity import LIQUIDITY
from chalicelib.adapters.dynamo.policy_rows import CURRENT
from chalicelib.adapters.dynamo.values import to_item
from chalicelib.adapters.dynamo.wire_rows import SHARDS
from chalicelib.domain.calendar import sydney_date
from tests.gameday.town import CUSTOMER, Town, payee_of
from tests.local.monoova_bench import listening, simulated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.api.client import Answer

ASKED = {
    "customer_id": CUSTOMER, "amount": "1.00", "payout_method": "PayId",
    "destination_id": payee_of(0),
}  # fmt: skip
ODD = [["no", "such", "thing"]]


@contextmanager
def a_town() -> Iterator[Town]:
    try:
        with simulated() as bench, listening() as ears:
            bench.refresh()
            yield Town(bench, ears).open_for_business()
    finally:
        wiring._current.clear()


def store(town: Town, key: str, **columns: object) -> None:
    town.dynamo.put_item(TableName="ControlTable", Item=to_item({"key": key, **columns}))


def mend(town: Town, key: str) -> None:
    dynamo = town.dynamo._dynamo
    rows = dynamo.rows("ControlTable").items()
    dynamo.lose("ControlTable", next(at for at, item in rows if item["key"] == {"S": key}))


def waiting(town: Town) -> list[dict[str, str]]:
    """What waits for a person, but for findings: nobody explained where a town's money is from."""
    answer = town._api.get("/attention")
    assert answer.status == 200
    return [each for each in answer.json["data"] if each["kind"] != "finding"]


def ask(town: Town) -> Answer:
    return town._api.post("/payouts", ASKED, role="operator", key="the key of that one payout")


def paid(town: Town) -> int:
    return len(town.bench.control.totals().executions)


def rules(town: Town) -> dict[str, dict[str, object]]:
    """A row of each kind that a payout is decided on, with something in it that is none of it."""
    today = sydney_date(town.clock.now())
    return {
        CURRENT: {"policy": ODD, "version": 1},
        LIQUIDITY: {"npp_limit": ODD},
        f"day#customer#{CUSTOMER}#{today}": {"amount": ODD},
        "rate#the-operator": {"tat": ODD},
        f"habits#{CUSTOMER}": {"count": ODD},
    }


@pytest.mark.parametrize("number", range(5))
def test_nobody_is_paid_by_a_rule_that_cannot_be_read(number: int):
    with a_town() as town:
        key, columns = list(rules(town).items())[number]
        store(town, key, **columns)
        refused = ask(town)
        assert (refused.status, refused.code) == (500, "internal_error"), key
        town.minutes(2)
        assert paid(town) == 0
        assert town._api.get("/payouts").json["data"] == []
        assert [each["kind"] for each in waiting(town)] == ["funds"] * (key == LIQUIDITY)
        assert town._api.get("/health").status == 200
        mend(town, key)
        assert ask(town).status == 202
        town.minutes(2)
        assert paid(town) == 1


def test_a_gate_that_cannot_be_read_keeps_payouts_until_a_person_opens_it():
    with a_town() as town:
        store(town, GATE, closed_until=ODD)
        assert ask(town).status == 202
        town.minutes(2)
        assert (paid(town), "sign-in-closed" in town.rang) == (0, True)
        assert town._api.get("/health/deep").status == 503
        waits = waiting(town)
        assert [each["why"] for each in waits] == ["sign_in_refused"]
        assert town._api.post("/provider/sign-in/open", {}).status == 200
        town.minutes(2)
        assert paid(town) == 1


def test_what_was_seen_of_the_account_and_cannot_be_read_sends_nobody_and_stops_no_asking():
    with a_town() as town:
        town.gate.close()
        assert ask(town).status == 202
        town.gate.open(by="admin")
        store(town, LIQUIDITY, turn_until=ODD)
        town.minutes(3)
        assert paid(town) == 0
        told = waiting(town)
        assert [(each["kind"], each["why"]) for each in told] == [("funds", "unreadable")]
        assert "liquidity" in told[0]["words"]
        mend(town, LIQUIDITY)
        town.minutes(2)
        assert paid(town) == 1


def test_pauses_whose_wire_cannot_be_read_are_named_and_hide_nothing():
    with a_town() as town:
        pause = {"scope": "everything", "reason": "to look"}
        done = town._api.post("/pause", pause, key=str(uuid.UUID(int=9)))
        assert done.status < 300, done.text
        town.dynamo.update_item(
            TableName="ControlTable", Key=to_item({"key": SHARDS[0]}),
            UpdateExpression="SET #it = :it", ExpressionAttributeNames={"#it": "sending#x-1"},
            ExpressionAttributeValues={":it": {"S": "?"}},
        )  # fmt: skip
        told = waiting(town)
        assert [(each["kind"], each["why"]) for each in told] == [("pause", "unreadable")]
