"""The provider's subscriptions and its report: every answer has one meaning, every call is one."""

import base64
import json

import pytest

from chalicelib.adapters.monoova.notices import WebhookTokens
from chalicelib.adapters.monoova.subscriptions import MonoovaSubscriptions
from chalicelib.adapters.monoova.transport import Reply
from chalicelib.domain.answers import Mishap
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import ProviderUnavailable, SignInRefused, Unavailable
from chalicelib.domain.subscriptions import Outcome, Subscription, Verdict
from tests.adapters.samples import AT, HOOK_ARN, FakeSecretsManager, line, secrets_of, told

TOKEN = "Bearer fake-token-of-the-webhooks"
KEY = b"fake-cursor-key-of-32-characters"
URL = "https://payouts.example.com/webhooks/monoova/NppReturn"
DAY = sydney_date(AT)


class Desk:
    """The adapter over a script."""

    def __init__(self, *script, key=KEY, token=TOKEN):
        self.line = line(*script)
        self.manager = FakeSecretsManager(webhook={"current": token})
        tokens = WebhookTokens(secrets_of(self.manager, self.line.seconds), HOOK_ARN)
        self.there = MonoovaSubscriptions(self.line.signed_in, tokens, key=lambda: key)

    @property
    def call(self):
        (call,) = self.line.transport.calls
        return call

    def list(self):
        return self.there.list(within=5)

    def create(self):
        return self.there.create("NppReturn", URL, within=5)

    def update(self):
        return self.there.update("12", "NppReturn", URL, within=5)

    def delete(self):
        return self.there.delete("12", within=5)

    def report(self):
        return self.there.report(DAY, skip=0, take=1000, within=5)

    def resend(self):
        return self.there.resend("678", within=5)


ALL = ("list", "create", "update", "delete", "report", "resend")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "reply",
    [
        Reply(Mishap.TIMED_OUT), Reply(Mishap.NOT_CONNECTED), Reply(Mishap.CONNECTION_LOST),
        Reply(http_status=500), Reply(http_status=502, raw=b"<html>"),
        Reply(http_status=200, raw=b"rubbish"), Reply(http_status=200, raw=b"[]"),
        Reply(http_status=301), Reply(http_status=400, raw=b"{}"),
        told(429, status="TooManyRequests"),
        told(204, status="Ok"), told(200, status="Exception"),
        Reply(http_status=200, detail="the answer is too large"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_not_known_and_not_tried_twice(name, reply):
    desk = Desk(reply)
    with pytest.raises(ProviderUnavailable) as caught:
        getattr(desk, name)()
    assert not isinstance(caught.value, SignInRefused)
    assert len(desk.line.transport.calls) == 1
    assert "fake-token" not in str(caught.value)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize(
    "reply", [Reply(http_status=401), told(400, status="MerchantFailedToLogin")]
)
def test_a_refused_sign_in_shuts_the_gate_and_is_never_repeated(name, reply):
    desk = Desk(reply)
    for _ in range(2):
        with pytest.raises(SignInRefused):
            getattr(desk, name)()
    assert len(desk.line.transport.calls) == 1
    assert desk.line.gate.shut


@pytest.mark.parametrize("name", ["create", "update", "delete"])
def test_a_change_is_taken_or_refused_with_a_code(name):
    assert getattr(Desk(told(status="Ok", id=7)), name)() == Outcome(Verdict.TAKEN, "7")
    refused = getattr(Desk(told(400, status="InvalidTargetUrl")), name)()
    assert refused == Outcome(Verdict.REFUSED, "", "InvalidTargetUrl")


def test_a_second_subscription_of_an_event_names_the_first():
    outcome = Desk(told(400, status="WebhookAlreadySubscribed", id=7)).create()
    assert outcome == Outcome(Verdict.EXISTS, "7", "WebhookAlreadySubscribed")


def test_a_resend_is_taken_or_refused_with_a_code():
    assert Desk(told(status="Ok")).resend() == ""
    assert Desk(told(400, status="WebhookNotFound")).resend() == "WebhookNotFound"


def test_the_requests_are_those_of_the_provider():
    wanted = {"targetUrl": URL, "subscriptionStatus": "On", "securityToken": TOKEN}
    for name, method, path, body in (
        ("create", "POST", "/subscriptions/v1/create", {"eventName": "NppReturn"} | wanted),
        ("update", "POST", "/subscriptions/v1/update",
         {"id": 12, "eventName": "NppReturn"} | wanted),
        ("delete", "DELETE", "/subscriptions/v1/delete/12", None),
        ("resend", "POST", "/subscriptions/v2/resend/678", None),
    ):  # fmt: skip
        desk = Desk(told(status="Ok"))
        getattr(desk, name)()
        call = desk.call
        assert (call.method, call.path) == (method, path)
        assert (json.loads(call.body) if call.body else None) == body
        assert "fake-token" not in repr(call)
    desk = Desk(told(status="Ok", notifications=[]))
    desk.report()
    assert desk.call.path == "/subscriptions/v1/report/2026-03-02?skip=0&take=1000"


def test_the_list_is_read_whatever_else_it_says():
    rows = [
        {"eventName": "NppReturn", "id": 1, "targetUrl": URL, "status": "on", "more": [1],
         "LastUpdated": "11/14/2019 3:41:05 PM", "createdDate": "11/14/2019 3:41:05 PM"},
        {"eventName": None, "id": "2", "status": None},
    ]  # fmt: skip
    assert Desk(told(status="Ok", eventname=rows)).list() == [
        Subscription("1", "NppReturn", URL, on=True, changed_at="11/14/2019 3:41:05 PM"),
        Subscription("2", "", "", on=False),
    ]


@pytest.mark.parametrize(
    "rows", [None, {}, ["x"], [{"eventName": "NppReturn"}], [{"id": True}], [{"id": "x"}]]
)
def test_a_list_that_cannot_be_read_is_no_list(rows):
    with pytest.raises(ProviderUnavailable):
        Desk(told(status="Ok", eventname=rows)).list()


def reported(**changed):
    row = {
        "dateTime": "03/02/2026 11:30:00 AM", "eventName": "NppReturn", "lastResponseCode": 500,
        "lastRetryDateTime": "03/02/2026 11:30:30 AM", "retryCount": 1, "status": "Error",
        "url": URL, "webhookId": 678, **changed,
    }  # fmt: skip
    (bulletin,) = Desk(told(status="Ok", notifications=[row])).report().bulletins
    return bulletin


@pytest.mark.parametrize(
    ("status", "code", "sent"),
    [
        ("Sent", 200, True), ("sent", "200", True), ("Sent", 202, False), ("Sent", 204, False),
        ("Error", 200, False), ("Sent", None, False), (None, 200, False), ("Sent", 0, False),
    ],
)  # fmt: skip
def test_only_exactly_200_and_sent_is_acknowledged(status, code, sent):
    assert reported(status=status, lastResponseCode=code).sent is sent


def test_a_line_of_the_report_is_read_with_its_moments():
    bulletin = reported()
    assert (bulletin.webhook_id, bulletin.event, bulletin.url) == ("678", "NppReturn", URL)
    assert bulletin.told_at is not None
    assert bulletin.told_at.isoformat() == "2026-03-02T00:30:00+00:00"
    assert bulletin.latest is not None
    assert bulletin.latest.isoformat() == "2026-03-02T00:30:30+00:00"


def test_a_moment_is_read_so_that_it_is_of_the_reports_own_day():
    # Day first, as it was once: the other reading is of February.
    told_at = reported(dateTime="02/03/2026 11:30:00 AM").told_at
    assert told_at is not None
    assert told_at.isoformat() == "2026-03-02T00:30:00+00:00"
    for text in ("05/06/2026 11:30:00 AM", "rubbish", None, 7):
        assert reported(dateTime=text).told_at is None


def test_in_the_hour_that_is_twice_the_later_reading_is_taken():
    row = {"webhookId": 1, "dateTime": "04/05/2026 2:30:00 AM"}
    desk = Desk(told(status="Ok", notifications=[row]))
    day = DAY.replace(month=4, day=5)
    (bulletin,) = desk.there.report(day, skip=0, take=10, within=5).bulletins
    assert bulletin.told_at is not None
    assert bulletin.told_at.isoformat() == "2026-04-04T16:30:00+00:00"


def test_a_line_without_an_id_is_counted_and_costs_no_other():
    rows = [{"eventName": "NppReturn"}, {"webhookId": 5}, {"webhookId": 0.5}]
    report = Desk(told(status="Ok", notifications=rows)).report()
    assert [each.webhook_id for each in report.bulletins] == ["5"]
    assert (report.length, report.unread) == (3, 2)


def test_a_mark_tells_tokens_apart_and_nothing_of_them():
    mark = Desk().there.mark()
    assert mark == Desk().there.mark()
    assert mark != Desk(token=TOKEN + "2").there.mark()
    assert mark != Desk(key=b"another-cursor-key-of-32-letters").there.mark()
    shown = base64.b64encode(TOKEN.encode()).decode()
    assert "fake" not in mark
    assert shown not in mark
    assert len(mark) == 32


@pytest.mark.parametrize("token", ["", "Bearer short", "no-type-but-long-enough", "Bearer é" * 5,
                                   "Bearer  fake-token-of-two-spaces"])  # fmt: skip
def test_without_a_token_that_the_provider_takes_nothing_is_sent(token):
    desk = Desk(told(status="Ok"), token=token)
    for name in ("create", "update"):
        with pytest.raises(Unavailable):
            getattr(desk, name)()
    with pytest.raises(Unavailable):
        desk.there.mark()
    assert desk.line.transport.calls == []


def test_the_token_is_read_past_the_cache():
    desk = Desk()
    first = desk.there.mark()
    desk.manager.values["webhook"] = {"current": TOKEN + "2", "previous": TOKEN}
    assert desk.there.mark() != first
