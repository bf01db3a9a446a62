"""The window of faces, by pressed keys: a leak is found, drawn and followed, and two people sign it off."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.core.face_room import (
    NO_TABLE,
    TURNS,
    WIDTH,
    Reds,
    face_at,
    index_of,
    uncovered,
    write_film,
    write_turned_film,
)
from ui.faces.desk import FaceDesk, Film
from ui.faces.window import FacesWindow
from woz.base.clock import ManualClock
from woz.deidentifying.detecting import Looking, find_faces
from woz.deidentifying.faces import Decision, Track
from woz.deidentifying.keeping import load_faces, save_faces
from woz.lab.blurring import SessionFilm

Key = Qt.Key
Shift, Ctrl = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
Plain = Qt.KeyboardModifier.NoModifier
FRAMES, SEEN = 100, 20
"""The detector sees the face in the first frames only."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    film = write_film(tmp_path_factory.mktemp("film") / "ego.mkv", FRAMES)
    save_faces(film, find_faces(film, index_of(film), Reds(range(SEEN, FRAMES)), Looking()), None)
    return film.parent


@pytest.fixture
def film(made: Path, tmp_path: Path) -> SessionFilm:
    shutil.copytree(made, tmp_path / "s1")
    return SessionFilm(tmp_path / "s1" / "ego.mkv", NO_TABLE)


class Room:
    """Somebody at the window."""

    def __init__(self, qtbot: QtBot, film: SessionFilm, by: str) -> None:
        self.qtbot = qtbot
        self.desk = FaceDesk([Film("s1  ego.mkv", film)], by, ManualClock(utc_ns=7))
        self.window = FacesWindow(self.desk)
        qtbot.addWidget(self.window)
        self.window.begin()
        self.window.show()
        self.window.activateWindow()
        qtbot.waitUntil(lambda: self.desk.film is not None)

    def press(self, *keys: Qt.Key | tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
        self.window.activateWindow()
        self.qtbot.waitUntil(self.window.isActiveWindow)
        for each in keys:
            key, how = each if isinstance(each, tuple) else (each, Plain)
            focus = self.window.focusWidget()
            QTest.keyClick(focus if isinstance(focus, QWidget) else self.window, key, how)

    def track(self, name: str) -> Track:
        found = self.desk.track(name)
        assert found
        return found

    def shows(self, number: int) -> None:
        self.qtbot.waitUntil(lambda: self.window.number == number and self.window.view.image is not None)

    def leave(self) -> None:
        self.window.close()


@pytest.fixture
def room(qtbot: QtBot, film: SessionFilm) -> Iterator[Room]:
    made = Room(qtbot, film, "A01")
    yield made
    made.leave()


def test_a_leak_is_found_and_mended_and_signed_off(room: Room, film: SessionFilm, qtbot: QtBot) -> None:
    faces = room.desk.faces
    assert faces
    assert uncovered(faces, FRAMES)
    room.shows(faces.tracks[0].surest)
    assert room.window.state == "1 track, 1 open"
    room.press(Key.Key_B)
    assert room.window.state == "1 track, 1 for somebody else to sign off"
    room.press(Key.Key_Home, *[(Key.Key_Right, Shift)] * 6)
    room.shows(60)
    _draw_at(room, 60)
    qtbot.waitUntil(lambda: room.window.strip.current == "d1")
    room.press(Key.Key_S)
    assert "A01 decided on these faces; somebody else has to sign them off." in room.window.told
    room.leave()
    kept = load_faces(film.path)
    assert kept
    assert [(track.id, track.drawn, track.by) for track in kept.tracks][-1] == ("d1", True, "A01")
    assert uncovered(kept, FRAMES) == []
    second = Room(qtbot, film, "A02")
    second.press(Key.Key_S)
    assert "1 track was not shown to you yet" in second.window.told
    second.press(Key.Key_S)
    assert second.window.state == "2 tracks, all signed off. Next: woz blur burn"
    second.leave()
    approved = load_faces(film.path)
    assert approved
    assert approved.approved


def _draw_at(room: Room, number: int) -> None:
    """By keys alone: the box goes from the middle to the face, as large as that."""
    room.press(Key.Key_D)
    assert room.window.view.drawing
    left, top, width, _ = face_at(number)
    step, side = 3.2, 40.0
    across, down = round((left - (320 - side) / 2) / step), round((top - (240 - side) / 2) / step)
    room.press(*[Key.Key_Right if across > 0 else Key.Key_Left] * abs(across))
    room.press(*[Key.Key_Down if down > 0 else Key.Key_Up] * abs(down))
    room.press((Key.Key_Right, Shift), (Key.Key_Left, Shift), Key.Key_Return)
    assert width == side
    assert not room.window.view.drawing


def test_a_track_is_cut_back_taken_on_and_all_undone(room: Room, qtbot: QtBot) -> None:
    before = room.desk.faces
    assert before
    room.press(Key.Key_N, Key.Key_Home, *[(Key.Key_Right, Shift)] * 2, Key.Key_BracketRight)
    cut = room.track("f1")
    assert (cut.last, cut.decision) == (20, Decision.NO_FACE)
    room.press(*[(Key.Key_Right, Shift)] * 3, Key.Key_BracketRight)
    qtbot.waitUntil(lambda: room.track("f1").last == 50)
    room.press(Key.Key_V, *[(Key.Key_Z, Ctrl)] * 3)
    assert room.desk.faces == before
    room.press((Key.Key_Z, Ctrl))
    assert room.window.told == "There is nothing to undo in this film."
    room.press(*[(Key.Key_Y, Ctrl)] * 3)
    assert room.track("f1").last == 50
    room.press(Key.Key_Space)
    qtbot.waitUntil(lambda: room.window.number > 55)
    room.press(Key.Key_Escape)


def test_a_box_is_drawn_by_dragging(room: Room, qtbot: QtBot) -> None:
    room.shows(room.window.number)
    room.window.go(70)
    room.shows(70)
    view = room.window.view
    qtbot.waitUntil(lambda: not view.grab().isNull())
    scale = min(view.width() / 320, view.height() / 240)
    edge = QPoint(round((view.width() - 320 * scale) / 2), round((view.height() - 240 * scale) / 2))
    left, top, width, height = face_at(70)
    corners = [(left, top), (left + 9, top + 9), (left + width, top + height)]
    begin, middle, end = (edge + QPoint(round(x * scale), round(y * scale)) for x, y in corners)
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Plain, begin)
    QTest.mouseMove(view, middle)
    QTest.mouseMove(view, end)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Plain, end)
    qtbot.waitUntil(lambda: room.window.strip.current == "d1")
    drawn = room.desk.track("d1")
    assert drawn
    assert drawn.first < SEEN + 10
    assert drawn.last == FRAMES - 1


def test_somebody_elses_change_is_told_and_nothing_is_lost(room: Room, film: SessionFilm, qtbot: QtBot) -> None:
    stored = load_faces(film.path)
    assert stored
    other = Room(qtbot, film, "A02")
    other.press(Key.Key_C)
    other.leave()
    room.press(Key.Key_B)
    qtbot.waitUntil(lambda: "Somebody else changed the faces" in room.window.told)
    assert room.track("f1").decision == Decision.CONSENTED


def test_a_portrait_film_is_shown_upright_with_its_boxes_on_the_face(qtbot: QtBot, tmp_path: Path) -> None:
    path = write_turned_film(tmp_path / "s1" / "views" / "cam01.mp4", TURNS[1], "yuv420p", 10)
    save_faces(path, find_faces(path, index_of(path), Reds(), Looking()), None)
    room = Room(qtbot, SessionFilm(path, NO_TABLE), "A01")
    room.shows(room.track("f1").surest)
    image = room.window.view.image
    assert image
    assert image.width() > image.height()
    left, top, width, height = face_at(room.window.number)
    scale = image.width() / WIDTH
    middle = image.pixelColor(round((left + width / 2) * scale), round((top + height / 2) * scale))
    assert middle.red() > middle.green() + 60
    qtbot.waitUntil(lambda: not room.window.strip.item(0).icon().isNull())
    room.leave()


def test_a_film_that_nobody_looked_at(qtbot: QtBot, film: SessionFilm) -> None:
    (film.path.parent / "faces" / "ego.json").unlink()
    room = Room(qtbot, film, "A01")
    qtbot.waitUntil(lambda: "woz blur detect" in room.window.told)
    room.press(Key.Key_B, Key.Key_S, Key.Key_D, Key.Key_BracketLeft)
    assert room.window.told
    room.leave()
