"""Takes the picture of a page, as long as it is: `python docs/page_picture.py PAGE PICTURE`.

Qt's own browser takes it, so that no other need be installed; no display is needed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
os.environ.setdefault("QTWEBENGINE_CHROMIUM_FLAGS", "--disable-gpu")

from PySide6.QtCore import QTimer, QUrl
from PySide6.QtWebEngineWidgets import QWebEngineView
from PySide6.QtWidgets import QApplication

WIDTH, FIRST_HEIGHT = 900, 800
DRAWN_MS = 2_000
"""Once it has its height, the page is drawn anew in that time."""
HEIGHT = "document.documentElement.scrollHeight"


def take(page: Path, picture: Path) -> None:
    application = QApplication([])
    view = QWebEngineView()
    view.resize(WIDTH, FIRST_HEIGHT)

    def keep() -> None:
        view.grab().save(str(picture))
        application.quit()

    def grow(height: float) -> None:
        view.resize(WIDTH, int(height))
        QTimer.singleShot(DRAWN_MS, keep)

    view.loadFinished.connect(lambda _: view.page().runJavaScript(HEIGHT, grow))
    view.load(QUrl.fromLocalFile(str(page.absolute())))
    view.show()
    application.exec()


if __name__ == "__main__":
    take(Path(sys.argv[1]), Path(sys.argv[2]))
