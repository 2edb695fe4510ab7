"""What is told of cold starts is told right; how long they take, no test says."""

from __future__ import annotations

import ast

import pytest

from bench import cold_peers
from bench.cold_start import CASES, Case, table, verdict


def test_each_case_is_measured_by_the_first():
    cases = (Case("bare", "x", ""), Case("ours", "x", "", 1.15), Case("theirs", "x", ""))
    found = {"bare": (200.0, 150.0), "ours": (231.0, 170.0), "theirs": (500.0, 400.0)}
    _, bare, ours, theirs = (line.split() for line in table(found, cases))
    assert bare == ["bare", "200", "150", "1.00"]
    assert ours == ["ours", "231", "170", "1.16", "at", "most", "1.15:", "BROKEN"]
    assert theirs == ["theirs", "500", "400", "2.50"]


@pytest.mark.parametrize(("times", "told"), [(0.9, "kept"), (1.0, "kept"), (1.01, "BROKEN")])
def test_a_bound_is_kept_up_to_itself(times, told):
    assert verdict(times, 1.0) == told


def test_the_bounds_are_those_that_were_set():
    assert [each.most for each in CASES if each.most is not None] == [1.15, 1.0]
    assert CASES[0].name.startswith("bare")
    assert len({each.name for each in CASES}) == len(CASES)


@pytest.mark.parametrize("source", [cold_peers.BARE, cold_peers.POWERTOOLS, cold_peers.FASTAPI])
def test_every_peer_has_a_client_and_a_handler(source):
    named = {
        name.id
        for node in ast.parse(source).body
        if isinstance(node, ast.Assign)
        for name in node.targets
        if isinstance(name, ast.Name)
    } | {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    assert {"dynamodb", "handler"} <= named
