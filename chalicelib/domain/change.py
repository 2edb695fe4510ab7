"""A change of where a customer is paid, and the message that tells them of it.

The message goes where the customer was reached before the change. It shows a destination as
everybody sees it, masked, names nobody and holds no link: whoever made the change may read along.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from chalicelib.domain.calendar import SYDNEY
from chalicelib.domain.destination import PayoutMethod

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from chalicelib.domain.destination import SealedDestination

# Changes that may wait to be told: they lie in the customer's row.
MOST_UNTOLD = 20
# How long it is tried to tell somebody.
LONGEST = timedelta(days=7)


class What(StrEnum):
    """What was changed."""

    ADDED = "added"
    REMOVED = "removed"
    DEFAULT = "default"
    EMAIL = "email"


@dataclass(frozen=True, slots=True)
class Change:
    """One change that the customer has to be told of, at the address `to`.

    `version` is the customer's that it made, by which two like changes are two; `masked` and
    `method` are the destination's, empty for a change of the address itself.
    """

    what: What
    at: datetime
    version: int
    to: str = field(repr=False)
    method: str = ""
    masked: str = ""


def of_destination(
    what: What, sealed: SealedDestination, *, at: datetime, version: int, to: str
) -> Change:
    """The change of a destination."""
    return Change(what, at, version, to, str(sealed.method), sealed.masked)


def is_too_old(change: Change, now: datetime) -> bool:
    """Whether it has been tried for so long that it is given up."""
    return now - change.at > LONGEST


def subject(changes: Sequence[Change]) -> str:
    """What the message is about."""
    if all(each.what is What.EMAIL for each in changes):
        return "Your e-mail address with us was changed"
    return "Where we pay you was changed"


def text(changes: Sequence[Change], business: str) -> str:
    """The message about some changes: what, when, and what to do; plain text in English.

    `business` is the name by which the customer knows whoever pays them, or empty.
    """
    whose = f" with {business}" if business else ""
    lines = "\n".join(f"- {_line(each)}" for each in sorted(changes, key=lambda each: each.at))
    return _TEXT.format(whose=whose, lines=lines)


_TEXT = """\
Hello,

something was changed in your details{whose}:

{lines}

If you asked for this, there is nothing for you to do.

If you did not, somebody may be trying to have your money paid to them.
Please call us at once, on the number that you have had from us before,
and not on one from a message that you did not expect. We can hold your
payouts until we have spoken with you.

We will never ask you by e-mail for a password, or for the whole number
of an account. There is no link in this message, and nobody reads
answers to it.
"""
_WORDS = {
    What.ADDED: "{place} was added as a place where you can be paid",
    What.REMOVED: "{place} was removed: you will not be paid there any more",
    What.DEFAULT: "{place} is now where you are paid, unless another place is named",
    What.EMAIL: "the e-mail address at which we write to you is another one now",
}


def _line(change: Change) -> str:
    local = change.at.astimezone(SYDNEY)
    when = f"{local.day} {local:%B %Y, %H:%M} (Sydney)"
    kind = "the PayID" if change.method == PayoutMethod.PAY_ID else "the bank account"
    return f"{when}: {_WORDS[change.what].format(place=f'{kind} {change.masked}')}"
