"""Glasses with microphones beside the trainee's own: two tracks, one clock for all, one of them heard."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path

import av
import numpy as np
import pytest

from tests.core.recording_room import Session, make_room, picture
from tests.core.test_seats_together import CLOCK, Pair
from woz.base.interval import NS_PER_S, Interval
from woz.capture.source import AudioBlock, GazeSample, Sink, SourceInfo, VideoFrame
from woz.capture.virtual import VirtualMicrophone, VirtualRoom
from woz.live.station.config import Hears
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.check.recovery import recover
from woz.recording.check.sync_mark_reader import bursts_in, patch_times
from woz.recording.check.verification import check
from woz.recording.folder.journal import read_journal
from woz.recording.folder.manifest import FIRST_VERSION, SCHEMA_VERSION, Manifest
from woz.recording.folder.media_facts import media_facts
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.clock_map import ClockMap
from woz.timing.sync_marks import TRAINEE_HZ, burst

MS = 1_000_000
AHEAD_NS = 5_000 * NS_PER_S
PICTURE_NS, BLOCK_NS, RATE = 50 * MS, 20 * MS, 16_000
PICTURE_WAY_NS, SOUND_WAY_NS = 80 * MS, 5 * MS


class Glasses:
    """A patch and a burst at each whole second of UTC; pictures take 80 ms to come, sound 5 ms.

    Times of arrival are what they would be on a machine that is never late.
    """

    info = SourceInfo("glasses", 96, 96, 20, RATE)

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None
        wave = burst(TRAINEE_HZ, RATE)
        self._second = np.zeros(RATE, np.float32)
        self._second[: len(wave)] = wave

    def start(self, sink: Sink) -> None:
        self._thread = threading.Thread(target=self._run, args=(sink,))
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread:
            self._thread.join()

    def _run(self, sink: Sink) -> None:
        zero_ns = CLOCK.now_ns() - CLOCK.utc_ns() % NS_PER_S
        for place in range(10_000_000):
            if self._ended.wait(max(0, zero_ns + (place + 1) * BLOCK_NS - CLOCK.now_ns()) / 1e9):
                return
            at = place * BLOCK_NS
            first = place * BLOCK_NS % NS_PER_S * RATE // NS_PER_S
            samples = self._second[first : first + RATE * BLOCK_NS // NS_PER_S]
            sink.audio(AudioBlock(AHEAD_NS + at, zero_ns + at + BLOCK_NS + SOUND_WAY_NS, samples, RATE))
            for shown in range(-(-at // PICTURE_NS) * PICTURE_NS, at + BLOCK_NS, PICTURE_NS):
                image = picture(shown % NS_PER_S == 0)
                index = shown // PICTURE_NS
                sink.video(VideoFrame(index, AHEAD_NS + shown, zero_ns + shown + PICTURE_WAY_NS, image))
                sink.gaze(GazeSample(AHEAD_NS + shown, zero_ns + shown + 60 * MS, 0.0, 0.0, 1.0))


def record(pair: Pair, seconds: float) -> tuple[SessionFolder, Manifest]:
    """The trainee's own microphone hears nothing."""
    pair.station._microphone = VirtualMicrophone(VirtualRoom(CLOCK), CLOCK)
    pair.station.open()
    time.sleep(0.3)
    pair.station.record()
    while (pair.station.session_ns or 0) < seconds * NS_PER_S:
        time.sleep(0.05)
    pair.station.stop()
    assert pair.ended.wait(120)
    pair.station.close()
    return SessionFolder(pair.folder / "sessions" / pair.station.session_id), pair.closed[-1]


def marks(folder: SessionFolder, manifest: Manifest) -> tuple[list[int], list[Interval]]:
    """The patches in the view, and where to look for the bursts."""
    patches = patch_times(folder.ego, [Interval(0, manifest.duration_ns or 0)])
    return patches, [Interval(t - 480 * MS, t + 480 * MS) for t in patches if t > 480 * MS]


@pytest.mark.parametrize("hears", Hears)
def test_both_sounds_are_recorded_apart_and_one_is_heard(
    tmp_path: Path, hears: Hears, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair, rates = Pair(tmp_path, source=Glasses(), hears=hears), set[int]()
    monkeypatch.setattr(pair.station._link, "offer_voice", lambda said_ns, samples, rate: rates.add(rate))
    folder, manifest = record(pair, 3.5)
    assert rates == {RATE if hears == Hears.SOURCE else 48_000}
    patches, spans = marks(folder, manifest)
    (own,) = bursts_in(folder.room, 0, (TRAINEE_HZ,), spans)
    (trainee,) = bursts_in(folder.ego, 0, (TRAINEE_HZ,), spans)
    assert (len(own) >= 2, trainee) == (True, [])
    apart = [min(abs(a - b) for b in patches) for a in own]
    assert max(apart) < 3 * MS
    room, view = manifest.stream(StreamKind.ROOM), manifest.stream(StreamKind.VIEW)
    assert room
    assert view
    assert room.path == folder.room.name
    assert room.source_map == view.source_map
    found = ClockMap.from_json(view.source_map or "")
    assert found.from_session(0) - AHEAD_NS > 0
    (heard,) = [e.data["expert_hears"] for e in read_journal(folder.events) if "expert_hears" in e.data]
    assert heard == hears
    report = check(folder)
    assert (report.checksums_ok, report.schema_version) == (True, SCHEMA_VERSION)
    assert report.view_own
    assert 2 <= report.view_own.marks <= len(own)
    assert report.view_audio is None
    assert report.view_own.worst_ms < 3


def test_glasses_alone_are_the_trainee_s_track(tmp_path: Path) -> None:
    pair = Pair(tmp_path, source=Glasses(), use_microphone=False)
    folder, manifest = record(pair, 2.5)
    assert not folder.room.exists()
    patches, spans = marks(folder, manifest)
    (trainee,) = bursts_in(folder.ego, 0, (TRAINEE_HZ,), spans)
    assert len(trainee) >= 1
    assert max(min(abs(a - b) for b in patches) for a in trainee) < 3 * MS
    entry, view = manifest.stream(StreamKind.TRAINEE_VOICE), manifest.stream(StreamKind.VIEW)
    assert entry
    assert view
    assert entry.source_map == view.source_map


# earlier sessions, and those that were left open


def left_open(folder: Path) -> SessionFolder:
    """A session with the glasses' own sound, whose program went away before it was closed."""
    session, room = Session(folder), make_room(3)
    session.recorder.expect_voice(StreamKind.ROOM, "source")
    session.recorder.start()
    for block in range(200):
        session.clock.advance(10_000_000)
        if block % 5 == 0:
            session.video(block // 5)
        session.voice(StreamKind.TRAINEE_VOICE, room.trainee, block)
        session.voice(StreamKind.EXPERT_HEARD, room.heard, block, "earpiece")
        session.voice(StreamKind.ROOM, room.said, block, "source")
    before = session.folder.manifest()
    session.recorder.close(2_000_000_000)
    before.save(session.folder.manifest_path)
    return session.folder


def test_the_glasses_own_sound_is_recovered_with_the_rest(tmp_path: Path) -> None:
    folder = left_open(tmp_path)
    manifest = recover(folder)
    entry = manifest.stream(StreamKind.ROOM)
    assert manifest.state == SessionState.RECOVERED
    assert entry
    assert (entry.path, entry.recorded) == ("room.mka", 96_000)
    assert check(folder).checksums_ok


def test_a_room_that_is_no_sound_stops_no_recovery(tmp_path: Path) -> None:
    folder = left_open(tmp_path)
    folder.room.write_bytes(b"no sound at all")
    manifest = recover(folder)
    assert manifest.state == SessionState.RECOVERED
    assert manifest.stream(StreamKind.ROOM) is None
    assert "room.mka can't be read" in manifest.fault


@pytest.mark.parametrize("damaged", [False, True])
@pytest.mark.parametrize("version", [FIRST_VERSION, SCHEMA_VERSION])
def test_a_session_keeps_its_rule(tmp_path: Path, version: int, damaged: bool) -> None:
    folder = left_open(tmp_path)
    raw = json.loads(folder.manifest_path.read_text())
    folder.manifest_path.write_text("{" if damaged else json.dumps({**raw, "schema_version": version}))
    lines = folder.events.read_text().splitlines(keepends=True)
    if version == FIRST_VERSION:
        folder.room.unlink()
        lines = [line.replace(f', "schema_version": {SCHEMA_VERSION}', "") for line in lines]
    folder.events.write_text("".join(lines))
    assert recover(folder).schema_version == version
    assert json.loads(folder.manifest_path.read_text())["schema_version"] == version
    assert check(folder).schema_version == version
    assert len(media_facts(folder.ego)) == 3
    assert av.open(str(folder.ego)).streams.audio
