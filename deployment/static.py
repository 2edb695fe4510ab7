"""Looks at what deploys without running it: the templates by checkov, the sources by bandit.

`make static`. The templates are looked at as CloudFormation carries them out, with SAM's functions,
roles and API written out. Status 0: looked, and nothing is left to mend. 1: something is. 3: nobody
looked, which is no success.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deployment import excuses, finished, python313, scanners
from deployment.findings import Excused, NotLooked, Seen, faults, seen

Json = dict[str, Any]
TOOLS = scanners.ROOT / "deployment" / "requirements-static.lock"
STAGES = ("dev", "prod")
SOURCES = ("app.py", "bench", "chalicelib", "deployment", "local")
CLEAN, FAULTY, NOT_LOOKED = 0, 1, 3


@dataclass(frozen=True)
class Part:
    """Something that is looked at, and what is excused in it."""

    name: str
    look: Callable[[], Seen]
    excused: Iterable[Excused]


def templates(python: Path) -> Seen:
    """What checkov sees in the templates of the stages, and of the account before them."""
    deployed = {stage: scanners.by_sam(python, finished.template(stage), stage) for stage in STAGES}
    deployed["account"] = json.loads((scanners.ROOT / ".ci" / "account.json").read_text("utf-8"))
    kinds = {each["Type"] for each in scanners.PLANTED_TEMPLATE["Resources"].values()}
    wanted = [
        f"{stage}: {name}"
        for stage, template in deployed.items()
        for name, resource in template["Resources"].items()
        if resource["Type"] in kinds
    ]
    planted = {"planted": scanners.PLANTED_TEMPLATE}
    return seen(
        lambda: scanners.by_checkov(python, deployed),
        lambda: scanners.by_checkov(python, planted),
        scanners.RULES_OF_TEMPLATES, wanted,
    )  # fmt: skip


def sources(python: Path) -> Seen:
    """What bandit sees in all that is ours, but the tests."""
    root = scanners.ROOT
    files = [file for name in SOURCES for file in ((root / name).rglob("*.py"))]
    wanted = ["app.py", *(str(file.relative_to(root)) for file in files)]
    with tempfile.TemporaryDirectory() as scratch:
        (Path(scratch) / "planted.py").write_text(scanners.PLANTED_SOURCE, "utf-8")
        return seen(
            lambda: scanners.by_bandit(python, root, SOURCES),
            lambda: scanners.by_bandit(python, Path(scratch), ("planted.py",)),
            scanners.RULES_OF_SOURCES, wanted,
        )  # fmt: skip


def run(parts: Iterable[Part]) -> int:
    """Look at each, and say what came of it; the exit status."""
    status = CLEAN
    for part in parts:
        try:
            answer = part.look()
        except (NotLooked, python313.NoPython) as why:
            print(f"{part.name}: NOT LOOKED AT, so nothing is known: {why}", file=sys.stderr)
            return NOT_LOOKED
        wrong = faults(answer.found, part.excused)
        for fault in wrong:
            print(f"{part.name}: {fault}", file=sys.stderr)
        excused = sum(any(one.covers(each) for one in part.excused) for each in answer.found)
        print(f"{part.name}: {len(answer.looked_at)} looked at, {len(wrong)} to mend, "
              f"{excused} excused")  # fmt: skip
        status = FAULTY if wrong else status
    return status


def main() -> int:
    """Look with the tools that are locked."""
    return run([
        Part("templates", lambda: templates(_python()), excuses.TEMPLATES),
        Part("sources", lambda: sources(_python()), excuses.SOURCES),
    ])  # fmt: skip


def _python() -> Path:
    return python313.workshop(Path(sys.executable), TOOLS)


if __name__ == "__main__":
    sys.exit(main())
