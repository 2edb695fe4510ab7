"""All mutants, and the project that they are mutants of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tests.mutants import (
    of_a_payouts_life,
    of_answers_and_amounts,
    of_attestation,
    of_comparing,
    of_days_and_receipts,
    of_dead_letters,
    of_erasure,
    of_findings_and_notices,
    of_funds_that_run_short,
    of_gap_repair,
    of_hearing_and_deciding,
    of_lost_replies,
    of_matching_and_allocating,
    of_money_that_comes_in,
    of_nights,
    of_reasons_and_settlement_days,
    of_sending_and_asking,
    of_settlements,
    of_steps_and_patience,
    of_the_archive,
    of_the_provider,
    of_the_store,
    of_webhooks_and_seals,
    of_work_on_findings,
)
from tests.mutants.copies import Project

if TYPE_CHECKING:
    from tests.mutants.mutant import Mutant

PAYOUTS = Project(
    root=Path(__file__).resolve().parent.parent.parent,
    parts=("app.py", "chalicelib", "local", "tests", "bench", "pyproject.toml", ".chalice"),
    packages=("chalicelib",),
    options=("-p", "pytest_timeout", "--timeout=60"),
)
MUTANTS: tuple[Mutant, ...] = (
    *of_answers_and_amounts.MUTANTS,
    *of_a_payouts_life.MUTANTS,
    *of_steps_and_patience.MUTANTS,
    *of_sending_and_asking.MUTANTS,
    *of_hearing_and_deciding.MUTANTS,
    *of_the_store.MUTANTS,
    *of_lost_replies.MUTANTS,
    *of_the_provider.MUTANTS,
    *of_webhooks_and_seals.MUTANTS,
    *of_funds_that_run_short.MUTANTS,
    *of_money_that_comes_in.MUTANTS,
    *of_settlements.MUTANTS,
    *of_matching_and_allocating.MUTANTS,
    *of_findings_and_notices.MUTANTS,
    *of_dead_letters.MUTANTS,
    *of_gap_repair.MUTANTS,
    *of_nights.MUTANTS,
    *of_attestation.MUTANTS,
    *of_the_archive.MUTANTS,
    *of_erasure.MUTANTS,
    *of_work_on_findings.MUTANTS,
    *of_reasons_and_settlement_days.MUTANTS,
    *of_comparing.MUTANTS,
    *of_days_and_receipts.MUTANTS,
)
