"""The editor on a real media file, driven by keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.at_once import editor_at_once
from tests.ui.recorded_session import CLOCK, FRAME_NS, FRAMES, SID, record_session
from ui import theme
from ui.editor.turns import TurnModel
from ui.editor.window import EditorWindow
from woz.annotation.document import Document
from woz.annotation.edits import Edit
from woz.base.interval import Interval
from woz.capture.frame_code import read_number
from woz.capture.tabletop import PROCEDURE
from woz.lab.taking_in import save_procedure, take_in, take_in_turns, transcript_of
from woz.model.ids import TierId, TurnId, new_id
from woz.model.origin import Origin
from woz.model.own_schemes import MISTAKE, STEPS
from woz.model.people import Role
from woz.model.session import Session, SessionState
from woz.model.transcript import Turn
from woz.playback.frames import FrameReader
from woz.recording.folder.frame_index import frame_index
from woz.recording.folder.session_folder import SessionFolder
from woz.recording.folder.waves import load_wave, make_waves
from woz.sound.waveform import FULL


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one recorded session of 5 s: numbered frames, two tones, two steps, two turns."""
    path = tmp_path_factory.mktemp("project") / "p"
    with Project.create(path, "Kitchen", CLOCK) as project:
        save_procedure(project, PROCEDURE)
        started = Session(SID, "Lamp", SessionState.RECORDING, CLOCK.utc_ns(), procedure_id=PROCEDURE.id)
        project.sessions.save(started)
        take_in(project, record_session(project.sessions_dir))
        transcript = transcript_of(SID, Origin.SCRIPT, "test", CLOCK, "en")
        spans = ((Role.TRAINEE, "Which one?", 1), (Role.EXPERT, "The red one.", 3))
        turns = [
            Turn(TurnId(text), transcript.id, who, Interval(s * 10**9, (s + 1) * 10**9), text)
            for who, text, s in spans
        ]
        take_in_turns(project, transcript, turns)
    return path


@pytest.fixture
def project(recorded: Path) -> Iterator[Project]:
    with Project.open(recorded, CLOCK) as opened:
        yield opened


@pytest.fixture(params=["light", "dark"])
def window(request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication, project: Project) -> EditorWindow:
    theme.apply(qapp, request.param)
    made = editor_at_once(project, SID, "ada")
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    return made


def _key(qtbot: QtBot, window: EditorWindow, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(window, key)


def test_any_frame_is_read_exactly(recorded: Path) -> None:
    path = recorded / "sessions" / SID / "ego.mkv"
    index = frame_index(path, SessionFolder(path.parent).frames)
    assert index.times == [i * FRAME_NS for i in range(FRAMES)]
    reader = FrameReader(path, index)
    for number in (0, 1, 2, 50, 49, 99, 3, 98, 20, 21, 22, 40):
        frame = reader.read(number)
        assert frame is not None
        assert read_number(np.asarray(frame.to_ndarray()[:320, :320], np.uint8)) == number
    assert reader.read(FRAMES) is None
    assert reader.at(FRAME_NS * 7 + 1_000_000) == 7
    reader.close()


def test_the_voices_have_their_waveforms_since_the_recording_ended(recorded: Path) -> None:
    path = recorded / "sessions" / SID / "ego.mkv"
    loud, quiet = (load_wave(path, track) for track in (0, 1))
    assert loud
    assert quiet
    made = make_waves(path)
    assert made
    for kept, again in zip((loud, quiet), made, strict=True):
        assert [level.tolist() for level in kept.levels] == [level.tolist() for level in again.levels]
    assert 490 <= len(loud.levels[0]) <= 500
    assert abs(float(np.median(loud.levels[0][:, 1])) - 0.5 * FULL) < 6
    assert abs(float(np.median(quiet.levels[0][:, 1])) - 0.05 * FULL) < 3


def test_tab_says_which_of_several_tiers_of_one_name_it_is(
    qtbot: QtBot, window: EditorWindow, project: Project
) -> None:
    document: Document = window._document
    steps = next(tier for tier in document.tiers if tier.tier_type == STEPS)
    document.apply(Edit("One more", (), (replace(steps, id=TierId(new_id())),)))
    told = set()
    for _ in document.tiers:
        _key(qtbot, window, Qt.Key.Key_Tab)
        assert window._tier
        told.add((window._tier.name == steps.name, window._hinted))
    two = {(True, f"{steps.name}: {nr} of 2 tiers of this name") for nr in (1, 2)}
    assert told == two | {(False, "")}
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len([tier for tier in document.tiers if tier.name == steps.name]) == 1


def test_a_segment_is_made_changed_and_undone_by_key(qtbot: QtBot, window: EditorWindow, project: Project) -> None:
    document: Document = window._document
    steps = next(tier for tier in document.tiers if tier.tier_type == STEPS)
    while window._tier != steps:
        _key(qtbot, window, Qt.Key.Key_Tab)
    before = document.annotations(steps.id)
    assert [s.interval.start_ns for s in before] == [500_000_000, 2_500_000_000]
    _key(qtbot, window, Qt.Key.Key_Home, Qt.Key.Key_I, *[Qt.Key.Key_Right] * 6, Qt.Key.Key_3)
    new = document.annotations(steps.id)[0]
    assert (new.interval, new.label) == (Interval(0, 6 * FRAME_NS), PROCEDURE.steps[2].id)
    _key(qtbot, window, Qt.Key.Key_X)
    assert document.annotations(steps.id)[0].value(MISTAKE) is True
    _key(qtbot, window, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_S)
    assert [s.interval.end_ns for s in document.annotations(steps.id)[:2]] == [4 * FRAME_NS, 6 * FRAME_NS]
    assert set(document.annotations(steps.id)) <= set(project.annotations.load(SID))
    for _ in range(3):
        qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert document.annotations(steps.id) == before
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert len(document.annotations(steps.id)) == 3
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    stored = {item for item in project.annotations.load(SID) if item in before}
    assert stored == set(before)


def test_what_can_not_be_done_is_said(qtbot: QtBot, window: EditorWindow) -> None:
    _key(qtbot, window, Qt.Key.Key_Home, Qt.Key.Key_Delete)
    assert "Choose a segment first" in window._banner.text


def test_boundaries_are_reached_by_key(qtbot: QtBot, window: EditorWindow) -> None:
    while window._tier is None or window._tier.tier_type != STEPS:
        _key(qtbot, window, Qt.Key.Key_Tab)
    _key(qtbot, window, Qt.Key.Key_Home, Qt.Key.Key_PageDown)
    assert window._player.position_ns == 500_000_000
    _key(qtbot, window, Qt.Key.Key_PageDown)
    assert window._player.position_ns == 2_500_000_000
    _key(qtbot, window, Qt.Key.Key_PageUp)
    assert window._player.position_ns == 500_000_000


def test_the_transcript_is_a_proper_model(qtmodeltester: ModelTester, project: Project) -> None:
    document = Document(SID, project.annotations.open(SID, "ada"), project.annotations, "ada")
    model = TurnModel(document)
    qtmodeltester.check(model)
    assert (model.at(0), model.at(1_500_000_000), model.at(4 * 10**9)) == (None, 0, 1)


def test_without_the_recording_all_but_playing_works(
    qtbot: QtBot, qapp: QApplication, project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(project, "media_root", tmp_path / "unplugged")
    window = editor_at_once(project, SID, "ada")
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=180_000)
    assert str(tmp_path / "unplugged") in window.picture.view._empty_text
    while window._tier is None or window._tier.tier_type != STEPS:
        _key(qtbot, window, Qt.Key.Key_Tab)
    before = window._document.annotations(window._tier.id)
    _key(qtbot, window, Qt.Key.Key_Home, Qt.Key.Key_Space, Qt.Key.Key_I, *[Qt.Key.Key_Right] * 5, Qt.Key.Key_3)
    assert not window._player.playing
    made = window._document.annotations(window._tier.id)[0]
    assert made.interval == Interval(0, 200_000_000)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window._document.annotations(window._tier.id) == before
    assert window._banner.text == ""


def test_the_picture_is_the_frame(window: EditorWindow) -> None:
    window._player.show_frame(42)
    frame = window._player._reader.read(42)
    assert isinstance(frame, av.VideoFrame)
    assert window._player.frame_number == 42
    assert window._player.position_ns == 42 * FRAME_NS
