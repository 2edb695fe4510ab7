"""Trials, each in a process of its own: import what is broken in the copy, run the named tests.

A script, started in the copy. Each line of its standard input is an order as JSON; it forks, the
child leaves what came of it as JSON in the order's file, and a line says that it has ended. What is
nobody's of the copy is imported before, once the first trial has told what that is: two fifths of
the time of a trial went into it. Nothing of the working tree but this file is imported: a mutant is
caught by what the copy does, or not at all.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import os
import pkgutil
import signal
import sys
import traceback
from pathlib import Path

import pytest

# A mutant that does these is no broken rule but a broken text.
TEXT = (ImportError, SyntaxError, NameError)


class TooLate(Exception):
    """A trial has had its time."""


class Watch:
    """Remembers the first failure, what it was, and how many tests ran."""

    def __init__(self) -> None:
        self.ran = 0
        self.failed = ""
        self.error: type[BaseException] | None = None

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item, call):
        report = yield
        self.ran += call.when == "call"
        if report.failed and not self.failed:
            self.failed, self.error = item.nodeid, call.excinfo.type
        return report


def main() -> None:
    """Carry out one order after the other, until there are no more."""
    sys.path[0] = str(Path.cwd())
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    signal.signal(signal.SIGALRM, _too_late)
    for line in sys.stdin:
        order = json.loads(line)
        gc.freeze()
        child = os.fork()
        if child == 0:
            _answer(order)
        in_time = _ended(child, order["seconds"])
        if in_time and order["first"]:
            _import_foreign(Path(order["answer"]))
        print(json.dumps({"in_time": in_time}), flush=True)


def _ended(child: int, seconds: float) -> bool:
    """Whether it ended by itself in time; either way nothing that it started goes on."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        os.waitpid(child, 0)
    except TooLate:
        return False
    else:
        return True
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        for kill in (os.killpg, os.kill):
            # Its group may not be there yet, nor itself any more.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                kill(child, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            os.waitpid(child, 0)


def _too_late(*_: object) -> None:
    raise TooLate


def _answer(order: dict) -> None:
    """The child's whole life; whatever goes wrong here is no answer."""
    status = 1
    try:
        os.setpgid(0, 0)
        for ours in (signal.SIGTERM, signal.SIGALRM):
            signal.signal(ours, signal.SIG_DFL)
        said = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        nothing = os.open(os.devnull, os.O_RDONLY)
        for source, target in ((nothing, 0), (said, 1), (said, 2)):
            os.dup2(source, target)
        answer = _imports(order["packages"], order["broken"]) or _tests(
            order["tests"], order["options"]
        )
        if order["first"]:
            answer["foreign"] = _foreign()
        Path(order["answer"]).write_text(json.dumps(answer), "utf-8")
        status = 0
    except BaseException:  # noqa: BLE001 (a child must never go on as its parent)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _foreign() -> list[str]:
    """What was imported and is not the copy's; but no plugin of pytest, which rewrites them."""
    found = []
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if file and not Path(file).is_relative_to(Path.cwd()) and "pytest" not in name:
            found.append(name)
    return found


def _import_foreign(answer: Path) -> None:
    names = json.loads(answer.read_text("utf-8")).get("foreign", []) if answer.exists() else []
    for name in names:
        with contextlib.suppress(Exception):
            importlib.import_module(name)


def _imports(packages: list[str], broken: str) -> dict:
    """What kept a module from being imported; empty where nothing did.

    Of a mutant the broken module only: all of them take as long as the tests do.
    """
    for package in packages:
        try:
            home = importlib.import_module(package)
            names = [m.name for m in pkgutil.walk_packages(home.__path__, f"{package}.")]
            if broken:
                own = broken.removesuffix(".py").replace("/", ".")
                names = [name for name in names if name in {own, own.removesuffix(".__init__")}]
            files = [importlib.import_module(name).__file__ or "" for name in names]
        except Exception:  # noqa: BLE001 (whatever it was, the mutant is of no use)
            return {"verdict": "senseless", "why": traceback.format_exc(limit=-1)}
        if strangers := [file for file in files if not Path(file).is_relative_to(Path.cwd())]:
            return {"verdict": "nothing", "why": f"not the copy's: {strangers[0]}"}
    return {}


def _tests(tests: list[str], options: list[str]) -> dict:
    if not tests:
        return {"verdict": "passed"}
    watch = Watch()
    code = pytest.main(["-x", "-q", *options, *tests], plugins=[watch])
    if code == pytest.ExitCode.OK and watch.ran:
        return {"verdict": "passed"}
    if code != pytest.ExitCode.TESTS_FAILED or watch.error is None:
        return {"verdict": "nothing", "why": f"pytest ended with {code}"}
    told = {"test": watch.failed, "why": watch.error.__name__}
    return {"verdict": "senseless" if issubclass(watch.error, TEXT) else "failed", **told}


if __name__ == "__main__":
    main()
