"""Mutants of choosing a way: one that cannot carry it, a dearer one, at a wrong time."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import ALL_FAULTS, KEY, ROUTED

WAYS = "chalicelib/domain/ways.py"
ORDER = "chalicelib/domain/order.py"
CALENDAR = "chalicelib/domain/calendar.py"
ASKED = "chalicelib/domain/asked.py"
CONSIDER = "chalicelib/usecases/consider.py"
EXPECTED = "chalicelib/domain/expected.py"
T_WAYS = "tests/domain/test_ways.py::test_"
T_EXPECTED = "tests/domain/test_expected.py::test_"
T_REQUEST = "tests/usecases/test_ways.py::test_"

MUTANTS = (
    Mutant(
        "a way that cannot carry it is gone where it is cheaper",
        WAYS,
        "    best = min(possible or candidates, key",
        "    best = min(candidates, key",
        ROUTED,
        (T_WAYS + "a_way_is_chosen_and_the_reason_is_told_as_people_read_it",),
    ),
    Mutant(
        "a rail that was named is left for another one",
        WAYS,
        "        candidates = [each for each in candidates if each.rail is wish.rail]\n",
        "        candidates = [each for each in candidates if each.fee]\n",
        ROUTED,
        (T_WAYS + "a_rail_that_was_named_is_not_left_for_another_one",),
    ),
    Mutant(
        "what is not urgent is sent the fastest way",
        WAYS,
        "        return self.urgent or self.strategy is Strategy.FASTEST\n",
        "        return self.strategy is not Strategy.CHEAPEST\n",
        ROUTED,
        (T_WAYS + "a_way_is_chosen_and_the_reason_is_told_as_people_read_it",),
    ),
    Mutant(
        "a fee is reckoned without the tax on it",
        WAYS,
        "(excluding_gst * _GST).quantize",
        "excluding_gst.quantize",
        ROUTED,
        (T_WAYS + "a_fee_is_what_leaves_the_account_gst_included_rounded_half_up",),
    ),
    Mutant(
        "an account that Direct Entry cannot pay is paid by it",
        ORDER,
        "        why = to.why_not_direct_entry()\n",
        "        why = None\n",
        ALL_FAULTS,
        (T_WAYS + "an_account_that_direct_entry_cannot_pay_goes_over_npp_however_cheap_that_is",),
    ),
    Mutant(
        "what was seen to be charged counts less than the settings",
        CONSIDER,
        "{**routing.costs, **opening.costs}",
        "{**opening.costs, **routing.costs}",
        ROUTED,
        (T_REQUEST + "the_fees_of_the_settings_count_until_another_one_was_seen",),
    ),
    Mutant(
        "the same key finds a payout that was asked for without a strategy",
        ORDER,
        '            ("strategy", str(self.strategy or "")),\n',
        "",
        KEY,
        (T_REQUEST + "the_same_key_with_another_strategy_is_another_request",),
    ),
    Mutant(
        "a field that is newer than a payout makes its own request another one",
        ASKED,
        '    before |= {(name, "") for name, _ in told if name not in named}\n',
        "",
        KEY,
        (T_REQUEST + "a_payout_of_the_time_before_strategies_is_found_again_by_the_same_request",),
    ),
    Mutant(
        "there is time to agree until the very cut-off",
        CALENDAR,
        "astimezone(UTC) - DOUBT",
        "astimezone(UTC)",
        ROUTED,
        (T_EXPECTED + "a_direct_credit_says_until_when_to_agree_for_todays_batches",),
    ),
    Mutant(
        "a payout that waits for others is there whenever it was asked for",
        EXPECTED,
        "    sent_at = now if payout.status in UNSENT else payout.sent_at or payout.updated_at\n",
        "    sent_at = payout.sent_at or payout.updated_at\n",
        ROUTED,
        (T_EXPECTED + "what_was_not_sent_yet_arrives_as_if_it_were_sent_now",),
    ),
)
