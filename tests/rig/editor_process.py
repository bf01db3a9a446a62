"""An editor's window in a process of its own, worked by the lines that it reads; it answers with lines of JSON.

`python -m tests.rig.editor_process PROJECT SESSION ANNOTATOR`. Verbs beside those of every window's control:
{"do": "relabel", "item": ID, "label": ID}, {"do": "note", "item": ID, "note": TEXT}, {"do": "show"},
{"do": "insist"}, {"do": "undo"}, {"do": "redo"}. With "once" an edit is made when that file is
there, and the window stands still until then: it holds what it showed before.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from storage import Project
from storage.backends import guard
from ui.application.application import application
from ui.application.background import waited
from ui.application.control import Command, Control, private_stdout
from ui.editor.run import shared_editor
from ui.editor.window import EditorWindow
from woz.annotation import commands
from woz.annotation.edits import Edit
from woz.base.clock import SystemClock
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId, SessionId

LOOK_S = 0.01


class Hand:
    """Edits in a window, and tells what it shows."""

    def __init__(self, window: EditorWindow) -> None:
        self._window = window
        verbs = {"relabel": self._relabel, "note": self._note, "show": self._show, "insist": self._insist}
        verbs |= {"undo": self._undo, "redo": self._redo}
        self.control = Control(window, verbs, private_stdout())

    def _relabel(self, command: Command) -> None:
        self._edit(command, lambda item: commands.relabel(item, str(command["label"])))

    def _note(self, command: Command) -> None:
        self._edit(command, lambda item: commands.set_note(item, str(command["note"])))

    def _edit(self, command: Command, make: Callable[[Annotation], Edit]) -> None:
        item = self._window.document.annotation(AnnotationId(str(command["item"])))
        if once := command.get("once"):
            self.control.tell(holding=True)
            while not Path(str(once)).exists():
                time.sleep(LOOK_S)
        self._window.document.apply(make(item))

    def _insist(self, _: Command) -> None:
        self._window.conflicts.mine.click()

    def _undo(self, _: Command) -> None:
        self._window.edit_menu.undo.trigger()

    def _redo(self, _: Command) -> None:
        self._window.edit_menu.redo.trigger()

    def _show(self, _: Command) -> None:
        document = self._window.document
        shown = {item.id: [item.label, item.note] for item in document.items if isinstance(item, Annotation)}
        menu = [
            made.text().partition("\t")[0] if made.isEnabled() else ""
            for made in (self._window.edit_menu.undo, self._window.edit_menu.redo)
        ]
        self.control.tell(shown=shown, saved=document.saved, asked=self._window.conflicts.text, menu=menu)


def main() -> None:
    folder, session_id, by = sys.argv[1:]
    app = application("light")
    with (
        guard.armed(),
        waited(lambda: Project.open(Path(folder), SystemClock())) as project,
        shared_editor(project, SessionId(session_id), by) as window,
    ):
        hand = Hand(window)
        window.show()
        hand.control.tell(opened=True)
        app.exec()


if __name__ == "__main__":
    main()
