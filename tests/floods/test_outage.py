"""DynamoDB is away for minutes or hours while webhooks come in: nothing is lost, all is heard."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.domain.events import Confirmed
from chalicelib.domain.payout import Status
from chalicelib.usecases.reprocess import LONGEST_WAIT
from tests.contracts.making import accepted, an_intent, claimed, hear, rich_customer
from tests.floods.town import Town, deliver, play, town
from tests.floods.webhooks import payout_id, status_of

HOUR = 3600.0
# Seconds: a batch, and a webhook, that began before the store came back may end after it.
BATCH_TAKES = 100.0


def pending(here: Town, count: int) -> list[str]:
    """So many payouts that wait for their news."""
    ports: Any = here
    rich_customer(ports, f"{count}.00")
    owns = [payout_id(0, number) for number in range(count)]
    for own in owns:
        intent = an_intent("1.00", transaction_id=own, at=here.time.now())
        hear(ports, here.payouts.write(*claimed(intent)), accepted(here.time.now()))
    return owns


def away_for(here: Town, seconds: float, owns: list[str]) -> int:
    """The store is away while their news comes in; the most attempts that a message took."""
    began = here.time.monotonic()
    here.dynamo.spans = [(began, began + seconds)]
    attempts = 0
    for number, own in enumerate(owns):
        at = began + (seconds - BATCH_TAKES) * number / len(owns)
        play(here, at)
        here.time.advance(max(0.0, at - here.time.monotonic()))
        assert deliver(here, "NppPaymentStatus", status_of(own), str(number)) == 200
        tried = [json.loads(each.body)["attempts"] for each in here.sqs.waiting.values()]
        attempts = max([attempts, *tried])
    assert {how_is(here, own) for own in owns} == {(Status.PENDING, 0)}
    assert len(here.sqs.waiting) == len(owns), "every one of them is in the queue"
    play(here, began + seconds)
    tried = [json.loads(each.body)["attempts"] for each in here.sqs.waiting.values()]
    return max([attempts, *tried], default=0)


@pytest.mark.parametrize(
    ("seconds", "count"), [(600, 40), (6 * HOUR, 24), (30 * HOUR, 8)],
    ids=["ten minutes", "six hours", "more than a day"],
)  # fmt: skip
def test_after_an_outage_all_news_is_heard_once_and_nobody_has_to_do_anything(
    seconds: float, count: int
):
    with town() as here:
        owns = pending(here, count)
        most = away_for(here, seconds, owns)
        here.dynamo.spans = []
        # The longest wait of the queue, and the batches that were put off.
        play(here, here.time.monotonic() + LONGEST_WAIT + 400)
        assert {how_is(here, own) for own in owns} == {(Status.COMPLETED, 1)}
        assert not here.sqs.waiting
        assert not here.sqs.last_resort
        assert not here.parked.page(resolved=False, limit=1, position=None).items
        if seconds == 600:
            assert most <= here.settings.max_redrives, "ten minutes are within the usual limit"
        else:
            assert most > here.settings.max_redrives, "this would have parked it"


def how_is(here: Town, own: str) -> tuple[Status, int]:
    """The payout's status, and how often it was confirmed, whether or not the store is away."""
    spans, here.dynamo.spans = here.dynamo.spans, []
    payout, steps = here.payouts.get(own), here.payouts.steps(own)
    here.dynamo.spans = spans
    assert payout is not None
    return payout.status, sum(isinstance(each.event, Confirmed) for each in steps)


def test_a_message_never_grows_old_however_long_it_has_to_wait():
    """Each wait is a message of its own, so neither its age nor its receives end it."""
    with town() as here:
        (own,) = pending(here, 1)
        here.dynamo.spans = [(0.0, 10 * 24 * HOUR)]
        assert deliver(here, "NppPaymentStatus", status_of(own), "1") == 200
        play(here, here.time.monotonic() + 48 * HOUR)
        (message,) = here.sqs.waiting.values()
        told = json.loads(message.body)
        assert (told["error_message"], told["attempts"] > 100) == ("store_unavailable", True)
        assert message.received <= 1
