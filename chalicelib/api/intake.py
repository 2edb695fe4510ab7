"""From a raw request to a call that may be heard, or to everything that is wrong with it at once.

In this order: who is it, are they too fast, may they, is there such a thing at all, and only then
the form of header, query and body together. Stores nothing and asks nobody.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from pydantic import BaseModel, ValidationError

from chalicelib.api.body import is_empty, raw_bytes, read_object
from chalicelib.api.faults import faults_of, limited
from chalicelib.api.fields import as_circuit, as_day, as_id
from chalicelib.api.freshness import StepUp
from chalicelib.api.identity import principal
from chalicelib.api.operation import Call, Key, Operation
from chalicelib.api.pages import Bookmark
from chalicelib.api.schemas import Nothing
from chalicelib.domain.errors import Fault, InvalidRequest, NotFound
from chalicelib.domain.identifiers import KEY_LENGTHS
from chalicelib.domain.rate import Quota, quota

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from chalice.app import Request

    from chalicelib.api.identity import Roles
    from chalicelib.ports import Clock, Keys, Pace

KEY_HEADER = "idempotency-key"
_KEY = re.compile(r"[\x20-\x7e]+")
# What a captured id or date names, where it is not there.
_THINGS = {
    "customer_id": "customer", "transaction_id": "payout", "destination_id": "destination",
    "notice_id": "notice", "finding_id": "finding",
    "letter_id": "dead letter", "settlement_id": "settlement", "credit_id": "credit",
    "date": "reconciliation", "rail": "rail", "schedule_id": "schedule", "pause_id": "pause",
    "file_id": "bank file",
}  # fmt: skip
_FORMS: Mapping[str, Callable[[str], object]] = {"date": as_day, "rail": as_circuit}
_HOW = (
    f"must be {KEY_LENGTHS[0]} to {KEY_LENGTHS[-1]} printable ASCII characters that you use for "
    "this one request only, a random UUID for instance: sent again, it is the same request"
)


class Rules(Protocol):
    """What the business has set."""

    @property
    def cors_origins(self) -> Sequence[str]: ...  # noqa: D102 (the setting's name says it)
    @property
    def cognito_client_id(self) -> str: ...  # noqa: D102
    @property
    def cognito_issuer(self) -> str: ...  # noqa: D102
    @property
    def require_idempotency_key(self) -> bool: ...  # noqa: D102
    @property
    def step_up_minutes(self) -> int: ...  # noqa: D102
    @property
    def step_up_mfa_minutes(self) -> int: ...  # noqa: D102


class House(Protocol):
    """What the doors need of the object graph."""

    @property
    def settings(self) -> Rules: ...  # noqa: D102
    @property
    def clock(self) -> Clock: ...  # noqa: D102
    @property
    def pace(self) -> Pace: ...  # noqa: D102
    @property
    def keys(self) -> Keys: ...  # noqa: D102
    @property
    def issuer_clock(self) -> Clock:
        """The clock that tokens are dated by: real time, whatever `clock` follows."""
        ...

    def cursor_key(self) -> bytes:
        """What cursors are signed with."""
        ...


@dataclass(slots=True)
class Visit:
    """A request on its way through the doors; `by` is known once it is."""

    request: Request
    request_id: str
    time_left: Callable[[], float]
    by: str = ""
    roles: Roles = frozenset()
    quota: Quota | None = None


def admit(operation: Operation, visit: Visit, ids: Mapping[str, str], house: House) -> Call[Any]:
    """The call that a request amounts to.

    Raises:
        Unidentified, Forbidden, SignInAgain, NotFound: by whom, or for what, it is not heard.
        TooFast: they have asked too often; so has whoever may not, and it is not looked at.
        BodyTooLarge, UnsupportedMediaType: its body was not looked at.
        InvalidRequest: everything that is wrong with its form.
    """
    if operation.roles is not None:
        settings = house.settings
        who = principal(
            visit.request.context,
            client_id=settings.cognito_client_id, issuer=settings.cognito_issuer,
        )  # fmt: skip
        visit.by, visit.roles = who.id, who.roles
        if not operation.counts_itself:
            count(visit, house)
        who.may(operation.roles)
        if operation.access.fresh:
            step_up = StepUp(settings.step_up_minutes, settings.step_up_mfa_minutes)
            step_up.demand(who.claims, now=house.issuer_clock.now())
    for name, value in ids.items():
        if _FORMS.get(name, as_id)(value) is None:
            raise NotFound(_THINGS[name])
    return _read(operation, visit, ids, house)


def count(visit: Visit, house: House) -> None:
    """Take a token of this process's for a principal who is known.

    Raises:
        TooFast: they have asked too often.
    """
    visit.quota = quota(house.pace.take(visit.by, house.clock.now()))


def _read(operation: Operation, visit: Visit, ids: Mapping[str, str], house: House) -> Call[Any]:
    asked = _asked(visit.request)
    bookmark = Bookmark(_list(operation, ids, asked), house.clock.now(), house.cursor_key)
    key, faults = _key(operation, visit.request, house)
    query, wrong = _query(operation, asked)
    faults += wrong
    position, wrong = _position(operation, asked, bookmark)
    faults += wrong
    body, wrong = _body(operation, visit.request)
    faults += wrong
    if faults:
        raise InvalidRequest(limited(faults))
    return Call(
        said=query if body is None else body, by=visit.by, request_id=visit.request_id, key=key,
        time_left=visit.time_left, bookmark=bookmark, roles=visit.roles, position=position,
    )  # fmt: skip


def _asked(request: Request) -> dict[str, list[str]]:
    given = request.to_original_event().get("multiValueQueryStringParameters")
    return {name: list(values) for name, values in (given or {}).items()}


def _list(operation: Operation, ids: Mapping[str, str], asked: Mapping[str, list[str]]) -> str:
    """Names a list with its filters, so that a cursor of another one is known."""
    filters = sorted((n, sorted(v)) for n, v in asked.items() if n not in {"limit", "cursor"})
    return json.dumps([operation.path, sorted(ids.items()), filters])


def _key(operation: Operation, request: Request, house: House) -> tuple[str, list[Fault]]:
    """The request's key, or one that nobody else has where it needs none.

    None at all where the doors themselves remember keys: without one there is nothing to remember.
    """
    if operation.key is Key.NONE:
        return "", []
    key = request.headers.get(KEY_HEADER)
    optional = operation.key is Key.OPTIONAL or (
        operation.key is Key.BY_SETTING and not house.settings.require_idempotency_key
    )
    if key is None and optional:
        return "" if operation.once else house.clock.new_id(), []
    if key is None:
        return "", [Fault("Idempotency-Key", "missing", f"is required; it {_HOW}")]
    if len(key) not in KEY_LENGTHS or not _KEY.fullmatch(key):
        return "", [Fault("Idempotency-Key", "invalid_key", _HOW)]
    return key, []


def _query(
    operation: Operation, asked: Mapping[str, list[str]]
) -> tuple[BaseModel | None, list[Fault]]:
    model = operation.query
    faults = [
        Fault(name, "given_twice", "must be given once")
        for name, values in asked.items()
        if len(values) > 1 and name in model.names() - model.repeatable
    ]
    told = {name: v if name in model.repeatable else v[-1] for name, v in asked.items() if v}
    try:
        return model.model_validate(told), faults
    except ValidationError as invalid:
        return None, faults + faults_of(invalid, told, named=True)


def _position(
    operation: Operation, asked: Mapping[str, list[str]], bookmark: Bookmark
) -> tuple[Mapping[str, str] | None, list[Fault]]:
    cursor = asked.get("cursor", [""])[-1] if operation.is_list else ""
    try:
        return (bookmark.read(cursor) if cursor else None), []
    except InvalidRequest as invalid:
        return None, list(invalid.faults)


def _body(operation: Operation, request: Request) -> tuple[BaseModel | None, list[Fault]]:
    raw = raw_bytes(request.to_original_event())
    if operation.body is None:
        if is_empty(raw):
            return (Nothing() if operation.takes is Nothing else None), []
        return None, [Fault("", "unexpected_body", "is not taken here: send none")]
    try:
        told = read_object(raw, request.headers.get("content-type", ""))
        return operation.body.model_validate(told), []
    except InvalidRequest as invalid:
        return None, list(invalid.faults)
    except ValidationError as invalid:
        return None, faults_of(invalid, told)
