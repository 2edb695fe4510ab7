"""What a night signs for: its figures, and a root over where every payout of the day had come to.

One document a Sydney date, for ever. It is canonical JSON, so that there is one way to write it and
a digest means one document; it names the night before by the digest of its whole file, signature
included. Refuses to read what is written in any other way. Knows no key: a signature is bytes here.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import zlib
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chalicelib.domain.errors import Corrupt
from chalicelib.domain.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

ALGORITHM = "ECDSA_SHA_256"
FORMAT = 1
FOLDER = "nights/"
JSON, LEAVES, KEY = "application/json", "application/gzip", "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A payout's last step of a Sydney date; its line is what the tree is made of."""

    transaction_id: str
    sequence: int
    hash: str

    @property
    def line(self) -> bytes:
        """The one way to write it."""
        return canonical([self.transaction_id, self.sequence, self.hash])


@dataclass(frozen=True, slots=True)
class Chunk:
    """An object of the archive with some of the leaves, in the order of the payouts' ids."""

    name: str
    sha256: str
    leaves: int


@dataclass(frozen=True, slots=True)
class Filed:
    """An object of the archive that belongs to a night: a report, or the attestation before."""

    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Attestation:
    """What is signed. Sums and amounts are whole cents.

    `before` is the attestation that it follows, `None` for the first of all. `reports` are those of
    the night before, which were written after it was signed. `key` is the hexadecimal SHA-256 of
    the public key (DER).
    """

    day: date
    run: int
    made_at: datetime
    key: str
    root: str
    leaves: int
    chunks: tuple[Chunk, ...]
    before: Filed | None
    reports: tuple[Filed, ...]
    counts: Mapping[str, int]
    sums: Mapping[str, Money]
    findings: int
    findings_digest: str
    unexplained: Money
    opening: Money | None = None
    closing: Money | None = None

    @property
    def digest(self) -> bytes:
        """The SHA-256 that is signed (32 bytes)."""
        return hashlib.sha256(canonical(_plain(self))).digest()


@dataclass(frozen=True, slots=True)
class Sealed:
    """An attestation with its signature: a file of the archive."""

    attestation: Attestation
    signature: bytes

    @property
    def raw(self) -> bytes:
        """The bytes of the file."""
        signature = base64.b64encode(self.signature).decode()
        return canonical({"attestation": _plain(self.attestation), "signature": signature})

    @property
    def filed(self) -> Filed:
        """The file, as the next night names it."""
        return Filed(name_of(self.attestation.day), hashlib.sha256(self.raw).hexdigest())

    @classmethod
    def parse(cls, raw: bytes) -> Sealed:
        """The attestation of a file.

        Raises:
            Corrupt: it is none, or not written in the one way.
        """
        try:
            told = json.loads(raw, parse_float=Decimal)  # which canonical JSON has no form for
            sealed = cls(_attestation(told["attestation"]), base64.b64decode(told["signature"]))
            same = sealed.raw == raw
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Corrupt("an attestation that cannot be read") from error
        if not same:
            raise Corrupt("an attestation that is not written as one is")
        return sealed


def canonical(told: object) -> bytes:
    """Plain values as the one JSON text that stands for them."""
    text = json.dumps(told, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return text.encode()


def name_of(day: date) -> str:
    """The archive's name of a date's attestation."""
    return f"{FOLDER}{day.isoformat()}/attestation.json"


def day_of(name: str) -> date | None:
    """The date whose attestation bears that name; `None` where it is another object's."""
    day, _, rest = name.removeprefix(FOLDER).partition("/")
    return date.fromisoformat(day) if rest == "attestation.json" else None


def key_name(fingerprint: str) -> str:
    """The archive's name of a public key."""
    return f"{FOLDER}keys/{fingerprint}.der"


def fingerprint_of(key: bytes) -> str:
    """What a public key (DER) is known by: its hexadecimal SHA-256."""
    return hashlib.sha256(key).hexdigest()


def findings_digest(findings: Iterable[str]) -> str:
    """What stands for the ids of the findings, in whichever order they were found."""
    return hashlib.sha256(canonical(sorted(set(findings)))).hexdigest()


def chunk_name(day: date, number: int, content: bytes) -> str:
    """The archive's name of a chunk: with its content's digest, so that no two claim one name."""
    digest = hashlib.sha256(content).hexdigest()[:16]
    return f"{FOLDER}{day.isoformat()}/leaves-{number:05d}-{digest}.jsonl.gz"


def packed(leaves: Iterable[Leaf]) -> bytes:
    """Leaves as a chunk: a line each, compressed without a date in it."""
    return gzip.compress(b"".join(leaf.line + b"\n" for leaf in leaves), 6, mtime=0)


def unpacked(content: bytes) -> Iterator[Leaf]:
    """The leaves of a chunk.

    Raises:
        Corrupt: it is no chunk.
    """
    try:
        for line in gzip.decompress(content).splitlines():
            transaction_id, sequence, link = json.loads(line)
            yield Leaf(transaction_id, sequence, link)
    except (ValueError, TypeError, EOFError, OSError, zlib.error) as error:
        raise Corrupt("a chunk of leaves that cannot be read") from error


def _plain(it: Attestation) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "date": it.day.isoformat(),
        "run": it.run,
        "made_at": it.made_at.isoformat(),
        "algorithm": ALGORITHM,
        "key": it.key,
        "root": it.root,
        "leaves": it.leaves,
        "chunks": [[each.name, each.sha256, each.leaves] for each in it.chunks],
        "previous": None if it.before is None else [it.before.name, it.before.sha256],
        "reports": [[each.name, each.sha256] for each in it.reports],
        "counts": dict(it.counts),
        "sums": {name: amount.cents for name, amount in it.sums.items()},
        "findings": it.findings,
        "findings_digest": it.findings_digest,
        "unexplained": it.unexplained.cents,
        "opening": None if it.opening is None else it.opening.cents,
        "closing": None if it.closing is None else it.closing.cents,
    }


def _attestation(told: Mapping[str, Any]) -> Attestation:
    return Attestation(
        day=date.fromisoformat(told["date"]),
        run=told["run"],
        made_at=datetime.fromisoformat(told["made_at"]),
        key=told["key"],
        root=told["root"],
        leaves=told["leaves"],
        chunks=tuple(Chunk(*each) for each in told["chunks"]),
        before=None if told["previous"] is None else Filed(*told["previous"]),
        reports=tuple(Filed(*each) for each in told["reports"]),
        counts=told["counts"],
        sums={name: Money(cents) for name, cents in told["sums"].items()},
        findings=told["findings"],
        findings_digest=told["findings_digest"],
        unexplained=Money(told["unexplained"]),
        opening=None if told["opening"] is None else Money(told["opening"]),
        closing=None if told["closing"] is None else Money(told["closing"]),
    )
