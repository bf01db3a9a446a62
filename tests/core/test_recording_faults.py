"""What is left when the disk runs full or the program is killed."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from tests.core.recording_room import FPS, SIZE, Session, make_room
from tests.core.small_disk import mounted
from woz import __version__
from woz.base.errors import WozError
from woz.base.supervision import Supervisor
from woz.capture.source import VideoFrame
from woz.model.ids import SessionId
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.check.recovery import recover
from woz.recording.check.verification import check
from woz.recording.folder.journal import read_journal
from woz.recording.folder.lock import RecordingLock
from woz.recording.folder.media_facts import media_facts
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.live import recorder
from woz.recording.live.disk_watch import EVERY_S, DiskWatch
from woz.recording.live.media import SessionMedia
from woz.recording.live.voice_recorder import QUEUE_BLOCKS, VoiceRecorder

MEGABYTE = 1024**2


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MB."""
    with mounted(tmp_path / "disk", "4m") as disk:
        yield disk


def noisy(rng: np.random.Generator) -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(rng.integers(0, 255, (SIZE * 3 // 2, SIZE), np.uint8), format="yuv420p")


def record_until_fault(session: Session) -> int:
    """Frames of noise and a voice of noise until the recorder gives up; the answer is how many frames."""
    rng = np.random.default_rng(3)
    sound = rng.uniform(-0.9, 0.9, 30 * 48_000).astype(np.float32)
    session.recorder.start()
    for i in range(30 * FPS):
        session.clock.advance(1_000_000_000 // FPS)
        session.video(i, noisy(rng))
        for block in range(i * 5, i * 5 + 5):
            session.voice(StreamKind.TRAINEE_VOICE, sound, block)
            session.voice(StreamKind.EXPERT_HEARD, sound, block, "earpiece")
        if session.recorder.fault:
            return i
    return 30 * FPS


def playable(path: Path) -> bool:
    play = ["ffmpeg", "-v", "quiet", "-i", str(path), "-f", "null", "-"]
    return subprocess.run(play, check=False).returncode == 0


def test_a_full_disk_ends_the_recording_and_keeps_what_there_is(
    small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    session = Session(small_disk)
    frames = record_until_fault(session)
    assert 0 < frames < 30 * FPS
    manifest = session.recorder.close(60_000_000_000)
    assert isinstance(session.recorder.fault, WozError)
    assert "The disk is full" in str(session.recorder.fault)
    assert "The disk is full" in caplog.text
    assert "The disk is full" in manifest.fault
    assert manifest.duration_ns
    assert manifest.duration_ns < 31_000_000_000
    video, *voices = media_facts(session.folder.ego)
    assert len(video.times_ns) > frames * 0.7
    assert all(track.end_ns > 0.7 * manifest.duration_ns for track in voices)
    assert playable(session.folder.ego)


def test_a_recording_ends_in_order_while_there_is_room_to_close_it(
    small_disk: Path, caplog: pytest.LogCaptureFixture
) -> None:
    session = Session(small_disk, keep_free=5 * MEGABYTE)
    session.recorder.start()
    for i in range(40):
        session.clock.advance(1_000_000_000 // FPS)
        session.video(i)
    while not session.recorder.fault:
        time.sleep(0.01)
    manifest = session.recorder.close(2_000_000_000)
    assert "The disk is full" in caplog.text
    assert manifest == session.folder.manifest()
    assert (manifest.state, manifest.fault) == (SessionState.CLOSED, str(session.recorder.fault))
    kinds = [event.data.get("fault", event.kind) for event in read_journal(session.folder.events)]
    assert str(session.recorder.fault) in kinds
    report = check(session.folder)
    assert report.checksums_ok
    assert any("ended before its time" in reason for reason in report.reasons)
    with av.open(str(session.folder.ego)) as container:
        assert container.duration


def test_the_expert_s_recording_survives_a_full_disk(small_disk: Path, caplog: pytest.LogCaptureFixture) -> None:
    rng = np.random.default_rng(4)
    recorder = VoiceRecorder(small_disk / "expert.mka", 0, keep_free=0)
    for second in range(120):
        recorder.add(second * 1_000_000_000, rng.uniform(-1, 1, 48_000).astype(np.float32), 48_000)
    recorder.close(120_000_000_000)
    assert "The disk is full" in str(recorder.fault)
    assert "The disk is full" in caplog.text
    assert media_facts(small_disk / "expert.mka")[0].end_ns > 20_000_000_000


def test_no_room_at_all_makes_no_session(small_disk: Path) -> None:
    with contextlib.suppress(OSError), (small_disk / "filler").open("wb", buffering=0) as file:
        while file.write(b"x" * 4096):
            pass
    with pytest.raises(WozError, match="No space left on device"):
        SessionFolder.create(small_disk / "sessions", SessionId("one"), 1)
    assert list((small_disk / "sessions").iterdir()) == []


def test_sound_that_is_late_to_begin_is_recorded(tmp_path: Path) -> None:
    recorder = VoiceRecorder(tmp_path / "expert.mka", 0, keep_free=0)
    time.sleep(3 * EVERY_S)
    recorder.add(2_000_000_000, np.full(48_000, 0.1, np.float32), 48_000)
    recorder.close(3_000_000_000)
    assert recorder.fault is None
    assert media_facts(tmp_path / "expert.mka")[0].end_ns == pytest.approx(3e9, abs=1e6)


def test_a_disk_that_hangs_holds_up_nobody_who_ends_its_watch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("woz.recording.live.disk_watch.END_WITHIN_S", 0.05)
    hangs, free = threading.Event(), threading.Event()

    def hang(_: int) -> None:
        hangs.set()
        free.wait(240)

    monkeypatch.setattr("os.fsync", hang)
    path = tmp_path / "ego.mkv"
    path.touch()
    watch = DiskWatch((path,), lambda error: None, 0)
    watch.start()
    assert hangs.wait(120)
    (file,) = watch._opened.values()
    watch.stop()
    assert "disk watch hangs" in caplog.text
    assert not file.closed
    free.set()
    watch._thread.join(120)
    assert file.closed


@pytest.mark.parametrize("was_seen", [True, False])
def test_a_file_that_disappears_while_it_is_recorded_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, was_seen: bool
) -> None:
    faults: list[OSError] = []
    path = tmp_path / "gone"
    watch = DiskWatch((path,), faults.append, 0)
    path.touch()
    if was_seen:
        watch._look()
    path.unlink()
    watch.start()
    while not faults:
        time.sleep(0.01)
    watch.stop()
    assert isinstance(faults[0], FileNotFoundError)


def test_the_room_s_file_that_is_gone_at_once_ends_the_recording(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    session = Session(tmp_path)
    session.recorder.expect_voice(StreamKind.ROOM, "source")
    session.folder.room.unlink()
    session.recorder.start()
    while not session.recorder.fault:
        time.sleep(0.01)
    assert "can't be written" in str(session.recorder.fault)
    assert session.recorder.close(1_000_000_000).fault == str(session.recorder.fault)


def test_a_picture_that_can_t_be_encoded_is_counted_and_the_rest_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    session = Session(tmp_path)
    session.recorder.start()
    for i in range(20):
        session.clock.advance(50_000_000)
        if i == 5:
            session.recorder.video(VideoFrame(i, 0, 0, None), i * 50_000_000)  # type: ignore[arg-type]
        else:
            session.video(i)
    session.recorder.close(1_000_000_000)
    assert (session.recorder.captured, session.recorder.recorded, session.recorder.dropped) == (20, 19, 1)
    assert [e.data["what"] for e in read_journal(session.folder.events) if e.kind == "drop"] == ["view"]
    assert "The recorder failed" in caplog.text
    assert session.recorder.fault is None


def test_sound_that_finds_no_room_waits_for_nobody_and_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Were it to wait for room, there would be no end of it here."""
    begun, free, real = threading.Event(), threading.Event(), SessionMedia.view

    def stuck(media: SessionMedia, frame: VideoFrame, at_ns: int) -> None:
        begun.set()
        free.wait(120)
        real(media, frame, at_ns)

    monkeypatch.setattr(SessionMedia, "view", stuck)
    monkeypatch.setattr(recorder, "WAIT_S", 1e6)
    monkeypatch.setattr(recorder, "SOUND_ITEMS", 20)
    session = Session(tmp_path)
    session.recorder.start()
    session.video(0)
    assert begun.wait(120)
    sound = np.full(48_000, 0.1, np.float32)

    def hear() -> None:
        for block in range(100):
            session.voice(StreamKind.TRAINEE_VOICE, sound, block)

    hearing = threading.Thread(target=hear, daemon=True)
    hearing.start()
    hearing.join(120)
    assert not hearing.is_alive()
    free.set()
    session.clock.advance(1_000_000_000)
    manifest = session.recorder.close(1_000_000_000)
    (drop,) = [e.data for e in read_journal(session.folder.events) if e.kind == "drop"]
    assert (drop["what"], drop["items"], drop["until_ns"]) == ("sound", 80, 990_000_000)
    trainee = manifest.stream(StreamKind.TRAINEE_VOICE)
    assert trainee is not None
    assert sum(gap.duration_ns for gap in trainee.gaps) == pytest.approx(0.8e9, abs=2e6)


def test_a_recorder_knows_for_how_long_pictures_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session, real = Session(tmp_path), SessionMedia.view
    begun, free = threading.Event(), threading.Event()

    def stuck(media: SessionMedia, frame: VideoFrame, at_ns: int) -> None:
        begun.set()
        free.wait(120)
        real(media, frame, at_ns)

    monkeypatch.setattr(SessionMedia, "view", stuck)
    session.recorder.start()
    for i in range(3):
        session.video(i)
    assert begun.wait(120)
    session.clock.advance(1_500_000_000)
    assert session.recorder.behind_s == 1.5
    free.set()
    while session.recorder.recorded < 3:
        time.sleep(0.01)
    assert session.recorder.behind_s == 0
    session.recorder.close(1_000_000_000)


# a killed program


@pytest.mark.parametrize("late", [None, "video", "trainee", "heard"])
def test_a_stream_that_is_late_keeps_no_other_one_from_the_disk(tmp_path: Path, late: str | None) -> None:
    """Six of eight seconds without one of them."""
    session, room = Session(tmp_path), make_room(8)
    for kind, name in ((StreamKind.TRAINEE_VOICE, "microphone"), (StreamKind.EXPERT_HEARD, "earpiece")):
        session.recorder.expect_voice(kind, name)
    session.recorder.start()
    for block in range(800):
        session.clock.advance(10_000_000)
        gone = late if block >= 200 else None
        if gone != "trainee":
            session.voice(StreamKind.TRAINEE_VOICE, room.trainee, block)
        if gone != "heard":
            session.voice(StreamKind.EXPERT_HEARD, room.heard, block, "earpiece")
        if gone != "video" and block % 5 == 4:
            session.video(block // 5)
    deadline = time.monotonic() + 120
    while min(ends := on_disk(session.folder, late)) < 7.3:
        assert time.monotonic() < deadline, ends
        time.sleep(0.05)
    session.recorder.close(8_000_000_000)
    view, trainee, heard = media_facts(session.folder.ego)
    assert (trainee.end_ns, heard.end_ns) == (8_000_000_000, 8_000_000_000)
    assert len(view.times_ns) == (40 if late == "video" else 160)


def on_disk(folder: SessionFolder, late: str | None) -> list[float]:
    """Up to which second each stream but the late one could be read after a kill."""
    try:
        facts = media_facts(folder.ego)
    except WozError:
        return [0.0]
    ends = zip(("video", "trainee", "heard"), facts, strict=True)
    return [track.end_ns / 1e9 for name, track in ends if name != late]


KILLED = """
import sys, time
from pathlib import Path
from tests.core.recording_room import Session, make_room
room = make_room(8)
session = Session(Path(sys.argv[1]))
session.recorder.start()
session.run(room, 0, 5)
while session.recorder.recorded < 100:
    time.sleep(0.01)
print("recorded", flush=True)
time.sleep(60)
"""


@pytest.fixture
def killed(tmp_path: Path) -> SessionFolder:
    """A session of 5 s whose program was killed."""
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    with child, child.stdout:
        assert child.stdout.readline() == "recorded\n"
        folder = SessionFolder(next(tmp_path.iterdir()))
        with pytest.raises(WozError, match="being recorded at this moment"):
            recover(folder)
        os.kill(child.pid, signal.SIGKILL)
    return folder


def test_a_killed_recording_plays_and_is_recovered(killed: SessionFolder) -> None:
    media = killed.ego.read_bytes()
    before = killed.manifest_path.read_bytes()
    assert playable(killed.ego)
    manifest = recover(killed)
    assert manifest == killed.manifest()
    assert manifest.state == SessionState.RECOVERED
    assert manifest.duration_ns
    assert 4_000_000_000 <= manifest.duration_ns <= 5_000_000_000
    assert {entry.kind for entry in manifest.streams} >= {
        StreamKind.VIEW,
        StreamKind.TRAINEE_VOICE,
        StreamKind.EXPERT_HEARD,
    }
    view = manifest.stream(StreamKind.VIEW)
    assert view
    assert (view.captured, view.recorded >= 80) == (100, True)
    assert killed.ego.read_bytes() == media
    assert (killed.path / "manifest.before-recovery.json").read_bytes() == before
    report = check(killed)
    assert report.checksums_ok
    assert report.view_audio
    assert report.view_audio.worst_ms < 0.1
    assert any("stopped while recording" in reason for reason in report.reasons)


def test_recovering_twice_changes_nothing(killed: SessionFolder) -> None:
    first = recover(killed)
    files = {path: path.read_bytes() for path in killed.path.iterdir() if path.is_file()}
    assert recover(killed) == first
    assert {path: path.read_bytes() for path in killed.path.iterdir() if path.is_file()} == files


def test_a_damaged_manifest_is_made_anew_from_the_journal(killed: SessionFolder) -> None:
    start_utc_ns = killed.manifest().start_utc_ns
    killed.manifest_path.write_text('{"schema_version": 1, "sess')
    manifest = recover(killed)
    assert (manifest.session_id, manifest.start_utc_ns) == (killed.path.name, start_utc_ns)
    assert (manifest.state, manifest.versions["woz"]) == (SessionState.RECOVERED, __version__)


def test_a_session_without_a_readable_view_is_closed_and_says_so(killed: SessionFolder) -> None:
    killed.ego.write_bytes(b"")
    manifest = recover(killed)
    assert (manifest.state, manifest.streams) == (SessionState.RECOVERED, ())
    assert "can't be read" in manifest.fault


def test_a_closed_session_is_not_touched(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.recorder.start()
    session.run(make_room(1), 0, 1)
    manifest = session.recorder.close(1_000_000_000)
    assert recover(session.folder) == manifest
    assert not (session.folder.path / "manifest.before-recovery.json").exists()


def test_the_lock_of_a_recorder_is_free_when_it_is_closed(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.recorder.start()
    assert not RecordingLock(session.folder.lock).take()
    session.recorder.close(10_000_000)
    lock = RecordingLock(session.folder.lock)
    assert lock.take()
    lock.release()


def test_a_folder_that_is_in_other_hands_is_not_recorded_to(tmp_path: Path) -> None:
    session = Session(tmp_path)
    other = RecordingLock(session.folder.lock)
    assert other.take()
    with pytest.raises(WozError, match="Another program of woz works on"):
        session.recorder.start()
    session.recorder.discard()
    other.release()


def test_a_block_that_can_t_be_recorded_costs_itself_and_the_voice_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []
    supervisor = Supervisor(lambda fault: told.append(str(fault)))
    recorder = VoiceRecorder(tmp_path / "expert.mka", 0, keep_free=0, supervisor=supervisor)
    for n in range(300):
        sound = "no sound" if 100 <= n < 110 else np.full(480, 0.1, np.float32)
        recorder.add(n * 10_000_000, sound, 48_000)  # type: ignore[arg-type]
    recorder.close(3_000_000_000)
    assert 1 <= recorder.dropped <= 10
    assert recorder.fault is None
    assert len(told) == 1
    assert "recorder of the expert's voice failed" in told[0]
    (track,) = media_facts(tmp_path / "expert.mka")
    assert track.end_ns == 3_000_000_000
    first, last = recorder.gaps[0], recorder.gaps[-1]
    assert first.start_ns == pytest.approx(1_000_000_000, abs=1_000_000)
    assert 1_090_000_000 < last.end_ns < 1_300_000_000


def test_a_voice_that_finds_no_room_is_dropped_and_closes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on, real = threading.Event(), VoiceRecorder._write
    monkeypatch.setattr(VoiceRecorder, "_write", lambda self, samples: (goes_on.wait(120), real(self, samples)))
    recorder = VoiceRecorder(tmp_path / "expert.mka", 0, keep_free=0)
    for n in range(QUEUE_BLOCKS + 500):
        recorder.add(n * 10_000_000, np.zeros(480, np.float32), 48_000)
    assert 490 < recorder.dropped < 510
    goes_on.set()
    recorder.close((QUEUE_BLOCKS + 500) * 10_000_000)
    assert media_facts(tmp_path / "expert.mka")[0].end_ns == (QUEUE_BLOCKS + 500) * 10_000_000
