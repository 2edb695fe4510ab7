"""What a function's role grants in a stack, as its finished template says, and what that allows.

Only what our policies are made of is understood: statements that allow, resources that may end in
a star, conditions that compare texts. Whatever else one says is an error here.
"""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from local.template import Made
from tests.deployment.test_template import packaged
from tests.iam.account import HERE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from local.template import Template
    from tests.iam.recorder import Need

LOG_GROUP, FUNCTION = "AWS::Logs::LogGroup", "AWS::Serverless::Function"
_SAID = {"Sid", "Effect", "Action", "Resource", "Condition"}


@dataclass(frozen=True)
class Grant:
    """One action on one resource, under conditions."""

    sid: str
    action: str
    resource: str
    conditions: tuple[tuple[str, str], ...] = ()

    def allows(self, need: Need) -> bool:
        """Whether it is enough for a call."""
        return (
            self.action == need.action
            and fnmatchcase(need.resource, self.resource)
            and set(self.conditions) <= set(need.context)
        )


def functions() -> set[str]:
    """Every function that deploys, by its logical name."""
    made = packaged("prod")["Resources"]
    return {name for name, each in made.items() if each["Type"] == FUNCTION}


def document_of(function: str, template: Template, stage: str = "local") -> dict[str, Any]:
    """The one policy of the function's role, its references resolved."""
    made = packaged(stage)["Resources"]
    for name, each in made.items():
        if each["Type"] == LOG_GROUP:
            group = template.resolve(each["Properties"]["LogGroupName"])
            template.made[name] = Made(group, {"Arn": f"arn:aws:logs:{HERE}:log-group:{group}:*"})
    (role, _) = made[function]["Properties"]["Role"]["Fn::GetAtt"]
    (policy,) = made[role]["Properties"]["Policies"]
    resolved: dict[str, Any] = template.resolve(policy["PolicyDocument"])
    return resolved


def grants(document: Mapping[str, Any]) -> Iterator[Grant]:
    """Each action on each resource that a policy names."""
    for statement in document["Statement"]:
        if statement["Effect"] != "Allow" or not statement.keys() <= _SAID:
            raise NotImplementedError(statement)
        kinds = statement.get("Condition", {})
        if kinds.keys() - {"StringEquals"}:
            raise NotImplementedError(kinds)
        conditions = tuple(sorted(kinds.get("StringEquals", {}).items()))
        for action in statement["Action"]:
            for resource in statement["Resource"]:
                yield Grant(statement["Sid"], action, resource, conditions)


def lacking(granted: Collection[Grant], needs: Iterable[Need]) -> set[Need]:
    """What was needed and is not granted."""
    return {need for need in needs if not any(grant.allows(need) for grant in granted)}


def unused(granted: Iterable[Grant], needs: Collection[Need]) -> set[Grant]:
    """What is granted and nothing needed."""
    return {grant for grant in granted if not any(grant.allows(need) for need in needs)}
