"""An editor that is killed (-9) in the drag of an edge: what it told as stored is there, nothing is torn."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage import Project
from tests.ui.recorded_session import CLOCK, SID
from tests.ui.test_editor import recorded
from woz.capture.tabletop import PROCEDURE
from woz.model.annotation import Annotation

__all__ = ["recorded"]
DRAGS = """
import sys
from pathlib import Path
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from storage import Project
from ui.application.application import application
from ui.application.background import waited
from ui.editor.run import shared_editor
from woz.base.clock import SystemClock
from woz.model.annotation import Annotation
from woz.model.item import ref_to

app = application("light")
with (
    waited(lambda: Project.open(Path(sys.argv[1]), SystemClock())) as project,
    shared_editor(project, sys.argv[3], "ada") as window,
):
    window.show()
    line, document = window.timeline, window.document
    app.processEvents()
    while True:
        item = next(each for each in document.items if isinstance(each, Annotation) and each.label == sys.argv[2])
        row, number = line._layout.rows.place_of(ref_to(item))
        place = line._layout.place(row, number)
        x, y = round(place.right()), round(place.center().y())
        QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
        for by in (-3, -6, -9, -12):
            QTest.mouseMove(line, QPoint(x + by, y))
            print("drag", flush=True)
            app.processEvents()
        QTest.mouseRelease(line, Qt.MouseButton.LeftButton, pos=QPoint(x - 12, y))
        while not document.saved:
            app.processEvents()
        print(document.annotation(item.id).end_ns, flush=True)
"""


@pytest.mark.parametrize("further", [1, 3, 4, 9])
def test_what_was_told_as_stored_outlives_a_kill(recorded: Path, tmp_path: Path, further: int) -> None:
    """Killed so many steps of a drag after the first edit was stored."""
    lab = Path(shutil.copytree(recorded, tmp_path / "p"))
    command = [sys.executable, "-c", DRAGS, str(lab), PROCEDURE.steps[0].id, SID]
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as child:
        assert child.stdout
        told, drags = list[int](), 0
        for line in child.stdout:
            told += [int(line)] if line != "drag\n" else []
            drags += bool(told) and line == "drag\n"
            if drags == further:
                break
        child.send_signal(signal.SIGKILL)
        told += [int(line) for line in child.stdout if line.endswith("\n") and line != "drag\n"]
    with Project.open(lab, CLOCK) as project:
        stored = project.annotations.load(SID)
        log = [edit for edit in project.annotations.history(SID) if edit.by == "ada"]
    ends = [
        change.after.end_ns
        for edit in log
        for change in edit.changes
        if isinstance(change.after, Annotation) and change.after.label == PROCEDURE.steps[0].id
    ]
    assert told
    assert ends[: len(told)] == told
    assert len(ends) - len(told) <= 1
    assert ends[-1] in {item.end_ns for item in stored if isinstance(item, Annotation)}
