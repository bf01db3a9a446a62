"""Links by key: made, drawn, followed there and back, taken away, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.ui.desk_room import Hand, opened
from tests.ui.transcript_room import transcribed
from ui.editor.keys import Place
from ui.editor.timeline.bows import Bow
from woz.lab.annotators import add_annotator
from woz.schemes.shipped import shipped


@pytest.fixture
def hand(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Hand]:
    with transcribed(tmp_path) as project:
        add_annotator(project, "A01")
        project.schemes.keep(shipped("ego-extra"))
        project.schemes.keep(shipped("dialogue-acts"))
        made = opened(qtbot, qapp, project)
        yield made
        made.window.close()


def _to_turns(hand: Hand) -> None:
    hand.press("Ctrl+T")
    hand.qtbot.waitUntil(lambda: hand.window._keys.place == Place.TRANSCRIPT)


def _drawn(hand: Hand) -> list[Bow]:
    bows = hand.window.timeline._still.bows
    assert bows
    return bows.all


def _question(hand: Hand) -> None:
    hand.window.timeline.setFocus()
    hand.new_tier("Trainee's questions")
    hand.stand(10)
    hand.press("I")
    hand.stand(30)
    hand.press("4")


def test_a_question_is_linked_to_a_turn_followed_and_unlinked(hand: Hand) -> None:
    _question(hand)
    hand.press("Ctrl+K")
    _to_turns(hand)
    hand.window._panel.choose(1)
    hand.press("Ctrl+K")
    (link,) = hand.document.links
    assert (link.type, link.source.kind, link.target.id) == ("answered-by", "annotation", "b")
    assert link.made.by == hand.document.by
    assert hand.window.timeline.grab()
    assert [bow.name for bow in _drawn(hand)] == ["answered by"]
    hand.window._panel.choose(0)
    hand.press("Alt+Right")
    assert "no link" in hand.said
    hand.window._panel.choose(1)
    hand.press("Alt+Right")
    hand.qtbot.waitUntil(lambda: hand.window._keys.place == Place.TIME_LINE)
    assert hand.window._segment() == hand.items[0]
    assert "→ answered by: The bowel is here" in hand.window._inspector.links.text()
    hand.press("Alt+Left")
    hand.qtbot.waitUntil(lambda: hand.window._keys.place == Place.TRANSCRIPT)
    assert hand.window._panel.row == 1
    hand.press("Ctrl+Z")
    assert hand.document.links == ()
    hand.press("Ctrl+Shift+Z", "Alt+Delete")
    assert hand.document.links == ()
    assert hand.window.timeline.grab()
    assert _drawn(hand) == []


def test_what_no_scheme_allows_is_said(hand: Hand) -> None:
    hand.press("Ctrl+K")
    assert "Choose what is to be linked" in hand.said
    hand.press("Alt+Left")
    assert "No link was followed" in hand.said
    _question(hand)
    _to_turns(hand)
    hand.window._panel.choose(0)
    hand.press("Ctrl+K")
    hand.window._panel.choose(1)
    hand.press("Ctrl+K")
    assert "No link of the schemes" in hand.said
    assert hand.document.links == ()


def test_there_are_no_more_than_the_scheme_has(hand: Hand) -> None:
    hand.new_tier("Dialogue acts")
    for frame, key in ((0, "5"), (20, "1"), (40, "4")):
        hand.stand(frame)
        hand.press("I")
        hand.stand(frame + 10)
        hand.press(key)
    said = []
    for target in (5, 25, 5):
        hand.stand(45)
        hand.press("Return", "Ctrl+K")
        hand.stand(target)
        hand.press("Return", "Ctrl+K")
        said.append(hand.said)
    assert len(hand.document.links) == 1
    assert "at most" in said[1]
    assert "already" in said[2]


def test_links_go_with_what_is_deleted_and_stay_with_what_is_merged(hand: Hand) -> None:
    _question(hand)
    hand.press("Ctrl+K")
    _to_turns(hand)
    hand.window._panel.choose(2)
    hand.press("Ctrl+K", "Shift+M")
    (link,) = hand.document.links
    assert link.target.id == "b"
    hand.window.timeline.setFocus()
    hand.qtbot.waitUntil(lambda: hand.window._keys.place == Place.TIME_LINE)
    hand.press("Delete")
    assert not hand.document.links
    hand.press("Ctrl+Z")
    assert len(hand.document.links) == 1
