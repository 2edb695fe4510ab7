"""Mutants of an account check's life: what follows from what, and what verifies."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import CODES, KEY, ONE_CENT, VERIFIED_ACCOUNT

CHECK = "chalicelib/domain/account_check.py"
STARTING = "chalicelib/usecases/check_account.py"
T_CHECK = "tests/domain/test_account_check.py::test_"
T_CONFIRM = "tests/usecases/test_confirm_account.py::test_"
LOCKS = (T_CHECK + "three_tries_lock_it_for_an_hour_and_then_there_are_three_again",)
ANOTHER = (T_CHECK + "another_may_begin_only_when_no_cent_is_under_way_and_none_came_back",)
LAPSES = (T_CHECK + "what_is_under_way_lapses_when_its_time_is_over",)

MUTANTS = (
    Mutant(
        "a start in doubt was certainly never sent",
        CHECK,
        "H.IN_DOUBT: S.UNCLEAR,",
        "H.IN_DOUBT: S.UNSENT,",
        ONE_CENT,
        (T_CHECK + "a_start_in_doubt_leads_nowhere",),
    ),
    Mutant(
        "another check begins while it is not known whether a cent has left",
        CHECK,
        "status in {S.EXPIRED, S.FAILED, S.UNSENT}",
        "status in {S.EXPIRED, S.FAILED, S.UNSENT, S.UNCLEAR}",
        ONE_CENT,
        ANOTHER,
    ),
    Mutant(
        "another check begins at the very moment of the first",
        CHECK,
        "    return check is None or as_of(check, now).status in",
        "    return check is None or as_of(check, check.expires_at).status in",
        ONE_CENT,
        ANOTHER,
    ),
    Mutant(
        "what is verified may be checked anew",
        CHECK,
        "status in {S.EXPIRED, S.FAILED, S.UNSENT}",
        "status in {S.EXPIRED, S.FAILED, S.UNSENT, S.VERIFIED}",
        ONE_CENT,
        ANOTHER,
    ),
    Mutant(
        "a check lapses a moment after its time",
        CHECK,
        "    if check.status in UNDER_WAY and now >= check.expires_at:",
        "    if check.status in UNDER_WAY and now > check.expires_at:",
        VERIFIED_ACCOUNT,
        LAPSES,
    ),
    Mutant(
        "a start in doubt never lapses",
        CHECK,
        "UNDER_WAY = frozenset({S.STARTING, S.STARTED, S.LOCKED, S.UNCLEAR})",
        "UNDER_WAY = frozenset({S.STARTING, S.STARTED, S.LOCKED})",
        ONE_CENT,
        (T_CHECK + "the_table_has_a_row_for_every_status_and_strands_nobody",),
    ),
    Mutant(
        "one key starts one check for all destinations",
        CHECK,
        'f"{destination_id}/{key}")',
        "key)",
        KEY,
        (T_CHECK + "what_a_check_is_called_follows_from_key_and_destination_alone",),
    ),
    Mutant(
        "a wrong code verifies",
        CHECK,
        "H.RIGHT: S.VERIFIED, H.WRONG: S.STARTED,",
        "H.RIGHT: S.VERIFIED, H.WRONG: S.VERIFIED,",
        VERIFIED_ACCOUNT,
        (T_CHECK + "only_the_right_code_verifies_and_nothing_takes_it_back",),
    ),
    Mutant(
        "a late word takes a verification back",
        CHECK,
        "H.NOT_ANSWERED: S.VERIFIED, H.LOST: S.VERIFIED,",
        "H.NOT_ANSWERED: S.VERIFIED, H.LOST: S.FAILED,",
        VERIFIED_ACCOUNT,
        (T_CHECK + "only_the_right_code_verifies_and_nothing_takes_it_back",),
    ),
    Mutant(
        "the account of somebody else is verified by its code",
        CHECK,
        "self.status is S.VERIFIED and self.match is not NameMatch.NO_MATCH",
        "self.status is S.VERIFIED",
        VERIFIED_ACCOUNT,
        (T_CHECK + "an_account_of_another_name_is_not_verified_by_its_code",),
    ),
    Mutant(
        "a destination whose code never came back is verified",
        "chalicelib/domain/standing.py",
        "self.check is not None and self.check.verified",
        "self.check is not None",
        VERIFIED_ACCOUNT,
        (T_CONFIRM + "of_another_name_the_right_code_verifies_nothing",),
    ),
    Mutant(
        "a fourth code is tried",
        CHECK,
        "    last = now.attempts + 1 >= MOST_TRIES",
        "    last = now.attempts + 1 > MOST_TRIES",
        CODES,
        LOCKS,
    ),
    Mutant(
        "a lock ends before its hour is over",
        CHECK,
        "LOCKED_FOR = timedelta(hours=1)",
        "LOCKED_FOR = timedelta(minutes=59)",
        CODES,
        LOCKS,
    ),
    Mutant(
        "a lock lasts beyond its hour",
        CHECK,
        "now >= check.locked_until:",
        "now > check.locked_until:",
        CODES,
        LOCKS,
    ),
    Mutant(
        "after a lock there is one code only",
        CHECK,
        "status=S.STARTED, attempts=0, locked_until=None)",
        "status=S.STARTED, attempts=MOST_TRIES - 1, locked_until=None)",
        CODES,
        LOCKS,
    ),
    Mutant(
        "the provider's own lock is for ever",
        CHECK,
        "    if heard in {H.TRIED_LAST, H.BLOCKED}:",
        "    if heard is H.TRIED_LAST:",
        CODES,
        (T_CHECK + "the_providers_own_lock_is_believed",),
    ),
    Mutant(
        "a code that was never asked about counts",
        CHECK,
        "        attempts = max(attempts - 1, 0)\n",
        "        attempts = max(attempts, 0)\n",
        CODES,
        (T_CHECK + "a_code_that_was_never_asked_about_is_given_back",),
    ),
    Mutant(
        "a code whose answer is lost does not count",
        CHECK,
        "    if heard is H.NOT_ASKED:\n",
        "    if heard in {H.NOT_ASKED, H.NOT_ANSWERED}:\n",
        CODES,
        (T_CHECK + "a_code_whose_answer_is_lost_stays_counted",),
    ),
)
