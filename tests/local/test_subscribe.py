"""The local stack's subscriptions, and what an operator reads of a service's."""

import pytest

from local.cloud import Provider
from local.subscribe import changes, table
from local.subscriptions import NotSubscribed, subscribe
from tests.local.monoova_bench import TOKEN, Bench, simulated

ROW = {
    "event": "NppReturn", "wanted_url": "https://a.example.com/x", "subscription_id": "3",
    "url": "https://b.example.com/x", "on": True, "token": "unknown",
    "differences": ["other_url", "token_unknown"],
}  # fmt: skip
MISSING = {
    "event": "NppPaymentStatus", "wanted_url": "https://a.example.com/y", "subscription_id": None,
    "url": None, "on": None, "token": None, "differences": ["missing"],
}  # fmt: skip


@pytest.fixture(scope="module")
def bench():
    with simulated() as made:
        yield made


def provider_of(bench: Bench, key: str = "") -> Provider:
    return Provider(bench.url, key or bench.running.api_key, bench.account)


def listed(bench: Bench):
    rows = bench.get("/subscriptions/v1/list").json()["eventname"]
    return {row["eventName"]: (row["targetUrl"], row["status"]) for row in rows}


def test_every_event_goes_to_the_app_wherever_it_went_before(bench):
    bench.refresh()
    for api in ("http://127.0.0.1:8001", "http://127.0.0.1:8002"):
        subscribe(provider_of(bench), api, TOKEN)
    assert len(listed(bench)) == 12
    assert listed(bench)["NppReturn"] == ("http://127.0.0.1:8002/webhooks/monoova/NppReturn", "On")


def test_a_provider_elsewhere_is_never_touched():
    with pytest.raises(NotSubscribed):
        subscribe(Provider("https://api.m-pay.com.au", "fake-api-key", ""), "http://x", TOKEN)


def test_a_simulator_that_refuses_is_told(bench):
    bench.refresh()
    with pytest.raises(NotSubscribed, match="provider_sign_in_refused"):
        subscribe(provider_of(bench, "fake-api-key"), "http://127.0.0.1:8001", TOKEN)
    bench.control.fault("/subscriptions/v1/create", "error_before")
    with pytest.raises(NotSubscribed, match="NppPaymentStatus: provider_unavailable"):
        subscribe(provider_of(bench), "http://127.0.0.1:8001", TOKEN)


def test_the_differences_are_read_in_columns():
    assert table([ROW, MISSING]).splitlines() == [
        "event             differs                   token    state  id  address",
        "NppReturn         other_url, token_unknown  unknown  on     3   https://b.example.com/x",
        "NppPaymentStatus  missing                   -        -      -   -",
    ]


def test_what_was_changed_is_said_and_what_was_not():
    made = {"event": "NppReturn", "change": "updated", "subscription_id": "3", "failure": None}
    failed = {**made, "event": "NppPaymentStatus", "change": "created", "failure": "no_time"}
    assert changes({"changed": [made], "failed": [failed]}).splitlines() == [
        "updated: NppReturn", "NOT created: NppPaymentStatus (no_time)",
    ]  # fmt: skip
    assert changes({"changed": [], "failed": []}) == "nothing had to be changed"
