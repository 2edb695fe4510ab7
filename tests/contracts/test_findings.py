"""What `Findings` promises: opened once, no change lost, and with the last a notice is let go."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from chalicelib.domain.casework import assigned, commented
from chalicelib.domain.errors import Invalid, Stale, StoreUnavailable
from chalicelib.domain.findings import Deed, Finding, Kind
from chalicelib.domain.notices import KEPT
from chalicelib.ports import FindingFilter, Found
from tests.contracts.making import a_finding, a_notice, ended
from tests.contracts.paging import everything
from tests.fakes.clock import START

DAY = timedelta(days=1)
LATER = START + timedelta(days=7)


def stored(store, finding):
    return store.findings.get(finding.finding_id)


def kept(store, *findings, key="NppReturn#1#abc"):
    """A notice on which findings hang."""
    notice = replace(a_notice(key), findings=tuple(each.finding_id for each in findings))
    assert store.notices.keep(notice)
    return notice


def hanging(subject):
    return a_finding(subject, notice_id=a_notice("NppReturn#1#abc").notice_id)


def test_a_finding_is_kept_as_it_is_and_is_new_once(store):
    assert stored(store, a_finding()) is None
    assert store.findings.open(a_finding()) is True
    assert stored(store, a_finding()) == a_finding()
    assert store.findings.open(a_finding()) is False
    assert store.findings.open(a_finding("another")) is True


def test_a_finding_of_little_is_kept_as_it_is(store):
    little = Finding(Kind.SETTLEMENT_OVERDUE, "s-1", START)
    store.findings.open(little)
    assert stored(store, little) == little


def test_the_same_again_changes_nothing_whether_open_or_resolved(store):
    store.findings.open(a_finding())
    again = replace(a_finding(), found_at=LATER, detail="another", amount=None)
    assert store.findings.open(again) is False
    assert stored(store, again) == a_finding()
    store.findings.resolve(ended(a_finding()))
    assert store.findings.open(again) is False
    assert stored(store, again) == ended(a_finding())


def test_a_finding_ends_once_and_the_same_end_again_is_no_failure(store):
    store.findings.open(a_finding())
    store.findings.resolve(ended(a_finding(), at=LATER))
    store.findings.resolve(ended(a_finding(), at=LATER))
    assert stored(store, a_finding()) == ended(a_finding(), at=LATER)


@pytest.mark.parametrize("other", [{"by": "olive"}, {"reason": "no"}, {"at": LATER}])
def test_another_end_is_stale(store, other):
    store.findings.open(a_finding())
    store.findings.resolve(ended(a_finding()))
    with pytest.raises(Stale):
        store.findings.resolve(ended(a_finding(), **other))
    assert stored(store, a_finding()) == ended(a_finding())


def test_what_was_never_opened_cannot_be_resolved(store):
    with pytest.raises(Stale):
        store.findings.resolve(ended(a_finding()))
    assert stored(store, a_finding()) is None


def test_what_has_not_ended_is_no_end(store):
    store.findings.open(a_finding())
    with pytest.raises(ValueError, match="not ended"):
        store.findings.resolve(a_finding())


def test_open_ones_are_listed_oldest_first_and_resolved_ones_newest_first(store):
    made = [a_finding(f"x-{n}", at=START + timedelta(minutes=n)) for n in range(7)]
    for each in reversed(made):
        store.findings.open(each)
    for number, each in enumerate(made[:4]):
        store.findings.resolve(ended(each, at=LATER - timedelta(minutes=number)))
    for limit in (1, 3, 10):
        still_open = everything(partial(store.findings.page, resolved=False), limit)
        resolved = everything(partial(store.findings.page, resolved=True), limit)
        assert still_open == made[4:]
        assert [each.subject for each in resolved] == ["x-0", "x-1", "x-2", "x-3"]
    with pytest.raises(Invalid):
        store.findings.page(resolved=True, limit=1, position={"listing": "finding#open"})


def test_the_last_finding_that_is_resolved_lets_its_notice_go(store):
    one, two = hanging("one"), hanging("two")
    for each in (one, two):
        store.findings.open(each)
    notice = kept(store, one, two)
    store.findings.resolve(ended(one, at=LATER))
    assert store.notices.get(notice.notice_id).expires_at is None
    store.findings.resolve(ended(two, at=LATER))
    assert store.notices.get(notice.notice_id).expires_at == LATER + KEPT


def test_many_findings_hang_on_one_notice(store):
    made = [hanging(f"line {number}") for number in range(130)]
    for each in made:
        store.findings.open(each)
    notice = kept(store, *made)
    for each in made[1:]:
        store.findings.resolve(ended(each))
    assert store.notices.get(notice.notice_id).expires_at is None
    store.findings.resolve(ended(made[0]))
    assert store.notices.get(notice.notice_id).expires_at is not None


def test_a_notice_that_goes_already_goes_when_it_was_to_go(store):
    finding = hanging("one")
    store.findings.open(finding)
    notice = replace(a_notice("NppReturn#1#abc").did("heard"), findings=(finding.finding_id,))
    store.notices.keep(notice)
    store.findings.resolve(ended(finding, at=LATER))
    assert store.notices.get(notice.notice_id).expires_at == START + KEPT


def test_a_finding_whose_notice_was_never_kept_is_resolved_and_makes_none(store):
    finding = hanging("one")
    store.findings.open(finding)
    store.findings.resolve(ended(finding))
    assert store.notices.get(finding.notice_id) is None
    assert not stored(store, finding).is_open


def test_resolving_again_lets_the_notice_go_that_was_kept_since(store):
    """Whoever wrote the end did not come to the rest."""
    finding = hanging("one")
    store.findings.open(finding)
    store.findings.resolve(ended(finding))
    notice = kept(store, finding)
    store.findings.resolve(ended(finding))
    assert store.notices.get(notice.notice_id).expires_at is not None


@pytest.mark.parametrize("replies", [1, 2])
def test_it_is_done_once_whatever_replies_are_lost(store, replies):
    finding = hanging("one")
    notice = kept(store, finding)

    def until_known(write):
        store.lose_replies(replies)
        try:
            return write()
        except StoreUnavailable:
            return None
        finally:
            store.lose_replies(0)

    assert until_known(lambda: store.findings.open(finding)) in (True, None)
    assert store.findings.open(finding) is False
    until_known(lambda: store.findings.resolve(ended(finding)))
    store.findings.resolve(ended(finding))
    assert stored(store, finding) == ended(finding)
    assert store.notices.get(notice.notice_id).expires_at is not None
    with pytest.raises(Stale):
        store.findings.resolve(ended(finding, by="olive"))


def again(finding, at=LATER, **more):
    """The same difference, seen by another night."""
    return replace(finding, found_at=at, **more)


def write(store, change):
    """Change what is stored, as it is read."""
    store.findings.write(change(stored(store, a_finding())))


def give(store, to="paul"):
    write(store, lambda it: assigned(it, to, by="anna", at=START))


def say(store, text="Asked."):
    write(store, lambda it: commented(it, text, by="anna", at=START))


def test_a_night_finds_what_is_new_and_then_knows_it(store):
    assert store.findings.find(a_finding()) is Found.NEW
    assert store.findings.find(again(a_finding(), detail="other")) is Found.KNOWN
    assert stored(store, a_finding()) == a_finding()
    assert stored(store, a_finding()).version == 0


def test_what_was_resolved_and_is_found_by_the_next_night_is_open_again(store):
    store.findings.open(a_finding())
    give(store)
    end = stored(store, ended(a_finding()))
    store.findings.resolve(replace(end, resolved_at=START, resolved_by="anna", reason="Seen."))
    assert store.findings.find(again(a_finding(), theirs="7.00")) is Found.REOPENED
    now = stored(store, a_finding())
    assert now.is_open
    assert (now.theirs, now.found_at, now.assigned_to) == ("7.00", START, "paul")
    assert [(each.deed, each.text) for each in now.history] == [
        (Deed.ASSIGNED, "paul"), (Deed.RESOLVED, "Seen."), (Deed.REOPENED, ""),
    ]  # fmt: skip
    assert everything(partial(store.findings.page, resolved=False)) == [now]
    assert everything(partial(store.findings.page, resolved=True)) == []
    assert store.findings.find(again(a_finding(), at=LATER + DAY)) is Found.KNOWN
    assert stored(store, a_finding()) == now
    store.findings.resolve(replace(now, resolved_at=LATER, resolved_by="anna", reason="Seen."))
    assert store.findings.find(again(a_finding(), at=LATER + DAY)) is Found.REOPENED
    assert stored(store, a_finding()).reopened == 2


def test_what_was_seen_before_it_was_resolved_stays_resolved(store):
    store.findings.open(a_finding())
    store.findings.resolve(ended(a_finding(), at=LATER))
    assert store.findings.find(again(a_finding(), at=LATER - DAY)) is Found.KNOWN
    assert stored(store, a_finding()) == ended(a_finding(), at=LATER)


def test_a_change_is_kept_as_it_is_and_counted(store):
    store.findings.open(a_finding())
    give(store)
    say(store, 'Jürgen \U0001f600 = said "so"')
    now = stored(store, a_finding())
    assert now.assigned_to == "paul"
    assert [(each.at, each.by, each.deed, each.text) for each in now.history] == [
        (START, "anna", Deed.ASSIGNED, "paul"),
        (START, "anna", Deed.COMMENTED, 'Jürgen \U0001f600 = said "so"'),
    ]
    assert now.version == 2
    give(store, "")
    assert stored(store, a_finding()).assigned_to == ""
    assert stored(store, a_finding()).history[-1].text == ""


def test_a_change_of_what_somebody_changed_meanwhile_is_stale(store):
    store.findings.open(a_finding())
    read = stored(store, a_finding())
    say(store)
    with pytest.raises(Stale):
        store.findings.write(assigned(read, "paul", by="anna", at=START))
    with pytest.raises(Stale):
        store.findings.resolve(ended(read))
    assert stored(store, a_finding()).comments
    assert stored(store, a_finding()).is_open


def test_a_change_of_what_is_not_there_is_stale(store):
    with pytest.raises(Stale):
        store.findings.write(a_finding())
    assert stored(store, a_finding()) is None


def test_a_change_of_what_was_resolved_meanwhile_is_stale(store):
    store.findings.open(a_finding())
    read = stored(store, a_finding())
    store.findings.resolve(ended(read))
    with pytest.raises(Stale):
        store.findings.write(commented(read, "Hm.", by="anna", at=START))
    assert not stored(store, a_finding()).is_open
    say(store, "After all.")
    assert stored(store, a_finding()).comments
    assert not stored(store, a_finding()).is_open


@pytest.mark.parametrize("replies", [1, 2])
def test_a_night_and_a_person_do_it_once_whatever_replies_are_lost(store, replies):
    def until_known(work):
        store.lose_replies(replies)
        try:
            return work()
        except (StoreUnavailable, Stale):
            return None
        finally:
            store.lose_replies(0)

    assert until_known(lambda: store.findings.find(a_finding())) in (Found.NEW, None)
    assert store.findings.find(a_finding()) is Found.KNOWN
    until_known(lambda: say(store))
    assert len(stored(store, a_finding()).comments) == 1
    store.findings.resolve(ended(stored(store, a_finding())))
    assert until_known(lambda: store.findings.find(again(a_finding()))) in (Found.REOPENED, None)
    assert store.findings.find(again(a_finding())) is Found.KNOWN
    assert stored(store, a_finding()).reopened == 1


def test_lists_show_kinds_and_persons_and_their_pages_are_right(store):
    kinds = [Kind.FEE_DIFFERS, Kind.PAID_TWICE, Kind.BALANCE_DIFFERS]
    people = ["paul", "", "olive", ""]
    made = [
        Finding(
            kinds[n % 3], f"T{n}", START + timedelta(minutes=n), assigned_to=people[n % 4]
        )
        for n in range(24)
    ]  # fmt: skip
    for each in made:
        store.findings.open(each)
    wanted = {
        FindingFilter(): lambda _: True,
        FindingFilter(frozenset({Kind.FEE_DIFFERS, Kind.PAID_TWICE})): lambda it: (
            it.kind is not Kind.BALANCE_DIFFERS
        ),
        FindingFilter(assigned_to="paul"): lambda it: it.assigned_to == "paul",
        FindingFilter(unassigned=True): lambda it: not it.assigned_to,
        FindingFilter(frozenset({Kind.PAID_TWICE}), "olive"): lambda it: (
            it.kind is Kind.PAID_TWICE and it.assigned_to == "olive"
        ),
        FindingFilter(frozenset({Kind.PAID_TWICE}), unassigned=True): lambda it: (
            it.kind is Kind.PAID_TWICE and not it.assigned_to
        ),
        FindingFilter(frozenset()): lambda _: False,
        FindingFilter(frozenset({Kind.MISSING_HERE})): lambda _: False,
    }
    for few, fits in wanted.items():
        for limit in (1, 5, 100):
            page = partial(store.findings.page, resolved=False, wanted=few)
            assert everything(page, limit) == [each for each in made if fits(each)]
