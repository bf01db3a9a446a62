"""The windows of a session on a screen of 1280 by 720, and by keyboard alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.looks import cut, runs_off, unreached
from tests.ui.test_console import Desk
from tests.ui.test_station import READY, RUNNING
from tests.ui.test_station import Desk as StationDesk
from tests.ui.test_station_form import FULL, _form
from tests.ui.test_windows import LINES, show
from ui import theme
from ui.home.window import HomeWindow
from woz.link.ends.link_state import LinkState
from woz.live.seats.console_seat import ConsoleStatus
from woz.live.seats.expert_log import Deed
from woz.live.seats.station_seat import Absence
from woz.model.events import EventKind
from woz.model.protocol import PROACTIVE

UI = Path(__file__).parents[2] / "ui"
SMALL = (1272, 680)
"""A screen of 1280 by 720 without a window's frame."""
FAULT = "The microphone has stalled and is opened again; see that it is plugged in. " * 2
DEEDS = tuple(Deed(n * 10**9, EventKind.MARK, "Question", str(n)) for n in range(40))
GUIDING = ConsoleStatus(
    LinkState.LIVE,
    recording=True,
    elapsed_ns=5_000 * 10**9,
    delay_ms=1_870.0,
    heard=True,
    deeds=DEEDS,
    problem=FAULT,
)
STATES = {
    "guiding": replace(GUIDING, open_mistakes=2, cue="Take the red gear first."),
    "no microphone": replace(GUIDING, heard=False, has_microphone=False),
    "no earpiece": replace(GUIDING, heard=False, trainee_has_earpiece=False),
    "lost": replace(GUIDING, heard=False, link=LinkState.LOST, delay_ms=None, unsent=12),
    "handing over": replace(GUIDING, heard=False, recording=False, upload=0.4),
}


@pytest.fixture(autouse=True)
def light(qapp: QApplication) -> None:
    theme.apply(qapp, "light")


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Desk:
    made = Desk(qtbot, tmp_path / "lists")
    made.bridge.protocol(replace(PROACTIVE, gaze_shown=True, pointing_allowed=True))
    return made


@pytest.mark.parametrize("state", STATES)
def test_nothing_runs_off_the_console(desk: Desk, qtbot: QtBot, state: str) -> None:
    desk.bridge.status(STATES[state])
    window = desk.window
    window._bar.tell("Nothing is recorded now: that was not kept")
    window.resize(*SMALL)
    qtbot.wait(50)
    assert (window.width(), window.height()) == SMALL
    assert window._bar._news.fits
    assert (runs_off(window), cut(window)) == ([], [])


def test_a_long_note_that_is_taken_back_makes_the_console_no_wider(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    note = "looks for the screw " * 40
    monkeypatch.setattr(desk.seat, "undo", lambda deed_id="": Deed(0, EventKind.NOTE, note, "n"))
    desk.bridge.status(GUIDING)
    desk.window.resize(*SMALL)
    desk.press(Qt.Key.Key_U)
    qtbot.wait(50)
    assert note.strip() in desk.window._bar.words
    assert desk.window.width() == SMALL[0]
    assert runs_off(desk.window) == []


def test_nothing_runs_off_the_form(qtbot: QtBot) -> None:
    """What is entered scrolls, downwards alone; what lacks and the ways on are always seen."""
    form = _form(qtbot, FULL)
    form._lack.setText(FAULT)
    form._banner.tell(FAULT)
    form.resize(*SMALL)
    qtbot.wait(50)
    assert (form.width(), form.height()) == SMALL
    assert form._body.horizontalScrollBar().maximum() == 0
    assert form._body.viewport().height() > SMALL[1] // 2
    assert (runs_off(form), cut(form)) == ([], [])


def test_tab_comes_to_all_of_the_home_window(qtbot: QtBot) -> None:
    window = HomeWindow()
    qtbot.addWidget(window)
    show(qtbot, window)
    window.show_recent(["/kitchen", "/workshop"])
    assert unreached(window) == []
    window.show_project("Kitchen", LINES)
    window.open_projects.show_project("/kitchen")
    window.open_projects.show_project("/workshop")
    assert window._table.hasFocus()
    assert unreached(window) == []
    window.show_project("Empty", [])
    assert unreached(window) == []


@pytest.mark.parametrize(
    "status",
    [READY, RUNNING, replace(RUNNING, link=LinkState.WAITING, absence=Absence(52 * 10**9))],
    ids=["checks", "recording", "without an expert"],
)
def test_tab_comes_to_all_of_the_station(qtbot: QtBot, tmp_path: Path, status: object) -> None:
    desk = StationDesk(qtbot, QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat))
    desk.bridge.status_changed.emit(status)
    desk.window.checks.play_chime()
    assert unreached(desk.window) == []


def test_no_table_keeps_tab_for_itself() -> None:
    """Arrows go through its cells; Tab leaves it."""
    making = re.compile(r"QTable(?:View|Widget)(?:\(|\):\n)")
    tables = {path: text for path in UI.rglob("*.py") if making.search(text := path.read_text(encoding="utf-8"))}
    assert len(tables) > 5
    assert [path.name for path, text in tables.items() if "setTabKeyNavigation(False)" not in text] == []
