"""Payouts in whatever state a test needs, made through the doors themselves."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from chalicelib.domain.events import Confirmed
from chalicelib.domain.money import ZERO
from chalicelib.domain.policy import FREE, NO_LIMIT
from chalicelib.domain.policy_change import Change, Outcome, Proposal, Word
from chalicelib.ports.policies import InForce
from chalicelib.usecases.hear import existing, hear
from tests.api.house import CUSTOMER
from tests.fakes.provider import NOT_CONNECTED, REFUSED, TIMED_OUT_UNPAID

if TYPE_CHECKING:
    from tests.api.client import Api
    from tests.fakes.provider import Reply

BODY = {"customer_id": CUSTOMER, "amount": "100.00", "payout_method": "PayId"}
_NUMBERS = count(1)


def pay(api: Api, *replies: Reply, who: str = "maker", **changed: object) -> str:
    """Ask for a payout that meets these replies; its id."""
    api.house.provider.will(*replies)
    answer = api.post(
        "/payouts", {**BODY, **changed}, key=f"made for a test, no. {next(_NUMBERS)}", who=who
    )
    assert answer.status == 202, answer.text
    return str(answer.json["transaction_id"])


def pending(api: Api) -> str:
    """One that the provider took."""
    return pay(api)


def queued(api: Api) -> str:
    """One that never left."""
    return pay(api, NOT_CONNECTED)


def held(api: Api) -> str:
    """One that never left, and that somebody keeps back."""
    made = queued(api)
    assert api.post(f"/payouts/{made}/hold", {"reason": "Look again."}).status == 200
    return made


def unconfirmed(api: Api, who: str = "maker") -> str:
    """One of which nobody knows what became."""
    return pay(api, TIMED_OUT_UNPAID, who=who)


def failed(api: Api) -> str:
    """One that the provider refused."""
    return pay(api, REFUSED)


def disputed(api: Api) -> str:
    """One that was refused, and paid all the same; it stops its customer."""
    transaction_id = failed(api)
    house = api.house
    news = Confirmed(at=house.clock.now(), by="webhook", attempt=1)
    hear(existing(house.payouts, transaction_id), news, payouts=house.payouts)
    return transaction_id


def proposed(api: Api) -> str:
    """An unconfirmed one with a proposal, after the quarantine."""
    transaction_id = unconfirmed(api)
    body = {"verdict": "dead", "evidence": "The provider's support says so."}
    path = f"/payouts/{transaction_id}/resolution"
    assert api.post(path, body, who="proposer").status == 200
    api.house.clock.advance(3600)
    return transaction_id


def strict(api: Api, **rules: Any) -> None:
    """From now on everything wants a second person; or as these rules of approval say."""
    all_of_it: dict[str, Any] = {"one_above": ZERO, "two_above": NO_LIMIT, "credits_above": ZERO}
    policy = replace(FREE, approvals=replace(FREE.approvals, **{**all_of_it, **rules}))
    said = Word("somebody", api.house.clock.now(), "r")
    change = Change(Proposal(replace(policy, version=1), said), Outcome.AGREED, said)
    api.house.store.state.policies = InForce(change)


def awaiting(api: Api, who: str = "maker", **changed: object) -> str:
    """One that somebody else has to agree to."""
    strict(api)
    return pay(api, who=who, **changed)


def asked_credit(api: Api, who: str = "maker", amount: str = "100.00") -> str:
    """A credit that another admin has to agree to."""
    strict(api)
    api.house.fund(50_000)
    body = {"amount": amount, "reason": "Settlement of 3 July."}
    key = f"a credit for a test, no. {next(_NUMBERS)}"
    answer = api.post(f"/customers/{CUSTOMER}/credits", body, key=key, who=who)
    assert answer.status == 202, answer.text
    return str(answer.json["credit_id"])


def seen(api: Api, own: str) -> str:
    """The digest of what there is to see of something that waits."""
    answer = api.get("/approvals?limit=100", who="looker")
    waiting = answer.json["data"] if answer.status == 200 else []
    return next((each["seen"] for each in waiting if each["id"] == own), "0" * 64)
