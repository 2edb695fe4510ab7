"""What is kept of webhooks: what they did, for how long, and a bounded sample of forgeries."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.domain.errors import NotAuthentic, StoreUnavailable
from chalicelib.domain.events import Confirmed, Rejected, Returned
from chalicelib.domain.funding import Receipt
from chalicelib.domain.money import Money
from chalicelib.domain.notices import KEPT, Debit, PayoutNews, Unheard, Unreadable
from chalicelib.domain.payout import Status
from chalicelib.ports import NoticeFilter
from chalicelib.usecases.receive import SAMPLED, SLOTS
from tests.fakes.provider import NOT_CONNECTED
from tests.usecases.world import AMOUNT, World

BODY = b'{"Status": "Payment Successful"}'


@pytest.fixture
def world():
    world = World().open_for_business()
    world.request()
    return world


def notices(world):
    return list(world.store.state.notices.values())


def only(world):
    (notice,) = notices(world)
    return notice


def receipt(world, name, cents=500):
    return Receipt(name, Money(cents), "NPP", world.clock.now())


def forge(world, raw, **headers):
    with pytest.raises(NotAuthentic):
        world.receive(raw, "NppReturn", **{"authorization": "Bearer forged", **headers})


class TestWhatItDid:
    def test_news_names_the_payout_that_it_changed(self, world):
        world.receive(world.teach(BODY, world.payout, Confirmed, amount=AMOUNT))
        notice = only(world)
        assert notice.transaction_id == world.payout.transaction_id
        assert notice.reference == world.payout.unique_reference
        assert (notice.outcome, notice.authentic, notice.raw) == ("heard", True, BODY)
        assert (notice.event_name, notice.webhook_id) == ("NppPaymentStatus", "7")

    def test_what_changed_nothing_names_no_payout(self, world):
        world.receive(world.teach(BODY, world.payout, Confirmed))
        world.receive(BODY, webhookid="8")
        assert [(n.outcome, n.transaction_id != "") for n in notices(world)] == [
            ("heard", True), ("nothing_new", False),
        ]  # fmt: skip

    @pytest.mark.parametrize("which", ["credit_rejected", "debits_cleared", "rtgs_pending"])
    def test_what_moves_no_money_says_what_it_is(self, world, which):
        world.inbox.teach(BODY, Unheard(which, "2650"))
        assert world.receive(BODY, "NPPCreditRejections") == which
        assert (only(world).outcome, only(world).reference) == (which, "2650")
        assert world.store.state.findings == {}

    def test_a_notice_heard_after_all_says_so(self, world):
        """It was kept when it could not be applied; then it could."""
        body = world.teach(BODY, world.payout, Rejected, attempt=2)
        assert world.receive(body) == "dead_lettered"
        assert only(world).outcome == "contradiction"
        world.teach(BODY, world.payout, Rejected)
        assert world.reprocess(world.dead_letters.take()) == "heard"
        assert (only(world).outcome, only(world).transaction_id) == (
            "heard", world.payout.transaction_id,
        )  # fmt: skip
        assert only(world).expires_at is None, "its finding is still open"

    def test_each_line_is_written_with_what_it_caused_and_found_by_its_reference(self, world):
        world.inbox.teach(BODY, receipt(world, "D1"), receipt(world, "D2"))
        calls = world.meanwhile("notices").calls
        world.receive(BODY, "InboundDirectCredit")
        assert calls == ["keep"], "the lines came with their receipts"
        page = world.store.notices.page(NoticeFilter(reference="D2"), limit=5, position=None)
        (line,) = page.items
        whole = world.store.notices.get(line.part_of)
        assert (line.outcome, line.raw, whole.raw) == ("received", b"", BODY)
        assert line.expires_at == whole.expires_at == world.clock.now() + KEPT

    def test_a_line_without_a_name_costs_the_others_nothing(self, world):
        world.inbox.teach(BODY, Unreadable("not_understood"), receipt(world, "D2"))
        assert world.receive(BODY, "InboundDirectCredit") == "dead_lettered"
        assert "D2" in world.store.state.receipts

    @pytest.mark.parametrize("header", ["9" * 10_000, "7\u2028\n8", "\ud800"])
    def test_a_webhook_id_of_any_kind_can_be_stored(self, world, header):
        world.inbox.teach(BODY, Unheard("other_event"))
        world.receive(BODY, webhookid=header)
        kept = only(world).webhook_id
        assert len(kept) <= 64
        assert kept.isprintable()
        assert kept.encode()


class TestHowLong:
    @pytest.mark.parametrize("kind", [Confirmed, Rejected, Returned])
    def test_what_needs_nobody_goes_after_ninety_days(self, world, kind):
        world.receive(world.teach(BODY, world.payout, kind))
        assert only(world).expires_at == world.clock.now() + timedelta(days=90)

    def test_money_that_came_in_and_what_is_of_no_concern_goes_after_ninety_days(self, world):
        world.inbox.teach(b"in", receipt(world, "N7"))
        world.inbox.teach(b"other", Unheard("other_event"))
        for raw in (b"in", b"other"):
            world.receive(raw, "NPPReceivePayment")
        assert {n.expires_at for n in notices(world)} == {world.clock.now() + KEPT}

    def test_what_led_to_a_dispute_stays(self, world):
        world.receive(world.teach(BODY, world.payout, Returned, amount=Money(1)), "NppReturn")
        assert world.status is Status.DISPUTED
        assert only(world).expires_at is None

    def test_also_where_it_is_one_only_once_somebody_else_has_written(self):
        world = World().open_for_business()
        world.provider.will(NOT_CONNECTED)
        own = world.request().payout.transaction_id
        world.once("payouts", "write", lambda: world.cancel(own))
        world.receive(world.teach(BODY, world.payout, Confirmed, amount=AMOUNT))
        assert world.status is Status.DISPUTED
        assert only(world).expires_at is None

    def test_what_a_finding_hangs_on_stays_until_it_is_resolved(self, world):
        world.inbox.teach(BODY, Debit("D7", Money(500), "debit_pending"))
        world.receive(BODY, "InboundDirectDebit")
        (finding,) = world.store.state.findings
        assert (only(world).expires_at, only(world).findings) == (None, (finding,))
        world.clock.advance(timedelta(days=200))
        world.resolve_finding(finding)
        assert only(world).expires_at == world.clock.now() + KEPT

    def test_the_last_of_several_findings_lets_it_go(self, world):
        world.inbox.teach(
            BODY, Debit("D7", Money(500), "debit_pending"), Debit("D8", Money(1), "debit_pending")
        )
        world.receive(BODY, "InboundDirectDebit")
        one, two = world.store.state.findings
        world.resolve_finding(one)
        assert only(world).expires_at is None
        world.resolve_finding(two)
        assert only(world).expires_at is not None

    def test_a_repeat_of_what_is_kept_goes_after_a_while(self, world):
        world.inbox.teach(BODY, Debit("D7", Money(500), "debit_pending"))
        for webhook_id in ("7", "8"):
            world.receive(BODY, "InboundDirectDebit", webhookid=webhook_id)
        first, again = notices(world)
        assert (first.expires_at, again.expires_at) == (None, world.clock.now() + KEPT)
        assert len(world.store.state.findings) == 1

    def test_a_repeat_stays_where_the_first_was_never_kept(self, world):
        """We ended between the finding and the notice; it comes under another id."""
        world.inbox.teach(BODY, Debit("D7", Money(500), "debit_pending"))
        world.once("notices", "keep", _crash)
        assert world.receive(BODY, "InboundDirectDebit") == "dead_lettered"
        assert notices(world) == []
        world.receive(BODY, "InboundDirectDebit", webhookid="8")
        assert only(world).expires_at is None

    def test_a_repeat_of_what_is_resolved_goes_after_a_while(self, world):
        world.inbox.teach(BODY, Debit("D7", Money(500), "debit_pending"))
        world.once("notices", "keep", _crash)
        world.receive(BODY, "InboundDirectDebit")
        (finding,) = world.store.state.findings
        world.resolve_finding(finding)
        world.receive(BODY, "InboundDirectDebit")
        assert only(world).expires_at == world.clock.now() + KEPT

    def test_no_rule_of_money_rests_on_a_notice_being_there(self, world):
        world.inbox.teach(b"in", receipt(world, "N7"))
        returned = world.teach(BODY, world.payout, Returned)
        for _ in range(3):
            world.receive(b"in", "NPPReceivePayment")
            world.receive(returned, "NppReturn")
            world.store.state.notices.clear()
        assert world.events().count("Returned") == 1
        assert [each for each in world.store.state.receipts if each == "N7"] == ["N7"]
        world.check_books()


def _crash():
    raise StoreUnavailable("We ended here.")


class TestForgeries:
    def test_a_forgery_is_kept_for_people_and_is_nothing_else(self, world):
        body = world.teach(b"forged", world.payout, Returned)
        before = world.payout
        forge(world, body, webhookid="66")
        notice = only(world)
        assert (notice.authentic, notice.outcome, notice.raw) == (False, "not_authentic", b"forged")
        assert (notice.reference, notice.transaction_id, notice.findings) == ("", "", ())
        assert notice.webhook_id == "66"
        assert notice.expires_at == world.clock.now() + KEPT
        assert (world.payout, world.store.state.findings) == (before, {})

    def test_a_flood_of_forgeries_takes_so_many_places_of_an_hour(self, world):
        for number in range(SLOTS * 20):
            forge(world, b"forged %d" % number)
        assert len(notices(world)) == SLOTS
        world.clock.advance(timedelta(hours=1))
        for number in range(SLOTS * 20):
            forge(world, b"forged %d" % number)
        assert len(notices(world)) == SLOTS * 2

    def test_a_long_forgery_is_cut(self, world):
        forge(world, b"x" * 100_000)
        assert len(only(world).raw) == SAMPLED == 4096

    @pytest.mark.parametrize("error", [StoreUnavailable("down"), ValueError("a defect")])
    def test_a_forgery_that_cannot_be_kept_is_refused_all_the_same(self, world, error):
        def fail():
            raise error

        world.once("notices", "keep", fail)
        forge(world, b"forged")
        assert notices(world) == []

    def test_a_forgery_does_not_stand_in_the_way_of_the_true_one(self, world):
        body = world.teach(BODY, world.payout, Returned)
        forge(world, body)
        assert world.receive(body, "NppReturn") == "heard"
        assert [n.authentic for n in notices(world)] == [False, True]

    def test_news_with_the_payout_of_another_world_is_kept_too(self, world):
        news = Confirmed(at=world.clock.now(), by="monoova", attempt=1)
        world.inbox.teach(BODY, PayoutNews("another-1", "another", news))
        assert world.receive(BODY) == "unknown_reference"
        assert only(world).reference == "another-1"
