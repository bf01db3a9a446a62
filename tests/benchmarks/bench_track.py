"""A sine through a sound card that is off by 100 ppm: what the track writer makes of it, to the sample.

Run as `python -m tests.benchmarks.bench_track --seconds 600`; prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from woz.base.interval import NS_PER_S, Interval
from woz.recording.live.writer import VoiceWriter
from woz.sound.session_track import SessionTrack
from woz.timing.tracker import OffsetTracker

RATE, BLOCK = 48_000, 480
HZ = 100.0
LEVEL = 0.5
PART = RATE // 20
"""Five periods of the sine: the phase is measured in each."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Heard:
    """What the file says: how many samples late the sound is, twenty times a second; its largest discontinuity.

    `discontinuity` is how far a sample is from what its two neighbours promise, as a part of full scale.
    """

    late: Floats
    discontinuity: float
    samples: int
    gaps: tuple[Interval, ...]


def play(path: Path, ppm: float, seconds: int, jitter_s: float, start_ns: int = 0) -> Heard:
    """Record the sine, from `start_ns` on, by blocks with jittery time stamps; read the file back."""
    rng = np.random.default_rng(1)
    card_rate = RATE * (1 + ppm * 1e-6)
    times, track, writer = OffsetTracker(), SessionTrack(), VoiceWriter(path, "sine")
    for first in range(0, round(card_rate * seconds) - BLOCK + 1, BLOCK):
        sound = LEVEL * np.sin(2 * np.pi * HZ * np.arange(first, first + BLOCK) / card_rate)
        stamp_ns = start_ns + round((first / card_rate + rng.normal(0, jitter_s)) * NS_PER_S)
        at_ns = times.add(first * NS_PER_S // RATE, stamp_ns)
        writer.write(track.add(at_ns, sound.astype(np.float32), RATE))
    writer.write(track.finish(start_ns + seconds * NS_PER_S))
    writer.close()
    return _heard(path, start_ns, tuple(track.gaps))


def _heard(path: Path, start_ns: int, gaps: tuple[Interval, ...]) -> Heard:
    with av.open(str(path)) as container:
        whole = np.concatenate([f.to_ndarray().reshape(-1) for f in container.decode(audio=0)]) / 32767
    sound = whole[-(-start_ns * RATE // NS_PER_S) :]
    t = np.arange(len(sound)) / RATE
    parts = len(sound) // PART
    turned = (sound * np.exp(-2j * np.pi * HZ * t))[: parts * PART].reshape(parts, PART).mean(axis=1)
    late = -np.unwrap(np.angle(turned * 1j)) / (2 * np.pi * HZ) * RATE
    inner = sound[PART:-PART]
    promised = 2 * np.cos(2 * np.pi * HZ / RATE) * inner[1:-1] - inner[:-2]
    return Heard(late, float(np.abs(inner[2:] - promised).max()), len(whole), gaps)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    arguments = parser.parse_args()
    sys.stdout.write("| card | jitter of stamps | first 50 ms | largest | last 50 ms | discontinuity | length |\n")
    sys.stdout.write("|---|---|---|---|---|---|---|\n")
    for ppm, jitter in ((100, 0.0), (-100, 0.0), (100, 3e-4), (100, 1e-3)):
        with tempfile.TemporaryDirectory() as folder:
            heard = play(Path(folder) / "sine.mka", ppm, arguments.seconds, jitter)
        first, most, last = heard.late[0], np.abs(heard.late).max(), heard.late[-1]
        length = heard.samples - arguments.seconds * RATE
        sys.stdout.write(
            f"| {ppm:+d} ppm | {jitter * 1e3:.1f} ms | {first:+.2f} samples | {most:.2f} samples "
            f"| {last:+.2f} samples | {heard.discontinuity:.1e} | {length:+d} samples |\n"
        )
        sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
