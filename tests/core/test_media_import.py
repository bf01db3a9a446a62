"""Sessions made of recordings from elsewhere, read back from their files."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
import soxr
from av.error import err_check

from tests.benchmarks.bench_alignment import Case, case, sound_of
from tests.core.media_files import FPS, write_sound, write_video
from tests.core.vrs_making import begin_ns, write_vrs
from woz.base.errors import WozError
from woz.capture import vrs_file
from woz.capture.vrs_probe import probe
from woz.importing.beginning import Beginning
from woz.importing.by_sound import align
from woz.importing.joining import join_view
from woz.importing.making import make_session
from woz.importing.material import ByHand, VoiceFile, open_view, place
from woz.importing.sound_file import read_sound, sound_blocks
from woz.model.ids import SessionId
from woz.model.people import Role
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.check.verdict import Verdict
from woz.recording.check.verification import check
from woz.recording.expert_voice.heard_delay import heard_delay
from woz.recording.folder.journal import read_journal
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.media_facts import media_facts
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.folder.staging import staged
from woz.sound.reading import read_track

RATE = 16_000
NAME = SessionId("20260301-100000-test")
START = 1_772_359_200_000_000_000


def quiet(text: str) -> None:
    pass


def digest(folder: Path) -> dict[str, str]:
    return {str(p): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def kitchen(shared_data: Path) -> Case:
    """A voice that begins 4 s into the camera's sound, on a clock that is 80 ppm slow."""
    voice = sound_of(shared_data / "speech" / "three_speakers.wav")
    return case(voice, sound_of(shared_data / "video" / "measurement_error.mp4"), 0, 4.0, 80)


@pytest.fixture(scope="module")
def files(kitchen: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("elsewhere")
    write_video(folder / "camera.mp4", kitchen.camera, RATE, len(kitchen.camera) / RATE)
    for ending in ("wav", "flac", "mp3", "m4a", "webm"):
        write_sound(folder / f"voice.{ending}", kitchen.voice, RATE)
    return folder


def made(sessions: Path, view: Path, *voices: VoiceFile) -> tuple[SessionFolder, Manifest]:
    manifest, _ = make_session(sessions, NAME, Beginning(START), "tea", open_view(view), list(voices), quiet)
    return SessionFolder(sessions / NAME), manifest


@pytest.mark.parametrize("ending", ["wav", "flac", "mp3", "m4a", "webm"])
def test_a_voice_of_any_format_is_laid_on_the_view(tmp_path: Path, files: Path, kitchen: Case, ending: str) -> None:
    voice = VoiceFile(Role.EXPERT, files / f"voice.{ending}")
    folder, manifest = made(tmp_path, files / "camera.mp4", voice)
    assert manifest == folder.manifest()
    assert manifest.state == SessionState.CLOSED
    heard, start_ns = read_track(folder.ego, 1, RATE)
    assert start_ns == 0
    error = align(sound_of(folder.ego, track=0), heard).clock_map
    assert abs(error.to_session(12 * 10**9) - 12 * 10**9) < 10**6
    assert abs(error.drift_ppm) < 15
    entry = manifest.stream(StreamKind.EXPERT_HEARD)
    assert entry
    assert entry.interval.start_ns == pytest.approx(4e9, abs=3e7)
    assert entry.gaps == ()
    assert heard_delay(folder).at(10 * 10**9) == pytest.approx(0, abs=10**6)


def test_the_session_has_all_that_a_recorded_one_has(tmp_path: Path, files: Path, kitchen: Case) -> None:
    trainee, expert = (VoiceFile(role, files / "voice.flac") for role in (Role.TRAINEE, Role.EXPERT))
    folder, manifest = made(tmp_path, files / "camera.mp4", trainee, expert)
    video, *voices = media_facts(folder.ego)
    frames = round(len(kitchen.camera) / RATE * FPS)
    assert abs(len(video.times_ns) - frames) <= 1
    assert len(voices) == 2
    assert [round(t / 1e6) for t in _frame_times(folder)] == [round(t / 1e6) for t in video.times_ns]
    assert manifest.made_of == ("camera.mp4", "voice.flac", "voice.flac")
    assert folder.room.exists()
    own = sound_of(folder.expert)
    assert len(own) == pytest.approx(len(kitchen.voice), abs=800)
    report = check(folder)
    assert report.checksums_ok
    assert report.verdict == Verdict.DOUBTFUL
    late = [reason for reason in report.reasons if "after the session" in reason or "before the session" in reason]
    assert [reason.split(" 4.")[0] for reason in late[::2]] == [
        "the trainee's voice begins",
        "the expert's voice as heard begins",
    ]
    sources = [event.data for event in read_journal(folder.events) if "imported" in event.data]
    assert [data["imported"] for data in sources] == list(manifest.made_of)
    assert sources[1]["drift_ppm"] == pytest.approx(80, abs=15)
    assert sources[1]["placed_by"] == "sound"
    assert sources[1]["confidence"] > 0.8


def test_a_place_that_is_set_by_hand_is_kept_to(tmp_path: Path, files: Path) -> None:
    far = VoiceFile(Role.EXPERT, files / "voice.wav", ByHand(-2_500_000_000, 40.0))
    _, manifest = made(tmp_path, files / "camera.mp4", far)
    entry = manifest.stream(StreamKind.EXPERT_SAID)
    assert entry
    assert entry.clock_map
    assert json.loads(entry.clock_map)["offset_ns"] == -2_500_000_000
    assert json.loads(entry.clock_map)["drift_ppm"] == 40.0


@pytest.mark.parametrize(("name", "generation"), [("gen1_everyday.vrs", 1), ("gen2_all_sensors.vrs", 2)])
def test_an_aria_recording(tmp_path: Path, shared_data: Path, name: str, generation: int) -> None:
    folder, manifest = made(tmp_path, shared_data / "aria_vrs" / name)
    view = manifest.stream(StreamKind.VIEW)
    assert view
    assert view.recorded == (8 if generation == 1 else 3)
    assert folder.own_recording.read_bytes() == (shared_data / "aria_vrs" / name).read_bytes()
    assert bool(manifest.stream(StreamKind.GAZE)) == (generation == 2)
    assert check(folder).checksums_ok
    assert open_view(shared_data / "aria_vrs" / name).start_utc_ns


def test_two_aria_recordings_of_one_time_code(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second pair of glasses began 5 s later, and its clock is 10 ppm slow."""
    path = shared_data / "aria_vrs" / "gen2_all_sensors.vrs"
    facts, begin = probe(path), probe(path).begin_ns
    codes = {"first": ((begin, 10**12), (begin + 10**9, 10**12 + 10**9))}
    codes["second"] = ((begin, 10**12 + 5 * 10**9), (begin + 10**9, 10**12 + 6 * 10**9 + 10_000))
    monkeypatch.setattr(vrs_file, "probe", lambda path: replace(facts, time_code=codes[path.stem]))
    view = open_view(Path("first.vrs"))
    (placed,) = place(view, Path("first.vrs"), [VoiceFile(Role.EXPERT, Path("second.vrs"))], quiet)
    assert placed.how == "time code"
    assert placed.clock_map.to_session(0) == 5 * 10**9
    assert placed.clock_map.drift_ppm == pytest.approx(10, abs=0.1)


def test_bad_files_give_one_sentence_and_leave_nothing(tmp_path: Path, files: Path, shared_data: Path) -> None:
    sessions, bad = tmp_path / "sessions", tmp_path / "bad"
    bad.mkdir()
    for name in ("camera.mp4", "voice.wav", "voice.flac"):
        (bad / f"cut_{name}").write_bytes((files / name).read_bytes()[:-70_000])
    (bad / "text.wav").write_text("not a sound")
    (bad / "empty.mp4").write_bytes(b"")
    mute = write_video(bad / "mute.mp4", None, RATE, 2)
    silent = write_sound(bad / "silent.wav", np.zeros(5 * RATE, np.float32), RATE)
    jfk, camera = shared_data / "speech" / "jfk.flac", files / "camera.mp4"
    for view, voice, sentence in [
        (bad / "cut_camera.mp4", None, "cut off|damaged"),
        (bad / "empty.mp4", None, "can't be read as a video"),
        (files / "voice.wav", None, "holds no video"),
        (bad / "gone.mp4", None, "There is no file"),
        (bad / "gone.vrs", None, "There is no file"),
        (camera, bad / "cut_voice.wav", "cut off"),
        (camera, bad / "cut_voice.flac", "cut off|damaged"),
        (camera, bad / "text.wav", "can't be read as sound"),
        (camera, bad / "gone.wav", "There is no file"),
        (camera, mute, "holds no sound"),
        (camera, silent, "no sound in common.*--offset"),
        (camera, jfk, "no sound in common.*--offset"),
        (mute, files / "voice.wav", "holds no sound to align by.*--offset"),
    ]:
        with pytest.raises(WozError, match=sentence):
            made(sessions, view, *([VoiceFile(Role.EXPERT, voice)] if voice else []))
        assert not sessions.exists() or not any(sessions.iterdir())


@pytest.mark.parametrize("opened", [av, Path])
@pytest.mark.parametrize("read", [open_view, lambda path: list(sound_blocks(path))])
def test_a_file_that_may_not_be_read_is_not_called_damaged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, opened: object, read: Callable[[Path], object]
) -> None:
    path = write_video(tmp_path / "a.mp4", np.zeros(RATE, np.float32), RATE, 1)
    monkeypatch.setattr(opened, "open", lambda *_: err_check(-errno.EACCES))
    with pytest.raises(WozError, match=r"a\.mp4 can't be read \(Permission denied\); see who may read it"):
        read(path)


def test_a_session_that_exists_is_not_overwritten(tmp_path: Path, files: Path) -> None:
    made(tmp_path, files / "camera.mp4")
    before = digest(tmp_path)
    with pytest.raises(WozError, match="already; nothing was overwritten"):
        made(tmp_path, files / "camera.mp4")
    assert digest(tmp_path) == before


@pytest.fixture
def session(tmp_path: Path, files: Path) -> SessionFolder:
    return made(tmp_path, files / "camera.mp4", VoiceFile(Role.EXPERT, files / "voice.flac"))[0]


def test_what_a_killed_import_left_is_taken_away_by_the_next_one(tmp_path: Path, files: Path) -> None:
    sessions = tmp_path / "sessions"
    make = (
        "import sys; from pathlib import Path; from woz.importing.making import make_session\n"
        "from woz.importing.beginning import Beginning; from woz.importing.material import open_view\n"
        "make_session(Path(sys.argv[1]), 'killed', Beginning(0), '', open_view(Path(sys.argv[2])), [], print)"
    )
    child = subprocess.Popen([sys.executable, "-c", make, str(sessions), str(files / "camera.mp4")])
    while child.poll() is None and not list(sessions.glob(".import-*/killed/ego.mkv")):
        time.sleep(0.001)
    child.kill()
    child.wait()
    assert [path.name[:8] for path in sessions.iterdir()] == [".import-"]
    with staged(sessions) as other:
        (other / "work").touch()
        made(sessions, files / "camera.mp4")
        assert {path.name for path in sessions.iterdir()} == {other.name, NAME}
        assert (other / "work").exists()
    assert [path.name for path in sessions.iterdir()] == [NAME]


def test_a_second_view_becomes_the_main_one(session: SessionFolder, kitchen: Case, tmp_path: Path) -> None:
    """The glasses began 1.5 s after the camera."""
    glasses = write_video(tmp_path / "glasses.mp4", kitchen.camera[24_000:], RATE, 15, size=128)
    before, voices = session.manifest(), [_pcm(session.ego, i) for i in (0, 1)]
    old = session.ego.read_bytes()
    manifest, placed = join_view(session, glasses, None, quiet)
    assert placed.clock_map.offset_ns == pytest.approx(1.5e9, abs=1e6)
    assert session.other_view.read_bytes() == old
    assert session.other_frames.exists()
    with av.open(str(session.ego)) as container:
        assert container.streams.video[0].width == 128
    for i in (0, 1):
        assert (_pcm(session.ego, i) == voices[i]).all()
    view, other = manifest.stream(StreamKind.VIEW), manifest.stream(StreamKind.OTHER_VIEW)
    assert view
    assert other
    assert view.interval.start_ns == pytest.approx(1.5e9, abs=1e6)
    assert len(_frame_times(session)) == view.recorded == 150
    assert manifest.duration_ns == before.duration_ns
    assert manifest == session.manifest()
    assert check(session).checksums_ok
    assert not list(session.path.glob(".join-*"))


def test_what_the_glasses_recorded_themselves_becomes_the_main_view(
    session: SessionFolder, kitchen: Case, tmp_path: Path, shared_data: Path
) -> None:
    """Aria glasses that recorded a VRS began 1.5 s after the camera beside them; both heard the kitchen."""
    sample = shared_data / "aria_vrs" / "gen1_everyday.vrs"
    heard = soxr.resample(kitchen.camera[24_000:], RATE, 48_000)
    own = write_vrs(tmp_path / "glasses.vrs", sample, heard)
    old = session.ego.read_bytes()
    manifest, placed = join_view(session, own, None, quiet)
    seen_ns, heard_ns = begin_ns(sample)
    view = manifest.stream(StreamKind.VIEW)
    assert view
    assert view.interval.start_ns == pytest.approx(1.5e9 + seen_ns - heard_ns, abs=2e6)
    assert abs(placed.clock_map.drift_ppm) < 20
    assert session.own_recording.read_bytes() == own.read_bytes()
    assert session.other_view.read_bytes() == old
    with av.open(str(session.ego)) as container:
        assert container.streams.video[0].width == 1408
    assert check(session).checksums_ok


def test_what_cannot_be_joined_leaves_the_session_as_it_was(
    session: SessionFolder, files: Path, kitchen: Case, tmp_path: Path, shared_data: Path
) -> None:
    other = sound_of(shared_data / "speech" / "jfk.flac")
    stranger = write_video(tmp_path / "stranger.mp4", other, RATE, 8)
    before = digest(session.path)
    with pytest.raises(WozError, match="no sound in common"):
        join_view(session, stranger, None, quiet)
    with pytest.raises(WozError, match="no time in common"):
        join_view(session, stranger, ByHand(900 * 10**9), quiet)
    assert digest(session.path) == before
    join_view(session, stranger, ByHand(0), quiet)
    with pytest.raises(WozError, match="no single view"):
        join_view(session, stranger, ByHand(0), quiet)


def test_a_changed_view_is_not_joined(session: SessionFolder, files: Path) -> None:
    with session.ego.open("ab") as file:
        file.write(b"x")
    with pytest.raises(WozError, match="checksum differs"):
        join_view(session, files / "camera.mp4", None, quiet)


def test_sound_is_read_at_its_place(tmp_path: Path) -> None:
    pulse = np.zeros(3 * 44_100, np.float32)
    pulse[2 * 44_100] = 1
    for ending in ("wav", "flac", "m4a"):
        path = write_sound(tmp_path / f"pulse.{ending}", pulse, 44_100)
        assert int(np.argmax(np.abs(read_sound(sound_blocks(path))))) == pytest.approx(2 * RATE, abs=2)


def _frame_times(folder: SessionFolder) -> list[int]:
    with folder.frames.open() as file:
        return [int(row["session_ns"]) for row in csv.DictReader(file)]


def _pcm(path: Path, track: int) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray().reshape(-1) for frame in container.decode(audio=track)])


def test_files_are_only_read(files: Path, tmp_path: Path) -> None:
    copies = tmp_path / "copies"
    shutil.copytree(files, copies)
    before = digest(copies)
    made(tmp_path / "sessions", copies / "camera.mp4", VoiceFile(Role.TRAINEE, copies / "voice.mp3"))
    assert digest(copies) == before
