"""The cases catch what people get wrong: a flaw of a tiny API turns its cases red, and no other."""

from __future__ import annotations

import pytest

from tests.contracts.idempotency.__main__ import main
from tests.contracts.idempotency.adapter import NextCall
from tests.contracts.idempotency.cases import CASES
from tests.contracts.idempotency.run import Verdict, results
from tests.contracts.idempotency.tiny import Flaw
from tests.contracts.idempotency.tiny_adapter import tiny

RED: dict[Flaw, set[str]] = {
    Flaw.NO_KEYS: {
        "replay", "other_body", "in_flight", "crash_between_store_and_send", "reuse_after_failure",
        "after_a_day", "after_years", "time_out", "lost_reply", "other_principal", "other_route",
        "concurrent",
    },
    Flaw.IGNORES_BODY: {"other_body"},
    Flaw.IGNORES_PRINCIPAL: {"other_principal"},
    Flaw.ONE_KEY_SPACE: {"other_route"},
    Flaw.LOOKS_THEN_ACTS: {"in_flight", "concurrent"},
    Flaw.FORGETS_AFTER_A_DAY: {"after_a_day", "after_years"},
    Flaw.FORGETS_AFTER_A_YEAR: {"after_years"},
    Flaw.FORGETS_FAILURES: {"reuse_after_failure"},
    Flaw.RETRIES_BLINDLY: {"lost_reply"},
    Flaw.SAYS_FAILED: {"lost_reply"},
    Flaw.SAYS_PAID: {"time_out"},
    Flaw.CALLS_THEN_STORES: {"crash_between_store_and_send"},
    Flaw.LEAVES_IT_LYING: {"crash_between_store_and_send", "time_out", "lost_reply"},
}  # fmt: skip


def verdicts(api):
    return {each.name: each.verdict for each in results(api)}


def test_an_api_without_a_flaw_keeps_all_twelve():
    with tiny() as api:
        assert set(verdicts(api).values()) == {Verdict.PASSED}


@pytest.mark.parametrize("flaw", Flaw)
def test_a_flaw_turns_red_what_names_it(flaw):
    with tiny(flaw) as api:
        found = verdicts(api)
    assert {name for name, verdict in found.items() if verdict is Verdict.FAILED} == RED[flaw]


def test_every_case_is_turned_red_by_a_flaw():
    assert set().union(*RED.values()) == {case.__name__ for case in CASES}


def test_what_an_adapter_cannot_stage_is_reported_by_name():
    with tiny(unstaged=frozenset({NextCall.IS_SLOW})) as api:
        found = {each.name: each for each in results(api)}
    not_staged = [each for each in found.values() if each.verdict is Verdict.NOT_STAGED]
    assert [each.name for each in not_staged] == ["in_flight"]
    assert "not staged" in str(not_staged[0])
    assert "no call here is slow" in str(not_staged[0])


def test_the_command_ends_well_for_a_sound_api(capsys):
    assert main(["--adapter", "tests.contracts.idempotency.tiny_adapter:sound"]) == 0
    assert "12 passed, 0 FAILED, 0 not staged of 12 cases" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["nowhere", "nowhere:at_all", "json:nothing", "json:__doc__"])
def test_an_adapter_that_is_not_to_be_had_gets_a_clear_message(name, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--adapter", name])
    assert ended.value.code == 2
    assert name in capsys.readouterr().err
