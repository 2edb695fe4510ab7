"""A bank file that was given up, and of which there is word: what two people say ends it."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.advance import advance
from chalicelib.domain.bank_file import Stage
from chalicelib.domain.errors import (
    Conflict,
    Contradiction,
    Forbidden,
    Stale,
    StoreUnavailable,
)
from chalicelib.domain.events import (
    Accepted,
    Cancelled,
    Confirmed,
    DeclaredDead,
    Doubt,
    Escalated,
    FileCleared,
    FileDoubted,
    FileVerdict,
    Refused,
    Started,
    Unclear,
)
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.usecases.bank_word import confirm, give_out
from chalicelib.usecases.cancel import cancel
from chalicelib.usecases.hear import hear
from tests.usecases.filing import FILE, NOW, WHY, Otherwise, Town
from tests.usecases.world import Between


@pytest.fixture
def town():
    town = Town()
    town.export()
    town.out()
    return town


@pytest.fixture
def doubtful(town):
    town.doubtful()
    return town


def marks(town: Town) -> set[str]:
    return {town.at(number).needs_person for number in (0, 1)}


def test_two_people_say_that_the_bank_never_had_it_and_its_payouts_go_out_anew(doubtful):
    doubtful.judge("dead")
    assert marks(doubtful) == {CONTRADICTION}
    file = doubtful.end("dead")
    assert (file.stage, file.doubted, file.settled) == (Stage.GIVEN_UP, False, True)
    assert marks(doubtful) == {""}
    assert list(doubtful.files.waiting()) == []
    doubtful.store.gate.open(by="ada")
    doubtful.poll_after(timedelta(hours=9))
    assert len(doubtful.provider.requests) == 2
    assert doubtful.statuses() == ["Pending", "Pending"]
    doubtful.check_books()


def test_what_the_bank_never_had_can_be_cancelled_or_filed_again(doubtful):
    doubtful.judge("dead")
    doubtful.end("dead")
    before = doubtful.available
    cancel(
        doubtful.ids[0], reason="x", by="kim", request_id="r", payouts=doubtful.store.payouts,
        clock=doubtful.clock,
    )  # fmt: skip
    assert doubtful.available == before + Money(1_000)
    again = doubtful.export("another key of a file")
    assert [line.transaction_id for line in again.lines] == doubtful.ids[1:]
    doubtful.check_books()


def test_two_people_say_that_the_bank_took_it_and_its_payouts_are_paid_by_it(doubtful):
    doubtful.judge("paid")
    file = doubtful.end("paid")
    assert (file.stage, file.doubted, file.settled) == (Stage.TAKEN, False, True)
    assert doubtful.statuses() == ["Pending", "Pending"]
    assert marks(doubtful) == {""}
    assert [doubtful.at(number).file_id for number in (0, 1)] == [FILE, FILE]
    doubtful.close_windows()
    assert doubtful.statuses() == ["Completed", "Completed"]
    assert doubtful.provider.requests == []
    doubtful.returned(1)
    assert doubtful.statuses() == ["Completed", "Returned"]
    doubtful.check_books()


def test_what_came_back_of_a_file_that_was_given_up_is_the_customers_once_two_say_so(town):
    town.give_up()
    town.second()
    before = town.available
    for _ in range(2):
        with pytest.raises(Conflict, match="was given up"):
            town.returned(0)
    assert (town.available, town.file.lines[0].came_back) == (before, Money(1_000))
    assert len(town.file.returns) == 1
    town.judge("paid")
    town.end("paid")
    assert town.statuses() == ["Returned", "Pending"]
    assert town.available == before + Money(1_000)
    town.check_books()


def test_what_was_told_wrongly_is_doubt_again_when_it_is_told_again(town):
    town.give_up()
    town.second()
    content = town.told(0)
    for _ in range(2):
        with pytest.raises(Conflict, match="was given up"):
            town.heard(content)
        assert town.file.doubted
        assert marks(town) == {CONTRADICTION}
        town.judge("dead")
        town.end("dead", evidence=WHY)
        assert not town.file.doubted
        assert marks(town) == {""}
    for _ in range(2):
        with pytest.raises(Conflict, match="was given up"):
            town.confirm()
        town.judge("dead")
        town.end("dead")
    assert len(town.file.cleared) == 4
    assert {len(each.about) for each in town.file.cleared} == {1}


def test_nobody_ends_a_doubt_alone_or_for_what_they_have_not_read(doubtful):
    with pytest.raises(Conflict, match="not what is proposed"):
        doubtful.end()
    doubtful.judge("dead", by="alex")
    with pytest.raises(Forbidden):
        doubtful.end("dead", by="alex")
    for verdict, evidence in (("paid", WHY), ("dead", "Something else.")):
        with pytest.raises(Conflict, match="not what is proposed"):
            doubtful.end(verdict, evidence=evidence)
    doubtful.judge("paid", by="kim")
    with pytest.raises(Conflict, match="not what is proposed"):
        doubtful.end("dead", by="lee")
    assert doubtful.file.doubted
    doubtful.end("paid", by="alex")
    assert doubtful.statuses() == ["Pending", "Pending"]


def test_the_same_proposal_and_the_same_agreement_again_change_nothing(doubtful):
    doubtful.judge("dead")
    before = doubtful.file
    doubtful.judge("dead")
    assert doubtful.file == before
    doubtful.end("dead")
    over = doubtful.file
    doubtful.end("dead")
    assert doubtful.file == over
    with pytest.raises(Conflict, match="not in doubt"):
        doubtful.judge("paid")


def test_more_word_of_it_makes_void_what_was_proposed(doubtful):
    doubtful.judge("dead")
    with pytest.raises(Conflict, match="was given up"):
        doubtful.returned(0)
    with pytest.raises(Conflict, match="not what is proposed"):
        doubtful.end("dead")
    assert doubtful.file.doubted


def test_nothing_of_a_file_that_is_not_in_doubt_is_found_out(town):
    with pytest.raises(Conflict, match="not in doubt"):
        town.judge("paid")
    with pytest.raises(Conflict, match="not what is proposed"):
        town.end("paid")
    assert town.statuses() == ["Sending", "Sending"]


@pytest.mark.parametrize(
    ("meanwhile", "status"),
    [
        ([Cancelled(at=NOW, by="kim")], Status.DISPUTED),
        (
            [Started(at=NOW, by="x", claim_id="c"),
             Refused(at=NOW, by="x", attempt=2, refusal="r")],
            Status.DISPUTED,
        ),
    ],
)  # fmt: skip
def test_what_was_given_back_and_the_bank_took_after_all_is_disputed(town, meanwhile, status):
    town.give_up()
    town.second()
    for event in meanwhile:
        hear(town.at(), event, payouts=town.store.payouts)
    with pytest.raises(Conflict, match="was given up"):
        town.confirm()
    town.judge("paid")
    town.end("paid")
    assert town.at().status is status
    assert town.store.customers.get("customer-1").stopped
    town.check_books()


def test_what_was_sent_anew_and_the_bank_took_after_all_stays_before_a_person(town):
    town.give_up()
    town.second()
    town.store.gate.open(by="ada")
    town.poll_after(timedelta(hours=1))
    assert town.statuses() == ["Pending", "Pending"]
    with pytest.raises(Conflict, match="was given up"):
        town.confirm()
    town.judge("paid")
    assert not town.end("paid").settled
    assert marks(town) == {CONTRADICTION}
    assert [each.in_doubt for each in (town.at(0), town.at(1))] == [(), ()]
    for number in (0, 1):
        told = Confirmed(at=NOW, by="webhook", attempt=2)
        hear(town.at(number), told, payouts=town.store.payouts)
    town.go()
    assert town.statuses() == ["Completed", "Completed"]
    assert town.file.settled
    assert marks(town) == {CONTRADICTION}
    town.check_books()


def test_what_is_declared_dead_that_the_bank_took_after_all_is_disputed(town):
    town.give_up()
    town.second()
    claim = Started(at=NOW, by="x", claim_id="c")
    lost = Unclear(at=NOW, by="x", attempt=2, doubt=Doubt.TIMED_OUT)
    for event in (claim, lost):
        hear(town.at(), event, payouts=town.store.payouts)
    with pytest.raises(Conflict, match="was given up"):
        town.confirm()
    town.judge("paid")
    assert not town.end("paid").settled
    dead = DeclaredDead(at=NOW, by="kim", evidence="x")
    hear(town.at(), dead, payouts=town.store.payouts)
    assert town.at().status is Status.FAILED
    town.go()
    assert town.at().status is Status.DISPUTED
    assert town.file.settled
    town.check_books()


def test_another_contradiction_outlives_the_end_of_the_doubt(doubtful):
    alarm = Escalated(at=NOW, by="webhook", why=CONTRADICTION)
    hear(doubtful.at(), alarm, payouts=doubtful.store.payouts)
    doubtful.judge("dead")
    doubtful.end("dead")
    assert [doubtful.at(number).needs_person for number in (0, 1)] == [CONTRADICTION, ""]


@pytest.mark.parametrize("verdict", ["paid", "dead"])
def test_killed_at_every_write_the_end_of_a_doubt_is_gone_on_with(verdict):
    ends = {"paid": ["Pending", "Pending"], "dead": ["Queued", "Queued"]}[verdict]
    for lost in range(1, 7):
        town, count = Town(), 0
        town.export()
        town.out()
        town.give_up()
        town.second()

        def cut(*_: object, lost: int = lost, **__: object) -> None:
            nonlocal count
            count += 1
            if count >= lost:
                raise StoreUnavailable("cut")

        ports: dict[str, Any] = {
            "files": Between(town.files, write=cut),
            "payouts": Between(town.store.payouts, write=cut),
        }
        with pytest.raises(Conflict, match="was given up"):
            town.confirm()
        town.judge(verdict)
        with suppress(StoreUnavailable):
            town.end(verdict, **ports)
        town.store.gate.open(by="ada")
        town.poll()
        assert not town.provider.requests or verdict == "dead"
        town.store.gate.close()
        if town.file.doubted:
            town.end(verdict)
        town.go()
        assert town.file.settled
        assert marks(town) == {""}
        if not town.provider.requests:
            assert town.statuses() == ends
        town.check_books()


@pytest.mark.parametrize("verdict", ["paid", "dead"])
def test_where_every_reply_is_lost_the_end_of_a_doubt_is_written_once(doubtful, verdict):
    def deaf(port: Any) -> Any:
        def write(*told: Any) -> None:
            port.write(*told)
            raise StoreUnavailable("the reply was lost")

        return Otherwise(port, write=write)

    off = {"files": deaf(doubtful.files), "payouts": deaf(doubtful.store.payouts)}
    for say in (doubtful.judge, doubtful.judge, doubtful.end, doubtful.end, doubtful.end):
        with suppress(StoreUnavailable):
            say(verdict, **off)
    doubtful.go()
    assert doubtful.file.settled
    assert len(doubtful.file.cleared) == 1
    cleared = [each.event for each in doubtful.store.payouts.steps(doubtful.ids[0])]
    assert len([each for each in cleared if isinstance(each, FileCleared)]) == 1
    assert marks(doubtful) == {""}
    doubtful.check_books()


def test_whoever_comes_late_with_the_doubt_writes_nothing_once_it_has_ended(doubtful):
    late = doubtful.at()
    doubtful.judge("dead")
    doubtful.end("dead")
    event = FileDoubted(at=NOW, by="x", file_id=FILE)
    with pytest.raises(Stale):
        doubtful.store.payouts.write(advance(doubtful.at(), event))
    assert marks(doubtful) == {""}
    assert late.in_doubt == (FILE,)


def test_whoever_comes_late_with_the_end_of_the_doubt_writes_nothing_once_it_is_back(doubtful):
    over = FileCleared(at=NOW, by="x", file_id=FILE, verdict=FileVerdict.DEAD)
    with pytest.raises(Stale):
        doubtful.store.payouts.write(advance(doubtful.at(), over))
    assert marks(doubtful) == {CONTRADICTION}


def test_of_a_file_that_was_taken_after_all_nothing_is_claimed_before_it_has_heard(town):
    town.give_up()
    town.second()

    def cut(*_: object, **__: object) -> None:
        raise StoreUnavailable("cut")

    off = {"payouts": Between(town.store.payouts, write=cut)}
    town.clock.advance(timedelta(days=1))
    with suppress(Conflict):
        town.confirm(**off)
    town.judge("paid", **off)
    town.end("paid", **off)
    assert town.file.stage is Stage.TAKEN
    assert (town.statuses(), marks(town)) == (["Queued", "Queued"], {""})
    town.store.gate.open(by="ada")
    town.poll_after(timedelta(hours=1))
    assert town.provider.requests == []
    claim = Started(at=NOW, by="x", claim_id="c")
    with pytest.raises(Stale):
        town.store.payouts.write(advance(town.at(), claim))
    town.go()
    assert town.statuses() == ["Pending", "Pending"]


def test_bytes_are_not_given_of_what_a_file_before_has_paid_after_all(town):
    town.give_up()
    town.second()
    again = town.export("another key of a file")

    def cut(*_: object, **__: object) -> None:
        raise StoreUnavailable("cut")

    off = {"payouts": Between(town.store.payouts, write=cut)}
    with suppress(Conflict):
        confirm(FILE, reference="CBA-1", by="alex", means=town.means(**off))
    town.judge("paid", **off)
    town.end("paid", **off)
    with pytest.raises(Conflict, match="give the file up"):
        give_out(
            again.file_id, by="alex", pauses=town.store.pauses,
            means=town.means(),
        )  # fmt: skip


def test_the_providers_word_after_the_bank_took_it_is_a_contradiction(doubtful):
    doubtful.judge("paid")
    doubtful.end("paid")
    for attempt in (1, 2):
        with pytest.raises(Contradiction):
            advance(doubtful.at(), Accepted(at=NOW, by="webhook", attempt=attempt))


def test_nobody_cancels_or_claims_what_is_in_doubt(doubtful):
    with pytest.raises(Conflict):
        cancel(
            doubtful.ids[0], reason="x", by="kim", request_id="r",
            payouts=doubtful.store.payouts, clock=doubtful.clock,
        )  # fmt: skip
    with pytest.raises(Conflict, match="Nothing waits"):
        doubtful.export("a third key of a file")
    assert {doubtful.at(number).file_id for number in (0, 1)} == {""}
