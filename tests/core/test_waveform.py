"""The outline of a sound: the same whatever blocks it comes in, right at every zoom."""

from __future__ import annotations

import numpy as np
import pytest

from woz.base.interval import NS_PER_S
from woz.sound.waveform import BIN_NS, FULL, Folding, Waveform


@pytest.mark.parametrize("rate", [48_000, 44_100, 16_000, 11_025])
@pytest.mark.parametrize("block", [1, 2])
def test_bins_hold_the_lowest_and_the_highest_sample(rate: int, block: int) -> None:
    random = np.random.default_rng(rate)
    samples = random.integers(-32_768, 32_768, rate * 3 + 77).astype(np.int16)
    folding = Folding(rate)
    edges = np.sort(random.integers(0, len(samples), 40 * block))
    for part in np.split(samples, edges):
        folding.add(part)
    bins = folding.finish()
    limits = [-(-n * rate // 100) for n in range(len(bins))] + [len(samples)]
    wanted = [(part.min(), part.max()) for part in np.split(samples, limits[1:-1])]
    assert len(bins) == -(-len(samples) * 100 // rate)
    assert bins.tolist() == _folded(wanted)


def _folded(pairs: list[tuple[int, int]]) -> list[list[int]]:
    return [[round(max(-1.0, value / 32_767) * FULL) for value in pair] for pair in pairs]


def test_silence_before_later_sound_takes_its_room() -> None:
    folding = Folding(48_000)
    folding.add(np.full(4_800, 9_000, np.int16))
    folding.silence_to(NS_PER_S)
    folding.add(np.full(4_800, 9_000, np.int16))
    bins = folding.finish()
    assert len(bins) == 110
    assert [n for n, (_, high) in enumerate(bins.tolist()) if high] == [*range(10), *range(100, 110)]


@pytest.mark.parametrize("bin_count", [1, 4, 40, 161])
def test_an_outline_loses_no_peak_at_any_zoom(bin_count: int) -> None:
    """A peak is in its own column, or where a bin lies across two, in the next."""
    bins = np.random.default_rng(1).integers(-FULL, FULL + 1, (3_001, 2)).astype(np.int8)
    wave = Waveform.of(bins)
    edges = np.arange(0, 3_000 - bin_count, bin_count, dtype=np.int64) * BIN_NS
    outline = wave.outline(edges)
    for n in range(len(outline) - 1):
        part = bins[n * bin_count : (n + 1) * bin_count] / FULL
        assert outline[n : n + 2, 0].min() <= part[:, 0].min()
        assert outline[n : n + 2, 1].max() >= part[:, 1].max()


def test_beyond_the_sound_there_is_silence() -> None:
    wave = Waveform.of(np.full((10, 2), 100, np.int8))
    edges = np.arange(-5, 16, dtype=np.int64) * BIN_NS
    high = wave.outline(edges)[:, 1]
    assert high.tolist() == [0.0] * 5 + [100 / FULL] * 10 + [0.0] * 5
    assert Folding(48_000).finish().shape == (0, 2)
    assert Waveform.of(Folding(48_000).finish()).outline(edges).tolist() == [[0.0, 0.0]] * 20
