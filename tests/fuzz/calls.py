"""A number's call, tried: what must hold whatever is asked, and by whomever.

Schemathesis holds the answer against the document; here: who may not is refused, what is refused
changed nothing, what only looks changes nothing, and what was written are sound books, with at
most one execution for each payout.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schemathesis import Response
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from chalicelib.domain.references import parse_reference
from tests.fuzz import books
from tests.fuzz.asking import Callers
from tests.fuzz.door import ROLES, Asked, Door
from tests.fuzz.planted import CALLER
from tests.fuzz.stage import Outcome, Stage, stage, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.api.client import Answer
    from tests.fuzz.asking import Call
    from tests.fuzz.stage import Asks
    from tests.fuzz.world import Snapshot
    from tests.long_runs import Told

NAME = "api"
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance,
    response_headers_conformance, response_schema_conformance,
]  # fmt: skip
LOOKING = {"GET", "HEAD", "OPTIONS"}


class Calls:
    """Calls on a stage."""

    def __init__(self, on: Stage) -> None:
        self.stage = on
        self.world = on.world
        self._callers = Callers(on.world, self._cursor())

    def _cursor(self) -> str:
        """A true one."""
        asked = Asked("GET", "/customers?limit=1", {"Authorization": f"Bearer {CALLER}viewer"})
        answer = self.stage.ask(asked, Outcome(-1, asked, "for its cursor"))
        return str(answer.json["next_cursor"])

    def run(self, number: int) -> Outcome:
        """Try the call of a number."""
        return self.judge(number, self._callers.call(number))

    def judge(self, number: int, call: Call) -> Outcome:
        """Try a call."""
        self.world.restore()
        asked = call.asked
        outcome = Outcome(number, asked, call.made_of)
        answer = self.stage.ask(asked, outcome)
        now, kept = self.world.snapshot(), self.world.kept
        changed = now.differs(kept)
        if asked.target.startswith("/webhooks") and answer.status == 401:
            # Of what is not proved a few are kept for people to see.
            changed = [name for name in changed if name != "samples"]
        outcome.findings += _refused(call, answer)
        unasked = set(changed) - _all_the_same(asked, answer)
        if unasked and (answer.status >= 400 or asked.method in LOOKING):
            outcome.findings.append(
                f"answered {answer.status}, and {', '.join(sorted(unasked))} changed"
            )
        if changed:
            outcome.findings += [*books.faults(kept, now), *_paid_twice(now)]
        outcome.findings += _unlike_the_document(call, answer)
        operation = asked.operation
        outcome.counts[f"{operation.name if operation else 'no route'}: {answer.status}"] += 1
        return outcome


def _all_the_same(asked: Asked, answer: Answer) -> frozenset[str]:
    """What changes although it is only looked at, or refused."""
    name = asked.operation.name if asked.operation else ""
    if name == "download_export":
        return frozenset({"bank_files"})  # who has the bytes is written before they leave
    if name in {"confirm_export", "hear_export_returns"} and answer.status == 409:
        # Word of a file that was given up is not believed, and not passed over.
        return frozenset({"bank_files", "payouts", "steps"})
    return frozenset()


def _refused(call: Call, answer: Answer) -> Iterator[str]:
    """Who may not, was."""
    operation = call.asked.operation
    if operation is None:
        if answer.status not in {401, 403}:
            yield f"there is no such route, and it answered {answer.status}"
        return
    if operation.roles is None:
        return
    role = "operator" if call.who == "stranger" else call.who
    if role not in ROLES:
        if answer.status not in {401, 403}:
            yield f"{role or 'nobody'} was answered {answer.status}"
    elif role not in operation.roles:
        if answer.status != 403:
            yield f"{role} may not, and was answered {answer.status}"
    elif answer.status == 401 or "needs one of the roles" in answer.text:
        yield f"{role} may, and was answered {answer.status}"


def _paid_twice(now: Snapshot) -> Iterator[str]:
    """More than one execution for what one person asked for once."""
    references = (parse_reference(each.reference) for each in now.parts["executions"])
    times = Counter(own for own, _ in filter(None, references))
    yield from (f"{own} was executed {count} times" for own, count in times.items() if count > 1)


def _unlike_the_document(call: Call, answer: Answer) -> Iterator[str]:
    """What schemathesis finds wrong with an answer that the app gave to this operation."""
    asked, operation = call.asked, call.asked.operation
    if operation is None or (asked.method, operation.path) != (call.case.method, call.case.path):
        return
    if "Cache-Control" not in answer.headers:
        return  # the gateway's own, which `door.misfit` judged
    response = Response(
        status_code=answer.status, headers={k: [v] for k, v in answer.headers.items()},
        content=answer.text.encode(), request=call.prepared, elapsed=0.0, verify=False,
        encoding="utf-8",
    )  # fmt: skip
    try:
        call.case.validate_response(response, checks=CHECKS)
    except FailureGroup as group:
        for failure in group.exceptions:
            yield f"{type(failure).__name__}: {' '.join(str(failure).split())[:300]}"


@contextmanager
def trying(door: Callable[[], Asks] = Door) -> Iterator[Calls]:
    """Calls on a stage of their own, for as long as the block lasts."""
    with stage(door) as on:
        yield Calls(on)


def work(first: int, count: int) -> Told:
    """What came of some numbers."""
    with trying() as calls:
        return told((calls.run(number) for number in range(first, first + count)), NAME)
