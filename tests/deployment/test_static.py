"""What scanners find is mended or excused, and whoever did not look has found nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from deployment import excuses, scanners
from deployment.excuses import SOURCES, TEMPLATES
from deployment.findings import Excused, Finding, NotLooked, Seen, faults, seen
from deployment.static import CLEAN, FAULTY, NOT_LOOKED, Part, run
from tests.deployment.test_template import packaged

OPEN = Finding("R1", "local/door.py", "a door is open")
AJAR = Finding("R2", "Window", "a window is ajar")


def found(*findings: Finding, looked_at: tuple[str, ...] = ("local/door.py", "Window")) -> Seen:
    return Seen(frozenset(findings), frozenset(looked_at))


def test_what_is_found_and_not_excused_is_a_fault():
    assert faults([OPEN, AJAR], [Excused("R1", ("local/*",), "ours")]) == [
        "R2 Window: a window is ajar"
    ]


def test_an_excuse_is_for_its_rule_at_its_places_alone():
    elsewhere = [Excused("R1", ("bench/*",), "ours"), Excused("R2", ("local/*",), "ours")]
    assert "R1 local/door.py: a door is open" in faults([OPEN], elsewhere)


def test_an_excuse_that_nothing_needs_any_more_is_a_fault():
    both = Excused("R1", ("local/*", "bench/*"), "ours")
    assert faults([OPEN], [both]) == ["R1 bench/*: excused, and not found any more"]


def test_a_scanner_that_does_not_find_what_was_planted_has_not_looked():
    with pytest.raises(NotLooked, match="R1 was not found where it is broken on purpose"):
        seen(found, lambda: found(AJAR), ["R1", "R2"], [])


def test_a_scanner_that_leaves_something_out_has_not_looked():
    with pytest.raises(NotLooked, match="Table was not looked at"):
        seen(found, lambda: found(OPEN), ["R1"], ["Window", "Table"])


@pytest.mark.parametrize(
    ("excused", "status"), [((), FAULTY), ((Excused("R1", ("local/*",), "ours"),), CLEAN)]
)
def test_clean_is_what_has_nothing_left_to_mend(
    excused: tuple[Excused, ...], status: int, capsys: pytest.CaptureFixture[str]
):
    assert run([Part("sources", lambda: found(OPEN), excused)]) == status
    said = capsys.readouterr()
    assert ("a door is open" in said.err) == (status == FAULTY)


def test_a_fault_of_an_earlier_part_is_not_forgotten_for_a_later_one():
    assert run([Part("a", lambda: found(OPEN), ()), Part("b", found, ())]) == FAULTY


def test_not_looked_at_is_a_status_of_its_own_and_no_success(
    capsys: pytest.CaptureFixture[str],
):
    def blind() -> Seen:
        raise NotLooked("nobody was there")

    assert run([Part("templates", blind, ())]) == NOT_LOOKED
    assert "NOT LOOKED AT, so nothing is known: nobody was there" in capsys.readouterr().err


def of_checkov(**told: Any) -> str:
    check = {
        "check_id": "CKV_AWS_28", "check_name": "Recovery", "resource": "AWS::DynamoDB::Table.T",
    }  # fmt: skip
    answer = {
        "results": {"failed_checks": [check], "passed_checks": [check | {"resource": "A.Queue"}]},
        "summary": {"parsing_errors": 0, "skipped": 0},
    }
    return json.dumps(answer | told)


def test_what_checkov_says_is_named_by_its_resource():
    answer = scanners.of_checkov(of_checkov())
    assert answer.found == {Finding("CKV_AWS_28", "T", "Recovery")}
    assert answer.looked_at == {"T", "Queue"}


@pytest.mark.parametrize(
    "said",
    [
        "", "[]", "{}", of_checkov(results={}),
        of_checkov(summary={"parsing_errors": 1, "skipped": 0}),
        of_checkov(summary={"parsing_errors": 0, "skipped": 1}),
    ],
)  # fmt: skip
def test_what_checkov_passed_over_or_could_not_read_it_has_not_looked_at(said: str):
    with pytest.raises(NotLooked):
        scanners.of_checkov(said)


def of_bandit(**told: Any) -> str:
    result = {"test_id": "B602", "filename": "./local/a.py", "issue_text": "a shell"}
    answer = {"errors": [], "results": [result], "metrics": {"_totals": {}, "./local/a.py": {}}}
    return json.dumps(answer | told)


def test_what_bandit_says_is_named_by_its_file():
    answer = scanners.of_bandit(of_bandit())
    assert answer.found == {Finding("B602", "local/a.py", "a shell")}
    assert answer.looked_at == {"local/a.py"}


@pytest.mark.parametrize("said", ["", "{}", of_bandit(errors=[{"filename": "local/b.py"}])])
def test_what_bandit_could_not_read_it_has_not_looked_at(said: str):
    with pytest.raises(NotLooked):
        scanners.of_bandit(said)


def test_every_excuse_has_a_reason_and_stands_in_the_table_alone():
    for each in (*TEMPLATES, *SOURCES):
        assert each.why.strip()
        assert each.where
        assert "*" not in each.where
    templates = json.dumps([packaged(stage) for stage in ("dev", "prod")])
    assert "checkov" not in templates
    assert "skip=" not in templates


def test_what_ships_starts_no_process_and_is_not_excused_for_one():
    processes = [each for each in excuses.SOURCES if each.rule in {"B404", "B603"}]
    assert processes
    assert not [place for each in processes for place in each.where if "chalicelib" in place]
