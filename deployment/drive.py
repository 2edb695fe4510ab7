"""Runs inside an unpacked package: one request, one webhook, one message, one run of each schedule.

    python -I -S drive.py FOLDER EVENTS.json

Standard library only, without any other package in sight: whatever the app needs has to be in the
folder. It prints what each handler answered as JSON, and refuses to end well where anything was
imported from elsewhere.
"""

import ast
import importlib
import json
import sys
import sysconfig
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path


class Context:
    """What Lambda tells a handler about the invocation."""

    aws_request_id = "11111111-2222-3333-4444-555555555555"
    function_name = "the-twin"

    def __init__(self) -> None:
        self._until = time.monotonic() + 60

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda would end the invocation."""
        return max(0, int((self._until - time.monotonic()) * 1000))


def strangers(folder: Path) -> list[str]:
    """What was imported from neither the folder nor Python's own library."""
    known = [folder, Path(sysconfig.get_path("stdlib")), Path(sysconfig.get_path("platstdlib"))]
    me = Path(__file__).resolve()
    files = (getattr(module, "__file__", None) for module in list(sys.modules.values()))
    found = {str(Path(file).resolve()) for file in files if file}
    return sorted(
        each
        for each in found
        if Path(each) != me and not any(Path(each).is_relative_to(place) for place in known)
    )


def needed(folder: Path) -> set[str]:
    """Every module that a source of ours names, in a function that nothing here calls, too."""
    trees = [ast.parse(file.read_text("utf-8")) for file in (folder / "chalicelib").rglob("*.py")]
    return {name for tree in trees for name in _imports(tree)}


def _imports(node: ast.AST) -> Iterator[str]:
    """The modules that are imported at some time: what is for type checkers only is not."""
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Import):
        yield from (each.name for each in node.names)
    elif isinstance(node, ast.ImportFrom) and node.module:
        yield node.module
    for child in ast.iter_child_nodes(node):
        yield from _imports(child)


def try_what_few_need() -> None:
    """The packages of which only a part ships, where no event below comes by."""
    holidays = importlib.import_module("chalicelib.adapters.holidays")
    if not holidays.rits_holiday(date(2026, 1, 26)) or holidays.rits_holiday(date(2026, 1, 27)):
        raise RuntimeError("Australia Day is not known")


def main() -> None:
    """Call each handler with its event, and tell what it said."""
    folder = Path(sys.argv[1]).resolve()
    sys.path.insert(0, str(folder))
    events = json.loads(Path(sys.argv[2]).read_text("utf-8"))
    answers = {}
    for each in events:
        module, _, name = each["handler"].rpartition(".")
        handler = getattr(importlib.import_module(module), name)
        answers[each["name"]] = handler(each["event"], Context())
    for name in sorted(needed(folder)):
        importlib.import_module(name)
    try_what_few_need()
    print(json.dumps({"answers": answers, "strangers": strangers(folder)}))


if __name__ == "__main__":
    main()
