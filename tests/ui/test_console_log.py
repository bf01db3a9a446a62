"""The expert's log: times, counts, taking back; and leaving in mid-recording is asked in verbs."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.ui.test_console import Desk
from tests.ui.test_windows import dressed
from ui.console import window as console_window
from ui.console.list_panel import ListPanel
from ui.console.status_bar import StatusBar
from ui.console.steps_panel import StepsPanel
from ui.console.window import ConsoleWindow
from ui.widgets.log_panel import LogPanel
from woz.capture.tabletop import PROCEDURE
from woz.link.ends.link_state import LinkState
from woz.live.seats.console_seat import ConsoleStatus
from woz.live.seats.expert_log import Deed
from woz.model.events import EventKind
from woz.model.ids import StepId

__all__ = ["dressed"]

SECOND = 10**9
DEEDS = (
    Deed(52 * SECOND, EventKind.MARK, "Question", "a"),
    Deed(61 * SECOND, EventKind.MARK, "Danger", "b", undone=True),
    Deed(75 * SECOND, EventKind.MISTAKE, "", "c"),
    Deed(80 * SECOND, EventKind.MARK, "Question", "d"),
)
RECORDING = ConsoleStatus(LinkState.LIVE, recording=True, deeds=DEEDS)


@pytest.fixture
def desk(qtbot: QtBot, dressed: str, tmp_path: Path) -> Desk:
    return Desk(qtbot, tmp_path / "lists")


def _lines(panel: LogPanel) -> list[str]:
    return [panel.list.item(i).text() for i in range(panel.list.count())]


def test_the_log_has_times_newest_first_and_says_what_was_taken_back(desk: Desk) -> None:
    log = desk.window.findChildren(LogPanel)[0]
    assert not log.undo_button.isEnabled()
    desk.bridge.status(RECORDING)
    assert _lines(log) == ["1:20   Question", "1:15   Mistake", "1:01   Danger (taken back)", "0:52   Question"]
    assert log.undo_button.isEnabled()


def test_each_quick_mark_has_its_count(desk: Desk) -> None:
    marks = desk.window.findChildren(ListPanel)[0]
    desk.bridge.status(RECORDING)
    shown = [marks._list.item(i).text() for i in range(2)]
    assert shown == ["1   Question   × 2", "2   Hesitation"]


def test_a_mark_is_taken_back_by_key_and_by_double_click(desk: Desk) -> None:
    desk.bridge.status(RECORDING)
    desk.press(Qt.Key.Key_U)
    desk.press(Qt.Key.Key_Z, modifier=Qt.KeyboardModifier.ControlModifier)
    log = desk.window.findChildren(LogPanel)[0].list
    for line in (1, 2):
        log.itemDoubleClicked.emit(log.item(line))
    assert desk.seat.told == [("undo", ""), ("undo", ""), ("undo", "c")]
    assert "Taken back: Question" in desk.window.findChildren(StatusBar)[0].words


def test_a_mark_s_line_flashes_and_doesn_t_stay_lit(desk: Desk, qtbot: QtBot) -> None:
    marks = desk.window.findChildren(ListPanel)[0]._list
    desk.press(Qt.Key.Key_2)
    assert marks.currentRow() == 1
    qtbot.waitUntil(lambda: marks.currentRow() == -1)
    assert marks.selectedItems() == []


def test_what_is_not_recorded_is_said_not_to_be_kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("step", "mistake", "correct", "quick_mark"):
        monkeypatch.setattr(desk.seat, name, lambda *a: False)
    bar, steps = desk.window.findChildren(StatusBar)[0], desk.window.findChildren(StepsPanel)[0]
    for key in (Qt.Key.Key_N, Qt.Key.Key_X, Qt.Key.Key_1):
        bar.tell("")
        desk.press(key)
        assert "not kept" in bar.words
    assert steps._steps.currentRow() == -1


def test_the_step_is_chosen_whether_it_or_the_procedure_comes_first(desk: Desk) -> None:
    steps = desk.window.findChildren(StepsPanel)[0]
    steps._steps.clear()
    desk.bridge.status(ConsoleStatus(LinkState.LIVE, recording=True, current_step=StepId(PROCEDURE.steps[3].id)))
    desk.bridge.procedure(PROCEDURE)
    assert steps._steps.currentRow() == 3


def _asked(monkeypatch: pytest.MonkeyPatch, answer: bool) -> list[tuple[object, ...]]:
    asked: list[tuple[object, ...]] = []

    def sure(parent: ConsoleWindow, *words: object) -> bool:
        asked.append(words)
        return answer

    monkeypatch.setattr(console_window, "sure", sure)
    return asked


def test_leaving_in_mid_recording_asks_in_verbs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.bridge.status(RECORDING)
    asked = _asked(monkeypatch, False)
    desk.press(Qt.Key.Key_Q, modifier=Qt.KeyboardModifier.ControlModifier)
    assert desk.window.isVisible()
    assert desk.seat.told == []
    asked = _asked(monkeypatch, True)
    desk.press(Qt.Key.Key_Q, modifier=Qt.KeyboardModifier.ControlModifier)
    assert asked[0][1:3] == ("Leave the session", "Stay")
    assert desk.seat.told == ["leave"]


def test_leaving_without_a_recording_asks_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _asked(monkeypatch, False)
    desk.bridge.status(ConsoleStatus(LinkState.LIVE))
    desk.window.close()
    assert asked == []
    assert desk.seat.told == ["leave"]


def test_no_entry_of_a_list_is_cut(desk: Desk, qtbot: QtBot) -> None:
    """Each entry is as high as its words need, broken at the width that there is."""
    panel = desk.window.findChildren(ListPanel)[1]
    panel.replace(
        ["Please do that once more, slowly, and hold the part so that I can see it from all of its sides."]
    )
    shown = panel._list
    qtbot.waitUntil(lambda: shown.visualItemRect(shown.item(0)).height() > 3 * shown.fontMetrics().height())
