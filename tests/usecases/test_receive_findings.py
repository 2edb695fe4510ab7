"""What of webhooks becomes a finding: unknown, unfit, unreadable, taken; once for each content."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.domain.errors import StoreUnavailable
from chalicelib.domain.events import Accepted, Confirmed, Rejected, Returned
from chalicelib.domain.findings import Kind
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.notices import Debit, PayoutNews, Unheard, Unreadable
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import Status
from tests.usecases.world import AMOUNT, World

BODY = b'{"Status": "Payment Successful"}'
NOBODY = "00000000-0000-8000-8000-000000000000"


@pytest.fixture
def world():
    world = World().open_for_business()
    world.request()
    return world


def findings(world):
    return list(world.store.state.findings.values())


def only(world):
    (finding,) = findings(world)
    return finding


def unknown(world, kind=Returned, **told):
    news = kind(at=world.clock.now(), by="monoova", attempt=1, **told)
    return PayoutNews(f"{NOBODY}-1", NOBODY, news)


def unfit(world):
    """A rejection of what is paid already, and what it is about."""
    world.receive(world.teach(b"ok", world.payout, Confirmed))
    world.store.state.notices.clear()
    return world.teach(BODY, world.payout, Rejected, amount=AMOUNT)


@pytest.mark.parametrize("kind", [Confirmed, Rejected, Returned])
def test_news_of_a_payout_that_is_none_of_ours_is_a_finding(world, kind):
    world.inbox.teach(BODY, unknown(world, kind, amount=Money(700)))
    assert world.receive(BODY) == "unknown_reference"
    found = only(world)
    assert (found.kind, found.reference) == (Kind.UNKNOWN_PAYOUT, f"{NOBODY}-1")
    assert (found.amount, found.detail) == (Money(700), kind.__name__)
    assert found.found_at == world.clock.now()
    (notice,) = world.store.state.notices.values()
    assert (found.notice_id, notice.findings) == (notice.notice_id, (found.finding_id,))


def test_news_without_an_amount_is_a_finding_without_one(world):
    world.inbox.teach(BODY, unknown(world, Accepted))
    world.receive(BODY)
    assert only(world).amount is None


def test_news_that_cannot_be_true_is_a_finding_and_a_dead_letter_and_stops_the_payout(world):
    assert world.receive(unfit(world)) == "dead_lettered"
    found = only(world)
    assert (found.kind, found.reference) == (Kind.UNFIT_NEWS, world.payout.unique_reference)
    assert (found.amount, found.detail) == (AMOUNT, "Rejected")
    assert attention(world.payout) == "contradiction"
    assert world.dead_letters.queued[0][0].error == "contradiction"


def test_money_of_another_amount_under_the_same_name_is_a_finding(world):
    world.inbox.teach(BODY, Receipt("N7", Money(500), "NPP", world.clock.now()))
    world.receive(BODY, "NPPReceivePayment")
    world.inbox.teach(b"more", Receipt("N7", Money(501), "NPP", world.clock.now()))
    assert world.receive(b"more", "NPPReceivePayment") == "dead_lettered"
    found = only(world)
    assert (found.kind, found.reference, found.amount) == (Kind.UNFIT_NEWS, "N7", Money(501))


@pytest.mark.parametrize("reference", ["N7", ""])
def test_what_cannot_be_read_is_a_finding_and_a_dead_letter(world, reference):
    world.inbox.teach(BODY, Unreadable("unknown_status", reference))
    assert world.receive(BODY, "NppReturn") == "dead_lettered"
    found = only(world)
    assert (found.kind, found.reference) == (Kind.UNREADABLE_NEWS, reference)
    assert (found.detail, found.amount) == ("unknown_status", None)
    assert found.subject.startswith(reference or "NppReturn")
    assert world.dead_letters.queued[0][0].error == "not_understood"


def test_what_cannot_be_read_on_the_bare_route_is_a_finding(world):
    world.inbox.teach(BODY, Unreadable("not_understood"))
    world.receive(BODY, "")
    assert only(world).subject.startswith("bare/")


def test_money_that_somebody_takes_is_a_finding_with_its_amount(world):
    before = world.store.state.funds
    world.inbox.teach(BODY, Debit("D7", Money(500), "debit_accepted"))
    assert world.receive(BODY, "InboundDirectDebit") == "debit_accepted"
    found = only(world)
    assert (found.kind, found.reference) == (Kind.UNEXPECTED_DEBIT, "D7")
    assert (found.amount, found.detail) == (Money(500), "debit_accepted")
    assert not world.dead_letters.queued
    assert world.store.state.funds == before, "no outcome is guessed"


def test_the_same_debit_further_on_is_a_finding_of_its_own(world):
    """It was resolved as one that is to be refused; then it was done all the same."""
    for raw, state in ((b"1", "debit_pending"), (b"2", "debit_accepted")):
        world.inbox.teach(raw, Debit("D7", Money(500), state))
        world.receive(raw, "InboundDirectDebit")
        for each in findings(world):
            if each.is_open:
                assert each.detail == state
                world.resolve_finding(each.finding_id)
    assert len(findings(world)) == 2


@pytest.mark.parametrize("webhook_id", ["7", "8"])
def test_the_same_content_is_the_same_finding_under_whatever_id(world, webhook_id):
    world.inbox.teach(BODY, unknown(world))
    world.receive(BODY)
    world.receive(BODY, webhookid=webhook_id)
    assert only(world).is_open


def test_the_same_content_again_does_not_open_what_is_resolved(world):
    world.inbox.teach(BODY, unknown(world))
    world.receive(BODY)
    world.resolve_finding(only(world).finding_id)
    world.receive(BODY, webhookid="8")
    assert not only(world).is_open


def test_other_news_of_a_reference_whose_finding_is_resolved_is_a_finding_again(world):
    for raw, kind in ((b"1", Rejected), (b"2", Returned)):
        world.inbox.teach(raw, unknown(world, kind))
        world.receive(raw)
        (opened,) = [each for each in findings(world) if each.is_open]
        assert opened.detail == kind.__name__
        world.resolve_finding(opened.finding_id)


def test_news_under_a_reference_that_is_none_of_ours_is_a_finding(world):
    world.inbox.teach(BODY, Unheard("unknown_reference", "of-another-system", foreign=True))
    assert world.receive(BODY) == "unknown_reference"
    opened = only(world)
    assert (opened.kind, opened.reference) == (Kind.UNKNOWN_PAYOUT, "of-another-system")
    assert world.receive(BODY) == "unknown_reference"
    assert only(world) == opened


def test_what_is_heard_kept_or_of_no_concern_is_no_finding(world):
    world.receive(world.teach(b"1", world.payout, Confirmed))
    world.inbox.teach(b"2", Unheard("not_a_credit", "of-another-system"))
    world.inbox.teach(b"3", Receipt("N7", Money(500), "NPP", world.clock.now()))
    for raw in (b"1", b"2", b"3"):
        world.receive(raw)
    assert findings(world) == []


@pytest.mark.parametrize("which", ["unknown", "unfit", "unreadable", "debit"])
def test_a_crash_after_the_finding_is_made_good_by_the_redelivery(world, which):
    body = BODY
    if which == "unfit":
        body = unfit(world)
    else:
        world.inbox.teach(BODY, {
            "unknown": unknown(world), "unreadable": Unreadable("not_understood", "N7"),
            "debit": Debit("D7", Money(500), "debit_pending"),
        }[which])  # fmt: skip

    def crash():
        assert len(findings(world)) == 1, "the finding is there before the notice"
        raise StoreUnavailable("We ended here.")

    world.once("notices", "keep", crash)
    world.dead_letters.down = True  # nor did the queue hear of it
    with pytest.raises(Exception, match="queue"):
        world.receive(body)
    world.dead_letters.down = False
    world.receive(body)
    (notice,) = world.store.state.notices.values()
    assert notice.findings == (only(world).finding_id,)
    assert notice.expires_at is None


def test_a_finding_that_cannot_be_kept_is_not_acknowledged_but_queued(world):
    def fail(*_told):
        raise StoreUnavailable("down")

    world.inbox.teach(BODY, unknown(world))
    world.meanwhile("findings", open=fail)
    assert world.receive(BODY) == "dead_lettered"
    assert world.dead_letters.queued[0][0].error == "store_unavailable"


def test_every_line_that_is_different_is_a_finding_and_the_others_are_heard(world):
    heard = PayoutNews(
        world.payout.unique_reference, world.payout.transaction_id,
        Confirmed(at=world.clock.now(), by="monoova", attempt=1),
    )  # fmt: skip
    world.inbox.teach(
        BODY, unknown(world), heard, Unreadable("not_understood", "N1"),
        Unreadable("not_understood", "N1"), Debit("D7", Money(5), "debit_pending"),
    )  # fmt: skip
    assert world.receive(BODY) == "dead_lettered"
    assert world.status is Status.COMPLETED
    assert [each.kind for each in findings(world)] == [
        Kind.UNKNOWN_PAYOUT, Kind.UNREADABLE_NEWS, Kind.UNEXPECTED_DEBIT,
    ]  # fmt: skip
    whole = next(n for n in world.store.state.notices.values() if not n.part_of)
    assert set(whole.findings) == set(world.store.state.findings)


def test_a_lost_reply_to_the_opening_leaves_one_finding(world):
    world.inbox.teach(BODY, unknown(world))
    world.store.state.lost_replies = 1
    assert world.receive(BODY) == "dead_lettered"
    assert world.reprocess(world.dead_letters.take()) == "unknown_reference"
    (notice,) = world.store.state.notices.values()
    assert notice.findings == (only(world).finding_id,)


def test_what_is_found_holds_nothing_that_a_payer_wrote(world):
    personal = Receipt("N7", Money(500), "NPP", world.clock.now(), reference="rent, Jo Citizen")
    world.inbox.teach(BODY, personal)
    world.receive(BODY)
    world.inbox.teach(b"2", replace(personal, amount=Money(1)))
    world.receive(b"2")
    assert "Citizen" not in repr(only(world))
