"""Room on the disk: how long it lasts, the warning, the end in order, on a small disk."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from tests.core.small_disk import mounted
from woz.base.clock import SystemClock
from woz.base.settings import VideoSettings
from woz.capture.source import SourceInfo
from woz.capture.synthetic import SyntheticSource
from woz.capture.tabletop import PROCEDURE
from woz.capture.virtual import VirtualMicrophone, VirtualRoom, VirtualSpeaker
from woz.live.seats.station_seat import StationPhase, StationStatus
from woz.live.station.config import StationConfig
from woz.live.station.station import Station
from woz.model.events import Event, EventKind
from woz.model.ids import new_session_id
from woz.model.session import SessionState
from woz.recording.check.verification import check
from woz.recording.folder.journal import read_journal
from woz.recording.folder.media_facts import media_facts
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.disk_estimate import bytes_per_minute, estimated_bytes_per_minute, warning

CLOCK = SystemClock()
MEGABYTE = 1024**2


def test_the_estimate_grows_with_the_picture_and_gives_way_to_the_pace() -> None:
    small = estimated_bytes_per_minute(SourceInfo("", 704, 704, 10), VideoSettings())
    large = estimated_bytes_per_minute(SourceInfo("", 1408, 1408, 20), VideoSettings())
    fine = estimated_bytes_per_minute(SourceInfo("", 1408, 1408, 20), VideoSettings(record_crf=15))
    assert 20 * MEGABYTE < large < 80 * MEGABYTE
    assert small < large / 4
    assert fine > 1.7 * large
    assert bytes_per_minute(large, 0, 0) == large
    assert bytes_per_minute(large, 600 * MEGABYTE, 3600 * 10**9) == pytest.approx(10 * MEGABYTE, rel=0.15)


def test_the_pace_that_is_shown_never_jumps() -> None:
    """A view that takes a fifth of the estimate, written to the disk in clusters: 95 hours of room, not 20."""
    estimate, cluster = 50.0 * MEGABYTE, MEGABYTE
    paces = [
        bytes_per_minute(estimate, s * 10 * MEGABYTE // 60 // cluster * cluster, s * 10**9) for s in range(3600)
    ]
    assert all(abs(after / before - 1) < 0.05 for before, after in pairwise(paces))
    assert paces[-1] == pytest.approx(10 * MEGABYTE, rel=0.1)


def test_the_warning_comes_ten_minutes_ahead() -> None:
    assert warning(10.0) == ""
    assert "about 9 more minutes" in warning(9.4)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 300 MB, of which some seconds' worth is left above what a station asks for."""
    with mounted(tmp_path / "disk", "300m") as disk:
        yield disk


class Watcher:
    def __init__(self) -> None:
        self.all: list[StationStatus] = []

    def status(self, status: StationStatus) -> None:
        self.all.append(status)

    def preview(self, image: object) -> None: ...

    def journalled(self, event: Event) -> None: ...


def test_a_station_warns_and_ends_in_order_on_a_small_disk(
    small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    room, watcher, closed = VirtualRoom(CLOCK), Watcher(), threading.Event()
    config = StationConfig(new_session_id(CLOCK.utc_ns()), small_disk, PROCEDURE, "127.0.0.1", 0, "127.0.0.1")
    devices = VirtualMicrophone(room, CLOCK), VirtualSpeaker(room, CLOCK)
    source = SyntheticSource(CLOCK, size=320)
    station = Station(config, source, *devices, CLOCK, watcher, lambda manifest: closed.set())
    station.open()
    try:
        station.record()
        until(lambda: watcher.all and watcher.all[-1].recorded > 20)
        fill(small_disk, 160)
        until(lambda: "more minutes" in watcher.all[-1].problem)
        time.sleep(1)
        fill(small_disk, 240)
        until(lambda: "The disk is full" in watcher.all[-1].problem)
        (small_disk / "filler").unlink()
        station.stop()
        assert closed.wait(120)
        until(lambda: watcher.all[-1].phase in (StationPhase.CLOSED, StationPhase.CLOSING))
    finally:
        station.close()
    folder = SessionFolder.open(small_disk / config.session_id)
    manifest = folder.manifest()
    assert manifest.state == SessionState.CLOSED
    assert "The disk is full" in manifest.fault
    assert manifest.duration_ns
    assert all(track.end_ns > manifest.duration_ns - 1_000_000_000 for track in media_facts(folder.ego))
    assert check(folder).checksums_ok
    warned = [e for e in read_journal(folder.events) if e.kind == EventKind.DEVICE and "disk" in e.data]
    assert len(warned) == 1
    assert "The disk is full" in caplog.text


def fill(disk: Path, megabytes: int) -> None:
    """Take so much room away in all."""
    path = disk / "filler"
    have = path.stat().st_size if path.exists() else 0
    with path.open("ab") as file:
        file.write(bytes(megabytes * MEGABYTE - have))


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)
