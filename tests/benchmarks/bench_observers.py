"""What observers cost the expert: capture to decoded at the expert's console, without any and with three, by turns.

    python -m tests.benchmarks.bench_observers [--seconds 10] [--rounds 4] [--size 640] [--niceness -15]

Station, expert and observers are three processes on this machine. The observers take and acknowledge all packets
but don't decode, and give way to the other two, since elsewhere they would have machines of their own. On a machine
that has other work, a niceness of -15 (root) gives those two their share of it.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.benchmarks.observers import OBSERVERS
from tests.rig.seat import Options, Seat, seated

GIVING_WAY = 19
SETTLE_S = 3.0


@dataclass(frozen=True)
class Turn:
    delays_ms: list[float]
    cpu: float
    """Processor seconds of the station a second."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--size", type=int, default=640)
    parser.add_argument("--niceness", type=int, default=0)
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        report(turns(stack, options))


def turns(stack: contextlib.ExitStack, options: argparse.Namespace) -> dict[str, list[Turn]]:
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    station = sit(stack, options.niceness, Options("station", folder, size=options.size))
    link = station.wait_for("invitation")
    expert = sit(stack, options.niceness, Options("join", f"{folder}/expert", link=link))
    sit_and_wait(expert, lambda said: said.get("pictures", 0) > 20)
    watching = Options("watch", folder, link=station.wait_for("observers"), module="tests.benchmarks.observers")
    observers = sit(stack, GIVING_WAY, watching)
    found: dict[str, list[Turn]] = {"without": [], "with three": []}
    for _ in range(options.rounds):
        found["without"].append(measured(station, expert, options.seconds))
        observers.do("in")
        sit_and_wait(observers, lambda said: said.get("live") == OBSERVERS)
        begin = observers.last["frames"]
        found["with three"].append(measured(station, expert, options.seconds))
        print("frames to observers:", observers.last["frames"] - begin, "load:", os.getloadavg()[0])
        observers.do("out")
        sit_and_wait(observers, lambda said: said.get("live") == 0)
    return found


def report(found: dict[str, list[Turn]]) -> None:
    for name, of in found.items():
        delays = [delay for turn in of for delay in turn.delays_ms]
        p50, p95 = np.percentile(delays, [50, 95])
        cpu = float(np.median([turn.cpu for turn in of]))
        print(
            f"{name:>10}: {len(delays)} frames, {p50:.1f} / {p95:.1f} ms (median, 95th percentile), "
            f"station's processor {100 * cpu:.0f} %"
        )


def sit(stack: contextlib.ExitStack, niceness: int, seat: Options) -> Seat:
    return stack.enter_context(seated(seat, niceness=niceness))


def sit_and_wait(seat: Seat, true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    return seat.until(true, 120)


def measured(station: Seat, expert: Seat, seconds: float) -> Turn:
    time.sleep(SETTLE_S)
    expert.do("begin")
    began_s, spent_s = time.monotonic(), station.last["cpu_s"]
    time.sleep(seconds)
    cpu = (station.last["cpu_s"] - spent_s) / (time.monotonic() - began_s)
    expert.do("delays")
    return Turn([ns / 1e6 for ns in expert.wait_for("delays")], cpu)


if __name__ == "__main__":
    main()
