"""The job of the sandbox is a job: by the simulator it passes, and what is wrong is noticed."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chalicelib.adapters.clock import clock_for
from local.monoova.server import serve
from local.monoova.simulator import Options
from local.monoova.switches import Switches
from tests.sandbox.__main__ import DID_NOT_RUN, PASSED, WENT_WRONG, main
from tests.sandbox.job import ACCOUNT, KEY, NAMES, PAYEE, PAYID, SECRET, Surroundings

TOLD = {KEY: "fake-key", ACCOUNT: "6279059700000001", PAYID: "jo@example.com", PAYEE: "Sim Pending"}


@pytest.fixture
def simulator():
    with serve(Options(seed=7, opening=100)) as running:
        yield running


def here(simulator, said: list[str]) -> Surroundings:
    """The simulator in the sandbox's place; whoever sleeps moves its clock."""
    secret = {"environment": "Local", "baseUrl": simulator.url}
    clock = clock_for(f"{simulator.url}/_simulator/clock")
    return Surroundings(
        secret, clock, tell=said.append,
        sleep=lambda seconds: simulator.control.advance(int(seconds), notice=Decimal("0.3")),
    )  # fmt: skip


def told(simulator, **changed: str) -> dict[str, str]:
    known = {KEY: simulator.api_key, ACCOUNT: str(simulator.account_number)}
    more = {f"MONOOVA_SANDBOX_{name}": value for name, value in changed.items()}
    return {**TOLD, **known, **more}


def test_a_cent_is_paid_once_and_followed_to_its_end(simulator):
    said: list[str] = []
    assert main(told(simulator), here(simulator, said)) == PASSED
    assert said[-1] == "debits of a cent under that reference: 1"
    assert "Pending" in said[1]
    text = "\n".join(said)
    assert not [value for value in told(simulator).values() if value in text]
    (executed,) = simulator.control.books()["executions"]
    assert (executed["executed_count"], executed["amount"]) == (1, "0.01")


@pytest.mark.parametrize("payee", ["Sim Refuse", "Sim Reject ACCOUNT CLOSED"])
def test_another_end_is_no_success(payee: str, simulator, capsys: pytest.CaptureFixture[str]):
    assert main(told(simulator, PAYEE=payee), here(simulator, [])) == WENT_WRONG
    assert "FAILED" in capsys.readouterr().err


def test_a_provider_that_takes_a_reference_twice_is_noticed(capsys: pytest.CaptureFixture[str]):
    with serve(Options(seed=7, opening=100, switches=Switches(refuses_repeats=False))) as running:
        assert main(told(running), here(running, [])) == WENT_WRONG
    assert "2 times" in capsys.readouterr().err


@pytest.mark.parametrize("name", NAMES)
def test_without_all_that_it_takes_it_did_not_run(name: str, capsys: pytest.CaptureFixture[str]):
    assert main({**TOLD, name: " "}) == DID_NOT_RUN
    said = capsys.readouterr()
    assert f"NOT RUN, so nothing is known: not set: {name}" in said.err
    assert said.out == ""


def test_a_payee_that_is_none_is_not_quoted(capsys: pytest.CaptureFixture[str]):
    assert main({**TOLD, PAYID: "nobody at all"}) == DID_NOT_RUN
    assert "nobody at all" not in capsys.readouterr().err


def test_a_refused_key_did_not_run_and_is_not_tried_again(simulator):
    assert main(told(simulator, KEY="another-key"), here(simulator, [])) == DID_NOT_RUN
    assert simulator.control.books()["executions"] == []


def test_an_account_without_a_cent_did_not_run():
    with serve(Options(seed=7, opening=0)) as empty:
        assert main(told(empty), here(empty, [])) == DID_NOT_RUN


def test_it_speaks_to_the_sandbox_alone():
    assert SECRET == {"environment": "Sandbox", "baseUrl": "https://api.m-pay.com.au"}
