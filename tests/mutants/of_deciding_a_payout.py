"""Mutants of what a policy makes of an order: who has to agree, what forbids it, what is taken."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import DAY_LIMITS, DEMANDED, HISTORY, NOT_PROVEN, RISK, THOUGHT, TWINS

DECISION = "chalicelib/domain/decision.py"
STANDING = "chalicelib/domain/standing.py"
T_DECISION = "tests/domain/test_decision.py::test_"
T_CONFIRM = "tests/usecases/test_confirm_account.py::test_"
AMOUNT = "the_amount_says_how_many_people_have_to_agree"
COOLS = "a_changed_destination_cools_off_first"
SMALL = "until_a_payment_has_arrived_there_they_are_small_and_somebody_agrees"
SOFTLY = "a_duplicate_stops_softly_while_the_days_last"
SCORE = "a_risk_is_looked_at_or_blocked_by_its_score"
KEPT = "the_policys_version_and_what_was_known_of_the_destination_are_kept"

MUTANTS = (
    Mutant(
        "an amount at its bound wants a second person",
        DECISION,
        "int(amount > rules.one_above)",
        "int(amount >= rules.one_above)",
        DEMANDED,
        (T_DECISION + AMOUNT,),
    ),
    Mutant(
        "one person is enough for any amount",
        DECISION,
        "2 if amount > rules.two_above else int(",
        "1 if amount > rules.two_above else int(",
        DEMANDED,
        (T_DECISION + AMOUNT,),
    ),
    Mutant(
        "an amount at its bound wants two people",
        DECISION,
        "2 if amount > rules.two_above else int(",
        "2 if amount >= rules.two_above else int(",
        DEMANDED,
        (T_DECISION + AMOUNT,),
    ),
    Mutant(
        "of all that demands people the least counts",
        DECISION,
        "    return max(asked.values()), tuple(",
        "    return min(asked.values()), tuple(",
        DEMANDED,
        (T_DECISION + AMOUNT,),
    ),
    Mutant(
        "what a bot drafts goes by itself",
        DECISION,
        "DRAFT: int(drafted),",
        "DRAFT: 0,",
        DEMANDED,
        (T_DECISION + "what_a_bot_drafts_somebody_has_to_agree_to",),
    ),
    Mutant(
        "nobody looks at what is somewhat risky",
        DECISION,
        "RISK: int(risk.judge(score, policy.risk) is not risk.Risk.ALLOWED),",
        "RISK: 0,",
        DEMANDED,
        (T_DECISION + SCORE,),
    ),
    Mutant(
        "what is blocked by its score is looked at and paid",
        DECISION,
        "if risk.judge(score, policy.risk) is risk.Risk.BLOCKED:",
        "if risk.judge(score, policy.risk) is None:",
        RISK,
        (T_DECISION + SCORE,),
    ),
    Mutant(
        "what other customers are paid to, too, needs nobody",
        DECISION,
        "SHARED: int(standing.shared > 0 and policy.duplicate_days > 0),",
        "SHARED: int(standing.shared > 1 and policy.duplicate_days > 0),",
        DEMANDED,
        (T_DECISION + "what_other_customers_have_too_somebody_agrees_to",),
    ),
    Mutant(
        "the same payment again needs nobody",
        DECISION,
        "DUPLICATE: int(repeats),",
        "DUPLICATE: 0,",
        TWINS,
        (T_DECISION + SOFTLY,),
    ),
    Mutant(
        "the same payment is a duplicate for ever",
        DECISION,
        "known.repeated and twins.is_repeat(known.twin, case.at, policy.duplicate_days)",
        "known.repeated",
        TWINS,
        (T_DECISION + SOFTLY,),
    ),
    Mutant(
        "a duplicate does not name the payout that it repeats",
        DECISION,
        'known.twin.transaction_id if known.twin is not None and repeats else "",',
        '"",',
        TWINS,
        (T_DECISION + "a_payout_names_the_one_that_it_repeats",),
    ),
    Mutant(
        "a payment that is decided on takes no place of its kind",
        DECISION,
        "        twin = Twin(key, case.transaction_id, case.at)\n",
        "        twin = Twin(key, known.twin.transaction_id if known.twin else key, case.at)\n",
        TWINS,
        (T_DECISION + SOFTLY,),
    ),
    Mutant(
        "a changed destination is judged by the rules of new ones",
        DECISION,
        "    destination = policy.changed_destination if standing.changed else",
        "    destination = policy.new_destination if standing.changed else",
        NOT_PROVEN,
        (T_DECISION + SMALL,),
    ),
    Mutant(
        "a changed destination cools off as long as a new one",
        DECISION,
        "    rules = policy.changed_destination if standing.changed else",
        "    rules = policy.new_destination if standing.changed else",
        NOT_PROVEN,
        (T_DECISION + COOLS,),
    ),
    Mutant(
        "a new destination cools off as long as a changed one",
        DECISION,
        "    rules = policy.changed_destination if standing.changed else policy.new_destination\n",
        "    rules = policy.changed_destination\n",
        NOT_PROVEN,
        (T_DECISION + "a_destination_that_came_with_the_registration_has_rules_of_its_own",),
    ),
    Mutant(
        "a destination never cools off",
        DECISION,
        "    if case.at < payable:\n",
        "    if case.at < standing.added_at:\n",
        NOT_PROVEN,
        (T_DECISION + COOLS,),
    ),
    Mutant(
        "a first payment may be as large as any",
        DECISION,
        "    if case.amount > rules.first_most:\n",
        "    if rules.first_most > rules.first_most:\n",
        NOT_PROVEN,
        (T_DECISION + SMALL,),
    ),
    Mutant(
        "a first payment at its bound is too large",
        DECISION,
        "    if case.amount > rules.first_most:\n",
        "    if case.amount >= rules.first_most:\n",
        NOT_PROVEN,
        (T_DECISION + SMALL,),
    ),
    Mutant(
        "a payment to one destination proves another",
        DECISION,
        "proven = standing.destination_id in known.habits.proven",
        "proven = bool(known.habits.proven)",
        NOT_PROVEN,
        (T_DECISION + SMALL,),
    ),
    Mutant(
        "a payout is drawn of the date in Greenwich",
        DECISION,
        "day=sydney_date(case.at), verified=",
        "day=case.at.date(), verified=",
        DAY_LIMITS,
        (T_DECISION + "what_is_drawn_is_drawn_on_sydneys_date",),
    ),
    Mutant(
        "every destination counts as verified",
        DECISION,
        "verified=standing.verified, limits=",
        "verified=True, limits=",
        DAY_LIMITS,
        (T_DECISION + "the_limit_of_a_day_goes_by_whether_the_destination_is_verified",),
    ),
    Mutant(
        "any check of a destination verifies it, whatever came of it",
        STANDING,
        "return self.check is not None and self.check.verified",
        "return self.check is not None",
        DAY_LIMITS,
        (T_CONFIRM + "of_another_name_the_right_code_verifies_nothing",),
    ),
    Mutant(
        "the operator's haste is held against the customer",
        DECISION,
        "allowance.keys(case.customer_id, case.by, sydney_date(case.at))[0]",
        "allowance.keys(case.customer_id, case.by, sydney_date(case.at))[1]",
        RISK,
        (T_DECISION + "of_what_was_drawn_on_that_date_the_customers_own_counts_as_a_risk",),
    ),
    Mutant(
        "a payout is no part of what the next one is judged by",
        DECISION,
        "before_it=known.twin, habits=known.habits)",
        "before_it=known.twin)",
        HISTORY,
        (T_DECISION + "where_no_rule_speaks_nobody_has_to_agree_and_all_is_claimed",),
    ),
    Mutant(
        "whoever decided before is not looked for when the claim is made",
        DECISION,
        "twin=twin, before_it=known.twin,",
        "twin=twin,",
        TWINS,
        (T_DECISION + SOFTLY,),
    ),
    Mutant(
        "it is not kept under which policy it was decided",
        DECISION,
        "        policy.version, score, signals,",
        "        0, score, signals,",
        THOUGHT,
        (T_DECISION + KEPT,),
    ),
    Mutant(
        "a destination cools off a moment longer than the policy says",
        DECISION,
        "    if case.at < payable:\n",
        "    if case.at <= payable:\n",
        NOT_PROVEN,
        (T_DECISION + COOLS,),
    ),
)
