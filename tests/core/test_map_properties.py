"""What holds for every clock map, every reading, and every manifest."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.core.test_values import maps
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.ids import SessionId
from woz.model.session import SessionState
from woz.model.stream import StreamKind
from woz.recording.folder.manifest import Manifest, StreamEntry
from woz.timing.clock_map import ClockMap
from woz.timing.exchange import Exchange, ExchangeTracker
from woz.timing.follower import Follower
from woz.timing.tracker import EnvelopeTracker, OffsetTracker

S = 1_000_000_000
FAR = st.integers(-(10**15), 10**15)


@given(maps(), FAR, st.integers(0, 10**12))
def test_time_never_runs_back(m: ClockMap, t: int, later: int) -> None:
    assert m.to_session(t + later) >= m.to_session(t)
    assert m.from_session(t + later) >= m.from_session(t)


@given(maps(), FAR, FAR, FAR)
def test_moving_either_origin_moves_only_it(m: ClockMap, t: int, by: int, origin: int) -> None:
    assert m.shifted(by).to_session(t) == m.to_session(t) + by
    assert m.from_origin(origin).to_session(t - origin) == m.to_session(t)
    assert ClockMap.from_json(m.shifted(by).to_json()) == m.shifted(by)


@given(FAR, FAR, st.floats(-1000, 1000), st.integers(0, 3600))
def test_a_line_has_the_offset_and_the_drift_that_it_was_given(at: int, offset: int, ppm: float, s: int) -> None:
    line = ClockMap.line(at, offset, ppm)
    assert line.to_session(at) == at + offset
    assert line.to_session(at + s * S) - (at + offset + s * S) == pytest.approx(s * ppm * 1000, abs=2)
    assert line.drift_ppm == pytest.approx(ppm, abs=1e-6)


@settings(max_examples=scaled(40), deadline=None)
@given(st.lists(st.tuples(st.integers(1, 20 * S), st.integers(-(10**6), 10**6)), min_size=2, max_size=60))
def test_readings_with_small_errors_give_a_map_within_them(readings: list[tuple[int, int]]) -> None:
    follower = Follower(1e-3, 2)
    at, taken = 0, []
    for step, wrong in readings:
        at += step
        assert follower.add(at, at + 5 * S + wrong, 20_000_000)
        taken.append(at)
    found = follower.map()
    assert found
    assert found.valid
    assert found.quality.samples == len(taken)
    assert found.from_session(found.valid.start_ns) == pytest.approx(taken[0], abs=3 * 10**6)
    assert all(abs(found.to_session(t) - t - 5 * S) <= 3 * 10**6 for t in taken)


ANY = st.integers(0, 10**13)


@settings(max_examples=scaled(40), deadline=None)
@given(st.lists(st.tuples(ANY, ANY, ANY, ANY), max_size=40))
def test_no_reading_however_wrong_breaks_a_tracker(readings: list[tuple[int, int, int, int]]) -> None:
    exchanges, card, glasses = ExchangeTracker(), OffsetTracker(), EnvelopeTracker()
    for sent, received, answered, back in readings:
        exchanges.add(Exchange(sent, received, answered, back))
        card.add(sent, received)
        glasses.add(answered, back)
    for found in (exchanges.map(), card.summary(), glasses.summary()):
        if found:
            assert all(math.isfinite(value) for value in (found.drift_ppm, found.offset_ns))
            assert found == ClockMap.from_json(found.to_json())


VIEW = StreamEntry(
    StreamKind.VIEW, "ego.mkv", 0, Interval(0, 60 * S), 1200, 1200, (Interval(S, 2 * S),), sha256="ab"
)
MANIFEST = Manifest(
    SessionId("20260301-100000-test"),
    SessionState.CLOSED,
    1_772_359_200_000_000_000,
    "tea",
    60 * S,
    (VIEW,),
    made_of=("kitchen.mp4", "voice.flac"),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 255), st.integers(0, 10**6))
def test_a_damaged_manifest_is_told_and_never_more(tmp_path: Path, place: int, flip: int, length: int) -> None:
    path = tmp_path / "manifest.json"
    MANIFEST.save(path)
    assert Manifest.load(path) == MANIFEST
    data = bytearray(path.read_bytes())
    data[place % len(data)] ^= flip
    path.write_bytes(bytes(data[: len(data) - length % 40]))
    try:
        read = Manifest.load(path)
    except WozError as error:
        assert str(error).count("\n") == 0  # noqa: PT017
    else:
        assert isinstance(read, Manifest)
