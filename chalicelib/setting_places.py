"""Whether all that the environment names is one stage's, in one account and one region.

Stages differ by a prefix, accounts by a number: one slip, and what is tried on `dev` is done to
real customers. Refuses what is another's by its very name, before anything is called. Of a laptop
it asks nothing: there is one of everything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# What the names of a stage begin with, as in the template's mapping.
PREFIXES = {"dev": "dev-monoova", "prod": "monoova"}
_NAMED = (
    "DYNAMODB_TABLE_TRANSACTIONS", "DYNAMODB_TABLE_CUSTOMERS", "DYNAMODB_TABLE_EVENTS",
    "DYNAMODB_TABLE_CONTROL", "ARCHIVE_BUCKET", "DLQ_URL", "LAST_RESORT_URL", "NIGHTS_TOPIC_ARN",
    "MONOOVA_API_SECRET_ARN", "MONOOVA_WEBHOOK_SECRET_ARN", "CURSOR_SECRET_ARN",
)  # fmt: skip
# Those that say in which account and region they are, each in its own way.
_ARN = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:(?P<region>[a-z0-9-]+):(?P<account>[0-9]{12}):.+")
_QUEUE = re.compile(
    r"https://sqs\.(?P<region>[a-z0-9-]+)\.amazonaws\.com[.a-z]*/(?P<account>[0-9]{12})/.+"
)
_BUCKET = re.compile(r".+-(?P<account>[0-9]{12})-(?P<region>[a-z0-9-]+)")
_PLACED = {
    "MONOOVA_API_SECRET_ARN": _ARN, "MONOOVA_WEBHOOK_SECRET_ARN": _ARN, "CURSOR_SECRET_ARN": _ARN,
    "KMS_KEY_ARN": _ARN, "ATTESTATION_KEY_ARN": _ARN, "NIGHTS_TOPIC_ARN": _ARN,
    "COGNITO_USER_POOL_ARN": _ARN, "DLQ_URL": _QUEUE, "LAST_RESORT_URL": _QUEUE,
    "ARCHIVE_BUCKET": _BUCKET,
}  # fmt: skip


def strangers(told: Mapping[str, str]) -> Iterator[str]:
    """What belongs to another stage, account, region or pool than the rest; no value is shown."""
    stage = told.get("STAGE", "")
    if stage not in PREFIXES:
        return
    for name in _NAMED:
        if name in told and not _is_named_for(PREFIXES[stage], told[name]):
            yield f"{name}: must be of the stage {stage}, whose names begin with {PREFIXES[stage]}"
    yield from _elsewhere(told)
    yield from _of_two_pools(told)


def _is_named_for(prefix: str, value: str) -> bool:
    """Whether a name begins so; it comes last, in whatever it is a part of."""
    if ":secret:" in value:
        return value.partition(":secret:")[2].startswith(f"{prefix}/")
    return re.split("[:/]", value)[-1].startswith(f"{prefix}-")


def _elsewhere(told: Mapping[str, str]) -> Iterator[str]:
    if "ACCOUNT_ID" not in told:
        yield "ACCOUNT_ID: is required, but for the stage local"
    region = {"AWS_REGION": told["AWS_REGION"]} if "AWS_REGION" in told else {}
    for name, form in _PLACED.items():
        # What has another form is told of its form.
        if place := form.fullmatch(told.get(name, "")):
            region[name] = place["region"]
            if place["account"] != told.get("ACCOUNT_ID", place["account"]):
                yield f"{name}: must be in the account ACCOUNT_ID"
    if len(set(region.values())) > 1:
        yield f"{', '.join(region)}: must be in one region"


def _of_two_pools(told: Mapping[str, str]) -> Iterator[str]:
    names = ("COGNITO_USER_POOL_ID", "COGNITO_USER_POOL_ARN", "COGNITO_ISSUER")
    if len({told[name].rstrip("/").rpartition("/")[2] for name in names if name in told}) > 1:
        yield f"{', '.join(names)}: must be of one user pool"
