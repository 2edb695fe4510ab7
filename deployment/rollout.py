"""How a new version comes into use, put into the template that Chalice made: by an alias, and back.

Every deployment publishes a version of each function, which never changes again, and whoever calls
one means the alias `live`: the gateway, the queue and the schedules. On `prod` the two functions
that the gateway calls move a tenth of what comes to the new version first; an alarm about that
version within ten minutes moves it back, and everything else with it. The others follow only then.

Two versions run beside each other in these minutes, which is safe: see docs/safety.md, "the version
before". A parameter alone publishes nothing, for the versions are told apart without its value; so
each deployment names itself by another `Release`.
"""

import re
from typing import Any

from deployment.measures import ALIAS
from deployment.service_roles import service_role
from deployment.watching import resource_name
from deployment.webhooks import API, integrations
from deployment.webhooks import NAME as WEBHOOKS

Json = dict[str, Any]
# Which are called while somebody waits, and by which alarm each of them is taken back.
GRADUAL = {API: "rollout-api", WEBHOOKS: "rollout-webhooks"}
PREPARED = "CodeDeployDefault.Lambda"
AT_ONCE, A_TENTH = f"{PREPARED}AllAtOnce", f"{PREPARED}Canary10Percent10Minutes"
HOW = {"local": AT_ONCE, "dev": AT_ONCE, "prod": A_TENTH}
ROLE = "RolloutRole"
FUNCTION = "AWS::Serverless::Function"
MOVING = ("GetAlias", "UpdateAlias", "GetProvisionedConcurrencyConfig")
# As SAM asks for it: the first letters of a version's name.
RELEASE = "[0-9a-z]{10}"
ARN = re.compile(r"\$\{(\w+)\.Arn\}")


def alias_of(function: str) -> str:
    """The logical name that SAM gives the alias of a function; referred to, it is its ARN."""
    return f"{function}Alias{ALIAS}"


def document() -> Json:
    """What a template has to be merged with for it."""
    release = {
        "Type": "String", "AllowedPattern": RELEASE,
        "Description": "Names this deployment; another one each time, or nothing is published.",
    }  # fmt: skip
    mapping = {stage: {"How": how} for stage, how in HOW.items()}
    return {
        "Parameters": {"Release": release}, "Mappings": {"Rollouts": mapping},
        "Resources": {ROLE: _role()},
    }  # fmt: skip


def by_alias(made: Json) -> None:
    """Publish a version of each function, and have everybody call it by the alias."""
    resources = made["Resources"]
    functions = {name for name, each in resources.items() if each["Type"] == FUNCTION}
    for name in functions:
        resources[name]["Properties"] |= _published()
        if name in GRADUAL:
            resources[name]["Properties"]["DeploymentPreference"] = _preference(name)
        else:
            resources[name]["DependsOn"] = sorted(map(alias_of, GRADUAL))
    for each in resources.values():
        if each["Type"] == "AWS::Lambda::Permission":
            told = each["Properties"]
            told["FunctionName"] = {"Ref": alias_of(told["FunctionName"]["Ref"])}
    for methods in resources["RestAPI"]["Properties"]["DefinitionBody"]["paths"].values():
        for integration in integrations(methods):
            integration["uri"] = {"Fn::Sub": _named(integration["uri"]["Fn::Sub"])}


def _named(uri: str) -> str:
    return ARN.sub(lambda found: f"${{{alias_of(found[1])}}}", uri)


def _published() -> Json:
    # SAM writes the release into the function's description, too, so that there is something new.
    return {"AutoPublishAlias": ALIAS, "AutoPublishCodeSha256": {"Ref": "Release"}}


def _preference(function: str) -> Json:
    return {
        "Type": {"Fn::FindInMap": ["Rollouts", {"Ref": "Stage"}, "How"]},
        "Alarms": [{"Ref": f"{resource_name(GRADUAL[function])}Alarm"}],
        "Role": {"Fn::GetAtt": [ROLE, "Arn"]},
    }  # fmt: skip


def _role() -> Json:
    """Who moves the aliases: those of these functions, and may look at alarms."""
    # Its aliases and versions: what is provided for one is asked of either.
    qualified = [{"Fn::Sub": f"${{{each}.Arn}}:*"} for each in GRADUAL]
    plain = [{"Fn::GetAtt": [each, "Arn"]} for each in GRADUAL]
    move = {
        "Sid": "MoveAliases", "Effect": "Allow", "Resource": [*plain, *qualified],
        "Action": [f"lambda:{each}" for each in MOVING],
    }  # fmt: skip
    look = {
        "Sid": "LookAtAlarms", "Effect": "Allow", "Action": ["cloudwatch:DescribeAlarms"],
        "Resource": ["*"],
    }  # fmt: skip
    return service_role("codedeploy", f"{ROLE}Policy", [move, look])
