"""What can't be kept at the station or the console is said, and nothing of it is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from tests.ui.test_windows import Seat
from ui.application.bridge import Bridge
from ui.station.window import StationWindow
from woz.base.errors import WozError
from woz.link.ends.link_state import LinkState
from woz.live.seats.station_seat import StationPhase, StationStatus

READY = StationStatus(StationPhase.READY, LinkState.WAITING)
AWAY = "The project's server can't be reached; look whether it runs."


def test_a_yes_that_cannot_be_kept_records_nothing_and_says_so(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told until it is tried again, and asked again then."""
    asked: list[tuple[str, ...]] = []
    faults = [WozError(AWAY)]

    def keep(names: tuple[str, ...], version: str) -> None:
        asked.append(names)
        if faults:
            raise faults.pop()

    monkeypatch.setattr("ui.station.window.ConsentQuestion.exec", lambda self: 1)
    seat, bridge = Seat(), Bridge()
    window = StationWindow(seat, bridge, ("P01",), agreed=keep)
    qtbot.addWidget(window)
    bridge.status(READY)
    window._record_or_stop()
    for status in (READY, replace(READY, view_fps=20.0)):
        bridge.status(status)
        assert window.problem.startswith("Nothing is recorded")
        assert window.problem.endswith(AWAY)
    assert seat.told == []
    window._record_or_stop()
    bridge.status(READY)
    assert (seat.told, asked, window.problem) == (["record"], [("P01",), ("P01",)], "")
