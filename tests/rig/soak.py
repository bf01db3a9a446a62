"""Kills a session's seats at random moments, many times, and says what was lost.

    python -m tests.rig.soak --kills 100 --hostile 2

Each round records for some seconds, copies the folder in the midst of writing, then kills the station, or else
the console. Hostile consoles, where asked for, act all the while: the first, and every second, in an observer's
place, where it offers ever new recordings, the others at the door, with silent connections and bad proofs. In every
second pair of rounds one holds the expert's seat first, offers recordings while the station records until it takes
no more, and is gone when the honest console comes.

It prints a table (`--json`: one object) and fails where something was recorded and lost, or a stream lacks more
than a second though its program had its turns, where a round ended by a fault, and where the machine starved every
round (`tests.rig.soak_judge`).
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import json
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from tests.rig.killing import SEAT_FREE_S, Left, Stage
from tests.rig.processor import turns_of
from tests.rig.seat import Options, Seat, kill_all
from tests.rig.soak_judge import Round, Stream, passed, summary, table

LOWEST_S, HIGHEST_S = 0.5, 4.0
ACTS = {"offers": ("offered",), "knocks": ("silent", "refused")}
"""What a hostile console of each kind has done once it acts."""
PLACES = {"offers": "in an observer's place", "knocks": "at the door"}
FIRST = "in the expert's seat"
Acted = dict[str, Counter[str]]


@contextlib.contextmanager
def hostile(number: int, stage: Stage) -> Iterator[list[Seat]]:
    """So many hostile consoles, of both kinds in turn, at a stage's station; all act as the context begins."""
    links = {"offers": stage.observers, "knocks": stage.invitation}
    kinds = (list(links)[n % len(links)] for n in range(number))
    seats = [_hostile(kind, links[kind]) for kind in kinds]
    try:
        for seat in seats:
            seat.until(functools.partial(_acts, ACTS[seat.options.seat]))
        yield seats
        assert all(seat.process.poll() is None for seat in seats), "a hostile console has ended by itself"
    finally:
        for seat in seats:
            seat.kill()


def _acts(deeds: Sequence[str], done: Mapping[str, int]) -> bool:
    return all(done[deed] for deed in deeds)


def usurped(stage: Stage) -> dict[str, int]:
    """A hostile console has the empty seat of the expert and offers recordings until the station takes no more; it
    is killed, and the honest console sits down. What the hostile one did is the answer.
    """
    usurper = _hostile("offers", stage.invitation)
    done = usurper.until(lambda done: bool(done["refused"]))
    usurper.kill()
    time.sleep(SEAT_FREE_S)
    stage.console = stage.join()
    return done


def _hostile(kind: str, link: str) -> Seat:
    return Seat(Options(kind, "", link=link, module="tests.rig.hostile_console"))


def one_round(folder: Path, who: str, enemies: int, usurp: bool, acted: Acted) -> Round:
    """What hostile consoles did is added to `acted`, by where they were."""
    stage = Stage(folder, console=not usurp)
    if usurp:
        acted[FIRST].update(usurped(stage))
    with hostile(enemies, stage) as seats:
        done = _killed(stage, who)
        for seat in seats:
            acted[PLACES[seat.options.seat]].update(seat.last)
        return done


def _killed(stage: Stage, who: str) -> Round:
    assert stage.console
    stage.wait_for_voice()
    station, console = (seat.process.pid for seat in (stage.station, stage.console))
    before = {pid: turns_of(pid) for pid in (station, console)}
    stage.run(random.uniform(LOWEST_S, HIGHEST_S))
    found = [stage.copy(0)]
    stage.run(random.uniform(0.1, 2.0))
    waited = {pid: turns_of(pid).waited_since(before[pid]) for pid in (station, console)}
    said = dict[str, Stream]()
    if who == "console":
        killed_s, written_s = stage.now_s - stage.began_late_s, stage.console.last["written_s"]
        stage.console.kill()
        kept_s = stage.voice_s(stage.at_console / "expert.mka")
        said["said"] = Stream(max(0.0, killed_s - kept_s), written_s - kept_s, waited[console])
        found.append(stage.copy(1))
        stage.station.kill()
    else:
        found.append(stage.kill_station())
        stage.console.kill()
    lost_marks = sum(len(left.lost_marks) for left in found)
    return Round({**_worst(found, waited[station]), **said}, lost_marks)


def _worst(found: list[Left], waited: float) -> dict[str, Stream]:
    return {
        name: Stream(
            max(left.missing_s[name] for left in found),
            max(left.written_and_gone_s[name] for left in found),
            waited,
        )
        for name in found[0].missing_s
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--hostile", type=int, default=0, help="hostile consoles beside each round")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    options = parser.parse_args()
    random.seed(options.seed)
    began, rounds = time.monotonic(), list[Round]()
    acted: Acted = {place: Counter() for place in (*PLACES.values(), FIRST)}
    for number in range(options.kills):
        folder = Path(tempfile.mkdtemp(prefix="woz-soak-"))
        usurp = options.hostile > 0 and number % 4 >= 2
        try:
            done = one_round(folder, ("station", "console")[number % 2], options.hostile, usurp, acted)
        except Exception as error:  # whatever it is, the table of the other rounds is told
            traceback.print_exc()
            done = Round({}, 0, f"{type(error).__name__}: {error}")
        finally:
            kill_all()
            shutil.rmtree(folder, ignore_errors=True)
        rounds.append(done)
        words = json.dumps({name: _rounded(stream) for name, stream in done.streams.items()})
        sys.stderr.write(f"{number + 1}: {done.verdict}; {words}, {done.marks_lost} marks lost\n")
    found = {**summary(rounds), "hostile": acted, "seconds": round(time.monotonic() - began)}
    told = json.dumps(found, indent=1) if options.json else "\n".join([table(found), *_hostile_words(acted)])
    sys.stdout.write(told + "\n")
    return int(not passed(rounds))


def _rounded(stream: Stream) -> dict[str, float]:
    return {name: round(value, 3) for name, value in asdict(stream).items()}


def _hostile_words(acted: Acted) -> list[str]:
    deeds = {
        place: [f"{count} {deed.replace('_', ' ')}" for deed, count in done.items()]
        for place, done in acted.items()
    }
    return [f"A hostile console {place}: {', '.join(told)}." for place, told in deeds.items() if told]


if __name__ == "__main__":
    sys.exit(main())
