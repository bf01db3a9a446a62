"""What is kept beside a film, its frames' times and its waveforms; both are taken only where they fit the film."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from woz.base.clock import ManualClock, SessionClock
from woz.base.errors import WozError
from woz.base.settings import VideoSettings
from woz.capture.source import SourceInfo, VideoFrame
from woz.model.ids import SessionId
from woz.model.stream import StreamKind
from woz.recording.folder import frame_index as frame_index_module
from woz.recording.folder.frame_index import frame_index
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.folder.waves import load_wave, make_waves, wave_path
from woz.recording.live.recorder import Recorder

FRAMES = 60
STAMPS = [round(n * 1e9 / 17.3) + (n % 3) * 4_000_000 + n % 7 for n in range(FRAMES)]
STAMPS[31] = STAMPS[30] + 100


@pytest.fixture
def folder(tmp_path: Path) -> SessionFolder:
    """A recording whose frames come at uneven times, two of them within a millisecond."""
    clock = ManualClock(utc_ns=1_700_000_000_000_000_000)
    session = SessionClock(clock)
    made = SessionFolder.create(tmp_path, SessionId("s"), session.start_utc_ns)
    recorder = Recorder(made, session, SourceInfo("test", 64, 64, 20), VideoSettings())
    recorder.start()
    for n, at_ns in enumerate(STAMPS):
        grey = np.full((96, 64), n * 3, np.uint8)
        recorder.video(VideoFrame(n, at_ns, at_ns, av.VideoFrame.from_ndarray(grey, format="yuv420p")), at_ns)
    tone = (np.sin(np.arange(48_000 * 3) / 10) * 0.5).astype(np.float32)
    recorder.voice(StreamKind.TRAINEE_VOICE, 0, tone, 48_000)
    recorder.close(STAMPS[-1] + 50_000_000)
    return made


def test_frames_times_are_those_of_the_packets_without_reading_them_all(
    folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    packets = frame_index(folder.ego, folder.path / "no table")
    monkeypatch.setattr(frame_index_module, "_demuxed", lambda *_: pytest.fail("all packets were read"))
    tabled = frame_index(folder.ego, folder.frames)
    assert len(packets.times) == FRAMES
    assert tabled.times == packets.times
    assert tabled.keys.tolist() == packets.keys.tolist()
    assert tabled.key_before(0) == 0
    assert tabled.key_before(FRAMES - 1) in tabled.keys


@pytest.mark.parametrize("change", ["a row less", "a row more", "another time", "cut in a row", "empty"])
def test_a_table_that_disagrees_with_the_film_is_not_believed(folder: SessionFolder, change: str) -> None:
    wanted = frame_index(folder.ego, folder.path / "no table")
    lines = folder.frames.read_text(encoding="utf-8").splitlines()
    changed = {
        "a row less": lines[:-1],
        "a row more": [*lines, "60,9000000000,9000000000,0"],
        "another time": [*lines[:-1], lines[-1].replace(",", ",7", 1)],
        "cut in a row": [*lines[:-1], lines[-1][:4]],
        "empty": lines[:1],
    }[change]
    folder.frames.write_text("\n".join(changed), encoding="utf-8")
    assert frame_index(folder.ego, folder.frames).times == wanted.times


def test_a_film_without_pictures_is_told(folder: SessionFolder, tmp_path: Path) -> None:
    with av.open(str(tmp_path / "sound.mka"), "w") as container:
        container.add_stream("flac", rate=48_000)
    for path in (tmp_path / "sound.mka", tmp_path / "nothing.mkv"):
        with pytest.raises(WozError, match="can't be read"):
            frame_index(path, folder.frames)


def test_waveforms_of_another_film_are_not_taken(folder: SessionFolder) -> None:
    assert load_wave(folder.ego, 0)
    with folder.ego.open("ab") as file:
        file.write(b"more")
    assert load_wave(folder.ego, 0) is None
    made = make_waves(folder.ego)
    kept = load_wave(folder.ego, 0)
    assert made
    assert kept
    assert kept.levels[0].tolist() == made[0].levels[0].tolist()


@pytest.mark.parametrize("damage", [b"", b"no JSON", b"{}", b'{"version": 1, "source": 3}'])
def test_damaged_waveforms_are_made_anew(folder: SessionFolder, damage: bytes) -> None:
    wave_path(folder.ego, 1).write_bytes(damage)
    assert load_wave(folder.ego, 1) is None
    make_waves(folder.ego)
    assert load_wave(folder.ego, 1)


def test_making_waveforms_can_be_given_up(folder: SessionFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("woz.recording.folder.waves.TELL_NS", 0)
    assert make_waves(folder.ego, lambda part: False) is None


def test_a_disk_that_takes_no_more_gives_waveforms_all_the_same(
    folder: SessionFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("woz.recording.folder.waves.save_waves", full)
    made = make_waves(folder.ego)
    assert made
    assert len(made) == 2


def test_a_table_with_the_times_of_the_film_is_not_told_to_disagree(folder: SessionFolder) -> None:
    """Whatever it says of key frames."""
    head, *rows = folder.frames.read_text(encoding="utf-8").splitlines()
    folder.frames.write_text("\n".join([head, *(f"{row[:-1]}1" for row in rows)]), encoding="utf-8")
    assert not frame_index(folder.ego, folder.frames).disagreed
    folder.frames.write_text("\n".join([head, *rows[:-1]]), encoding="utf-8")
    assert frame_index(folder.ego, folder.frames).disagreed
