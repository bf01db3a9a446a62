"""How long a lab's recordings would take on so many workers: item times of a run, drawn anew; nothing is worked on.

python -m tests.benchmarks.simulate_batch RUN [--hours 1400] [--workers 8 64 512] [--minutes 120] [--json]

Taken from the run: seconds of work per second of recording, an item at a time. Assumed: sessions of 25 minutes,
more or less by a third; a worker that is there 75 s after it was wanted, hands back what it can't end before its
wall time, and in one item of 500 dies; a scheduler that gives out an item each 10 ms.
"""

from __future__ import annotations

import argparse
import heapq
import json
import random
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from woz.base.interval import NS_PER_S
from woz.batch.cluster.slurm_profile import Profile
from woz.batch.cluster.slurm_script import lifetime_s
from woz.batch.cluster.worker import SPARE
from woz.batch.kind import SESSIONS
from woz.batch.ledger import Ledger
from woz.recording.folder.session_folder import SessionFolder

SESSION_S, SPREAD = 25 * 60.0, 0.33
WANTED_S, GIVEN_S, DEATHS = 75.0, 0.010, 1 / 500


@dataclass(frozen=True, slots=True)
class Simulated:
    """`busy` is the share of the workers' time that went into items that were kept."""

    workers: int
    items: int
    hours: float
    busy: float
    lost: int
    renewed: int


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="a run whose items are sessions, done")
    parser.add_argument("--hours", type=float, default=1400.0)
    parser.add_argument("--workers", type=int, nargs="+", default=[8, 64, 512])
    parser.add_argument("--minutes", type=int, default=120, help="a worker's wall time (120)")
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    arguments = parser.parse_args()
    paces = measured(Ledger.open(arguments.run))
    items = lengths(paces, arguments.hours)
    life_s = lifetime_s(Profile(minutes=arguments.minutes))
    if max(items) > life_s:
        sys.exit(
            f"A session takes up to {max(items) / 3600:.1f} h, longer than a worker lives; give more --minutes."
        )
    found = [simulated(items, each, life_s) for each in arguments.workers]
    if arguments.json:
        print(json.dumps({"pace": median(paces), "simulated": [asdict(one) for one in found]}))
        return
    print(f"{median(paces):.4f} s of work a second of recording (median of {len(paces)} items)")
    for one in found:
        lost = f"{one.lost} begun again, {one.renewed} workers renewed"
        print(
            f"{one.workers:4} workers: {one.hours:8.2f} h, {100 * one.busy:.0f} % busy; {one.items} items, {lost}"
        )


def measured(ledger: Ledger) -> list[float]:
    """Seconds of work per second of recording, of each item that is done."""
    sessions, paces = Path(ledger.about().roots[SESSIONS]), list[float]()
    for item in ledger.items():
        if done := ledger.done(item):
            length_ns = (
                SessionFolder(sessions / item.parameters.get("session", item.id)).manifest().duration_ns or NS_PER_S
            )
            paces.append(done.seconds * NS_PER_S / length_ns)
    return paces


def lengths(paces: Sequence[float], hours: float) -> list[float]:
    """Seconds that each session takes; together the sessions are so long."""
    draw, found, left_s = random.Random(1), list[float](), hours * 3600
    while left_s > 0:
        session_s = max(60.0, draw.gauss(SESSION_S, SPREAD * SESSION_S))
        found.append(session_s * draw.choice(paces))
        left_s -= session_s
    return found


def simulated(items: Sequence[float], workers: int, life_s: float) -> Simulated:
    """Each worker takes the next item when it is free; what dies is done again at the end of the line."""
    draw, waiting, usual_s = random.Random(2), list(items)[::-1], median(items)
    free = [(WANTED_S, WANTED_S, number) for number in range(workers)]  # when free, since when it lives, which
    next_s = end_s = kept_s = 0.0
    lost = renewed = 0
    while waiting:
        now_s, born_s, number = heapq.heappop(free)
        if now_s > born_s and born_s + life_s - now_s < SPARE * usual_s:
            renewed += 1
            heapq.heappush(free, (now_s + WANTED_S, now_s + WANTED_S, number))
            continue
        next_s = max(now_s, next_s + GIVEN_S)
        item_s = waiting.pop()
        if draw.random() < DEATHS:
            lost += 1
            waiting.insert(0, item_s)
            born_s = now_s = next_s + draw.random() * item_s + WANTED_S
        else:
            kept_s += item_s
            now_s = next_s + item_s
            end_s = max(end_s, now_s)
        heapq.heappush(free, (now_s, born_s, number))
    return Simulated(workers, len(items), end_s / 3600, kept_s / (workers * end_s), lost, renewed)


if __name__ == "__main__":
    main()
