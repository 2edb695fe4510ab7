"""The rules of what is paid later: once for each occurrence, and nothing silently."""

from __future__ import annotations

RULES: dict[str, dict[str, list[str]]] = {
    "what is paid later is paid once, or before a person": {
        "an occurrence is paid once at most, whoever crashes, races or stops it": [
            "test_a_run_that_is_cut_often_never_pays_twice",
            "test_one_that_may_be_paid_is_paid_once_and_recorded",
            "test_of_two_who_wake_it_at_once_one_pays",
            "test_a_schedule_that_is_cancelled_meanwhile_makes_no_payout",
            "test_a_payout_is_made_only_while_its_schedule_is_as_it_was_read",
            "test_each_occurrence_has_a_payout_of_its_own_for_ever",
            "test_an_idempotency_key_never_takes_an_occurrences_payout",
            "test_a_change_takes_the_place_of_the_version_before_it",
        ],
        "no record denies a payment, and what was not paid is before a person": [
            "test_an_occurrence_is_made_with_its_payout_there_and_not_made_only_without",
            "test_nobody_says_refused_of_what_somebody_pays_meanwhile",
            "test_one_that_is_refused_is_before_a_person_and_recorded",
            "test_what_was_missed_is_not_paid_in_a_burst_but_goes_before_a_person",
            "test_without_its_balance_until_night_it_goes_before_a_person_and_is_not_made_up_for",
            "test_one_that_cannot_be_read_goes_before_a_person_and_stops_no_other",
            "test_any_other_refusal_makes_it_wait_for_a_person",
        ],
        "dates follow from rule and number alone, and what could never be paid is refused": [
            "test_dates_never_repeat_never_go_back_and_none_lies_before_the_start",
            "test_an_occurrence_follows_from_its_number_alone_and_moments_never_go_back",
            "test_what_is_moved_for_a_day_off_moves_no_other",
            "test_an_hour_that_a_date_has_twice_or_not_at_all_is_one_moment_of_that_date",
            "test_what_could_never_be_paid_is_refused_with_all_that_is_wrong",
        ],
    },
}
