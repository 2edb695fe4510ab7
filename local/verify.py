"""Proves exported nights, or names the first thing that does not fit. Needs no network and no AWS.

    python -m local.verify FOLDER [--fingerprint HEX] [--from DATE] [--through DATE] [--gap DATE]

The fingerprint is the SHA-256 of the public key, as whoever is trusted told it: without it an
export proves only that it fits itself. A first or last night that was taken away leaves no trace
in what remains, so who knows the dates says them. Refuses to repair anything.
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from heapq import merge
from itertools import chain, groupby
from pathlib import Path

from chalicelib.adapters.ecdsa import verifies
from chalicelib.domain.attestation import Leaf, Sealed, key_name, name_of
from chalicelib.domain.verification import (
    Attested,
    Broken,
    check_link,
    check_payout,
    check_reports,
    check_signature,
    leaves_of,
    opened,
)
from local.export_form import check_manifest, lives, nights, sha256_of


@dataclass(frozen=True)
class Expected:
    """What whoever asks knows already: keys, dates, nights that were missed."""

    keys: frozenset[str] = frozenset()
    first: date | None = None
    last: date | None = None
    gaps: frozenset[date] = frozenset()


@dataclass
class Proof:
    """What holds, and what has to be said of it."""

    nights: list[date]
    keys: set[str] = field(default_factory=set)
    payouts: int = 0
    leaves: int = 0
    steps: int = 0
    unsigned: int = 0  # steps after the last that was signed for
    unsigned_reports: int = 0  # the last night's, and those of nights that were run again later
    follows: str = ""  # the attestation before the first, which is not in the export

    @property
    def text(self) -> str:
        """For people."""
        lines = [
            f"It holds: {len(self.nights)} nights, {self.nights[0]} to {self.nights[-1]}.",
            f"{self.leaves} leaves, {self.payouts} payouts, {self.steps} steps.",
            *(f"Signed with the key {key}." for key in sorted(self.keys)),
        ]
        if self.follows:
            lines.append(f"It begins after {self.follows}, which is not in this export.")
        if self.unsigned:
            noun = "step" if self.unsigned == 1 else "steps"
            lines.append(f"{self.unsigned} {noun} came after the last that is signed for.")
        if self.unsigned_reports:
            lines.append(f"Files of reports that no night has signed for: {self.unsigned_reports}.")
        return "\n".join(lines)


def prove(folder: Path, expected: Expected = Expected()) -> Proof:
    """Proves an export.

    Raises:
        Broken: the first thing that does not fit.
    """
    check_manifest(folder)
    proof = Proof(nights(folder))
    if not proof.nights:
        raise Broken("nights", "there is no attestation in this export")
    for edge, day in ((expected.first, proof.nights[0]), (expected.last, proof.nights[-1])):
        if edge is not None and edge != day:
            raise Broken(name_of(edge), f"the attestation is missing: the export has {day} there")
    sealed = list(_proven(folder, proof, expected))
    proof.unsigned_reports = _unsigned_reports(folder, sealed)
    _check_payouts(folder, sealed, proof)
    return proof


def _proven(folder: Path, proof: Proof, expected: Expected) -> Iterator[Sealed]:
    """The attestations, each with its signature, link and reports."""
    before = None
    for day in proof.nights:
        name = name_of(day)
        sealed = opened(name, _read(folder, name))
        key = sealed.attestation.key
        check_signature(
            sealed, _read(folder, key_name(key)), verifies=verifies, trusted=expected.keys
        )
        if before is None and sealed.attestation.before is not None:
            proof.follows = sealed.attestation.before.name
        else:
            check_link(sealed, before, expected.gaps)
            check_reports(sealed, _reports(folder, before))
        proof.keys.add(key)
        before = sealed
        yield sealed


def _reports(folder: Path, night: Sealed | None) -> dict[str, str]:
    """The SHA-256 of a night's reports, by name."""
    if night is None:
        return {}
    files = folder.glob(f"nights/{night.attestation.day}/report-*")
    return {str(file.relative_to(folder)): sha256_of(file) for file in files}


def _unsigned_reports(folder: Path, sealed: Iterable[Sealed]) -> int:
    """How many reports are in the folder that no night names: nothing proves what they say."""
    there = {str(file.relative_to(folder)) for file in folder.glob("nights/*/report-*")}
    return len(there - {report.name for each in sealed for report in each.attestation.reports})


def _check_payouts(folder: Path, sealed: Iterable[Sealed], proof: Proof) -> None:
    """Hold each payout against all of its leaves, in the order of ids: flat memory."""
    streams = [_attested(folder, each) for each in sealed]
    wanted = merge(*streams, key=lambda each: (each.leaf.transaction_id, each.day))
    there = lives(folder)
    life = next(there, None)
    for transaction_id, leaves in groupby(wanted, key=lambda each: each.leaf.transaction_id):
        attested = list(leaves)
        if life is not None and life[1].transaction_id < transaction_id:
            break
        if life is None or life[1].transaction_id != transaction_id:
            check_payout(transaction_id, attested, None, ())
            continue
        it = life[1]
        signed = check_payout(transaction_id, attested, it.standing, it.links)
        proof.payouts += 1
        proof.leaves += len(attested)
        proof.steps += len(it.links)
        proof.unsigned += len(it.links) - signed
        life = next(there, None)
    for file, other in chain([life] if life else [], there):
        raise Broken(file, f"payout {other.transaction_id} is named by no leaf")


def _attested(folder: Path, sealed: Sealed) -> Iterator[Attested]:
    leaves: Iterator[Leaf] = leaves_of(sealed, lambda name: _read(folder, name))
    return (Attested(sealed.attestation.day, leaf) for leaf in leaves)


def _read(folder: Path, name: str) -> bytes | None:
    file = folder / name
    return file.read_bytes() if file.is_file() else None


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        prog="python -m local.verify", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fingerprint", action="append", default=[], metavar="HEX",
                        help="a public key's SHA-256; any other key is refused")  # fmt: skip
    parser.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DATE",
                        help="the night that it must begin with")  # fmt: skip
    parser.add_argument("--through", type=date.fromisoformat, metavar="DATE",
                        help="the night that it must end with")  # fmt: skip
    parser.add_argument("--gap", action="append", default=[], type=date.fromisoformat,
                        metavar="DATE", help="a night known to follow missed ones")  # fmt: skip
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    """Returns the exit status: 1 where something does not fit."""
    chosen = arguments(given)
    keys = frozenset(each.lower() for each in chosen.fingerprint)
    expected = Expected(keys, chosen.first, chosen.through, frozenset(chosen.gap))
    try:
        print(prove(chosen.folder, expected).text)
    except Broken as broken:
        print(f"BROKEN  {broken.where}\n        {broken.what}", file=sys.stderr)
        return 1
    if not keys:
        print("No --fingerprint was given: compare the key with the one you were told.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
