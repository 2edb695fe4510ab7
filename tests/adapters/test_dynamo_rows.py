"""What lies in the tables: exact numbers, sealed bytes, times that sort, and sparse indexes."""

from __future__ import annotations

import zlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from chalicelib.adapters.dynamo.buckets import BUCKETS, LINE, RESTING, bucket
from chalicelib.adapters.dynamo.customer_rows import customer_from, customer_row
from chalicelib.adapters.dynamo.event_rows import recorded_from, step_row
from chalicelib.adapters.dynamo.parts import customer_part
from chalicelib.adapters.dynamo.payout_rows import (
    payout_from,
    payout_row,
)
from chalicelib.adapters.dynamo.receipt_rows import banked_from, receipt_row
from chalicelib.adapters.dynamo.values import from_item, instant, moment, number, to_item
from chalicelib.domain.advance import advance
from chalicelib.domain.customer import Funds
from chalicelib.domain.errors import Conflict, Corrupt
from chalicelib.domain.events import Doubt, Held, HoldLifted, Redrafted, Returned, Unclear
from chalicelib.domain.funding import Receipt, receive
from chalicelib.domain.money import Money
from chalicelib.domain.patience import Patience
from chalicelib.domain.rails import Rail
from chalicelib.domain.ways import Route
from tests.contracts.making import (
    a_customer,
    a_notice,
    an_intent,
    begun,
    claim,
    claimed,
    confirmed,
    refused,
    rich_customer,
    sealed,
)
from tests.contracts.stores import CALENDAR, dynamo_store
from tests.fakes.clock import START


def row_of(payout):
    return payout_row(payout, Patience(), CALENDAR)


def stored(row):
    """A row that has been to the tables and back."""
    return from_item(to_item(row))


@pytest.fixture
def store(ministack):
    with dynamo_store(ministack.environment["AWS_ENDPOINT_URL"]) as made:
        yield made


def test_a_payout_in_the_table_is_what_was_meant(store):
    rich_customer(store)
    payout = store.payouts.write(*claimed(an_intent("12.30")))
    item = store.client.get_item(
        TableName=store.tables.transactions,
        Key={"transaction_id": {"S": payout.transaction_id}},
    )["Item"]
    assert item["amount"] == {"N": "12.3"}
    assert item["currency"] == {"S": "AUD"}
    assert item["status"] == {"S": "Sending"}
    assert item["version"] == {"N": "2"}
    assert item["created_at"] == {"S": "2026-03-02T01:00:00.000000Z"}
    assert item["created_on"] == {"S": "2026-03-02"}
    assert item["open_bucket"]["S"] in BUCKETS
    assert item["due_at"] == {"S": "2026-03-02T01:01:00.000000Z"}
    assert item["destination"]["M"]["ciphertext"] == {"B": sealed().ciphertext}
    assert "attention_bucket" not in item
    assert "expires_at" not in item


def the_notice(store):
    key = {"key": {"S": f"notice#{a_notice().notice_id}"}}
    return store.client.get_item(TableName=store.tables.control, Key=key)["Item"]


def test_a_notice_in_the_table_is_whole_compressed_and_for_ever(store):
    store.notices.keep(a_notice())
    item = the_notice(store)
    assert zlib.decompress(item["raw"]["B"]) == a_notice().raw
    assert len(item["raw"]["B"]) < len(a_notice().raw)
    assert "expires_at" not in item
    assert (item["listing"], item["about"]) == ({"S": "notice#2026-03-02"}, {"S": "notice#x-1"})
    assert item["listed_at"] == {"S": "2026-03-02T01:00:00.000000Z"}


def test_a_notice_that_needs_nobody_expires_by_the_tables_own_clock_in_ninety_days(store):
    store.notices.keep(a_notice().did("heard"))
    assert the_notice(store)["expires_at"] == {"N": str(int(START.timestamp()) + 90 * 86_400)}


def test_a_payout_that_is_over_is_in_no_index_of_work():
    first, second = claimed(an_intent())
    over = advance(second.after, confirmed(fee=Money(9))).after
    assert {"open_bucket", "due_at"} <= to_item(row_of(first.after)).keys()
    assert not {"open_bucket", "due_at", "attention_bucket"} & to_item(row_of(over)).keys()


def test_a_payout_that_waits_for_a_person_is_in_the_index_by_its_age():
    sending = claimed(an_intent())[1].after
    later = START + timedelta(hours=1)
    doubt = Unclear(at=later, by="sender", attempt=1, doubt=Doubt.REFERENCE_EXISTS)
    row = row_of(advance(sending, doubt).after)
    assert (row["attention_bucket"], row["attention_since"]) == ("attention", instant(START))


def test_a_held_payout_cannot_be_read_by_a_version_that_knows_nothing_of_holds():
    """It would send it; so it does not find the column that it cannot do without."""
    payout = begun(an_intent()).after
    held = advance(payout, Held(at=START, by="hanna", reason="a call")).after
    row = stored(row_of(held))
    assert payout_from(row) == held
    assert "delays" not in row
    row.pop("held")  # what the version before does not look at
    with pytest.raises(Corrupt):
        payout_from(row)
    lifted = advance(held, HoldLifted(at=START, by="anna", reason="no more")).after
    row = stored(row_of(lifted))
    assert ("held" in row, row["delays"], payout_from(row)) == (False, 0, lifted)


def test_a_held_payout_lies_in_a_bucket_that_no_poller_takes_from():
    payout = begun(an_intent()).after
    row = row_of(advance(payout, Held(at=START, by="hanna", reason="a call")).after)
    assert row["open_bucket"] in RESTING
    assert not set(RESTING) & {*BUCKETS, *LINE}
    assert (row["due_at"], row["attention_bucket"]) == (instant(START), "attention")


def test_payouts_are_spread_over_all_buckets():
    found = {bucket(an_intent().transaction_id) for _ in range(400)}
    assert found == set(BUCKETS)


@pytest.mark.parametrize(
    ("cents", "written"),
    [(0, "0"), (1, "0.01"), (10, "0.1"), (100, "1"), (10_000, "100"), (-3350, "-33.5"),
     (10**14, "1000000000000"), (123456789, "1234567.89")],
)  # fmt: skip
def test_amounts_are_written_exactly_and_as_they_are_read_back(cents, written):
    assert to_item({"amount": number(Money(cents))}) == {"amount": {"N": written}}
    assert Money.exactly(stored({"amount": number(Money(cents))})["amount"]) == Money(cents)


def test_a_float_is_never_stored():
    with pytest.raises(TypeError):
        to_item({"amount": 1.5})


def test_times_sort_as_text_and_keep_their_microseconds():
    times = [START + timedelta(microseconds=each) for each in (0, 1, 10, 999_999, 1_000_000)]
    assert sorted(map(instant, times)) == list(map(instant, times))
    assert [moment(instant(each)) for each in times] == times
    sydney = START.astimezone(timezone(timedelta(hours=11)))
    assert instant(sydney) == instant(START)
    assert moment(instant(sydney)).tzinfo is UTC


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        instant(datetime(2026, 3, 2))  # noqa: DTZ001 (that is what is refused)


def test_rows_come_back_as_what_they_were():
    first = begun(an_intent())
    assert payout_from(stored(row_of(first.after))) == first.after
    assert customer_from(stored(customer_row(a_customer()))) == a_customer()
    recorded = recorded_from(stored(step_row(first)))
    assert (recorded.event, recorded.postings) == (first.event, first.postings)


def test_a_return_is_in_the_row_by_its_id_and_rows_from_before_have_none():
    pending = advance(claimed(an_intent())[1].after, confirmed()).after
    news = Returned(at=START, by="provider", attempt=1, return_id="1234568")
    returned = advance(pending, news).after
    row = stored(row_of(returned))
    assert row["return_id"] == "1234568"
    assert payout_from(row) == returned
    before = {name: value for name, value in row.items() if name != "return_id"}
    assert payout_from(before).return_id == ""


def test_why_a_payout_goes_its_way_is_kept_and_was_not_told_before():
    route = Route("Direct Entry: not urgent, saves 0.12", Money(13), date(2026, 4, 28))
    payout = begun(replace(an_intent(), route=route)).after
    row = stored(row_of(payout))
    assert payout_from(row) == payout
    before = {name: value for name, value in row.items() if name != "route"}
    assert payout_from(before).intent == replace(payout.intent, route=None)
    for torn in ({}, {"reason": "x", "fee": "much", "arrives_on": "2026-04-28"}, 7):
        with pytest.raises(Corrupt):
            payout_from(row | {"route": torn})


def test_a_redraft_and_its_original_come_back_as_what_they_were_and_others_have_no_such_thing():
    failed = advance(claimed(an_intent())[1].after, refused()).after
    original = advance(failed, Redrafted(at=START, by="olive", redraft="a-redraft")).after
    assert payout_from(stored(row_of(original))) == original
    assert original.redrafted_as == "a-redraft"
    redraft = begun(replace(an_intent(), redraft_of=("the-last", "the-first"))).after
    assert payout_from(stored(row_of(redraft))) == redraft
    assert not {"redrafted_as", "redraft_of", "redrafted_by"} & stored(row_of(failed)).keys()
    assert payout_from(stored(row_of(failed))).intent.redraft_of == ()


def test_the_version_before_cannot_read_a_redraft_for_it_would_forget_of_what_it_is_one():
    row = stored(row_of(begun(replace(an_intent(), redraft_of=("the-first",))).after))
    assert "created_by" not in row
    assert "created_by" in stored(row_of(begun(an_intent()).after))


def test_a_claim_of_what_waits_writes_no_row_of_its_customer():
    queued = begun(an_intent()).after
    part = customer_part("customers", [claim(queued)])
    assert part is not None
    assert part.keys() == {"ConditionCheck"}


@pytest.mark.parametrize(
    "broken",
    [{"status": "Unheard"}, {"amount": Decimal("0.001")}, {"created_at": "soon"}, {"asked": 7},
     {"destination": {}}],
)  # fmt: skip
def test_a_row_that_no_payout_can_be_is_corrupt(broken):
    row = stored(row_of(begun(an_intent()).after))
    with pytest.raises(Corrupt):
        payout_from(row | broken)


def test_a_row_that_lacks_something_is_corrupt():
    row = stored(row_of(begun(an_intent()).after))
    for name in ("amount", "last_hash", "version", "customer_id"):
        with pytest.raises(Corrupt, match="payout"):
            payout_from({key: value for key, value in row.items() if key != name})


def test_rows_of_customers_and_steps_can_be_corrupt_too():
    with pytest.raises(Corrupt, match="customer-1"):
        customer_from(stored(customer_row(a_customer())) | {"available_balance": Decimal("0.001")})
    with pytest.raises(Corrupt, match="step 1"):
        recorded_from(stored(step_row(begun(an_intent()))) | {"event": {"event": "Unheard"}})


def test_what_is_corrupt_tells_nobodys_secrets():
    row = stored(customer_row(a_customer())) | {"available_balance": "Jo"}
    with pytest.raises(Corrupt) as told:
        customer_from(row)
    assert "jo@example.com" not in repr(told.value)
    assert "Citizen" not in repr(told.value)


def test_money_is_not_given_back_to_a_customer_who_is_not_there(store):
    rich_customer(store)
    sending = store.payouts.write(*claimed(an_intent()))
    store.client.delete_item(
        TableName=store.tables.customers, Key={"customer_id": {"S": "customer-1"}}
    )
    with pytest.raises(Conflict):
        store.payouts.write(advance(sending, refused()))
    assert store.customers.get("customer-1") is None
    assert store.payouts.get(sending.transaction_id) == sending


def test_entries_that_the_funds_know_nothing_of_are_corrupt(store):
    stray = {"account": {"S": "funds"}, "sequence": {"N": "1"}, "hash": {"S": "x"}}
    store.client.put_item(TableName=store.tables.events, Item=stray)
    with pytest.raises(Corrupt):
        store.treasury.write(receive(Funds(), Receipt("N1", Money(1), "NPP", START)))
    assert store.treasury.funds() == Funds()


def test_steps_that_a_payout_knows_nothing_of_are_corrupt(store):
    rich_customer(store)
    sending = store.payouts.write(*claimed(an_intent()))
    stray = {"account": {"S": sending.transaction_id}, "sequence": {"N": "3"}}
    store.client.put_item(TableName=store.tables.events, Item=stray | {"hash": {"S": "x"}})
    with pytest.raises(Corrupt):
        store.payouts.write(advance(sending, confirmed()))
    assert store.payouts.get(sending.transaction_id) == sending


@pytest.mark.parametrize(
    "torn", [{"noted": ["of_a_later_version"]}, {"state": "lost"}, {"amount": "much"}]
)
def test_a_receipts_row_that_is_none_is_refused_by_its_name_only(torn):
    receipt = Receipt("N00100000001", Money(100), "NPP", START, "Jo Citizen")
    row = stored(receipt_row(receipt))
    assert banked_from(row).receipt == receipt
    with pytest.raises(Corrupt) as told:
        banked_from(row | torn)
    assert str(told.value) == "the row of receipt#N00100000001"


def test_what_has_turned_comes_back_with_the_rail_of_each_attempt():
    turns = ((2, Rail.DIRECT_ENTRY), (3, Rail.NPP), (5, Rail.DIRECT_ENTRY))
    turned = replace(begun(an_intent()).after, attempt=5, sends=2, turns=turns)
    row = stored(row_of(turned))
    assert payout_from(row) == turned
    assert (row["rail"], row["asked_rail"]) == ("DirectEntry", "NPP")


def test_the_rails_that_it_may_go_by_are_in_the_row_and_rows_from_before_have_none():
    plain = begun(an_intent()).after
    payout = replace(plain, intent=replace(plain.intent, fallbacks=(Rail.DIRECT_ENTRY,)))
    row = stored(row_of(payout))
    assert payout_from(row) == payout
    del row["fallbacks"]
    assert payout_from(row) == plain


def test_what_has_turned_cannot_be_read_by_a_version_that_would_send_it_as_it_was_asked_for():
    straight = begun(an_intent()).after
    turned = replace(straight, attempt=2, turns=((2, Rail.DIRECT_ENTRY),))
    # `sends` is what every version before needs of a row, and finds in all others.
    assert "sends" in row_of(straight)
    assert "sends" not in row_of(turned)
    with pytest.raises(Corrupt):
        payout_from({key: value for key, value in row_of(turned).items() if key != "turns"})


def test_what_went_in_a_bank_file_comes_back_and_says_so():
    filed = replace(begun(an_intent()).after, attempt=3, filed=((1, "file-1"), (2, "file-2")))
    assert payout_from(stored(row_of(filed))) == filed
    turned = replace(filed, turns=((3, Rail.DIRECT_ENTRY),))
    assert payout_from(stored(row_of(turned))) == turned


def test_what_went_in_a_bank_file_cannot_be_read_by_a_version_that_would_send_it():
    straight = begun(an_intent()).after
    assert "filed" not in stored(row_of(straight))
    filed = row_of(replace(straight, filed=((1, "file-1"),)))
    assert "sends" not in filed
    with pytest.raises(Corrupt):
        payout_from({key: value for key, value in filed.items() if key not in {"filed", "turns"}})


def test_what_turned_and_went_in_a_bank_file_cannot_be_read_by_one_that_knows_turns_only():
    turns = ((1, Rail.NPP),)
    both = replace(begun(an_intent()).after, turns=turns, filed=((1, "file-1"),), sends=2)
    row = row_of(both)
    assert payout_from(stored(row)) == both
    assert not {"sends", "sends_since_turned"} & set(row)
