"""Mutants of what came back and is paid once more."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import REDRAFTS

DOMAIN = "chalicelib/domain/redraft.py"
INTENT = "chalicelib/domain/intent.py"
SOUNDNESS = "chalicelib/domain/soundness.py"
PARTS = "chalicelib/adapters/dynamo/parts.py"
REFUSED = "chalicelib/adapters/dynamo/refused.py"
STORE = "chalicelib/adapters/dynamo/payouts.py"
ROWS = "chalicelib/adapters/dynamo/payout_rows.py"
REQUEST = "chalicelib/usecases/request.py"
ROUTES = "chalicelib/routes/payouts.py"
ORIGINALS = "chalicelib/usecases/originals.py"
T_DOMAIN = "tests/domain/test_redraft.py::test_"
T_USE = "tests/usecases/test_redraft.py::test_"
T_ORIGINALS = "tests/usecases/test_originals.py::test_"
T_STORE = "tests/contracts/test_redrafts.py::test_"
T_ROWS = "tests/adapters/test_dynamo_rows.py::test_"
T_API = "tests/api/test_redraft_routes.py::test_"

MUTANTS = (
    Mutant(
        "each key makes another redraft",
        DOMAIN,
        'return derived_id("redraft", transaction_id)',
        'return derived_id("redraft", f"{transaction_id} {id(object())}")',
        REDRAFTS,
        (T_USE + "what_came_back_is_paid_once_more_by_a_payout_of_its_own",),
    ),
    Mutant(
        "a second redraft takes the place of the first",
        DOMAIN,
        '    if original.redrafted_as not in {"", redraft}:\n'
        "        raise AlreadyRedrafted(original.redrafted_as)\n",
        "",
        REDRAFTS,
        (T_DOMAIN + "it_is_redrafted_once_and_the_second_names_the_first",),
    ),
    Mutant(
        "what is before a person is paid once more",
        DOMAIN,
        "    if attention(original):\n        raise BeforeAPerson\n",
        "",
        REDRAFTS,
        (
            T_DOMAIN + "what_is_before_a_person_is_not_redrafted",
            T_USE + "what_a_person_has_to_look_at_is_not_paid_once_more",
        ),
    ),
    Mutant(
        "the table lets what is disputed be paid once more",
        "chalicelib/domain/payout.py",
        "        **_stays(Status.DISPUTED, *_REPLIES",
        "        Redrafted: Status.DISPUTED,\n        **_stays(Status.DISPUTED, *_REPLIES",
        REDRAFTS,
        (T_DOMAIN + "nothing_else_is", T_USE + "what_turned_out_to_be_paid_is_not_paid_once_more"),
    ),
    Mutant(
        "a payout and its redrafts have no end",
        DOMAIN,
        "    if len(lineage) > LONGEST:",
        "    if not lineage:",
        REDRAFTS,
        (T_DOMAIN + "redrafts_of_redrafts_know_all_that_came_back_before_them_and_come_to_an_end",),
    ),
    Mutant(
        "a redraft's redraft knows its original only",
        DOMAIN,
        "lineage = (original.transaction_id, *was.redraft_of)",
        "lineage = (original.transaction_id,)",
        REDRAFTS,
        (
            T_DOMAIN
            + "redrafts_of_redrafts_know_all_that_came_back_before_them_and_come_to_an_end",
            T_USE + "a_redrafts_redraft_is_not_made_nor_sent_once_the_very_first_is_paid",
        ),
    ),
    Mutant(
        "what went in a bank file is redrafted by Direct Entry though nobody named it",
        DOMAIN,
        "    if correction.rail or not original.file_id:",
        "    if correction.rail or original.rail:",
        REDRAFTS,
        (
            T_DOMAIN + "what_went_in_a_bank_file_goes_as_was_asked_for_at_first",
            T_DOMAIN + "and_where_nobody_asked_for_a_way_it_is_left_to_us",
        ),
    ),
    Mutant(
        "any key is the one that made the redraft",
        DOMAIN,
        '            (KEY, derived_id("key of redraft", key)),\n',
        "",
        REDRAFTS,
        (T_USE + "another_key_is_told_of_the_redraft_that_there_is",),
    ),
    Mutant(
        "what it replaces is no part of its digest",
        INTENT,
        "*way, *before,",
        "*way,",
        REDRAFTS,
        (T_DOMAIN + "a_payout_that_is_no_redraft_has_the_digest_that_it_always_had",),
    ),
    Mutant(
        "a redraft is written without its original's step",
        SOUNDNESS,
        "    if (named, own) != (told, new.transaction_id):",
        "    if original and (named, own) != (told, new.transaction_id):",
        REDRAFTS,
        (T_DOMAIN + "a_redraft_is_not_written_without_its_originals_step",),
    ),
    Mutant(
        "an original's step is written with any payout",
        SOUNDNESS,
        "    if (named, own) != (told, new.transaction_id):",
        "    if not original and named:",
        REDRAFTS,
        (T_DOMAIN + "no_other_payout_is_written_with_an_originals_step",),
    ),
    Mutant(
        "an original's step may be unsound",
        SOUNDNESS,
        "    if original:\n        refuse_unsound([original])\n",
        "",
        REDRAFTS,
        (T_DOMAIN + "the_originals_step_is_as_sound_as_any",),
    ),
    Mutant(
        "the original is not written with its redraft",
        STORE,
        '        return {f"{CLAIM} original": put, ',
        "        return {",
        REDRAFTS,
        (
            T_STORE + "an_original_that_has_changed_since_it_was_read_makes_nothing[simulated]",
            T_STORE + "both_are_read_as_they_were_written_and_the_step_is_in_the_trail[simulated]",
        ),
    ),
    Mutant(
        "the original's step is not written with its redraft",
        STORE,
        ', f"{CLAIM} original\'s step": event}',
        "}",
        REDRAFTS,
        (T_STORE + "both_are_read_as_they_were_written_and_the_step_is_in_the_trail[simulated]",),
    ),
    Mutant(
        "what waits is sent though its original is paid",
        STORE,
        "        more |= originals_part(tables.transactions, steps, original)\n",
        "",
        REDRAFTS,
        (
            T_STORE + "what_waits_is_not_claimed_once_its_original_is_paid[simulated]",
            T_STORE + "and_is_not_made_once_one_of_them_is_paid[simulated]",
        ),
    ),
    Mutant(
        "what waits is sent though its original is contradicted",
        PARTS,
        'f"#status IN ({names}) AND {calm}"',
        'f"#status IN ({names}) AND ({calm} OR :contradiction = :contradiction)"',
        REDRAFTS,
        (T_STORE + "what_waits_is_not_claimed_once_its_original_is_contradicted[simulated]",),
    ),
    Mutant(
        "only the last that came back is looked at",
        PARTS,
        "for each in before if each != own}",
        "for each in before[:1] if each != own}",
        REDRAFTS,
        (T_STORE + "a_redrafts_redraft_looks_at_all_that_came_back_before_it[simulated]",),
    ),
    Mutant(
        "the refused claim of a redraft is told as want of money",
        REFUSED,
        "    if paid:\n        raise OriginalDisputed\n",
        "",
        REDRAFTS,
        (T_STORE + "that_it_is_paid_is_told_before_that_the_customer_is_stopped[simulated]",),
    ),
    Mutant(
        "the version before can read a redraft",
        ROWS,
        'return {"redrafted_by": intent.created_by, "redraft_of":',
        'return {"created_by": intent.created_by, "redrafted_by": intent.created_by, "redraft_of":',
        REDRAFTS,
        (
            T_ROWS
            + "the_version_before_cannot_read_a_redraft_for_it_would_forget_of_what_it_is_one",
        ),
    ),
    Mutant(
        "a second look at the key of a redraft is none",
        REQUEST,
        "    if KEY in differing:\n        raise AlreadyRedrafted(payout.transaction_id)\n",
        "",
        REDRAFTS,
        (T_API + "another_key_gets_409_and_the_id_of_the_redraft",),
    ),
    Mutant(
        "a redraft waits in every run of the poller, and nobody hears of it",
        "chalicelib/usecases/worry.py",
        "    lasting = (Contradiction, CustomerStopped, OriginalDisputed)\n",
        "    lasting = (Contradiction, CustomerStopped)\n",
        REDRAFTS,
        (T_USE + "nor_once_the_customers_payouts_go_on_and_a_person_cancels_it",),
    ),
    Mutant(
        "a redraft goes out without another question about its original",
        ORIGINALS,
        "    if original.status is not Status.FAILED:",
        "    if original.status is not Status.DISPUTED:",
        REDRAFTS,
        (
            T_ORIGINALS
            + "a_redraft_is_not_sent_if_the_provider_knows_its_original_after_all[False]",
        ),
    ),
    Mutant(
        "what the provider then knows of an original keeps its redraft back no longer",
        ORIGINALS,
        "                return Hindrance.ORIGINAL_IN_DOUBT\n",
        "                continue\n",
        REDRAFTS,
        (T_ORIGINALS + "a_redraft_is_not_sent_if_the_provider_knows_its_original_after_all[True]",),
    ),
    Mutant(
        "a redraft goes out though nobody could be asked about its original",
        ORIGINALS,
        "    except (PayoutError, Corrupt):\n        return Hindrance.ORIGINAL_IN_DOUBT\n",
        "    except (PayoutError, Corrupt):\n        return None\n",
        REDRAFTS,
        (T_ORIGINALS + "without_an_answer_nothing_is_sent_until_there_is_one",),
    ),
    Mutant(
        "only the last that was refused is asked about",
        ORIGINALS,
        "in redraft.intent.redraft_of:",
        "in redraft.intent.redraft_of[:1]:",
        REDRAFTS,
        (T_ORIGINALS + "all_that_was_refused_before_it_is_asked_about",),
    ),
    Mutant(
        "only the last attempt of an original is asked about",
        ORIGINALS,
        "range(1, original.attempt + 1)",
        "range(original.attempt, original.attempt + 1)",
        REDRAFTS,
        (T_ORIGINALS + "every_attempt_of_it_is_asked_about_but_those_that_went_in_a_bank_file",),
    ),
    Mutant(
        "a redraft goes into a bank file though nobody could be asked about its original",
        "chalicelib/usecases/bank_content.py",
        'return "original_refused" if asks_first(payout, payouts=means.payouts) else ""',
        'return ""',
        REDRAFTS,
        (T_ORIGINALS + "while_nobody_can_be_asked_it_goes_into_no_bank_file_either",),
    ),
    Mutant(
        "a bot's redraft is sent",
        ROUTES,
        "time_left=call.time_left, drafted=only_drafts(call.roles),\n    )  # fmt: skip\n"
        "    return _placed(placed, w)\n\n\ndef _placed",
        "time_left=call.time_left,\n    )  # fmt: skip\n"
        "    return _placed(placed, w)\n\n\ndef _placed",
        REDRAFTS,
        (T_API + "a_bots_redraft_waits_for_a_person",),
    ),
)
