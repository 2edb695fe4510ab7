"""The steps of a payout are its audit trail: chained, and enough to tell the payout from."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.advance import advance, begin, replay
from chalicelib.domain.assessment import Assessment
from chalicelib.domain.events import (
    Accepted,
    ApprovalAsked,
    Approved,
    Asked,
    Confirmed,
    OutOfFunds,
    Released,
    Returned,
    Started,
    StartedAgain,
    Unclear,
)
from chalicelib.domain.intent import Drawn, Intent
from chalicelib.domain.money import Money
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from chalicelib.domain.ways import Route
from tests.domain.making import AMOUNT, FEE, ID, NOW, OTHER, begun, event, in_status, intent, sealed

S = Status

REPLAYED = [
    event(Started, claim_id="a"), event(Unclear, later=2), event(Asked, found=False),
    event(StartedAgain, later=9), event(Accepted, fee=FEE), event(Confirmed), event(Returned),
]  # fmt: skip


def _steps(payout, events):
    for told in events:
        step = advance(payout, told)
        payout = step.after
        yield step


def test_a_payout_is_the_replay_of_its_steps():
    first = begin(intent(), by="olive", request_id="r")
    steps = [first, *_steps(first.after, REPLAYED)]
    assert replay(intent(), [step.event for step in steps]) == steps[-1].after
    with pytest.raises(ValueError, match="at least one step"):
        replay(intent(), [])


def test_a_hash_is_what_it_has_always_been():
    """Written down: a chain that was stored years ago has to prove itself with today's code."""
    first = "b6c6c3bd9ba1b35b6d8debf33ed2264ef147b5fb599076e25ca52190f298c685"
    last = "8d0f4e92027c7a5759b1b67d287d859f78c13a345a7de4fc6eff04bcfc39ec26"
    assert begun().last_hash == first
    assert list(_steps(begun(), REPLAYED))[-1].after.last_hash == last


def test_a_hash_with_a_wait_for_funds_is_what_it_has_always_been():
    events = [event(Started, claim_id="a"), event(OutOfFunds), event(Started, claim_id="b")]
    last = list(_steps(begun(), events))[-1].after
    assert last.attempt == 2
    assert last.last_hash == "00cb6afaeff902f77c502ffed797569dc9540851d576a9191dbaa2d83a6bd02a"


THOUGHT = Assessment(
    policy_version=3, score=60, signals=(("velocity", 100), ("burst", 40)), needs=2,
    why=("amount", "risk"), name_check="match", tier="verified", repeats=ID,
)  # fmt: skip
CHECKED = replace(THOUGHT, checked_as="check-1", registered_name="J*** C***")
DRAWN = (Drawn("day#customer#customer-1#2026-03-02", Money(10_000), 1),)


def test_the_hash_of_an_intent_is_what_it_was_before_anything_was_thought_of_it():
    """What was not told then is no part of it now: neither a thought, nor what was drawn."""
    assert intent().digest == "7db37d95f1aae696f17ebb3f288ea15f27c897f9370c9790555205ad721d2602"
    assert (
        intent(assessment=THOUGHT, drawn=DRAWN).digest
        == "1f235c3c0d301add9930a1041bb43113b2cde29763e961e2ead46b3bb341837a"
    )


def test_a_hash_with_two_approvals_is_what_it_has_always_been():
    events = [
        event(ApprovalAsked, needs=2), event(Approved, by="anna", needs=2, reason="seen"),
        event(Approved, by="bela", needs=2, later=5), event(Released), event(Started),
    ]  # fmt: skip
    last = list(_steps(begun(assessment=THOUGHT, drawn=DRAWN), events))[-1].after
    assert last.status is S.SENDING
    assert last.last_hash == "cddc56d26c4e7b1cd77b9d972deb16471eba8612cad13e3dbe9f9b12258c41f1"


@pytest.mark.parametrize("name", sorted(each.name for each in fields(Assessment)))
def test_a_change_of_anything_that_was_thought_changes_the_digest(name):
    other = replace(CHECKED, **{name: getattr(Assessment(0), name)})
    assert intent(assessment=other).digest != intent(assessment=CHECKED).digest


@pytest.mark.parametrize("other", [Drawn("day#2", OTHER, 1), Drawn("day#1", OTHER, 2),
                                   Drawn("day#1", FEE, 1)], ids=str)  # fmt: skip
def test_a_change_of_anything_that_was_drawn_changes_the_digest(other):
    drawn = Drawn("day#1", OTHER, 1)
    assert intent(drawn=(other,)).digest != intent(drawn=(drawn,)).digest
    assert intent(drawn=(drawn, other)).digest != intent(drawn=(drawn,)).digest


def test_each_step_is_chained_to_the_one_before():
    hashes = [begin(intent(), by="olive").after.last_hash]
    hashes += [step.after.last_hash for step in _steps(begun(), REPLAYED)]
    assert len(set(hashes)) == len(hashes)
    assert all(len(each) == 64 for each in hashes)


@pytest.mark.parametrize("at", range(len(REPLAYED)))
def test_a_change_of_any_event_changes_every_hash_after_it(at):
    changed = [*REPLAYED]
    changed[at] = replace(changed[at], by="somebody else")
    told = [step.after.last_hash for step in _steps(begun(), REPLAYED)]
    other = [step.after.last_hash for step in _steps(begun(), changed)]
    assert told[:at] == other[:at]
    assert not set(told[at:]) & set(other[at:])


_CHANGED: dict[str, Any] = {
    "transaction_id": ID[::-1], "customer_id": "customer-2", "amount": OTHER,
    "rail": Rail.DIRECT_ENTRY, "created_at": NOW + timedelta(microseconds=1), "created_by": "max",
    "reference": "r", "description": "d", "remitter_name": "n", "asked": (("amount", "1.00"),),
    "kept_digest": "00", "assessment": Assessment(0), "drawn": (Drawn("day#1", OTHER, 1),),
    "route": Route("NPP", OTHER, NOW.date()),
    "redraft_of": ("another",),
    "fallbacks": (Rail.NPP,),
}  # fmt: skip


@pytest.mark.parametrize("name", sorted({f.name for f in fields(Intent)} - {"destination"}))
def test_a_change_of_any_field_of_the_intent_changes_the_first_hash(name):
    assert begun(**{name: _CHANGED[name]}).last_hash != begun().last_hash


@pytest.mark.parametrize("changed", [{"reason": "x"}, {"fee": AMOUNT}, {"arrives_on": date.max}])
def test_a_change_of_anything_that_was_said_of_its_way_changes_the_first_hash(changed):
    route = Route("NPP", OTHER, NOW.date())
    assert begun(route=replace(route, **changed)).last_hash != begun(route=route).last_hash


def test_another_ciphertext_or_id_of_the_destination_changes_the_first_hash():
    for other in (replace(sealed(), ciphertext=b"other"), replace(sealed(), destination_id="d")):
        assert begun(destination=other).last_hash != begun().last_hash


@pytest.mark.parametrize("kind", [Accepted, Confirmed])
@given(fee=st.integers(0, 500), name=st.text(max_size=5), seconds=st.integers(0, 10**6))
def test_a_change_of_any_field_of_an_event_changes_its_hash(kind, fee, name, seconds):
    plain = event(kind)
    told = event(kind, later=seconds, fee=Money(fee), by=name, request_id=name)
    payout = in_status(S.SENDING)
    one, other = advance(payout, plain).after.last_hash, advance(payout, told).after.last_hash
    assert (one == other) is (plain == told)


def test_another_request_of_the_same_is_another_chain():
    by_max = begin(intent(), by="max").after.last_hash
    assert by_max != begin(intent(), by="olive").after.last_hash
