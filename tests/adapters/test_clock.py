"""Time: the machine's, or that of somebody else's clock."""

import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from chalicelib.adapters.clock import (
    FRESH,
    FollowingClock,
    SystemClock,
    clock_for,
    offset_at,
    offset_from,
)
from tests.adapters.samples import Seconds

SOON = timedelta(seconds=5)


def test_the_machines_clock_is_aware_and_in_utc():
    now = SystemClock().now()
    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < SOON
    assert SystemClock().monotonic() <= SystemClock().monotonic()


def test_names_are_never_made_twice_and_have_the_length_that_a_payouts_have():
    names = {SystemClock().new_id() for _ in range(1000)}
    assert len(names) == 1000
    assert {len(name) for name in names} == {36}


class Asked:
    def __init__(self, offset):
        self.offset = offset
        self.times = 0

    def __call__(self):
        self.times += 1
        if isinstance(self.offset, Exception):
            raise self.offset
        return self.offset


def test_a_following_clock_is_as_far_ahead_as_it_is_told():
    clock = FollowingClock(Asked(timedelta(days=3)), monotonic=Seconds())
    assert abs(clock.now() - datetime.now(UTC) - timedelta(days=3)) < SOON


def test_the_offset_is_asked_for_again_after_a_moment_and_not_before():
    seconds, asked = Seconds(), Asked(timedelta(0))
    clock = FollowingClock(asked, monotonic=seconds)
    for _ in range(50):
        clock.now()
    assert asked.times == 1
    asked.offset = timedelta(days=1)
    seconds.spent += FRESH + 0.01
    assert clock.now() - datetime.now(UTC) > timedelta(hours=23)


@pytest.mark.parametrize("failure", [OSError("gone"), ValueError("rubbish")])
def test_the_last_offset_holds_on_while_the_other_clock_fails(failure):
    seconds, asked = Seconds(), Asked(timedelta(days=1))
    clock = FollowingClock(asked, monotonic=seconds)
    clock.now()
    asked.offset = failure
    seconds.spent += 1
    assert clock.now() - datetime.now(UTC) > timedelta(hours=23)


def test_spans_are_the_machines_own():
    before = SystemClock().monotonic()
    assert FollowingClock(Asked(timedelta(days=9))).monotonic() - before < 60


@pytest.mark.parametrize(
    ("raw", "offset"),
    [
        (b'{"now": "x", "offset_seconds": 0}', timedelta(0)),
        (b'{"offset_seconds": 86400.5}', timedelta(days=1, milliseconds=500)),
    ],
)
def test_an_offset_is_a_number_of_seconds(raw, offset):
    assert offset_from(raw) == offset


@pytest.mark.parametrize(
    "raw",
    [b"", b"[]", b"{}", b'{"offset_seconds": "1"}', b'{"offset_seconds": true}',
     b'{"offset_seconds": 1e400}'],
)  # fmt: skip
def test_an_answer_that_tells_no_offset_is_an_error(raw):
    with pytest.raises(ValueError, match=r"JSON|number|large"):
        offset_from(raw)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = b'{"now": "2026-03-02T00:00:00+00:00", "offset_seconds": 3600}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_a_clock_is_followed_over_http_only_where_a_url_says_so():
    assert type(clock_for(None)) is SystemClock
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        clock = clock_for(f"http://127.0.0.1:{server.server_port}/clock")
        assert clock.now() - datetime.now(UTC) > timedelta(minutes=59)
    finally:
        server.shutdown()
        server.server_close()


def test_a_clock_that_does_not_answer_is_an_error_that_is_expected():
    with pytest.raises(OSError, match="refused"):
        offset_at("http://127.0.0.1:9/clock")()
