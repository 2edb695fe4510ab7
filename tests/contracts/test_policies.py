"""What `Policies` promises: one proposal at a time, ended once, and every change kept for ever."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields, replace
from datetime import timedelta
from typing import TYPE_CHECKING, cast

import pytest

from chalicelib.adapters.dynamo.payouts import DynamoPayouts
from chalicelib.adapters.dynamo.policies import DynamoPolicies
from chalicelib.adapters.dynamo.policy_rows import CURRENT, PROPOSED, policy_from, proposal_row
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.values import from_item, to_item
from chalicelib.domain.errors import Corrupt, Invalid, Stale, StoreUnavailable
from chalicelib.domain.money import Money
from chalicelib.domain.patience import Patience
from chalicelib.domain.policy import DEFAULT, FREE
from chalicelib.domain.policy_change import Change, Outcome, Proposal, Word
from chalicelib.ports.policies import InForce
from tests.contracts.kept import DYNAMOS, STORES, dynamo_kept, memory_kept
from tests.contracts.making import a_question
from tests.contracts.paging import everything
from tests.contracts.stores import CALENDAR
from tests.fakes.clock import START, FakeClock
from tests.fakes.dynamo_template import simulated_tables
from tests.fakes.policies import MemoryPolicies

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

SECOND = timedelta(seconds=1)


@pytest.fixture(params=STORES)
def kept(request):
    if request.param == "memory":
        yield memory_kept(MemoryPolicies)
        return
    with dynamo_kept(DynamoPolicies, request) as those:
        yield those


@pytest.fixture(params=DYNAMOS)
def dynamo_only(request):
    with dynamo_kept(DynamoPolicies, request) as those:
        yield those


def word(by="ada", second=0, reason="Fewer questions."):
    return Word(by, START + second * SECOND, f"request of {by}", reason)


def a_proposal(version=1, by="ada", second=0, days=9):
    policy = replace(DEFAULT, version=version, duplicate_days=days)
    return Proposal(policy, word(by, second))


def agreed(proposal, by="bert", second=1):
    return Change(proposal, Outcome.AGREED, word(by, second, ""))


def dismissed(proposal, by="bert", second=1):
    return Change(proposal, Outcome.DISMISSED, word(by, second, "Too many."))


def adopt(port, version, second=0):
    """One change more."""
    proposal = a_proposal(version, second=second)
    port.propose(proposal)
    port.end(agreed(proposal, second=second + 1))
    return agreed(proposal, second=second + 1)


def test_at_first_nothing_is_in_force_and_nothing_proposed(kept):
    assert kept.port.now() == InForce()
    assert kept.port.history(limit=9, position=None).items == []
    assert kept.port.dismissed("0f" * 32) is None


def test_everything_that_a_change_knows_is_kept(kept):
    proposal = Proposal(replace(FREE, version=1), word())
    change = Change(proposal, Outcome.AGREED, word("bert", 1, "So be it."))
    for part in (change, proposal, proposal.proposed, change.ended):
        assert all(getattr(part, each.name) for each in fields(part)), "a new field is to be tried"
    kept.port.propose(proposal)
    assert kept.port.now() == InForce(None, proposal)
    kept.port.end(change)
    assert kept.port.now() == InForce(change, None)
    assert kept.port.history(limit=9, position=None).items == [change]


def test_while_one_is_proposed_no_other_can_be(kept):
    kept.port.propose(a_proposal())
    kept.port.propose(a_proposal())
    for other in (a_proposal(by="cleo"), a_proposal(second=1), a_proposal(days=8)):
        with pytest.raises(Stale):
            kept.port.propose(other)
    assert kept.port.now().proposal == a_proposal()


@pytest.mark.parametrize("version", [1, 3, 7])
def test_what_was_made_for_another_version_cannot_be_proposed(kept, version):
    adopt(kept.port, 1)
    with pytest.raises(Stale):
        kept.port.propose(a_proposal(version))
    kept.port.propose(a_proposal(2))
    assert kept.port.now().proposal == a_proposal(2)


def test_without_a_policy_in_force_only_the_first_version_can_be_proposed(kept):
    with pytest.raises(Stale):
        kept.port.propose(a_proposal(2))
    assert kept.port.now() == InForce()


def test_only_what_is_proposed_can_be_ended_and_only_once(kept):
    proposal = a_proposal()
    for end in (agreed, dismissed):
        with pytest.raises(Stale):
            kept.port.end(end(proposal))
    kept.port.propose(proposal)
    with pytest.raises(Stale):
        kept.port.end(agreed(a_proposal(by="cleo")))
    kept.port.end(agreed(proposal))
    kept.port.end(agreed(proposal))
    for late in (dismissed(proposal), agreed(proposal, by="cleo"), agreed(proposal, second=2)):
        with pytest.raises(Stale):
            kept.port.end(late)
    assert kept.port.now() == InForce(agreed(proposal))
    assert kept.port.history(limit=9, position=None).items == [agreed(proposal)]


def test_what_is_dismissed_is_not_in_force_and_is_remembered(kept):
    in_force = adopt(kept.port, 1)
    proposal = a_proposal(2, second=5)
    kept.port.propose(proposal)
    kept.port.end(dismissed(proposal, second=6))
    assert kept.port.now() == InForce(in_force)
    assert kept.port.dismissed(proposal.digest) == dismissed(proposal, second=6)
    assert kept.port.history(limit=9, position=None).items == [
        dismissed(proposal, second=6), in_force
    ]  # fmt: skip
    # A request that was long on its way does not bring it back; another one is another one.
    with pytest.raises(Stale):
        kept.port.propose(proposal)
    kept.port.propose(a_proposal(2, second=7))


def test_the_history_has_every_change_once_the_newest_first(kept):
    changes = [adopt(kept.port, number, second=2 * number) for number in range(1, 6)]
    for limit in (1, 2, 9):
        assert everything(kept.port.history, limit) == list(reversed(changes))
    with pytest.raises(Invalid):
        kept.port.history(limit=1, position={"x": "y"})


def at_once(*deeds):
    """What each of several deeds comes to that are done at the same time."""

    def outcome(deed):
        try:
            deed()
        except (Stale, StoreUnavailable) as error:
            return type(error)
        return True

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(outcome, deeds))


def test_of_two_who_agree_at_once_one_has_agreed(kept):
    for version in range(1, 4):
        proposal = a_proposal(version, second=9 * version)
        kept.port.propose(proposal)
        ends = [agreed(proposal, by, 9 * version + 1) for by in ("bert", "cleo", "dora")]
        told = at_once(*(lambda end=end: kept.port.end(end) for end in ends))
        in_force = kept.port.now().change
        assert in_force.policy.version == version
        assert told.count(True) <= 1
        if True in told:
            assert in_force == ends[told.index(True)]
    assert len(kept.port.history(limit=9, position=None).items) == 3


def test_agreed_to_and_dismissed_at_once_it_is_one_of_the_two(kept):
    version = 1
    for second in range(0, 30, 10):
        proposal = a_proposal(version, second=second)
        kept.port.propose(proposal)
        ends = [agreed(proposal, "bert", second + 1), dismissed(proposal, "cleo", second + 1)]
        at_once(*(lambda end=end: kept.port.end(end) for end in ends))
        now, (last, *_) = kept.port.now(), kept.port.history(limit=9, position=None).items
        assert (now.proposal, last in ends) == (None, True)
        assert (now.change == last) == (last.outcome is Outcome.AGREED)
        version += last.outcome is Outcome.AGREED
    assert len(kept.port.history(limit=9, position=None).items) == 3


def test_of_two_who_propose_at_once_one_is_heard(kept):
    proposals = [a_proposal(by=by) for by in ("ada", "bert", "cleo")]
    told = at_once(*(lambda one=one: kept.port.propose(one) for one in proposals))
    assert told.count(True) <= 1
    proposal = kept.port.now().proposal
    assert proposal in proposals
    if True in told:
        assert proposal == proposals[told.index(True)]


def test_who_got_no_reply_finds_what_they_wrote(dynamo_only):
    port, proposal, second = dynamo_only.port, a_proposal(), a_proposal(2, second=5)
    dynamo_only.lose_replies(1)
    port.propose(proposal)
    dynamo_only.lose_replies(1)
    port.end(agreed(proposal))
    assert port.now() == InForce(agreed(proposal))
    port.propose(second)
    dynamo_only.lose_replies(1)
    port.end(dismissed(second))
    assert port.now() == InForce(agreed(proposal))
    assert len(port.history(limit=9, position=None).items) == 2


def test_who_got_no_reply_takes_nobody_elses_word_for_their_own(dynamo_only):
    port, proposal = dynamo_only.port, a_proposal()
    port.propose(proposal)
    dynamo_only.lose_replies(1)
    with pytest.raises(Stale):
        port.propose(a_proposal(by="cleo"))
    port.end(agreed(proposal))
    dynamo_only.lose_replies(1)
    with pytest.raises(Stale):
        port.end(agreed(proposal, by="cleo"))
    assert port.now() == InForce(agreed(proposal))


def put(kept, key, **changed):
    """Change a row behind the port's back."""
    found = kept.client.get_item(TableName=kept.table, Key=to_item({"key": key}))["Item"]
    kept.client.put_item(TableName=kept.table, Item=to_item(from_item(found) | changed))


@pytest.mark.parametrize("key", [CURRENT, PROPOSED])
@pytest.mark.parametrize(
    "broken",
    [{"policy": "{"}, {"policy": '{"limits": 3}'}, {"policy": "{}"}, {"proposed_at": "noon"},
     {"proposed_by": "mallory"}, {"proposed_why": None}],
)  # fmt: skip
def test_a_row_that_is_not_what_was_written_is_never_believed(dynamo_only, key, broken):
    adopt(dynamo_only.port, 1)
    dynamo_only.port.propose(a_proposal(2, second=3))
    put(dynamo_only, key, **broken)
    with pytest.raises(Corrupt):
        dynamo_only.port.now()


def test_an_end_that_cannot_be_is_never_believed(dynamo_only):
    adopt(dynamo_only.port, 1)
    put(dynamo_only, CURRENT, outcome="perhaps")
    with pytest.raises(Corrupt):
        dynamo_only.port.now()


def test_what_was_proposed_for_another_policy_than_is_in_force_is_never_put_there(dynamo_only):
    adopt(dynamo_only.port, 1)
    dynamo_only.port.propose(a_proposal(2, second=3))
    put(dynamo_only, CURRENT, version=4)
    with pytest.raises(Stale):
        dynamo_only.port.end(agreed(a_proposal(2, second=3), second=4))
    assert len(dynamo_only.port.history(limit=9, position=None).items) == 1


def test_a_payout_is_decided_by_the_row_in_force_and_else_by_the_default(dynamo_only):
    assert policy_from(None) == DEFAULT
    assert policy_from(None, FREE) == FREE
    adopt(dynamo_only.port, 1)
    key = to_item({"key": CURRENT})
    row = from_item(dynamo_only.client.get_item(TableName=dynamo_only.table, Key=key)["Item"])
    assert policy_from(row, FREE) == a_proposal().policy
    for broken in ({"policy": "[]"}, {"policy": '{"rates": 1}'}):
        with pytest.raises(Corrupt):
            policy_from({**row, **broken})
    with pytest.raises(Corrupt):
        policy_from({"key": CURRENT})


@pytest.mark.parametrize("version", [0, 2])
def test_a_row_in_force_that_holds_another_version_decides_nothing(version):
    held = proposal_row(a_proposal())
    assert policy_from(held) == a_proposal().policy
    with pytest.raises(Corrupt, match="another one"):
        policy_from({**held, "version": version})


def test_the_next_payout_is_decided_by_what_two_people_have_agreed_to():
    dynamo, tables = simulated_tables()
    session = Session(cast("DynamoDBClient", dynamo))
    policies = DynamoPolicies(session, tables.control)
    payouts = DynamoPayouts(
        session, tables, clock=FakeClock(), patience=Patience(), calendar=CALENDAR,
        default_policy=DEFAULT,
    )  # fmt: skip

    def decided_by():
        return payouts.opening(a_question()).policy

    assert decided_by() == DEFAULT
    proposal = a_proposal()
    policies.propose(proposal)
    assert decided_by() == DEFAULT
    policies.end(agreed(proposal))
    assert decided_by() == proposal.policy
    policies.propose(a_proposal(2, second=5))
    policies.end(dismissed(a_proposal(2, second=5), second=6))
    assert decided_by() == proposal.policy


def test_amounts_are_kept_to_the_cent(kept):
    limits = replace(DEFAULT.approvals, one_above=Money(10**14 - 1), two_above=Money(10**14))
    proposal = Proposal(replace(DEFAULT, version=1, approvals=limits), word())
    kept.port.propose(proposal)
    assert kept.port.now().proposal == proposal
