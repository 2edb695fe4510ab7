"""Where each function writes its lines, and for how long they are kept.

A group that the template does not name is made by Lambda itself, and keeps its lines for ever. So
every function that is found in the template is given one, those that are added later as well.
"""

from typing import Any

Json = dict[str, Any]
FUNCTION = "AWS::Serverless::Function"
DAYS, GATEWAY_DAYS = "LogDays", "GatewayLogDays"
# What CloudWatch takes, up to a quarter of a year: lines are for finding faults, not for evidence.
MAY_BE = (1, 3, 5, 7, 14, 30, 60, 90)


def document() -> Json:
    """The settings: for how many days."""
    return {
        "Parameters": {
            DAYS: _days(7, "the functions"),
            GATEWAY_DAYS: _days(3, "the gateway, and of the distribution,"),
        }
    }


def _days(usual: int, whose: str) -> Json:
    told = f"For how many days the lines of {whose} are kept."
    return {"Type": "Number", "Default": usual, "AllowedValues": MAY_BE, "Description": told}


def group(name: str, days: str) -> Json:
    """A group of lines by its name, which may say ${Prefix}, kept as a parameter says."""
    prefix = {"Fn::FindInMap": ["Stages", {"Ref": "Stage"}, "Prefix"]}
    named = {"Fn::Sub": [name, {"Prefix": prefix}]}
    told = {"LogGroupName": named, "RetentionInDays": {"Ref": days}}
    return {"Type": "AWS::Logs::LogGroup", "Properties": told}


def group_of(function: str) -> str:
    """The logical name of a function's group."""
    return f"{function}Logs"


def finish(template: Json) -> None:
    """Give every function of a template its group, below the name that its policy allows."""
    resources = template["Resources"]
    found = [name for name, each in resources.items() if each["Type"] == FUNCTION]
    for name in found:
        resources[group_of(name)] = group(f"/aws/lambda/${{Prefix}}-{name}", DAYS)
        resources[name]["Properties"]["LoggingConfig"] = {"LogGroup": {"Ref": group_of(name)}}
