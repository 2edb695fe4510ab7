"""Nights at the doors: run, run again, listed, shown with what they found, and their report."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from chalice.test import Client

import app
from chalicelib.domain.identifiers import derived_id
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.night import Line, Reconciliation, Stage
from tests.fakes.spoilt import SpoiltNights

if TYPE_CHECKING:
    from tests.api.client import Api
    from tests.api.house import House

# Yesterday in Sydney, by the house's clock.
D = date(2026, 3, 1)
DAY = timedelta(days=1)
BODY = {"date": "2026-03-01"}


def foreign(house: House, cents: int = 500) -> None:
    """Somebody else took money out of the account."""
    house.day_book.more.append(
        Line(1, D, "fee", False, "", "T1", Money(cents), ZERO, Money(1_000_000 - cents))
    )


def test_a_night_that_is_asked_for_is_run_and_shown(api: Api, house: House):
    foreign(house)
    made = api.post("/reconciliations", BODY, who="ada")
    assert made.status == 202
    shown = made.json
    assert (shown["date"], shown["run"], shown["stage"]) == ("2026-03-01", 1, "done")
    assert (shown["started_by"], shown["unexplained"]) == ("ada", "5.00")
    assert (shown["opening_balance"], shown["closing_balance"]) == ("10000.00", "9995.00")
    assert shown["sums"]["received"] == "0.00"
    assert (shown["counts"]["asked"], shown["counts"]["findings"]) == (0, 1)
    assert shown["words"] == "The night is over."
    whole = api.get("/reconciliations/2026-03-01", role="viewer").json
    assert {name: whole[name] for name in shown} == shown
    assert whole["attestation"] == "nights/2026-03-01/attestation.json"
    assert whole["report"] == {
        "markdown": "nights/2026-03-01/report-run-1.md",
        "csv": "nights/2026-03-01/report-run-1.csv",
    }
    (finding,) = house.store.state.findings.values()
    assert whole["finding_ids"] == [finding.finding_id]
    assert whole["earlier_runs"] == []


def test_a_night_that_cannot_be_read_stops_no_list_and_is_named_to_a_person(api: Api, house: House):
    api.post("/reconciliations", BODY, who="ada")
    before = replace(house.nights.get(D), day=D - DAY, version=1)
    house.nights.save(before)
    house.nights = SpoiltNights(house.nights, {D})
    shown = api.get("/reconciliations", role="viewer").json["data"]
    assert [each["date"] for each in shown] == ["2026-02-28"]
    (told,) = api.get("/attention").json["data"]
    assert (told["kind"], told["why"]) == ("reconciliation", "unreadable")
    assert "night#2026-03-01#1" in told["words"]


def test_a_date_without_a_night_is_not_there(api: Api):
    for path in ("2026-02-01", "2026-02-30", "yesterday", "20260301", "1999-01-01"):
        answer = api.get(f"/reconciliations/{path}")
        assert (answer.status, answer.code) == (404, "not_found")
        assert api.get(f"/reconciliations/{path}/report").status == 404


def test_run_again_it_is_another_run_and_the_one_before_is_shown_too(api: Api):
    first = api.post("/reconciliations", BODY).json
    second = api.post("/reconciliations", BODY, who="bert").json
    assert (first["run"], second["run"]) == (1, 2)
    whole = api.get("/reconciliations/2026-03-01").json
    assert (whole["run"], whole["started_by"]) == (2, "bert")
    assert whole["earlier_runs"] == [first]


def test_while_the_provider_does_not_answer_the_same_run_is_told_and_then_finished(
    api: Api, house: House
):
    house.provider.down = True
    told = [api.post("/reconciliations", BODY).json for _ in range(2)]
    assert [(each["run"], each["stage"]) for each in told] == [(1, "compared")] * 2
    whole = api.get("/reconciliations/2026-03-01").json
    assert (whole["report"], whole["attestation"], whole["ended_at"]) == (None, None, None)
    assert api.get("/reconciliations/2026-03-01/report").status == 404
    house.provider.down = False
    done = api.post("/reconciliations", BODY).json
    assert (done["run"], done["stage"]) == (1, "done")


def test_with_the_gate_closed_a_run_is_begun_and_told_as_it_is(api: Api, house: House):
    house.gate.close()
    assert api.post("/reconciliations", BODY).json["stage"] == "open"
    assert house.day_book.calls == 0


@pytest.mark.parametrize(
    ("day", "status", "code"),
    [
        ("2026-03-02", 422, "not_over"),
        ("2026-12-31", 422, "not_over"),
        ("2025-12-31", 422, "too_old"),
        ("2026-02-30", 400, "invalid_date"),
        (20260301, 400, "invalid_date"),
        (None, 400, "missing"),
    ],
)
def test_a_date_that_has_no_night_is_refused(
    api: Api, house: House, day: object, status: int, code: str
):
    answer = api.post("/reconciliations", {} if day is None else {"date": day})
    assert (answer.status, answer.places) == (status, {"/date": code})
    assert house.nights.page(limit=9, position=None).items == []


def test_the_list_has_the_runs_newest_first_page_by_page(api: Api, house: House):
    for ahead in range(5):
        at = house.clock.advance(60)
        house.nights.save(Reconciliation(D - ahead * DAY, 1, at, started_by="schedule"))
    days, cursor = [], ""
    for _ in range(3):
        page = api.get(f"/reconciliations?limit=2{cursor}", role="viewer").json
        days += [each["date"] for each in page["data"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert days == [(D - ahead * DAY).isoformat() for ahead in reversed(range(5))]


@pytest.mark.parametrize("form", ["markdown", "csv"])
def test_the_report_is_shown_as_it_lies_in_the_archive(api: Api, house: House, form: str):
    api.post("/reconciliations", BODY)
    told = api.get(f"/reconciliations/2026-03-01/report?format={form}", role="viewer").json
    assert (told["date"], told["run"], told["format"]) == ("2026-03-01", 1, form)
    assert told["text"] == house.archive.objects[told["name"]].decode()
    assert told["name"].endswith({"markdown": ".md", "csv": ".csv"}[form])


def test_the_report_is_that_of_the_last_run_that_is_over_and_markdown_unless_asked(
    api: Api, house: House
):
    api.post("/reconciliations", BODY)
    house.gate.close()
    assert api.post("/reconciliations", BODY).json["run"] == 2
    told = api.get("/reconciliations/2026-03-01/report").json
    assert (told["run"], told["format"]) == (1, "markdown")
    assert api.get("/reconciliations/2026-03-01/report?format=pdf").status == 400


def test_an_archive_that_is_down_is_no_missing_report(api: Api, house: House):
    api.post("/reconciliations", BODY)
    house.archive.down = True
    answer = api.get("/reconciliations/2026-03-01/report")
    assert (answer.status, answer.code) == (503, "archive_unavailable")


def test_a_night_that_found_very_much_shows_the_first_of_it(api: Api, house: House):
    ids = tuple(derived_id("finding", f"{number}") for number in range(1500))
    house.nights.save(Reconciliation(D, 1, house.clock.now(), findings=ids))
    whole = api.get("/reconciliations/2026-03-01").json
    assert (whole["findings"], whole["finding_ids"]) == (1500, list(ids[:1000]))


def test_who_asked_for_a_night_is_in_the_log(
    api: Api, house: House, caplog: pytest.LogCaptureFixture
):
    api.post("/reconciliations", BODY, who="ada")
    (line,) = [json.loads(each) for each in caplog.messages if "reconciliation_asked" in each]
    assert (line["principal"], line["date"], line["run"]) == ("ada", "2026-03-01", 1)
    assert house.nights.agenda().again == frozenset()


class Context:
    """Lambda's, for a trigger."""

    aws_request_id = "an-invocation"

    def get_remaining_time_in_millis(self) -> int:
        """A quarter of an hour."""
        return 900_000


def tick() -> None:
    """The schedule comes by."""
    events = Client(app.app, project_dir="/nowhere").events
    app.night(events.generate_cw_event("aws.events", "Scheduled Event", {}, []), Context())


def test_the_schedule_runs_the_night_from_the_hour_that_is_set(
    api: Api, house: House, caplog: pytest.LogCaptureFixture
):
    house.rule(night_hour=13)
    tick()  # it is noon
    assert api.get("/reconciliations").json["data"] == []
    house.clock.advance(3600)
    tick()
    assert api.get("/reconciliations/2026-03-01").json["started_by"] == "schedule"
    lines = [json.loads(each) for each in caplog.messages if '"operation": "night"' in each]
    assert [line.get("reported") for line in lines] == [None, 1]


def test_the_schedule_finishes_what_somebody_began(api: Api, house: House):
    house.provider.down = True
    begun = api.post("/reconciliations", {"date": "2026-02-20"}).json
    house.provider.down = False
    tick()  # yesterday's, which is the first night ever
    tick()
    whole = api.get("/reconciliations/2026-02-20").json
    assert (whole["stage"], whole["started_at"]) == ("done", begun["started_at"])
    assert {night.stage for night in house.nights.page(limit=9, position=None).items} == {
        Stage.DONE
    }


def test_a_night_in_each_of_its_stages_can_be_shown(api: Api, house: House):
    night = Reconciliation(D, 1, house.clock.now())
    for version, stage in enumerate(Stage, start=1):
        house.nights.save(replace(night, stage=stage, version=version))
        shown = api.get("/reconciliations/2026-03-01").json
        assert (shown["stage"], shown["words"] != "") == (stage.value, True)
