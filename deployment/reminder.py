"""A mail every 90 days: whoever looks after it is to change what only people can change.

By the calendar, whether or not somebody has just done so. It changes nothing, and reads no secret:
when a secret was written last says nothing of the age of the key in it.
"""

from typing import Any

from deployment.alarms import RUNBOOK, To
from deployment.service_roles import service_role
from deployment.watching import named

Json = dict[str, Any]
EVERY_DAYS = 90
# Headings of the runbook, as they are linked.
PAGES = ("the-providers-key", "the-webhooks-token")
TEXT = (
    f"Change the provider's API key and the webhooks' token: every {EVERY_DAYS} days. "
    + " ".join(f"{RUNBOOK}#{page}" for page in PAGES)
)


def _schedule() -> Json:
    told = {
        "Name": named("change-keys"), "Description": "Reminds people to change keys.",
        "ScheduleExpression": f"rate({EVERY_DAYS} days)", "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": {
            "Arn": {"Ref": To.MAIL.value}, "Input": TEXT,
            "RoleArn": {"Fn::GetAtt": ["ReminderRole", "Arn"]},
        },
    }  # fmt: skip
    return {"Type": "AWS::Scheduler::Schedule", "Properties": told}


def _role() -> Json:
    """May tell the topic for mail something, by its key, and do nothing else."""
    mine = {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    tell = {
        "Sid": "Tell", "Effect": "Allow", "Action": "sns:Publish",
        "Resource": {"Ref": To.MAIL.value},
    }  # fmt: skip
    seal = {
        "Sid": "Seal", "Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
        "Resource": {"Fn::GetAtt": ["AlarmsKey", "Arn"]},
    }  # fmt: skip
    return service_role("scheduler", "remind", [tell, seal], mine)


def document() -> Json:
    """All of it: what a template has to be merged with."""
    return {"Resources": {"KeysReminder": _schedule(), "ReminderRole": _role()}}
