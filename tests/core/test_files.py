"""Recorded files: kept through a kill, a full disk and damage; read back by the checker."""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from woz.base.clock import ManualClock
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.check.recovery import recover
from woz.recording.check.sync_mark_reader import burst_onset
from woz.recording.folder.journal import Journal, read_journal
from woz.recording.folder.manifest import Manifest, StreamEntry
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.sync_marks import EXPERT_HZ, burst

SID = SessionId("20260101-000000-0000")

RECORD = """
import sys, time
from pathlib import Path
from woz.capture.synthetic import picture
from woz.capture.source import SourceInfo, VideoFrame
from woz.capture.tabletop import TableTop
from woz.base.clock import SessionClock, SystemClock
from woz.model.events import Event, EventKind
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live.recorder import Recorder
from woz.model.ids import SessionId
from woz.model.stream import StreamKind
from woz.base.settings import VideoSettings
import numpy as np
clock = SessionClock(SystemClock())
folder = SessionFolder.create(Path(sys.argv[1]), SessionId("{sid}"), clock.start_utc_ns)
recorder = Recorder(folder, clock, SourceInfo("test", 320, 320, 20), VideoSettings(), keep_free=0)
recorder.start()
scene = TableTop(320)
for i in range(int(sys.argv[2])):
    t = i * 50_000_000
    recorder.video(VideoFrame(i, t, t, picture(scene, i, 0.5, False)), t)
    for kind in (StreamKind.TRAINEE_VOICE, StreamKind.EXPERT_HEARD):
        recorder.voice(kind, t, np.full(2400, 0.1, np.float32), 48000)
    recorder.event(Event(t, EventKind.NOTE, "test", {{"i": i}}))
    print(recorder.recorded, flush=True)
    time.sleep(0.05)
recorder.close(int(sys.argv[2]) * 50_000_000)
print("fault", recorder.fault)
"""


def _recording(folder: Path, frames: int) -> subprocess.Popen[str]:
    code = RECORD.format(sid=SID)
    command = [sys.executable, "-c", code, str(folder), str(frames)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def test_a_kill_leaves_a_session_that_plays(tmp_path: Path) -> None:
    child = _recording(tmp_path, 1000)
    assert child.stdout
    for line in child.stdout:
        if int(line) >= 80:
            break
    child.kill()
    told = [int(line) for line in child.stdout.read().split()]
    last = max([80, *told]) - 1
    child.wait()
    child.stdout.close()
    folder = SessionFolder.open(tmp_path / SID)
    before = folder.ego.read_bytes()
    manifest = recover(folder)
    assert manifest.state == SessionState.RECOVERED
    assert folder.ego.read_bytes() == before
    view, trainee = manifest.stream(StreamKind.VIEW), manifest.stream(StreamKind.TRAINEE_VOICE)
    assert view
    assert trainee
    assert view.interval.end_ns >= last * 50_000_000 - 1_000_000_000
    assert trainee.interval.end_ns >= last * 50_000_000 - 1_000_000_000
    with av.open(str(folder.ego)) as container:
        assert sum(1 for _ in container.decode(video=0)) == view.recorded
    noted = [e.data["i"] for e in read_journal(folder.events) if e.kind == EventKind.NOTE]
    assert noted[: last + 1] == list(range(last + 1))
    assert recover(folder) == manifest


def test_a_closed_recording_is_whole(tmp_path: Path) -> None:
    child = _recording(tmp_path, 30)
    assert child.communicate(timeout=240)[0].splitlines()[-1] == "fault None"
    folder = SessionFolder.open(tmp_path / SID)
    manifest = folder.manifest()
    assert manifest.state == SessionState.CLOSED
    with av.open(str(folder.ego)) as container:
        assert [s.type for s in container.streams] == ["video", "audio", "audio"]
        assert [s.metadata["title"] for s in container.streams.audio] == ["trainee", "expert, as heard"]
        times = [round((frame.time or 0) * 1e9) for frame in container.decode(video=0)]
    with folder.frames.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["session_ns"]) for row in rows] == times == [i * 50_000_000 for i in range(30)]
    with pytest.raises(WozError, match="nothing was overwritten"):
        SessionFolder.create(tmp_path, SID, 0)


@pytest.fixture
def small_disk(tmp_path: Path) -> object:
    place = tmp_path / "small"
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "woz-test", str(place)], capture_output=True)
    if done.returncode:
        pytest.skip("this machine does not let the tests mount a small disk")
    yield place
    for _ in range(20):
        if subprocess.run(["umount", str(place)], capture_output=True).returncode == 0:
            break
        time.sleep(0.1)


def test_a_full_disk_ends_the_recording_and_keeps_what_there_is(small_disk: Path) -> None:
    child = _recording(small_disk, 160)
    out, _ = child.communicate(timeout=120)
    assert "The disk is full" in out.splitlines()[-1]
    assert child.returncode == 0
    ego = small_disk / SID / "ego.mkv"
    frames = 0
    with av.open(str(ego)) as container:
        for _ in container.decode(video=0):
            frames += 1
    assert frames > 5


def _lies_inside(path: str) -> bool:
    try:
        return bool(StreamEntry(StreamKind.VIEW, path, 0, Interval(0, 1)))
    except ValueError:
        return False


entries = st.builds(
    StreamEntry,
    st.sampled_from(list(StreamKind)),
    st.text(min_size=1, max_size=9).filter(_lies_inside),
    st.integers(0, 3),
    st.builds(lambda a, d: Interval(a, a + d), st.integers(0, 10**12), st.integers(0, 10**12)),
    gaps=st.tuples(st.just(Interval(1, 2))),
)


@given(st.lists(entries, max_size=4), st.sampled_from(list(SessionState)))
def test_a_manifest_comes_back(
    tmp_path_factory: pytest.TempPathFactory, streams: list[StreamEntry], state: SessionState
) -> None:
    path = tmp_path_factory.mktemp("m") / "manifest.json"
    manifest = Manifest(SID, state, 5, "Lamp", None, tuple(streams))
    manifest.save(path)
    assert Manifest.load(path) == manifest
    assert [p.name for p in path.parent.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("{", "damaged"), ("{}", "damaged"), ('{"schema_version": 99}', "newer"), ("[1]", "damaged")],
)
def test_a_bad_manifest_is_told(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(text)
    with pytest.raises(WozError, match=words):
        Manifest.load(path)


def test_a_cut_journal_keeps_its_whole_lines(tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    journal = Journal(path)
    for i in range(3):
        journal.append(Event(i, EventKind.NOTE, "x", {"text": "é\n"}))
    journal.close()
    journal.append(Event(9, EventKind.NOTE, "late"))
    path.write_bytes(path.read_bytes()[:-4])
    assert [e.t_ns for e in read_journal(path)] == [0, 1]


@given(st.integers(0, 900), st.floats(0, 0.03))
def test_bursts_are_found_where_they_are(shift_ms: int, noise: float) -> None:
    rng = np.random.default_rng(1)
    samples = rng.normal(0, noise, 48_000 * 4).astype(np.float32)
    mark = burst(EXPERT_HZ, 48_000)
    onsets = [(1000 + shift_ms) * 48, (2000 + shift_ms) * 48]
    for onset in onsets:
        samples[onset : onset + len(mark)] += mark
    for onset, first in zip(onsets, (onsets[0] - 4800, onsets[1] - 14400), strict=True):
        found = burst_onset(samples[first : first + 19200 + len(mark)], 48_000, EXPERT_HZ)
        assert found is not None
        assert abs(first + found - onset) < 24


def test_no_burst_is_found_in_noise() -> None:
    noise = np.random.default_rng(2).normal(0, 0.1, 48_000 * 3).astype(np.float32)
    assert burst_onset(noise[: 48_000 * 2], 48_000, EXPERT_HZ) is None


def test_a_manual_clock_stands_still() -> None:
    clock = ManualClock(5, 7)
    clock.advance(2)
    assert (clock.now_ns(), clock.utc_ns()) == (7, 9)


@pytest.mark.parametrize("length_s", [0.12, 0.2, 0.3])
def test_a_tone_that_a_voice_holds_longer_is_no_burst(length_s: float) -> None:
    mark, t = burst(EXPERT_HZ, 48_000), np.arange(round(length_s * 48_000)) / 48_000
    sound = np.zeros(48_000, np.float32)
    sound[30_000 : 30_000 + len(t)] = 0.3 * np.sin(2 * np.pi * EXPERT_HZ * t) * np.hanning(len(t))
    assert burst_onset(sound, 48_000, EXPERT_HZ) is None
    sound[9_000 : 9_000 + len(mark)] += mark * np.float32(0.1)
    assert burst_onset(sound, 48_000, EXPERT_HZ) == pytest.approx(9_000, abs=5)
