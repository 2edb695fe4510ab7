"""Has checkov look at templates and bandit at sources, and understands what they say.

Both run in an environment of their own and without the network; nothing of a machine's settings
reaches them. An answer that is not of the form that is known is none.
"""

import json
import os
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deployment.by_chalice import REGION
from deployment.findings import Finding, NotLooked, Seen

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 600  # seconds
Json = dict[str, Any]

# Whoever likes may be it.
ANYBODY: Json = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
# A table that nobody could bring back, a queue in the clear, a bucket and a role for everybody.
PLANTED_TEMPLATE: Json = {
    "AWSTemplateFormatVersion": "2010-09-09",
    "Resources": {
        "Table": {
            "Type": "AWS::DynamoDB::Table",
            "Properties": {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}]},
        },
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "clear"}},
        "Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"AccessControl": "PublicRead"}},
        "Function": {"Type": "AWS::Lambda::Function", "Properties": {"Runtime": "python2.7"}},
        "Role": {
            "Type": "AWS::IAM::Role",
            "Properties": {
                "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [ANYBODY]}
            },
        },
    },
}
RULES_OF_TEMPLATES = ("CKV_AWS_28", "CKV_AWS_27", "CKV_AWS_20", "CKV_AWS_363", "CKV_AWS_60")
PLANTED_SOURCE = "import subprocess\n\nsubprocess.call(input(), shell=True)\neval(input())\n"
RULES_OF_SOURCES = ("B602", "B307")


def by_checkov(python: Path, templates: Mapping[str, Json]) -> Seen:
    """What checkov finds in templates, each named by its stage.

    Raises:
        NotLooked: it did not answer, or was told to pass something over.
    """
    found: set[Finding] = set()
    looked_at: set[str] = set()
    with tempfile.TemporaryDirectory() as scratch:
        for stage, template in templates.items():
            file = Path(scratch) / f"{stage}.json"
            file.write_text(json.dumps(template, indent=2), "utf-8")
            command = [str(python), "-m", "checkov.main", "--file", str(file), "--output", "json"]
            command += ["--framework", "cloudformation", "--skip-download", "--compact"]
            answer = of_checkov(_said(command, Path(scratch)))
            found |= answer.found
            looked_at |= {f"{stage}: {name}" for name in answer.looked_at}
    return Seen(frozenset(found), frozenset(looked_at))


def of_checkov(said: str) -> Seen:
    """What it said, in JSON.

    Raises:
        NotLooked: it is not of that form, a template was not read, or a check was passed over.
    """
    try:
        told = json.loads(said)
        results, summary = told["results"], told["summary"]
        if summary["parsing_errors"] or summary["skipped"]:
            raise NotLooked("checkov could not read the template, or was told to skip something")
        failed = [(each, _name(each)) for each in results["failed_checks"]]
        passed = [_name(each) for each in results["passed_checks"]]
        found = {Finding(each["check_id"], name, each["check_name"]) for each, name in failed}
    except (ValueError, KeyError, TypeError) as error:
        raise NotLooked(f"checkov's answer is not understood: {said[:500]}") from error
    return Seen(frozenset(found), frozenset(passed) | {name for _, name in failed})


def _name(check: Json) -> str:
    """The logical name of a resource, which comes after its type."""
    return str(check["resource"]).rsplit(".", 1)[-1]


def by_bandit(python: Path, folder: Path, sources: tuple[str, ...]) -> Seen:
    """What bandit finds in sources of a folder, whatever they say of it themselves.

    Raises:
        NotLooked: it did not answer, or could not read one of them.
    """
    command = [str(python), "-m", "bandit", "--quiet", "--ignore-nosec", "--format", "json"]
    return of_bandit(_said([*command, "--recursive", *sources], folder))


def of_bandit(said: str) -> Seen:
    """What it said, in JSON.

    Raises:
        NotLooked: it is not of that form, or it could not read everything.
    """
    try:
        told = json.loads(said)
        if told["errors"]:
            raise NotLooked(f"bandit could not read {told['errors']}")
        found = {
            Finding(each["test_id"], _plain(each["filename"]), each["issue_text"])
            for each in told["results"]
        }
        looked_at = {_plain(name) for name in told["metrics"] if name != "_totals"}
    except (ValueError, KeyError, TypeError) as error:
        raise NotLooked(f"bandit's answer is not understood: {said[:500]}") from error
    return Seen(frozenset(found), frozenset(looked_at))


def _plain(name: str) -> str:
    return name.removeprefix("./")


def by_sam(python: Path, template: Json, stage: str) -> Json:
    """The template as CloudFormation carries it out.

    Raises:
        NotLooked: SAM could not make it.
    """
    with tempfile.TemporaryDirectory() as scratch:
        source, target = Path(scratch) / "sam.json", Path(scratch) / "deployed.json"
        source.write_text(json.dumps(template), "utf-8")
        command = [str(python), "-m", "deployment.deployed", str(source), str(target), stage]
        _said(command, ROOT)
        if not target.is_file():
            raise NotLooked("SAM's translator wrote nothing")
        made: Json = json.loads(target.read_text("utf-8"))
    return made


def _said(command: list[str], where: Path) -> str:
    """What it wrote; its status is 1 for a finding and for a failure alike."""
    with tempfile.TemporaryDirectory() as home:
        surroundings = {
            "PATH": os.environ.get("PATH", ""), "HOME": home, "AWS_DEFAULT_REGION": REGION,
            "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        try:
            done = subprocess.run(
                command, cwd=where, env=surroundings, stdin=subprocess.DEVNULL,
                capture_output=True, text=True, check=False, timeout=PATIENCE,
            )  # fmt: skip
        except subprocess.TimeoutExpired as late:
            raise NotLooked(f"no answer within {PATIENCE} seconds") from late
    if done.returncode not in {0, 1} or (done.returncode and not done.stdout.strip()):
        raise NotLooked(f"{' '.join(command[1:3])} failed:\n{done.stderr.strip()[-2000:]}")
    return done.stdout
