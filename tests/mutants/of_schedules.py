"""Mutants of what is paid later: paid twice, silently not at all, or on another day."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import (
    DATED,
    DEMANDED,
    KEY,
    LATER_ONCE,
    LOST_REPLY,
    NO_NEW,
    PACE,
    TWINS,
    UNPAID_SEEN,
)

SCHEDULE = "chalicelib/domain/schedule.py"
TIMETABLE = "chalicelib/domain/timetable.py"
RECURRENCE = "chalicelib/domain/recurrence.py"
CALENDAR = "chalicelib/domain/calendar.py"
WAKE = "chalicelib/usecases/wake.py"
PLAN = "chalicelib/usecases/schedules.py"
REQUEST = "chalicelib/usecases/request.py"
CONSIDER = "chalicelib/usecases/consider.py"
STORE = "chalicelib/adapters/dynamo/schedules.py"
CLAIMS = "chalicelib/adapters/dynamo/claims.py"
T_SCHEDULE = "tests/domain/test_schedule.py::test_"
T_TIMETABLE = "tests/domain/test_timetable.py::test_"
T_RECURRENCE = "tests/domain/test_recurrence.py::test_"
T_WAKE = "tests/usecases/test_wake.py::test_"
T_CRASHES = "tests/usecases/test_wake_crashes.py::test_"
T_PLAN = "tests/usecases/test_schedules.py::test_"
T_STORE = "tests/contracts/test_schedules.py::test_"

MUTANTS = (
    Mutant(
        "each run makes a payout of its own for the same occurrence",
        SCHEDULE,
        'return derived_id("scheduled payout", f"{self.schedule_id}/{number}")',
        'return derived_id("scheduled payout", f"{self.schedule_id}/{number}/{self.version}")',
        LATER_ONCE,
        (T_SCHEDULE + "a_tried_again_occurrence_has_the_payout_that_it_had",),
    ),
    Mutant(
        "an idempotency key can take an occurrence's payout",
        SCHEDULE,
        'derived_id("scheduled payout", ',
        'derived_id("payout", ',
        LATER_ONCE,
        (T_WAKE + "an_idempotency_key_never_takes_an_occurrences_payout",),
    ),
    Mutant(
        "a payout is made though its schedule was stopped meanwhile",
        REQUEST,
        "original=replaced, woken=asking.woken",
        "original=replaced",
        LATER_ONCE,
        (T_WAKE + "a_schedule_that_is_cancelled_meanwhile_makes_no_payout",),
    ),
    Mutant(
        "the store does not look whether a schedule has changed",
        CLAIMS,
        '        parts[f"{CLAIM} schedule"] = _unchanged(table, claims.woken)\n',
        "        pass\n",
        LATER_ONCE,
        (T_STORE + "a_payout_is_made_only_while_its_schedule_is_as_it_was_read",),
    ),
    Mutant(
        "a payout that is there is recorded as not made",
        STORE,
        '            "payout": _check(self._tables.transactions, key, condition),\n',
        "",
        UNPAID_SEEN,
        (T_STORE + "an_occurrence_is_made_with_its_payout_there_and_not_made_only_without",),
    ),
    Mutant(
        "what a run left unrecorded is missed, not made",
        WAKE,
        "    if means.payouts.get(schedule.transaction_id(schedule.next.number)) is not None:\n",
        "    if not schedule.timetable:\n",
        UNPAID_SEEN,
        (T_WAKE + "a_payout_that_is_there_is_never_said_to_be_missed",),
    ),
    Mutant(
        "missed occurrences are paid in a burst",
        WAKE,
        "    if is_missed(schedule, now, means.grace, means.calendar):\n",
        "    if not means.grace:\n",
        UNPAID_SEEN,
        (T_WAKE + "what_was_missed_is_not_paid_in_a_burst_but_goes_before_a_person",),
    ),
    Mutant(
        "what was refused is recorded before anybody can see it",
        WAKE,
        "    means.findings.open(\n        Finding(\n            Kind.OCC",
        "    means.schedules.write(\n        advanced(schedule, codes, means.calendar, at=now),\n"
        "        waking=schedule.waking(result, now, codes),\n    )\n"
        "    means.findings.open(\n        Finding(\n            Kind.OCC",
        UNPAID_SEEN,
        (T_CRASHES + "one_that_is_refused_is_before_a_person_and_recorded",),
    ),
    Mutant(
        "a finding of what was made after all stays",
        WAKE,
        '_name(schedule), reason="made", by=WAKER,',
        '"", reason="made", by=WAKER,',
        UNPAID_SEEN,
        (T_WAKE + "what_a_cut_run_thought_is_resolved_once_it_is_made",),
    ),
    Mutant(
        "one schedule that cannot be read stops all others",
        WAKE,
        "    except Exception as error:",
        "    except ZeroDivisionError as error:",
        UNPAID_SEEN,
        (T_WAKE + "one_that_cannot_be_read_goes_before_a_person_and_stops_no_other",),
    ),
    Mutant(
        "a refusal that lasts lets it go on for ever",
        SCHEDULE,
        "    if lasting:\n",
        "    if len(lasting) > 1:\n",
        UNPAID_SEEN,
        (T_SCHEDULE + "any_other_refusal_makes_it_wait_for_a_person",),
    ),
    Mutant(
        "a refusal of the day stops it for good",
        SCHEDULE,
        '"insufficient_funds", "customer_stopped", "customer_day_limit", "operator_day_limit",',
        '"insufficient_funds", "customer_stopped", "operator_day_limit",',
        UNPAID_SEEN,
        (T_WAKE + "a_limit_of_the_day_refuses_it_and_the_next_goes_on",),
    ),
    Mutant(
        "without its balance it is tried for ever",
        SCHEDULE,
        "return short and sydney_date(now + AGAIN_AFTER) <= it.next.pays_on",
        "return short",
        UNPAID_SEEN,
        (
            T_WAKE + "without_its_balance_until_night_it_goes_before_a_person_and_is_not_made_up"
            "_for",
        ),
    ),
    Mutant(
        "what falls into a pause is made up for",
        SCHEDULE,
        "    following = it.timetable.ahead(it.next.number, at, calendar)\n",
        "    following = it.timetable.occurrence(it.next.number, calendar)\n",
        LATER_ONCE,
        (T_SCHEDULE + "it_rests_and_goes_on_with_what_is_ahead",),
    ),
    Mutant(
        "what has ended goes on",
        SCHEDULE,
        "    if it.state is State.ENDED:\n        raise Conflict",
        "    if it.state is State.ENDED and not it.why:\n        raise Conflict",
        LATER_ONCE,
        (T_SCHEDULE + "what_has_ended_stays_so",),
    ),
    Mutant(
        "a forgotten customer's schedule keeps its texts",
        SCHEDULE,
        'order = replace(it.order, reference="", description="")',
        "order = it.order",
        NO_NEW,
        (T_SCHEDULE + "of_a_forgotten_customer_nothing_that_was_written_stays",),
    ),
    Mutant(
        "an erasure that is only asked for ends the customer's schedules",
        WAKE,
        "gone = isinstance(refused, CustomerErased) and refused.final",
        "gone = isinstance(refused, CustomerErased)",
        NO_NEW,
        (
            T_WAKE + "while_an_erasure_is_only_asked_for_it_is_not_paid_"
            "and_goes_on_if_that_is_taken_back",
        ),
    ),
    Mutant(
        "a salary is the duplicate of the one before",
        CONSIDER,
        "    own = twin is not None and twin.transaction_id in asking.own\n",
        "    own = twin is not None and twin.transaction_id in ()\n",
        TWINS,
        (T_WAKE + "an_earlier_occurrence_is_no_duplicate_and_somebodys_payment_is",),
    ),
    Mutant(
        "nothing is the duplicate of anything once a schedule asks",
        CONSIDER,
        "    if twin is None or own or not",
        "    if twin is None or asking.woken is not None or not",
        TWINS,
        (
            T_WAKE + "an_earlier_occurrence_is_no_duplicate_and_somebodys_payment_is",
            T_WAKE + "another_schedule_of_the_same_payment_is_a_duplicate",
        ),
    ),
    Mutant(
        "what a bot planned is sent without a person",
        WAKE,
        "schedule.created_by, schedule.drafted,",
        "schedule.created_by, False,",
        DEMANDED,
        (T_WAKE + "other_people_have_to_agree_by_the_rules_of_the_day_and_a_bot_drafts",),
    ),
    Mutant(
        "schedules use up their makers' rates",
        REQUEST,
        "    if asking.woken is not None:\n        return None\n",
        "",
        PACE,
        (T_WAKE + "it_takes_nothing_of_the_makers_rate",),
    ),
    Mutant(
        "another body under the same key passes for the same schedule",
        PLAN,
        "        if name not in gone and (name, value) not in asked\n",
        '        if name == "amount" and (name, value) not in asked\n',
        KEY,
        (T_PLAN + "the_key_is_its_makers_and_one_things",),
    ),
    Mutant(
        "a key that is somebody else's plans for anybody",
        PLAN,
        "    if before.created_by != by:\n",
        "    if not before.created_by:\n",
        KEY,
        (T_PLAN + "the_key_is_its_makers_and_one_things",),
    ),
    Mutant(
        "somebody who is being forgotten gets a schedule",
        STORE,
        '"attribute_exists(customer_id) AND attribute_not_exists(erasing_at)",',
        '"attribute_exists(customer_id)",',
        NO_NEW,
        (T_STORE + "a_customer_has_to_be_there_and_not_about_to_be_forgotten",),
    ),
    Mutant(
        "a change that was written and not answered is said to be somebody else's",
        STORE,
        "            if refused.in_doubt and self._has(row):\n                return\n"
        '            raise Stale("The schedule, or',
        '            raise Stale("The schedule, or',
        LOST_REPLY,
        (T_STORE + "a_change_whose_token_is_forgotten_is_known_by_its_row",),
    ),
    Mutant(
        "the month's last day is lost where a month is short",
        RECURRENCE,
        "return date(year, month, min(self.day, _length(year, month)))",
        "return date(year, month, min(self.day, 28))",
        DATED,
        (T_RECURRENCE + "months",),
    ),
    Mutant(
        "a fortnight counts from the start, not from its first date",
        RECURRENCE,
        "weeks, place = divmod(index, len(self.weekdays))",
        "weeks, place = divmod(index + (first > start), len(self.weekdays))",
        DATED,
        (T_RECURRENCE + "weekdays_of_every_so_many_weeks",),
    ),
    Mutant(
        "a month whose date has passed by the start is the first",
        RECURRENCE,
        "    passed = rule.within(start.year, start.month, calendar) < start\n",
        "    passed = 0\n",
        DATED,
        (T_RECURRENCE + "months",),
    ),
    Mutant(
        "a date at a month's end is moved into the next month",
        TIMETABLE,
        "    if adjustment is Adjustment.MODIFIED_FOLLOWING and later.month != on.month:\n",
        "    if adjustment is Adjustment.MODIFIED_FOLLOWING and later.year != on.year:\n",
        DATED,
        (T_TIMETABLE + "a_sunday_at_the_end_of_a_month_is_adjusted",),
    ),
    Mutant(
        "a day off is paid on",
        CALENDAR,
        "        return day if self.is_business_day(day) else self.after(day, 1)\n",
        "        return day if day.weekday() < 5 else self.after(day, 1)\n",
        DATED,
        (T_TIMETABLE + "easter_is_left_in_either_direction_and_a_business_day_stays",),
    ),
    Mutant(
        "a wall clock is read as if there were no summer time",
        CALENDAR,
        "    return datetime.combine(day, at, SYDNEY).astimezone(UTC)\n",
        "    return start_of(day) + timedelta(hours=at.hour, minutes=at.minute)\n",
        DATED,
        (T_TIMETABLE + "an_hour_that_a_date_has_twice_or_not_at_all_is_one_moment_of_that_date",),
    ),
    Mutant(
        "it goes on after its last date",
        TIMETABLE,
        "or (self.until is not None and on > self.until):",
        "or (self.until is not None and on.year > self.until.year):",
        DATED,
        (T_TIMETABLE + "it_ends_after_a_date_a_number_or_once",),
    ),
    Mutant(
        "a first payment in the past is planned",
        TIMETABLE,
        "    elif first.at <= now:\n",
        "    elif first.on.year < now.year:\n",
        DATED,
        (T_TIMETABLE + "what_could_never_be_paid_is_refused_with_all_that_is_wrong",),
    ),
)
