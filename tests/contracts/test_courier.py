"""What `Courier` promises: one person is written to, in full, or it says that it may not be so."""

from __future__ import annotations

import pytest
import requests
from botocore.exceptions import ClientError

from chalicelib.adapters.courier import SesCourier
from chalicelib.domain.errors import MailUnavailable
from local.cloud import SENDER
from tests.contracts.lasting import client
from tests.contracts.stores import NOBODY
from tests.fakes.courier import FakeCourier

TO = "jo@example.com"


class FakePost:
    """The fake courier."""

    def __init__(self):
        self.port = FakeCourier()

    def arrived(self):
        return self.port.sent

    def go_away(self):
        self.port.down = True


class SesPost:
    """The adapter on SES, whose messages stay in the emulator."""

    def __init__(self, cloud):
        self.endpoint = cloud.environment["AWS_ENDPOINT_URL"]
        self.ses = client("sesv2", self.endpoint)
        self.port = SesCourier(lambda: self.ses, cloud.environment["MAIL_FROM"])

    def arrived(self):
        told = requests.get(f"{self.endpoint}/_ministack/ses/messages", timeout=10).json()
        return [
            (to, each["Subject"], each["BodyText"])
            for messages in told["messages"].values()
            for each in messages
            for to in each["To"]
            if each["Source"] == SENDER
        ]

    def go_away(self):
        self.port = SesCourier(lambda: client("sesv2", NOBODY), SENDER)


@pytest.fixture(params=["fake", "ministack"])
def post(request):
    if request.param == "fake":
        return FakePost()
    return SesPost(request.getfixturevalue(request.param))


def test_what_is_sent_arrives_as_it_was_said(post):
    assert post.port.reaches_people
    post.port.send(TO, "Where we pay you was changed é", "Hello,\n\nJö: *****678\n")
    assert post.arrived()[-1] == (
        TO, "Where we pay you was changed é", "Hello,\n\nJö: *****678\n",
    )  # fmt: skip


def test_a_courier_that_is_away_says_so_and_not_to_whom(post):
    post.go_away()
    with pytest.raises(MailUnavailable) as caught:
        post.port.send(TO, "subject", "text")
    assert TO not in str(caught.value)


def test_an_address_that_nobody_verified_sends_nothing_and_is_not_repeated(ministack):
    ses = client("sesv2", ministack.environment["AWS_ENDPOINT_URL"])
    with pytest.raises(MailUnavailable, match="MessageRejected") as caught:
        SesCourier(lambda: ses, "nobody@example.org").send(TO, "subject", "text")
    assert "example" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_what_ses_says_of_an_address_is_not_repeated():
    class Frank:
        def send_email(self, **_told):
            words = f"Email address is not verified: {TO}"
            raise ClientError({"Error": {"Code": "MessageRejected", "Message": words}}, "SendEmail")

    with pytest.raises(MailUnavailable, match="MessageRejected") as caught:
        SesCourier(Frank, SENDER).send(TO, "subject", "text")
    assert TO not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_the_other_emulator_takes_it_as_well(moto):
    SesPost(moto).port.send(TO, "subject", "text")


@pytest.mark.parametrize("nobody", [None, ""])
def test_without_an_address_to_send_from_nobody_is_told(nobody):
    def made():
        raise AssertionError("nobody is to be told")

    courier = SesCourier(made, nobody)
    assert not courier.reaches_people
    courier.send(TO, "subject", "text")


def test_the_fake_tells_nobody_either_where_it_reaches_nobody():
    courier = FakeCourier()
    courier.reaches_people = False
    courier.send(TO, "subject", "text")
    assert courier.sent == []
