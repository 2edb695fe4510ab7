"""The runbook names what there is: alarms, routes, commands, and headings to go on with."""

from __future__ import annotations

import re

import app
from deployment.alarms import ALARMS
from local.processes import ROOT

TEXT = (ROOT / "docs" / "runbook.md").read_text("utf-8")
HEADINGS = re.findall(r"^#+ (.+)$", TEXT, re.MULTILINE)


def anchor(heading: str) -> str:
    """What a heading is linked by."""
    return re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-")


def test_its_alarms_are_those_of_the_table_by_whom_they_call():
    alarms = re.findall(r"^### (.+)$", TEXT, re.MULTILINE)
    assert alarms == [each.name for each in ALARMS]


def test_every_route_that_it_names_exists():
    named = re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^` ]*)`", TEXT)
    there = {f"{method} {path}" for path, methods in app.app.routes.items() for method in methods}
    assert len(named) > 30
    assert set(named) <= there


def test_every_command_of_ours_that_it_names_exists():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", TEXT))
    assert len(named) > 5
    assert named <= targets


def test_every_heading_that_it_leads_to_is_there():
    led_to = set(re.findall(r"\]\(#([^)]+)\)", TEXT))
    assert led_to <= {anchor(each) for each in HEADINGS}


def test_every_heading_of_another_page_is_there():
    for page, led_to in re.findall(r"\]\(([a-z-]+\.md)#([^)]+)\)", TEXT):
        other = (ROOT / "docs" / page).read_text("utf-8")
        assert led_to in {anchor(each) for each in re.findall(r"^#+ (.+)$", other, re.MULTILINE)}
