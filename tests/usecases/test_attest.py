"""A day is signed for once, for ever, with every payout of it as it stood at the day's end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import chain, repeat

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.ecdsa import verifies
from chalicelib.domain.attestation import (
    Leaf,
    Sealed,
    chunk_name,
    findings_digest,
    fingerprint_of,
    key_name,
    name_of,
    packed,
)
from chalicelib.domain.calendar import start_of
from chalicelib.domain.errors import ArchiveUnavailable, Corrupt, Stale, VaultUnavailable
from chalicelib.domain.money import Money
from chalicelib.domain.night import Stage
from chalicelib.domain.verification import Broken, check_link, check_signature, leaves_of
from chalicelib.ports import Signed
from chalicelib.usecases.attest import SETTLES
from tests.fakes.nights import MemoryNights
from tests.usecases.attesting import DAY, Nights


@pytest.fixture
def w():
    return Nights()


def sealed(w, day):
    return Sealed.parse(w.archive.objects[name_of(day)])


def leaves(w, day):
    return list(leaves_of(sealed(w, day), w.archive.get))


def marks(payouts):
    made = [Leaf(it.transaction_id, it.version, it.last_hash) for it in payouts]
    return sorted(made, key=lambda leaf: leaf.transaction_id)


def test_every_payout_of_the_day_is_signed_for_as_it_stood_at_its_end(w):
    yesterday = w.pay(3)
    w.next_day()
    paid = w.pay(3)
    again = w.hears(yesterday[0])
    expected = marks([*paid, again])
    w.next_day()
    w.pay(2)
    done = w.attest_yesterday()
    assert done.stage is Stage.REPORTED
    assert (done.position, done.counts["attested"]) == ("", 4)
    assert leaves(w, w.today - DAY) == expected
    assert done.root == sealed(w, w.today - DAY).attestation.root
    assert done == w.saved[-1]


def test_a_payout_that_changed_again_since_is_signed_for_as_it_stood_then(w):
    paid = w.pay(2)
    w.next_day()
    w.hears(paid[0])
    seen = w.meanwhile("payouts")
    w.attest_yesterday()
    assert leaves(w, w.today - DAY) == marks(paid)
    assert seen.calls == []


def test_a_payout_that_moved_on_twice_since_is_looked_up_by_its_steps(w):
    paid = w.pay(2)
    day = w.today
    w.next_day()
    w.hears(paid[0], amount=Money(40))
    w.next_day()
    w.hears(paid[0], amount=Money(40), return_id="r-1")
    seen = w.meanwhile("payouts")
    w.attest(w.night(day))
    assert leaves(w, day) == marks(paid)
    assert seen.calls == ["steps"]


def test_a_payout_that_only_changed_before_and_after_is_none_of_the_days(w):
    paid = w.pay(2)
    w.next_day(2)
    w.hears(paid[0])
    w.next_day()
    w.hears(paid[0], return_id="r-1")
    seen = w.meanwhile("payouts")
    done = w.attest(w.night(w.today - 2 * DAY))
    assert (done.counts["attested"], seen.calls) == (0, ["steps"])


def test_a_row_without_a_mark_is_looked_up_by_its_steps(w):
    (paid,) = w.pay()
    day = w.today
    w.next_day()
    w.hears(paid)
    w.changes.of_day = unmarked(w.changes.of_day)
    w.attest(w.night(day))
    assert leaves(w, day) == marks([paid])


def unmarked(of_day):
    def without(day, *, after=""):
        return (replace(each, eve=None) for each in of_day(day, after=after))

    return without


def test_a_day_on_which_nothing_happened_is_signed_for_too(w):
    w.next_day()
    done = w.attest_yesterday()
    assert done.counts["attested"] == 0
    assert done.root == sealed(w, w.today - DAY).attestation.root
    assert leaves(w, w.today - DAY) == []


def test_a_payout_that_moves_to_the_next_day_while_it_is_read_is_not_lost(w):
    paid = w.pay(4)
    w.next_day()
    of_day, day = w.changes.of_day, w.today - DAY

    def moving(on, *, after=""):
        some = list(of_day(on, after=after))
        if on == w.today:  # the day itself was read already
            return iter(some)
        w.hears(paid[0])
        kept = [each for each in some if each.transaction_id != paid[0].transaction_id]
        return iter(kept)

    w.changes.of_day = moving
    w.attest(w.night(day))
    assert leaves(w, day) == marks(paid)


def test_a_moment_before_midnight_the_day_to_come_is_read_as_well(w):
    (paid,) = w.pay()
    day = w.today
    w.clock.set(start_of(day + 2 * DAY) - timedelta(seconds=1))
    of_day = w.changes.of_day

    def midnight(on, *, after=""):
        if on == day:
            w.clock.advance(2)
            w.hears(paid)
        return of_day(on, after=after)

    w.changes.of_day = midnight
    w.attest(w.night(day))
    assert leaves(w, day) == marks([paid])


def test_a_day_is_not_signed_for_before_its_last_steps_are_written(w):
    w.pay()
    night = w.night(w.today)
    over = start_of(w.today + DAY) + SETTLES
    w.clock.set(over - timedelta(seconds=1))
    assert w.attest(night) == night
    assert w.archive.objects == {}
    w.clock.set(over)
    assert w.attest(night).stage is Stage.REPORTED


def test_the_document_holds_the_figures_of_the_night(w):
    w.next_day()
    night = w.night(
        w.today - DAY, run=2, counts={"payouts": 7}, sums={"paid": Money(700)},
        findings=("b", "a", "b"), unexplained=Money(3), opening=Money(10), closing=Money(-1),
    )  # fmt: skip
    w.attest(night)
    told = sealed(w, night.day).attestation
    assert (told.day, told.run, told.made_at) == (night.day, 2, w.clock.now())
    assert (told.counts, told.sums) == ({"payouts": 7}, {"paid": Money(700)})
    assert (told.findings, told.findings_digest) == (2, findings_digest({"a", "b"}))
    assert (told.unexplained, told.opening, told.closing) == (Money(3), Money(10), Money(-1))


def test_the_signature_fits_the_key_that_lies_beside_it(w):
    w.next_day()
    w.attest_yesterday()
    made = sealed(w, w.today - DAY)
    key = w.archive.objects[key_name(made.attestation.key)]
    check_signature(made, key, verifies=verifies, trusted={fingerprint_of(w.signer.public_key())})


def test_a_signature_of_another_kind_is_not_kept(w):
    w.next_day()

    class Other:
        public_key = w.signer.public_key

        def sign(self, digest):
            return Signed(digest, "key", "RSASSA_PSS_SHA_256")

    with pytest.raises(Corrupt):
        w.attest_yesterday(signer=Other())
    assert name_of(w.today - DAY) not in w.archive.objects


def test_each_night_names_the_one_before_and_its_reports(w):
    w.next_day()
    w.attest_yesterday()
    first = sealed(w, w.today - DAY)
    assert first.attestation.before is None
    w.archive.put(f"nights/{w.today - DAY}/report-run-1.md", b"# Report", kind="text/markdown")
    w.next_day()
    w.attest_yesterday()
    second = sealed(w, w.today - DAY)
    assert second.attestation.before == first.filed
    assert [it.name for it in second.attestation.reports] == [
        f"nights/{w.today - 2 * DAY}/report-run-1.md"
    ]
    check_link(second, first)


def test_a_second_run_finds_the_attestation_and_makes_no_other(w):
    w.pay()
    w.next_day()
    first = w.attest_yesterday()
    before = dict(w.archive.objects)
    w.pay()
    again = w.attest(w.night(w.today - DAY, run=2, counts={"payouts": 9}))
    assert (again.stage, again.root) == (Stage.REPORTED, first.root)
    assert again.counts == {"payouts": 9, "attested": 1}
    assert w.archive.objects == before
    assert w.signer.calls == 1


def test_of_two_runners_the_faster_ones_attestation_counts_for_both(w):
    w.pay()
    w.next_day()
    night = w.night(w.today - DAY)
    put = w.archive.put
    others: list[str] = []

    def overtaken(name, content, *, kind):
        if name == name_of(night.day) and not others:
            others.append("")
            w.clock.advance(1)
            others.append(w.attest(replace(night, run=2)).root)
        return put(name, content, kind=kind)

    w.archive.put = overtaken
    done = w.attest(night)
    assert done.root == others[-1]
    assert sealed(w, night.day).attestation.run == 2


def test_what_the_faster_runner_has_signed_is_what_the_night_goes_by(w):
    w.next_day()
    night = w.night(w.today - DAY)
    put = w.archive.put

    def overtaken(name, content, *, kind):
        if name == name_of(night.day):
            other = replace(Sealed.parse(content).attestation, root="5d" * 32)
            w.archive.objects[name] = Sealed(other, b"").raw
        return put(name, content, kind=kind)

    w.archive.put = overtaken
    assert w.attest(night).root == "5d" * 32


def test_an_attestation_of_another_date_or_none_at_all_is_not_taken_for_this_ones(w):
    w.next_day()
    w.attest_yesterday()
    w.next_day()
    other = w.archive.objects[name_of(w.today - 2 * DAY)]
    for content in (other, b"{}"):
        w.archive.objects[name_of(w.today - DAY)] = content
        with pytest.raises(Corrupt):
            w.attest_yesterday()


@settings(deadline=None, max_examples=20)
@given(st.integers(1, 9), st.sets(st.integers(1, 40)))
def test_stopped_anywhere_it_goes_on_to_the_same_root(chunk, stops):
    w = Nights()
    w.pay(8)
    w.next_day()
    w.hears(w.payouts[3])
    whole = w.attest_yesterday().root
    attested = w.archive
    w.archive = type(attested)()
    ticks = iter(range(1, 10_000))
    night = w.night(w.today - DAY)
    while night.stage is Stage.ATTESTED:
        short = lambda: 0.0 if next(ticks) in stops else 60.0  # noqa: E731 (a clock of one line)
        night = w.attest(night, chunk=chunk, time_left=short)
    made = sealed(w, night.day)
    assert list(leaves_of(made, w.archive.get)) == list(
        leaves_of(Sealed.parse(attested.objects[name_of(night.day)]), attested.get)
    )
    assert made.attestation.root == night.root == whole
    assert all(each.leaves <= 2 * chunk for each in made.attestation.chunks)


def test_stopped_between_two_chunks_it_signs_for_both(w):
    w.pay(5)
    w.next_day()
    whole, looks = w.attest_yesterday().root, chain([60.0] * 3, [0.0], repeat(60.0))
    w.archive = type(w.archive)()
    stopped = w.attest(w.night(w.today - DAY), chunk=1, time_left=lambda: next(looks))
    assert stopped.position
    assert stopped.stage is Stage.ATTESTED
    night = w.attest(stopped, chunk=1)
    assert (night.root, sealed(w, night.day).attestation.leaves) == (whole, 5)


@pytest.mark.parametrize("after", range(6))
def test_a_lost_reply_anywhere_costs_a_try_and_nothing_else(w, after):
    w.pay(3)
    w.next_day()
    night, calls = w.night(w.today - DAY), []
    put = w.archive.put

    def losing(name, content, *, kind):
        kept = put(name, content, kind=kind)
        calls.append(name)
        if len(calls) == after:
            raise ArchiveUnavailable("The reply was lost.")
        return kept

    w.archive.put = losing
    for _ in range(3):
        try:
            night = w.attest(night, chunk=1)
            break
        except ArchiveUnavailable:
            night = w.saved[-1] if w.saved else night
    assert night.stage is Stage.REPORTED
    assert leaves(w, night.day) == marks(w.payouts)
    assert [name for name in w.archive.objects if "attestation" in name] == [name_of(night.day)]


def test_leaves_that_a_crash_left_behind_are_in_nobodys_way(w):
    w.pay(2)
    w.next_day()
    night = w.night(w.today - DAY)
    stray = packed([Leaf("x", 1, "00")])
    w.archive.put(chunk_name(night.day, 0, stray), stray, kind="application/gzip")
    w.attest(night)
    assert leaves(w, night.day) == marks(w.payouts)


def test_nothing_is_signed_where_the_key_does_not_answer(w):
    w.next_day()
    w.signer.down = True
    with pytest.raises(VaultUnavailable):
        w.attest_yesterday()
    assert name_of(w.today - DAY) not in w.archive.objects
    w.signer.down = False
    assert w.attest_yesterday().stage is Stage.REPORTED


def test_who_was_overtaken_at_a_checkpoint_hears_of_it(w):
    w.pay()
    w.next_day()

    def stale(_night):
        raise Stale("somebody else")

    with pytest.raises(Stale):
        w.attest_yesterday(save=stale)
    assert name_of(w.today - DAY) not in w.archive.objects


@pytest.mark.parametrize("attested", [True, False])
@pytest.mark.parametrize("by", ["schedule", "somebody"])
def test_a_night_waits_for_the_one_before_while_that_is_still_to_come(w, attested, by):
    w.next_day()
    if attested:
        w.attest_yesterday()
    w.next_day(2)
    night, eve = w.night(w.today - DAY), w.today - 2 * DAY
    w.arrange(**{"through": eve - DAY} if by == "schedule" else {"again": frozenset({eve})})
    assert w.attest(night) == night
    w.attest(w.night(eve), nights=MemoryNights(w.store.state))
    assert w.attest(night).stage is Stage.REPORTED
    check_link(sealed(w, night.day), sealed(w, eve))


@pytest.mark.parametrize("through", [0, 1, None])
def test_a_night_that_was_missed_for_good_is_recorded_as_missing(w, through):
    w.next_day()
    w.attest_yesterday()
    first = w.today - DAY
    w.next_day(2)
    night = w.night(w.today - DAY)
    w.arrange(through=None if through is None else night.day - through * DAY)
    assert w.attest(night).stage is Stage.REPORTED
    assert sealed(w, night.day).attestation.before == sealed(w, first).filed
    with pytest.raises(Broken) as broken:
        check_link(sealed(w, night.day), sealed(w, first))
    assert broken.value.where == name_of(night.day - DAY)


@pytest.mark.parametrize("earlier", [1, 2])
def test_a_night_before_others_that_are_attested_is_left_without_attestation(w, earlier):
    if earlier == 2:
        w.next_day()
        w.attest_yesterday()
    w.next_day(2)
    later = w.night(w.today - DAY)
    w.attest(later)
    kept = dict(w.archive.objects)
    done = w.attest(w.night(later.day - DAY))
    assert (done.stage, done.root, done.counts) == (Stage.REPORTED, "", {"attested": 0})
    assert w.archive.objects == kept
