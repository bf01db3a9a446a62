"""A person's window in a process of its own, worked by keys that it reads; it answers with lines of JSON.

`python -m tests.rig.desk_process PROJECT SESSION PSEUDONYM editor|adjudication`. {"keys": [[NAME, MODIFIER], ...]}
presses them one after the other, and tells what the window shows once all is stored; {"quit": true} closes it.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from storage import Project
from ui.adjudication.run import shared_adjudication
from ui.adjudication.window import AdjudicationWindow
from ui.application.application import application
from ui.editor.run import shared_editor
from ui.editor.window import EditorWindow
from woz.base.clock import SystemClock
from woz.lab.adjudicating import table
from woz.model.annotation import Annotation
from woz.model.annotator import Annotator
from woz.model.ids import SessionId
from woz.model.item_json import to_json

MODIFIERS = {
    "": Qt.KeyboardModifier.NoModifier,
    "shift": Qt.KeyboardModifier.ShiftModifier,
    "ctrl": Qt.KeyboardModifier.ControlModifier,
}
TURN_MS, PATIENCE_MS = 20, 120_000
Window = EditorWindow | AdjudicationWindow


def _settled(window: Window) -> None:
    """Until all that was done is stored."""
    waited = 0
    QTest.qWait(TURN_MS)
    while not window.document.saved:
        QTest.qWait(TURN_MS)
        waited += TURN_MS
        if waited > PATIENCE_MS:
            raise TimeoutError("an edit wasn't stored")


def _shown(window: Window) -> dict[str, Any]:
    _settled(window)
    window.document.follow()
    QTest.qWait(TURN_MS)
    marks = {item.id: to_json(item) for item in window.document.items if isinstance(item, Annotation)}
    told: dict[str, Any] = {"marks": marks}
    if isinstance(window, AdjudicationWindow):
        kind = str(window.matter.kind) if window.matter else ""
        told |= {"open": len(window.state.open), "matter": kind, "said": window.told}
    return told


@contextlib.contextmanager
def _window(project: Project, session_id: SessionId, person: Annotator, what: str) -> Iterator[Window]:
    if what == "editor":
        with shared_editor(project, session_id, person.id) as editor:
            yield editor
        return
    found = table(project, session_id, "steps", person, SystemClock())
    with shared_adjudication(project, found, person) as window:
        yield window


def _tell(told: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> None:
    folder, session_id, name, what = sys.argv[1:]
    application("light")
    with Project.open(Path(folder), SystemClock()) as project:
        person = project.annotators.named(name)
        with _window(project, SessionId(session_id), person, what) as window:
            window.show()
            window.activateWindow()
            QTest.qWaitForWindowActive(window, PATIENCE_MS)
            _tell({"opened": True})
            for line in sys.stdin:
                command = json.loads(line)
                if command.get("quit"):
                    break
                for key, modifier in command.get("keys", []):
                    QTest.keyClick(window, getattr(Qt.Key, f"Key_{key}"), MODIFIERS[modifier])
                _tell(_shown(window))
            window.close()


if __name__ == "__main__":
    main()
