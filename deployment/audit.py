"""Whether anything that is locked has a weakness that is known: `make audit`.

Whoever asks a service that knows of no weakness at all is told that there is none. So each audit
begins with a control, packages that are known to be weak: unless they are found to be so, the
answer about ours means nothing, and the audit was *not asked*, which is no success. The same holds
for an answer that leaves out a package of ours. It is asked about names and versions alone.

Status 0: asked, and nothing is known. 1: something is. 3: not asked.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deployment import bom, locked, python313

ROOT = Path(__file__).resolve().parent.parent
TOOL = ROOT / "deployment" / "requirements-audit.lock"
SHIPS, BUILDS, EVERYTHING = (
    ROOT / name for name in ("requirements.lock", "requirements-package.lock",
                             "requirements-dev.lock")
)  # fmt: skip
# Old, and each with a weakness that has been public for years.
CONTROL = {"pyyaml": "5.3", "requests": "2.19.1"}
PATIENCE = 600  # seconds for some hundred questions
CLEAN, WEAK, NOT_ASKED = 0, 1, 3

# Names with their versions to what is known of each; a package that is not in it was not asked for.
Known = Mapping[str, tuple[str, ...]]
Ask = Callable[[Mapping[str, str]], Known]


class NotAsked(Exception):
    """Nobody has told whether there is a weakness; carries why."""


@dataclass(frozen=True)
class Weakness:
    """A package of ours of which something is known."""

    name: str
    version: str
    known: tuple[str, ...]
    ships: bool

    def __str__(self) -> str:
        where = "ships" if self.ships else "does not ship"
        return f"{self.name} {self.version} ({where}): {', '.join(self.known)}"


def audit(packages: Mapping[str, str], shipped: Iterable[str], ask: Ask) -> list[Weakness]:
    """What is known of packages, once it was seen that something can be known.

    Raises:
        NotAsked: the control was not found to be weak, or the answer is not whole.
    """
    _answered(CONTROL, control := ask(CONTROL))
    if unknown := sorted(name for name in CONTROL if not control[name]):
        raise NotAsked(f"nothing is known of {', '.join(unknown)}, which are known to be weak")
    _answered(packages, told := ask(packages))
    ours = set(shipped)
    return [
        Weakness(name, version, told[name], name in ours)
        for name, version in sorted(packages.items()) if told[name]
    ]  # fmt: skip


def _answered(packages: Mapping[str, str], told: Known) -> None:
    if missing := sorted(packages.keys() - told.keys()):
        raise NotAsked(f"no answer about {', '.join(missing)}")


def understood(said: str) -> Known:
    """What pip-audit says in JSON; what it skipped is left out.

    Raises:
        NotAsked: it is not of that form.
    """
    try:
        told = json.loads(said)["dependencies"]
        return {
            locked.same(each["name"]): tuple(str(one["id"]) for one in each["vulns"])
            for each in told if "skip_reason" not in each
        }  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise NotAsked(f"pip-audit's answer is not understood: {type(error).__name__}") from error


def by_pip_audit(python: Path) -> Ask:
    """Asks by pip-audit, as it is installed beside an interpreter."""

    def ask(packages: Mapping[str, str]) -> Known:
        with tempfile.TemporaryDirectory() as scratch:
            # Without the lock's markers: what is for another machine is asked about as well.
            wanted = Path(scratch) / "requirements.txt"
            lines = (f"{name}=={version}\n" for name, version in packages.items())
            wanted.write_text("".join(lines), "utf-8")
            command = [str(python), "-m", "pip_audit", "--requirement", str(wanted)]
            command += ["--disable-pip", "--no-deps", "--format", "json", "--progress-spinner"]
            return understood(_said([*command, "off"]))

    return ask


def _said(command: list[str]) -> str:
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=PATIENCE
        )
    except subprocess.TimeoutExpired as late:
        raise NotAsked(f"no answer within {PATIENCE} seconds") from late
    # Its status is 1 for a weakness and for a failure alike: only what it writes tells them apart.
    if done.returncode not in {0, 1} or not done.stdout.strip():
        raise NotAsked(f"pip-audit failed:\n{done.stderr.strip()[-2000:]}")
    return done.stdout


def run(ask: Callable[[], Ask], into: Path) -> int:
    """Write the bill of materials, ask, and say what came of it; the exit status."""
    shipped = bom.ships(locked.read(SHIPS), locked.read(BUILDS))
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text(bom.written(shipped), "utf-8")
    print(f"{into}: {len(shipped)} packages that ship")
    packages = {each.name: each.version for each in locked.read(EVERYTHING)}
    try:
        found = audit(packages, (each.name for each in shipped), ask())
    except (NotAsked, python313.NoPython) as why:
        print(f"NOT ASKED, so nothing is known: {why}", file=sys.stderr)
        return NOT_ASKED
    for weakness in found:
        print(weakness, file=sys.stderr)
    print(f"{len(packages)} packages asked about, {len(found)} of them weak")
    return WEAK if found else CLEAN


def main() -> int:
    """Ask by pip-audit."""
    return run(
        lambda: by_pip_audit(python313.workshop(Path(sys.executable), TOOL)),
        ROOT / "dist" / "sbom.json",
    )


if __name__ == "__main__":
    sys.exit(main())
