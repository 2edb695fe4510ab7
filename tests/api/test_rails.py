"""Rails as people see them: how each circuit stands, opened and reset by an admin, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import wiring
from chalicelib.domain.breaker import REST
from chalicelib.domain.errors import Stale
from tests.api.client import Api
from tests.api.house import CUSTOMER, House
from tests.fakes.provider import NOT_CONNECTED

WHY = {"reason": "The provider told us by telephone."}
KEY = "the key of an opening by hand"


@pytest.fixture
def house():
    yield House()
    wiring._current.clear()


@pytest.fixture
def api(house: House) -> Api:
    house.customer()
    return Api(house)


def rails(api: Api) -> dict[str, dict[str, Any]]:
    return {each["circuit"]: each for each in api.get("/rails").json["data"]}


def pay(api: Api, number: int, **told: object) -> dict[str, object]:
    body = {"customer_id": CUSTOMER, "amount": "1.00", "payout_method": "BankAccount", **told}
    answer = api.post("/payouts", body, key=f"a key of payout {number:04}")
    assert answer.status == 202, answer.text
    return dict(answer.json)


def fail(api: Api) -> None:
    api.house.provider.will(*[NOT_CONNECTED] * 5)
    for number in range(5):
        pay(api, 9000 + number)


def test_at_the_beginning_all_are_closed_and_nothing_is_known(api: Api):
    shown = api.get("/rails").json
    assert [each["circuit"] for each in shown["data"]] == ["npp", "direct_entry", "provider"]
    assert [each["rail"] for each in shown["data"]] == ["NPP", "DirectEntry", None]
    for each in shown["data"]:
        assert (each["state"], each["failures"], each["waiting"]) == ("closed", 0, 0)
        assert (each["since"], each["tried_next_at"], each["history"]) == (None, None, [])
    assert (shown["counted_up_to"], shown["provider_sign_in"]) == (1000, "open")


def test_what_went_wrong_is_shown_with_when_it_is_tried_again_and_who_waits(api: Api, house: House):
    fail(api)
    waiting = pay(api, 1)
    assert (waiting["status"], waiting["waits_for"]) == ("Queued", "rail_down")
    assert "go wrong at present" in str(waiting["message"])
    assert waiting["cancellable"]
    provider = rails(api)["provider"]
    assert (provider["state"], provider["failures"], provider["waiting"]) == ("open", 5, 1)
    assert provider["tried_next_at"] > provider["since"]
    (change,) = provider["history"]
    assert (change["state"], change["by"]) == ("open", "breaker")
    assert change["reason"] == "5 failures within 30 seconds"
    assert rails(api)["npp"]["waiting"] == 1
    assert rails(api)["direct_entry"]["waiting"] == 0
    house.clock.advance(REST)
    assert rails(api)["provider"]["state"] == "half_open"


def test_who_waits_is_told_when_its_rail_is_tried_again(api: Api, house: House):
    fail(api)
    waiting = pay(api, 1)
    assert f"It is tried again from {rails(api)['provider']['tried_next_at']} on." in str(
        waiting["message"]
    )
    api.post("/rails/npp/open", WHY)
    house.clock.advance(timedelta(seconds=6))  # so long a process believes what it read
    later = api.get(f"/payouts/{waiting['transaction_id']}").json["message"]
    assert "tried again" not in later, "nobody can say when somebody resets it"
    api.post("/rails/npp/reset", WHY)
    api.post("/rails/provider/reset", WHY)
    house.clock.advance(timedelta(seconds=6))
    assert api.get(f"/payouts/{waiting['transaction_id']}").json["message"] == later


def test_a_rail_opened_by_hand_stays_so_until_it_is_reset(api: Api, house: House):
    opened = api.post("/rails/direct_entry/open", WHY).json
    assert (opened["state"], opened["by_hand"], opened["tried_next_at"]) == ("open", True, None)
    house.clock.advance(timedelta(days=1))
    assert pay(api, 1, rail="DirectEntry")["waits_for"] == "rail_down"
    assert pay(api, 2, rail="NPP")["status"] == "Pending"
    (waiting,) = api.get("/attention").json["data"]
    assert (waiting["kind"], waiting["why"]) == ("rail", "rail_opened_by_hand")
    assert "direct_entry" in waiting["words"]
    again = api.post("/rails/direct_entry/open", {"reason": "Another."}).json
    assert again["history"] == opened["history"], "whoever was first"
    closed = api.post("/rails/direct_entry/reset", {"reason": "They are back."}).json
    assert (closed["state"], closed["by_hand"]) == ("closed", False)
    assert [each["state"] for each in closed["history"]] == ["open", "closed"]
    assert [each["reason"] for each in closed["history"]] == [WHY["reason"], "They are back."]
    assert all(each["by"] != "breaker" for each in closed["history"])
    assert api.get("/attention").json["data"] == []
    assert api.post("/rails/direct_entry/reset", WHY).json["history"] == closed["history"]


def test_everything_is_stopped_by_the_providers_circuit(api: Api):
    api.post("/rails/provider/open", WHY)
    assert pay(api, 1, rail="DirectEntry")["waits_for"] == "rail_down"
    assert pay(api, 2)["waits_for"] == "rail_down"
    assert rails(api)["provider"]["waiting"] == 2


def test_a_circuit_that_does_not_close_for_long_is_somebodys(api: Api, house: House):
    fail(api)
    assert [each["kind"] for each in api.get("/attention").json["data"]] == []
    house.clock.advance(timedelta(hours=1))
    (waiting,) = api.get("/attention").json["data"]
    assert (waiting["kind"], waiting["why"]) == ("rail", "rail_down_for_long")


def test_there_is_no_other_rail_and_no_hand_without_a_reason(api: Api):
    for way in ("open", "reset"):
        assert api.post(f"/rails/carrier-pigeon/{way}", WHY).code == "not_found"
        assert api.post(f"/rails/npp/{way}", {}).status == 400
        assert api.post(f"/rails/npp/{way}", WHY, role="approver").status == 403


@pytest.mark.parametrize("path", ["/schedules/none", "/rails/none/reset"])
def test_a_path_that_names_nothing_is_a_404_whatever_it_names(api: Api, path: str):
    answers = [api.get(path), api.post(path, WHY)]
    assert {each.status for each in answers} <= {403, 404, 405}
    assert 404 in {each.status for each in answers}


def test_a_key_opens_once(api: Api):
    first = api.post("/rails/npp/open", WHY, key=KEY)
    api.post("/rails/npp/reset", WHY)
    again = api.post("/rails/npp/open", WHY, key=KEY)
    assert (first.json["state"], again.json["state"]) == ("open", "closed")


def test_a_closed_gate_is_shown_and_who_waits_for_it(api: Api, house: House):
    house.gate.close()
    assert pay(api, 1)["waits_for"] == "sign_in_refused"
    shown = api.get("/rails").json
    assert shown["provider_sign_in"] == "closed"
    assert {each["circuit"]: each["waiting"] for each in shown["data"]}["provider"] == 1


def test_too_many_who_wait_are_turned_away(api: Api, house: House):
    api.post("/rails/provider/open", WHY)
    house.limits = house.limits.__class__(house.limits.least, house.limits.most, most_waiting=1)
    pay(api, 1)
    body = {"customer_id": CUSTOMER, "amount": "1.00", "payout_method": "BankAccount"}
    answer = api.post("/payouts", body, key="a key of one too many")
    assert (answer.status, answer.code) == (503, "too_many_wait")
    assert answer.headers["Retry-After"] == "60"
    assert answer.json["retryable"] is True


class Overtaken:
    """Circuits that somebody else always changes first."""

    def __init__(self, circuits, times: int) -> None:
        self.board, self._circuits, self._times = circuits.board, circuits, times

    def keep(self, before, after):
        """Too late, so often."""
        self._times -= 1
        if self._times >= 0:
            raise Stale("no longer")
        return self._circuits.keep(before, after)


@pytest.mark.parametrize(("times", "status"), [(1, 200), (10, 503)])
def test_a_change_is_made_on_top_of_anothers(api: Api, house: House, times: int, status: int):
    house.circuits = Overtaken(house.circuits, times)  # type: ignore[assignment] # as much of it
    assert api.post("/rails/npp/open", WHY).status == status
