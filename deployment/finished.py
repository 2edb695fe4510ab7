"""The template of a stage as it deploys, without a package: by Chalice's own steps but the zip.

For whoever looks at it: tests, linters, a scanner. It differs from a package's in nothing but where
the code lies. It asks no package index and no AWS, and packages nothing.
"""

import json
import os
from functools import cache
from typing import Any

from chalice.cli.factory import CLIFactory
from chalice.config import Config
from chalice.deploy.appgraph import ApplicationGraphBuilder, DependencyBuilder
from chalice.deploy.deployer import BaseDeployStep, BuildStage, create_build_stage
from chalice.deploy.models import DeploymentPackage
from chalice.deploy.swagger import CFNSwaggerGenerator
from chalice.package import ResourceBuilder, SAMTemplateGenerator, TemplateDeepMerger
from chalice.utils import UI, OSUtils

from deployment.by_chalice import ZIP
from deployment.template import FINISHES, MERGED, whole
from local.processes import ROOT

Json = dict[str, Any]


class NoZip(BaseDeployStep):
    """The step that would make the zip."""

    def handle_deploymentpackage(self, config: Config, resource: DeploymentPackage) -> None:  # noqa: ARG002 (Chalice's)
        """Name it, and leave it at that."""
        resource.filename = ZIP


class Partition:
    """All that the generator asks of AWS: what a service is called."""

    def service_principal(self, service: str) -> str:
        """In the usual partition."""
        return f"{service}.amazonaws.com"


@cache
def template(stage: str) -> Json:
    """The template of a stage, merged and finished."""
    config = CLIFactory(str(ROOT), environ=os.environ).create_config_obj(stage)
    steps = create_build_stage(OSUtils(), UI(), CFNSwaggerGenerator(), config)._steps  # noqa: SLF001
    steps = [NoZip() if type(each).__name__ == "DeploymentPackager" else each for each in steps]
    builder = ResourceBuilder(ApplicationGraphBuilder(), DependencyBuilder(), BuildStage(steps))
    partition: Any = Partition()
    made = SAMTemplateGenerator(config, partition).generate(
        builder.construct_resources(config, stage)
    )
    told = json.loads((ROOT / MERGED).read_text("utf-8"))
    merged: Json = TemplateDeepMerger().merge(whole(told), made)
    for finish in FINISHES:
        finish(merged)
    return merged
