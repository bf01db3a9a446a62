"""A command that a window advises names the project that the window is on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QDialog, QMainWindow, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK
from tests.ui.adjudication_room import SID, doubled_project
from tests.ui.at_once import AtOnce
from ui.agreement.run import agreement_window
from ui.editor.run import editor_window
from ui.home.people_window import PeopleWindow
from ui.widgets.own_project import named_here, set_project
from ui.widgets.parts import Banner
from woz.base.commands import quoted

ADVICE = "Not here yet; woz check PROJECT says more."


def test_a_banner_names_the_project_of_its_window_or_of_the_one_that_opened_it(
    qtbot: QtBot, tmp_path: Path
) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    dialog = QDialog(window)
    banners = Banner(), Banner()
    window.setCentralWidget(banners[0])
    QVBoxLayout(dialog).addWidget(banners[1])
    lab, other = tmp_path / "my lab", tmp_path / "other"
    for folder in (lab, other):
        set_project(window, folder)
        for banner in banners:
            banner.tell(ADVICE)
            assert banner.text == f"Not here yet; woz check {quoted(folder)} says more."
    set_project(dialog, lab)
    assert str(lab) in named_here(banners[1], ADVICE)
    for widget in (window, dialog):
        set_project(widget, None)
    assert named_here(banners[1], ADVICE) == ADVICE


def _editor(project: Project) -> QWidget:
    return editor_window(project, SID, project.annotators.named("A02").id, AtOnce())


def _agreement(project: Project) -> QWidget:
    return agreement_window(project, "steps")


def _people(project: Project) -> QWidget:
    return PeopleWindow(project, CLOCK)


@pytest.mark.parametrize("make", [_editor, _agreement, _people])
def test_windows_on_a_project_say_so(qtbot: QtBot, tmp_path: Path, make: Callable[[Project], QWidget]) -> None:
    with doubled_project(tmp_path / "my lab", 4, 20) as project:
        window = make(project)
        qtbot.addWidget(window)
        assert quoted(project.path) in named_here(window, ADVICE)


def test_who_can_not_be_removed_is_told_with_the_command_for_this_project(qtbot: QtBot, tmp_path: Path) -> None:
    with doubled_project(tmp_path / "my lab", 4, 20) as project:
        window = PeopleWindow(project, CLOCK)
        qtbot.addWidget(window)
        window.annotators._do(lambda: project.annotators.remove(project.annotators.named("A02")))
        assert f"woz annotators retire {quoted(project.path)} A02" in window.banner.text
