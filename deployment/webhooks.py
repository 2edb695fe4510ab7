"""The provider's way in as a function of its own, put into the template that Chalice made.

Chalice has one function for all routes. This one is made of the same package, so that nothing is
declared twice: the gateway hands it what comes below `/webhooks`, and to the other one the rest. It
has a role of its own, which reads no archive, opens no destination and signs nothing, and a size of
its own, both named in `.chalice/config.json` as everybody's are.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Json = dict[str, Any]
NAME, API = "WebhookHandler", "APIHandler"
HANDLER = "chalicelib.webhook_function.app"
BELOW = "/webhooks/"
INTEGRATION = "x-amazon-apigateway-integration"
DESCRIBED = Path(__file__).resolve().parent.parent / ".chalice"
# What a function of the API's package has in common with it: all that is not its own.
SHARED = ("Runtime", "CodeUri", "Tags", "Tracing", "Architectures")


def apart(made: Json) -> None:
    """Give webhooks a function of their own, and have the gateway hand them to it."""
    resources = made["Resources"]
    gateway = resources["RestAPI"]["Properties"]
    told = settings(gateway["StageName"])
    resources[f"{NAME}Role"] = _role(resources["ApiHandlerRole"], told["iam_policy_file"])
    resources[NAME] = _function(resources[API], told)
    resources[f"{NAME}InvokePermission"] = _permission()
    for path, methods in gateway["DefinitionBody"]["paths"].items():
        if path.startswith(BELOW):
            for integration in integrations(methods):
                integration["uri"] = uri(NAME)


def settings(stage: str) -> Json:
    """What the configuration says of the function, in a stage."""
    told = json.loads((DESCRIBED / "config.json").read_text("utf-8"))
    mine: Json = told["stages"][stage]["lambda_functions"]["webhook_handler"]
    return mine


def integrations(methods: Json) -> Iterator[Json]:
    """Whom the methods of a path are handed on to."""
    return (each[INTEGRATION] for each in methods.values() if INTEGRATION in each)


def uri(function: str) -> Json:
    """How a gateway names a function of the template."""
    place = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions"
    return {"Fn::Sub": f"{place}/${{{function}.Arn}}/invocations"}


def _role(like: Json, policy_file: str) -> Json:
    policy = json.loads((DESCRIBED / policy_file).read_text("utf-8"))
    policies = [{"PolicyName": f"{NAME}RolePolicy", "PolicyDocument": policy}]
    return {"Type": like["Type"], "Properties": {**like["Properties"], "Policies": policies}}


def _function(like: Json, told: Json) -> Json:
    properties = {name: like["Properties"][name] for name in SHARED}
    properties |= {
        "Handler": HANDLER, "Timeout": told["lambda_timeout"],
        "MemorySize": told["lambda_memory_size"],
        "ReservedConcurrentExecutions": told["reserved_concurrency"],
        "Role": {"Fn::GetAtt": [f"{NAME}Role", "Arn"]},
    }  # fmt: skip
    return {"Type": like["Type"], "Properties": properties}


def _permission() -> Json:
    """The gateway may call it, and only for what is its own."""
    place = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:${RestAPI}"
    told = {
        "FunctionName": {"Ref": NAME}, "Action": "lambda:InvokeFunction",
        "Principal": "apigateway.amazonaws.com", "SourceArn": {"Fn::Sub": f"{place}/*/*{BELOW}*"},
    }  # fmt: skip
    return {"Type": "AWS::Lambda::Permission", "Properties": told}
