"""Two editors in two processes on one session: each sees what the other does, and asks where both did the same."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from storage import Project
from tests.ui.recorded_session import CLOCK, SID
from tests.ui.test_editor import recorded  # noqa: F401
from woz.capture.tabletop import PROCEDURE
from woz.model.annotation import Annotation
from woz.model.own_schemes import STEPS
from woz.model.tier import Tier

PATIENCE_S = 120
LOOK_S = 0.05
FIRST, SECOND, THIRD = (step.id for step in PROCEDURE.steps[:3])
Told = dict[str, Any]


class Window:
    """An editor in a process of its own."""

    def __init__(self, project: Path, by: str) -> None:
        command = [sys.executable, "-m", "tests.rig.editor_process", str(project), SID, by]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.hear() == {"opened": True}

    def say(self, **command: str) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()

    def hear(self) -> Told:
        assert self._process.stdout
        told: Told = json.loads(self._process.stdout.readline())
        return told

    def wait_for(self, wanted: Callable[[Told], bool]) -> Told:
        """What it shows, once it is as wanted and stored."""
        until = time.monotonic() + PATIENCE_S
        while True:
            self.say(do="show")
            told = self.hear()
            if told["saved"] and wanted(told):
                return told
            assert time.monotonic() < until, told
            time.sleep(LOOK_S)

    def close(self) -> int:
        self._process.communicate(json.dumps({"do": "quit"}) + "\n", timeout=PATIENCE_S)
        return self._process.returncode


@pytest.fixture
def windows(recorded: Path) -> Iterator[tuple[Window, Window]]:  # noqa: F811
    both = Window(recorded, "ada"), Window(recorded, "ben")
    yield both
    assert [window.close() for window in both] == [0, 0]


@pytest.fixture
def steps(recorded: Path) -> list[str]:  # noqa: F811
    """Two annotations of one tier, the earlier one first; each has the label of its number."""
    with Project.open(recorded, CLOCK) as project:
        items = project.annotations.load(SID)
    (tier,) = [item.id for item in items if isinstance(item, Tier) and item.tier_type == STEPS]
    found = [item for item in items if isinstance(item, Annotation) and item.tier_id == tier]
    return [item.id for item in sorted(found, key=lambda item: item.interval)]


def test_two_windows_see_each_other_merge_and_ask(
    windows: tuple[Window, Window], steps: list[str], tmp_path: Path
) -> None:
    ada, ben = windows
    first, second = steps
    ada.say(do="note", item=first, note="by ada")
    ben.wait_for(lambda told: told["shown"][first][1] == "by ada")
    ben.say(do="note", item=second, note="by ben")
    ada.wait_for(lambda told: told["shown"][second][1] == "by ben")

    hers, his = {"item": first, "note": "merged"}, {"item": first, "label": THIRD}
    _at_once(ada, ben, tmp_path / "merge", "note", hers, his)
    for window in windows:
        merged = window.wait_for(lambda told: told["shown"][first] == [THIRD, "merged"])
        assert merged["asked"] == ""

    hers, his = {"item": second, "label": FIRST}, {"item": second, "label": THIRD}
    _at_once(ada, ben, tmp_path / "ask", "relabel", hers, his)
    asked = ben.wait_for(lambda told: bool(told["asked"]))
    assert asked["shown"][second][0] == FIRST
    assert "both changed the label" in asked["asked"]
    assert ada.wait_for(lambda told: told["shown"][second][0] == FIRST)["asked"] == ""
    ben.say(do="insist")
    for window in windows:
        window.wait_for(lambda told: told["shown"][second][0] == THIRD and not told["asked"])


def _at_once(ada: Window, ben: Window, sign: Path, verb: str, hers: dict[str, str], his: dict[str, str]) -> None:
    """Ben gives a label to what he saw before Ada's edit was stored."""
    ben.say(do="relabel", once=str(sign), **his)
    assert ben.hear() == {"holding": True}
    ada.say(do=verb, **hers)
    ada.wait_for(lambda told: True)
    sign.touch()
