"""Kills a session's seats at random moments, many times, and says what was lost.

    python -m tests.rig.soak --kills 100 --hostile 2

Each round records for some seconds, copies the folder in the midst of writing, then kills the station, or else
the console. Hostile consoles, where asked for, offer ever new recordings, open silent connections and say bad
proofs meanwhile.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from tests.rig.killing import Left, Stage
from tests.rig.seat import ROOT, kill_all

MOST_MISSING_S = 1.0
LOWEST_S, HIGHEST_S = 0.5, 4.0


@contextlib.contextmanager
def hostile(number: int, stage: Stage) -> Iterator[None]:
    """So many hostile consoles, of both kinds in turn, at a stage's station."""
    words = [sys.executable, "-m", "tests.rig.hostile_console"]
    kinds = [("offers", "knocks")[n % 2] for n in range(number)]
    consoles = [_told([*words, kind], stage.invitation) for kind in kinds]
    try:
        yield
        assert all(console.poll() is None for console in consoles), "a hostile console has ended by itself"
    finally:
        for console in consoles:
            console.kill()
            console.communicate()


def _told(words: list[str], line: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(words, cwd=ROOT, stdin=subprocess.PIPE, text=True)
    assert process.stdin
    process.stdin.write(f"{line}\n")
    process.stdin.flush()
    return process


def one_round(folder: Path, who: str, enemies: int) -> tuple[dict[str, float], int]:
    """Seconds missing of each stream, and marks lost."""
    stage = Stage(folder, console=True)
    with hostile(enemies, stage):
        return _killed(stage, who)


def _killed(stage: Stage, who: str) -> tuple[dict[str, float], int]:
    assert stage.console
    stage.wait_for_voice()
    stage.run(random.uniform(LOWEST_S, HIGHEST_S))
    found = [stage.copy(0)]
    stage.run(random.uniform(0.1, 2.0))
    said_s = 0.0
    if who == "console":
        killed_s = stage.now_s
        stage.console.kill()
        said_s = max(0.0, killed_s - stage.began_late_s - stage.voice_s(stage.at_console / "expert.mka"))
        found.append(stage.copy(1))
        stage.station.kill()
    else:
        found.append(stage.kill_station())
        stage.console.kill()
    return {**_worst(found), "said": said_s}, sum(len(left.lost_marks) for left in found)


def _worst(found: list[Left]) -> dict[str, float]:
    return {name: max(left.missing_s[name] for left in found) for name in found[0].missing_s}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--hostile", type=int, default=0, help="hostile consoles beside each round")
    options = parser.parse_args()
    random.seed(options.seed)
    rounds, marks, began = [], 0, time.monotonic()
    for number in range(options.kills):
        folder = Path(tempfile.mkdtemp(prefix="woz-soak-"))
        try:
            missing, lost = one_round(folder, ("station", "console")[number % 2], options.hostile)
        finally:
            kill_all()
            shutil.rmtree(folder, ignore_errors=True)
        rounds.append(missing)
        marks += lost
        sys.stderr.write(
            f"{number + 1}: {json.dumps({k: round(v, 3) for k, v in missing.items()})}, {lost} marks lost\n"
        )
    figures = {
        name: {
            "median_s": round(float(np.median([m[name] for m in rounds])), 3),
            "worst_s": round(max(m[name] for m in rounds), 3),
        }
        for name in rounds[0]
    }
    worst = max(figure["worst_s"] for figure in figures.values())
    summary = {
        "kills": len(rounds),
        "copies": len(rounds),
        "hostile": options.hostile,
        "marks_lost": marks,
        "missing": figures,
    }
    sys.stdout.write(json.dumps({**summary, "seconds": round(time.monotonic() - began)}, indent=1) + "\n")
    return int(worst > MOST_MISSING_S or marks > 0)


if __name__ == "__main__":
    sys.exit(main())
