"""After stopping: what was saved, how its check turned out, and that nothing stale or dead is left."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.test_windows import Seat, show
from ui.application.bridge import Bridge
from ui.station.afterwards import Afterwards, Follows
from ui.station.checking import Checking, Finding, read_finding
from ui.station.saved import fault_lines, read_saved
from ui.station.saved_page import WRITTEN
from ui.station.window import StationWindow
from woz.base.clock import SystemClock
from woz.link.ends.link_state import LinkState
from woz.live.seats.station_seat import StationPhase, StationStatus
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState
from woz.recording.folder.journal import Journal
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import SessionFolder

ID = SessionId("20260101-000000-0000")
SECOND = 10**9


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one closed session that has a journal and a file, but no view."""
    path = tmp_path / "lab"
    with Project.create(path, "lab", SystemClock()) as made:
        made.sessions.save(Session(ID, "Lamp", SessionState.CLOSED, 1, duration_ns=65 * SECOND))
        folder = SessionFolder.create(made.sessions_dir, ID, 1, "Lamp")
    Manifest(ID, SessionState.CLOSED, 1, "Lamp", 65 * SECOND).save(folder.manifest_path)
    (folder.path / "some.bin").write_bytes(bytes(2_000_000))
    journal = Journal(folder.events)
    journal.append(Event(3 * SECOND, EventKind.SOURCE, "station", {"sound": "the microphone comes again"}))
    journal.append(Event(52 * SECOND, EventKind.PEER_LEFT, "console"))
    journal.close()
    return path


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> StationWindow:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    made = StationWindow(Seat(), Bridge(), (), settings)
    qtbot.addWidget(made)
    show(qtbot, made)
    return made


def _tell(window: StationWindow, phase: StationPhase, problem: str = "") -> None:
    window._show_status(StationStatus(phase, LinkState.LIVE, problem=problem))


def _enabled(window: StationWindow) -> list[str]:
    return [b.text() for b in window.findChildren(QAbstractButton) if b.isVisible() and b.isEnabled() and b.text()]


def test_what_the_saving_waits_for_is_told_until_it_is_saved(project: Path, window: StationWindow) -> None:
    coming = "Waiting for the expert's recording: 12.0 of 40.0 MB."
    closing = StationStatus(StationPhase.CLOSING, LinkState.LIVE, awaits=coming)
    window._show_status(closing)
    assert coming in window.saved.words
    assert WRITTEN not in window.saved.words
    _tell(window, StationPhase.CLOSING)
    assert WRITTEN in window.saved.words
    manifest = SessionFolder(project / "sessions" / ID).manifest()
    window.show_saved(read_saved(project / "sessions", manifest), checked=True)
    window._show_status(closing)
    assert coming not in window.saved.words


def test_what_was_saved_takes_the_place_of_the_desk(project: Path, window: StationWindow) -> None:
    _tell(window, StationPhase.CLOSING)
    assert "Saving the session" in window.saved.words
    assert _enabled(window) == ["Close"]
    _tell(window, StationPhase.CLOSED, "A part is still to come.")
    manifest = SessionFolder(project / "sessions" / ID).manifest()
    window.show_saved(read_saved(project / "sessions", manifest), checked=False)
    words = window.saved.words
    for part in (
        "The session is saved",
        str(project / "sessions" / ID),
        "1:05",
        "2.0 MB",
        "A part is still to come.",
    ):
        assert part in words
    assert "0:03  the microphone comes again\n0:52  The expert left." in words
    assert _enabled(window) == ["Annotate", "New session", "Close"]


def test_the_check_runs_beside_and_is_told(qtbot: QtBot, project: Path, window: StationWindow) -> None:
    """The real command, in a process of its own; a session without a view is bad for a reason."""
    _tell(window, StationPhase.CLOSED)
    after = Afterwards(window, project, project / "sessions", ID, checks=True)
    after.show(SessionFolder(project / "sessions" / ID).manifest())
    assert "being checked" in window.saved.words
    told: list[tuple[int, str]] = []
    after._checking.far.connect(lambda percent, what: told.append((percent, window.saved.words)))
    qtbot.waitUntil(lambda: "Bad" in window.saved.words, timeout=120_000)
    assert told
    assert "checksums" in told[0][1]
    assert "•" in window.saved.words
    after.end()


def test_what_a_check_says_is_read() -> None:
    told = json.dumps([{"verdict": "doubtful", "reasons": ["The voices have 5 gaps."]}])
    assert read_finding(told, []) == Finding("doubtful", ("The voices have 5 gaps.",))
    assert read_finding("", ["woz: The manifest is gone.", "noise"]) == Finding("", ("The manifest is gone.",))
    assert "ended early" in read_finding("[]", ["noise"]).reasons[0]


def test_a_check_that_is_begun_anew_tells_once(qtbot: QtBot, project: Path, window: StationWindow) -> None:
    checking = Checking(project, window)
    found: list[Finding] = []
    checking.found.connect(found.append)
    checking.begin(ID)
    checking.begin(ID)
    qtbot.waitUntil(lambda: bool(found), timeout=120_000)
    assert len(found) == 1
    checking.begin(ID)
    checking.end()
    qtbot.wait(50)
    assert len(found) == 1


def test_a_new_session_follows_when_the_window_has_closed(
    qtbot: QtBot, project: Path, window: StationWindow
) -> None:
    _tell(window, StationPhase.CLOSED)
    after = Afterwards(window, project, project / "sessions", ID, checks=False)
    after.show(SessionFolder(project / "sessions" / ID).manifest())
    wanted = next(b for b in window.findChildren(QAbstractButton) if b.text() == "New session")
    wanted.setFocus()
    qtbot.keyClick(wanted, Qt.Key.Key_Space)
    assert after.follows == Follows.ANOTHER
    assert not window.isVisible()


def test_the_fault_and_what_ended_it_stand_in_the_list() -> None:
    events = [
        Event(SECOND, EventKind.SOURCE, "station", {"sound": "The microphone has stalled."}),
        Event(2 * SECOND, EventKind.LINK, "station", {"lost": 3}),
        Event(8 * SECOND, EventKind.SOURCE, "station", {"sound": "the microphone comes again"}),
        Event(9 * SECOND, EventKind.SOURCE, "station", {"ended": ""}),
    ]
    assert fault_lines(events) == ("0:01  The microphone has stalled.", "0:08  the microphone comes again")
