"""Takes the pictures of the library: projects side by side, a hit played in place, many sessions by one table.

`python docs/library_pictures.py FOLDER`, from the repository's root, on a display (Xvfb does); those of the docs
are made by `python docs/library_pictures.py docs/images`.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from picture_size import VARIABLE
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from team_pictures import team

from storage import Project
from ui.application.projects import project_application
from ui.home.all_sessions import AllSessionsWindow
from ui.home.import_dialog import MANY, ImportDialog
from ui.home.run import Home
from ui.home.search_dialog import SearchDialog
from ui.home.window import HomeWindow
from ui.preview.place_player import PlacePlayer
from ui.widgets.who import LAST
from woz.base.clock import SystemClock
from woz.base.interval import NS_PER_S
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState

WITHIN_S = 20.0
COLUMNS = ["title", "hours", "tiers", "questions", "size", "sync"]


def _until(true: Callable[[], bool], within_s: float = WITHIN_S) -> None:
    end = time.monotonic() + within_s
    while not true() and time.monotonic() < end:
        QApplication.processEvents()
        time.sleep(0.01)


def _home(window: HomeWindow, home: Home, place: Path, folder: Path) -> None:
    home.open(str(place / "workshop"))
    home.open(str(place / "lab"))
    window._columns.show_columns(COLUMNS)
    _until(lambda: any(line.disk for line in home._shown or ()))
    _until(lambda: False, 1.0)
    window.grab().save(str(folder / "library.png"))


def _all(window: HomeWindow, folder: Path) -> None:
    window._ask_all()
    shown = window.findChild(AllSessionsWindow)
    assert shown is not None
    if VARIABLE not in os.environ:
        shown.resize(shown.width(), 480)
    _until(lambda: any(line.disk for line in shown._seen.lines))
    _until(lambda: False, 0.5)
    shown.grab().save(str(folder / "library-all.png"))
    shown.close()


def _search(window: HomeWindow, home: Home, folder: Path) -> None:
    home._search()
    dialog = window.findChild(SearchDialog)
    assert dialog is not None
    dialog._word.setText("screw")
    dialog.search()
    _until(lambda: dialog._table.rowCount() > 0)
    dialog._ask_play()
    _until(lambda: False, 2.5)
    dialog.grab().save(str(folder / "library-search.png"))
    dialog.reject()


def _take(place: Path, folder: Path) -> None:
    with project_application("light"):
        settings = QSettings(str(place / "settings.ini"), QSettings.Format.IniFormat)
        settings.setValue(LAST, "C01")
        window = HomeWindow()
        home = Home(window, SystemClock(), settings, PlacePlayer)
        window.resize(1200, 640)
        window.show()
        _home(window, home, place, folder)
        _all(window, folder)
        _search(window, home, folder)
        asked = ImportDialog(str(home._path), [], None, window)
        asked._tabs.setCurrentIndex(MANY)
        asked.show()
        _until(lambda: False, 0.5)
        asked.grab().save(str(folder / "import-table.png"))
        home.close()


def _bikes(project: Project) -> None:
    for nr, minutes in enumerate((31, 24, 27), 1):
        began = SystemClock().utc_ns() - nr * 50 * 3600 * NS_PER_S
        session = Session(
            SessionId(f"bike-{nr}"), f"Cargo bike {nr}", SessionState.CLOSED, began, minutes * 60 * NS_PER_S
        )
        project.sessions.save(session)


def main() -> None:
    folder = Path(sys.argv[1]).absolute()
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        team(place)
        with Project.create(place / "workshop", "Workshop", SystemClock()) as project:
            _bikes(project)
        _take(place, folder)


if __name__ == "__main__":
    main()
