"""How lists and numbers are entered, alike in all windows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QDoubleSpinBox, QLineEdit, QSpinBox, QWidget

STEADY = "steady"
INSET = 8
"""Before a number, in pixels, as before the text of other fields; a style sheet does not reach it."""


def steady(holder: QWidget) -> None:
    """The wheel scrolls past the lists and numbers in `holder`, and turns only the one that has the focus."""
    for field in (*holder.findChildren(QComboBox), *holder.findChildren(QAbstractSpinBox)):
        if field.property(STEADY):
            continue
        field.setProperty(STEADY, True)
        field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        field.installEventFilter(_Wheel(field))
        if isinstance(field, QSpinBox | QDoubleSpinBox):
            _inset(field)


class _Wheel(QObject):
    def __init__(self, field: QWidget) -> None:
        super().__init__(field)
        self._field = field

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.Wheel or self._field.hasFocus():
            return False
        event.ignore()
        return True


def _inset(number: QAbstractSpinBox) -> None:
    text = number.findChild(QLineEdit)
    if text is not None:
        text.setTextMargins(INSET, 0, 0, 0)
