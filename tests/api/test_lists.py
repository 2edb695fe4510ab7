"""Lists over HTTP: filters, pages, cursors."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.api.triggers import unreadable
from chalicelib.domain.parked import ParkedLetter
from chalicelib.ports import Page, PayoutFilter
from tests.api.client import Api
from tests.api.house import CUSTOMER, House
from tests.api.making import disputed, failed, pay, pending, queued, unconfirmed
from tests.fakes.spoilt import SpoiltPayouts

OTHER = "00000000-0000-4000-8000-000000000001"


def ids(answer) -> list[str]:
    return [each["transaction_id"] for each in answer.json["data"]]


def test_payouts_are_listed_newest_first_and_page_by_page(api: Api, house: House):
    house.customer()
    made = []
    for _ in range(5):
        made.append(pay(api, amount="1.00"))
        house.clock.advance(1)
    first = api.get("/payouts?limit=2", role="viewer")
    assert ids(first) == made[:2:-1]
    second = api.get(f"/payouts?limit=2&cursor={first.json['next_cursor']}")
    assert ids(second) == made[2:0:-1]
    third = api.get(f"/payouts?limit=2&cursor={second.json['next_cursor']}")
    assert ids(third) == made[:1]
    assert third.json["next_cursor"] is None


def test_payouts_are_filtered_by_customer(api: Api, house: House):
    house.customer()
    house.customer(OTHER)
    mine, theirs = pending(api), pay(api, customer_id=OTHER)
    assert ids(api.get(f"/payouts?customer_id={CUSTOMER}")) == [mine]
    assert ids(api.get(f"/payouts?customer_id={OTHER.upper()}")) == [theirs]


@pytest.mark.parametrize("query", ["status=Failed,Queued", "status=Failed&status=Queued"])
def test_statuses_may_be_repeated_or_separated_by_commas(api: Api, house: House, query: str):
    house.customer()
    wanted = {failed(api), queued(api)}
    pending(api)
    assert set(ids(api.get(f"/payouts?{query}"))) == wanted


def test_pending_is_everything_that_is_shown_as_pending(api: Api, house: House):
    house.customer()
    made = pending(api)
    unconfirmed(api)
    assert ids(api.get("/payouts?status=Pending")) == [made]


def test_dates_are_sydneys_and_include_both_ends(api: Api, house: House):
    house.customer()
    # 23:30 on 2 March in Sydney, and half an hour later it is the 3rd.
    house.clock.advance(timedelta(hours=11, minutes=30))
    one = pending(api)
    house.clock.advance(timedelta(minutes=31))
    other = pending(api)
    assert ids(api.get("/payouts?from=2026-03-02&to=2026-03-02")) == [one]
    assert ids(api.get("/payouts?from=2026-03-03&to=2026-03-03")) == [other]
    assert ids(api.get("/payouts?from=2026-03-02&to=2026-03-03")) == [other, one]


def test_without_dates_the_last_31_days_are_listed(api: Api, house: House):
    house.customer()
    old = pending(api)
    house.clock.advance(timedelta(days=30))
    assert ids(api.get("/payouts")) == [old]
    house.clock.advance(timedelta(days=1))
    assert ids(api.get("/payouts")) == []
    assert ids(api.get("/payouts?from=2026-03-02")) == [old]
    assert ids(api.get("/payouts?to=2026-03-10")) == [old]


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("colour=red", {"colour": "unknown_field"}),
        ("limit=0", {"limit": "invalid_limit"}),
        ("limit=101", {"limit": "invalid_limit"}),
        ("limit=ten", {"limit": "invalid_limit"}),
        ("limit=1_0", {"limit": "invalid_limit"}),
        ("limit=", {"limit": "invalid_limit"}),
        ("limit=1&limit=2", {"limit": "given_twice"}),
        ("status=Sending", {"status": "not_one_of"}),
        ("status=", {"status": "not_one_of"}),
        ("customer_id=nobody", {"customer_id": "invalid_id"}),
        ("customer_id=%ed%a0%80", {"customer_id": "invalid_id"}),
        ("from=yesterday", {"from": "invalid_date"}),
        ("from=20260301", {"from": "invalid_date"}),
        ("from=2026-02-30", {"from": "invalid_date"}),
        ("from=0001-01-01", {"from": "invalid_date"}),
        ("to=9999-12-31", {"to": "invalid_date"}),
        ("from=2026-03-02&to=2026-03-01", {"to": "invalid_dates"}),
        ("from=2026-01-01&to=2026-04-03", {"to": "invalid_dates"}),
        ("from=2025-01-01", {"to": "invalid_dates"}),
        ("cursor=", {"cursor": "too_short"}),
        ("cursor=abc", {"cursor": "invalid_cursor"}),
        ("cursor=%F0%9F%92%A9", {"cursor": "invalid_cursor"}),
        ("limit=0&from=x&status=y&colour=red&cursor=z", {
            "limit": "invalid_limit", "from": "invalid_date", "status": "not_one_of",
            "colour": "unknown_field", "cursor": "invalid_cursor",
        }),
    ],
)  # fmt: skip
def test_a_query_that_is_not_understood_is_400_at_all_its_places(
    api: Api, query: str, places: dict[str, str]
):
    answer = api.get(f"/payouts?{query}")
    assert answer.status == 400
    assert answer.places == places


def test_92_days_are_listed_and_no_more(api: Api):
    assert api.get("/payouts?from=2026-01-01&to=2026-04-02").status == 200


def page_of(api: Api, path: str) -> str:
    cursor = api.get(path).json["next_cursor"]
    assert cursor
    return str(cursor)


@pytest.fixture
def three(api: Api, house: House) -> str:
    """A cursor into a list of three payouts."""
    house.customer()
    for _ in range(3):
        pay(api, amount="1.00")
        house.clock.advance(1)
    return page_of(api, "/payouts?limit=1")


def test_a_cursor_may_be_used_with_another_limit(api: Api, three: str):
    assert len(ids(api.get(f"/payouts?limit=50&cursor={three}"))) == 2


def test_a_cursor_of_another_list_or_other_filters_is_refused(api: Api, three: str):
    for path in (
        f"/payouts?status=Pending&cursor={three}",
        f"/payouts?customer_id={CUSTOMER}&cursor={three}",
        f"/customers?cursor={three}",
        f"/attention?cursor={three}",
    ):
        answer = api.get(path)
        assert answer.status == 400
        assert answer.places == {"cursor": "invalid_cursor"}


def test_a_cursor_that_was_changed_is_refused(api: Api, three: str):
    for place in (0, 20, 44, 60, len(three) - 4):
        changed = three[:place] + ("A" if three[place] != "A" else "B") + three[place + 1 :]
        assert api.get(f"/payouts?cursor={changed}").places == {"cursor": "invalid_cursor"}


def test_a_cursor_is_stale_after_a_day_or_when_the_key_changed(api: Api, house: House, three: str):
    house.clock.advance(timedelta(hours=23))
    assert api.get(f"/payouts?cursor={three}").status == 200
    house.key = b"another-cursor-key-of-32-characters"
    assert api.get(f"/payouts?cursor={three}").places == {"cursor": "invalid_cursor"}
    house.key = House().key
    house.clock.advance(timedelta(hours=1, seconds=1))
    assert api.get(f"/payouts?cursor={three}").places == {"cursor": "invalid_cursor"}


def test_customers_are_listed_newest_first(api: Api, house: House):
    house.customer()
    house.clock.advance(1)
    house.customer(OTHER)
    first = api.get("/customers?limit=1", role="viewer")
    assert [each["customer_id"] for each in first.json["data"]] == [OTHER]
    second = api.get(f"/customers?limit=1&cursor={first.json['next_cursor']}")
    assert [each["customer_id"] for each in second.json["data"]] == [CUSTOMER]


def test_attention_lists_the_sign_in_the_payouts_and_the_parked_webhooks(api: Api, house: House):
    house.customer()
    made = disputed(api)
    at = house.clock.now()
    for number in range(3):
        letter = unreadable(f"rubbish {number}", at=at + timedelta(seconds=number))
        house.parked.put(ParkedLetter(f"parked{number}", letter, letter.received_at))
    house.gate.close()
    seen = []
    path = "/attention?limit=2"
    while path:
        answer = api.get(path, role="viewer")
        seen += answer.json["data"]
        cursor = answer.json["next_cursor"]
        path = f"/attention?limit=2&cursor={cursor}" if cursor else ""
    assert [each["kind"] for each in seen] == ["sign_in", "payout", "notice", "notice", "notice"]
    assert [each["why"] for each in seen[:3]] == ["sign_in_refused", "disputed", "notice_parked"]
    assert seen[1]["payout"]["transaction_id"] == made
    assert [each["notice"]["key"] for each in seen[2:]] == ["parked0", "parked1", "parked2"]
    assert all(each["words"].endswith(".") for each in seen)


def test_a_page_that_payouts_fill_exactly_goes_on_with_the_webhooks(api: Api, house: House):
    house.customer()
    disputed(api)
    first = api.get("/attention?limit=1")
    second = api.get(f"/attention?limit=1&cursor={first.json['next_cursor']}")
    assert [each["kind"] for each in first.json["data"]] == ["payout"]
    assert second.json == {"data": [], "next_cursor": None}


def test_more_payouts_than_a_page_holds_go_on_with_payouts(api: Api, house: House):
    house.customer()
    made = []
    for _ in range(3):
        made.append(disputed(api))
        api.post(f"/customers/{CUSTOMER}/resume")
        house.clock.advance(1)
    first = api.get("/attention?limit=2")
    second = api.get(f"/attention?limit=2&cursor={first.json['next_cursor']}")
    seen = [*first.json["data"], *second.json["data"]]
    assert [each["payout"]["transaction_id"] for each in seen] == made


class Quiet:
    """A store that needs several pages to get past days without payouts."""

    def __init__(self, payouts: Any, empty: int) -> None:
        self._payouts = payouts
        self._empty = empty

    def page(self, wanted: PayoutFilter, *, limit: int, position: Any) -> Page[Any]:
        """Empty ones first."""
        passed = int(position["passed"]) if position else 0
        if passed < self._empty:
            return Page([], {"passed": str(passed + 1)})
        return Page(self._payouts.page(wanted, limit=limit, position=None).items)


def test_empty_pages_are_passed_over_as_long_as_there_is_an_end(api: Api, house: House):
    house.customer()
    made = pending(api)
    house.payouts = Quiet(house.store.payouts, 9)
    assert ids(api.get("/payouts")) == [made]
    house.payouts = Quiet(house.store.payouts, 15)
    first = api.get("/payouts")
    assert ids(first) == []
    assert ids(api.get(f"/payouts?cursor={first.json['next_cursor']}")) == [made]


def test_a_payout_that_cannot_be_read_stops_no_list_and_is_named_to_a_person(
    api: Api, house: House
):
    house.customer()
    lost, other = queued(api), queued(api)
    for each in (lost, other):
        api.post(f"/payouts/{each}/hold", {"reason": "Look."}, role="operator")
    house.payouts = SpoiltPayouts(house.payouts, {lost})
    assert ids(api.get("/payouts")) == [other]
    waiting = api.get("/attention").json["data"]
    told = {each["why"]: each["words"] for each in waiting}
    assert set(told) == {"held", "unreadable"}
    assert lost in told["unreadable"]
