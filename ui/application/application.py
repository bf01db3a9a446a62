"""The one QApplication, dressed."""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QLoggingCategory
from PySide6.QtWidgets import QApplication

from ui import theme
from ui.application.collecting import collect_here
from woz.base.errors import WozError

SILENT = "qt.multimedia.symbolsresolver=false"
"""Qt tells of libraries that it would load for cameras and screens (PipeWire), which no window here needs.

It does so as it is loaded, which `woz --self-test` has it do without a display, too."""


def application(mode: str = "system") -> QApplication:
    """Made on the first call. Raises WozError where there is no display, which would end the program in Qt."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        QLoggingCategory.setFilterRules(SILENT)
        _require_display()
        app = QApplication(sys.argv[:1])
    collect_here(app)
    app.setApplicationName("woz")
    theme.apply(app, mode)
    return app


def _require_display() -> None:
    named = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    if sys.platform.startswith("linux") and not named:
        raise WozError(
            "There is no display here, and this command opens a window; run it in a desktop session."
            " Without one, woz demo --headless shows what woz does."
        )
