"""Alarms, dashboards and service levels: of metrics that exist, each with a page to read."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from chalicelib.metrics import METRICS, NAMESPACE
from deployment import costs
from deployment.alarms import ALARMS, FUNCTIONS, Alarm, To
from deployment.dashboards import BOARDS, DAY, LEVELS, OPERATIONS, Board
from deployment.measures import Share, expression, functions, gateway, of, ours, parts, queue
from deployment.template import merge
from deployment.watching import alarm, dashboard, document
from local import alarms_page
from local.processes import ROOT
from tests.deployment.test_template import DOCUMENT, packaged

KNOWN = {each.name: each for each in METRICS}
REFERENCE = re.compile(r"\$\{([A-Za-z:]+)(?:\.([A-Za-z]+))?\}")


def headings(page: str) -> set[str]:
    text = (ROOT / "docs" / page).read_text("utf-8")
    return set(re.findall(r"^#+ ([a-z0-9-]+)$", text, re.MULTILINE))


def resources(kind: str) -> dict[str, Any]:
    made = document()["Resources"]
    return {name: each["Properties"] for name, each in made.items() if each["Type"].endswith(kind)}


def test_every_alarm_has_a_name_of_its_own_and_says_what_it_is():
    names = [each.name for each in ALARMS]
    assert len(names) == len(set(names)) == len(resources("Alarm"))
    assert all(each.what.endswith(".") for each in ALARMS)
    assert {each.to for each in ALARMS} == set(To)


def test_every_alarm_names_a_heading_of_the_runbook():
    named = {each.name for each in ALARMS}
    assert named <= headings("runbook.md")
    described = [each["AlarmDescription"] for each in resources("Alarm").values()]
    assert {each.rpartition("docs/runbook.md#")[2] for each in described} == named


def test_every_metric_of_ours_that_is_looked_at_exists_and_is_kept_apart_so():
    measures = [each.measure for each in ALARMS] + [each.measure for each in LEVELS]
    measures += [line for board in BOARDS for graph in board.graphs for _, line in graph.lines]
    looked_at = {each.name: each for measure in measures for each in parts(measure)}
    of_ours = {name for name, each in looked_at.items() if each.namespace == NAMESPACE}
    assert of_ours <= set(KNOWN)
    assert set(KNOWN) - of_ours == set(), "measured, and nobody looks at it"


def test_what_the_table_does_not_have_cannot_be_looked_at():
    with pytest.raises(KeyError):
        ours("Smiles")
    with pytest.raises(ValueError, match="kept apart"):
        ours("Errors", Rail="NPP")
    with pytest.raises(ValueError, match="not kept apart by"):
        ours("Errors", Door="keep")
    with pytest.raises(ValueError, match="in total"):
        ours("Duration")


def test_what_dashboards_ask_of_the_lines_the_lines_say():
    """The fields that are named: of the table of metrics, or of the lines that carry them."""
    said = {*KNOWN, "operation", "reason", "rail", "cents", "customer_id"}
    words = {"filter", "ispresent", "stats", "sum", "count", "pct", "as", "by", "sort", "desc",
             "limit"}  # fmt: skip
    for board in BOARDS:
        for each in board.questions:
            made = set(re.findall(r" as (\w+)", each.asked))
            named = set(re.findall(r"[A-Za-z_]\w*", each.asked)) - words - made
            assert named <= said, each.title


@pytest.mark.parametrize("it", ALARMS, ids=lambda it: it.name)
def test_cloudwatch_can_take_it(it: Alarm):
    told = alarm(it)["Properties"]
    assert it.period % 60 == 0
    assert it.period * it.times <= 86_400
    queries = told.get("Metrics", [])
    assert len([each for each in queries if "MetricStat" in each]) <= 10
    assert [each["ReturnData"] for each in queries].count(True) == (1 if queries else 0)
    assert bool(queries) != ("MetricName" in told)
    assert told["AlarmActions"] == told["OKActions"] == [{"Ref": it.to}]


def test_a_share_counts_only_where_enough_went_wrong():
    told = alarm(Alarm("x", To.MAIL, "X.", Share(ours("Errors"), ours("Invocations"), 3), 5))
    *series, made = told["Properties"]["Metrics"]
    assert [each["MetricStat"]["Metric"]["MetricName"] for each in series] == [
        "Errors", "Invocations",
    ]  # fmt: skip
    assert made["Expression"] == {
        "Fn::Sub": "IF(FILL(m0,0) >= 3, 100*FILL(m0,0)/m1, 0)",
    }  # fmt: skip


def test_one_series_is_looked_at_as_it_is():
    told = alarm(Alarm("x", To.MAIL, "X.", of(ours("Duration", "p95", Door="api")), 5))
    assert told["Properties"]["ExtendedStatistic"] == "p95"
    assert told["Properties"]["Dimensions"] == [
        {"Name": "Stage", "Value": {"Ref": "Stage"}}, {"Name": "Door", "Value": "api"},
    ]  # fmt: skip
    (first, _) = functions("Errors", "Poll", "Wake")
    assert first.dimensions == {"FunctionName": {"Ref": "Poll"}}


def references(node: Any) -> set[str]:
    """Every resource, parameter or pseudo parameter that a template's node names."""
    if isinstance(node, list):
        return {name for each in node for name in references(each)}
    if not isinstance(node, dict):
        return set()
    if "Ref" in node:
        return {node["Ref"]}
    if "Fn::GetAtt" in node:
        return {node["Fn::GetAtt"][0]}
    if "Fn::Sub" in node:
        text, own = node["Fn::Sub"], {}
        if isinstance(text, list):
            text, own = text
        return {name for name, _ in REFERENCE.findall(text) if name not in own} | references(own)
    return {name for each in node.values() for name in references(each)}


def test_all_that_it_refers_to_is_in_the_template_that_it_is_put_into(tmp_path):
    (tmp_path / ".chalice").mkdir()
    file = tmp_path / ".chalice" / "resources.json"
    file.write_text(json.dumps(DOCUMENT))
    merge(tmp_path)
    merged = json.loads(file.read_text())
    assert merged["Resources"].items() > DOCUMENT["Resources"].items()
    there = {*merged["Resources"], *merged["Parameters"], *packaged("prod")["Resources"]}
    named = {each for each in references(document()) if not each.startswith("AWS::")}
    # Of a function SAM knows the version, too.
    assert {each.removesuffix(".Version") for each in named} <= there
    assert len(merged["Resources"]) < 500
    with pytest.raises(ValueError, match="already"):
        merge(tmp_path)


def test_every_function_of_the_template_is_watched():
    made = packaged("prod")["Resources"]
    there = {name for name, each in made.items() if each["Type"] == "AWS::Serverless::Function"}
    assert there == set(FUNCTIONS)


def test_who_is_got_up_at_night_is_so_by_what_the_last_five_minutes_say():
    assert {
        each.name for each in ALARMS if each.to is To.PAGER and each.period * each.times > 300
    } == set()


def _indexes(table: Any) -> tuple[str, ...]:
    return tuple(
        each["IndexName"] for each in table["Properties"].get("GlobalSecondaryIndexes", ())
    )


def test_what_a_payout_costs_is_counted_of_every_function_table_and_index():
    made = packaged("prod")
    memory = {
        name: each["Properties"]["MemorySize"] for name, each in made["Resources"].items()
        if each["Type"] == "AWS::Serverless::Function"
    }  # fmt: skip
    indexes = {
        name: _indexes(told)
        for name, told in made["Resources"].items() if told["Type"] == "AWS::DynamoDB::Table"
    }  # fmt: skip
    assert memory == costs.MEMORY
    assert indexes == costs.INDEXES
    assert "e-" not in expression(costs.A_PAYOUT), "CloudWatch reads plain numbers"


def test_the_gateway_is_watched_by_its_name():
    assert packaged("prod")["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]["info"][
        "title"
    ] == "payouts"  # fmt: skip


def test_a_dashboard_is_json_once_its_names_are_filled_in():
    for told in resources("Dashboard").values():
        text = REFERENCE.sub("something", told["DashboardBody"]["Fn::Sub"])
        widgets = json.loads(text)["widgets"]
        assert "${" not in text
        assert 1 < len(widgets) <= 500
        for widget in widgets:
            ids = re.findall(r'"id": "(\w+)"', json.dumps(widget))
            assert len(ids) == len(set(ids))


def test_a_dashboard_keeps_to_the_periods_that_its_titles_name():
    """Otherwise a day's sum is shown for whatever period suits the time that somebody looks at."""
    for board in BOARDS:
        body = _body(board)
        assert body["periodOverride"] == "inherit"
        days = [each for each in board.graphs if each.period == DAY and not each.figure]
        assert body["start"] == ("-PT168H" if days else "-PT3H"), "a curve of days takes some"


def test_the_last_hour_is_the_last_one_and_not_what_the_clocks_hour_has_had_of_it():
    figures = {each["title"]: each for each in _figures(OPERATIONS)}
    rate, errors = figures["Success rate of the last hour, %"], figures["Errors of the last day"]
    assert (rate["start"], rate["setPeriodToTimeRange"]) == ("-PT1H", True)
    assert (errors["start"], errors["setPeriodToTimeRange"]) == ("-PT24H", True)
    assert "start" not in figures["Dead letters"], "how many there are, not were"


def test_each_level_is_told_for_its_30_days_as_one_figure_and_by_day():
    """Thirty days that are each kept say nothing of all, nor one that is not of the others."""
    of_levels = [
        each["properties"] for each in _body(OPERATIONS)["widgets"]
        if each["properties"].get("start") == "-PT720H"
    ]  # fmt: skip
    figures = [each for each in of_levels if each["view"] == "singleValue"]
    curves = [each for each in of_levels if each["view"] == "timeSeries"]
    assert len(figures) == len(curves) == len(LEVELS)
    for figure, curve in zip(figures, curves, strict=True):
        assert (figure["period"], figure["setPeriodToTimeRange"]) == (30 * DAY, True)
        assert (curve["period"], len(curve["annotations"]["horizontal"])) == (DAY, 1)


def test_what_never_reached_the_function_is_not_available():
    level = next(each for each in LEVELS if each.name.startswith("Available"))
    assert parts(level.measure) == (gateway("5XXError"), gateway("Count"))


def test_how_long_a_webhook_has_lain_in_a_queue_is_shown():
    shown = [line for board in BOARDS for graph in board.graphs for _, line in graph.lines]
    looked_at = [series for line in shown for series in parts(line)]
    for each in ("DeadLettersQueue", "LastResortQueue"):
        assert queue(each, "ApproximateAgeOfOldestMessage") in looked_at


def _figures(board: Board) -> list[dict[str, Any]]:
    told = [each["properties"] for each in _body(board)["widgets"]]
    return [each for each in told if each.get("view") == "singleValue"]


def _body(board: Board) -> dict[str, Any]:
    text = dashboard(board)["Properties"]["DashboardBody"]["Fn::Sub"]
    told: dict[str, Any] = json.loads(text)
    return told


def test_the_page_of_alarms_is_that_of_the_tables():
    written = (ROOT / "docs" / "alarms.md").read_text("utf-8")
    assert written == alarms_page.page(), "python -m local.alarms_page > docs/alarms.md"


def test_the_local_cloud_is_asked_for_none_of_it():
    assert not DOCUMENT["Resources"].keys() & document()["Resources"].keys()
