"""An editor whose edits are stored, on another thread as ever, before it goes on: a test need not wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from storage import Project
from ui.editor.run import editor_window
from ui.editor.window import EditorWindow
from woz.base.errors import WozError
from woz.model.ids import SessionId

R = TypeVar("R")


class AtOnce:
    """Does its work on another thread, and waits for it."""

    def submit(self, work: Callable[[], R], done: Callable[[R], None], failed: Callable[[WozError], None]) -> None:
        found: list[R] = []
        refused: list[WozError] = []

        def run() -> None:
            try:
                found.append(work())
            except WozError as error:
                refused.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
        for error in refused:
            failed(error)
        for each in found:
            done(each)

    def close(self) -> None: ...


def editor_at_once(project: Project, session_id: SessionId, by: str) -> EditorWindow:
    return editor_window(project, session_id, by, AtOnce())
