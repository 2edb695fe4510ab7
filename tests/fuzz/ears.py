"""Hears everything that is written while it listens: every logger, stdout and stderr.

A log line is heard with its extra fields and its stack, whatever a formatter would have left out.
"""

from __future__ import annotations

import io
import logging
import sys
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

_USUAL = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_STACK = logging.Formatter()


class Ears(logging.Handler):
    """A context manager: inside of it nothing is written unheard, nor seen."""

    def __init__(self) -> None:
        super().__init__(level=1)
        self._said: list[str] = []
        self._written = io.StringIO()

    def emit(self, record: logging.LogRecord) -> None:
        """Hear a line of log."""
        extra = {k: v for k, v in vars(record).items() if k not in _USUAL}
        stack = _STACK.formatException(record.exc_info) if record.exc_info else ""
        parts = [record.name, record.getMessage(), repr(extra) if extra else "", stack]
        self._said.append(" ".join(filter(None, [*parts, record.stack_info])))

    def heard(self) -> str:
        """What was written since this was asked last."""
        text = "\n".join([*self._said, self._written.getvalue()])
        self._said.clear()
        self._written.seek(0)
        self._written.truncate()
        return text

    def __enter__(self) -> Self:
        root = logging.getLogger()
        self._level, self._streams = root.level, (sys.stdout, sys.stderr)
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        sys.stdout = sys.stderr = self._written
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        sys.stdout, sys.stderr = self._streams
        root = logging.getLogger()
        root.setLevel(self._level)
        root.removeHandler(self)
