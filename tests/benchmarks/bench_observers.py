"""What observers cost the expert: capture to decoded at the expert's console, without any and with three.

    python -m tests.benchmarks.bench_observers [--seconds 20] [--rounds 2] [--size 1000]

Each seat is a process of its own on this machine. The observers' leave the processor to the others, since elsewhere
they would have machines of their own.
"""

from __future__ import annotations

import argparse
import contextlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.rig.seat import Options, Said, seated

OBSERVERS = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--size", type=int, default=1000)
    options = parser.parse_args()
    found: dict[str, list[float]] = {"without": [], "with three": []}
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        station = stack.enter_context(seated(Options("station", folder, size=options.size)))
        links = station.until(lambda said: "invitation" in said, 120)
        expert = stack.enter_context(seated(Options("join", f"{folder}/expert", link=links["invitation"])))
        expert.until(lambda said: said.get("pictures", 0) > 20, 120)
        for _ in range(options.rounds):
            found["without"] += measured(expert, options.seconds)
            with three(links["observers"], Path(folder)) as observers:
                found["with three"] += measured(expert, options.seconds)
                print("observers saw", [seat.last.get("pictures") for seat in observers])  # noqa: T201
    for name, delays in found.items():
        p50, p95, p99 = np.percentile(delays, [50, 95, 99])
        print(f"{name:>10}: {len(delays)} frames, {p50:.1f} / {p95:.1f} / {p99:.1f} ms (50, 95, 99 %)")  # noqa: T201


@contextlib.contextmanager
def three(link: str, folder: Path) -> Iterator[list[Said]]:
    with contextlib.ExitStack() as stack:
        seats = [
            stack.enter_context(seated(Options("join", str(folder / f"o{n}"), link=link), humble=True))
            for n in range(OBSERVERS)
        ]
        for seat in seats:
            seat.until(lambda said: said.get("pictures", 0) > 20, 120)
        yield seats


def measured(expert: Said, seconds: float) -> list[float]:
    """In milliseconds."""
    time.sleep(2)
    expert.tell("begin")
    time.sleep(seconds)
    expert.tell("delays")
    return [ns / 1e6 for ns in expert.until(lambda said: "delays" in said)["delays"]]


if __name__ == "__main__":
    main()
