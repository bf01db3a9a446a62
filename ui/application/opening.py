"""The sign that a window is on its way, shown before all that the window needs is loaded."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from ui.application.application import application
from ui.theme import GRID, colours, icon

WIDTH, HEIGHT, MARK = 48 * GRID, 12 * GRID, 48
EXPOSED_WITHIN_S = 0.3


@contextmanager
def opening(words: str, mode: str, hidden: bool = False) -> Iterator[None]:
    """Make the application, and show a sign until its first window is shown, or the block is left.

    `hidden`: no sign, where another process sits at the window. Raises WozError where there is no display.
    """
    app = application(mode)
    if hidden:
        yield
        return
    if sys.stderr.isatty():
        sys.stderr.write(f"{words} …\n")
    sign = Sign(words, app)
    sign.show_now()
    try:
        yield
    finally:
        sign.take_away()


class Sign(QLabel):
    """The program's mark, and what it is doing; it goes when another window of the program is shown.

    No QSplashScreen, which holds up the program for a second when it is shown.
    """

    def __init__(self, words: str, app: QApplication) -> None:
        super().__init__(None, Qt.WindowType.SplashScreen)
        self._app = app
        self.setPixmap(_card(words))
        self.setFixedSize(WIDTH, HEIGHT)
        self.move(app.primaryScreen().availableGeometry().center() - self.rect().center())
        self._watch = _FirstWindow(self)

    def show_now(self) -> None:
        """Returns when it is on the screen, or soon, where the screen is slow."""
        self.show()
        until = time.monotonic() + EXPOSED_WITHIN_S
        while not self.windowHandle().isExposed() and time.monotonic() < until:
            self._app.processEvents()
        self._app.processEvents()
        self._app.installEventFilter(self._watch)

    def take_away(self) -> None:
        self._app.removeEventFilter(self._watch)
        self.close()


class _FirstWindow(QObject):
    def __init__(self, sign: Sign) -> None:
        super().__init__(sign)
        self._sign = sign

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        if shown and watched is not self._sign:
            self._sign.take_away()
        return False


def _card(words: str) -> QPixmap:
    ratio = QApplication.primaryScreen().devicePixelRatio()
    card = QPixmap(round(WIDTH * ratio), round(HEIGHT * ratio))
    card.setDevicePixelRatio(ratio)
    look = colours()
    card.fill(look.of("surface"))
    painter = QPainter(card)
    painter.setPen(look.of("border"))
    painter.drawRect(QRect(0, 0, WIDTH - 1, HEIGHT - 1))
    icon("woz").paint(painter, QRect(3 * GRID, (HEIGHT - MARK) // 2, MARK, MARK))
    painter.setPen(look.of("text"))
    beside = QRect(6 * GRID + MARK, 0, WIDTH - 7 * GRID - MARK, HEIGHT)
    painter.drawText(beside, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, f"{words} …")
    painter.end()
    return card
