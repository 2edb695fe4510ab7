"""Alarms, dashboards and topics as CloudFormation, put into the template of a package.

Made from the tables each time, and kept nowhere, so that they cannot differ. Beside what deploys,
not in `.chalice/resources.json`: a laptop has nobody to call, and knows no such resources.
"""

import json
from typing import Any

from deployment.alarms import ALARMS, RUNBOOK, Alarm, To
from deployment.dashboards import (
    BOARDS,
    DAY,
    HOUR,
    LEVELS,
    MONTH,
    Board,
    Graph,
    Question,
    ServiceLevel,
)
from deployment.measures import PLAIN, Level, Measure, Series, expression, parts

Json = dict[str, Any]
# Outlives its stack, once it stood: what a stack that never came about leaves behind, under names
# of the stage, would forbid the next try.
STAYS = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
# A Lambda account has so much concurrency unless it was raised, or is new and has less.
USUAL_CONCURRENCY = 1000
WIDE, HALF, HIGH = 24, 12, 6
# Alarms, budgets, and whoever notices unusual costs, of this account alone.
TELLERS = ("cloudwatch", "budgets", "costalerts")
# Rules about events do not say whose they are: AWS documents that with such a condition, of a topic
# or of its key, nothing of theirs arrives. What they say is mail, and the key is for our topics.
RULES = {"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}}


def named(name: str) -> Json:
    """A name as the template gives them: with the stage's prefix."""
    prefix = {"Fn::FindInMap": ["Stages", {"Ref": "Stage"}, "Prefix"]}
    return {"Fn::Sub": ["${Prefix}-" + name, {"Prefix": prefix}]}


def resource_name(name: str) -> str:
    """The logical name of an alarm or dashboard."""
    return "".join(each.capitalize() for each in name.split("-"))


def alarm(it: Alarm) -> Json:
    """An alarm as a resource."""
    told = {
        "AlarmName": named(it.name),
        "AlarmDescription": f"{it.what} {RUNBOOK}#{it.name}",
        "ComparisonOperator": "LessThanThreshold" if it.below else "GreaterThanThreshold",
        "Threshold": it.bound,
        "EvaluationPeriods": it.times,
        "TreatMissingData": "breaching" if it.silence_rings else "notBreaching",
        "AlarmActions": [{"Ref": it.to.value}],
        "OKActions": [{"Ref": it.to.value}],
    }
    return {"Type": "AWS::CloudWatch::Alarm", "Properties": told | _looks_at(it)}


def _looks_at(it: Alarm) -> Json:
    if isinstance(it.measure, Level) and len(it.measure.series) == 1:
        return {**_metric(it.measure.series[0]), "Period": it.period}
    queries: list[Json] = [
        {"Id": f"m{number}", "ReturnData": False, "MetricStat": _stat(each, it.period)}
        for number, each in enumerate(parts(it.measure))
    ]
    made = {"Fn::Sub": expression(it.measure)}
    return {"Metrics": [*queries, {"Id": "made", "Expression": made, "ReturnData": True}]}


def _metric(series: Series) -> Json:
    how = "Statistic" if series.statistic in PLAIN else "ExtendedStatistic"
    return {**_plain(series), how: series.statistic}


def _stat(series: Series, period: int) -> Json:
    return {"Metric": _plain(series), "Period": period, "Stat": series.statistic}


def _plain(series: Series) -> Json:
    by = [{"Name": name, "Value": value} for name, value in series.dimensions.items()]
    return {"Namespace": series.namespace, "MetricName": series.name, "Dimensions": by}


def dashboard(board: Board) -> Json:
    """A dashboard as a resource."""
    widgets = [_graph(each) for each in board.graphs]
    widgets += [told for each in LEVELS for told in _level(each)] if board.levels else []
    widgets += [_answers(each) for each in board.questions]
    # A graph's own period stands: by itself CloudWatch takes one that suits the time that is shown,
    # and a day's sum would be that of some minutes.
    body = {"start": _since(board.back), "periodOverride": "inherit", "widgets": widgets}
    told = {"DashboardName": named(board.name), "DashboardBody": {"Fn::Sub": json.dumps(body)}}
    return {"Type": "AWS::CloudWatch::Dashboard", "Properties": told}


def _graph(graph: Graph) -> Json:
    metrics = [
        line
        for number, (label, measure) in enumerate(graph.lines)
        for line in _lines(measure, label, f"l{number}x", graph.period)
    ]
    view = "singleValue" if graph.figure else "timeSeries"
    told = {"title": graph.title, "metrics": metrics, "period": graph.period, "view": view}
    return _widget("metric", told | (_of_the_last(graph.period) if graph.figure else {}))


def _of_the_last(period: int) -> Json:
    """Hours are counted back from now, where the clock's own hour or day may just have begun."""
    return {"start": _since(period), "setPeriodToTimeRange": True} if period >= HOUR else {}


def _since(seconds: int) -> str:
    return f"-PT{seconds // HOUR}H"


def _level(level: ServiceLevel) -> list[Json]:
    """What it came to in all of its days, and beside it day by day."""
    bound = f"at most {level.most} {level.unit}"
    all_days = Graph(f"{level.name}, 30 days: {bound}", ((level.name, level.measure),), MONTH, True)
    by_day = {
        "title": f"{level.name}: {bound}", "metrics": _lines(level.measure, level.name, "m", DAY),
        "period": DAY, "view": "timeSeries", "start": _since(MONTH),
        "annotations": {"horizontal": [{"label": bound, "value": float(level.most)}]},
    }  # fmt: skip
    return [_graph(all_days), _widget("metric", by_day)]


def _lines(measure: Measure, label: str, prefix: str, period: int) -> list[Any]:
    """The series as a dashboard names them, shown or, where something is made of them, not."""
    series = parts(measure)
    if isinstance(measure, Level) and len(series) == 1:
        return [_line(series[0], {"label": label, "period": period})]
    hidden = [
        _line(each, {"id": f"{prefix}{number}", "visible": False, "period": period})
        for number, each in enumerate(series)
    ]
    return [*hidden, [{"expression": expression(measure, prefix), "label": label}]]


def _line(series: Series, told: Json) -> list[Any]:
    by = [text for name, value in series.dimensions.items() for text in (name, _text(value))]
    return [series.namespace, series.name, *by, {**told, "stat": series.statistic}]


def _text(value: Any) -> str:  # noqa: ANN401 (an intrinsic, or a text)
    """A value within a text that CloudFormation fills in."""
    if isinstance(value, str):
        return value
    if "Ref" in value:
        return f"${{{value['Ref']}}}"
    return f"${{{'.'.join(value['Fn::GetAtt'])}}}"


def _answers(to: Question) -> Json:
    told = {"title": to.title, "query": to.query, "view": "table"}
    return {**_widget("log", told), "width": WIDE}


def _widget(kind: str, told: Json) -> Json:
    properties = {"region": "${AWS::Region}", **told}
    return {"type": kind, "width": HALF, "height": HIGH, "properties": properties}


def _topic(name: str, shown: str) -> Json:
    told = {"TopicName": named(name), "DisplayName": shown, "KmsMasterKeyId": {"Ref": "AlarmsKey"}}
    return {"Type": "AWS::SNS::Topic", "Properties": told}


def _who_tells() -> Json:
    """The policy of the topic for mail. With one of its own it needs to name the alarms, too."""
    topic = {"Ref": To.MAIL.value}
    policy = {"Version": "2012-10-17", "Statement": [
        _let(["sns:Publish"], topic), RULES | {"Action": "sns:Publish", "Resource": topic},
    ]}  # fmt: skip
    told = {"Topics": [topic], "PolicyDocument": policy}
    return {"Type": "AWS::SNS::TopicPolicy", "Properties": told}


def _let(actions: list[str], resource: Json | str) -> Json:
    """Lets the services that tell something do this, on behalf of this account alone."""
    return {
        "Effect": "Allow", "Principal": {"Service": [f"{each}.amazonaws.com" for each in TELLERS]},
        "Action": actions, "Resource": resource,
        "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
    }  # fmt: skip


def _key() -> Json:
    """The key of the topics. AWS's own for SNS would let no alarm tell anybody."""
    root = {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}}
    owner = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
    use = ["kms:Decrypt", "kms:GenerateDataKey*"]
    ours = {"Fn::Sub": "arn:${AWS::Partition}:sns:${AWS::Region}:${AWS::AccountId}:*"}
    for_ours = {"ArnLike": {"kms:EncryptionContext:aws:sns:topicArn": ours}}
    rules = RULES | {"Action": use, "Resource": "*", "Condition": for_ours}
    policy = {"Version": "2012-10-17", "Statement": [owner, _let(use, "*"), rules]}
    told = {
        "Description": named("alarms"), "EnableKeyRotation": True, "RotationPeriodInDays": 90,
        "KeyPolicy": policy,
    }  # fmt: skip
    return {"Type": "AWS::KMS::Key", "Properties": told}


def document() -> Json:
    """All of it: what a template has to be merged with."""
    resources = {
        "AlarmsKey": _key(),
        To.PAGER.value: _topic("pager", "Payouts: now"),
        To.MAIL.value: _topic("warnings", "Payouts: today"),
        f"{To.MAIL.value}Policy": _who_tells(),
    }
    resources |= {f"{resource_name(each.name)}Alarm": alarm(each) for each in ALARMS}
    resources |= {f"{resource_name(each.name)}Dashboard": dashboard(each) for each in BOARDS}
    parameter = {
        "Type": "Number", "Default": USUAL_CONCURRENCY, "MinValue": 1,
        "Description": "How many invocations Lambda lets this account have at a time.",
    }  # fmt: skip
    outputs = {f"{each.value}Arn": {"Value": {"Ref": each.value}} for each in To}
    return {
        "Parameters": {"AccountConcurrency": parameter}, "Resources": resources, "Outputs": outputs,
    }  # fmt: skip
