"""What `Schedules` promises: changed by version, and no record that denies or claims a payment."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

from chalicelib.adapters.dynamo.client import Tables
from chalicelib.adapters.dynamo.schedule_rows import (
    schedule_from,
    schedule_key,
    schedule_row,
    waking_from,
    waking_row,
)
from chalicelib.adapters.dynamo.schedules import DynamoSchedules
from chalicelib.adapters.dynamo.session import Session
from chalicelib.adapters.dynamo.values import from_item, to_item
from chalicelib.domain.advance import advance
from chalicelib.domain.claims import Claims, Woken
from chalicelib.domain.customer import Erasing, Erasure
from chalicelib.domain.destination import PayoutMethod
from chalicelib.domain.errors import Corrupt, CustomerErased, NotFound, Stale, StoreUnavailable
from chalicelib.domain.events import Delayed, Hindrance
from chalicelib.domain.money import Money
from chalicelib.domain.order import Order
from chalicelib.domain.rails import Rail
from chalicelib.domain.recurrence import (
    Daily,
    MonthlyOnBusinessDay,
    MonthlyOnDay,
    MonthlyOnWeekday,
    Once,
    Weekly,
)
from chalicelib.domain.schedule import (
    Result,
    Schedule,
    State,
    advanced,
    cancelled,
    paused,
    put_off,
)
from chalicelib.domain.timetable import Adjustment, Timetable
from chalicelib.domain.ways import Strategy, Urgency
from chalicelib.ports import ScheduleFilter
from tests.contracts.conftest import OPTED_IN
from tests.contracts.making import an_intent, begun, rich_customer
from tests.contracts.paging import everything
from tests.contracts.stores import CALENDAR, NOBODY, client_of, simulated_store
from tests.fakes.clock import START, FakeClock

TIMES = Timetable(Weekly((0,)), date(2026, 3, 9), count=3)
FIRST, SECOND, THIRD = TIMES.coming(1, 3, CALENDAR)
NAMES = Tables("nothing", "nothing", "nothing", "nothing")
HOUR = timedelta(hours=1)
CUSTOMER = "customer-1"


def a_schedule(name="one", customer=CUSTOMER, **changed):
    order = Order(customer, Money(10_000), PayoutMethod.PAY_ID)
    plain = Schedule(
        f"schedule-{name}", order, TIMES, FIRST, FIRST.at, START, "maker", START, "maker"
    )
    return replace(plain, **changed)


# In memory everything can be read, and a lost reply is told as one.
ON_DYNAMODB = pytest.mark.parametrize(
    "store", ["simulated", "ministack", "moto", *OPTED_IN], indirect=True
)


@pytest.fixture
def there(store):
    """A store with a customer, and a schedule of theirs."""
    register(store)
    store.schedules.add(a_schedule())
    return store


def register(store, customer_id=CUSTOMER):
    rich_customer(store, customer_id=customer_id)


def pay(store, schedule, *, version=None):
    """The payout of its next occurrence, as waking makes it."""
    own = schedule.transaction_id(schedule.next.number)
    first = begun(an_intent(customer_id=schedule.order.customer_id, transaction_id=own))
    second = Delayed(at=START, by="maker", request_id="r", reason=Hindrance.SIGN_IN_REFUSED)
    woken = Woken(schedule.schedule_id, version or schedule.version)
    return store.payouts.write(first, advance(first.after, second), claims=Claims(woken=woken))


def test_a_schedule_is_read_as_it_was_written(there):
    assert there.schedules.get("schedule-one") == a_schedule()
    assert there.schedules.get("schedule-two") is None


@pytest.mark.parametrize(
    "rule",
    [
        Once(), Daily(), Weekly((0, 3), 2), MonthlyOnDay(31, 3), MonthlyOnWeekday(-1, 4),
        MonthlyOnBusinessDay(2),
    ],
    ids=lambda rule: type(rule).__name__,
)  # fmt: skip
def test_everything_that_a_schedule_knows_is_kept(rule):
    order = Order(
        CUSTOMER, Money(10_001), PayoutMethod.BANK_ACCOUNT, "destination-1", Rail.DIRECT_ENTRY,
        "Salary", "March", Strategy.BY_URGENCY, Urgency.NORMAL,
    )  # fmt: skip
    times = Timetable(
        rule, date(2026, 3, 9), Adjustment.PRECEDING, time(7, 30), date(2027, 1, 1), 7
    )
    whole = Schedule(
        "schedule-1", order, times, SECOND, SECOND.at + HOUR, START, "maker", START + HOUR, "anna",
        drafted=True, state=State.NEEDS_PERSON, why="above_limit", reason="asked for", version=4,
    )  # fmt: skip
    stored = from_item(to_item(schedule_row(whole)))
    assert schedule_from(stored) == whole
    assert from_item(to_item(schedule_row(a_schedule()))).keys() <= stored.keys()


def test_everything_that_a_waking_knows_is_kept():
    whole = a_schedule().waking(Result.REFUSED, START, ("above_limit", "cooling_off"))
    assert waking_from(from_item(to_item(waking_row(whole)))) == whole


@pytest.mark.parametrize(
    "changed",
    [
        {"rule": {"name": "never"}}, {"rule": {"name": "once", "more": 1}}, {"start": "soon"},
        {"state": "gone"}, {"amount": "much"}, {"adjustment": "never"}, {"pays_at": "noon"},
    ],
    ids=str,
)  # fmt: skip
def test_a_row_of_nothing_that_a_schedule_can_be_is_not_read(changed):
    with pytest.raises(Corrupt):
        schedule_from({**from_item(to_item(schedule_row(a_schedule()))), **changed})
    waking = waking_row(a_schedule().waking(Result.MISSED, START))
    with pytest.raises(Corrupt):
        waking_from({**waking, "result": "gone"})


def test_an_id_is_taken_once(there):
    with pytest.raises(Stale):
        there.schedules.add(a_schedule(version=1, created_by="another"))
    assert there.schedules.get("schedule-one") == a_schedule()


def test_a_customer_has_to_be_there_and_not_about_to_be_forgotten(store):
    with pytest.raises(NotFound):
        store.schedules.add(a_schedule())
    register(store)
    customer = store.customers.get(CUSTOMER)
    erasure = Erasure(Erasing.ASKED, "ada", START, "asked for")
    erasing = replace(customer, erasure=erasure, version=customer.version + 1)
    store.customers.edit(erasing, version=customer.version)
    with pytest.raises(CustomerErased):
        store.schedules.add(a_schedule())
    assert store.schedules.get("schedule-one") is None


def test_a_change_takes_the_place_of_the_version_before_it(there):
    resting = paused(a_schedule(), by="anna", reason="so", at=START)
    there.schedules.write(resting)
    assert there.schedules.get("schedule-one") == resting
    with pytest.raises(Stale):
        there.schedules.write(cancelled(a_schedule(), by="ada", reason="no", at=START))
    with pytest.raises(Stale):
        there.schedules.write(replace(a_schedule("two"), version=2))


def test_an_occurrence_is_made_with_its_payout_there_and_not_made_only_without(there):
    own = a_schedule()
    after = advanced(own, (), CALENDAR, at=FIRST.at)
    with pytest.raises(Stale):
        there.schedules.write(after, waking=own.waking(Result.MADE, FIRST.at))
    pay(there, own)
    for result in (Result.REFUSED, Result.MISSED):
        with pytest.raises(Stale):
            there.schedules.write(after, waking=own.waking(result, FIRST.at))
    assert there.schedules.get("schedule-one") == own
    there.schedules.write(after, waking=own.waking(Result.MADE, FIRST.at))
    assert there.schedules.wakings("schedule-one", most=9) == [own.waking(Result.MADE, FIRST.at)]
    refused = after.waking(Result.REFUSED, SECOND.at, ("above_limit",))
    there.schedules.write(advanced(after, (), CALENDAR, at=SECOND.at), waking=refused)
    assert there.schedules.wakings("schedule-one", most=1) == [refused]
    assert len(there.schedules.wakings("schedule-one", most=9)) == 2
    assert there.schedules.wakings("schedule-two", most=9) == []


def test_a_payout_is_made_only_while_its_schedule_is_as_it_was_read(there):
    own = a_schedule()
    there.schedules.write(paused(own, by="anna", reason="so", at=START))
    with pytest.raises(Stale):
        pay(there, own)
    with pytest.raises(Stale):
        pay(there, a_schedule("two"))
    assert there.payouts.get(own.transaction_id(1)) is None
    pay(there, own, version=2)


def test_due_are_active_ones_from_their_moment_on_the_longest_due_first(there):
    there.schedules.add(a_schedule("late", wakes_at=FIRST.at + HOUR))
    there.schedules.add(a_schedule("early", wakes_at=FIRST.at - HOUR))
    there.schedules.add(a_schedule("paused", state=State.PAUSED))
    ids = [f"schedule-{name}" for name in ("early", "one", "late")]
    assert list(there.schedules.due(FIRST.at - 2 * HOUR)) == []
    assert list(there.schedules.due(FIRST.at)) == ids[:2]
    assert list(there.schedules.due(FIRST.at + HOUR)) == ids
    there.schedules.write(put_off(a_schedule(), FIRST.at))
    assert list(there.schedules.due(FIRST.at)) == ids[:1]


def names(store, **wanted):
    asked = ScheduleFilter(**wanted)
    found = everything(
        lambda limit, position: store.schedules.page(asked, limit=limit, position=position), 2
    )
    return [each.schedule_id.removeprefix("schedule-") for each in found]


def test_lists_are_by_state_or_of_a_customer_and_every_page_goes_on(there):
    register(there, "customer-2")
    for number, state in enumerate((State.ENDED, State.PAUSED, State.NEEDS_PERSON, State.ACTIVE)):
        at = START + number * HOUR
        there.schedules.add(
            a_schedule(str(state), "customer-2", state=state, changed_at=at, wakes_at=at)
        )
    assert names(there) == ["active", "one", "needs_person", "paused", "ended"]
    assert list(there.schedules.looked_through()) == [
        (f"schedule-{name}", True) for name in names(there)
    ]
    assert names(there, state=State.PAUSED) == ["paused"]
    assert names(there, customer_id=CUSTOMER) == ["one"]
    assert names(there, customer_id="customer-2") == ["ended", "paused", "needs_person", "active"]
    assert names(there, customer_id="customer-2", state=State.ACTIVE) == ["active"]
    assert names(there, customer_id="nobody") == []


@ON_DYNAMODB
def test_one_that_cannot_be_read_is_in_no_list_and_breaks_none(there):
    there.schedules.add(a_schedule("two"))
    key = to_item({"key": schedule_key("schedule-one")})
    there.client.update_item(
        TableName=there.tables.control, Key=key, UpdateExpression="SET #start = :start",
        ExpressionAttributeNames={"#start": "start"},
        ExpressionAttributeValues={":start": {"S": "soon"}},
    )  # fmt: skip
    assert names(there) == ["two"]
    assert names(there, customer_id=CUSTOMER) == ["two"]
    assert set(there.schedules.due(FIRST.at)) == {"schedule-one", "schedule-two"}
    assert set(there.schedules.looked_through()) == {
        ("schedule-one", False), ("schedule-two", True),
    }  # fmt: skip
    with pytest.raises(Corrupt):
        there.schedules.get("schedule-one")


@ON_DYNAMODB
def test_what_became_of_an_occurrence_and_cannot_be_read_breaks_nothing(there):
    own = a_schedule()
    after = advanced(own, (), CALENDAR, at=FIRST.at)
    there.schedules.write(after, waking=own.waking(Result.MISSED, FIRST.at))
    missed = after.waking(Result.MISSED, SECOND.at)
    there.schedules.write(advanced(after, (), CALENDAR, at=SECOND.at), waking=missed)
    there.client.update_item(
        TableName=there.tables.control, Key=to_item({"key": schedule_key("schedule-one") + "#1"}),
        UpdateExpression="SET #result = :result",
        ExpressionAttributeNames={"#result": "result"},
        ExpressionAttributeValues={":result": {"S": "eaten"}},
    )  # fmt: skip
    assert there.schedules.wakings("schedule-one", most=9) == [missed]


@ON_DYNAMODB
def test_a_lost_reply_is_no_failure_on_dynamodb(store):
    register(store)
    store.lose_replies(1)
    store.schedules.add(a_schedule())
    own = a_schedule()
    store.lose_replies(1)
    after = advanced(own, (), CALENDAR, at=FIRST.at)
    store.schedules.write(after, waking=own.waking(Result.MISSED, FIRST.at))
    assert store.schedules.get("schedule-one") == after


def test_a_change_whose_token_is_forgotten_is_known_by_its_row():
    clock = FakeClock()

    def sleep(_pause: float) -> None:
        clock.advance(660)

    store = simulated_store(clock=clock, sleep=sleep)
    register(store)
    store.lose_replies(1)
    store.schedules.add(a_schedule())
    store.lose_replies(1)
    own = a_schedule()
    after = advanced(own, (), CALENDAR, at=FIRST.at)
    store.schedules.write(after, waking=own.waking(Result.MISSED, FIRST.at))
    assert store.schedules.get("schedule-one") == after
    assert len(store.schedules.wakings("schedule-one", most=2)) == 1


def test_a_store_that_is_away_is_said_to_be():
    there = DynamoSchedules(Session(client_of(NOBODY), within=0.1), NAMES)
    for call in (
        lambda: there.get("schedule-one"),
        lambda: there.add(a_schedule()),
        lambda: there.write(replace(a_schedule(), version=2)),
        lambda: list(there.due(datetime.now(tz=START.tzinfo))),
        lambda: there.page(ScheduleFilter(), limit=1, position=None),
        lambda: there.wakings("schedule-one", most=1),
    ):
        with pytest.raises(StoreUnavailable):
            call()
