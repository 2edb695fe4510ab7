"""How fast a principal may ask at the doors, and how they are told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.pace import Buckets
from chalicelib.api import pace, problems
from chalicelib.domain.policy import FREE, RateRules
from chalicelib.domain.refusals import TooFast
from tests.api.client import KEY, Api
from tests.api.house import House
from tests.fakes.inbox import TOKEN
from tests.fakes.payouts import MemoryPayouts


@pytest.fixture(autouse=True)
def limited(house: House) -> None:
    """Three at once, and one more every two seconds."""
    house.pace = Buckets(RateRules(per_minute=30, burst=3))


def rates(api: Api, **given: str) -> tuple[str, str]:
    answer = api.get("/customers", **given)
    return answer.headers[pace.LIMIT], answer.headers[pace.POLICY]


def test_every_answer_tells_what_is_left_and_of_what(api: Api):
    assert rates(api) == ('"default";r=2;t=2', '"default";q=3;w=6')
    assert rates(api) == ('"default";r=1;t=4', '"default";q=3;w=6')


def test_the_fourth_at_once_is_refused_with_the_seconds_to_wait(api: Api, house: House):
    for _ in range(3):
        assert api.get("/customers").status == 200
    house.clock.advance(0.5)
    answer = api.get("/customers")
    assert (answer.status, answer.code) == (429, "rate_limited")
    assert answer.json["retryable"] is True
    assert answer.json["type"] == "/docs#rate_limited"
    assert answer.headers["Retry-After"] == "2"
    assert answer.headers[pace.LIMIT] == '"default";r=0;t=6'
    assert answer.headers[pace.POLICY] == '"default";q=3;w=6'
    house.clock.advance(int(answer.headers["Retry-After"]))
    assert api.get("/customers").status == 200


def test_a_second_too_early_is_too_early(api: Api, house: House):
    for _ in range(3):
        api.get("/customers")
    house.clock.advance(1.999)
    assert api.get("/customers").headers["Retry-After"] == "1"
    house.clock.advance(0.001)
    assert api.get("/customers").status == 200


def test_one_principals_haste_is_nobody_elses(api: Api):
    for _ in range(4):
        last = api.get("/customers", who="ada")
    assert last.status == 429
    assert api.get("/customers", who="bo").status == 200


def test_what_may_not_be_and_what_is_wrong_count_as_well_and_are_told(api: Api):
    refused = api.get("/customers", role="bot", who="ada")
    assert (refused.status, refused.headers[pace.LIMIT]) == (403, '"default";r=2;t=2')
    wrong = api.get("/customers?limit=none", who="ada")
    assert (wrong.status, wrong.headers[pace.LIMIT]) == (400, '"default";r=1;t=4')
    gone = api.get("/customers/none", who="ada")
    assert (gone.status, gone.headers[pace.LIMIT]) == (404, '"default";r=0;t=6')
    assert api.get("/customers", role="bot", who="ada").status == 429


def test_nothing_is_done_for_whom_it_is_too_fast(api: Api, house: House):
    for _ in range(3):
        api.get("/customers")
    before = house.everything()
    body = {"customer_name": "Jo", "email": "jo@example.com"}
    assert api.post("/customers", body, key=KEY).status == 429
    assert house.everything() == before


def test_who_is_nobody_is_not_counted_and_not_told(api: Api):
    for _ in range(5):
        answer = api.get("/customers", context={})
        assert answer.status == 401
        assert pace.LIMIT not in answer.headers


def test_webhooks_and_what_is_public_are_never_too_fast(api: Api):
    for number in range(5):
        assert api.get("/health", role="").status == 200
        body = {"eventId": f"e{number}"}
        told = api.post("/webhooks/monoova/NppReturn", body, headers={"Authorization": TOKEN})
        assert told.status != 429
        assert pace.LIMIT not in told.headers


def test_payouts_are_counted_where_they_are_written_by_the_policys_rates(api: Api, house: House):
    customer = house.customer()
    house.payouts = MemoryPayouts(
        house.store.state, clock=house.clock, patience=house.patience, calendar=house.calendar,
        default_policy=replace(FREE, rates=RateRules(per_minute=60, burst=5)),
    )  # fmt: skip
    said = {"customer_id": customer.customer_id, "amount": "1.00", "payout_method": "PayId"}
    for number in range(5):
        answer = api.post("/payouts", said, key=f"{KEY} {number}", who="ada")
        assert (answer.status, answer.headers[pace.POLICY]) == (202, '"default";q=5;w=5')
        assert answer.headers[pace.LIMIT] == f'"default";r={4 - number};t={number + 1}'
    before = house.everything()
    refused = api.post("/payouts", said, key=f"{KEY} 5", who="ada")
    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (
        429, "rate_limited", "1",
    )  # fmt: skip
    assert house.everything() == before
    again = api.post("/payouts", said, key=f"{KEY} 4", who="ada")
    assert (again.status, again.headers["Idempotent-Replayed"]) == (202, "true")
    assert api.post("/payouts", said, key=f"{KEY} 6", who="bo").status == 202
    house.clock.advance(1)
    assert api.post("/payouts", said, key=f"{KEY} 5", who="ada").status == 202
    assert api.get("/payouts", who="ada").headers[pace.LIMIT] == '"default";r=2;t=2'


def test_a_payout_that_is_refused_at_the_door_counts_and_is_told_as_elsewhere(
    api: Api, house: House
):
    before = house.everything()
    wrong = api.post("/payouts", {"amount": "none"}, key=KEY, who="ada")
    assert (wrong.status, wrong.headers[pace.LIMIT]) == (400, '"default";r=2;t=2')
    assert wrong.headers[pace.POLICY] == '"default";q=3;w=6'
    refused = api.post("/payouts", {}, key=KEY, who="ada", role="viewer")
    assert (refused.status, refused.headers[pace.LIMIT]) == (403, '"default";r=1;t=4')
    assert api.post("/payouts", {}, key=KEY, who="ada").headers[pace.LIMIT] == '"default";r=0;t=6'
    hasty = api.post("/payouts", {}, key=KEY, who="ada")
    assert (hasty.status, hasty.code, hasty.headers["Retry-After"]) == (429, "rate_limited", "2")
    assert pace.LIMIT not in api.post("/payouts", {}, key=KEY, context={}).headers
    assert house.everything() == before


@pytest.mark.parametrize(("milliseconds", "seconds"), [(1, 1), (1_000, 1), (1_001, 2)])
def test_seconds_to_wait_are_rounded_up(milliseconds: int, seconds: int):
    error = TooFast(milliseconds, limit=300, window=30, reset=31)
    assert problems.headers(error) == {
        "Retry-After": str(seconds),
        "RateLimit": '"default";r=0;t=31',
        "RateLimit-Policy": '"default";q=300;w=30',
    }


def test_a_minute_later_all_is_there_again(api: Api, house: House):
    for _ in range(3):
        api.get("/customers")
    house.clock.advance(timedelta(minutes=1).seconds)
    assert rates(api)[0] == '"default";r=2;t=2'
