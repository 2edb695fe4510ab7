"""A week of 10,000 payouts around a change of the clocks, with webhooks lost and faults planted.

Its nights find exactly what was planted. Later the week is archived, and one customer forgotten.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.adapters.dynamo.values import from_item, to_item
from chalicelib.domain.calendar import SYDNEY, days
from chalicelib.domain.payout import OPEN, Status
from tests.nights.planting import Garden

if TYPE_CHECKING:
    from tests.nights.life import Life, Made

# It is played once, and each test goes on where the one before left it.
pytestmark = pytest.mark.timeout(1800)

PAYOUTS = 10_000
# What is planted on each of the seven days, the third of which has 23 or 25 hours.
PLANTED = (
    ("foreign debit", "other amount"),
    ("wrong fee", "twice", "removed"),
    ("foreign credit", "vanished"),
    ("lie", "foreign payment"),
    (),
    ("changed here", "bent"),
    ("removed", "foreign credit", "wrong fee"),
)
PERSONAL = (b"jo2@example.com", b"Wages")
HOURS = (8, 10, 12, 15, 17, 19, 21, 23)


def next_change(after: date) -> date:
    """The next Sunday on which Sydney's clocks are changed, a week ahead or more."""
    day = after + timedelta(days=7)
    while _offset(day) == _offset(day + timedelta(days=1)):
        day += timedelta(days=1)
    return day


def _offset(day: date) -> timedelta | None:
    return datetime(day.year, day.month, day.day, tzinfo=SYDNEY).utcoffset()


class Week:
    """The week, played, and what was planted in it."""

    def __init__(self, life: Life) -> None:
        self.life = life
        self.garden = Garden(life)
        self.nights: list[date] = []
        self.forgotten: list[Made] = []

    def play(self, payouts: int) -> Week:
        """Seven days, from the Friday on before the clocks change."""
        life = self.life
        life.begin(next_change(life.today) - timedelta(days=2), dollars=500_000)
        life.town.control.random_faults(11, "0.15", ["lost", "late", "double"], on="webhook")
        self.forgotten = life.pay_quietly()
        share, rest = divmod(payouts - len(life.made), len(PLANTED))
        for number, names in enumerate(PLANTED):
            life.day(share + (number < rest), hours=HOURS if number else HOURS[3:])
            self.garden.plant(*names)
            self.nights.append(life.night())
        return self

    def get(self, path: str) -> Any:
        """What an admin is told."""
        answer = self.life.town.api.get(path)
        assert answer.status == 200, answer.text
        return answer.json

    def every(self, path: str) -> list[Any]:
        """All of a list."""
        told, found = self.get(path), []
        while True:
            found += told["data"]
            if told["next_cursor"] is None:
                return found
            told = self.get(f"{path}&cursor={told['next_cursor']}")

    def findings(self) -> dict[str, Any]:
        """Every open finding, by its id; each gets older by itself."""
        told = self.every("/findings?limit=100")
        return {each["finding_id"]: each | {"age_days": 0} for each in told}

    def broken(self, day: date) -> Any:
        """The first thing that does not hold of what a night has signed for."""
        path = f"/reconciliations/{day}/verification?limit=100"
        told = self.get(path)
        while told["holds"] and told["next_cursor"] is not None:
            told = self.get(f"{path}&cursor={told['next_cursor']}")
        return told["broken"]

    def rest(self) -> None:
        """More than ninety days go by, and what is kept and forgotten by the hour is."""
        life = self.life
        life.town.control.clear_faults()
        for later in (2, 9, 16, 120):
            life.until(self.nights[-1] + timedelta(days=later), time(12))
            for _ in range(4):
                life.pass_time(20)
        self.keep()

    def keep(self) -> None:
        """The schedule's hourly keeping, often enough; and the rows whose time has come go."""
        for _ in range(6):
            self.life.trigger("keep")
        town = self.life.town
        at = (self.life.now + timedelta(days=30)).timestamp()
        town.dynamo.let_go(town.tables.events, at)

    def stored(self) -> bytes:
        """Everything that is in any table or object."""
        town = self.life.town
        rows = [
            repr(from_item(item)).encode()
            for table in vars_of(town.tables)
            for item in town.dynamo.rows(table).values()
        ]
        archive: Any = town.world.archive
        return b"\n".join([*rows, *archive.objects.values()])


def vars_of(tables: Any) -> list[str]:
    """The names of the tables."""
    return [tables.transactions, tables.customers, tables.events, tables.control]


@pytest.fixture(scope="module")
def week(life: Life) -> Week:
    """The week, played once."""
    return Week(life).play(PAYOUTS)


def test_the_findings_are_exactly_the_faults_that_were_planted(week: Week) -> None:
    found = [(each["kind"], each["subject"]) for each in week.findings().values()]
    assert sorted(found) == sorted(week.garden.planted)


def test_every_night_has_ended_and_its_account_has_no_gap(week: Week) -> None:
    assert days(week.nights[0], week.nights[-1]) == week.nights
    told = [week.get(f"/reconciliations/{day}") for day in week.nights]
    assert {each["stage"] for each in told} == {"done"}
    seen = sum(each["counts"]["payouts"] for each in told)
    assert seen >= PAYOUTS - len(week.garden.removed)
    assert sum(each["counts"].get("healed", 0) for each in told) > 0
    for each in told:
        gone = Decimal(each["sums"]["all_debits"]) - Decimal(each["sums"]["all_credits"])
        closing = Decimal(each["closing_balance"])
        bent = ("balance_differs", each["date"]) in week.garden.planted
        assert (Decimal(each["opening_balance"]) - gone == closing) is not bent
        planted = [at for at in week.garden.planted.values() if at.isoformat() == each["date"]]
        assert each["counts"].get("new_findings", 0) == len(planted)


def test_another_run_of_a_night_changes_nothing(week: Week) -> None:
    day = week.nights[1]
    before = week.findings(), week.get(f"/reconciliations/{day}")
    archive: Any = week.life.town.world.archive
    writes = sorted(archive.objects)
    again = week.life.town.api.post("/reconciliations", {"date": day.isoformat()})
    assert (again.status, again.json["run"]) == (202, 2)
    # What does not fit into one request, the schedule goes on with.
    while again.json["stage"] != "done":
        week.life.trigger("night")
        again = week.life.town.api.get(f"/reconciliations/{day}")
    assert again.json["counts"].get("new_findings", 0) == 0
    after = week.findings(), week.get(f"/reconciliations/{day}")
    assert after[0] == before[0]
    assert (after[1]["root"], after[1]["attestation"]) == (
        before[1]["root"], before[1]["attestation"],
    )  # fmt: skip
    new = set(archive.objects) - set(writes)
    assert all("report-run-2" in name for name in new)


def test_every_night_verifies_until_a_payout_is_changed_or_removed(week: Week) -> None:
    broken = {day: told for day in week.nights if (told := week.broken(day))}
    assert list(broken) == [week.nights[5]]
    assert week.garden.changed[0] in str(broken)
    town, removed = week.life.town, week.forgotten[0]
    row = town.dynamo.rows(town.tables.transactions)[removed.transaction_id]
    town.dynamo.lose(town.tables.transactions, removed.transaction_id)
    assert removed.transaction_id in str(week.broken(week.nights[0]))
    assert week.broken(week.nights[1]) is None
    town.dynamo.put_item(TableName=town.tables.transactions, Item=row)
    assert week.broken(week.nights[0]) is None


def test_after_ninety_days_payouts_are_in_the_archive_and_answer_from_there(week: Week) -> None:
    week.rest()
    made = next(each for each in week.life.made if each not in week.forgotten)
    row = week.garden.row(made)
    assert row["archives"]
    assert "ciphertext" not in row["destination"]
    told = week.get(f"/payouts/{made.transaction_id}")
    assert [each["sequence"] for each in told["timeline"]] == list(
        range(1, int(row["version"]) + 1)
    )
    steps: Any = week.life.town.dynamo.rows(week.life.town.tables.events)
    assert not [key for key in steps if key[0] == made.transaction_id]


def test_whatever_is_not_in_the_archive_then_has_a_reason_to_stay(week: Week) -> None:
    last = week.life.today - timedelta(days=90)
    town = week.life.town
    rows = [from_item(item) for item in town.dynamo.rows(town.tables.transactions).values()]
    stays: list[dict[str, Any]] = [
        {name: row.get(name) for name in ("transaction_id", "status", "needs_person", "changed_on")}
        for row in rows
        if not row.get("archives") and row["transaction_id"] not in week.garden.changed
    ]
    assert len(stays) < len(rows) // 10
    assert not [
        each for each in stays
        if Status(each["status"]) not in OPEN | {Status.DISPUTED}
        and not each["needs_person"] and date.fromisoformat(each["changed_on"]) <= last
    ]  # fmt: skip


def test_a_key_used_again_after_that_replays_and_pays_nobody(week: Week) -> None:
    made = week.life.made[-1]
    before = week.life.town.control.totals().paid
    again = week.life.ask(made)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (202, "true")
    assert again.json["transaction_id"] == made.transaction_id
    other = week.life.ask(made, amount="1.23")
    assert (other.status, other.places) == (422, {"/amount": "idempotency_key_reused"})
    assert week.life.town.control.totals().paid == before


def test_a_return_of_an_archived_payout_is_still_heard(week: Week) -> None:
    made = next(each for each in week.life.made
                if (each.payee, each.rail) == ("Jo Citizen", "NPP")
                and each.reference not in {subject for _, subject in week.garden.planted}
                and each not in week.forgotten
                and week.garden.row(each).get("archives"))  # fmt: skip
    week.life.town.control.happen(made.reference, "return")
    week.life.pass_time(10)
    told = week.get(f"/payouts/{made.transaction_id}")
    assert told["status"] == "Returned"
    assert told["returned_amount"] == made.body["amount"]
    assert told["timeline"][-1]["event"] == "Returned"
    assert told["timeline"][0]["sequence"] == 1


def test_a_customer_who_is_forgotten_stays_so_though_a_backup_is_restored(week: Week) -> None:
    town, who = week.life.town, week.life.quiet["customer_id"]
    names = {each.transaction_id for each in week.forgotten}
    backup = {
        town.tables.customers: [town.dynamo.rows(town.tables.customers)[who]],
        town.tables.transactions: [
            town.dynamo.rows(town.tables.transactions)[name] for name in sorted(names)
        ],
    }
    assert PERSONAL[0] in week.stored()
    answer = town.api.call("DELETE", f"/customers/{who}", {"reason": "asked to be forgotten"})
    assert answer.status in {200, 202}, answer.text
    week.keep()
    assert week.get(f"/customers/{who}/erasure")["certificate"]
    assert PERSONAL[0] not in week.stored()

    for table, rows in backup.items():
        for row in rows:
            town.dynamo.put_item(TableName=table, Item=to_item(from_item(row)))
    assert PERSONAL[0] in week.stored()
    week.life.pass_time(24 * 60)
    week.keep()
    assert PERSONAL[0] not in week.stored()
    assert week.get(f"/payouts/{week.forgotten[0].transaction_id}")["amount"] == "10.00"
