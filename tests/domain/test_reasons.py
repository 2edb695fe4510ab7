"""Reasons in plain words: one table, and nothing that decides looks at it."""

from __future__ import annotations

import ast
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import reasons
from chalicelib.domain.answers import REFERENCE_EXISTS, REFUSALS
from chalicelib.domain.events import Doubt, Hindrance, Refused, Rejected, Returned, Unclear
from chalicelib.domain.ledger import Place
from chalicelib.domain.meaning import Meaning, Turn
from chalicelib.domain.money import Money
from chalicelib.domain.patience import attention
from chalicelib.domain.payout import WHERE, Status
from chalicelib.domain.reason_texts import BECS, ENDS, SAYING_NOTHING, TEXTS
from chalicelib.domain.reasons import MEANINGS, explain, normalised, of_code, of_text, unmapped
from chalicelib.domain.reasons_of_banks import OF_BANKS
from chalicelib.domain.reasons_of_ours import OF_OURS
from tests.domain.making import event, in_status
from tests.house_rules import ROOT, Module, imported, modules

OVER = [status for status in Status if WHERE[status] is Place.AVAILABLE]


def name_of(meant: Meaning | None) -> str:
    assert meant is not None
    return meant.name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("1", "invalid_bsb"), ("2", "payment_stopped"), ("3", "account_closed"),
        ("4", "customer_deceased"), ("5", "no_such_account"), ("6", "refer_to_customer"),
        ("7", "number_without_meaning"), ("8", "invalid_user_id"), ("9", "technically_invalid"),
        ("03", "account_closed"), (" BECS 3 ", "account_closed"),
        ("Return code: 6", "refer_to_customer"),
        ("Invalid BSB number", "invalid_bsb"), ("Payment stopped", "payment_stopped"),
        ("Account closed", "account_closed"), ("Customer deceased", "customer_deceased"),
        ("No account/incorrect account number", "no_such_account"),
        ("Refer to customer", "refer_to_customer"), ("Invalid User ID number", "invalid_user_id"),
        ("Technically invalid", "technically_invalid"),
    ],
)  # fmt: skip
def test_the_return_codes_of_direct_entry_are_known_by_number_and_by_words(text, name):
    assert name_of(of_text(text)) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ACCOUNT CLOSED", "account_closed"),
        ("R03 - ACCOUNT  CLOSED.", "account_closed"),
        ("NPP reject (AC04)", "account_closed"),
        ("Closed Account Number", "account_closed"),
        ("ＡＣＣＯＵＮＴ　ＣＬＯＳＥＤ", "account_closed"),  # noqa: RUF001 (as some keyboards write)
        ("Payee\u2019s account blocked", "account_blocked"),
        ("PayID not found", "pay_id_unknown"),
        ("invalid account", "no_such_account"),
        ("Invalid account type", "credits_not_taken"),  # the longer phrase counts
        ("Account not NPP enabled", "rail_not_taken"),
        ("Transaction timed out", "bank_unavailable"),
        ("MS03", "held_by_regulation"),
        ("Transaction rejected by banking institution.", "rejected"),
        ("Debit Transaction was Dishonoured on the 2020-06-05", "returned"),
        ("Jo Citizen of 12345678: deceased", "customer_deceased"),
    ],
)
def test_free_texts_are_known_however_they_are_written(text, name):
    assert name_of(of_text(text)) == name


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "-", "0", "10", "33", "3 4", "code", "accountclosed", "account was not closed",
        "Account closed, refer to customer",  # two things at once
        "The moon is full", "macclosed ac", "returned to the moon",
        "Account closedown", "J Defraud",  # parts of words are no words
    ],
)  # fmt: skip
def test_what_is_not_known_or_could_be_two_things_is_guessed_by_nobody(text):
    assert of_text(text) is None


@pytest.mark.parametrize("code", [*REFUSALS, REFERENCE_EXISTS])
def test_every_code_that_is_told_apart_has_words_whatever_it_begins_with(code):
    meant = of_code(code)
    assert meant is not None
    assert of_code(f"FinancialValidate{code}") == meant


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("FinancialValidateDisbursementDirectCreditDetailsAreInvalid", "account_details_invalid"),
        ("FinancialValidateNppCreditPayIdDetailsAreInvalid", "pay_id_details_invalid"),
        ("FinancialValidateTotalAmountIsMoreThanMaxTransactionLimit", "over_providers_limit"),
        ("BlockedDisbursementItemDirectCreditDetailAccount", "destination_blocked"),
        ("MerchantLockedOut", "sign_in_refused"),
        ("declared_dead", "declared_dead"),
        ("DetailsAreInvalid", None), ("InvalidTotalAmountIndeed", None), ("", None),
    ],
)  # fmt: skip
def test_codes_are_known_by_how_they_end(code, name):
    meant = of_code(code)
    assert (meant.name if meant else None) == name


def test_the_longest_end_counts():
    nested = [(a, b) for a in ENDS for b in ENDS if a != b and a.endswith(b)]
    assert all(name_of(of_code(long)) == ENDS[long] for long, _ in nested)
    assert name_of(of_code("XNppCreditBankAccountDetailsAreInvalid")) == "account_details_invalid"


def test_every_name_in_the_tables_has_a_meaning_and_every_meaning_one_name():
    assert len(MEANINGS) == len(OF_BANKS) + len(OF_OURS)
    used = {*ENDS.values(), *BECS.values(), *TEXTS, *SAYING_NOTHING}
    assert used <= set(MEANINGS)
    assert {each.name for each in OF_BANKS} <= used, "a bank's reason that nothing leads to"
    assert list(BECS) == list(range(1, 10))


def test_every_phrase_stands_once_in_the_form_that_texts_are_brought_to():
    phrases = [phrase for texts in TEXTS.values() for phrase in texts]
    assert len(set(phrases)) == len(phrases)
    whole = [text for texts in SAYING_NOTHING.values() for text in texts]
    assert all(normalised(phrase) == phrase for phrase in [*phrases, *whole])
    assert all(name_of(of_text(each)) == name for name, texts in TEXTS.items() for each in texts)
    assert all(name_of(of_text(t)) == n for n, texts in SAYING_NOTHING.items() for t in texts)


OURS = [
    *Hindrance, Doubt.REFERENCE_EXISTS, Doubt.NOT_UNDERSTOOD, "refused_when_in_doubt",
    "sent_often_and_not_found", "accepted_and_not_found", "open_too_long", "customer_stopped",
    "contradiction", "corrupt", "defect", "disputed", "resolution_proposed", "insufficient_funds",
    "declared_dead", "rejected", "returned", "unconfirmed", "awaiting_approval", "declined",
    "approval_lapsed",
]  # fmt: skip


@pytest.mark.parametrize("code", OURS)
def test_every_code_of_ours_has_words(code):
    assert name_of(of_code(code)) == code


# Words that mean something in this house, and nothing to a customer.
INTERNAL = (
    "monoova|provider|npp|becs|rail|direct entry|webhook|ledger|suspense|attempt|reference|api|"
    "payid type|nonce|quarantine|dispute|fraud|regulat|decease|died|law|staff|code|key"
)


@pytest.mark.parametrize("name", MEANINGS)
def test_a_sentence_for_the_customer_is_safe_to_send(name):
    """Fixed words: nothing of a payout, an account or a name can get into them."""
    said = MEANINGS[name].say
    assert not re.search(INTERNAL, said, re.IGNORECASE), said
    assert not re.search(r"[0-9@{}%<>$_#]", said)
    assert said[0].isupper()
    assert said.endswith(".")
    assert len(said) <= 200


@pytest.mark.parametrize("name", MEANINGS)
def test_whose_turn_it_is_and_what_to_ask_go_together(name):
    meant = MEANINGS[name]
    assert meant.what.endswith(".")
    if meant.turn is Turn.CUSTOMER and name != "insufficient_funds":
        assert meant.ask, "it is the customer's turn, and nobody asks them anything"
    if meant.ask:
        assert meant.turn in {Turn.CUSTOMER, Turn.STAFF}
        assert not meant.may_retry, "what must be asked first cannot simply be tried again"


def test_what_somebody_declined_is_not_to_be_tried_again_and_what_lapsed_is():
    told = [
        (MEANINGS[name].may_retry, MEANINGS[name].other_rail_safe)
        for name in ("declined", "approval_lapsed")
    ]
    assert told == [(False, False), (True, True)]


EVERY_TEXT = ["", "the moon", *(text for texts in TEXTS.values() for text in texts)]


@pytest.mark.parametrize("status", [status for status in Status if status not in OVER])
def test_what_is_not_over_is_neither_tried_again_nor_paid_over_another_rail(status):
    """Whatever a bank's words or our own say of it: two might have the money then."""
    codes = [*MEANINGS, *ENDS, ""]
    for code in codes:
        payout = replace(
            in_status(status), error_code=code, needs_person=code, hindrance=code,
            error_message="system error",
        )  # fmt: skip
        shown = explain(payout)
        assert shown is None or not (shown.may_retry or shown.other_rail_safe)


@given(st.sampled_from(OVER), st.sampled_from(EVERY_TEXT), st.sampled_from([*MEANINGS, *ENDS]))
def test_what_is_over_says_what_the_table_says(status, text, code):
    payout = replace(in_status(status), error_code=code, error_message=text)
    shown = explain(payout)
    if status is Status.CANCELLED:
        lapsed = code == "approval_lapsed"
        assert shown is (MEANINGS[code] if lapsed else None)
    else:
        assert shown in MEANINGS.values()


@pytest.mark.parametrize(
    ("status", "changed", "name"),
    [
        (Status.REJECTED, {"error_message": "ACCOUNT CLOSED"}, "account_closed"),
        (Status.REJECTED, {"error_message": ""}, "rejected"),
        (Status.REJECTED, {"error_message": "the moon"}, "rejected"),
        (Status.RETURNED, {"error_message": "6"}, "refer_to_customer"),
        (Status.RETURNED, {"error_message": "the moon"}, "returned"),
        (Status.FAILED, {"error_code": "XInvalidTotalAmount"}, "amount_refused"),
        (Status.FAILED, {"error_code": "declared_dead"}, "declared_dead"),
        (Status.FAILED, {"error_code": "SomethingElse"}, "failed"),
        (Status.DISPUTED, {"error_message": "ACCOUNT CLOSED"}, "disputed"),
        (Status.UNCONFIRMED, {"needs_person": ""}, "unconfirmed"),
        (Status.UNCONFIRMED, {"needs_person": "reference_exists"}, "reference_exists"),
        (Status.UNCONFIRMED, {"needs_person": "a_new_one"}, "needs_person"),
        (Status.QUEUED, {"hindrance": "funds"}, "funds"),
        (Status.QUEUED, {"hindrance": "no_connection"}, "no_connection"),
        (Status.QUEUED, {"needs_person": "customer_stopped", "hindrance": "funds"},
         "customer_stopped"),
        (Status.PENDING, {"needs_person": "accepted_and_not_found"}, "accepted_and_not_found"),
        (Status.QUEUED, {}, None), (Status.PENDING, {}, None), (Status.SENDING, {}, None),
        (Status.COMPLETED, {}, None), (Status.CANCELLED, {}, None),
        (Status.AWAITING_APPROVAL, {}, "awaiting_approval"),
        (Status.AWAITING_APPROVAL, {"needs_person": "contradiction"}, "contradiction"),
        (Status.DECLINED, {}, "declined"),
        (Status.DECLINED, {"error_message": "ACCOUNT CLOSED"}, "declined"),
        (Status.CANCELLED, {"error_code": "approval_lapsed"}, "approval_lapsed"),
        (Status.CANCELLED, {"needs_person": "contradiction"}, "contradiction"),
    ],
)  # fmt: skip
def test_a_payout_is_explained_where_it_ended_badly_or_waits(status, changed, name):
    shown = explain(replace(in_status(status), **changed))
    assert (shown.name if shown else None) == name


@pytest.mark.parametrize("status", Status)
def test_whatever_is_before_a_person_is_explained(status):
    payout = replace(in_status(status), needs_person="open_too_long")
    if attention(payout):
        assert explain(payout) is not None


@pytest.mark.parametrize(
    ("told", "text"),
    [
        (event(Rejected, reason=" The moon is full. "), "The moon is full."),
        (event(Returned, amount=Money(1), reason="The moon is full."), "The moon is full."),
        (event(Rejected, reason="ACCOUNT CLOSED"), ""),
        (event(Rejected, reason=""), ""),
        (event(Returned, reason="3"), ""),
        (event(Unclear, doubt=Doubt.NOT_UNDERSTOOD, detail="SomeNewCode"), "SomeNewCode"),
        (event(Unclear, doubt=Doubt.NOT_UNDERSTOOD, detail="InvalidTotalAmount"), ""),
        (event(Unclear, doubt=Doubt.NOT_UNDERSTOOD, detail="http_404"), ""),
        (event(Unclear, doubt=Doubt.SERVER_ERROR, detail="SomeNewCode"), ""),
        (event(Refused, refusal="InvalidTotalAmount"), ""),
    ],
    ids=lambda told: told if isinstance(told, str) else type(told).__name__,
)
def test_what_no_table_knows_is_told_as_it_is(told, text):
    assert unmapped(told) == text


WORDS_ONLY = {
    "chalicelib.domain." + name
    for name in ("meaning", "reasons", "reason_texts", "reasons_of_banks", "reasons_of_ours",
                 "vocabulary")
}  # fmt: skip


def importers(those):
    """Modules that import one of those, in any of the ways that there are."""
    found = set()
    for module in those:
        parents = {f"{name}.{each.name}" for name, node in imported(module)
                   if isinstance(node, ast.ImportFrom) for each in node.names}  # fmt: skip
        if ({name for name, _ in imported(module)} | parents) & WORDS_ONLY:
            found.add(module.name)
    return found


def test_nothing_that_decides_looks_at_reasons():
    """Neither the life of a payout, nor patience, nor any use case, but the two that count."""
    found = importers(modules("chalicelib")) - WORDS_ONLY
    allowed = {"chalicelib.usecases.listen", "chalicelib.adapters.counting"}
    assert {name for name in found if not name.startswith("chalicelib.api.")} == allowed
    for counts in [each for each in modules("chalicelib") if each.name in allowed]:
        users = {
            each.name for each in modules("chalicelib")
            if counts.name in {name for name, _ in imported(each)}
        }  # fmt: skip
        assert users == {"chalicelib.wiring.records"}
        functions = [n for n in ast.walk(counts.tree) if isinstance(n, ast.FunctionDef)]
        (told,) = [each for each in functions if not each.name.startswith("_")]
        assert told.returns is not None
        assert ast.unparse(told.returns) == "None", "nothing can come of it"


@pytest.mark.parametrize(
    "source",
    [
        "from chalicelib.domain.reasons import of_text",
        "from chalicelib.domain import reasons",
        "import chalicelib.domain.reason_texts",
        "def f():\n    from chalicelib.domain.meaning import Turn",
    ],
)
def test_looking_at_reasons_is_noticed(source):
    assert importers([Module("chalicelib.domain.patience", source)])


def test_the_tables_are_where_this_test_believes_them_to_be():
    assert (ROOT / "chalicelib/domain/reasons.py").samefile(reasons.__file__)
    assert {each.name for each in modules("chalicelib/domain")} >= WORDS_ONLY
