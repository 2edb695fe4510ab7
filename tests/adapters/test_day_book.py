"""The provider's side of whole days: read as it arrives, exactly, to its end or not at all."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager, suppress
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from chalicelib.adapters.clock import SystemClock, clock_for
from chalicelib.adapters.monoova.credentials import KeyRing
from chalicelib.adapters.monoova.day_book import MonoovaDayBook
from chalicelib.adapters.monoova.signin import SignedIn
from chalicelib.adapters.monoova.transport import Transport
from chalicelib.domain.calendar import sydney_date
from chalicelib.domain.errors import ProviderUnavailable, SignInRefused
from chalicelib.domain.money import ZERO, Money
from chalicelib.domain.night import Told
from tests.adapters.samples import API_ARN, FakeGate, FakeSecretsManager, secrets_of
from tests.local.monoova_bench import simulated

D = date(2026, 3, 6)
OURS = "00000000-0000-4000-8000-000000000001-1"
ITEM = (
    '{"credit": 0.00, "debit": 12.30, "dateTime": "2026-03-06T10:00:00", "rowOrder": 0,'
    ' "runningBalance": 87.70, "transactionId": 100, "transactionType": "Payment",'
    f' "subTransactionType": "NppCreditPayId", "uniqueReference": "{OURS}", "new": {{"a": [1]}}}}'
)
STATUS = f'{{"uniqueReference": "{OURS}", "transactionStatus": "Complete", "new": null}}'


class Answering(BaseHTTPRequestHandler):
    """A provider that answers what it is told to; `cut` leaves bytes of the answer away."""

    status, body, cut, pause, asked = 200, b"", 0, 0.0, 0

    def do_GET(self) -> None:
        type(self).asked += 1
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        kept = self.body[: len(self.body) - self.cut]
        with suppress(ConnectionError):
            self.wfile.write(kept[: len(kept) // 2])
            self.wfile.flush()
        time.sleep(self.pause)
        with suppress(ConnectionError):  # whoever asked has gone
            self.wfile.write(kept[len(kept) // 2 :])

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def told(body: str | bytes, *, status=200, cut=0, pause=0.0):
    raw = body if isinstance(body, bytes) else body.encode()
    handler = type(
        "Told", (Answering,), {"status": status, "body": raw, "cut": cut, "pause": pause}
    )
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", handler
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def book_of(url: str, *, key="fake-api-key", clock=None, gate=None, account="6279059700000000"):
    secret = {"apiKey": key, "environment": "Local", "baseUrl": url}
    manager: Any = FakeSecretsManager(api_key=secret, webhook={})
    keys = KeyRing(secrets_of(manager, time.monotonic), API_ARN, stage="local", on_lambda=False)
    signed_in = SignedIn(keys, Transport(connect_timeout=1.0), gate or FakeGate())
    return MonoovaDayBook(
        signed_in, account=account, clock=clock or SystemClock(), sleep=lambda _: None
    )


def lines(body, **more):
    with told(body, **more) as (url, _):
        return list(book_of(url).lines(D, D, within=20))


def statuses(body, **more):
    with told(body, **more) as (url, _):
        return list(book_of(url).statuses(D, D, within=20))


def items(*rows, rest='"status": "Ok"'):
    return f'{{{rest}, "items": [{", ".join(rows)}]}}'


def test_a_line_is_read_to_the_cent_with_all_that_a_night_needs():
    (line,) = lines(items(ITEM))
    assert (line.order, line.on, line.kind, line.is_fee) == (0, D, "Payment", False)
    assert (line.reference, line.transaction_id) == (OURS, "100")
    assert (line.debit, line.credit, line.balance) == (Money(1230), ZERO, Money(8770))


@pytest.mark.parametrize(
    ("written", "cents"),
    [("12.3", 1230), ("12", 1200), ("0.005", 1), ("1E+2", 10000), ("9999999999.99", 999999999999)],
)
def test_amounts_are_exact_in_any_notation(written, cents):
    (line,) = lines(items(ITEM.replace("12.30", written)))
    assert line.debit == Money(cents)


def test_no_amount_is_none_and_a_fee_is_known_by_its_type():
    told_so = ITEM.replace('"credit": 0.00', '"credit": null').replace("NppCreditPayId", "Fee")
    (line,) = lines(items(told_so))
    assert (line.credit, line.is_fee) == (ZERO, True)


def test_a_reference_may_stand_in_the_description_only():
    told_so = ITEM.replace(f'"uniqueReference": "{OURS}"', f'"description": "{OURS} - Refund"')
    assert lines(items(told_so))[0].reference == OURS


def test_what_a_payer_wrote_makes_no_return_of_what_came_in():
    paid_in = ITEM.replace('"debit": 12.30', '"debit": 0.00').replace("0.00,", "12.30,", 1)
    told_so = paid_in.replace(f'"uniqueReference": "{OURS}"', f'"description": "{OURS}"')
    assert [(each.reference, each.credit) for each in lines(items(told_so))] == [("", Money(1230))]
    assert lines(items(paid_in))[0].reference == OURS


def test_a_date_in_another_form_is_sydneys():
    told_so = ITEM.replace("2026-03-06T10:00:00", "2026-03-05T14:00:00Z")
    assert lines(items(told_so))[0].on == D


def test_the_status_may_stand_behind_the_list():
    assert len(lines(items(ITEM, rest='"no": "one"')[:-1] + ', "status": "Ok"}')) == 1


def test_a_day_without_a_row_says_so():
    assert lines('{"status": "Ok", "items": []}') == []
    assert statuses('{"statuses": []}') == []


@pytest.mark.parametrize(
    "body",
    [
        '{"status": "Ok"}',
        '{"status": "Ok", "items": null}',
        '{"status": "Ok", "items": {}}',
        '{"status": "Ok", "rows": [' + ", ".join([ITEM] * 300) + "]}",
        "[]",
        "",
        "<html>",
        items(ITEM)[:-1],
        items(ITEM)[:-2],
        items(ITEM) + "}",
        items(ITEM, rest='"status": "SystemError"'),
        items(ITEM, rest='"status": 5'),
        items(ITEM, rest='"no": "one"')[:-1] + ', "status": "SystemError"}',
        items("5"),
        items("null"),
        items(ITEM.replace('"rowOrder": 0', '"rowOrder": null')),
        items(ITEM.replace('"rowOrder": 0', '"rowOrder": true')),
        items(ITEM.replace("12.30", '"12.30"')),
        items(ITEM.replace("12.30", "-12.30")),
        items(ITEM.replace("12.30", "true")),
        items(ITEM.replace("12.30", "1e15")),
        items(ITEM.replace("12.30", "9" * 30)),
        items(ITEM.replace("12.30", "1e999999999")),
        items(ITEM.replace("12.30", "9" * 9000)),
        items(ITEM.replace("12.30", "1e" + "9" * 9000)),
        items(ITEM.replace("12.30", "NaN")),
        items(ITEM.replace("87.70", "null")),
        items(ITEM.replace("2026-03-06T10:00:00", "yesterday")),
        items(ITEM.replace("2026-03-06", "2026-02-30")),
        items(ITEM.replace("[1]", "[" * 200_000 + "]" * 200_000)),
        items(ITEM).encode().replace(b"Payment", b"\xff"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_to_its_end_is_no_day_at_all(body):
    with pytest.raises(ProviderUnavailable):
        lines(body)


def test_nothing_that_was_read_is_quoted():
    with pytest.raises(ProviderUnavailable) as refused:
        lines(items(ITEM.replace("2026-03-06T10:00:00", "Jo Citizen")))
    assert "Jo" not in str(refused.value)


@pytest.mark.parametrize("cut", [1, 40, 4000])
def test_an_answer_that_breaks_off_is_no_shorter_day(cut):
    body = items(*[ITEM] * 400)
    with pytest.raises(ProviderUnavailable):
        lines(body, cut=cut)


def test_an_answer_has_until_its_deadline():
    body = items(*[ITEM] * 400)
    with told(body, pause=3.0) as (url, _), pytest.raises(ProviderUnavailable) as late:
        list(book_of(url).lines(D, D, within=2.6))
    assert "timed_out" in str(late.value)


def test_an_answer_of_many_megabytes_is_read():
    assert len(lines(items(*[ITEM] * 30_000))) == 30_000


def test_statuses_are_told_in_the_providers_own_words():
    rows = [STATUS, STATUS.replace("Complete", "Frobnicated"), '{"uniqueReference": null}']
    assert statuses(f'{{"status": "Ok", "statuses": [{", ".join(rows)}]}}') == [
        Told(OURS, "Complete"), Told(OURS, "Frobnicated"), Told("", "NoneType"),
    ]  # fmt: skip


def test_a_word_that_is_no_code_is_not_repeated():
    odd = STATUS.replace("Complete", "Jo Citizen")
    assert statuses(f'{{"statuses": [{odd}]}}') == [Told(OURS, "str")]


def test_a_reference_that_is_none_makes_the_day_unreadable():
    odd = STATUS.replace(f'"{OURS}"', "[]")
    with pytest.raises(ProviderUnavailable):
        statuses(f'{{"statuses": [{odd}]}}')


def test_without_an_account_there_are_no_lines():
    with pytest.raises(ProviderUnavailable):
        book_of("http://127.0.0.1:1", account="").lines(D, D, within=20)


def test_a_refusal_says_its_code():
    with pytest.raises(ProviderUnavailable, match="InvalidDateRange"):
        statuses('{"status": "InvalidDateRange"}', status=400)


def test_a_server_that_is_busy_is_asked_again_and_then_left():
    with told("{}", status=503) as (url, handler):
        with pytest.raises(ProviderUnavailable):
            list(book_of(url).statuses(D, D, within=20))
        assert handler.asked == 4


def test_a_refused_key_is_tried_once_and_shuts_the_gate():
    gate = FakeGate()
    with told('{"status": "MerchantFailedToLogin"}', status=401) as (url, handler):
        book = book_of(url, gate=gate)
        for _ in range(2):
            with pytest.raises(SignInRefused):
                list(book.statuses(D, D, within=20))
        assert handler.asked == 1
    assert gate.closed()


def test_a_reader_that_stops_early_lets_the_connection_go():
    body = items(*[ITEM] * 20_000)
    with told(body) as (url, handler):
        book = book_of(url)
        reading = book.lines(D, D, within=20)
        assert next(reading).debit == Money(1230)
        reading.close()
        assert len(list(book.lines(D, D, within=20))) == 20_000
        assert handler.asked == 2


def test_over_the_simulator_both_answers_tell_the_same_payments():
    with simulated(opening=100_000) as bench:
        clock = clock_for(f"{bench.url}/_simulator/clock")
        book = book_of(bench.url, key=bench.running.api_key, clock=clock, account=bench.account)
        today = sydney_date(clock.now())
        day = timedelta(days=1)
        found = list(book.lines(today - day, today + day, within=20))
        assert sum(each.credit.cents - each.debit.cents for each in found) == 100_000
        assert found[-1].balance == Money(100_000)
        assert list(book.statuses(today - day, today + day, within=20)) == []
