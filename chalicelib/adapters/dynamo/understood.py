"""Whatever a reader does not understand of what is stored is one error: `Corrupt`.

A row that is broken fails in as many ways as there are things in it, and whoever can do without it
looks for one. Refuses to take trouble of the store, or of ours elsewhere, for a broken row.
"""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from chalicelib.domain.errors import Corrupt, InvalidAmount

if TYPE_CHECKING:
    from collections.abc import Iterator

# What readers raise of columns that are not there, of another kind, or not what they can be.
NOT_UNDERSTOOD = (
    LookupError, ValueError, TypeError, AttributeError, ArithmeticError, InvalidAmount, zlib.error,
)  # fmt: skip


@contextmanager
def understood(what: str) -> Iterator[None]:
    """Read a row in here: `what` names it for whoever has to mend it.

    Raises:
        Corrupt: it is not understood.
    """
    try:
        yield
    except NOT_UNDERSTOOD as error:
        raise Corrupt(what) from error
