"""Mutants of idempotency keys at the doors: an action once, and nobody else's."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import DONE_ONCE, OWN_KEY

ONCE = "chalicelib/api/once.py"
PORT = "chalicelib/ports/keys.py"
KEYS = "chalicelib/adapters/dynamo/keys.py"
INTAKE = "chalicelib/api/intake.py"
T_ONCE = "tests/api/test_once.py::test_"
T_KEYS = "tests/contracts/test_keys.py::test_"
T_PAYOUTS = "tests/api/test_payouts_routes.py::test_"

MUTANTS = (
    Mutant(
        "the same request again is done again",
        ONCE,
        "    if before is not None:\n        _refuse",
        "    if before is not None and not before.done:\n        _refuse",
        DONE_ONCE,
        (T_ONCE + "the_same_request_again_is_shown_and_done_no_second_time[cancel_payout]",),
    ),
    Mutant(
        "what was done is not noted",
        ONCE,
        "    keys.finish(use)\n",
        "",
        DONE_ONCE,
        (T_ONCE + "the_same_request_again_is_shown_and_done_no_second_time[cancel_payout]",),
    ),
    Mutant(
        "it is noted as done before it is",
        ONCE,
        "        reply = act()\n",
        "        keys.finish(use)\n        reply = act()\n",
        DONE_ONCE,
        (T_ONCE + "a_key_of_which_nobody_knows_what_came_of_it_stays_its_requests",),
    ),
    Mutant(
        "what was refused uses its key up",
        ONCE,
        "        if status_of(type(error)) < SERVER_ERRORS:",
        "        if status_of(type(error)) < 400:",
        DONE_ONCE,
        (T_ONCE + "a_refused_action_leaves_its_key_as_it_was",),
    ),
    Mutant(
        "a key of which nobody knows what came of it is anybody's",
        ONCE,
        "        if status_of(type(error)) < SERVER_ERRORS:",
        "        if status_of(type(error)) <= 599:",
        OWN_KEY,
        (T_ONCE + "a_key_of_which_nobody_knows_what_came_of_it_stays_its_requests",),
    ),
    Mutant(
        "why it was refused is not told where the key cannot be released",
        ONCE,
        "with suppress(PayoutError):",
        "with suppress(LookupError):",
        DONE_ONCE,
        (T_ONCE + "why_it_was_refused_is_told_where_its_key_cannot_be_released",),
    ),
    Mutant(
        "the key is anybody's",
        ONCE,
        "    if before.by != use.by:",
        "    if before.by != before.by:",
        OWN_KEY,
        (T_ONCE + "the_key_is_nobody_elses[cancel_payout]",),
    ),
    Mutant(
        "the key is for anything that its principal asks for",
        ONCE,
        "    if faults:\n",
        "    if faults and before.by != use.by:\n",
        OWN_KEY,
        (T_ONCE + "another_body_is_told_field_by_field",),
    ),
    Mutant(
        "the key is for the same of any thing",
        ONCE,
        'else {"": said}), **ids}',
        'else {"": said})}',
        OWN_KEY,
        (T_ONCE + "the_key_is_for_one_thing_only[cancel_payout]",),
    ),
    Mutant(
        "a key at another operation is the same",
        ONCE,
        'derived_id(f"key of {operation.name}", call.key)',
        'derived_id("key", call.key)',
        OWN_KEY,
        (T_ONCE + "the_same_key_at_another_operation_is_another_one",),
    ),
    Mutant(
        "anybody can try out what was said",
        ONCE,
        "hmac.new(key.encode(), text",
        "hmac.new(name.encode(), text",
        OWN_KEY,
        (T_ONCE + "the_fields_of_a_use_tell_nothing_to_who_has_no_key",),
    ),
    Mutant(
        "a payout needs no key",
        INTAKE,
        "        operation.key is Key.BY_SETTING and not house.settings.require_idempotency_key\n",
        "        operation.key is Key.BY_SETTING\n",
        DONE_ONCE,
        (T_PAYOUTS + "without_a_key_a_payout_is_refused_and_told_how",),
    ),
    Mutant(
        "a policy is proposed without a key",
        INTAKE,
        "    optional = operation.key is Key.OPTIONAL or (",
        "    optional = operation.key is not Key.BY_SETTING or (",
        DONE_ONCE,
        ("tests/api/test_policies_routes.py::test_a_proposal_needs_a_key_and_a_reason",),
    ),
    Mutant(
        "a key of the wrong form is a key",
        INTAKE,
        "    if len(key) not in KEY_LENGTHS or not",
        "    if not",
        OWN_KEY,
        (T_PAYOUTS + "a_key_of_the_wrong_form_is_refused",),
    ),
    Mutant(
        "another principal's request makes the same mark",
        PORT,
        "[self.operation, self.by, sorted",
        "[self.operation, sorted",
        OWN_KEY,
        (T_KEYS + "a_claim_stands_in_the_way_of_another_request[simulated-other0]",),
    ),
    Mutant(
        "another request makes the same mark",
        PORT,
        "sorted(self.fields.items())",
        "sorted(self.fields)",
        OWN_KEY,
        (T_KEYS + "a_claim_stands_in_the_way_of_another_request[simulated-other2]",),
    ),
    Mutant(
        "what was done is claimed again",
        KEYS,
        '{_FREE} OR (#done = :no AND {_OURS})", mark=use.mark, no=False)',
        '{_FREE} OR {_OURS}", mark=use.mark)',
        DONE_ONCE,
        (T_KEYS + "a_key_that_is_done_is_found_as_it_was_used[simulated]",),
    ),
    Mutant(
        "a claim is anybody's while nobody has finished it",
        KEYS,
        '{_FREE} OR (#done = :no AND {_OURS})", mark=use.mark, no=False)',
        '{_FREE} OR #done = :no", no=False)',
        OWN_KEY,
        (T_KEYS + "a_claim_stands_in_the_way_of_another_request[simulated-other2]",),
    ),
    Mutant(
        "a claim whose owner died stands in their own way",
        KEYS,
        '_OURS = "(#mark = :mark OR #mark = :released)"',
        '_OURS = "(#mark <> :mark AND #mark = :released)"',
        DONE_ONCE,
        (T_KEYS + "a_claim_that_was_never_finished_goes_to_the_next_try[simulated]",),
    ),
    Mutant(
        "finishing takes the key of another request",
        KEYS,
        'self._put(_row(replace(use, done=True)), f"{_FREE} OR {_OURS}", mark=use.mark)',
        'self._put(_row(replace(use, done=True)), "#mark <> :mark OR #done = :no", '
        "mark=RELEASED, no=False)",
        OWN_KEY,
        (T_KEYS + "finishing_takes_no_key_from_another_request[simulated-other2]",),
    ),
    Mutant(
        "a claim that another try took over is released",
        KEYS,
        '"#claim = :claim AND #done = :no", claim=use.claim_id, no=False',
        '"#done = :no", no=False',
        DONE_ONCE,
        (T_KEYS + "a_claim_that_another_try_took_over_is_not_released[simulated]",),
    ),
    Mutant(
        "what is done is released",
        KEYS,
        '"#claim = :claim AND #done = :no", claim=use.claim_id, no=False',
        '"#claim = :claim", claim=use.claim_id',
        DONE_ONCE,
        (T_KEYS + "what_is_done_is_not_released[simulated]",),
    ),
    Mutant(
        "a row that is not what was stored is believed",
        KEYS,
        '        sound = use.mark == found["mark"]',
        '        sound = bool(found["mark"])',
        OWN_KEY,
        (T_KEYS + "a_row_that_no_use_can_have_is_corrupt[simulated-spoilt1]",),
    ),
)
