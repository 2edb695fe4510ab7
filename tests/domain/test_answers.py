"""What an answer proves: unknown by default."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.answers import (
    ACCEPTANCES,
    NO_FUNDS,
    REFUSALS,
    Answer,
    Mishap,
    classify,
    objection,
)
from chalicelib.domain.events import (
    Accepted,
    Doubt,
    Hindrance,
    NeverSent,
    OutOfFunds,
    Refused,
    Unclear,
)
from chalicelib.domain.money import Money
from tests.domain.making import ID, NOW

REFERENCE = f"{ID}-1"
PREFIXES = ("", "Financial", "FinancialValidate", "FinancialValidateDisbursement")


def hear(answer):
    return classify(answer, reference=REFERENCE, attempt=1, at=NOW, by="sender")


def test_the_list_of_refusals_is_the_one_that_people_agreed_on():
    """A code more is money given back on no proof: whoever adds one changes it here, too."""
    assert sorted(REFUSALS) == [
        "BlockedDisbursementItemDirectCreditDetailAccount",
        "DebitTransactionWillExceedSignInCreditLimit",
        "DirectCreditDetailsAreInvalid",
        "InvalidAmountsDontMatch",
        "InvalidDisbursementMethod",
        "InvalidMAccount",
        "InvalidPaymentSource",
        "InvalidTotalAmount",
        "NotAuthorisedToDebitmAccount",
        "NppCreditBankAccountDetailsAreInvalid",
        "NppCreditPayIdDetailsAreInvalid",
        "RequestBodyNotValidJson",
        "TotalAmountIsMoreThanMaxTransactionLimit",
        "UniqueReferenceExceedsMaxLength",
    ]


@pytest.mark.parametrize("code", [code for code in REFUSALS if code != NO_FUNDS])
@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_listed_code_is_a_refusal_whatever_it_begins_with(prefix, code):
    news = hear(Answer(http_status=400, code=prefix + code))
    assert isinstance(news, Refused)
    assert news.refusal == prefix + code


@pytest.mark.parametrize("prefix", PREFIXES)
def test_the_code_for_no_funds_and_no_other_says_that_there_are_none(prefix):
    assert NO_FUNDS == "DebitTransactionWillExceedSignInCreditLimit"
    news = hear(Answer(http_status=400, code=prefix + NO_FUNDS))
    assert (type(news), news.refusal, news.attempt) == (OutOfFunds, prefix + NO_FUNDS, 1)


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("status", [0, 200, 201, 202, 302, 403, 404, 409, 422, 500, 502, 503, 504])
def test_a_listed_code_is_no_refusal_with_another_http_status(status, code):
    assert isinstance(hear(Answer(http_status=status, code=code)), Unclear)


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize(
    "change", [str.lower, str.upper, lambda code: code + "2", lambda c: c[:-1]]
)
def test_a_code_like_a_listed_one_is_not_listed(change, code):
    news = hear(Answer(http_status=400, code=change(code)))
    assert (type(news), news.doubt) == (Unclear, Doubt.NOT_UNDERSTOOD)


@pytest.mark.parametrize("code", sorted(ACCEPTANCES))
@pytest.mark.parametrize("named", ["", REFERENCE])
def test_an_acceptance_tells_id_and_fee(code, named):
    news = hear(
        Answer(http_status=200, code=code, transaction_id="7", fee=Money(11), reference=named)
    )
    assert isinstance(news, Accepted)
    assert (news.monoova_transaction_id, news.fee, news.attempt) == ("7", Money(11), 1)
    assert (news.at, news.by) == (NOW, "sender")


@pytest.mark.parametrize("other", [f"{ID}-2", f"{ID}-11", REFERENCE.upper(), " ", "x"])
def test_an_acceptance_of_another_reference_is_not_ours(other):
    news = hear(Answer(http_status=200, code="Ok", reference=other))
    assert (type(news), news.doubt) == (Unclear, Doubt.NOT_UNDERSTOOD)


@pytest.mark.parametrize(
    "code", ["", "ok", "OK", "Accepted", "Complete", "Rejected", "InvalidMAccount"]
)
def test_a_200_with_a_status_that_we_do_not_know_is_not_understood(code):
    news = hear(Answer(http_status=200, code=code))
    assert (type(news), news.doubt) == (Unclear, Doubt.NOT_UNDERSTOOD)
    assert news.detail == (code or "http_200")


@pytest.mark.parametrize("status", [200, 400, 401, 409, 429, 500, 503])
@pytest.mark.parametrize(
    "code", ["UniqueReferenceExists", "FinancialValidateUniqueReferenceExists"]
)
def test_a_reference_that_exists_is_a_doubt_of_its_own_with_any_http_status(status, code):
    news = hear(Answer(http_status=status, code=code, transaction_id="0"))
    assert (type(news), news.doubt) == (Unclear, Doubt.REFERENCE_EXISTS)


@pytest.mark.parametrize("code", ["", "Unauthorized", "MerchantFailedToLogin", "MerchantLockedOut"])
def test_a_refused_sign_in_was_never_sent(code):
    news = hear(Answer(http_status=401, code=code))
    assert (type(news), news.reason) == (NeverSent, Hindrance.SIGN_IN_REFUSED)


def test_too_many_requests_is_not_known_to_be_unsent():
    news = hear(Answer(http_status=429))
    assert (type(news), news.doubt) == (Unclear, Doubt.TOO_MANY_REQUESTS)


@pytest.mark.parametrize("status", [500, 501, 502, 503, 504, 520, 599])
@pytest.mark.parametrize("code", ["", "InternalError", *REFUSALS[:2], "Ok"])
def test_a_server_error_is_unknown_whatever_it_says(status, code):
    news = hear(Answer(http_status=status, code=code))
    assert (type(news), news.doubt) == (Unclear, Doubt.SERVER_ERROR)


@pytest.mark.parametrize(
    ("mishap", "reason"),
    [
        (Mishap.NOT_CONNECTED, Hindrance.NO_CONNECTION),
        (Mishap.NO_TIME, Hindrance.OUT_OF_TIME),
        (Mishap.GATE_CLOSED, Hindrance.SIGN_IN_REFUSED),
    ],
)
def test_what_never_left_was_never_sent(mishap, reason):
    news = hear(Answer(mishap))
    assert (type(news), news.reason) == (NeverSent, reason)


@pytest.mark.parametrize(
    ("mishap", "doubt"),
    [(Mishap.TIMED_OUT, Doubt.TIMED_OUT), (Mishap.CONNECTION_LOST, Doubt.CONNECTION_LOST)],
)
def test_what_was_cut_off_on_its_way_is_unknown(mishap, doubt):
    news = hear(Answer(mishap, http_status=400, code=REFUSALS[0]))
    assert (type(news), news.doubt) == (Unclear, doubt)


def test_nothing_at_all_proves_nothing():
    assert isinstance(hear(Answer()), Unclear)


answers = st.builds(
    Answer,
    mishap=st.sampled_from(Mishap),
    http_status=st.integers(-1, 700) | st.sampled_from([0, 200, 400, 401, 429, 500]),
    code=st.text(max_size=30)
    | st.sampled_from([*ACCEPTANCES, *REFUSALS, "UniqueReferenceExists", "UniqueIdNotFound"])
    | st.tuples(st.text(max_size=5), st.sampled_from(REFUSALS), st.text(max_size=3)).map("".join),
    reference=st.sampled_from(["", REFERENCE, "another"]),
)


@given(answers)
@example(Answer(http_status=400, code=NO_FUNDS))
def test_nothing_is_certain_but_what_is_listed(answer):
    news = hear(answer)
    whole = answer.mishap is Mishap.NONE
    refused = whole and answer.http_status == 400 and answer.code.endswith(REFUSALS)
    accepted = (
        whole
        and answer.http_status == 200
        and answer.code in ACCEPTANCES
        and answer.reference in {"", REFERENCE}
    )
    exists = whole and answer.code.endswith("UniqueReferenceExists")
    unsent = answer.mishap in {Mishap.NOT_CONNECTED, Mishap.NO_TIME, Mishap.GATE_CLOSED} or (
        whole and answer.http_status == 401 and not exists
    )
    no_funds = refused and answer.code.endswith(NO_FUNDS)
    assert isinstance(news, OutOfFunds) is no_funds
    assert isinstance(news, Refused) is (refused and not no_funds)
    assert isinstance(news, Accepted) is accepted
    assert isinstance(news, NeverSent) is unsent
    assert isinstance(news, Unclear) is not (refused or accepted or unsent)
    assert news.attempt == 1


def objected(answer):
    return objection(hear(answer))


@pytest.mark.parametrize("code", sorted(ACCEPTANCES))
def test_a_validation_that_is_taken_is_nothing_against_it(code):
    assert objected(Answer(http_status=200, code=code, transaction_id=None)) is None


@pytest.mark.parametrize("code", REFUSALS)
def test_a_validation_is_refused_with_the_codes_of_a_payment(code):
    answer = Answer(http_status=400, code=f"FinancialValidate{code}")
    assert objected(answer) == hear(answer)


@pytest.mark.parametrize(
    "answer",
    [
        Answer(Mishap.TIMED_OUT), Answer(Mishap.CONNECTION_LOST), Answer(http_status=500),
        Answer(http_status=503, code="InvalidTotalAmount"), Answer(http_status=429),
    ],
)  # fmt: skip
def test_a_validation_without_an_answer_has_sent_nothing(answer):
    told = objected(answer)
    assert isinstance(told, NeverSent)
    assert (told.reason, told.attempt) == (Hindrance.NOT_VALIDATED, 1)


@pytest.mark.parametrize("mishap", [Mishap.NOT_CONNECTED, Mishap.NO_TIME, Mishap.GATE_CLOSED])
def test_a_validation_that_never_left_says_why_as_a_payment_does(mishap):
    assert objected(Answer(mishap)) == hear(Answer(mishap))


def test_a_validation_with_a_refused_key_says_so():
    told = objected(Answer(http_status=401))
    assert isinstance(told, NeverSent)
    assert told.reason is Hindrance.SIGN_IN_REFUSED


def test_a_validation_of_a_reference_that_exists_is_a_doubt_and_no_reason_to_send():
    told = objected(Answer(http_status=400, code="UniqueReferenceExists"))
    assert isinstance(told, Unclear)
    assert told.doubt is Doubt.REFERENCE_EXISTS


@pytest.mark.parametrize(
    "answer",
    [
        Answer(http_status=400, code="SomethingElse"),
        Answer(http_status=404),
        Answer(http_status=200),
    ],
)
def test_a_validation_that_nobody_understands_stands_in_nobodys_way(answer):
    assert objected(answer) is None
