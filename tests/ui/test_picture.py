"""The picture near and far, what is painted over it, the second view, and a window of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.core.films import COUNT, uneven, write_film
from tests.ui.at_once import AtOnce
from tests.ui.recorded_session import CLOCK, FRAME_NS, record_session
from ui import theme
from ui.editor.picture.area import Second
from ui.editor.picture.view import PictureView
from ui.editor.run import editor_window
from ui.editor.window import EditorWindow
from woz.base.interval import NS_PER_MS, NS_PER_S, Interval
from woz.capture.frame_code import read_number
from woz.lab.taking_in import take_in
from woz.model.events import Event, EventKind
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState
from woz.model.stream import StreamKind
from woz.recording.folder.journal import append_late
from woz.recording.folder.manifest import StreamEntry
from woz.recording.folder.session_folder import SessionFolder
from woz.timing.clock_map import ClockMap

SID = SessionId("20260101-000000-0000")
LATE_NS = 500 * NS_PER_MS
"""The second camera began so much later, and its clock is a thousandth slow."""
SLOW_PPM = 1000.0
GAZE_AT, DRAWN = (0.25, 0.75), [[0.5, 0.25], [0.75, 0.25]]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("project") / "p"
    with Project.create(path, "Kitchen", CLOCK) as project:
        project.sessions.save(Session(SID, "Lamp", SessionState.RECORDING, CLOCK.utc_ns()))
        manifest = record_session(project.sessions_dir)
        folder = SessionFolder(project.session_dir(SID))
        stroke = {"points": DRAWN, "end_ns": 25 * FRAME_NS}
        append_late(folder.events, Event(20 * FRAME_NS, EventKind.STROKE, "expert", stroke))
        take_in(project, manifest)
        _add_second_view(folder)
        rows = "".join(f"{t},{t},0,0,1,{GAZE_AT[0]},{GAZE_AT[1]}\n" for t in range(0, NS_PER_S, FRAME_NS))
        header = "session_ns,device_ns,yaw_rad,pitch_rad,depth_m,x,y\n"
        folder.gaze.write_text(header + rows, encoding="ascii")
    return path


def _add_second_view(folder: SessionFolder) -> None:
    write_film(folder.other_view, "libx264", {"preset": "ultrafast"}, uneven(), 20, 0)
    laid = ClockMap.line(0, LATE_NS, SLOW_PPM).to_json()
    entry = StreamEntry(StreamKind.OTHER_VIEW, folder.other_view.name, 0, Interval(0, NS_PER_S), clock_map=laid)
    folder.manifest().with_stream(entry).save(folder.manifest_path)


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, recorded: Path) -> Iterator[EditorWindow]:
    theme.apply(qapp, "light")
    with Project.open(recorded, CLOCK) as project:
        window = editor_window(project, SID, "ada", AtOnce())
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.waitUntil(lambda: window.player.rested)
        yield window


def _view(qtbot: QtBot, size: tuple[int, int] = (400, 300)) -> PictureView:
    view = PictureView("nothing", "a view")
    qtbot.addWidget(view)
    view.resize(*size)
    frame = av.VideoFrame.from_ndarray(np.zeros((600, 800, 3), np.uint8), "rgb24")
    view.show()
    view.show_picture(frame)
    return view


def _part(view: PictureView, at: QPointF) -> tuple[float, float]:
    """Of the picture, that lies at a place of the view."""
    assert view._image
    place = view._place(view._image)
    return (at.x() - place.x()) / place.width(), (at.y() - place.y()) / place.height()


def test_what_is_pointed_at_stays_there_while_one_zooms(qtbot: QtBot) -> None:
    view, at = _view(qtbot), QPointF(300, 100)
    before = _part(view, at)
    for _ in range(4):
        view.zoom_by(1.5, at)
        assert _part(view, at) == pytest.approx(before, abs=0.01)
    assert view._image
    assert (view._image.width(), view._image.height()) == (800, 600)
    for _ in range(9):
        view.zoom_by(0.5, at)
    assert (view.zoom, _part(view, QPointF(0, 0))) == (1.0, (0.0, 0.0))


def test_it_is_moved_to_its_edges_and_no_further(qtbot: QtBot) -> None:
    view = _view(qtbot)
    view.zoom_by(4)
    for _ in range(30):
        view.pan(0.2, 0.2)
    assert _part(view, QPointF(400, 300)) == pytest.approx((1, 1))
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPointF(100, 100).toPoint())
    qtbot.mouseMove(view, QPointF(300, 250).toPoint())
    view.mouseReleaseEvent(None)  # type: ignore[arg-type]
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton)
    assert view.zoom == 1.0


def test_it_is_zoomed_and_moved_by_keys(window: EditorWindow, qtbot: QtBot) -> None:
    view, line, alt = window.picture.view, window.timeline, Qt.KeyboardModifier.AltModifier
    qtbot.keyClick(line, Qt.Key.Key_PageUp, alt)
    assert view.zoom == 1.5
    middle = view._middle.x()
    qtbot.keyClick(line, Qt.Key.Key_Right, alt | Qt.KeyboardModifier.ShiftModifier)
    assert view._middle.x() > middle
    qtbot.keyClick(line, Qt.Key.Key_Home, alt)
    assert view.zoom == 1.0


def _colour(view: PictureView, part: tuple[float, float], down: float = 0.0) -> QColor:
    """Of what is painted at a part of the picture, and some pixels below."""
    assert view._image
    place, shot = view._place(view._image), QImage(view.size(), QImage.Format.Format_RGB32)
    view.render(shot)
    x, y = place.x() + part[0] * place.width(), place.y() + part[1] * place.height() + down
    return shot.pixelColor(round(x), round(y))


def test_gaze_is_where_it_was_at_that_time(window: EditorWindow, qtbot: QtBot) -> None:
    view, player = window.picture.view, window.player
    player.show_frame(10)
    qtbot.waitUntil(lambda: player.rested)
    assert _colour(view, GAZE_AT, 22) == QColor(64, 224, 255)
    qtbot.keyClick(window.timeline, Qt.Key.Key_F12)
    assert _colour(view, GAZE_AT, 22) != QColor(64, 224, 255)
    qtbot.keyClick(window.timeline, Qt.Key.Key_F12)
    player.show_frame(50)
    qtbot.waitUntil(lambda: player.rested)
    assert _colour(view, GAZE_AT, 22) != QColor(64, 224, 255)


def test_what_the_expert_drew_is_over_the_picture_and_fades(window: EditorWindow, qtbot: QtBot) -> None:
    view, player, yellow = window.picture.view, window.player, QColor(255, 214, 10)
    place = (0.625, 0.25)
    for frame, seen in ((19, False), (26, True), (50, True)):
        player.show_frame(frame)
        qtbot.waitUntil(lambda: player.rested)
        assert (_colour(view, place) == yellow) is seen
    player.seek(25 * FRAME_NS + 4 * NS_PER_S)
    assert _colour(view, place) != yellow


def test_the_second_view_shows_the_frame_of_its_own_clock(window: EditorWindow, qtbot: QtBot) -> None:
    picture, player = window.picture, window.player
    assert picture.second
    seen: list[av.VideoFrame | None] = []
    picture.second.picture.connect(seen.append)
    times = [ms * NS_PER_MS for ms in uneven()]
    for number in (0, 30, 60, 95):
        player.show_frame(number)
        own_ns = (player.position_ns - LATE_NS) / (1 + SLOW_PPM * 1e-6)
        wanted = max((n for n in range(COUNT) if times[n] <= own_ns + 500_000), default=None)
        if wanted is None:
            qtbot.waitUntil(lambda: seen[-1] is None)
            continue
        qtbot.waitUntil(lambda wanted=wanted: picture.second.shown == wanted)  # type: ignore[misc]
        frame = seen[-1]
        assert frame
        assert read_number(np.asarray(frame.to_ndarray()[: frame.height, : frame.width], np.uint8)) == wanted


def test_the_second_view_is_beside_inside_or_off(window: EditorWindow, qtbot: QtBot) -> None:
    views = window.picture.area.views
    assert views.second
    assert views.second.x() >= views.first.geometry().right()
    qtbot.keyClick(window.timeline, Qt.Key.Key_F9)
    assert views.where == Second.INSIDE
    second = views.second
    qtbot.waitUntil(lambda: views.first.geometry().contains(second.geometry()))
    qtbot.keyClick(window.timeline, Qt.Key.Key_F9)
    assert not views.second.isVisible()


def test_the_picture_has_a_window_of_its_own_and_comes_back(window: EditorWindow, qtbot: QtBot) -> None:
    area, player = window.picture.area, window.player
    qtbot.keyClick(window.timeline, Qt.Key.Key_F11)
    assert area.apart
    own = area.views.window()
    assert own is not window
    own.activateWindow()
    qtbot.waitUntil(own.isActiveWindow)
    player.show_frame(5)
    qtbot.keyClick(own, Qt.Key.Key_Right)
    assert player.frame_number == 6
    qtbot.keyClick(own, Qt.Key.Key_F11)
    assert window.picture.area.window() is window
    assert area.views.window() is window
    assert area.views.isVisible()


def test_without_a_second_view_the_key_says_so(
    qtbot: QtBot, qapp: QApplication, recorded: Path, tmp_path: Path
) -> None:
    shutil.copytree(recorded, tmp_path / "p")
    with Project.open(tmp_path / "p", CLOCK) as project:
        folder = SessionFolder(project.session_dir(SID))
        manifest = folder.manifest()
        kept = tuple(entry for entry in manifest.streams if entry.kind != StreamKind.OTHER_VIEW)
        replace(manifest, streams=kept).save(folder.manifest_path)
        window = editor_window(project, SID, "ada", AtOnce())
        qtbot.addWidget(window)
        window.picture.next_place(window._banner.tell)
        assert "no second view" in window._banner.text
