"""What `BankFiles` promises, and what a payout's step asks of the file that it is about."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from chalicelib.adapters.dynamo.bank_file_rows import bank_file_from, bank_file_row
from chalicelib.domain.aba import Payer
from chalicelib.domain.advance import advance
from chalicelib.domain.bank_file import BankFile, Line, Opinion, Said, Stage, may_be_filed
from chalicelib.domain.claims import Claims
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import Corrupt, CustomerStopped, Stale, StoreUnavailable
from chalicelib.domain.events import (
    Accepted,
    Asked,
    FileCleared,
    Filed,
    FileDoubted,
    FileVerdict,
    Held,
    Hindrance,
    LetGo,
    NeverSent,
    Redrafted,
    Refused,
    Returned,
    Started,
    Unanswered,
)
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.redraft import redraft_id
from tests.contracts.making import an_intent, begun, rich_customer, stop
from tests.contracts.paging import everything
from tests.fakes.clock import START

CLAIM = Started(at=START, by="x", claim_id="c")
DOUBTED = FileDoubted(at=START, by="x", file_id="file-1")
CLEARED = FileCleared(at=START, by="x", file_id="file-1", verdict=FileVerdict.DEAD)
PAYER = Payer("CBA", "Example Pty Ltd", "123456", "PAYOUTS", "062-000", "12345678")


def a_file(name="file-1", *planned, **changed):
    plain = BankFile(name, START, "alex", date(2026, 3, 3), PAYER, planned)
    return replace(plain, **changed)


def staged(store, stage, *, lines=()):
    file = store.bank_files.get("file-1")
    after = replace(file, stage=stage, lines=lines, version=file.version + 1)
    store.bank_files.write(after)
    return after


def queued(store):
    rich_customer(store)
    return store.payouts.write(begun(an_intent("10.00")))


def filed(store):
    payout = queued(store)
    store.bank_files.add(a_file("file-1", payout.transaction_id))
    return store.payouts.write(advance(payout, Filed(at=START, by="x", file_id="file-1")))


def line_of(payout):
    return Line(payout.transaction_id, payout.attempt, payout.intent.amount)


def letting_go(payout):
    return advance(payout, LetGo(at=START, by="x", file_id="file-1", why="given up"))


def test_a_file_is_as_it_was_stored_and_its_id_is_taken_once(store):
    file = a_file("file-1", "payout-1")
    store.bank_files.add(file)
    assert store.bank_files.get("file-1") == file
    assert store.bank_files.get("another") is None
    with pytest.raises(Stale):
        store.bank_files.add(replace(file, created_by="kim"))


def test_each_change_takes_the_place_of_the_one_before(store):
    file = a_file()
    store.bank_files.add(file)
    after = replace(file, stage=Stage.CLOSED, version=2)
    store.bank_files.write(after)
    assert store.bank_files.get("file-1") == after
    with pytest.raises(Stale):
        store.bank_files.write(replace(file, stage=Stage.OPEN, version=2))
    with pytest.raises(Stale):
        store.bank_files.write(a_file("nobody", version=2))


def test_a_change_whose_reply_is_lost_is_known_again(store):
    file = a_file()
    store.lose_replies(1)
    try:
        store.bank_files.add(file)
    except StoreUnavailable:
        assert store.bank_files.get("file-1") == file
    assert store.bank_files.get("file-1") == file


def test_lists_are_by_age_and_tell_what_is_left_to_do(store):
    told = {
        "busy": a_file("busy"),
        "out": a_file("out", stage=Stage.OUT, settled=True),
        "over": a_file("over", stage=Stage.TAKEN, settled=True),
        "doubted": a_file("doubted", stage=Stage.GIVEN_UP, settled=True, doubted=True),
    }
    for number, file in enumerate(told.values()):
        store.bank_files.add(replace(file, created_at=START + timedelta(minutes=number)))
    assert list(store.bank_files.unsettled()) == ["busy"]
    assert list(store.bank_files.waiting()) == ["busy", "out", "doubted"]
    assert everything(store.bank_files.page, limit=3) == ["doubted", "over", "out", "busy"]


def test_a_payout_is_stepped_into_a_file_only_while_it_is_open(store):
    payout = filed(store)
    assert store.payouts.get(payout.transaction_id) == payout
    assert (payout.status, payout.file_id) == (Status.SENDING, "file-1")
    late = store.payouts.write(begun(an_intent("10.00")))
    step = advance(late, Filed(at=START, by="x", file_id="file-1"))
    for stage in (Stage.CLOSED, Stage.SEALED, Stage.OUT, Stage.TAKEN, Stage.GIVEN_UP):
        staged(store, stage)
        with pytest.raises(Stale):
            store.payouts.write(step)
    nowhere = advance(late, Filed(at=START, by="x", file_id="nowhere"))
    with pytest.raises(Stale):
        store.payouts.write(nowhere)
    assert store.payouts.get(late.transaction_id) == late


def test_nothing_of_a_stopped_customer_is_stepped_into_a_file(store):
    payout = queued(store)
    store.bank_files.add(a_file())
    stop(store)
    with pytest.raises(CustomerStopped):
        store.payouts.write(advance(payout, Filed(at=START, by="x", file_id="file-1")))


@pytest.mark.parametrize("event", [Accepted, Returned])
def test_the_banks_word_counts_only_of_a_file_that_somebody_was_given(store, event):
    payout = filed(store)
    step = advance(payout, event(at=START, by="x", attempt=1, file_id="file-1"))
    for stage in (Stage.OPEN, Stage.CLOSED, Stage.SEALED, Stage.GIVEN_UP):
        staged(store, stage, lines=(line_of(payout),))
        with pytest.raises(Stale):
            store.payouts.write(step)
    staged(store, Stage.OUT, lines=(line_of(payout),))
    assert store.payouts.write(step) == step.after


def test_a_payout_leaves_a_file_only_once_the_bank_will_never_have_it(store):
    payout = filed(store)
    for stage in (Stage.OPEN, Stage.CLOSED, Stage.SEALED, Stage.OUT, Stage.TAKEN):
        staged(store, stage, lines=(line_of(payout),))
        with pytest.raises(Stale):
            store.payouts.write(letting_go(payout))
    staged(store, Stage.GIVEN_UP, lines=(line_of(payout),))
    after = store.payouts.write(letting_go(payout))
    assert (after.status, after.attempt, after.file_id) == (Status.QUEUED, 2, "")
    assert after.file_of(1) == "file-1"


def test_what_is_not_in_the_bytes_is_let_go_once_they_are_fixed(store):
    payout = filed(store)
    for stage in (Stage.OPEN, Stage.CLOSED):
        staged(store, stage)
        with pytest.raises(Stale):
            store.payouts.write(letting_go(payout))
    staged(store, Stage.SEALED)
    assert store.payouts.write(letting_go(payout)).status is Status.QUEUED


@pytest.mark.parametrize(
    "claim", [Started(at=START, by="x", claim_id="c"), Filed(at=START, by="x", file_id="file-2")]
)
def test_of_what_went_in_a_file_nothing_is_claimed_once_there_is_word_of_it(store, claim):
    payout = filed(store)
    store.bank_files.add(a_file("file-2", payout.transaction_id))
    given_up = staged(store, Stage.GIVEN_UP, lines=(line_of(payout),))
    waits = store.payouts.write(letting_go(payout))
    told = replace(given_up, doubted=True, version=given_up.version + 1)
    store.bank_files.write(told)
    with pytest.raises(Stale):
        store.payouts.write(advance(waits, claim))
    assert store.payouts.get(payout.transaction_id) == waits
    store.bank_files.write(replace(told, doubted=False, version=told.version + 1))
    assert store.payouts.write(advance(waits, claim)).status is Status.SENDING


def doubt(store, file):
    told = replace(file, doubted=True, version=file.version + 1)
    store.bank_files.write(told)
    return told


def let_go(store):
    """A payout that a file was given up of, and the file."""
    payout = filed(store)
    given_up = staged(store, Stage.GIVEN_UP, lines=(line_of(payout),))
    return store.payouts.write(letting_go(payout)), given_up


def test_of_a_file_that_the_bank_took_after_all_nothing_is_claimed(store):
    waits, given_up = let_go(store)
    staged(store, Stage.TAKEN, lines=given_up.lines)
    with pytest.raises(Stale):
        store.payouts.write(advance(waits, CLAIM))
    assert store.payouts.get(waits.transaction_id) == waits


def test_what_was_not_in_the_bytes_of_a_file_is_claimed_whatever_became_of_it(store):
    payout = filed(store)
    other = Line("another", 1, payout.intent.amount)
    staged(store, Stage.OUT, lines=(other,))
    waits = store.payouts.write(letting_go(payout))
    doubt(store, staged(store, Stage.GIVEN_UP, lines=(other,)))
    assert store.payouts.write(advance(waits, CLAIM)).status is Status.SENDING


def test_nobody_is_stepped_into_a_file_a_second_time(store):
    waits, _ = let_go(store)
    with pytest.raises(Stale):
        store.payouts.write(advance(waits, Filed(at=START, by="x", file_id="file-1")))


def test_a_doubt_is_written_to_a_payout_while_its_file_says_so_and_its_end_once_it_does_not(store):
    waits, given_up = let_go(store)
    with pytest.raises(Stale):
        store.payouts.write(advance(waits, DOUBTED))
    told = doubt(store, given_up)
    doubtful = store.payouts.write(advance(waits, DOUBTED))
    assert store.payouts.get(waits.transaction_id) == doubtful
    assert doubtful.in_doubt == ("file-1",)
    with pytest.raises(Stale):
        store.payouts.write(advance(doubtful, CLEARED))
    store.bank_files.write(replace(told, doubted=False, version=told.version + 1))
    assert store.payouts.write(advance(doubtful, CLEARED)).in_doubt == ()


def test_a_payout_is_let_go_and_doubted_in_one_write(store):
    payout = filed(store)
    told = doubt(store, staged(store, Stage.GIVEN_UP, lines=(line_of(payout),)))
    steps = [letting_go(payout)]
    steps.append(advance(steps[0].after, DOUBTED))
    assert store.payouts.write(*steps).in_doubt == ("file-1",)
    assert told.doubted


def test_what_the_bank_took_after_all_is_heard_and_cleared_in_one_write(store):
    waits, given_up = let_go(store)
    told = doubt(store, given_up)
    doubtful = store.payouts.write(advance(waits, DOUBTED))
    steps = [advance(doubtful, Accepted(at=START, by="x", attempt=1, file_id="file-1"))]
    steps.append(advance(steps[0].after, CLEARED))
    with pytest.raises(Stale):
        store.payouts.write(*steps)
    paid = replace(told, stage=Stage.TAKEN, doubted=False, version=told.version + 1)
    store.bank_files.write(paid)
    after = store.payouts.write(*steps)
    assert (after.status, after.attempt, after.needs_person) == (Status.PENDING, 1, "")


def redrafted(store):
    """A payout that went in a file, was refused by the provider later, and its redraft."""
    waits, given_up = let_go(store)
    refused = Refused(at=START, by="x", attempt=2, refusal="r")
    original = store.payouts.write(advance(waits, CLAIM))
    original = store.payouts.write(advance(original, refused))
    own = an_intent("10.00", transaction_id=redraft_id(original.transaction_id))
    first = begun(replace(own, redraft_of=(original.transaction_id,)))
    said = Redrafted(at=START, by="x", redraft=own.transaction_id)
    made = store.payouts.write(first, claims=Claims(original=advance(original, said)))
    return made, given_up


def test_a_redraft_is_not_claimed_once_there_is_word_of_the_file_of_its_original(store):
    redraft, given_up = redrafted(store)
    told = doubt(store, given_up)
    with pytest.raises(Stale):
        store.payouts.write(advance(redraft, CLAIM))
    assert store.payouts.get(redraft.transaction_id) == redraft
    taken = replace(told, stage=Stage.TAKEN, doubted=False, version=told.version + 1)
    store.bank_files.write(taken)
    with pytest.raises(Stale):
        store.payouts.write(advance(redraft, CLAIM))
    over = replace(taken, stage=Stage.GIVEN_UP, version=taken.version + 1)
    store.bank_files.write(over)
    assert store.payouts.write(advance(redraft, CLAIM)).status is Status.SENDING


@pytest.mark.parametrize(
    "nothing",
    [
        Asked(at=START, by="x", attempt=1, file_id="file-1", found=False),
        Unanswered(at=START, by="x", attempt=1, file_id="file-1"),
    ],
)
def test_that_nothing_was_learnt_is_noted_whatever_became_of_the_file(store, nothing):
    payout = filed(store)
    step = advance(payout, nothing)
    assert store.payouts.write(step) == step.after


WHOLE = BankFile(
    "file-1", START, "alex", date(2026, 3, 3), PAYER, ("p-1", "p-2"), Stage.TAKEN, 7,
    (Line("p-1", 2, Money(1_000), ("account_name",), Money(1_000), "Account closed"),),
    (("p-2", "account_number"),), "0e" * 32, (Said("alex", START),),
    Said("kim", START, "CBA-1"), Said("alex", START, "why"), Said("kim", START, "over"),
    (Said("alex", START, "0f" * 32),), settled=True, doubted=True, beyond=7,
    told=(Said("lee", START, "CBA-2"),),
    opinion=Opinion(FileVerdict.PAID, "why", "lee", START, about=(Said("lee", START, "CBA-2"),)),
    cleared=(Opinion(FileVerdict.DEAD, "no", "lee", START, Said("kim", START)),),
)  # fmt: skip


def test_a_row_says_all_of_a_file():
    plain = a_file()
    same = [
        each.name
        for each in fields(BankFile)
        if getattr(WHOLE, each.name) == getattr(plain, each.name)
    ]
    assert set(same) == {"file_id", "created_at", "created_by", "pays_on", "payer"}
    assert bank_file_from(bank_file_row(WHOLE)) == WHOLE
    assert bank_file_from(bank_file_row(plain)) == plain


@pytest.mark.parametrize("missing", ["stage", "version", "payer", "pays_on", "settled"])
def test_a_row_that_is_no_file_is_corrupt(missing):
    row = bank_file_row(WHOLE)
    del row[missing]
    with pytest.raises(Corrupt):
        bank_file_from(row)


def test_an_index_shows_what_looks_as_if_it_could_go_into_a_file(store):
    def looks_fit():
        return {each.transaction_id: each.by_bank for each in store.payouts.open_work()}

    rich_customer(store)
    payid, intent = store.payouts.write(begun(an_intent("1.00"))), an_intent("2.00")
    account = replace(intent.destination, method=PayoutMethod.BANK_ACCOUNT)
    payout = store.payouts.write(begun(replace(intent, destination=account)))
    own = payout.transaction_id
    assert looks_fit() == {own: True, payid.transaction_id: False}
    store.bank_files.add(a_file("file-1", own))
    filed_one = store.payouts.write(advance(payout, Filed(at=START, by="x", file_id="file-1")))
    assert own not in looks_fit(), "nobody but the bank has anything to do with it"
    staged(store, Stage.GIVEN_UP)
    again = store.payouts.write(letting_go(filed_one))
    assert again.attempt == 2
    assert looks_fit()[own]
    claimed = store.payouts.write(advance(again, Started(at=START, by="x", claim_id="c")))
    assert not looks_fit()[own]
    told = NeverSent(at=START, by="x", attempt=2, reason=Hindrance.NO_CONNECTION)
    unsent = store.payouts.write(advance(claimed, told))
    assert looks_fit()[own] is may_be_filed(unsent) is True
    store.payouts.write(advance(unsent, Held(at=START, by="kim", reason="wait")))
    assert not looks_fit()[own]


def test_how_many_more_there_were_is_kept_and_nobody_counted_them_before(store):
    for name, beyond in (("file-1", 7), ("file-2", None)):
        store.bank_files.add(a_file(name, beyond=beyond))
        assert store.bank_files.get(name).beyond == beyond
    row = bank_file_row(a_file(beyond=7))
    del row["beyond"]
    assert bank_file_from(row).beyond is None
