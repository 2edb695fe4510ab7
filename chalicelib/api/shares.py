"""From a CSV of who is owed what to shares, or to all that is wrong with it by row and column.

It takes one plain form: UTF-8 without a byte-order mark, commas, the columns `customer_id` and
`amount`. It repairs nothing, guesses nothing, and reads no further than the rows that it takes.
Rows and columns are told as a spreadsheet shows them: the header is row 1.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from chalicelib.api.fields import as_id
from chalicelib.domain.destination import is_printable
from chalicelib.domain.errors import Fault
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import Share

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

MOST_ROWS = 10_000
CUSTOMER, AMOUNT = COLUMNS = ("customer_id", "amount")
# Characters of a cell, and of the name of a column that we do not know.
LONGEST = 64
# Unknown columns that are told.
_MOST_COLUMNS = 100

_PLAIN = "save it as plain CSV: UTF-8 without a byte-order mark"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BYTE_ORDER_MARK = "\ufeff"
_EXACT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_NEGATIVE = re.compile(r"-[0-9.,]+")
_SEPARATED = re.compile(r"[0-9][,' \u00a0\u2009\u202f][0-9]")

# What can be wrong with a cell, the first that holds: whether it is so, code, words.
Trouble = tuple["Callable[[str], object]", str, str]
_FIRST: tuple[Trouble, ...] = (
    (lambda cell: not cell, "missing", "is empty"),
    (lambda cell: cell[0] in "=+-@\t", "formula", "begins as a formula does: give plain values"),
    (lambda cell: len(cell) > LONGEST, "too_long", f"is longer than {LONGEST} characters"),
    (lambda cell: not is_printable(cell), "not_printable", "has control characters in it"),
)
_WRONG: Mapping[str, tuple[Trouble, ...]] = {
    CUSTOMER: (*_FIRST, (lambda _: True, "invalid_id", "must be a customer's id, a UUID")),
    AMOUNT: (
        (_NEGATIVE.fullmatch, "negative_amount", "must not be negative"),
        *_FIRST,
        (_SEPARATED.search, "thousands_separator", "must be without separators, as in 1000.00"),
        (lambda cell: not _NUMBER.fullmatch(cell), "invalid_amount",
         "must be dollars with at most two decimals, as in 100.00"),
        (lambda cell: len(cell.partition(".")[2]) > 2, "too_many_decimals",
         "must have at most two decimals"),
        (lambda cell: len(cell.partition(".")[0]) > 12, "amount_too_large", "is too large"),
        (lambda _: True, "zero_amount", "must be more than zero"),
    ),
}  # fmt: skip
# What the csv module says of a text that is none of its kind, by a part of its words.
_OVERLONG = "field limit"
_MALFORMED = (
    ("unexpected end of data", "unclosed_quote", "begins with a quote that is never closed"),
    (_OVERLONG, "unclosed_quote", "has a quote that is not closed for far too long"),
    ("new-line", "stray_carriage_return", "has a carriage return without a line feed"),
    ("", "malformed_quote", "has a quote within a field: write it twice, and quote the field"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of a CSV that are in order, and all that is wrong with the others.

    `named` are the customers whom those others name, by row.
    """

    shares: tuple[Share, ...] = ()
    faults: tuple[Fault, ...] = ()
    named: tuple[tuple[int, str], ...] = ()


def sheet_of_bytes(raw: bytes) -> Sheet:
    """The sheet of a file as it lies on a disk."""
    if raw.startswith(_UTF_16):
        return _refused("utf16", f"is UTF-16: {_PLAIN}", row=1)
    try:
        text = raw.decode()
    except UnicodeDecodeError as bad:
        row = raw.count(b"\n", 0, bad.start) + 1
        return _refused("not_utf8", f"is not UTF-8: {_PLAIN}", row=row)
    return sheet_of(text)


def sheet_of(text: str) -> Sheet:
    """The sheet of a text."""
    if text.startswith(_BYTE_ORDER_MARK):
        return _refused("byte_order_mark", f"begins with a byte-order mark: {_PLAIN}", row=1)
    nul = text.find("\x00")
    if nul >= 0:
        row = text.count("\n", 0, nul) + 1
        return _refused("nul_character", f"has NUL characters, as UTF-16 has: {_PLAIN}", row=row)
    return _read(text)


def _refused(code: str, detail: str, *, row: int) -> Sheet:
    return Sheet(faults=(Fault("", code, detail, row=row),))


def _read(text: str) -> Sheet:
    # Lines end with a line feed and nothing else; a carriage return before it belongs to it.
    records = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    shares: list[Share] = []
    faults: list[Fault] = []
    named: list[tuple[int, str]] = []
    row, places, width = 0, dict[str, int](), 0
    try:
        for row, cells in enumerate(records, start=1):
            if row == 1:
                places, width = _places(cells), len(cells)
                faults += _header_faults(cells)
            elif row > MOST_ROWS + 1:
                return _refused("too_many_rows", f"has more than {MOST_ROWS} rows", row=row)
            else:
                wrong = _faults(row, cells, places, width)
                faults += wrong
                if not wrong and len(places) == len(COLUMNS):
                    shares.append(_share(row, cells, places))
                else:
                    named += _named(row, cells, places)
    except csv.Error as bad:
        faults.append(_malformed(str(bad), row + 1, quoted='"' in text))
    if row < 2 and not faults:
        code, why = ("no_rows", "has no row below its header") if row else ("empty", "is empty")
        return _refused(code, why, row=row + 1)
    return Sheet(tuple(shares), tuple(faults), tuple(named))


def _places(header: Sequence[str]) -> dict[str, int]:
    """Where the columns are that are there once."""
    names = [name.strip().lower() for name in header]
    return {name: names.index(name) for name in COLUMNS if names.count(name) == 1}


def _header_faults(header: Sequence[str]) -> list[Fault]:
    named = Counter(name.strip().lower() for name in header)
    faults = []
    for name in COLUMNS:
        if not named[name]:
            why = "is missing from the first row, whose columns are separated by commas"
            faults.append(Fault("", "missing_column", why, row=1, column=name))
        elif named[name] > 1:
            faults.append(Fault("", "doubled_column", "is there twice", row=1, column=name))
    unknown = ((at, name) for at, name in enumerate(header) if name.strip().lower() not in COLUMNS)
    return faults + [
        Fault("", "unknown_column", "is not known here", row=1, column=_shown(name.strip(), at))
        for at, name in islice(unknown, _MOST_COLUMNS)
    ]


def _shown(name: str, at: int) -> str:
    """A column's name, cut; its letter where the name cannot be shown."""
    if name and is_printable(name):
        return name[:LONGEST]
    letters, left = "", at + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _faults(row: int, cells: Sequence[str], places: Mapping[str, int], width: int) -> list[Fault]:
    if len(cells) != width:
        why = f"has {len(cells)} fields, its header {width}"
        return [Fault("", "wrong_number_of_fields", why, row=row)]
    found = ((name, _why_not(name, cells[at])) for name, at in places.items())
    return [Fault("", *why, row=row, column=name) for name, why in found if why]


def _why_not(column: str, cell: str) -> tuple[str, str] | None:
    """Code and words of what is wrong with a cell, if anything is."""
    if column == CUSTOMER and as_id(cell):
        return None
    if column == AMOUNT and _EXACT.fullmatch(cell) and Money.parse(cell):
        return None
    return next((code, why) for holds, code, why in _WRONG[column] if holds(cell))


def _share(row: int, cells: Sequence[str], places: Mapping[str, int]) -> Share:
    """The share of a row that is in order."""
    ((_, customer_id),) = _named(row, cells, places)
    return Share(row - 1, customer_id, Money.parse(cells[places[AMOUNT]]))


def _named(row: int, cells: Sequence[str], places: Mapping[str, int]) -> list[tuple[int, str]]:
    """Row and customer, where it names one."""
    at = places.get(CUSTOMER, len(cells))
    customer_id = as_id(cells[at]) if at < len(cells) else None
    return [(row, customer_id)] if customer_id else []


def _malformed(words: str, row: int, *, quoted: bool) -> Fault:
    if _OVERLONG in words and not quoted:
        return Fault("", "too_long", "has a field that is far too long", row=row)
    code, why = next((code, why) for part, code, why in _MALFORMED if part in words)
    return Fault("", code, why, row=row)
