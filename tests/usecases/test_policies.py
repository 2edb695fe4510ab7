"""The business's policy: proposed by one admin, put in force by another, tried before that."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.assessment import Assessment
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Conflict, Forbidden, InvalidRequest, Stale, StoreUnavailable
from chalicelib.domain.policy import DEFAULT, FREE, RiskRules
from chalicelib.domain.policy_change import Outcome
from chalicelib.domain.risk import Risk
from chalicelib.ports import InForce, Page
from chalicelib.usecases import try_policy
from chalicelib.usecases.policies import agree, dismiss, propose, show
from chalicelib.usecases.try_policy import MOST_SEEN, RESERVE, try_rules
from tests.contracts.making import an_intent
from tests.fakes.clock import FakeClock
from tests.fakes.policies import MemoryPolicies
from tests.fakes.state import State
from tests.usecases.world import Between

OTHER = replace(DEFAULT, duplicate_days=9)


class Council:
    """Some admins and the policy that they decide on."""

    def __init__(self):
        self.state = State()
        self.clock = FakeClock()
        self.policies: Any = MemoryPolicies(self.state)

    def propose(self, policy=OTHER, *, by="ada", reason="fewer questions", default=DEFAULT):
        self.clock.advance(1)
        return propose(
            policy, reason=reason, by=by, request_id=f"request of {by}", default=default,
            policies=self.policies, clock=self.clock,
        )  # fmt: skip

    def agree(self, digest, *, by="bert"):
        self.clock.advance(1)
        return agree(
            digest, by=by, request_id="request-2", policies=self.policies, clock=self.clock
        )

    def dismiss(self, digest, *, by="bert", reason="too much"):
        self.clock.advance(1)
        return dismiss(
            digest, reason=reason, by=by, request_id="request-3", policies=self.policies,
            clock=self.clock,
        )  # fmt: skip

    def show(self, default=DEFAULT):
        return show(policies=self.policies, default=default)

    def in_force(self):
        return self.show().current

    def meanwhile(self, method, happens):
        """Let something happen before the next call of a method of the port, and only that one."""
        true = self.policies

        def first(*_args, **_told):
            self.policies = true
            between._first.clear()
            happens()

        self.policies = between = Between(true, **{method: first})


@pytest.fixture
def council():
    return Council()


def test_until_two_people_have_agreed_the_default_is_in_force(council):
    for default in (DEFAULT, FREE):
        told = council.show(default)
        assert (told.current, told.change, told.proposal) == (default, None, None)
    made = council.propose()
    assert not made.replayed
    assert council.show().current == DEFAULT
    assert council.show().proposal == made.proposal


def test_agreed_to_by_another_it_is_in_force_as_the_next_version(council):
    made = council.propose()
    ended = council.agree(made.proposal.digest)
    assert not ended.replayed
    told = council.show(FREE)
    assert told.current == replace(OTHER, version=1)
    assert (told.change, told.proposal) == (ended.change, None)
    second = council.propose(replace(DEFAULT, version=1), by="bert")
    council.agree(second.proposal.digest, by="ada")
    assert council.in_force() == replace(DEFAULT, version=2)


def test_nobody_puts_in_force_what_they_proposed_themselves(council):
    made = council.propose()
    with pytest.raises(Forbidden):
        council.agree(made.proposal.digest, by="ada")
    assert council.in_force() == DEFAULT


def test_all_that_is_wrong_with_it_is_told_at_once_at_its_place(council):
    broken = replace(OTHER, duplicate_days=-1, risk=RiskRules(9, 8, {"astrology": 1}))
    with pytest.raises(InvalidRequest) as refused:
        council.propose(broken)
    assert {each.pointer for each in refused.value.faults} == {
        "/policy/duplicate_days", "/policy/risk/blocked_above", "/policy/risk/weights/astrology"
    }  # fmt: skip
    assert council.show().proposal is None


def test_what_was_made_of_another_version_is_refused(council):
    council.agree(council.propose().proposal.digest)
    for version in (0, 2):
        with pytest.raises(Conflict, match="version 1"):
            council.propose(replace(DEFAULT, version=version))


def test_proposed_again_it_is_the_same_and_anything_else_has_to_wait(council):
    first = council.propose()
    again = council.propose()
    assert (again.proposal, again.replayed) == (first.proposal, True)
    for other in (
        {"policy": replace(OTHER, duplicate_days=8)},
        {"by": "cleo"},
        {"reason": "another"},
        {"policy": replace(OTHER, version=3)},
    ):
        with pytest.raises(Conflict, match="Another policy"):
            council.propose(**other)
    assert council.show().proposal == first.proposal


def test_only_what_was_read_is_agreed_to(council):
    with pytest.raises(Conflict, match="No policy"):
        council.agree("0f" * 32)
    read = council.propose().proposal
    council.dismiss(read.digest, by="ada")
    council.propose(replace(OTHER, duplicate_days=90))
    with pytest.raises(Conflict, match="not the one"):
        council.agree(read.digest)
    assert council.in_force() == DEFAULT


def test_agreed_to_again_it_is_the_same_and_by_nobody_else(council):
    digest = council.propose().proposal.digest
    first = council.agree(digest)
    again = council.agree(digest)
    assert (again.change, again.replayed) == (first.change, True)
    with pytest.raises(Conflict):
        council.agree(digest, by="cleo")
    with pytest.raises(Conflict):
        council.dismiss(digest)


def test_dismissed_nothing_changes_and_again_it_is_the_same(council):
    digest = council.propose().proposal.digest
    first = council.dismiss(digest)
    assert (first.replayed, first.change.outcome) == (False, Outcome.DISMISSED)
    assert (council.in_force(), council.show().proposal) == (DEFAULT, None)
    again = council.dismiss(digest)
    assert (again.change, again.replayed) == (first.change, True)
    for other in ({"by": "cleo"}, {"reason": "another"}):
        with pytest.raises(Conflict):
            council.dismiss(digest, **other)
    with pytest.raises(Conflict):
        council.agree(digest)


def test_who_proposed_may_dismiss_it(council):
    digest = council.propose().proposal.digest
    assert council.dismiss(digest, by="ada").change.ended.by == "ada"


def test_every_change_says_who_when_why_and_in_which_request(council):
    council.dismiss(council.propose().proposal.digest)
    council.agree(council.propose().proposal.digest)
    done, gone = council.policies.history(limit=9, position=None).items
    for change in (done, gone):
        said = change.proposal.proposed
        assert (said.by, said.request_id, said.reason) == (
            "ada", "request of ada", "fewer questions"
        )  # fmt: skip
        assert said.at < change.ended.at
    assert (gone.ended.by, gone.ended.request_id, gone.ended.reason) == (
        "bert", "request-3", "too much"
    )  # fmt: skip
    assert (done.ended.by, done.ended.request_id) == ("bert", "request-2")


def test_of_two_who_propose_the_same_at_once_both_are_heard_and_of_others_one(council):
    council.meanwhile("propose", council.propose)
    assert council.propose().replayed
    council.dismiss(council.show().proposal.digest)
    council.meanwhile("propose", lambda: council.propose(by="cleo"))
    with pytest.raises(Conflict, match="Another policy"):
        council.propose()
    assert council.show().proposal.proposed.by == "cleo"


def test_of_two_who_agree_at_once_one_has_agreed(council):
    digest = council.propose().proposal.digest
    council.meanwhile("end", lambda: council.agree(digest, by="cleo"))
    with pytest.raises(Conflict):
        council.agree(digest)
    assert council.show().change.ended.by == "cleo"
    assert council.in_force().version == 1


def test_who_agrees_twice_at_once_has_agreed_once(council):
    digest = council.propose().proposal.digest
    council.meanwhile("end", lambda: council.agree(digest))
    assert council.agree(digest).replayed
    assert len(council.policies.history(limit=9, position=None).items) == 1


def test_dismissed_while_somebody_agrees_it_is_not_in_force(council):
    digest = council.propose().proposal.digest
    council.meanwhile("end", lambda: council.dismiss(digest, by="cleo"))
    with pytest.raises(Conflict):
        council.agree(digest)
    assert (council.in_force(), council.show().proposal) == (DEFAULT, None)


def test_agreed_to_while_somebody_dismisses_it_stays_in_force(council):
    digest = council.propose().proposal.digest
    council.meanwhile("end", lambda: council.agree(digest, by="cleo"))
    with pytest.raises(Conflict):
        council.dismiss(digest)
    assert council.in_force().version == 1


def test_what_was_done_without_a_reply_is_the_same_when_done_again(council):
    council.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        council.propose()
    digest = council.propose().proposal.digest
    council.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        council.dismiss(digest)
    assert council.dismiss(digest).replayed
    digest = council.propose().proposal.digest
    council.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        council.agree(digest)
    assert council.agree(digest).replayed
    assert council.in_force().version == 1


def test_where_others_are_faster_again_and_again_it_is_said(council):
    class Hasty(MemoryPolicies):
        def propose(self, proposal):
            raise Stale(f"not any more: {proposal.base}")

    council.policies = Hasty(council.state)
    with pytest.raises(Stale):
        council.propose()
    assert council.policies.now() == InForce()


# Tried before it is proposed.

TRIED = RiskRules(30, 60, {"burst": 50, "odd_hour": 50})
FIRED = Assessment(1, 70, (("burst", 100), ("odd_hour", 40)), 1, ("risk",))


class History:
    """Payouts by their pages, as the store lists them; each page takes a second."""

    def __init__(self, *assessments, at_once=2):
        self.payouts = [
            type("Listed", (), {"intent": replace(an_intent(), assessment=each)})
            for each in assessments
        ]
        self.at_once = at_once
        self.wanted: Any = None
        self.seconds = 10.0

    def page(self, wanted, *, limit, position):
        assert limit == try_policy.AT_ONCE
        self.wanted = wanted
        self.seconds -= 1
        start = int(position["at"]) if position else 0
        end = start + self.at_once
        rest = {"at": str(end)} if end < len(self.payouts) else None
        return Page(self.payouts[start:end], rest)

    def try_rules(self, days=7, clock=None):
        payouts: Any = self
        return try_rules(
            TRIED, days=days, payouts=payouts, clock=clock or FakeClock(),
            time_left=lambda: self.seconds,
        )  # fmt: skip


def test_all_payouts_of_the_days_are_tried_page_by_page():
    clock = FakeClock()
    history = History(FIRED, None, Assessment(1), FIRED, Assessment(1))
    tried = history.try_rules(days=3, clock=clock)
    today = sydney_date(clock.now())
    assert (tried.first, tried.last, tried.complete) == (today - timedelta(days=2), today, True)
    assert (history.wanted.first, history.wanted.last) == (tried.first, tried.last)
    assert (tried.trial.seen, tried.trial.assessed) == (5, 4)
    assert tried.trial.judged == {(Risk.REVIEW, Risk.BLOCKED): 2, (Risk.ALLOWED, Risk.ALLOWED): 2}


def test_a_trial_of_nothing_is_complete():
    tried = History().try_rules(days=1)
    assert (tried.first, tried.trial.seen, tried.complete) == (tried.last, 0, True)


def test_where_time_runs_out_it_says_so_and_how_many_it_has_seen():
    history = History(*[FIRED] * 9)
    history.seconds = RESERVE + 1.5
    tried = history.try_rules()
    assert (tried.trial.seen, tried.complete) == (4, False)
    history.seconds = RESERVE
    tried = history.try_rules()
    assert (tried.trial.seen, tried.complete) == (0, False)


def test_no_trial_looks_at_more_than_it_may():
    history = History(*[FIRED] * 4, at_once=2)
    history.payouts *= MOST_SEEN // 4 + 1
    history.at_once = MOST_SEEN // 2
    tried = history.try_rules()
    assert (tried.trial.seen, tried.complete) == (MOST_SEEN, False)
