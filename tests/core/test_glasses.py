"""Glasses in a process of their own: crashes, hangs, clocks set back, recordings and sound on the way back."""

from __future__ import annotations

import contextlib
import errno
import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.core.aria_doubles import DEVICE_BEGIN_NS, SIZE, AbsentGlasses, SteadyGlasses
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.capture.aria import supervisor
from woz.capture.aria.outbox import Outbox
from woz.capture.aria.ring import SLOTS, PictureRing
from woz.capture.aria.source import AriaSource
from woz.capture.aria.speaker import GlassesSpeaker
from woz.capture.devices import open_speaker
from woz.capture.sound import PlayRequest
from woz.capture.source import AudioBlock, DeviceStatus, GazeSample, SourceInfo, VideoFrame
from woz.capture.synthetic import SyntheticSource
from woz.capture.tabletop import PROCEDURE
from woz.capture.virtual import VirtualMicrophone, VirtualRoom, VirtualSpeaker
from woz.live.seats.station_seat import StationStatus
from woz.live.station.config import StationConfig
from woz.live.station.own_recording import FETCHING
from woz.live.station.station import Station
from woz.model.events import Event, EventKind
from woz.model.ids import new_session_id
from woz.model.stream import StreamKind
from woz.recording.check.verification import check
from woz.recording.folder.journal import read_journal
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.device_time import DeviceTime

CLOCK = SystemClock()
INFO = SourceInfo("steady", SIZE, SIZE, 20, 48_000)
MS = 1_000_000


class Sink:
    def __init__(self) -> None:
        self.views: list[VideoFrame] = []
        self.sounds: list[AudioBlock] = []
        self.states: list[DeviceStatus] = []
        self.over = threading.Event()
        self.fault: WozError | None = None

    def video(self, frame: VideoFrame) -> None:
        self.views.append(frame)

    def audio(self, block: AudioBlock) -> None:
        self.sounds.append(block)

    def gaze(self, sample: GazeSample) -> None: ...

    def status(self, status: DeviceStatus) -> None:
        self.states.append(status)

    def ended(self, fault: WozError | None) -> None:
        self.fault = fault
        self.over.set()

    @property
    def problem(self) -> str:
        return self.states[-1].problem


def until(true: Callable[[], object], within_s: float = 120) -> None:
    deadline = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.02)


def longest_step_ns(sink: Sink) -> int:
    """Of the pictures' device time."""
    return max(b.device_ns - a.device_ns for a, b in pairwise(sink.views))


@pytest.fixture
def sink() -> Sink:
    return Sink()


@contextlib.contextmanager
def running(source: AriaSource, sink: Sink) -> Iterator[AriaSource]:
    source.start(sink)
    try:
        yield source
    finally:
        source.stop()
    assert sink.over.is_set()


@pytest.fixture
def glasses(sink: Sink) -> Iterator[AriaSource]:
    source = AriaSource(INFO, SteadyGlasses(), CLOCK, records_itself=True, speaker_delay_ns=0)
    with running(source, sink):
        until(lambda: len(sink.views) > 10)
        yield source


def test_the_ring_keeps_the_newest_and_owns_up_to_what_is_gone() -> None:
    ring = PictureRing.create(16, 8)
    far = PictureRing.attach(ring.address)
    numbers = [far.write(np.full((12, 16), i, np.uint8)) for i in range(SLOTS + 2)]
    kept = [ring.read(number) for number in numbers]
    far.close()
    ring.close()
    assert [picture is None for picture in kept] == [True] * 2 + [False] * SLOTS
    assert [int(picture[5, 5]) for picture in kept if picture is not None] == list(range(2, SLOTS + 2))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere shared memory is no file")
def test_the_pictures_memory_is_there_before_any_is_written() -> None:
    ring = PictureRing.create(640, 480)
    try:
        found = Path("/dev/shm", ring.address.name).stat()
        assert found.st_blocks * 512 >= found.st_size > SLOTS * 640 * 480
    finally:
        ring.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere shared memory is no file")
def test_glasses_for_whose_pictures_there_is_no_memory_are_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, sink: Sink
) -> None:
    asked: list[Path] = []

    def full(handle: int, offset: int, size: int) -> None:
        asked.append(Path(f"/proc/self/fd/{handle}").readlink())
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "posix_fallocate", full)
    source = AriaSource(INFO, SteadyGlasses(), CLOCK)
    with pytest.raises(WozError, match="make room in /dev/shm"):
        source.start(sink)
    assert len(asked) == 1
    assert not asked[0].exists()


def test_device_time_is_left_alone_while_its_clock_goes_on() -> None:
    times = DeviceTime()
    seen = [times.at((1, 0), i * 100 * MS, 5_000 * MS + i * 100 * MS + i % 7 * MS) for i in range(50)]
    seen += [times.at((2, 0), i * 100 * MS, 5_000 * MS + i * 100 * MS) for i in range(90, 120)]
    assert seen == [i * 100 * MS for i in (*range(50), *range(90, 120))]
    assert times.epochs == 0


def test_a_clock_that_is_set_back_goes_on_by_the_time_that_passed() -> None:
    times = DeviceTime()
    last = [times.at((1, 0), 900_000 * MS + i * 100 * MS, i * 100 * MS + 30 * MS) for i in range(20)][-1]
    first = times.at((2, 0), 3 * MS, 1_900 * MS + 2_000 * MS + 30 * MS)
    second = times.at((2, 0), 103 * MS, 4_030 * MS)
    assert last is not None
    assert first == last + 2_000 * MS
    assert second == first + 100 * MS
    assert times.at((1, 0), 902_000 * MS, 4_040 * MS) is None
    assert times.epochs == 1


def test_pictures_come_through_shared_memory_whole_and_in_order(glasses: AriaSource, sink: Sink) -> None:
    until(lambda: len(sink.views) >= 60)
    views = sink.views[:60]
    levels = [np.unique(view.image.to_ndarray()[:SIZE]).tolist() for view in views]
    assert all(len(level) == 1 for level in levels)
    assert [view.index for view in views] == list(range(60))
    ticks = [(view.device_ns - DEVICE_BEGIN_NS) // (10 * MS) for view in views]
    assert [level for (level,) in levels] == [tick // 5 % 200 + 20 for tick in ticks], "each at its own time"
    steps = [b.device_ns - a.device_ns for a, b in pairwise(views)]
    assert all(step > 0 and step % (50 * MS) == 0 for step in steps)
    assert sum(step // (50 * MS) - 1 for step in steps) <= glasses.skipped, "none is lost without being counted"
    until(lambda: sink.states[-1].battery_percent == 77.0)
    assert sink.problem == ""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSEGV, signal.SIGSTOP])
def test_a_crash_or_a_hang_is_a_gap_and_no_end(glasses: AriaSource, sink: Sink, how: signal.Signals) -> None:
    first = glasses.pid
    assert first
    os.kill(first, how)
    until(lambda: "it is tried again in 1 s" in sink.problem)
    expected = "did not answer" if how == signal.SIGSTOP else how.name
    assert expected in sink.problem
    before = len(sink.views)
    until(lambda: len(sink.views) > before + 20)
    until(lambda: not sink.problem)
    assert glasses.pid != first
    assert [view.index for view in sink.views] == list(range(len(sink.views)))
    assert longest_step_ns(sink) >= 900 * MS, "device time goes on over the gap, which lasts a second at least"
    for stream in ([v.device_ns for v in sink.views], [b.device_ns for b in sink.sounds]):
        assert all(b > a for a, b in pairwise(stream))


def test_a_fault_in_taking_what_the_glasses_give_costs_that_alone_and_is_told(
    glasses: AriaSource, sink: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, real, faults = glasses.pid, glasses._time.at, [RuntimeError("odd")]

    def at(*told: Any) -> int | None:
        if faults:
            raise faults.pop()
        return real(*told)

    monkeypatch.setattr(glasses._time, "at", at)
    until(lambda: not faults)
    before = len(sink.views)
    until(lambda: len(sink.views) > before + 20)
    assert any(each.problem.startswith("The taking of the glasses' data failed (odd)") for each in sink.states)
    until(lambda: not sink.problem)
    assert glasses.pid == first


def test_glasses_of_whom_nothing_can_be_read_are_started_again(
    glasses: AriaSource, sink: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, real, faults = glasses.pid, supervisor._received, [ValueError("odd")]

    def received(connection: Any) -> Any:
        if faults:
            raise faults.pop()
        return real(connection)

    monkeypatch.setattr(supervisor, "_received", received)
    until(lambda: not faults)
    until(lambda: any("it failed (odd): it is tried again in 1 s" in each.problem for each in sink.states))
    before = len(sink.views)
    until(lambda: len(sink.views) > before + 5)
    assert glasses.pid != first


def test_glasses_that_end_by_a_fault_say_so(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    source = AriaSource(INFO, AbsentGlasses(), CLOCK)

    def lost(loss: object) -> None:
        raise RuntimeError("odd")

    monkeypatch.setattr(source, "_lost", lost)
    with running(source, sink):
        assert sink.over.wait(120)
    assert "The keeping of the glasses failed (odd)" in str(sink.fault)


def test_an_order_that_cannot_be_sent_keeps_none_after_it(caplog: pytest.LogCaptureFixture) -> None:
    near, far = multiprocessing.Pipe()
    told: list[WozError] = []
    outbox = Outbox(near, "orders to the glasses", Supervisor(told.append))
    for order in (lambda: None, 5):
        outbox.put(order)
    assert far.poll(120)
    assert far.recv() == 5
    outbox.close(120)
    assert [str(fault).split(" (")[0] for fault in told] == ["The orders to the glasses failed"]
    for end in (near, far):
        end.close()


def test_delays_grow_while_glasses_cannot_be_had(sink: Sink) -> None:
    with running(AriaSource(INFO, AbsentGlasses(), CLOCK), sink):
        until(lambda: sum("switch them on" in s.problem for s in sink.states) >= 2)
    waits = [s.problem.split("again in ")[1][:3] for s in sink.states if "switch them on" in s.problem]
    assert waits[:2] == ["1 s", "2 s"]


def test_the_glasses_record_and_hand_it_over(glasses: AriaSource, tmp_path: Path) -> None:
    glasses.begin_own_recording()
    assert glasses.end_own_recording() == "r1"
    glasses.fetch_own_recording(tmp_path / "ego.vrs")
    assert [p.name for p in tmp_path.iterdir()] == ["ego.vrs"]
    assert (tmp_path / "ego.vrs").stat().st_size == 1000


def test_glasses_that_do_not_record_say_so(sink: Sink) -> None:
    source = AriaSource(INFO, SteadyGlasses(refuses_to_record=True), CLOCK, records_itself=True)
    with running(source, sink):
        until(lambda: len(sink.views) > 2)
        source.begin_own_recording()
        until(lambda: "do not record" in sink.problem)
        with pytest.raises(WozError, match="do not record"):
            source.end_own_recording()


def test_the_experts_voice_goes_to_the_glasses_at_its_own_pace(glasses: AriaSource, sink: Sink) -> None:
    speaker = open_speaker("glasses", CLOCK, VirtualRoom(CLOCK), glasses)
    asked: list[tuple[int, int, int]] = []

    def pull(request: PlayRequest) -> np.ndarray[tuple[int], np.dtype[np.float32]]:
        asked.append((CLOCK.now_ns(), request.device_ns, request.dac_ns))
        return np.full(request.n, len(asked) / 100, np.float32)

    speaker.start(pull)
    until(lambda: len(asked) >= 50)
    speaker.stop()
    assert all(now_ns >= dac_ns for now_ns, _, dac_ns in asked), "no block is asked for before its time"
    assert len({dac_ns - device_ns for _, device_ns, dac_ns in asked}) == 1
    assert all(b - a >= 20 * MS for (_, a, _), (_, b, _) in pairwise(asked))
    until(lambda: sum(b.rate == 8_000 for b in sink.sounds) >= len(asked))
    back = [float(b.samples[0]) for b in sink.sounds if b.rate == 8_000]
    assert back == pytest.approx([(i + 1) / 100 for i in range(len(asked))]), "each block comes back, in order"


def test_only_glasses_with_a_speaker_are_played_on() -> None:
    for source in (SyntheticSource(CLOCK, size=320), AriaSource(INFO, SteadyGlasses(), CLOCK), None):
        with pytest.raises(WozError, match="mode=webrtc"):
            GlassesSpeaker(source, CLOCK)


class Nobody:
    """Listens to a station and shows nothing."""

    last: StationStatus | None = None

    def status(self, status: StationStatus) -> None:
        self.last = status

    def preview(self, image: object) -> None: ...

    def journalled(self, event: Event) -> None: ...


def _station(sessions: Path, source: AriaSource, watcher: Nobody, closed: threading.Event) -> Station:
    room = VirtualRoom(CLOCK)
    config = StationConfig(new_session_id(CLOCK.utc_ns()), sessions, PROCEDURE, "127.0.0.1", 0, "127.0.0.1")
    devices = VirtualMicrophone(room, CLOCK), VirtualSpeaker(room, CLOCK)
    return Station(config, source, *devices, CLOCK, watcher, lambda manifest: closed.set())


def test_the_fetch_of_the_glasses_recording_is_told_while_it_lasts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = AriaSource(INFO, SteadyGlasses(), CLOCK, records_itself=True)
    closed, watcher = threading.Event(), Nobody()
    station, real = _station(tmp_path, source, watcher, closed), source.fetch_own_recording

    def fetch(target: Path) -> None:
        until(lambda: watcher.last and watcher.last.awaits == FETCHING)
        real(target)

    monkeypatch.setattr(source, "fetch_own_recording", fetch)
    station.open()
    try:
        until(lambda: watcher.last and watcher.last.view_fps > 5)
        station.record()
        until(lambda: watcher.last and watcher.last.recorded > 5)
        station.stop()
        assert closed.wait(240)
        until(lambda: watcher.last and not watcher.last.awaits)
    finally:
        station.close()
    assert SessionFolder.open(tmp_path / station.session_id).own_recording.stat().st_size == 1000


def test_a_session_goes_on_while_the_glasses_are_gone(tmp_path: Path) -> None:
    source = AriaSource(INFO, SteadyGlasses(), CLOCK, records_itself=True)
    closed, watcher = threading.Event(), Nobody()
    station = _station(tmp_path, source, watcher, closed)
    station.open()
    try:
        until(lambda: watcher.last and watcher.last.view_fps > 5)
        station.record()
        until(lambda: watcher.last and watcher.last.recorded > 20)
        assert source.pid
        os.kill(source.pid, signal.SIGKILL)
        killed_ns = station.session_ns
        assert killed_ns
        until(lambda: watcher.last and "tried again" in watcher.last.problem)
        recorded = watcher.last.recorded if watcher.last else 0
        until(lambda: watcher.last and watcher.last.recorded > recorded + 20 and not watcher.last.problem)
        station.stop()
        assert closed.wait(120)
    finally:
        station.close()
    folder = SessionFolder.open(tmp_path / station.session_id)
    assert folder.own_recording.stat().st_size == 1000
    events = read_journal(folder.events)
    states = [e.data for e in events if e.kind == EventKind.DEVICE]
    assert any("tried again" in state.get("problem", "") for state in states)
    assert {"own_recording": "r1"} in states
    gaps = [e for e in events if e.kind == EventKind.GAP and e.data["stream"] == StreamKind.VIEW]
    (gone,) = [gap for gap in gaps if gap.t_ns <= killed_ns < gap.t_ns + gap.data["duration_ns"]]
    assert gone.data["duration_ns"] > 1_000_000_000
    report = check(folder)
    assert report.view_gaps >= 1
    assert report.frames_in_file > 40
    assert 0 <= report.frames_captured - report.frames_in_file <= source.skipped


def test_pictures_that_were_overtaken_on_their_way_are_told_journalled_and_missed_by_the_check(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = AriaSource(INFO, SteadyGlasses(), CLOCK)
    closed, watcher, overtaken = threading.Event(), Nobody(), list[int]()
    station, real = _station(tmp_path, source, watcher, closed), PictureRing.read

    def read(ring: PictureRing, number: int) -> Any:
        return None if overtaken and overtaken.pop() else real(ring, number)

    monkeypatch.setattr(PictureRing, "read", read)
    station.open()
    try:
        until(lambda: watcher.last and watcher.last.view_fps > 5)
        station.record()
        until(lambda: watcher.last and watcher.last.recorded > 5)
        before = source.skipped
        overtaken += [1, 1, 1]
        until(lambda: not overtaken)
        until(lambda: watcher.last and watcher.last.device and watcher.last.device.skipped - before >= 3)
        until(lambda: watcher.last and watcher.last.dropped >= 3)
        station.stop()
        assert closed.wait(240)
    finally:
        station.close()
    folder = SessionFolder.open(tmp_path / station.session_id)
    events = read_journal(folder.events)
    dropped = [event.data for event in events if event.kind == EventKind.DROP]
    lost = [data["items"] for data in dropped if data.get("what") == "view"]
    states = [{**event.data, "skipped": 0} for event in events if event.kind == EventKind.DEVICE]
    assert all(a != b for a, b in pairwise(states)), "a loss alone is no news of the glasses"
    report = check(folder)
    missed = report.frames_captured - report.frames_in_file
    assert missed == sum(lost) >= 3
    assert source.skipped - before >= 3
    assert any("captured but not in the file" in reason for reason in report.reasons)
