"""One pass through the conversation by key: each turn gets its label, and the next one comes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.ui.desk_room import Hand, once_open, opened
from tests.ui.transcript_room import transcribed
from ui.editor.keys import Place
from ui.editor.label_list import LabelList
from ui.editor.turn_pass import TurnPass
from woz.annotation.turn_labels import by_turn
from woz.lab.annotators import add_annotator
from woz.model.people import Role
from woz.schemes.shipped import shipped


@pytest.fixture
def hand(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Hand]:
    with transcribed(tmp_path) as project:
        add_annotator(project, "A01")
        for name in ("ego-extra", "dialogue-acts", "holoassist"):
            project.schemes.keep(shipped(name))
        made = opened(qtbot, qapp, project)
        yield made
        made.window.close()


def _begin(hand: Hand, name: str) -> TurnPass:
    hand.new_tier(name)
    hand.press("Ctrl+U")
    made = hand.window._turn_pass
    hand.qtbot.waitUntil(made.hasFocus)
    assert hand.window._keys.place == Place.FIELD
    return made


def _press(hand: Hand, *keys: str) -> None:
    for key in keys:
        hand.qtbot.keyClick(
            hand.window._turn_pass,
            getattr(Qt.Key, f"Key_{key.removeprefix('Shift+')}"),
            Qt.KeyboardModifier.ShiftModifier if key.startswith("Shift+") else Qt.KeyboardModifier.NoModifier,
        )


def _labels(hand: Hand) -> list[list[str]]:
    found = by_turn(hand.items, hand.window._panel.turns)
    return [sorted(each.label for each in found.get(turn.id, ())) for turn in hand.window._panel.turns]


def test_each_key_labels_a_turn_and_goes_on(hand: Hand) -> None:
    made = _begin(hand, "Dialogue acts")
    assert made.count.text() == "0 of 4 labelled, 4 lack one"
    _press(hand, "1", "4", "Down", "C")
    assert _labels(hand) == [["question"], ["answer"], [], ["correct"]]
    assert "1 turn without a label" in hand.said
    _press(hand, "Return", "Shift+7", "Shift+5")
    assert _labels(hand)[2] == ["inform", "instruct"]
    assert {each.made.by for each in hand.items} == {hand.document.by}
    _press(hand, "6")
    assert _labels(hand)[2] == ["directive"]
    _press(hand, "Up", "Backspace")
    assert _labels(hand)[2] == []
    _press(hand, "Backspace")
    assert "no label" in hand.said
    _press(hand, "Y")
    assert "has the key Y" in hand.said
    _press(hand, "Escape")
    assert hand.window.timeline.hasFocus()
    assert hand.window._inspector.isVisible()
    hand.press("Ctrl+Z")


def test_a_pass_over_the_trainees_turns_alone(hand: Hand) -> None:
    made = _begin(hand, "Trainee's questions")
    _press(hand, "Tab")
    assert {turn.speaker for turn in made.turns} == {Role.TRAINEE}
    _press(hand, "4")
    assert _labels(hand) == [["location"], [], [], []]
    assert "Every turn has a label" in hand.said


def test_purposes_are_linked_to_their_turns(hand: Hand) -> None:
    made = _begin(hand, "Conversation purposes")
    _press(hand, "E", "7")
    assert [(link.type, link.target.id) for link in hand.document.links] == [("says", "a"), ("says", "b")]
    _press(hand, "Up", "Backspace")
    assert [link.target.id for link in hand.document.links] == ["a"]
    assert made.has.text() == "No label yet"


def test_a_label_without_a_key_is_found_by_name(hand: Hand) -> None:
    _begin(hand, "Conversation purposes")

    def into(dialog: QDialog) -> None:
        assert isinstance(dialog, LabelList)
        hand.qtbot.keyClicks(dialog.field, "not given")
        hand.qtbot.keyClick(dialog.field, Qt.Key.Key_Return)

    once_open(into)
    _press(hand, "F")
    assert _labels(hand)[0] == ["none"]


def test_the_turn_stays_while_it_is_heard(hand: Hand) -> None:
    made = _begin(hand, "Dialogue acts")
    first = made.turn
    _press(hand, "Space")
    hand.qtbot.waitUntil(lambda: not hand.window.player.playing)
    assert made.turn == first


def test_a_tier_that_labels_no_turns_is_refused(hand: Hand) -> None:
    hand.new_tier("Free points")
    hand.press("Ctrl+U")
    assert "labels are for turns" in hand.said
    assert not hand.window._turn_pass.isVisible()
