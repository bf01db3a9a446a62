"""The transcript in the editor, corrected by key on a real media file; whatever is done is stored, and undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QListWidget, QWidget
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.recorded_session import FRAME_NS, SID
from tests.ui.transcript_room import LINES, Hand, opened, transcribed
from ui.editor.alike import AlikeDialog
from ui.editor.doubt_level import DoubtLevel
from ui.editor.glossary import GlossaryDialog
from ui.editor.keys import Place
from ui.editor.turn_field import TurnField
from ui.editor.window import EditorWindow
from woz.annotation import transcript_edits as edits
from woz.annotation.edits import Edit
from woz.annotation.voices import Voice, voice_of
from woz.base.interval import Interval
from woz.capture.tabletop import PROCEDURE
from woz.lab.annotators import add_annotator
from woz.model.people import Role
from woz.model.transcript import Turn

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


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


def _stored(project: Project) -> set[Turn]:
    return {item for item in project.annotations.load(SID) if isinstance(item, Turn)}


def test_a_turn_is_typed_in_its_place_and_stored_at_once(hand: Hand, project: Project) -> None:
    before = hand.panel.turns
    hand.press("Right", "Right", "Right", "Return")
    assert hand.panel.field is not None
    assert hand.panel.field.textCursor().position() == len("Where is the ")
    hand.press("Ctrl+Shift+Right", "Delete")
    hand.type("bowl")
    hand.press("Return")
    assert not hand.typing
    assert hand.texts[0] == "Where is the bowl?"
    assert _stored(project) == set(hand.panel.turns)
    assert [word.interval for word in hand.panel.turns[0].words] == [word.interval for word in before[0].words]
    hand.undo()
    assert hand.panel.turns == before
    assert _stored(project) == set(before)


def test_what_is_typed_is_dropped_by_escape_and_kept_when_the_window_closes(hand: Hand, project: Project) -> None:
    hand.press("Return")
    hand.type("Oh. ")
    hand.press("Escape")
    assert (hand.panel.field, hand.texts[0]) == (None, "Where is the bowel?")
    hand.press("Return")
    hand.type("Oh. ")
    hand.window.close()
    assert "Oh. Where is the bowel?" in {turn.text for turn in _stored(project)}


def test_words_keep_their_times_where_there_is_no_model_and_it_is_said(
    qtbot: QtBot, hand: Hand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WOZ_MODELS", str(tmp_path / "none"))
    before = hand.panel.turns[0]
    moved = replace(before.words[0], interval=Interval(before.interval.start_ns, before.interval.start_ns + 1))
    hand.panel.apply(lambda: Edit("Move a word", (before,), (replace(before, words=(moved, *before.words[1:])),)))
    hand.press("T")
    assert "being timed by their sound" in hand.panel.hint_text
    qtbot.waitUntil(lambda: "keep the times they had" in hand.panel.hint_text, timeout=120_000)
    assert "woz models fetch aligner-en" in hand.panel.hint_text
    assert hand.panel.turns[0].words[0] == moved


def test_a_turn_that_was_changed_meanwhile_is_not_timed(hand: Hand) -> None:
    asked = hand.panel.turns[0]
    hand.press("Return")
    hand.type("Oh. ")
    hand.press("Return")
    now = hand.panel.turns[0]
    hand.window._timing.timed.emit(asked, [word.interval for word in asked.words])
    assert "changed while" in hand.panel.hint_text
    assert hand.panel.turns[0] == now


def test_letters_are_typed_and_command_nothing_in_a_field(hand: Hand) -> None:
    number = len(hand.panel.turns)
    hand.press("Return")
    hand.type("smxlndgfhr 123 ")
    hand.press("Return")
    assert hand.texts[0] == "smxlndgfhr 123 Where is the bowel?"
    assert len(hand.panel.turns) == number


def test_no_key_has_two_meanings_at_one_place(window: EditorWindow) -> None:
    for place in Place:
        keys = [key.toString() for made in window._keys.enabled(place) for key in made.shortcuts()]
        assert len(keys) == len(set(keys)), place


@pytest.mark.parametrize("place", [Place.TURN, Place.FIELD])
def test_no_key_of_a_field_types_or_moves(window: EditorWindow, place: Place) -> None:
    usual = QKeySequence.StandardKey
    typing = [usual.Copy, usual.Cut, usual.Paste, usual.SelectAll, usual.Undo, usual.Redo]
    typing += [usual.MoveToNextWord, usual.MoveToPreviousWord, usual.DeleteStartOfWord, usual.DeleteEndOfWord]
    taken = {key.toString() for each in typing for key in QKeySequence.keyBindings(each)}
    taken |= {"Left", "Right", "Up", "Down", "Home", "End", "Return", "Backspace", "Del", "Tab"}
    for made in window._keys.enabled(place):
        for key in made.shortcuts():
            assert key.toString() not in taken
            assert re.match(r"(Ctrl|Alt)\+|(Shift\+)?F\d|Esc", key.toString()), key.toString()


def test_all_like_a_corrected_word_are_fixed_by_one_edit(hand: Hand) -> None:
    hand.press("Right", "Right", "Right", "Return", "Ctrl+Shift+Right", "Delete")
    hand.type("bowl")
    hand.press("Return")
    assert "“bowel” is said 2 times more" in hand.panel.hint_text
    hand.press("Ctrl+Shift+Return")
    assert hand.texts[1:3] == ["The bowl is here, left of you.", "Take the Bowl."]
    hand.undo()
    assert hand.texts[:3] == ["Where is the bowl?", "The bowel is here, left of you.", "Take the Bowel."]


def test_all_alike_are_asked_for(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def answer(*question: object) -> str:
        asked.extend(question[1:])
        return "bowl"

    monkeypatch.setattr(AlikeDialog, "ask", answer)
    hand.press("Right", "Right", "Right", "A")
    assert asked == ["bowel", 3, [], []]
    assert hand.texts[:3] == ["Where is the bowl?", "The bowl is here, left of you.", "Take the Bowl."]
    hand.undo()
    assert hand.texts == [line[3] for line in LINES]


def test_the_question_for_all_alike_offers_the_glossary(qtbot: QtBot, window: EditorWindow) -> None:
    dialog = AlikeDialog(window, "bowel", 3, ["bowl", "whisk"], ["bowl"])
    qtbot.addWidget(dialog)
    [box] = dialog.findChildren(QComboBox)
    assert [box.itemText(i) for i in range(box.count())] == ["bowl", "whisk"]
    assert box.currentText() == "bowl"


def test_a_turn_is_split_and_merged_by_key(hand: Hand) -> None:
    before = hand.panel.turns
    hand.press("Right", "Right", "S")
    assert hand.texts[:2] == ["Where is", "the bowel?"]
    assert hand.panel.row == 1
    hand.press("Shift+M")
    assert hand.panel.turns == before
    hand.press("Down", "M")
    assert hand.texts[1] == "The bowel is here, left of you. Take the Bowel."
    assert hand.panel.turns[1].said == Interval(1_300_000_000, 3_300_000_000)
    hand.press("M")
    assert "no turn of the same speaker after" in hand.window._banner.text
    hand.undo(3)
    assert hand.panel.turns == before


def test_a_turn_is_split_at_the_caret_while_typing(hand: Hand) -> None:
    hand.press("Right", "Return")
    hand.type("now ")
    hand.press("Shift+Return")
    assert hand.texts[:2] == ["Where now", "is the bowel?"]
    assert hand.panel.field is not None
    hand.type("So ")
    hand.press("Return")
    assert hand.texts[1] == "So is the bowel?"


@pytest.mark.parametrize(("caret", "number"), [(0, 0), (1, 0), (2, 1), (3, 1), (4, 1), (5, 1), (7, 2), (9, 2)])
def test_a_caret_in_a_word_counts_at_the_nearer_end(qtbot: QtBot, caret: int, number: int) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    field = TurnField(parent, ())
    field.begin("abc defg ", caret)
    assert field.word_number == number


def test_who_speaks_is_changed_by_one_key(hand: Hand) -> None:
    hand.press("2")
    assert voice_of(hand.panel.turns[0]) == Voice(Role.EXPERT)
    hand.press("4")
    assert voice_of(hand.panel.turns[0]) == Voice(Role.OTHER, "other 2")
    hand.undo(2)
    assert voice_of(hand.panel.turns[0]) == Voice(Role.TRAINEE)


def test_turns_are_added_moved_and_deleted(hand: Hand, window: EditorWindow) -> None:
    before = hand.panel.turns
    window._player.show_frame(4)
    hand.press("N")
    hand.type("Hm.")
    hand.press("Return")
    new = hand.panel.turn
    assert new is not None
    assert (new.text, new.interval.start_ns, new.speaker) == ("Hm.", 4 * FRAME_NS, Role.TRAINEE)
    window._player.show_frame(6)
    hand.press("]")
    assert hand.panel.turn is not None
    assert hand.panel.turn.interval == Interval(4 * FRAME_NS, 6 * FRAME_NS)
    window._player.show_frame(5)
    hand.press("[", "Delete")
    assert hand.panel.turns == before
    hand.undo()
    assert hand.panel.turns[0].interval == Interval(5 * FRAME_NS, 6 * FRAME_NS)


def test_the_walk_through_doubtful_words(hand: Hand) -> None:
    hand.press("D")
    assert (hand.panel.row, hand.panel.word) == (0, 3)
    assert "20% sure" in hand.panel.hint_text
    hand.press("G")
    assert hand.panel.turns[0].words[3].doubt is False
    assert (hand.panel.row, hand.panel.word) == (1, 1)
    hand.press("D", "Shift+D")
    assert (hand.panel.row, hand.panel.word) == (1, 1)
    hand.press("Right", "F", "Left", "Left", "D", "D")
    assert (hand.panel.row, hand.panel.word) == (1, 2)
    hand.press("D", "D")
    assert "No doubtful word after" in hand.panel.hint_text


def test_doubts_are_coloured_only_where_wanted(hand: Hand) -> None:
    laid = hand.panel.delegate.laid(hand.panel.model.index(1))
    coloured = len(hand.panel.delegate._marks(laid))
    hand.press("H")
    assert len(hand.panel.delegate._marks(laid)) == coloured - 1


def test_the_glossary_suggests_and_completes(hand: Hand, qtbot: QtBot, window: EditorWindow) -> None:
    dialog = GlossaryDialog(hand.panel, window._document, PROCEDURE.id)
    qtbot.addWidget(dialog)
    dialog.open()
    field, listed = dialog.findChildren(QLineEdit)[0], dialog.findChildren(QListWidget)[0]
    for text in ("bowl", "Bowl", "whisk"):
        field.setText(text)
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [listed.item(i).text() for i in range(listed.count())] == ["bowl", "whisk"]
    dialog.close()
    hand.panel.list.setFocus()
    hand.press("D")
    assert "Ctrl+1: bowl" in hand.panel.hint_text
    hand.press("Ctrl+1")
    assert hand.texts[0] == "Where is the bowl?"
    hand.press("Return")
    hand.type("whi")
    assert hand.panel.field is not None
    popup = hand.panel.field._popup
    qtbot.waitUntil(popup.isVisible)
    qtbot.keyClick(popup, Qt.Key.Key_Return)
    assert "whisk" in hand.panel.field.toPlainText()
    hand.press("Escape")
    hand.press("Left", "Ctrl+B")
    assert "the" in {term.text for term in window._document.terms}
    hand.undo()
    assert "the" not in {term.text for term in window._document.terms}


def test_find_and_replace(hand: Hand, qtbot: QtBot) -> None:
    hand.press("Right", "Right", "Right", "Ctrl+H")
    bar = hand.panel.find_bar
    find, new = bar._find, bar._replace
    assert (find.text(), new.hasFocus()) == ("bowel", True)
    find.setFocus()
    qtbot.keyClick(find, Qt.Key.Key_Return)
    assert (hand.panel.row, hand.panel.word) == (1, 1)
    qtbot.keyClick(find, Qt.Key.Key_Return, SHIFT)
    assert (hand.panel.row, hand.panel.word) == (0, 3)
    new.setFocus()
    qtbot.keyClicks(new, "pot")
    qtbot.keyClick(new, Qt.Key.Key_Return)
    assert (hand.texts[0], hand.panel.row) == ("Where is the pot?", 1)
    qtbot.keyClick(new, Qt.Key.Key_Return, CTRL)
    assert hand.texts[1:3] == ["The pot is here, left of you.", "Take the pot."]
    hand.panel.list.setFocus()
    hand.undo(2)
    assert hand.texts == [line[3] for line in LINES]
    find.setFocus()
    bar._regex.click()
    find.setText("(")
    assert "regular expression" in hand.window._banner.text
    qtbot.keyClick(find, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    qtbot.waitUntil(lambda: hand.window._keys.place == Place.TRANSCRIPT)


def test_turns_are_checked_and_counted(hand: Hand) -> None:
    assert hand.panel.progress_text == "0 of 4 checked"
    hand.press("X", "X", "Ctrl+Return")
    assert (hand.panel.progress_text, hand.panel.row) == ("1 of 4 checked", 1)
    hand.press("Return")
    hand.type("Well. ")
    hand.press("Ctrl+Return")
    assert (hand.panel.progress_text, hand.texts[1][:5], hand.panel.row) == ("2 of 4 checked", "Well.", 2)
    assert hand.panel.field is not None
    hand.press("Escape")


def test_what_was_first_made_comes_back(hand: Hand, project: Project) -> None:
    first = hand.panel.turns
    hand.press("Right", "Right", "S", "2", "Return")
    hand.type("Hey ")
    hand.press("Return", "Ctrl+R")
    assert (hand.texts[0], hand.panel.row) == (first[0].text, 0)
    hand.press("Ctrl+R")
    hand.press("Delete", "Delete", "N")
    hand.type("x")
    hand.press("Return", "Ctrl+R")
    assert "added by hand" in hand.window._banner.text
    hand.press("Ctrl+Shift+R")
    assert hand.panel.turns == first
    assert _stored(project) == set(first)
    hand.undo()
    assert hand.panel.turns != first


def test_who_checked_a_turn_is_seen_and_counted(qtbot: QtBot, qapp: QApplication, project: Project) -> None:
    anna = add_annotator(project, "A07")
    first = next(turn for turn in _stored(project) if turn.id == "a")
    project.annotations.record(SID, edits.set_checked(first, True), anna.id)
    window = opened(qtbot, qapp, project)
    hand = Hand(qtbot, window)
    model = hand.panel.model
    assert "Checked by A07." in str(model.data(model.index(0), Qt.ItemDataRole.ToolTipRole))
    assert ", checked by A07" in str(model.data(model.index(0), Qt.ItemDataRole.AccessibleTextRole))
    second = next(turn for turn in _stored(project) if turn.id == "b")
    project.annotations.record(SID, edits.set_checked(second, True), anna.id)
    window.document.follow()
    assert model.checkers == "A07: 2", "what others check meanwhile, too"
    hand.press("X")
    assert model.checkers == "A07: 1"


def test_how_much_confidence_is_doubtful_is_set_by_the_person(
    hand: Hand, window: EditorWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    level = DoubtLevel(hand.panel, settings)
    assert hand.panel.below == 0.5
    monkeypatch.setattr("ui.editor.doubt_level.QInputDialog.getInt", lambda *_: (95, True))
    level.ask()
    hand.press("D")
    assert hand.panel.word == 1, "one of 0.9 is doubtful by now"
    assert "Doubts < 95%" in hand.panel.doubts_button.text()
    DoubtLevel(hand.panel, QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat))
    assert hand.panel.below == 0.95
    monkeypatch.setattr("ui.editor.doubt_level.QInputDialog.getInt", lambda *_: (10, True))
    level.ask()
    hand.press("D")
    assert "No doubtful word" in hand.panel.hint_text
