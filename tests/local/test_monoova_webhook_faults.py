"""What can be wrong with a notification that comes, and a seed that strikes webhooks alone."""

import base64

import pytest

from local.monoova.delivery import WRONG_TOKEN
from local.monoova.fault_rules import FLAWS
from local.monoova.server import serve
from local.monoova.simulator import Options
from local.monoova.store import SCHEMA, Store
from tests.local.monoova_bench import (
    TOKEN,
    Bench,
    Listener,
    exact,
    listening,
    order,
)

EVENT = "NPPReceivePayment"


@pytest.fixture
def bench(house: Bench, listener: Listener) -> Bench:
    house.refresh().subscribe(listener, EVENT)
    return house


def told_with(bench: Bench, fault: str) -> None:
    bench.control.fault("webhook", fault)
    bench.control.receive("10.00")


def lines(bench: Bench) -> list[dict[str, object]]:
    return list(exact(bench.get(f"/subscriptions/v1/report/{bench.today()}"))["notifications"])


def test_an_unsigned_notification_has_everything_but_the_signature(
    bench: Bench, listener: Listener
):
    told_with(bench, "unsigned")
    assert "Verification-Signature" not in listener.last.headers
    assert listener.last.headers["Authorization"] == TOKEN
    bench.control.receive("10.00")
    assert bench.signed(listener.last)


def test_a_wrongly_signed_notification_has_a_whole_signature_of_another_key(
    bench: Bench, listener: Listener
):
    told_with(bench, "wrongly_signed")
    signature = base64.b64decode(listener.last.headers["Verification-Signature"], validate=True)
    assert len(signature) == 256
    assert not bench.signed(listener.last)


def test_a_wrong_token_comes_with_a_right_signature(bench: Bench, listener: Listener):
    told_with(bench, "wrong_token")
    assert listener.last.headers["Authorization"] == WRONG_TOKEN != TOKEN
    assert bench.signed(listener.last)


def test_a_stale_key_is_the_one_before_the_last_rotation_or_a_stranger_s():
    with serve(Options(seed=7)) as running:
        signer = running.simulator.signer
        assert signer.sign(b"x", "stale_key") == signer.sign(b"x", "wrongly_signed")
        before = signer.sign(b"x")
        signer.rotate()
        # Signatures of this kind repeat: the same key says the same of the same bytes.
        assert signer.sign(b"x", "stale_key") == before
        assert signer.sign(b"x", "wrongly_signed") != before
        assert signer.sign(b"x") != before


def test_a_stale_signature_does_not_verify_by_the_published_key(bench: Bench, listener: Listener):
    bench.control.rotate_keys()
    told_with(bench, "stale_key")
    assert not bench.signed(listener.last)
    bench.control.receive("10.00")
    assert bench.signed(listener.last)


@pytest.mark.parametrize("flaw", sorted(FLAWS))
@pytest.mark.parametrize("keeps", [True, False])
def test_a_flaw_stays_for_the_second_attempt_and_a_resend_is_without_it(
    bench: Bench, listener: Listener, flaw: str, keeps: bool
):
    bench.control.settings(resend_keeps_id=keeps)
    listener.script[:] = [401, 401]
    told_with(bench, flaw)
    bench.control.advance(30)
    first, second = listener.heard
    names = ("Authorization", "Verification-Signature")
    assert [first.headers.get(name) for name in names] == [
        second.headers.get(name) for name in names
    ]
    (line,) = lines(bench)
    assert (line["status"], line["lastResponseCode"], line["retryCount"]) == ("Error", 401, 1)
    bench.post(f"/subscriptions/v2/resend/{line['webhookId']}", {})
    bench.control.flush()
    assert bench.signed(listener.last)
    assert listener.last.headers["Authorization"] == TOKEN
    assert listener.last.raw == first.raw
    same = listener.last.headers["Webhookid"] == first.headers["Webhookid"]
    assert same is keeps
    statuses = [each["status"] for each in lines(bench)]
    assert statuses == (["Sent"] if keeps else ["Error", "Sent"])


def test_a_lost_notification_is_in_the_report_once_and_comes_when_asked_for(
    bench: Bench, listener: Listener
):
    told_with(bench, "lost")
    bench.control.receive("20.00")
    assert len(listener.heard) == 1
    lost, sent = lines(bench)
    assert (lost["status"], lost["lastResponseCode"], sent["status"]) == ("Error", 0, "Sent")
    bench.post(f"/subscriptions/v2/resend/{lost['webhookId']}", {})
    bench.control.flush()
    assert listener.last.body["Amount"] == "10.0000"
    assert [each["status"] for each in lines(bench)] == ["Sent", "Sent"]


def test_a_seed_on_webhooks_loses_its_part_of_them_and_strikes_no_call(
    bench: Bench, listener: Listener
):
    bench.control.random_faults(7, "0.333", ["lost"], on="webhook")
    for number in range(90):
        bench.control.receive("1.00")
        assert bench.status(f"nothing-{number}") == "UniqueIdNotFound"
    first = [heard.body["TransactionId"] for heard in listener.heard]
    assert 90 * 0.5 < len(first) < 90 * 0.83
    errors = [line for line in lines(bench) if line["status"] == "Error"]
    assert len(errors) == 90 - len(first)
    bench.refresh().subscribe(listener, EVENT)
    bench.control.random_faults(7, "0.333", ["lost"], on="webhook")
    del listener.heard[:]
    for _ in range(90):
        bench.control.receive("1.00")
    assert [heard.body["TransactionId"] for heard in listener.heard] == first


def test_a_seed_on_calls_strikes_no_webhook(bench: Bench, listener: Listener):
    bench.control.random_faults(7, "1", ["error_before"], on="calls")
    bench.control.receive("1.00")
    assert len(listener.heard) == 1
    assert bench.execute(order("r-1")).status_code == 500


@pytest.mark.parametrize(
    ("on", "faults", "field"),
    [
        ("webhook", ["timeout_before"], "faults"),
        ("calls", ["lost"], "faults"),
        ("execute", None, "on"),
    ],
)
def test_a_seed_that_could_never_strike_there_is_refused(
    bench: Bench, on: str, faults: list[str] | None, field: str
):
    body: dict[str, object] = {"seed": 1, "rate": 1, "on": on}
    answer = bench.post("/_simulator/faults", body if faults is None else body | {"faults": faults})
    assert answer.status_code == 400
    assert [each["field"] for each in answer.json()["errors"]] == [field]


def test_a_seed_without_a_list_draws_no_flaw(bench: Bench):
    bench.control.random_faults(7, "1")
    assert set(bench.control.faults()["random"]["faults"]).isdisjoint(FLAWS)


def test_a_flaw_and_a_seed_outlive_a_restart(tmp_path):
    with serve(Options(state=tmp_path, seed=7)) as running, listening() as ear:
        bench = Bench(running)
        bench.subscribe(ear, EVENT)
        bench.control.random_faults(7, "1", ["unsigned"], on="webhook")
        ear.script[:] = [500]
        bench.control.receive("1.00")
        with_flaw = running.simulator.store.number(
            "SELECT count(*) FROM notifications WHERE flaw = 'unsigned'"
        )
        assert (with_flaw, len(ear.heard)) == (1, 1)
        bench.session.close()
    with serve(Options(state=tmp_path, seed=7)) as running:
        assert running.control.faults()["random"]["on"] == "webhook"
        assert running.simulator.store.number("SELECT count(*) FROM notifications") == 1


def test_a_state_of_an_earlier_version_gets_the_column_it_lacks(tmp_path):
    old = SCHEMA.replace(", flaw TEXT NOT NULL DEFAULT ''", "")
    assert old != SCHEMA
    store = Store(tmp_path)
    store.run("DROP TABLE notifications")
    store._connection.executescript(old)
    store.close()
    with serve(Options(state=tmp_path, seed=7)) as running, listening() as ear:
        bench = Bench(running)
        bench.subscribe(ear, EVENT)
        bench.control.receive("1.00")
        bench.session.close()
        assert len(ear.heard) == 1
