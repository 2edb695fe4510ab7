"""The rules of the house as functions: from a module's source to what breaks the rule in it.

Says nothing of where a rule holds: that is `test_architecture`'s.
"""

from __future__ import annotations

import ast
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent
# Who may import whom, by the first names of a module. Imports point inward.
MAY_IMPORT = {
    "chalicelib.domain": {"chalicelib.domain"},
    "chalicelib.ports": {"chalicelib.ports", "chalicelib.domain"},
    "chalicelib.usecases": {"chalicelib.usecases", "chalicelib.ports", "chalicelib.domain"},
    "chalicelib.invocation": set(),
    "chalicelib.metrics": set(),
    "chalicelib.json_lines": {"chalicelib.invocation"},
    "chalicelib.adapters": {
        "chalicelib.adapters", "chalicelib.ports", "chalicelib.domain", "chalicelib.json_lines",
        "chalicelib.metrics",
    },
    "chalicelib.api": {
        "chalicelib.api", "chalicelib.ports", "chalicelib.domain", "chalicelib.invocation",
        "chalicelib.json_lines", "chalicelib.metrics",
    },
    "chalicelib.settings": {
        "chalicelib.domain", "chalicelib.setting_forms", "chalicelib.setting_places",
    },
    "chalicelib.setting_forms": {"chalicelib.domain"},
    "chalicelib.setting_places": set(),
    "chalicelib.wiring": {
        "chalicelib.wiring", "chalicelib.settings", "chalicelib.adapters", "chalicelib.ports",
        "chalicelib.usecases", "chalicelib.domain",
    },
    "chalicelib.areas": set(),
    "chalicelib.front": {"chalicelib.areas", "chalicelib.json_lines"},
    "chalicelib.entrance": {"chalicelib.api", "chalicelib.wiring", "chalicelib.front"},
    "chalicelib.webhook_function": {"chalicelib.front", "chalicelib.usecases"},
    "chalicelib.routes": {
        "chalicelib.api", "chalicelib.usecases", "chalicelib.wiring", "chalicelib.ports",
        "chalicelib.domain", "chalicelib.entrance",
    },
    "app": {
        "chalicelib.api", "chalicelib.usecases", "chalicelib.wiring", "chalicelib.ports",
        "chalicelib.domain", "chalicelib.entrance", "chalicelib.routes", "chalicelib.front",
        "chalicelib.areas", "chalicelib.invocation",
    },
}  # fmt: skip
REFERENCES = "chalicelib.domain.references"
MAY_REVEAL = {
    "chalicelib.adapters.monoova.payments", "chalicelib.adapters.monoova.account_checks",
    "chalicelib.adapters.sealed_form", "chalicelib.adapters.bsb_directory",
    "chalicelib.domain.aba",
}  # fmt: skip
NO_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "base", "common"}
# Seconds are the only floats of the use cases.
SECONDS = {"time_left", "claimed_at", "within"}
LONGEST = 300


@dataclass(frozen=True)
class Module:
    """A module's dotted name and its source."""

    name: str
    source: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    def part_of(self, *packages: str) -> bool:
        return any(f"{self.name}.".startswith(f"{package}.") for package in packages)


def of_file(path: Path) -> Module:
    names = path.relative_to(ROOT).with_suffix("").parts
    return Module(".".join(name for name in names if name != "__init__"), path.read_text("utf-8"))


def modules(*places: str) -> list[Module]:
    paths = [path for place in places for path in sorted((ROOT / place).rglob("*.py"))]
    return [of_file(path) for path in paths]


def imported(module: Module) -> Iterator[tuple[str, ast.stmt]]:
    """Every module that is imported anywhere in it, in functions and for types alone, too."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "") if not node.level else "." * node.level, node
            if node.module == "chalicelib":
                yield from ((f"chalicelib.{alias.name}", node) for alias in node.names)


def owner(name: str) -> str:
    return name if name == "app" else ".".join(name.split(".")[:2])


def outward_imports(module: Module) -> list[str]:
    """Imports that point outward, or between api and adapters."""
    allowed = MAY_IMPORT.get(owner(module.name), {"chalicelib"})
    return [
        name
        for name, _ in imported(module)
        if name.startswith("chalicelib.") and owner(name) not in allowed
    ]


def foreign_imports(module: Module) -> list[str]:
    """What the domain and the use cases import that is neither Python's nor ours."""
    if not module.part_of("chalicelib.domain", "chalicelib.usecases", "chalicelib.ports"):
        return []
    names = {name for name, _ in imported(module)}
    return [name for name in names if name.split(".")[0] not in sys.stdlib_module_names | OURS]


OURS = {"chalicelib"}
UNCLEAN = {"logging", "os", "time", "random", "socket", "threading", "subprocess", "warnings"}


def impure_imports(module: Module) -> list[str]:
    """Input, output, clocks, chance and logging in the domain and in the use cases."""
    if not module.part_of("chalicelib.domain", "chalicelib.usecases"):
        return []
    found = [name for name, _ in imported(module) if name.split(".")[0] in UNCLEAN]
    calls = [node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    found += [c.id for c in calls if isinstance(c, ast.Name) and c.id in {"print", "open", "input"}]
    clocks = {"utcnow", "today"} | ({"now"} if module.part_of("chalicelib.domain") else set())
    found += [c.attr for c in calls if isinstance(c, ast.Attribute) and c.attr in clocks]
    return found


def guarded(module: Module) -> list[ast.stmt]:
    """What `app` does only where the environment says that it is on a laptop."""
    ifs = [node for node in module.tree.body if isinstance(node, ast.If)]
    told = [node for node in ifs if "PAYOUTS_LOCAL" in ast.unparse(node.test)]
    return [statement for node in told for statement in node.body]


def imports_of_what_never_ships(module: Module) -> list[str]:
    """Imports of `local`, `deployment` and `tests` by what ships, and of `tests` by those two."""
    beside = module.part_of("local", "deployment")
    never = {"tests"} if beside else {"tests", "local", "deployment"}
    locally = {ast.unparse(node) for node in guarded(module)} if module.name == "app" else set()
    return [
        name
        for name, node in imported(module)
        if name.split(".")[0] in never and ast.unparse(node) not in locally
    ]


def relative_imports(module: Module) -> list[str]:
    return [name for name, _ in imported(module) if name.startswith(".")]


def floats(module: Module) -> list[str]:
    """Floats near money: none in the domain; in the use cases only seconds, and no conversion."""
    domain = module.part_of("chalicelib.domain")
    if not domain and not module.part_of("chalicelib.usecases"):
        return []
    tree, found = module.tree, []
    seconds = {
        id(part)
        for node in ast.walk(tree)
        if not domain and isinstance(node, ast.arg) and node.arg in SECONDS and node.annotation
        for part in ast.walk(node.annotation)
    }
    constants = {id(node.value) for node in tree.body if isinstance(node, ast.Assign)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "float" and id(node) not in seconds:
            found.append(f"line {node.lineno}: float")
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, float)
            and (domain or id(node) not in constants)
        ):
            found.append(f"line {node.lineno}: {node.value}")
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            found.append(f"line {node.lineno}: /")
    return found


def revealers(module: Module) -> list[str]:
    """Who takes a destination's plain value, by its name or behind its back."""
    if module.name in MAY_REVEAL | {"chalicelib.domain.destination"}:
        return []
    private = {"_value", "_account_number", "_bsb"}
    attributes = [node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)]
    texts = [node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant)]
    return [
        *(attr for attr in attributes if attr == "reveal" or attr in private),
        *(text for text in texts if text == "reveal"),
    ]


def hand_written_references(module: Module) -> list[str]:
    """F-strings of an id, a hyphen and an attempt's number, outside of the one place for them."""
    if module.name == REFERENCES:
        return []
    texts = [ast.unparse(node) for node in ast.walk(module.tree) if isinstance(node, ast.JoinedStr)]
    return [text for text in texts if re.search(r"\}-\{[\w.]*(attempt|number)\}", text)]


def scans(module: Module) -> list[str]:
    """Reading a table from end to end, by method or by the name of the operation."""
    if not module.part_of("chalicelib"):
        return []
    attributes = [node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)]
    texts = [node.value for node in ast.walk(module.tree) if isinstance(node, ast.Constant)]
    return [str(told) for told in [*attributes, *texts] if told in {"scan", "Scan", "scan_page"}]


def vague_names(module: Module) -> list[str]:
    return [part for part in module.name.split(".") if part in NO_NAMES]


def too_long(module: Module) -> list[str]:
    lines = len(module.source.splitlines())
    return [f"{lines} lines"] if lines > LONGEST else []


def without_docstring(module: Module) -> list[str]:
    return [] if ast.get_docstring(module.tree) else ["says nothing of itself"]


def patches(module: Module) -> list[str]:
    """Tests that exchange parts of what they test, instead of handing it fakes."""
    found = []
    for name, node in imported(module):
        names = [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
        found += [each for each in (*name.split("."), *names) if each == "mock"]
    for part in ast.walk(module.tree):
        if isinstance(part, ast.arg) and part.arg == "mocker":
            found.append("mocker")
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            whole = f"{part.value.id}.{part.attr}"
            if whole in {"monkeypatch.setattr", "monkeypatch.setitem", "mock.patch"}:
                found.append(whole)
    return found
