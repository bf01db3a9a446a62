"""Sounds in which nobody speaks: silence, noise, a hum, music made by rule, and a real kitchen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from woz.transcription.tracks import RATE, read_voice

Samples = NDArray[np.float32]
Times = NDArray[np.float64]

KITCHENS = ("measurement_error.mp4", "technique_error_1.mp4")
SCALE = (0, 2, 4, 7, 9, 12, 14, 16)
"""Semitones above the lowest note of a tune."""
LOWEST_HZ, BASS_HZ = 220.0, 55.0
NOTE_S, BEAT_S = 0.4, 0.8
VIBRATO_HZ, VIBRATO = 5.5, 0.01
KITCHEN_GAINS = (0.25, 0.5, 1.0, 2.0)


def sounds(minutes: float, data: Path) -> Iterator[tuple[str, Samples]]:
    """Names and samples in -1..1 at 16 kHz, so many minutes of each; `data` is the folder of recordings."""
    count = round(minutes * 60 * RATE)
    t = np.arange(count) / RATE
    yield "silence", np.zeros(count, np.float32)
    yield "faint noise", np.random.default_rng(0).normal(0, 3e-4, count).astype(np.float32)
    yield "hum", np.asarray(sum(0.1 / k * np.sin(2 * np.pi * 50 * k * t) for k in (1, 2, 3, 5)), np.float32)
    yield "chords", _chords(t)
    yield "tune", _tune(t)
    yield "kitchen", _kitchen(count, data)


def _chords(t: Times) -> Samples:
    """Four notes at once, struck twice a second."""
    step = 2 ** (np.floor(t * 2) % 5 / 12)
    notes = sum(0.05 * np.sin(2 * np.pi * f * step * t) for f in (220.0, 277.2, 329.6, 440.0))
    return np.asarray(notes * np.exp(-((t * 2) % 1) * 3), np.float32)


def _tune(t: Times) -> Samples:
    """A melody that trembles as a voice or a violin does, over a bass and a drum; notes are drawn at random."""
    rng = np.random.default_rng(1)
    drawn = rng.choice(SCALE, int(t[-1] / NOTE_S) + 1)
    hz = LOWEST_HZ * 2 ** (drawn[(t / NOTE_S).astype(int)] / 12)
    phase = 2 * np.pi * np.cumsum(hz * (1 + VIBRATO * np.sin(2 * np.pi * VIBRATO_HZ * t))) / RATE
    swell = np.sin(np.pi * (t / NOTE_S % 1)) ** 0.5
    melody = swell * sum(0.1 / k * np.sin(k * phase) for k in range(1, 9))
    beat = np.exp(-(t / BEAT_S % 1) * 8)
    return np.asarray(
        melody + beat * (0.1 * np.sin(2 * np.pi * BASS_HZ * t) + rng.normal(0, 0.03, len(t))), np.float32
    )


def _kitchen(count: int, data: Path) -> Samples:
    """Real sound of two videos again and again, each time from another place on and at another level."""
    heard = np.concatenate([read_voice(data / "video" / name, 0)[0] for name in KITCHENS])
    rng = np.random.default_rng(2)
    parts = [
        np.roll(heard, rng.integers(len(heard))) * rng.choice(KITCHEN_GAINS) for _ in range(count // len(heard) + 1)
    ]
    return np.asarray(np.clip(np.concatenate(parts)[:count], -1.0, 1.0), np.float32)
