"""The place of the picture in the editor: one view or two, here or in a window of their own."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.editor.picture.view import PictureView
from ui.theme import GRID
from ui.widgets.parts import label

INSIDE = 0.34
"""How wide the second view is in the first, as a part of it."""


class Second(Enum):
    """Where the second view is."""

    OFF = "off"
    BESIDE = "beside"
    INSIDE = "inside"


class Views(QWidget):
    """The first view, and the second beside or inside it."""

    def __init__(self, first: PictureView, second: PictureView | None) -> None:
        super().__init__()
        self.first, self.second = first, second
        self.where = Second.OFF
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(GRID)
        self._row.addWidget(first, 1)
        if second:
            second.setParent(self)
            self.put(Second.BESIDE)

    def put(self, where: Second) -> None:
        if self.second is None:
            return
        self.where = where
        self._row.removeWidget(self.second)
        self.second.setVisible(where != Second.OFF)
        if where == Second.BESIDE:
            self._row.addWidget(self.second, 1)
        elif where == Second.INSIDE:
            self._lay_inside()
            self.second.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.where == Second.INSIDE:
            self._lay_inside()

    def _lay_inside(self) -> None:
        assert self.second
        width = max(self.second.minimumWidth(), round(self.width() * INSIDE))
        height = max(self.second.minimumHeight(), round(width * 3 / 4))
        self.second.setGeometry(QRect(self.width() - width - GRID, self.height() - height - GRID, width, height))


class PictureArea(QWidget):
    """Stays in the editor; the views may be in a window of their own, as on a second screen."""

    def __init__(self, views: Views) -> None:
        super().__init__()
        self.views = views
        self._window: _OwnWindow | None = None
        self._away = label("The picture is in a window of its own; F11 brings it back.", "muted", wrap=True)
        self._away.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._away.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(views, 1)
        layout.addWidget(self._away)

    @property
    def apart(self) -> bool:
        """Whether the picture is in a window of its own."""
        return self._window is not None

    def toggle_window(self) -> None:
        if self._window is not None:
            self._window.close()
            return
        editor = self.window()
        self._window = own = _OwnWindow(self._come_back)
        own.setWindowTitle(editor.windowTitle())
        own.setWindowIcon(editor.windowIcon())
        own.addActions(editor.actions())
        own.layout().addWidget(self.views)  # type: ignore[union-attr]
        self.views.show()
        self._away.show()
        own.resize(960, 720)
        screens = [screen for screen in editor.screen().virtualSiblings() if screen is not editor.screen()]
        if screens:
            own.setGeometry(screens[0].availableGeometry())
        own.show()

    def close_window(self) -> None:
        if self._window is not None:
            self._window.close()

    def _come_back(self) -> None:
        own, self._window = self._window, None
        self._away.hide()
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, self.views, 1)
        self.views.show()
        if own:
            own.deleteLater()


class _OwnWindow(QWidget):
    def __init__(self, closed: Callable[[], None]) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self._closed = closed
        QVBoxLayout(self).setContentsMargins(0, 0, 0, 0)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._closed()
        event.accept()
