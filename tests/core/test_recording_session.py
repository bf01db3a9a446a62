"""A session from the first frame to the closed folder, read back from its files."""

from __future__ import annotations

import csv
import subprocess
from dataclasses import asdict, replace
from pathlib import Path

import av
import numpy as np
import pytest

from tests.core.recording_room import FPS, INFO, RATE, Room, Session, make_room, picture
from woz.base.errors import WozError
from woz.capture.source import GazeSample
from woz.model.events import Event, EventKind
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.check.verdict import Verdict
from woz.recording.check.verification import check
from woz.recording.expert_voice.heard_delay import HeardDelay, heard_delay
from woz.recording.folder.adoption import adopt_voice
from woz.recording.folder.journal import read_journal
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.media_facts import media_facts
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.recording.live.voice_recorder import VoiceRecorder
from woz.sound.reading import read_track
from woz.timing.clock_map import ClockMap

SECONDS = 8
END_NS = SECONDS * 1_000_000_000


@pytest.fixture(scope="module")
def room() -> Room:
    return make_room(SECONDS)


def record(sessions: Path, room: Room) -> tuple[SessionFolder, Manifest]:
    session = Session(sessions)
    session.recorder.start()
    session.run(room, 0, SECONDS)
    return session.folder, session.recorder.close(END_NS)


def record_expert(folder: Path, room: Room, origin_ns: int = 10**12) -> Path:
    """What the console records, on a clock whose time `origin_ns` is session time 0."""
    recorder = VoiceRecorder(folder / "console" / "expert.mka", origin_ns, keep_free=0)
    for first in range(0, len(room.said), 480):
        recorder.add(origin_ns + first * 1_000_000_000 // RATE, room.said[first : first + 480], RATE)
    return recorder.close(origin_ns + END_NS)


def test_the_files_hold_all_that_was_captured(tmp_path: Path, room: Room) -> None:
    folder, manifest = record(tmp_path, room)
    assert manifest == folder.manifest()
    assert (manifest.state, manifest.duration_ns, manifest.fault) == (SessionState.CLOSED, END_NS, "")
    view = manifest.stream(StreamKind.VIEW)
    assert view
    assert (view.captured, view.recorded) == (SECONDS * FPS, SECONDS * FPS)
    video, trainee, heard = media_facts(folder.ego)
    assert [t // 1_000_000 for t in video.times_ns] == [i * 1000 // FPS for i in range(SECONDS * FPS)]
    assert abs(trainee.end_ns - END_NS) < 1_000_000
    assert abs(heard.end_ns - END_NS) < 1_000_000
    kinds = [event.kind for event in read_journal(folder.events)]
    assert kinds == [EventKind.SESSION_BEGIN, EventKind.SESSION_END]
    assert not folder.lock.exists()


def test_the_table_of_frames_tells_exact_times_and_the_key_frames(tmp_path: Path, room: Room) -> None:
    folder, _ = record(tmp_path, room)
    with folder.frames.open() as file:
        rows = list(csv.DictReader(file))
    assert [int(row["session_ns"]) for row in rows] == [i * 50_000_000 for i in range(SECONDS * FPS)]
    assert [int(row["device_ns"]) for row in rows] == [i * 50_000_000 + 5 for i in range(SECONDS * FPS)]
    with av.open(str(folder.ego)) as container:
        keys = [packet.is_keyframe for packet in container.demux(video=0) if packet.size]
    assert [bool(int(row["key"])) for row in rows] == keys
    assert keys == [i % FPS == 0 for i in range(SECONDS * FPS)]


def test_other_programs_read_the_view_with_two_voices(tmp_path: Path, room: Room) -> None:
    folder, _ = record(tmp_path, room)
    entries = "format=duration:stream=codec_name,channels,sample_rate:stream_tags=title"
    probe = ["ffprobe", "-v", "error", "-show_entries", entries, "-of", "csv=p=0", str(folder.ego)]
    lines = subprocess.run(probe, capture_output=True, text=True, check=True).stdout.split("\n")
    assert lines[:4] == [
        "h264,trainee's view",
        "flac,48000,1,trainee",
        'flac,48000,1,"expert, as heard"',
        "8.000000",
    ]
    play = ["ffmpeg", "-v", "error", "-xerror", "-i", str(folder.ego), "-f", "null", "-"]
    assert subprocess.run(play, capture_output=True, text=True, check=True).stderr == ""


def test_gaze_is_a_table(tmp_path: Path) -> None:
    session = Session(tmp_path, replace(INFO, gaze=True))
    session.recorder.start()
    for i in range(5):
        session.recorder.gaze(GazeSample(i, i, 0.1 * i, -0.1, 0.8), i * 33_000_000)
    manifest = session.recorder.close(200_000_000)
    with session.folder.gaze.open() as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["session_ns", "device_ns", "yaw_rad", "pitch_rad", "depth_m", "x", "y"]
    assert [int(row["session_ns"]) for row in rows] == [i * 33_000_000 for i in range(5)]
    entry = manifest.stream(StreamKind.GAZE)
    assert entry
    assert (entry.path, entry.recorded) == ("sensors/gaze.csv", 5)


def test_both_tracks_are_there_from_the_start_where_nobody_speaks(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.recorder.start()
    for i in range(3 * FPS):
        session.clock.advance(1_000_000_000 // FPS)
        session.video(i)
    session.recorder.close(3_000_000_000)
    video, *voices = media_facts(session.folder.ego)
    assert [track.interval.start_ns for track in (video, *voices)] == [0, 0, 0]
    assert all(abs(track.end_ns - 3_000_000_000) < 1_000_000 for track in voices)


def test_a_voice_that_stops_and_a_view_that_stops_leave_gaps_that_are_told(tmp_path: Path, room: Room) -> None:
    session = Session(tmp_path)
    session.recorder.start()
    session.run(room, 0, 2)
    for block in range(200, 500):
        session.clock.advance(10_000_000)
        session.voice(StreamKind.EXPERT_HEARD, room.heard, block, "earpiece")
    session.run(room, 5, SECONDS)
    manifest = session.recorder.close(END_NS)
    gaps = {event.data["stream"]: event for event in read_journal(session.folder.events) if event.kind == "gap"}
    assert set(gaps) == {"view", "trainee"}
    assert gaps["view"].t_ns == 1_950_000_000
    assert gaps["view"].data["duration_ns"] == 3_050_000_000
    assert gaps["trainee"].t_ns == pytest.approx(2e9, abs=1e6)
    assert gaps["trainee"].data["duration_ns"] == pytest.approx(3e9, abs=1e6)
    entry = manifest.stream(StreamKind.TRAINEE_VOICE)
    assert entry
    assert len(entry.gaps) == 1
    report = check(session.folder)
    assert (report.view_gaps, report.voice_gaps) == (1, 1)
    assert report.verdict == Verdict.DOUBTFUL


@pytest.mark.parametrize("late_s", [1, 6, 9])
def test_sound_that_comes_late_is_laid_in_its_place(tmp_path: Path, late_s: int) -> None:
    """A microphone whose sound of some seconds is held up, and comes all at once."""
    session, long = record_held_up(tmp_path, late_s)
    manifest = session.recorder.close(16_000_000_000)
    entry = manifest.stream(StreamKind.TRAINEE_VOICE)
    assert entry
    assert (entry.refused_ns, entry.gaps) == (0, ())
    found, start_ns = read_track(session.folder.ego, 0, 48_000)
    assert (start_ns, len(found)) == (0, 16 * 48_000)
    assert np.abs(found - long.trainee).max() < 0.01
    assert [e for e in read_journal(session.folder.events) if e.kind == "gap"] == []


def test_sound_that_comes_later_than_the_bound_is_silence_and_told(tmp_path: Path) -> None:
    session, long = record_held_up(tmp_path, 12)
    manifest = session.recorder.close(16_000_000_000)
    entry = manifest.stream(StreamKind.TRAINEE_VOICE)
    assert entry
    (gap,) = entry.gaps
    assert gap.start_ns == pytest.approx(2e9, abs=1e6)
    assert entry.refused_ns == pytest.approx(gap.duration_ns, abs=2e6)
    assert gap.duration_ns == pytest.approx(2e9, abs=2e8)
    found, _ = read_track(session.folder.ego, 0, 48_000)
    assert np.abs(found - long.trainee)[8 * 48_000 :].max() < 0.01
    assert any("came too late" in reason for reason in check(session.folder).reasons)


def record_held_up(folder: Path, late_s: int) -> tuple[Session, Room]:
    """Sixteen seconds, of which the microphone's from the second on come so much later."""
    session, long = Session(folder), make_room(16)
    session.recorder.expect_voice(StreamKind.TRAINEE_VOICE, "microphone")
    session.recorder.start()
    held: list[int] = []
    for block in range(1600):
        session.clock.advance(10_000_000)
        if block % 5 == 4:
            session.video(block // 5)
        session.voice(StreamKind.EXPERT_HEARD, long.heard, block, "earpiece")
        held.append(block)
        if not 200 <= block < 200 + late_s * 100:
            for waited in held:
                session.voice(StreamKind.TRAINEE_VOICE, long.trainee, waited)
            held.clear()
    return session, long


def test_a_picture_of_another_size_and_a_repeated_time_do_no_harm(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.recorder.start()
    for i, size in ((0, 96), (1, 64), (1, 96), (2, 96)):
        session.clock.advance(50_000_000)
        session.video(i, picture(False, size))
    session.recorder.close(200_000_000)
    video = media_facts(session.folder.ego)[0]
    assert [t // 1_000_000 for t in video.times_ns] == [0, 50, 51, 100]


def test_events_are_in_the_journal_and_told_at_once(tmp_path: Path) -> None:
    session = Session(tmp_path)
    session.recorder.start()
    mark = Event(5, EventKind.STEP, "expert", {"step_id": "a"})
    session.recorder.event(mark)
    assert mark in read_journal(session.folder.events)
    session.recorder.close(50_000_000)


def test_a_session_is_never_recorded_over(tmp_path: Path, room: Room) -> None:
    folder, _ = record(tmp_path, room)
    before = folder.ego.read_bytes()
    with pytest.raises(WozError, match="exists already; nothing was overwritten"):
        Session(tmp_path)
    assert folder.ego.read_bytes() == before


# the expert's own recording


def test_the_expert_s_recording_is_taken_in_once(tmp_path: Path, room: Room) -> None:
    folder, _ = record(tmp_path, room)
    source = record_expert(tmp_path, room)
    digest = sha256_of(source)
    with pytest.raises(WozError, match="checksum differs"):
        adopt_voice(folder, source, ClockMap.shift(0), "0" * 64)
    manifest = adopt_voice(folder, source, ClockMap.shift(2_000_000), digest)
    entry = manifest.stream(StreamKind.EXPERT_SAID)
    assert entry
    assert entry.interval.start_ns == 2_000_000
    assert abs(entry.interval.duration_ns - END_NS) < 1_000_000
    assert sha256_of(folder.expert) == digest
    assert source.exists()
    with pytest.raises(WozError, match="exists already"):
        adopt_voice(folder, source, ClockMap.shift(0), digest)


def test_what_is_no_recording_is_not_taken_in(tmp_path: Path, room: Room) -> None:
    folder, manifest = record(tmp_path, room)
    source = tmp_path / "expert.mka"
    source.write_bytes(b"no sound at all")
    with pytest.raises(WozError, match="can't be read"):
        adopt_voice(folder, source, ClockMap.shift(0), sha256_of(source))
    assert folder.manifest() == manifest
    assert not folder.expert.exists()


# checking


def test_the_sync_is_measured_from_the_files(tmp_path: Path, room: Room) -> None:
    folder, _ = record(tmp_path, room)
    source = record_expert(tmp_path, room)
    adopt_voice(folder, source, ClockMap.shift(-7_000_000), sha256_of(source))
    report = check(folder)
    assert report.verdict == Verdict.GOOD, report.reasons
    assert report.view_audio
    assert report.expert_said
    assert report.expert_heard
    assert report.view_audio.marks == SECONDS - 1
    assert report.view_audio.worst_ms < 0.1
    assert report.expert_said.median_ms == pytest.approx(-7, abs=0.1)
    assert report.expert_heard.worst_ms < 0.1
    assert (report.frames_captured, report.frames_in_file) == (SECONDS * FPS, SECONDS * FPS)
    assert asdict(report)["checksums_ok"] is True


def test_sound_that_is_early_is_found_out(tmp_path: Path, room: Room) -> None:
    late = Room(np.roll(room.trainee, -RATE * 150 // 1000), room.said, room.heard)
    folder, _ = record(tmp_path, late)
    report = check(folder)
    assert report.view_audio
    assert report.view_audio.median_ms == pytest.approx(-150, abs=0.1)
    assert report.verdict == Verdict.BAD
    assert any("apart by up to 150 ms" in reason for reason in report.reasons)


def test_a_changed_or_missing_file_is_bad(tmp_path: Path, room: Room) -> None:
    folder, _ = record(tmp_path, room)
    with folder.ego.open("r+b") as file:
        file.seek(folder.ego.stat().st_size // 2)
        file.write(b"\0" * 8)
    report = check(folder)
    assert (report.verdict, report.checksums_ok) == (Verdict.BAD, False)
    folder.ego.unlink()
    report = check(folder)
    assert report.verdict == Verdict.BAD
    assert "ego.mkv is missing" in report.reasons


def test_without_marks_there_is_no_figure(tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    noise = [rng.normal(0, 0.05, SECONDS * RATE).astype(np.float32) for _ in range(3)]
    folder, _ = record(tmp_path, Room(*noise))
    report = check(folder)
    assert (report.view_audio, report.expert_said, report.expert_heard) == (None, None, None)


# said and heard


def test_the_delay_of_what_was_heard_is_found(tmp_path: Path, room: Room) -> None:
    folder, _ = record(tmp_path, room)
    source = record_expert(tmp_path, room)
    adopt_voice(folder, source, ClockMap.shift(0), sha256_of(source))
    delay = heard_delay(folder)
    assert delay.said_ns
    assert all(abs(ns - 100_000_000) < 500_000 for ns in delay.delay_ns)


def test_delays_lie_on_a_line_between_windows() -> None:
    delay = HeardDelay((1_000, 3_000), (100, 200))
    assert [delay.at(t) for t in (0, 1_000, 2_000, 3_000, 9_000)] == [100, 100, 150, 200, 200]
    assert HeardDelay((), ()).at(5) == 0
