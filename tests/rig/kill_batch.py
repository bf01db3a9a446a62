"""Kills workers and whole runs, with their scheduler, at random, then compares with a run that nobody killed."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil

from tests.rig.batch_room import SMALL
from woz.base.clock import SystemClock
from woz.batch.ledger import Ledger
from woz.batch.planning import plan
from woz.lab.ports import Project

MOST_S = 1500.0


def killed_and_whole(project: Project, folder: Path, items: int, kills: int) -> dict[str, object]:
    """What became of a run that was killed so often; `same` where its outputs are those of one that was not."""
    given = {"count": items, "pause_s": 0.03}
    killed = plan(project, SMALL, given, [], SystemClock(), folder / "killed")
    whole = plan(project, SMALL, given, [], SystemClock(), folder / "whole")
    deaths = killed_through(killed, kills)
    started(whole, 2).wait()
    begun = Counter((killed.path / "begun").read_text().split())
    found = outputs(killed)
    return {
        **deaths,
        "items": items,
        "done": len(found),
        "failed": len(killed.failures()),
        "begun_twice": sum(count > 1 for count in begun.values()),
        "same": found == outputs(whole),
    }


def started(ledger: Ledger, workers: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "ui.cli", "batch", "run", str(ledger.path), "--workers", str(workers)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL)


def outputs(ledger: Ledger) -> dict[str, tuple[str, ...]]:
    """The hashes of what each item made."""
    done = {item.id: ledger.done(item) for item in ledger.items()}
    return {name: tuple(output.sha256 for output in record.outputs) for name, record in done.items() if record}


def killed_through(ledger: Ledger, kills: int) -> dict[str, int]:
    """Runs it to its end; at random moments a worker, or the run with its scheduler, is killed."""
    deaths: Counter[str] = Counter(workers=0, runs=0)
    until, process = time.monotonic() + MOST_S, started(ledger, 2)
    while time.monotonic() < until and len(list((ledger.path / "done").iterdir())) < ledger.about().items:
        if process.poll() is not None:
            process = started(ledger, 2)
        time.sleep(random.uniform(1.0, 4.0))
        if deaths.total() < kills and any((ledger.path / "done").iterdir()):
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
