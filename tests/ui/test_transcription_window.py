"""The window of a transcription runs the command, shows how far it is, and cancels it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QCheckBox
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK
from ui import theme
from ui.editor.turns import remarks
from ui.home.transcription_window import TranscriptionDialog
from woz.base.interval import Interval
from woz.model.ids import TranscriptId, TurnId
from woz.model.people import Role
from woz.model.transcript import CUT, Turn, Word


@pytest.fixture
def project(tmp_path: Path) -> Path:
    Project.create(tmp_path / "project", "Kitchen", CLOCK).close()
    return tmp_path / "project"


@pytest.fixture
def settings(tmp_path: Path) -> QSettings:
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


def test_a_line_of_the_command_moves_the_bar(qtbot: QtBot, settings: QSettings) -> None:
    dialog = TranscriptionDialog(["here", "--session", "a"], settings)
    qtbot.addWidget(dialog)
    dialog._language.setCurrentIndex(dialog._language.findData("it"))
    dialog._translate.setChecked(True)
    chosen = ["--language", "it", "--pause", "0.8", "--longest", "60", "--translate"]
    assert dialog.arguments == ["transcribe", "here", "--session", "a", *chosen]
    command = dialog.running.command
    command._tell(" 42%  recognition of the trainee's track, 3 min left")
    command._tell("      no GPU: it runs on the CPU")
    assert dialog.running.bar.value() == 42
    assert dialog.running.stage.text() == "recognition of the trainee's track, 3 min left"
    assert "no GPU" in dialog.running.words


def test_models_that_are_not_here_are_fetched_by_a_box(qtbot: QtBot, settings: QSettings) -> None:
    dialog = TranscriptionDialog(["here"], settings)
    qtbot.addWidget(dialog)
    box = next(each for each in dialog.findChildren(QCheckBox) if "models" in each.text())
    for fetch in (False, True):
        box.setChecked(fetch)
        assert ("--fetch" in dialog.arguments) == fetch


def test_what_went_wrong_is_read_in_the_window(qtbot: QtBot, project: Path, settings: QSettings) -> None:
    dialog = TranscriptionDialog([str(project)], settings)
    qtbot.addWidget(dialog)
    with qtbot.waitSignal(dialog.running.ended, timeout=240_000):
        dialog.start()
    assert "This project has no session yet" in dialog.running.words
    assert dialog._start.isEnabled()


def test_thresholds_stay_as_they_were_chosen(qtbot: QtBot, project: Path, settings: QSettings) -> None:
    first = TranscriptionDialog([str(project)], settings)
    qtbot.addWidget(first)
    first._thresholds["pause"].setValue(1.5)
    with qtbot.waitSignal(first.running.ended, timeout=240_000):
        first.start()
    second = TranscriptionDialog([str(project)], settings)
    qtbot.addWidget(second)
    assert second.arguments[-4:] == ["--pause", "1.5", "--longest", "60"]


def test_cancelling_ends_the_command_first(qtbot: QtBot, project: Path, settings: QSettings) -> None:
    dialog = TranscriptionDialog([str(project)], settings)
    qtbot.addWidget(dialog)
    dialog.start()
    dialog.reject()
    qtbot.waitUntil(lambda: not dialog.running.command.running, timeout=120_000)


def test_the_editor_shows_a_translation_and_why_words_may_be_invented() -> None:
    words = (Word("grazie", Interval(0, 5), flag="repeated"), Word("mille", Interval(5, 9)))
    turn = Turn(TurnId("a"), TranscriptId("t"), Role.TRAINEE, Interval(0, 9), "grazie mille", words=words)
    told = remarks(replace(turn, translation="many thanks"))
    assert told == "many thanks\n“grazie” may be invented: repeated"


def test_the_editor_says_after_which_word_text_may_be_missing() -> None:
    words = (Word("gira", Interval(0, 5)), Word("la", Interval(5, 9), flag=CUT))
    turn = Turn(TurnId("a"), TranscriptId("t"), Role.TRAINEE, Interval(0, 9), "gira la", words=words)
    assert remarks(turn) == "Text may be missing after “la”: the model stopped before the end of the sound"


def test_no_field_is_cut(qtbot: QtBot, settings: QSettings, qapp: QApplication) -> None:
    theme.apply(qapp, "light")
    dialog = TranscriptionDialog(["here"], settings)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    for spin in dialog._thresholds.values():
        assert spin.height() >= spin.sizeHint().height()
        assert spin.geometry().bottom() <= dialog._choices.height()
