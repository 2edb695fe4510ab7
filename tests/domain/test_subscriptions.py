"""What the provider should tell us, beside what it does."""

import pytest

from chalicelib.domain.subscriptions import (
    EVENTS,
    Gap,
    Subscription,
    Token,
    compare,
    is_ours,
    known,
    target,
)

BASE = "https://payouts.example.com/api"


def there(event, number="1", *, url=None, on=True, changed_at="then"):
    return Subscription(number, event, target(BASE, event) if url is None else url, on, changed_at)


def lines(*present, mark="new", told=("new", "then")):
    tokens = {each.subscription_id: Token(*told) for each in present} if told else {}
    return compare(BASE, mark, present, tokens)


def gaps(*present, **more):
    """The differences of the first event."""
    return lines(*present, **more)[0].gaps


FIRST = EVENTS[0]


def test_there_are_twelve_events_each_with_an_address_of_its_own():
    assert len({target(BASE, event) for event in EVENTS}) == 12
    assert target(BASE + "/", "NppReturn") == BASE + "/webhooks/monoova/NppReturn"


def test_what_is_as_it_should_be_differs_in_nothing():
    line = lines(there(FIRST))[0]
    assert line.gaps == ()
    assert not line.is_curable


@pytest.mark.parametrize(
    ("present", "more", "expected"),
    [
        ([], {}, {Gap.MISSING}),
        ([there(FIRST, url="https://other.example.com/x")], {}, {Gap.OTHER_URL}),
        ([there(FIRST, url=target(BASE, EVENTS[1]))], {}, {Gap.OTHER_URL}),
        ([there(FIRST, on=False)], {}, {Gap.OFF}),
        ([there(FIRST)], {"mark": "newer"}, {Gap.OTHER_TOKEN}),
        ([there(FIRST)], {"told": None}, {Gap.TOKEN_UNKNOWN}),
        ([there(FIRST, changed_at="since")], {}, {Gap.TOKEN_UNKNOWN}),
        ([there(FIRST, url="x", on=False)], {"told": None},
         {Gap.OTHER_URL, Gap.OFF, Gap.TOKEN_UNKNOWN}),
    ],
)  # fmt: skip
def test_each_difference_has_a_name_and_a_cure(present, more, expected):
    line = lines(*present, **more)[0]
    assert set(line.gaps) == expected
    assert line.is_curable


def test_of_several_for_one_event_the_best_is_kept_and_the_others_are_too_many():
    foreign = there(FIRST, "1", url="https://other.example.com/x")
    off, good = there(FIRST, "2", on=False), there(FIRST, "3")
    told = lines(foreign, off, good)
    assert (told[0].subscription, told[0].gaps) == (good, ())
    assert [(each.subscription, each.gaps) for each in told[12:]] == [
        (foreign, (Gap.DOUBLED,)), (off, (Gap.DOUBLED,)),
    ]  # fmt: skip
    assert not any(each.is_curable for each in told[12:])


def test_of_two_that_are_alike_the_older_is_kept():
    told = lines(there(FIRST, "1"), there(FIRST, "2"))
    assert [each.subscription and each.subscription.subscription_id for each in told[::12]] == [
        "1", "2",
    ]  # fmt: skip


def test_an_event_that_nobody_knows_is_shown_and_left_alone():
    last = lines(there("SomethingNew"))[-1]
    assert (last.event, last.gaps, last.is_curable) == ("SomethingNew", (Gap.FOREIGN_EVENT,), False)


def test_an_event_is_known_in_any_case():
    assert known("nppreturn") == "NppReturn"
    assert known("NppReturns") == ""
    assert gaps(there("NPPPAYMENTSTATUS", url=target(BASE, FIRST))) == ()


@pytest.mark.parametrize(
    ("url", "base", "ours"),
    [
        (BASE + "/webhooks/monoova/NppReturn", BASE, True),
        (BASE + "/webhooks/monoova", BASE, True),
        ("payouts.example.com/api/webhooks/monoova/NppReturn/", BASE, True),
        (BASE + "/webhooks/monoova/NppPaymentStatus", BASE, False),
        ("https://other.example.com/webhooks/monoova/NppReturn", BASE, False),
        ("https://other.example.com/webhooks/monoova/NppReturn", "", True),
        ("https://other.example.com/hooks/NppReturn", "", False),
        ("", "", False),
        ("", BASE, False),
    ],
)
def test_an_address_is_ours_or_not(url, base, ours):
    assert is_ours(url, "NppReturn", base) is ours
