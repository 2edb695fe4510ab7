"""Tokens and keys are changed without losing a webhook, in warm processes too."""

import json

import pytest

from chalicelib import wiring
from chalicelib.adapters.monoova import notices, signature
from chalicelib.adapters.monoova.notices import MonoovaInbox
from chalicelib.adapters.monoova.signature import Signatures
from chalicelib.usecases.subscribe import apply
from tests.adapters.samples import Seconds
from tests.api.town import TOKEN, town_of
from tests.local.monoova_bench import simulated

NEW = "Bearer fake-token-that-is-new"


@pytest.fixture
def town(bench):
    bench.refresh()
    with town_of(bench) as made:
        assert made.apply().json["whole"]
        made.receive("1.00")
        made.control.flush()
        assert made.received == 100  # the process is warm: it has token and key
        yield made
    wiring._current.clear()


def arrives(town, amount="1.00"):
    """Whether a webhook is heard at its first attempt."""
    before = town.received
    town.receive(amount)
    town.control.flush()
    return town.received > before


def status_of(town, header):
    """What the door says to a token, with a signature or without."""
    return town.take("/webhooks/monoova/NppReturn", b"{}", {"Authorization": header})


def test_a_token_is_changed_step_by_step_and_no_webhook_is_lost(town):
    # 1. Both are valid, and the provider still sends the old one.
    town.secrets.values["webhook"] = {"current": NEW, "previous": TOKEN}
    assert arrives(town)
    assert {each["token"] for each in town.look().json["data"]} == {"other"}
    assert arrives(town)  # in a process that has read the secret anew, too
    # 2. The provider is told; the process that knew only the old one hears the new one at once.
    assert town.apply().json["whole"]
    assert {each["token"] for each in town.look().json["data"]} == {"current"}
    assert arrives(town)
    # 3. Whatever is still under way with the old one is heard, too, until it is dropped.
    town.secrets.values["webhook"] = {"current": NEW, "previous": None}
    assert arrives(town)


def test_a_token_that_rubbish_came_before_is_heard_at_the_second_attempt_at_the_latest(town):
    seconds = Seconds()
    w = town.world
    tokens = notices.WebhookTokens(
        w._secrets, w.settings.monoova_webhook_secret_arn, monotonic=seconds
    )
    w.inbox = MonoovaInbox(tokens, Signatures(w._keys, w._transport))
    assert arrives(town)
    # Rubbish has just had the secret read again; then the token is changed by another process.
    assert status_of(town, "Bearer fake-token-of-somebody") == 401
    town.secrets.values["webhook"] = {"current": NEW, "previous": TOKEN}
    other = town.process()
    applied = apply(
        base=town.url, subscriptions=other.subscriptions, tokens=other.told_tokens,
        gate=other.gate, clock=other.clock, time_left=lambda: 60.0,
    )  # fmt: skip
    assert len(applied.changes) == 12
    assert not arrives(town)
    seconds.spent += 30
    town.wait(1)  # the provider's second attempt
    assert town.received == 300


def test_a_token_that_was_dropped_is_refused_by_a_process_that_starts_then(town):
    town.secrets.values["webhook"] = {"current": NEW, "previous": None}
    town.world = town.process()
    wiring.use(town.world)
    assert not arrives(town)
    # Nothing is lost by doing it too early: the provider is told, and what it sent in vain is had.
    assert town.apply().json["whole"]
    town.wait(1)
    town.wait(10)
    town.repair()
    town.control.flush()
    assert town.received == 200


def test_after_the_provider_changed_its_key_the_first_webhook_is_heard(town):
    seconds = Seconds()
    w = town.world
    w.inbox = MonoovaInbox(
        w.subscriptions._tokens, Signatures(w._keys, w._transport, monotonic=seconds)
    )
    assert arrives(town)
    seconds.spent += signature.PAUSE_SECONDS + 1
    town.control.rotate_keys()
    assert arrives(town)


def test_a_key_change_a_moment_after_the_last_reading_costs_one_attempt_and_no_webhook(town):
    seconds = Seconds()
    w = town.world
    w.inbox = MonoovaInbox(
        w.subscriptions._tokens, Signatures(w._keys, w._transport, monotonic=seconds)
    )
    assert arrives(town)
    town.control.rotate_keys()
    assert not arrives(town)
    seconds.spent += 30
    town.wait(1)  # the provider's second attempt
    assert town.received == 300


def test_a_new_api_key_is_taken_up_at_the_first_refusal(town, caplog):
    api = dict(town.secrets.values["api_key"])
    with simulated(api_key="fake-api-key-that-is-new", seed=None) as rolled:
        # The provider knows the new key only; our process still has the old one.
        town.secrets.values["api_key"] = api | {"baseUrl": rolled.url}
        w = town.process()
        assert w._keys.credentials().api_key == api["apiKey"]
        town.secrets.values["api_key"] = {
            **api, "baseUrl": rolled.url, "apiKey": "fake-api-key-that-is-new",
        }  # fmt: skip
        caplog.clear()
        for _ in range(3):
            assert w.subscriptions.list(within=5) == []
        told = [json.loads(each)["http_status"] for each in caplog.messages]
        assert told == [401, 200, 200, 200]
        assert not w.gate.closed()


def test_behind_a_gate_that_a_person_closed_a_key_is_changed_without_a_refusal(town, caplog):
    assert town.api.post("/provider/sign-in/close").json == {"provider_sign_in": "closed"}
    town.wait(20)
    caplog.clear()
    assert town.repair() == {}
    assert town.look().status == 503
    assert not [each for each in caplog.messages if "outbound" in each]
    assert arrives(town)
    assert town.api.post("/provider/sign-in/open").status == 200
    assert town.look().status == 200


def test_without_a_new_api_key_a_refusal_stops_everything_until_a_person_opens_it(town):
    town.secrets.values["api_key"] = dict(town.secrets.values["api_key"]) | {
        "apiKey": "fake-api-key-that-is-no-more"
    }
    town.world = town.process()
    wiring.use(town.world)
    assert town.look().status == 503
    assert [town.look().status, town.apply().status] == [503, 503]
    assert town.repair() == {}
    assert town.world.gate.closed()
    # The key is put right, and the gate opened.
    api = {"apiKey": town.bench.running.api_key, "environment": "Local", "baseUrl": town.bench.url}
    town.secrets.values["api_key"] = api
    assert town.api.post("/provider/sign-in/open").status == 200
    town.world = town.process()  # the one that met the refusal remembers it for a minute
    wiring.use(town.world)
    assert town.look().status == 200
