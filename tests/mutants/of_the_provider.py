"""Mutants of the way to the provider: the wire, its answers, its sign-in, our requests."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import (
    ASKING,
    EXACT,
    LISTED,
    OLD_CLAIM,
    SAME_AGAIN,
    SECOND,
)

CLIENT = "chalicelib/adapters/monoova/client.py"
SIGNIN = "chalicelib/adapters/monoova/signin.py"
TRANSPORT = "chalicelib/adapters/monoova/transport.py"
READING = "chalicelib/adapters/monoova/reading.py"
PAYMENTS = "chalicelib/adapters/monoova/payments.py"
T_CLIENT = "tests/adapters/test_monoova_client.py::"
T_TRANSPORT = "tests/adapters/test_monoova_transport.py::test_"
T_PAYMENTS = "tests/adapters/test_monoova_payments.py::test_"

MUTANTS = (
    Mutant(
        "a payment without an answer is sent again at once",
        CLIENT,
        "    return reply.mishap in _NEVER_SENT or (",
        "    return reply.mishap is not Mishap.NONE or (",
        ASKING,
        (T_CLIENT + "TestPaying::test_what_proves_nothing_is_sent_once_and_unclear",),
        by_simulation=True,
    ),
    Mutant(
        "a payment that met a server error is sent again at once",
        CLIENT,
        "(reply.mishap is Mishap.NONE and reply.http_status == 429)",
        "(reply.mishap is Mishap.NONE and reply.http_status >= 429)",
        ASKING,
        (T_CLIENT + "TestPaying::test_what_proves_nothing_is_sent_once_and_unclear",),
    ),
    Mutant(
        "a refusal after one request too many is believed",
        CLIENT,
        "            news = _doubted(news)\n",
        "            pass\n",
        SECOND,
        (T_CLIENT + "TestPaying::test_after_one_too_many_nothing_but_an_acceptance_is_certain",),
    ),
    Mutant(
        "any 400 to a question means that there is no such payout",
        CLIENT,
        "if reply.http_status == 400 and reading.code_of(reply).endswith(reading.NOT_FOUND):",
        "if reply.http_status == 400:",
        ASKING,
        (T_CLIENT + "TestAsking::test_nothing_else_means_that_it_is_not_known",),
    ),
    Mutant(
        "a code of not found counts whatever the status",
        CLIENT,
        "if reply.http_status == 400 and reading.code_of(reply).endswith(reading.NOT_FOUND):",
        "if reading.code_of(reply).endswith(reading.NOT_FOUND):",
        ASKING,
        (T_CLIENT + "TestAsking::test_nothing_else_means_that_it_is_not_known",),
    ),
    Mutant(
        "an answer that is an error is read all the same",
        CLIENT,
        "if reply.http_status != 200 or not told or",
        "if not told or",
        ASKING,
        (T_CLIENT + "TestAsking::test_nothing_else_means_that_it_is_not_known",),
    ),
    Mutant(
        "a payment is begun without the time to hear its answer",
        CLIENT,
        "least=LEAST_TO_PAY",
        "least=0.0",
        OLD_CLAIM,
        (T_CLIENT + "TestPaying::test_with_too_little_time_nothing_is_sent",),
    ),
    Mutant(
        "a server error is a refused sign-in if it names one",
        SIGNIN,
        "if reply.mishap is not Mishap.NONE or reply.http_status >= 500:",
        "if reply.mishap is not Mishap.NONE:",
        LISTED,
        (T_CLIENT + "TestSignIn::test_a_server_error_is_no_refusal_whatever_its_code",),
    ),
    Mutant(
        "a broken connection was never made",
        TRANSPORT,
        "    return Mishap.CONNECTION_LOST\n",
        "    return Mishap.NOT_CONNECTED\n",
        LISTED,
        (T_TRANSPORT + "a_connection_that_breaks_after_the_request_is_lost_not_unsent",),
    ),
    Mutant(
        "an answer that did not come in time was never asked for",
        TRANSPORT,
        "        return Mishap.TIMED_OUT\n",
        "        return Mishap.NOT_CONNECTED\n",
        LISTED,
        (T_TRANSPORT + "an_answer_that_does_not_come_in_time_has_timed_out",),
    ),
    Mutant(
        "the HTTP library sends again by itself",
        TRANSPORT,
        "max_retries=0",
        "max_retries=urllib3.Retry(2, allowed_methods=None)",
        ASKING,
        (
            T_TRANSPORT
            + "a_kept_connection_that_breaks_under_a_request_is_lost_and_nothing_is_sent_twice",
        ),
    ),
    Mutant(
        "redirects are followed",
        TRANSPORT,
        "allow_redirects=False",
        "allow_redirects=True",
        ASKING,
        (T_TRANSPORT + "no_redirect_is_followed",),
    ),
    Mutant(
        "a refusal that was cut short is one",
        TRANSPORT,
        "Mishap.NONE if reply.http_status == 401 else",
        "Mishap.NONE if reply.http_status >= 400 else",
        LISTED,
        (T_TRANSPORT + "a_refusal_that_did_not_come_back_whole_is_none",),
    ),
    Mutant(
        "an answer about another payout is taken for ours",
        READING,
        '    if named not in {"", reference}:\n',
        "    if not reference:\n",
        ASKING,
        (T_CLIENT + "TestAsking::test_an_answer_about_another_reference_is_none",),
    ),
    Mutant(
        "a word for a status that nobody knows is a rejection",
        READING,
        "    shown = word if isinstance(word, str)",
        "    if isinstance(word, str):\n"
        "        return Rejected(at=at, by=BY, attempt=attempt, reason=reason)\n"
        "    shown = word if isinstance(word, str)",
        LISTED,
        (T_CLIENT + "TestAsking::test_another_word_is_never_guessed",),
    ),
    Mutant(
        "of two words for one payout the first is believed",
        READING,
        "        if heard.setdefault(reference, news) != news:\n",
        "        if heard.setdefault(reference, news) is None:\n",
        ASKING,
        (T_CLIENT + "TestDays::test_what_is_doubtful_of_a_day_is_left_to_be_asked_for_by_itself",),
    ),
    Mutant(
        "a line of the account without an amount is passed over",
        READING,
        '        raise ProviderUnavailable("A line of the provider\'s account has no amount.")\n',
        "        return ZERO\n",
        ASKING,
        (T_CLIENT + "TestDays::test_a_line_that_is_not_understood_makes_absence_unprovable",),
    ),
    Mutant(
        "an answer without a list is an empty one",
        READING,
        '        raise ProviderUnavailable(f"The provider\'s answer has no list of {name}.")\n',
        "        return []\n",
        ASKING,
        (T_CLIENT + "TestDays::test_what_is_no_list_of_statuses_is_an_error",),
    ),
    Mutant(
        "a payment's body names the payout and not the attempt",
        PAYMENTS,
        '"uniqueReference": payout.unique_reference',
        '"uniqueReference": payout.transaction_id',
        SAME_AGAIN,
        (T_PAYMENTS + "a_new_attempt_has_a_reference_of_its_own",),
        by_simulation=True,
    ),
    Mutant(
        "a payment's total is told in cents",
        PAYMENTS,
        '"totalAmount": amount',
        '"totalAmount": payout.intent.amount.cents',
        EXACT,
        (T_PAYMENTS + "amounts_are_exact_numbers_with_two_decimals",),
        by_simulation=True,
    ),
)
