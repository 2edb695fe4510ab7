"""The leash: nothing outlives whoever started it, and what it runs may still save its state."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from local.processes import ROOT

SAVER = """
import signal, sys, time
def save(*_):
    open(sys.argv[1], "w").write("saved")
    sys.exit(0)
signal.signal(signal.SIGTERM, save)
print("up", flush=True)
time.sleep(60)
"""


def on_a_leash(folder: Path, source: str) -> subprocess.Popen[str]:
    (folder / "held_module.py").write_text(source)
    process = subprocess.Popen(
        [sys.executable, "-m", "local.leash", "held_module", str(folder / "state")],
        env=os.environ | {"PYTHONPATH": f"{ROOT}{os.pathsep}{folder}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"
    return process


def test_a_module_saves_and_ends_when_its_starter_lets_go(tmp_path: Path) -> None:
    with on_a_leash(tmp_path, SAVER) as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(40) == 0
    assert (tmp_path / "state").read_text() == "saved"


def test_a_module_that_saves_nothing_ends_too(tmp_path: Path) -> None:
    with on_a_leash(tmp_path, "import time\nprint('up', flush=True)\ntime.sleep(60)\n") as process:
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(40) == -signal.SIGTERM
