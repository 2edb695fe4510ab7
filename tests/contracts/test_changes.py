"""What `Changes` promises: each payout once, by the date of its latest step, in order of ids."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest

from chalicelib.adapters.dynamo.changes import INDEX, DynamoChanges, sighting_from
from chalicelib.adapters.dynamo.payout_rows import payout_row
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.values import to_item
from chalicelib.domain.advance import advance, begin
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import Corrupt
from chalicelib.domain.events import Doubt, Returned, Unclear
from chalicelib.domain.mark import Mark
from chalicelib.domain.money import Money
from chalicelib.domain.night import sighting_of
from chalicelib.domain.patience import Patience
from tests.contracts.making import (
    accepted,
    an_intent,
    begun,
    claim,
    claimed,
    confirmed,
    hear,
    rich_customer,
)
from tests.contracts.stores import CALENDAR
from tests.fakes.changes import MemoryChanges
from tests.fakes.clock import START
from tests.fakes.dynamo_template import definitions

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from tests.fakes.payouts import MemoryPayouts

TODAY = sydney_date(START)
DAY = timedelta(days=1)
# DynamoDB's own limit of one page, in bytes.
PAGE = 1024 * 1024


def changes_of(store):
    """The port over the same payouts."""
    if store.client is None:
        return MemoryChanges(cast("MemoryPayouts", store.payouts)._state)
    return DynamoChanges(Session(store.client, within=20), store.tables.transactions)


def asked_for(store, at=START, **more):
    return store.payouts.write(*claimed(an_intent("0.10", at=at, **more)))


def test_a_day_on_which_nothing_changed_has_none(store):
    assert list(changes_of(store).of_day(TODAY)) == []


def test_each_payout_is_shown_on_the_day_of_its_latest_step_and_on_no_other(store):
    rich_customer(store)
    made = [asked_for(store) for _ in range(5)]
    later = hear(store, made[2], confirmed(START + DAY))
    changes = changes_of(store)
    ids = [each.transaction_id for each in changes.of_day(TODAY)]
    assert ids == sorted(each.transaction_id for each in made if each is not made[2])
    assert [each.transaction_id for each in changes.of_day(TODAY + DAY)] == [later.transaction_id]
    assert list(changes.of_day(TODAY - DAY)) == []


def test_it_goes_on_after_any_of_them(store):
    rich_customer(store)
    ids = sorted(asked_for(store).transaction_id for _ in range(6))
    changes = changes_of(store)
    for place in range(6):
        after = [each.transaction_id for each in changes.of_day(TODAY, after=ids[place])]
        assert after == ids[place + 1 :]
    assert len(list(changes.of_day(TODAY, after="0"))) == 6


def test_all_that_a_night_compares_is_shown_as_the_payout_has_it(store):
    rich_customer(store)
    plain = store.payouts.write(begun(an_intent("0.10")))
    doubt = Unclear(at=START, by="sender", attempt=1, doubt=Doubt.REFERENCE_EXISTS)
    unsure = hear(store, asked_for(store), doubt)
    whole = hear(
        store, asked_for(store), accepted(fee=Money(11), monoova_transaction_id="1"),
        Returned(at=START + DAY, by="provider", attempt=1, amount=Money(10)),
    )  # fmt: skip
    changes = changes_of(store)
    shown = {
        each.transaction_id: each
        for day in (TODAY, TODAY + DAY) for each in changes.of_day(day)
    }  # fmt: skip
    assert shown == {each.transaction_id: sighting_of(each) for each in (plain, unsure, whole)}
    told = shown[whole.transaction_id]
    assert (told.fee, told.came_back, told.sent_on) == (Money(11), Money(10), TODAY)
    assert told.last == Mark(TODAY + DAY, 4, whole.last_hash)
    assert told.eve == Mark(TODAY, 3, whole.eve.hash if whole.eve else "")
    assert shown[unsure.transaction_id].needs_person
    assert (shown[plain.transaction_id].sent_on, shown[plain.transaction_id].eve) == (None, None)


def test_a_day_is_sydneys(store):
    rich_customer(store)
    # In March Sydney is eleven hours ahead: its 3 March begins at 13:00 UTC of the 2nd.
    midnight = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)
    before = asked_for(store, midnight - timedelta(microseconds=1))
    first = asked_for(store, midnight)
    changes = changes_of(store)
    shown = [[each.transaction_id for each in changes.of_day(date(2026, 3, day))] for day in (2, 3)]
    assert shown == [[before.transaction_id], [first.transaction_id]]


class Counting:
    """A client that counts the pages it is asked for."""

    def __init__(self, client):
        self._client = client
        self.asked = []

    def __getattr__(self, name):
        return getattr(self._client, name)

    def query(self, **request):
        self.asked.append(request)
        return self._client.query(**request)


def test_a_day_is_read_page_by_page_as_it_is_used(exact):
    client, tables = exact
    rows = many(2500)
    for row in rows:
        client.put_item(TableName=tables.transactions, Item=row)
    counting = Counting(client)
    of_day = DynamoChanges(Session(cast("DynamoDBClient", counting)), tables.transactions).of_day(
        TODAY
    )
    next(of_day)
    assert len(counting.asked) == 1
    assert len(list(of_day)) == 2499
    assert len(counting.asked) <= 3
    # No limit of ours makes a page smaller than the service would.
    assert all("Limit" not in each and "ConsistentRead" not in each for each in counting.asked)


def many(count):
    """Rows of payouts as narrow as their index is."""
    (index,) = [
        each for each in definitions()["TransactionsTable"]["GlobalSecondaryIndexes"]
        if each["IndexName"] == INDEX
    ]  # fmt: skip
    kept = {"changed_on", "transaction_id", *index["Projection"]["NonKeyAttributes"]}
    rows = []
    for _ in range(count):
        payout = long_lived()
        row = to_item(payout_row(payout, Patience(), CALENDAR))
        rows.append({name: value for name, value in row.items() if name in kept})
    return rows


def long_lived():
    """A payout with everything that the index can show, and changed on two days."""
    payout = begin(an_intent("1000.00", at=START - DAY), by="olive", request_id="r").after
    payout = claim(payout, START - DAY).after
    for event in (
        accepted(START - DAY, fee=Money(1100), monoova_transaction_id="100537784"),
        Returned(at=START, by="provider", attempt=1, amount=Money(99_999)),
    ):
        payout = advance(payout, event).after
    return payout


def size_of(item):
    """Bytes that DynamoDB counts for an item: names, text, and numbers by their digits."""
    return sum(
        len(name.encode()) + (len(v["S"].encode()) if "S" in v else len(v["N"]) // 2 + 2)
        for name, v in item.items()
    )


def test_ten_thousand_payouts_of_a_day_are_at_most_five_pages():
    (row,) = many(1)
    assert {"eve", "fee", "came_back", "sent_on", "last_hash"} <= row.keys()
    assert size_of(row) * 10_000 <= 5 * PAGE


@pytest.mark.parametrize(
    "broken",
    [
        {"status": {"S": "Nonsense"}},
        {"amount": {"N": "0.001"}},
        {"created_on": {"S": "yesterday"}},
        {"rail": {"N": "1"}},
        {"eve": {"S": "2026-03-01"}},
    ],
    ids=lambda row: next(iter(row)),
)
def test_a_row_that_is_no_payouts_is_never_taken_for_one(broken):
    (row,) = many(1)
    assert sighting_from(row).fee == Money(1100)
    with pytest.raises(Corrupt, match=row["transaction_id"]["S"]):
        sighting_from({**row, **broken})
