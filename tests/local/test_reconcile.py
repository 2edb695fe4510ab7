"""A night run from the command line: begun once, waited for, its figures in columns."""

from argparse import ArgumentTypeError
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from local.client import Answer, Client, Refused
from local.reconcile import figures, patient, run, sydney_day
from local.service import NothingThere, reason, running

D = date(2026, 3, 1)
TOLD: dict[str, Any] = {
    "date": "2026-03-01", "run": 1, "stage": "compared", "words": "Being compared.",
    "counts": {"payouts": 3}, "sums": {"paid": "300.00"}, "currency": "AUD",
    "opening_balance": None, "closing_balance": "9700.00", "unexplained": "0.00",
}  # fmt: skip
DONE = {**TOLD, "stage": "done", "words": "The night is over."}


class Service(Client):
    """A service that answers by a script."""

    def __init__(self, *answers: dict[str, Any], status: int = 0) -> None:
        self.answers, self.status = list(answers), status
        self.asked: list[tuple[str, str, object, str | None]] = []

    def need(
        self, status: int, method: str, path: str, body: object = None, *, key: str | None = None
    ) -> dict[str, Any]:
        """The next answer."""
        self.asked.append((method, path, body, key))
        if self.status:
            raise Refused(method, path, Answer(self.status, {"code": "not_over"}, {}))
        return self.answers.pop(0) | {"status": status}


def test_a_night_that_is_over_at_once_is_asked_for_once() -> None:
    service = Service(DONE)
    assert run(service, D, lambda: True)["stage"] == "done"
    assert service.asked == [("POST", "/reconciliations", {"date": "2026-03-01"}, None)]


def test_a_night_that_takes_longer_is_waited_for_and_not_begun_again() -> None:
    service = Service(TOLD, TOLD, TOLD, DONE)
    assert run(service, D, lambda: True)["stage"] == "done"
    assert [method for method, *_ in service.asked] == ["POST", "GET", "GET", "GET"]
    assert service.asked[-1][1] == "/reconciliations/2026-03-01"


def test_patience_ends_and_so_does_waiting_for_a_run_that_is_another() -> None:
    assert run(Service(TOLD), D, lambda: False)["stage"] == "compared"
    assert run(Service(TOLD, {**TOLD, "run": 2}), D, lambda: True)["run"] == 2
    slept: list[float] = []
    assert patient(900.0, slept.append)
    assert not patient(1.0, slept.append)
    assert slept == [2.0, 2.0]


def test_a_refusal_is_the_services_own() -> None:
    with pytest.raises(Refused, match="not_over"):
        run(Service(status=422), D, lambda: True)


def test_the_figures_stand_in_columns() -> None:
    assert figures(DONE).splitlines() == [
        "2026-03-01, run 1: The night is over.",
        "  payouts                3",
        "  paid (AUD)             300.00",
        "  opening balance (AUD)  -",
        "  closing balance (AUD)  9700.00",
        "  unexplained (AUD)      0.00",
    ]


def test_where_no_stack_is_up_that_is_said(tmp_path: Path) -> None:
    with pytest.raises(NothingThere, match="make up"):
        running(tmp_path)


def test_a_refusal_is_told_in_words_and_so_is_a_date_that_is_none() -> None:
    fault = {"pointer": "/date", "detail": "must be a day that is over in Sydney"}
    body = {"code": "rule_broken", "detail": "That day is not over.", "errors": [fault]}
    assert reason(Refused("POST", "/reconciliations", Answer(422, body, {}))).splitlines() == [
        "POST /reconciliations: 422 rule_broken: That day is not over.",
        "  date must be a day that is over in Sydney",
    ]
    assert sydney_day("2026-07-03") == date(2026, 7, 3)
    with pytest.raises(ArgumentTypeError, match="as in 2026-07-03"):
        sydney_day("")
