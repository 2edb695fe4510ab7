"""What a cold start imports, in milliseconds: `python -m bench.cold_start [--rounds 40]`.

Our package's twin, built and unpacked as it deploys, and handlers as others write them, compiled
alike: each imported by a fresh Python 3.13 that sees nothing else, in turns, so that a machine that
slows down slows all of them down. The bare handler is in our package, with the boto3 that ships.

A start is what Lambda does before the first request. What the first request imports on top of that
is shown too: ours imports only then what not every request needs, and the others have done it all.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench.cold_peers import BARE, FASTAPI, POWERTOOLS
from deployment import project, python313, wheels
from deployment.__main__ import ROOT, TWIN, build
from deployment.by_chalice import REGION, ZIP

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROW = "{:58}{:>10}{:>10}{:>10}  {}"
# A fresh interpreter imports, and says how long that took: on the clock, and of the CPU.
TIMED = """
import sys, time
sys.path.insert(0, sys.argv[1])
wall, cpu = time.perf_counter(), time.process_time()
exec(sys.argv[2])
print(time.perf_counter() - wall, time.process_time() - cpu)
"""
OPEN = "from chalicelib.areas import open_for; open_for({!r})"
CLIENT = "import chalicelib.settings, chalicelib.adapters.dynamo.payouts, boto3; "
CLIENT += "boto3.client('dynamodb')"


@dataclass(frozen=True)
class Case:
    """Something that is imported, and how many times as long as the bare handler it may take."""

    name: str
    folder: str
    code: str
    most: float | None = None


CASES = (
    Case("bare boto3 handler with one client", "package", "import bare"),
    Case("the API: start", "package", "import app", 1.15),
    Case("the webhooks' function: start", "package", "import chalicelib.webhook_function", 1.0),
    Case("Powertools resolver, pydantic, one client: start", "peers", "import with_powertools"),
    Case("FastAPI, Mangum, one client: start", "peers", "import with_fastapi"),
    Case(
        "the API: start, first payout and a client", "package",
        f"import app; {OPEN.format('/payouts')}; {CLIENT}",
    ),
    Case(
        "the webhooks' function: start, first webhook and a client", "package",
        f"import chalicelib.webhook_function; {OPEN.format('/webhooks/monoova')}; {CLIENT}",
    ),
)  # fmt: skip


def lay_out(python: Path, work: Path) -> Mapping[str, Path]:
    """The folders that are imported from: our package as it deploys, and what the others need."""
    package, peers, fetched = work / "package", work / "peers", work / "fetched"
    fetched.mkdir()
    build(python, "prod", TWIN, work / "out", work / "build")
    with zipfile.ZipFile(work / "out" / ZIP) as archive:
        archive.extractall(package)
    lock = ROOT / "bench" / "requirements.lock"
    wheels.unpack(wheels.download(python, lock, TWIN, fetched), peers, lambda _name: True)
    (work / "bare").mkdir()
    (work / "bare" / "bare.py").write_text(BARE)
    (peers / "with_powertools.py").write_text(POWERTOOLS)
    (peers / "with_fastapi.py").write_text(FASTAPI)
    for folder in (work / "bare", peers):
        project.compile_others(folder, python)
    (work / "bare" / "bare.pyc").rename(package / "bare.pyc")
    return {"package": package, "peers": peers}


def taken(python: Path, folder: Path, code: str) -> tuple[float, float]:
    """Milliseconds of one import by a fresh interpreter: on the clock, and of the CPU."""
    said = subprocess.run(  # noqa: S603 (Python itself, with fixed arguments)
        [str(python), "-I", "-S", "-c", TIMED, str(folder), code],
        env={"AWS_DEFAULT_REGION": REGION, "LAMBDA_TASK_ROOT": str(folder), "PATH": os.defpath},
        capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    return float(said[0]) * 1000, float(said[1]) * 1000


def measure(
    python: Path, folders: Mapping[str, Path], cases: Sequence[Case], rounds: int
) -> dict[str, tuple[float, float]]:
    """The medians of each case, by its name; all cases take turns."""
    found: dict[str, list[tuple[float, float]]] = {each.name: [] for each in cases}
    for number in range(rounds + 1):
        for each in cases:
            told = taken(python, folders[each.folder], each.code)
            if number:  # the first round fills the system's caches
                found[each.name].append(told)
    return {
        name: (median(wall for wall, _ in told), median(cpu for _, cpu in told))
        for name, told in found.items()
    }


def table(found: Mapping[str, tuple[float, float]], cases: Sequence[Case]) -> list[str]:
    """The lines of the table; the first case is what the others are measured by."""
    yardstick = found[cases[0].name][0]
    lines = [ROW.format("cold import, medians", "ms", "ms of CPU", "of bare", "")]
    for each in cases:
        wall, cpu = found[each.name]
        times = wall / yardstick
        bound = "" if each.most is None else f"at most {each.most}: {verdict(times, each.most)}"
        lines.append(ROW.format(each.name, f"{wall:.0f}", f"{cpu:.0f}", f"{times:.2f}", bound))
    return lines


def verdict(times: float, most: float) -> str:
    """Whether a bound was kept, in a word."""
    return "kept" if times <= most else "BROKEN"


def main() -> None:
    """Build, measure, print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    rounds = parser.parse_args().rounds
    python = python313.workshop(python313.find(), ROOT / "requirements-package.lock")
    with tempfile.TemporaryDirectory() as scratch:
        folders = lay_out(python, Path(scratch))
        print("\n".join(table(measure(python, folders, CASES, rounds), CASES)))


if __name__ == "__main__":
    main()
