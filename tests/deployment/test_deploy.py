"""What deploys refuses another stage and another account, and is given no key that lasts."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path  # noqa: TC003 (of a fixture)
from typing import Any

import pytest

from deployment.alarms import FUNCTIONS
from deployment.rollout import RELEASE
from local.processes import ROOT
from tests.deployment.test_template import packaged

ACCOUNT, ANOTHER = "123456789012", "210987654321"
# Stand in the place of the commands, write down how they were called, and answer.
AWS = """#!/bin/sh
echo "aws $* key=${AWS_ACCESS_KEY_ID-}" >> "$CALLS"
case "$1 $2" in
  "sts assume-role-with-web-identity")
    printf 'for-an-hour\\ts\\tt\\n' ;;
  "sts get-caller-identity") echo "$SIGNED_IN_TO" ;;
  "cloudformation deploy") exit "${DEPLOYED-0}" ;;
  "cloudformation describe-stacks")
    case "$*" in
      *StackStatus*) echo "${STATUS-UPDATE_COMPLETE}"; exit "${ASKED-0}" ;;
      *) echo "https://api.example/dev/" ;;
    esac ;;
esac
"""
CURL = """#!/bin/sh
echo "curl $*" >> "$CALLS"
case "$*" in *audience=sts.amazonaws.com*) echo '{"value": "the word of GitHub"}' ;; esac
"""
Deploy = Callable[..., tuple[Any, list[str]]]
TEMPLATE = json.loads((ROOT / ".ci" / "account.json").read_text("utf-8"))


@pytest.fixture
def deploy(tmp_path: Path) -> Deploy:
    """Deploys a folder with something packaged for `dev`; says how it ended, and who was called."""
    commands, folder, calls = tmp_path / "commands", tmp_path / "dev", tmp_path / "calls"
    commands.mkdir()
    for name, text in (("aws", AWS), ("curl", CURL)):
        (commands / name).write_text(text)
        (commands / name).chmod(0o755)
    folder.mkdir()
    (folder / "sam.json").write_text(json.dumps(
        {"Resources": {"RestAPI": packaged("dev")["Resources"]["RestAPI"]}}
    ))  # fmt: skip
    (folder / "deployment.zip").write_bytes(b"zip")

    def run(stage: str = "dev", *more: str, **told: str) -> Any:
        calls.write_text("")
        environment = {
            "PATH": f"{commands}:{os.environ['PATH']}", "CALLS": str(calls), "BUCKET": "packages",
            "ACCOUNT": ACCOUNT, "SIGNED_IN_TO": ACCOUNT, **told,
        }  # fmt: skip
        done = subprocess.run(
            [ROOT / ".ci" / "deploy", stage, folder, *more], env=environment, check=False,
            capture_output=True, text=True, timeout=100,
        )  # fmt: skip
        return done, calls.read_text().splitlines()

    return run


def test_it_packages_deploys_under_a_name_of_its_own_and_asks_whether_it_answers(deploy: Deploy):
    done, calls = deploy("dev", "WebhookUrl=https://api.example")
    assert done.returncode == 0, done.stderr
    whom, state, package, deployed, described, health = calls
    assert whom.startswith("aws sts get-caller-identity")
    assert "StackStatus" in state
    assert package.startswith("aws cloudformation package")
    assert deployed.startswith("aws cloudformation deploy")
    assert "--stack-name payouts-dev" in deployed
    (release,) = re.findall(r"Release=(\S+)", deployed)
    assert re.fullmatch(RELEASE, release)
    assert f"Stage=dev Account={ACCOUNT} WebhookUrl=https://api.example" in deployed
    assert "--role-arn" not in deployed
    assert described.startswith("aws cloudformation describe-stacks")
    assert health.endswith("https://api.example/dev/health")
    assert "--fail" in health


def test_a_package_of_another_stage_is_not_deployed(deploy: Deploy):
    done, calls = deploy("prod")
    assert (done.returncode, calls) == (1, [])
    assert "packaged for dev, not for prod" in done.stderr


def test_in_another_account_nothing_is_deployed(deploy: Deploy):
    done, calls = deploy(SIGNED_IN_TO=ANOTHER)
    assert done.returncode == 1
    assert len(calls) == 1
    assert f"signed in to the account {ANOTHER}" in done.stderr


@pytest.mark.parametrize("missing", ["ACCOUNT", "BUCKET"])
def test_what_is_not_said_is_not_guessed(deploy: Deploy, missing: str):
    done, calls = deploy(**{missing: ""})
    assert done.returncode != 0
    assert calls == []


def test_a_rollout_that_was_taken_back_is_a_failure(deploy: Deploy):
    done, calls = deploy(DEPLOYED="255")
    assert done.returncode != 0
    assert not [each for each in calls if each.startswith("curl")]


NO_STACK = "An error occurred (ValidationError): Stack with id payouts-dev does not exist"


@pytest.mark.parametrize(("status", "asked"), [
    (NO_STACK, "254"), ("REVIEW_IN_PROGRESS", "0"), ("CREATE_FAILED", "0"), ("UPDATE_FAILED", "0"),
])  # fmt: skip
def test_what_was_made_of_a_stack_that_was_never_whole_stays(
    deploy: Deploy, status: str, asked: str
):
    done, calls = deploy(STATUS=status, ASKED=asked)
    assert done.returncode == 0, done.stderr
    assert any(" --disable-rollback " in each for each in calls)


@pytest.mark.parametrize(
    "status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"]
)
def test_a_stack_that_was_whole_goes_back_to_what_it_was(deploy: Deploy, status: str):
    _, calls = deploy(STATUS=status)
    (deployed,) = (each for each in calls if each.startswith("aws cloudformation deploy"))
    assert " --no-disable-rollback " in deployed


def test_what_nobody_tells_of_the_stack_is_not_taken_for_a_new_one(deploy: Deploy):
    done, calls = deploy(STATUS="An error occurred (Throttling): Rate exceeded", ASKED="254")
    assert done.returncode == 1
    assert "Throttling" in done.stderr
    assert not [each for each in calls if each.startswith("aws cloudformation deploy")]


def test_in_the_workflow_it_signs_in_by_githubs_word_for_an_hour(deploy: Deploy):
    done, calls = deploy(
        ACTIONS_ID_TOKEN_REQUEST_URL="https://github.example/token?a=b",
        ACTIONS_ID_TOKEN_REQUEST_TOKEN="of-the-run", GITHUB_RUN_ID="7",
        ROLE="arn:aws:iam::123456789012:role/deploy",
        EXECUTION_ROLE="arn:aws:iam::123456789012:role/execution",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    word, session, *rest = calls
    assert "https://github.example/token?a=b&audience=sts.amazonaws.com" in word
    assert "--role-arn arn:aws:iam::123456789012:role/deploy" in session
    assert "the word of GitHub" not in session, "others could read it from the list of processes"
    aws = [each for each in rest if each.startswith("aws ")]
    assert all(each.endswith("key=for-an-hour") for each in aws)
    assert any("--role-arn arn:aws:iam::123456789012:role/execution" in each for each in aws)
    assert "for-an-hour" not in done.stdout + done.stderr


def test_without_a_role_the_workflow_does_not_deploy(deploy: Deploy):
    done, calls = deploy(ACTIONS_ID_TOKEN_REQUEST_URL="https://github.example/token?a=b")
    assert done.returncode != 0
    assert calls == []


# Answers from one function's versions; what is asked for with --query is read as AWS's own does.
VERSIONS = """#!/bin/sh
case "$2" in
  describe-stack-resource) echo "payouts-$6" ;;
  get-alias) echo 12 ;;
  list-versions-by-function) "$PYTHON" - "$6" <<'END'
import jmespath, json, sys
told = {"Versions": [{"Version": each} for each in ("$LATEST", "1", "9", "10", "12", "13")]}
print(json.dumps(jmespath.search(sys.argv[1], told)))
END
    ;;
  *) echo "$*" >> "$CALLS" ;;
esac
"""


def test_the_runbooks_way_back_puts_each_function_on_the_version_before(tmp_path: Path):
    page = (ROOT / "docs" / "runbook.md").read_text("utf-8")
    (found,) = re.findall(r"```sh\n( +for NAME in .*?done)\n", page, re.DOTALL)
    (tmp_path / "aws").write_text(VERSIONS)
    (tmp_path / "aws").chmod(0o755)
    told = {"CALLS": str(tmp_path / "calls"), "PYTHON": sys.executable}
    subprocess.run(
        ["/bin/bash", "-euc", found], env={"PATH": f"{tmp_path}:{os.environ['PATH']}", **told},
        check=True, timeout=60, capture_output=True,
    )  # fmt: skip
    assert sorted((tmp_path / "calls").read_text().splitlines()) == sorted(
        f"lambda update-alias --function-name payouts-{each} --name live --function-version 10 "
        "--routing-config AdditionalVersionWeights={}"
        for each in FUNCTIONS
    )


def statements(role: str) -> list[dict[str, Any]]:
    """What the policies of a role of the account's template allow."""
    told = TEMPLATE["Resources"][role]["Properties"].get("Policies", [])
    return [each for policy in told for each in policy["PolicyDocument"]["Statement"]]


def test_only_the_environment_of_the_stage_may_take_the_role():
    trusted = TEMPLATE["Resources"]["DeployRole"]["Properties"]["AssumeRolePolicyDocument"]
    (who,) = trusted["Statement"]
    assert who["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": {
            "Fn::Sub": "repo:${Repository}:environment:${Stage}",
        },
    }  # fmt: skip


@pytest.mark.parametrize("repository", ["octo/pay.outs", "octo-org@123456/payouts@456789"])
def test_a_repository_is_told_as_its_runs_tell_it(repository: str):
    """Those made since July 2026 add numbers to both names, which nobody can take over."""
    pattern = TEMPLATE["Parameters"]["Repository"]["AllowedPattern"]
    assert re.fullmatch(pattern, repository)
    for wrong in (f"{repository}:*", "octo/*", "octo", repository.replace("/", "//")):
        assert not re.fullmatch(pattern, wrong)


def test_the_workflow_may_hand_a_template_on_and_nothing_else():
    allowed = statements("DeployRole")
    assert not [each for each in allowed if "*" in each["Resource"]]
    services = {action.partition(":")[0] for each in allowed for action in each["Action"]}
    assert services == {"cloudformation", "s3", "iam"}
    (passes,) = (each for each in allowed if each["Action"] == ["iam:PassRole"])
    assert passes["Condition"] == {
        "StringEquals": {"iam:PassedToService": "cloudformation.amazonaws.com"}
    }
    (who,) = TEMPLATE["Resources"]["ExecutionRole"]["Properties"]["AssumeRolePolicyDocument"][
        "Statement"
    ]
    assert who["Principal"] == {"Service": "cloudformation.amazonaws.com"}
    assert "Condition" not in who, "not every service says for which account it asks"
    assert not [each for each in TEMPLATE["Resources"].values() if "AccessKey" in each["Type"]]
