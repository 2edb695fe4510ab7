"""In which weeks there are files for the bank, and in which of those people swear falsely."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.simulation.clerks import Clerks

if TYPE_CHECKING:
    from tests.simulation.business import Business
    from tests.simulation.people import People

FILING, SWEARING = 0.15, 0.5


def who_files(
    seed: int, business: Business, people: People, *, nights: bool, files: bool
) -> list[Clerks]:
    """Those of a week that the promise covers; `files` has them in any.

    No night can explain what people have sworn falsely, and the version before knows no files.
    """
    own = Random(seed ^ 0xABA)  # noqa: S311 (no secret)
    if len(business.codes) > 1 or not (own.random() < FILING or files):
        return []
    return [Clerks(business, people, own, swears=not nights and own.random() < SWEARING)]
