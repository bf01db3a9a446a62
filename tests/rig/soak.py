"""Kills a session's seats at random moments, many times, and says what was lost.

    python -m tests.rig.soak --kills 100

Each round records for some seconds, copies the folder in the midst of writing, then kills the station, or else
the console.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from tests.rig.killing import Left, Stage
from tests.rig.seat import kill_all

MOST_MISSING_S = 1.0
LOWEST_S, HIGHEST_S = 0.5, 4.0


def one_round(folder: Path, who: str) -> tuple[dict[str, float], int]:
    """Seconds missing of each stream, and marks lost."""
    stage = Stage(folder, console=True)
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
    options = parser.parse_args()
    random.seed(options.seed)
    rounds, marks, began = [], 0, time.monotonic()
    for number in range(options.kills):
        folder = Path(tempfile.mkdtemp(prefix="woz-soak-"))
        try:
            missing, lost = one_round(folder, ("station", "console")[number % 2])
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
    summary = {"kills": len(rounds), "copies": len(rounds), "marks_lost": marks, "missing": figures}
    sys.stdout.write(json.dumps({**summary, "seconds": round(time.monotonic() - began)}, indent=1) + "\n")
    return int(worst > MOST_MISSING_S or marks > 0)


if __name__ == "__main__":
    sys.exit(main())
