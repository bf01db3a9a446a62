"""Gaps, doubts, how a new segment goes in, edges brought onto others, and a session left and opened again."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.at_once import AtOnce
from tests.ui.desk_room import SCHEME, Hand, hand, recorded
from tests.ui.recorded_session import CLOCK, FRAME_NS
from ui.editor.run import editor_window
from ui.editor.window import EditorWindow
from woz.annotation.running import Running
from woz.base.interval import NS_PER_S
from woz.lab.schemes import begin_tiers
from woz.model.own_schemes import UNSURE

__all__ = ["hand", "recorded"]


def _make(hand: Hand, key: str, start: int, end: int) -> None:
    hand.stand(start)
    hand.press("I")
    hand.stand(end)
    hand.press(key)


def _three(hand: Hand) -> None:
    """Two acts with a gap of ten frames between them, and the session's rest behind."""
    hand.new_tier("Acts")
    _make(hand, "1", 10, 20)
    _make(hand, "2", 30, 40)


def test_one_key_goes_to_the_next_gap_and_one_back(hand: Hand) -> None:
    hand.press("Ctrl+G")
    assert "Ctrl+N" in hand.said
    _three(hand)
    hand.press("Home")
    found = []
    for _ in range(2):
        hand.press("Ctrl+G")
        found.append(hand.window.player.frame_number)
    assert found == [20, 40]
    assert "Gap of" in hand.window._saved.text()
    hand.press("Ctrl+G")
    assert "no gap in Acts after" in hand.said
    hand.press("Ctrl+Shift+G")
    assert hand.window.player.frame_number == 20
    assert hand.said == ""


def test_a_new_segment_goes_in_as_was_chosen_and_the_line_says_so(hand: Hand) -> None:
    _three(hand)
    hand.press("Ctrl+I")
    assert "replaces" in hand.said
    assert "replaces" in hand.window.ways.status.text("pass")
    assert "while it plays" not in hand.window.ways.status.text("pass"), "a tap replaces as well"
    _make(hand, "W", 15, 35)
    assert hand.spans == [("cut", 10, 15), ("wash", 15, 35), ("stir", 35, 40)]
    hand.press("Ctrl+Z", "Ctrl+I")
    assert hand.spans == [("cut", 10, 20), ("stir", 30, 40)]
    hand.stand(25)
    hand.press("Escape", "W")
    assert hand.spans == [("cut", 10, 20), ("wash", 20, 30), ("stir", 30, 40)]
    hand.press("Ctrl+Z", "Ctrl+I")
    assert "later" in hand.said
    assert "while it plays, it finds room" in hand.window.ways.status.text("pass")
    _make(hand, "W", 25, 28)
    assert hand.spans == [("cut", 10, 20), ("wash", 25, 28), ("stir", 33, 43)]
    hand.press("Shift+Delete")
    assert hand.spans == [("cut", 10, 20), ("stir", 30, 40)]
    hand.press("Ctrl+I")
    assert "replaces" not in hand.window.ways.status.text("pass")
    hand.press("Shift+Delete")
    assert "Choose a segment first" in hand.said


def test_a_tap_replaces_where_that_was_chosen(hand: Hand, qtbot: QtBot) -> None:
    _three(hand)
    hand.stand(15)
    hand.press("Escape", "Space")
    qtbot.waitUntil(hand.plays)
    hand.press("W")
    assert "already" in hand.said
    hand.press("Space", "Ctrl+I")
    hand.stand(15)
    hand.press("Space")
    qtbot.waitUntil(hand.plays)
    hand.press("W")
    qtbot.waitUntil(lambda: hand.window.player.frame_number > 17)
    hand.press("Space", "W")
    labels = [label for label, _, _ in hand.spans]
    assert labels[:2] == ["cut", "wash"]
    assert set(labels[2:-1]) <= {"cut"}, "what is left of it stays"
    hand.press("Ctrl+I", "Ctrl+I", "Ctrl+I")


def test_a_tap_that_replaced_as_the_program_was_killed_is_kept(hand: Hand) -> None:
    _three(hand)
    marking = hand.window._marking
    wash = next(label for label in marking.labels() if label.id == "wash")
    begun = marking.new(wash, 15 * FRAME_NS)
    said = marking.passes.recover(Running(begun, 25 * FRAME_NS))
    assert "it is kept as far as it had come" in said
    assert hand.spans == [("cut", 10, 15), ("wash", 15, 25), ("stir", 30, 40)]
    hand.press("Ctrl+Z")
    assert hand.spans == [("cut", 10, 20), ("stir", 30, 40)]


def test_a_doubt_is_flagged_with_its_note_and_stands_in_the_list(hand: Hand, qtbot: QtBot) -> None:
    hand.new_tier("Acts")
    hand.press("Shift+U")
    assert "Choose a segment first" in hand.said
    _make(hand, "1", 10, 20)
    hand.press("Shift+U", "N")
    qtbot.keyClicks(hand.window._inspector.note, "hidden by the hand")
    qtbot.keyClick(hand.window._inspector.note, Qt.Key.Key_Return)
    (item,) = hand.items
    assert item.value(UNSURE) is True
    assert item.note == "hidden by the hand"
    qtbot.waitUntil(lambda: any("hidden by the hand" in each.sentence for each in hand.window._findings.list))
    assert not any("none of this scheme" in each.sentence for each in hand.window._findings.list)
    row = hand.window.timeline._layout.rows.row_of(item.tier_id)
    assert row
    assert row.text(0) == "⚑ Cut"
    hand.press("Shift+U")
    assert hand.items[0].value(UNSURE) is None


def test_an_edge_is_brought_onto_that_of_another_tier(hand: Hand) -> None:
    hand.new_tier("Hands")
    _make(hand, "1", 12, 33)
    hand.new_tier("Acts")
    hand.stand(10)
    hand.press("Shift+S")
    assert "Choose a segment first" in hand.said
    _make(hand, "1", 10, 31)
    hand.stand(11)
    hand.press("Shift+S")
    assert hand.spans == [("cut", 12, 31)]
    hand.stand(30)
    hand.press("Shift+S")
    assert hand.spans == [("cut", 12, 33)]
    assert hand.window.player.frame_number == 33


def test_a_dragged_edge_is_caught_by_others_with_shift(hand: Hand) -> None:
    hand.new_tier("Hands")
    _make(hand, "1", 12, 33)
    hand.new_tier("Acts")
    _make(hand, "2", 10, 31)
    hand.stand(50)
    line = hand.window.timeline
    line.show_span(0, 3 * NS_PER_S)
    row = line._layout.rows.row_of(hand.items[0].tier_id)
    assert row
    box = line._layout.place(row, 0)
    to = line._layout.view.x(33 * FRAME_NS) + 4
    for held, end in ((Qt.KeyboardModifier.NoModifier, None), (Qt.KeyboardModifier.ShiftModifier, 33)):
        QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=QPointF(box.right(), box.center().y()).toPoint())
        at = QPointF(to, box.center().y()).toPoint()
        QTest.mouseMove(line, at)
        QTest.mouseRelease(line, Qt.MouseButton.LeftButton, held, at)
        moved = hand.items[0].interval.end_ns // FRAME_NS
        assert (moved == end) if end else (moved > 31)
        box = line._layout.place(line._layout.rows.row_of(hand.items[0].tier_id) or row, 0)


@pytest.mark.parametrize("damaged", [False, True])
def test_a_session_opens_where_it_was_left(
    qtbot: QtBot, qapp: QApplication, recorded: Path, tmp_path: Path, damaged: bool
) -> None:
    running = tmp_path / "desk" / "this.json"
    shutil.copytree(recorded, tmp_path / "p")
    with Project.open(tmp_path / "p", CLOCK) as project:
        (session,), (ada,) = project.sessions.all(), project.annotators.all()
        begin_tiers(project, session.id, SCHEME, ada)
        window = _shown(qtbot, project, ada.id, running)
        tier = window._marking.tiers[-1]
        window._choose(tier.id, None)
        window.timeline.show_span(NS_PER_S, 3 * NS_PER_S)
        window.player.show_frame(37)
        window.close()
        if damaged:
            (kept,) = running.parent.glob("*-left.json")
            kept.write_text('{"at_ns": "never"}')
        again = _shown(qtbot, project, ada.id, running)
        left = (again.player.frame_number, again._tier == tier, again.timeline.span.start_ns)
        again.close()
        assert left == ((0, False, 0) if damaged else (37, True, NS_PER_S))


def _shown(qtbot: QtBot, project: Project, by: str, running: Path) -> EditorWindow:
    window = editor_window(project, project.sessions.all()[0].id, by, AtOnce(), running=running)
    qtbot.addWidget(window)
    window.show()
    return window
