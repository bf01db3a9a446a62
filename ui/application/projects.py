"""The application of windows on a project, whose database no call on their thread may wait for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from PySide6.QtWidgets import QApplication

from storage.backends import guard
from ui.application.application import application


@contextlib.contextmanager
def project_application(mode: str = "system") -> Iterator[QApplication]:
    """Until the block is left, a call of a database on this thread raises WindowThreadError.

    Raises WozError where there is no display.
    """
    app = application(mode)
    with guard.armed():
        yield app
