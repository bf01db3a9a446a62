"""Doubts about turns and links: flagged by key with a reason, shown where they are, listed, taken back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QInputDialog
from pytestqt.qtbot import QtBot

from tests.ui.desk_room import Hand, once_open, opened
from tests.ui.transcript_room import transcribed
from ui.editor.keys import Place
from woz.annotation.flagging import flagged
from woz.annotation.transcript_edits import merge
from woz.lab.annotators import add_annotator
from woz.lab.findings import session_findings
from woz.model.ids import SessionId
from woz.model.people import Role
from woz.model.transcript import Turn
from woz.schemes.shipped import shipped


@pytest.fixture
def hand(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Hand]:
    with transcribed(tmp_path) as project:
        add_annotator(project, "A01")
        project.schemes.keep(shipped("ego-extra"))
        made = opened(qtbot, qapp, project)
        yield made
        made.window.close()
        found = session_findings(project, SessionId(made.document.session_id))
        assert [each.words for each in found] == [each.words for each in made.window._findings.list]


def _to_turns(hand: Hand) -> None:
    hand.press("Ctrl+T")
    hand.qtbot.waitUntil(lambda: hand.window._keys.place == Place.TRANSCRIPT)


def _turn(hand: Hand) -> Turn:
    return hand.window._panel.turns[0]


def _said(hand: Hand) -> list[str]:
    return [each.words for each in hand.window._findings.list]


def test_a_turn_is_flagged_with_a_reason_and_no_longer(hand: Hand) -> None:
    _to_turns(hand)
    hand.window._panel.choose(0)
    hand.answer("Shift+U", "  bowl,  not bowel ")
    assert _turn(hand).doubt == "bowl, not bowel"
    hand.qtbot.waitUntil(lambda: len(_said(hand)) == 1)
    assert _said(hand) == ["Turn, 0:00.50, trainee: It is flagged as doubtful: bowl, not bowel."]
    index = hand.window._panel.model.index(0, 0)
    assert "flagged as doubtful: bowl" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "Doubtful: bowl, not bowel" in index.data(Qt.ItemDataRole.ToolTipRole)
    line = hand.window.timeline
    (row,) = [each for each in line._layout.rows if each.voice == Role.TRAINEE and each.spans]
    assert row.text(0) == "⚑ Where is the bowel?"
    hand.press("Ctrl+Z")
    assert _turn(hand).doubt is None
    hand.press("Ctrl+Shift+Z", "Shift+U")
    assert _turn(hand).doubt is None
    hand.answer("Shift+U")
    assert _turn(hand).doubt == ""
    hand.press("Shift+U")
    hand.qtbot.waitUntil(lambda: not _said(hand))


def test_who_thinks_again_flags_nothing(hand: Hand) -> None:
    _to_turns(hand)
    hand.window._panel.choose(0)

    def away(dialog: QDialog) -> None:
        assert isinstance(dialog, QInputDialog)
        hand.qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    once_open(away)
    hand.press("Shift+U")
    assert _turn(hand).doubt is None
    assert hand.document.undo_name is None


def test_a_link_is_flagged_and_the_line_of_it_says_so(hand: Hand) -> None:
    hand.window.timeline.setFocus()
    hand.press("Alt+U")
    assert "Choose what is to be linked" in hand.said
    hand.new_tier("Trainee's questions")
    hand.stand(10)
    hand.press("I")
    hand.stand(30)
    hand.press("4", "Alt+U")
    assert "no link" in hand.said
    hand.press("Ctrl+K")
    _to_turns(hand)
    hand.window._panel.choose(1)
    hand.press("Ctrl+K")
    hand.answer("Alt+U", "or the next one")
    (link,) = hand.document.links
    assert link.doubt == "or the next one"
    hand.window.timeline.setFocus()
    hand.stand(20)
    hand.press("Return")
    assert "⚑ or the next one" in hand.window._inspector.links.text()
    hand.qtbot.waitUntil(lambda: any("link “answered by”: It is flagged" in each for each in _said(hand)))
    line = hand.window.timeline
    assert line.grab()
    assert line._still.bows
    assert [bow.name for bow in line._still.bows.all] == ["answered by ⚑"]
    row = line._layout.rows.row_of(hand.items[0].tier_id)
    assert row
    assert "or the next one" in line._still.flags.words(hand.items[0].id)
    hand.press("Alt+U")
    assert hand.document.links[0].doubt is None
    hand.qtbot.waitUntil(lambda: not _said(hand))


def test_turns_that_become_one_keep_what_was_doubted(hand: Hand) -> None:
    first, second = hand.window._panel.turns[1:3]
    assert merge(first, second).after[0].doubt is None  # type: ignore[union-attr]
    doubted = [flagged(each, why).after[0] for each, why in ((first, "who?"), (second, "when?"))]
    assert merge(*doubted).after[0].doubt == "who? when?"  # type: ignore[arg-type, union-attr]
