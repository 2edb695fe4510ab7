"""Every line of log as one JSON object: how ours are written, and how others' are on Lambda.

Of others only the form of a message is written, never what they put into it, and of an error its
type alone: neither can carry a name or an account.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

from chalicelib.invocation import ids

if TYPE_CHECKING:
    from collections.abc import Mapping

# Where the record of one of our lines keeps what it says.
FIELDS = "fields"


def tell(
    log: logging.Logger, event: str, fields: Mapping[str, object], level: int = logging.INFO
) -> None:
    """Write a line of ours: what happened, the ids of the invocation, and these fields."""
    told = {"event": event, **ids(), **fields}
    log.log(level, json.dumps(told), extra={FIELDS: told})


class JsonLines(logging.Formatter):
    """Formats a record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, without a line break."""
        known = {"level": record.levelname, "logger": record.name}
        if isinstance(fields := getattr(record, FIELDS, None), dict):
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
