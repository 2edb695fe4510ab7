"""Small JSON files that nobody else may read, and that are whole or absent, never half."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any


def read_json(file: Path, default: Any = None) -> Any:  # noqa: ANN401 - whatever the file holds
    """The file's content, or the default where there is no such file."""
    try:
        return json.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return default


def write_json(file: Path, value: object) -> None:
    """Replaces the file at once, with mode 0600, on the disk when this returns."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump(value, out, indent=1)
        out.flush()
        os.fsync(out.fileno())
    Path(name).replace(file)
