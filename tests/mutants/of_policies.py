"""Mutants of policies: how one comes into force, what it may say, and what is tried before."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import IN_FORCE, SOUND, TRIED

CHANGE = "chalicelib/domain/policy_change.py"
USECASES = "chalicelib/usecases/policies.py"
STORE = "chalicelib/adapters/dynamo/policies.py"
ROWS = "chalicelib/adapters/dynamo/policy_rows.py"
PAYOUTS = "chalicelib/adapters/dynamo/payouts.py"
POLICY = "chalicelib/domain/policy.py"
POLICY_TOLD = "chalicelib/domain/policy_told.py"
TRIAL = "chalicelib/domain/policy_trial.py"
TRY = "chalicelib/usecases/try_policy.py"
PREVIEW = "chalicelib/usecases/preview.py"
T_CHANGE = "tests/domain/test_policy_change.py::test_"
T_USECASES = "tests/usecases/test_policies.py::test_"
T_STORE = "tests/contracts/test_policies.py::test_"
T_POLICY = "tests/domain/test_policy.py::test_"
T_REQUEST = "tests/usecases/test_request_by_policy.py::test_"

MUTANTS = (
    Mutant(
        "one person alone changes the policy",
        CHANGE,
        "    if word.by == proposal.proposed.by:",
        "    if not word.by:",
        IN_FORCE,
        (T_CHANGE + "nobody_agrees_to_what_they_proposed_themselves_and_anybody_may_dismiss_it",),
    ),
    Mutant(
        "a policy of an older version takes the place of a newer one",
        CHANGE,
        "    if policy.version != current.version:",
        "    if policy.version > current.version:",
        IN_FORCE,
        (T_USECASES + "what_was_made_of_another_version_is_refused",),
    ),
    Mutant(
        "what changes nothing is proposed",
        CHANGE,
        "    if policy == current:",
        "    if policy is current:",
        SOUND,
        (T_CHANGE + "what_was_made_of_another_version_or_changes_nothing_is_refused",),
    ),
    Mutant(
        "the digest is of the numbers alone",
        CHANGE,
        "said.by, said.at.isoformat(), said.request_id, said.reason]",
        "said.by, said.at.isoformat(), said.request_id]",
        IN_FORCE,
        (T_CHANGE + "the_digest_is_of_everything_that_was_read",),
    ),
    Mutant(
        "the digest is not of the policy",
        CHANGE,
        "[to_plain(self.policy), said.by",
        "[self.policy.version, said.by",
        IN_FORCE,
        (T_CHANGE + "the_digest_is_of_everything_that_was_read",),
    ),
    Mutant(
        "another proposal than was read is agreed to",
        USECASES,
        "    if proposal.digest != digest:",
        "    if not proposal.digest:",
        IN_FORCE,
        (T_USECASES + "only_what_was_read_is_agreed_to",),
    ),
    Mutant(
        "somebody else's agreement passes for one's own",
        USECASES,
        "if known and known.proposal.digest == digest and known.ended.by == by:",
        "if known and known.proposal.digest == digest:",
        IN_FORCE,
        (T_USECASES + "agreed_to_again_it_is_the_same_and_by_nobody_else",),
    ),
    Mutant(
        "what is proposed while something else is passes for that",
        USECASES,
        "    if not same or (said.by",
        "    if (said.by",
        IN_FORCE,
        (T_USECASES + "proposed_again_it_is_the_same_and_anything_else_has_to_wait",),
    ),
    Mutant(
        "a proposal goes over another one",
        STORE,
        'self._only_if(proposal_row(proposal), "attribute_not_exists(digest)")',
        "self._only_if(\n"
        '                proposal_row(proposal), "attribute_not_exists(digest) OR version > :zero",'
        ' {"zero": 0}\n'
        "            )",
        IN_FORCE,
        (T_STORE + "while_one_is_proposed_no_other_can_be[simulated]",),
    ),
    Mutant(
        "what was made of another version is proposed",
        STORE,
        '            "ConditionExpression": "version = :version",',
        '            "ConditionExpression": "version <= :version",',
        IN_FORCE,
        (T_STORE + "what_was_made_for_another_version_cannot_be_proposed[simulated-3]",),
    ),
    Mutant(
        "a second first version is proposed",
        STORE,
        "        if version == 0:\n            return self._never(CURRENT)\n",
        '        if version == 0:\n            return self._never(PROPOSED + "#")\n',
        IN_FORCE,
        (T_STORE + "what_was_made_for_another_version_cannot_be_proposed[simulated-1]",),
    ),
    Mutant(
        "what was dismissed comes back with a late request",
        STORE,
        '            "ended": self._never(dismissed_key(proposal.digest)),\n',
        "",
        IN_FORCE,
        (T_STORE + "what_is_dismissed_is_not_in_force_and_is_remembered[simulated]",),
    ),
    Mutant(
        "what is not proposed any more is put in force",
        STORE,
        '"digest = :digest", {"digest"',
        '"digest <> :digest OR digest = :digest OR attribute_not_exists(digest)", {"digest"',
        IN_FORCE,
        (T_STORE + "only_what_is_proposed_can_be_ended_and_only_once[simulated]",),
    ),
    Mutant(
        "a policy goes over one that it was not made of",
        STORE,
        "        return versioned_row(self._table, row, version=base)",
        '        return {"Put": {"TableName": self._table, "Item": to_item(row)}}',
        IN_FORCE,
        (
            T_STORE + "what_was_proposed_for_another_policy_than_is_in_force_is_never_put_there"
            "[simulated]",
        ),
    ),
    Mutant(
        "a dismissed policy is in force",
        STORE,
        "        if change.outcome is Outcome.AGREED:",
        "        if change.outcome in Outcome:",
        IN_FORCE,
        (T_STORE + "what_is_dismissed_is_not_in_force_and_is_remembered[simulated]",),
    ),
    Mutant(
        "who lost a reply takes another's word for their own",
        STORE,
        "            if not is_there():\n",
        "            if is_there() is None:\n",
        IN_FORCE,
        (T_STORE + "who_got_no_reply_takes_nobody_elses_word_for_their_own[simulated]",),
    ),
    Mutant(
        "a row that is not what was proposed is believed",
        ROWS,
        '    if proposal.digest != row.get("digest"):',
        '    if not row.get("digest"):',
        IN_FORCE,
        (T_STORE + "a_row_that_is_not_what_was_written_is_never_believed",),
    ),
    Mutant(
        "payouts are decided by the default for ever",
        PAYOUTS,
        "policy=policy_from(control.get(CURRENT), self._default)",
        "policy=policy_from(None, self._default)",
        IN_FORCE,
        (T_STORE + "the_next_payout_is_decided_by_what_two_people_have_agreed_to",),
    ),
    Mutant(
        "a row that holds another version decides",
        ROWS,
        "    if policy.version != version:",
        "    if not version:",
        IN_FORCE,
        (T_STORE + "a_row_in_force_that_holds_another_version_decides_nothing",),
    ),
    Mutant(
        "a policy that cannot be is proposed",
        USECASES,
        "    if faults := faults_of(policy):",
        "    if (faults := faults_of(policy)) and not policy.version + 1:",
        SOUND,
        (T_USECASES + "all_that_is_wrong_with_it_is_told_at_once_at_its_place",),
    ),
    Mutant(
        "a number may be one more than its most",
        POLICY,
        "        if not least <= value <= most:",
        "        if not least <= value <= most + 1:",
        SOUND,
        (T_POLICY + "every_value_has_a_least_and_a_most",),
    ),
    Mutant(
        "a number may be one less than its least",
        POLICY,
        "        if not least <= value <= most:",
        "        if not least <= value + 1 <= most + 1:",
        SOUND,
        (T_POLICY + "every_value_has_a_least_and_a_most",),
    ),
    Mutant(
        "an amount may be less than nothing",
        POLICY,
        "            if not 0 <= value.cents <= LARGEST_CENTS:",
        "            if not value.cents <= LARGEST_CENTS:",
        SOUND,
        (T_POLICY + "every_value_has_a_least_and_a_most",),
    ),
    Mutant(
        "two people are needed for less than one is",
        POLICY,
        "    if rules.two_above < rules.one_above:",
        "    if rules.two_above < rules.two_above:",
        SOUND,
        (T_POLICY + "what_is_wrong_is_told_all_at_once",),
    ),
    Mutant(
        "a rule of risk that is none has a weight",
        POLICY,
        "sorted(set(risk.weights) - set(RULES))",
        "sorted(set(risk.weights) & set(RULES) - set(RULES))",
        SOUND,
        (T_POLICY + "what_is_wrong_is_told_all_at_once",),
    ),
    Mutant(
        "what somebody told wrongly is as by default, and nobody hears of it",
        POLICY_TOLD,
        'faults.append(Fault(f"{place}/{shown}", "unknown_field"',
        '(Fault(f"{place}/{shown}", "unknown_field"',
        SOUND,
        (T_POLICY + "all_that_is_wrong_with_what_is_told_is_told_at_once_and_never_the_value",),
    ),
    Mutant(
        "a name that is told twice is taken the second time",
        POLICY_TOLD,
        "    if len(told) < len(pairs):",
        "    if len(told) > len(pairs):",
        SOUND,
        (T_POLICY + "what_is_no_json_is_said_to_be_none",),
    ),
    Mutant(
        "a trial judges by the rules of then",
        TRIAL,
        "risk.score(assessment.signals, rules), rules)",
        "assessment.score, rules)",
        TRIED,
        (T_CHANGE + "what_was_is_told_by_why_and_what_would_be_by_the_signals",),
    ),
    Mutant(
        "a trial tells what was by the rules of now",
        TRIAL,
        "return Risk.REVIEW if decision.RISK in assessment.why else Risk.ALLOWED",
        "return Risk.REVIEW if assessment.why else Risk.ALLOWED",
        TRIED,
        (T_CHANGE + "what_was_is_told_by_why_and_what_would_be_by_the_signals",),
    ),
    Mutant(
        "a preview takes a bot for a person",
        PREVIEW,
        "Asking(clock.new_id(), by, drafted)",
        "Asking(clock.new_id(), by)",
        TRIED,
        (T_REQUEST + "a_preview_says_what_would_come_of_it_and_stores_nothing",),
    ),
    Mutant(
        "a trial that ran out of time passes for whole",
        TRY,
        "complete=False)",
        "complete=True)",
        TRIED,
        (T_USECASES + "where_time_runs_out_it_says_so_and_how_many_it_has_seen",),
    ),
    Mutant(
        "a trial goes a day too far back",
        TRY,
        "timedelta(days=days - 1)",
        "timedelta(days=days)",
        TRIED,
        (T_USECASES + "all_payouts_of_the_days_are_tried_page_by_page",),
    ),
)
