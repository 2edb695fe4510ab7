"""Reads the CloudFormation template that deploys, and makes of it what runs on a laptop.

One source for both: a table that is wrong here is wrong there. It knows the few intrinsics that
the template uses and refuses any other loudly, rather than making something that merely looks like
what deploys. What has no Type amends a function or an API that Chalice generates, and is no
business of the local cloud. Nor is what has a Condition that does not hold, nor a type that a
laptop has no use of (`left_out.py`); but what is made may refer to neither.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).resolve().parent.parent / ".chalice" / "resources.json"
NOTHING = object()  # AWS::NoValue: the property is left out
PLACEHOLDER = re.compile(r"\$\{([^!}][^}]*)\}")


class NotUnderstood(Exception):
    """The template says something that this interpreter was not taught."""


@dataclass(frozen=True)
class Made:
    """A resource that exists: what Ref answers, and what Fn::GetAtt does."""

    ref: str
    attributes: Mapping[str, str] = field(default_factory=dict)


Maker = Callable[[str, dict[str, Any]], Made]


class Template:
    """A template, its parameters settled; makes each resource once, after those it refers to."""

    def __init__(
        self, document: dict[str, Any], parameters: Mapping[str, str], pseudo: Mapping[str, str]
    ) -> None:
        self.document = document
        declared = document.get("Parameters", {})
        unknown = parameters.keys() - declared.keys()
        if unknown:
            raise NotUnderstood(f"the template has no parameter {', '.join(sorted(unknown))}")
        defaults = {
            name: known["Default"] for name, known in declared.items() if "Default" in known
        }
        self.values = (
            defaults | dict(parameters) | {f"AWS::{name}": value for name, value in pseudo.items()}
        )
        self.made: dict[str, Made] = {}
        self._makers: Mapping[str, Maker] = {}
        self._left_out: Mapping[str, str] = {}
        self._under_way: list[str] = []

    @classmethod
    def read(
        cls, parameters: Mapping[str, str], pseudo: Mapping[str, str], file: Path = TEMPLATE
    ) -> "Template":
        """The template as it lies in the tree."""
        return cls(json.loads(file.read_text("utf-8")), parameters, pseudo)

    def make(
        self, makers: Mapping[str, Maker], left_out: Mapping[str, str] | None = None
    ) -> dict[str, Made]:
        """Makes all resources with the makers by type, and returns them by logical name.

        A type that is left out, each for the reason given, is neither made nor looked into.

        Raises:
            NotUnderstood: a type with neither maker nor reason, an intrinsic or a circle; or
                something that is made needs what is not.
        """
        self._makers, self._left_out = makers, left_out or {}
        for name, resource in self.document.get("Resources", {}).items():
            if "Type" in resource and self._why_not(resource) is None:
                self._resource(name)
        return self.made

    def _why_not(self, resource: dict[str, Any]) -> str | None:
        """Why this resource is not made; nothing where it is."""
        if reason := self._left_out.get(resource["Type"]):
            return f"is not made here: {reason}"
        if "Condition" in resource and not self._holds(resource["Condition"]):
            return f"is made only where {resource['Condition']} holds"
        return None

    def environment(self) -> dict[str, str]:
        """The variables that all functions get, as text."""
        variables = self.document["Globals"]["Function"]["Environment"]["Variables"]
        return {name: str(value) for name, value in self.resolve(variables).items()}

    def resolve(self, node: Any) -> Any:  # noqa: ANN401 - a template's node is any JSON
        """The node with every intrinsic replaced by its value."""
        if isinstance(node, list):
            return [value for value in map(self.resolve, node) if value is not NOTHING]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            (name, argument), *_ = node.items()
            if name in {"Ref", "Condition"} or name.startswith("Fn::"):
                return self._intrinsic(name, argument)
        resolved = {name: self.resolve(value) for name, value in node.items()}
        return {name: value for name, value in resolved.items() if value is not NOTHING}

    def _intrinsic(self, name: str, argument: Any) -> Any:  # noqa: ANN401
        match name:
            case "Ref":
                return self._ref(argument)
            case "Fn::GetAtt":
                return self._attribute(
                    *(argument.split(".", 1) if isinstance(argument, str) else argument)
                )
            case "Fn::Sub":
                text, names = (argument, {}) if isinstance(argument, str) else argument
                return self._sub(text, self.resolve(names))
            case "Fn::FindInMap":
                table, row, column = self.resolve(argument)
                return self.document["Mappings"][table][row][column]
            case "Fn::If":
                condition, then, otherwise = argument
                return self.resolve(then if self._holds(condition) else otherwise)
            case "Fn::Equals":
                left, right = self.resolve(argument)
                return left == right
        raise NotUnderstood(f"the local cloud was not taught {name}")

    def _ref(self, name: str) -> Any:  # noqa: ANN401
        if name == "AWS::NoValue":
            return NOTHING
        if name in self.values:
            return self.values[name]
        return self._resource(name).ref

    def _attribute(self, name: str, attribute: str) -> str:
        attributes = self._resource(name).attributes
        if attribute not in attributes:
            raise NotUnderstood(f"{name} has no attribute {attribute} here")
        return attributes[attribute]

    def _sub(self, text: str, names: Mapping[str, str]) -> str:
        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name in names:
                return names[name]
            return str(self._attribute(*name.split(".", 1)) if "." in name else self._ref(name))

        return PLACEHOLDER.sub(value, text)

    def _holds(self, condition: str) -> bool:
        return bool(self.resolve(self.document["Conditions"][condition]))

    def _resource(self, name: str) -> Made:
        if name in self.made:
            return self.made[name]
        resource = self.document.get("Resources", {}).get(name, {})
        if "Type" in resource and (why_not := self._why_not(resource)):
            raise NotUnderstood(f"{name} {why_not}")
        maker = self._makers.get(resource.get("Type", ""))
        if maker is None or name in self._under_way:
            why = (
                "refers to itself"
                if maker
                else f"is of type {resource.get('Type')}, which has no maker here"
            )
            raise NotUnderstood(f"{name} {why}")
        self._under_way.append(name)
        for earlier in _listed(resource.get("DependsOn")):
            self._resource(earlier)
        self.made[name] = maker(name, self.resolve(resource.get("Properties", {})))
        self._under_way.pop()
        return self.made[name]


def _listed(names: str | list[str] | None) -> list[str]:
    return [names] if isinstance(names, str) else names or []
