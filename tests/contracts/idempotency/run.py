"""Puts an API to the twelve cases and says of each: passed, FAILED or not staged, and why.

A case that breaks in an unforeseen way has failed: nothing here is silently left out.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tests.contracts.idempotency.adapter import NotStaged
from tests.contracts.idempotency.cases import CASES, Broken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tests.contracts.idempotency.adapter import PayoutApi

    Case = Callable[[PayoutApi], None]


class Verdict(StrEnum):
    """What came of a case."""

    PASSED = "passed"
    FAILED = "FAILED"
    NOT_STAGED = "not staged"


@dataclass(frozen=True)
class Result:
    """A case's name, its rule, what came of it, why, and how many seconds it took."""

    name: str
    rule: str
    verdict: Verdict
    why: str
    seconds: float

    def __str__(self) -> str:
        """As a line, and a second one where there is something to say."""
        line = f"{self.verdict:<11} {self.seconds:6.1f} s  {self.name.replace('_', ' ')}"
        if self.verdict is Verdict.PASSED:
            return line
        return f"{line}\n             rule: {self.rule}\n             seen: {self.why}"


def results(api: PayoutApi, cases: Iterable[Case] = CASES) -> Iterator[Result]:
    """Each case's result as soon as it is known, in order."""
    for case in cases:
        began = time.monotonic()
        verdict, why = _verdict(case, api)
        rule = " ".join((case.__doc__ or "").split())
        yield Result(case.__name__, rule, verdict, why, time.monotonic() - began)


def _verdict(case: Case, api: PayoutApi) -> tuple[Verdict, str]:
    try:
        case(api)
    except NotStaged as why:
        return Verdict.NOT_STAGED, f"{why}"
    except Broken as why:
        return Verdict.FAILED, f"{why}"
    except Exception as error:  # noqa: BLE001 (whatever it was, the case did not pass)
        return Verdict.FAILED, f"{type(error).__name__}: {error}"
    return Verdict.PASSED, ""
