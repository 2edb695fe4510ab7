"""Every no is told as a problem, by one table that misses none."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.api import faults, problems
from chalicelib.api.body import BodyTooLarge, UnsupportedMediaType
from chalicelib.api.freshness import SignInAgain
from chalicelib.api.health import Unhealthy
from chalicelib.api.identity import Unidentified
from chalicelib.domain import errors, refusals
from chalicelib.domain.errors import Corrupt, Fault, InvalidDestination, PayoutError, Unavailable
from tests.api.client import KEY, Api
from tests.api.house import CUSTOMER, House

AT = datetime(2026, 7, 3, 1, 2, 3, 4_000, tzinfo=UTC)

STATUSES = {
    errors.Invalid: 400,
    errors.InvalidAmount: 400,
    errors.InvalidDestination: 400,
    errors.InvalidRequest: 400,
    errors.NotUnderstood: 400,
    BodyTooLarge: 413,
    UnsupportedMediaType: 415,
    Unidentified: 401,
    SignInAgain: 401,
    errors.NotAuthentic: 401,
    errors.Forbidden: 403,
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.NotPossible: 409,
    errors.Contradiction: 409,
    errors.CustomerStopped: 409,
    errors.CustomerErased: 409,
    errors.ErasureRefused: 409,
    refusals.CheckUnderWay: 409,
    refusals.CheckNotOpen: 409,
    refusals.SeenChanged: 409,
    refusals.ApprovalLapsed: 409,
    refusals.AlreadyRedrafted: 409,
    refusals.BeforeAPerson: 409,
    refusals.OriginalDisputed: 409,
    refusals.RailDown: 409,
    errors.KeyTaken: 409,
    errors.Stale: 409,
    refusals.Paused: 409,
    errors.RuleBroken: 422,
    refusals.TooFast: 429,
    refusals.ApproverLimit: 422,
    errors.InsufficientFunds: 422,
    refusals.WrongCode: 422,
    errors.Unavailable: 503,
    errors.StoreUnavailable: 503,
    errors.VaultUnavailable: 503,
    errors.ProviderUnavailable: 503,
    errors.SignInRefused: 503,
    errors.QueueUnavailable: 503,
    errors.ArchiveUnavailable: 503,
    errors.MailUnavailable: 503,
    refusals.TooManyWait: 503,
    Unhealthy: 503,
}


def told(error: Exception) -> dict[str, object]:
    made = problems.problem(error, request_id="a-request", at=AT)
    told: dict[str, object] = json.loads(json.dumps(made.model_dump()))
    return told


def test_the_table_answers_for_the_whole_tree_of_errors():
    tree = {kind for kind in problems.tree() if kind.__module__.startswith("chalicelib.")}
    assert tree == set(STATUSES)
    assert {kind: int(problems.status_of(kind)) for kind in tree} == STATUSES


def test_no_row_of_the_table_is_dead_and_no_two_errors_share_a_code():
    assert all(int(problems.HTTP[kind]) == STATUSES[kind] for kind in problems.HTTP)
    codes = [kind.code for kind in problems.tree()]
    assert len(set(codes)) == len(codes)
    assert problems.DEFECT not in codes


def test_a_problem_has_the_members_of_the_standard_and_of_the_planning_papers():
    faults = [Fault("/amount", "below_minimum", "must be at least 0.01")]
    assert told(errors.RuleBroken(faults, "A rule does not allow it.")) == {
        "type": "/docs#rule_broken",
        "title": told(errors.RuleBroken([]))["title"],
        "status": 422,
        "detail": "A rule does not allow it.",
        "code": "rule_broken",
        "request_id": "a-request",
        "errors": [
            {
                "pointer": "/amount",
                "code": "below_minimum",
                "detail": "must be at least 0.01",
                "row": None,
                "column": None,
            }
        ],
        "retryable": False,
        "error": told(errors.RuleBroken([]))["error"],
        "message": "A rule does not allow it.",
        "timestamp": "2026-07-03T01:02:03.004Z",
    }


@pytest.mark.parametrize(
    "error", [ValueError("secret"), Corrupt("secret"), PayoutError("secret"), KeyError("secret")]
)
def test_what_nobody_expected_is_500_and_says_nothing(error: Exception):
    problem = told(error)
    assert (problem["status"], problem["code"]) == (500, "internal_error")
    assert "secret" not in json.dumps(problem)
    assert problem["retryable"] is False


def test_what_may_be_tried_again_says_so_and_when():
    assert told(errors.Stale("somebody was faster"))["retryable"] is True
    for kind in (errors.Unavailable, *problems.tree(Unavailable)):
        made: Any = kind
        error = made([]) if kind is Unhealthy else made("down")
        assert told(error)["retryable"] is True
        assert problems.headers(error) == {"Retry-After": str(error.retry_after)}
    assert problems.headers(errors.NotFound("payout")) == {}


def test_a_destination_that_is_none_lies_at_its_field():
    problem = told(InvalidDestination("bsbNumber", "must be six digits"))
    assert problem["errors"] == [
        {
            "pointer": "/bsbNumber",
            "code": "invalid_destination",
            "detail": "must be six digits",
            "row": None,
            "column": None,
        }
    ]


def test_a_defect_is_500_without_a_trace_and_logged_by_its_type_only(
    api: Api, house: House, caplog: pytest.LogCaptureFixture
):
    house.customer()

    class Broken:
        def get(self, _customer_id: str) -> None:
            raise LookupError("account 12345678 of Jo")

    house.customers = Broken()
    answer = api.get(f"/customers/{CUSTOMER}")
    assert (answer.status, answer.code) == (500, "internal_error")
    assert "12345678" not in answer.text + caplog.text
    line = json.loads(caplog.messages[-1])
    assert line["error"] == "LookupError"
    assert line["at"].startswith("test_problems.py:")
    assert line["request_id"] == answer.json["request_id"]


def test_a_destination_whose_seal_is_broken_is_500_and_pays_nobody(api: Api, house: House):
    customer = house.customer()
    sealed = replace(customer.destinations[0], ciphertext=b"tampered with")
    house.store.state.customers[CUSTOMER] = replace(customer, destinations=(sealed,))
    body = {"customer_id": CUSTOMER, "amount": "1.00", "payout_method": "PayId"}
    assert api.post("/payouts", body, key=KEY).status == 500
    assert house.provider.requests == []


def test_a_name_that_could_break_a_pointer_is_escaped():
    assert faults.pointer(["a/b", "c~d", 0, "\ud800"]) == "/a~1b/c~0d/0/?"
    assert len(faults.pointer(["x" * 1000])) == 65
