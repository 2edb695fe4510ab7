"""The workflow runs what people run, trusts no tag, and is given nothing that could be stolen."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
JOBS = yaml.safe_load(TEXT)["jobs"]
STEPS = [step for job in JOBS.values() for step in job["steps"]]


def test_every_action_is_named_by_its_commit_and_one_version_by_one():
    used = [step["uses"] for step in STEPS if "uses" in step]
    assert len(used) > 5
    for each in used:
        assert re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40}", each), each
    versions = set(re.findall(r"uses: (\S+?)(?:/\w+)?@(\S+) # v[\d.]+$", TEXT, re.MULTILINE))
    assert len(versions) == len({name for name, _ in versions})


def test_it_may_read_and_no_more_but_for_what_analysis_found():
    assert yaml.safe_load(TEXT)["permissions"] == {"contents": "read"}
    more = {name: job["permissions"] for name, job in JOBS.items() if "permissions" in job}
    assert more == {"codeql": {"contents": "read", "security-events": "write"}}
    assert "secrets." not in TEXT
    for step in STEPS:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"] == {"persist-credentials": False}


def test_it_runs_what_people_run():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    runs = [step["run"] for step in STEPS if "run" in step]
    assert runs == [".ci/run", "make audit", "make package STAGE=${{ matrix.stage }}"]
    assert {run.split()[1] for run in runs if run.startswith("make ")} <= targets
    assert JOBS["package"]["needs"] == ["test", "audit"]


def test_nothing_that_failed_is_passed_over():
    assert "continue-on-error" not in TEXT
    assert "|| true" not in TEXT
