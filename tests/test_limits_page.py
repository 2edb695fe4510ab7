"""The page about limits and risk says what the code does."""

from __future__ import annotations

import re

import pytest

from chalicelib.domain import risk
from chalicelib.domain.allowance import CONSUMES
from chalicelib.domain.policy import DEFAULT, MOST_SHARDS, RULES
from tests.house_rules import ROOT

PAGE = (ROOT / "docs" / "limits-and-risk.md").read_text("utf-8")
WORDS = " ".join(PAGE.split())


def test_every_rule_stands_there_with_its_weight_in_the_order_of_the_rules():
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE, re.MULTILINE)
    assert [(name, int(weight)) for name, weight in rows] == [
        (name, DEFAULT.risk.weights[name]) for name in RULES
    ]


def test_every_limit_stands_there_with_its_amount_and_number():
    rows = re.findall(r"^\| [^|]+ \| ([\d.]+) \| (\d+) \| `\w+` \|", PAGE, re.MULTILINE)
    limits = DEFAULT.limits
    assert rows == [
        (str(each.amount), str(each.count))
        for each in (
            limits.customer_unverified, limits.customer_verified, limits.operator, limits.business,
        )
    ]  # fmt: skip


@pytest.mark.parametrize(
    "sentence",
    [
        f"lies in {MOST_SHARDS} rows",
        f"within {DEFAULT.duplicate_days} days",
        f"From {DEFAULT.risk.review_from} on another person",
        f"above {DEFAULT.risk.blocked_above} it is refused",
        f"Calm are {risk.CALM_DAY}, or",
        f"Calm are {risk.CALM_HOUR}, {2 * risk.CALM_HOUR} are",
        f"first {risk.FIRST_PAYOUTS} payouts",
        f"nothing after {risk.RECENT_DAYS}",
        f"from {risk.ENOUGH} payouts on: nothing up to {risk.UNUSUAL} standard",
        f"100 from {2 * risk.UNUSUAL} on",
        f"from {risk.ODD_HOURS.start}:00 to {risk.ODD_HOURS.stop - 1}:59",
    ],
)
def test_the_numbers_are_those_of_the_code(sentence):
    assert sentence in WORDS


def test_what_gives_back_is_what_does_not_consume():
    told = re.search(r"never paid: by (\S+), (\S+) and (\S+), to the date", WORDS)
    assert told
    assert {each.strip("`") for each in told.groups()} == {
        str(status) for status, consumes in CONSUMES.items() if not consumes
    }
