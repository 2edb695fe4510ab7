"""What a folder of exported nights looks like: enough to prove them on a machine without a network.

    export.json                     the SHA-256 of every other file
    nights/DATE/attestation.json    as the archive holds them: so are the leaves, reports and keys
    nights/DATE/leaves-….jsonl.gz
    nights/DATE/report-….md .csv
    nights/keys/FINGERPRINT.der
    payouts-00000.jsonl             a line for each payout that a leaf names, by ascending id

Every line has one spelling. A fault in the copying shows in `export.json`; what somebody made up
shows in the signatures.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from chalicelib.domain.attestation import canonical, day_of
from chalicelib.domain.chain import Link
from chalicelib.domain.verification import Broken, Standing

MANIFEST = "export.json"
FORMAT = 1
PAYOUTS = 1000  # of one file


@dataclass(frozen=True)
class Life:
    """A payout's row and all of its steps; the row is `None` where there is none."""

    transaction_id: str
    standing: Standing | None
    links: tuple[Link, ...]

    @property
    def line(self) -> bytes:
        """The one way to write it."""
        row = None if self.standing is None else list(astuple(self.standing))
        steps = [
            [it.sequence, it.told, [list(each) for each in it.moved], it.previous_hash, it.hash]
            for it in self.links
        ]
        return canonical([self.transaction_id, row, steps])


def life_from(line: bytes) -> Life:
    """The payout of a line.

    Raises:
        ValueError, TypeError, KeyError: the line is none.
    """
    transaction_id, row, steps = json.loads(line, parse_float=Decimal)
    life = Life(
        transaction_id,
        None if row is None else Standing(*row),
        tuple(link_from(each) for each in steps),
    )
    if life.line != line:
        raise ValueError("not written as a line is")
    return life


def link_from(told: list[Any]) -> Link:
    """A step of a line."""
    sequence, facts, moved, previous, own = told
    return Link(sequence, facts, tuple((p, a, c) for p, a, c in moved), previous, own)


def lives(folder: Path) -> Iterator[tuple[str, Life]]:
    """The payouts of an export with the file that each is in, by ascending id.

    Raises:
        Broken: a line is none, or out of order.
    """
    last = ""
    for file in sorted(folder.glob("payouts-*.jsonl")):
        with file.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                try:
                    life = life_from(line.removesuffix(b"\n"))
                except (ValueError, TypeError, KeyError, RecursionError):
                    raise Broken(f"{file.name}, line {number}", "it was changed") from None
                if life.transaction_id <= last or not line.endswith(b"\n"):
                    raise Broken(f"{file.name}, line {number}", "it is out of order")
                last = life.transaction_id
                yield file.name, life


def nights(folder: Path) -> list[date]:
    """The dates whose attestations lie in a folder, in their order."""
    names = (str(file.relative_to(folder)) for file in folder.glob("nights/*/attestation.json"))
    try:
        return sorted(day for name in names if (day := day_of(name)) is not None)
    except ValueError:
        raise Broken("nights", "a folder of it is named by no date") from None


def files_of(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file of a folder but the manifest, by name."""
    return {
        str(file.relative_to(folder)): sha256_of(file)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and file != folder / MANIFEST
    }


def sha256_of(file: Path) -> str:
    """The hexadecimal SHA-256 of a file."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def manifest(files: dict[str, str]) -> bytes:
    """The manifest's content."""
    return canonical({"format": FORMAT, "files": files})


def check_manifest(folder: Path) -> None:
    """Hold every file against the manifest.

    Raises:
        Broken: the first file that is missing, changed, or was not exported.
    """
    try:
        raw = (folder / MANIFEST).read_bytes()
        told: dict[str, str] = json.loads(raw)["files"]
        same = manifest(dict(told.items())) == raw
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise Broken(MANIFEST, "it is missing, or cannot be read") from None
    if not same:
        raise Broken(MANIFEST, "it was changed")
    found = files_of(folder)
    for name in sorted(told.keys() | found.keys()):
        if name not in found:
            raise Broken(name, "the file is missing from the export")
        if name not in told:
            raise Broken(name, "the file was not exported: it was added")
        if told[name] != found[name]:
            raise Broken(name, "the file is not the one that was exported: it was changed")
