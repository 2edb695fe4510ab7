"""What the stores promise of forgetting: marks, guards, emptied rows; and that nothing is left."""

from __future__ import annotations

import json
import zlib
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from boto3.dynamodb.types import Binary

from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.values import from_item
from chalicelib.domain.advance import advance
from chalicelib.domain.customer import Erasing, Erasure, Hold
from chalicelib.domain.erasure import erased, forgotten_customer, forgotten_payout
from chalicelib.domain.errors import CustomerErased, CustomerStopped, Stale
from chalicelib.domain.events import Returned
from chalicelib.domain.funding import Receipt, credit, receive
from chalicelib.domain.matching import with_allocated
from chalicelib.domain.notices import DeadLetter
from chalicelib.domain.parked import ParkedLetter, discarded
from chalicelib.domain.payout import Status
from chalicelib.domain.settlement import Settlement, Share, Stage, with_shares
from chalicelib.ports import NoticeFilter, PayoutFilter
from chalicelib.usecases.erase import erase, erase_on
from chalicelib.usecases.keep_erased import keep_erased
from tests.contracts.making import (
    a_credit,
    a_customer,
    a_notice,
    accepted,
    an_intent,
    balance,
    begun,
    claim,
    claimed,
    confirmed,
    dollars,
    hear,
    rich_customer,
)
from tests.contracts.stores import _store
from tests.fakes.archive import MemoryArchive
from tests.fakes.clock import START, FakeClock

ASKED = Erasure(Erasing.ASKED, "anna", START, "Asked for in writing.")
DONE = erased(ASKED, payouts=2, destinations=1, at=START + timedelta(hours=1))
CERTIFIED = replace(DONE, certificate="5f" * 32)
PERSONAL = (b"Citizen", b"jo@example.com", b"INV 7", "Refund é".encode(), b"the payee", b"Jo rang")


def edited(store, **changed):
    """The customer after an edit."""
    customer = store.customers.get("customer-1")
    store.customers.edit(replace(customer, **changed), version=customer.version)
    return store.customers.get("customer-1")


@pytest.mark.parametrize("erasure", [None, ASKED, DONE, CERTIFIED])
def test_holds_and_an_erasure_are_kept_as_they_are(store, erasure):
    rich_customer(store, "0.00")
    holds = (Hold(placed=True, by="anna", at=START, reason="Court order 17."),)
    after = edited(store, holds=holds, erasure=erasure)
    assert (after.holds, after.erasure) == (holds, erasure)
    again = edited(store, holds=(), erasure=None)
    assert (again.holds, again.erasure) == ((), None)


def test_a_forgotten_customer_is_one_still(store):
    before = rich_customer(store, "5.00")
    after = forgotten_customer(before, CERTIFIED)
    store.customers.edit(after, version=before.version)
    stored = store.customers.get("customer-1")
    assert stored == replace(after, version=before.version + 1)
    assert stored.available == dollars("5.00")
    assert [each.ciphertext for each in stored.destinations] == [b"", b""]
    assert all(len(each.ciphertext_digest) == 64 for each in stored.destinations)


def test_a_lost_reply_to_an_edit_that_forgets_is_no_failure(store):
    before = rich_customer(store, "0.00")
    if store.client is None:
        return_of(store, before)
        return
    store.lose_replies(1)
    store.customers.edit(forgotten_customer(before, DONE), version=before.version)
    assert store.customers.get("customer-1").erased


def return_of(store, before):
    """In memory a lost reply is told; the same edit again is somebody else's."""
    store.customers.edit(forgotten_customer(before, DONE), version=before.version)
    with pytest.raises(Stale):
        store.customers.edit(forgotten_customer(before, DONE), version=before.version)


def test_who_is_being_forgotten_is_listed_until_it_is_certified(store):
    for number, erasure in enumerate([None, ASKED, DONE, CERTIFIED]):
        who = a_customer(f"customer-{number}", created_at=START + timedelta(minutes=number))
        store.customers.add(who)
        store.customers.edit(replace(who, erasure=erasure), version=who.version)
    assert list(store.customers.erasing()) == ["customer-1", "customer-2"]
    seen, position = [], None
    while True:
        page = store.customers.page(limit=1, position=position)
        seen += [each.customer_id for each in page.items]
        position = page.position
        if position is None:
            break
    assert seen == ["customer-3", "customer-0", "customer-2", "customer-1"]
    assert store.customers.known(seen) == set(seen)


@pytest.mark.parametrize("erasure", [ASKED, CERTIFIED])
def test_nothing_new_is_paid_to_somebody_who_is_being_forgotten(store, erasure):
    rich_customer(store, "100.00")
    edited(store, erasure=erasure)
    for steps in (claimed(an_intent("10.00")), (begun(an_intent("10.00")),)):
        with pytest.raises(CustomerErased):
            store.payouts.write(*steps)
    with pytest.raises(CustomerErased):
        store.payouts.write(begun(an_intent("1000.00")))
    assert balance(store) == dollars("100.00")
    edited(store, erasure=None)
    store.payouts.write(begun(an_intent("10.00")))


def test_what_was_asked_for_before_goes_on_and_comes_back(store):
    rich_customer(store, "100.00")
    queued = store.payouts.write(begun(an_intent("10.00")))
    edited(store, erasure=ASKED, stopped="asked by the bank")
    with pytest.raises(CustomerStopped):
        store.payouts.write(claim(queued))
    edited(store, stopped="")
    sent = hear(store, store.payouts.write(claim(queued)), accepted(), confirmed())
    late = Returned(at=START, by="provider", attempt=1, return_id="N00100000077")
    hear(store, sent, late)
    assert balance(store) == dollars("100.00")


def test_a_credit_by_hand_is_refused_and_leaves_the_funds_as_they_are(store):
    rich_customer(store, "100.00")
    store.customers.add(a_customer("customer-2"))
    received = Receipt("N00100000055", dollars("50.00"), "NPP", START)
    store.treasury.write(receive(store.treasury.funds(), received))
    edited(store, erasure=ASKED)
    funds = store.treasury.funds()
    with pytest.raises(CustomerErased):
        store.treasury.write(credit(funds, a_credit("5.00")))
    assert store.treasury.funds() == funds
    assert balance(store) == dollars("100.00")
    store.treasury.write(credit(funds, a_credit("5.00", customer_id="customer-2")))


def test_what_an_acquirer_sent_for_them_is_theirs_all_the_same(store):
    rich_customer(store, "0.00")
    received = Receipt("N00100000055", dollars("50.00"), "NPP", START)
    store.treasury.write(receive(store.treasury.funds(), received))
    edited(store, erasure=CERTIFIED)
    share = Share(1, "customer-1", dollars("5.00"))
    expected = Settlement(
        "settlement-1", START.date(), dollars("5.00"), "FDMS 0042", START, "operator-1",
        stage=Stage.ALLOCATING,
    )  # fmt: skip
    expected = with_shares(expected, [share])
    store.settlements.add(expected, [share])
    entry = credit(store.treasury.funds(), a_credit("5.00"))
    store.treasury.write(entry, settlement=with_allocated(expected, 1))
    assert balance(store) == dollars("5.00")


def test_a_body_is_destroyed_once_and_the_rest_of_the_webhook_stays(store):
    notice = a_notice()
    store.notices.keep(notice)
    assert store.notices.forget(notice.notice_id) is True
    assert store.notices.get(notice.notice_id) == replace(notice, raw=b"")
    assert store.notices.forget(notice.notice_id) is False
    assert store.notices.forget("nowhere") is False
    assert store.notices.get("nowhere") is None
    assert store.notices.keep(notice) is False
    assert store.notices.get(notice.notice_id).raw == b""
    listed = store.notices.page(NoticeFilter(reference="x-1"), limit=9, position=None)
    assert [each.notice_id for each in listed.items] == [notice.notice_id]


def test_a_round_goes_on_where_it_was_unless_somebody_else_moved_it(store):
    assert store.rounds.position("erased") == ""
    store.rounds.move("erased", "a", was="")
    store.rounds.move("erased", "z", was="")
    assert store.rounds.position("erased") == "a"
    store.rounds.move("erased", "", was="a")
    assert store.rounds.position("erased") == ""
    store.rounds.move("erased", "b", was="")
    assert (store.rounds.position("erased"), store.rounds.position("other")) == ("b", "")


def test_a_forgotten_payout_is_listed_and_hears_late_news(store):
    rich_customer(store, "10.00")
    paid = hear(store, store.payouts.write(*claimed(an_intent("10.00"))), accepted(), confirmed())
    store.payouts.shrink(paid, forgotten_payout(paid))
    small = store.payouts.get(paid.transaction_id)
    assert small == forgotten_payout(paid)
    last = START.date() + timedelta(days=2)
    wanted = PayoutFilter(START.date() - timedelta(days=2), last, "customer-1")
    assert list(store.payouts.page(wanted, limit=9, position=None).items) == [small]
    late = Returned(at=START, by="provider", attempt=1, return_id="N00100000077")
    with pytest.raises(Stale):
        store.payouts.write(advance(paid, late))
    assert hear(store, small, late).status is Status.RETURNED
    assert not store.payouts.get(paid.transaction_id).intent.reference


# The whole of it, with a look at every row that is stored.


def a_past(store):
    """A customer whose money was all paid, in two payouts, with webhooks and a dead letter."""
    rich_customer(store, "20.00")
    for number in (1, 2):
        intent = an_intent("10.00")
        asked = (("amount", "10.00"), ("reference", "INV 7"), ("description", "Refund é"))
        payout = store.payouts.write(*claimed(replace(intent, asked=asked)))
        reference, raw = payout.unique_reference, b'{"name": "the payee"}'
        heard = a_notice(f"NppPaymentStatus#{number}#abc")
        heard = replace(heard, raw=raw, reference=reference, transaction_id=payout.transaction_id)
        paid = hear(store, payout, accepted())
        paid = store.payouts.write(advance(paid, confirmed()), notice=heard)
    line = replace(a_notice("NppReturn#9#abc"), raw=raw, reference="somebody's")
    store.notices.keep(line)
    store.notices.keep(line.line(reference))
    letter = DeadLetter(
        "NppReturn", "9", raw, START, "contradiction", 9, reference=reference
    )  # fmt: skip
    parked = ParkedLetter(line.key, letter, START)
    store.parked.put(parked)
    store.parked.put(discarded(parked, "Jo rang", "anna", START))
    return paid


def rows(client, tables):
    """Every row of every table."""
    found = []
    for name in (tables.transactions, tables.customers, tables.events, tables.control):
        if hasattr(client, "rows"):
            found += [from_item(item) for item in client.rows(name).values()]
        else:
            found += [from_item(item) for item in client.scan(TableName=name)["Items"]]
    return found


def plain(value):
    """A value of a row as text and bytes, whatever is compressed laid open."""
    if isinstance(value, dict):
        return b"".join(plain(name) + plain(each) for name, each in value.items())
    if isinstance(value, list | tuple | set):
        return b"".join(plain(each) for each in value)
    raw = bytes(cast("Any", value).value) if isinstance(value, Binary) else value
    if isinstance(raw, bytes):
        try:
            return zlib.decompress(raw)
        except zlib.error:
            return raw
    return str(raw).encode()


def left(client, tables, secrets):
    """What of the customer is still in any row."""
    everything = b"\n".join(plain(row) for row in rows(client, tables))
    return [each for each in (*PERSONAL, *secrets) if each in everything]


@pytest.fixture
def town(dynamo):
    client, tables = dynamo
    return client, tables, _store(Session(client, within=20.0), tables, FakeClock())


def ports(store, archive):
    return {
        "customers": store.customers, "payouts": store.payouts, "notices": store.notices,
        "parked": store.parked, "desk": store.desk, "checks": store.checks, "archive": archive,
        "schedules": store.schedules, "clock": store.clock, "time_left": lambda: 60.0,
    }  # fmt: skip


def test_after_erasing_no_row_of_any_table_holds_a_text_of_theirs(town):
    client, tables, store = town
    paid = a_past(store)
    archive = MemoryArchive()
    secrets = [
        *(each.ciphertext for each in store.customers.get("customer-1").destinations),
        paid.intent.destination.ciphertext,
    ]
    assert set(left(client, tables, secrets)) == {*PERSONAL, *secrets}
    before = rows(client, tables)
    done = erase("customer-1", reason="In writing.", by="anna", **ports(store, archive))
    assert done.done
    assert done.customer.erasure is not None
    assert done.customer.erasure.payouts == 2
    assert left(client, tables, secrets) == []
    (content,) = archive.objects.values()
    assert json.loads(content)["payouts"] == 2
    assert not any(each in content for each in PERSONAL)
    # Amounts, dates, masks and the journal are as they were.
    kept = {"amount", "status", "created_at", "version", "last_hash", "hash", "available_balance"}
    assert sums(before, kept) == sums(rows(client, tables), kept | {"version"})
    assert erase_on(**ports(store, archive)) == {}

    # A backup of the customers' and payouts' tables is restored.
    for row in before:
        name = tables.customers if "customer_name" in row else tables.transactions
        if "customer_name" in row or "destination" in row:
            from chalicelib.adapters.dynamo.values import to_item  # noqa: PLC0415 (one use)

            client.put_item(TableName=name, Item=to_item(row))
    assert left(client, tables, secrets)
    told = keep_erased(
        **ports(store, archive), findings=store.findings, rounds=store.rounds, whole=True
    )
    assert told == {"erased_looked_at": 1, "erased_again": 3}
    assert left(client, tables, secrets) == []


def sums(found, names):
    """What rows say of those names, whatever order they are in; edits of the customer aside."""
    return sorted(
        repr(sorted((name, str(row[name])) for name in names & row.keys()))
        for row in found
        if "payout_destinations" not in row and "notice_key" not in row
    )
