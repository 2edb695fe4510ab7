"""The two engines, started when a test first asks for one, once for each worker.

Both hold the account that the deploying template describes. They are shared: a test keeps apart
from the others by drawing ids of its own. What tests write is searched when all are done: see
`tests/redaction/plugin.py`.
"""

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from local.cloud import Cloud, account
from local.engines import start_moto
from tests.redaction.plugin import pytest_configure  # noqa: F401 (a hook of pytest's)

# A slow machine is no finding; a failure prints what makes it happen again. Every run tries the
# same examples, so that what is red is the change; `make properties` draws others, and many.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True,
    derandomize=True,
)  # fmt: skip
settings.register_profile(
    "search", settings.get_profile("house"), derandomize=False, max_examples=3_000
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The default engine: MiniStack, with moto for KMS."""
    with account(tmp_path_factory.mktemp("ministack")) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """The other engine: moto made safe."""
    with account(tmp_path_factory.mktemp("moto"), start=start_moto) as cloud:
        yield cloud


@pytest.fixture(params=["ministack", "moto"])
def engine(request: pytest.FixtureRequest) -> Cloud:
    """Each engine in turn: what holds on one has to hold on the other."""
    cloud = request.getfixturevalue(request.param)
    assert isinstance(cloud, Cloud)
    return cloud


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have counted (`record_property("counted", {...})`), summed up over all workers."""
    counts: dict[str, Counter[str]] = {}
    for report in terminalreporter.getreports("passed"):
        for name, told in report.user_properties:
            if name == "counted" and isinstance(told, dict):
                counts.setdefault(report.nodeid.split("::")[0], Counter()).update(told)
    for module, told in sorted(counts.items()):
        terminalreporter.section(f"counted by {module}")
        for what, number in sorted(told.items()):
            terminalreporter.line(f"{what:<70} {number:>12,}")
