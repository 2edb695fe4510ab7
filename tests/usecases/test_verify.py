"""A night can be held against what is stored now, page by page, and names what does not fit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.attestation import Sealed, name_of
from chalicelib.domain.errors import ArchiveUnavailable, Corrupt, NotFound, VaultUnavailable
from chalicelib.domain.money import Money
from chalicelib.domain.night import Reconciliation
from tests.fakes.signer import FakeSigner
from tests.usecases.attesting import DAY, Nights


@pytest.fixture
def w():
    """Two attested nights: one payout changed on both days, two on the first alone."""
    w = Nights()
    paid = w.pay(3)
    w.next_day()
    w.attest_yesterday()
    w.hears(paid[0])
    w.next_day()
    w.attest_yesterday()
    return w


def first(w):
    return w.today - 2 * DAY


def ids(w):
    return sorted(each.transaction_id for each in w.payouts)


def broken(w, day=None, **told):
    verdict = w.verify(day or first(w), **told)
    assert verdict.broken is not None
    assert verdict.position is None
    return verdict.broken.where


def test_nights_that_nobody_touched_hold(w):
    for day, leaves in ((first(w), 3), (w.today - DAY, 1)):
        verdict = w.verify(day)
        assert (verdict.broken, verdict.checked, verdict.position) == (None, leaves, None)
        assert verdict.attestation is not None
        assert verdict.attestation.day == day


def test_a_night_that_is_not_attested_is_not_there(w):
    with pytest.raises(NotFound):
        w.verify(w.today)


def test_an_attestation_that_was_taken_away_is_named(w):
    gone = name_of(first(w))
    w.nights.save(Reconciliation(first(w), 1, w.clock.now(), root="5d" * 32))
    del w.archive.objects[gone]
    verdict = w.verify(first(w))
    assert (verdict.attestation, verdict.broken.where, verdict.broken.what[:27]) == (
        None, gone, "the attestation was removed"
    )  # fmt: skip


@pytest.mark.parametrize(
    "told", [{"amount": Money(1)}, {"customer_id": "somebody-else"}], ids=["amount", "customer"]
)
def test_a_row_that_says_another_amount_or_customer_than_its_first_step_is_named(w, told):
    own = ids(w)[0]
    payout = w.store.state.payouts[own]
    w.store.state.payouts[own] = replace(payout, intent=replace(payout.intent, **told))
    verdict = w.verify(first(w))
    assert (verdict.broken.where, verdict.broken.what[:19]) == (
        f"payout {own}", "its row was changed"
    )  # fmt: skip


def test_it_is_gone_through_page_by_page(w):
    position, checked, pages = None, 0, 0
    while pages == 0 or position:
        verdict = w.verify(first(w), limit=1, position=position)
        position, checked, pages = verdict.position, checked + verdict.checked, pages + 1
        assert verdict.broken is None
    assert (checked, pages) == (3, 3)


def test_it_goes_through_chunk_after_chunk():
    w = Nights()
    w.pay(5)
    w.next_day()
    w.attest_yesterday(chunk=2)
    verdict = w.verify(w.today - DAY, limit=3)
    assert verdict.position == {"chunk": "1", "leaf": "1"}
    rest = w.verify(w.today - DAY, position=verdict.position)
    assert (verdict.checked, rest.checked, rest.position) == (3, 2, None)


def test_what_time_does_not_suffice_for_is_the_next_pages(w):
    verdict = w.verify(first(w), time_left=lambda: 2.9)
    assert (verdict.checked, verdict.position) == (0, {"chunk": "0", "leaf": "0"})


def test_a_changed_removed_or_shortened_payout_is_named(w):
    own = ids(w)[1]
    steps = w.store.state.steps
    kept = list(steps[own])
    out, *others = kept[0].postings
    changed = replace(kept[0], postings=(replace(out, amount=Money(1)), *others))
    steps[own] = [changed, *kept[1:]]
    assert broken(w) == f"payout {own}, step 1"
    steps[own] = kept[:-1]
    assert broken(w) == f"payout {own}, step {len(kept)}"
    steps[own] = []
    assert broken(w) == f"payout {own}"
    steps[own] = kept
    payout = w.store.state.payouts.pop(own)
    verdict = w.verify(first(w))
    assert (verdict.broken.where, verdict.broken.what[:19]) == (
        f"payout {own}", "its row was removed"
    )  # fmt: skip
    assert verdict.checked == 1
    w.store.state.payouts[own] = payout
    assert w.verify(first(w)).broken is None


def test_an_archived_step_that_cannot_be_read_is_named(w):
    own = ids(w)[0]

    class Torn:
        def get(self, _own):
            raise Corrupt("the row")

    assert broken(w, payouts=Torn()) == f"payout {own}"


def test_a_changed_attestation_or_chunk_is_named(w):
    name = name_of(first(w))
    chunk = next(each for each in w.archive.objects if f"{first(w)}/leaves" in each)
    for each in (name, chunk):
        kept = w.archive.objects[each]
        w.archive.objects[each] = kept[:-1] + bytes([kept[-1] ^ 1])
        assert broken(w) == each
        w.archive.objects[each] = kept
    assert w.verify(first(w)).broken is None


def test_a_root_that_is_not_that_of_the_leaves_is_named(w):
    name = name_of(first(w))
    made = replace(Sealed.parse(w.archive.objects[name]).attestation, root="5d" * 32)
    w.archive.objects[name] = Sealed(made, w.signer.sign(made.digest).signature).raw
    assert broken(w) == name


def test_a_night_signed_with_another_key_is_named(w):
    assert broken(w, signer=FakeSigner()) == name_of(first(w))


def test_the_night_before_is_asked_for(w):
    last, name = w.today - DAY, name_of(first(w))
    kept = w.archive.objects.pop(name)
    assert broken(w, last) == name
    w.archive.objects[name] = kept.replace(b"1", b"2", 1)
    assert broken(w, last) == name
    w.archive.objects[name] = kept
    w.archive.objects[name_of(first(w) - DAY)] = w.archive.objects[name_of(last)]
    assert broken(w) == name_of(first(w) - DAY)


def test_who_does_not_answer_breaks_nothing(w):
    w.signer.down = True
    with pytest.raises(VaultUnavailable):
        w.verify(first(w))
    w.signer.down = False
    w.archive.down = True
    with pytest.raises(ArchiveUnavailable):
        w.verify(first(w))
