"""Lines of log as tests read them: what they say apart from what they measure."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.metrics import APART, STAGE


def said(message: str) -> dict[str, Any]:
    """The fields of a line, without its metrics and without what it goes back to."""
    fields: dict[str, Any] = json.loads(message)
    for declared in fields.pop("_aws", {}).get("CloudWatchMetrics", ()):
        names = {each["Name"] for each in declared["Metrics"]}
        for name in names:
            fields.pop(name)
    for name in (STAGE, *APART, "correlation_id"):
        fields.pop(name, None)
    return fields


def measures(message: str) -> dict[str, int]:
    """The metrics of a line, as CloudWatch reads them."""
    fields: dict[str, Any] = json.loads(message)
    return {
        each["Name"]: fields[each["Name"]]
        for declared in fields.get("_aws", {}).get("CloudWatchMetrics", ())
        for each in declared["Metrics"]
    }
