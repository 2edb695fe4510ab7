"""DynamoDB's expressions as functions: parsed once for each text, then merely called.

Knows the first level of an item and the grammar that the store uses: comparisons, BETWEEN, IN,
AND, OR, NOT, attribute_exists, attribute_not_exists; SET (with +, - and if_not_exists), REMOVE and
ADD of numbers; key conditions and projections. What else DynamoDB has (paths into maps and lists,
other functions, DELETE) raises NotImplementedError; what DynamoDB has not is `Malformed`. It does
not know the reserved words: moto refuses those.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from tests.fakes.dynamo_tokens import Tokens
from tests.fakes.dynamo_values import Malformed, Value, equal, kept, ordered, summed

Item = Mapping[str, Value]
Values = Mapping[str, Value]
Condition = Callable[[Item, Values], bool]
Operand = Callable[[Item, Values], Value | None]
Change = Callable[[Item, dict[str, Value], Values], None]

_COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeyCondition:
    """The partition's name and value, and what bounds the range: an operator and its values."""

    hash: tuple[str, str]
    range: tuple[str, str, tuple[str, ...]] | None


@dataclass(slots=True)
class Asked:
    """All expressions of one request, as functions."""

    condition: Condition | None = None
    change: tuple[Change, ...] = ()
    changed: tuple[str, ...] = ()
    keys: KeyCondition | None = None
    filter: Condition | None = None
    filtered: frozenset[str] = frozenset()
    projection: tuple[str, ...] | None = None


@lru_cache(maxsize=4096)
def asked(
    texts: tuple[tuple[str, str], ...], names: tuple[tuple[str, str], ...], values: tuple[str, ...]
) -> Asked:
    """The functions of a request's expressions, by parameter's name → text.

    Raises:
        Malformed: DynamoDB would refuse them, or names or values that none of them uses.
    """
    made, used = Asked(), set[str]()
    for parameter, text in texts:
        parser = _Parser(parameter, text, dict(names), frozenset(values))
        parser.read_into(made)
        used |= parser.used
    for parameter, given in (("Names", [name for name, _ in names]), ("Values", values)):
        unused = sorted(set(given) - used)
        if unused:
            raise Malformed(
                f"Value provided in ExpressionAttribute{parameter} unused in expressions: "
                f"keys: {{{', '.join(unused)}}}"
            )
    return made


class _Parser(Tokens):
    """The grammar; what it has read lies in `paths` and `used`."""

    def read_into(self, made: Asked) -> None:
        """Put the function of this expression where it belongs."""
        match self.parameter:
            case "ConditionExpression":
                made.condition = self._either()
            case "FilterExpression":
                made.filter = self._either()
                made.filtered = frozenset(self.paths)
            case "UpdateExpression":
                made.change = tuple(self._changes())
                made.changed = tuple(self.paths)
            case "KeyConditionExpression":
                made.keys = self._keys()
            case "ProjectionExpression":
                made.projection = tuple(self._listed(self._path))
            case _:
                raise NotImplementedError(self.parameter)
        if self.at < len(self.tokens):
            raise self._wrong(f'Syntax error; token: "{self.tokens[self.at]}"')

    def _operand(self) -> Operand:
        token = self.tokens[self.at] if self.at < len(self.tokens) else ""
        if token.startswith(":"):
            value = self._value()
            return lambda _item, values: values[value]
        if self.at + 1 < len(self.tokens) and self.tokens[self.at + 1] == "(":
            return self._function()
        path = self._path()
        return lambda item, _values: item.get(path)

    def _function(self) -> Operand:
        name = self._next()
        if name != "if_not_exists" or self.parameter != "UpdateExpression":
            raise NotImplementedError(f"{name}() in {self.parameter}")
        self._expect("(")
        path = self._path()
        self._expect(",")
        otherwise = self._operand()
        self._expect(")")
        return lambda item, values: item[path] if path in item else otherwise(item, values)

    def _either(self) -> Condition:
        first = self._both()
        while self._is("OR"):
            first = _or(first, self._both())
        return first

    def _both(self) -> Condition:
        first = self._single()
        while self._is("AND"):
            first = _and(first, self._single())
        return first

    def _single(self) -> Condition:
        if self._is("NOT"):
            denied = self._single()
            return lambda item, values: not denied(item, values)
        if self._is("("):
            inner = self._either()
            self._expect(")")
            return inner
        for name, there in (("attribute_exists", True), ("attribute_not_exists", False)):
            if self.tokens[self.at : self.at + 2] == [name, "("]:
                self.at += 2
                path = self._path()
                self._expect(")")
                return lambda item, _values: (path in item) is there
        if self.tokens[self.at : self.at + 2] == ["contains", "("]:
            return self._contains()
        return self._comparison()

    def _contains(self) -> Condition:
        """Whether a list holds a value; what is no list, or is not there, holds nothing."""
        self.at += 2
        path = self._path()
        self._expect(",")
        wanted = self._operand()
        self._expect(")")
        return lambda item, values: any(
            equal(each, wanted(item, values)) for each in item.get(path, {}).get("L", ())
        )

    def _comparison(self) -> Condition:
        left = self._operand()
        if self._is("BETWEEN"):
            first = self._operand()
            self._expect("AND")
            last = self._operand()
            return _and(_compare(operator.ge, left, first), _compare(operator.le, left, last))
        if self._is("IN"):
            self._expect("(")
            others: list[Operand] = self._listed(self._operand)
            self._expect(")")
            return lambda item, values: any(
                equal(left(item, values), other(item, values)) for other in others
            )
        sign = self._next()
        right = self._operand()
        if sign == "=":
            return lambda item, values: equal(left(item, values), right(item, values))
        if sign == "<>":
            return lambda item, values: not equal(left(item, values), right(item, values))
        if sign not in _COMPARED:
            raise self._wrong(f'Syntax error; token: "{sign}"')
        return _compare(_COMPARED[sign], left, right)

    def _changes(self) -> list[Change]:
        changes: list[Change] = []
        seen: set[str] = set()
        sections = {"SET": self._set, "REMOVE": self._remove, "ADD": self._add}
        while self.at < len(self.tokens):
            section = self._next().upper()
            if section == "DELETE":
                raise NotImplementedError("DELETE from a set")
            if section not in sections or section in seen:
                raise self._wrong(f'Syntax error; token: "{section}"')
            seen.add(section)
            changes += self._listed(sections[section])
        return changes

    def _target(self) -> str:
        known = set(self.paths)
        self.paths.clear()
        path = self._path()
        if path in known:
            raise self._wrong("Two document paths overlap with each other; must remove or rewrite")
        self.paths |= known
        return path

    def _set(self) -> Change:
        path = self._target()
        self._expect("=")
        targets = set(self.paths)
        value = self._operand()
        if self._is("+"):
            value = _sum(value, self._operand(), 1)
        elif self._is("-"):
            value = _sum(value, self._operand(), -1)
        self.paths = targets

        def change(old: Item, new: dict[str, Value], values: Values) -> None:
            found = value(old, values)
            if found is None:
                raise Malformed(
                    "The provided expression refers to an attribute that does not exist in the item"
                )
            new[path] = kept(found)

        return change

    def _remove(self) -> Change:
        path = self._target()

        def change(_old: Item, new: dict[str, Value], _values: Values) -> None:
            new.pop(path, None)

        return change

    def _add(self) -> Change:
        path = self._target()
        value = self._value()

        def change(old: Item, new: dict[str, Value], values: Values) -> None:
            new[path] = summed(old.get(path, {"N": "0"}), values[value], 1)

        return change

    def _keys(self) -> KeyCondition:
        """One equality and at most one bound, in either order."""
        terms = [self._key_term()]
        if self._is("AND"):
            terms.append(self._key_term())
        exact = [term for term in terms if term[1] == "="]
        if not exact:
            raise Malformed("Query key condition not supported")
        name, _, (value,) = exact[0]
        rest = [term for term in terms if term is not exact[0]]
        return KeyCondition((name, value), rest[0] if rest else None)

    def _key_term(self) -> tuple[str, str, tuple[str, ...]]:
        if self.tokens[self.at + 1 : self.at + 2] == ["("]:
            raise NotImplementedError(f"{self.tokens[self.at]}() in {self.parameter}")
        path = self._path()
        if self._is("BETWEEN"):
            first = self._value()
            self._expect("AND")
            return path, "BETWEEN", (first, self._value())
        sign = self._next()
        if sign != "=" and sign not in _COMPARED:
            raise self._wrong(f'Syntax error; token: "{sign}"')
        return path, sign, (self._value(),)


def _or(first: Condition, second: Condition) -> Condition:
    return lambda item, values: first(item, values) or second(item, values)


def _and(first: Condition, second: Condition) -> Condition:
    return lambda item, values: first(item, values) and second(item, values)


def _compare(sign: Callable[[Any, Any], bool], left: Operand, right: Operand) -> Condition:
    return lambda item, values: ordered(sign, left(item, values), right(item, values))


def _sum(left: Operand, right: Operand, sign: int) -> Operand:
    return lambda item, values: summed(left(item, values), right(item, values), sign)
