"""A long JSON answer of the provider, row by row, while it arrives.

Knows whether it was a good one only at its end: the rows before are worth nothing until then. What
the reader written in C could choke on is refused before it sees it.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import ijson

from chalicelib.adapters import exact_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chalicelib.adapters.monoova.transport import Arriving

SIZE = 1 << 16
# A number of more digits, and lists nested in nothing but lists, are nobody's account.
DIGITS = 1 << 11
DEEP = b"[" * 64
# Of an answer without a row, how much is looked at to see that it says so.
SMALL = 1 << 16


class NotReadable(Exception):
    """It says what is not understood; nothing of it may be used."""


class LongAnswer:
    """The rows of the list `name` in an object that says of itself that it is Ok."""

    def __init__(self, body: Arriving, name: str) -> None:
        self._body = body
        self._name = name
        self._head = b""
        self._length = 0
        self._rows = 0
        self._codes = ijson.sendable_list()
        self._coder: Any = None

    def rows(self) -> Iterator[dict[str, Any]]:
        """Each row as it arrives.

        Raises:
            NotReadable, ijson.JSONError, ValueError, ArithmeticError: it cannot be read on.
            Broken: it broke off.
        """
        for row in ijson.items(self, f"{self._name}.item", buf_size=SIZE):
            if not isinstance(row, dict):
                raise NotReadable("a row that is none")
            self._rows += 1
            yield row

    def refuse_unless_good(self) -> None:
        """To be asked at the end: was there such a list, and did all go well?

        Raises:
            NotReadable: no.
        """
        if any(code not in ("Ok", "OK") for code in self._codes):
            raise NotReadable("its status is not Ok")
        if self._rows == 0 and not self._is_empty():
            raise NotReadable(f"no list of {self._name}")

    def read(self, size: int) -> bytes:
        """The next bytes, exactly `size` unless they are the last: what `ijson` reads from."""
        parts: list[bytes] = []
        wanted = size
        while wanted and (part := self._body.read(wanted)):
            parts.append(part)
            wanted -= len(part)
        block = b"".join(parts)
        if size:
            self._look_at(block)
        return block

    def _look_at(self, block: bytes) -> None:
        if self._length < SMALL:
            self._head += block
        self._length += len(block)
        # Blocks are aligned, so that a longer run of digits holds one of these whole.
        for start in range(0, len(block), DIGITS):
            if block[start : start + DIGITS].isdigit() and len(block) >= start + DIGITS:
                raise NotReadable("a number beyond all measure")
        if DEEP in block:
            raise NotReadable("nested too deeply")
        if self._length == len(block):
            self._begin(block)
        if self._coder is not None:
            self._coder.send(block)
            if not block:
                self._coder.close()

    def _begin(self, block: bytes) -> None:
        """Read the status before the list; where it is not there, all is read for it once more."""
        head = block.partition(f'"{self._name}"'.encode())[0].rstrip().removesuffix(b",")
        with suppress(exact_json.NotJson):
            told = exact_json.read_object(head + b"}")
            if "status" in told:
                self._codes.append(told["status"])
                return
        self._coder = ijson.items_coro(self._codes, "status")

    def _is_empty(self) -> bool:
        """Whether a short answer says that the list is there, and nothing in it."""
        if self._length > SMALL:
            return False
        try:
            return exact_json.read_object(self._head).get(self._name) == []
        except exact_json.NotJson:
            return False
