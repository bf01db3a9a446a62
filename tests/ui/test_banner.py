"""What a banner says can be taken with the mouse, and a command that it advises by a button."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from ui.widgets.advice import Advice
from ui.widgets.own_project import set_project
from ui.widgets.parts import Banner
from woz.base.commands import quoted


def test_a_word_of_it_is_selected_and_the_keyboard_stays_where_it_was(qtbot: QtBot) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.tell("Nothing_was_kept.")
    banner.show()
    said = next(each for each in banner.findChildren(QLabel) if each.text())
    qtbot.mouseDClick(said, Qt.MouseButton.LeftButton, pos=QPoint(12, said.height() // 2))
    assert "Nothing_was_kept" in said.selectedText()
    assert said.focusPolicy() == Qt.FocusPolicy.NoFocus


def test_it_says_how_its_words_are_copied(qtbot: QtBot) -> None:
    """Ctrl+C is the window's: in the editor it copies the chosen annotation."""
    banner = Banner()
    qtbot.addWidget(banner)
    banner.tell("Nothing was kept.")
    said = next(each for each in banner.findChildren(QLabel) if each.text())
    assert "copy them with the right button" in said.toolTip()
    assert said.contextMenuPolicy() == Qt.ContextMenuPolicy.DefaultContextMenu


def test_a_command_is_copied_whole_with_the_windows_project(qtbot: QtBot, tmp_path: Path) -> None:
    advice = Advice()
    qtbot.addWidget(advice)
    set_project(advice, tmp_path)
    advice.advise("Nothing is checked: do it (woz check PROJECT), then look.", "woz check PROJECT --all")
    assert not advice.copying.isHidden()
    advice.copying.click()
    assert QGuiApplication.clipboard().text() == f"woz check {quoted(tmp_path)} --all"
    advice.advise("Ask somebody.", "")
    assert advice.copying.isHidden()
    advice.advise("", "")
    assert advice.isHidden()
