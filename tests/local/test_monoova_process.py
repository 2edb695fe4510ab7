"""The simulator as a process of its own: how it begins, what survives it, how it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

from local.monoova.control import Control
from tests.local.monoova_bench import listening, order

COMMAND = [sys.executable, "-m", "local.monoova"]
ROOT = Path(__file__).parents[2]


class Started:
    """A simulator in a process, and a client that is signed in to it."""

    def __init__(self, *words: str) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "--port", "0", *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        assert self.process.stdout is not None
        self.line = self.process.stdout.readline()
        self.told: dict[str, str] = json.loads(self.line)
        self.url = self.told["url"]
        self.ended = False
        self.control = Control(self.url)

    def execute(self, reference: str, name: str = "Jo Citizen") -> dict[str, Any]:
        answer = requests.post(
            f"{self.url}/financial/v2/transaction/execute",
            json=order(reference, name),
            auth=(self.told["api_key"], ""),
            timeout=10,
        )
        return dict(answer.json())

    def end(self, number: signal.Signals) -> tuple[int, str]:
        """Ends it: the exit code, and what it said on standard error."""
        self.ended = True
        self.control.close()
        self.process.send_signal(number)
        _, said = self.process.communicate(timeout=60)
        return self.process.returncode, said


@contextmanager
def started(*words: str) -> Iterator[Started]:
    simulator = Started(*words)
    try:
        yield simulator
    finally:
        if not simulator.ended:
            simulator.end(signal.SIGKILL)


def refused(*words: str, environment: dict[str, str] | None = None) -> tuple[int, str]:
    done = subprocess.run(
        [*COMMAND, *words],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=60,
        check=False,
        env=os.environ | (environment or {}),
    )
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr + done.stdout


def test_what_was_accepted_survives_a_kill_and_so_does_who_it_is(tmp_path: Path):
    words = ("--state", str(tmp_path / "state"), "--opening-balance", "100.00")
    with listening() as listener, started(*words) as first:
        body = {
            "eventName": "NppPaymentStatus",
            "targetUrl": f"{listener.url}/told",
            "subscriptionStatus": "On",
            "securityToken": "Bearer fake-token",
        }
        auth = (first.told["api_key"], "")
        create = f"{first.url}/subscriptions/v1/create"
        assert requests.post(create, json=body, auth=auth, timeout=5).status_code == 200
        first.control.settings(pending_seconds=60)
        first.control.fault("status", "error_before", times=3)
        first.control.advance(86400)
        key = requests.get(f"{first.url}/public/v1/certificate/public-key", timeout=5).text
        accepted = first.execute("r-1", "Sim Pending")
        assert first.end(signal.SIGKILL)[0] == -signal.SIGKILL
        with started(*words) as second:
            assert {**second.told, "url": ""} == {**first.told, "url": ""}
            (execution,) = second.control.totals().executions
            assert execution.transaction_id == accepted["transactionId"]
            assert second.control.totals().opening == 100
            assert second.control.clock().offset_seconds == 86400
            assert len(second.control.faults()["faults"]) == 1
            kept = requests.get(f"{second.url}/public/v1/certificate/public-key", timeout=5).text
            assert kept == key
            assert second.execute("r-1")["status"] == "UniqueReferenceExists"
            second.control.advance(61)
            assert [heard.body["UniqueReference"] for heard in listener.heard] == ["r-1"]
            assert second.end(signal.SIGTERM)[0] == 0


def test_whatever_was_answered_before_a_kill_in_full_flight_is_in_the_books(tmp_path: Path):
    words = ("--state", str(tmp_path), "--opening-balance", "100000.00", "--quiet")
    accepted: list[int] = []

    def hammer(simulator: Started, number: int) -> None:
        for turn in range(10_000):
            try:
                told = simulator.execute(f"r-{number}-{turn}")
            except requests.ConnectionError:
                return
            accepted.append(told["transactionId"])

    with started(*words) as first, ThreadPoolExecutor(4) as threads:
        for number in range(4):
            threads.submit(hammer, first, number)
        while len(accepted) < 40:
            time.sleep(0.01)
        first.process.kill()
    with started(*words) as second:
        totals = second.control.totals()
    kept = {each.transaction_id for each in totals.executions}
    assert set(accepted) <= kept
    assert totals.paid == 10 * len(kept)
    assert totals.opening - totals.paid - totals.fees == totals.balance


def test_it_says_one_line_when_it_is_ready_and_ends_cleanly():
    with started("--seed", "7") as simulator:
        assert set(simulator.told) == {"url", "api_key", "account_number"}
        assert len(simulator.told["account_number"]) == 16
        assert simulator.execute("r-1")["status"] == "DebitTransactionWillExceedSignInCreditLimit"
        code, said = simulator.end(signal.SIGTERM)
        assert code == 0
        assert said == "POST /financial/v2/transaction/execute 400\n"
        assert simulator.process.stdout is not None


def test_a_seed_is_the_same_identity_and_another_seed_another():
    with started("--seed", "7", "--quiet") as one, started("--seed", "7", "--quiet") as two:
        assert one.told["api_key"] == two.told["api_key"]
        assert one.told["account_number"] == two.told["account_number"]
        assert one.control.settings()["pending_seconds"] == 1
        with started("--seed", "8", "--api-key", "fake-api-key") as other:
            assert other.told["api_key"] == "fake-api-key"
            assert other.told["account_number"] != one.told["account_number"]
        assert one.end(signal.SIGINT) == (0, "")


def test_it_ends_at_once_although_calls_are_held():
    with started("--opening-balance", "100", "--timeout-seconds", "600") as simulator:
        with pytest.raises(requests.ReadTimeout):
            requests.post(
                f"{simulator.url}/financial/v2/transaction/execute",
                json=order("r-1", "Sim Timeout"),
                auth=(simulator.told["api_key"], ""),
                timeout=0.3,
            )
        assert simulator.end(signal.SIGTERM)[0] == 0


def test_a_folder_belongs_to_one_simulator(tmp_path: Path):
    words = ("--state", str(tmp_path))
    with started(*words):
        code, said = refused(*words)
    assert code == 2
    assert "used by another simulator" in said


def test_a_port_belongs_to_one_simulator():
    with started() as simulator:
        port = simulator.url.rpartition(":")[2]
        code, said = refused("--port", port)
    assert (code, f"cannot listen on port {port}" in said) == (2, True)


@pytest.mark.parametrize(
    ("words", "what"),
    [
        (("--port", "70000"), "a port from 0 to 65535"),
        (("--seed", "-1"), "whole number"),
        (("--opening-balance", "1.001"), "an amount such as"),
        (("--opening-balance", "-1"), "an amount such as"),
        (("--api-key", "a:b"), "without a colon"),
        (("--pending-seconds", "soon"), "number of seconds"),
        (("--state", "/dev/null/x"), "cannot be used"),
        (("--colour",), "unrecognized arguments"),
    ],
)
def test_a_bad_flag_is_explained_and_exits_2(words: tuple[str, ...], what: str):
    code, said = refused(*words)
    assert code == 2
    assert what in said


def test_it_does_not_run_on_lambda():
    code, said = refused(environment={"AWS_LAMBDA_FUNCTION_NAME": "payouts"})
    assert (code, "Lambda" in said) == (2, True)


def test_help_shows_how_to_begin():
    code, said = refused("--help")
    assert code == 0
    assert "curl -u" in said
    assert "--opening-balance" in said
