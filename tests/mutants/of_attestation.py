"""Mutants of what is signed for a date, and of the verification that holds it to that."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import ATTESTED, VERIFIED

MERKLE = "chalicelib/domain/merkle.py"
ATTESTATION = "chalicelib/domain/attestation.py"
GATHERING = "chalicelib/domain/gathering.py"
LEAVES = "chalicelib/usecases/leaves.py"
ATTEST = "chalicelib/usecases/attest.py"
VERIFICATION = "chalicelib/domain/verification.py"
T_MERKLE = "tests/domain/test_merkle.py::test_"
T_ATTESTATION = "tests/domain/test_attestation.py::test_"
T_ATTEST = "tests/usecases/test_attest.py::test_"
T_VERIFICATION = "tests/domain/test_verification.py::test_"

MUTANTS = (
    Mutant(
        "a leaf may pass for a node",
        MERKLE,
        '_LEAF, _NODE = b"\\x00", b"\\x01"',
        '_LEAF, _NODE = b"\\x01", b"\\x01"',
        VERIFIED,
        (T_MERKLE + "its_roots_are_those_that_are_published",),
    ),
    Mutant(
        "the next night names a file without its signature",
        ATTESTATION,
        "return Filed(name_of(self.attestation.day), hashlib.sha256(self.raw).hexdigest())",
        "return Filed(name_of(self.attestation.day), self.attestation.digest.hex())",
        ATTESTED,
        (T_ATTESTATION + "the_next_night_names_the_whole_file_with_its_signature",),
    ),
    Mutant(
        "a night that was stopped signs for the rest only",
        GATHERING,
        "tree = Tree.from_text(self.tree)\n        for",
        "tree = Tree()\n        for",
        ATTESTED,
        (T_ATTEST + "stopped_between_two_chunks_it_signs_for_both",),
    ),
    Mutant(
        "what changed again since is not signed for",
        LEAVES,
        "for on in days(day, sydney_date(now + _AHEAD)):",
        "for on in [day]:",
        ATTESTED,
        (T_ATTEST + "a_payout_that_changed_again_since_is_signed_for_as_it_stood_then",),
    ),
    Mutant(
        "a payout that moves on while it is read is lost",
        LEAVES,
        "for on in days(day, sydney_date(now + _AHEAD)):",
        "for on in reversed(days(day, sydney_date(now + _AHEAD))):",
        ATTESTED,
        (T_ATTEST + "a_payout_that_moves_to_the_next_day_while_it_is_read_is_not_lost",),
    ),
    Mutant(
        "a payout that moved on twice is not looked up",
        LEAVES,
        "if sighting.created_on > day or (eve is not None and eve.on < day):",
        "if sighting.created_on > day or eve is None or eve.on < day:",
        ATTESTED,
        (T_ATTEST + "a_row_without_a_mark_is_looked_up_by_its_steps",),
    ),
    Mutant(
        "a day is signed for before its last steps are written",
        ATTEST,
        "if now < start_of(night.day + _DAY) + SETTLES:",
        "if now < start_of(night.day + _DAY):",
        ATTESTED,
        (T_ATTEST + "a_day_is_not_signed_for_before_its_last_steps_are_written",),
    ),
    Mutant(
        "a second run signs again",
        ATTEST,
        "    if (raw := archive.get(form.name_of(night.day))) is not None:\n"
        "        return save(_done(night, _known(night.day, raw)))\n",
        "",
        ATTESTED,
        (T_ATTEST + "a_second_run_finds_the_attestation_and_makes_no_other",),
    ),
    Mutant(
        "a night is signed for without the one before",
        ATTEST,
        "        before=place.before,",
        "        before=None,",
        ATTESTED,
        (T_ATTEST + "each_night_names_the_one_before_and_its_reports",),
    ),
    Mutant(
        "an attestation of another date is taken for this one's",
        ATTEST,
        "    if found.day != day:",
        "    if not found.day:",
        ATTESTED,
        (T_ATTEST + "an_attestation_of_another_date_or_none_at_all_is_not_taken_for_this_ones",),
    ),
    Mutant(
        "any key may have signed",
        VERIFICATION,
        "    if trusted and signed.key not in trusted:",
        "    if trusted and not signed.key:",
        VERIFIED,
        (T_VERIFICATION + "a_key_that_is_not_trusted_proves_nothing",),
    ),
    Mutant(
        "a signature is not looked at",
        VERIFICATION,
        "    if not verifies(key, sealed.signature, signed.digest):",
        "    if not sealed.signature:",
        VERIFIED,
        (T_VERIFICATION + "a_signature_of_another_document_key_or_nobody_is_noticed",),
    ),
    Mutant(
        "the link to the night before is not looked at",
        VERIFICATION,
        "    if signed.before.sha256 != filed.sha256:",
        "    if not signed.before.sha256:",
        VERIFIED,
        (T_VERIFICATION + "a_missing_exchanged_or_denied_night_before_is_named",),
    ),
    Mutant(
        "a night that is missing is not named",
        VERIFICATION,
        "    if missing != signed.day and signed.day not in gaps:",
        "    if missing > signed.day and signed.day not in gaps:",
        VERIFIED,
        (T_VERIFICATION + "a_night_that_was_missed_is_named_unless_that_is_known",),
    ),
    Mutant(
        "a step that was changed passes",
        VERIFICATION,
        "        if link.proof != link.hash:",
        "        if not link.proof:",
        VERIFIED,
        (T_VERIFICATION + "a_changed_posting_is_named",),
    ),
    Mutant(
        "a step that was taken out passes",
        VERIFICATION,
        "        if link.sequence != sequence:",
        "        if not link.sequence:",
        VERIFIED,
        (T_VERIFICATION + "a_missing_step_is_named",),
    ),
    Mutant(
        "a chain that was written anew passes",
        VERIFICATION,
        "    if links[sequence - 1].hash != attested.leaf.hash:",
        "    if not links[sequence - 1].hash:",
        VERIFIED,
        (T_VERIFICATION + "a_chain_that_was_rewritten_whole_is_named_where_it_was_signed_for",),
    ),
    Mutant(
        "a row that was set back passes",
        VERIFICATION,
        "    if standing.version < last.leaf.sequence:",
        "    if standing.version < 0:",
        VERIFIED,
        (T_VERIFICATION + "a_row_that_was_set_back_is_noticed",),
    ),
    Mutant(
        "a payout that was removed passes",
        VERIFICATION,
        "    if not links:\n",
        "    if links is None:\n",
        VERIFIED,
        (T_VERIFICATION + "a_removed_payout_is_noticed",),
    ),
    Mutant(
        "leaves that were not signed for pass",
        VERIFICATION,
        "    if (tree.count, tree.root) != (signed.leaves, signed.root):",
        "    if tree.count != signed.leaves:",
        VERIFIED,
        (T_VERIFICATION + "leaves_that_were_signed_for_wrongly_are_noticed_all_the_same",),
    ),
)
