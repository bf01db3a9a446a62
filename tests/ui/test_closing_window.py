"""What takes a while to close is told in a window that stays alive."""

from __future__ import annotations

import threading
from dataclasses import dataclass

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from ui.application.bridge import Bridge
from ui.widgets import closing_window
from ui.widgets.closing_window import KEPT, ClosingWindow, close_beside
from woz.base.errors import WozError


@dataclass(frozen=True)
class _Status:
    problem: str = ""
    awaits: str = ""


def _shown() -> list[ClosingWindow]:
    found = (each for each in QApplication.topLevelWidgets() if isinstance(each, ClosingWindow))
    return [each for each in found if each.isVisible()]


@pytest.mark.usefixtures("qtbot")
def test_what_hangs_is_told_in_a_window_and_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing_window, "SHOWN_AFTER_MS", 0)
    monkeypatch.setattr(closing_window, "TICK_MS", 10)
    bridge, seen, begun = Bridge(), list[str](), threading.get_ident()
    told, goes_on = threading.Event(), threading.Event()

    class Watching(ClosingWindow):
        def _show_words(self) -> None:
            super()._show_words()
            seen.append(self.words.text())
            if self.isVisible() and any(KEPT in each for each in seen):
                told.set()
            if any("disk" in each for each in seen) and not goes_on.is_set():
                self.close()
                assert self.isVisible()
                goes_on.set()

    monkeypatch.setattr(closing_window, "ClosingWindow", Watching)

    def close() -> None:
        assert threading.get_ident() != begun
        assert told.wait(60)
        bridge.status(_Status("The disk takes nothing."))  # type: ignore[arg-type]
        assert goes_on.wait(60)

    close_beside(close, bridge.status_changed, "Closing the session …")
    assert goes_on.is_set()
    assert _shown() == []


def test_what_is_waited_for_is_told_unless_something_is_wrong(qtbot: QtBot) -> None:
    window = ClosingWindow("Closing the session …")
    qtbot.addWidget(window)
    coming = "Waiting for the expert's recording: 12.0 of 40.0 MB."
    told = list[str]()
    for status in (_Status(), _Status(awaits=coming), _Status("The disk takes nothing.", coming)):
        window.show_status(status)
        told.append(window.words.text().rpartition(" (")[0])
    assert told == [KEPT, coming, "The disk takes nothing."]


def test_what_is_closed_at_once_shows_none_and_its_fault_is_raised(qtbot: QtBot) -> None:
    bridge = Bridge()
    close_beside(lambda: None, bridge.status_changed, "Leaving the session …")

    def fail() -> None:
        raise WozError("It can't be closed.")

    with pytest.raises(WozError, match="can't be closed"):
        close_beside(fail, bridge.status_changed, "Leaving the session …")
    qtbot.wait(1)
    assert _shown() == []
