"""The signed document: one way to write it, and nothing else is read as one."""

from __future__ import annotations

import base64
import gzip
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.attestation import (
    Attestation,
    Chunk,
    Filed,
    Leaf,
    Sealed,
    chunk_name,
    day_of,
    findings_digest,
    key_name,
    name_of,
    packed,
    unpacked,
)
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.gathering import Gathering
from chalicelib.domain.money import Money
from tests.domain.making import ID

DAY = date(2026, 3, 2)
MADE = Attestation(
    day=DAY, run=1, made_at=datetime(2026, 3, 2, 16, 0, tzinfo=UTC), key="0f" * 32,
    root="5d" * 32, leaves=2, chunks=(Chunk("nights/2026-03-02/leaves-00000.gz", "1a" * 32, 2),),
    before=Filed("nights/2026-03-01/attestation.json", "2b" * 32),
    reports=(Filed("nights/2026-03-01/report-run-1.md", "3c" * 32),),
    counts={"payouts": 2, "agreed": 2}, sums={"paid": Money(20_000)}, findings=1,
    findings_digest="4d" * 32, unexplained=Money(0), opening=Money(5), closing=None,
)  # fmt: skip
SEALED = Sealed(MADE, b"a signature")


def test_it_is_read_back_as_it_was_written():
    assert Sealed.parse(SEALED.raw) == SEALED
    first = Sealed(replace(MADE, before=None, opening=None, closing=Money(7)), b"")
    assert Sealed.parse(first.raw) == first


def test_what_is_signed_is_what_it_has_always_been():
    """Written down: a document signed years ago has to prove itself with today's code."""
    digest = "9bd7f2a387926ecd866e448afeee2fe179c7f3dcb4aa7df54fb6894bd1ce880a"
    assert MADE.digest.hex() == digest


_OTHER: dict[str, Any] = {
    "day": date(2026, 3, 3), "run": 2, "made_at": datetime(2026, 3, 2, 16, 1, tzinfo=UTC),
    "key": "", "root": "", "leaves": 3, "chunks": (), "before": None, "reports": (),
    "counts": {}, "sums": {}, "findings": 2, "findings_digest": "", "unexplained": Money(1),
    "opening": None, "closing": Money(0),
}  # fmt: skip


@pytest.mark.parametrize("name", Attestation.__slots__)
def test_every_field_of_it_is_signed(name):
    assert replace(MADE, **{name: _OTHER[name]}).digest != MADE.digest


def test_the_next_night_names_the_whole_file_with_its_signature():
    assert SEALED.filed.name == "nights/2026-03-02/attestation.json"
    assert SEALED.filed != Sealed(MADE, b"another").filed


@given(st.integers(0, len(SEALED.raw) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed_without_making_it_another_or_none(place, by):
    raw = bytearray(SEALED.raw)
    raw[place] = (raw[place] + by) % 256
    try:
        other = Sealed.parse(bytes(raw))
    except Corrupt:
        return
    assert (other.attestation.digest, other.signature) != (MADE.digest, SEALED.signature)


def told(**changed):
    document = json.loads(SEALED.raw)
    document["attestation"] |= changed
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"[]", b"{}", SEALED.raw + b"\n", SEALED.raw.replace(b":", b": ", 1),
        told(more=1), told(run=1.5), told(date="2026-3-2"), told(counts=None), told(format=2),
        SEALED.raw.replace(base64.b64encode(SEALED.signature), b"===="),
    ],
)  # fmt: skip
def test_what_is_not_written_in_the_one_way_is_refused(raw):
    with pytest.raises(Corrupt):
        Sealed.parse(raw)


def test_names_tell_dates_and_only_attestations_are_taken_for_such():
    assert day_of(name_of(DAY)) == DAY
    assert day_of(key_name("0f")) is None
    assert day_of("nights/2026-03-02/report-run-1.md") is None


LEAVES = [Leaf(ID, 3, "0a"), Leaf(ID[::-1], 1, "0b")]


def test_leaves_are_packed_into_the_same_bytes_every_time_and_unpacked():
    assert packed(LEAVES) == packed(iter(LEAVES))
    assert list(unpacked(packed(LEAVES))) == LEAVES
    assert packed(LEAVES)[4:8] == bytes(4)  # no date in it
    assert LEAVES[0].line == f'["{ID}",3,"0a"]'.encode()


@pytest.mark.parametrize(
    "content",
    [
        b"x",
        packed(LEAVES)[:-9],
        *(gzip.compress(text, mtime=0) for text in (b"[1]\n", b"x", b"1")),
        packed(LEAVES)[:20] + b"xxxx" + packed(LEAVES)[24:],
    ],
    ids=["no gzip", "cut short", "no leaf", "no JSON", "no list", "damaged"],
)
def test_what_is_no_chunk_is_refused(content):
    with pytest.raises(Corrupt):
        list(unpacked(content))


def test_a_chunk_is_named_by_its_content_so_that_no_two_claim_a_name():
    one, other = packed(LEAVES), packed(LEAVES[:1])
    assert chunk_name(DAY, 7, one).startswith("nights/2026-03-02/leaves-00007-")
    assert chunk_name(DAY, 7, one) != chunk_name(DAY, 7, other)


def test_findings_are_signed_for_in_whichever_order_they_were_found():
    assert findings_digest(["a", "b"]) == findings_digest(["b", "a", "a"])
    assert findings_digest(["a"]) != findings_digest(["b"])


def test_a_gathering_is_gone_on_with_from_its_text():
    begun = Gathering.parse("")
    assert (begun.leaves, begun.chunks, begun.whole) == (0, (), False)
    chunks, tree = begun.with_chunk(Chunk("name", "sha", 2), LEAVES)
    some = Gathering(chunks, tree, ID, whole=True)
    assert Gathering.parse(some.text()) == some
    assert some.leaves == 2
    assert some.root != begun.root
