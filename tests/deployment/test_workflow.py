"""The workflow runs what people run, trusts no tag, and is given no key of AWS."""

from __future__ import annotations

import os
import re
from pathlib import Path

import yaml

from tests.sandbox.__main__ import DID_NOT_RUN
from tests.sandbox.job import NAMES

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


MAIN = "github.event_name == 'push' && github.ref == 'refs/heads/main'"
SIGNS_IN = {"contents": "read", "actions": "read", "id-token": "write"}


def test_it_may_read_and_no_more_but_for_what_analysis_found_and_to_say_which_run_it_is():
    assert yaml.safe_load(TEXT)["permissions"] == {"contents": "read"}
    more = {name: job["permissions"] for name, job in JOBS.items() if "permissions" in job}
    assert more == {
        "codeql": {"contents": "read", "actions": "read", "security-events": "write"},
        "deploy-dev": SIGNS_IN, "deploy-prod": SIGNS_IN,
    }  # fmt: skip
    for step in STEPS:
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"] == {"persist-credentials": False}


def test_no_key_of_aws_is_given_to_it_and_the_sandboxes_only_to_the_sandbox():
    given = {
        name: text
        for name, job in JOBS.items()
        if "secrets." in (text := yaml.safe_dump(job)) or "AWS_" in text
    }
    assert given.keys() == {"sandbox"}
    named = re.findall(r"secrets\.(\w+)", TEXT)
    assert tuple(named) == NAMES
    assert "AWS_" not in TEXT


def test_it_runs_what_people_run():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    runs = [step["run"] for step in STEPS if "run" in step]
    assert runs == [
        "make check",
        ".ci/run",
        "make audit",
        "make package STAGE=${{ matrix.stage }}",
        "make test-sandbox",
        'gh run download "$GITHUB_RUN_ID" --name package-dev --dir dist/dev',
        ".ci/deploy dev dist/dev",
        'gh run download "$GITHUB_RUN_ID" --name package-prod --dir dist/prod',
        'gh run download "$GITHUB_RUN_ID" --name package-dev --dir dist/dev',
        "cmp dist/dev/deployment.zip dist/prod/deployment.zip",
        ".ci/deploy prod dist/prod",
    ]
    assert {run.split()[1] for run in runs if run.startswith("make ")} <= targets
    for run in runs:
        if run.startswith(".ci/"):
            assert os.access(ROOT / run.split()[0], os.X_OK)


def test_what_is_packaged_was_tested_and_prod_comes_last_and_by_somebodys_word():
    needs = {name: job.get("needs", []) for name, job in JOBS.items()}
    assert needs == {
        "lint": [], "test": [], "audit": [], "codeql": [],
        "package": ["lint", "test", "audit", "codeql"],
        "sandbox": ["package"], "deploy-dev": ["package"], "deploy-prod": ["deploy-dev", "sandbox"],
    }  # fmt: skip
    environments = {name: job["environment"] for name, job in JOBS.items() if "environment" in job}
    assert environments == {"sandbox": "sandbox", "deploy-dev": "dev", "deploy-prod": "prod"}


def test_only_what_came_to_main_is_deployed_and_one_at_a_time():
    conditions = {name: job["if"] for name, job in JOBS.items() if "if" in job}
    assert conditions == dict.fromkeys(("sandbox", "deploy-dev", "deploy-prod"), MAIN)
    for name in conditions:
        assert JOBS[name]["concurrency"] == {"group": name}, "and none is broken off half way"
    assert "pull_request_target" not in TEXT


def test_a_sandbox_that_was_not_paid_is_red_and_keeps_prod_as_it_is():
    """Not run is status 3, which no step of this file takes for a success."""
    assert DID_NOT_RUN == 3
    (step,) = (each for each in STEPS if each.get("run") == "make test-sandbox")
    assert set(step) == {"run", "env"}
    assert "sandbox" in JOBS["deploy-prod"]["needs"]


def test_nothing_that_failed_is_passed_over():
    assert "continue-on-error" not in TEXT
    assert "|| true" not in TEXT
