"""From pydantic's errors to faults: a place, a stable code, words of ours.

Never repeats what was said: a name that is unknown is cut, and a value is not shown at all.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from chalicelib.domain.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

# So many are told; a request with more is not repaired one by one.
MOST = 100
MORE = "too_many_errors"
# Letters of a name that we do not know.
LONGEST_NAME = 64

_SAID: dict[str, tuple[str, str]] = {
    "missing": ("missing", "is required"),
    "extra_forbidden": ("unknown_field", "is not known here"),
    "string_type": ("wrong_type", "must be text"),
    "string_unicode": ("not_unicode", "must be valid Unicode text"),
    "string_too_short": ("too_short", "must not be empty"),
    "string_too_long": ("too_long", "is too long: at most {max_length} characters"),
    "too_long": ("too_long", "has too many items: at most {max_length}"),
    "int_type": ("wrong_type", "must be a whole number"),
    "bool_type": ("wrong_type", "must be true or false"),
    "greater_than_equal": ("out_of_range", "must be at least {ge}"),
    "less_than_equal": ("out_of_range", "must be at most {le}"),
    "enum": ("not_one_of", "must be {expected}"),
    "literal_error": ("not_one_of", "must be {expected}"),
    "model_type": ("wrong_type", "must be an object"),
    "model_attributes_type": ("wrong_type", "must be an object"),
    "list_type": ("wrong_type", "must be a list"),
    "union_tag_invalid": ("not_one_of", "must be {expected_tags}"),
    "union_tag_not_found": ("missing", "is required"),
}
# These lie at the discriminator, which pydantic does not name.
_TAG = {"union_tag_invalid", "union_tag_not_found"}


def faults_of(invalid: ValidationError, told: object, *, named: bool = False) -> list[Fault]:
    """All that is wrong, at JSON pointers into `told`; `named` gives the bare names of a query."""
    errors = invalid.errors(include_url=False, include_input=False)
    return limited(
        fault for error in errors[: MOST + 1] for fault in _faults(error, told, named=named)
    )


def limited(faults: Iterable[Fault]) -> list[Fault]:
    """At most `MOST` of them; one more stands for the rest."""
    kept = list(faults)
    if len(kept) <= MOST or (len(kept) == MOST + 1 and kept[-1].code == MORE):
        return kept
    return [*kept[:MOST], Fault("", MORE, "more is wrong than is listed here")]


def pointer(names: Sequence[int | str]) -> str:
    """The JSON pointer (RFC 6901) of a place."""
    return "".join(f"/{_escaped(name)}" for name in names)


def _faults(error: ErrorDetails, told: object, *, named: bool) -> list[Fault]:
    """One fault, or where a whole file lies at the place, all that it has."""
    fault = _fault(error, told, named=named)
    within = error.get("ctx", {}).get("within")
    return [replace(each, pointer=fault.pointer) for each in within] if within else [fault]


def _fault(error: ErrorDetails, told: object, *, named: bool) -> Fault:
    kind = error["type"]
    names = [*_names(error["loc"], told), *(["type"] if kind in _TAG else [])]
    place = ".".join(_escaped(name) for name in names) if named else pointer(names)
    if kind in _SAID:
        code, words = _SAID[kind]
        return Fault(place, code, words.format(**error.get("ctx", {})))
    if "why" in error.get("ctx", {}):
        return Fault(place, kind, str(error["ctx"]["why"]))
    return Fault(place, "invalid", "is not valid")


def _names(loc: Sequence[int | str], told: Any) -> list[int | str]:  # noqa: ANN401 (any JSON)
    """The place without the tag that pydantic adds for the member of a union."""
    names: list[int | str] = []
    tagged = False
    for name in loc:
        if not tagged and isinstance(told, dict) and told.get("type") == name:
            tagged = True
            continue
        tagged = False
        names.append(name)
        told = _within(told, name)
    return names


def _within(told: Any, name: int | str) -> Any:  # noqa: ANN401 (any JSON)
    if isinstance(told, dict):
        return told.get(name)
    if isinstance(told, list) and isinstance(name, int) and name < len(told):
        return told[name]
    return None


def _escaped(name: int | str) -> str:
    text = str(name)[:LONGEST_NAME].encode(errors="replace").decode()
    return text.replace("~", "~0").replace("/", "~1")
