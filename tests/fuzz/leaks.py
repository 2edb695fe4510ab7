"""The searcher: which planted values, and which innards, a text shows.

It looks for each value as it is, in capitals, percent-encoded, as hexadecimal and as Base64 at any
of the three alignments; and for what a traceback or an object's address looks like. It does not
judge who may see a value: `exposure.py` does.
"""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from tests.fuzz.planted import EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Characters. Longer texts are pages that are the same for everybody: searched once.
LONG = 20_000
STACK = "a stack trace"
ADDRESS = "an object's address"
_INNARDS = {
    STACK: re.compile(r'Traceback \(most recent|File \\?"[^"\n]{1,300}", line \d+|\.py", line \d+'),
    ADDRESS: re.compile(r"\bat 0x[0-9a-f]{6,}|<[\w.]+ object\b"),
}


class Searcher:
    """Finds values, known by what they are called."""

    def __init__(self, values: Mapping[str, str] = EVERYTHING) -> None:
        self._names = {form: name for value, name in values.items() for form in _forms(value)}
        self._looked_up = lru_cache(maxsize=64)(self._find)

    def find(self, text: str) -> frozenset[str]:
        """What of it a text shows, by name."""
        return self._looked_up(text) if len(text) > LONG else self._find(text)

    def _find(self, text: str) -> frozenset[str]:
        folded = text.lower()
        found = {name for form, name in self._names.items() if form in folded}
        found |= {name for name, pattern in _INNARDS.items() if pattern.search(text)}
        return frozenset(found)


def _forms(value: str) -> Iterator[str]:
    """The spellings of a value, in lower case: a text is searched in lower case, too."""
    for spelling in {value, value.replace(" ", "_"), value.replace("-", "")}:
        yield spelling.lower()
    yield quote(value, safe="").lower()
    yield quote_plus(value).lower()
    yield value.encode().hex()
    for spelling in {value, value.lower(), value.upper()}:
        for ahead in range(3):
            yield _base64_core(spelling.encode(), ahead)


def _base64_core(raw: bytes, ahead: int) -> str:
    """The digits that the value alone decides when so many bytes stand before it."""
    digits = base64.b64encode(b"\0" * ahead + raw + b"\0\0").decode()
    first = -(-ahead * 8 // 6)
    last = (ahead + len(raw)) * 8 // 6
    return digits[first:last].lower()
