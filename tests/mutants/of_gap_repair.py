"""Mutants of the repair of gaps, and of the subscriptions, tokens and keys that webhooks need."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import MISSING, ROTATED

REPAIRS = "chalicelib/adapters/dynamo/repairs.py"
JUDGING = "chalicelib/domain/repair.py"
REPAIR = "chalicelib/usecases/repair.py"
SUBSCRIBE = "chalicelib/usecases/subscribe.py"
SIGNATURE = "chalicelib/adapters/monoova/signature.py"
NOTICES = "chalicelib/adapters/monoova/notices.py"
T_REPAIR = "tests/usecases/test_repair.py::test_"
T_JUDGING = "tests/domain/test_repair.py::test_"
T_REPAIRS = "tests/adapters/test_dynamo_repairs.py::test_"
T_SUBSCRIBE = "tests/usecases/test_subscribe.py::test_"
T_SUBSCRIPTIONS = "tests/adapters/test_monoova_subscriptions.py::test_"
T_SIGNATURE = "tests/adapters/test_monoova_signature.py::test_"
T_ROTATION = "tests/api/test_rotation.py::test_"

MUTANTS = (
    Mutant(
        "a forgery counts as the webhook that is missing",
        REPAIRS,
        ' and row.get("authentic") != NO',
        "",
        MISSING,
        (T_REPAIR + "what_did_not_prove_to_be_the_providers_does_not_count_as_kept",),
    ),
    Mutant(
        "one asking is counted by two",
        REPAIRS,
        'return self._put(asked, "#times = :before AND #ending = :open",'
        ' {"before": asked.times - 1})',
        'return self._put(asked, "#ending = :open", {})',
        MISSING,
        (T_REPAIRS + "an_asking_is_counted_once_and_in_order",),
    ),
    Mutant(
        "two take the same run",
        REPAIRS,
        '            values["due"], condition = row["due_at"], "due_at = :due"\n',
        '            condition = "attribute_exists(due_at)"\n',
        MISSING,
        (T_REPAIRS + "of_two_who_take_it_at_once_one_gets_it",),
    ),
    Mutant(
        "a run that was overtaken says how far it came",
        REPAIRS,
        '            "began_at = :began",\n',
        '            "began_at = :began OR attribute_exists(due_at)",\n',
        MISSING,
        (T_REPAIRS + "a_run_that_was_overtaken_leaves_nothing",),
    ),
    Mutant(
        "days before the first whole run are forgotten",
        REPAIRS,
        'since = perhaps_moment(row.get("since")) or (first - REACH if first else None)',
        'since = perhaps_moment(row.get("since"))',
        MISSING,
        (T_REPAIR + "days_before_the_first_whole_run_are_a_persons_too",),
    ),
    Mutant(
        "one copy proves that all have come",
        JUDGING,
        "        if len(copies) < len(group):\n",
        "        if not copies:\n",
        MISSING,
        (T_JUDGING + "fewer_copies_than_were_asked_for_prove_nothing",),
    ),
    Mutant(
        "a copy that is not kept heals",
        JUDGING,
        "Ending.REPLACED if number < len(lost) else Ending.HEALED",
        "Ending.HEALED",
        MISSING,
        (
            T_JUDGING + "all_of_as_many_copies_have_to_be_kept",
            T_REPAIR + "a_copy_that_is_lost_again_is_asked_for_in_the_place_of_the_first",
        ),
    ),
    Mutant(
        "what the provider did not take has a copy",
        JUDGING,
        "if each.webhook_id in told and each.taken:",
        "if each.webhook_id in told:",
        MISSING,
        (T_JUDGING + "what_the_provider_did_not_take_has_no_copy",),
    ),
    Mutant(
        "an acknowledgement from before the asking heals",
        JUDGING,
        "    if told.sent and not before.was_sent:\n",
        "    if told.sent:\n",
        MISSING,
        (T_REPAIR + "what_was_always_acknowledged_has_to_be_kept_to_be_healed",),
    ),
    Mutant(
        "a webhook is asked for for ever, and never a person's",
        JUDGING,
        "    elif before.times >= MOST_TIMES:\n",
        "    elif before.times > 10**6:\n",
        MISSING,
        (T_REPAIR + "a_webhook_that_cannot_be_had_is_asked_for_three_times_and_is_then_a_persons",),
    ),
    Mutant(
        "copies are asked for for ever, and never a person's",
        JUDGING,
        "    elif heir_of is not None and heir_of.times >= MOST_TIMES:\n",
        "    elif heir_of is not None and heir_of.times > 10**6:\n",
        MISSING,
        (
            T_REPAIR
            + "with_new_ids_too_a_webhook_that_cannot_be_had_is_a_persons_after_three_times",
        ),
    ),
    Mutant(
        "a webhook that cannot be had is given up in silence",
        REPAIR,
        "    if asked.ending is Ending.GIVEN_UP:\n",
        "    if not asked.webhook_id:\n",
        MISSING,
        (T_REPAIR + "a_webhook_that_cannot_be_had_is_asked_for_three_times_and_is_then_a_persons",),
    ),
    Mutant(
        "what is still under way is behind the next run",
        REPAIR,
        "accounted = min([run.began_at - GRACE - SKEW,"
        " *(each.told_at or since for each in still_open)])",
        "accounted = run.began_at",
        MISSING,
        (T_REPAIR + "what_a_poller_whose_clock_is_ahead_cannot_know_yet_is_found_later",),
    ),
    Mutant(
        "all clocks are alike",
        REPAIR,
        "run.began_at - GRACE - SKEW",
        "run.began_at - GRACE",
        MISSING,
        (T_REPAIR + "what_a_poller_whose_clock_is_ahead_cannot_know_yet_is_found_later",),
    ),
    Mutant(
        "of a long report only the first page is read",
        REPAIR,
        "            if part.length < TAKE:\n                break\n",
        "            break\n",
        MISSING,
        (T_REPAIR + "a_long_report_is_read_page_by_page",),
    ),
    Mutant(
        "what was not counted is asked for",
        REPAIR,
        "        if not means.repairs.ask(asked):\n            continue\n",
        "        means.repairs.ask(asked)\n",
        MISSING,
        (T_REPAIR + "what_another_run_has_just_counted_is_not_asked_for_twice",),
    ),
    Mutant(
        "the provider is asked behind a closed gate",
        REPAIR,
        "if time_left() >= LEAST and not gate.closed():",
        "if time_left() >= LEAST:",
        MISSING,
        (T_REPAIR + "behind_a_closed_gate_nobody_is_asked",),
    ),
    Mutant(
        "any answer of ours is an acknowledgement",
        "chalicelib/adapters/monoova/subscriptions.py",
        'exact_json.text(code, 10) == "200"',
        'exact_json.text(code, 10).startswith("20")',
        MISSING,
        (T_SUBSCRIPTIONS + "only_exactly_200_and_sent_is_acknowledged",),
    ),
    Mutant(
        "a token counts as told although that failed",
        SUBSCRIBE,
        "if not change.failure and change.what != DELETED",
        "if change.what != DELETED",
        ROTATED,
        (T_SUBSCRIBE + "a_token_that_may_not_have_been_told_is_told_the_next_time",),
    ),
    Mutant(
        "a new token is told to nobody",
        "chalicelib/domain/subscriptions.py",
        "return [] if told.mark == mark else [Gap.OTHER_TOKEN]",
        "return []",
        ROTATED,
        (T_SUBSCRIBE + "a_new_token_is_told_to_every_subscription_once",),
    ),
    Mutant(
        "what is deleted was not named",
        SUBSCRIBE,
        "        if there and there in delete:\n",
        "        if there and (there in delete or (line.gaps and not line.is_curable)):\n",
        ROTATED,
        (T_SUBSCRIBE + "nothing_is_deleted_but_what_was_named",),
    ),
    Mutant(
        "the token before is not believed any more",
        NOTICES,
        'tokens = [secret.get("current", ""), secret.get("previous", "")]',
        'tokens = [secret.get("current", "")]',
        ROTATED,
        (T_ROTATION + "a_token_is_changed_step_by_step_and_no_webhook_is_lost",),
    ),
    Mutant(
        "the provider is told a token out of the cache",
        NOTICES,
        'self._secrets.read(self._arn, fresh=True).get("current", "")',
        'self._secrets.read(self._arn).get("current", "")',
        ROTATED,
        (T_SUBSCRIPTIONS + "the_token_is_read_past_the_cache",),
    ),
    Mutant(
        "the key before is not believed any more",
        SIGNATURE,
        "self._former, self._former_until = self._key, now + LATE_SECONDS",
        "self._former, self._former_until = None, now",
        ROTATED,
        (T_SIGNATURE + "what_was_signed_with_the_key_before_may_come_late_for_a_day",),
    ),
    Mutant(
        "the key before is believed for ever",
        SIGNATURE,
        "        if self._monotonic() < self._former_until:\n",
        "        if self._former is not None:\n",
        ROTATED,
        (T_SIGNATURE + "what_was_signed_with_the_key_before_may_come_late_for_a_day",),
    ),
)
