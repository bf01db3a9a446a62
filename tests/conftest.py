"""What holds for every test: an unexpected log line at WARNING or above, or a thread left behind, is a failure."""

from __future__ import annotations

import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.rig.namespaces import needs_namespaces
from woz.base.ffmpeg_logs import keep_out_of_python

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

settings.register_profile("suite", derandomize=True, deadline=None)
settings.register_profile("thorough", max_examples=5000, deadline=None, suppress_health_check=list(HealthCheck))
settings.load_profile("suite")


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.name}: {record.levelname}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that logs at WARNING or above, unless it asks for `caplog`."""
    if "caplog" in request.fixturenames:
        yield
        return
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(collector)
    assert not collector.lines, "unexpected log: " + "; ".join(collector.lines)


@pytest.fixture(autouse=True)
def decoders_log_nothing() -> None:
    """Whatever an earlier test of this process has imported."""
    keep_out_of_python()


@pytest.fixture(autouse=True)
def garbage_is_looked_for() -> Iterator[None]:
    """Once windows were shown in this process, nobody else looks for it."""
    yield
    if collecting := sys.modules.get("ui.application.collecting"):
        collecting.collect_due()


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    """Fails a test that leaves a Python thread of ours running."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 120
    while (left := _started_since(before)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not left, f"threads left running: {[thread.name for thread in left]}"


def _started_since(before: set[threading.Thread]) -> list[threading.Thread]:
    known = ("asyncio_", "ThreadPoolExecutor", "Dummy-", "pymain")
    started = (thread for thread in threading.enumerate() if thread not in before)
    return [thread for thread in started if thread.is_alive() and not thread.name.startswith(known)]


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A run that failed ends, whatever threads its tests left behind."""
    session.config.add_cleanup(lambda: _end(exitstatus))


def _end(exitstatus: int) -> None:
    others = [t for t in threading.enumerate() if t is not threading.main_thread() and not t.daemon]
    if exitstatus and others:
        sys.stdout.flush()
        os._exit(int(exitstatus))


@pytest.fixture(scope="session")
def hosts() -> None:
    """Hosts in network namespaces, with their routers and servers, can be made; the test is skipped where not."""
    needs_namespaces()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings beside the repository (or $WOZ_TEST_DATA); the test is skipped without it."""
    path = Path(os.environ.get("WOZ_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"the folder of real test recordings is not here: {path}")
    return path
