"""A request as the endpoints see it, without its credentials."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Call:
    """Path parameters are decoded; the path is as it came, without the query."""

    path: str
    body: bytes = b""
    params: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
