"""The live windows and the home window, with seats that only remember what they were told."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from ui import theme
from ui.application.bridge import Bridge
from ui.console.window import ConsoleWindow
from ui.home.sessions import SessionLine, SessionTable
from ui.home.window import HomeWindow
from ui.station import window as station_window
from ui.station.window import StationWindow
from ui.theme.icons import names
from ui.widgets.parts import Shortcuts
from ui.widgets.video_view import VideoView
from woz.capture.source import GazeSample
from woz.capture.tabletop import PROCEDURE
from woz.link.ends.link_state import LinkState
from woz.live.seats.console_seat import ViewFrame
from woz.live.seats.expert_log import Deed
from woz.live.seats.station_seat import StationPhase, StationStatus
from woz.model.events import EventKind
from woz.model.ids import SessionId, StepId
from woz.model.procedure import Procedure
from woz.model.session import SessionState


class Seat:
    """A station's or console's seat that remembers."""

    session_id = SessionId("20260101-000000-0000")
    invitation = "woz://127.0.0.1:1/20260101-000000-0000#abc"
    observer_invitation = "woz://127.0.0.1:1/20260101-000000-0000#def"
    observing = False
    procedure: Procedure = PROCEDURE

    def __init__(self) -> None:
        self.told: list[Any] = []

    def record(self) -> None:
        self.told.append("record")

    def stop(self) -> None:
        self.told.append("stop")

    def now_ns(self) -> int:
        return 42

    def mute(self, muted: bool) -> None:
        self.told.append(("mute", muted))

    def step(self, step_id: StepId) -> bool:
        self.told.append(("step", step_id))
        return True

    def mistake(self, text: str = "") -> bool:
        self.told.append("mistake")
        return True

    session_ns: int | None = 7_000_000_000
    gaze: GazeSample | None = None

    def note(self, text: str, at_ns: int | None = None) -> bool:
        self.told.append(("note", text, at_ns))
        return True

    def mark(self, name: str) -> bool:
        self.told.append(("mark", name))
        return True

    def bystander(self, asked: bool) -> bool:
        self.told.append(("bystander", asked))
        return True

    def chime(self) -> None:
        self.told.append("chime")

    def chime_heard(self, heard: bool) -> None:
        self.told.append(("chime heard", heard))

    def correct(self, text: str = "") -> bool:
        self.told.append("correct")
        return True

    def quick_mark(self, name: str) -> bool:
        self.told.append(("quick mark", name))
        return True

    def undo(self, deed_id: str = "") -> Deed | None:
        self.told.append(("undo", deed_id))
        return Deed(0, EventKind.MARK, "Question", deed_id)

    def stroke(self, points: Sequence[tuple[float, float]], began_ns: int) -> None:
        self.told.append(("stroke", list(points), began_ns))

    def cue(self, text: str, samples: NDArray[np.float32]) -> None:
        self.told.append(("cue", text, len(samples)))

    def stop_cues(self) -> None:
        self.told.append("stop cues")

    def volume(self, gain: float) -> None:
        self.told.append(("volume", gain))

    def snapshot(self) -> Path | None:
        self.told.append("snapshot")
        return None

    def shown(self, frame: ViewFrame) -> None:
        self.told.append(("shown", frame.capture_ns))

    def leave(self) -> None:
        self.told.append("leave")


@pytest.fixture(params=["light", "dark"])
def dressed(request: pytest.FixtureRequest, qapp: QApplication) -> str:
    theme.apply(qapp, request.param)
    return str(request.param)


def show(qtbot: QtBot, window: QWidget) -> None:
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def picture() -> av.VideoFrame:
    return av.VideoFrame.from_ndarray(np.full((96, 64), 200, np.uint8), format="yuv420p")


def test_every_icon_can_be_drawn(dressed: str) -> None:
    assert all(not theme.icon(name).isNull() for name in names())


def test_the_newest_picture_is_painted_once(qtbot: QtBot, dressed: str) -> None:
    view = VideoView("nothing yet")
    qtbot.addWidget(view)
    view.resize(300, 300)
    with qtbot.waitExposed(view):
        view.show()
    painted: list[object] = []
    view.painted.connect(painted.append)
    for token in range(5):
        view.show_picture(picture(), token)
    qtbot.waitUntil(lambda: painted == [4])
    assert view.grab().toImage().pixelColor(150, 150).lightness() > 180


def test_the_bridge_lets_only_the_newest_wait(qtbot: QtBot) -> None:
    bridge = Bridge()
    got: list[object] = []
    bridge.picture_arrived.connect(got.append)
    for number in range(50):
        bridge.view(ViewFrame(picture(), number))
    qtbot.waitUntil(lambda: len(got) > 0)
    assert [frame.capture_ns for frame in got if isinstance(frame, ViewFrame)] == [49]


def test_the_operator_records_and_stops(qtbot: QtBot, dressed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seat, bridge = Seat(), Bridge()
    window = StationWindow(seat, bridge)
    qtbot.addWidget(window)
    show(qtbot, window)
    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert seat.told == ["record"]
    bridge.status(StationStatus(StationPhase.RECORDING, LinkState.LIVE, problem="The disk is nearly full."))
    qtbot.waitUntil(lambda: window.problem == "The disk is nearly full.")
    answers = iter([False, True])
    monkeypatch.setattr(station_window, "sure", lambda *a: next(answers))
    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert seat.told == ["record"]
    qtbot.keyClick(window, Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier)
    assert seat.told == ["record", "stop"]
    bridge.status(StationStatus(StationPhase.CLOSED, LinkState.ENDED))
    qtbot.waitUntil(lambda: window.problem == "")


def test_every_key_of_a_window_is_listed_and_used_once(qtbot: QtBot, dressed: str) -> None:
    windows = [StationWindow(Seat(), Bridge()), ConsoleWindow(Seat(), Bridge()), HomeWindow()]
    for window in windows:
        qtbot.addWidget(window)
        keys = [s.toString() for a in window.actions() for s in a.shortcuts()]
        assert "F1" in keys
        assert len(keys) == len(set(keys))
        shown = Shortcuts(window)
        qtbot.addWidget(shown)


LINES = [
    SessionLine(SessionId("b"), "Lamp", SessionState.CLOSED, 1_700_000_000 * 10**9, 61 * 10**9, "P01, E01"),
    SessionLine(SessionId("a"), "Cake", SessionState.RECORDING, 1_600_000_000 * 10**9, None, ""),
]


def test_the_table_of_sessions_is_a_proper_model(qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(SessionTable(LINES))


def test_home_says_what_its_user_wants(qtbot: QtBot, dressed: str) -> None:
    window = HomeWindow()
    qtbot.addWidget(window)
    show(qtbot, window)
    assert not window.selected
    window.show_project("Kitchen", LINES)
    assert window.selected == "b"
    with qtbot.waitSignal(window.annotate) as asked:
        qtbot.keyClick(window, Qt.Key.Key_Return)
    assert asked.args == ["b"]
    with qtbot.waitSignal(window.transcribe) as asked:
        qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert asked.args == ["b"]
    with qtbot.waitSignal(window.new_session):
        qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    window.show_project("Empty", [])
    assert not window.selected


def test_pictures_for_the_docs_can_be_taken(qtbot: QtBot, dressed: str, tmp_path: Path) -> None:
    window = HomeWindow()
    qtbot.addWidget(window)
    window.resize(1100, 700)
    window.show_project("Kitchen", LINES)
    window.tell("2 sessions were not closed.")
    show(qtbot, window)
    picture = window.grab()
    assert picture.save(str(tmp_path / "home.png"))
    assert picture.width() >= 1000
