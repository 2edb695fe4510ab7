"""What an endpoint gives back, and how it says no.

Every answer of the provider carries `durationMs`, `status` and `statusDescription`; the server
fills in the first. A refusal is raised where it is found and written in one place.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

SUCCEEDED = "Operation completed successfully"


@dataclass(frozen=True)
class Misfire:
    """What goes wrong on the wire instead of, or after, an answer.

    kind: timeout, error, reset, unparsable or late; status: of an error; seconds: real ones, for
    timeout and late.
    """

    kind: str
    status: int = 500
    seconds: Decimal = Decimal(60)


@dataclass(frozen=True)
class Answer:
    """An HTTP answer; `content` is an object to be written as JSON, or text as it is."""

    status: int
    content: Mapping[str, object] | str
    content_type: str = "application/json; charset=utf-8"
    timed: bool = False
    misfire: Misfire | None = None


class Refused(Exception):
    """A business error of the provider: a PascalCase code, usually with HTTP 400."""

    def __init__(
        self,
        code: str,
        description: str,
        *,
        http: int = 400,
        fields: Mapping[str, object] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.description = description
        self.http = http
        self.fields = fields or {}


@dataclass
class ControlRefused(Exception):
    """A control request that makes no sense; lists everything that is wrong with it."""

    errors: list[dict[str, str]] = field(default_factory=list)
    http: int = 400


def ok(
    fields: Mapping[str, object] | None = None,
    *,
    status: str = "Ok",
    description: str = SUCCEEDED,
    misfire: Misfire | None = None,
) -> Answer:
    """The provider's HTTP 200."""
    envelope = {"durationMs": 0, "status": status, "statusDescription": description}
    return Answer(200, envelope | dict(fields or {}), timed=True, misfire=misfire)


def refusal(refused: Refused) -> Answer:
    """The provider's way to say no."""
    envelope = {"durationMs": 0, "status": refused.code, "statusDescription": refused.description}
    return Answer(refused.http, envelope | dict(refused.fields), timed=True)


def told(content: Mapping[str, object], http: int = 200) -> Answer:
    """An answer of our own endpoints."""
    return Answer(http, content)
