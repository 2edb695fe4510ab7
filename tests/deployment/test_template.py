"""The template that deploys: what Chalice makes of the app, merged and finished as for a package.

By Chalice's own steps, all of them but the zip, which needs a package index.
"""

from __future__ import annotations

import json
import os
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
from chalice.cli.factory import CLIFactory
from chalice.deploy.appgraph import ApplicationGraphBuilder, DependencyBuilder
from chalice.deploy.deployer import BaseDeployStep, BuildStage, create_build_stage
from chalice.deploy.swagger import CFNSwaggerGenerator
from chalice.package import ResourceBuilder, SAMTemplateGenerator, TemplateDeepMerger
from chalice.utils import UI, OSUtils

from chalicelib.api.triggers import BATCH
from deployment.template import FINISHES, whole
from local.processes import ROOT
from local.template import TEMPLATE

if TYPE_CHECKING:
    from chalice.config import Config
    from chalice.deploy.models import DeploymentPackage

DOCUMENT = json.loads(TEMPLATE.read_text())


class NoZip(BaseDeployStep):
    """The step that would make the zip."""

    def handle_deploymentpackage(self, config: Config, resource: DeploymentPackage) -> None:  # noqa: ARG002 (Chalice's)
        """Name it, and leave it at that."""
        resource.filename = "deployment.zip"


class Partition:
    """All that the generator asks of AWS: what a service is called."""

    def service_principal(self, service: str) -> str:
        """In the usual partition."""
        return f"{service}.amazonaws.com"


@cache
def packaged(stage: str) -> dict[str, Any]:
    """The template of a stage, merged."""
    config = CLIFactory(str(ROOT), environ=os.environ).create_config_obj(stage)
    steps = create_build_stage(OSUtils(), UI(), CFNSwaggerGenerator(), config)._steps
    steps = [NoZip() if type(each).__name__ == "DeploymentPackager" else each for each in steps]
    builder = ResourceBuilder(ApplicationGraphBuilder(), DependencyBuilder(), BuildStage(steps))
    partition: Any = Partition()
    made = SAMTemplateGenerator(config, partition).generate(
        builder.construct_resources(config, stage)
    )
    merged: dict[str, Any] = TemplateDeepMerger().merge(whole(DOCUMENT), made)
    for finished in FINISHES:
        finished(merged)
    return merged


@pytest.mark.parametrize("stage", ["local", "dev", "prod"])
def test_a_batch_of_the_queue_is_answered_message_by_message(stage: str):
    """Without the response type Lambda would delete what the answer names as failed."""
    (event,) = packaged(stage)["Resources"]["Reprocess"]["Properties"]["Events"].values()
    told = event["Properties"]
    assert event["Type"] == "SQS"
    assert told["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert told["BatchSize"] == BATCH
    assert told["MaximumBatchingWindowInSeconds"] == 0
    assert told["Queue"] == {"Fn::GetAtt": ["DeadLettersQueue", "Arn"]}


def test_a_message_is_hidden_for_as_long_as_its_batch_may_take_six_times_over():
    """What AWS asks for: a batch that is throttled on its way is not handed to two at once."""
    function = packaged("prod")["Resources"]["Reprocess"]["Properties"]
    queue = DOCUMENT["Resources"]["DeadLettersQueue"]["Properties"]
    assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]


def test_the_template_amends_only_functions_that_are_there():
    """A name with a slip of the pen would be a resource of its own, without a type."""
    for name, resource in packaged("prod")["Resources"].items():
        assert "Type" in resource, name
        for event in resource.get("Properties", {}).get("Events", {}).values():
            assert "Type" in event, name
