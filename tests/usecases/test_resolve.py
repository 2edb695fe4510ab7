"""Two people decide what asking cannot find; what the provider knows wins."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.errors import (
    Conflict,
    Contradiction,
    Forbidden,
    NotFound,
    NotPossible,
    ProviderUnavailable,
    Stale,
    StoreUnavailable,
)
from chalicelib.domain.events import Accepted, Confirmed, Verdict
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from tests.fakes.provider import TIMED_OUT_AND_PAID, TIMED_OUT_UNPAID
from tests.usecases.world import AMOUNT, DEPOSIT, World

QUARANTINE = timedelta(minutes=30)
VERDICTS = pytest.mark.parametrize("verdict", list(Verdict))


def doubtful(reply=TIMED_OUT_UNPAID, *, verdict=Verdict.DEAD, refuses_repeats=True):
    """An unconfirmed payout, made by Olive, with Paul's proposal; the quarantine is over."""
    world = World(refuses_repeats=refuses_repeats).open_for_business()
    world.provider.will(reply)
    world.request()
    world.clock.advance(QUARANTINE)
    world.propose(world.payout.transaction_id, verdict)
    return world


def test_declared_dead_by_two_people_the_money_is_given_back():
    world = doubtful()
    assert attention(world.payout) == "resolution_proposed"
    assert world.agree(world.payout.transaction_id).status is Status.FAILED
    assert world.available == DEPOSIT
    assert world.payout.error_code == "declared_dead"
    world.check_equal()


@pytest.mark.parametrize("refuses_repeats", [True, False])
def test_agreed_by_two_people_it_is_paid_under_a_new_reference(refuses_repeats):
    world = doubtful(verdict=Verdict.NEW_REFERENCE, refuses_repeats=refuses_repeats)
    first = world.payout.unique_reference
    again = world.agree(world.payout.transaction_id)
    assert (again.status, again.attempt) == (Status.QUEUED, 2)
    assert world.available == DEPOSIT - AMOUNT
    world.poll_after(120)
    assert [each.reference for each in world.provider.executions] == [again.unique_reference]
    assert again.unique_reference != first
    world.check_equal()


@VERDICTS
@pytest.mark.parametrize("who", ["paul", "olive"])
def test_neither_who_proposed_nor_who_made_it_can_agree(verdict, who):
    world = doubtful(verdict=verdict)
    before = world.payout
    with pytest.raises(Forbidden):
        world.agree(before.transaction_id, by=who)
    assert world.payout == before


def test_the_maker_may_propose_and_still_needs_another():
    world = doubtful()
    world.dismiss(world.payout.transaction_id)
    world.propose(world.payout.transaction_id, Verdict.DEAD, by="olive")
    with pytest.raises(Forbidden):
        world.agree(world.payout.transaction_id, by="olive")
    assert world.agree(world.payout.transaction_id, by="anna").status is Status.FAILED


@VERDICTS
def test_nothing_is_decided_within_the_quarantine(verdict):
    world = World().open_for_business()
    world.provider.will(TIMED_OUT_UNPAID)
    world.request()
    world.propose(world.payout.transaction_id, verdict)
    world.clock.advance(QUARANTINE - timedelta(seconds=1))
    before = world.payout
    with pytest.raises(Conflict, match="quarantine"):
        world.agree(before.transaction_id)
    assert world.payout == before


@VERDICTS
@pytest.mark.parametrize(
    ("word", "status"),
    [("Complete", Status.COMPLETED), ("Pending", Status.PENDING), ("Rejected", Status.REJECTED)],
)
def test_what_the_provider_knows_after_all_wins(verdict, word, status):
    world = doubtful(TIMED_OUT_AND_PAID, verdict=verdict)
    world.provider.settle(world.payout.unique_reference, word)
    with pytest.raises(Conflict, match="knows it after all"):
        world.agree(world.payout.transaction_id)
    assert world.status is status
    assert world.payout.attempt == 1
    assert world.payout.proposal is None


@VERDICTS
def test_what_only_the_accounts_transactions_show_wins_too(verdict):
    world = doubtful(TIMED_OUT_AND_PAID, verdict=verdict)
    provider = world.provider

    class Forgetful:
        def __getattr__(self, name):
            return getattr(provider, name)

        def status(self, _payout, *, within):
            assert within > 0

    world.ports["provider"] = Forgetful()
    with pytest.raises(Conflict, match="knows it after all"):
        world.agree(world.payout.transaction_id)
    assert world.status is Status.PENDING


@VERDICTS
@pytest.mark.parametrize("question", ["status", "entries"])
def test_without_an_answer_of_the_provider_nothing_is_decided(verdict, question):
    world = doubtful(verdict=verdict)
    before = world.payout
    world.once("provider", question, lambda: setattr(world.provider, "down", True))
    with pytest.raises(ProviderUnavailable):
        world.agree(before.transaction_id)
    assert world.payout == before


@VERDICTS
@pytest.mark.parametrize("kind", [Accepted, Confirmed])
def test_a_payout_that_moved_while_it_was_looked_at_is_not_decided_upon(verdict, kind):
    world = doubtful(verdict=verdict)
    body = world.teach(b"late", world.payout, kind)
    world.once("payouts", "write", lambda: world.receive(body))
    with pytest.raises(Stale):
        world.agree(world.payout.transaction_id)
    assert world.status in {Status.PENDING, Status.COMPLETED}
    assert world.available == DEPOSIT - AMOUNT


def test_of_two_who_agree_at_once_one_decides():
    world = doubtful()
    own = world.payout.transaction_id
    world.once("payouts", "write", lambda: (world.clock.advance(1), world.agree(own, by="bert")))
    with pytest.raises(Stale):
        world.agree(own)
    assert world.available == DEPOSIT
    world.check_equal()


def test_a_proposal_keeps_the_poller_from_sending_again():
    world = doubtful()
    for _ in range(5):
        world.poll_after(QUARANTINE)
    assert len(world.provider.requests) == 1
    assert world.payout.proposal is not None
    world.dismiss(world.payout.transaction_id)
    world.poll_after(timedelta(hours=1))
    assert len(world.provider.requests) == 2
    world.check_equal()


def test_a_second_proposal_waits_until_the_first_is_dismissed():
    world = doubtful()
    own = world.payout.transaction_id
    with pytest.raises(Conflict, match="already"):
        world.propose(own, Verdict.NEW_REFERENCE, by="anna")
    assert world.dismiss(own).proposal is None
    with pytest.raises(Conflict, match="Nothing is proposed"):
        world.dismiss(own)
    with pytest.raises(Conflict, match="Nothing is proposed"):
        world.agree(own)
    assert world.propose(own, Verdict.NEW_REFERENCE).proposal.verdict is Verdict.NEW_REFERENCE


def test_of_two_proposals_at_once_one_stands():
    world = doubtful()
    own = world.payout.transaction_id
    world.dismiss(own)
    world.once("payouts", "write", lambda: world.propose(own, Verdict.DEAD, by="anna"))
    with pytest.raises(Stale):
        world.propose(own, Verdict.NEW_REFERENCE)
    assert world.payout.proposal.by == "anna"


@pytest.mark.parametrize("deed", ["propose", "dismiss", "agree"])
def test_only_what_is_unconfirmed_is_resolved(deed):
    world = World().open_for_business()
    world.request()
    own = world.payout.transaction_id
    more = [Verdict.DEAD] if deed == "propose" else []
    with pytest.raises(NotPossible) as caught:
        getattr(world, deed)(own, *more)
    assert not isinstance(caught.value, Contradiction)
    with pytest.raises(NotFound):
        getattr(world, deed)("unknown", *more)


def test_a_payout_that_was_found_before_anybody_agreed_is_not_decided():
    world = doubtful(TIMED_OUT_AND_PAID)
    world.poll_after(60)
    with pytest.raises(NotPossible):
        world.agree(world.payout.transaction_id)
    assert world.status is Status.PENDING


def test_good_news_of_a_payout_declared_dead_is_disputed_and_stops_the_customer():
    world = doubtful()
    world.agree(world.payout.transaction_id)
    world.receive(world.teach(b"late", world.payout, Confirmed))
    assert world.status is Status.DISPUTED
    assert attention(world.payout) == "disputed"
    assert world.available == DEPOSIT, "what was given back stays the customer's"
    assert world.store.state.customers["customer-1"].stopped
    with pytest.raises(Conflict):
        world.request(key="another-key-00000")
    world.check_books()


def test_evidence_and_people_are_in_the_trail():
    world = doubtful()
    world.agree(world.payout.transaction_id)
    steps = world.store.state.steps[world.payout.transaction_id]
    proposed, dead = steps[-2].event, steps[-1].event
    assert (proposed.by, proposed.evidence) == ("paul", "the bank's letter")
    assert (dead.by, dead.evidence, dead.request_id) == ("anna", "the bank's letter", "r-a")


def test_a_decision_whose_reply_is_lost_was_made_once():
    world = doubtful()
    world.store.state.lost_replies = 1
    with pytest.raises(StoreUnavailable):
        world.agree(world.payout.transaction_id)
    with pytest.raises(NotPossible):
        world.agree(world.payout.transaction_id)
    assert world.available == DEPOSIT
