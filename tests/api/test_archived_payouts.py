"""Archived payouts at the doors: the whole app over the simulator, months and years later."""

import gzip
from datetime import timedelta
from typing import Any

import pytest

import app
from chalicelib import wiring
from chalicelib.domain.archive import GRACE
from tests.api.town import Town, town_of

MONTHS = 91 * 24 * 3600
KEY = "key of an archived payout"
ACCOUNT = {
    "type": "BankAccount", "bsbNumber": "062-000", "accountNumber": "12345678",
    "accountName": "Jo Citizen",
}  # fmt: skip


class Context:
    """Lambda's, for a trigger."""

    aws_request_id = "an-invocation"

    def get_remaining_time_in_millis(self) -> int:
        """A quarter of an hour."""
        return 900_000


class Years:
    """A business with one payout, and the time after it."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.api = town.api
        assert town.apply().status == 200
        profile = {
            "customer_name": "Jo Citizen", "email": "jo@example.com",
            "payout_destinations": [ACCOUNT],
        }  # fmt: skip
        customer = self.api.post("/customers", profile, key="key of the customer").json
        self.customer_id = customer["customer_id"]
        town.receive("500.00")
        town.wait()
        given = {"amount": "500.00", "reason": "settlement"}
        path = f"/customers/{self.customer_id}/credits"
        assert self.api.post(path, given, key="key of the credit").status == 201
        self.body = {
            "customer_id": self.customer_id, "amount": "100.00", "payout_method": "BankAccount",
            "reference": "INV 7", "description": "Refund",
        }  # fmt: skip
        self.first = self.pay().json
        self.id = self.first["transaction_id"]
        town.wait()
        self.trigger("poll")
        self.before = self.show().json
        assert self.before["status"] == "Completed"

    def pay(self, who="maker", **changed):
        return self.api.post("/payouts", {**self.body, **changed}, key=KEY, who=who)

    def show(self):
        with self.town.guard:
            return self.api.get(f"/payouts/{self.id}")

    def keep(self) -> None:
        """The archiving comes by."""
        self.trigger("keep")

    def trigger(self, name) -> None:
        """What the schedule calls."""
        event = {
            "version": "0", "id": "1", "detail-type": "Scheduled Event", "source": "aws.events",
            "account": "", "time": "", "region": "", "resources": [], "detail": {},
        }  # fmt: skip
        wiring.use(self.town.world)
        app.app.handler_map[name](event, Context())

    def archive(self) -> None:
        """Three months pass, then the sweep, a week, and the table's own time to live."""
        self.town.control.advance(MONTHS)
        self.keep()
        self.town.control.advance(int(GRACE.total_seconds()) + 1)
        at = self.town.world.clock.now().timestamp()
        self.gone = self.town.dynamo.let_go(self.town.tables.events, at)

    @property
    def objects(self):
        archive: Any = self.town.world.archive
        return archive.objects

    @property
    def balance(self):
        return self.api.get(f"/customers/{self.customer_id}").json["available_balance"]


@pytest.fixture
def years(bench):
    bench.refresh()
    with town_of(bench) as town:
        yield Years(town)
    wiring._current.clear()


def test_it_says_what_it_said_before_when_its_steps_are_long_gone(years):
    years.archive()
    assert len(years.gone) == len(years.before["timeline"])
    assert years.show().json == years.before


def alone(shown):
    """A payout without its life."""
    return {name: shown[name] for name in shown if name not in {"attempts", "timeline"}}


def test_it_is_still_in_the_lists(years):
    listed = alone(years.before)
    day = years.before["created_at"][:10]
    years.archive()
    by_customer = f"/payouts?customer_id={years.customer_id}&from={day}&to={day}"
    for path in (by_customer, f"/payouts?from={day}&to={day}"):
        answer = years.api.get(path)
        assert answer.status == 200, answer.text
        assert answer.json["data"] == [listed]


def test_the_archive_is_down_and_it_is_503_and_never_a_shorter_timeline(years):
    years.archive()
    archive: Any = years.town.world.archive
    archive.down = True
    answer = years.show()
    assert (answer.status, answer.json["code"]) == (503, "archive_unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json["retryable"] is True
    archive.down = False
    assert years.show().json == years.before


def test_an_object_that_is_damaged_is_500_and_says_nothing(years):
    years.archive()
    name = next(iter(years.objects))
    years.objects[name] = years.objects[name][:-1]
    answer = years.show()
    assert (answer.status, answer.json["code"]) == (500, "internal_error")


def test_the_key_used_again_years_later_replays(years):
    years.archive()
    years.town.control.advance(1000 * 24 * 3600)
    again = years.pay()
    assert again.status == 202
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json == alone(years.before)
    assert years.balance == "400.00"
    assert years.town.control.executions(years.first["uniqueReference"]) == 1


def test_the_key_used_again_for_something_else_is_422_and_names_the_fields(years):
    years.archive()
    answer = years.pay(amount="99.00", reference="INV 8")
    assert answer.status == 422
    assert answer.places == {
        "/amount": "idempotency_key_reused", "/reference": "idempotency_key_reused",
    }  # fmt: skip


def test_somebody_elses_key_is_409(years):
    years.archive()
    answer = years.pay(who="another")
    assert (answer.status, answer.json["code"]) == (409, "idempotency_key_taken")


def test_a_return_years_later_is_heard_shown_and_archived_in_its_turn(years):
    years.archive()
    years.town.control.advance(700 * 24 * 3600)
    years.town.control.happen(years.first["uniqueReference"], "return", reason="ACCOUNT CLOSED")
    years.town.wait()
    told = years.show().json
    assert told["status"] == "Returned"
    assert years.balance == "500.00"
    assert told["timeline"][:-1] == years.before["timeline"]
    assert told["timeline"][-1]["event"] == "Returned"
    assert len(years.town.world.payouts.get(years.id).archives) == 1
    years.archive()
    assert len(years.gone) == 1
    assert len(years.town.world.payouts.get(years.id).archives) == 2
    assert years.show().json == told
    assert years.pay().json == alone(told)


def test_nothing_archived_can_be_cancelled_or_resolved(years):
    years.archive()
    for path, body in (
        ("cancel", {"reason": "mistaken"}),
        ("resolution", {"verdict": "new_reference", "evidence": "the bank's letter"}),
    ):
        answer = years.api.post(f"/payouts/{years.id}/{path}", body)
        assert answer.status == 409, answer.text
    assert years.show().json == years.before


def test_no_name_number_or_text_is_in_the_archive_nor_a_ciphertext_in_the_table(years):
    row = years.town.dynamo.rows(years.town.tables.transactions)
    (before,) = row.values()
    sealed = before["destination"]["M"]["ciphertext"]["B"]
    years.archive()
    (after,) = row.values()
    assert "ciphertext" not in after["destination"]["M"]
    assert len(repr(after)) < len(repr(before)) + 600
    for name, content in years.objects.items():
        told = gzip.decompress(content) if name.endswith(".gz") else content
        for secret in (b"Jo", b"12345678", b"INV 7", b"Refund", bytes(sealed)):
            assert secret not in told


def test_what_is_kept_is_counted_in_the_log(years, caplog):
    years.town.control.advance(MONTHS)
    years.keep()
    line = next(each for each in caplog.messages if '"keep"' in each)
    assert '"archived": 1' in line
    assert "Jo" not in line


def test_before_its_time_nothing_happens(years):
    years.town.control.advance(int(timedelta(days=80).total_seconds()))
    years.keep()
    assert years.objects == {}
    assert years.show().json == years.before
