"""Mutants of keeping: what is archived, what shrinks then, and what is never lost by it."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import ARCHIVED, EXPIRE, KEY, LATE, LOCKED, SENDABLE

ARCHIVE = "chalicelib/domain/archive.py"
USECASES_ARCHIVE = "chalicelib/usecases/archive.py"
TRAIL = "chalicelib/usecases/trail.py"
SEND = "chalicelib/usecases/send.py"
PARTS = "chalicelib/adapters/dynamo/parts.py"
KEEPING = "chalicelib/adapters/dynamo/keeping.py"
SOUNDNESS = "chalicelib/domain/soundness.py"
REQUEST = "chalicelib/usecases/request.py"
ADAPTERS_ARCHIVE = "chalicelib/adapters/archive.py"
SIGNING = "chalicelib/adapters/signing.py"
T_ARCHIVE = "tests/domain/test_archive.py::test_"
T_USECASES_ARCHIVE = "tests/usecases/test_archive.py::test_"
T_KEEPING = "tests/contracts/test_keeping.py::test_"
T_CONTRACTS_ARCHIVE = "tests/contracts/test_archive.py::test_"
T_SIGNER = "tests/contracts/test_signer.py::test_"

MUTANTS = (
    Mutant(
        "an open payout is archived",
        ARCHIVE,
        "        payout.status not in OPEN\n        and not",
        "        payout.status is not None\n        and not",
        ARCHIVED,
        (T_ARCHIVE + "what_is_open_or_disputed_is_never_ripe",),
    ),
    Mutant(
        "a payout is archived before it has rested",
        ARCHIVE,
        "        and sydney_date(payout.updated_at) <= last\n",
        "",
        ARCHIVED,
        (T_ARCHIVE + "a_payout_that_has_ended_is_ripe_once_it_has_rested",),
    ),
    Mutant(
        "what waits for a person is archived",
        ARCHIVE,
        "        and not attention(payout)\n",
        "",
        ARCHIVED,
        (T_ARCHIVE + "what_is_open_or_disputed_is_never_ripe",),
    ),
    Mutant(
        "a payout that has lost a step is archived",
        ARCHIVE,
        "    refuse_gaps(payout, new, since=payout.archived)\n",
        "",
        ARCHIVED,
        (T_ARCHIVE + "only_steps_that_no_object_holds_are_in_the_line",),
    ),
    Mutant(
        "an object need not be what its name says",
        ARCHIVE,
        "content is None or hashlib.sha256(content).hexdigest() not in name",
        "content is None",
        ARCHIVED,
        (T_ARCHIVE + "no_object_is_read_that_is_not_what_its_name_says",),
    ),
    Mutant(
        "what an archived payout was asked for is not kept",
        ARCHIVE,
        "        kept_digest=intent.digest,\n",
        "",
        LATE,
        (T_ARCHIVE + "a_small_payout_has_nothing_that_could_be_sent_and_keeps_its_digest",),
    ),
    Mutant(
        "an archived payout could still be sent",
        ARCHIVE,
        'ciphertext=b"", ciphertext_digest',
        "ciphertext=sealed.ciphertext, ciphertext_digest",
        SENDABLE,
        (T_ARCHIVE + "a_small_payout_has_nothing_that_could_be_sent_and_keeps_its_digest",),
    ),
    Mutant(
        "news between the object and the small row is lost",
        USECASES_ARCHIVE,
        "if payout is None or payout.last_hash != line.last_hash:",
        "if payout is None:",
        ARCHIVED,
        (
            T_USECASES_ARCHIVE
            + "news_between_the_object_and_the_small_row_keeps_the_payout_as_it_is",
        ),
    ),
    Mutant(
        "steps expire before the payout says where they lie",
        USECASES_ARCHIVE,
        "        if payout is None or name not in payout.archives:\n"
        "            _shrink(payout, line, name, run)\n"
        "        at = run.clock.now() + GRACE\n"
        "        run.payouts.expire_steps(line.transaction_id, line.steps, at=at)\n",
        "        at = run.clock.now() + GRACE\n"
        "        run.payouts.expire_steps(line.transaction_id, line.steps, at=at)\n"
        "        if payout is None or name not in payout.archives:\n"
        "            _shrink(payout, line, name, run)\n",
        EXPIRE,
        (
            T_USECASES_ARCHIVE + "a_payout_goes_to_the_archive_ninety_days_after_its_end_and_n"
            "ot_a_day_sooner",
        ),
    ),
    Mutant(
        "what is ripe is decided on the index",
        USECASES_ARCHIVE,
        "if payout is None or not is_ripe(payout, at.day):",
        "if payout is None:",
        ARCHIVED,
        (T_USECASES_ARCHIVE + "what_the_index_does_not_know_yet_is_told_by_the_key",),
    ),
    Mutant(
        "a lost step leaves a shorter timeline",
        TRAIL,
        "    if payout.archives:\n        refuse_gaps(payout, steps)\n",
        "",
        LATE,
        (T_USECASES_ARCHIVE + "a_late_step_that_is_lost_gives_no_timeline",),
    ),
    Mutant(
        "what is archived or erased is sent",
        SEND,
        "if not payout.intent.destination.ciphertext:",
        "if not payout.intent.destination:",
        SENDABLE,
        (T_USECASES_ARCHIVE + "what_is_archived_cannot_be_sent_whatever_its_status_says",),
    ),
    Mutant(
        "a step brings back what was taken away since it was read",
        PARTS,
        '    less = "attribute_not_exists(revision)"',
        '    less = "attribute_exists(transaction_id)"',
        ARCHIVED,
        (
            T_KEEPING + "no_step_is_written_on_top_of_what_was_read_before_it_became_"
            "small[simulated]",
        ),
    ),
    Mutant(
        "steps go that no object holds",
        KEEPING,
        '"ConditionExpression": "archived >= :through"',
        '"ConditionExpression": "attribute_exists(transaction_id) OR archived >= :through"',
        EXPIRE,
        (T_KEEPING + "no_step_goes_of_a_payout_that_does_not_say_where_it_lies[simulated]",),
    ),
    Mutant(
        "a step goes that is not what the object holds",
        KEEPING,
        '"ConditionExpression": "#hash = :hash"',
        '"ConditionExpression": "attribute_exists(#hash) OR #hash = :hash"',
        EXPIRE,
        (T_KEEPING + "a_step_that_is_not_what_is_stored_does_not_go[simulated]",),
    ),
    Mutant(
        "an intent may change as it shrinks",
        SOUNDNESS,
        "    if after != expected or now.digest != was.digest:",
        "    if after != expected:",
        ARCHIVED,
        (T_ARCHIVE + "an_intent_that_says_less_says_nothing_else",),
    ),
    Mutant(
        "a key of an archived payout is anything's",
        REQUEST,
        "asked.differing(payout.transaction_id, payout.intent.asked, order.told)",
        "[*()]",
        KEY,
        (T_USECASES_ARCHIVE + "a_key_used_again_for_something_else_or_by_another_is_refused",),
    ),
    Mutant(
        "other content under a name passes for the same",
        ADAPTERS_ARCHIVE,
        "        if there != digest:",
        "        if not there:",
        LOCKED,
        (
            T_CONTRACTS_ARCHIVE
            + "the_same_content_again_is_no_failure_and_other_content_is_one[moto]",
        ),
    ),
    Mutant(
        "an object may be written over",
        ADAPTERS_ARCHIVE,
        ' IfNoneMatch="*",',
        "",
        LOCKED,
        (
            T_CONTRACTS_ARCHIVE
            + "the_same_content_again_is_no_failure_and_other_content_is_one[moto]",
        ),
    ),
    Mutant(
        "what could not be read was never there",
        ADAPTERS_ARCHIVE,
        "            if _code(error) in _MISSING:\n"
        "                return None\n"
        '            raise _unavailable("read", error) from error\n'
        "\n"
        "    def names",
        "            if _code(error) is not None:\n"
        "                return None\n"
        '            raise _unavailable("read", error) from error\n'
        "\n"
        "    def names",
        LOCKED,
        (T_CONTRACTS_ARCHIVE + "an_archive_that_is_away_says_so[moto]",),
    ),
    Mutant(
        "a document is signed as if it were its digest",
        SIGNING,
        'MessageType="DIGEST"',
        'MessageType="RAW"',
        LOCKED,
        (T_SIGNER + "a_signature_verifies_over_the_document_with_the_public_key_alone[moto]",),
    ),
)
