"""The leak of what was played: found, taken out, and the wearer's own voice left alone."""

from __future__ import annotations

import numpy as np
import pytest

from woz.transcription.leak import NO_LEAK, Leak, LeakSettings, find_leak, muted, without_leak
from woz.transcription.tracks import RATE

LENGTH_S = 12
SETTINGS = LeakSettings()
Samples = np.ndarray


def _voice(seed: int, spans: list[tuple[float, float]], loud: float = 0.1) -> Samples:
    """Noise with a voice's ups and downs, in these spans only."""
    rng = np.random.default_rng(seed)
    t = np.arange(LENGTH_S * RATE) / RATE
    sound = rng.normal(0, loud, len(t)) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * t + seed))
    speaks = np.zeros(len(t))
    for start, end in spans:
        speaks[round(start * RATE) : round(end * RATE)] = 1.0
    return (sound * speaks).astype(np.float32)


def _leaked(played: Samples, delay_s: float, db: float) -> Samples:
    rng = np.random.default_rng(9)
    response = rng.normal(0, 1, 1600) * np.exp(-np.arange(1600) / 300)
    response *= 10 ** (db / 20) / np.linalg.norm(response)
    wet = np.convolve(played, response)[: len(played)]
    return np.concatenate([np.zeros(round(delay_s * RATE)), wet])[: len(played)].astype(np.float32)


PLAYED = _voice(1, [(1, 4), (6, 10)])
OWN = _voice(2, [(4.5, 5.5), (8, 9)])
NOISE = np.random.default_rng(3).normal(0, 1e-3, LENGTH_S * RATE).astype(np.float32)


def _power(samples: Samples, start: float, end: float) -> float:
    return float(np.mean(samples[round(start * RATE) : round(end * RATE)] ** 2))


def _heard_alike(samples: Samples, other: Samples, start: float, end: float) -> float:
    inside = slice(round(start * RATE), round(end * RATE))
    return float(np.mean(samples[inside] * other[inside]))


@pytest.mark.parametrize("delay_s", [0.02, 0.12])
@pytest.mark.parametrize("db", [-10.0, -20.0])
def test_leak_alone_is_rejected_and_ones_own_voice_stays(delay_s: float, db: float) -> None:
    leak, clean = find_leak(OWN + NOISE + _leaked(PLAYED, delay_s, db), PLAYED, RATE, SETTINGS)
    assert leak.blocks == (0,)
    for start, end in ((1.3, 3.9), (6.3, 7.8), (9.2, 9.9)):
        assert any(a <= start and end <= b for a, b in leak.spans), (start, end, leak.spans)
    for start, end in ((4.5, 5.5), (8.05, 8.95)):
        assert not any(a < end and start < b for a, b in leak.spans), (start, end, leak.spans)
    assert _power(clean, 4.6, 5.4) == pytest.approx(_power(OWN + NOISE, 4.6, 5.4), rel=0.05)


def test_the_leak_under_ones_own_voice_is_taken_out() -> None:
    leaked = _leaked(PLAYED, 0.06, -10)
    _, clean = find_leak(OWN + NOISE + leaked, PLAYED, RATE, SETTINGS)
    left = _power(clean - OWN - NOISE, 8.2, 8.8)
    assert 10 * np.log10(_power(leaked, 8.2, 8.8) / left) > 8


LINES = ((1, 4), (6, 10))


def _leaked_late(delays_s: tuple[float, ...], drift: float = 0.0) -> Samples:
    """A leak at -15 dB whose delay is another one in each half of each line, and drifts by so much a second."""
    wet, places = _leaked(PLAYED, 0.0, -15), np.arange(len(PLAYED)) / RATE
    heard = np.zeros_like(wet)
    halves = [edge for start, end in LINES for edge in ((start, (start + end) / 2), ((start + end) / 2, end + 0.1))]
    for (start, end), delay in zip(halves, delays_s, strict=True):
        said = places - delay - drift * places
        inside = (said >= start) & (said < end)
        heard[inside] = np.interp(said[inside] * RATE, np.arange(len(wet)), wet)
    return heard


@pytest.mark.parametrize(
    ("delays_s", "drift"),
    [
        ((-0.06, -0.06, -0.06, -0.06), 0.0),
        ((0.7, 0.7, 0.7, 0.7), 0.0),
        ((0.006, 0.202, -0.2, 0.05), 0.0),
        ((0.1, 0.1, 0.02, 0.35), 3e-4),
    ],
)
def test_a_leak_before_its_time_or_at_ever_other_delays_is_taken_out(
    delays_s: tuple[float, ...], drift: float
) -> None:
    leaked = _leaked_late(delays_s, drift)
    leak, clean = find_leak(NOISE + leaked, PLAYED, RATE, SETTINGS)
    heard = np.convolve(leaked**2, np.ones(800) / 800, "same") > 1e-5
    alone = np.zeros(len(leaked), np.bool_)
    for start, end in leak.spans:
        alone[round(start * RATE) : round(end * RATE)] = True
    assert np.mean(alone[heard]) > 0.9
    assert np.mean(clean**2) < 0.1 * np.mean(leaked**2)


def test_who_speaks_while_the_leak_jumps_is_not_taken_for_leak() -> None:
    leaked = _leaked_late((0.006, 0.202, -0.2, 0.05))
    leak, clean = find_leak(OWN + NOISE + leaked, PLAYED, RATE, SETTINGS)
    for start, end in ((4.5, 5.5), (8.05, 8.95)):
        assert not any(a < end and start < b for a, b in leak.spans), (start, end, leak.spans)
        assert _power(clean, start, end) == pytest.approx(_power(OWN + NOISE, start, end), rel=0.1)


@pytest.mark.parametrize("late_s", [0.0, 0.2])
def test_ones_own_voice_that_comes_back_in_what_was_played_is_no_leak(late_s: float) -> None:
    back = np.concatenate([np.zeros(round(late_s * RATE), np.float32), 0.5 * OWN])[: len(OWN)]
    leaked = _leaked(PLAYED, 0.06, -15)
    leak, clean = find_leak(OWN + NOISE + leaked, PLAYED + back, RATE, SETTINGS)
    assert not any(a < 5.5 and b > 4.5 for a, b in leak.spans), leak.spans
    assert _power(clean, 4.6, 5.4) == pytest.approx(_power(OWN + NOISE, 4.6, 5.4), rel=0.1)


def test_a_leak_that_was_found_is_taken_out_again_alike() -> None:
    mic = OWN + NOISE + _leaked(PLAYED, 0.06, -15)
    leak, clean = find_leak(mic, PLAYED, RATE, SETTINGS)
    again = without_leak(mic, PLAYED, Leak.from_data(leak.to_data()), RATE, SETTINGS)
    assert np.array_equal(again, clean)


def test_without_leak_nothing_is_touched() -> None:
    mic = OWN + NOISE
    leak, clean = find_leak(mic, PLAYED, RATE, SETTINGS)
    assert leak.spans == ()
    assert np.array_equal(clean, mic)


def test_where_no_span_is_leak_alone_nothing_is_muted_and_no_noise_made() -> None:
    assert muted(OWN, [], RATE) is OWN
    assert np.array_equal(muted(OWN, [(1.0, 1.5)], RATE)[2 * RATE :], OWN[2 * RATE :])


@pytest.mark.parametrize("seed", range(4))
def test_leak_below_the_noise_is_found_and_taken_out(seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, 0.02, LENGTH_S * RATE).astype(np.float32)
    leaked = _leaked(PLAYED, 0.06, -16)
    assert 10 * np.log10(_power(leaked, 1.3, 3.9) / _power(noise, 1.3, 3.9)) < -3
    leak, clean = find_leak(OWN + noise + leaked, PLAYED, RATE, SETTINGS)
    assert leak.blocks == (0,)
    left = _heard_alike(clean - OWN - noise, leaked, 6.3, 7.8)
    assert abs(left) < 0.1 * _heard_alike(leaked, leaked, 6.3, 7.8)


@pytest.mark.parametrize("seed", range(4))
def test_hiss_on_both_tracks_is_no_leak(seed: int) -> None:
    rng = np.random.default_rng(seed)
    hiss, noise = (rng.normal(0, loud, LENGTH_S * RATE).astype(np.float32) for loud in (0.003, 0.02))
    leak, clean = find_leak(OWN + noise, PLAYED + hiss, RATE, SETTINGS)
    assert leak == Leak(leak.delays, (), ())
    assert np.array_equal(clean, OWN + noise)


@pytest.mark.parametrize("played", [np.zeros(LENGTH_S * RATE, np.float32), np.zeros(0, np.float32)])
def test_where_nothing_was_played_there_is_no_leak(played: Samples) -> None:
    mic = (OWN + NOISE)[: len(played)]
    assert find_leak(mic, played, RATE, SETTINGS)[0] == NO_LEAK
