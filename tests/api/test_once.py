"""Every action takes an idempotency key: done once, shown as it is, nobody else's, nothing else."""

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

import pytest

import app
from chalicelib.api.approvals import SEEN
from chalicelib.api.once import once, use_of
from chalicelib.api.operation import Call, Key, Operation, Reply
from chalicelib.api.schemas import Nothing, Why
from chalicelib.domain.errors import Conflict, KeyTaken, RuleBroken, StoreUnavailable
from chalicelib.domain.identifiers import derived_id
from tests.api.client import KEY, Answer, Api
from tests.api.house import BANK_ACCOUNT, CUSTOMER, EMAIL_PAY_ID, House
from tests.api.making import queued, seen
from tests.api.ways import ANOTHER, NOBODY, ask, ready
from tests.fakes.keys import MemoryKeys

# What changes nothing, or is the same however often it is sent; what a webhook tells; and a code,
# of which every try counts.
WITHOUT = {
    "change_customer", "preview_payout", "preview_policy", "monoova_webhook",
    "monoova_webhook_named", "confirm_account_check",
}  # fmt: skip
ONCE = [each for each in app.door.map if each.once]
names = pytest.mark.parametrize("operation", ONCE, ids=lambda each: each.name)


@pytest.fixture
def api(house: House) -> Api:
    """A client at the doors of a house where everything is there."""
    house.customer(CUSTOMER, EMAIL_PAY_ID, BANK_ACCOUNT, EMAIL_PAY_ID)
    house.fund(100_000)
    return Api(house)


def told(api: Api, operation: Operation, named: dict[str, str]) -> dict[str, Any]:
    """What is sent, the same each time: an approver sends what they have seen at first."""
    if operation.body is None:
        return {}
    body = operation.body.model_json_schema()["examples"][0]
    if body.get("seen") == SEEN:
        own = named["transaction_id" if operation.name == "approve_payout" else "credit_id"]
        body = {**body, "seen": seen(api, own)}
    return {"body": body}


def replayed(answer: Answer) -> bool:
    return answer.headers.get("Idempotent-Replayed") == "true"


def test_whatever_changes_something_takes_a_key():
    changing = [o for o in app.door.map if o.method not in {"GET", "OPTIONS"}]
    assert {each.name for each in changing if each.key is Key.NONE} <= WITHOUT
    assert len(ONCE) >= 20


@names
def test_the_same_request_again_is_shown_and_done_no_second_time(api: Api, operation: Operation):
    named = ready(api, operation)
    same = told(api, operation, named)
    first = ask(api, operation, named, **same, key=KEY)
    assert first.status < 300, first.text
    assert not replayed(first)
    before = api.house.everything()
    second = ask(api, operation, named, **same, key=KEY)
    assert second.status == first.status, second.text
    assert replayed(second)
    assert api.house.everything() == before


@names
def test_the_key_is_nobody_elses(api: Api, operation: Operation):
    named = ready(api, operation)
    same = told(api, operation, named)
    assert ask(api, operation, named, **same, key=KEY).status < 300
    before = api.house.everything()
    answer = ask(api, operation, named, **same, key=KEY, who="third")
    assert (answer.status, answer.code) == (409, "idempotency_key_taken")
    assert api.house.everything() == before


@pytest.mark.parametrize(
    "operation", [each for each in ONCE if each.captured], ids=lambda each: each.name
)
def test_the_key_is_for_one_thing_only(api: Api, operation: Operation):
    named = ready(api, operation)
    same = told(api, operation, named)
    assert ask(api, operation, named, **same, key=KEY).status < 300
    before = api.house.everything()
    for name in operation.captured:
        other = {**named, name: ANOTHER.get(name, NOBODY)}
        answer = ask(api, operation, other, **same, key=KEY)
        assert (answer.status, answer.code) == (422, "rule_broken")
        assert answer.places == {f"/{name}": "idempotency_key_reused"}
    assert api.house.everything() == before


def test_another_body_is_told_field_by_field(api: Api):
    path = f"/payouts/{queued(api)}/cancel"
    assert api.post(path, {"reason": "Twice."}, key=KEY).status == 200
    answer = api.post(path, {"reason": "Other."}, key=KEY)
    assert (answer.status, answer.places) == (422, {"/reason": "idempotency_key_reused"})


@names
def test_without_a_key_nothing_is_remembered(api: Api, operation: Operation):
    ask(api, operation, ready(api, operation), key=None)
    if operation.key is not Key.REQUIRED:
        assert api.house.store.state.uses == {}


def test_a_refused_action_leaves_its_key_as_it_was(api: Api):
    path = f"/settlements/{derived_id('settlement', 'nobody')}/cancel"
    assert api.post(path, {"reason": "No more."}, key=KEY).status == 404
    assert api.house.store.state.uses == {}
    body = {"date": "2026-03-04", "amount": "100.00", "reference": "FDMS 0042"}
    one = api.post("/settlements", body, key="a key of its own, for this").json["settlement_id"]
    done = api.post(f"/settlements/{one}/cancel", {"reason": "Other."}, key=KEY)
    assert (done.status, replayed(done)) == (200, False)


def test_the_same_key_at_another_operation_is_another_one(api: Api):
    assert api.post("/provider/sign-in/close", key=KEY).json == {"provider_sign_in": "closed"}
    opened = api.post("/provider/sign-in/open", key=KEY)
    assert (opened.json, replayed(opened)) == ({"provider_sign_in": "open"}, False)
    again = api.post("/provider/sign-in/close", key=KEY)
    assert (again.json, replayed(again)) == ({"provider_sign_in": "open"}, True)
    assert not api.house.gate.closed()


class Forgetful(MemoryKeys):
    """Dies before it can say that anything was done."""

    def finish(self, _: object) -> None:
        """Too late."""
        raise StoreUnavailable("The store does not answer.")


# After a crash between the deed and the note of it, these are refused: it is done, and not again.
REFUSED_THEN = {
    "agree_to_resolution": 409, "dismiss_resolution": 409, "resume_customer": 409,
    "take_back_erasure": 404, "drop_destination": 404,
}  # fmt: skip


@names
def test_a_crash_before_it_is_noted_does_nothing_twice(api: Api, operation: Operation):
    named = ready(api, operation)
    same = told(api, operation, named)
    api.house.keys = Forgetful(api.house.store.state)
    assert ask(api, operation, named, **same, key=KEY).status == 503
    api.house.keys = MemoryKeys(api.house.store.state)
    payouts, customers = (
        api.house.store.state.payouts.copy(),
        api.house.store.state.customers.copy(),
    )
    second = ask(api, operation, named, **same, key=KEY)
    if operation.name in REFUSED_THEN:
        assert second.status == REFUSED_THEN[operation.name]
        return
    assert second.status < 300, second.text
    assert api.house.store.state.payouts == payouts
    assert api.house.store.state.customers == customers
    assert replayed(ask(api, operation, named, **same, key=KEY))


def cancelling() -> tuple[Operation, Call[Any]]:
    """An action, as somebody asks for it."""
    nowhere: Any = None
    said = Why(reason="Asked for twice.")
    call: Call[Any] = Call(said, "olive", "request", KEY, lambda: 1.0, nowhere)
    return next(each for each in ONCE if each.name == "cancel_payout"), call


def tried(house: House, call: Call[Any], act: Callable[[], Reply]) -> Reply:
    """What comes of an action that was never done before."""
    return once(cancelling()[0], call, {"transaction_id": "one"}, house, act, again=unexpected)


def unexpected() -> NoReturn:
    raise AssertionError("it was never done")


def unknown() -> NoReturn:
    raise StoreUnavailable("The store does not answer.")


def test_a_key_of_which_nobody_knows_what_came_of_it_stays_its_requests():
    house, (_, call) = House(), cancelling()
    with pytest.raises(StoreUnavailable):
        tried(house, call, unknown)
    with pytest.raises(KeyTaken):
        tried(house, replace(call, by="paul"), unexpected)
    with pytest.raises(RuleBroken):
        tried(house, replace(call, said=Why(reason="Another.")), unexpected)
    assert tried(house, call, lambda: Reply("done")) == Reply("done")


def test_why_it_was_refused_is_told_where_its_key_cannot_be_released():
    class Stuck(MemoryKeys):
        def release(self, _: object) -> None:
            unknown()

    def refused() -> NoReturn:
        raise Conflict("It has left.")

    house, (_, call) = House(), cancelling()
    house.keys = Stuck(house.store.state)
    with pytest.raises(Conflict, match="It has left"):
        tried(house, call, refused)


def test_the_fields_of_a_use_tell_nothing_to_who_has_no_key():
    operation, call = cancelling()
    clock = House().clock
    use = use_of(operation, call, {"transaction_id": "one"}, clock)
    assert use.fields.keys() == {"reason", "transaction_id"}
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in use.fields.values())
    assert KEY not in repr(use)
    other = use_of(operation, replace(call, key=f"{KEY}!"), {"transaction_id": "one"}, clock)
    assert set(other.fields.values()).isdisjoint(use.fields.values())
    nothing = use_of(operation, replace(call, said=Nothing()), {}, clock)
    assert nothing.fields == {}
