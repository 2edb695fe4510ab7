"""Ids in a path: what is none at all names nothing, at every way in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import app
from tests.api.ways import NOBODY, ask

if TYPE_CHECKING:
    from chalicelib.api.operation import Operation
    from tests.api.client import Api

CAPTURING = [each for each in app.door.map if each.captured and each.roles is not None]


@pytest.mark.parametrize("operation", CAPTURING, ids=lambda each: each.name)
def test_what_is_no_id_at_all_names_nothing_that_is_there(api: Api, operation: Operation):
    for name in operation.captured:
        answer = ask(api, operation, {**dict.fromkeys(operation.captured, NOBODY), name: "\u00e9"})
        assert (answer.status, answer.code) == (404, "not_found")
