"""The provider's client: pay, once; ask, as often as it takes."""

from datetime import date

import pytest

from chalicelib.adapters.monoova.asking import MARGIN
from chalicelib.adapters.monoova.payments import PaymentForm
from chalicelib.adapters.monoova.signin import REMEMBERED
from chalicelib.adapters.monoova.transport import Call, Reply
from chalicelib.domain.answers import Mishap
from chalicelib.domain.errors import ProviderUnavailable, SignInRefused
from chalicelib.domain.events import (
    Accepted,
    Confirmed,
    Doubt,
    Hindrance,
    NeverSent,
    OutOfFunds,
    Refused,
    Rejected,
    Returned,
    Unclear,
)
from chalicelib.domain.liquidity import Financials
from chalicelib.domain.money import Money
from chalicelib.ports import AccountEntry, Settled
from tests.adapters.samples import (
    ACCOUNT,
    AT,
    JO,
    PAYOUT_ID,
    REFERENCE,
    api_secret,
    line,
    payout,
    told,
)

OK = told(
    status="Ok", transactionId=1022, feeAmountIncludingGst=0.11, callerUniqueReference=REFERENCE
)
LOST = Reply(Mishap.CONNECTION_LOST)
TIMED_OUT = Reply(Mishap.TIMED_OUT)
UNSENT = Reply(Mishap.NOT_CONNECTED)
TOO_MANY = Reply(http_status=429)
UNAUTHORISED = told(401, status="Unauthorized")
REFUSED = told(400, status="FinancialValidateInvalidTotalAmount", transactionId=0)
NO_FUNDS = told(400, status="DebitTransactionWillExceedSignInCreditLimit", transactionId=0)
REPEATED = told(400, status="UniqueReferenceExists", transactionId=0)


def pay(at, within=20.0):
    return at.monoova.pay(payout(), JO, within=within)


class TestPaying:
    def test_an_acceptance_tells_id_and_fee(self):
        at = line(OK)
        assert pay(at) == Accepted(
            at=AT, by="monoova:execute", attempt=1, monoova_transaction_id="1022", fee=Money(11)
        )
        (call,) = at.transport.calls
        assert (call.method, call.path) == ("POST", "/financial/v2/transaction/execute")
        assert REFERENCE.encode() in (call.body or b"")

    def test_pending_is_an_acceptance_too(self):
        assert isinstance(pay(line(told(status="Pending", transactionId="1022"))), Accepted)

    @pytest.mark.parametrize(
        ("reply", "news"),
        [
            (TIMED_OUT, Doubt.TIMED_OUT),
            (LOST, Doubt.CONNECTION_LOST),
            (told(500, status="InternalServerError"), Doubt.SERVER_ERROR),
            (told(502), Doubt.SERVER_ERROR),
            (told(503), Doubt.SERVER_ERROR),
            (told(504), Doubt.SERVER_ERROR),
            (REPEATED, Doubt.REFERENCE_EXISTS),
            (told(400, status="ACodeThatNobodyHasListed"), Doubt.NOT_UNDERSTOOD),
            (Reply(http_status=200, raw=b"<html>"), Doubt.NOT_UNDERSTOOD),
            (Reply(http_status=200, raw=b""), Doubt.NOT_UNDERSTOOD),
            (Reply(http_status=200, raw=b"[]"), Doubt.NOT_UNDERSTOOD),
            (Reply(http_status=200, raw=b'{"status": 1}'), Doubt.NOT_UNDERSTOOD),
            (Reply(http_status=200, raw=b'{"status": "Ok", "x": NaN}'), Doubt.NOT_UNDERSTOOD),
            (Reply(http_status=200, raw=b"[" * 100_000), Doubt.NOT_UNDERSTOOD),
            (told(status="Ok", callerUniqueReference="another"), Doubt.NOT_UNDERSTOOD),
            (told(302, status="Ok"), Doubt.NOT_UNDERSTOOD),
            (told(403, status="Forbidden"), Doubt.NOT_UNDERSTOOD),
        ],
        ids=str,
    )
    def test_what_proves_nothing_is_sent_once_and_unclear(self, reply, news):
        at = line(reply, OK)
        heard = pay(at)
        assert isinstance(heard, Unclear)
        assert heard.doubt is news
        assert len(at.transport.calls) == 1
        assert at.seconds.slept == []

    def test_a_refusal_is_sent_once_and_refused(self):
        at = line(REFUSED, OK)
        heard = pay(at)
        assert heard == Refused(
            at=AT, by="monoova:execute", attempt=1, refusal="FinancialValidateInvalidTotalAmount"
        )
        assert len(at.transport.calls) == 1

    def test_what_never_left_is_sent_again_at_once_after_1_2_and_4_seconds(self):
        at = line(UNSENT, UNSENT, UNSENT, OK)
        assert isinstance(pay(at), Accepted)
        assert at.seconds.slept == [1.0, 2.0, 4.0]
        assert len({call.body for call in at.transport.calls}) == 1

    def test_what_never_left_four_times_was_never_sent(self):
        at = line(UNSENT)
        heard = pay(at)
        assert isinstance(heard, NeverSent)
        assert heard.reason is Hindrance.NO_CONNECTION
        assert len(at.transport.calls) == 4

    def test_pauses_vary_by_a_fifth(self):
        for chance, pauses in ((0.0, [0.8, 1.6, 3.2]), (1.0, [1.2, 2.4, 4.8])):
            at = line(UNSENT, chance=chance)
            pay(at)
            assert at.seconds.slept == pytest.approx(pauses)

    def test_one_too_many_is_sent_again(self):
        at = line(TOO_MANY, OK)
        assert isinstance(pay(at), Accepted)
        assert at.seconds.slept == [1.0]

    def test_one_too_many_to_the_end_is_unclear(self):
        heard = pay(line(TOO_MANY))
        assert isinstance(heard, Unclear)
        assert heard.doubt is Doubt.TOO_MANY_REQUESTS

    @pytest.mark.parametrize(
        ("then", "doubt"),
        [
            (REFUSED, Doubt.TOO_MANY_REQUESTS),
            (NO_FUNDS, Doubt.TOO_MANY_REQUESTS),
            (UNSENT, Doubt.TOO_MANY_REQUESTS),
            (UNAUTHORISED, Doubt.TOO_MANY_REQUESTS),
            (Reply(Mishap.NO_TIME), Doubt.TOO_MANY_REQUESTS),
            (TIMED_OUT, Doubt.TIMED_OUT),
            (REPEATED, Doubt.REFERENCE_EXISTS),
        ],
    )
    def test_after_one_too_many_nothing_but_an_acceptance_is_certain(self, then, doubt):
        heard = pay(line(TOO_MANY, then))
        assert isinstance(heard, Unclear)
        assert heard.doubt is doubt

    def test_after_something_unclear_nothing_is_sent_again(self):
        at = line(UNSENT, TIMED_OUT, OK)
        assert isinstance(pay(at), Unclear)
        assert len(at.transport.calls) == 2

    def test_with_too_little_time_nothing_is_sent(self):
        at = line(OK)
        heard = pay(at, within=3.4)
        assert isinstance(heard, NeverSent)
        assert heard.reason is Hindrance.OUT_OF_TIME
        assert at.transport.calls == []

    def test_nothing_is_sent_again_beyond_the_time(self):
        at = line(UNSENT, takes=3.0)
        assert isinstance(pay(at, within=12.0), NeverSent)
        assert len(at.transport.calls) == 2
        assert at.seconds.spent <= 100 + 12 - MARGIN

    def test_a_key_that_took_long_to_read_leaves_no_time_to_send(self):
        at = line(OK)
        reply = at.signed_in.send(Call("execute", "POST", "/pay"), seconds=0.9)
        assert (reply.mishap, at.transport.calls) == (Mishap.NO_TIME, [])

    def test_each_call_is_given_what_is_left_but_for_the_margin(self):
        at = line(UNSENT, OK, takes=2.0)
        pay(at, within=20.0)
        assert at.transport.given == [20.0 - MARGIN, 20.0 - MARGIN - 2.0 - 1.0]

    def test_without_a_secret_nothing_is_sent(self):
        at = line(OK)
        at.manager.down = True
        heard = pay(at)
        assert isinstance(heard, NeverSent)
        assert heard.reason is Hindrance.NO_CONNECTION
        assert at.transport.calls == []

    def test_with_a_key_for_elsewhere_nothing_is_sent(self, caplog):
        at = line(OK)
        at.manager.values["api_key"] = api_secret() | {"environment": "Live"}
        heard = pay(at)
        assert isinstance(heard, NeverSent)
        assert heard.reason is Hindrance.SIGN_IN_REFUSED
        assert at.transport.calls == []
        assert "https://api.mpay.com.au only" in caplog.text
        assert "fake-api-key" not in caplog.text

    @pytest.mark.parametrize(
        ("fee", "cents"),
        [("0.11", 11), ("0.099", 10), ("0.132", 13), ("0.105", 11), ("0", 0), ("1", 100),
         ("-0.11", None), ('"0.11"', None), ("null", None), ("1e400", None), ("true", None)],
    )  # fmt: skip
    def test_a_fee_is_rounded_half_up_to_the_cent(self, fee, cents):
        raw = f'{{"status": "Ok", "feeAmountIncludingGst": {fee}}}'.encode()
        heard = pay(line(Reply(http_status=200, raw=raw)))
        assert heard.fee == (None if cents is None else Money(cents))

    @pytest.mark.parametrize(
        ("told_as", "heard_as"),
        [(1022, "1022"), ("N001", "N001"), (0, None), (None, None), ([], None), (True, None),
         ("\ud800", "?")],
    )  # fmt: skip
    def test_an_id_is_a_whole_number_or_a_text(self, told_as, heard_as):
        heard = pay(line(told(status="Ok", transactionId=told_as)))
        assert heard.monoova_transaction_id == heard_as

    def test_a_code_that_is_not_one_is_not_repeated(self):
        heard = pay(line(told(400, status="Sorry, Jo Citizen InvalidTotalAmount")))
        assert heard == Unclear(
            at=AT, by="monoova:execute", attempt=1, doubt=Doubt.NOT_UNDERSTOOD, detail="http_400"
        )

    def test_a_refusal_for_want_of_funds_is_told_as_one_and_not_sent_again(self):
        at = line(NO_FUNDS, OK)
        heard = pay(at)
        assert isinstance(heard, OutOfFunds)
        assert heard.refusal == "DebitTransactionWillExceedSignInCreditLimit"
        assert len(at.transport.calls) == 1


class TestValidating:
    def test_it_asks_with_the_very_body_that_is_sent(self):
        asked, paid = line(OK), line(OK)
        assert asked.monoova.validate(payout(), JO, within=8.0) is None
        pay(paid)
        ((asking,), (paying,)) = asked.transport.calls, paid.transport.calls
        assert (asking.method, asking.path) == ("POST", "/financial/v2/transaction/validate")
        assert asking.body == paying.body

    def test_a_refusal_is_told_as_that_of_a_payment_under_its_own_name(self):
        news = line(REFUSED).monoova.validate(payout(), JO, within=8.0)
        refusal = "FinancialValidateInvalidTotalAmount"
        assert news == Refused(at=AT, by="monoova:validate", attempt=1, refusal=refusal)

    @pytest.mark.parametrize("first", [LOST, TIMED_OUT, UNSENT, TOO_MANY, told(503)])
    def test_it_may_be_asked_again_for_it_moves_nothing(self, first):
        at = line(first, OK)
        assert at.monoova.validate(payout(), JO, within=8.0) is None
        assert len(at.transport.calls) == 2

    def test_a_refused_key_is_asked_with_once(self):
        at = line(UNAUTHORISED)
        news = at.monoova.validate(payout(), JO, within=8.0)
        assert isinstance(news, NeverSent)
        assert news.reason is Hindrance.SIGN_IN_REFUSED
        assert len(at.transport.calls) == 1


class TestFinancials:
    def ask(self, reply, form=None):
        at = line(reply, form=form)
        return at, at.monoova.financials(within=20)

    def test_they_tell_balance_and_limits_exactly(self):
        told_ = {"actualBalance": 1234.56, "availableToDebit": 1000.1, "nppBalance": 7,
                 "nppPayoutLimit": 500, "somethingNew": "?"}  # fmt: skip
        at, figures = self.ask(told(status="Ok", financials=told_))
        assert figures == Financials(Money(123_456), Money(100_010), Money(700), Money(50_000))
        (call,) = at.transport.calls
        assert (call.method, call.path) == ("GET", f"/mAccount/v1/financials/{ACCOUNT}")

    def test_a_balance_may_be_less_than_nothing_and_the_rest_unknown(self):
        _, figures = self.ask(
            told(status="Ok", financials={"actualBalance": -5, "availableToDebit": 0})
        )
        assert figures == Financials(Money(-500), Money(0), None, None)

    @pytest.mark.parametrize(
        "financials",
        [None, [], "1", {}, {"actualBalance": 1}, {"availableToDebit": 1},
         {"actualBalance": "1", "availableToDebit": 1},
         {"actualBalance": True, "availableToDebit": 1}],
    )  # fmt: skip
    def test_what_is_not_understood_is_no_figure(self, financials):
        with pytest.raises(ProviderUnavailable):
            self.ask(told(status="Ok", financials=financials))

    @pytest.mark.parametrize("reply", [told(500), told(400, status="InvalidMAccount"), LOST])
    def test_an_error_is_no_figure(self, reply):
        with pytest.raises(ProviderUnavailable):
            self.ask(reply)

    def test_without_an_account_nobody_is_asked(self):
        at, figures = self.ask(OK, PaymentForm())
        assert figures is None
        assert at.transport.calls == []


class TestSignIn:
    @pytest.mark.parametrize(
        "refusal",
        [
            UNAUTHORISED,
            Reply(http_status=401),
            told(400, status="MerchantFailedToLogin"),
            told(400, status="FinancialMerchantLockedOut"),
            told(200, status="MerchantLockedOut"),
        ],
    )
    def test_a_refused_sign_in_is_never_repeated_and_shuts_the_gate(self, refusal):
        at = line(refusal, OK)
        heard = pay(at)
        assert isinstance(heard, NeverSent)
        assert heard.reason is Hindrance.SIGN_IN_REFUSED
        assert len(at.transport.calls) == 1
        assert at.gate.shut
        assert at.manager.asked == 2

    def test_a_server_error_is_no_refusal_whatever_its_code(self):
        at = line(told(500, status="MerchantFailedToLogin"))
        assert isinstance(pay(at), Unclear)
        assert not at.gate.shut

    def test_a_key_that_was_replaced_is_tried_once(self):
        at = line(UNAUTHORISED, OK)
        at.keys.credentials()
        at.manager.values["api_key"] = api_secret("another-fake-key")
        assert isinstance(pay(at), Accepted)
        assert at.transport.keys[-2:] == ["fake-api-key", "another-fake-key"]
        assert not at.gate.shut

    def test_a_replaced_key_that_is_refused_too_shuts_the_gate(self):
        at = line(OK, UNAUTHORISED)
        pay(at)
        at.manager.values["api_key"] = api_secret("another-fake-key")
        assert isinstance(pay(at), NeverSent)
        assert len(at.transport.calls) == 3
        assert at.gate.shut

    def test_a_replaced_key_is_not_tried_without_time_for_it(self):
        at = line(OK, UNAUTHORISED, OK)
        pay(at)
        at.manager.values["api_key"] = api_secret("another-fake-key")
        at.transport.takes = 19.0
        heard = pay(at)
        assert isinstance(heard, NeverSent)
        assert heard.reason is Hindrance.OUT_OF_TIME
        assert len(at.transport.calls) == 2
        assert not at.gate.shut

    def test_a_key_that_cannot_be_read_again_was_not_replaced(self):
        at = line(OK, UNAUTHORISED)
        pay(at)
        at.manager.down = True
        assert isinstance(pay(at), NeverSent)
        assert at.gate.shut

    def test_after_a_refusal_nothing_goes_out_of_this_process(self):
        at = line(UNAUTHORISED, OK)
        pay(at)
        for _ in range(5):
            assert isinstance(pay(at), NeverSent)
        with pytest.raises(SignInRefused):
            at.monoova.status(payout(), within=20)
        assert len(at.transport.calls) == 1
        assert at.gate.asked == 0

    def test_after_a_while_the_gate_is_asked_and_heeded(self):
        at = line(UNAUTHORISED, OK)
        pay(at)
        at.seconds.spent += REMEMBERED + 1
        assert isinstance(pay(at), NeverSent)
        assert (len(at.transport.calls), at.gate.asked) == (1, 1)
        at.gate.open(by="admin")
        at.seconds.spent += REMEMBERED + 1
        assert isinstance(pay(at), Accepted)
        assert isinstance(pay(at), Accepted)
        assert (len(at.transport.calls), at.gate.asked) == (3, 2)

    def test_without_an_answer_of_the_store_the_gate_is_shut(self):
        at = line(UNAUTHORISED, OK)
        pay(at)
        at.gate.down = True
        at.seconds.spent += REMEMBERED + 1
        assert isinstance(pay(at), NeverSent)
        assert len(at.transport.calls) == 1

    def test_a_gate_that_cannot_be_shut_is_remembered_here(self):
        at = line(UNAUTHORISED, OK)
        at.gate.down = True
        assert isinstance(pay(at), NeverSent)
        assert isinstance(pay(at), NeverSent)
        assert len(at.transport.calls) == 1

    def test_the_gate_is_not_asked_before_each_payment(self):
        at = line(OK)
        for _ in range(3):
            pay(at)
        assert at.gate.asked == 0

    def test_the_key_is_never_logged(self, caplog):
        pay(line(UNAUTHORISED))
        assert "refused our key" in caplog.text
        assert "fake-api-key" not in caplog.text


def status(word, **more):
    return told(transactionStatus=word, uniqueReference=REFERENCE, **more)


class TestAsking:
    @pytest.mark.parametrize(
        ("word", "kind"),
        [
            ("Complete", Confirmed),
            ("Pending", Accepted),
            ("WaitingOnClearedFunds", Accepted),
            ("Rejected", Rejected),
            ("Dishonoured", Returned),
        ],
    )
    def test_the_providers_words_are_news(self, word, kind):
        at = line(status(word, statusDescription="said so", status="Ok"))
        news = at.monoova.status(payout(attempt=1), within=20)
        assert news is not None
        assert type(news) is kind
        assert (news.at, news.by, news.attempt) == (AT, "monoova:status", 1)
        assert getattr(news, "reason", "said so") == "said so"
        assert at.transport.calls[0].path == f"/financial/v2/status/{REFERENCE}"

    @pytest.mark.parametrize("word", ["Accepted", "complete", "", None, 1, "Jo Citizen"])
    def test_another_word_is_never_guessed(self, word):
        with pytest.raises(ProviderUnavailable) as caught:
            line(status(word)).monoova.status(payout(), within=20)
        assert "Jo" not in str(caught.value)

    def test_an_answer_about_another_reference_is_none(self):
        other = told(transactionStatus="Complete", uniqueReference=REFERENCE[:-1] + "2")
        with pytest.raises(ProviderUnavailable):
            line(other).monoova.status(payout(), within=20)

    @pytest.mark.parametrize("code", ["UniqueIdNotFound", "FinancialValidateUniqueIdNotFound"])
    def test_a_reference_that_is_not_known_is_none(self, code):
        assert line(told(400, status=code)).monoova.status(payout(), within=20) is None

    @pytest.mark.parametrize(
        "reply",
        [
            told(404, status="UniqueIdNotFound"),
            told(200, status="UniqueIdNotFound"),
            told(500, status="UniqueIdNotFound"),
            told(400, status="UniqueIdNotFoundYet"),
            told(400, status="SomethingElse"),
            told(400),
            told(404),
            Reply(http_status=200, raw=b"<html>"),
            Reply(http_status=200, raw=b"{}"),
            told(302, transactionStatus="Complete"),
        ],
        ids=str,
    )
    def test_nothing_else_means_that_it_is_not_known(self, reply):
        with pytest.raises(ProviderUnavailable):
            line(reply).monoova.status(payout(), within=20)

    @pytest.mark.parametrize(
        "reply",
        [TIMED_OUT, UNSENT, LOST, TOO_MANY, told(500), told(502), told(503), told(504)],
        ids=str,
    )
    def test_a_question_is_asked_again_three_times(self, reply):
        at = line(reply, reply, reply, status("Complete"))
        assert isinstance(at.monoova.status(payout(), within=60), Confirmed)
        assert at.seconds.slept == [1.0, 2.0, 4.0]
        at = line(reply)
        with pytest.raises(ProviderUnavailable):
            at.monoova.status(payout(), within=60)
        assert len(at.transport.calls) == 4

    @pytest.mark.parametrize("reply", [told(400, status="Other"), told(403), told(501)], ids=str)
    def test_what_will_not_change_is_asked_once(self, reply):
        at = line(reply)
        with pytest.raises(ProviderUnavailable):
            at.monoova.status(payout(), within=60)
        assert len(at.transport.calls) == 1

    def test_without_time_nothing_is_asked(self):
        at = line(status("Complete"))
        with pytest.raises(ProviderUnavailable):
            at.monoova.status(payout(), within=0)
        assert at.transport.calls == []

    def test_a_refused_sign_in_stops_a_question_too(self):
        at = line(UNAUTHORISED, status("Complete"))
        with pytest.raises(SignInRefused):
            at.monoova.status(payout(), within=20)
        assert len(at.transport.calls) == 1
        assert at.gate.shut

    def test_what_is_misconfigured_is_said(self):
        at = line(status("Complete"))
        at.manager.values["api_key"] = api_secret() | {"environment": "Live"}
        with pytest.raises(SignInRefused, match=r"https://api\.mpay\.com\.au only"):
            at.monoova.ping(within=20)

    def test_a_ping_tells_the_environment(self):
        at = line(told(status="Ok", environment="Sandbox"))
        assert at.monoova.ping(within=20) == "Sandbox"
        assert at.transport.calls[0].path == "/tools/v1/ping"


DAY, NEXT = date(2026, 3, 2), date(2026, 3, 3)


class TestDays:
    def test_the_statuses_of_days_are_news_by_our_reference(self):
        rows = [
            {"uniqueReference": f"{PAYOUT_ID}-1", "transactionStatus": "Complete"},
            {"uniqueReference": f"{PAYOUT_ID}-2", "transactionStatus": "Rejected",
             "statusDescription": "no"},
            {"uniqueReference": "somebody-else", "transactionStatus": "Complete"},
            {"uniqueReference": None, "transactionStatus": "Complete"},
        ]  # fmt: skip
        at = line(told(status="Ok", statuses=rows))
        by = "monoova:status"
        assert at.monoova.statuses(DAY, NEXT, within=20) == {
            f"{PAYOUT_ID}-1": Confirmed(at=AT, by=by, attempt=1),
            f"{PAYOUT_ID}-2": Rejected(at=AT, by=by, attempt=2, reason="no"),
        }
        assert at.transport.calls[0].path == "/financial/v2/status/2026-03-02/2026-03-03"

    def test_what_is_doubtful_of_a_day_is_left_to_be_asked_for_by_itself(self):
        rows = [
            {"uniqueReference": f"{PAYOUT_ID}-1", "transactionStatus": "Complete"},
            {"uniqueReference": f"{PAYOUT_ID}-1", "transactionStatus": "Rejected"},
            {"uniqueReference": f"{PAYOUT_ID}-2", "transactionStatus": "Vanished"},
            {"uniqueReference": f"{PAYOUT_ID}-2", "transactionStatus": "Complete"},
            {"uniqueReference": f"{PAYOUT_ID}-3", "transactionStatus": "Complete"},
            {"uniqueReference": f"{PAYOUT_ID}-3", "transactionStatus": "Complete"},
        ]
        heard = line(told(statuses=rows)).monoova.statuses(DAY, DAY, within=20)
        assert heard.keys() == {f"{PAYOUT_ID}-3"}

    @pytest.mark.parametrize("statuses", [None, {}, "", [1], [None]])
    def test_what_is_no_list_of_statuses_is_an_error(self, statuses):
        with pytest.raises(ProviderUnavailable):
            line(told(statuses=statuses)).monoova.statuses(DAY, DAY, within=20)

    def test_the_entries_of_the_account_are_in_its_own_order(self):
        items = [
            {"rowOrder": 2, "credit": 100, "debit": 0, "transactionId": 9, "uniqueReference": "b"},
            {"rowOrder": 1, "credit": 0, "debit": 0.132, "transactionId": 8,
             "uniqueReference": None, "description": f"Payment Unique Reference: {REFERENCE}"},
            {"rowOrder": 0, "debit": 100.00, "transactionId": 8, "uniqueReference": REFERENCE},
        ]  # fmt: skip
        at = line(told(status="Ok", items=items))
        assert at.monoova.entries(DAY, NEXT, within=20) == [
            AccountEntry(REFERENCE, "8", Money(10_000), Money(0)),
            AccountEntry(REFERENCE, "8", Money(13), Money(0)),
            AccountEntry("b", "9", Money(0), Money(10_000)),
        ]
        (call,) = at.transport.calls
        assert call.path == "/mAccount/v1/transactions"
        assert call.body == (
            b'{"accountNumber":"6279059700000000","frequency":"Custom","descending":false,'
            b'"startDate":"2026-03-02T00:00:00","endDate":"2026-03-03T23:59:59","useTime":false}'
        )

    @pytest.mark.parametrize(
        "description",
        [f"x{REFERENCE}", f"{REFERENCE}0a", f"{REFERENCE}-2", f"{REFERENCE[:-2]}", 7, "x" * 3000],
    )
    def test_a_description_names_a_reference_only_whole(self, description):
        items = [{"debit": 1, "description": description}]
        (entry,) = line(told(items=items)).monoova.entries(DAY, DAY, within=20)
        assert entry.reference == ""

    @pytest.mark.parametrize(
        "items",
        [None, {}, [1], [{"debit": "x"}], [{"debit": True}], [{"debit": -1}], [{"credit": []}]],
        ids=str,
    )
    def test_a_line_that_is_not_understood_makes_absence_unprovable(self, items):
        with pytest.raises(ProviderUnavailable):
            line(told(items=items)).monoova.entries(DAY, DAY, within=20)

    def test_without_the_number_of_the_account_there_are_no_entries(self):
        at = line(told(items=[]), form=PaymentForm())
        with pytest.raises(ProviderUnavailable, match="MONOOVA_MACCOUNT_TOKEN"):
            at.monoova.entries(DAY, DAY, within=20)
        assert at.transport.calls == []

    def test_a_statement_tells_ids_and_fees(self):
        rows = [
            {"uniqueReferenced": REFERENCE, "transactionId": 36, "feeAmountIncludingGst": 0.3685},
            {"uniqueReference": "b", "transactionId": 37, "feeAmountIncludingGst": 0},
            {"uniqueReferenced": "c", "transactionId": 0, "feeAmountIncludingGst": 0},
            {"uniqueReferenced": "d", "transactionId": 38},
            {"uniqueReferenced": None, "transactionId": 39, "feeAmountIncludingGst": 0},
        ]
        at = line(told(status="Ok", transactions=rows))
        assert at.monoova.statement(DAY, within=20) == {
            REFERENCE: Settled("36", Money(37)),
            "b": Settled("37", Money(0)),
        }
        assert at.transport.calls[0].path == "/reports/v1/statement/2026-03-02"
