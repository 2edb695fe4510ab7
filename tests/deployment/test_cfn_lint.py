"""What AWS would refuse of the template is refused here: cfn-lint, without exceptions."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from deployment.by_chalice import REGION
from local.processes import ROOT
from tests.deployment.test_template import packaged


def told(template: dict[str, Any], folder: Path) -> list[str]:
    """The rules that a template breaks, as cfn-lint names them; its warnings count."""
    file = folder / "sam.json"
    file.write_text(json.dumps(template))
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--template", str(file)]
    # In an empty folder: a file of settings beside could switch rules off.
    done = subprocess.run(
        [*command, "--regions", REGION, "--format", "json"], cwd=folder, capture_output=True,
        text=True, check=False, env={"HOME": str(folder), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    found = [each["Rule"]["Id"] for each in json.loads(done.stdout or "[]")]
    assert (done.returncode == 0) == (not found), done.stderr
    return found


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_cfn_lint_finds_nothing_in_the_template_of_a_stage(stage: str, tmp_path: Path):
    assert told(packaged(stage), tmp_path) == []


def test_nor_in_what_an_account_needs_before_it(tmp_path: Path):
    assert told(json.loads((ROOT / ".ci" / "account.json").read_text("utf-8")), tmp_path) == []


def test_no_rule_of_it_is_switched_off():
    assert not list(ROOT.glob(".cfnlintrc*"))
    for stage in ("dev", "prod"):
        assert "cfn-lint" not in json.dumps(packaged(stage))


def test_what_is_wrong_in_a_template_is_found(tmp_path: Path):
    wrong = copy.deepcopy(packaged("prod"))
    del wrong["Resources"]["Trail"]["Properties"]["S3BucketName"]
    wrong["Resources"]["EventsTable"]["Properties"]["BillingMode"] = "PAY_PER_LOOK"
    assert {"E3003", "E3030"} <= set(told(wrong, tmp_path))
