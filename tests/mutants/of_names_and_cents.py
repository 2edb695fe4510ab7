"""Mutants of what account checks rest on: names, the provider's answers, banks and branches."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import LISTED, ONE_CENT, STANDING, VERIFIED_ACCOUNT

NAMES = "chalicelib/domain/names.py"
VERIFIER = "chalicelib/adapters/monoova/account_checks.py"
BRANCHES = "chalicelib/usecases/branches.py"
DIRECTORY = "chalicelib/adapters/bsb_directory.py"
T_VERIFIER = "tests/adapters/test_monoova_account_checks.py::test_"
T_BRANCHES = "tests/usecases/test_branches.py::test_"
T_DIRECTORY = "tests/adapters/test_bsb_directory.py::test_"
COMPARED = (
    "tests/domain/test_names.py::test_names_are_compared_and_it_does_not_matter_which_is_whose",
)
NO_PROOF = (T_VERIFIER + "a_code_whose_answer_proves_nothing_is_not_answered_and_asked_once",)

MUTANTS = (
    Mutant(
        "names in two scripts are compared",
        NAMES,
        "    if not one or not two or _scripts(one) != _scripts(two):",
        "    if not one or not two:",
        VERIFIED_ACCOUNT,
        COMPARED,
    ),
    Mutant(
        "one number is nearly another",
        NAMES,
        "    if not (one.isalpha() and two.isalpha()):\n"
        "        return False  # one number is not nearly another\n",
        "",
        VERIFIED_ACCOUNT,
        COMPARED,
    ),
    Mutant(
        "a short word is nearly another",
        NAMES,
        "_SLIPS = ((7, 2), (4, 1))",
        "_SLIPS = ((7, 2), (3, 1))",
        VERIFIED_ACCOUNT,
        COMPARED,
    ),
    Mutant(
        "a word of six letters has two slips",
        NAMES,
        "_SLIPS = ((7, 2), (4, 1))",
        "_SLIPS = ((6, 2), (4, 1))",
        VERIFIED_ACCOUNT,
        COMPARED,
    ),
    Mutant(
        "a word of seven letters has one slip",
        NAMES,
        "_SLIPS = ((7, 2), (4, 1))",
        "_SLIPS = ((8, 2), (4, 1))",
        VERIFIED_ACCOUNT,
        COMPARED,
    ),
    Mutant(
        "a name of slips alone is nearly the same",
        NAMES,
        " or pairs.slips > max(pairs.exact, 1):",
        ":",
        VERIFIED_ACCOUNT,
        COMPARED,
    ),
    Mutant(
        "names whose words go apart on both sides are nearly the same",
        NAMES,
        "    if ours and theirs:\n        return NameMatch.NO_MATCH\n",
        "",
        VERIFIED_ACCOUNT,
        COMPARED,
    ),
    Mutant(
        "other initials are no difference",
        NAMES,
        "    if pairs.ours and pairs.theirs:\n"
        "        return NameMatch.NO_MATCH  # other initials\n",
        "",
        VERIFIED_ACCOUNT,
        COMPARED,
    ),
    Mutant(
        "a slip is no difference",
        NAMES,
        "    if pairs.slips or pairs.initials:",
        "    if pairs.initials:",
        VERIFIED_ACCOUNT,
        COMPARED,
    ),
    Mutant(
        "a surname alone is the person's",
        NAMES,
        "        return NameMatch.CLOSE if whole else NameMatch.NO_MATCH",
        "        return NameMatch.CLOSE",
        VERIFIED_ACCOUNT,
        COMPARED,
    ),
    Mutant(
        "whatever is nearly Ok makes a code right",
        VERIFIER,
        '_RIGHT = frozenset({"Ok", "OK"})',
        '_RIGHT = frozenset({"Ok", "OK", "Okay", "ok", "Pending"})',
        VERIFIED_ACCOUNT,
        (T_VERIFIER + "only_ok_makes_a_code_right",),
    ),
    Mutant(
        "an Ok of a server in trouble makes a code right",
        VERIFIER,
        "reply.mishap is Mishap.NONE and reply.http_status == 200 and code in _RIGHT",
        "reply.mishap is Mishap.NONE and code in _RIGHT",
        VERIFIED_ACCOUNT,
        NO_PROOF,
    ),
    Mutant(
        "what a server in trouble says of a code is that it is wrong",
        VERIFIER,
        "reply.mishap is not Mishap.NONE or reply.http_status != 400 or not code",
        "reply.mishap is not Mishap.NONE or not code",
        VERIFIED_ACCOUNT,
        NO_PROOF,
    ),
    Mutant(
        "a lock of the provider's is a wrong code",
        VERIFIER,
        '    if "lock" in code.lower():\n        return Judged(Heard.BLOCKED, code)\n',
        "",
        VERIFIED_ACCOUNT,
        (T_VERIFIER + "whatever_else_the_provider_says_of_a_code_it_is_not_right",),
    ),
    Mutant(
        "a start without its token has begun",
        VERIFIER,
        "        Heard.SENT if token else Heard.IN_DOUBT,",
        "        Heard.SENT,",
        ONE_CENT,
        (T_VERIFIER + "a_start_without_a_token_is_in_doubt",),
    ),
    Mutant(
        "a start whose answer proves nothing was refused",
        VERIFIER,
        "        return Beginning(Heard.IN_DOUBT, reason=answer.code)",
        "        return Beginning(Heard.REFUSED, reason=answer.code)",
        LISTED,
        (T_VERIFIER + "a_start_whose_answer_proves_nothing_is_in_doubt_and_made_once",),
    ),
    Mutant(
        "a number that the provider does not take here is sent",
        VERIFIER,
        '(told.get("bankAccountNumber", "")) > LONGEST_NUMBER:',
        '(told.get("bankAccountNumber", "")) > LONGEST_NUMBER + 1:',
        ONE_CENT,
        (T_VERIFIER + "an_account_number_that_the_provider_does_not_take_here_is_not_sent",),
    ),
    Mutant(
        "the longest number that the provider takes here is refused",
        VERIFIER,
        '(told.get("bankAccountNumber", "")) > LONGEST_NUMBER:',
        '(told.get("bankAccountNumber", "")) >= LONGEST_NUMBER:',
        ONE_CENT,
        (T_VERIFIER + "an_account_number_that_the_provider_does_not_take_here_is_not_sent",),
    ),
    Mutant(
        "a branch that is closed does not warn",
        DIRECTORY,
        "    cautions = [gone] if gone else []\n",
        "    cautions: list[Caution] = []\n",
        STANDING,
        (T_DIRECTORY + "what_is_gone_or_unknown_is_a_warning",),
    ),
    Mutant(
        "a branch that NPP does not reach does not warn",
        DIRECTORY,
        "        cautions.append(Caution.NOT_REACHABLE_BY_NPP)\n",
        "        pass\n",
        STANDING,
        (T_DIRECTORY + "a_branch_that_npp_does_not_reach_is_a_warning",),
    ),
    Mutant(
        "a directory that is in trouble refuses a destination",
        BRANCHES,
        "        with suppress(Conflict, NotFound, Unavailable):",
        "        with suppress(NotFound):",
        STANDING,
        (T_BRANCHES + "trouble_is_no_reason_to_refuse",),
    ),
    Mutant(
        "learning a branch forgets the check",
        BRANCHES,
        "                now = with_standing(now, replace(standing, branch=branch))",
        "                now = with_standing(now, replace(standing, branch=branch, check=None))",
        STANDING,
        (T_BRANCHES + "what_else_is_known_of_the_destination_stays",),
    ),
)
