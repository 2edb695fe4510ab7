"""The rules of files for the bank: where a payout in one is, and whose word counts of it."""

from __future__ import annotations

RULES: dict[str, dict[str, list[str]]] = {
    "what is in a file for the bank is nowhere else": {
        "a payout goes into a file that is open, by one write, if nobody can have sent it": [
            "test_a_payout_is_stepped_into_a_file_only_while_it_is_open",
            "test_into_a_file_goes_only_what_nobody_can_have_sent",
            "test_nobody_is_filed_who_is_contradicted_or_held",
            "test_nothing_of_a_stopped_customer_is_stepped_into_a_file",
            "test_whoever_is_claimed_while_it_is_filled_is_not_in_its_bytes",
            "test_only_what_waits_and_nobody_keeps_back_goes_into_a_file",
            "test_what_a_pause_covers_goes_into_no_file",
        ],
        "what is filed is sent by nobody else, and only the bank's word counts of it": [
            "test_what_waits_goes_into_a_file_and_nowhere_else",
            "test_what_is_filed_is_neither_due_nor_anybodys_to_cancel",
            "test_what_is_filed_hears_the_bank_only_and_what_is_not_the_provider_only",
            "test_what_went_in_a_bank_file_cannot_be_read_by_a_version_that_would_send_it",
            "test_no_night_looks_for_what_went_by_the_bank",
            "test_a_second_request_under_one_reference_is_never_taken_for_a_refusal",
            "test_without_a_connection_nothing_is_sent_and_nothing_is_learnt",
        ],
        "the bytes of a file are the same each time, and who has them is written first": [
            "test_the_same_key_is_the_same_file_and_the_same_bytes",
            "test_cut_at_every_write_it_is_gone_on_with_and_the_bytes_are_the_same",
            "test_that_somebody_has_the_bytes_is_written_before_they_leave",
            "test_bytes_that_would_be_others_are_not_given",
            "test_bytes_are_not_given_after_the_date_nor_of_what_is_not_sealed",
            "test_bytes_are_not_given_while_a_payout_in_them_is_contradicted",
            "test_bytes_do_not_overtake_what_is_said_before_it_is_written_that_they_go_out",
            "test_bytes_do_not_overtake_a_pause_or_a_stop",
            "test_bytes_are_not_given_where_there_is_word_of_a_file_that_a_payout_was_in_before",
            "test_bytes_are_not_given_while_a_customer_in_them_is_stopped",
            "test_bytes_are_not_given_while_a_pause_covers_what_is_in_them",
        ],
        "the bank's word counts only of a file that somebody was given, whole, and once": [
            "test_the_banks_word_counts_only_of_a_file_that_somebody_was_given",
            "test_nobodys_word_is_heard_of_a_file_that_nobody_was_given",
            "test_a_file_of_returns_that_is_not_whole_is_not_heard",
            "test_returns_that_break_off_or_do_not_add_up_tell_nothing",
            "test_what_comes_back_is_the_customers_again_once",
            "test_the_same_payment_does_not_come_back_by_two_files",
            "test_without_a_persons_word_nothing_is_complete",
            "test_a_file_that_cannot_be_read_keeps_no_others_window_open",
            "test_the_bank_cannot_have_taken_it_before_its_date",
            "test_nothing_is_known_until_somebody_says_that_the_bank_took_it",
            "test_the_statement_names_what_succeeded",
            "test_money_that_comes_back_is_a_credit_beside_its_debit",
        ],
        "a payout leaves a file only where the bank never has it, as two people say": [
            "test_a_payout_leaves_a_file_only_once_the_bank_will_never_have_it",
            "test_what_is_not_in_the_bytes_is_let_go_once_they_are_fixed",
            "test_a_file_that_somebody_was_given_is_given_up_by_two",
            "test_what_the_bank_has_told_of_is_not_given_up",
            "test_who_is_given_the_bytes_makes_void_that_nobody_would_have_them",
            "test_whoever_takes_the_bytes_after_a_proposal_makes_it_void",
            "test_word_of_a_file_that_was_given_up_goes_before_a_person_and_nothing_more_is_sent",
            "test_of_what_went_in_a_file_nothing_is_claimed_once_there_is_word_of_it",
            "test_killed_once_the_doubt_is_written_nothing_of_the_file_is_sent_anew",
        ],
    },
}
