"""Mutants of forgetting: who may be forgotten, what is destroyed, and that it stays destroyed."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import BACK, ERASED, FORGOTTEN, NO_NEW

ERASURE = "chalicelib/domain/erasure.py"
ERASE = "chalicelib/usecases/erase.py"
DESTROY = "chalicelib/usecases/destroy.py"
FORGET = "chalicelib/usecases/forget.py"
HOLDS = "chalicelib/usecases/holds.py"
KEEP_ERASED = "chalicelib/usecases/keep_erased.py"
CONSIDER = "chalicelib/usecases/consider.py"
PARTS = "chalicelib/adapters/dynamo/parts.py"
T_ERASURE = "tests/domain/test_erasure.py::test_"
T_ERASE = "tests/usecases/test_erase.py::test_"
T_KEEP_ERASED = "tests/usecases/test_keep_erased.py::test_"
T_FORGETTING = "tests/contracts/test_forgetting.py::test_"

MUTANTS = (
    Mutant(
        "somebody is certified as forgotten whose payout cannot be read",
        FORGET,
        "    if page.unreadable:\n",
        "    if page.unreadable and not page.items and page.position:\n",
        FORGOTTEN,
        (T_ERASE + "nobody_is_certified_while_a_payout_of_theirs_cannot_be_read",),
    ),
    Mutant(
        "somebody is certified as forgotten while a webhook about them cannot be read",
        FORGET,
        "            _refuse_unreadable(page)\n            for listed in page.items:\n"
        "                whole",
        "            for listed in page.items:\n                whole",
        FORGOTTEN,
        (T_ERASE + "nobody_is_certified_while_a_webhook_about_them_cannot_be_read",),
    ),
    Mutant(
        "an open payout is forgotten",
        ERASURE,
        "return payout.status not in OPEN",
        "return payout.status is not None",
        FORGOTTEN,
        (T_ERASURE + "an_open_payout_is_not_forgotten",),
    ),
    Mutant(
        "a legal hold is overlooked",
        ERASURE,
        "    if customer.held:\n",
        "    if customer.held and not customer.holds:\n",
        FORGOTTEN,
        (T_ERASE + "all_that_stands_in_its_way_is_told_at_once",),
    ),
    Mutant(
        "a debt is no balance",
        ERASURE,
        "if customer.available != ZERO:",
        "if customer.available > ZERO:",
        FORGOTTEN,
        (T_ERASURE + "everything_in_the_way_has_a_code_and_ids",),
    ),
    Mutant(
        "a customer of a dispute is forgotten",
        ERASURE,
        "if disputed and customer.stopped:",
        "if disputed and not customer:",
        FORGOTTEN,
        (T_ERASURE + "everything_in_the_way_has_a_code_and_ids",),
    ),
    Mutant(
        "a letter that waits for a person is no obstacle",
        ERASURE,
        "    if letters:\n",
        "    if letters and not customer:\n",
        FORGOTTEN,
        (T_ERASURE + "everything_in_the_way_has_a_code_and_ids",),
    ),
    Mutant(
        "what was asked for outlives its erasure",
        ERASURE,
        "asked=asked.forgotten(intent.asked, _TEXTS),",
        "",
        ERASED,
        (T_ERASURE + "of_a_payout_texts_and_ciphertext_go_and_all_else_stays",),
    ),
    Mutant(
        "what comes between the look and the mark is overlooked",
        ERASE,
        "        faults = _obstacles(customer, run.memory)\n"
        "        if faults:\n"
        "            return Forgetting(customer, faults)\n",
        "",
        FORGOTTEN,
        (T_ERASE + "a_hold_that_comes_between_the_look_and_the_decision_is_seen",),
    ),
    Mutant(
        "a payout that could not be forgotten is not waited for",
        DESTROY,
        "        except Stale:\n            left = True",
        "        except Stale:\n            left = left",
        ERASED,
        (T_ERASE + "a_payout_that_hears_something_meanwhile_is_looked_at_again",),
    ),
    Mutant(
        "only what the index shows is waited for",
        DESTROY,
        "left = not run.memory.forget(listed.transaction_id).done or left",
        "run.memory.forget(listed.transaction_id)",
        ERASED,
        (T_ERASE + "an_open_payout_that_the_index_hides_is_left_whole_and_waited_for",),
    ),
    Mutant(
        "an erasure that has begun to destroy is taken back",
        ERASE,
        "if customer.erasure.stage is not Erasing.ASKED:",
        "if not customer.erasure.stage:",
        FORGOTTEN,
        (T_ERASE + "what_is_destroyed_is_not_taken_back",),
    ),
    Mutant(
        "a letter that came meanwhile outlives its erasure",
        FORGET,
        "        if letter.is_open:\n            return Forgot(done=False)\n",
        "",
        ERASED,
        (T_ERASE + "a_dead_letter_that_comes_before_its_webhook_is_destroyed_is_waited_for",),
    ),
    Mutant(
        "webhooks of the last attempt outlive their payout",
        FORGET,
        "for attempt in range(1, payout.attempt + 1):",
        "for attempt in range(1, payout.attempt):",
        ERASED,
        (T_ERASE + "all_that_is_personal_is_destroyed_and_what_the_books_need_stays",),
    ),
    Mutant(
        "a hold is placed on what is being destroyed",
        HOLDS,
        "        if customer.erasure is not None and customer.erasure.stage is not "
        "Erasing.ASKED:\n"
        "            raise CustomerErased\n",
        "",
        FORGOTTEN,
        (T_ERASE + "once_it_destroys_no_hold_can_be_placed_any_more",),
    ),
    Mutant(
        "who a backup brought back stays",
        KEEP_ERASED,
        "if not (customer.erased and is_forgotten(customer)):",
        "if not customer.erased:",
        BACK,
        (T_KEEP_ERASED + "a_backup_of_the_moment_before_the_certificate_keeps_the_reason",),
    ),
    Mutant(
        "a backup brings a second certificate",
        DESTROY,
        "        content = run.archive.get(name) or content\n"
        "        proven = erasure_of(name, content)\n",
        "        proven = erasure\n",
        BACK,
        (
            T_KEEP_ERASED + "a_backup_in_which_they_are_asked_to_be_forgotten_once_more_k"
            "eeps_the_first_certificate",
        ),
    ),
    Mutant(
        "somebody who is being forgotten asks for a payout",
        CONSIDER,
        "    if customer.erasure is not None:\n        raise CustomerErased(",
        "    if False:\n        raise CustomerErased(",
        NO_NEW,
        (T_ERASE + "after_the_mark_nothing_new_can_be_asked_for",),
    ),
    Mutant(
        "a payout and an erasure at the same moment both win",
        PARTS,
        'conditions += ["attribute_not_exists(erasing_at)"] if steps[0].before is None else []',
        "conditions += []",
        NO_NEW,
        (
            T_FORGETTING + "nothing_new_is_paid_to_somebody_who_is_being_forgotten[simul"
            "ated-erasure0]",
        ),
    ),
    Mutant(
        "a credit by hand to somebody who is being forgotten",
        PARTS,
        'condition += " AND attribute_not_exists(erasing_at)" if by_hand else ""',
        'condition += ""',
        NO_NEW,
        (T_FORGETTING + "a_credit_by_hand_is_refused_and_leaves_the_funds_as_they_are[simulated]",),
    ),
    Mutant(
        "a check's token and registered name outlive whom they are of",
        FORGET,
        "        destroyed = self.checks.forget(customer_id)\n",
        "        destroyed = 0\n",
        ERASED,
        (
            T_ERASE
            + "of_account_checks_the_token_and_the_registered_name_go_and_what_they_cost_stays",
        ),
    ),
    Mutant(
        "what a backup brought back of a check stays",
        KEEP_ERASED,
        "run.memory.forget_more(customer_id)",
        "0 * len(customer_id)",
        BACK,
        (T_KEEP_ERASED + "an_account_check_that_is_back_or_was_answered_late_is_emptied_again",),
    ),
    Mutant(
        "a forgotten customer is known by what is planned for them",
        FORGET,
        "                destroyed += forget_schedule(\n",
        "                destroyed += bool(0) and forget_schedule(\n",
        ERASED,
        (T_ERASE + "schedules_end_and_their_texts_go",),
    ),
    Mutant(
        "schedules beyond the first page of a customer's outlive them",
        FORGET,
        "            position = page.position\n            if position is None:\n"
        "                return destroyed\n",
        "            return destroyed\n",
        ERASED,
        (T_ERASE + "more_schedules_than_a_page_has_end",),
    ),
)
