"""Calls that schemathesis draws from our document, by everybody; and the judge of them tried."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import pytest

import app
from tests.fuzz import calls
from tests.fuzz.calls import Calls, trying
from tests.fuzz.door import ROLES, Asked, Door
from tests.fuzz.planted import CALLER

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.client import Answer
    from tests.fuzz.asking import Call, Callers

PARTS, EACH = 2, 900
KEYS = count()
CHANGING = ("create_payout", "create_customer", "add_destination", "credit_customer")


@pytest.mark.parametrize("part", range(PARTS))
def test_no_call_breaks_leaks_or_changes_what_it_must_not(part: int):
    told = calls.work(part * EACH, EACH)
    assert told.failures == []
    # A fuzz that the first check turned away would find nothing, for ever.
    reached, succeeded = set(), Counter[str]()
    for name in told.counts:
        operation, _, status = name.partition(": ")
        reached.add(operation)
        succeeded[operation] += status.startswith("2")
    assert {each.name for each in app.door.map if each.method != "OPTIONS"} <= reached
    assert all(succeeded[name] for name in CHANGING), succeeded


def test_a_number_is_one_call_whatever_came_before():
    with trying() as one:
        stories = [_told(one, number) for number in (3, 40, 5)]
    with trying() as other:
        assert [_told(other, number) for number in (5, 40, 3)] == stories[::-1]


def test_everybody_calls():
    """Each role, nobody, and those whose token says something else."""
    with trying() as each:
        makers: Callers = each._callers
        who = Counter(makers.call(number).who for number in range(600))
    assert {*ROLES, "", "stranger", "other-client", "access"} <= who.keys()


def as_admin(door: Door, asked: Asked) -> Answer:
    return door.ask(
        replace(asked, headers={**asked.headers, "Authorization": f"Bearer {CALLER}admin"})
    )


def broken(door: Door, asked: Asked) -> Answer:
    return replace(door.ask(asked), status=500)


def without_its_id(door: Door, asked: Asked) -> Answer:
    answer = door.ask(asked)
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}
    return replace(answer, headers=headers)


def with_a_number(door: Door, asked: Asked) -> Answer:
    answer = door.ask(asked)
    return replace(answer, text=answer.text.replace('"unallocated":"', '"unallocated":1,"x":"'))


def undeclared(door: Door, asked: Asked) -> Answer:
    answer = door.ask(asked)
    return replace(answer, status=299) if answer.status == 200 else answer


def writing(door: Door, asked: Asked) -> Answer:
    """Looking does something."""
    answer = door.ask(asked)
    if asked.method == "GET":
        door.ask(
            Asked("POST", "/provider/sign-in/open", {"Authorization": f"Bearer {CALLER}admin"})
        )
        key = {"Idempotency-Key": f"the door's own key {next(KEYS)}"}
        body = b'{"customer_name": "Al", "email": "al@example.com"}'
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {CALLER}admin"}
        door.ask(Asked("POST", "/customers", headers | key, body))
    return answer


WRONGS: dict[str, tuple[Callable[[Door, Asked], Answer], str]] = {
    "lets everybody in": (as_admin, "may not, and was answered 200"),
    "fails": (broken, "answered 500"),
    "forgets a header": (without_its_id, "no X-Request-Id"),
    "tells a number": (with_a_number, "not a FundsView"),
    "answers what is not declared": (undeclared, "never declared 299"),
    "writes while it looks": (writing, "answered 200, and customers, uses changed"),
}


@pytest.mark.parametrize("wrong", WRONGS)
def test_a_door_that_is_wrong_is_found(wrong: str):
    act, finding = WRONGS[wrong]

    class Wrapped(Door):
        def __init__(self) -> None:
            super().__init__()
            self.inner = Door()

        def ask(self, asked: Asked) -> Answer:
            return act(self.inner, asked)

    with trying(Wrapped) as each:
        found = (told for number in range(2_000) for told in each.run(number).findings)
        assert any(finding in told for told in found)


def test_schemathesis_judges_too():
    """Its own checks are run, and find what they are for."""
    with trying() as each:
        made = (each._callers.call(number) for number in range(2_000))
        call = next(one for one in made if _looks_at_funds(one))
        answer = each.stage.door.ask(call.asked)
        assert answer.status == 200
        assert list(calls._unlike_the_document(call, answer)) == []
        wrong = replace(answer, text='{"received": 1}')
        assert list(calls._unlike_the_document(call, wrong))


def _looks_at_funds(call: Call) -> bool:
    return (call.asked.method, call.asked.target, call.who) == ("GET", "/funds", "viewer")


def _told(tried: Calls, number: int) -> tuple[object, ...]:
    """What came of a number, but for what a clock on the wall has a part in."""
    came = tried.run(number)
    answers = [(what, answer.status) for what, answer in came.answers]
    return came.made_of, came.asked, answers, came.counts, came.findings
