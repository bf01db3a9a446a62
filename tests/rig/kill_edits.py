"""Kills a process that edits, at random moments: what it told as stored is there, and so is what it can undo.

`python -m tests.rig.kill_edits --kills 100`. The process tells each edit, undo and redo once it is stored.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from storage import Project
from tests.rig.random_edits import BY, SID, begin, edit_for_ever
from woz.annotation.undo import UndoLog
from woz.base.clock import SystemClock
from woz.model.item import ItemRef
from woz.model.kinds import Item


@dataclass(slots=True)
class Found:
    """`lost` holds what was told and isn't in the log, `torn` what doesn't fit together."""

    kills: int = 0
    told: int = 0
    lost: list[str] = field(default_factory=list)
    torn: list[str] = field(default_factory=list)


def kill_and_check(folder: Path, kills: int, seed: int) -> Found:
    chance, found = random.Random(seed), Found()
    begin(folder)
    for number in range(kills):
        told = _killed(folder, chance, seed + number)
        found.kills += 1
        found.told += len(told)
        _check(folder, told, found)
    return found


def _killed(folder: Path, chance: random.Random, seed: int) -> list[int]:
    """The ids of the edits that a process told before it was killed, after some of them."""
    command = [sys.executable, "-m", "tests.rig.kill_edits", "--edit", str(folder), "--seed", str(seed)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert child.stdout
    told: list[int] = []
    with contextlib.closing(child.stdout):
        for line in child.stdout:
            told.append(int(line))
            if len(told) >= chance.randint(1, 12):
                break
        _wait_a_moment(chance)
        child.send_signal(signal.SIGKILL)
        told += [int(line) for line in child.stdout if line.endswith("\n")]
        child.wait()
    return told


def _wait_a_moment(chance: random.Random) -> None:
    """Any part of an edit, by a loop of random length: no clock is as fine."""
    for _ in range(chance.randint(0, 200_000)):
        pass


def _check(folder: Path, told: list[int], found: Found) -> None:
    with Project.open(folder, SystemClock()) as project:
        log = {logged.id: logged for logged in project.annotations.history(SID)}
        found.lost += [f"edit {edit}" for edit in told if edit not in log]
        replayed: dict[ItemRef, Item | None] = {}
        undo = UndoLog()
        for logged in log.values():
            for change in logged.changes:
                if replayed.get(change.item) != change.before:
                    found.torn.append(f"edit {logged.id} replaced what was not there")
                replayed[change.item] = change.after
            if logged.by == BY:
                undo.add(logged.step)
        stored = {ref: item for ref, (item, _) in project.annotations.stored(replayed).items()}
        if stored != {ref: item for ref, item in replayed.items() if item is not None}:
            found.torn.append("the items are not what the log says")
        if project.annotations.undo_names(SID, BY) != (undo.undo_name, undo.redo_name):
            found.torn.append("what can be undone is not what the log says")


def _lines(folder: Path, seed: int) -> Iterator[int]:
    with Project.open(folder, SystemClock()) as project:
        for logged in edit_for_ever(project.annotations, random.Random(seed)):
            yield logged.id


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--edit", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.edit:
        for edit_id in _lines(options.edit, options.seed):
            print(edit_id, flush=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        found = kill_and_check(Path(folder) / "project", options.kills, options.seed)
    print(f"{found.kills} kills, {found.told} edits told as stored, {len(found.lost)} lost, {len(found.torn)} torn")
    for line in (*found.lost, *found.torn):
        print(line)
    sys.exit(bool(found.lost or found.torn))


if __name__ == "__main__":
    main()
