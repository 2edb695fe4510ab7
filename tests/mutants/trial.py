"""One trial, in a process of its own: import what is broken in the copy, run the named tests.

A script, started in the copy: `trial.py ANSWER`, with the order as JSON on its standard input. What
came of it is JSON in the file ANSWER. Nothing of the working tree but this file is imported: a
mutant is caught by what the copy does, or not at all.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
import traceback
from pathlib import Path

import pytest

# A mutant that does these is no broken rule but a broken text.
TEXT = (ImportError, SyntaxError, NameError)


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
    """Answer the order; whatever goes wrong here is no answer."""
    order = json.load(sys.stdin)
    sys.path[0] = str(Path.cwd())
    answer = _imports(order["packages"], order["broken"]) or _tests(
        order["tests"], order["options"]
    )
    Path(sys.argv[1]).write_text(json.dumps(answer), "utf-8")


def _imports(packages: list[str], broken: str) -> dict[str, str]:
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


def _tests(tests: list[str], options: list[str]) -> dict[str, str]:
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
