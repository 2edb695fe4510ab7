"""A zip that says nothing of who made it: its files in order, all of one time and one mode.

Chalice writes files as the file system lists them, with the modes that they happen to have.
"""

import zipfile
from pathlib import Path

MOMENT = (1980, 1, 1, 0, 0, 0)
MODE = 0o100644 << 16  # a file that everybody may read: Lambda runs as somebody else


def put_in_order(given: Path, made: Path) -> None:
    """Write an archive again, in one way for all who have the same files."""
    with zipfile.ZipFile(given) as old, zipfile.ZipFile(made, "w") as new:
        for name in sorted(old.namelist()):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = MODE
            new.writestr(entry, old.read(name), compresslevel=9)


def expected(project: Path) -> frozenset[str]:
    """The names that an archive of a project has: all of it, and the two modules of Chalice."""
    mine = {"app.py", "chalice/__init__.py", "chalice/app.py"}
    mine |= {_name(each, project) for each in (project / "chalicelib").rglob("*")}
    vendor = project / "vendor"
    mine |= {_name(each, vendor) for each in vendor.rglob("*")}
    return frozenset(mine - {""})


def _name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix() if file.is_file() else ""
