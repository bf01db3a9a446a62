"""Recordings laid on each other by their sound, against a known truth; real speech in a real kitchen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.benchmarks.bench_alignment import RATE, case, sound_of
from tests.rig.hypothesis_profile import scaled
from woz.base.errors import WozError
from woz.importing.by_sound import align
from woz.sound.correlation import fast_length, likeness_near, peak_place
from woz.sound.whitening import whitened

FRAME_MS = 1000 / 30


@pytest.mark.parametrize(("level_db", "most_ms"), [(0, 1.0), (-10, FRAME_MS)])
@pytest.mark.parametrize("drift_ppm", [-100, 100])
def test_a_voice_in_a_kitchen(shared_data: Path, level_db: float, most_ms: float, drift_ppm: float) -> None:
    voice = sound_of(shared_data / "speech" / "two_person_call.wav")
    kitchen = sound_of(shared_data / "video" / "measurement_error.mp4")
    made = case(voice, kitchen, level_db, 17.3, drift_ppm)
    assert made.error_ms() < most_ms
    found = align(made.camera, made.voice)
    assert found.confidence > 0.8
    assert found.clock_map.drift_ppm == pytest.approx(drift_ppm, abs=15)
    assert found.clock_map.valid


def test_recordings_without_a_common_sound_are_refused(shared_data: Path) -> None:
    kitchen = sound_of(shared_data / "video" / "technique_error_1.mp4")
    made = case(sound_of(shared_data / "speech" / "ami_dev00.wav"), kitchen, 0, 3, 0)
    with pytest.raises(WozError, match=r"no sound in common.*--offset"):
        align(made.camera, sound_of(shared_data / "speech" / "jfk.flac"))


@pytest.mark.parametrize("sound", [np.zeros(5 * RATE, np.float32), np.zeros(100, np.float32)])
def test_silence_and_very_short_sound_are_refused(sound: np.ndarray) -> None:
    noise = np.random.default_rng(1).normal(0, 0.1, 6 * RATE).astype(np.float32)
    for pair in ((noise, sound), (sound, noise), (sound, sound)):
        with pytest.raises(WozError, match="--offset"):
            align(*pair)


@settings(max_examples=scaled(10), deadline=None)
@given(st.integers(-5 * RATE, 5 * RATE), st.floats(1e-3, 30))
def test_a_shifted_copy_is_found_at_any_level_whichever_began_first(shift: int, gain: float) -> None:
    rng = np.random.default_rng(2)
    sound = (rng.normal(0, 0.05, 20 * RATE) * (1 + np.sin(np.arange(20 * RATE) / 3000))).astype(np.float32)
    begin = 6 * RATE
    first = sound[begin : begin + 8 * RATE] * np.float32(gain)
    second = sound[begin + shift : begin + shift + 8 * RATE]
    found = align(first, second).clock_map
    assert found.to_session(0) == pytest.approx(shift * 1e9 / RATE, abs=2e4)


def test_whitened_sound_is_as_long_and_does_not_raise_silence() -> None:
    sound = np.zeros(4 * RATE, np.float32)
    sound[: 2 * RATE] = np.random.default_rng(3).normal(0, 0.1, 2 * RATE)
    sound[2 * RATE :] = np.random.default_rng(4).normal(0, 1e-4, 2 * RATE)
    flat = whitened(sound)
    assert len(flat) == len(sound)
    assert np.std(flat[3 * RATE :]) < 0.05 * np.std(flat[: 2 * RATE])


@given(st.integers(1, 10**7))
def test_fast_lengths_are_no_shorter_and_have_small_factors(least: int) -> None:
    length = fast_length(least)
    assert least <= length < 2 * least + 1
    for prime in (2, 3, 5):
        while length % prime == 0:
            length //= prime
    assert length == 1


@given(st.floats(-0.45, 0.45), st.integers(2, 17))
def test_a_peak_is_found_between_samples(part: float, middle: int) -> None:
    values = 1 - np.square((np.arange(20) - middle - part) / 30)
    assert peak_place(values)[0] == pytest.approx(middle + part, abs=1e-6)


@pytest.mark.parametrize("first", [-50, 0, 950, 1100])
def test_beyond_its_ends_the_whole_is_silent(first: int) -> None:
    whole = np.random.default_rng(5).normal(0, 1, 1000).astype(np.float32)
    values = likeness_near(whole, np.ones(100, np.float32), first, 20)
    padded = np.pad(whole, 500)
    expected = [padded[500 + first + k : 600 + first + k].sum() for k in range(-20, 21)]
    assert values == pytest.approx(np.array(expected), abs=1e-3)
