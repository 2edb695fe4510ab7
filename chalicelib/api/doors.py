"""Every way in from outside, and what holds for all of them.

A door registers an operation with Chalice and wraps its function: who asks, may they, what do they
say; call; serialise; every no a problem; the headers that a browser needs on every answer; one
line of log. Nothing that a function raises gets past it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial, wraps
from typing import TYPE_CHECKING, Concatenate, Generic, ParamSpec, TypeVar
from uuid import uuid4

from chalice.app import Response
from pydantic import BaseModel

from chalicelib.api import answers, cors, deadline, log, pace, problems
from chalicelib.api.access import ANYBODY, access_to
from chalicelib.api.intake import House, Visit, admit, count
from chalicelib.api.once import once
from chalicelib.api.operation import JSON, Call, Key, Operation, Reply
from chalicelib.api.schemas import Nothing
from chalicelib.domain.errors import PayoutError
from chalicelib.invocation import begin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chalice.app import Authorizer, Chalice, Request

S = TypeVar("S", bound=BaseModel)
H = TypeVar("H", bound=House)
P = ParamSpec("P")
View = Callable[..., Response]
# What the provider calls is measured apart from what people do.
WEBHOOKS = "/webhooks/"
_REQUEST_ID = re.compile(r"[\x21-\x7e]{1,128}")


@dataclass
class Doors(Generic[H]):
    """The ways in of an app. `house` gives the object graph, and is called at every request."""

    app: Chalice
    authorizer: Authorizer
    house: Callable[[], H]
    operations: list[Operation] = field(default_factory=list)

    def __call__(  # noqa: PLR0913 (what a route says of itself)
        self,
        route: str,
        takes: type[S],
        gives: type[BaseModel] | None,
        status: int = 200,
        *,
        key: Key = Key.NONE,
        again: Callable[Concatenate[Call[S], H, P], Reply] | None = None,
        refuses: Iterable[int] = (),
        media_type: str = JSON,
        counts_itself: bool = False,
    ) -> Callable[[Callable[Concatenate[Call[S], H, P], Reply]], View]:
        """Make a function the end of a route such as `GET /customers/{customer_id}`.

        Who may use it is the matrix's to say (`access.py`). `again` shows the thing as it is now:
        with it the doors remember the keys of requests, and act once for each (`once.py`).

        Raises:
            UnknownRoute: the matrix says nothing of it.
        """
        access = access_to(route)
        method, path = route.split(" ")

        def decorate(function: Callable[Concatenate[Call[S], H, P], Reply]) -> View:
            operation = Operation(
                method, path, function.__name__, _first_line(function), access, takes, gives,
                status=status, key=key, refuses=frozenset(refuses), media_type=media_type,
                once=again is not None,
                counts_itself=counts_itself,
            )  # fmt: skip

            @wraps(function)
            def view(**ids: str) -> Response:
                return self._serve(operation, function, again, ids)

            self.register(operation, view)
            return view

        return decorate

    @property
    def map(self) -> tuple[Operation, ...]:
        """Every way in that there is."""
        return tuple(self.operations)

    def register(self, operation: Operation, view: View) -> None:
        """Put an operation on the map, with the preflight that its path needs."""
        known = {each.path for each in self.operations}
        self.operations.append(operation)
        self._route(operation, view)
        if operation.path not in known and operation.method != "OPTIONS":
            self._add_preflight(operation.path)

    def _route(self, operation: Operation, view: View) -> None:
        # Any content type: which ones we take, we say ourselves.
        self.app.route(
            operation.path, methods=[operation.method], content_types=["*/*"],
            authorizer=None if operation.roles is None else self.authorizer, cors=False,
        )(view)  # fmt: skip

    def _add_preflight(self, path: str) -> None:
        name = "preflight_" + re.sub(r"\W+", "_", path).strip("_")
        operation = Operation(
            "OPTIONS", path, name, "What a browser asks before it asks.", ANYBODY, Nothing, None,
            status=204, exactly=(204, 500),
        )  # fmt: skip

        def view(**_ids: str) -> Response:
            methods = [each.method for each in self.operations if each.path == path]
            return self.answer(operation, lambda _visit, _house: answers.nothing({}), methods)

        view.__name__ = name
        self.register(operation, view)

    def _serve(
        self,
        operation: Operation,
        function: Callable[..., Reply],
        again: Callable[..., Reply] | None,
        ids: dict[str, str],
    ) -> Response:
        def act(visit: Visit, house: H) -> Response:
            try:
                call = admit(operation, visit, ids, house)
            except PayoutError:
                # What counts itself has not been counted yet, and to be refused is not free.
                if operation.counts_itself and visit.by:
                    count(visit, house)
                raise
            named = {name: value.lower() for name, value in ids.items()}

            def reply_of(way: Callable[..., Reply]) -> Reply:
                return way(call, house, **named)

            if again is None or not call.key:
                return answers.told(operation, reply_of(function))
            return answers.told(operation, once(
                operation, call, named, house, partial(reply_of, function),
                partial(reply_of, again),
            ))  # fmt: skip

        return self.answer(operation, act)

    def answer(
        self,
        operation: Operation,
        act: Callable[[Visit, H], Response],
        preflight: Iterable[str] = (),
    ) -> Response:
        """Act on the present request; whatever happens, there is an answer and a line of log."""
        began = time.monotonic()
        visit = _visit(self.app.current_request)
        begin(visit.request_id)
        origins: tuple[str, ...] = ()
        at, facts = datetime.now(UTC), dict[str, str]()
        try:
            house = self.house()
            origins, at = tuple(house.settings.cors_origins), house.clock.now()
            response = act(visit, house)
        except Exception as error:  # noqa: BLE001 (nothing gets past the door)
            response = answers.refused(error, request_id=visit.request_id, at=at)
            facts = {"refused": problems.code_of(error)}
            if response.status_code >= 500:
                facts |= log.trouble(error)
        response.headers |= {"X-Request-Id": visit.request_id, **_cors(visit, origins, preflight)}
        if visit.quota is not None:
            response.headers |= pace.headers(visit.quota)
        log.invocation({
            "operation": operation.name, "status": response.status_code, "ms": log.since(began),
            "principal": visit.by, **facts,
        }, door="webhook" if operation.path.startswith(WEBHOOKS) else "api")  # fmt: skip
        return response


def _cors(visit: Visit, origins: tuple[str, ...], preflight: Iterable[str]) -> dict[str, str]:
    origin = visit.request.headers.get("origin")
    if preflight:
        return cors.preflight(origin, origins, preflight)
    return cors.answer(origin, origins)


def _visit(request: Request | None) -> Visit:
    if request is None:
        raise RuntimeError("there is no request outside of one")
    given = str(request.context.get("requestId") or "")
    known = given if _REQUEST_ID.fullmatch(given) else str(uuid4())
    return Visit(request, known, deadline.of_request(request.lambda_context))


def _first_line(function: Callable[..., object]) -> str:
    return (function.__doc__ or "").strip().split("\n")[0]
