"""What `Clock` promises: aware time in UTC, spans that never go back, names never used."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest

from chalicelib.adapters.clock import SystemClock, clock_for
from local.monoova.server import serve
from local.monoova.simulator import Options
from tests.contracts.stores import NOBODY
from tests.fakes.clock import FakeClock


@pytest.fixture(params=["fake", "system", "simulator", "simulator away"])
def clock(request):
    if request.param == "fake":
        yield FakeClock()
    elif request.param == "system":
        yield SystemClock()
    elif request.param == "simulator away":
        yield clock_for(f"{NOBODY}/_simulator/clock")
    else:
        with serve(Options(seed=7)) as running:
            running.control.advance(86_400)
            yield clock_for(f"{running.url}/_simulator/clock")


def test_time_is_aware_and_utc(clock):
    assert clock.now().tzinfo is UTC
    assert clock.now().utcoffset() == timedelta(0)


def test_time_goes_on_and_spans_never_go_back(clock):
    times = [clock.now() for _ in range(100)]
    spans = [clock.monotonic() for _ in range(100)]
    assert times == sorted(times)
    assert spans == sorted(spans)
    assert all(isinstance(span, float) for span in spans)


def test_names_are_unlike_each_other_and_as_long_as_all_of_ours(clock):
    names = [clock.new_id() for _ in range(1000)]
    assert len(set(names)) == len(names)
    assert {len(name) for name in names} == {36}
    assert all(name.isascii() and name.isprintable() for name in names)
