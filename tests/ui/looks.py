"""What a window shows, walked through: controls that a screen reader can't name, or that Tab doesn't come to, texts
that are cut, and what runs off the window.
"""

from __future__ import annotations

from collections.abc import Iterator

import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QScrollBar,
    QSlider,
    QSplitterHandle,
    QTextEdit,
    QToolButton,
    QWidget,
)

from ui.widgets.elided import ElidedLabel

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QSlider,
    QTextEdit,
)
PARTS = (QAbstractSpinBox, QComboBox, QLineEdit)
"""Their own children are parts of them."""


def nameless(window: QWidget) -> list[str]:
    """What can be used, or is told, and has no name."""
    return [_where(each, window) for each in _shown(window) if _is_control(each) and not name_of(each)]


def name_of(widget: QWidget) -> str:
    """As a screen reader hears it."""
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name).strip() if interface else ""


def cut(window: QWidget) -> list[str]:
    """Texts of labels and buttons that have less room than they need."""
    return [f"{_where(each, window)}: {_text(each)!r}" for each in _shown(window) if _is_cut(each)]


def runs_off(window: QWidget) -> list[str]:
    """Labels, controls and lists that stand in part beyond the window's edge; what a scroll area holds may."""
    kinds = (QLabel, QAbstractScrollArea, *CONTROLS)
    inside = window.rect()
    return [
        _where(each, window)
        for each in _shown(window)
        if isinstance(each, kinds)
        and not _scrolled(each, window)
        and not inside.contains(each.rect().translated(each.mapTo(window, QPoint(0, 0))))
    ]


def unreached(window: QWidget) -> list[str]:
    """What can be used now, and Tab doesn't come to from where the focus is."""
    tab = Qt.FocusPolicy.TabFocus.value
    wanted = [
        each for each in _shown(window) if _is_control(each) and each.isEnabled() and each.focusPolicy().value & tab
    ]
    reached: set[QWidget | None] = set()
    for _ in range(2 * len(wanted) + 5):
        QTest.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
        reached.add(window.focusWidget())
    return [f"{name_of(each)}: {_where(each, window)}" for each in wanted if each not in reached]


def _scrolled(widget: QWidget, window: QWidget) -> bool:
    at = widget.parentWidget()
    while at is not None and at is not window:
        if _is_viewport(at):
            return True
        at = at.parentWidget()
    return False


def _shown(window: QWidget) -> Iterator[QWidget]:
    for each in [window, *window.findChildren(QWidget)]:
        if shiboken6.isValid(each) and each.isVisibleTo(window) and each.window() is window.window():
            yield each


def _is_control(widget: QWidget) -> bool:
    if isinstance(widget, QScrollBar | QSplitterHandle) or widget.objectName().startswith("qt_"):
        return False
    if isinstance(widget.parentWidget(), PARTS) or _is_viewport(widget):
        return False
    takes_keys = widget.focusPolicy() != Qt.FocusPolicy.NoFocus and not widget.isWindow()
    return isinstance(widget, CONTROLS) or (takes_keys and not isinstance(widget, QLabel))


def _is_viewport(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    return parent is not None and hasattr(parent, "viewport") and parent.viewport() is widget


def _text(widget: QWidget) -> str:
    return str(getattr(widget, "text", str)())


def _is_cut(widget: QWidget) -> bool:
    text = _text(widget) if isinstance(widget, QLabel | QAbstractButton) else ""
    if not text or widget.objectName().startswith("qt_") or isinstance(widget, ElidedLabel):
        return False
    if isinstance(widget, QLabel) and widget.wordWrap():
        return widget.heightForWidth(widget.width()) > widget.height() + 1
    if isinstance(widget, QToolButton) and widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly:
        return False
    wanted = widget.sizeHint()
    return wanted.width() > widget.width() + 1 or wanted.height() > widget.height() + 2


def _where(widget: QWidget, window: QWidget) -> str:
    names = [type(widget).__name__]
    parent = widget.parentWidget()
    while parent is not None and parent is not window.parentWidget():
        names.append(type(parent).__name__)
        parent = parent.parentWidget()
    return " in ".join(names[:4]) + (f" ({widget.toolTip()})" if widget.toolTip() else "")
