"""Shortcuts as a person wants them: changed, taken from another action, kept, given back, put on a page."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.at_once import AtOnce
from tests.ui.desk_room import SID, Hand, hand, once_open, recorded
from tests.ui.recorded_session import CLOCK
from ui.editor.keys import Entry, Place
from ui.editor.run import editor_window
from ui.editor.shortcuts.dialog import ShortcutsDialog
from ui.editor.shortcuts.page import page, save_page
from ui.editor.shortcuts.prompt import KeyPrompt
from ui.widgets.digit_row import DigitActions, digit_key
from ui.widgets.parts import action
from woz.base.errors import WozError

__all__ = ["hand", "recorded"]
SPLIT, MERGE = "On the time line: Split the segment here", "On the time line: Merge with the next segment"


def _entry(hand: Hand, entry_id: str) -> Entry:
    return next(each for each in hand.window._keys.entries if each.id == entry_id)


@pytest.fixture
def dialog(hand: Hand, qtbot: QtBot) -> ShortcutsDialog:
    made = ShortcutsDialog(hand.window._keys, {}, hand.window)
    qtbot.addWidget(made)
    return made


def _change(qtbot: QtBot, dialog: ShortcutsDialog, entry_id: str, *pressed: Qt.Key) -> str:
    """The answer is what was said before the last key."""
    said = []

    def press(prompt: QDialog) -> None:
        assert isinstance(prompt, KeyPrompt)
        for key in pressed:
            said.append(prompt.said)
            qtbot.keyClick(prompt, key)

    dialog.choose(entry_id)
    once_open(press)
    dialog.ask(False)
    return said[-1]


def test_every_action_has_a_key_and_a_name_of_its_own(hand: Hand) -> None:
    entries = hand.window._keys.entries
    assert [each.id for each in entries if not each.keys] == []
    changeable = [each.id for each in entries if not each.fixed]
    assert sorted(changeable) == sorted(set(changeable))
    for each in entries:
        for key in each.keys:
            assert hand.window._keys.at(key, each.places) in ([each], []), key


def test_digits_with_alt_are_left_to_labels(hand: Hand) -> None:
    keys = {key for each in hand.window._keys.entries if Place.TIME_LINE in each.places for key in each.keys}
    assert not keys & {f"Alt+{digit}" for digit in range(1, 10)}


def test_a_key_is_changed_and_works(hand: Hand, dialog: ShortcutsDialog, qtbot: QtBot) -> None:
    hand.new_tier("Acts")
    hand.press("1")
    _change(qtbot, dialog, SPLIT, Qt.Key.Key_U)
    dialog.accept()
    hand.stand(10)
    hand.press("S")
    assert len(hand.items) == 1
    hand.press("U")
    assert len(hand.items) == 2


def test_a_taken_key_is_said_and_taken_only_with_enter(hand: Hand, dialog: ShortcutsDialog, qtbot: QtBot) -> None:
    said = _change(qtbot, dialog, SPLIT, Qt.Key.Key_M, Qt.Key.Key_Escape)
    assert "M is taken: Merge with the next segment" in said
    assert _entry(hand, SPLIT).keys == ("S",)
    _change(qtbot, dialog, SPLIT, Qt.Key.Key_M, Qt.Key.Key_Return)
    assert (_entry(hand, SPLIT).keys, _entry(hand, MERGE).keys) == (("M",), ())
    assert "Without a key now: Merge with the next segment" in dialog.said
    dialog.choose(MERGE)
    dialog.reset_one()
    assert (_entry(hand, SPLIT).keys, _entry(hand, MERGE).keys) == ((), ("M",))
    dialog._keys.reset()
    assert _entry(hand, SPLIT).keys == ("S",)


def test_a_labels_key_is_not_to_be_had(hand: Hand, dialog: ShortcutsDialog, qtbot: QtBot) -> None:
    hand.new_tier("Acts")
    said = _change(qtbot, dialog, SPLIT, Qt.Key.Key_W, Qt.Key.Key_Escape)
    assert "W is fixed: Label with the key W" in said
    dialog.search.setText("at the caret")
    dialog.ask(False)
    assert "fixed" in dialog.said


def test_what_was_changed_is_kept(qtbot: QtBot, qapp: QApplication, recorded: Path, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)

    def split_keys(change: str = "") -> dict[str, tuple[str, ...]]:
        with Project.open(recorded, CLOCK) as project:
            window = editor_window(project, SID, "ada", AtOnce(), settings=settings)
            entries = {each.id: each for each in window._keys.entries if not each.fixed}
            if change:
                window._keys.change(entries[SPLIT], [change])
            window.close()
            window.deleteLater()
            return {each: entries[each].keys for each in (SPLIT, MERGE)}

    split_keys("M")
    settings.sync()
    assert split_keys() == {SPLIT: ("M",), MERGE: ()}
    settings.setValue("editor_keys", json.dumps({SPLIT: ["M"]}))
    assert split_keys() == {SPLIT: ("M",), MERGE: ()}
    for nonsense in ("nonsense", "[1]", '{"a": 3}'):
        settings.setValue("editor_keys", nonsense)
        assert split_keys() == {SPLIT: ("S",), MERGE: ("M",)}


def test_one_page_has_all_keys(hand: Hand, tmp_path: Path) -> None:
    hand.new_tier("Acts")
    document = hand.document
    labels = {tier.name: document.tier_type(tier).offered for tier in document.tiers}
    text = page(hand.window._keys.entries, labels)
    for words in ("Split the segment here", "In the transcript", "Labels of Acts", "Wash up", "1 – 9"):
        assert words in text
    save_page(tmp_path / "keys.html", text)
    assert (tmp_path / "keys.html").read_text(encoding="utf-8") == text
    save_page(tmp_path / "keys.pdf", text)
    made = (tmp_path / "keys.pdf").read_bytes()
    assert made.startswith(b"%PDF")
    assert made.count(b"/Type /Page\n") == 1
    with pytest.raises(WozError, match="can't be written"):
        save_page(tmp_path / "no" / "keys.pdf", text)


def test_the_row_of_digits_is_known_by_its_place() -> None:
    def event(key: Qt.Key, scan: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> QKeyEvent:
        return QKeyEvent(QEvent.Type.KeyPress, key, held, scan, scan, 0)

    first, codes = digit_key(event(Qt.Key.Key_Ampersand, 10)), range(1, 128)
    assert first in (1, 9, None)
    found = [digit_key(event(Qt.Key.Key_Minus, code)) for code in codes]
    assert sorted(digit for digit in found if digit is not None) == list(range(10))
    assert {digit_key(event(Qt.Key.Key_5, code)) for code in codes} == {None}
    assert {digit_key(event(Qt.Key.Key_Minus, code, Qt.KeyboardModifier.ControlModifier)) for code in codes} == {
        None
    }


FRENCH = (Qt.Key.Key_Agrave, Qt.Key.Key_Ampersand, Qt.Key.Key_Eacute, Qt.Key.Key_QuoteDbl, Qt.Key.Key_Apostrophe)
"""What the row types there, from 0 to 4."""


@pytest.mark.skipif(sys.platform != "linux", reason="the places of keys are those of X11 and Wayland")
def test_digits_with_alt_and_alone_work_where_the_row_types_none(qtbot: QtBot) -> None:
    """Where somebody types, alone they type; with Alt held they act there, too."""
    window, field, other, did = QWidget(), QLineEdit(), QPushButton(), list[str]()
    layout = QVBoxLayout(window)
    layout.addWidget(field)
    layout.addWidget(other)
    for key in ("Alt+1", "Alt+0", "3", "Ctrl+4"):
        action(window, key, key, partial(did.append, key))
    DigitActions(window)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()

    def press(digit: int, held: Qt.KeyboardModifier) -> None:
        typed = FRENCH[digit]
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            text = "" if held else chr(typed)
            event = QKeyEvent(kind, typed, held, 9 + (digit or 10), 0, 0, text)
            QApplication.sendEvent(QApplication.focusWidget() or window, event)

    alone, alt, ctrl = (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.AltModifier,
        Qt.KeyboardModifier.ControlModifier,
    )
    for focused in (field, other):
        focused.setFocus()
        qtbot.waitUntil(focused.hasFocus)
        press(1, alt)
        press(0, alt)
        press(3, alone)
        press(4, ctrl)
        press(2, alt)
    assert did == ["Alt+1", "Alt+0", "Ctrl+4", "Alt+1", "Alt+0", "3", "Ctrl+4"]
    assert field.text() == chr(FRENCH[3])
