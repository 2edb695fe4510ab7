"""Writes attested nights and all that they attest into a folder, for `local.verify`.

    python -m local.export --out FOLDER [--from DATE] [--through DATE] [--state FOLDER]

Reads the running local stack, or, where the environment names the tables and the bucket
(DYNAMODB_TABLE_TRANSACTIONS, DYNAMODB_TABLE_EVENTS, ARCHIVE_BUCKET) as a function's does, that
account, with the credentials that are there. Only reads: rows and steps a hundred at a time, and
steps that have left the table from the archive. What it writes names people who decided, and why:
keep it as you would the books.
"""

import argparse
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from heapq import merge
from itertools import groupby, islice
from pathlib import Path
from typing import TypeVar

from chalicelib.adapters import aws
from chalicelib.adapters.archive import S3Archive
from chalicelib.adapters.dynamo.client import dynamo_client
from chalicelib.adapters.dynamo.session import Session
from chalicelib.domain.attestation import FOLDER, Leaf, Sealed, day_of, key_name, name_of
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.verification import Broken, leaves_of, opened
from chalicelib.ports import Archive
from local.export_form import MANIFEST, PAYOUTS, Life, files_of, manifest
from local.export_rows import Rows
from local.files import read_json
from local.state import RUNNING, default_root

T = TypeVar("T")
NEEDED = ("DYNAMODB_TABLE_TRANSACTIONS", "DYNAMODB_TABLE_EVENTS", "ARCHIVE_BUCKET")
BATCH = 200  # payouts read at once


class NothingThere(Exception):
    """There is no stack to read, or nothing attested in it."""


@dataclass
class Export:
    """One export under way. `out` is a folder that is empty or not there yet."""

    archive: Archive
    rows: Rows
    out: Path
    payouts: int = 0
    keys: set[str] = field(default_factory=set)

    def write(self, first: date | None = None, last: date | None = None) -> list[date]:
        """Writes the nights from the first to the last, and the payouts that they attest.

        Raises:
            NothingThere: none of them is attested, or the folder holds something already.
            Broken: what the archive holds cannot be exported as it is.
        """
        if self.out.exists() and any(self.out.iterdir()):
            raise NothingThere(f"{self.out} is not empty: choose another folder")
        days = sorted(filter(None, map(day_of, self.archive.names(FOLDER))))
        days = [it for it in days if (first or it) <= it <= (last or it)]
        if not days:
            raise NothingThere("no night of those dates is attested")
        sealed = [self._night(day) for day in days]
        for number, lives in enumerate(_runs(self._lives(sealed), PAYOUTS)):
            self._write(f"payouts-{number:05d}.jsonl", b"".join(it.line + b"\n" for it in lives))
            self.payouts += len(lives)
        self._write(MANIFEST, manifest(files_of(self.out)))
        return days

    def _night(self, day: date) -> Sealed:
        """Copies a night's objects: attestation, leaves, reports, and the public key."""
        sealed = opened(name_of(day), self.archive.get(name_of(day)))
        key = sealed.attestation.key
        self.keys.add(key)
        for name in [*self.archive.names(f"{FOLDER}{day}/"), key_name(key)]:
            self._write(name, self.archive.get(name) or b"")
        return sealed

    def _lives(self, sealed: Iterable[Sealed]) -> Iterator[Life]:
        """Every payout that a leaf names, once, by ascending id."""
        streams = [leaves_of(each, self._exported) for each in sealed]
        by_id = groupby(merge(*streams, key=_id), key=_id)
        known = ((own, max(leaf.sequence for leaf in leaves)) for own, leaves in by_id)
        for some in _runs(known, BATCH):
            yield from self.rows.lives(dict(some))

    def _exported(self, name: str) -> bytes | None:
        file = self.out / name
        return file.read_bytes() if file.is_file() else None

    def _write(self, name: str, content: bytes) -> None:
        file = self.out / name
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        file.write_bytes(content)


def _id(leaf: Leaf) -> str:
    return leaf.transaction_id


def _runs(of: Iterable[T], most: int) -> Iterator[list[T]]:
    rest = iter(of)
    while some := list(islice(rest, most)):
        yield some


def settings(root: Path | None, given: Mapping[str, str]) -> dict[str, str]:
    """What tells where to read: the environment, or what the running local stack wrote down.

    Raises:
        NothingThere: neither does.
    """
    if root is None and all(given.get(name) for name in NEEDED):
        return {}
    known = read_json((root or default_root()) / f"{RUNNING}.json", default={})
    if not all(known.get(name) for name in NEEDED):
        raise NothingThere(f"no local stack is running, and the environment lacks {NEEDED}")
    return {str(name): str(value) for name, value in known.items()}


def connected(out: Path) -> Export:
    """An export of what this process's environment names."""
    archive = S3Archive(aws.s3(), os.environ["ARCHIVE_BUCKET"])
    rows = Rows(
        Session(dynamo_client(), within=30.0),
        transactions=os.environ["DYNAMODB_TABLE_TRANSACTIONS"],
        events=os.environ["DYNAMODB_TABLE_EVENTS"], archive=archive,
    )  # fmt: skip
    return Export(archive, rows, out)


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m local.export", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--out", type=Path, required=True, help="a folder, empty or new")
    parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DATE")
    parser.add_argument("--through", dest="last", type=date.fromisoformat, metavar="DATE")
    parser.add_argument("--state", type=Path, help=f"a local stack's folder ({default_root()})")
    return parser.parse_args()


def main() -> int:
    """Returns the exit status."""
    chosen = arguments()
    try:
        os.environ.update(settings(chosen.state, os.environ))
        export = connected(chosen.out)
        days = export.write(chosen.first, chosen.last)
    except (NothingThere, Unavailable, Broken) as failure:
        print(failure, file=sys.stderr)
        return 1
    print(f"{len(days)} nights, {days[0]} to {days[-1]}, {export.payouts} payouts: {chosen.out}")
    for key in sorted(export.keys):
        print(f"Signed with the key {key}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
