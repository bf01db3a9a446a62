"""Three people on one PostgreSQL, each by their login and in a window of their own, over a morning's worth of keys.

`python -m tests.rig.three_people --segments 120`. Two annotators mark the same session at the same time, blind to
each other; a curator watches in an editor, then decides where they differ by keys. In the end nothing is lost,
nobody saw what they shouldn't, the server refused what isn't theirs to do, the gold is whole, agreement is told.
Needs a PostgreSQL server's programs. With --displays each window is shown on an X display of its own, as on three
computers: of several on one only one has the keyboard.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg

from storage import Project
from tests.rig.postgresql import Server, running, server_or_fail
from tests.storage.doors import Doors
from tests.storage.examples import SESSION, SID
from tests.ui.adjudication_room import STEPS
from ui.adjudication.window import HANDING_IN
from woz.annotation.measures.agreement import measures
from woz.base.clock import SystemClock
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S
from woz.lab.adjudicated import changes_of
from woz.lab.adjudicating import table
from woz.lab.agreeing import agreement
from woz.lab.annotators import add_annotator
from woz.lab.assigning import Order, assign
from woz.lab.tiers import move_tier
from woz.model.annotation import Annotation
from woz.model.annotator import AnnotatorRole
from woz.model.assignment import Part
from woz.model.ids import TierId
from woz.model.tier import TierState

DATABASE, CURATOR = "three_people", "A01"
SLOT_S, AT_ONCE = 8, 5
LOOKS, LOOK_S = 600, 0.1
DISPLAY = ("xvfb-run", "-a", "-s", "-screen 0 1920x1080x24")
Key = tuple[str, str]
CHOICES = {"boundaries": "12340"}
RIGHT, SECOND = ("Right", ""), ("Right", "shift")
NOBODYS = (
    "UPDATE annotation SET label = 'another'",
    "UPDATE edit SET name = 'gone'",
    "INSERT INTO edit (session_id, by, made_utc_ns, name, why) SELECT id, 'somebody', 0, '', '' FROM session",
    "UPDATE annotator SET roles = '[\"manager\"]'",
    "SELECT * FROM annotator_key",
)
"""What no login may do once the work is submitted."""
CURATORS = ("UPDATE tier SET state = 'accepted'", "DELETE FROM blind_scope", "DELETE FROM assignment")
"""What the curator may do, and annotators may not."""


class Seat:
    """A person at their window, who logs in as themselves."""

    def __init__(self, doors: Doors, name: str, what: str, displays: bool) -> None:
        self.name, self.presses = name, 0
        place = doors.place(name)
        place.write()
        _, password = doors.logins[name]
        platform = {"QT_QPA_PLATFORM": "xcb"} if displays else {}
        environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ, **platform, "PGPASSWORD": password}
        command = [
            *(DISPLAY if displays else ()),
            sys.executable,
            "-m",
            "tests.rig.desk_process",
            str(place.folder),
            SID,
            name,
            what,
        ]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self.hear()

    def say(self, keys: Sequence[Key] = ()) -> None:
        self.presses += len(keys)
        self._tell({"keys": list(keys)})

    def hear(self) -> dict[str, Any]:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name}'s window ended")
        told: dict[str, Any] = json.loads(line)
        return told

    def press(self, *keys: Key) -> dict[str, Any]:
        self.say(keys)
        return self.hear()

    def leave(self) -> None:
        self._tell({"quit": True})
        self._process.communicate()

    def _tell(self, command: dict[str, Any]) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()


@dataclass(frozen=True, slots=True)
class Told:
    """`wrong` is empty where all is as it should be."""

    wrong: tuple[str, ...]
    presses: int
    marks: int
    decided: int
    f1: float | None
    changed: int


def work_together(folder: Path, segments: int, seed: int, server: Server, displays: bool = False) -> Told:
    """`folder` gets a folder of the project for its owner, and one for each who logs in."""
    server.run("CREATE DATABASE {}", DATABASE)
    owners = folder / "owner"
    doors, tiers = _prepare(owners, segments, server)
    annotators = [Seat(doors, name, "editor", displays) for name in tiers]
    watcher = Seat(doors, CURATOR, "editor", displays)
    shown = _annotate(annotators, segments, random.Random(seed))
    seen = _seen_by(watcher, sum(map(len, shown.values())))
    shown = {seat.name: seat.press()["marks"] for seat in annotators}
    for seat in (*annotators, watcher):
        seat.leave()
    with Project.open(owners, SystemClock()) as project:
        wrong = _compare(project, tiers, shown, seen, segments)
    wrong += [*_not_blind(doors, tiers), *_submit(doors, tiers), *_rights(doors, tiers)]
    with Project.open(owners, SystemClock()) as project:
        before = project.annotations.load(SID)
    judge = Seat(doors, CURATOR, "adjudication", displays)
    decided = _adjudicate(judge)
    judge.leave()
    with Project.open(owners, SystemClock()) as project:
        wrong += _judge(project, before)
        (pair,) = agreement(project, "steps", SID, list(tiers)).pairs
        changed = sum(len(line.changes) for n in tiers for line in changes_of(project, project.annotators.named(n)))
        presses = sum(seat.presses for seat in (*annotators, judge))
        marks = sum(isinstance(each, Annotation) for each in before)
        return Told(tuple(wrong), presses, marks, decided, measures(pair.sessions)["f1@50"].value, changed)


def _prepare(folder: Path, segments: int, server: Server) -> tuple[Doors, dict[str, TierId]]:
    """Who logs in, and the tiers of the two annotators, by pseudonym."""
    url = server.url(DATABASE).render_as_string()
    with Project.create(folder, "Gearbox", SystemClock(), url) as project:
        project.schemes.add(STEPS)
        project.sessions.save(replace(SESSION, duration_ns=(segments * SLOT_S + 20) * NS_PER_S))
        boss = add_annotator(project, "B00")
        add_annotator(project, CURATOR, (AnnotatorRole.CURATOR, AnnotatorRole.ADJUDICATOR))
        ada, ben = (add_annotator(project, name) for name in ("A02", "A03"))
        first = assign(project, SID, Order("steps", ada, boss), SystemClock())
        second = assign(project, SID, Order("steps", ben, boss, Part.SECOND), SystemClock())
        doors = Doors(project, server, folder.with_name("doors"))
        doors.let_in(CURATOR, "A02", "A03")
        return doors, {"A02": first.tier_id, "A03": second.tier_id}


def _annotate(seats: Sequence[Seat], segments: int, chance: random.Random) -> dict[str, dict[str, str]]:
    """Both at the same time, some segments at a turn; now and then one is undone and done again."""
    labels = [chance.randrange(4) for _ in range(segments)]
    shown: dict[str, dict[str, str]] = {seat.name: {} for seat in seats}
    for first in range(0, segments, AT_ONCE):
        for seat in seats:
            seat.say([key for label in labels[first : first + AT_ONCE] for key in _segment(label, chance)])
        for seat in seats:
            shown[seat.name] = seat.hear()["marks"]
    return shown


def _seen_by(watcher: Seat, wanted: int) -> dict[str, str]:
    """What they see once they see so much, or after a long time."""
    seen: dict[str, str] = {}
    for _ in range(LOOKS):
        seen = watcher.press()["marks"]
        if len(seen) >= wanted:
            break
        time.sleep(LOOK_S)
    return seen


def _segment(label: int, chance: random.Random) -> list[Key]:
    """Of six seconds in a slot of eight; one begins or ends it otherwise, or calls it otherwise, at times."""
    late, length = chance.choice([0, 0, 1, 5, 20]), chance.choice([6, 6, 6, 5])
    called = label if chance.random() < 0.85 else (label + 1) % 4
    keys: list[Key] = [SECOND, *[RIGHT] * late, ("I", "")]
    keys += [*[SECOND] * length, (str(called + 1), "")]
    if chance.random() < 0.1:
        keys += [("Z", "ctrl"), ("Y", "ctrl")]
    back: list[Key] = [("Left", "")] * late
    return [*keys, *[SECOND] * (SLOT_S - 1 - length), *back]


def _compare(
    project: Project,
    tiers: dict[str, TierId],
    shown: dict[str, dict[str, str]],
    seen: dict[str, str],
    segments: int,
) -> list[str]:
    stored = [each for each in project.annotations.load(SID) if isinstance(each, Annotation)]
    wrong = []
    for name, tier in tiers.items():
        own = {each.id for each in stored if each.tier_id == tier}
        if set(shown[name]) - own:
            wrong.append(f"{name} saw what others made")
        if own - set(shown[name]):
            wrong.append(f"{name}'s window lacks what is stored")
        if len(own) != segments:
            wrong.append(f"{name} marked {segments} segments by keys, and {len(own)} are stored")
    if set(seen) != {each.id for each in stored}:
        wrong.append(f"{CURATOR} sees {len(seen)} marks of {len(stored)}")
    return wrong


def _as_themselves(doors: Doors, tiers: Mapping[str, TierId]) -> Iterator[tuple[str, TierId, Project]]:
    """Each with their tier and the project, opened by their own login."""
    for name, tier in tiers.items():
        with Project.at(doors.place(name), SystemClock()) as project:
            yield name, tier, project


def _not_blind(doors: Doors, tiers: Mapping[str, TierId]) -> list[str]:
    """Who is told by the project of what another one made."""
    wrong = []
    for name, tier, project in _as_themselves(doors, tiers):
        told = {each.tier_id for each in project.annotations.load(SID) if isinstance(each, Annotation)}
        if told != {tier}:
            wrong.append(f"{name} is told of {len(told - {tier})} tiers of others")
    return wrong


def _submit(doors: Doors, tiers: Mapping[str, TierId]) -> list[str]:
    """Each their own; which of them could submit the other's."""
    wrong = []
    for name, tier, project in _as_themselves(doors, tiers):
        mover = project.annotators.named(name)
        for other in set(tiers.values()) - {tier}:
            with contextlib.suppress(WozError):
                move_tier(project, SID, other, TierState.SUBMITTED, mover, "")
                wrong.append(f"{name} submitted the work of another")
        move_tier(project, SID, tier, TierState.SUBMITTED, mover, "")
    return wrong


def _rights(doors: Doors, annotators: Iterable[str]) -> list[str]:
    """Where the server lets somebody do, past woz, what isn't theirs to do, or refuses what is."""
    asked = [(CURATOR, statement, True) for statement in CURATORS]
    asked += [(CURATOR, statement, False) for statement in NOBODYS]
    asked += [(name, statement, False) for name in annotators for statement in (*NOBODYS, *CURATORS)]
    return [
        f"the server {'refuses' if may else 'lets'} {name}: {statement}"
        for name, statement, may in asked
        if _may(doors, name, statement) != may
    ]


def _may(doors: Doors, name: str, statement: str) -> bool:
    """Nothing is changed."""
    login, password = doors.logins[name]
    with psycopg.connect(
        host="127.0.0.1", port=doors.server.port, user=login, password=password, dbname=doors.url.database
    ) as connection:
        try:
            connection.execute(statement.encode())
        except psycopg.Error:
            return False
        finally:
            connection.rollback()
    return True


def _adjudicate(judge: Seat) -> int:
    """How many matters were decided."""
    told = judge.press(("A", ""))
    decided, chance = 0, random.Random(1)
    while told["open"]:
        before = told["open"]
        told = judge.press((chance.choice(CHOICES.get(told["matter"], "12")), ""))
        if told["open"] == before:
            told = judge.press(("N", ""))
        decided += told["open"] < before
    told = judge.press(("Return", "ctrl"))
    for _ in range(LOOKS):
        if told["said"] != HANDING_IN:
            break
        time.sleep(LOOK_S)
        told = judge.press()
    if "submitted" not in told["said"]:
        raise RuntimeError(f"the gold wasn't submitted: {told['said']}")
    return decided


def _judge(project: Project, before: Sequence[object]) -> list[str]:
    """The originals as they were, and everything decided."""
    now = {each.id: each for each in project.annotations.load(SID)}
    marks = [each for each in before if isinstance(each, Annotation)]
    wrong = [f"{each.id} was changed" for each in marks if now.get(each.id) != each]
    state = table(project, SID, "steps", project.annotators.named(CURATOR), SystemClock()).state(now.values())
    if state.open or state.agreed or not state.marks:
        wrong.append(f"the gold isn't whole: {len(state.open)} open, {len(state.agreed)} not taken")
    return wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--segments", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--displays", action="store_true", help="each window on an X display of its own (xvfb-run)")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(server_or_fail()) as server:
        told = work_together(Path(folder), options.segments, options.seed, server, options.displays)
    sys.stdout.write(f"{told}\n")
    sys.exit(bool(told.wrong))


if __name__ == "__main__":
    main()
