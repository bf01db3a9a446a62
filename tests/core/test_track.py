"""Sound laid on session time."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rig.hypothesis_profile import scaled
from woz.sound.mixer import TrackMixer
from woz.sound.session_track import SessionTrack

S = 1_000_000_000


def _played(track: SessionTrack, ppm: float, rate: int, seconds: int, start_ns: int) -> np.ndarray:
    """Impulses at each whole second, through a card that is off by some ppm."""
    true_rate = rate * (1 + ppm * 1e-6)
    signal = np.zeros(int(true_rate * seconds), np.float32)
    for k in range(1, seconds):
        signal[round(k * true_rate)] = 1
    block = rate // 100
    out = [
        track.add(start_ns + round(n / true_rate * S), signal[n : n + block], rate)
        for n in range(0, len(signal) - block, block)
    ]
    return np.concatenate([*out, track.finish(start_ns + seconds * S)])


@settings(max_examples=scaled(12), deadline=None)
@given(st.floats(-200, 200), st.sampled_from([48_000, 16_000]), st.integers(0, 2 * S))
def test_drift_is_resampled_away(ppm: float, rate: int, start_ns: int) -> None:
    track = SessionTrack()
    out = _played(track, ppm, rate, 12, start_ns)
    assert len(out) == (start_ns + 12 * S) * 48_000 // S
    for k in range(1, 12):
        expected = round((start_ns + k * S) * 48_000 / S)
        around = np.abs(out[expected - 480 : expected + 480])
        assert abs(int(np.argmax(around)) - 480) <= 48 * (0.1 + abs(ppm) * 4e-3 + 0.05)
    assert len(track.gaps) <= 1


def test_a_stall_is_silence_of_the_right_length() -> None:
    track = SessionTrack()
    tone = np.ones(480, np.float32) * 0.5
    out = [track.add(i * S // 100, tone, 48_000) for i in range(100)]
    out += [track.add(3 * S + i * S // 100, tone, 48_000) for i in range(100)]
    whole = np.concatenate([*out, track.finish(4 * S)])
    assert len(whole) == 4 * 48_000
    assert np.abs(whole[48_000 + 100 : 3 * 48_000 - 100]).max() < 1e-3
    assert abs(np.mean(whole[3 * 48_000 + 200 :]) - 0.5) < 0.02
    (gap,) = track.gaps
    assert abs(gap.start_ns - S) < 2_000_000
    assert abs(gap.end_ns - 3 * S) < 2_000_000


def test_what_comes_too_late_is_refused_and_nothing_moves() -> None:
    track = SessionTrack()
    tone = np.ones(480, np.float32)
    for i in range(100):
        track.add(i * S // 100, tone, 48_000)
    for i in range(20):
        track.add(S // 2 + i * S // 100, tone, 48_000)
    assert track.refused_samples == 20 * 480
    assert abs(track.written - 48_000) <= 1


def test_an_absent_voice_is_filled() -> None:
    track = SessionTrack()
    assert len(track.fill_to(2 * S)) == 2 * 48_000
    assert len(track.fill_to(2 * S)) == 0
    assert len(track.finish(3 * S)) == 48_000


def test_a_mix_is_the_sum_and_waits_for_the_slower_one() -> None:
    mixer = TrackMixer()
    mixer.expect("a")
    mixer.expect("b")
    tone = np.full(48_000, 0.25, np.float32)
    assert len(mixer.add("a", 0, tone, 48_000)) == 0
    first = mixer.add("b", 0, tone, 48_000)
    whole = np.concatenate([first, mixer.finish(S)])
    assert len(whole) == 48_000
    assert abs(float(np.median(whole)) - 0.5) < 0.01
