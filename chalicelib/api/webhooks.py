"""The provider's way in, which has rules of its own: 200 only once it is durable, never 400 or 404.

A webhook is not trusted before its proof was checked, and that is the use case's to do. Whatever
else happens is a 500, so that the provider sends it again.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from chalicelib.api import answers, problems
from chalicelib.api.access import access_to
from chalicelib.api.body import BodyTooLarge, raw_bytes
from chalicelib.api.intake import House
from chalicelib.api.operation import Operation, Reply
from chalicelib.api.schemas import Notification
from chalicelib.api.shapes import Received
from chalicelib.domain.destination import is_printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from chalice.app import Response

    from chalicelib.api.doors import Doors
    from chalicelib.api.intake import Visit

H = TypeVar("H", bound=House)
# Bytes of a body as the queue of dead letters would carry it: more could be held nowhere.
LARGEST_PACKED = 180_000
LARGEST = 6 * 1024 * 1024
LONGEST_NAME = 64
STATUSES = (200, 401, 413, 500)


@dataclass(frozen=True, slots=True)
class Delivery:
    """A webhook as it came in; header names are in lower case."""

    raw: bytes
    event_name: str
    headers: Mapping[str, str]
    request_id: str


class NotDurable(Exception):
    """It could be kept nowhere: it has to be sent again."""


def webhook(
    doors: Doors[H], *paths: str
) -> Callable[[Callable[[Delivery, H], str]], Callable[[Delivery, H], str]]:
    """Make a function the end of the webhook's routes, bare or with `{event_name}`."""

    def decorate(function: Callable[[Delivery, H], str]) -> Callable[[Delivery, H], str]:
        for path in paths:
            _register(doors, path, function)
        return function

    return decorate


def _register(doors: Doors[H], path: str, function: Callable[[Delivery, H], str]) -> None:
    name = f"{function.__name__}_named" if "{" in path else function.__name__
    operation = Operation(
        "POST", path, name, "Take a webhook of the provider's in.", access_to(f"POST {path}"),
        Notification, Received, exactly=STATUSES,
    )  # fmt: skip

    @wraps(function)
    def view(event_name: str = "") -> Response:
        return doors.answer(
            operation, lambda visit, house: _take(operation, visit, house, event_name, function)
        )

    doors.register(operation, view)


def _take(
    operation: Operation,
    visit: Visit,
    house: H,
    event_name: str,
    function: Callable[[Delivery, H], str],
) -> Response:
    raw = raw_bytes(visit.request.to_original_event())
    check_size(raw)
    try:
        headers = dict(visit.request.headers)
        function(Delivery(raw, known_name(event_name), headers, visit.request_id), house)
    except Exception as error:
        if problems.status_of(type(error)) is HTTPStatus.UNAUTHORIZED:
            raise
        raise NotDurable from error
    return answers.told(operation, Reply(Received(status="received")))


def check_size(raw: bytes) -> None:
    """Let it pass if the queue could carry it.

    Raises:
        BodyTooLarge: it could not.
    """
    if len(raw) > LARGEST or (
        len(raw) > LARGEST_PACKED and len(zlib.compress(raw)) > LARGEST_PACKED
    ):
        raise BodyTooLarge("A webhook of this size cannot be kept.")


def known_name(event_name: str) -> str:
    """An event's name fit to be stored: what is odd about it becomes `?`, its end is cut off."""
    clean = (letter if is_printable(letter) else "?" for letter in event_name[:LONGEST_NAME])
    return "".join(clean)
