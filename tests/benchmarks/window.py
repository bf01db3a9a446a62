"""The console's own view in a window, for measuring when a frame is really shown."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication

from ui.widgets.video_view import VideoView


class _Bridge(QObject):
    arrived = Signal(object, object)
    ended = Signal()


def run_in_window(
    screen_of: Callable[[Any], Any], work: Callable[[Any], dict[str, Any]]
) -> tuple[Any, dict[str, Any]]:
    """Run `work(screen)` on a thread while the window shows what the screen gets."""
    app = QApplication([])
    view, bridge = VideoView("waiting"), _Bridge()
    screen = screen_of(bridge)
    view.resize(960, 760)
    view.painted.connect(screen.shown)
    bridge.arrived.connect(view.show_picture, Qt.ConnectionType.QueuedConnection)
    bridge.ended.connect(app.quit, Qt.ConnectionType.QueuedConnection)
    figures: dict[str, Any] = {}

    def run() -> None:
        figures.update(work(screen))
        bridge.ended.emit()

    thread = threading.Thread(target=run)
    view.show()
    thread.start()
    app.exec()
    thread.join()
    return screen, figures
