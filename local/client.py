"""A small client of the service's own API, signed in as one person: what a script would use.

Answers are handed back as they came, refusals included; numbers stay exact.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from http import HTTPStatus
from typing import Any

import requests

TIMEOUT = 40  # seconds; API Gateway waits 29


@dataclass(frozen=True)
class Answer:
    """An HTTP answer: its status, its JSON body, its headers by lower-case name."""

    status: int
    body: dict[str, Any]
    headers: Mapping[str, str]


class Refused(Exception):
    """An answer of another status than was needed; `answer` is what came instead."""

    def __init__(self, method: str, path: str, answer: Answer) -> None:
        super().__init__(f"{method} {path}: {answer.status} {answer.body.get('code', '')}")
        self.answer = answer


class Client:
    """Calls the API with one person's ID token."""

    def __init__(self, url: str, token: str) -> None:
        self.url = url
        self._session = requests.Session()
        self._session.headers["Authorization"] = token

    def call(
        self, method: str, path: str, body: object = None, *, key: str | None = None
    ) -> Answer:
        """One request; a body is sent as JSON, a key as its Idempotency-Key."""
        headers = {"Content-Type": "application/json"} if body is not None else {}
        if key is not None:
            headers["Idempotency-Key"] = key
        response = self._session.request(
            method,
            f"{self.url}{path}",
            data=None if body is None else json.dumps(body),
            headers=headers,
            timeout=TIMEOUT,
        )
        parsed = json.loads(response.content or b"{}", parse_float=Decimal)
        lowered = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, parsed, lowered)

    def text(self, path: str) -> str:
        """What is there that is no JSON, to the letter.

        Raises:
            Refused: it is not given.
        """
        response = self._session.get(f"{self.url}{path}", timeout=TIMEOUT)
        if response.status_code != HTTPStatus.OK:
            raise Refused("GET", path, Answer(response.status_code, {}, {}))
        return response.content.decode()

    def need(
        self, status: int, method: str, path: str, body: object = None, *, key: str | None = None
    ) -> dict[str, Any]:
        """The body of an answer that must have this status.

        Raises:
            Refused: it has another.
        """
        answer = self.call(method, path, body, key=key)
        if answer.status != status:
            raise Refused(method, path, answer)
        return answer.body

    def every(self, path: str) -> list[dict[str, Any]]:
        """All items of a list, page after page."""
        found: list[dict[str, Any]] = []
        separator = "&" if "?" in path else "?"
        cursor = ""
        while True:
            page = self.need(200, "GET", f"{path}{separator}limit=100{cursor}")
            found.extend(page["data"])
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    def close(self) -> None:
        """Gives the connections back."""
        self._session.close()


def new_key() -> str:
    """An idempotency key that nobody has used."""
    return f"demo-{uuid.uuid4()}"
