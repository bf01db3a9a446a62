"""A program that is killed (-9) between Ctrl+Return and the store's answer: the next opening has all, once."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from storage import Project
from tests.storage.examples import CLOCK, SID
from tests.ui.adjudication_room import doubled_project
from ui.adjudication.matter_panel import left_to_do
from ui.adjudication.window import HANDED_IN_NOW
from woz.lab.adjudicating import table
from woz.model.tier import Tier, TierState

DISAGREEMENTS, LOOK_S, PATIENCE_S = 12, 0.01, 120
DECIDES = """
import sys, time
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from storage import Project
from ui.adjudication.run import shared_adjudication
from ui.application.application import application
from ui.application.background import waited
from woz.base.clock import SystemClock
from woz.lab.adjudicating import table

path, session, what = sys.argv[1:]
app = application("light")
with waited(lambda: Project.open(Path(path), SystemClock())) as project:
    person = project.annotators.named("A01")
    found = waited(lambda: table(project, session, "steps", person, SystemClock()))
    with shared_adjudication(project, found, person) as window:
        window.show()
        window.activateWindow()
        QTest.qWaitForWindowActive(window)
        if what == "again":
            while not window.document.saved or window._handing_in or window._desk.kept.waits:
                QTest.qWait(10)
            print(window.told, flush=True)
            window.close()
            sys.exit()
        print("opened", flush=True)
        sys.stdin.readline()
        QTest.keyClick(window, Qt.Key.Key_A)
        while window.matter is not None:
            QTest.keyClick(window, Qt.Key.Key_2)
        QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        print(window.told, flush=True)
        while True:
            QTest.qWait(10) if what == "listens" else time.sleep(1)
"""


@pytest.fixture
def lab(tmp_path: Path) -> Path:
    with doubled_project(tmp_path / "lab", DISAGREEMENTS, 4) as project:
        return project.path


def _command(lab: Path, what: str) -> tuple[list[str], dict[str, str]]:
    place = str(lab.parent)
    environment = {**os.environ, "XDG_DATA_HOME": place, "XDG_CONFIG_HOME": place, "XDG_CACHE_HOME": place}
    return [sys.executable, "-c", DECIDES, str(lab), SID, what], environment


@contextmanager
def _decided_and_killed(lab: Path, what: str) -> Iterator[Callable[[], None]]:
    """Ready to decide all and submit, by what is given; killed in the end."""
    command, environment = _command(lab, what)
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as child:
        assert child.stdin
        assert child.stdout
        assert child.stdout.readline() == "opened\n"

        def decide() -> None:
            assert child.stdin
            assert child.stdout
            child.stdin.write("\n")
            child.stdin.flush()
            assert child.stdout.readline()

        try:
            yield decide
        finally:
            child.send_signal(signal.SIGKILL)


def _opened_again(lab: Path) -> str:
    """What the window tells."""
    command, environment = _command(lab, "again")
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=PATIENCE_S, check=True)
    return done.stdout.strip()


def _demand_whole(lab: Path) -> None:
    """Nothing is open, the gold was submitted once, and nothing was decided twice."""
    with Project.open(lab, CLOCK) as project:
        boss = project.annotators.named("A01")
        found = table(project, SID, "steps", boss, CLOCK)
        state = found.state(project.annotations.load(SID))
        assert (left_to_do(state), state.gold.state) == ("", TierState.SUBMITTED)
        own = [edit for edit in project.annotations.history(SID) if edit.by == boss.id]
    moves = [change.after for edit in own for change in edit.changes if isinstance(change.after, Tier)]
    assert sum(each.state == TierState.SUBMITTED for each in moves if each.id == found.gold) == 1
    sources = Counter(source.item for mark in state.marks for source in mark.made.sources)
    assert set(sources.values()) == {1}


def _gold(lab: Path) -> tuple[TierState, int]:
    """How the gold is in the store, and how many edits the session has."""
    with Project.open(lab, CLOCK) as project:
        edits = len(project.annotations.history(SID))
        return next(
            each.state for each in project.annotations.load(SID) if isinstance(each, Tier) and "gold" in each.name
        ), edits


def _still_waits(lab: Path) -> bool:
    """Whether the submission is kept on this computer."""
    return any(lab.parent.rglob("*.submission"))


def _until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE_S
    while not true():
        assert time.monotonic() < end
        time.sleep(LOOK_S)


def test_killed_before_the_store_took_anything(lab: Path) -> None:
    """It is locked by somebody else as the keys are pressed."""
    with (
        _decided_and_killed(lab, "listens") as decide,
        closing(sqlite3.connect(lab / "project.sqlite", isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        decide()
    assert (_gold(lab)[0], _still_waits(lab)) == (TierState.ASSIGNED, True)
    assert _opened_again(lab) == HANDED_IN_NOW
    _demand_whole(lab)


@pytest.mark.parametrize("further", [1, 3, 8])
def test_killed_while_what_was_decided_is_stored(lab: Path, further: int) -> None:
    with _decided_and_killed(lab, "listens") as decide:
        _, before = _gold(lab)
        decide()
        _until(lambda: _gold(lab)[1] >= before + further)
    _opened_again(lab)
    assert not _still_waits(lab)
    _demand_whole(lab)


def test_killed_once_it_is_submitted_and_before_the_window_heard_of_it(lab: Path) -> None:
    """Its answer is never looked at."""
    with _decided_and_killed(lab, "sleeps") as decide:
        decide()
        _until(lambda: _gold(lab)[0] == TierState.SUBMITTED)
    assert _still_waits(lab)
    _opened_again(lab)
    _demand_whole(lab)
