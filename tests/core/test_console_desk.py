"""A real console before a real station: sentences, the trainee's volume, drawing where the study allows it."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from tests.core.test_seats_together import CLOCK, Pair, Watcher, live, until, until_sent
from woz.capture.sound import PlayRequest
from woz.capture.source import GazeSample, Sink, Source, VideoFrame
from woz.capture.synthetic import SyntheticSource
from woz.link.ends.guest import Guest
from woz.link.ends.link_state import LinkState
from woz.link.messages.messages import Message, MessageKind
from woz.live.console.console import Console
from woz.live.seats.console_seat import ViewFrame
from woz.model.events import EventKind
from woz.model.protocol import PROACTIVE, Protocol
from woz.recording.folder.journal import read_journal
from woz.recording.live.spare_view import SpareView

DELAY_MS = 300
POINTING = replace(PROACTIVE, pointing_allowed=True, cue_delay_ms=DELAY_MS)


class Desk:
    """A station that records, and a console that has joined."""

    def __init__(self, folder: Path, protocol: Protocol, source: Source | None = None) -> None:
        self.pair, self.watcher = Pair(folder, protocol, source), Watcher()
        self.pair.station.open()
        self.console: Console = self.pair.console(self.watcher)
        self.console.open()
        until(lambda: live(self.watcher) and bool(self.watcher.protocols))
        self.pair.station.record()
        until(lambda: bool(getattr(self.watcher.last, "recording", False)))

    def end(self) -> None:
        until_sent(self.watcher)
        self.pair.station.stop()
        assert self.pair.ended.wait(120)
        self.console.close()
        self.pair.station.close()

    @property
    def folder(self) -> Path:
        return self.pair.folder / "sessions" / self.pair.station.session_id

    @property
    def own_recording(self) -> Path:
        return self.pair.folder / "console" / self.pair.station.session_id / "expert.mka"


def test_a_sentence_is_heard_recorded_and_journalled(tmp_path: Path) -> None:
    desk = Desk(tmp_path, POINTING)
    assert desk.watcher.protocols == [POINTING]
    recorder = desk.console._recording.recorder
    assert recorder is not None
    assert desk.console._time.origin_ns is not None
    file_begins_ns = recorder.origin_ns - desk.console._time.origin_ns
    sound = _soft_noise(24_000)
    asked_ns = time.monotonic_ns() - desk.console._time.origin_ns
    desk.console.cue("Well done", sound)
    until(lambda: getattr(desk.watcher.last, "cue", "") == "Well done")
    until(lambda: getattr(desk.watcher.last, "cue", "") == "")
    desk.end()
    (cue,) = [e for e in read_journal(desk.folder / "events.jsonl") if e.kind == EventKind.CUE]
    assert cue.data["text"] == "Well done"
    assert cue.t_ns == cue.data["begin_ns"] == pytest.approx(asked_ns + DELAY_MS * 1e6, abs=30e6)
    assert cue.data["end_ns"] - cue.data["begin_ns"] == pytest.approx(5e8, abs=1e6)
    place, likeness = _find(_samples(desk.own_recording), sound)
    assert likeness > 0.95
    assert place / 48_000 * 1e9 + file_begins_ns == pytest.approx(cue.t_ns, abs=5e6)


@pytest.mark.parametrize("protocol", [POINTING, PROACTIVE])
def test_strokes_reach_the_journal_where_the_study_allows_them(tmp_path: Path, protocol: Protocol) -> None:
    desk = Desk(tmp_path, protocol)
    desk.console.stroke([(0.25, 0.5), (1.2, -0.1)], desk.console.now_ns())
    desk.end()
    strokes = [e for e in read_journal(desk.folder / "events.jsonl") if e.kind == EventKind.STROKE]
    assert [e.data["points"] for e in strokes] == ([[[0.25, 0.5], [1.0, 0.0]]] if protocol == POINTING else [])


class _Gazing(SyntheticSource):
    """Each picture has a gaze of its own."""

    def start(self, sink: Sink) -> None:
        take = sink.video

        def video(frame: VideoFrame) -> None:
            sink.gaze(GazeSample(frame.device_ns, frame.arrival_ns, 0.0, 0.0, 1.0, gaze_of(frame.device_ns), 0.5))
            take(frame)

        super().start(SimpleNamespace(**(vars(sink) | {"video": video})))


def gaze_of(captured_ns: int) -> float:
    return captured_ns // 1000 % 10_000 / 10_000


@pytest.mark.parametrize("protocol", [replace(PROACTIVE, gaze_shown=True), PROACTIVE])
def test_the_gaze_comes_with_the_picture_it_belongs_to(tmp_path: Path, protocol: Protocol) -> None:
    desk = Desk(tmp_path, protocol, _Gazing(CLOCK, size=320))
    frames: list[ViewFrame] = []
    desk.watcher.shown = frames.append
    until(lambda: len(frames) > 20)
    desk.end()
    gazes = [(f.gaze, f.capture_ns) for f in frames if f.gaze and f.capture_ns]
    assert len(gazes) > 15 if protocol.gaze_shown else not gazes
    assert all(gaze == pytest.approx((gaze_of(captured_ns), 0.5)) for gaze, captured_ns in gazes)


def test_the_trainees_volume_changes_what_the_expert_hears(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path, PROACTIVE)
    console = desk.console
    loud = np.full(480, 0.25, np.float32)
    monkeypatch.setattr(console._jitter_buffer, "pull", lambda n, heard_ns: loud)
    console.volume(2)
    assert np.all(console._sound.play_trainee(PlayRequest(480, 0, 0)) == 0.5)
    console.volume(-1)
    assert not console._sound.play_trainee(PlayRequest(480, 0, 0)).any()
    desk.end()


def test_a_trouble_with_the_disk_is_shown_until_it_is_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk(tmp_path, PROACTIVE)
    outbox = desk.console._deeds._outbox
    assert outbox

    def full(line: dict[str, object]) -> None:
        raise OSError(28, "No space left on device")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(outbox, "_append", full)
        assert not desk.console.note("first")
        until(lambda: "Your marks can't be kept" in getattr(desk.watcher.last, "problem", ""))
    assert desk.console.note("second")
    until(lambda: getattr(desk.watcher.last, "problem", "?") == "")
    assert caplog.text.count("Your marks can't be kept") == 1
    desk.end()


def test_a_disk_that_hangs_under_the_spare_view_holds_up_no_consoles_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, hangs = threading.Event(), threading.Event()

    def write(spare: SpareView, data: bytes, session_ns: int, key: bool) -> None:
        hangs.set()
        goes_on.wait()

    monkeypatch.setattr(SpareView, "_write", write)
    desk = Desk(tmp_path, PROACTIVE)
    assert hangs.wait(120)
    desk.console.note("while it hangs")
    desk.end()
    assert not goes_on.is_set()
    assert desk.pair.closed[-1].expert_voice == "own"
    goes_on.set()


def _soft_noise(n: int) -> NDArray[np.float32]:
    """Noise without high notes, so that a part of a sample more or less changes little."""
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, n + 23)
    return np.convolve(noise, np.ones(24) / 12, "valid").astype(np.float32)


def _samples(path: Path) -> NDArray[np.float32]:
    with av.open(str(path)) as file:
        blocks = [frame.to_ndarray() for frame in file.decode(audio=0)]
        scale = 2**31 if blocks[0].dtype == np.int32 else 2**15 if blocks[0].dtype == np.int16 else 1
    return (np.concatenate([b.reshape(-1) for b in blocks]) / scale).astype(np.float32)


def _find(track: NDArray[np.float32], sound: NDArray[np.float32]) -> tuple[int, float]:
    """Where the sound is in the track, and how alike it is there (1 is the same)."""
    n = len(track) + len(sound)
    alike = np.fft.irfft(np.fft.rfft(track, n) * np.conj(np.fft.rfft(sound, n)), n)
    place = int(np.argmax(alike))
    part = track[place : place + len(sound)]
    return place, float(part @ sound / np.linalg.norm(part) / np.linalg.norm(sound))


def test_a_console_may_leave_as_the_station_says_goodbye(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(tmp_path, POINTING)
    end = desk.pair.station._link
    said: list[MessageKind] = []

    def send(guest: Guest, message: Message) -> None:
        said.append(message.kind)
        if message.kind == MessageKind.LEAVE:
            end._take_leave(message)

    until_sent(desk.watcher)
    desk.pair.station.stop()
    assert desk.pair.ended.wait(120)
    monkeypatch.setattr(Guest, "send", send)
    desk.pair.station.close()
    desk.console.close()
    assert MessageKind.LEAVE in said
    assert end.state == LinkState.ENDED
