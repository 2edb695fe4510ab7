"""Customers, notices, gate and funds whose requests or replies are lost: as for payouts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.adapters.dynamo.finding_rows import finding_row
from chalicelib.adapters.dynamo.findings import TRIES
from chalicelib.adapters.dynamo.values import to_item
from chalicelib.domain.casework import commented
from chalicelib.domain.errors import NotFound, Stale, StoreUnavailable
from chalicelib.domain.funding import Receipt, credit, receive
from chalicelib.ports import Found
from tests.adapters.dynamo_faults import BROKEN, TIMED_OUT, TRANSACT, meanwhile
from tests.contracts.making import (
    a_credit,
    a_customer,
    a_finding,
    a_notice,
    an_intent,
    balance,
    claimed,
    dollars,
    ended,
    rich_customer,
)
from tests.fakes.clock import START


def test_a_customer_whose_adding_got_no_reply_is_added_once(store, faults):
    faults.after("PutItem", TIMED_OUT)
    store.customers.add(a_customer())
    assert store.customers.get("customer-1") == a_customer()


def test_a_customer_who_is_somebody_elses_is_stale_after_a_lost_request(store, faults, others):
    theirs = replace(a_customer(), name="Somebody Else")
    faults.before("PutItem", meanwhile(lambda: others.customers.add(theirs), TIMED_OUT))
    with pytest.raises(Stale):
        store.customers.add(a_customer())
    assert store.customers.get("customer-1") == theirs


def test_an_edit_whose_reply_was_lost_is_done_although_the_balance_moved(store, faults, others):
    customer = rich_customer(store, "100.00")
    edited = replace(customer, name="Jo B. Citizen", stopped="")
    pay = claimed(an_intent("60.00"))
    faults.after("UpdateItem", meanwhile(lambda: others.payouts.write(*pay), TIMED_OUT))
    store.customers.edit(edited, version=1)
    assert store.customers.get("customer-1").name == "Jo B. Citizen"
    assert store.customers.get("customer-1").version == 2


def test_an_edit_that_lost_to_another_is_stale_after_a_lost_request(store, faults, others):
    customer = rich_customer(store)
    theirs = replace(customer, name="First")
    faults.before(
        "UpdateItem", meanwhile(lambda: others.customers.edit(theirs, version=1), TIMED_OUT)
    )
    with pytest.raises(Stale):
        store.customers.edit(replace(customer, name="Second"), version=1)


def test_a_notice_whose_reply_was_lost_is_new(store, faults):
    faults.after("PutItem", TIMED_OUT)
    assert store.notices.keep(a_notice()) is True
    assert store.notices.keep(a_notice()) is False


def test_a_notice_that_others_kept_is_not_new_after_a_lost_request(store, faults, others):
    theirs = replace(a_notice(), outcome="another")
    faults.before("PutItem", meanwhile(lambda: others.notices.keep(theirs), TIMED_OUT))
    assert store.notices.keep(a_notice()) is False


def test_a_notice_kept_before_is_not_new_although_the_reply_to_its_refusal_was_lost(store, faults):
    assert store.notices.keep(a_notice()) is True
    faults.after("PutItem", TIMED_OUT)
    assert store.notices.keep(a_notice()) is False


def test_a_notice_that_another_delivery_kept_meanwhile_is_not_new(store, faults, others):
    faults.before("PutItem", meanwhile(lambda: others.notices.keep(a_notice()), TIMED_OUT))
    assert store.notices.keep(a_notice()) is False


def test_a_finding_whose_reply_was_lost_is_new_once(store, faults):
    faults.after("PutItem", TIMED_OUT)
    assert store.findings.open(a_finding()) is True
    faults.after("PutItem", TIMED_OUT)
    assert store.findings.open(a_finding()) is False


def test_a_finding_that_another_opened_meanwhile_is_not_new(store, faults, others):
    faults.before("PutItem", meanwhile(lambda: others.findings.open(a_finding()), TIMED_OUT))
    assert store.findings.open(a_finding()) is False


def test_a_resolution_whose_reply_was_lost_is_done(store, faults):
    store.findings.open(a_finding())
    faults.after("PutItem", TIMED_OUT)
    store.findings.resolve(ended(a_finding()))
    assert store.findings.get(a_finding().finding_id) == ended(a_finding())


def test_a_resolution_that_lost_to_another_is_stale_after_a_lost_request(store, faults, others):
    store.findings.open(a_finding())
    theirs = ended(a_finding(), by="olive")
    faults.before("PutItem", meanwhile(lambda: others.findings.resolve(theirs), TIMED_OUT))
    with pytest.raises(Stale):
        store.findings.resolve(ended(a_finding()))
    assert store.findings.get(a_finding().finding_id) == theirs


def a_comment(store, text="Asked."):
    finding = store.findings.get(a_finding().finding_id)
    return commented(finding, text, by="anna", at=START)


def test_a_comment_whose_reply_was_lost_is_kept_once(store, faults):
    store.findings.open(a_finding())
    faults.after("PutItem", TIMED_OUT)
    store.findings.write(a_comment(store))
    assert len(store.findings.get(a_finding().finding_id).comments) == 1


def test_a_comment_that_lost_to_another_is_stale_after_a_lost_request(store, faults, others):
    store.findings.open(a_finding())
    theirs = a_comment(store, "Mine.")
    faults.before("PutItem", meanwhile(lambda: others.findings.write(theirs), TIMED_OUT))
    with pytest.raises(Stale):
        store.findings.write(a_comment(store))
    assert store.findings.get(a_finding().finding_id).comments[0].text == "Mine."


def test_a_finding_whose_opening_again_got_no_reply_is_opened_again_once(store, faults):
    store.findings.open(a_finding())
    store.findings.resolve(ended(a_finding()))
    faults.after("PutItem", TIMED_OUT)
    assert store.findings.find(a_finding()) is Found.REOPENED
    assert store.findings.get(a_finding().finding_id).reopened == 1


def first(act):
    """A fault that is none: something else is done before the call goes through."""

    def fault():
        act()

    return fault


def test_a_finding_that_another_night_found_meanwhile_is_known(store, faults, others):
    faults.before("PutItem", first(lambda: others.findings.find(a_finding())))
    assert store.findings.find(a_finding()) is Found.KNOWN
    store.findings.resolve(ended(a_finding()))
    faults.before("PutItem", first(lambda: others.findings.find(a_finding())))
    assert store.findings.find(a_finding()) is Found.KNOWN
    assert store.findings.get(a_finding().finding_id).reopened == 1


def test_a_finding_that_changes_again_and_again_is_stale_and_not_opened(store, faults, others):
    store.findings.open(a_finding())
    store.findings.resolve(ended(a_finding()))
    for number in range(TRIES):
        faults.before(
            "PutItem",
            first(lambda n=number: others.findings.write(a_comment(others, str(n)))),
        )
    with pytest.raises(Stale):
        store.findings.find(a_finding())
    assert not store.findings.get(a_finding().finding_id).is_open


def test_a_finding_that_the_version_before_resolved_is_not_written_over(store):
    """It counts no changes: that the finding is open is a condition of its own."""
    store.findings.open(a_finding())
    mine = a_comment(store)
    theirs = {**finding_row(ended(a_finding())), "version": None}
    store.client.put_item(TableName=store.tables.control, Item=to_item(theirs))
    with pytest.raises(Stale):
        store.findings.write(mine)
    assert store.findings.get(a_finding().finding_id) == ended(a_finding())


def test_a_finding_that_the_version_before_wrote_is_worked_on_from_version_0(store):
    row = finding_row(a_finding())
    plain = {name: row[name] for name in row if name not in {"history", "reopened", "version"}}
    store.client.put_item(TableName=store.tables.control, Item=to_item(plain))
    store.findings.write(a_comment(store))
    now = store.findings.get(a_finding().finding_id)
    assert (now.version, len(now.comments)) == (1, 1)
    store.findings.resolve(ended(now))
    assert store.findings.find(replace(a_finding(), found_at=START)) is Found.REOPENED


def test_a_notice_is_let_go_although_the_reply_was_lost(store, faults):
    hanging = a_finding(notice_id=a_notice().notice_id)
    store.findings.open(hanging)
    store.notices.keep(replace(a_notice(), findings=(hanging.finding_id,)))
    faults.after("UpdateItem", TIMED_OUT)
    store.findings.resolve(ended(hanging))
    assert store.notices.get(a_notice().notice_id).expires_at is not None


def test_the_gate_closes_and_opens_although_replies_are_lost(store, faults):
    faults.after("UpdateItem", TIMED_OUT)
    store.gate.close()
    assert store.gate.closed()
    faults.after("UpdateItem", TIMED_OUT)
    store.gate.open(by="admin-1")
    assert not store.gate.closed()


def test_an_entry_whose_reply_was_lost_counts_once(store, faults):
    store.customers.add(a_customer())
    receipt = Receipt("N1", dollars("100.00"), "NPP", START)
    faults.after(TRANSACT, TIMED_OUT)
    store.treasury.write(receive(store.treasury.funds(), receipt), notice=a_notice())
    faults.after(TRANSACT, TIMED_OUT)
    store.treasury.write(credit(store.treasury.funds(), a_credit("40.00")))
    assert store.treasury.funds().received == dollars("100.00")
    assert store.treasury.funds().unallocated == dollars("60.00")
    assert balance(store) == dollars("40.00")


def test_an_entry_whose_reply_was_lost_is_known_after_others_wrote_more(store, faults, others):
    first, second = (Receipt(name, dollars("1.00"), "NPP", START) for name in ("N1", "N2"))
    entry = receive(store.treasury.funds(), first)
    faults.after(
        TRANSACT,
        meanwhile(lambda: others.treasury.write(receive(entry.after, second)), TIMED_OUT),
    )
    store.treasury.write(entry)
    assert store.treasury.funds().received == dollars("2.00")


def test_an_entry_that_was_lost_to_another_is_stale(store, faults, others):
    first, second = (Receipt(name, dollars("1.00"), "NPP", START) for name in ("N1", "N2"))
    before = store.treasury.funds()
    faults.before(
        TRANSACT, meanwhile(lambda: others.treasury.write(receive(before, second)), TIMED_OUT)
    )
    with pytest.raises(Stale):
        store.treasury.write(receive(before, first))
    assert store.treasury.received("N1") is None
    assert store.treasury.received("N2") == dollars("1.00")


def test_a_missing_customer_is_no_proof_while_an_earlier_sending_may_be_at_work(store, faults):
    receipt = Receipt("N1", dollars("1.00"), "NPP", START)
    store.treasury.write(receive(store.treasury.funds(), receipt))
    entry = credit(store.treasury.funds(), a_credit("1.00", customer_id="nobody"))
    faults.before(TRANSACT, TIMED_OUT)
    with pytest.raises(StoreUnavailable):
        store.treasury.write(entry)
    with pytest.raises(NotFound):
        store.treasury.write(entry)


def test_an_entry_all_of_whose_replies_are_lost_is_found_by_reading(store, faults, hasty):
    entry = receive(store.treasury.funds(), Receipt("N1", dollars("1.00"), "NPP", START))
    faults.after(TRANSACT, TIMED_OUT)
    faults.before(TRANSACT, None, *[BROKEN] * 99)
    hasty.treasury.write(entry)
    assert store.treasury.funds() == entry.after
