"""Searches what was written for what must not be: as it is, and as it may be spelled.

Percent-encoded, with JSON's escapes, as hexadecimal, in Base64 at any alignment: what may be such
is decoded and searched, too. It tells where and what kind, never the value: what it tells is
written down as well.
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from tests.redaction.known import PATTERNS, SECRET

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What differs from line to line and tells of nobody.
_VARIES = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"
    r'|"(?:ms|Timestamp|Duration|ProviderLatency)": \d+'
)
_DIGITS_OF_64 = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_OF_64 = re.compile(r"(?=.*[A-Z])(?=.*[a-z])")
_DIGITS_OF_16 = re.compile(r"\b(?:[0-9A-Fa-f]{2}){8,}\b")
_ESCAPE = re.compile(r"\\+u([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Finding:
    """That something is written which must not be: where, and of what kind."""

    where: str
    kind: str


class Search:
    """Looks through many texts; the same text is looked at once."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._kinds = dict(values)
        self._lines: dict[str, str] = {}

    def take(self, where: str, text: str) -> None:
        """Have a text looked through."""
        self._lines.setdefault(_VARIES.sub("", text), where)

    @property
    def texts(self) -> int:
        """How many different ones there are."""
        return len(self._lines)

    def findings(self) -> list[Finding]:
        """What is written that must not be, each kind once for each place."""
        found = {
            Finding(where, kind) for text, where in self._lines.items() for kind in self.kinds(text)
        }
        return sorted(found, key=lambda each: (each.where, each.kind))

    def kinds(self, text: str) -> set[str]:
        """The kinds of what a text shows."""
        return {kind for spelled in spellings(text) for kind in self._plain(spelled)}

    def _plain(self, text: str) -> Iterator[str]:
        yield from (kind for kind, pattern in PATTERNS.items() if pattern.search(text))
        yield from {self._kinds[each] for each in self._any.findall(text.lower())}

    @cached_property
    def _any(self) -> re.Pattern[str]:
        """Any of the values; a name or a number not as a part of a longer one."""
        longest_first = sorted(self._kinds, key=len, reverse=True)
        forms = (
            re.escape(each) if self._kinds[each] == SECRET
            else rf"(?<![0-9a-z]){re.escape(each)}(?![0-9a-z])"
            for each in longest_first
        )  # fmt: skip
        return re.compile("|".join(forms))


def spellings(text: str) -> Iterator[str]:
    """A text, and what it may say once it is decoded."""
    yield text
    if "%" in text or "+" in text:
        yield unquote_plus(text)
    if "\\u" in text:
        yield _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    yield from _decoded(text)


def _decoded(text: str) -> Iterator[str]:
    for digits in _DIGITS_OF_16.findall(text):
        yield bytes.fromhex(digits).decode("utf-8", "replace")
    for digits in _DIGITS_OF_64.findall(text):
        if _OF_64.match(digits):
            yield _of_64(digits)


_TO_STANDARD = str.maketrans("-_", "+/")


@lru_cache(maxsize=100_000)
def _of_64(digits: str) -> str:
    """What they say, begun at each of the four places where they may begin."""
    plain = digits.translate(_TO_STANDARD).rstrip("=")
    parts = (plain[ahead:] for ahead in range(4))
    whole = (part[: len(part) - (len(part) % 4 == 1)] for part in parts)
    return "\n".join(
        base64.b64decode(each + "=" * (-len(each) % 4)).decode("utf-8", "replace") for each in whole
    )
