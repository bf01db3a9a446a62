"""What all tests of windows share."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage.backends import guard
from tests.rig.schema_once import copied_schema
from ui.application.collecting import collect_here

TESTS, UI = str(Path(__file__).parents[1]), Path(__file__).parents[2] / "ui"
COMMANDS = ("cli", "application")
"""Rooms whose code a command without a window calls, too."""
WINDOWS = tuple(str(room.parent) for room in sorted(UI.glob("*/__init__.py")) if room.parent.name not in COMMANDS)
PATIENCE_MS = 120_000
P = ParamSpec("P")
T = TypeVar("T")


def _patient(wait: Callable[P, T]) -> Callable[P, T]:
    @wraps(wait)
    def patient(*given: P.args, **named: P.kwargs) -> T:
        named.setdefault("timeout", PATIENCE_MS)
        return wait(*given, **named)

    return patient


class PatientBot(QtBot):
    """Waits as long as a busy machine may take, where a test names no time of its own."""

    waitSignal, waitSignals = _patient(QtBot.waitSignal), _patient(QtBot.waitSignals)
    waitActive, waitExposed = _patient(QtBot.waitActive), _patient(QtBot.waitExposed)
    waitUntil = _patient(QtBot.waitUntil)


@pytest.fixture(scope="session", autouse=True)
def schema_once() -> Iterator[None]:
    with copied_schema():
        yield


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    collect_here(qapp)
    return qapp


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


@pytest.fixture(autouse=True)
def agreed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is asked whether to close a window says yes, so that a test's end waits for nobody."""
    for window in ("ui.console.window", "ui.station.window", "ui.station.form"):
        monkeypatch.setattr(f"{window}.sure", lambda *a: True, raising=False)


@pytest.fixture(autouse=True)
def no_database_on_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    """A window that calls the database on its own thread fails; the test itself, and a command, may call it."""

    def check() -> None:
        frame = sys._getframe(1) if threading.current_thread() is threading.main_thread() else None
        while frame and not frame.f_code.co_filename.startswith(TESTS):
            if frame.f_code.co_filename.startswith(WINDOWS):
                raise guard.WindowThreadError(f"{frame.f_code.co_name} waits for the database")
            frame = frame.f_back

    monkeypatch.setattr(guard, "check", check)
