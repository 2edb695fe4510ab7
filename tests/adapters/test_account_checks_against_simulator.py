"""Account checks against the simulator: real sockets, its own books, its own hour."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters.clock import clock_for
from chalicelib.adapters.monoova.account_checks import MonoovaVerifier
from chalicelib.adapters.monoova.credentials import KeyRing
from chalicelib.adapters.monoova.signin import SignedIn
from chalicelib.domain.account_check import Heard
from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from chalicelib.domain.money import Money
from local.monoova.server import serve
from local.monoova.simulator import Options
from local.monoova.switches import Switches
from tests.adapters.samples import (
    API_ARN,
    FakeGate,
    FakeSecretsManager,
    PatientTransport,
    secrets_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENING = 100_000
BANK = BankAccount.parse("062-000", "12345678", "Jo Citizen")
START = "/verify/v2/aba/initiate"


@pytest.fixture
def simulator() -> Iterator[Any]:
    options = Options(seed=7, opening=OPENING, switches=Switches(timeout_seconds=Decimal(30)))
    with serve(options) as running:
        yield running


@pytest.fixture
def transport() -> PatientTransport:
    return PatientTransport()


@pytest.fixture
def verifier(simulator: Any, transport: PatientTransport) -> MonoovaVerifier:
    secret = {"apiKey": simulator.api_key, "environment": "Local", "baseUrl": simulator.url}
    manager: Any = FakeSecretsManager(api_key=secret)
    keys = KeyRing(secrets_of(manager, time.monotonic), API_ARN, stage="local", on_lambda=False)
    signed_in = SignedIn(keys, transport, FakeGate())
    clock = clock_for(f"{simulator.url}/_simulator/clock")
    return MonoovaVerifier(signed_in, clock=clock, remitter="Example Pty Ltd")


def named(name: str) -> PayId:
    return PayId.parse(PayIdType.EMAIL, "jo@example.com", name)


def spent(simulator: Any) -> int:
    return OPENING - int(simulator.control.totals().balance * 100)


def test_a_pay_id_tells_its_owner_and_a_bank_account_does_not(simulator, verifier):
    begun = verifier.start(named("Sim Owner Mary Smith"), identifier="check-1", within=20)
    assert (begun.heard, begun.owner, begun.fee) == (Heard.SENT, "Mary Smith", Money(110))
    assert verifier.start(named("Jo Citizen"), identifier="c-2", within=20).owner == "Jo Citizen"
    assert verifier.start(BANK, identifier="check-3", within=20).owner == ""
    assert spent(simulator) == 3 * 111


def test_the_code_verifies_and_three_wrong_ones_lock_for_an_hour_of_its_clock(simulator, verifier):
    token = verifier.start(BANK, identifier="check-1", within=20).token
    heard = [verifier.confirm(token, code, within=20).heard for code in ("1111",) * 3]
    assert heard == [Heard.WRONG] * 3
    assert verifier.confirm(token, "555555", within=20).heard is Heard.BLOCKED
    simulator.control.advance(3601)
    assert verifier.confirm(token, "555555", within=20).heard is Heard.RIGHT
    assert verifier.confirm("fake-token", "555555", within=20).heard is Heard.LOST


@pytest.mark.parametrize(
    ("fault", "heard", "cost"),
    [
        ("timeout_after", Heard.IN_DOUBT, 111), ("timeout_before", Heard.IN_DOUBT, 0),
        ("error_after", Heard.IN_DOUBT, 111), ("error_before", Heard.IN_DOUBT, 0),
        ("reset_after", Heard.IN_DOUBT, 111), ("unparsable", Heard.IN_DOUBT, 111),
    ],
)  # fmt: skip
def test_a_start_whose_answer_is_lost_is_in_doubt_and_sent_once(
    simulator, transport, verifier, fault, heard, cost
):
    if fault.startswith("timeout"):
        transport.silent.append("verify_start")
    simulator.control.fault(START, fault)
    assert verifier.start(BANK, identifier="check-1", within=20).heard is heard
    assert spent(simulator) == cost


def test_a_refusal_costs_nothing(simulator, verifier):
    begun = verifier.start(named("Sim Refuse funds"), identifier="check-1", within=20)
    assert begun.heard is Heard.REFUSED
    assert begun.reason == "DebitTransactionWillExceedSignInCreditLimit"
    strange = verifier.start(named("Sim Refuse strangely"), identifier="check-2", within=20)
    assert strange.heard is Heard.IN_DOUBT
    assert spent(simulator) == 0


def test_a_code_whose_answer_is_lost_may_be_asked_again(simulator, verifier):
    token = verifier.start(BANK, identifier="check-1", within=20).token
    simulator.control.fault("/verify/v1/aba/validate", "error_after")
    assert verifier.confirm(token, "555555", within=20).heard is Heard.NOT_ANSWERED
    assert verifier.confirm(token, "555555", within=20).heard is Heard.RIGHT
