"""Batches: overhead a small item, two workers against one, kills at random, planning for many clips.

python -m tests.benchmarks.bench_batch [FOLDER] [--items 1000] [--kills 10] [--clips 45000] [--json]
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from tests.rig.batch_room import SMALL, mark_states, recorded_project
from tests.rig.kill_batch import killed_and_whole, started
from woz.base.clock import SystemClock
from woz.batch.ledger import Ledger
from woz.batch.planning import plan
from woz.lab.ports import Project
from woz.model.ids import SessionId
from woz.model.own_schemes import STATES

CLIP_SESSIONS = 225
"""Over which the clips are spread."""
HARD_ROUNDS, HARD_ITEMS = 400_000, 60
"""Items of some tenths of a second, so that what two workers gain is seen."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", help="a new one; a temporary one where it is left out")
    parser.add_argument("--items", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--clips", type=int, default=45_000)
    parser.add_argument("--json", action="store_true", help="answer in JSON, for programs")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="woz-bench-batch-") as temporary:
        found = measured(arguments.folder or Path(temporary), arguments)
    if arguments.json:
        print(json.dumps(found))
    else:
        for name, value in found.items():
            print(f"{name:16} {value}")
    killed = found["kills"]
    assert isinstance(killed, dict)
    return int(not killed["same"] or killed["done"] != arguments.items or bool(killed["failed"]))


def measured(folder: Path, arguments: argparse.Namespace) -> dict[str, object]:
    folder.mkdir(parents=True, exist_ok=True)
    with recorded_project(folder / "project", 1) as project:
        return {
            "load": os.getloadavg()[0],
            "planning": _planning(project, folder, arguments.clips),
            "overhead_ms": round(1000 * _overhead_s(project, folder, arguments.items), 1),
            "overhead_cpu_ms": round(1000 * _overhead_cpu_s(project, folder, arguments.items), 1),
            "bare_speed_up": round(_bare_gain(), 2),
            "speed_up": round(_hard_s(project, folder, 1) / _hard_s(project, folder, 2), 2),
            "busy": round(_busy(Ledger(folder / "hard-2"), 2), 3),
            "kills": killed_and_whole(project, folder, arguments.items, arguments.kills),
            "planning_clips": planning_clips(folder, arguments.clips, CLIP_SESSIONS),
        }


def _overhead_s(project: Project, folder: Path, items: int) -> float:
    """Of an item: what it took of a worker's time beyond its own work. The workers' start is left out."""
    ledger = plan(project, SMALL, {"count": items}, [], SystemClock(), folder / "small")
    started(ledger, 2).wait()
    own = [done.seconds for item in ledger.items() if (done := ledger.done(item))]
    return 2 * _span_s(ledger) / items - median(own)


def _overhead_cpu_s(project: Project, folder: Path, items: int) -> float:
    """Processor time of all processes that an item takes, its own work included: what it costs whatever else runs.

    The start is left out, by two runs of different length.
    """
    took = []
    for count in (items // 5, items):
        ledger = plan(project, SMALL, {"count": count}, [], SystemClock(), folder / f"cpu-{count}")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        started(ledger, 2).wait()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return (took[1] - took[0]) / (items - items // 5)


def _hard_s(project: Project, folder: Path, workers: int) -> float:
    given = {"count": HARD_ITEMS, "rounds": HARD_ROUNDS}
    ledger = plan(project, SMALL, given, [], SystemClock(), folder / f"hard-{workers}")
    started(ledger, workers).wait()
    return _span_s(ledger)


def _bare_gain() -> float:
    """What two processes get done that hash side by side, by what one gets done: what the machine gives now."""
    hashing = f"import hashlib\nd = b''\nfor _ in range({8 * HARD_ROUNDS}): d = hashlib.sha256(d).digest()"

    def took_s(count: int) -> float:
        began = time.monotonic()
        side_by_side = [subprocess.Popen([sys.executable, "-c", hashing]) for _ in range(count)]
        for each in side_by_side:
            each.wait()
        return time.monotonic() - began

    return 2 * took_s(1) / took_s(2)


def _busy(ledger: Ledger, workers: int) -> float:
    """The share of the workers' time that was work, whatever else the machine does.

    0.85 of two workers is 1.7 times one, where there are cores for both.
    """
    done = [record for item in ledger.items() if (record := ledger.done(item))]
    return sum(record.seconds for record in done[:-workers]) / workers / _span_s(ledger)


def _span_s(ledger: Ledger) -> float:
    """From the first item that was done to the last."""
    times = [path.stat().st_mtime for path in (ledger.path / "done").glob("*.json")]
    return max(times) - min(times)


def _planning(project: Project, folder: Path, clips: int) -> dict[str, float]:
    """In a process of its own, for its memory; that of a hundred items beside it."""
    seconds, most = _planned(project.path, folder / "many", SMALL, {"count": clips})
    return {
        "items": clips,
        "seconds": seconds,
        "megabytes": most,
        "megabytes_of_100": _planned(project.path, folder / "few", SMALL, {"count": 100})[1],
    }


def planning_clips(folder: Path, clips: int, sessions: int) -> dict[str, float]:
    """Of annotations of so many sessions, by the kind that cuts them: the first time, when each film is read for
    its hash, and again; the memory of a plan of one session beside it.
    """
    path = folder / "lab" / "clips"
    path.parent.mkdir(parents=True)
    with recorded_project(path, sessions) as project:
        mark_states(project, clips // sessions)
        one = project.sessions.all()[0].id
    first_s, _ = _planned(path, folder / "first", "clips", {"of": STATES})
    seconds, most = _planned(path, folder / "again", "clips", {"of": STATES})
    _, least = _planned(path, folder / "one", "clips", {"of": STATES}, one)
    return {
        "items": Ledger(folder / "again").about().items,
        "seconds": seconds,
        "first_s": first_s,
        "megabytes": most,
        "megabytes_of_one_session": least,
    }


def _planned(path: Path, out: Path, kind: str, given: dict[str, object], *sessions: str) -> tuple[float, float]:
    words = (str(path), str(out), kind, json.dumps(given), *sessions)
    command = [sys.executable, "-m", "tests.benchmarks.bench_batch", "--planned", *words]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    seconds, megabytes = json.loads(told)
    return seconds, megabytes


def _plan_here(path: str, out: str, kind: str, given: str, *sessions: str) -> None:
    from storage import Project as Stored

    chosen = [SessionId(one) for one in sessions]
    with Stored.open(Path(path), SystemClock()) as project:
        began = time.monotonic()
        plan(project, kind, json.loads(given), chosen, SystemClock(), Path(out))
        seconds = time.monotonic() - began
    print(json.dumps([round(seconds, 2), round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)]))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--planned"]:
        _plan_here(*sys.argv[2:])
        sys.exit(0)
    sys.exit(main())
