"""The words of a DynamoDB expression, its names and values put in their places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from tests.fakes.dynamo_values import Malformed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

_TOKEN = re.compile(r"\s*(?:([#:]?[A-Za-z0-9_]+)|(<=|>=|<>|[=<>(),+\-.\[\]]))")
_WORDS = {"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "REMOVE", "ADD", "DELETE"}


class Tokens:
    """One expression, read from left to right. Only paths of one name are understood."""

    def __init__(
        self, parameter: str, text: str, names: Mapping[str, str], values: frozenset[str]
    ) -> None:
        self.parameter = parameter
        self.text = text
        self.names = names
        self.values = values
        self.tokens: list[str] = []
        self.at = 0
        self.used: set[str] = set()
        self.paths: set[str] = set()
        self._tokenize()

    def _tokenize(self) -> None:
        text, position = self.text.rstrip(), 0
        if not text:
            raise self._wrong("The expression can not be empty;")
        while position < len(text):
            found = _TOKEN.match(text, position)
            if found is None:
                raise self._wrong(f'Syntax error; token: "{text[position:].strip()[:1]}"')
            self.tokens.append(found.group(1) or found.group(2))
            position = found.end()

    def _wrong(self, why: str) -> Malformed:
        return Malformed(f"Invalid {self.parameter}: {why}")

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise self._wrong('Syntax error; token: "<EOF>"')
        self.at += 1
        return self.tokens[self.at - 1]

    def _is(self, *words: str) -> bool:
        """Whether the next token is one of the words, which is then past."""
        if self.at < len(self.tokens) and self.tokens[self.at].upper() in words:
            self.at += 1
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._is(word):
            raise self._wrong(f'Syntax error; token: "{self._next()}"')

    def _listed(self, one: Callable[[], T]) -> list[T]:
        found = [one()]
        while self._is(","):
            found.append(one())
        return found

    def _path(self) -> str:
        token = self._next()
        if self.at < len(self.tokens) and self.tokens[self.at] in ".[":
            raise NotImplementedError(f"a path into a value: {self.text}")
        if token.startswith("#"):
            if token not in self.names:
                told = "An expression attribute name used in the document path is not defined; "
                raise self._wrong(f"{told}attribute name: {token}")
            self.used.add(token)
            token = self.names[token]
        elif not token[0].isalpha() or token.upper() in _WORDS:
            raise self._wrong(f'Syntax error; token: "{token}"')
        self.paths.add(token)
        return token

    def _value(self) -> str:
        token = self._next()
        if not token.startswith(":"):
            raise self._wrong(f'Syntax error; token: "{token}"')
        if token not in self.values:
            told = "An expression attribute value used in expression is not defined; "
            raise self._wrong(f"{told}attribute value: {token}")
        self.used.add(token)
        return token
