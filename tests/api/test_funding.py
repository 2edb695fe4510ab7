"""The money at a glance, payouts that wait for it, and who is told."""

from datetime import timedelta

import pytest

from chalicelib.domain.liquidity import FloatRules
from chalicelib.domain.money import Money
from chalicelib.domain.settlement import Settlement
from tests.api.client import Api
from tests.api.house import CUSTOMER, House


def pay(api: Api, amount: str, key: str):
    body = {"customer_id": CUSTOMER, "amount": amount, "payout_method": "PayId"}
    return api.post("/payouts", body, key=f"a key of some length {key}")


@pytest.fixture
def waiting(api: Api, house: House):
    """One payout went out, and two wait for funds."""
    house.customer()
    house.provider.balance = Money(10_000)
    house.float_rules = FloatRules(reserve=Money(1_000), warning=Money(2_000))
    return [pay(api, amount, amount).json for amount in ("60.00", "50.00", "30.00")]


def test_it_shows_the_money_at_a_glance(api: Api, house: House, waiting):
    at = house.clock.now()
    tomorrow = (at + timedelta(days=1)).date()
    house.settlements.add(Settlement("s-1", tomorrow, Money(20_000), "ref", at, "ada"), [])
    told = api.get("/funding").json
    assert told["provider"]["available_balance"] == told["provider"]["actual_balance"] == "39.88"
    assert told["provider"]["unknown"] is None
    assert told["ours"]["in_flight"] == {"amount": "60.00", "count": 1}
    assert told["ours"]["held"] == told["ours"]["queued"] == {"amount": "80.00", "count": 2}
    assert told["ours"]["waiting_for_funds"] == {
        "amount": "80.00", "count": 2, "oldest_created_at": waiting[1]["created_at"],
    }  # fmt: skip
    assert told["ours"]["complete"] is True
    assert (told["reserve"], told["warn_below"]) == ("10.00", "20.00")
    assert told["expected"] == [
        {"amount": "200.00", "count": 1, "date": tomorrow.isoformat(), "overdue": False}
    ]
    assert len(told["forecast"]) == 7
    assert told["forecast"][0]["projected_lowest"] == "-40.42"
    assert told["warning"]["code"] == "below_reserve"
    assert told["warning"]["date"] == told["forecast"][0]["date"]
    assert "-40.42 will be left" in told["warning"]["words"]


@pytest.mark.usefixtures("waiting")
def test_it_answers_when_the_provider_does_not(api: Api, house: House):
    house.provider.down = True
    answer = api.get("/funding")
    assert answer.status == 200
    provider = answer.json["provider"]
    assert (provider["available_balance"], provider["unknown"]) == (None, "provider_unavailable")
    assert (provider["last_seen_available"], provider["last_seen_at"]) == (None, None)
    assert answer.json["forecast"][0]["projected_available"] is None
    assert answer.json["warning"]["code"] == "waiting_for_funds"


def test_with_enough_there_is_no_warning_and_without_a_limit_none_is_shown(api: Api, house: House):
    house.provider.balance = Money(1_000_000)
    told = api.get("/funding").json
    assert (told["warning"], told["warn_below"], told["reserve"]) == (None, None, "0.00")


def test_what_was_to_come_and_did_not_is_shown_as_overdue_and_not_counted_upon(
    api: Api, house: House
):
    at = house.clock.now()
    house.settlements.add(
        Settlement("s", at.date() - timedelta(days=1), Money(20_000), "ref", at, "ada"), []
    )
    told = api.get("/funding").json
    assert told["expected"][0]["overdue"] is True
    assert {day["expected"] for day in told["forecast"]} == {"0.00"}


def test_a_payout_that_waits_for_funds_says_so(api: Api, waiting):
    sent, refused, behind = waiting
    assert (sent["status"], sent["waits_for"]) == ("Pending", None)
    for each in (refused, behind):
        assert (each["status"], each["waits_for"], each["cancellable"]) == ("Queued", "funds", True)
        assert "does not hold enough" in each["message"]
        assert each["attention"] is None
    again = pay(api, "50.00", "50.00")
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (again.json["status"], again.json["waits_for"]) == ("Queued", "funds")


def test_the_timeline_says_it_in_words(api: Api, waiting):
    _, refused, behind = waiting
    shown = api.get(f"/payouts/{refused['transaction_id']}").json["timeline"]
    assert shown[-1]["event"] == "OutOfFunds"
    assert shown[-1]["words"].startswith("The account at the provider did not hold enough for it:")
    assert shown[-1]["postings"] == []
    shown = api.get(f"/payouts/{behind['transaction_id']}").json["timeline"]
    assert shown[-1]["words"] == (
        "Not tried for now: the account at the provider does not hold enough yet."
    )


@pytest.mark.usefixtures("waiting")
def test_a_lack_of_funds_is_on_the_list_of_what_waits_for_a_person(api: Api, house: House):
    (item,) = api.get("/attention").json["data"]
    assert (item["kind"], item["why"]) == ("funds", "funds_short")
    assert item["since"] is not None
    seen = house.liquidity.outlook()
    house.liquidity.keep(seen, type(seen)())
    assert api.get("/attention").json["data"] == []
