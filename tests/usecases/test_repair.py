"""Gap repair: what the provider told us, and we do not have, is asked for again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.errors import ProviderUnavailable, SignInRefused, StoreUnavailable
from chalicelib.domain.findings import Kind
from chalicelib.usecases import repair as module
from tests.fakes.subscriptions import BASE
from tests.usecases.gaps import Gaps


@pytest.fixture
def gaps():
    """One run was complete: from now on a quiet one looks at one day."""
    made = Gaps()
    made.run()
    made.provider.calls.clear()
    made.clock.advance(600)
    return made


def test_a_quiet_run_costs_one_call_for_each_day_looked_at(gaps):
    for number in range(20):
        gaps.keep(gaps.provider.tell(str(number), sent=True, ago=60))
    for _ in range(3):
        assert gaps.run() == {}
        gaps.clock.advance(600)
    assert gaps.provider.calls == {"report": 3}


def test_the_first_run_ever_looks_three_days_back_and_no_farther():
    gaps = Gaps()
    gaps.provider.tell("1", sent=False, ago=3 * 86400)
    gaps.provider.tell("2", sent=False, ago=5 * 86400)
    assert gaps.run() == {"asked_again": 1}
    assert gaps.provider.calls == {"report": 4, "resend": 1}
    assert gaps.provider.resent == ["1"]


def test_it_runs_every_ten_minutes_however_often_the_poller_does(gaps):
    for _ in range(30):
        gaps.run_later(1)
    assert gaps.provider.calls["report"] == 3


@pytest.mark.parametrize("keeps_id", [True, False])
@pytest.mark.parametrize("sent", [True, False])
def test_a_lost_webhook_needs_nobody(gaps, keeps_id, sent):
    gaps.provider.keeps_id = keeps_id
    gaps.provider.tell("1", sent=sent)
    assert gaps.run() == {"asked_again": 1}
    assert gaps.run_later() == {"healed": 1}
    assert gaps.run_until_quiet() == [{}]
    assert gaps.provider.resent == ["1"]
    assert gaps.missing == set()


@pytest.mark.parametrize("keeps_id", [True, False])
def test_many_lost_webhooks_are_asked_for_once_each(gaps, keeps_id):
    gaps.provider.keeps_id = keeps_id
    for number in range(30):
        told = gaps.provider.tell(str(number), sent=number % 2 == 0)
        if number % 3:
            gaps.keep(told)
    assert gaps.run() == {"asked_again": 10}
    # Others come in the meantime, as they do.
    for number in range(100, 110):
        gaps.keep(gaps.provider.tell(str(number), sent=True, ago=0))
    assert gaps.run_later() == {"healed": 10}
    assert gaps.run_until_quiet() == [{}]


def test_what_was_kept_although_its_answer_was_lost_is_not_asked_for(gaps):
    gaps.keep(gaps.provider.tell("1", sent=False))
    assert gaps.run() == {}


def test_what_did_not_prove_to_be_the_providers_does_not_count_as_kept(gaps):
    gaps.keep(gaps.provider.tell("1", sent=True), authentic=False)
    assert gaps.run() == {"asked_again": 1}


def test_what_is_parked_for_a_person_is_not_asked_for(gaps):
    gaps.park(gaps.provider.tell("1", sent=True))
    assert gaps.run() == {}


def test_what_may_still_be_under_way_is_left_for_the_next_run(gaps):
    gaps.provider.tell("1", sent=False, ago=299)
    assert gaps.run() == {}
    assert gaps.run_later() == {"asked_again": 1}


def test_a_webhook_that_cannot_be_had_is_asked_for_three_times_and_is_then_a_persons(gaps):
    gaps.deaf = True
    gaps.provider.tell("1", sent=False)
    told = [gaps.run(), *gaps.run_until_quiet()]
    assert told == [{"asked_again": 1}] * 3 + [{"webhooks_missing": 1}, {}]
    assert gaps.missing == {"1"}
    (finding,) = gaps.findings.page(resolved=False, limit=9, position=None).items
    assert (finding.kind, finding.detail) == (Kind.WEBHOOK_MISSING, "NppReturn")
    assert gaps.provider.resent == ["1"] * 3


def test_with_new_ids_too_a_webhook_that_cannot_be_had_is_a_persons_after_three_times(gaps):
    gaps.provider.keeps_id = False
    gaps.deaf = True
    gaps.provider.tell("1", sent=False)
    told = [gaps.run(), *gaps.run_until_quiet()]
    assert told == [{"asked_again": 1}] * 3 + [{"webhooks_missing": 1}, {}]
    assert len(gaps.missing) == 1


def test_a_copy_that_is_lost_again_is_asked_for_in_the_place_of_the_first(gaps):
    gaps.provider.keeps_id = False
    gaps.deaf = True
    gaps.provider.tell("1", sent=False)
    gaps.run()
    gaps.deaf = False
    assert gaps.run_later() == {"asked_again": 1}
    assert gaps.provider.resent[0] == "1"
    assert gaps.provider.resent[1] != "1"
    assert gaps.run_later() == {"healed": 1}
    assert gaps.missing == set()


def test_a_copy_that_is_still_under_way_is_waited_for(gaps):
    gaps.provider.keeps_id = False
    gaps.provider.tell("1", sent=False)
    gaps.run()
    (copy,) = set(gaps.provider.told) - {"1"}
    # Its second attempt is late, and what it brought has not reached the lists.
    tried_at = gaps.clock.now() + timedelta(minutes=9)
    gaps.provider.told[copy] = replace(gaps.provider.told[copy], sent=False, tried_at=tried_at)
    gaps.repairs = Unseen(gaps.repairs)
    assert gaps.run_later() == {}
    gaps.repairs = gaps.repairs.true
    assert gaps.run_later() == {"healed": 1}


class Unseen:
    """Repairs whose lists lag behind: nothing has been seen yet."""

    def __init__(self, true):
        self.true = true

    def __getattr__(self, name):
        return getattr(self.true, name)

    def seen(self, _first, _last):
        return set()


def test_a_resend_that_left_no_trace_is_asked_for_again(gaps):
    gaps.provider.keeps_id = False
    gaps.provider.tell("1", sent=False)
    gaps.run()
    gaps.provider.told = {"1": gaps.provider.told["1"]}
    assert gaps.run_later() == {"asked_again": 1}


def test_what_our_door_acknowledged_after_the_asking_is_healed(gaps):
    gaps.provider.hear = lambda _id: True  # it is in the queue, and in no list yet
    gaps.provider.tell("1", sent=False)
    gaps.run()
    assert gaps.run_later() == {"healed": 1}


def test_what_was_always_acknowledged_has_to_be_kept_to_be_healed(gaps):
    gaps.provider.hear = lambda _id: True
    gaps.provider.tell("1", sent=True)
    gaps.run()
    assert gaps.run_later() == {"asked_again": 1}
    gaps.keep("1")
    assert gaps.run_later() == {"healed": 1}


def test_a_letter_that_waits_in_the_queue_for_an_hour_is_found_when_it_is_heard(gaps):
    gaps.provider.hear = lambda _id: True
    at = gaps.clock.now()
    gaps.provider.tell("1", sent=True, ago=0)
    for _ in range(3):
        gaps.run_later()
    gaps.keep("1", at=at)
    assert gaps.run_later() == {"healed": 1}
    assert gaps.missing == set()


def test_events_and_addresses_of_others_are_none_of_ours(gaps):
    gaps.provider.tell("1", "SomethingNew", sent=False)
    gaps.provider.tell("2", sent=False)
    told = gaps.provider.told
    told["2"] = replace(told["2"], url="https://other.example.com/x")
    assert gaps.run() == {}


def test_without_an_address_of_our_own_our_webhooks_are_known_by_their_path(gaps):
    gaps.base = ""
    gaps.provider.tell("1", sent=False)
    assert gaps.run() == {"asked_again": 1}


def test_at_most_two_hundred_are_asked_for_in_a_run_and_the_oldest_first(gaps):
    for number in range(250):
        gaps.provider.tell(str(number), sent=False, ago=600 + number)
    assert gaps.run() == {"asked_again": 200}
    assert gaps.provider.resent == [str(number) for number in range(249, 49, -1)]
    assert gaps.run_later() == {"asked_again": 50, "healed": 200}
    assert gaps.run_later() == {"healed": 50}


def test_a_long_report_is_read_page_by_page(gaps):
    for number in range(module.TAKE + 1):
        gaps.keep(gaps.provider.tell(str(number), sent=True, ago=400))
    gaps.provider.tell("last", sent=False)
    assert gaps.run() == {"asked_again": 1}
    assert gaps.provider.calls == {"report": 2, "resend": 1}


def test_a_report_that_cannot_be_read_is_counted_and_read_next_time(gaps):
    gaps.provider.tell("1", sent=False)
    gaps.provider.fail["report"] = [ProviderUnavailable("HTTP 500")]
    assert gaps.run() == {"report_unread": 1}
    assert gaps.run_later() == {"asked_again": 1}


def test_after_an_outage_of_the_report_nothing_between_is_forgotten(gaps):
    gaps.provider.tell("1", sent=False)
    for _ in range(6 * 24):
        gaps.provider.fail["report"] = [ProviderUnavailable("HTTP 500")]
        assert gaps.run_later() == {"report_unread": 1}
    assert gaps.run_later() == {"asked_again": 1}


def test_what_a_poller_whose_clock_is_ahead_cannot_know_yet_is_found_later(gaps):
    true = gaps.clock.now()
    gaps.clock.set(true + timedelta(minutes=10))
    assert gaps.run() == {}
    gaps.clock.set(true)
    gaps.provider.tell("1", sent=False, ago=0)
    gaps.clock.set(true + timedelta(minutes=20))
    assert gaps.run() == {"asked_again": 1}


def test_what_a_clock_that_is_ahead_has_kept_is_not_asked_for(gaps):
    gaps.keep(gaps.provider.tell("1", sent=True), at=gaps.clock.now() + timedelta(minutes=9))
    assert gaps.run() == {}


def test_days_before_the_first_whole_run_are_a_persons_too():
    gaps = Gaps()
    gaps.provider.fail["report"] = [ProviderUnavailable("HTTP 500")]
    assert gaps.run() == {"report_unread": 1}
    gaps.clock.advance(timedelta(days=5))
    assert gaps.run()["days_out_of_reach"] == 5
    first = gaps.clock.now().date() - timedelta(days=8)
    assert gaps.missing == {f"report#{first + timedelta(days=each)}" for each in range(5)}


def test_days_that_no_run_could_read_are_a_persons(gaps):
    gaps.clock.advance(timedelta(days=6))
    assert gaps.run() == {"days_out_of_reach": 3}
    assert gaps.missing == {"report#2026-03-02", "report#2026-03-03", "report#2026-03-04"}
    assert gaps.run_later() == {}


def test_what_was_asked_for_and_then_fell_out_of_reach_is_a_persons(gaps):
    gaps.deaf = True
    gaps.provider.tell("1", sent=False)
    gaps.run()
    gaps.clock.advance(timedelta(days=4))
    assert gaps.run()["webhooks_missing"] == 1
    assert "1" in gaps.missing


def test_what_was_asked_for_and_came_while_nobody_looked_is_healed_however_late(gaps):
    gaps.provider.tell("1", sent=True)
    gaps.run()
    gaps.clock.advance(timedelta(days=4))
    assert gaps.run()["healed"] == 1
    assert "1" not in gaps.missing


@pytest.mark.parametrize("where", ["report", "resend"])
def test_a_refused_sign_in_stops_the_run(gaps, where):
    for number in range(3):
        gaps.provider.tell(str(number), sent=False)
    gaps.provider.fail[where] = [SignInRefused("no")]
    told = gaps.run()
    assert told["provider_sign_in_refused"] == 1
    assert "asked_again" not in told
    assert gaps.provider.calls[where] == 1


def test_behind_a_closed_gate_nobody_is_asked(gaps):
    gaps.gate.close()
    assert gaps.run() == {}
    assert gaps.provider.calls == {}


def test_without_time_nothing_is_begun(gaps):
    gaps.seconds_left = module.LEAST - 1
    gaps.provider.tell("1", sent=False)
    assert gaps.run() == {}
    assert gaps.provider.calls == {}


def test_a_run_whose_time_ends_leaves_the_rest_for_the_next(gaps):
    for number in range(10):
        gaps.provider.tell(str(number), sent=False)

    def slowly(name):
        gaps.seconds_left -= 18
        return gaps.hear(name)

    gaps.provider.hear = slowly
    assert gaps.run() == {"asked_again": 4, "left_for_next_time": 1}
    gaps.seconds_left = 600.0
    assert gaps.run_later() == {"asked_again": 6, "healed": 4}


def test_a_report_for_which_there_is_no_time_is_read_next_time(gaps):
    for number in range(module.TAKE):
        gaps.provider.tell(str(number), sent=True)
    left = iter([60.0, 60.0, 60.0, 1.0, 1.0])
    times = module.repair(
        base=BASE, bulletins=gaps.provider, repairs=gaps.repairs, findings=gaps.findings,
        gate=gaps.gate, clock=gaps.clock, time_left=lambda: next(left),
    )  # fmt: skip
    assert times == {"report_unread": 1}


def test_a_resend_that_is_refused_is_tried_three_times_and_is_then_a_persons(gaps):
    gaps.provider.tell("1", sent=False)
    gaps.provider.refuse["1"] = "WebhookNotFound"
    told = [gaps.run(), *gaps.run_until_quiet()]
    assert told == [{"resend_refused": 1}] * 3 + [{"webhooks_missing": 1}, {}]


def test_a_resend_of_which_nobody_knows_ends_the_run_and_is_made_again(gaps):
    gaps.provider.tell("1", sent=False)
    gaps.provider.tell("2", sent=False)
    gaps.provider.fail["resend"] = [ProviderUnavailable("HTTP 502")]
    assert gaps.run() == {"provider_unavailable": 1}
    assert gaps.run_later() == {"asked_again": 2}


def test_an_asking_that_the_provider_never_took_is_not_healed_by_another_webhook(gaps):
    gaps.provider.keeps_id = False
    gaps.provider.tell("1", sent=False)
    gaps.provider.fail["resend"] = [ProviderUnavailable("the connection was reset")]
    assert gaps.run() == {"provider_unavailable": 1}
    gaps.keep(gaps.provider.tell("2", sent=True, ago=0))
    assert gaps.run_later() == {"asked_again": 1}


def test_two_pollers_at_once_ask_once(gaps):
    gaps.provider.tell("1", sent=False)
    run = gaps.repairs.begin(gaps.clock.now())
    assert run is not None
    assert gaps.run() == {}
    assert gaps.provider.calls == {}


def test_what_another_run_has_just_counted_is_not_asked_for_twice(gaps):
    gaps.provider.tell("1", sent=False)
    gaps.repairs = Counted(gaps.repairs)
    assert gaps.run() == {}
    assert gaps.provider.resent == []


class Counted(Unseen):
    """Repairs in which somebody else is always first."""

    def ask(self, asked):
        self.true.ask(asked)
        return self.true.ask(asked)


def test_a_store_that_is_down_costs_the_run_and_not_the_poller(gaps):
    gaps.provider.tell("1", sent=False)
    gaps.repairs = Failing(gaps.repairs, StoreUnavailable("down"))
    assert gaps.run() == {"repair_store_unavailable": 1}
    gaps.repairs = Failing(gaps.repairs.true, KeyError("a row of another shape"))
    gaps.clock.advance(600)
    assert gaps.run() == {"repair_defect": 1}
    gaps.repairs = gaps.repairs.true
    assert gaps.run_later() == {"asked_again": 1}


def test_what_another_run_has_just_seen_healed_is_counted_once(gaps):
    gaps.provider.tell("1", sent=False)
    gaps.run()
    gaps.repairs = Ended(gaps.repairs)
    assert gaps.run_later() == {}


class Ended(Unseen):
    """Repairs in which somebody else is always first to see an end."""

    def seen(self, first, last):
        return self.true.seen(first, last)

    def end(self, asked):
        self.true.end(asked)
        return self.true.end(asked)


class Failing(Unseen):
    """Repairs that fail where the lists are read."""

    def __init__(self, true, error):
        super().__init__(true)
        self.error = error

    def seen(self, _first, _last):
        raise self.error


def test_a_moment_that_cannot_be_read_costs_no_webhook(gaps):
    gaps.provider.tell("1", sent=False)
    gaps.provider.told["1"] = replace(gaps.provider.told["1"], told_at=None, tried_at=None)
    assert gaps.run() == {"asked_again": 1}
    assert gaps.run_later() == {"healed": 1}


def test_around_midnight_both_days_are_looked_at():
    gaps = Gaps(now=datetime(2026, 3, 2, 12, 50, tzinfo=UTC))  # 23:50 in Sydney
    gaps.run()
    gaps.provider.tell("1", sent=False, ago=0)
    gaps.provider.calls.clear()
    assert gaps.run_later(11) == {"asked_again": 1}
    assert gaps.provider.calls == {"report": 2, "resend": 1}
    assert gaps.run_later() == {"healed": 1}
    gaps.provider.calls.clear()
    assert [gaps.run_later(), gaps.run_later()] == [{}, {}]
    assert gaps.provider.calls["report"] <= 3


def test_in_the_hour_that_is_twice_nothing_is_missed_or_asked_for_in_vain():
    # 02:30 in Sydney for the first time, on the day that daylight saving ends.
    first = datetime(2026, 4, 4, 15, 30, tzinfo=UTC)
    gaps = Gaps(now=first - timedelta(minutes=30))
    gaps.run()
    gaps.clock.set(first)
    # The provider writes 02:30, which is read as the later one.
    for name, ours in (("1", True), ("2", False)):
        gaps.provider.tell(name, sent=ours, ago=-3600)
        if ours:
            gaps.keep(name, at=first)
    told = [gaps.run_later() for _ in range(9)]
    assert sum((each for each in told), start=type(told[0])()) == {"asked_again": 1, "healed": 1}
