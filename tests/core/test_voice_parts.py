"""The expert's own recording on its way into the session: one part or several, late, by file, compared."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.core.recording_room import RATE, Room, Session, make_room
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.model.voice_copy import VoiceCopy
from woz.recording.check.recovery import left_without_voice, recover
from woz.recording.expert_voice.by_file import bring_voice, session_of
from woz.recording.expert_voice.comparison import comparison_data
from woz.recording.expert_voice.parts import join_voices, take_in_parts
from woz.recording.folder.manifest import VoiceComparison
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.recording.live.own_copies import OwnCopies
from woz.recording.live.voice_recorder import VoiceRecorder
from woz.sound.reading import read_track
from woz.timing.clock_map import ClockMap

SECONDS = 12
CONSOLE_ORIGIN = 7 * NS_PER_S
"""Session time 0 on the console's clock."""


@pytest.fixture(scope="module")
def room() -> Room:
    """A voice that doesn't repeat itself, heard 100 ms later."""
    made = make_room(SECONDS)
    rng = np.random.default_rng(11)
    loudness = np.repeat(rng.uniform(0.2, 1, SECONDS * 5), RATE // 5)
    said = (np.convolve(rng.normal(0, 1, SECONDS * RATE), np.ones(30) / 30, "same") * loudness * 0.3).astype(
        np.float32
    )
    heard = np.concatenate([np.zeros(RATE // 10, np.float32), said])[: len(said)]
    return replace(made, said=said, heard=heard)


def recorded(sessions: Path, room: Room) -> SessionFolder:
    session = Session(sessions)
    session.recorder.start()
    session.run(room, 0, SECONDS)
    session.recorder.close(SECONDS * NS_PER_S)
    return session.folder


def said(folder: Path, session_id: str, room: Room, spans: list[tuple[float, float]]) -> Path:
    """What a console keeps that was started again for each span (seconds of the session)."""
    for n, (begin_s, end_s) in enumerate(spans):
        copies = OwnCopies(folder, session_id)
        path = folder / session_id / ("expert.mka" if n == 0 else f"expert-{n + 1}.mka")
        origin_ns = CONSOLE_ORIGIN + round(begin_s * NS_PER_S)
        recorder = VoiceRecorder(path, origin_ns, keep_free=0)
        copies.begin(path, ClockMap.shift(origin_ns - CONSOLE_ORIGIN).to_json())
        for first in range(round(begin_s * RATE), round(end_s * RATE), 480):
            recorder.add(CONSOLE_ORIGIN + first * NS_PER_S // RATE, room.said[first : first + 480], RATE)
        recorder.close(CONSOLE_ORIGIN + round(end_s * NS_PER_S))
        copies.end()
    return folder / session_id


def test_until_it_comes_the_received_voice_stands_in_its_place(tmp_path: Path, room: Room) -> None:
    folder = recorded(tmp_path, room)
    manifest = take_in_parts(folder)
    assert (manifest.expert_voice, folder.manifest().expert_voice) == ("received", "received")
    assert manifest.stream(StreamKind.EXPERT_SAID) is None


def test_a_recording_brought_by_file_is_the_session_s_own_and_compared(tmp_path: Path, room: Room) -> None:
    folder = recorded(tmp_path, room)
    at_console = said(tmp_path / "console", folder.path.name, room, [(0, SECONDS)])
    assert session_of(at_console) == folder.path.name
    manifest = bring_voice(folder, at_console / "expert.mka")
    assert manifest == folder.manifest()
    assert manifest.expert_voice == "own"
    entry = manifest.stream(StreamKind.EXPERT_SAID)
    assert entry
    assert entry.sha256 == sha256_of(at_console / "expert.mka")
    assert entry.interval.start_ns == pytest.approx(0, abs=1e6)
    assert manifest.comparison
    assert manifest.comparison.delay_ns == pytest.approx(0.1e9, abs=2e6)
    assert (manifest.comparison.not_received, manifest.comparison.not_recorded) == ((), ())
    assert "neither" in str(comparison_data(manifest.comparison)["text"])
    with pytest.raises(WozError, match="already; nothing was overwritten"):
        bring_voice(folder, at_console)


def test_what_only_one_of_the_two_has_is_found(tmp_path: Path, room: Room) -> None:
    holed = room.heard.copy()
    holed[round(4.1 * RATE) : round(5.1 * RATE)] = 0
    folder = recorded(tmp_path, replace(room, heard=holed))
    at_console = said(tmp_path / "console", folder.path.name, room, [(0, 7), (9, SECONDS)])
    found = bring_voice(folder, at_console).comparison
    assert found
    (lost,) = found.not_received
    assert lost.start_ns == pytest.approx(4.0e9, abs=2e8)
    assert lost.end_ns == pytest.approx(5.0e9, abs=2e8)
    (unrecorded,) = found.not_recorded
    assert unrecorded.start_ns == pytest.approx(7e9, abs=2e8)
    assert unrecorded.end_ns == pytest.approx(9e9, abs=2e8)
    assert "the received voice lacks" in str(comparison_data(found)["text"])
    assert "share no sound" in str(comparison_data(VoiceComparison())["text"])


def test_parts_are_joined_bit_for_bit_with_silence_between(tmp_path: Path, room: Room) -> None:
    at_console = said(tmp_path, "s", room, [(0, 3), (4.5, 8), (8.01, 9)])
    maps = [ClockMap.shift(round(s * NS_PER_S)) for s in (0, 4.5, 8.01)]
    paths = [at_console / name for name in ("expert.mka", "expert-2.mka", "expert-3.mka")]
    clock_map = join_voices(list(zip(paths, maps, strict=True))[::-1], tmp_path / "joined.mka", NS_PER_S * SECONDS)
    joined, _ = read_track(tmp_path / "joined.mka", 0, RATE)
    for path, begin_s in zip(paths, (0, 4.5, 8.01), strict=True):
        part, _ = read_track(path, 0, RATE)
        first = round(begin_s * RATE)
        assert np.array_equal(joined[first : first + len(part)], part)
        assert clock_map.to_session(round(begin_s * NS_PER_S)) == pytest.approx(begin_s * NS_PER_S, abs=30_000)
    assert not joined[3 * RATE + 100 : round(4.5 * RATE) - 100].any()


def test_a_file_of_another_session_or_a_changed_one_is_refused(tmp_path: Path, room: Room) -> None:
    folder = recorded(tmp_path, room)
    other = said(tmp_path / "console", "20260101-000000-0000", room, [(0, 2)])
    with pytest.raises(WozError, match="belongs to session 20260101-000000-0000"):
        bring_voice(folder, other)
    mine = said(tmp_path / "console", folder.path.name, room, [(0, 2)])
    raw = bytearray((mine / "expert.mka").read_bytes())
    raw[-100] ^= 1
    (mine / "expert.mka").write_bytes(raw)
    with pytest.raises(WozError, match="checksum differs"):
        bring_voice(folder, mine)
    with pytest.raises(WozError, match="no recording of a console"):
        bring_voice(folder, tmp_path / "nowhere")
    (mine / "expert.json").unlink()
    with pytest.raises(WozError, match="can't be read"):
        bring_voice(folder, mine / "expert.mka")
    assert not folder.voice_parts.exists()
    assert folder.manifest().state == SessionState.CLOSED
    assert not folder.expert.exists()


def test_one_part_of_two_is_kept_but_not_enough(tmp_path: Path, room: Room) -> None:
    folder = recorded(tmp_path, room)
    at_console = said(tmp_path / "console", folder.path.name, room, [(0, 3), (4, 6)])
    with pytest.raises(WozError, match="bring its whole folder"):
        bring_voice(folder, at_console / "expert-2.mka")
    assert take_in_parts(folder).expert_voice == "received"
    assert bring_voice(folder, at_console).expert_voice == "own"


@pytest.mark.parametrize("spans", [[(0, SECONDS)], [(0, 5), (6, SECONDS)]], ids=["one part", "two parts"])
@pytest.mark.parametrize("broken_off", ["unnoted", "uncompared"])
def test_what_a_crash_broke_off_after_the_end_is_done_by_recovery(
    tmp_path: Path, room: Room, spans: list[tuple[float, float]], broken_off: str
) -> None:
    folder = recorded(tmp_path / "sessions", room)
    before = folder.manifest()
    whole = bring_voice(folder, said(tmp_path / "console", folder.path.name, room, spans))
    assert left_without_voice(folder.path.parent) == []
    (before if broken_off == "unnoted" else replace(whole, comparison=None)).save(folder.manifest_path)
    said_before, _ = read_track(folder.expert, 0, RATE)
    assert left_without_voice(folder.path.parent) == [folder.path.name]
    again = recover(folder)
    assert again == folder.manifest()
    assert (again.state, again.expert_voice, again.comparison) == (SessionState.CLOSED, "own", whole.comparison)
    assert np.array_equal(read_track(folder.expert, 0, RATE)[0], said_before)
    assert left_without_voice(folder.path.parent) == []
    assert recover(folder) == again


def test_a_stranger_in_the_place_of_the_own_recording_is_set_aside(tmp_path: Path, room: Room) -> None:
    folder = recorded(tmp_path / "sessions", room)
    folder.expert.write_bytes(b"somebody's")
    assert recover(folder) == folder.manifest()
    at_console = said(tmp_path / "console", folder.path.name, room, [(0, SECONDS)])
    with pytest.raises(WozError, match="has the expert's own recording already"):
        bring_voice(folder, at_console)
    assert folder.expert.read_bytes() == b"somebody's"
    folder.voice_parts.mkdir()
    copy = VoiceCopy.load(at_console / "expert.json")
    (at_console / "expert.mka").rename(folder.voice_parts / f"{copy.id}.mka")
    copy.save(folder.voice_parts / f"{copy.id}.json")
    assert recover(folder).expert_voice == "own"
    assert [path.read_bytes() for path in folder.voice_parts.glob("found-*.mka")] == [b"somebody's"]
