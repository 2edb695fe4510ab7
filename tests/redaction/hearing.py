"""Keeps what is written while tests run: every line of log with all its fields, and every problem.

Each process keeps a file of its own. It refuses to judge: `search.py` does, once all is written.
"""

from __future__ import annotations

import logging
import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Begins a line that says which test wrote what follows.
BY = "\x1dby "
# Ends what was written at once, which may have several lines.
END = "\x1e\n"
_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "fields"}
_STACK = logging.Formatter()
# Who hears this process; a test of this here listens beside the run.
_EARS: list[Hearing] = []


class Hearing(logging.Handler):
    """Writes down what any logger of this process is told, whatever a formatter would leave out."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.folder = file.parent
        self._out = file.open("w", encoding="utf-8", errors="backslashreplace")
        self._by = ""
        # While somebody writes on purpose what must not be written.
        self.is_deaf = False

    def emit(self, record: logging.LogRecord) -> None:
        """Write it down. Of ours `fields` are what the message is."""
        extra = {name: value for name, value in vars(record).items() if name not in _USUAL}
        stack = _STACK.formatException(record.exc_info) if record.exc_info else ""
        parts = [record.name, record.getMessage(), repr(extra) if extra else "", stack]
        self.write(" ".join(filter(None, parts)))

    def write(self, text: str) -> None:
        """Write down a text, under the test that runs."""
        if self.is_deaf:
            return
        by = os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0]
        if by != self._by:
            self._by = by
            self._out.write(f"{BY}{by}{END}")
        self._out.write(text + END)

    def close(self) -> None:
        """All is written."""
        self._out.close()
        super().close()


def listen(file: Path) -> Hearing:
    """From here on all is heard."""
    hearing = Hearing(file)
    logging.getLogger().addHandler(hearing)
    _EARS.append(hearing)
    return hearing


def leave(hearing: Hearing) -> None:
    """It is over."""
    logging.getLogger().removeHandler(hearing)
    _EARS.remove(hearing)
    hearing.close()


def told(file: Path) -> Iterator[tuple[str, str]]:
    """What was written down: by which test, and what."""
    by = ""
    for each in file.read_text("utf-8").split(END):
        if each.startswith(BY):
            by = each.removeprefix(BY)
        elif each:
            yield by, each


def problem(status: int, text: str) -> None:
    """An answer of the service: kept where it is a problem, which may tell nothing of anybody."""
    for each in _EARS if status >= 400 else ():
        each.write(text)


def about_to_go(folder: Path) -> None:
    """Keep the logs of a local stack whose folder will be removed, and what its secrets were."""
    for ear in _EARS[-1:]:
        for number, file in enumerate(sorted([*folder.rglob("*.log*"), *folder.rglob("*s.json")])):
            if file.suffix != ".json" or file.stem in {"secrets", "users"}:
                into = ear.folder / f"{folder.name}-{number}"
                into.mkdir()
                shutil.copy(file, into)
