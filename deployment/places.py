"""How many of a function run at a time, put into the template that Chalice made.

How many is `reserved_concurrency` in `.chalice/config.json`: so many places are kept for a function
and it never has more. A new account has ten in all, of which none can be kept: there a parameter
leaves them out. What a schedule runs has one place, since the next run does what this one left:
a run that found it taken, or failed, is not made up for. No rule of money rests on that.
"""

from typing import Any

Json = dict[str, Any]
FUNCTION = "AWS::Serverless::Function"
PARAMETER, CONDITION = "ReserveConcurrency", "PlacesAreKept"
KEPT = "ReservedConcurrentExecutions"
# Lambda would try a run again for six hours; a minute is the least that it takes for an answer.
ONCE = {"MaximumEventAgeInSeconds": 60, "MaximumRetryAttempts": 0}


def document() -> Json:
    """What a template has to be merged with for it."""
    parameter = {
        "Type": "String", "Default": "true", "AllowedValues": ["true", "false"],
        "Description": "Whether functions have places of their own. An account that may run fewer "
        "than 150 at a time has none to give.",
    }  # fmt: skip
    condition = {"Fn::Equals": [{"Ref": PARAMETER}, "true"]}
    return {"Parameters": {PARAMETER: parameter}, "Conditions": {CONDITION: condition}}


def finish(made: Json) -> None:
    """Keep places only where there are some, and let no run of a schedule queue up."""
    for each in made["Resources"].values():
        if each["Type"] != FUNCTION:
            continue
        told = each["Properties"]
        if KEPT in told:
            told[KEPT] = {"Fn::If": [CONDITION, told[KEPT], {"Ref": "AWS::NoValue"}]}
        if any(event["Type"] == "Schedule" for event in told.get("Events", {}).values()):
            told["EventInvokeConfig"] = ONCE
