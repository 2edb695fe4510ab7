"""Every line of log as one JSON object, also what others log: on Lambda, where logs are searched.

Of others only the form of a message is written, never what they put into it, and of an error its
type alone: neither can carry a name or an account.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from chalicelib.invocation import ids

# Where our own lines keep their fields.
OURS = ("invocation", "outbound", "fields")


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without a line break."""
        known = {"level": record.levelname, "logger": record.name}
        for name in OURS:
            if isinstance(fields := getattr(record, name, None), dict):
                return json.dumps({**known, **fields})
        return json.dumps({**known, **ids(), **_of_others(record)})


def install() -> None:
    """Have every handler of this process write so."""
    for handler in logging.getLogger().handlers:
        handler.setFormatter(JsonLines())


def _of_others(record: logging.LogRecord) -> dict[str, Any]:
    error = record.exc_info[0] if record.exc_info else None
    return {
        "event": "log", "message": record.msg if isinstance(record.msg, str) else "",
        **({"error": error.__name__} if error else {}),
    }  # fmt: skip
