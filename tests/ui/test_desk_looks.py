"""The editor in all its modes with long names in German and Italian, on a small screen: all controls have a name
for a screen reader, and no text of a label or a button is cut.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.ui.desk_states import lab, states
from tests.ui.looks import cut, nameless
from ui import theme


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1040)])
def test_all_has_a_name_and_nothing_is_cut(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, size: tuple[int, int]
) -> None:
    theme.apply(qapp, "light")
    seen, wrong = list[str](), list[str]()

    def see(name: str, shown: QWidget) -> None:
        seen.append(name)
        wrong.extend(f"{name}: no name: {each}" for each in nameless(shown))
        wrong.extend(f"{name}: cut: {each}" for each in cut(shown))

    with lab(tmp_path) as project:
        states(qtbot, project, see, size)
    assert not wrong, "\n".join(dict.fromkeys(wrong))
    assert len(seen) > 20


def test_the_walk_sees_what_is_wrong(qtbot: QtBot) -> None:
    window = QWidget()
    layout = QVBoxLayout(window)
    silent, narrow, fine = QPushButton(), QLabel("Vorschriftsmäßig"), QPushButton("Fine")
    narrow.setFixedWidth(20)
    for each in (silent, narrow, fine):
        layout.addWidget(each)
    qtbot.addWidget(window)
    window.show()
    assert len(nameless(window)) == 1
    assert len(cut(window)) == 1
