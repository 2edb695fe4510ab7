"""The template as CloudFormation sees it: AWS's own translator makes plain what is "Serverless"."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from deployment.by_chalice import REGION
from tests.deployment.test_template import packaged

RELEASE = "2611221934"
# Of the gateway's settings: the newest translator that takes the pydantic which ships does not know
# these two yet. One that does (1.115) hands them on as they are.
TOO_NEW = ("SecurityPolicy", "EndpointAccessMode")


@cache
def translated(stage: str, **parameters: str) -> dict[str, Any]:
    """The resources that deploy in a stage."""
    made = copy.deepcopy(packaged(stage))
    for each in made["Resources"].values():
        if each["Type"] == "AWS::Serverless::Function":
            each["Properties"]["CodeUri"] = "s3://bucket/of-the-digest-of-the-zip"
    for name in TOO_NEW:
        made["Resources"]["RestAPI"]["Properties"].pop(name)
    session = boto3.Session(region_name=REGION)
    told = {"Stage": stage, "Release": RELEASE, **parameters}
    done = Translator({}, Parser(), boto_session=session).translate(made, told)
    resources: dict[str, Any] = json.loads(json.dumps(done))["Resources"]
    return resources
