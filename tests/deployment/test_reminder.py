"""People are reminded of what only they can change, with the page that says how."""

from __future__ import annotations

import re

import pytest

from deployment import reminder
from deployment.alarms import To
from tests.deployment.test_stores import STAGES, said_of
from tests.test_runbook import HEADINGS, anchor


@pytest.mark.parametrize("stage", STAGES)
def test_people_are_told_every_90_days_to_change_what_they_alone_can(stage: str):
    told = said_of("KeysReminder", stage)
    assert told["ScheduleExpression"] == "rate(90 days)"
    assert told["Target"]["Arn"] == {"Ref": To.MAIL}
    assert told.get("State", "ENABLED") == "ENABLED"
    led_to = re.findall(r"docs/runbook\.md#([a-z-]+)", told["Target"]["Input"])
    assert led_to == list(reminder.PAGES)
    assert set(led_to) <= {anchor(each) for each in HEADINGS}


def test_who_reminds_may_tell_that_topic_something_and_nothing_else():
    told = said_of("ReminderRole", "prod")
    (trusted,) = told["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trusted["Condition"] == {
        "StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}},
    }  # fmt: skip
    (policy,) = told["Policies"]
    may = policy["PolicyDocument"]["Statement"]
    assert [(each["Action"], each["Resource"]) for each in may] == [
        ("sns:Publish", {"Ref": To.MAIL}),
        (["kms:Decrypt", "kms:GenerateDataKey"], {"Fn::GetAtt": ["AlarmsKey", "Arn"]}),
    ]  # fmt: skip
