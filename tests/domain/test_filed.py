"""What a bank file does to a payout's life: the bank's word alone counts, and once let go, none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.advance import advance, replay
from chalicelib.domain.bank_file import (
    BankFile,
    Line,
    Said,
    Stage,
    closed,
    doubted,
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
    Asked,
    Cancelled,
    Confirmed,
    Escalated,
    Filed,
    Held,
    LetGo,
    NeverSent,
    OutOfFunds,
    Refused,
    Rejected,
    Returned,
    Started,
    StartedAgain,
    Unclear,
    WindowClosed,
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
SEALED = replace(
    BankFile("file-1", NOW, "alex", NOW.date(), None, ("payout-1",)),  # type: ignore[arg-type] # nobody pays
    stage=Stage.SEALED, lines=(LINE,),
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
    ways = {
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
        "doubted": (doubted, {Stage.GIVEN_UP: Stage.GIVEN_UP}),
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
