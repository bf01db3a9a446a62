"""What tests do with dialogs ends, also where it fails."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from tests.ui import desk_room
from tests.ui.desk_room import once_open


def test_a_dialog_with_which_something_fails_is_closed(qtbot: QtBot) -> None:
    def fail(_: QDialog) -> None:
        raise AssertionError("another one was meant")

    dialog = QDialog()
    qtbot.addWidget(dialog)
    with qtbot.captureExceptions() as caught:
        once_open(fail)
        assert dialog.exec() == QDialog.DialogCode.Rejected
    assert [str(error) for _, error, _ in caught] == ["another one was meant"]


def test_a_dialog_that_stays_open_is_closed_in_the_end(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_room, "PATIENCE_MS", 50)
    dialog = QDialog()
    qtbot.addWidget(dialog)
    once_open(lambda _: None)
    assert dialog.exec() == QDialog.DialogCode.Rejected
