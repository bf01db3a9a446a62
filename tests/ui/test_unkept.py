"""What can't be kept at the station or the console is said, and nothing of it is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.test_console import Desk
from tests.ui.test_windows import Seat, dressed
from ui.application.bridge import Bridge
from ui.console.note_field import NoteField
from ui.console.status_bar import StatusBar
from ui.station.consent_question import ConsentQuestion
from ui.station.live_page import NOT_KEPT
from ui.station.note_field import NoteField as StationNote
from ui.station.window import StationWindow
from woz.base.errors import WozError
from woz.link.ends.link_state import LinkState
from woz.live.seats.console_seat import ConsoleStatus
from woz.live.seats.station_seat import StationPhase, StationStatus

__all__ = ["dressed"]

READY = StationStatus(StationPhase.READY, LinkState.WAITING)
AWAY = "The project's server can't be reached; look whether it runs."


def test_a_yes_that_cannot_be_kept_records_nothing_and_says_so(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is told until it is tried again, and asked again then, with the version that was entered."""
    asked: list[tuple[tuple[str, ...], str]] = []
    faults, entered = [WozError(AWAY)], ["2.1"]

    def keep(names: tuple[str, ...], version: str) -> None:
        asked.append((names, version))
        if faults:
            raise faults.pop()

    def agree(question: ConsentQuestion) -> int:
        if entered:
            question._version.setText(entered.pop())
        return 1

    monkeypatch.setattr(ConsentQuestion, "exec", agree)
    seat, bridge = Seat(), Bridge()
    window = StationWindow(seat, bridge, ("P01",), agreed=keep)
    qtbot.addWidget(window)
    bridge.status(READY)
    window._record_or_stop()
    for status in (READY, replace(READY, view_fps=20.0), replace(READY, problem="The microphone has stalled.")):
        bridge.status(status)
        assert window.problem.startswith("Nothing is recorded")
        assert window.problem.endswith(f"{AWAY} {status.problem}".strip())
    assert seat.told == []
    window._record_or_stop()
    bridge.status(READY)
    assert (seat.told, asked, window.problem) == (["record"], [(("P01",), "2.1")] * 2, "")


@pytest.fixture
def desk(qtbot: QtBot, dressed: str, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path / "lists")


def test_a_note_of_the_expert_that_is_not_kept_stands_in_the_field_until_it_is(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the time at which it was begun; the keys of the desk work meanwhile."""
    seat, field = desk.seat, desk.window.findChildren(NoteField)[0]
    begun = iter((42, 90))
    monkeypatch.setattr(field, "_now_ns", lambda: next(begun))
    keep = seat.note
    monkeypatch.setattr(seat, "note", lambda *_: False)
    desk.press(Qt.Key.Key_T)
    qtbot.keyClicks(field, "hesitates")
    desk.press(Qt.Key.Key_Return)
    assert (field.text(), field.hasFocus()) == ("hesitates", False)
    assert "not kept" in desk.window.findChildren(StatusBar)[0].words
    desk.press(Qt.Key.Key_X)
    assert (field.text(), seat.told) == ("hesitates", ["mistake"])
    monkeypatch.setattr(seat, "note", keep)
    desk.press(Qt.Key.Key_T)
    desk.press(Qt.Key.Key_Return)
    assert (field.text(), seat.told[-1]) == ("", ("note", "hesitates", 42))
    desk.press(Qt.Key.Key_T)
    qtbot.keyClicks(field, "b")
    desk.press(Qt.Key.Key_Return)
    assert seat.told[-1] == ("note", "b", 90)


def test_a_note_that_is_begun_while_one_that_was_not_kept_stands_in_the_field_takes_its_place(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a time of its own; one that is only corrected keeps the time at which it was begun."""
    seat, field = desk.seat, desk.window.findChildren(NoteField)[0]
    begun = iter((42, 90))
    monkeypatch.setattr(field, "_now_ns", lambda: next(begun))
    keep = seat.note
    monkeypatch.setattr(seat, "note", lambda *_: False)
    desk.press(Qt.Key.Key_T)
    qtbot.keyClicks(field, "hesitates")
    desk.press(Qt.Key.Key_Return)
    assert (field.text(), field._began_ns) == ("hesitates", 42)
    desk.press(Qt.Key.Key_T, Qt.Key.Key_End)
    qtbot.keyClicks(field, "!")
    desk.press(Qt.Key.Key_Return)
    assert (field.text(), field._began_ns) == ("hesitates!", 42)
    monkeypatch.setattr(seat, "note", keep)
    desk.press(Qt.Key.Key_T)
    qtbot.keyClicks(field, "burns")
    desk.press(Qt.Key.Key_Return)
    assert (field.text(), seat.told) == ("", [("note", "burns", 90)])


def test_a_correction_says_whether_nothing_is_recorded_or_no_mistake_is_open(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk.seat, "correct", lambda text="": False)
    bar = desk.window.findChildren(StatusBar)[0]
    for recording, words in ((False, "Nothing is recorded now"), (True, "No mistake is open")):
        desk.bridge.status(ConsoleStatus(LinkState.LIVE, recording=recording))
        desk.press(Qt.Key.Key_C)
        assert words in bar.words


def test_a_mark_of_the_operator_that_is_not_kept_is_not_said_to_be(qtbot: QtBot) -> None:
    seat = Seat()
    window = StationWindow(seat, Bridge())
    qtbot.addWidget(window)
    seat.mark = lambda name: False  # type: ignore[method-assign]
    window.live._mark("Danger")
    assert window.live._kept.text() == f"{NOT_KEPT}: Danger"
    del seat.mark
    window.live._mark("Danger")
    assert window.live._kept.text() == "Marked: Danger"


def test_a_note_of_the_operator_that_is_not_kept_stands_in_the_field(qtbot: QtBot) -> None:
    told: list[str] = []
    seat = Seat()
    seat.note = lambda text, at_ns=None: False  # type: ignore[method-assign]
    field = StationNote(seat, told.append)
    qtbot.addWidget(field)
    field.set_live(True)
    qtbot.keyClicks(field, "too hot")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.text(), len(told)) == ("too hot", 1)
    assert "not kept" in told[0]
    del seat.note
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert (field.text(), told[1:]) == ("", ["Noted: too hot"])
    assert seat.told == [("note", "too hot", 7_000_000_000)]
