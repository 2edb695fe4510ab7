"""docs/simulator.md has every rule, fault, switch, flag and endpoint of the simulator."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from local.monoova.__main__ import arguments
from local.monoova.fault_rules import KINDS, PLACES
from local.monoova.outcomes import BY_NAME, CODES
from local.monoova.routes import OURS, ROUTES
from local.monoova.switches import Switches

DOCUMENT = (Path(__file__).parents[2] / "docs" / "simulator.md").read_text()
SOURCES = sorted((Path(__file__).parents[2] / "local" / "monoova").glob("*.py"))


@pytest.mark.parametrize("word", BY_NAME)
def test_every_name_rule_is_a_row(word: str):
    assert f"| `Sim {word.capitalize()}" in DOCUMENT


@pytest.mark.parametrize(("word", "code"), CODES.items())
def test_every_word_of_refusal_is_a_row(word: str, code: str):
    assert f"| `{word}` | `{code}` |" in DOCUMENT


@pytest.mark.parametrize("fault", sorted(KINDS | PLACES))
def test_every_fault_and_place_is_named(fault: str):
    section = DOCUMENT.partition("## Faults")[2].partition("\n## ")[0]
    assert f"`{fault}`" in section


def test_every_switch_is_a_row_and_no_other_is():
    section = DOCUMENT.partition("## Switches")[2].partition("\n## ")[0]
    rows = set(re.findall(r"^\| `([a-z_]+)` \|", section, re.MULTILINE))
    assert rows == {field.name for field in fields(Switches)}


def test_every_flag_is_a_row():
    flags = set(re.findall(r"--[a-z-]+", arguments().format_help())) - {"--help"}
    rows = set(re.findall(r"^\| `(--[a-z-]+)", DOCUMENT, re.MULTILINE))
    assert rows == flags


def test_every_endpoint_of_ours_is_a_row_with_its_methods():
    section = DOCUMENT.partition("## Our own endpoints")[2].partition("\n## ")[0]
    for route in (route for route in ROUTES if route.place == OURS):
        rows = [line for line in section.splitlines() if f"{route.template}`" in line]
        assert any(re.search(rf"\b{route.method}\b", row) for row in rows), route.template


def test_every_status_of_the_source_that_is_ours_is_owned_up_to():
    known = DOCUMENT.partition("Statuses of our own")[2].partition("\n\n")[0]
    found = set()
    for source in SOURCES:
        found |= set(re.findall(r'(?:Refused|_failed)\(\s*"([A-Z][A-Za-z]+)"', source.read_text()))
    provider = {
        "FinancialValidateInvalidTotalAmount",
        "InvalidAmountsDontMatch",
        "InvalidDisbursementMethod",
        "InvalidDisbursementsCollection",
        "InvalidMAccount",
        "InvalidPaymentSource",
        "MerchantFailedToLogin",
        "MerchantLockedOut",
        "NotAuthorisedToDebitmAccount",
        "RequestBodyIsNotTheExpectedType",
        "RequestBodyNotValidJson",
        "UniqueIdNotFound",
        "UniqueReferenceExceedsMaxLength",
        "UniqueReferenceExists",
        "WebhookAlreadySubscribed",
    }
    assert {code for code in found - provider if f"`{code}`" not in known} == set()
    assert len(found) > 25


def test_the_house_rules_hold_for_every_module():
    for source in SOURCES:
        text = source.read_text()
        assert len(text.splitlines()) <= 300, source.name
        assert "chalicelib" not in text, source.name
        assert text.startswith('"""'), source.name
