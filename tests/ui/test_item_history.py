"""The list of an item's edits in the editor: it grows with them, and takes them back."""

from __future__ import annotations

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.recorded_session import SID
from tests.ui.test_editor import project, recorded  # noqa: F401
from ui.editor.history_dialog import HistoryDialog
from ui.editor.run import shared_editor
from woz.annotation import commands
from woz.model.own_schemes import STEPS

CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier


def test_what_became_of_a_segment_is_listed_and_taken_back(qtbot: QtBot, project: Project) -> None:  # noqa: F811
    with shared_editor(project, SID, "ada") as window:
        qtbot.addWidget(window)
        window.show()
        document = window.document
        tier = next(tier for tier in document.tiers if tier.tier_type == STEPS)
        first = document.annotations(tier.id)[0]
        document.apply(commands.set_note(first, "early"))
        qtbot.waitUntil(lambda: document.saved)
        window._choose(tier.id, first.id)
        window._timeline.setFocus()
        qtbot.waitUntil(window._timeline.hasFocus)
        qtbot.keyClick(window._timeline, Qt.Key.Key_H, CTRL_SHIFT)
        qtbot.waitUntil(lambda: bool(window.findChildren(HistoryDialog)))
        (dialog,) = window.findChildren(HistoryDialog)
        qtbot.waitUntil(lambda: dialog._list.topLevelItemCount() == 2)
        newest = dialog._list.topLevelItem(0)
        assert newest is not None
        assert (newest.text(1), newest.text(3)) == ("ada", "note: nothing → early")
        dialog._take_back.click()
        qtbot.waitUntil(lambda: document.annotation(first.id).note == "")
        qtbot.waitUntil(lambda: dialog._list.topLevelItemCount() == 3)
        dialog.close()
