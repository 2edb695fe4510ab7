"""What a lock names: packages by version, the hashes of their files, and who asked for them.

It reads what `make lock` wrote, and refuses a lock that it does not understand to its last line:
what was overlooked would be taken for audited.
"""

import re
from dataclasses import dataclass
from pathlib import Path

_NAMED = re.compile(r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: ;[^\\]*)? \\")
_HASH = re.compile(r"    --hash=sha256:(?P<hash>[0-9a-f]{64})(?: \\)?")
_VIA = re.compile(r"    # (?:via ?|  )(?P<who>\S.*)?")


class NotRead(Exception):
    """A line of a lock is none that `make lock` writes; carries lock and line."""


@dataclass(frozen=True)
class Locked:
    """A package as a lock names it; `via` are the packages that ask for it."""

    name: str
    version: str
    hashes: tuple[str, ...]
    via: tuple[str, ...]


def same(name: str) -> str:
    """The one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read(lock: Path) -> list[Locked]:
    """All packages of a lock, whatever machine they are for.

    Raises:
        NotRead: a line is not understood, or nothing is named.
    """
    found: list[tuple[str, str, list[str], list[str]]] = []
    for number, line in enumerate(lock.read_text("utf-8").splitlines(), 1):
        if line.startswith("#") or not line:
            continue
        if named := _NAMED.fullmatch(line):
            found.append((same(named["name"]), named["version"], [], []))
        elif found and (hashed := _HASH.fullmatch(line)):
            found[-1][2].append(hashed["hash"])
        elif found and (via := _VIA.fullmatch(line)):
            who = via["who"] or ""
            found[-1][3].extend([same(who)] if who and not who.startswith("-") else [])
        else:
            raise NotRead(f"{lock.name}:{number} is not understood: {line.strip()}")
    if not found:
        raise NotRead(f"{lock.name} names nothing")
    return [Locked(name, version, tuple(h), tuple(v)) for name, version, h, v in found]
