"""The rules of stopping: what nobody sends any more, and what that must not undo."""

from __future__ import annotations

RULES: dict[str, dict[str, list[str]]] = {
    "what is stopped is not sent": {
        "what a person holds is sent by nobody until the hold is lifted": [
            "test_nobody_sends_what_is_held",
            "test_only_what_is_not_on_the_wire_and_not_over_can_be_held",
            "test_what_is_queued_is_not_sent_while_it_is_held_and_is_afterwards",
            "test_what_is_unconfirmed_is_asked_about_and_not_sent_again",
            "test_that_it_is_agreed_to_does_not_send_it",
            "test_a_sender_that_read_it_before_the_hold_does_not_send_it",
            "test_who_claims_it_on_what_was_read_before_the_hold_is_too_late",
            "test_a_held_payout_cannot_be_read_by_a_version_that_knows_nothing_of_holds",
        ],
        "what is held bars nobody, and its money is reckoned with": [
            "test_in_the_line_for_funds_it_is_passed_and_bars_nobody",
            "test_what_is_held_is_neither_due_nor_in_the_line_and_is_counted_all_the_same",
            "test_its_money_is_reckoned_with_where_the_business_looks_at_its_money",
        ],
        "nothing is claimed while a pause of it is in force, and it is in force only when all is": [
            "test_no_claim_within_its_scope_is_written_while_it_is_in_force",
            "test_nothing_is_sent_again_while_it_is_in_force",
            "test_nothing_is_claimed_after_the_answer_and_the_proof_is_what_was_executed_last",
            "test_cut_at_any_write_it_is_not_called_in_force_and_done_again_it_is",
            "test_a_sender_that_was_at_it_when_it_came_into_force_does_not_send",
            "test_who_asks_for_a_payout_while_it_comes_into_force_has_one_that_waits",
        ],
        "a pause is ended by somebody else, wholly, and by nothing but that": [
            "test_somebody_else_than_who_paused_lets_it_go_on_and_once",
            "test_neither_a_pause_nor_the_stop_of_a_customer_undoes_the_other",
            "test_what_overlaps_ends_each_by_itself",
            "test_who_puts_it_in_force_late_writes_nothing_after_its_end",
            "test_who_lifts_it_late_does_not_lift_the_next_one_of_its_scope",
            "test_cut_at_any_write_of_its_end_it_stands_until_that_is_done_again",
            "test_killed_before_it_was_in_force_the_poller_finishes_it",
        ],
        "what is on the wire is known exactly, and the proof is final only without it": [
            "test_what_is_claimed_is_on_the_wire_until_it_is_heard_of",
            "test_every_way_off_the_wire_is_told_as_executed_as_not_or_as_perhaps",
            "test_it_is_final_once_it_is_in_force_and_nothing_within_it_is_on_the_wire",
            "test_the_proof_is_final_only_once_nothing_is_sent_any_more_and_says_what_was_last",
        ],
        "what sits a pause out bars nobody, and goes out gently when it has ended": [
            "test_what_sits_a_pause_out_is_apart_from_all_that_is_due_in_order_of_age",
            "test_in_the_line_for_funds_what_is_paused_is_passed_and_bars_nobody",
            "test_what_has_waited_goes_out_gently",
            "test_while_it_is_in_force_a_payout_is_taken_and_waits_and_goes_out_afterwards",
        ],
    },
    "a way that is shut delays, and decides nothing": {
        "a circuit opens by its rules, and one worker only tries whether it may close": [
            "test_it_opens_by_either_rule_and_by_no_less",
            "test_refusals_open_nothing",
            "test_what_each_answer_says_of_the_way",
            "test_one_only_may_try_and_no_longer_than_its_time",
            "test_two_workers_with_one_payout_in_hand_have_one_probe_between_them",
            "test_of_two_who_saw_the_same_one_only_keeps_a_change",
            "test_two_pollers_have_one_probe_between_them",
            "test_a_probe_that_never_tells_is_given_back_after_its_time",
            "test_whoever_opens_it_by_hand_keeps_it_open_until_it_is_reset",
            "test_a_rail_opened_by_hand_stays_so_until_it_is_reset",
            "test_fifty_workers_try_once_in_each_round_and_pay_each_payout_once",
        ],
        "who waits for a rail is kept, goes out by age and few at first, and is not too many": [
            "test_five_failures_open_the_circuit_and_what_comes_then_waits",
            "test_more_wait_than_may_are_turned_away_and_nothing_is_stored",
            "test_behind_a_closed_gate_as_many_wait_and_no_more",
            "test_the_poller_lets_one_try_and_then_a_few_and_then_more",
            "test_who_waits_for_a_rail_is_told_and_counted_and_not_among_the_due",
            "test_who_waits_for_funds_stays_in_that_line_and_bars_nobody_of_another_rail",
            "test_an_unconfirmed_payout_is_asked_for_while_the_circuit_is_open_and_not_sent_again",
            "test_a_payout_that_cannot_be_sent_does_not_keep_the_circuit_from_being_tried",
        ],
    },
}
