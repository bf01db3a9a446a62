"""Sound on session time: where each sample comes out, whatever the clocks, the jitter and the gaps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from tests.rig.hypothesis_profile import scaled
from woz.base.interval import Interval
from woz.sound.mixer import TrackMixer
from woz.sound.session_track import GAP_NS, Samples, SessionTrack

OUT = 48_000
Stamps = Callable[[float], float]


def pulses(seconds: float, rate: int) -> tuple[Samples, NDArray[np.int64]]:
    """Soft pulses, half a second apart, and the samples of their middles."""
    n = round(seconds * rate)
    middles = np.arange(rate // 4, n - rate // 4, rate // 2)
    t = np.arange(-rate // 50, rate // 50 + 1)
    sound = np.zeros(n, np.float32)
    for middle in middles:
        sound[middle + t[0] : middle + t[-1] + 1] = np.exp(-0.5 * (t / (rate / 6000)) ** 2)
    return sound, middles


def lay(
    sound: Samples, rate: int, block: int, stamp_s: Stamps, skip: tuple[float, float] = (0, 0)
) -> tuple[Samples, SessionTrack]:
    """Feed a track; `stamp_s` gives the session time that a block says it begins at, `skip` loses blocks."""
    track = SessionTrack()
    out = []
    for first in range(0, len(sound), block):
        if not skip[0] <= first / rate < skip[1]:
            out.append(track.add(round(stamp_s(first / rate) * 1e9), sound[first : first + block], rate))
    out.append(track.finish(round(stamp_s(len(sound) / rate) * 1e9)))
    return np.concatenate(out), track


def errors_ms(out: Samples, expected_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much later than expected each pulse came out, by its centre of gravity; NaN where it isn't there."""
    reach = OUT // 20
    found = []
    for place in expected_s * OUT:
        first = round(place) - reach
        part = out[max(0, first) : first + 2 * reach].astype(np.float64)
        weight = part.sum()
        middle = (np.arange(len(part)) + max(0, first)) @ part / weight if weight > 1 else np.nan
        found.append((middle - place) / OUT * 1e3)
    return np.array(found)


@pytest.mark.parametrize(("rate", "block"), [(48_000, 480), (16_000, 160), (16_000, 1024), (44_100, 441)])
def test_a_true_clock_is_kept_to_a_few_microseconds(rate: int, block: int) -> None:
    sound, middles = pulses(8, rate)
    out, track = lay(sound, rate, block, lambda t: 0.2 + t)
    assert np.abs(errors_ms(out, 0.2 + middles / rate)).max() < 0.03
    assert track.gaps == [Interval(0, track.gaps[0].end_ns)]
    assert track.gaps[0].end_ns == pytest.approx(200e6, abs=100e3)
    assert len(out) == round(8.2 * OUT)


@settings(max_examples=scaled(15), deadline=None)
@given(
    ppm=st.floats(-200, 200),
    start_s=st.floats(0, 0.3),
    rate=st.sampled_from([16_000, 48_000]),
    block_ms=st.sampled_from([10, 20, 32]),
)
def test_any_drift_is_followed(ppm: float, start_s: float, rate: int, block_ms: int) -> None:
    sound, middles = pulses(15, rate)
    out, track = lay(sound, rate, rate * block_ms // 1000, lambda t: start_s + t * (1 + ppm * 1e-6))
    errors = np.abs(errors_ms(out, start_s + middles / rate * (1 + ppm * 1e-6)))
    assert errors.max() < 0.35
    assert errors[-10:].max() < 0.05
    assert track.refused_samples == 0
    assert sum(gap.start_ns > 0 for gap in track.gaps) == 0


@settings(max_examples=scaled(10), deadline=None)
@given(ppm=st.floats(-200, 200), seed=st.integers(0, 1000))
def test_jitter_of_5_ms_leaves_less_than_a_millisecond(ppm: float, seed: int) -> None:
    rng = np.random.default_rng(seed)
    sound, middles = pulses(20, OUT)

    def stamp_s(t: float) -> float:
        return 0.1 + t * (1 + ppm * 1e-6) + rng.uniform(-5e-3, 5e-3)

    out, track = lay(sound, OUT, 480, stamp_s)
    errors = errors_ms(out, 0.1 + middles / OUT * (1 + ppm * 1e-6))
    assert np.abs(errors).max() < 6
    assert np.abs(errors[-20:]).max() < 0.8
    assert np.sqrt(np.mean(errors[-20:] ** 2)) < 0.5
    assert track.refused_samples == 0


def test_jitter_does_not_change_the_pitch() -> None:
    rng = np.random.default_rng(1)
    tone = (0.3 * np.sin(2 * np.pi * 1000 * np.arange(20 * OUT) / OUT)).astype(np.float32)
    out, _ = lay(tone, OUT, 480, lambda t: 0.1 + t + rng.uniform(-5e-3, 5e-3))
    steady = out[10 * OUT : 19 * OUT]
    turned = steady * np.exp(-2j * np.pi * np.arange(len(steady)) * 1000 / OUT)
    phase = np.unwrap(np.angle(turned.reshape(-1, 4800).sum(axis=1)))
    deviation_ppm = np.diff(phase) / (2 * np.pi * 0.1) / 1000 * 1e6
    assert np.abs(deviation_ppm).max() < 300


def test_a_gap_is_silence_of_its_length() -> None:
    sound, middles = pulses(10, OUT)
    out, track = lay(sound, OUT, 480, lambda t: t, skip=(5, 5.2))
    assert len(track.gaps) == 1
    assert track.gaps[0].start_ns == pytest.approx(5.0e9, abs=100e3)
    assert track.gaps[0].end_ns == pytest.approx(5.2e9, abs=100e3)
    assert np.abs(out[round(5.01 * OUT) : round(5.19 * OUT)]).max() < 1e-3
    assert np.abs(errors_ms(out, middles / OUT)).max() < 0.05


def test_a_single_wrong_time_stamp_changes_nothing() -> None:
    sound, middles = pulses(10, OUT)
    wrong = {3.0: 0.08, 5.0: -0.2, 7.0: 3.0}
    out, track = lay(sound, OUT, 480, lambda t: t + wrong.get(t, 0.0))
    assert np.abs(errors_ms(out, middles / OUT)).max() < 0.05
    assert (track.gaps, track.refused_samples) == ([], 0)


@pytest.mark.parametrize("lost_s", [0.008, 0.02, 0.039])
def test_lost_sound_of_a_few_ms_is_silence_that_is_told(lost_s: float) -> None:
    sound, middles = pulses(20, OUT)
    out, track = lay(sound, OUT, 480, lambda t: t + lost_s * (t >= 5))
    late = middles / OUT + lost_s * (middles / OUT >= 5)
    assert np.abs(errors_ms(out, late)[-10:]).max() < 0.1
    (gap,) = track.gaps
    assert gap.start_ns == pytest.approx(5e9, abs=1e6)
    assert gap.duration_ns == pytest.approx(lost_s * 1e9, abs=1e6)


def test_sound_of_a_time_that_is_written_already_is_refused() -> None:
    sound, middles = pulses(10, OUT)
    out, track = lay(sound, OUT, 480, lambda t: t - 0.3 * (t >= 5))
    before = middles / OUT < 5
    again = middles / OUT > 5.35
    assert np.abs(errors_ms(out, middles[before] / OUT)).max() < 0.05
    assert np.abs(errors_ms(out, middles[again] / OUT - 0.3)).max() < 0.05
    assert track.refused_samples == pytest.approx(0.3 * OUT, abs=10)


def test_sound_before_the_session_is_left_out() -> None:
    track = SessionTrack()
    out = np.concatenate([track.add(-5_000_000, np.full(480, 0.5, np.float32), OUT), track.finish(5_000_000)])
    assert len(out) == 240
    assert np.abs(out[40:200] - 0.5).max() < 0.05


def test_an_absent_voice_is_filled_with_silence_and_may_come_back() -> None:
    sound, middles = pulses(4, OUT)
    track = SessionTrack()
    out = [track.fill_to(t) for t in range(0, 2_000_000_000, 50_000_000)]
    assert track.written == pytest.approx(1.95 * OUT, abs=GAP_NS * OUT / 1e9)
    out += [track.add(round((2.5 + i / OUT) * 1e9), sound[i : i + 480], OUT) for i in range(0, len(sound), 480)]
    out += [track.fill_to(t) for t in range(6_500_000_000, 8_000_000_000, 50_000_000)]
    out.append(track.finish(8_000_000_000))
    assert len(np.concatenate(out)) == 8 * OUT
    assert np.abs(errors_ms(np.concatenate(out), 2.5 + middles / OUT)).max() < 0.05
    assert [round(gap.duration_ns / 1e9, 2) for gap in track.gaps] == [2.5, 1.5]


def test_the_rate_may_change() -> None:
    low, low_middles = pulses(3, 16_000)
    high, high_middles = pulses(3, OUT)
    track = SessionTrack()
    out = [track.add(round(i / 16_000 * 1e9), low[i : i + 160], 16_000) for i in range(0, len(low), 160)]
    out += [track.add(round((3 + i / OUT) * 1e9), high[i : i + 480], OUT) for i in range(0, len(high), 480)]
    out.append(track.finish(6_000_000_000))
    places = np.concatenate([low_middles / 16_000, 3 + high_middles / OUT])
    assert np.abs(errors_ms(np.concatenate(out), places)).max() < 0.05


@settings(max_examples=scaled(20), deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3_000), st.integers(1, 60)), max_size=40), st.integers(0, 4_000))
def test_a_track_has_each_sample_once_whatever_comes(blocks: list[tuple[int, int]], fill_ms: int) -> None:
    track = SessionTrack()
    total = 0
    for start_ms, length_ms in blocks:
        total += len(track.add(start_ms * 1_000_000, np.zeros(48 * length_ms, np.float32), OUT))
        assert total == track.written
    total += len(track.fill_to(fill_ms * 1_000_000)) + len(track.finish(5_000_000_000))
    assert total == track.written
    assert total >= 5 * OUT
    assert all(a.end_ns < b.start_ns for a, b in zip(track.gaps, track.gaps[1:], strict=False))


def test_a_mix_is_the_sum_of_its_inputs_as_far_as_all_have_come() -> None:
    mixer = TrackMixer()
    for name in ("microphone", "source"):
        mixer.expect(name)
    ones = np.full(480, 0.25, np.float32)
    alone = [mixer.add("microphone", i * 10_000_000, ones, OUT) for i in range(100)]
    assert sum(map(len, alone)) == 0
    both = [mixer.add("source", i * 10_000_000, ones, OUT) for i in range(100)]
    rest = mixer.finish(1_000_000_000)
    mixed = np.concatenate([*both, rest])
    assert len(mixed) == OUT
    assert np.abs(mixed[1000:-1000] - 0.5).max() < 1e-3


def test_a_mix_does_not_wait_for_ever_and_takes_in_a_late_input() -> None:
    mixer = TrackMixer()
    ones = np.full(480, 0.25, np.float32)
    out = [mixer.fill_to(500_000_000)]
    out += [mixer.add("microphone", 500_000_000 + i * 10_000_000, ones, OUT) for i in range(100)]
    out.append(mixer.add("source", 1_600_000_000, ones, OUT))
    out.append(mixer.fill_to(2_000_000_000))
    out.append(mixer.finish(2_500_000_000))
    mixed = np.concatenate(out)
    assert len(mixed) == round(2.5 * OUT)
    assert np.abs(mixed[: OUT // 2 - 500]).max() == 0
    assert np.median(mixed[round(0.6 * OUT) : round(1.4 * OUT)]) == pytest.approx(0.25, abs=1e-3)
