"""The template of a stage: what Chalice merges into its own, and what is mended after that.

Chalice makes functions and an API, and merges one file into them, which cannot compute anything.
So a package's merge file is `.chalice/resources.json` with `PARTS`, each made of tables; and what
depends on what Chalice made (a setting of each path, say) is done to the result by `FINISHES`, in
their order. The local cloud is made from the file alone.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deployment import (
    account,
    backups,
    firewall,
    gateway,
    logs,
    places,
    reminder,
    rollout,
    watching,
    web,
    webhooks,
)

Json = dict[str, Any]
MERGED = Path(".chalice") / "resources.json"
PARTS: tuple[Callable[[], Json], ...] = (
    watching.document,
    reminder.document,
    backups.document,
    account.document,
    logs.document,
    gateway.document,
    rollout.document,
    places.document,
    firewall.document,
    web.document,
)
# Groups of lines last: for every function that is there by then.
FINISHES: tuple[Callable[[Json], None], ...] = (
    webhooks.apart,
    gateway.finish,
    rollout.by_alias,
    places.finish,
    logs.finish,
)


def whole(told: Json) -> Json:
    """What Chalice's template is merged with: a merge file's document, and each of the parts.

    Raises:
        ValueError: two of them have something by one name.
    """
    made = {part: dict(there) for part, there in told.items()}
    for document in (each() for each in PARTS):
        for part, more in document.items():
            there = made.setdefault(part, {})
            if doubled := there.keys() & more.keys():
                raise ValueError(f"the template has {', '.join(sorted(doubled))} already")
            there |= more
    return made


def merge(project: Path) -> None:
    """Put the parts into the merge file of a project that is to be packaged."""
    file = project / MERGED
    file.write_text(json.dumps(whole(json.loads(file.read_text("utf-8"))), indent=2), "utf-8")


def finish(file: Path) -> None:
    """Mend the template that Chalice made, in its file."""
    made = json.loads(file.read_text("utf-8"))
    for each in FINISHES:
        each(made)
    file.write_text(json.dumps(made, indent=2), "utf-8")
