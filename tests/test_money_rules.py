"""Every rule of money, and the tests that would go red without it.

A rule whose tests are gone, or a rule that nobody wrote down here, is an untested one: fails.
`make test` demands besides that no line and no branch of the core is left unrun.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.rules_of_bank_files import RULES as BANK_FILES
from tests.rules_of_controls import RULES as CONTROLS
from tests.rules_of_later import RULES as LATER
from tests.rules_of_stopping import RULES as STOPPING

ROOT = Path(__file__).resolve().parent

RULES: dict[str, dict[str, list[str]]] = {
    "no payout is executed twice": {
        "the claim is stored before the call, and one writer wins it": [
            "test_who_loses_the_claim_does_not_pay",
            "test_of_two_senders_at_once_one_pays",
            "test_of_many_who_claim_a_payout_one_wins",
            "test_a_claim_of_somebody_else_is_not_taken_for_ones_own",
        ],
        "a claim that has grown old is not acted upon": [
            "test_a_claim_that_has_grown_old_is_not_acted_upon",
            "test_the_age_of_a_claim_is_that_of_the_monotonic_clock",
        ],
        "only listed codes are refusals; what is not known is unknown": [
            "test_nothing_is_certain_but_what_is_listed",
            "test_a_code_like_a_listed_one_is_not_listed",
            "test_a_server_error_is_unknown_whatever_it_says",
            "test_a_reference_that_exists_is_a_doubt_of_its_own_with_any_http_status",
        ],
        "unknown is resolved by asking, twice over, before anything is sent again": [
            "test_one_of_the_two_questions_alone_is_not_enough",
            "test_without_an_answer_to_the_question_nothing_is_sent_again",
            "test_what_was_missed_before_is_looked_for_once_more_before_it_is_sent_again",
        ],
        "nothing is sent again within the quarantine, which every sending restarts": [
            "test_nothing_is_sent_again_within_the_quarantine",
            "test_every_sending_starts_the_quarantine_anew",
        ],
        "it is sent again with the same reference and the same body": [
            "test_it_is_sent_again_with_the_same_reference_and_the_same_body",
            "test_sending_again_keeps_the_reference_and_starts_the_quarantine_anew",
        ],
        "what sending again does not cure is a person's": [
            "test_what_sending_again_does_not_cure_is_never_sent_again",
            "test_after_three_sendings_a_person_is_asked_and_nothing_is_sent",
        ],
        "what a second sending meets proves nothing of the first": [
            "test_what_a_second_sending_meets_never_proves_anything_of_the_first",
            "test_after_one_too_many_nothing_but_an_acceptance_is_certain",
        ],
        "another rail is gone by only once the attempt before is proven dead, each once": [
            "test_any_other_refusal_is_the_end_whichever_rails_are_left",
            "test_while_an_attempt_may_be_alive_a_refusal_sends_it_nowhere_else",
            "test_what_was_taken_goes_nowhere_else_not_even_when_it_came_back",
            "test_a_first_attempt_that_was_executed_all_the_same_is_found_and_is_the_payout",
            "test_a_rail_that_was_named_is_never_left",
            "test_no_rail_is_tried_twice",
            "test_under_a_reference_that_may_have_left_it_goes_by_no_other_rail",
        ],
        "the same key is the same payout, for ever": [
            "test_of_many_who_create_the_same_payout_one_wins_and_it_is_paid_for_once",
            "test_a_key_makes_the_name_that_it_has_always_made",
            "test_the_same_key_for_another_destination_is_taken",
        ],
        "a crash anywhere pays nothing twice": [
            "test_a_cut_anywhere_pays_nothing_twice_and_loses_nothing",
        ],
        "what lacks funds waits its turn, above the reserve, and goes under a new reference": [
            "test_never_below_the_reserve_fee_included",
            "test_what_is_sent_in_a_run_counts_against_the_reserve",
            "test_the_first_that_does_not_fit_stops_smaller_ones_behind_it",
            "test_the_next_sending_has_a_reference_of_its_own_and_counts_anew",
            "test_before_another_attempt_the_provider_is_asked_whether_the_refused_one_is_dead",
            "test_two_runs_at_once_serve_the_line_once_and_keep_the_reserve",
        ],
    },
    "no outcome is guessed": {
        "a finished status is left only by the news that reopens it": [
            "test_an_end_is_an_end_but_for_the_news_that_reopens_it",
            "test_a_payout_that_ended_moves_on_only_by_the_news_that_reopens_it",
        ],
        "news heard twice, late or in another order changes nothing": [
            "test_news_heard_again_later_moves_no_money_whatever_came_between",
            "test_the_same_news_in_another_order_leaves_the_customer_with_the_same",
        ],
        "another amount never passes for the same": [
            "test_another_amount_than_was_paid_never_passes_for_the_same",
            "test_a_confirmation_of_another_amount_is_a_contradiction",
        ],
        "a direct credit is complete only when its window shows no return": [
            "test_a_direct_credit_is_completed_only_by_the_end_of_its_window",
            "test_days_that_cannot_be_read_complete_nothing",
        ],
        "two people end what asking cannot, and the provider is asked once more": [
            "test_neither_who_proposed_nor_who_made_it_can_agree",
            "test_what_the_provider_knows_after_all_wins",
            "test_nothing_is_decided_within_the_quarantine",
            "test_a_payout_that_moved_while_it_was_looked_at_is_not_decided_upon",
        ],
        "good news of money given back is disputed": [
            "test_good_news_of_money_given_back_stops_the_customer_once",
        ],
    },
    "no money is lost or made": {
        "every step is balanced and written whole or not at all": [
            "test_every_step_is_balanced",
            "test_a_refused_payout_leaves_nothing_at_all",
            "test_steps_that_are_not_sound_are_refused",
        ],
        "no balance is ever below zero": [
            "test_of_many_who_spend_more_than_half_of_a_balance_one_may",
            "test_the_whole_balance_may_be_paid_out_and_not_a_cent_more",
        ],
        "money is held once and given back at most once": [
            "test_money_is_given_back_to_the_customer_at_most_once_and_taken_once",
            "test_money_is_released_only_by_proof_about_the_present_attempt_or_by_people",
        ],
        "balances are the sum of the postings": [
            "test_balances_are_the_sum_of_the_postings",
            "test_whatever_comes_and_goes_the_funds_are_what_came_less_what_went",
        ],
        "credits never exceed the funds received": [
            "test_a_credit_never_exceeds_the_unallocated",
            "test_whatever_is_asked_credits_never_exceed_receipts",
        ],
        "a receipt and a credit count once": [
            "test_a_receipt_counts_once",
            "test_a_credit_counts_once",
            "test_the_same_credit_at_once_is_given_once",
        ],
        "only what was never sent is cancelled": [
            "test_only_what_was_never_sent_may_be_cancelled",
            "test_a_sending_that_was_faster_wins",
        ],
        "amounts are exact": [
            "test_a_third_decimal_is_refused_and_never_rounded",
            "test_amounts_are_written_exactly_and_as_they_are_read_back",
            "test_a_float_is_never_stored",
        ],
        "a lost reply of the store loses and doubles nothing": [
            "test_a_write_whose_reply_was_lost_is_done_once",
            "test_missing_money_is_no_proof_while_an_earlier_sending_may_be_at_work",
        ],
        "the steps are the trail: chained, and their replay is the payout": [
            "test_the_steps_are_whole_chained_and_lead_to_the_payout",
            "test_a_change_of_any_event_changes_every_hash_after_it",
        ],
        "a webhook is believed only with its proof, and acknowledged only when it is durable": [
            "test_what_is_not_authentic_is_not_heard",
        ],
    },
    "money that comes in is the right one's, once": {
        "only confirmed money is received; what cannot be read is a person's": [
            "test_a_transfer_that_is_not_confirmed_is_no_money_of_ours",
            "test_a_transfer_of_a_status_that_is_not_known_is_no_money_but_for_a_person",
            "test_no_address_turns_a_body_into_another_event",
            "test_money_that_cannot_be_read_is_for_a_person",
        ],
        "a return that arrives as a receipt, too, counts once": [
            "test_a_return_that_is_heard_first_is_not_received_as_well",
            "test_a_return_that_was_received_before_it_was_heard_is_taken_back",
            "test_it_is_taken_back_once_and_its_notice_again_is_nothing_new",
            "test_what_was_allocated_meanwhile_is_taken_back_once_it_is_covered_and_never_below",
            "test_cut_at_every_call_of_the_store_the_money_counts_once",
        ],
        "a settlement is stored whole and once, and never promises more than it brings": [
            "test_a_settlement_is_there_only_when_all_its_rows_are",
            "test_rows_that_a_crash_left_never_mix_with_those_of_another_body",
            "test_the_same_key_with_another_body_is_refused",
            "test_rows_never_come_to_more_than_the_amount",
            "test_a_settlement_with_which_money_was_matched_is_not_withdrawn",
        ],
        "a receipt is matched once, by its name and to the cent, or by a person": [
            "test_a_receipt_is_matched_with_one_settlement_for_ever",
            "test_a_reference_is_named_whole_or_not",
            "test_another_amount_is_not_matched_and_a_person_has_to_look",
            "test_a_receipt_that_names_two_settlements_is_matched_with_neither",
            "test_two_receipts_that_are_matched_at_once_with_one_settlement_leave_one_of_them_open",
        ],
        "each row of a settlement is allocated once, whole, and out of what has come": [
            "test_every_row_is_allocated_once",
            "test_what_is_not_covered_waits_whole_and_goes_on_once_it_is",
            "test_two_allocators_at_once_allocate_each_row_once",
            "test_rows_are_allocated_with_their_settlement_or_not_at_all",
            "test_cut_at_every_call_of_the_store_each_row_is_allocated_once",
        ],
    },
    "no word of the provider's is lost": {
        "nothing is taken from a webhook that is not authentic": [
            "test_what_is_not_authentic_is_not_heard",
            "test_a_forgery_is_kept_for_people_and_is_nothing_else",
            "test_a_forgery_does_not_stand_in_the_way_of_the_true_one",
            "test_a_flood_of_forgeries_takes_so_many_places_of_an_hour",
        ],
        "what a person has to understand is a finding before it is acknowledged": [
            "test_a_crash_after_the_finding_is_made_good_by_the_redelivery",
            "test_a_finding_that_cannot_be_kept_is_not_acknowledged_but_queued",
            "test_what_cannot_be_read_is_a_finding_and_a_dead_letter",
            "test_money_that_somebody_takes_is_a_finding_with_its_amount",
        ],
        "a finding ends once, with a reason, and keeps its webhook until then": [
            "test_what_a_finding_hangs_on_stays_until_it_is_resolved",
            "test_the_last_finding_that_is_resolved_lets_its_notice_go",
            "test_another_end_is_stale",
        ],
        "a lost webhook is asked for again, and is a person's where that is in vain": [
            "test_a_lost_webhook_needs_nobody",
            "test_a_webhook_that_cannot_be_had_is_asked_for_three_times_and_is_then_a_persons",
            "test_what_a_poller_whose_clock_is_ahead_cannot_know_yet_is_found_later",
            "test_days_that_no_run_could_read_are_a_persons",
        ],
        "a token or key of the provider's changes without the loss of a webhook": [
            "test_a_token_is_changed_step_by_step_and_no_webhook_is_lost",
            "test_a_token_that_may_not_have_been_told_is_told_the_next_time",
            "test_what_was_signed_with_the_key_before_may_come_late_for_a_day",
        ],
        "a parked letter stays until it was heard or a person has discarded it": [
            "test_what_contradicts_stays_parked_and_counts_the_attempt",
            "test_however_often_it_is_heard_it_is_applied_once",
            "test_a_letter_that_comes_again_after_its_end_is_before_a_person_again",
            "test_of_two_who_decide_at_once_one_does",
            "test_only_a_resolved_row_is_ever_forgotten",
        ],
        "a message that was not dealt with comes back, alone": [
            "test_one_poison_message_costs_only_itself",
            "test_what_there_is_no_time_for_is_not_begun_and_comes_back",
            "test_what_cannot_be_named_brings_all_of_them_back",
        ],
    },
    "no difference is missed": {
        "a night decides on what it reads by key, of a day that is over": [
            "test_a_payout_that_the_index_does_not_show_is_read_by_its_key",
            "test_what_changed_while_the_day_was_read_is_left_to_the_next_night",
            "test_a_night_judges_its_own_day_and_what_changed_since_the_last",
            "test_ten_thousand_payouts_of_a_day_are_at_most_five_pages",
            "test_a_day_that_is_not_over_or_too_far_back_has_no_run",
        ],
        "stopped, run by two or run again, a night does everything once": [
            "test_whoever_is_cut_the_night_comes_to_the_same_end",
            "test_two_at_once_come_to_the_same_end",
            "test_a_second_run_changes_nothing",
            "test_a_night_that_runs_short_goes_on_where_it_was_and_counts_all_once",
            "test_two_who_begin_at_once_begin_one_run",
            "test_a_night_is_run_once_for_each_date_where_the_clocks_change",
        ],
        "nothing is reported clean that could not be read": [
            "test_what_cannot_be_read_concludes_nothing",
            "test_an_answer_that_breaks_off_is_no_shorter_day",
            "test_a_provider_that_does_not_answer_leaves_no_report_of_the_day",
            "test_a_night_with_anything_open_is_not_clean",
            "test_missed_days_are_due_one_after_the_other_the_oldest_first",
            "test_unanswered_is_not_the_same_as_nothing",
        ],
        "each fault is one difference, to the cent": [
            "test_the_findings_are_exactly_the_faults_that_were_planted",
            "test_another_amount_is_that_difference_alone",
            "test_a_debit_twice_is_paid_twice_and_not_another_amount",
            "test_a_payout_that_they_know_nothing_of_is_missing_there",
            "test_a_payout_that_is_gone_here_is_missing_here_and_nothing_else",
            "test_a_wrong_fee_is_that_difference_alone",
        ],
        "what a night learns is heard like any news, and counted; what cannot be is a person's": [
            "test_what_life_allows_is_heard_in_the_nights_name_and_counted",
            "test_a_contradiction_is_a_finding_and_before_a_person",
            "test_a_dead_attempt_that_was_paid_all_the_same_is_heard_where_nothing_else_left",
            "test_a_return_of_another_amount_is_disputed_not_swallowed",
        ],
        "every cent of the account is explained or found": [
            "test_a_debit_of_somebody_elses_is_one_finding_with_its_fee",
            "test_a_check_explains_one_debit",
            "test_what_is_booked_on_the_other_side_of_midnight_is_explained_too",
            "test_a_receipt_explains_a_credit_by_name_and_amount",
            "test_a_receipt_of_another_amount_is_one_finding_not_two",
            "test_a_return_that_was_heard_and_never_booked_is_a_finding",
            "test_a_day_that_does_not_begin_where_the_last_one_ended_is_a_finding",
            "test_a_jump_is_told_once_with_what_was_expected",
        ],
        "a resolved difference that is found again is open again, and no work on it is lost": [
            "test_what_was_resolved_and_is_found_by_the_next_night_is_open_again",
            "test_what_was_seen_before_it_was_resolved_stays_resolved",
            "test_of_two_who_work_at_once_none_is_lost",
            "test_a_change_of_what_somebody_changed_meanwhile_is_stale",
        ],
        "a report is kept once a run, told once, and runs nowhere": [
            "test_a_second_writing_changes_nothing_and_tells_nobody",
            "test_nothing_is_told_before_it_is_kept",
            "test_no_cell_is_a_formula_and_numbers_stay_numbers",
            "test_neither_a_comment_nor_a_reason_is_ever_printed",
        ],
    },
    "no evidence is lost or made": {
        "a date has one attestation for ever, of all last steps and the night before": [
            "test_what_is_heard_days_later_is_a_step_of_the_date_on_which_it_is_heard",
            "test_a_letter_is_a_step_of_the_time_at_which_it_is_heard",
            "test_a_second_run_finds_the_attestation_and_makes_no_other",
            "test_of_two_runners_the_faster_ones_attestation_counts_for_both",
            "test_each_night_names_the_one_before_and_its_reports",
            "test_stopped_anywhere_it_goes_on_to_the_same_root",
            "test_a_payout_that_moves_to_the_next_day_while_it_is_read_is_not_lost",
            "test_a_day_is_not_signed_for_before_its_last_steps_are_written",
        ],
        "whatever was changed, removed or set back is named": [
            "test_a_changed_posting_is_named",
            "test_a_removed_payout_is_noticed",
            "test_a_row_that_was_set_back_is_noticed",
            "test_a_chain_that_was_rewritten_whole_is_named_where_it_was_signed_for",
            "test_a_night_that_was_missed_is_named_unless_that_is_known",
            "test_a_key_that_is_not_trusted_proves_nothing",
            "test_any_byte_of_any_file_is_noticed_and_the_file_named",
        ],
        "nothing shrinks before its object was read back, nor what may still move": [
            "test_an_object_that_is_not_what_was_written_lets_nothing_go",
            "test_what_is_open_or_disputed_is_never_ripe",
            "test_news_between_the_object_and_the_small_row_keeps_the_payout_as_it_is",
            "test_a_payout_that_has_lost_a_step_is_not_archived",
            "test_cut_anywhere_and_done_again_it_ends_the_same_and_nothing_is_ever_missing",
        ],
        "steps expire only when they are archived and the payout says where": [
            "test_no_step_goes_of_a_payout_that_does_not_say_where_it_lies",
            "test_no_later_step_goes_than_is_archived",
            "test_a_step_that_is_not_what_is_stored_does_not_go",
            "test_what_has_lost_its_steps_is_never_archived_without_them",
        ],
        "what is archived is shown, replayed and heard as ever, or not at all": [
            "test_an_object_that_is_lost_or_changed_gives_no_timeline",
            "test_while_the_archive_is_down_there_is_no_timeline_and_not_a_shorter_one",
            "test_a_key_used_again_years_later_finds_the_payout",
            "test_a_return_years_later_is_heard_and_archived_in_its_turn",
        ],
        "an archived or erased payout is never sent": [
            "test_what_is_archived_cannot_be_sent_whatever_its_status_says",
            "test_nothing_that_has_ended_ever_becomes_sendable",
        ],
        "an object is never written over, nor absent where it cannot be read": [
            "test_the_same_content_again_is_no_failure_and_other_content_is_one",
            "test_a_write_that_never_arrived_is_not_taken_for_done",
            "test_a_bucket_that_is_not_there_is_an_archive_that_is_away",
            "test_a_signature_verifies_over_the_document_with_the_public_key_alone",
        ],
    },
    "who is to be forgotten is forgotten, and nothing else is": {
        "nobody is forgotten while money, a payout or a hold is left": [
            "test_an_open_payout_refuses_it_and_is_named",
            "test_money_that_is_left_refuses_it",
            "test_a_hold_that_comes_between_the_look_and_the_decision_is_seen",
            "test_what_is_destroyed_is_not_taken_back",
        ],
        "all that is personal is destroyed, wherever it is killed, and what the books need stays": [
            "test_all_that_is_personal_is_destroyed_and_what_the_books_need_stays",
            "test_killed_anywhere_it_goes_on_and_ends_the_same",
            "test_a_payout_that_hears_something_meanwhile_is_looked_at_again",
            "test_after_erasing_no_row_of_any_table_holds_a_text_of_theirs",
            "test_an_old_key_is_still_answered_and_another_amount_still_told",
        ],
        "who is being forgotten gets nothing new, and all that is theirs": [
            "test_after_the_mark_nothing_new_can_be_asked_for",
            "test_nothing_new_is_paid_to_somebody_who_is_being_forgotten",
            "test_a_late_return_is_still_heard_and_its_money_is_theirs",
            "test_a_credit_by_hand_is_refused_and_leaves_the_funds_as_they_are",
        ],
        "what a backup brings back is erased again, under the same certificate": [
            "test_what_a_backup_brought_back_is_erased_again",
            "test_a_backup_of_one_table_alone_is_noticed_too",
            "test_a_backup_in_which_they_are_asked_to_be_forgotten_once_more_keeps_the_first_certificate",
        ],
    },
    "words are words": {
        "a reason's words decide nothing, guess nothing, and keep nothing personal": [
            "test_nothing_that_decides_looks_at_reasons",
            "test_what_is_not_known_or_could_be_two_things_is_guessed_by_nobody",
            "test_what_is_not_over_is_neither_tried_again_nor_paid_over_another_rail",
            "test_whatever_is_written_nothing_but_the_vocabulary_and_marks_remains",
            "test_no_news_is_lost_where_nothing_can_be_counted",
            "test_nothing_is_counted_before_the_step_is_durable",
        ],
        "a window is of Sydney's business days, from when the payment leaves": [
            "test_a_direct_credit_leaves_on_a_business_day_before_eight_in_the_evening",
            "test_a_window_always_holds_as_many_business_days_as_promised",
            "test_a_window_that_spans_a_change_of_the_clocks_closes_at_midnight_in_sydney",
            "test_the_window_of_what_went_in_a_bank_file_is_counted_from_that_banks_cut_off",
            "test_a_file_is_dated_by_the_cut_off_of_its_bank_not_of_the_provider",
        ],
    },
}
ALL = (RULES, BANK_FILES, CONTROLS, STOPPING, LATER)
EVERY = [
    (rule, test)
    for areas in ALL for rules in areas.values() for rule, tests in rules.items() for test in tests
]  # fmt: skip


def written() -> set[str]:
    """The names of all tests there are, but for those that are skipped."""
    names = set()
    for path in ROOT.rglob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and not _is_skipped(node):
                names.add(node.name)
    return names


def _is_skipped(node: ast.FunctionDef) -> bool:
    return any("skip" in ast.unparse(mark) or "xfail" in ast.unparse(mark)
               for mark in node.decorator_list)  # fmt: skip


WRITTEN = written()


@pytest.mark.parametrize(("rule", "test"), EVERY, ids=[test for _, test in EVERY])
def test_a_rule_of_money_has_its_tests(rule, test):
    assert test in WRITTEN, f"no test holds any more that {rule}"


def test_a_rule_without_tests_would_be_noticed():
    assert all(tests for areas in ALL for rules in areas.values() for tests in rules.values())
    assert "test_of_a_rule_that_nobody_wrote" not in WRITTEN
