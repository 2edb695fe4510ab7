"""Mutants of what webhooks say, of their proof, and of the seal on a payee's account."""

from __future__ import annotations

from tests.mutants.mutant import Mutant
from tests.mutants.rules import (
    AMOUNT,
    GIVEN_BACK,
    LISTED,
    SAME_AGAIN,
    WEBHOOK,
)

TIDINGS = "chalicelib/adapters/monoova/tidings.py"
PAYOUT_NEWS = "chalicelib/adapters/monoova/payout_news.py"
SIGNATURE = "chalicelib/adapters/monoova/signature.py"
NOTICES = "chalicelib/adapters/monoova/notices.py"
SEALED_FORM = "chalicelib/adapters/sealed_form.py"
KMS = "chalicelib/adapters/kms.py"
T_TIDINGS = "tests/adapters/test_monoova_tidings.py::"
T_SIGNATURE = "tests/adapters/test_monoova_signature.py::test_"
T_INBOX = "tests/adapters/test_monoova_notices.py::test_"
T_SEALED_FORM = "tests/adapters/test_sealed_form.py::test_"
T_KMS = "tests/adapters/test_kms.py::test_"

MUTANTS = (
    Mutant(
        "a webhook's news is always of the first attempt",
        PAYOUT_NEWS,
        "heard = news(ours[1]) if",
        "heard = news(1) if",
        SAME_AGAIN,
        (T_TIDINGS + "TestDrift::test_a_later_attempt_is_known_by_its_number",),
        by_simulation=True,
    ),
    Mutant(
        "a webhook of any status but rejected is success",
        PAYOUT_NEWS,
        '        if status == "payment successful":\n',
        '        if status != "rejected":\n',
        LISTED,
        (T_TIDINGS + "TestUnreadable::test_another_status",),
    ),
    Mutant(
        "a return that tells no amount is of all of it",
        PAYOUT_NEWS,
        '    back = amount(told.get("amount"))\n',
        "    back = amount_or_none(told)\n",
        AMOUNT,
        (T_TIDINGS + "TestDrift::test_a_return_without_an_amount_is_for_a_person",),
    ),
    Mutant(
        "money in another currency is as good as ours",
        PAYOUT_NEWS,
        "heard = news(ours[1]) if in_our_currency(told) else OTHER_CURRENCY",
        "heard = news(ours[1])",
        AMOUNT,
        (T_TIDINGS + "TestTheFlatShape::test_another_currency_is_for_a_person",),
    ),
    Mutant(
        "a debit that somebody else's bank dishonoured gives our money back",
        PAYOUT_NEWS,
        '        if kind == "credit":\n',
        '        if kind in {"credit", "debit"}:\n',
        GIVEN_BACK,
        (T_TIDINGS + "TestNotHeard::test_a_dishonour_of_a_debit",),
    ),
    Mutant(
        "an address turns one event into another",
        TIDINGS,
        "    if _is_misaddressed(event_name, told):\n",
        "    if not event_name and _is_misaddressed(event_name, told):\n",
        WEBHOOK,
        (T_TIDINGS + "TestTheFlatShape::test_an_address_does_not_turn_one_event_into_another",),
    ),
    Mutant(
        "any signature fits",
        SIGNATURE,
        "        key.verify(signature, raw, PKCS1v15(), SHA256())\n",
        "        key.public_numbers()\n",
        WEBHOOK,
        (T_SIGNATURE + "a_body_that_was_changed_by_a_byte_does_not_fit",),
    ),
    Mutant(
        "of token and signature one is enough",
        NOTICES,
        'if self._policy != "token" and not self._signatures',
        'if self._policy == "signature" and not self._signatures',
        WEBHOOK,
        (T_INBOX + "a_webhook_is_believed_for_what_is_configured",),
    ),
    Mutant(
        "a token of one letter is a token",
        NOTICES,
        "if len(token.strip()) >= SHORTEST_TOKEN",
        "if len(token.strip()) >= 1",
        WEBHOOK,
        (T_INBOX + "a_secret_without_a_token_worth_the_name_believes_nobody",),
    ),
    Mutant(
        "a destination that was sealed under another id opens",
        SEALED_FORM,
        "    if owner != (customer_id, destination_id):\n",
        "    if owner[0] != customer_id:\n",
        SAME_AGAIN,
        (T_SEALED_FORM + "a_plaintext_that_is_not_exactly_a_destination_of_ours_is_none",),
    ),
    Mutant(
        "a destination that was sealed for another customer opens",
        SEALED_FORM,
        "    if owner != (customer_id, destination_id):\n",
        "    if owner[1] != destination_id:\n",
        SAME_AGAIN,
        (T_SEALED_FORM + "a_plaintext_that_is_not_exactly_a_destination_of_ours_is_none",),
    ),
    Mutant(
        "a ciphertext of another purpose opens",
        KMS,
        "        if context != self._context:\n",
        "        if context.keys() < self._context.keys():\n",
        SAME_AGAIN,
        (T_KMS + "what_was_sealed_for_another_table_does_not_open",),
    ),
)
