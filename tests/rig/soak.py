"""Kills a session's seats at random moments, many times, and says what was lost.

    python -m tests.rig.soak --kills 100 --hostile 2

Each round records for some seconds, copies the folder in the midst of writing, then kills the station, or else
the console. Hostile consoles, where asked for, offer ever new recordings, open silent connections and say bad
proofs meanwhile.

It fails where a mark is lost, or a stream lacks more than a second though the station had its turns: where its
threads waited for a processor for more than nine tenths of the time in which they wanted one, it was starved. What
those rounds lack is told apart: what waits in a program without time is lost with it.
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
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tests.rig.killing import Left, Stage
from tests.rig.processor import turns_of
from tests.rig.seat import ROOT, kill_all

MOST_MISSING_S = 1.0
LOWEST_S, HIGHEST_S = 0.5, 4.0
STARVED = 0.9
"""A station that waited for more than this part of the time that it wanted got less than a tenth of a machine."""


@dataclass(frozen=True)
class Round:
    """Seconds missing of each stream, marks lost, and which part of its time the station waited for a processor."""

    missing: dict[str, float]
    marks_lost: int
    waited: float

    @property
    def starved(self) -> bool:
        return self.waited > STARVED


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


def one_round(folder: Path, who: str, enemies: int) -> Round:
    stage = Stage(folder, console=True)
    with hostile(enemies, stage):
        return _killed(stage, who)


def _killed(stage: Stage, who: str) -> Round:
    assert stage.console
    stage.wait_for_voice()
    before = turns_of(stage.station.process.pid)
    stage.run(random.uniform(LOWEST_S, HIGHEST_S))
    found = [stage.copy(0)]
    stage.run(random.uniform(0.1, 2.0))
    said_s, waited = 0.0, turns_of(stage.station.process.pid).waited_since(before)
    if who == "console":
        killed_s = stage.now_s
        stage.console.kill()
        said_s = max(0.0, killed_s - stage.began_late_s - stage.voice_s(stage.at_console / "expert.mka"))
        found.append(stage.copy(1))
        stage.station.kill()
    else:
        found.append(stage.kill_station())
        stage.console.kill()
    return Round({**_worst(found), "said": said_s}, sum(len(left.lost_marks) for left in found), waited)


def _worst(found: list[Left]) -> dict[str, float]:
    return {name: max(left.missing_s[name] for left in found) for name in found[0].missing_s}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--hostile", type=int, default=0, help="hostile consoles beside each round")
    options = parser.parse_args()
    random.seed(options.seed)
    rounds, began = [], time.monotonic()
    for number in range(options.kills):
        folder = Path(tempfile.mkdtemp(prefix="woz-soak-"))
        try:
            rounds.append(done := one_round(folder, ("station", "console")[number % 2], options.hostile))
        finally:
            kill_all()
            shutil.rmtree(folder, ignore_errors=True)
        told = {**done.missing, "waited": done.waited}
        words = json.dumps({name: round(value, 3) for name, value in told.items()})
        sys.stderr.write(f"{number + 1}: {words}, {done.marks_lost} marks lost{', starved' * done.starved}\n")
    with_time = [done for done in rounds if not done.starved]
    marks = sum(done.marks_lost for done in rounds)
    summary = {
        "kills": len(rounds),
        "copies": len(rounds),
        "hostile": options.hostile,
        "marks_lost": marks,
        "missing": _figures(with_time),
        "starved": {"rounds": len(rounds) - len(with_time), "missing": _figures([r for r in rounds if r.starved])},
    }
    sys.stdout.write(json.dumps({**summary, "seconds": round(time.monotonic() - began)}, indent=1) + "\n")
    worst = max((value for done in with_time for value in done.missing.values()), default=0.0)
    return int(worst > MOST_MISSING_S or marks > 0)


def _figures(rounds: list[Round]) -> dict[str, dict[str, float]]:
    """Of each stream the median and the worst."""
    names = rounds[0].missing if rounds else {}
    found = {name: [done.missing[name] for done in rounds] for name in names}
    return {
        name: {"median_s": round(float(np.median(values)), 3), "worst_s": round(max(values), 3)}
        for name, values in found.items()
    }


if __name__ == "__main__":
    sys.exit(main())
