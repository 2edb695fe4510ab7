"""Build the package of a stage, look at it, try its twin: `python -m deployment dev`.

All of it is made twice from nothing, and has to be the same bytes. What is in `dist/STAGE` when
this ends well may be deployed; when it does not, nothing is there.
"""

import argparse
import hashlib
import platform
import shutil
import sys
import tempfile
from pathlib import Path

from deployment import archive, by_chalice, check, project, python313, template, twin, wheels
from local.ministack_home import InstallFailed
from local.processes import ChildDied

ROOT = Path(__file__).resolve().parent.parent
STAGES = ("dev", "prod")
SHIPS, TWIN = "arm64", "x86_64"


class NotTheSame(Exception):
    """Two builds of the same sources differ."""


REFUSALS = (
    by_chalice.NotPackaged, check.Refused, project.NotCompiled, python313.NoPython, twin.NotFit,
    wheels.NoWheels, NotTheSame, InstallFailed, ChildDied,
)  # fmt: skip


def build(python: Path, stage: str, architecture: str, into: Path, work: Path) -> None:
    """Make zip and template of a stage for an architecture, and look at the zip."""
    fetched, laid, made = work / "wheels", work / "project", work / "made"
    for folder in (fetched, laid / "vendor", made, into):
        folder.mkdir(parents=True)
    found = wheels.download(python, ROOT / "requirements.lock", architecture, fetched)
    wheels.unpack(found, laid / "vendor")
    project.lay_out(ROOT, laid, architecture)
    template.merge(laid)
    project.compile_all(laid, python)
    by_chalice.package(python, laid, stage, made)
    template.finish(made / by_chalice.TEMPLATE)
    archive.put_in_order(made / by_chalice.ZIP, into / by_chalice.ZIP)
    shutil.copy(made / by_chalice.TEMPLATE, into / by_chalice.TEMPLATE)
    traces = {str(work), str(ROOT)}
    check.check(into / by_chalice.ZIP, architecture, archive.expected(laid), traces)


def package(stage: str, into: Path) -> str:
    """Build the package twice and its twin once, try that one; says what was made."""
    python = python313.workshop(python313.find(), ROOT / "requirements-package.lock")
    with tempfile.TemporaryDirectory() as scratch:
        work = Path(scratch)
        for name in ("first", "second"):
            build(python, stage, SHIPS, work / name / "out", work / name)
        same(work / "first" / "out", work / "second" / "out")
        build(python, stage, TWIN, work / "twin" / "out", work / "twin")
        answers = twin.try_out(python, work / "twin" / "out")
        shutil.copytree(work / "first" / "out", into)
    zipped = (into / by_chalice.ZIP).read_bytes()
    return (
        f"{into.relative_to(ROOT) / by_chalice.ZIP}: {len(zipped) / 1e6:.2f} MB, "
        f"sha256 {hashlib.sha256(zipped).hexdigest()}\n"
        f"made twice, the same bytes; its twin answered {', '.join(answers)}"
    )


def same(first: Path, second: Path) -> None:
    """Let two builds pass that are the same bytes.

    Raises:
        NotTheSame: they differ.
    """
    for name in (by_chalice.ZIP, by_chalice.TEMPLATE):
        if (first / name).read_bytes() != (second / name).read_bytes():
            raise NotTheSame(f"two builds of {name} differ")


def main() -> int:
    """Build, or say why not."""
    parser = argparse.ArgumentParser(prog="make package")
    parser.add_argument("stage", choices=STAGES, metavar=f"STAGE={'|'.join(STAGES)}")
    stage = parser.parse_args().stage
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        print("The package's twin runs on Linux on x86-64 only: build it there.", file=sys.stderr)
        return 2
    into = ROOT / "dist" / stage
    shutil.rmtree(into, ignore_errors=True)
    try:
        print(package(stage, into))
    except REFUSALS as why:
        print(why, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
