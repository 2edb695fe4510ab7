"""What a bank file does to a payout's life: the bank's word alone counts, and once let go, none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.advance import advance, replay
from chalicelib.domain.bank_file import (
    BankFile,
    Line,
    Opinion,
    Said,
    Stage,
    closed,
    given_out,
    given_up,
    may_be_filed,
    proposed,
    returned,
    sealed,
    taken,
    waits,
)
from chalicelib.domain.calendar import Calendar
from chalicelib.domain.errors import Conflict, Contradiction, NotPossible
from chalicelib.domain.events import (
    Accepted,
    ApprovalAsked,
    Asked,
    Cancelled,
    Confirmed,
    DeclaredDead,
    Escalated,
    FileCleared,
    Filed,
    FileDoubted,
    FileVerdict,
    Held,
    LetGo,
    NeverSent,
    OutOfFunds,
    Reattempted,
    Refused,
    Rejected,
    Returned,
    Started,
    StartedAgain,
    Unclear,
    WindowClosed,
)
from chalicelib.domain.file_doubt import (
    doubted_by_returns,
    doubted_by_word,
    ended,
    proposed_end,
)
from chalicelib.domain.ledger import Place
from chalicelib.domain.memory import CONTRADICTION
from chalicelib.domain.money import Money
from chalicelib.domain.patience import Patience
from chalicelib.domain.payout import OPEN, WHERE, Status
from chalicelib.domain.rails import Rail
from tests.domain.making import NEWS, NOW, begun, event, hear_all, in_status

FILE = "file-1"
TOLD: dict[str, Any] = {"file_id": FILE}
SAID = Said("alex", NOW)
LINE = Line("payout-1", 1, Money(100))
PAID = Opinion(FileVerdict.PAID, "the statement", "alex", NOW)
DEAD = replace(PAID, verdict=FileVerdict.DEAD)
SEALED = replace(
    BankFile("file-1", NOW, "alex", NOW.date(), None, ("payout-1",)),  # type: ignore[arg-type] # nobody pays
    stage=Stage.SEALED, lines=(LINE,), given=(SAID,),
)  # fmt: skip


def filed(rail=Rail.NPP):
    return hear_all(begun(rail), [event(Filed)])


def test_what_is_filed_is_neither_due_nor_anybodys_to_cancel():
    payout = filed()
    assert (payout.status, payout.rail, payout.sends) == (Status.SENDING, Rail.DIRECT_ENTRY, 0)
    assert WHERE[payout.status] is Place.HELD
    assert Patience().due(payout, Calendar(lambda _day: False)) is None
    for kind in (Cancelled, Started, StartedAgain, Filed, Held):
        with pytest.raises(NotPossible):
            advance(payout, event(kind))


@pytest.mark.parametrize("kind", NEWS)
def test_what_is_filed_hears_the_bank_only_and_what_is_not_the_provider_only(kind):
    with pytest.raises(Contradiction, match="did not go that way"):
        advance(filed(), event(kind))
    for status in Status:
        with pytest.raises(Contradiction, match="did not go that way"):
            advance(in_status(status), event(kind, file_id=FILE))


@pytest.mark.parametrize(
    ("news", "status"),
    [
        ([event(Accepted, **TOLD)], Status.PENDING),
        ([event(Accepted, **TOLD), event(WindowClosed, **TOLD)], Status.COMPLETED),
        ([event(Confirmed, **TOLD)], Status.PENDING),
        ([event(Returned, **TOLD)], Status.RETURNED),
        ([event(Rejected, **TOLD)], Status.REJECTED),
        ([event(Accepted, **TOLD), event(Returned, **TOLD)], Status.RETURNED),
        ([event(Returned, **TOLD), event(Accepted, **TOLD)], Status.RETURNED),
    ],
)
@pytest.mark.parametrize("rail", Rail)
def test_the_banks_word_leads_where_a_direct_credits_would(rail, news, status):
    payout = hear_all(filed(rail), news)
    assert payout.status is status
    for each in news:
        assert not advance(payout, each).postings
    assert replay(payout.intent, [event(Accepted), event(Filed), *news]).status is status


def test_its_window_begins_with_the_banks_word_and_not_with_a_claim_that_never_left():
    earlier = [event(Started), event(NeverSent, later=1)]
    payout = hear_all(begun(), [*earlier, event(Filed, later=86_400)])
    assert payout.sent_at is None
    told = event(Accepted, later=2 * 86_400, **TOLD)
    assert hear_all(payout, [told]).sent_at == told.at


def test_let_go_it_waits_as_its_next_attempt_and_the_old_one_is_known():
    payout = hear_all(filed(), [event(LetGo)])
    assert (payout.status, payout.attempt, payout.sends) == (Status.QUEUED, 2, 0)
    assert (payout.file_id, payout.file_of(1), payout.rail) == ("", FILE, Rail.NPP)
    assert hear_all(payout, [event(Started)]).status is Status.SENDING
    with pytest.raises(NotPossible):
        advance(payout, event(LetGo))
    with pytest.raises(Contradiction):
        advance(payout, event(Accepted))
    with pytest.raises(NotPossible):
        advance(filed(), event(LetGo, file_id="another"))


def test_from_the_present_attempt_on_it_is_the_provider_that_counts_again():
    payout = hear_all(filed(), [event(LetGo), event(Started)])
    assert advance(payout, event(Accepted, attempt=2)).after.status is Status.PENDING
    with pytest.raises(Contradiction):
        advance(payout, event(Accepted, attempt=2, **TOLD))


def test_into_a_file_goes_only_what_nobody_can_have_sent():
    assert may_be_filed(begun())
    assert may_be_filed(hear_all(begun(), [event(Started), event(NeverSent)]))
    assert may_be_filed(hear_all(begun(), [event(Filed), event(LetGo)]))
    for events in (
        [event(Held)], [event(Escalated, why=CONTRADICTION)], [event(Started)],
        [event(Started), event(OutOfFunds)], [event(Started), event(Unclear)],
        [event(Started), event(Refused)], [event(Filed)], [event(Cancelled)],
    ):  # fmt: skip
        assert not may_be_filed(hear_all(begun(), events)), events
    bare = begun()
    sealed_away = replace(bare.intent.destination, ciphertext=b"", ciphertext_digest="00")
    assert not may_be_filed(replace(bare, intent=replace(bare.intent, destination=sealed_away)))


def test_nobody_is_filed_who_is_contradicted_or_held():
    for each in (event(Held), event(Escalated, why=CONTRADICTION)):
        with pytest.raises(NotPossible):
            advance(hear_all(begun(), [each]), event(Filed))
    with pytest.raises(NotPossible):
        advance(replace(begun(), sends=1), event(Filed))


def test_a_file_goes_from_stage_to_stage_and_no_other_way():
    ways: dict[str, tuple[Any, dict[Stage, Stage]]] = {
        "closed": (closed, {Stage.OPEN: Stage.CLOSED}),
        "sealed": (lambda it: sealed(it, (LINE,), (), "0e"), {Stage.CLOSED: Stage.SEALED}),
        "empty": (lambda it: sealed(it, (), (), "0e"), {Stage.CLOSED: Stage.GIVEN_UP}),
        "given out": (lambda it: given_out(it, SAID), {
            Stage.SEALED: Stage.OUT, Stage.OUT: Stage.OUT}),
        "taken": (lambda it: taken(it, SAID), {Stage.OUT: Stage.TAKEN}),
        "returned": (lambda it: returned(it, (LINE,), SAID), {
            Stage.OUT: Stage.OUT, Stage.TAKEN: Stage.TAKEN}),
        "proposed": (lambda it: proposed(it, SAID), {Stage.OUT: Stage.OUT}),
        "given up": (lambda it: given_up(it, SAID), {
            Stage.SEALED: Stage.GIVEN_UP, Stage.OUT: Stage.GIVEN_UP}),
        "doubted": (lambda it: doubted_by_word(it, SAID), {Stage.GIVEN_UP: Stage.GIVEN_UP}),
        "told": (lambda it: doubted_by_returns(it, (LINE,), SAID), {
            Stage.GIVEN_UP: Stage.GIVEN_UP}),
        "judged": (lambda it: proposed_end(replace(it, doubted=True), PAID.verdict, "e", SAID), {
            Stage.GIVEN_UP: Stage.GIVEN_UP}),
        "paid": (lambda it: ended(replace(it, doubted=True), PAID, "kim", NOW), {
            Stage.GIVEN_UP: Stage.TAKEN}),
        "dead": (lambda it: ended(replace(it, doubted=True), DEAD, "kim", NOW), {
            Stage.GIVEN_UP: Stage.GIVEN_UP}),
    }  # fmt: skip
    for name, (to, table) in ways.items():
        for stage in Stage:
            before = replace(SEALED, stage=stage)
            if stage not in table:
                with pytest.raises(Conflict):
                    to(before)
                continue
            after = to(before)
            assert (after.stage, after.version) == (table[stage], before.version + 1), name


def test_what_the_bank_has_told_of_is_not_given_up():
    told = replace(SEALED, stage=Stage.OUT, returns=(SAID,))
    for to in (proposed, given_up):
        with pytest.raises(Conflict, match="told of this file"):
            to(told, SAID)
    assert returned(replace(SEALED, stage=Stage.OUT, proposal=SAID), (), SAID).proposal is None
    assert taken(replace(SEALED, stage=Stage.OUT, proposal=SAID), SAID).proposal is None


def test_a_file_waits_for_somebody_until_the_bank_took_it_or_never_will():
    waiting = {stage for stage in Stage if waits(replace(SEALED, stage=stage))}
    assert waiting == {Stage.OPEN, Stage.CLOSED, Stage.SEALED, Stage.OUT}
    assert waits(replace(SEALED, stage=Stage.GIVEN_UP, doubted=True))


def test_the_line_of_an_attempt_is_that_of_no_other():
    assert SEALED.line_of("payout-1", 1) == LINE
    assert SEALED.line_of("payout-1", 2) is None
    assert SEALED.line_of("payout-2", 1) is None


def test_only_what_is_open_is_in_a_file():
    assert filed().status in OPEN
    assert not advance(hear_all(filed(), [event(Returned, **TOLD)]), event(Asked, **TOLD)).postings


def test_who_is_given_the_bytes_makes_void_that_nobody_would_have_them():
    waiting = proposed(given_out(SEALED, SAID), Said("kim", NOW, "It was never uploaded."))
    assert given_out(waiting, SAID).proposal is None


GONE = (event(Filed), event(LetGo))
DOUBTED, CLEARED = event(FileDoubted), event(FileCleared)
ALARM = event(Escalated, why=CONTRADICTION)


def test_a_files_doubt_stops_a_payout_and_only_its_end_lets_it_go_on():
    doubtful = hear_all(begun(), [*GONE, DOUBTED])
    assert (doubtful.needs_person, doubtful.in_doubt) == (CONTRADICTION, (FILE,))
    assert not may_be_filed(doubtful)
    assert advance(doubtful, DOUBTED).after == doubtful
    calm = advance(doubtful, CLEARED).after
    assert (calm.needs_person, calm.in_doubt) == ("", ())
    assert advance(calm, CLEARED).after == calm
    assert may_be_filed(calm)


def test_the_end_of_a_files_doubt_ends_no_other_contradiction():
    for events in ([ALARM, DOUBTED], [DOUBTED, ALARM]):
        payout = hear_all(begun(), [*GONE, *events])
        assert (payout.needs_person, payout.in_doubt) == (CONTRADICTION, ())
        assert advance(payout, CLEARED).after == payout


def test_of_two_files_in_doubt_both_have_to_be_cleared_up():
    twice = [*GONE, event(Filed, file_id="file-2"), event(LetGo, file_id="file-2")]
    other = event(FileDoubted, file_id="file-2")
    payout = hear_all(begun(), [*twice, DOUBTED, other, CLEARED])
    assert (payout.needs_person, payout.in_doubt) == (CONTRADICTION, ("file-2",))
    assert advance(payout, event(FileCleared, file_id="file-2")).after.needs_person == ""


def test_what_people_say_of_a_later_attempt_does_not_end_the_doubt_of_a_file():
    lost = [event(Started), event(Unclear, attempt=2)]
    for decision in (DeclaredDead, Reattempted):
        payout = hear_all(begun(), [*GONE, *lost, DOUBTED, event(decision)])
        assert (payout.needs_person, payout.in_doubt) == (CONTRADICTION, (FILE,))


def test_no_file_that_a_payout_was_never_in_makes_it_doubtful():
    for kind in (FileDoubted, FileCleared):
        with pytest.raises(NotPossible):
            advance(begun(), event(kind))


@pytest.mark.parametrize(
    ("meanwhile", "news", "status"),
    [
        ([], event(Accepted, **TOLD), Status.PENDING),
        ([], event(Returned, **TOLD), Status.RETURNED),
        ([event(Held)], event(Accepted, **TOLD), Status.PENDING),
        ([event(ApprovalAsked)], event(Accepted, **TOLD), Status.PENDING),
        ([event(Cancelled)], event(Accepted, **TOLD), Status.DISPUTED),
        ([event(Cancelled)], event(Returned, **TOLD), Status.CANCELLED),
        ([event(Started), event(Refused, attempt=2)], event(Accepted, **TOLD), Status.DISPUTED),
    ],
)
def test_what_the_bank_took_after_all_is_paid_by_it_or_disputed(meanwhile, news, status):
    doubtful = hear_all(begun(), [*GONE, *meanwhile, DOUBTED])
    payout = hear_all(doubtful, [news, CLEARED])
    assert (payout.status, payout.needs_person, payout.in_doubt) == (status, "", ())
    assert payout.attempt == 1 or status is Status.CANCELLED


@pytest.mark.parametrize(
    "meanwhile", [[], [event(Accepted, attempt=2)], [event(Unclear, attempt=2)]]
)
def test_what_was_sent_anew_and_the_bank_took_after_all_is_a_contradiction(meanwhile):
    doubtful = hear_all(begun(), [*GONE, event(Started), *meanwhile, DOUBTED])
    with pytest.raises(Contradiction, match="known to be dead was executed"):
        advance(doubtful, event(Accepted, **TOLD))


def test_an_opinion_of_a_file_is_of_what_was_told_before():
    told = Said("lee", NOW, "CBA-1")
    over = replace(SEALED, stage=Stage.GIVEN_UP)
    doubtful = doubted_by_word(over, told)
    assert doubtful is not None
    assert (doubtful.doubted, doubtful.told) == (True, (told,))
    assert doubted_by_word(doubtful, Said("kim", NOW, "CBA-1")) is None
    judged = proposed_end(doubtful, PAID.verdict, "e", SAID)
    assert judged.opinion == replace(PAID, evidence="e", about=(told,))
    for more in (
        doubted_by_word(judged, Said("kim", NOW, "CBA-2")),
        doubted_by_returns(judged, (LINE,), SAID),
    ):
        assert more is not None
        assert more.opinion is None


def test_what_came_back_is_believed_of_a_file_that_was_taken_after_all_and_else_forgotten():
    back = replace(LINE, came_back=LINE.amount, why="x")
    told = doubted_by_returns(replace(SEALED, stage=Stage.GIVEN_UP), (back,), SAID)
    paid = ended(told, PAID, "kim", NOW)
    assert (paid.lines, paid.returns, paid.doubted) == ((back,), (SAID,), False)
    assert paid.taken == Said("kim", NOW, PAID.evidence)
    dead = ended(told, DEAD, "kim", NOW)
    assert (dead.lines, dead.returns, dead.doubted, dead.taken) == ((LINE,), (), False, None)
    for file in (paid, dead):
        assert file.cleared[0].agreed == Said("kim", NOW)
        with pytest.raises(Conflict, match="not in doubt"):
            ended(file, DEAD, "kim", NOW)


def test_a_file_may_pay_what_is_in_it_unless_it_was_given_up_for_certain():
    ways = [(stage, doubt) for stage in Stage for doubt in (False, True)]
    dead = {
        (stage, doubt)
        for stage, doubt in ways
        if not replace(SEALED, stage=stage, doubted=doubt).may_pay("payout-1")
    }
    assert dead == {(Stage.GIVEN_UP, False)}
    assert not SEALED.may_pay("payout-2")


def test_the_bank_cannot_have_what_nobody_was_given_or_what_is_empty():
    over = replace(SEALED, stage=Stage.GIVEN_UP)
    for file in (replace(over, given=()), replace(over, lines=())):
        with pytest.raises(Conflict):
            doubted_by_word(file, SAID)
        with pytest.raises(Conflict):
            doubted_by_returns(file, (), SAID)
