"""Every rule of money, and the tests that would go red without it.

A rule whose tests are gone, or a rule that nobody wrote down here, is an untested one: fails.
`make test` demands besides that no line and no branch of the core is left unrun.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

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
}
EVERY = [
    (rule, test) for rules in RULES.values() for rule, tests in rules.items() for test in tests
]


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
    assert all(tests for rules in RULES.values() for tests in rules.values())
    assert "test_of_a_rule_that_nobody_wrote" not in WRITTEN
