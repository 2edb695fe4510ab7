"""A copy of every table each week, beside the recovery to any second of the last 35 days.

Recovery to a second lives and dies with its table's settings. These copies lie in a vault that lets
nobody without a right of its own remove one early, and nobody keep one longer than erased people
were promised (docs/keeping.md). The archive is in none: it cannot be changed as it is.
"""

from typing import Any

from deployment.alarms import RUNBOOK, To
from deployment.service_roles import service_role
from deployment.watching import STAYS, named

Json = dict[str, Any]
TABLES = ("TransactionsTable", "CustomersTable", "EventsTable", "ControlTable")
# What was erased comes back with a copy, so none may be older than this.
KEPT_DAYS = 35
# How a copy ends that did not come about; what AWS calls partial is for other things than tables.
WITHOUT = ("FAILED", "ABORTED", "EXPIRED")
PAGE = f"{RUNBOOK}#a-weekly-copy-that-failed"


def _vault() -> Json:
    told = {
        "BackupVaultName": named("backups"),
        "LockConfiguration": {"MinRetentionDays": KEPT_DAYS, "MaxRetentionDays": KEPT_DAYS},
    }
    return {"Type": "AWS::Backup::BackupVault", **STAYS, "Properties": told}


def _plan() -> Json:
    rule = {
        "RuleName": "weekly", "TargetBackupVault": {"Ref": "BackupVault"},
        # Sundays at half past three: after the night of Saturday, and before anybody is at work.
        "ScheduleExpression": "cron(30 3 ? * SUN *)",
        "ScheduleExpressionTimezone": "Australia/Sydney",
        "StartWindowMinutes": 60, "CompletionWindowMinutes": 12 * 60,
        "Lifecycle": {"DeleteAfterDays": KEPT_DAYS},
    }  # fmt: skip
    told = {"BackupPlanName": named("weekly"), "BackupPlanRule": [rule]}
    return {"Type": "AWS::Backup::BackupPlan", "Properties": {"BackupPlan": told}}


def _arns() -> list[Json]:
    return [{"Fn::GetAtt": [table, "Arn"]} for table in TABLES]


def _selection() -> Json:
    told = {
        "SelectionName": named("tables"), "Resources": _arns(),
        "IamRoleArn": {"Fn::GetAtt": ["BackupRole", "Arn"]},
    }  # fmt: skip
    plan = {"Ref": "WeeklyBackup"}
    return {
        "Type": "AWS::Backup::BackupSelection",
        "Properties": {"BackupPlanId": plan, "BackupSelection": told},
    }


def _role() -> Json:
    """May copy these tables into this vault. Who restores one is a person, by a role of theirs.

    No condition on whose behalf it is taken: a role is only ever passed within its own account, and
    a service that does not say for whom it asks would never get it.
    """
    copies = [{"Fn::Sub": f"${{{table}.Arn}}/backup/*"} for table in TABLES]
    may = [
        ("Tables", ["dynamodb:CreateBackup", "dynamodb:DescribeTable",
                    "dynamodb:ListTagsOfResource", "dynamodb:StartAwsBackupJob"], _arns()),
        ("Copies", ["dynamodb:DeleteBackup", "dynamodb:DescribeBackup"], copies),
        ("Vault", ["backup:CopyIntoBackupVault", "backup:DescribeBackupVault"],
         [{"Fn::GetAtt": ["BackupVault", "BackupVaultArn"]}]),
    ]  # fmt: skip
    policy = [
        {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resources}
        for sid, actions, resources in may
    ]
    return service_role("backup", "copy-tables", policy)


def _word() -> Json:
    """Tells by mail of each copy that did not come about, of whatever vault: there is one."""
    text = f"A weekly copy is <state>: of <table>, job <job>. {PAGE}"
    told = {
        "InputPathsMap": {
            "state": "$.detail.state", "table": "$.detail.resourceArn",
            "job": "$.detail.backupJobId",
        },
        "InputTemplate": f'"{text}"',
    }  # fmt: skip
    rule = {
        "Description": "Weekly copies that failed.",
        "EventPattern": {
            "source": ["aws.backup"], "detail-type": ["Backup Job State Change"],
            "detail": {"state": WITHOUT},
        },
        "Targets": [{"Id": "mail", "Arn": {"Ref": To.MAIL.value}, "InputTransformer": told}],
    }  # fmt: skip
    return {"Type": "AWS::Events::Rule", "Properties": rule}


def document() -> Json:
    """All of it: what a template has to be merged with."""
    return {
        "Resources": {
            "BackupVault": _vault(),
            "WeeklyBackup": _plan(),
            "BackedUpTables": _selection(),
            "BackupRole": _role(),
            "FailedCopies": _word(),
        }
    }
