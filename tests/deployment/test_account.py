"""What looks after the account and copies its tables, in the template that deploys."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from deployment.account import CONDITION, MAKES_MONITOR, PARAMETER
from local.processes import ROOT
from tests.deployment.test_stores import STAGES, TABLES, of_type, said_of
from tests.deployment.test_template import packaged

ARNS = [{"Fn::GetAtt": [table, "Arn"]} for table in sorted(TABLES)]


def in_order(arns: list[dict[str, list[str]]]) -> list[dict[str, list[str]]]:
    return sorted(arns, key=lambda each: each["Fn::GetAtt"][0])


@pytest.mark.parametrize("stage", STAGES)
def test_every_table_is_copied_each_week_and_each_copy_kept_35_days(stage: str):
    (rule,) = said_of("WeeklyBackup", stage)["BackupPlan"]["BackupPlanRule"]
    assert rule["ScheduleExpression"].split()[4] == "SUN"
    assert rule["ScheduleExpressionTimezone"] == "Australia/Sydney"
    assert rule["Lifecycle"] == {"DeleteAfterDays": 35}
    assert rule["TargetBackupVault"] == {"Ref": "BackupVault"}
    chosen = said_of("BackedUpTables", stage)
    assert chosen["BackupPlanId"] == {"Ref": "WeeklyBackup"}
    assert in_order(chosen["BackupSelection"]["Resources"]) == ARNS
    role = {"Fn::GetAtt": ["BackupRole", "Arn"]}
    assert chosen["BackupSelection"]["IamRoleArn"] == role


def test_no_copy_is_kept_longer_than_erased_people_were_promised():
    """Nor one removed earlier: the vault is locked both ways, and outlives its stack."""
    vault = packaged("prod")["Resources"]["BackupVault"]
    locked = {"MinRetentionDays": 35, "MaxRetentionDays": 35}
    assert vault["Properties"]["LockConfiguration"] == locked
    assert vault["DeletionPolicy"] == "RetainExceptOnCreate"


def test_who_copies_reads_these_tables_and_nothing_else():
    role = said_of("BackupRole")
    (trusted,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trusted["Principal"] == {"Service": "backup.amazonaws.com"}
    assert "Condition" not in trusted, "not every service says for which account it asks"
    (policy,) = role["Policies"]
    allowed = {each["Sid"]: each for each in policy["PolicyDocument"]["Statement"]}
    assert in_order(allowed["Tables"]["Resource"]) == ARNS
    actions = {action for each in allowed.values() for action in each["Action"]}
    assert not [action for action in actions if "*" in action]
    assert not actions & {"dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:DeleteTable"}
    assert "*" not in [each["Resource"] for each in allowed.values()]


def selectors() -> dict[str, dict[str, dict[str, Any]]]:
    """What the trail takes down: by name, and by field."""
    return {
        each["Name"]: {field["Field"]: field for field in each["FieldSelectors"]}
        for each in said_of("Trail")["AdvancedEventSelectors"]
    }


def test_the_trail_has_all_that_is_managed_in_every_region_and_can_be_held_against_itself():
    trail = said_of("Trail")
    for told in (
        "IsLogging", "IsMultiRegionTrail", "IncludeGlobalServiceEvents", "EnableLogFileValidation",
    ):  # fmt: skip
        assert trail[told] is True
    managed = selectors()["Whatever is managed"]
    # Nothing is left out of it, sign-ins of people with Cognito included.
    assert managed.keys() == {"eventCategory"}
    assert managed["eventCategory"]["Equals"] == ["Management"]


def test_the_trail_has_all_about_the_archive_and_whoever_writes_in_a_table():
    archive, tables = (
        selectors()["All about the archive"],
        selectors()["Whoever writes in a table"],
    )
    assert archive["resources.type"]["Equals"] == ["AWS::S3::Object"]
    assert "readOnly" not in archive
    assert tables["resources.type"]["Equals"] == ["AWS::DynamoDB::Table"]
    assert tables["readOnly"]["Equals"] == ["false"]
    assert in_order(tables["resources.ARN"]["Equals"]) == ARNS


@pytest.mark.parametrize("stage", STAGES)
def test_the_trail_is_kept_90_days(stage: str):
    (rule,) = said_of("TrailBucket", stage)["LifecycleConfiguration"]["Rules"]
    assert (rule["ExpirationInDays"], rule["Status"]) == (90, "Enabled")
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 1}


def test_nobody_but_the_trail_writes_into_its_bucket():
    bucket = said_of("TrailBucket")
    assert all(bucket["PublicAccessBlockConfiguration"].values())
    assert len(bucket["PublicAccessBlockConfiguration"]) == 4
    statements = said_of("TrailBucketPolicy")["PolicyDocument"]["Statement"]
    for statement in (each for each in statements if each["Effect"] == "Allow"):
        assert statement["Principal"] == {"Service": "cloudtrail.amazonaws.com"}
        ((text, _),) = [statement["Condition"]["StringEquals"]["aws:SourceArn"]["Fn::Sub"]]
        assert text.endswith(":trail/${Prefix}-trail")


@pytest.mark.parametrize("stage", STAGES)
def test_somebody_is_told_at_10_25_and_50_dollars(stage: str):
    budget = said_of("Budget", stage)
    told = {
        each["Notification"]["Threshold"]: each for each in budget["NotificationsWithSubscribers"]
    }
    assert told.keys() == {10, 25, 50}
    assert budget["Budget"]["BudgetLimit"] == {"Amount": 50, "Unit": "USD"}
    # Other figures are another budget, which CloudFormation makes before it removes this one.
    assert "BudgetName" not in budget["Budget"]
    for each in told.values():
        assert each["Notification"]["ThresholdType"] == "ABSOLUTE_VALUE"
        assert each["Subscribers"] == [
            {"SubscriptionType": "SNS", "Address": {"Ref": "WarningsTopic"}}
        ]


@pytest.mark.parametrize("stage", STAGES)
def test_somebody_is_told_at_once_of_costs_that_are_unusual(stage: str):
    subscription = said_of("AnomalySubscription", stage)
    assert subscription["Frequency"] == "IMMEDIATE"
    assert subscription["Subscribers"] == [{"Type": "SNS", "Address": {"Ref": "WarningsTopic"}}]
    above = json.loads(subscription["ThresholdExpression"])["Dimensions"]
    assert (above["Key"], above["Values"]) == ("ANOMALY_TOTAL_IMPACT_ABSOLUTE", ["5"])
    assert said_of("AnomalyMonitor", stage)["MonitorDimension"] == "SERVICE"


@pytest.mark.parametrize("stage", STAGES)
def test_a_copy_that_failed_is_told_by_mail_with_its_page(stage: str):
    rule = said_of("FailedCopies", stage)
    assert rule["EventPattern"] == {
        "source": ["aws.backup"], "detail-type": ["Backup Job State Change"],
        "detail": {"state": ("FAILED", "ABORTED", "EXPIRED")},
    }  # fmt: skip
    (target,) = rule["Targets"]
    assert target["Arn"] == {"Ref": "WarningsTopic"}
    said = target["InputTransformer"]
    text = json.loads(said["InputTemplate"])  # EventBridge takes a text as JSON has it
    assert set(re.findall("<([^>]+)>", text)) == said["InputPathsMap"].keys()
    page, heading = text.split()[-1].split("#")
    assert f"\n## {heading.replace('-', ' ').capitalize()}\n" in (ROOT / page).read_text("utf-8")


def test_whoever_tells_by_mail_may_use_the_topic_and_its_key():
    services = {f"{each}.amazonaws.com" for each in ("cloudwatch", "budgets", "costalerts")}
    publish, by_rules = said_of("WarningsTopicPolicy")["PolicyDocument"]["Statement"]
    _, seal, for_rules = said_of("AlarmsKey")["KeyPolicy"]["Statement"]
    assert set(publish["Principal"]["Service"]) == set(seal["Principal"]["Service"]) == services
    assert publish["Action"] == ["sns:Publish"]
    assert by_rules["Principal"] == for_rules["Principal"] == {"Service": "events.amazonaws.com"}
    assert (by_rules["Action"], by_rules["Resource"]) == ("sns:Publish", {"Ref": "WarningsTopic"})
    assert for_rules["Action"] == seal["Action"]


def test_a_rule_about_events_is_not_asked_whose_it_is():
    """With such a condition AWS delivers nothing of it, and says so to nobody."""
    _, by_rules = said_of("WarningsTopicPolicy")["PolicyDocument"]["Statement"]
    _, _, for_rules = said_of("AlarmsKey")["KeyPolicy"]["Statement"]
    assert "Condition" not in by_rules
    assert "aws:Source" not in json.dumps(for_rules["Condition"])


def test_what_an_account_has_one_of_is_left_out_of_a_second_stack():
    template = packaged("prod")
    assert template["Parameters"][PARAMETER]["Default"] == "true"
    kinds = ("CloudTrail::Trail", "Budgets::Budget", "CE::AnomalySubscription")
    for kind in kinds:
        ((_, resource),) = of_type(f"AWS::{kind}").items()
        assert resource["Condition"] == CONDITION
    for name in ("TrailKey", "TrailBucket", "TrailBucketPolicy"):
        assert template["Resources"][name]["Condition"] == CONDITION
    # An account cannot have two monitors of costs by service; many come with one.
    assert template["Resources"]["AnomalyMonitor"]["Condition"] == MAKES_MONITOR
    none_there = {"Fn::Equals": [{"Ref": "AnomalyMonitorId"}, ""]}
    assert template["Conditions"][MAKES_MONITOR] == {
        "Fn::And": [{"Condition": CONDITION}, none_there]
    }
