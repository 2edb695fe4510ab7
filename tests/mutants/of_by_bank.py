"""Mutants of the bank as a provider, which the contract of all providers has to notice."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import BANKS_ALONE, BANKS_WORD

BY_BANK = "chalicelib/adapters/by_bank.py"
T_ALL = "tests/contracts/test_provider.py::test_"
T_OWN = "tests/contracts/test_by_bank.py::test_"

MUTANTS = (
    Mutant(
        "a write into a file without an answer counts as not done",
        BY_BANK,
        "            return Unclear(at=now, by=BANK, attempt=attempt, doubt=Doubt.CONNECTION_LOST)",
        '            return Refused(at=now, by=BANK, attempt=attempt, refusal="unavailable")',
        BANKS_ALONE,
        (T_ALL + "without_a_connection_nothing_is_sent_and_nothing_is_learnt[bank-memory]",),
    ),
    Mutant(
        "that it is in a file already counts as a refusal",
        BY_BANK,
        "        if payout.file_id and within > 0:\n",
        "        if payout.file_id and within < 0:\n",
        BANKS_ALONE,
        (T_ALL + "a_second_request_under_one_reference_is_never_taken_for_a_refusal[bank-memory]",),
    ),
    Mutant(
        "what the bank gave back is no credit",
        BY_BANK,
        "            if line.came_back is not None:\n                entries",
        "            if line.came_back is not None and not line.why:\n                entries",
        BANKS_WORD,
        (T_ALL + "money_that_comes_back_is_a_credit_beside_its_debit[bank-memory-NPP]",),
    ),
    Mutant(
        "the statement names what nobody says that the bank took",
        BY_BANK,
        "            if file.stage is Stage.TAKEN\n        }",
        "            if file.digest\n        }",
        BANKS_WORD,
        (T_ALL + "the_statement_names_what_succeeded[bank-memory]",),
    ),
    Mutant(
        "the bank took what somebody was given",
        BY_BANK,
        "        if file.stage is Stage.TAKEN:\n            return Accepted",
        "        if file.digest:\n            return Accepted",
        BANKS_WORD,
        (T_OWN + "nothing_is_known_until_somebody_says_that_the_bank_took_it[in_memory]",),
    ),
)
