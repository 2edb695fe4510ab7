"""How a policy changes: proposed by one, agreed to by another, bound to what was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.assessment import Assessment
from chalicelib.domain.errors import Conflict, Forbidden
from chalicelib.domain.policy import DEFAULT, RiskRules
from chalicelib.domain.policy_change import Outcome, Word, agreed, dismissed, proposed
from chalicelib.domain.policy_trial import Trial, was, would_be
from chalicelib.domain.risk import Risk
from tests.fakes.clock import START

OTHER = replace(DEFAULT, duplicate_days=9)
ADA = Word("ada", START, "request-1", "fewer questions")
BERT = Word("bert", START + timedelta(minutes=1), "request-2")


def test_what_is_proposed_is_the_version_after_the_one_it_was_made_of():
    proposal = proposed(OTHER, current=DEFAULT, word=ADA)
    assert (proposal.base, proposal.policy) == (0, replace(OTHER, version=1))
    fourth = replace(DEFAULT, version=4)
    assert proposed(replace(OTHER, version=4), current=fourth, word=ADA).policy.version == 5


def test_what_was_made_of_another_version_or_changes_nothing_is_refused():
    for version in (1, 5):
        with pytest.raises(Conflict, match="version 0"):
            proposed(replace(OTHER, version=version), current=DEFAULT, word=ADA)
    with pytest.raises(Conflict, match="in force"):
        proposed(replace(DEFAULT), current=DEFAULT, word=ADA)


def test_the_digest_is_of_everything_that_was_read():
    proposal = proposed(OTHER, current=DEFAULT, word=ADA)
    others = [
        replace(proposal, policy=replace(proposal.policy, duplicate_days=8)),
        replace(proposal, policy=replace(proposal.policy, version=2)),
        *(
            replace(proposal, proposed=replace(ADA, **changed))
            for changed in (
                {"by": "cleo"}, {"at": BERT.at}, {"request_id": "another"}, {"reason": "other"}
            )
        ),
    ]  # fmt: skip
    digests = {each.digest for each in (proposal, *others)}
    assert len(digests) == len(others) + 1
    assert proposal.digest == proposed(OTHER, current=DEFAULT, word=ADA).digest


def test_nobody_agrees_to_what_they_proposed_themselves_and_anybody_may_dismiss_it():
    proposal = proposed(OTHER, current=DEFAULT, word=ADA)
    with pytest.raises(Forbidden):
        agreed(proposal, word=replace(BERT, by="ada"))
    change = agreed(proposal, word=BERT)
    assert (change.outcome, change.policy) == (Outcome.AGREED, proposal.policy)
    for word in (ADA, BERT):
        assert dismissed(proposal, word=word).outcome is Outcome.DISMISSED


SIGNALS = (("burst", 100), ("odd_hour", 40))
RULES = RiskRules(30, 60, {"burst": 50, "odd_hour": 50})


def test_what_was_is_told_by_why_and_what_would_be_by_the_signals():
    calm, reviewed = Assessment(1), Assessment(1, 55, SIGNALS, 1, ("amount", "risk"))
    assert [was(calm), was(reviewed)] == [Risk.ALLOWED, Risk.REVIEW]
    assert was(replace(calm, why=("amount", "duplicate"))) is Risk.ALLOWED
    assert [would_be(calm, RULES), would_be(reviewed, RULES)] == [Risk.ALLOWED, Risk.BLOCKED]
    assert would_be(reviewed, replace(RULES, blocked_above=70)) is Risk.REVIEW
    assert would_be(reviewed, replace(RULES, review_from=71, blocked_above=71)) is Risk.ALLOWED


def test_a_trial_counts_all_that_it_saw_and_judges_what_was_assessed():
    trial = Trial(RULES)
    for assessment in (
        None,
        Assessment(1),
        Assessment(1, 70, SIGNALS, 1, ("risk",)),
        Assessment(1, 70, SIGNALS),
        Assessment(1, 70, SIGNALS),
    ):
        trial.look_at(assessment)
    assert (trial.seen, trial.assessed) == (5, 4)
    assert [trial.were(each) for each in Risk] == [3, 1, 0]
    assert [trial.would_be(each) for each in Risk] == [1, 0, 3]
    assert trial.judged[Risk.ALLOWED, Risk.BLOCKED] == 2
