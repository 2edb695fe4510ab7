"""What was changed after it was signed for is noticed, and named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.ecdsa import verifies
from chalicelib.domain.advance import advance, begin
from chalicelib.domain.attestation import (
    Chunk,
    Leaf,
    Sealed,
    chunk_name,
    fingerprint_of,
    key_name,
    name_of,
    packed,
)
from chalicelib.domain.chain import chained, link_of
from chalicelib.domain.events import Accepted, Confirmed, Returned, Started
from chalicelib.domain.merkle import Tree
from chalicelib.domain.recorded import Recorded
from chalicelib.domain.verification import (
    Attested,
    Broken,
    Standing,
    check_link,
    check_payout,
    check_reports,
    check_signature,
    chunk_of,
    leaves_of,
    opened,
)
from tests.domain.making import ID, event, intent
from tests.domain.test_attestation import MADE
from tests.fakes.signer import FakeSigner

DAY, NEXT = date(2026, 3, 2), date(2026, 3, 3)
HOURS = 3600.0


def recorded(*events):
    """The steps of a payout, as they are stored."""
    step = begin(intent(), by="olive")
    steps = [step]
    for told in events:
        step = advance(step.after, told)
        steps.append(step)
    return [
        Recorded(it.after.version, it.event, str(it.after.status), it.postings,
                 it.before.last_hash if it.before else "", it.after.last_hash)
        for it in steps
    ]  # fmt: skip


LINKS = [
    link_of(each)
    for each in recorded(
        event(Started, later=1), event(Accepted, later=2), event(Confirmed, later=24 * HOURS),
        event(Returned, later=49 * HOURS),
    )
]  # fmt: skip
ATTESTED = [Attested(DAY, Leaf(ID, 3, LINKS[2].hash)), Attested(NEXT, Leaf(ID, 4, LINKS[3].hash))]
STANDING = Standing(5, LINKS[4].hash)


def breaks(attested=ATTESTED, standing=STANDING, links=LINKS):
    with pytest.raises(Broken) as broken:
        check_payout(ID, attested, standing, links)
    return broken.value.where.removeprefix(f"payout {ID}").removeprefix(", "), broken.value.what


def test_a_chain_that_nobody_touched_holds_and_says_how_far_it_is_signed_for():
    assert check_payout(ID, ATTESTED, STANDING, LINKS) == 4


def test_a_row_that_was_read_a_moment_before_its_steps_is_no_break():
    assert check_payout(ID, ATTESTED, Standing(4, LINKS[3].hash), LINKS) == 4


def test_a_removed_payout_is_noticed():
    where, what = breaks(standing=None, links=[])
    assert (where, what) == ("", "it was removed: 2026-03-03 attests its step 4")


def test_a_removed_row_is_noticed():
    assert breaks(standing=None)[1].startswith("its row was removed")


def test_a_row_that_was_set_back_is_noticed():
    assert breaks(standing=Standing(3, LINKS[2].hash))[1].startswith("its row was set back")


def test_a_row_that_does_not_follow_from_the_steps_is_noticed():
    assert breaks(standing=Standing(5, LINKS[3].hash))[1].startswith("its row does not follow")


def test_a_chain_that_ends_before_its_row_is_noticed():
    assert breaks(links=LINKS[:4]) == ("step 5", "it is missing: the row is further on")


def test_a_chain_that_ends_before_what_was_signed_for_is_noticed():
    where, what = breaks(standing=Standing(3, LINKS[2].hash), links=LINKS[:3])
    assert (where, what) == (
        "step 4", "it is missing: 2026-03-03 attests it, and the steps end at 3"
    )  # fmt: skip


@pytest.mark.parametrize("sequence", [0, -1])
def test_a_leaf_of_no_step_is_noticed(sequence):
    leaf = Attested(DAY, Leaf(ID, sequence, LINKS[2].hash))
    assert breaks(attested=[leaf])[0] == f"step {sequence}"


@pytest.mark.parametrize("at", range(4))
def test_a_missing_step_is_named(at):
    where, what = breaks(links=LINKS[:at] + LINKS[at + 1 :])
    assert (where, what) == (f"step {at + 1}", f"it is missing: step {at + 2} stands in its place")


@pytest.mark.parametrize("at", range(5))
def test_a_changed_posting_is_named(at):
    moved = (("held", "customer-1", 1), *LINKS[at].moved[1:])
    where, what = breaks(links=changed(at, moved=moved))
    assert (where, what) == (
        f"step {at + 1}", "its hash is not that of what it says: it was changed"
    )  # fmt: skip


@pytest.mark.parametrize("at", range(5))
def test_a_changed_event_is_named(at):
    where, _ = breaks(links=changed(at, told={**LINKS[at].told, "by": "somebody else"}))
    assert where == f"step {at + 1}"


def changed(at, **told):
    links = [*LINKS]
    links[at] = replace(links[at], **told)
    return links


def rewritten(at, **told):
    """As somebody would do it who knows how the chain is made."""
    links = changed(at, **told)
    for place in range(at, len(links)):
        previous = links[place - 1].hash if place else ""
        link = chained(previous, links[place].told, links[place].moved)
        links[place] = replace(links[place], previous_hash=previous, hash=link)
    return links


@pytest.mark.parametrize(("at", "named"), [(0, 3), (2, 3), (3, 4)])
def test_a_chain_that_was_rewritten_whole_is_named_where_it_was_signed_for(at, named):
    links = rewritten(at, told={**LINKS[at].told, "by": "somebody else"})
    where, what = breaks(links=links, standing=Standing(5, links[4].hash))
    assert where == f"step {named}"
    assert what.endswith("attests: the chain was rewritten")


def test_a_link_that_leads_elsewhere_is_named():
    where, what = breaks(links=changed(2, previous_hash=LINKS[0].hash))
    assert (where, what[:30]) == ("step 3", "it does not follow from the st")


def test_a_leaf_for_another_day_than_its_steps_is_noticed():
    where, what = breaks(attested=[Attested(NEXT, ATTESTED[0].leaf)])
    assert (where, what) == ("step 3", "it is of 2026-03-02, and attested for 2026-03-03")


def test_what_was_told_late_falls_on_the_day_of_the_step_before():
    late = [link_of(each) for each in recorded(
        event(Started, later=24 * HOURS), event(Accepted, later=2),
    )]  # fmt: skip
    leaf = Attested(NEXT, Leaf(ID, 3, late[2].hash))
    assert check_payout(ID, [leaf], Standing(3, late[2].hash), late) == 3


@pytest.mark.parametrize("told", [{"at": "no time"}, {}])
def test_a_step_that_does_not_say_when_it_was_is_named(told):
    links = rewritten(4, told={**LINKS[4].told, "at": None, **told})
    assert breaks(links=links)[0] == "step 5"
    links = rewritten(4, told={})
    assert breaks(links=links) == ("step 5", "it does not say when it was")


# Attestations


def sealed_by(signer, made):
    made = replace(made, key=fingerprint_of(signer.public_key()))
    return Sealed(made, signer.sign(made.digest).signature)


SIGNER = FakeSigner()
KEY = SIGNER.public_key()
SEALED = sealed_by(SIGNER, MADE)


def test_a_signature_fits_its_key_and_document():
    check_signature(SEALED, KEY, verifies=verifies)
    check_signature(SEALED, KEY, verifies=verifies, trusted=[fingerprint_of(KEY)])


def where(sealed, key, **told):
    with pytest.raises(Broken) as broken:
        check_signature(sealed, key, verifies=verifies, **told)
    return broken.value.where


def test_a_signature_of_another_document_key_or_nobody_is_noticed():
    other = Sealed(replace(SEALED.attestation, run=2), SEALED.signature)
    assert where(other, KEY) == name_of(DAY)
    assert where(Sealed(SEALED.attestation, b""), KEY) == name_of(DAY)
    assert where(SEALED, None) == key_name(fingerprint_of(KEY))
    assert where(SEALED, FakeSigner().public_key()) == key_name(fingerprint_of(KEY))


def test_a_key_that_is_not_trusted_proves_nothing():
    assert where(SEALED, KEY, trusted=["0f"]) == name_of(DAY)


def test_only_keys_on_the_curve_that_is_agreed_fit_anything():
    digest = MADE.digest
    for key in (
        ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048),
    ):  # fmt: skip
        public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        assert not verifies(public, SEALED.signature, digest)
    larger = ec.generate_private_key(ec.SECP384R1())
    public = larger.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert not verifies(public, larger.sign(digest, ec.ECDSA(Prehashed(SHA256()))), digest)
    assert not verifies(b"no key", SEALED.signature, digest)
    assert not verifies(KEY, SEALED.signature, digest[:-1])


def test_an_attestation_is_opened_under_its_own_name_alone():
    assert opened(name_of(DAY), SEALED.raw) == SEALED
    for name, raw in ((name_of(DAY), None), (name_of(DAY), b"{}"), (name_of(NEXT), SEALED.raw)):
        with pytest.raises(Broken) as broken:
            opened(name, raw)
        assert broken.value.where == name


FIRST = sealed_by(SIGNER, replace(MADE, before=None, reports=()))
SECOND = sealed_by(SIGNER, replace(MADE, day=NEXT, before=FIRST.filed))
LATER = sealed_by(SIGNER, replace(MADE, day=NEXT + timedelta(days=2), before=SECOND.filed))


def unlinked(sealed, before, *gaps):
    with pytest.raises(Broken) as broken:
        check_link(sealed, before, gaps)
    return broken.value.where


def test_nights_that_follow_each_other_are_linked():
    check_link(FIRST, None)
    check_link(SECOND, FIRST)


def test_a_missing_exchanged_or_denied_night_before_is_named():
    assert unlinked(SECOND, None) == name_of(DAY)
    assert unlinked(FIRST, sealed_by(SIGNER, replace(MADE, day=DAY - timedelta(days=1)))) == (
        name_of(DAY)
    )
    assert unlinked(SECOND, sealed_by(SIGNER, FIRST.attestation)) == name_of(DAY)  # signed anew
    assert unlinked(LATER, FIRST) == name_of(NEXT)


def test_a_night_that_was_missed_is_named_unless_that_is_known():
    assert unlinked(LATER, SECOND) == name_of(NEXT + timedelta(days=1))
    check_link(LATER, SECOND, [LATER.attestation.day])


def test_reports_are_what_the_next_night_signed_for():
    report = SEALED.attestation.reports[0]
    check_reports(SEALED, {report.name: report.sha256, "another": ""})
    check_reports(FIRST, {})
    for hashes in ({}, {report.name: "00"}):
        with pytest.raises(Broken) as broken:
            check_reports(SEALED, hashes)
        assert broken.value.where == report.name


LEAVES = [Leaf(f"{number:036d}", number, "0a") for number in range(1, 8)]


def night_of(*chunks, **told):
    """An attestation over chunks of leaves, and what holds them."""
    tree, named, objects = Tree(), [], {}
    for number, leaves in enumerate(chunks):
        content = packed(leaves)
        name = chunk_name(DAY, number, content)
        objects[name] = content
        named.append(Chunk(name, fingerprint_of(content), len(leaves)))
        for leaf in leaves:
            tree.add(leaf.line)
    plain = {"root": tree.root, "leaves": tree.count, "chunks": tuple(named)}
    return sealed_by(SIGNER, replace(MADE, **{**plain, **told})), objects


NIGHT, OBJECTS = night_of(LEAVES[:3], LEAVES[3:])


def test_leaves_are_read_chunk_by_chunk_and_prove_the_root():
    assert list(leaves_of(NIGHT, OBJECTS.get)) == LEAVES
    assert list(chunk_of(NIGHT, 1, OBJECTS.get)) == LEAVES[3:]


def unproven(night, objects):
    with pytest.raises(Broken) as broken:
        list(leaves_of(night, objects.get))
    return broken.value.where


def test_a_chunk_that_is_missing_or_changed_is_named():
    first, second = OBJECTS
    assert unproven(NIGHT, {first: OBJECTS[first]}) == second
    assert unproven(NIGHT, OBJECTS | {first: packed(LEAVES[:2])}) == first


def test_leaves_that_were_signed_for_wrongly_are_noticed_all_the_same():
    night, objects = night_of(LEAVES[:3], LEAVES[2:])
    assert unproven(night, objects) == night.attestation.chunks[1].name
    for told in ({"root": "5d" * 32}, {"leaves": 8}):
        assert unproven(*night_of(LEAVES, **told)) == name_of(DAY)
    (chunk,) = night_of(LEAVES)[0].attestation.chunks
    short = (replace(chunk, leaves=6),)
    assert unproven(*night_of(LEAVES, chunks=short)) == chunk.name


def test_a_chunk_that_was_signed_for_and_is_none_is_named():
    chunk = Chunk("nights/x", fingerprint_of(b"none"), 1)
    night, _ = night_of(chunks=(chunk,))
    assert unproven(night, {chunk.name: b"none"}) == chunk.name


@given(st.data())
def test_any_byte_of_a_chunk_is_noticed(data):
    name = data.draw(st.sampled_from(sorted(OBJECTS)))
    raw = bytearray(OBJECTS[name])
    raw[data.draw(st.integers(0, len(raw) - 1))] ^= data.draw(st.integers(1, 255))
    assert unproven(NIGHT, OBJECTS | {name: bytes(raw)}) == name


def test_a_break_says_where_and_what():
    assert str(Broken("payout 1, step 2", "it was changed")) == "payout 1, step 2: it was changed"
