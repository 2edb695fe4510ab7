"""A policy that holds nothing back, as a setting: for tests of whatever else there is."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from chalicelib.domain.money import Money
from chalicelib.domain.policy import FREE, RULES

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def told(part: DataclassInstance) -> dict[str, Any]:
    """A policy as people write it; a rule of risk without a weight has none."""
    return {each.name: _told(getattr(part, each.name)) for each in fields(part)}


def _told(value: Any) -> Any:
    if isinstance(value, Money):
        return str(value)
    if isinstance(value, int):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return told(value)
    return {rule: value.get(rule, 0) for rule in RULES}


FREE_POLICY = json.dumps({name: value for name, value in told(FREE).items() if name != "version"})
