"""What a customer reads of a change: when, what, masked, and what to do; no name and no link."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain import change
from chalicelib.domain.change import Change, What
from chalicelib.domain.destination import PayoutMethod, SealedDestination

AT = datetime(2026, 7, 3, 1, 2, 3, tzinfo=UTC)
ACCOUNT = SealedDestination("d-1", PayoutMethod.BANK_ACCOUNT, "", "*****678", "J*** C***", b"")
PAY_ID = SealedDestination("d-2", PayoutMethod.PAY_ID, "Email", "j***@e***.com", "J***", b"")


def made(what: What, sealed: SealedDestination = ACCOUNT, *, at: datetime = AT) -> Change:
    return change.of_destination(what, sealed, at=at, version=2, to="jo@example.com")


EMAIL = Change(What.EMAIL, AT, 3, "jo@example.com")


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (made(What.ADDED), "the bank account *****678 was added as a place where you can be paid"),
        (made(What.ADDED, PAY_ID), "the PayID j***@e***.com was added as a place"),
        (made(What.REMOVED), "the bank account *****678 was removed: you will not be paid there"),
        (made(What.DEFAULT, PAY_ID), "the PayID j***@e***.com is now where you are paid"),
        (EMAIL, "the e-mail address at which we write to you is another one now"),
    ],
)
def test_each_change_is_said_in_plain_words_with_sydneys_time(told: Change, line: str):
    assert f"- 3 July 2026, 11:02 (Sydney): {line}" in change.text([told], "Example Pty Ltd")


def test_it_says_what_to_do_and_holds_no_link_no_name_and_no_address():
    text = change.text([made(What.ADDED), EMAIL], "Example Pty Ltd")
    assert "If you asked for this, there is nothing for you to do." in text
    assert "If you did not" in text
    assert "call us at once" in text
    for never in ("http", "www", "jo@example.com", "J***", "d-1", "{", "}"):
        assert never not in text


def test_it_is_told_in_the_order_in_which_it_happened():
    first, second = made(What.ADDED), made(What.DEFAULT, at=AT + timedelta(seconds=1))
    text = change.text([second, first], "")
    assert text.index("was added") < text.index("is now where")


@pytest.mark.parametrize(("business", "whose"), [("", "details:"), ("Me", "details with Me:")])
def test_a_business_without_a_name_is_none(business: str, whose: str):
    assert f"something was changed in your {whose}\n" in change.text([EMAIL], business)


def test_the_subject_says_what_matters_most():
    assert change.subject([EMAIL]) == "Your e-mail address with us was changed"
    assert change.subject([EMAIL, made(What.ADDED)]) == "Where we pay you was changed"


def test_it_is_given_up_after_a_week_and_not_before():
    assert not change.is_too_old(EMAIL, AT + change.LONGEST)
    assert change.is_too_old(EMAIL, AT + change.LONGEST + timedelta(microseconds=1))


def test_an_address_never_prints():
    assert "jo@example.com" not in repr(EMAIL)
