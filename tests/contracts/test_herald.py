"""What `Herald` promises: whoever has subscribed is told, and nobody else."""

from __future__ import annotations

import pytest

from chalicelib.adapters.herald import LONGEST_SUBJECT, LONGEST_TEXT, SnsHerald
from chalicelib.domain.errors import QueueUnavailable
from tests.contracts.lasting import FakeTopic, SnsTopic


@pytest.fixture(params=["fake", "ministack", "moto"])
def topic(request):
    if request.param == "fake":
        return FakeTopic()
    return SnsTopic(request.getfixturevalue(request.param))


def test_what_is_told_is_heard_as_it_was_said(topic):
    topic.port.tell("Payouts of 2026-11-20", "paid: 10.00\nunexplained: 0.00\n")
    assert topic.heard() == [("Payouts of 2026-11-20", "paid: 10.00\nunexplained: 0.00\n")]


def test_a_topic_that_is_away_says_so(topic):
    topic.go_away()
    with pytest.raises(QueueUnavailable):
        topic.port.tell("Payouts", "text")


def test_a_topic_that_does_not_exist_is_one_that_is_away(ministack):
    made = SnsTopic(ministack)
    with pytest.raises(QueueUnavailable, match="NotFound"):
        SnsHerald(lambda: made.sns, f"{made.arn}-of-nowhere").tell("Payouts", "text")


def test_a_subject_is_made_fit_and_a_text_too_long_is_cut(ministack):
    made = SnsTopic(ministack)
    made.port.tell(f"Auszahlungen für\n{'x' * 200}", "é" * (LONGEST_TEXT + 1))
    ((subject, text),) = made.heard()
    assert subject.startswith("Auszahlungen f?r xxx")
    assert len(subject) == LONGEST_SUBJECT
    assert text == "é" * LONGEST_TEXT


@pytest.mark.parametrize("nobody", [None, ""])
def test_where_nobody_is_configured_nobody_is_told(nobody):
    def client():
        raise AssertionError("nobody is to be told")

    SnsHerald(client, nobody).tell("Payouts", "text")
