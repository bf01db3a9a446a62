"""Tap and hold: late presses are taken off as they were learnt, held keys begin and end, a kill loses nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.at_once import AtOnce
from tests.ui.desk_room import SID, Hand, hand, recorded
from tests.ui.recorded_session import CLOCK, FRAME_NS
from ui.editor.passes.keeping import Keeping
from ui.editor.passes.late_press import LatePress
from ui.editor.run import editor_window
from ui.editor.window import EditorWindow
from woz.annotation.running import RunningFile
from woz.model.ids import TierId

__all__ = ["hand", "recorded"]
At = Callable[[int], None]


@pytest.fixture
def at(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> At:
    """Puts the play head of a playing recording on a frame."""
    monkeypatch.setattr(type(hand.window.player), "playing", property(lambda player: True))
    marking = type(hand.window._marking)

    def put(frame: int) -> None:
        monkeypatch.setattr(marking, "here_ns", property(lambda _: frame * FRAME_NS))

    return put


def _key(hand: Hand, down: bool, key: Qt.Key, again: bool = False) -> None:
    kind = QEvent.Type.KeyPress if down else QEvent.Type.KeyRelease
    line = hand.window.timeline
    for each in (QEvent.Type.ShortcutOverride, kind) if down else (kind,):
        event = QKeyEvent(each, key, Qt.KeyboardModifier.NoModifier, chr(key).lower(), again, 1)
        QCoreApplication.sendEvent(line, event)


def _teach(hand: Hand, at: At, late_frames: int = 4) -> None:
    """Five taps that are each put right by as many frames."""
    starts = range(0, 30, 6)
    for i, start in enumerate(starts):
        at(start + late_frames)
        hand.press("12"[i % 2])
    at(40)
    hand.press("W", "W")
    for start in starts:
        at(start + late_frames + 1)
        hand.press("Return")
        at(start)
        hand.press("Shift+I")


def test_late_presses_are_learnt_from_corrections_and_taken_off(hand: Hand, at: At) -> None:
    hand.new_tier("Acts")
    late: LatePress = hand.window._marking.passes.late
    hand.window._marking.passes.late.on = True
    assert "0 of 5 corrections seen" in hand.window.ways.status.text("late")
    _teach(hand, at)
    assert [start for _, start, _ in hand.spans][:5] == [0, 6, 12, 18, 24]
    assert "You press 200 ms late" in hand.window.ways.status.text("late")
    hand.window.player.set_speed(2.0)
    at(80)
    hand.press("1")
    at(90)
    hand.press("1")
    assert hand.spans[-1] == ("cut", 72, 82)
    hand.press("Shift+F4")
    assert "left as they are" in hand.window.ways.status.text("late")
    at(95)
    hand.press("1")
    at(99)
    hand.press("1")
    assert hand.spans[-1] == ("cut", 95, 99)
    late.switch()


def test_what_was_learnt_is_the_persons_and_kept(hand: Hand, at: At, tmp_path: Path) -> None:
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    hand.new_tier("Acts")
    hand.window._marking.passes.late._settings = settings
    _teach(hand, at)
    hand.window._marking.passes.late.close()
    player, by = hand.window.player, hand.document.by
    again, other = (LatePress(player, who, settings, hand.window) for who in (by, "somebody else"))
    assert "200 ms" in again.words
    assert "0 of 5" in other.words
    again.switch()
    assert not LatePress(player, by, settings, hand.window).on


def test_a_press_just_behind_a_segment_begins_at_its_end(hand: Hand, at: At) -> None:
    hand.new_tier("Acts")
    _teach(hand, at)
    end = hand.spans[-1][2]
    at(end + 2)
    hand.press("1")
    at(end + 10)
    hand.press("1")
    assert hand.spans[-1] == ("cut", end, end + 6)


def test_a_held_key_begins_and_ends_and_repeats_nothing(hand: Hand, at: At) -> None:
    hand.new_tier("Acts")
    hand.press("F4")
    assert hand.window.ways.status.text("pass").startswith("Hold")
    at(10)
    _key(hand, True, Qt.Key.Key_1)
    assert "Cut runs" in hand.window.ways.status.text("pass")
    for frame in (12, 14):
        at(frame)
        _key(hand, False, Qt.Key.Key_1, again=True)
        _key(hand, True, Qt.Key.Key_1, again=True)
    at(20)
    _key(hand, False, Qt.Key.Key_1)
    assert hand.spans == [("cut", 10, 20)]
    hand.press("Ctrl+Z")
    assert hand.spans == []


@pytest.mark.skipif(sys.platform != "linux", reason="the places of keys are those of X11 and Wayland")
def test_a_key_of_a_french_keyboards_row_is_held_and_repeats_nothing(hand: Hand, at: At) -> None:
    """There 1 types & alone. Tapped, too, a key that repeats is one press."""
    hand.new_tier("Acts")
    hand.press("F4")
    at(10)
    _french(hand, True)
    for frame in (12, 14):
        at(frame)
        _french(hand, False, again=True)
        _french(hand, True, again=True)
    at(20)
    _french(hand, False)
    assert hand.spans == [("cut", 10, 20)]
    hand.press("F4")
    at(30)
    _french(hand, True)
    at(34)
    _french(hand, True, again=True)
    at(40)
    _french(hand, True)
    assert hand.spans == [("cut", 10, 20), ("cut", 30, 40)]


def _french(hand: Hand, down: bool, again: bool = False) -> None:
    kind = QEvent.Type.KeyPress if down else QEvent.Type.KeyRelease
    for each in (QEvent.Type.ShortcutOverride, kind) if down else (kind,):
        alone, key = Qt.KeyboardModifier.NoModifier, Qt.Key.Key_Ampersand
        event = QKeyEvent(each, key, alone, 10, 0, 0, chr(key), again)
        QCoreApplication.sendEvent(hand.window.timeline, event)


def test_where_none_may_overlap_the_next_key_ends_the_one_before(hand: Hand, at: At) -> None:
    hand.new_tier("Acts")
    hand.press("F4")
    at(10)
    _key(hand, True, Qt.Key.Key_1)
    at(15)
    _key(hand, True, Qt.Key.Key_W)
    at(20)
    _key(hand, False, Qt.Key.Key_1)
    at(25)
    _key(hand, False, Qt.Key.Key_W)
    assert hand.spans == [("cut", 10, 15), ("wash", 15, 25)]
    at(12)
    _key(hand, True, Qt.Key.Key_2)
    assert "already" in hand.said
    _key(hand, False, Qt.Key.Key_2)
    assert len(hand.spans) == 2


def test_several_are_held_at_once_and_a_lost_focus_ends_them_in_order(hand: Hand, at: At) -> None:
    hand.new_tier("Hands")
    hand.press("F4")
    at(10)
    _key(hand, True, Qt.Key.Key_1)
    at(14)
    _key(hand, True, Qt.Key.Key_2)
    assert hand.window.ways.status.text("pass") == "Left, Right run"
    at(18)
    QCoreApplication.sendEvent(hand.window.timeline, QFocusEvent(QEvent.Type.FocusOut))
    assert hand.spans == [("left", 10, 18), ("right", 14, 18)]
    at(30)
    _key(hand, False, Qt.Key.Key_1)
    _key(hand, False, Qt.Key.Key_2)
    assert len(hand.spans) == 2
    _key(hand, True, Qt.Key.Key_1)
    _key(hand, False, Qt.Key.Key_1)
    assert "less than a frame" in hand.said


@pytest.fixture
def kept(recorded: Path, tmp_path: Path, qtbot: QtBot) -> Iterator[Callable[[], EditorWindow]]:
    """Opens an editor whose running segments are kept."""
    opened: list[tuple[Project, EditorWindow]] = []

    def open_one() -> EditorWindow:
        project = Project.open(recorded, CLOCK)
        (ada,) = project.annotators.all()
        window = editor_window(project, SID, ada.id, AtOnce(), running=tmp_path / "desk" / "running.json")
        opened.append((project, window))
        return window

    yield open_one
    for project, window in opened:
        while window.document.undo_name:
            window.document.undo()
        window.close()
        window.deleteLater()
        project.close()


def _killed(window: EditorWindow) -> None:
    """As it is after kill -9: the file stays, the lock is nobody's."""
    keeping = window.ways.keeping
    assert keeping
    keeping._timer.stop()
    keeping._lock.unlock()
    keeping._own = False
    window._marking.passes.changed.disconnect(keeping._keep)


def test_what_ran_when_the_program_was_killed_is_there_at_the_next_opening(
    kept: Callable[[], EditorWindow], qtbot: QtBot, tmp_path: Path
) -> None:
    window = kept()
    hand = Hand(qtbot, window)
    with qtbot.waitExposed(window):
        window.show()
    tier = hand.new_tier("Acts")
    hand.press("Space")
    qtbot.waitUntil(lambda: window.player.playing and window.player.frame_number > 2)
    hand.press("1")
    qtbot.waitUntil(lambda: window.player.frame_number > 30)
    hand.press("Space")
    keeping = window.ways.keeping
    assert isinstance(keeping, Keeping)
    keeping._keep()
    start = window._marking.tapping.running
    assert start
    _killed(window)
    again = kept()
    assert "Cut ran when the editor was ended from outside: it is kept" in again._banner.text
    (made,) = again.document.annotations(TierId(tier))
    assert (made.id, made.start_ns) == (start.id, start.start_ns)
    assert made.interval.end_ns // FRAME_NS >= 30
    assert RunningFile(tmp_path / "desk" / "running.json").read() == ()
    window._marking.passes.tapping.take_back()


def test_a_second_window_takes_nothing_that_still_runs(kept: Callable[[], EditorWindow]) -> None:
    first, second = kept(), kept()
    assert first.ways.keeping
    assert second.ways.keeping
    assert (first.ways.keeping._own, second.ways.keeping._own) == (True, False)
    assert second._banner.text == ""
