"""What is measured: by one table, in the form that CloudWatch reads, and of nothing personal."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from chalicelib import metrics
from chalicelib.adapters import counting, telemetry
from chalicelib.api import log
from chalicelib.domain.advance import advance
from chalicelib.domain.breaker import NAMES
from chalicelib.domain.doubts import Doubt
from chalicelib.domain.events import Confirmed, Refused, Returned, Unclear
from chalicelib.domain.payout import OPEN, Status
from chalicelib.domain.rails import Rail
from chalicelib.invocation import begin, goes_back_to, ids
from chalicelib.json_lines import JsonLines, tell
from deployment.measures import sets_of
from deployment.ringing import points
from local import metrics_page
from tests.contracts.making import an_intent, begun, claimed
from tests.domain.making import WAYS
from tests.domain.making import begun as begun_payout
from tests.fakes.clock import START
from tests.fakes.lines import measures, said

if TYPE_CHECKING:
    from chalicelib.domain.step import Step

LATER = START + timedelta(seconds=90)


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.INFO, logger="payouts")
    return caplog


def after(kind, **told) -> Step:
    sent = claimed(an_intent())[-1].after
    return advance(sent, kind(at=LATER, by="webhook", attempt=1, **told))


def test_each_metric_has_a_name_of_its_own_and_says_what_it_is():
    names = [each.name for each in metrics.METRICS]
    assert len(names) == len(set(names))
    assert all(each.what.endswith(".") for each in metrics.METRICS)


def test_a_line_declares_its_metrics_as_cloudwatch_reads_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STAGE", "prod")
    told = metrics.measured({"PayoutsEnded": 1}, Rail="NPP", Outcome="Completed")
    assert told.pop("_aws")["CloudWatchMetrics"] == [{
        "Namespace": "Payouts", "Dimensions": [["Stage"], ["Stage", "Rail", "Outcome"]],
        "Metrics": [{"Name": "PayoutsEnded", "Unit": "Count"}],
    }]  # fmt: skip
    assert told == {"Stage": "prod", "Rail": "NPP", "Outcome": "Completed", "PayoutsEnded": 1}


def test_what_the_table_does_not_have_is_not_measured():
    with pytest.raises(KeyError):
        metrics.measured({"Smiles": 1})
    with pytest.raises(ValueError, match="kept apart"):
        metrics.measured({"PayoutsEnded": 1}, Rail="NPP")
    with pytest.raises(ValueError, match="kept apart"):
        metrics.measured({"ProviderCalls": 1}, Call="execute")


def test_each_metric_of_a_line_is_told_as_often_as_it_is_paid_for():
    told = metrics.measured({"Invocations": 1, "Duration": 5, "ColdStarts": 0}, Door="poll")
    assert [
        (each["Dimensions"], [one["Name"] for one in each["Metrics"]])
        for each in told["_aws"]["CloudWatchMetrics"]
    ] == [
        ([["Stage"], ["Stage", "Door"]], ["Invocations"]),
        ([["Stage", "Door"]], ["Duration"]),
        ([["Stage"]], ["ColdStarts"]),
    ]


def test_a_value_that_the_table_does_not_list_becomes_no_metric():
    told = metrics.measured({"Invocations": 1, "Duration": 5}, Door="keep")
    (declared,) = told.pop("_aws")["CloudWatchMetrics"]
    assert declared["Dimensions"] == [["Stage"]]
    assert told == {"Stage": "", "Door": "keep", "Invocations": 1}, "for a total of no use either"


def test_what_metrics_are_kept_apart_by_is_what_there_is():
    assert metrics.APART["Rail"] == tuple(each.value for each in Rail)
    assert metrics.APART["Outcome"] == tuple(each.value for each in Status if each not in OPEN)
    assert metrics.APART["Circuit"] == NAMES
    assert {name for each in metrics.METRICS for name in each.by} == set(metrics.APART)


def test_metrics_cost_less_than_twenty_dollars_a_month():
    sets = sum(map(sets_of, metrics.METRICS))
    assert sets <= 66
    assert f"{sets} for a stage at most" in metrics_page.page()


def test_what_fails_is_told_by_the_version_that_failed_and_by_no_other(lines, monkeypatch):
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_VERSION", "7")
    log.invocation({"operation": "pay", "ms": 1, "status": 202}, door="api")
    log.invocation({"operation": "pay", "ms": 1, "status": 500}, door="api")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
    log.invocation({"operation": "pay", "ms": 1, "status": 500}, door="api")
    well, failed, of_none = (points(each, 1) for each in lines.messages)
    apart = frozenset({("Stage", os.environ.get("STAGE", "")), ("Door", "api"), ("Version", "7")})
    found = [each for each in (*well, *failed, *of_none) if each.name == "VersionErrors"]
    assert [(each.value, each.dimensions) for each in found] == [(1, apart)]


def test_a_payout_is_counted_when_it_is_asked_for_and_when_it_ends(lines):
    counting.count([begun(an_intent()), after(Confirmed)])
    assert [measures(each) for each in lines.messages] == [
        {"PayoutsRequested": 1},
        {"PayoutsEnded": 1},
        {"PayoutValue": an_intent().amount.cents, "TimeToComplete": 90, "PayoutsFailed": 0},
    ]


def test_news_heard_twice_is_counted_once(lines):
    done = after(Confirmed).after
    counting.count([advance(done, Confirmed(at=LATER, by="webhook", attempt=1))])
    assert lines.messages == []


def test_a_failure_is_counted_by_our_own_word_for_it_never_by_the_providers(lines):
    counting.count([after(Refused, refusal="Error_DirectCreditDetailsAreInvalid", message="Jo")])
    counting.count([after(Returned, reason="Jo Citizen has closed their account, sorry")])
    failed = [each for each in map(json.loads, lines.messages) if each.get("PayoutsFailed")]
    reasons = [each["reason"] for each in failed]
    assert len(reasons) == 2
    assert "Citizen" not in lines.text


@pytest.mark.parametrize("status", [each for each in Status if each not in OPEN])
def test_what_people_call_off_is_neither_a_failure_nor_among_what_could_fail(lines, status: Status):
    """An approver who declines what looks odd does what they are there for, and calls nobody.

    Nor may many who do so hide that much of what was sent has failed.
    """
    payout = begun_payout()
    for event in WAYS[status]:
        step = advance(payout, event)
        counting.count([step])
        payout = step.after
    counted = {name for each in lines.messages for name in measures(each)}
    of_the_end = measures(lines.messages[-1])
    assert payout.status is status
    assert "PayoutsEnded" in counted
    called_off = {Status.CANCELLED, Status.DECLINED}
    failed = None if status in called_off else int(status is not Status.COMPLETED)
    assert of_the_end.get("PayoutsFailed") == failed


def test_a_doubt_is_counted(lines):
    counting.count([after(Unclear, doubt=Doubt.TIMED_OUT)])
    assert [measures(each) for each in lines.messages] == [{"PayoutsInDoubt": 1}]


def test_a_doubt_is_over_when_it_is_known_and_lasted_from_the_sending_on(lines):
    doubted = after(Unclear, doubt=Doubt.TIMED_OUT).after
    assert doubted.sent_at
    known = Confirmed(at=doubted.sent_at + timedelta(minutes=31), by="poller", attempt=1)
    counting.count([advance(doubted, known)])
    assert measures(lines.messages[0]) == {"TimeInDoubt": 31 * 60}
    again = Unclear(at=LATER, by="poller", attempt=1, doubt=Doubt.TIMED_OUT)
    counting.count([advance(doubted, again)])
    assert not [each for each in lines.messages[3:] if "TimeInDoubt" in each]


def test_counting_can_make_nothing_fail(lines):
    step = begun(an_intent())
    counting.count([replace(step, after=None)])  # type: ignore[arg-type] # what never is
    assert lines.messages == []


@pytest.mark.parametrize(
    ("operation", "status", "mishap", "counted"),
    [
        ("monoova.execute", 200, "", {"ProviderErrors": 0, "ProviderFailures": 0}),
        ("monoova.execute", 503, "", {"ProviderErrors": 1, "ProviderFailures": 1}),
        ("monoova.execute", 0, "timed_out", {"ProviderErrors": 1, "ProviderFailures": 0}),
        ("dynamodb.PutItem", 400, "ThrottlingException", {"StoreThrottles": 1}),
        ("dynamodb.PutItem", 400, "ConditionalCheckFailedException", {}),
        ("sqs.SendMessage", 400, "ThrottlingException", {}),
    ],
)
def test_a_call_is_measured(lines, operation, status, mishap, counted):
    telemetry.outbound(operation, began=0.0, http_status=status, mishap=mishap)
    found = measures(lines.messages[0])
    assert {name: found[name] for name in counted} == counted
    assert bool(found) == bool(counted)


def test_an_invocation_is_measured_by_its_door_and_only_the_first_is_a_cold_start(lines):
    with log.watched("poll", "one"), log.watched("poll", "two"):
        pass
    log.invocation({"ms": 3, "status": 500}, door="api")
    told = [measures(each) for each in lines.messages]
    assert [each["Errors"] for each in told] == [0, 0, 1]
    assert [each["ColdStarts"] for each in told][1:] == [0, 0]
    assert [json.loads(each)["Door"] for each in lines.messages] == ["poll", "poll", "api"]


def test_an_invocation_that_fails_is_an_error(lines):
    with pytest.raises(ZeroDivisionError), log.watched("poll", "one"):
        raise ZeroDivisionError
    assert measures(lines.messages[0])["Errors"] == 1


def test_every_line_says_what_it_goes_back_to_and_where_it_is_traced(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
    begin("second")
    goes_back_to("first")
    assert ids() == {
        "request_id": "second", "correlation_id": "first",
        "trace_id": "1-5759e988-bd862e3fe1be46a994272793",
    }  # fmt: skip
    goes_back_to("")
    assert ids()["correlation_id"] == "second"
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "rubbish")
    assert "trace_id" not in ids()


def record(text: str, *args: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("somebody", logging.WARNING, "", 1, text, args, None)
    made.__dict__.update(more)
    return made


def test_on_lambda_a_line_is_one_json_object_whoever_writes_it():
    ours = JsonLines().format(record("{}", fields={"event": "invocation", "ms": 3}))
    assert json.loads(ours) == {
        "level": "WARNING", "logger": "somebody", "event": "invocation", "ms": 3,
    }  # fmt: skip
    theirs = JsonLines().format(record("Lost %s", "jo@example.com"))
    assert json.loads(theirs)["message"] == "Lost %s"
    assert "example.com" not in theirs


def test_whatever_of_ours_is_told_is_there_on_lambda_field_by_field(lines):
    """The fields of a line that the formatter did not know were one text within its message."""
    begin("a-request")
    tell(logging.getLogger("payouts.ours"), "an_event", {"keys": ["a"]}, logging.ERROR)
    telemetry.left_out(["PAYOUT#1"])
    log.deed("released", {"by": "a-sub"})
    counting.count([begun(an_intent())])
    there = [json.loads(JsonLines().format(each)) for each in lines.records]
    assert there[0] == {
        "level": "ERROR", "logger": "payouts.ours", "event": "an_event",
        "request_id": "a-request", "correlation_id": "a-request", "keys": ["a"],
    }  # fmt: skip
    assert [each["event"] for each in there[1:]] == ["unreadable_rows", "released", "payout"]
    assert {each["request_id"] for each in there} == {"a-request"}


def test_of_somebody_elses_error_only_its_type_is_told():
    error = ValueError("jo@example.com")
    info = (ValueError, error, None)
    line = JsonLines().format(record("Broken", exc_info=info))
    assert json.loads(line)["error"] == "ValueError"
    assert "example.com" not in line


def test_what_a_line_says_is_apart_from_what_it_measures():
    told = {"event": "x", **metrics.measured({"StoreThrottles": 1})}
    assert said(json.dumps(told)) == {"event": "x"}
