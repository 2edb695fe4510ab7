"""The house rules that a reader may rely on, asked of the source itself.

Each rule is shown to find made-up breaches as well as to find none in the house.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.house_rules import (
    LONGEST,
    MAY_IMPORT,
    MAY_REVEAL,
    ROOT,
    Module,
    floats,
    foreign_imports,
    guarded,
    hand_written_references,
    imports_of_what_never_ships,
    impure_imports,
    modules,
    of_file,
    outward_imports,
    owner,
    patches,
    relative_imports,
    revealers,
    scans,
    too_long,
    vague_names,
    without_docstring,
)

if TYPE_CHECKING:
    from collections.abc import Callable

SHIPPED = [of_file(ROOT / "app.py"), *modules("chalicelib")]
HOUSE = [*SHIPPED, *modules("local", "deployment")]
TESTS = modules("tests")
# Each rule, where it holds, and sources that break it: (module, source).
RULES: dict[str, tuple[Callable[[Module], list[str]], list[Module], list[tuple[str, str]]]] = {
    "imports point inward, and api and adapters never meet": (
        outward_imports, SHIPPED, [
            ("chalicelib.domain.payout", "from chalicelib.usecases import hear"),
            ("chalicelib.domain.payout", "def f():\n    import chalicelib.ports"),
            ("chalicelib.usecases.hear", "from chalicelib.adapters.kms import KmsVault"),
            ("chalicelib.usecases.hear", "from chalicelib import settings"),
            ("chalicelib.api.views", "from chalicelib.adapters.sqs import letter_from"),
            ("chalicelib.api.views", "from chalicelib.wiring import wire"),
            ("chalicelib.adapters.sqs", "from chalicelib.api import schemas"),
            ("chalicelib.adapters.sqs", "from chalicelib.usecases.hear import hear"),
            ("chalicelib.adapters.sqs", "from chalicelib.settings import Settings"),
            ("chalicelib.ports", "from chalicelib.usecases import hear"),
            ("chalicelib.settings", "from chalicelib.adapters import kms"),
            ("chalicelib.invocation", "from chalicelib.domain import money"),
            ("chalicelib.domain.money", "from chalicelib.invocation import REQUEST_ID"),
            ("chalicelib.routes.payouts", "from chalicelib.adapters import kms"),
            ("chalicelib.entrance", "from chalicelib.routes import payouts"),
            ("app", "from chalicelib.adapters import kms"),
        ],
    ),
    "the core needs nothing but Python": (
        foreign_imports, SHIPPED, [
            ("chalicelib.domain.money", "import pydantic"),
            ("chalicelib.usecases.hear", "from boto3 import client"),
        ],
    ),
    "the core neither logs, nor looks at a clock, nor does input or output": (
        impure_imports, SHIPPED, [
            ("chalicelib.domain.money", "import logging"),
            ("chalicelib.usecases.hear", "from os import environ"),
            ("chalicelib.usecases.hear", "print('heard')"),
            ("chalicelib.domain.payout", "at = datetime.now(UTC)"),
            ("chalicelib.usecases.hear", "day = date.today()"),
        ],
    ),
    "what ships never imports what does not": (
        imports_of_what_never_ships, HOUSE, [
            ("chalicelib.wiring", "from local import cloud"),
            ("chalicelib.domain.money", "import tests.fakes.clock"),
            ("local.cloud", "from tests.fakes import clock"),
            ("deployment.twin", "from tests.fakes import clock"),
            ("chalicelib.wiring", "from deployment import check"),
            ("app", "from local.chalice_local import install"),
            ("app", "if DEBUG:\n    from local.chalice_local import install"),
        ],
    ),
    "no import is relative": (
        relative_imports, [*HOUSE, *TESTS], [("local.cloud", "from . import engines")],
    ),
    "no float comes near money": (
        floats, SHIPPED, [
            ("chalicelib.domain.money", "x = float('1.10')"),
            ("chalicelib.domain.money", "LEAST = 0.01"),
            ("chalicelib.domain.money", "def f(amount: float): ..."),
            ("chalicelib.domain.money", "x = cents / 100"),
            ("chalicelib.usecases.fund", "def f(amount: float): ..."),
            ("chalicelib.usecases.fund", "def f(within: float): return float(within)"),
            ("chalicelib.usecases.fund", "def f(x): return x * 0.5"),
            ("chalicelib.usecases.fund", "def f(x): return x / 2"),
        ],
    ),
    "only the vault's form and the provider's request reveal a destination": (
        revealers, HOUSE, [
            ("chalicelib.api.views", "x = destination.reveal()"),
            ("chalicelib.api.views", "x = getattr(destination, 'reveal')()"),
            ("chalicelib.adapters.kms", "x = account._account_number"),
            ("local.demo", "f = destination.reveal"),
        ],
    ),
    "what the provider knows an attempt by is written in one place": (
        hand_written_references, SHIPPED, [
            ("chalicelib.domain.story", "f'{payout.transaction_id}-{attempt}'"),
            ("chalicelib.adapters.by_bank", 'f"{line.transaction_id}-{line.attempt}"'),
            ("chalicelib.domain.account_day", "f'{self.payout_id}-{self.number}'"),
        ],
    ),
    "no table is scanned": (
        scans, SHIPPED, [
            ("chalicelib.adapters.dynamo.payouts", "table.scan()"),
            ("chalicelib.adapters.dynamo.payouts", "client.get_paginator('scan')"),
        ],
    ),
    "a module's name says what it is for": (
        vague_names, [*HOUSE, *TESTS], [
            ("chalicelib.utils", ""), ("tests.fakes.helpers", ""), ("local.base", ""),
        ],
    ),
    "no module is longer than can be read at once": (
        too_long, HOUSE, [("chalicelib.ports", "x = 1\n" * (LONGEST + 1))],
    ),
    "every module says what it is for": (
        without_docstring, HOUSE, [("chalicelib.ports", "x = 1")],
    ),
    "no test patches what it tests": (
        patches, TESTS, [
            ("tests.test_x", "from unittest.mock import patch"),
            ("tests.test_x", "from unittest import mock"),
            ("tests.test_x", "import mock"),
            ("tests.test_x", "def test(mocker): ..."),
            ("tests.test_x", "def test(monkeypatch): monkeypatch.setattr(x, 'y', 1)"),
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", RULES)
def test_the_house_keeps_its_rules(name):
    rule, where, _ = RULES[name]
    broken = {module.name: found for module in where if (found := rule(module))}
    assert broken == {}


BREACHES = [(name, module, source) for name, (*_, bad) in RULES.items() for module, source in bad]


@pytest.mark.parametrize(("name", "module", "source"), BREACHES)
def test_a_rule_finds_what_breaks_it(name, module, source):
    rule, *_ = RULES[name]
    assert rule(Module(module, source))


def test_the_rules_look_at_the_whole_house():
    packages = {module.name.split(".")[1] for module in SHIPPED if "." in module.name}
    assert packages >= {"domain", "usecases", "adapters", "api", "ports", "wiring", "settings"}
    owners = {owner(module.name) for module in SHIPPED} - {"chalicelib"}
    assert owners == set(MAY_IMPORT), "a package without a rule"
    assert {module.name for module in SHIPPED} >= MAY_REVEAL
    assert len(HOUSE) > 80
    assert len(TESTS) > 40


def test_what_may_be_done_on_a_laptop_is_done_in_one_guarded_place():
    app = SHIPPED[0]
    assert app.name == "app"
    assert any("local" in ast.unparse(node) for node in guarded(app))


def test_allowed_seconds_are_no_breach():
    assert not floats(Module("chalicelib.usecases.send", "LIFE = 20.0\ndef f(within: float): ..."))
    allowed = "if os.environ.get('PAYOUTS_LOCAL'):\n    from local.chalice_local import install"
    assert not imports_of_what_never_ships(Module("app", allowed))
