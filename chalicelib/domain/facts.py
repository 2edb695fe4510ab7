"""An event as plain values and back: for the store, and for the chain of hashes."""

from __future__ import annotations

import dataclasses
from datetime import datetime
from enum import StrEnum
from typing import Any, get_type_hints

from chalicelib.domain.events import ALL, Event, News
from chalicelib.domain.money import Money

_BY_NAME = {kind.__name__: kind for kind in ALL}
_HINTS = {kind: get_type_hints(kind) for kind in ALL}

Facts = dict[str, str | int | bool | None]
# Fields that came later: where they say nothing they are not told, so chains stay as they were.
_LATER = frozenset({"file_id"})


def facts(event: Event) -> Facts:
    """The event as plain values (money in cents, times in RFC 3339), with its `event` name."""
    plain = {field.name: _plain(getattr(event, field.name)) for field in dataclasses.fields(event)}
    later = _LATER if isinstance(event, News) else frozenset()
    told = {name: value for name, value in plain.items() if value != "" or name not in later}
    return {"event": type(event).__name__, **told}


def event_from(told: Facts) -> Event:
    """The event that `facts` told; fields that a later version added are left out.

    Raises:
        KeyError: an event of a name that is not ours.
    """
    kind = _BY_NAME[str(told["event"])]
    hints = _HINTS[kind]
    return kind(**{name: _typed(hints[name], told[name]) for name in hints if name in told})


def _plain(value: Any) -> str | int | bool | None:  # noqa: ANN401 (any field of any event)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Money):
        return value.cents
    if isinstance(value, StrEnum):
        return str(value)
    plain: str | int | bool | None = value
    return plain


def _typed(hint: Any, value: Any) -> Any:  # noqa: ANN401 (any field of any event)
    if hint is datetime:
        return datetime.fromisoformat(value)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return hint(value)
    if hint == (Money | None):
        return None if value is None else Money(int(value))
    return int(value) if hint is int else value
