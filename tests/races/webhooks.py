"""One webhook again and again, among many others, from everybody at once: a transition each."""

from __future__ import annotations

import random
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import requests

from chalicelib.adapters import exact_json
from chalicelib.domain.events import Confirmed
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from tests.kills import ledgers
from tests.kills.ground import new_key
from tests.local.monoova_bench import Heard, listening
from tests.long_runs import Told

if TYPE_CHECKING:
    from local.cloud import Provider
    from tests.races.crowd import Place
    from tests.races.town import Town

EVENT = "NppPaymentStatus"
AMOUNT = "1.00"
PENDING = 3600  # virtual seconds: nothing ends before all are asked for
TRIES = 3
HEARD = 600.0  # real seconds until the simulator has told of all of them


def run(town: Town, *, others: int, times: int, threads: int, processes: int) -> Told:
    """`times` deliveries of one, one each of `others`."""
    town.ground.control.settings(pending_seconds=PENDING)
    (order,) = town.customer(Money((others + 1) * 100 + 100), "Sim Pending")
    crowd = town.crowd(threads, processes)
    made = [
        name for share in crowd.run(pay, order | {"amount": AMOUNT}, others + 1) for name in share
    ]
    town.asked |= dict.fromkeys(made, Money.parse(AMOUNT))
    heard = _caught(town, len(made))
    posts = [heard[0]] * times + heard[1:]
    random.Random(len(posts)).shuffle(posts)  # noqa: S311 (no secret)
    answers = Counter(
        status
        for share in crowd.run(deliver, [(each.headers, each.raw) for each in posts])
        for status in share
    )
    town.heard_at_the_door()
    told = Told(Counter({"webhooks delivered": len(posts), "of these the same one": times}))
    told.counts["webhooks not taken at first"] = answers[500]
    if answers[200] != len(posts) or answers.keys() - {200, 500}:
        told.failures.append(f"webhooks were answered {dict(answers)}")
    told.add(_transitions(town, made))
    return told


def pay(place: Place, body: dict[str, Any], count: int) -> list[str]:
    """This client's share of so many payouts; their ids."""
    client = place.as_("operator")
    share = range(place.number, count, place.crowd.threads)
    return [
        client.need(202, "POST", "/payouts", body, key=new_key())["transaction_id"] for _ in share
    ]


def deliver(place: Place, posts: list[tuple[dict[str, str], bytes]]) -> list[int]:
    """This client's share of the webhooks, as the provider would bring them; the answers.

    What is not taken is brought again, as the provider would, too.
    """
    answers = []
    with requests.Session() as session:
        session.trust_env = False
        for headers, raw in posts[place.number :: place.crowd.threads]:
            for _ in range(TRIES):
                answer = session.post(
                    f"{place.door}/webhooks/monoova/{EVENT}", data=raw, timeout=60,
                    headers={**headers, "Connection": "keep-alive"},
                )  # fmt: skip
                answers.append(answer.status_code)
                if answer.status_code == 200:
                    break
    return answers


def _caught(town: Town, count: int) -> list[Heard]:
    """The webhooks about all of them, as they were signed, before we have seen any."""
    ground = town.ground
    with listening() as listener:
        _subscribe(ground.provider, f"{listener.url}/{EVENT}", ground.cloud.webhook_token)
        ground.control.advance(PENDING + 1, deliver=False)
        deadline = time.monotonic() + HEARD
        while len(listener.heard) < count:
            assert time.monotonic() < deadline, f"{len(listener.heard)} webhooks were told"
            time.sleep(0.1)
    told = {exact_json.read_object(each.raw)["UniqueReference"] for each in listener.heard}
    assert len(told) == count
    return listener.heard


def _subscribe(provider: Provider, target: str, token: str) -> None:
    """Move the subscription of the event to somebody else."""
    auth = (provider.api_key, "")
    url = f"{provider.url}/subscriptions/v1"
    known = requests.get(f"{url}/list", auth=auth, timeout=10).json()["eventname"]
    number = next(each["id"] for each in known if each["eventName"] == EVENT)
    body = {"id": number, "targetUrl": target, "subscriptionStatus": "On", "securityToken": token}
    requests.post(f"{url}/update", json=body, auth=auth, timeout=10).raise_for_status()


def _transitions(town: Town, made: list[str]) -> Told:
    """One step by the webhook for each payout, and one row for each webhook."""
    ours = ledgers.read(town.ground.cloud)
    told = Told()
    for name in made:
        steps = Counter(type(step.event) for step in ours.steps[name])
        told.counts["transitions by webhook"] += steps[Confirmed]
        if steps[Confirmed] != 1 or ours.payouts[name].status is not Status.COMPLETED:
            told.failures.append(f"{name}: {steps[Confirmed]} steps by its webhook")
    return told
