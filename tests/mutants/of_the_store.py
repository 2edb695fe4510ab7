"""Mutants of the store: conditions, what is one transaction, and what the rows hold."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import (
    BELOW_ZERO,
    CLAIM,
    COUNTS_ONCE,
    CRASH,
    CREDITS,
    DISPUTED,
    EXACT,
    KEY,
    NO_CURE,
    QUARANTINE,
    SUM,
    TRAIL,
    WEBHOOK,
    WHOLE,
)

PARTS = "chalicelib/adapters/dynamo/parts.py"
CUSTOMERS = "chalicelib/adapters/dynamo/customers.py"
TREASURY = "chalicelib/adapters/dynamo/treasury.py"
PAYOUTS = "chalicelib/adapters/dynamo/payouts.py"
NOTICES = "chalicelib/adapters/dynamo/notices.py"
PAYOUT_ROWS = "chalicelib/adapters/dynamo/payout_rows.py"
VALUES = "chalicelib/adapters/dynamo/values.py"
T_WRITTEN = "tests/contracts/test_payouts_written.py::test_"
T_RACES = "tests/contracts/test_races.py::test_"
T_STOPPED = "tests/contracts/test_stopped_customers.py::test_"
T_AGAIN = "tests/contracts/test_payouts_again.py::test_"
T_STEPS = "tests/contracts/test_payouts_steps.py::test_"
T_TREASURY = "tests/contracts/test_treasury.py::test_"
T_IN_TURN = "tests/contracts/test_funds_in_turn.py::test_"
T_CALLS = "tests/adapters/test_dynamo_calls.py::test_"
T_OPEN_CLAIMS = "tests/contracts/test_open_claims.py::test_"

MUTANTS = (
    Mutant(
        "a step may be written on an older version of the payout",
        PARTS,
        "#version = :version AND #status = :status",
        "#version >= :version AND #status = :status",
        CLAIM,
        (T_WRITTEN + "a_step_from_an_older_version_of_the_same_status_is_stale[simulated]",),
    ),
    Mutant(
        "a step may be written on another status of the payout",
        PARTS,
        "#version = :version AND #status = :status",
        "#version = :version AND (#status = :status OR attribute_exists(#status))",
        CLAIM,
        (T_WRITTEN + "a_step_from_another_status_of_the_same_version_is_stale[simulated]",),
    ),
    Mutant(
        "a new row may take the place of one that is there",
        PARTS,
        'f"attribute_not_exists(#{key})"',
        'f"attribute_not_exists(#{key}) OR attribute_exists(#{key})"',
        KEY,
        (T_WRITTEN + "a_second_payout_of_the_same_id_is_stale_and_takes_nothing[simulated]",),
        by_simulation=True,
    ),
    Mutant(
        "a balance may fall a cent below zero",
        PARTS,
        '{"needed": number(-change)}',
        '{"needed": number(-change - Money(1))}',
        BELOW_ZERO,
        (T_WRITTEN + "the_whole_balance_may_be_paid_out_and_not_a_cent_more[simulated]",),
    ),
    Mutant(
        "a balance may fall as low as it likes",
        PARTS,
        '["available_balance >= :needed"]',
        '["(available_balance >= :needed OR available_balance < :needed)"]',
        BELOW_ZERO,
        (T_RACES + "of_many_who_spend_more_than_half_of_a_balance_one_may[simulated]",),
        by_simulation=True,
    ),
    Mutant(
        "a stopped customer is paid",
        PARTS,
        'conditions += ["attribute_not_exists(stopped)"] if pays else []',
        'conditions += ["attribute_exists(customer_id)"] if pays else []',
        DISPUTED,
        (T_WRITTEN + "a_customer_who_is_stopped_is_not_paid[simulated]",),
    ),
    Mutant(
        "what waits of a stopped customer is sent",
        PARTS,
        '"attribute_exists(customer_id) AND attribute_not_exists(stopped)"',
        '"attribute_exists(customer_id)"',
        DISPUTED,
        (
            T_STOPPED
            + "the_dispute_of_one_payout_holds_up_what_waits_of_the_same_customer_only[simulated]",
        ),
    ),
    Mutant(
        "a dispute does not reach the customer's row",
        PARTS,
        "    stops = any(step.stops_customer for step in steps)\n",
        "    stops = all(step.before is None for step in steps)\n",
        DISPUTED,
        (T_AGAIN + "a_dispute_stops_the_customer_and_whoever_edits_them_unaware[simulated]",),
    ),
    Mutant(
        "an edit of a customer overlooks that they were stopped",
        CUSTOMERS,
        'ConditionExpression="#version = :was"',
        'ConditionExpression="#version >= :was"',
        DISPUTED,
        (T_AGAIN + "a_dispute_stops_the_customer_and_whoever_edits_them_unaware[simulated]",),
    ),
    Mutant(
        "only the last step of a write moves the balance",
        PARTS,
        "change = total(step.available_change for step in steps)",
        "change = total(step.available_change for step in steps[-1:])",
        SUM,
        (T_STEPS + "balances_are_the_sum_of_the_postings[simulated]",),
        by_simulation=True,
    ),
    Mutant(
        "a credit is added twice to the balance",
        PARTS,
        '    values = {"change": number(amount)}\n',
        '    values = {"change": number(amount + amount)}\n',
        SUM,
        (T_TREASURY + "a_credit_makes_unallocated_money_a_customers[simulated]",),
        by_simulation=True,
    ),
    Mutant(
        "money is credited to somebody who is not there",
        PARTS,
        '    condition = "attribute_exists(customer_id)"',
        '    condition = "attribute_not_exists(listing) OR attribute_exists(listing)"',
        SUM,
        (T_TREASURY + "a_credit_to_nobody_leaves_nothing[simulated]",),
    ),
    Mutant(
        "the funds may have changed since they were read",
        PARTS,
        '"ConditionExpression": "version = :version",',
        '"ConditionExpression": "version >= :version",',
        CREDITS,
        (
            T_IN_TURN
            + "of_two_credits_for_the_same_money_the_second_is_stale_and_gives_nothing[simulated]",
        ),
    ),
    Mutant(
        "a receipt may be entered again",
        TREASURY,
        'new = new_row(control, receipt_row(cause), key="key")\n',
        'new = new_row(control, receipt_row(cause), key="key")\n'
        '        new["Put"]["ConditionExpression"] += " OR attribute_exists(#key)"\n',
        COUNTS_ONCE,
        (T_TREASURY + "a_receipt_counts_once[simulated]",),
    ),
    Mutant(
        "an entry that was made before is not known again",
        TREASURY,
        "            if CAUSE in found and self._has(last):\n",
        "            if CAUSE in found and refused.in_doubt and self._has(last):\n",
        COUNTS_ONCE,
        (T_TREASURY + "writing_the_same_entry_again_is_success_and_counts_once[simulated]",),
    ),
    Mutant(
        "only the last of several steps is recorded",
        PAYOUTS,
        "            for step in steps\n        }\n        customer",
        "            for step in steps[-1:]\n        }\n        customer",
        TRAIL,
        (T_STEPS + "the_steps_are_whole_chained_and_lead_to_the_payout[simulated]",),
        by_simulation=True,
    ),
    Mutant(
        "the store writes steps that are not sound",
        PAYOUTS,
        "        refuse_unsound(steps)\n",
        "",
        WHOLE,
        (T_AGAIN + "steps_that_are_not_sound_are_refused[simulated]",),
    ),
    Mutant(
        "a payout is read where it may not have arrived yet",
        "chalicelib/adapters/dynamo/session.py",
        "Key=to_item(key), ConsistentRead=True, **less",
        "Key=to_item(key), ConsistentRead=False, **less",
        CLAIM,
        (T_CALLS + "all_that_is_decided_upon_is_read_consistently",),
    ),
    Mutant(
        "a notice is written before the step that it causes",
        NOTICES,
        "                return session.transact({**parts, NOTICE: part}, recognise=recognise)\n",
        "                session.transact({NOTICE: part}, recognise=lambda: False)\n"
        "                break\n",
        WHOLE,
        (T_CALLS + "a_webhook_is_one_read_and_one_transaction",),
    ),
    Mutant(
        "a notice that was kept before holds up the step that it causes",
        NOTICES,
        "            if set(refused.found) != {NOTICE}:\n",
        "            if refused.found:\n",
        WEBHOOK,
        (T_AGAIN + "a_notice_that_was_kept_before_does_not_hold_up_its_step[simulated]",),
    ),
    Mutant(
        "the row does not tell how often a payout was sent",
        PAYOUT_ROWS,
        '{"rail": payout.rail, "sends": payout.sends}',
        '{"rail": payout.rail, "sends": payout.attempt}',
        NO_CURE,
        (T_STEPS + "everything_that_a_payout_remembers_is_read_as_it_was_written[simulated]",),
    ),
    Mutant(
        "the row does not tell when a payout was last sent",
        PAYOUT_ROWS,
        '"sent_at": perhaps_instant(payout.sent_at),',
        '"sent_at": perhaps_instant(payout.sent_at and payout.intent.created_at),',
        QUARANTINE,
        (T_STEPS + "everything_that_a_payout_remembers_is_read_as_it_was_written[simulated]",),
    ),
    Mutant(
        "what is being sent is not among the open work",
        PAYOUT_ROWS,
        '"open_bucket": bucket(payout.transaction_id, buckets_of(payout)) if due else None,',
        '"open_bucket": bucket(payout.transaction_id, buckets_of(payout))\n'
        "        if due and payout.status is not Status.SENDING\n"
        "        else None,",
        CRASH,
        (T_OPEN_CLAIMS + "what_is_being_sent_is_due_once_its_sender_cannot_be_alive[simulated]",),
        by_simulation=True,
    ),
    Mutant(
        "amounts are stored in whole dollars",
        VALUES,
        "    return shortest.quantize(_DOLLAR) if shortest == shortest.to_integral_value()"
        " else shortest\n",
        "    return shortest.quantize(_DOLLAR)\n",
        EXACT,
        (T_WRITTEN + "amounts_are_exact_to_the_cent[simulated]",),
        by_simulation=True,
    ),
)
