"""What is written about the code is true of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.domain import errors, refusals
from chalicelib.domain.payout import LIFECYCLE, Status
from local import asvs_page, drawing, metrics_page, policies_page, reasons_page, roles_page

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def test_the_drawing_of_a_payouts_life_is_that_of_the_table():
    written = (ROOT / "docs" / "payout-life.md").read_text("utf-8")
    assert written == drawing.page(), "python -m local.drawing > docs/payout-life.md"


def test_the_page_of_reasons_is_that_of_the_tables():
    written = (ROOT / "docs" / "reasons.md").read_text("utf-8")
    assert written == reasons_page.page(), "python -m local.reasons_page > docs/reasons.md"


def test_the_page_of_roles_is_that_of_the_matrix():
    written = (ROOT / "docs" / "roles.md").read_text("utf-8")
    assert written == roles_page.page(), "python -m local.roles_page > docs/roles.md"


def test_the_page_of_metrics_is_that_of_the_table():
    written = (ROOT / "docs" / "metrics.md").read_text("utf-8")
    assert written == metrics_page.page(), "python -m local.metrics_page > docs/metrics.md"


def test_the_page_of_policies_is_that_of_the_form_and_the_defaults():
    written = (ROOT / "docs" / "policies.md").read_text("utf-8")
    assert written == policies_page.page(), "python -m local.policies_page > docs/policies.md"


def test_the_drawing_shows_every_turn_of_the_table_and_no_other():
    drawn = set()
    for line in drawing.page().splitlines():
        if found := re.fullmatch(r" +(\w+) --> (\w+): (.+)", line):
            drawn |= {(found[1], found[2], kind) for kind in found[3].split(", ")}
    turns = {
        (str(was), str(to), re.sub(r"(?<!^)([A-Z])", r" \1", kind.__name__).lower())
        for was, row in LIFECYCLE.items()
        for kind, to in row.items()
        if was is not to
    }
    assert drawn == turns


@pytest.mark.parametrize("status", list(Status))
def test_the_page_says_of_every_status_where_the_money_is(status):
    (row,) = re.findall(rf"^\| {status} \| ([\w ]+) \|", drawing.page(), re.MULTILINE)
    assert row in drawing.MONEY.values()


def _written_tests() -> set[str]:
    sources = (path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    return set(re.findall(r"^def (test_\w+)", "\n".join(sources), re.MULTILINE))


def test_every_test_that_a_page_calls_a_proof_exists():
    named = {name for page in PAGES for name in re.findall(r"`(test_\w+)`", page.read_text())}
    assert len(named) > 10
    assert named <= _written_tests()


def test_the_page_of_the_verification_standard_is_that_of_its_data():
    written = (ROOT / "docs" / "asvs.md").read_text("utf-8")
    assert written == asvs_page.page(), "python -m local.asvs_page > docs/asvs.md"


def test_every_requirement_of_levels_1_and_2_is_answered_once():
    mapping = asvs_page.read(asvs_page.DATA.read_text("utf-8"))
    answered = sorted(each for row in mapping.rows for each in row.ids)
    beyond = ["11.3.4", "2.3.5", "4.1.5"]
    assert answered == sorted([*mapping.levels, *beyond])
    assert [list(mapping.levels.values()).count(level) for level in (1, 2)] == [70, 183]
    for chapter in mapping.chapters:
        assert {each.split(".")[0] for row in chapter.rows for each in row.ids} == {
            str(chapter.number)
        }


def test_what_is_called_met_names_tests_or_places_that_exist():
    tests = _written_tests()
    for row in asvs_page.read(asvs_page.DATA.read_text("utf-8")).rows:
        assert row.state in asvs_page.STATES, row
        assert row.how, row
        assert set(row.tests) <= tests, row
        assert all((ROOT / place).is_file() for place in row.where), row
        if row.state == "met":
            assert row.tests or row.where, row


def _tree(kind: type[errors.PayoutError], depth: int = 0) -> list[tuple[int, str]]:
    """The classes of both modules below one, as (depth, name), in the order of definition."""
    below: list[tuple[int, str]] = []
    for child in kind.__subclasses__():
        if child.__module__ in {errors.__name__, refusals.__name__}:
            below += _tree(child, depth + 1)
    return [(depth, kind.__name__), *below]


def _drawn(text: str) -> list[tuple[int, str]]:
    """The lines of the drawing: four columns for each level, after the four of the margin."""
    found = re.finditer(r"^    ((?:[│ ]   )*(?:[├└]── )?)([A-Z]\w+)", text, re.MULTILINE)
    return [(len(line[1]) // 4, line[2]) for line in found]


def test_the_tree_of_errors_is_drawn_as_it_is():
    assert errors.__doc__
    drawn = [line for line in _drawn(errors.__doc__) if line != (0, "Corrupt")]
    assert drawn == _tree(errors.PayoutError)
    assert not issubclass(errors.Corrupt, errors.PayoutError)


def test_every_error_has_a_code_of_its_own():
    named = {**vars(errors), **vars(refusals)}
    codes = [named[name].code for _, name in _tree(errors.PayoutError)]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_within_the_project_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    missing = [
        link
        for link in links
        if not re.match(r"[a-z]+:", link) and not (page.parent / link).exists()
    ]
    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_is_there(page):
    named = re.findall(
        r"`((?:chalicelib|local|tests|docs|\.chalice|\.ci)/[\w./-]+)`", page.read_text("utf-8")
    )
    missing = [path for path in named if not (ROOT / path).exists()]
    assert missing == []
