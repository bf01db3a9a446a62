"""Asks for an action's new key: the next that is pressed. Who has it already is said before it is taken."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QKeyCombination, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from ui.editor.keys import Entry, Keys
from ui.theme import GRID
from ui.widgets.parts import label

MODIFIERS = (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr)
LOCKS = (Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock, Qt.Key.Key_ScrollLock, Qt.Key.Key_unknown)


class KeyPrompt(QDialog):
    """`key` is what was pressed, once the dialog is accepted."""

    def __init__(self, keys: Keys, entry: Entry, parent: QWidget) -> None:
        super().__init__(parent)
        self._keys, self._entry = keys, entry
        self.key = ""
        self._asked = False
        self.setWindowTitle("A new key")
        self._said = label(wrap=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID * 3, GRID * 3, GRID * 3, GRID * 3)
        layout.setSpacing(GRID)
        layout.addWidget(label(entry.name, "heading", wrap=True))
        layout.addWidget(self._said)
        self.setMinimumWidth(420)
        self._say("Press the new key. Esc leaves it as it is.")

    @property
    def said(self) -> str:
        return self._said.text()

    def event(self, event: QEvent) -> bool:
        """All keys come here, Tab and those of the window too."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._pressed(event)
            return True
        return super().event(event)

    def _pressed(self, event: QKeyEvent) -> None:
        if event.key() in (*MODIFIERS, *LOCKS):
            return
        if event.key() == Qt.Key.Key_Escape:
            self.reject()
            return
        if self._asked and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.accept()
            return
        self._offer(pressed_key(event))

    def _offer(self, key: str) -> None:
        others = [each for each in self._keys.at(key, self._entry.places) if each is not self._entry]
        fixed = next((each for each in others if each.fixed), None)
        self.key, self._asked = key, bool(others) and fixed is None
        if fixed:
            self._say(f"{key} is fixed: {fixed.name}. Press another key, or Esc.")
        elif others:
            names = "; ".join(each.name for each in others)
            self._say(f"{key} is taken: {names}. Enter takes it from there; or press another key, or Esc.")
        else:
            self.accept()

    def _say(self, text: str) -> None:
        self._said.setText(text)
        self._said.setAccessibleName(text)


def pressed_key(event: QKeyEvent) -> str:
    """As a shortcut is written. Where Shift makes another sign of a key, that sign is meant."""
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    sign = chr(event.key()) if 0x20 < event.key() < 0x110000 else ""
    if sign and not sign.isalnum():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    return QKeySequence(QKeyCombination(modifiers, Qt.Key(event.key()))).toString()
