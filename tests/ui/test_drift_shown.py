"""Drift as the windows show it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.drift_room import TOLD, DriftRoom
from tests.storage.examples import CLOCK, LOOSE
from ui.home.progress_dialog import ProgressDialog
from woz.lab.progress import progress_of


def _room(folder: Path) -> DriftRoom:
    project = Project.create(folder / "lab", "Lab", CLOCK)
    project.schemes.add(LOOSE)
    return DriftRoom(project)


def test_progress_lists_what_lies_beyond_what_is_agreed(qtbot: QtBot, tmp_path: Path) -> None:
    with _room(tmp_path).project as project:
        dialog = ProgressDialog(progress_of(project))
        qtbot.addWidget(dialog)
        shown = dialog.findChild(QListWidget)
        assert shown
        texts = [item.text() for at in range(shown.count()) if (item := shown.item(at))]
        assert texts == [f"⚠ other: {TOLD.format(80)}"]
        project.work.measure(False)
        without = ProgressDialog(progress_of(project))
        qtbot.addWidget(without)
        assert without.findChild(QListWidget) is None
