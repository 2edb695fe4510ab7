"""Mutants of asking for a payout under a policy: what is read, sent, kept, and done again."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import ALL_FAULTS, AS_READ, DAY_LIMITS, DEMANDED, THOUGHT, TWINS

CONSIDER = "chalicelib/usecases/consider.py"
REQUEST = "chalicelib/usecases/request.py"
ORDER = "chalicelib/domain/order.py"
INTENT = "chalicelib/domain/intent.py"
T_POLICY = "tests/usecases/test_request_by_policy.py::test_"
T_REQUEST = "tests/usecases/test_request.py::test_"
T_LIMIT = "tests/usecases/test_learn_limit.py::test_"
T_CHAIN = "tests/domain/test_chain.py::test_"

MUTANTS = (
    Mutant(
        "what the policy forbids is not told and not forbidden",
        CONSIDER,
        "    faults += [*choice.faults, *decision.faults]\n",
        "    faults += choice.faults\n",
        ALL_FAULTS,
        (T_POLICY + "a_preview_tells_every_rule_that_forbids_it",),
    ),
    Mutant(
        "that it was drafted by a bot is lost on the way to the decision",
        CONSIDER,
        "drafted=asking.drafted,",
        "drafted=False,",
        DEMANDED,
        (T_POLICY + "what_a_bot_drafts_waits_for_a_person",),
    ),
    Mutant(
        "whatever became of the payout before, another one is a duplicate",
        CONSIDER,
        "return still_counts(before)",
        "return True",
        TWINS,
        (T_POLICY + "what_failed_may_be_asked_for_again_by_the_same_person",),
    ),
    Mutant(
        "what is thought of a payout is forgotten once it is decided on",
        CONSIDER,
        "assessment=decision.assessment,",
        "assessment=None,",
        THOUGHT,
        (T_POLICY + "the_version_that_it_was_decided_under_is_kept",),
    ),
    Mutant(
        "what somebody has to agree to is sent at once",
        REQUEST,
        "    if thought.needs:\n",
        "    if thought.needs > 2:\n",
        DEMANDED,
        (T_POLICY + "what_somebody_has_to_agree_to_is_held_and_not_sent",),
    ),
    Mutant(
        "whoever comes second is refused and does not decide again",
        REQUEST,
        "            if not isinstance(refused, Stale):\n                raise\n",
        "            raise\n",
        AS_READ,
        (T_POLICY + "two_that_are_the_same_at_once_are_one_and_a_duplicate",),
    ),
    Mutant(
        "one payout may be a cent larger than the business allows",
        ORDER,
        "    if order.amount > limits.most:\n",
        "    if order.amount > limits.most + limits.least:\n",
        ALL_FAULTS,
        (T_REQUEST + "a_rule_is_told_at_its_place",),
    ),
    Mutant(
        "the largest payout that the business allows is too large",
        ORDER,
        "    if order.amount > limits.most:\n",
        "    if order.amount >= limits.most:\n",
        ALL_FAULTS,
        (T_REQUEST + "the_least_and_the_most_that_one_payout_may_be_are_paid",),
    ),
    Mutant(
        "a payout of nothing is paid",
        ORDER,
        "    if order.amount < limits.least:\n",
        "    if order.amount + limits.least < limits.least:\n",
        ALL_FAULTS,
        (T_REQUEST + "a_rule_is_told_at_its_place",),
    ),
    Mutant(
        "the provider's own limit is read and not asked about",
        CONSIDER,
        "routing.calendar, costs, opening.npp_limit)",
        "routing.calendar, costs, None)",
        ALL_FAULTS,
        (
            T_LIMIT
            + "a_cent_more_over_npp_is_refused_before_anything_is_held_and_a_preview_says_so",
        ),
    ),
    Mutant(
        "what the provider would just take over NPP is too large",
        ORDER,
        "order.amount > now.npp_most:",
        "order.amount >= now.npp_most:",
        ALL_FAULTS,
        (T_LIMIT + "what_is_within_the_providers_limit_is_paid",),
    ),
    Mutant(
        "the limit of one rail holds for the other",
        ORDER,
        "    if rail is Rail.NPP and now.npp_most is not None",
        "    if now.npp_most is not None",
        ALL_FAULTS,
        (T_LIMIT + "direct_entry_has_another_limit",),
    ),
    Mutant(
        "what was thought of a payout is not a part of its digest",
        INTENT,
        "            *thought, *(drawn if self.drawn else []), *way, *before,\n",
        "            *(drawn if self.drawn else []), *way, *before,\n",
        THOUGHT,
        (T_CHAIN + "a_change_of_anything_that_was_thought_changes_the_digest",),
    ),
    Mutant(
        "what a payout drew is not a part of its digest",
        INTENT,
        "            *thought, *(drawn if self.drawn else []), *way, *before,\n",
        "            *thought, *way, *before,\n",
        THOUGHT,
        (T_CHAIN + "a_change_of_anything_that_was_drawn_changes_the_digest",),
    ),
    Mutant(
        "what was drawn is read of the date in Greenwich",
        CONSIDER,
        "day=sydney_date(now), twin=",
        "day=now.date(), twin=",
        DAY_LIMITS,
        (T_POLICY + "a_days_limit_is_that_of_sydneys_date",),
    ),
    Mutant(
        "a destination that is not the customer's stands for their usual one",
        ORDER,
        "named = customer.destination(order.destination_id)",
        "named = customer.destination(order.destination_id) or customer.default(order.method)",
        ALL_FAULTS,
        (T_REQUEST + "a_rule_is_told_at_its_place",),
    ),
    Mutant(
        "what waits behind a closed gate needs nobody",
        REQUEST,
        "    if thought.needs:\n",
        "    if thought.needs and hindrance_of(opening, plan.intent.rail, at) is None:\n",
        DEMANDED,
        (T_POLICY + "behind_a_closed_gate_it_is_still_people_who_are_waited_for",),
    ),
    Mutant(
        "whoever comes second decides again no more than once",
        REQUEST,
        "TRIES = 10\n",
        "TRIES = 1\n",
        AS_READ,
        (T_POLICY + "two_that_are_the_same_at_once_are_one_and_a_duplicate",),
    ),
)
