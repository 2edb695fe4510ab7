"""What a warm payout and a webhook cost, in calls: counted, through the front door."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from chalicelib.adapters.dynamo.claim_rows import HABITS, PROVEN, USED
from chalicelib.adapters.dynamo.values import to_item
from chalicelib.domain.destination import PayId, PayIdType
from chalicelib.domain.funding import Receipt
from chalicelib.domain.habits import by_rail
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.usecases.customers import Profile, register
from chalicelib.usecases.fund import bank, give_credit
from tests.api.client import Api
from tests.local.monoova_bench import listening

PAYEES, A_CUSTOMER_HAS = 1000, 20


class Door:
    """An operator at the app's door, over a real world."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self._api = Api(world)
        told = world.settings
        self._claims = {
            "sub": "the-operator", "aud": told.cognito_client_id, "iss": told.cognito_issuer,
            "token_use": "id", "cognito:groups": "operator",
        }  # fmt: skip

    def pay(self, customer_id: str, destination_id: str, key: str | None = None) -> dict[str, Any]:
        body = {
            "customer_id": customer_id, "amount": "1.00", "payout_method": "PayId",
            "destination_id": destination_id,
        }  # fmt: skip
        answer = self._api.post(
            "/payouts", body, key=key or str(uuid.uuid4()), context={"claims": self._claims}
        )
        assert answer.status == 202, answer.text
        return dict(answer.json)

    def webhook(self, event: str, raw: bytes, headers: dict[str, str]) -> Any:
        return self._api.post(
            f"/webhooks/monoova/{event}", raw=raw, headers=headers, role="", context={}
        )


@pytest.fixture
def door(world):
    return Door(world)


def customer_with(world, names: list[str]) -> tuple[str, list[str]]:
    """A customer with money and a PayID for each account name; their destinations' ids."""
    customer_id = str(uuid.uuid4())
    payees = tuple(
        PayId.parse(PayIdType.EMAIL, f"payee{number}-{customer_id}@example.com", name)
        for number, name in enumerate(names)
    )
    registered = register(
        Profile("Jo Citizen", "jo@example.com", payees), customer_id=customer_id,
        destination_ids=lambda _n: str(uuid.uuid4()), by="operator", customers=world.customers,
        vault=world.vault, clock=world.clock,
    )  # fmt: skip
    now = world.clock.now()
    bank(Receipt(f"N{uuid.uuid4().hex}", Money(100_00), "NPP", now), treasury=world.treasury)
    give_credit(
        customer_id, Money(100_00), reason="for a test", key=str(uuid.uuid4()), by="admin",
        request_id="", treasury=world.treasury, clock=world.clock,
    )  # fmt: skip
    return customer_id, [each.destination_id for each in registered.customer.destinations]


def know(world, customer_id: str, payees: list[str]) -> None:
    """Let a payment over NPP have reached each of these before."""
    paid = {PROVEN + each: True for each in payees}
    paid |= {USED + by_rail(Rail.NPP, each): True for each in payees}
    row = {"key": HABITS + customer_id, **paid}
    world._session.client.put_item(TableName=world._tables.control, Item=to_item(row))


@pytest.mark.timeout(300)
def test_a_warm_payout_makes_three_calls_to_aws_and_one_to_the_provider(world, door, provider):
    customers = [
        customer_with(world, ["Jo Citizen"] * A_CUSTOMER_HAS)
        for _ in range(PAYEES // A_CUSTOMER_HAS)
    ]
    for customer_id, payees in customers:
        know(world, customer_id, payees)
    first_customer, first_payees = customers[0]
    door.pay(first_customer, first_payees[0])  # whatever is read once in a process is read now
    before = len(provider.asked())
    world.calls.clear()
    for customer_id, payees in customers:
        for destination_id in payees:
            assert door.pay(customer_id, destination_id)["status"] == "Pending"
    asked = provider.asked()[before:]
    assert len(asked) == PAYEES
    assert all("/transaction/execute" in line for line in asked)
    assert world.calls == {
        "dynamodb.BatchGetItem": PAYEES,
        "dynamodb.TransactWriteItems": 2 * PAYEES,
    }


def test_the_first_payout_to_a_destination_asks_the_provider_once_more_and_nobody_else(
    world, door, provider
):
    customer_id, payees = customer_with(world, ["Jo Citizen"] * 2)
    door.pay(customer_id, payees[0])
    before = len(provider.asked())
    world.calls.clear()
    assert door.pay(customer_id, payees[1])["status"] == "Pending"
    asked = [line.split("/transaction/")[1].split(" ")[0] for line in provider.asked()[before:]]
    assert asked == ["validate", "execute"]
    assert world.calls == {"dynamodb.BatchGetItem": 1, "dynamodb.TransactWriteItems": 2}


def test_a_replayed_payout_makes_one_call_to_aws_and_none_to_the_provider(world, door, provider):
    customer_id, (destination_id,) = customer_with(world, ["Jo Citizen"])
    made = door.pay(customer_id, destination_id, key="the same key twice")
    world.calls.clear()
    assert door.pay(customer_id, destination_id, key="the same key twice") == made
    assert world.calls == {"dynamodb.BatchGetItem": 1}
    assert provider.control.executions(made["uniqueReference"]) == 1


def test_a_webhook_makes_two_calls_to_aws_and_its_repeat_two(world, door, provider):
    customer_id, payees = customer_with(world, ["Sim Pending", "Sim Pending"])
    with listening() as listener:
        provider.subscribe(listener, "NppPaymentStatus")
        made = [door.pay(customer_id, destination_id) for destination_id in payees]
        provider.control.advance(60)
    first, second = listener.heard[-2:]
    deliver(door, first)  # the token and the provider's key are fetched now
    world.calls.clear()
    deliver(door, second)
    assert world.calls == {"dynamodb.GetItem": 1, "dynamodb.TransactWriteItems": 1}
    statuses = {world.payouts.get(each["transaction_id"]).status for each in made}
    assert statuses == {Status.COMPLETED}
    world.calls.clear()
    deliver(door, second)
    assert world.calls == {"dynamodb.GetItem": 1, "dynamodb.PutItem": 1}


def deliver(door: Door, heard: Any) -> None:
    """Bring a webhook that arrived elsewhere to the door."""
    answer = door.webhook(heard.event, heard.raw, heard.headers)
    assert answer.status == 200, answer.text
