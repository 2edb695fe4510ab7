"""Part of every run of the tests: what they had written is kept, and searched when all are done.

A run in which anything personal or secret was written is red. Each worker keeps what its process
writes; the one process that reports searches all of it, with what tests printed, and with the logs
of the local stacks. A test that writes such things on purpose says so with the mark `plants`, and
what is written while it runs is not searched.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.redaction import hearing
from tests.redaction.known import values
from tests.redaction.search import Finding, Search

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

ROOT = Path(__file__).resolve().parents[2]
# Where the made-up people are: those of the demonstration, too.
SOURCES = ("tests", "local")
HEARD = "heard.written"
PLANTS = "plants"
# A folder whose name is this holds what is written on purpose.
PLANTED = "planted"


@dataclass(frozen=True)
class Told:
    """What was found, in how many different texts, of how many files."""

    found: list[Finding]
    texts: int
    files: int


class Listening:
    """In each process that runs tests: keeps what it writes."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config

    def pytest_sessionstart(self) -> None:
        """Listen from the beginning."""
        self._hearing = hearing.listen(_folder(self._config) / HEARD)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Hear nothing of a test that plants."""
        self._hearing.is_deaf = _plants(item)
        try:
            return (yield)
        finally:
            self._hearing.is_deaf = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Have whoever reads the report know that it plants."""
        report = yield
        if _plants(item):
            report.user_properties.append((PLANTS, True))
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """All is written."""
        hearing.leave(self._hearing)


class Searching:
    """In the process that reports: searches, once all are done."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._printed: list[tuple[str, str]] = []
        self._told: Told | None = None
        self._seconds = 0.0

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a test printed. Lines of log are heard as they are written."""
        if (PLANTS, True) not in report.user_properties:
            self._printed += [
                (report.nodeid, text) for name, text in report.sections if "log" not in name
            ]

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Search; whatever is found makes the run red. One that is red already is run again."""
        if session.exitstatus != pytest.ExitCode.OK:
            return
        began = time.monotonic()
        self._told = search(_folder(self._config), self._printed)
        self._seconds = time.monotonic() - began
        if self._told.found:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where something was written that must not be, and of what kind it is."""
        if self._told is None:
            return
        terminalreporter.section("what must not be written")
        for each in self._told.found:
            terminalreporter.line(f"{each.where}: {each.kind}", red=True)
        found, texts, files = len(self._told.found), self._told.texts, self._told.files
        terminalreporter.line(
            f"{found} found in {texts:,} different texts, of {files} files and of what was printed;"
            f" {self._seconds:.1f} s"
        )


def pytest_configure(config: pytest.Config) -> None:
    """It is a part of the run from here on."""
    config.addinivalue_line("markers", f"{PLANTS}: writes what must not be written, on purpose")
    config.pluginmanager.register(Listening(config))
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Searching(config))


def search(folder: Path, printed: Iterable[tuple[str, str]] = ()) -> Told:
    """What is found in all that was written below a folder, and in what was printed."""
    sources = (file.read_text("utf-8") for each in SOURCES for file in (ROOT / each).rglob("*.py"))
    secrets = [file for name in ("secrets", "users") for file in _below(folder, f"{name}.json")]
    through = Search(values(sources, secrets))
    heard, logs = list(_below(folder, HEARD)), list(_below(folder, "*.log*"))
    for file in heard:
        for where, text in hearing.told(file):
            through.take(_unparametrised(where), text)
    for where, text in printed:
        for line in text.splitlines():
            through.take(f"{_unparametrised(where)}, printed", line)
    for file in logs:
        for line in file.read_text("utf-8", "replace").splitlines():
            through.take(str(file.relative_to(folder)), line)
    return Told(through.findings(), through.texts, len(heard) + len(logs))


def _below(folder: Path, name: str) -> Iterator[Path]:
    found = (each for each in folder.rglob(name) if each.is_file())
    return (each for each in found if PLANTED not in each.relative_to(folder).parts)


def _unparametrised(node: str) -> str:
    """A test's name without its parameters: those may be what was found."""
    return node.partition("[")[0]


def _plants(item: pytest.Item) -> bool:
    return item.get_closest_marker(PLANTS) is not None


def _folder(config: pytest.Config) -> Path:
    """The folder of the run, or, of a worker, its own one in that."""
    factory: pytest.TempPathFactory = config._tmp_path_factory  # type: ignore[attr-defined]
    return factory.getbasetemp()
