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
    },
}
