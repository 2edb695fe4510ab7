"""Has Chalice make the package and its template, and believes nothing of what it does not say.

It ends well with a dependency missing, and takes a package that it made before for a new one. So
whatever it says beside what it always says is a refusal, and it works in a folder of its own.
"""

import os
import subprocess
from pathlib import Path

REGION = "ap-southeast-2"
ZIP, TEMPLATE = "deployment.zip", "sam.json"
USUAL = frozenset({"Creating deployment package."})


class NotPackaged(Exception):
    """Chalice failed, or said something that it does not say when all is well."""


def package(python: Path, project: Path, stage: str, into: Path) -> None:
    """Make `deployment.zip` and `sam.json` of a stage.

    Raises:
        NotPackaged: it did not, or not without a murmur.
    """
    merged = str(project / ".chalice" / "resources.json")
    command = [str(python.with_name("chalice")), "--project-dir", str(project)]
    command += ["package", "--stage", stage, "--merge-template", merged, str(into)]
    done = subprocess.run(
        command, env=_surroundings(), stdin=subprocess.DEVNULL, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    judge(done.returncode, done.stdout + done.stderr)
    missing = [name for name in (ZIP, TEMPLATE) if not (into / name).is_file()]
    if missing:
        raise NotPackaged(f"Chalice made no {' and no '.join(missing)}")


def judge(status: int, said: str) -> None:
    """Whether Chalice said just what it says when all is well.

    Raises:
        NotPackaged: it did not.
    """
    lines = {line.strip() for line in said.splitlines() if line.strip()}
    if status or not lines <= USUAL:
        raise NotPackaged(f"Chalice ended with {status} and said:\n{said.strip()}")


def _surroundings() -> dict[str, str]:
    """Nothing of AWS but the region: a package must not depend on whose machine makes it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    return {**kept, "AWS_DEFAULT_REGION": REGION, "PYTHONDONTWRITEBYTECODE": "1"}
