"""How exactly voices are laid on a kitchen's sound: real speech under real noise, shifted and stretched.

Run as `python -m tests.benchmarks.bench_alignment`; prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import numpy as np
import soxr
from numpy.typing import NDArray

from woz.base.errors import WozError
from woz.importing.by_sound import align

Samples = NDArray[np.float32]

RATE = 16_000
VOICES = ("vad_60s.wav", "ami_dev00.wav", "ami_trn03.wav", "two_person_call.wav", "three_speakers.wav", "jfk.flac")
KITCHENS = ("measurement_error.mp4", "technique_error_1.mp4")
LEVELS_DB = (10.0, 0.0, -10.0)
DRIFTS_PPM = (-100.0, -37.0, 0.0, 37.0, 100.0)


@dataclass(frozen=True)
class Case:
    """A voice in a kitchen: the camera's sound, the voice's own recording, and the truth."""

    camera: Samples
    voice: Samples
    offset_s: float
    drift_ppm: float

    def error_ms(self) -> float:
        """The largest error over the whole of the voice. Raises WozError where it can't be aligned."""
        found = align(self.camera, self.voice).clock_map
        duration = len(self.voice) / RATE
        wrong = []
        for t in np.linspace(0, duration, 50).tolist():
            truth = self.offset_s + t * (1 + self.drift_ppm * 1e-6)
            wrong.append(abs(found.to_session(round(t * 1e9)) / 1e9 - truth))
        return float(max(wrong) * 1e3)


def sound_of(path: Path, rate: int = RATE, track: int = 0) -> Samples:
    """A sound track of a file, mono."""
    with av.open(str(path)) as container:
        resampler = av.AudioResampler("flt", "mono", rate)
        blocks = [b.to_ndarray()[0] for f in container.decode(audio=track) for b in resampler.resample(f)]
    return np.concatenate(blocks).astype(np.float32)


def looped(sound: Samples, length: int, first: int = 0) -> Samples:
    return np.resize(np.roll(sound, -first), length)


def case(voice: Samples, kitchen: Samples, level_db: float, offset_s: float, drift_ppm: float) -> Case:
    """The voice begins `offset_s` into the camera's sound; it was recorded by a clock that is `drift_ppm` slow."""
    own = np.asarray(soxr.resample(voice, RATE * (1 + drift_ppm * 1e-6), RATE, quality="VHQ"), np.float32)
    begin = round(offset_s * RATE)
    camera = looped(kitchen, begin + len(voice) + 7 * RATE, 12_345).copy()
    gain = np.std(camera) / np.std(voice) * 10 ** (level_db / 20)
    camera[begin : begin + len(voice)] += gain * voice
    own += np.random.default_rng(5).normal(0, 10 ** (-50 / 20) * float(np.std(own)), len(own)).astype(np.float32)
    return Case(camera, own, begin / RATE, drift_ppm)


def cases(data: Path, level_db: float) -> Iterator[tuple[str, Case]]:
    offsets = np.random.default_rng(3).uniform(0, 40, 100).tolist()
    for k, (name, kitchen) in enumerate((v, kitchen) for v in VOICES for kitchen in KITCHENS):
        for i, drift in enumerate(DRIFTS_PPM):
            voice, noise = sound_of(data / "speech" / name), sound_of(data / "video" / kitchen)
            yield f"{name} in {kitchen}, {drift:+.0f} ppm", case(voice, noise, level_db, offsets[5 * k + i], drift)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("WOZ_TEST_DATA", "../shared/data")))
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    out = sys.stdout
    out.write("| voice against kitchen | recordings | aligned | median error | largest error | time each |\n")
    out.write("|---|---|---|---|---|---|\n")
    for level in LEVELS_DB:
        errors, refused, began = [], 0, time.monotonic()
        for name, each in cases(arguments.data, level):
            try:
                errors.append(each.error_ms())
            except WozError as error:
                refused += 1
                sys.stderr.write(f"{level:+.0f} dB {name}: {error}\n")
                continue
            if arguments.verbose:
                sys.stderr.write(f"{level:+.0f} dB {name}: {errors[-1]:.3f} ms\n")
        each_s = (time.monotonic() - began) / (len(errors) + refused)
        row = f"{len(errors) + refused} | {len(errors)} | {np.median(errors):.2f} ms | {max(errors):.2f} ms"
        out.write(f"| {level:+.0f} dB | {row} | {each_s:.1f} s |\n")
        out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
