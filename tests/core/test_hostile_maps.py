"""Clock maps from a console that say anything: nothing is allocated for them, and the session stays whole."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.recording_room import Session, make_room
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.base.settings import AUDIO_RATE
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.model.voice_copy import VoiceCopy
from woz.recording.check.recovery import recover
from woz.recording.check.verification import check
from woz.recording.expert_voice.parts import is_pending, join_voices, take_in_parts
from woz.recording.folder.session_folder import SessionFolder, sha256_of
from woz.recording.live.writer import VoiceWriter
from woz.timing.clock_map import ClockMap

SECONDS = 3
FAR = 2**61
Knots = list[tuple[int, int]]
KNOTS = st.lists(st.tuples(st.integers(-FAR, FAR), st.integers(-FAR, FAR)), min_size=2, max_size=5, unique=True)
MOST_BYTES = 64 * 1024**2


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    made = []
    for n in range(2):
        path = tmp_path_factory.mktemp("parts") / "part.mka"
        writer = VoiceWriter(path, "expert")
        writer.write(np.full(AUDIO_RATE, 0.1 * (n + 1), np.float32))
        writer.close()
        made.append(path)
    return made


def _map(knots: Knots) -> ClockMap | None:
    streams, sessions = (sorted({knot[i] for knot in knots}) for i in (0, 1))
    pairs = tuple(zip(streams, sessions, strict=False))
    return ClockMap(pairs) if len(pairs) > 1 else None


@settings(max_examples=scaled(60), deadline=None)
@given(KNOTS, KNOTS)
def test_parts_however_far_apart_take_little_room(
    parts: list[Path],
    tmp_path_factory: pytest.TempPathFactory,
    one: list[tuple[int, int]],
    other: list[tuple[int, int]],
) -> None:
    maps = [_map(one), _map(other)]
    target = tmp_path_factory.mktemp("joined") / "joined.mka"
    placed = [(path, found) for path, found in zip(parts, maps, strict=True) if found]
    if len(placed) < 2:
        return
    tracemalloc.start()
    try:
        join_voices(placed, target, SECONDS * NS_PER_S)
    except WozError as fault:
        assert "follow each other" in str(fault)  # noqa: PT017
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < MOST_BYTES
    assert target.stat().st_size < MOST_BYTES


def _session(place: Path, parts: list[Path], maps: list[ClockMap], closed: bool) -> SessionFolder:
    session = Session(place)
    session.recorder.start()
    session.run(make_room(SECONDS), 0, SECONDS)
    before = session.folder.manifest_path.read_bytes()
    session.recorder.close(SECONDS * NS_PER_S)
    if not closed:
        session.folder.manifest_path.write_bytes(before)
    folder = session.folder
    folder.voice_parts.mkdir()
    for n, (path, clock_map) in enumerate(zip(parts, maps, strict=True)):
        name, raw = f"{n:032x}", path.read_bytes()
        (folder.voice_parts / f"{name}.mka").write_bytes(raw)
        sha256 = sha256_of(path)
        copy = VoiceCopy(
            name, folder.path.name, n + 1, len(parts), len(raw), True, sha256, sha256, clock_map.to_json()
        )
        copy.save(folder.voice_parts / f"{name}.json")
    return folder


STRANGE = {
    "years later": [ClockMap.shift(0), ClockMap.shift(10**18)],
    "years before": [ClockMap.shift(-(10**18)), ClockMap.shift(0)],
    "a clock that stands": [ClockMap(((0, 0), (10**17, 1))), ClockMap.shift(2 * NS_PER_S)],
    "a clock that leaps": [ClockMap(((0, 0), (1000, 10**18))), ClockMap.shift(2 * NS_PER_S)],
}


@pytest.mark.parametrize("name", STRANGE)
@pytest.mark.parametrize("closed", [True, False])
def test_a_session_with_a_strange_map_is_recovered_without_that_voice(
    tmp_path: Path, parts: list[Path], name: str, closed: bool
) -> None:
    folder = _session(tmp_path, parts, STRANGE[name], closed)
    kept = [sha256_of(path) for path in sorted(folder.voice_parts.glob("*.mka"))][:2]
    manifest = recover(folder)
    assert manifest.state == (SessionState.CLOSED if closed else SessionState.RECOVERED)
    assert manifest.expert_voice == "received"
    assert manifest.stream(StreamKind.EXPERT_SAID) is None
    assert "expert's own recording" in manifest.fault
    assert recover(folder) == manifest
    assert [sha256_of(folder.voice_parts / f"{n:032x}.mka") for n in range(2)] == kept
    assert check(folder).checksums_ok


def test_a_map_as_it_should_be_is_taken(tmp_path: Path, parts: list[Path]) -> None:
    folder = _session(tmp_path, parts, [ClockMap.shift(0), ClockMap.shift(2 * NS_PER_S)], True)
    assert is_pending(folder)
    manifest = take_in_parts(folder)
    assert manifest.expert_voice == "own"
    assert manifest.fault == ""
