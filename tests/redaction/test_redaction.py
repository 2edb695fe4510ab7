"""The search finds what is planted, however it is spelled, and does not tell it: controls."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from chalicelib.domain.destination import BankAccount, PayId, PayIdType
from tests.fuzz import planted
from tests.redaction import hearing
from tests.redaction.known import EMAIL, NAME, NUMBER, SECRET, values
from tests.redaction.plugin import PLANTED, ROOT, search
from tests.redaction.search import Search

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PEOPLE = {
    "zoë o\u2019brien": NAME, "barnaby quist": NAME, "70935518": NUMBER, "12345678": NUMBER,
    "payee.hush@example.net": EMAIL, "fake-token-of-the-webhooks": SECRET,
}  # fmt: skip


def _base64_behind(ahead: int) -> Callable[[str], str]:
    """Each of the three ways in which a text can lie among what is spelled three by three."""
    return lambda text: base64.b64encode(
        b"~" * ahead + b" " + text.encode() + b" and more"
    ).decode()


SPELLINGS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "capitals": str.upper,
    "percent-encoded": lambda text: quote(text, safe=""),
    "percent-encoded as a form": lambda text: quote(text, safe="").replace("%20", "+"),
    "escaped as JSON": json.dumps,
    "escaped as JSON, twice": lambda text: json.dumps(json.dumps(text)),
    "hexadecimal": lambda text: text.encode().hex(),
    **{f"Base64 behind {ahead} characters": _base64_behind(ahead) for ahead in range(3)},
    "Base64 for addresses": lambda text: base64.urlsafe_b64encode(f"??>{text}".encode()).decode(),
}  # fmt: skip
SEARCH = Search(PEOPLE)


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("value", PEOPLE)
def test_a_value_is_found_however_it_is_spelled(value: str, spelling: str):
    assert PEOPLE[value] in SEARCH.kinds(f'told: "{SPELLINGS[spelling](value)}"')


@pytest.mark.parametrize("text", [
    "somebody@else.example.org", "eyJhbGciOiJub25lIn0.eyJzdWIiOiJib2IifQ.c2lnbmF0dXJl",
    "Authorization: Basic dXNlcjpwYXNzd29yZA==", "+61-412345678", "+61412345678",
    "pay***@example.net", "p***@example.net", "***5518", "+61-***0156", "Zoë O***", "Z*** Hush",
])  # fmt: skip
def test_what_is_drawn_or_masked_too_little_is_found_by_how_it_looks(text: str):
    assert SEARCH.kinds(f"told: {text}")


@pytest.mark.parametrize("text", [
    "170935518", "1795375139635", "fe12345678", "Barnaby Quistle", "dynamodb.TransactWriteItems",
    '{"request_id": "64446e85-1aa6-86b9-973a-80fcc4f93c60"}', "POST /payouts 202 12 ms",
    hex(2**200), base64.b64encode(bytes(range(128, 200))).decode(),
])  # fmt: skip
def test_what_is_none_of_it_is_not_found(text: str):
    assert not SEARCH.kinds(text)


def test_masks_of_ours_are_not_found():
    told: list[BankAccount | PayId] = [
        BankAccount.parse("062-000", "70935518", planted.PAYEE),
        PayId.parse(PayIdType.EMAIL, planted.PAY_ID_EMAIL, planted.PAYEE),
        PayId.parse(PayIdType.PHONE, planted.PAY_ID_PHONE, planted.PAYEE),
    ]
    for each in told:
        assert not SEARCH.kinds(f"{each!r} {each.masked} {each.masked_name}")


def test_values_are_read_where_tests_make_destinations_customers_and_keys_of_them(tmp_path: Path):
    source = """
TOKEN = "Bearer fake-token-of-mine"
NOTHING = "Nobody Else"
BankAccount.parse("062-000", "1234 5678", "Jo")
Profile("Mary Smith", "mary@example.com", ())
body = {"accountName": "Al Citizen", "note": "Somebody Else", "apiKey": name}
make(account_number="87654321")
"""
    drawn = tmp_path / "secrets.json"
    drawn.write_text('{"webhook": {"current": "Bearer drawn-at-random"}, "short": "x"}')
    found = values([source], [drawn])
    told = {value for value in found if value not in {each.lower() for each in planted.EVERYTHING}}
    assert told == {
        "fake-token-of-mine", "1234 5678", "mary smith", "mary@example.com", "al citizen",
        "87654321", "drawn-at-random",
    }  # fmt: skip


def test_logs_of_a_stack_are_searched_also_those_that_are_about_to_go(tmp_path: Path):
    run, stack = tmp_path / PLANTED / "run", tmp_path / PLANTED / "payouts-kills-x"
    (stack / "logs").mkdir(parents=True)
    run.mkdir()
    (stack / "secrets.json").write_text('{"api_key": "drawn-at-random"}')
    (stack / "logs" / "server.log").write_text("POST /payouts 202\nwith drawn-at-random\n")
    heard = hearing.listen(run / "heard.written")
    try:
        hearing.about_to_go(stack)
    finally:
        hearing.leave(heard)
    (found,) = search(run).found
    assert found.kind == SECRET
    assert found.where.endswith("server.log")


def test_of_a_test_that_plants_nothing_is_heard_and_problems_are(tmp_path: Path):
    heard = hearing.listen(tmp_path / "heard.written")
    heard.is_deaf = True
    hearing.problem(422, "planted")
    heard.is_deaf = False
    hearing.problem(200, "no problem")
    hearing.problem(422, "two\nlines")
    hearing.leave(heard)
    ((_, text),) = hearing.told(tmp_path / "heard.written")
    assert text == "two\nlines"


A_RUN = """
import logging, pytest

def test_one_that_leaks():
    logging.getLogger("payouts").error("paid", extra={"fields": {}, "to": "%(value)s"})
    print("paid", "%(value)s")

@pytest.mark.plants
def test_one_that_plants():
    logging.getLogger("payouts").error("paid", extra={"fields": {}, "to": "%(value)s"})
    print("paid", "%(value)s")
"""


@pytest.mark.parametrize("which", ["leaks", "plants"])
def test_a_run_in_which_something_is_written_is_red_and_says_where_and_not_what(
    tmp_path: Path, which: str
):
    (tmp_path / "test_it.py").write_text(A_RUN % {"value": planted.ACCOUNT})
    command = [sys.executable, "-m", "pytest", "-p", "tests.redaction.plugin", "-n", "1", "-q",
               "-p", "no:cacheprovider", "--basetemp", str(tmp_path / PLANTED), "-k", which,
               "--rootdir", str(tmp_path), str(tmp_path / "test_it.py")]  # fmt: skip
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=100
    )
    told = done.stdout
    assert "1 passed" in told, told + done.stderr
    assert planted.ACCOUNT not in told
    assert done.returncode == (1 if which == "leaks" else 0)
    where = "test_it.py::test_one_that_leaks"
    assert (f"{where}: {NUMBER}" in told) == (which == "leaks")
    assert (f"{where}, printed: {NUMBER}" in told) == (which == "leaks")
