"""The template as CloudFormation carries it out: functions, roles and the API written out by SAM.

Run in the environment of `make static`, for what SAM needs does not go with what ships. It reads a
template and writes another, and asks nobody.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

# Where a package would lie, for SAM takes no file; and what parameters are that have no default.
CODE, SOMETHING = "s3://packages/deployment.zip", "0" * 64


def written_out(template: dict[str, Any], stage: str) -> dict[str, Any]:
    """The template without anything of SAM's."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = CODE
    values = {
        name: each.get("Default", SOMETHING) for name, each in template["Parameters"].items()
    } | {"Stage": stage}
    made: dict[str, Any] = Translator({}, Parser()).translate(template, values)
    return made


def main(told: list[str]) -> int:
    """From one file into another, of a stage."""
    source, target, stage = told
    os.environ.setdefault("AWS_DEFAULT_REGION", "ap-southeast-2")
    made = written_out(json.loads(Path(source).read_text("utf-8")), stage)
    Path(target).write_text(json.dumps(made, indent=2), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
