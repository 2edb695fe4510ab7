"""Which methods of which ports a function's code may come to call, by reading it.

Follows names from the handler through routes and use cases, and takes every attribute of something
called like a port for a call of it. So it finds too much rather than too little: it is for seeing
what no run has met.
"""

from __future__ import annotations

import ast
from functools import cache
from typing import TYPE_CHECKING

from local.processes import ROOT
from tests.iam.house import PORTS

if TYPE_CHECKING:
    from collections.abc import Iterator

# Ports that go by another name in places.
ALSO = {"checks": "account_checks"}
Place = tuple[str, str]


@cache
def _tree(module: str) -> ast.Module | None:
    file = ROOT / f"{module.replace('.', '/')}.py"
    return ast.parse(file.read_text("utf-8")) if file.exists() else None


@cache
def _names(module: str) -> dict[str, ast.AST | Place]:
    """What each name at the top of a module is: a definition, or something of another module."""
    tree = _tree(module)
    found: dict[str, ast.AST | Place] = {}
    for node in _run_time(tree) if tree else ():
        found |= _imported(node)
    for defined in tree.body if tree else ():
        if isinstance(defined, ast.FunctionDef | ast.ClassDef):
            found[defined.name] = defined
    return found


def _run_time(node: ast.AST) -> Iterator[ast.AST]:
    """Every node, but for what only type checkers read."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _run_time(child)


def _imported(node: ast.AST) -> dict[str, ast.AST | Place]:
    if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("chalicelib"):
        return {}
    return {each.asname or each.name: (str(node.module), each.name) for each in node.names}


def reached(*starts: Place) -> set[tuple[str, str]]:
    """The ports and methods that may be called from these definitions."""
    seen: set[Place] = set()
    todo, calls = list(starts), set[tuple[str, str]]()
    while todo:
        place = todo.pop()
        if place in seen:
            continue
        seen.add(place)
        module, name = place
        node = _names(module).get(name)
        if isinstance(node, tuple):
            todo.append(node)
        elif node is not None:
            known = dict(_names(module))
            for each in ast.walk(node):
                known |= _imported(each)
            for each in ast.walk(node):
                todo += _led_to(each, module, known)
                calls |= _called(each)
    return calls


def _led_to(node: ast.AST, module: str, known: dict[str, ast.AST | Place]) -> list[Place]:
    """Where a name, or an attribute of a module, leads to."""
    if isinstance(node, ast.Name) and node.id in known:
        named = known[node.id]
        return [named if isinstance(named, tuple) else (module, node.id)]
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        there = known.get(node.value.id)
        if isinstance(there, tuple) and _tree(".".join(there)) is not None:
            return [(".".join(there), node.attr)]
    return []


def _called(node: ast.AST) -> set[tuple[str, str]]:
    """The attribute of something that is called like a port."""
    if not isinstance(node, ast.Attribute):
        return set()
    named = node.value
    word = str(getattr(named, "id", "") or getattr(named, "attr", "")).lstrip("_")
    port = ALSO.get(word, word)
    return {(port, node.attr)} if port in PORTS else set()


def starts_of(function: str) -> list[Place]:
    """Where a function of ours begins, by its logical name."""
    if function not in {"APIHandler", "WebhookHandler"}:
        return [("app", function.lower())]
    files = (ROOT / "chalicelib" / "routes").glob("*.py")
    modules = [f"chalicelib.routes.{file.stem}" for file in files]
    mine = [each for each in modules if each.endswith(".webhooks") == (function[0] == "W")]
    return [(module, name) for module in mine for name in _names(module)]
