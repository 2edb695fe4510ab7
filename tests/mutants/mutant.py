"""A mutant: one rule of money broken by one small edit, and who has to notice.

Refuses nothing by itself: `staleness` says what is wrong with one against the code of today.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Mutant:
    """`old` stands exactly once in `file` and becomes `new`; `rule` is what that breaks.

    `tests` are node ids of pytest, quick ones, any of which notices. `by_simulation` says that a
    few simulated weeks notice, too: these are tried first.
    """

    name: str
    file: str
    old: str
    new: str
    rule: str
    tests: tuple[str, ...] = ()
    by_simulation: bool = False


def staleness(mutant: Mutant, root: Path) -> str:
    """Why a mutant does not fit the code under `root` any more; empty where it does."""
    path = root / mutant.file
    if not path.is_file():
        return f"there is no {mutant.file}"
    source = path.read_text("utf-8")
    found = source.count(mutant.old)
    if found != 1:
        return f"its old text stands {found} times in {mutant.file}, and should once"
    if mutant.old == mutant.new:
        return "it changes nothing"
    if not (mutant.tests or mutant.by_simulation):
        return "nobody is named who should notice"
    return _unreadable(source.replace(mutant.old, mutant.new), ast.parse(source))


def _unreadable(mutated: str, before: ast.Module) -> str:
    try:
        after = ast.parse(mutated)
    except SyntaxError as error:
        return f"its new text is no Python: {error.msg} in line {error.lineno}"
    return "it changes nothing but spaces and comments" * (ast.dump(after) == ast.dump(before))


def named(node_id: str) -> tuple[str, str]:
    """File and function (of a class: `Class.function`) that a node id names."""
    file, *names = node_id.split("[", 1)[0].split("::")
    return file, ".".join(names)
