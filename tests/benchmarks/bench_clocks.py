"""How exactly the clock maps follow the truth: virtual clocks on virtual networks, thousands of runs.

Run as `python -m tests.benchmarks.bench_clocks --runs 1000`; prints a table in Markdown.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from woz.timing.clock_map import ClockMap
from woz.timing.exchange import Exchange, ExchangeTracker
from woz.timing.tracker import EnvelopeTracker, OffsetTracker

S, MS = 1_000_000_000, 1_000_000
SECONDS = 120
JOINED_S = 10
"""From so long after joining on the map must hold."""
WANDER_PER_S = 5e-8
FAST_ASKS = 20

Rng = np.random.Generator
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Run:
    """Errors in ms: as the map stood at each moment from 10 s on, and of the final map over the whole.

    `allowed_ms` is half of the path's asymmetry, which no exchange can see.
    """

    live_ms: Floats
    final_ms: Floats
    allowed_ms: float = 0.0


def clock(rng: Rng, most_ppm: float) -> Callable[[Floats], Floats]:
    """A clock that is off by up to so many ppm, with a drift that walks slowly: own time (s) of true time (s)."""
    grid = np.arange(0.0, SECONDS + 10)
    drift = rng.uniform(-most_ppm, most_ppm) * 1e-6 + np.cumsum(rng.normal(0, WANDER_PER_S, len(grid)))
    own = np.concatenate([[0.0], np.cumsum(1 + drift)[:-1]]) + rng.uniform(-1e5, 1e5)
    return lambda t: np.asarray(np.interp(t, grid, own), np.float64)


def console(seed: int) -> Run:
    """The console's clock by exchanges over 5 to 150 ms each way, jitter, 3% loss, and bursts."""
    rng = np.random.default_rng(seed)
    own, tracker = clock(rng, 100), ExchangeTracker()
    there, back, jitter = rng.uniform(0.005, 0.15), rng.uniform(0.005, 0.15), rng.uniform(0.0, 0.02)
    bursts = _bursts(rng)
    asked = np.concatenate([np.arange(FAST_ASKS) * 0.1, np.arange(FAST_ASKS * 0.1, SECONDS, 0.5)])
    answered_at: list[float] = []
    live: list[float] = []
    next_look = float(JOINED_S)
    for t in asked.tolist():
        lost = rng.random() < (0.5 if _inside(bursts, t) else 0.03)
        extra = rng.exponential(0.15, 2) if _inside(bursts, t) else np.zeros(2)
        up, down = there + rng.gamma(2, jitter / 2) + extra[0], back + rng.gamma(2, jitter / 2) + extra[1]
        if lost:
            continue
        sent, got = own(np.array([t, t + up + down])).tolist()
        arrived = round((t + up) * S)
        tracker.add(Exchange(round(sent * S), arrived, arrived, round(got * S)))
        answered_at.append(t)
        while t >= next_look:
            live.append(_error_ms(tracker.map(), own, next_look))
            next_look += 1
    final = [_error_ms(tracker.map(), own, float(t)) for t in range(SECONDS)]
    return Run(np.array(live), np.array(final), abs(there - back) / 2 * 1e3)


def card(seed: int) -> Run:
    """A sound card by the time stamps of its blocks, one in a hundred of them 20 to 60 ms late."""
    rng = np.random.default_rng(seed)
    own, tracker = clock(rng, 200), OffsetTracker()
    true = np.arange(0, SECONDS, 0.01)
    stream = np.round((own(true) - own(np.zeros(1))) * S).astype(np.int64)
    stray = (rng.random(len(true)) < 0.01) * rng.uniform(0.02, 0.06, len(true))
    stamps = np.round((true + rng.normal(0, 0.001, len(true)) + stray) * S).astype(np.int64)
    live = []
    for t, s, stamp, wrong in zip(true.tolist(), stream.tolist(), stamps.tolist(), stray.tolist(), strict=True):
        smoothed = tracker.add(s, stamp)
        if t >= JOINED_S and not wrong:
            live.append((smoothed / S - t) * 1e3)
    return Run(np.array(live), _final(tracker.summary(), stream, true))


def glasses(seed: int) -> Run:
    """Glasses by the arrival of 20 frames a second; the way that the quickest takes is no error of the clock."""
    rng = np.random.default_rng(seed)
    own, tracker = clock(rng, 200), EnvelopeTracker()
    true = np.arange(0, SECONDS, 0.05)
    bursts = _bursts(rng)
    late = rng.exponential(rng.uniform(0.002, 0.02), len(true))
    late += [rng.exponential(0.2) if _inside(bursts, t) else 0.0 for t in true.tolist()]
    device = np.round((own(true)) * S).astype(np.int64)
    arrivals = np.round((true + late) * S).astype(np.int64)
    live = []
    for t, s, arrival in zip(true.tolist(), device.tolist(), arrivals.tolist(), strict=True):
        mapped = tracker.add(s, arrival)
        if t >= JOINED_S:
            live.append((mapped / S - t) * 1e3)
    return Run(np.array(live), _final(tracker.summary(), device, true))


KINDS = {"console": console, "sound card": card, "glasses": glasses}


def _bursts(rng: Rng) -> list[tuple[float, float]]:
    starts = np.cumsum(rng.exponential(20, 12))
    return [(float(start), float(start + rng.uniform(0.5, 2))) for start in starts]


def _inside(spans: list[tuple[float, float]], t: float) -> bool:
    return any(a <= t < b for a, b in spans)


def _error_ms(found: ClockMap | None, own: Callable[[Floats], Floats], t: float) -> float:
    if found is None:
        return float("inf")
    return (found.to_session(round(float(own(np.array([t]))[0]) * S)) / S - t) * 1e3


def _final(found: ClockMap | None, stream: NDArray[np.int64], true: Floats) -> Floats:
    if found is None:
        return np.array([np.inf])
    picks = range(0, len(true), max(1, len(true) // 200))
    return np.array([(found.to_session(int(stream[i])) / S - true[i]) * 1e3 for i in picks])


def excess_ms(runs: list[Run], final: bool) -> Floats:
    """Absolute errors beyond what is allowed, over all runs."""
    return np.concatenate([np.abs(run.final_ms if final else run.live_ms) - run.allowed_ms for run in runs])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=1000)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    arguments = parser.parse_args()
    sys.stdout.write("| clock | runs | live: 99th percentile, largest | final map: 99th percentile, largest |\n")
    sys.stdout.write("|---|---|---|---|\n")
    with ProcessPoolExecutor(2) as pool:
        for name in arguments.kinds:
            runs = list(pool.map(KINDS[name], range(arguments.runs), chunksize=8))
            cells = [
                f"{np.percentile(e, 99):.2f} ms, {e.max():.2f} ms"
                for e in (excess_ms(runs, False), excess_ms(runs, True))
            ]
            sys.stdout.write(f"| {name} | {len(runs)} | {' | '.join(cells)} |\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
