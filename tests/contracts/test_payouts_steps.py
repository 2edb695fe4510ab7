"""What `Payouts` promises of the steps: whole, chained, told as they were, and replayable."""

from __future__ import annotations

from chalicelib.domain.advance import advance, replay
from chalicelib.domain.events import (
    Asked,
    Doubt,
    Refused,
    ResolutionDismissed,
    ResolutionProposed,
    Returned,
    StartedAgain,
    Unanswered,
    Unclear,
    Verdict,
)
from chalicelib.domain.ledger import Place, balanced
from chalicelib.domain.money import Money, total
from chalicelib.domain.payout import Status
from chalicelib.domain.rails import Rail
from tests.contracts.making import (
    a_question,
    accepted,
    an_intent,
    balance,
    claimed,
    confirmed,
    dollars,
    hear,
    rejected,
    rich_customer,
)
from tests.fakes.clock import START


def test_everything_that_a_payout_remembers_is_read_as_it_was_written(store):
    rich_customer(store)
    intent = an_intent("12.34", rail=Rail.NPP)
    payout = store.payouts.write(*claimed(intent))
    at = START.replace(microsecond=123456)
    for event in (
        Unclear(at=at, by="sender", attempt=1, doubt=Doubt.TIMED_OUT, detail="http_504"),
        Asked(at=at, by="poller", attempt=1, found=False),
        Unanswered(at=at, by="poller", attempt=1),
        StartedAgain(at=at, by="poller", claim_id="claim-2"),
        Refused(at=at, by="provider", attempt=1, refusal="InvalidAmountsDontMatch"),
        ResolutionProposed(at=at, by="a", verdict=Verdict.DEAD, evidence="not in the books é"),
        ResolutionDismissed(at=at, by="b", reason="look again"),
        ResolutionProposed(at=at, by="a", verdict=Verdict.NEW_REFERENCE, evidence="still not"),
        accepted(at, monoova_transaction_id="100001", fee=Money(11)),
        confirmed(at),
        Returned(
            at=at, by="provider", attempt=1, amount=dollars("12.33"), reason="closed",
            return_id="1234568",
        ),
    ):  # fmt: skip
        payout = store.payouts.write(advance(payout, event))
        assert store.payouts.get(intent.transaction_id) == payout
    assert payout.status is Status.DISPUTED
    assert payout.came_back == dollars("12.33")
    assert payout.return_id == "1234568"
    last = list(store.payouts.steps(intent.transaction_id))[-1].event
    assert last.return_id == "1234568"


def test_the_steps_are_whole_chained_and_lead_to_the_payout(store):
    rich_customer(store)
    intent = an_intent("10.00")
    payout = store.payouts.write(*claimed(intent))
    payout = hear(
        store, payout,
        Unclear(at=START, by="sender", attempt=1, doubt=Doubt.TIMED_OUT),
        accepted(fee=Money(12), monoova_transaction_id="100001"),
        confirmed(),
        Returned(at=START, by="provider", attempt=1, amount=dollars("10.00"), reason="closed"),
    )  # fmt: skip
    steps = store.payouts.steps(intent.transaction_id)
    assert [step.sequence for step in steps] == list(range(1, payout.version + 1))
    assert [step.previous_hash for step in steps] == ["", *(step.hash for step in steps[:-1])]
    assert steps[-1].hash == payout.last_hash
    assert steps[-1].status == payout.status
    assert all(balanced(step.postings) for step in steps)
    assert replay(intent, [step.event for step in steps]) == payout
    assert replay(store.payouts.get(intent.transaction_id).intent, [s.event for s in steps]) == (
        store.payouts.get(intent.transaction_id)
    )


def test_balances_are_the_sum_of_the_postings(store):
    rich_customer(store, "100.00")
    ids = []
    for amount, last in (("10.00", confirmed()), ("0.07", rejected())):
        payout = store.payouts.write(*claimed(an_intent(amount)))
        ids.append(hear(store, payout, accepted(fee=Money(9)), last).transaction_id)
    moved = [
        posting for each in ids for step in store.payouts.steps(each) for posting in step.postings
    ]
    change = total(posting.amount for posting in moved if posting.place is Place.AVAILABLE)
    assert balance(store) == dollars("100.00") + change


def test_an_opening_knows_nothing_at_the_beginning(store):
    opening = store.payouts.opening(a_question("no-such-payout", customer_id="nobody"))
    assert (opening.customer, opening.payout, opening.gate_closed) == (None, None, False)


def test_an_opening_has_customer_payout_and_gate(store):
    rich_customer(store, "100.00")
    payout = store.payouts.write(*claimed(an_intent("10.00")))
    store.gate.close()
    opening = store.payouts.opening(a_question(payout.transaction_id))
    assert opening.customer == store.customers.get("customer-1")
    assert opening.payout == payout
    assert opening.gate_closed
