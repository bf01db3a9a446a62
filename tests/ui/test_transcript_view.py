"""What the transcript shows: where the recording is, what plays, who speaks; and what a screen reader hears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.recorded_session import FRAME_NS
from tests.ui.transcript_room import Hand, opened, transcribed
from ui.editor.turns import HEAD, LEFT, TOP, spoken_words
from ui.editor.voices import VoicesDialog
from ui.editor.window import EditorWindow
from ui.widgets.parts import Shortcuts
from woz.annotation.edits import Edit
from woz.annotation.voices import voice_of
from woz.base.interval import Interval
from woz.model.people import Role


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with transcribed(tmp_path) as made:
        yield made


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, project: Project) -> EditorWindow:
    return opened(qtbot, qapp, project)


@pytest.fixture
def hand(qtbot: QtBot, window: EditorWindow) -> Hand:
    return Hand(qtbot, window)


def test_a_word_that_is_clicked_is_sought(hand: Hand, qtbot: QtBot, window: EditorWindow) -> None:
    index = hand.panel.model.index(1)
    laid, area = hand.panel.delegate.laid(index), hand.panel.list.visualRect(index)
    x: Any = laid.layout.lineAt(0).cursorToX(laid.spans[2][0] + 1)
    x = x[0] if isinstance(x, tuple) else x
    point = QPoint(area.left() + LEFT + HEAD + int(x), area.top() + TOP + 5)
    qtbot.mouseClick(hand.panel.list.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert (hand.panel.row, hand.panel.word) == (1, 2)
    wanted = laid.words[2].interval.start_ns
    assert 0 <= wanted - window._player.position_ns < FRAME_NS
    qtbot.mouseDClick(hand.panel.list.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert hand.panel.field is not None


def test_the_transcript_follows_but_not_while_somebody_types(hand: Hand) -> None:
    hand.panel.show_time(2_600_000_000)
    assert hand.panel.row == 2
    hand.panel.show_time(3_200_000_000)
    assert (hand.panel.row, hand.panel.word) == (2, 2)
    hand.press("Return")
    hand.panel.show_time(700_000_000)
    assert (hand.panel.row, hand.panel.field is not None) == (2, True)
    hand.press("Escape")


def test_a_chosen_turn_stays_chosen_while_another_speaks_over_it(hand: Hand, window: EditorWindow) -> None:
    turn = hand.panel.turns[1]
    long = replace(turn, interval=Interval(turn.interval.start_ns, 4_000_000_000))
    window._document.apply(Edit("Move turn", (turn,), (long,)))
    hand.panel.choose(1)
    hand.panel.show_time(2_900_000_000)
    assert hand.panel.row == 1


def test_playing_loops_the_turn(hand: Hand, qtbot: QtBot, window: EditorWindow) -> None:
    hand.press("Down", "Ctrl+L")
    seen: list[int] = []
    window._player.moved.connect(seen.append)
    hand.press("Space")
    qtbot.waitUntil(lambda: any(b < a - 500_000_000 for a, b in pairwise(seen)), timeout=120_000)
    hand.press("Space")
    assert min(seen) >= 1_400_000_000
    assert max(seen) < 2_900_000_000
    hand.press("Ctrl+L", "R")
    qtbot.waitUntil(lambda: not window._player.playing, timeout=120_000)
    assert 2_450_000_000 <= window._player.position_ns < 2_900_000_000


def test_speakers_are_named_and_merged_after_hearing_them(hand: Hand, qtbot: QtBot, window: EditorWindow) -> None:
    dialog = VoicesDialog(hand.panel, window._document, window._player)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.open()
    names = [field.text() for field in dialog._holder.findChildren(QLineEdit)]
    assert names == ["Trainee", "Expert", "other 1"]
    samples = dialog._holder.findChildren(QToolButton)
    assert len(samples) == 4
    assert all(sample.accessibleName().startswith("Sample") for sample in samples)
    samples[-1].click()
    assert window._player.playing
    window._player.toggle()
    field = dialog._holder.findChildren(QLineEdit)[2]
    field.setText("Nurse")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert hand.panel.turns[3].voice == "Nurse"
    dialog._merge(voice_of(hand.panel.turns[3]), (Role.TRAINEE.value, ""))
    assert [turn.speaker for turn in hand.panel.turns] == [Role.TRAINEE, Role.EXPERT, Role.EXPERT, Role.TRAINEE]
    dialog._undo()
    dialog._undo()
    assert hand.panel.turns[3].voice == "other 1"


def test_the_help_lists_all_keys(qtbot: QtBot, window: EditorWindow) -> None:
    dialog = Shortcuts(window)
    qtbot.addWidget(dialog)
    shown = {each.text() for each in dialog.findChildren(QLabel)}
    assert {"In the transcript", "While typing in a turn", "1 – 9", "Split the turn at the caret"} <= shown
    assert {made.text() for made in window.actions() if made.shortcuts()} <= shown


def test_a_screen_reader_is_told_of_each_turn(window: EditorWindow) -> None:
    turn = replace(window._panel.turns[1], checked=True)
    assert spoken_words(turn) == "0:01 Expert, checked, 1 doubtful: The bowel is here, left of you."
    index = window._panel.model.index(0)
    assert "Trainee" in str(index.data(Qt.ItemDataRole.AccessibleTextRole))
    unnamed = [w for w in window._panel.findChildren(QWidget) if w.focusPolicy() and not w.accessibleName()]
    assert [w for w in unnamed if isinstance(w, QLineEdit | QComboBox | QToolButton)] == []
