"""Our own service keeps all twelve rules, over its real HTTP door; none is left unstaged."""

from __future__ import annotations

import pytest

from tests.contracts.idempotency.cases import CASES
from tests.contracts.idempotency.ours import ours
from tests.contracts.idempotency.run import Verdict, results

NAMES = (
    "replay", "other_body", "in_flight", "crash_between_store_and_send", "reuse_after_failure",
    "after_a_day", "after_years", "other_principal", "other_route", "time_out", "lost_reply",
    "concurrent",
)  # fmt: skip


@pytest.mark.timeout(600)
def test_all_twelve_cases_were_staged_and_passed():
    with ours() as api:
        found = list(results(api))
    assert [each.name for each in found] == list(NAMES)
    wrong = [str(each) for each in found if each.verdict is not Verdict.PASSED]
    assert wrong == []


def test_every_case_states_its_rule_and_names_no_api():
    assert [case.__name__ for case in CASES] == list(NAMES)
    rules = [case.__doc__ or "" for case in CASES]
    assert all(len(rule) > 40 for rule in rules)
    assert not any("Monoova" in rule or "DynamoDB" in rule for rule in rules)
