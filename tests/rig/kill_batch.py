"""Kills workers and whole runs at random through a thousand items, then compares with a run that nobody killed.

python -m tests.rig.kill_batch FOLDER [--items 1000] [--kills 10]
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil

from tests.rig.batch_room import SMALL, recorded_project
from woz.base.clock import SystemClock
from woz.batch.ledger import Ledger
from woz.batch.planning import plan

MOST_S = 1200.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="a new one")
    parser.add_argument("--items", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10)
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True)
    given = {"count": arguments.items, "pause_s": 0.03}
    with recorded_project(arguments.folder / "project", 1) as project:
        killed = plan(project, SMALL, given, [], SystemClock())
        whole = plan(project, SMALL, given, [], SystemClock(), arguments.folder / "whole")
    deaths = _killed_through(killed, arguments.kills)
    _started(whole).wait()
    same = _outputs(killed) == _outputs(whole)
    begun = Counter((killed.path / "begun").read_text().split())
    told = {
        **deaths,
        "items": arguments.items,
        "done": len(_outputs(killed)),
        "failed": len(killed.failures()),
        "begun_twice": sum(count > 1 for count in begun.values()),
        "same_as_unkilled": same,
    }
    sys.stdout.write(json.dumps(told) + "\n")
    return int(not same or len(_outputs(killed)) != arguments.items)


def _killed_through(ledger: Ledger, kills: int) -> dict[str, int]:
    """Runs it to its end; at random moments a worker, or the run with its scheduler, is killed."""
    deaths: Counter[str] = Counter(workers=0, runs=0)
    until, process = time.monotonic() + MOST_S, _started(ledger)
    while time.monotonic() < until and len(list((ledger.path / "done").iterdir())) < ledger.about().items:
        if process.poll() is not None:
            process = _started(ledger)
        time.sleep(random.uniform(1.0, 4.0))
        if deaths.total() < kills and (ledger.path / "begun").exists():
            deaths[_kill(process)] += 1
    process.wait()
    return dict(deaths)


def _kill(process: subprocess.Popen[bytes]) -> str:
    workers = [child for child in _children(process) if "spawn_main" in " ".join(child.cmdline())]
    if workers and random.random() < 0.7:
        random.choice(workers).send_signal(signal.SIGKILL)
        return "workers"
    process.kill()
    process.wait()
    return "runs"


def _children(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    try:
        found: list[psutil.Process] = psutil.Process(process.pid).children()
        return found
    except psutil.NoSuchProcess:
        return []


def _started(ledger: Ledger) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ui.cli", "batch", "run", str(ledger.path), "--workers", "2"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def _outputs(ledger: Ledger) -> dict[str, tuple[str, ...]]:
    done = {item.id: ledger.done(item) for item in ledger.items()}
    return {name: tuple(output.sha256 for output in record.outputs) for name, record in done.items() if record}


if __name__ == "__main__":
    sys.exit(main())
