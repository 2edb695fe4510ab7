"""The way of a call: what goes wrong first, who is admitted, who answers, what goes wrong last.

Never lets an exception out: what nobody expected is a 500 without a word about the inside.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl

from local.monoova.answers import Answer, ControlRefused, Misfire, Refused, refusal, told
from local.monoova.calls import Call
from local.monoova.fault_rules import LOCK_OUT, Facts, Rule
from local.monoova.routes import OURS, Route, find
from local.monoova.shapes import NotJson, cents, read_json
from local.monoova.simulator import Simulator

NOTHING = Facts()


@dataclass(frozen=True)
class Reply:
    """An answer, and the template of the path that it answers: all that may be logged of it."""

    template: str
    answer: Answer


def respond(
    simulator: Simulator, method: str, target: str, body: bytes, authorization: str | None
) -> Reply:
    """Answers one request."""
    path, _, query = target.partition("?")
    found = find(method, path)
    if isinstance(found, int):
        return Reply("-", _nowhere(found))
    route, params = found
    call = Call(path, body, params, dict(parse_qsl(query)))
    try:
        answer = _answer(simulator, route, call, authorization)
    except Exception as error:  # noqa: BLE001 - a defect of ours must not look like the provider's socket failing
        print(f"defect: {type(error).__name__} at {route.template}", file=sys.stderr, flush=True)
        answer = refusal(Refused("Exception", "The simulator has a defect", http=500))
    return Reply(route.template, answer)


def _answer(simulator: Simulator, route: Route, call: Call, authorization: str | None) -> Answer:
    if route.place == OURS:
        return _handled(simulator, route, call)
    rule = _fault(simulator, route, call)
    if rule and rule.fault == LOCK_OUT:
        simulator.sign_in.lock()
        rule = None
    if rule and rule.fault.endswith("_before"):
        return Answer(0, "", misfire=simulator.faults.misfire(rule))
    answer = _admitted(simulator, route, call, authorization)
    return replace(answer, misfire=_last(simulator, rule, answer))


def _last(simulator: Simulator, rule: Rule | None, answer: Answer) -> Misfire | None:
    return simulator.faults.misfire(rule) if rule else answer.misfire


def _admitted(simulator: Simulator, route: Route, call: Call, authorization: str | None) -> Answer:
    if not route.public:
        try:
            simulator.sign_in.admit(authorization)
        except Refused as refused:
            return refusal(refused)
    return _handled(simulator, route, call)


def _handled(simulator: Simulator, route: Route, call: Call) -> Answer:
    try:
        return route.handler(simulator, call)
    except Refused as refused:
        return refusal(refused)
    except ControlRefused as refused:
        return told({"errors": refused.errors}, refused.http)


def _fault(simulator: Simulator, route: Route, call: Call) -> Rule | None:
    if not simulator.faults.are_waiting:
        return None
    return simulator.faults.on_call(route.place, call.path, _facts(route, call))


def _facts(route: Route, call: Call) -> Facts:
    if route.place == "status":
        return Facts(reference=call.params.get("uniqueReference"))
    if route.place not in {"execute", "validate"}:
        return NOTHING
    try:
        body = read_json(call.body)
    except NotJson:
        return NOTHING
    return _payment_facts(body) if isinstance(body, dict) else NOTHING


def _payment_facts(body: Mapping[str, object]) -> Facts:
    listed = body.get("disbursements")
    first = listed[0] if isinstance(listed, list) and listed else {}
    details = (
        [value for value in first.values() if isinstance(value, dict)]
        if isinstance(first, dict)
        else []
    )
    name = details[0].get("accountName") if details else None
    reference = body.get("uniqueReference")
    return Facts(
        reference=reference if isinstance(reference, str) else None,
        account_name=name if isinstance(name, str) else None,
        amount=cents(body.get("totalAmount")),
    )


def _nowhere(http: int) -> Answer:
    code = {404: "ResourceNotFound", 405: "MethodNotAllowed"}[http]
    return refusal(Refused(code, "The simulator has no such endpoint", http=http))
