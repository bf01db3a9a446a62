"""What the desk shows when playing stops, while one drags, and where waveforms are missing; what it remembers."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.core.films import even, write_film
from tests.ui.at_once import AtOnce
from tests.ui.recorded_session import CLOCK, FRAME_NS, FRAMES, record_session
from ui import theme
from ui.editor.run import editor_window
from ui.editor.wave_loader import WaveLoader
from ui.editor.window import EditorWindow
from woz.capture.frame_code import read_number
from woz.lab.taking_in import take_in
from woz.model.ids import SessionId
from woz.model.session import Session, SessionState

SID = SessionId("20260101-000000-0000")


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("project") / "p"
    with Project.create(path, "Kitchen", CLOCK) as project:
        project.sessions.save(Session(SID, "Lamp", SessionState.RECORDING, CLOCK.utc_ns()))
        take_in(project, record_session(project.sessions_dir))
    return path


@pytest.fixture
def project(recorded: Path) -> Iterator[Project]:
    with Project.open(recorded, CLOCK) as opened:
        yield opened


def _opened(qtbot: QtBot, qapp: QApplication, project: Project, settings: QSettings | None = None) -> EditorWindow:
    theme.apply(qapp, "light")
    window = editor_window(project, SID, "ada", AtOnce(), settings=settings)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def _numbers(window: EditorWindow) -> list[int | None]:
    """Those in the pictures that are shown standing, as they come."""
    numbers: list[int | None] = []

    def see(frame: av.VideoFrame) -> None:
        grey = np.asarray(frame.to_ndarray()[: frame.height, : frame.width], np.uint8)
        numbers.append(read_number(grey))

    window.player.picture.connect(see)
    return numbers


@pytest.mark.parametrize("speed", [0.25, 1.0, 4.0])
def test_a_pause_stands_on_the_frame_that_is_named(
    qtbot: QtBot, qapp: QApplication, project: Project, speed: float
) -> None:
    window = _opened(qtbot, qapp, project)
    seen, player = _numbers(window), window.player
    player.set_speed(speed)
    for start in (3, 41, 60):
        player.show_frame(start)
        player.toggle()
        qtbot.waitUntil(lambda start=start: player.frame_number > start + 1 or not player.playing)  # type: ignore[misc]
        if player.playing:
            player.toggle()
        qtbot.waitUntil(lambda: player.rested)
        assert seen[-1] == player.frame_number


def test_while_one_drags_a_near_picture_is_there_and_then_the_exact_one(
    qtbot: QtBot, qapp: QApplication, project: Project
) -> None:
    window = _opened(qtbot, qapp, project)
    player = window.player
    qtbot.waitUntil(lambda: player.rested)
    seen = _numbers(window)
    for number in (90, 70, 55, 35):
        window.timeline.scrubbed.emit(number * FRAME_NS)
    assert player.frame_number == 35
    qtbot.waitUntil(lambda: player.rested)
    assert seen[-1] == 35
    assert set(seen[:-1]) <= {20, 40, 60, 80, 35}


def test_waveforms_that_are_missing_are_made_beside_the_window(
    qtbot: QtBot, qapp: QApplication, project: Project
) -> None:
    shutil.rmtree(project.session_dir(SID) / "derived")
    window = _opened(qtbot, qapp, project)
    qtbot.waitUntil(lambda: window.waves_ready)
    made = (project.session_dir(SID) / "derived").glob("*.wave")
    assert sorted(path.name for path in made) == ["ego.0.wave", "ego.1.wave"]
    again = _opened(qtbot, qapp, project)
    assert again.waves_ready


def test_waveforms_that_are_being_made_hold_up_no_closing(
    qtbot: QtBot, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(project.session_dir(SID) / "derived", ignore_errors=True)
    monkeypatch.setattr("woz.recording.folder.waves.TELL_NS", 0)
    loader = WaveLoader(project.session_dir(SID) / "ego.mkv")
    told: list[float] = []
    loader.progress.connect(told.append)
    loader.start()
    loader.close()
    assert told[0] == 0.0
    assert not (project.session_dir(SID) / "derived").exists()


def test_a_film_without_sound_is_not_drawn_for_ever(qtbot: QtBot, tmp_path: Path) -> None:
    write_film(tmp_path / "ego.mkv", "libx264", {"preset": "ultrafast"}, even(5), 5, 0)
    loader = WaveLoader(tmp_path / "ego.mkv")
    told: list[float | None] = []
    loader.progress.connect(told.append)
    loader.start()
    qtbot.waitUntil(lambda: None in told)
    assert told[0] == 0.0
    loader.close()


def test_the_speed_is_remembered(qtbot: QtBot, qapp: QApplication, project: Project, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = _opened(qtbot, qapp, project, settings)
    window.player.faster(2)
    assert _opened(qtbot, qapp, project, settings).player.speed == 1.5
    settings.setValue("editor_speed", "nonsense")
    assert _opened(qtbot, qapp, project, settings).player.speed == 1.0


def test_going_backwards_ends_at_the_beginning(qtbot: QtBot, qapp: QApplication, project: Project) -> None:
    window = _opened(qtbot, qapp, project)
    seen, player = _numbers(window), window.player
    player.show_frame(FRAMES - 1)
    player.shuttle(-1)
    for _ in range(3):
        player.shuttle(-1)
    qtbot.waitUntil(lambda: player.frame_number == 0 and player.rested)
    assert seen[-1] == 0


def test_j_and_l_go_by_frames_while_k_is_held(qtbot: QtBot, qapp: QApplication, project: Project) -> None:
    window = _opened(qtbot, qapp, project)
    line, player = window.timeline, window.player
    line.setFocus()
    player.show_frame(30)
    qtbot.keyPress(line, Qt.Key.Key_K)
    for key in (Qt.Key.Key_L, Qt.Key.Key_L, Qt.Key.Key_J):
        qtbot.keyClick(line, key)
    assert (player.frame_number, player.rate) == (31, 0)
    qtbot.keyRelease(line, Qt.Key.Key_K)
    qtbot.keyClick(line, Qt.Key.Key_L)
    assert player.playing
    qtbot.keyClick(line, Qt.Key.Key_K)
    assert not player.playing


def test_some_frames_are_jumped_and_how_many_is_remembered(
    qtbot: QtBot, qapp: QApplication, project: Project, tmp_path: Path
) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    window = _opened(qtbot, qapp, project, settings)
    window.player.show_frame(30)
    qtbot.keyClick(window.timeline, Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    assert window.player.frame_number == 40
    window._play_menu._set_jump(25)
    qtbot.keyClick(window.timeline, Qt.Key.Key_J, Qt.KeyboardModifier.AltModifier)
    assert window.player.frame_number == 15
    assert _opened(qtbot, qapp, project, settings)._play_menu.jump == 25


def test_a_voice_is_heard_alone_muted_and_louder_by_key(qtbot: QtBot, qapp: QApplication, project: Project) -> None:
    window = _opened(qtbot, qapp, project)
    line, gains = window.timeline, window.player._sounding._gains
    trainee, expert = window._transport.voices
    alt, shift = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(line, Qt.Key.Key_F7, shift)
    assert (gains, trainee.text(), expert.text()) == ({0: 1.0, 1: 0.0}, "Trainee (alone)", "Expert (off)")
    qtbot.keyClick(line, Qt.Key.Key_Up, alt)
    assert gains == {0: 2.0, 1: 0.0}
    qtbot.keyClick(line, Qt.Key.Key_F7, shift)
    assert (gains, trainee.text()) == ({0: 2.0, 1: 1.0}, "Trainee 200 %")
    expert.toggle()
    assert gains == {0: 2.0, 1: 0.0}
    for _ in range(9):
        qtbot.keyClick(line, Qt.Key.Key_Down, alt)
    assert gains == {0: 0.25, 1: 0.0}
    expert.toggle()
    assert gains == {0: 0.25, 1: 0.25}


def test_a_segment_is_played_again_and_again_until_a_pause(
    qtbot: QtBot, qapp: QApplication, project: Project
) -> None:
    window = _opened(qtbot, qapp, project)
    line, player = window.timeline, window.player
    tier = window.document.tiers[0]
    span = window.document.timed(tier.id)[0].interval
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(line, Qt.Key.Key_P, shift)
    assert not player.playing
    window._choose(tier.id, window.document.timed(tier.id)[0].id)
    qtbot.keyClick(line, Qt.Key.Key_P, shift)
    player.set_speed(4.0)
    seen: list[int] = []
    player.moved.connect(seen.append)
    qtbot.waitUntil(lambda: any(later < earlier for earlier, later in pairwise(seen)))
    assert span.start_ns <= min(seen)
    assert max(seen) < span.end_ns
    qtbot.keyClick(line, Qt.Key.Key_K)
    assert (player.rate, player._loop) == (0, None)
