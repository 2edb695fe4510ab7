"""Mutants of credits that a second admin has to agree to: asked for, agreed to, kept, and over."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import (
    APPROVERS_DAY,
    AS_SEEN,
    KEY,
    LARGE_CREDITS,
    LOST_REPLY,
    NO_NEW,
    OTHERS,
)

REQUEST = "chalicelib/domain/credit_request.py"
CREDIT = "chalicelib/usecases/credit.py"
TREASURY = "chalicelib/adapters/dynamo/treasury.py"
T_CREDIT = "tests/usecases/test_credit.py::test_"
T_DESK = "tests/contracts/test_desk.py::test_"
NOT_SEEN = (T_CREDIT + "what_is_not_as_it_was_seen_is_not_agreed_to",)
FORGOTTEN = (T_CREDIT + "for_whom_is_being_forgotten_nothing_is_asked_or_agreed_to",)
MOVED = tuple(
    T_DESK + f"a_consent_to_what_moved_gives_nothing[simulated-{what}]"
    for what in ("request", "day")
)

MUTANTS = (
    Mutant(
        "one admin is enough a little above the limit",
        REQUEST,
        "    return amount > policy.approvals.credits_above",
        "    return amount > policy.approvals.credits_above + amount",
        LARGE_CREDITS,
        (T_CREDIT + "above_it_nothing_is_given_until_another_admin_agrees",),
    ),
    Mutant(
        "one admin is not enough at the limit",
        REQUEST,
        "    return amount > policy.approvals.credits_above",
        "    return amount >= policy.approvals.credits_above",
        LARGE_CREDITS,
        (T_CREDIT + "up_to_the_limit_a_credit_is_given_at_once",),
    ),
    Mutant(
        "a credit is the same to see under another policy",
        REQUEST,
        "credit.created_at.isoformat(), policy.version,",
        "credit.created_at.isoformat(),",
        AS_SEEN,
        NOT_SEEN,
    ),
    Mutant(
        "a credit is the same to see for another name",
        REQUEST,
        "fingerprint(customer.name), credit.amount.cents,",
        "credit.amount.cents,",
        AS_SEEN,
        NOT_SEEN,
    ),
    Mutant(
        "a credit is the same to see with another amount",
        REQUEST,
        "fingerprint(customer.name), credit.amount.cents,",
        "fingerprint(customer.name),",
        AS_SEEN,
        (T_CREDIT + "whatever_is_another_credit_is_another_digest",),
    ),
    Mutant(
        "an admin agrees to a credit that they have not seen",
        CREDIT,
        "    if seen_of_credit(request, customer, policy) != word.seen:",
        "    if not word.seen:",
        AS_SEEN,
        NOT_SEEN,
    ),
    Mutant(
        "the maker agrees to their own credit",
        CREDIT,
        "    if why:\n        own =",
        "    if why and why != MAKER:\n        own =",
        OTHERS,
        (T_CREDIT + "its_maker_a_program_and_who_is_no_approver_never_agree",),
    ),
    Mutant(
        "a program agrees to a credit",
        CREDIT,
        "    if why:\n        own =",
        "    if why == MAKER:\n        own =",
        OTHERS,
        (T_CREDIT + "its_maker_a_program_and_who_is_no_approver_never_agree",),
    ),
    Mutant(
        "a credit that was declined is given after all",
        CREDIT,
        "    if not request.waits:\n        raise _over(request)\n    if lapsed(",
        "    if lapsed(",
        LARGE_CREDITS,
        (T_CREDIT + "what_is_declined_is_not_given",),
    ),
    Mutant(
        "a credit is agreed to after its time",
        CREDIT,
        "    if lapsed(request.lapses_at, clock.now()):\n        raise ApprovalLapsed\n",
        "",
        LARGE_CREDITS,
        (T_CREDIT + "what_nobody_decides_in_time_lapses",),
    ),
    Mutant(
        "a credit that was given is declined after that",
        CREDIT,
        "        if not request.waits:\n            raise _over(request)\n        ended",
        "        ended",
        LARGE_CREDITS,
        (T_CREDIT + "of_refusal_and_consent_at_once_one_wins",),
    ),
    Mutant(
        "who comes second is told that it was they who gave it",
        CREDIT,
        "request.stage is CreditStage.GIVEN and request.decided_by == word.by",
        "request.stage is CreditStage.GIVEN",
        OTHERS,
        (T_CREDIT + "agreeing_again_gives_nothing_again",),
    ),
    Mutant(
        "an approver's day is not asked about a credit",
        CREDIT,
        "    if day is None:\n        raise ApproverLimit\n    return day\n",
        "    return day or desk.day(word.by)\n",
        APPROVERS_DAY,
        (T_CREDIT + "what_one_may_agree_to_within_a_day_counts_for_credits_too",),
    ),
    Mutant(
        "that it was given meanwhile is overlooked",
        CREDIT,
        "            if treasury.credit(credit_id) is not None:",
        "            if treasury.credit(word.seen) is not None:",
        LARGE_CREDITS,
        (T_CREDIT + "what_was_given_meanwhile_without_a_second_person_is_given_once",),
    ),
    Mutant(
        "a key that gave a credit asks for another",
        CREDIT,
        " or treasury.credit(credit.credit_id) is not None\n",
        "\n",
        KEY,
        (T_CREDIT + "a_key_that_gave_a_credit_when_the_limit_was_higher_gives_no_other",),
    ),
    Mutant(
        "the key of a credit that waits serves for any other",
        CREDIT,
        "    same_credit(before.credit, credit)\n",
        "",
        KEY,
        (T_CREDIT + "the_same_key_for_something_else_is_refused",),
    ),
    Mutant(
        "a credit is asked for that nothing is there for",
        CREDIT,
        "        credit_entry(treasury.funds(), credit)  # or it is refused at once\n",
        "",
        LARGE_CREDITS,
        (T_CREDIT + "what_is_not_there_is_refused_when_it_is_asked_for",),
    ),
    Mutant(
        "a credit is asked for whom is being forgotten",
        CREDIT,
        "        if existing_customer(customers, customer_id).erasure is not None:\n"
        "            raise CustomerErased\n",
        "        existing_customer(customers, customer_id)\n",
        NO_NEW,
        FORGOTTEN,
    ),
    Mutant(
        "a credit is agreed to for whom is being forgotten",
        CREDIT,
        "    if customer.erasure is not None:\n        raise CustomerErased\n    if seen_of_credit",
        "    if seen_of_credit",
        NO_NEW,
        FORGOTTEN,
    ),
    Mutant(
        "a list that lags ends what was given",
        CREDIT,
        "    if request is None or not request.waits or not lapsed(",
        "    if request is None or not lapsed(",
        LARGE_CREDITS,
        (T_CREDIT + "a_list_that_lags_lapses_nothing",),
    ),
    Mutant(
        "a credit lapses before its time",
        CREDIT,
        " or not lapsed(request.lapses_at, clock.now()):",
        ":",
        LARGE_CREDITS,
        (T_CREDIT + "what_nobody_decides_in_time_lapses",),
    ),
    Mutant(
        "the request of a credit that is given goes on waiting",
        TREASURY,
        '            parts[f"{CONSENT} request"] = request_part(tables.control, consent.request)\n',
        "",
        LARGE_CREDITS,
        (T_DESK + "a_credit_is_given_with_its_consent_and_counted[simulated]", *MOVED),
    ),
    Mutant(
        "a credit counts on nobody's day",
        TREASURY,
        '            parts[f"{CONSENT} day"] = day_part(tables.control, consent.day)\n',
        "",
        APPROVERS_DAY,
        (T_DESK + "a_credit_is_given_with_its_consent_and_counted[simulated]", *MOVED),
    ),
    Mutant(
        "a consent to what moved is told as a broken book",
        TREASURY,
        "        if found & {FUNDS, CAUSE, SETTLEMENT, CONSENT}:",
        "        if found & {FUNDS, CAUSE, SETTLEMENT}:",
        LARGE_CREDITS,
        MOVED,
    ),
    Mutant(
        "another's end of a request is taken for ours",
        "chalicelib/adapters/dynamo/desk.py",
        "            if found is None or request_from(found) != request:",
        "            if found is None:",
        LOST_REPLY,
        (T_DESK + "it_ends_once_on_top_of_what_was_read[simulated]",),
    ),
    Mutant(
        "what was decided stays on the desk",
        "chalicelib/adapters/dynamo/desk_rows.py",
        "        **(listed if it.waits else {}),",
        "        **listed,",
        LARGE_CREDITS,
        (T_DESK + "only_what_waits_is_listed_the_oldest_first[simulated]",),
    ),
    Mutant(
        "who waits for a credit is forgotten",
        "chalicelib/usecases/erase.py",
        "        list(memory.desk.credits_of(customer.customer_id)),",
        "        [],",
        LARGE_CREDITS,
        (T_CREDIT + "who_waits_for_a_credit_is_not_forgotten_until_that_is_decided",),
    ),
)
