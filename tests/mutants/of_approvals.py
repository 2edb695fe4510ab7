"""Mutants of approvals: who may agree, to what exactly, and to how much within a day."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import APPROVERS_DAY, AS_SEEN, OTHERS, RELEASED

APPROVAL = "chalicelib/domain/approval.py"
DAY = "chalicelib/domain/approver_day.py"
T_APPROVAL = "tests/domain/test_approval.py::test_"
T_DAY = "tests/domain/test_approver_day.py::test_"
WHO = (T_APPROVAL + "who_may_agree_and_why_not",)
CHANGED = (T_APPROVAL + "whatever_changes_of_what_was_seen_it_is_another_digest",)
KNOWN = (T_APPROVAL + "whatever_changes_of_what_is_known_of_the_destination_it_is_another_digest",)

MUTANTS = (
    Mutant(
        "a maker agrees to their own payout",
        APPROVAL,
        "    if by == maker:\n        return MAKER\n",
        "",
        OTHERS,
        WHO,
    ),
    Mutant(
        "a program that is an approver agrees",
        APPROVAL,
        "    if PROGRAM in roles or not APPROVING.intersection(roles):",
        "    if not APPROVING.intersection(roles):",
        OTHERS,
        WHO,
    ),
    Mutant(
        "an operator agrees as if they were an approver",
        APPROVAL,
        'APPROVING = frozenset({"approver", "admin"})',
        'APPROVING = frozenset({"approver", "admin", "operator"})',
        OTHERS,
        WHO,
    ),
    Mutant(
        "the maker's own word counts once it is there",
        APPROVAL,
        "    return frozenset(given - {payout.intent.created_by})",
        "    return frozenset(given)",
        OTHERS,
        (T_APPROVAL + "the_makers_own_word_counts_nothing_however_it_came_there",),
    ),
    Mutant(
        "a word for something else counts",
        APPROVAL,
        "for each in payout.approvals if each.seen == seen}",
        "for each in payout.approvals if seen}",
        AS_SEEN,
        (T_APPROVAL + "who_agreed_to_something_else_has_not_agreed",),
    ),
    Mutant(
        "one person is enough where two have to agree",
        APPROVAL,
        "    return len(agreed(payout, seen.digest)) >= seen.needs",
        "    return len(agreed(payout, seen.digest)) >= min(seen.needs, 1)",
        OTHERS,
        (T_APPROVAL + "enough_is_as_many_different_people_as_have_to_agree",),
    ),
    Mutant(
        "a policy that wants more people by now is not heeded",
        APPROVAL,
        "    return max(payout.needs, today, 1), ",
        "    return max(payout.needs, 1), ",
        OTHERS,
        (T_APPROVAL + "as_many_have_to_agree_as_were_asked_or_as_the_policy_of_today_demands",),
    ),
    Mutant(
        "a policy that wants fewer people by now lets go what was asked for",
        APPROVAL,
        "    return max(payout.needs, today, 1), ",
        "    return max(today, 1), ",
        OTHERS,
        (T_APPROVAL + "as_many_have_to_agree_as_were_asked_or_as_the_policy_of_today_demands",),
    ),
    Mutant(
        "what was found at first is found no longer once the policy has changed",
        APPROVAL,
        "tuple(dict.fromkeys((*thought.why, *why)))",
        "tuple(why)",
        AS_SEEN,
        (T_APPROVAL + "as_many_have_to_agree_as_were_asked_or_as_the_policy_of_today_demands",),
    ),
    Mutant(
        "another amount is the same to see",
        APPROVAL,
        "        cents=intent.amount.cents,",
        "        cents=0,",
        AS_SEEN,
        CHANGED,
    ),
    Mutant(
        "another payee is the same to see",
        APPROVAL,
        "        payee=fingerprint(customer.name),",
        '        payee=fingerprint(""),',
        AS_SEEN,
        CHANGED,
    ),
    Mutant(
        "another account under the same id is the same to see",
        APPROVAL,
        "        sealed=sealed,",
        '        sealed="",',
        AS_SEEN,
        CHANGED,
    ),
    Mutant(
        "a destination that was taken away is the same to see",
        APPROVAL,
        "        theirs=now is not None and hashlib.sha256(now.ciphertext).hexdigest() == sealed,",
        "        theirs=True,",
        AS_SEEN,
        CHANGED,
    ),
    Mutant(
        "another rail is the same to see",
        APPROVAL,
        "        rail=str(intent.rail),",
        '        rail="",',
        AS_SEEN,
        CHANGED,
    ),
    Mutant(
        "another policy is the same to see",
        APPROVAL,
        "        policy_version=policy.version,",
        "        policy_version=0,",
        AS_SEEN,
        CHANGED,
    ),
    Mutant(
        "another check of the name is the same to see",
        APPROVAL,
        "str(it.shared), it.name_check,",
        "str(it.shared),",
        AS_SEEN,
        KNOWN,
    ),
    Mutant(
        "a destination that others have, too, is the same to see",
        APPROVAL,
        "str(it.changed), str(it.shared),",
        "str(it.changed),",
        AS_SEEN,
        KNOWN,
    ),
    Mutant(
        "a duplicate is overridden without a word",
        APPROVAL,
        "WANTS_REASON = frozenset({DUPLICATE, SHARED, RISK})",
        "WANTS_REASON = frozenset({SHARED, RISK})",
        OTHERS,
        (T_APPROVAL + "a_reason_is_wanted_where_a_second_person_overrides_something",),
    ),
    Mutant(
        "at the last moment somebody may still agree",
        APPROVAL,
        "lapses_at is not None and now >= lapses_at",
        "lapses_at is not None and now > lapses_at",
        RELEASED,
        (T_APPROVAL + "nobody_can_agree_from_the_moment_on_at_which_it_lapses",),
    ),
    Mutant(
        "what a person agrees to now is not counted before they may",
        DAY,
        "        if self.agreed(now) + amount > most:",
        "        if self.agreed(now) >= most:",
        APPROVERS_DAY,
        (T_DAY + "an_approver_may_agree_up_to_the_limit_and_not_a_cent_more",),
    ),
    Mutant(
        "the last cent of an approver's day cannot be used",
        DAY,
        "        if self.agreed(now) + amount > most:",
        "        if self.agreed(now) + amount >= most:",
        APPROVERS_DAY,
        (T_DAY + "an_approver_may_agree_up_to_the_limit_and_not_a_cent_more",),
    ),
    Mutant(
        "an approver's day is an hour short",
        DAY,
        "if hour >= first}",
        "if hour > first}",
        APPROVERS_DAY,
        (T_DAY + "an_hour_that_is_partly_within_the_last_24_counts_whole",),
    ),
    Mutant(
        "of an hour only the last word counts",
        DAY,
        "        hours[hour] = hours.get(hour, 0) + amount.cents",
        "        hours[hour] = amount.cents",
        APPROVERS_DAY,
        (T_DAY + "an_approver_may_agree_up_to_the_limit_and_not_a_cent_more",),
    ),
    Mutant(
        "hours of another zone count as another's",
        DAY,
        "    return at.astimezone(UTC).strftime",
        "    return at.strftime",
        APPROVERS_DAY,
        (T_DAY + "the_hour_is_that_of_utc_whatever_zone_the_moment_is_told_in",),
    ),
)
