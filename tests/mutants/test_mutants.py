"""The mutants fit the code of today, each rule of money has one, and the runner tells the truth."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.mutants import rules
from tests.mutants.catalogue import MUTANTS, PAYOUTS
from tests.mutants.copies import Copy, Project
from tests.mutants.mutant import Mutant, named, staleness
from tests.mutants.running import Catchers, NotSound, Outcome, Runner
from tests.test_money_rules import ALL

NAMES = [mutant.name for mutant in MUTANTS]
# Where money is decided upon, kept and sent: each has mutants of its own.
PLACES = ("domain", "usecases", "adapters/dynamo", "adapters/monoova")


@cache
def functions(file: str) -> dict[str, ast.FunctionDef]:
    """All functions of a test module by their names, those of classes as `Class.function`."""
    found: dict[str, ast.FunctionDef] = {}
    for node in ast.parse((PAYOUTS.root / file).read_text("utf-8")).body:
        inner = node.body if isinstance(node, ast.ClassDef) else [node]
        prefix = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
        found |= {prefix + each.name: each for each in inner if isinstance(each, ast.FunctionDef)}
    return found


def test_there_are_as_many_as_were_promised_in_every_place():
    assert len(MUTANTS) >= 40
    found = Counter(place for place in PLACES for each in MUTANTS if f"/{place}/" in each.file)
    assert all(found[place] >= 10 for place in PLACES), found


def test_no_two_have_the_same_name_or_the_same_edit():
    assert [name for name, count in Counter(NAMES).items() if count > 1] == []
    edits = Counter((each.file, each.old, each.new) for each in MUTANTS)
    assert [edit for edit, count in edits.items() if count > 1] == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
def test_a_mutant_fits_the_code_of_today(mutant):
    assert staleness(mutant, PAYOUTS.root) == ""


@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
def test_who_should_notice_a_mutant_is_there(mutant):
    for test in mutant.tests:
        file, function = named(test)
        assert (PAYOUTS.root / file).is_file(), test
        assert function in functions(file), test
        marks = map(ast.unparse, functions(file)[function].decorator_list)
        assert not any("given" in mark for mark in marks), f"only chance would notice: {test}"


def test_no_mutant_names_what_is_not_there(tmp_path):
    """Else a test, or an `except` of ours, would notice the name and not the broken rule."""
    for number, mutant in enumerate(MUTANTS):
        source = (PAYOUTS.root / mutant.file).read_text("utf-8")
        mutated = source.replace(mutant.old, mutant.new)
        (tmp_path / f"mutant_{number}.py").write_text(mutated, "utf-8")
    told = ["check", "--isolated", "--no-cache", "--select", "F821", str(tmp_path)]
    ended = subprocess.run(
        [sys.executable, "-m", "ruff", *told], capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stdout


def test_every_rule_of_money_has_a_mutant_and_every_mutant_a_rule():
    written = {rule for areas in ALL for area in areas.values() for rule in area}
    short = {value for name, value in vars(rules).items() if name.isupper()}
    assert short == written
    assert {mutant.rule for mutant in MUTANTS} == written


def test_the_copy_holds_everything_that_the_project_imports_from():
    assert {"chalicelib", "app.py", "tests", "local", "pyproject.toml"} <= set(PAYOUTS.parts)
    assert all((PAYOUTS.root / part).exists() for part in PAYOUTS.parts)


# A project of two lines, to see what the runner says of it.
SHOP = "def change(paid, price):\n    return paid - price\n\n\ndef shout(text):\n    return text\n"
CHECK = """
from shop import till

def test_the_change_is_what_is_left():
    assert till.change(5, 3) == 2
"""
WEEKS = """
import sys
from shop import till

weeks, first = int(sys.argv[2]), int(sys.argv[4])
for seed in range(first, first + weeks):
    if till.change(seed, 3) != seed - 3:
        print(f"FAILED seed {seed}: wrong change", flush=True)
        sys.exit(1)
"""
TILL = "shop/till.py"
CHANGE = ("check_till.py::test_the_change_is_what_is_left",)


@pytest.fixture
def shop(tmp_path):
    root = tmp_path / "project"
    (root / "shop").mkdir(parents=True)
    (root / "shop" / "__init__.py").write_text("")
    (root / TILL).write_text(SHOP)
    (root / "check_till.py").write_text(CHECK)
    (root / "weeks.py").write_text(WEEKS)
    return Project(root, ("shop", "check_till.py", "weeks.py"), ("shop",), simulation="weeks")


def breaking(old, new, tests=CHANGE, **more):
    return Mutant(f"{old} becomes {new}", TILL, old, new, "change is right", tests, **more)


def judged(shop, mutant, **settings):
    (verdict,) = Runner(shop, processes=1, **settings).run([mutant])
    return verdict


def test_a_mutant_that_a_test_notices_is_caught_by_it(shop):
    verdict = judged(shop, breaking("paid - price", "paid"))
    assert (verdict.outcome, verdict.told) == (Outcome.CAUGHT, CHANGE[0])


def test_a_mutant_that_nobody_notices_survives(shop):
    verdict = judged(shop, breaking("return text", "return text.upper()"))
    assert verdict.outcome is Outcome.SURVIVED


@pytest.mark.parametrize(
    ("old", "why"),
    [("paid * price", "stands 0 times"), ("return", "stands 2 times")],
    ids=["gone", "ambiguous"],
)
def test_a_mutant_that_does_not_fit_any_more_is_stale(shop, old, why):
    verdict = judged(shop, breaking(old, "pass"))
    assert verdict.outcome is Outcome.STALE
    assert why in verdict.told


@pytest.mark.parametrize(
    "new", ["paid - price # of course", "paid -", "paid - price\n"], ids=["comment", "text", "line"]
)
def test_a_mutant_that_breaks_no_rule_but_the_text_is_stale(shop, new):
    assert judged(shop, breaking("paid - price", new)).outcome is Outcome.STALE


@pytest.mark.parametrize(
    ("old", "new"),
    [("def change", "import nowhere\n\n\ndef change"), ("paid - price", "paid - cost")],
    ids=["import", "name"],
)
def test_a_mutant_that_cannot_even_run_is_not_caught_by_that(shop, old, new):
    assert judged(shop, breaking(old, new)).outcome is Outcome.SENSELESS


def test_a_mutant_that_only_weeks_notice_is_caught_by_the_first_bad_one(shop):
    verdict = judged(shop, breaking("paid - price", "min(paid, 7) - price", (), by_simulation=True))
    assert (verdict.outcome, verdict.told) == (Outcome.CAUGHT, "simulation seed 8 after 9 weeks")


def test_what_enough_weeks_do_not_show_is_for_the_tests(shop):
    mutant = breaking("paid - price", "paid - min(price, 2)", by_simulation=True)
    late = breaking("paid - price", "min(paid, 7) - price", (), by_simulation=True)
    assert judged(shop, mutant, catchers=Catchers.TESTS).told == CHANGE[0]
    assert judged(shop, late, weeks=8).outcome is Outcome.SURVIVED


def test_a_simulation_that_falls_over_decides_nothing(shop):
    mutant = breaking("def change", "def changed", (), by_simulation=True)
    assert judged(shop, mutant).outcome is Outcome.UNDECIDED


def test_a_test_that_does_not_end_decides_nothing(shop, tmp_path):
    mutant = breaking("return text", "return text * 2")
    copy = Copy(shop, tmp_path / "copy")
    with copy.broken_by(mutant):
        assert copy.test(CHANGE, seconds=0.01).verdict == "nothing"
        # It was ended, and nobody else has to wait for it.
        assert copy.test(CHANGE).verdict == "passed"
    copy.stop()


def test_nothing_is_tried_while_the_code_as_it_is_fails_a_test(shop):
    (shop.root / "check_till.py").write_text(CHECK.replace("== 2", "== 3"))
    with pytest.raises(NotSound, match="the_change_is_what_is_left"):
        judged(shop, breaking("paid - price", "paid"))


def test_the_tree_itself_is_never_written_and_the_copy_is_whole_afterwards(shop, tmp_path):
    mutant = breaking("paid - price", "paid")
    copy = Copy(shop, tmp_path / "copy")
    with copy.broken_by(mutant):
        assert "return paid\n" in (tmp_path / "copy" / TILL).read_text()
        assert copy.test(CHANGE).verdict == "failed"
    assert (tmp_path / "copy" / TILL).read_text() == SHOP == (shop.root / TILL).read_text()
    assert copy.test(CHANGE).verdict == "passed"
    copy.stop()


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (["--only", "no such thing"], "no mutant has 'no such thing' in its name, file or rule"),
        (["--processes", "0"], "0 is less than 1"),
        (["--weeks", "many"], "'many' is no whole number"),
        (["--by", "chance"], "chance"),
    ],
)
def test_an_impossible_setting_is_said_to_be_one(setting, message):
    ended = command(*setting)
    assert ended.returncode == 2
    assert message in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_list_shows_the_mutants_and_runs_none():
    ended = command("--list", "--only", "quarantine")
    assert ended.returncode == 0
    assert "the quarantine is forgotten" in ended.stdout


def command(*told):
    return subprocess.run(
        [sys.executable, "-m", "tests.mutants", *told],
        cwd=Path(PAYOUTS.root), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
