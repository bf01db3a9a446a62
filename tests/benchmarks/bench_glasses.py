"""How long a picture takes from the glasses' process to ours, through shared memory.

Run as `python -m tests.benchmarks.bench_glasses`; prints one line, with `--json` an object: milliseconds.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading

import numpy as np

from tests.core.aria_doubles import SIZE, SteadyGlasses
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.capture.aria.source import AriaSource
from woz.capture.source import AudioBlock, DeviceStatus, GazeSample, SourceInfo, VideoFrame

CLOCK = SystemClock()


class Lags:
    """Counts until enough pictures have come."""

    def __init__(self, pictures: int) -> None:
        self.ms: list[float] = []
        self.enough = threading.Event()
        self._pictures = pictures

    def video(self, frame: VideoFrame) -> None:
        self.ms.append((CLOCK.now_ns() - frame.arrival_ns) / 1e6)
        if len(self.ms) >= self._pictures:
            self.enough.set()

    def audio(self, block: AudioBlock) -> None: ...

    def gaze(self, sample: GazeSample) -> None: ...

    def status(self, status: DeviceStatus) -> None: ...

    def ended(self, fault: WozError | None) -> None:
        self.enough.set()


def measured(pictures: int) -> dict[str, float]:
    lags = Lags(pictures)
    source = AriaSource(SourceInfo("steady", SIZE, SIZE, 20, 48_000), SteadyGlasses(), CLOCK)
    source.start(lags)
    lags.enough.wait()
    source.stop()
    p50, p95 = np.percentile(lags.ms, [50, 95])
    return {"pictures": len(lags.ms), "p50_ms": round(float(p50), 2), "p95_ms": round(float(p95), 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=int, default=400)
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    found = measured(args.pictures)
    words = "{pictures:.0f} pictures from the glasses' process: median {p50_ms} ms, 95th percentile {p95_ms} ms"
    sys.stdout.write((json.dumps(found) if args.json else words.format(**found)) + "\n")


if __name__ == "__main__":
    main()
