"""The searcher finds what is planted, the ears hear what is written: negative controls."""

import base64
import logging
import sys
from collections.abc import Callable
from types import SimpleNamespace
from urllib.parse import quote

import pytest

from chalicelib.api import log
from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from tests.api.client import Answer
from tests.fuzz import planted
from tests.fuzz.door import Asked, Door
from tests.fuzz.ears import Ears
from tests.fuzz.exposure import OF_CUSTOMERS, ON_THE_DESK, may_show, quoted
from tests.fuzz.leaks import ADDRESS, STACK, Searcher
from tests.fuzz.stage import Outcome, stage

SEARCHER = Searcher()
SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "capitals": str.upper,
    "percent-encoded": lambda text: quote(text, safe=""),
    "hexadecimal": lambda text: text.encode().hex(),
    "Base64": lambda text: base64.b64encode(text.encode()).decode(),
    "Base64 after one byte": lambda text: base64.b64encode(b"x" + text.encode()).decode(),
    "Base64 after two bytes": lambda text: base64.b64encode(b"xy" + text.encode() + b"z").decode(),
}


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("value", planted.EVERYTHING)
def test_a_planted_value_is_found_however_it_is_spelled(value: str, spelling: str):
    text = f'{{"told": "before {SPELLINGS[spelling](value)}"}}'
    assert planted.EVERYTHING[value] in SEARCHER.find(text)


def test_a_stack_and_an_address_are_found():
    try:
        int("x")
    except ValueError:
        with Ears() as ears:
            logging.getLogger("anybody").exception("went wrong")
            told = ears.heard()
    assert STACK in SEARCHER.find(told)
    assert ADDRESS in SEARCHER.find(repr(object()))


def test_masks_and_ids_are_no_leaks():
    account = BankAccount.parse("062-000", planted.ACCOUNT, planted.PAYEE)
    pay_id = PayId.parse(PayIdType.EMAIL, planted.PAY_ID_EMAIL, planted.PAYEE)
    for each in (account, pay_id):
        assert not SEARCHER.find(f"{each!r} {each.masked} {each.masked_name}")
    assert not SEARCHER.find('{"transaction_id": "64446e85-1aa6-86b9-973a-80fcc4f93c60"}')


def _print() -> None:
    print(planted.ACCOUNT)


def _write_to_stderr() -> None:
    sys.stderr.write(planted.ACCOUNT)


def _log_a_field() -> None:
    logging.getLogger("payouts").info("sent", extra={"payee": SimpleNamespace(no=planted.ACCOUNT)})


def _log_an_error() -> None:
    try:
        int(f"no number: {planted.ACCOUNT}")
    except ValueError:
        logging.getLogger("chalice").debug("oh", exc_info=True)


@pytest.mark.plants
@pytest.mark.parametrize("write", [_print, _write_to_stderr, _log_a_field, _log_an_error])
def test_whatever_is_written_is_heard_once(write):
    with Ears() as ears:
        write()
        assert planted.PERSONAL[planted.ACCOUNT] in SEARCHER.find(ears.heard())
        assert not SEARCHER.find(ears.heard())


class Leaky(Door):
    """A door that shows an account in a header, and writes a PayID into the log."""

    def ask(self, asked: Asked) -> Answer:
        answer = super().ask(asked)
        log.deed("leaky", {"payee": planted.PAY_ID_EMAIL})
        return Answer(answer.status, {**answer.headers, "X-Payee": planted.ACCOUNT}, answer.text)


@pytest.mark.plants
def test_a_leak_that_is_planted_at_the_door_is_a_finding():
    asked = Asked("GET", "/health")
    found = {}
    for door in (Door, Leaky):
        with stage(door) as on:
            outcome = Outcome(0, asked, "a control")
            on.ask(asked, outcome)
            found[door] = outcome.findings
    assert found[Door] == []
    assert found[Leaky] == [
        "asked: the payee's account in the answer 200 to /health",
        "asked: the payee's PayID in a line that was written",
    ]


@pytest.mark.parametrize(
    ("method", "target", "status", "allowed"),
    [
        ("GET", "/customers", 200, OF_CUSTOMERS),
        ("POST", "/customers", 201, OF_CUSTOMERS),
        ("GET", "/customers", 403, set()),
        ("GET", "/approvals", 200, ON_THE_DESK),
        ("GET", "/approvals", 403, set()),
        ("GET", "/payouts", 200, set()),
        ("GET", "/nowhere", 200, set()),
        ("POST", "/webhooks/monoova", 200, set()),
    ],
)
def test_a_customers_name_is_shown_where_customers_are_kept_and_nowhere_else(
    method: str, target: str, status: int, allowed: set[str]
):
    assert may_show(Asked(method, target), Answer(status, {}, "")) == allowed


def test_what_may_be_quoted_is_what_the_provider_says_of_a_payout():
    raw = b'{"data": [{"ReturnReason": "CLOSED", "AccountName": "Jo", "AMOUNT": 1.50}]}'
    assert quoted(raw).split("\n") == ["CLOSED", "1.50"]
