"""The windows of `woz --self-test`, on the platform that a person would see them on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QWidget

from ui.application.background import waited
from ui.application.projects import project_application
from woz.base.clock import SystemClock
from woz.base.errors import WozError

SHOWN_WITHIN_S = 60.0
LEAST_COLOURS = 12
"""An empty picture has one; text alone, smoothed, has more."""
PROBE = 160
"""A window's picture is looked at in so many columns and rows."""


def windows(project: Path) -> str:
    """Home, the form of a new session and the editor, on a project with a session.

    Raises WozError where one isn't shown, or shows nothing.
    """
    shown = []
    with project_application("light") as app:
        for name, opened in (("home", _home), ("new session", _form), ("editor", _editor)):
            with opened(project) as window:
                _see(app, name, window)
                shown.append(name)
                window.close()
    return f"{', '.join(shown)} open on the platform {app.platformName()}"


@contextmanager
def _home(project: Path) -> Iterator[QWidget]:
    from ui.home.run import Home
    from ui.home.window import HomeWindow

    settings = QSettings("woz", "woz")
    window = HomeWindow(settings)
    home = Home(window, SystemClock(), settings)
    home.open(str(project))
    try:
        yield window
    finally:
        home.close()


@contextmanager
def _form(project: Path) -> Iterator[QWidget]:
    from ui.station.device_card import DeviceCard
    from ui.station.form import PlanForm
    from woz.capture.bench import DeviceBench
    from woz.capture.choices import USUAL
    from woz.capture.tabletop import PROCEDURE
    from woz.model.plan import Plan

    clock = SystemClock()
    yield PlanForm(Plan(PROCEDURE), (), (), (), clock.utc_ns(), DeviceCard(USUAL, DeviceBench(clock)))


@contextmanager
def _editor(project: Path) -> Iterator[QWidget]:
    from storage import Project
    from ui.application.answers import newest_session
    from ui.editor.run import shared_editor
    from woz.model.made import PROGRAM

    with ExitStack() as stack:
        opened = stack.enter_context(waited(lambda: Project.open(project, SystemClock())))
        session = waited(lambda: newest_session(opened))
        yield stack.enter_context(shared_editor(opened, session, PROGRAM))


def _see(app: QApplication, name: str, window: QWidget) -> None:
    window.show()
    if not _comes(app, lambda: window.windowHandle() is not None and window.windowHandle().isExposed()):
        raise WozError(f"The window {name} did not come up on {app.platformName()} within {SHOWN_WITHIN_S:.0f} s.")
    if not _comes(app, lambda: _colours(window) >= LEAST_COLOURS):
        raise WozError(f"The window {name} shows nothing on {app.platformName()}; see whether it has fonts.")


def _comes(app: QApplication, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + SHOWN_WITHIN_S
    while not holds() and time.monotonic() < until:
        app.processEvents()
        time.sleep(0.01)
    return holds()


def _colours(window: QWidget) -> int:
    picture = window.grab().toImage().scaled(PROBE, PROBE)
    return len({picture.pixel(x, y) for x in range(picture.width()) for y in range(picture.height())})
