"""What was asked for with an idempotency key, kept as values or, later, as digests of them only.

A replay is told from another request either way, and what differs is named. A digest's name begins
with `#`, which no field's does, so that no value is ever taken for a digest.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalicelib.domain.identifiers import fingerprint

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

Asked = tuple[tuple[str, str], ...]

_MARK = "#"


def digested(transaction_id: str, asked: Iterable[tuple[str, str]]) -> Asked:
    """Each field by a SHA-256 that is of this payout and this field only; digests stay."""
    return tuple(
        (name, value) if name.startswith(_MARK) else _digest(transaction_id, name, value)
        for name, value in asked
    )


def forgotten(asked: Iterable[tuple[str, str]], names: Iterable[str]) -> Asked:
    """The same without the values, and the digests, of some fields: no replay differs by them."""
    gone = {f"{_MARK}{name}" for name in names}
    return tuple(
        (marked, "") if marked in gone else (name, value)
        for name, value in asked
        for marked in (f"{_MARK}{name.removeprefix(_MARK)}",)
    )


def differing(
    transaction_id: str, asked: Iterable[tuple[str, str]], told: Collection[tuple[str, str]]
) -> list[str]:
    """The names of the fields that are told otherwise than they were asked.

    A field that there was not yet when it was asked had been left empty.
    """
    before = set(asked)
    named = {name.removeprefix(_MARK) for name, _ in before}
    before |= {(name, "") for name, _ in told if name not in named}
    return [
        name
        for name, value in told
        if before.isdisjoint(
            {(name, value), (f"{_MARK}{name}", ""), _digest(transaction_id, name, value)}
        )
    ]


def _digest(transaction_id: str, name: str, value: str) -> tuple[str, str]:
    return f"{_MARK}{name}", fingerprint([transaction_id, name, value])
