"""`woz open`: a link asks before it joins and leaves the command line; a project's file opens its folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from storage.place import FILE
from ui.application.invitation import VARIABLE
from ui.cli import open as opening
from ui.cli.program import main
from ui.home.join_dialog import JoinDialog
from ui.preview.place_player import PlacePlayer
from woz.base.clock import SystemClock
from woz.base.errors import WozError

LINK = "woz://127.0.0.1:9/20260101-000000-aaaa#c2VjcmV0"


def test_a_link_leaves_the_command_line(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[list[str], str]] = []

    def execv(path: str, command: list[str]) -> None:
        started.append((command, os.environ[VARIABLE]))
        raise SystemExit(0)

    monkeypatch.setattr(os, "execv", execv)
    monkeypatch.setenv(VARIABLE, "")
    with pytest.raises(SystemExit):
        main(["open", LINK])
    (command, handed), *_ = started
    assert (command[-1], handed) == ("open", LINK)
    assert not [word for word in command if "woz://" in word]


def test_a_link_asks_before_it_joins(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, LINK)
    seen: list[str] = []

    def look() -> None:
        for window in QApplication.topLevelWidgets():
            if isinstance(window, JoinDialog) and window.isVisible():
                seen.append(window.link.toPlainText())
                window.reject()
                return
        QTimer.singleShot(50, look)

    QTimer.singleShot(50, look)
    assert main(["open"]) == 0
    assert seen == [LINK]
    assert VARIABLE not in os.environ


def test_a_projects_file_stands_for_its_folder(tmp_path: Path) -> None:
    Project.create(tmp_path / "lab", "Lab", SystemClock()).close()
    assert opening.project_of(str(tmp_path / "lab")) == tmp_path / "lab"
    assert opening.project_of(str(tmp_path / "lab" / FILE)) == tmp_path / "lab"


def test_a_project_that_is_clicked_plays_what_is_found_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    seen: list[object] = []

    def run_home(*given: object) -> int:
        seen.extend(given)
        return 0

    monkeypatch.setattr("ui.home.run.run_home", run_home)
    Project.create(tmp_path / "lab", "Lab", SystemClock()).close()
    assert main(["open", str(tmp_path / "lab" / FILE)]) == 0
    assert seen[0] == tmp_path / "lab"
    assert seen[2] is PlacePlayer


@pytest.mark.parametrize("what", ["", "nowhere", "/etc/hostname"])
def test_anything_else_is_refused(what: str) -> None:
    with pytest.raises(WozError, match="no invitation and no woz project"):
        opening.project_of(what)
