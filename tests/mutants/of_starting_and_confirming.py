"""Mutants of starting an account check and trying its code: who sends, counts, and is told."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import CODES, CRASH, KEY, NO_NEW, ONE_CENT, VERIFIED_ACCOUNT

STARTING = "chalicelib/usecases/check_account.py"
CHECKS = "chalicelib/usecases/checks.py"
CONFIRMING = "chalicelib/usecases/confirm_account.py"
T_START = "tests/usecases/test_check_account.py::test_"
T_CONFIRM = "tests/usecases/test_confirm_account.py::test_"

MUTANTS = (
    Mutant(
        "who was too late to start a check sends all the same",
        STARTING,
        "    except Stale:\n        return None\n",
        "    except Stale:\n        return replace(asked, version=version + 1)\n",
        ONE_CENT,
        (T_START + "of_two_starts_at_once_with_two_keys_one_sends",),
    ),
    Mutant(
        "a second check begins beside one that goes on",
        STARTING,
        "            _refuse_second(latest, means)\n",
        "            pass\n",
        ONE_CENT,
        (T_START + "there_is_no_second_check_beside_one_that_goes_on_or_was_passed",),
    ),
    Mutant(
        "a cent in doubt is sent again with the same key",
        STARTING,
        "    return kept.check.status is CheckStatus.UNSENT",
        "    return kept.check.status in {CheckStatus.UNSENT, CheckStatus.UNCLEAR}",
        ONE_CENT,
        (
            T_START
            + "a_start_in_doubt_is_never_sent_again_until_a_person_starts_another_after_its_time",
        ),
    ),
    Mutant(
        "who was killed after the start was stored sends another cent",
        STARTING,
        "    return kept.check.status is CheckStatus.UNSENT",
        "    return kept.check.status in {CheckStatus.UNSENT, CheckStatus.STARTING}",
        CRASH,
        (T_START + "killed_after_the_call_the_cent_is_never_sent_again",),
    ),
    Mutant(
        "a key starts somebody else's check",
        STARTING,
        "    if kept.check.started_by != by:\n",
        "    if not kept.check.started_by:\n",
        KEY,
        (T_START + "a_key_is_its_principals",),
    ),
    Mutant(
        "who is stopped is sent a cent",
        STARTING,
        "    if customer.stopped:\n        raise CustomerStopped\n",
        "",
        ONE_CENT,
        (T_START + "who_is_stopped_or_forgotten_is_sent_no_cent",),
    ),
    Mutant(
        "who is being forgotten is sent a cent",
        STARTING,
        "    if customer.erasure is not None:\n        raise CustomerErased\n",
        "",
        NO_NEW,
        (T_START + "who_is_stopped_or_forgotten_is_sent_no_cent",),
    ),
    Mutant(
        "a cent is sent without the time to hear of it",
        STARTING,
        "    if time_left() < LEAST:\n",
        "    if time_left() < 0:\n",
        ONE_CENT,
        (T_START + "nothing_is_stored_while_nothing_can_be_unsealed_or_no_time_is_left",),
    ),
    Mutant(
        "whose name an account has is kept",
        STARTING,
        "owner=mask_name(told.owner))",
        "owner=told.owner)",
        VERIFIED_ACCOUNT,
        (T_START + "of_the_registered_name_a_verdict_and_a_mask_are_kept",),
    ),
    Mutant(
        "a code is asked about before it is counted",
        CONFIRMING,
        "    kept = _changed(kept, lambda check: tried(check, at=means.clock.now()), means)\n"
        "    judged = means.verifier.confirm(kept.token, code, within=time_left() - RESERVE)\n",
        "    judged = means.verifier.confirm(kept.token, code, within=time_left() - RESERVE)\n"
        "    kept = _changed(kept, lambda check: tried(check, at=means.clock.now()), means)\n",
        CODES,
        (
            T_CONFIRM + "a_code_is_counted_before_it_is_asked_about",
            T_CONFIRM + "of_a_crowd_no_more_than_three_codes_are_tried",
        ),
    ),
    Mutant(
        "the answer to one check is another's",
        CONFIRMING,
        "            if kept.check.identifier != identifier:\n                break\n",
        "",
        VERIFIED_ACCOUNT,
        (T_CONFIRM + "an_answer_of_a_check_that_is_not_the_latest_any_more_changes_nothing",),
    ),
    Mutant(
        "what is verified is asked about once more",
        CONFIRMING,
        "    if kept.check.status is CheckStatus.VERIFIED:\n        return told_of(kept, means)\n",
        "",
        CODES,
        (T_CONFIRM + "what_is_verified_stays_so_without_another_question",),
    ),
    Mutant(
        "an older check takes the place of a newer one",
        CHECKS,
        "        latest = means.checks.current(destination_id)\n",
        "        latest: KeptCheck | None = kept\n",
        VERIFIED_ACCOUNT,
        (T_START + "an_older_check_never_takes_the_place_of_a_newer_one",),
    ),
    Mutant(
        "a check is told of a destination that was removed",
        CHECKS,
        "own = customer.destination(destination_id) is not None and customer.erasure is None",
        "own = customer.erasure is None",
        VERIFIED_ACCOUNT,
        (T_START + "a_destination_that_was_removed_meanwhile_is_told_nothing_of",),
    ),
    Mutant(
        "a check is told of who is being forgotten",
        CHECKS,
        "own = customer.destination(destination_id) is not None and customer.erasure is None",
        "own = customer.destination(destination_id) is not None",
        NO_NEW,
        (T_CONFIRM + "a_customer_who_is_being_forgotten_is_written_no_check",),
    ),
    Mutant(
        "the registered name is compared with itself",
        STARTING,
        "compare(customer.name, told.owner",
        "compare(told.owner, told.owner",
        VERIFIED_ACCOUNT,
        (
            T_START
            + "the_registered_name_has_to_be_the_customers_whatever_name_came_with_the_payid",
        ),
    ),
)
