"""The desk by key alone: tiers, taps, points, labels by name, attributes, edges; nothing is refused in silence."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from tests.ui.desk_room import SCHEME, Hand, hand, recorded
from tests.ui.recorded_session import FRAME_NS
from ui.editor.label_list import found_labels
from ui.editor.new_tier import offers
from woz.annotation.label_of import NAME
from woz.annotation.live_scheme import LIVE
from woz.base.interval import NS_PER_S
from woz.model.annotation import Attribute
from woz.model.ids import LabelId
from woz.model.own_schemes import MISTAKE

__all__ = ["hand", "recorded"]


def test_without_a_tier_each_key_says_what_to_do(hand: Hand) -> None:
    assert [tier for tier in hand.document.tiers if tier.scheme_id != LIVE.id] == []
    for key in ("1", "Tab", "Return", "PgDown", "F", "D", "N", "X", "S", "M", "Delete", "Shift+I", "O", "."):
        hand.window.tell("")
        hand.press(key)
        assert "Ctrl+N" in hand.said, key


def test_a_tier_is_made_of_any_scheme_and_is_the_annotators(hand: Hand) -> None:
    hand.new_tier("Acts")
    tier = hand.window._tier
    assert tier
    assert (tier.name, tier.scheme_id, tier.tier_type) == ("Acts", SCHEME.id, "acts")
    assert tier.annotator_id == hand.document.by
    again = hand.new_tier("Acts")
    assert [t.name for t in hand.document.tiers if t.id == again] == ["Acts 2"]
    assert all(offer.scheme.id != LIVE.id for offer in offers(hand.document.schemes.values()))


def test_labels_are_made_as_one_goes_in_an_open_tier(hand: Hand) -> None:
    hand.new_tier("Free labels")
    hand.press("1")
    assert "No label of Free labels has the key 1" in hand.said
    hand.stand(10)
    hand.press("I")
    hand.stand(20)
    hand.answer("F", "Look around")
    hand.stand(40)
    hand.press("I")
    hand.stand(50)
    hand.answer("F", "look")
    first, second = hand.items
    assert first.label == second.label
    assert first.value(NAME) == "Look around"


def test_each_key_that_can_not_act_says_why(hand: Hand) -> None:
    hand.new_tier("Acts")
    said = {
        "O": "Press I where it starts first",
        "9": "has the key 9",
        "Delete": "Choose a segment first",
        "X": "has no mistakes",
        "P": "P plays it",
        "R": "no edge",
        "PgDown": "no edge",
        "N": "Choose a segment first",
        "D": "Choose a segment first",
        "Return": "Nothing of Acts is here",
        "Tab": "one tier only",
        ",": "Choose a segment first",
    }
    for key, words in said.items():
        hand.window.tell("")
        hand.press(key)
        assert words in hand.said, key


def test_a_label_key_relabels_only_where_the_play_head_is(hand: Hand) -> None:
    hand.new_tier("Acts")
    hand.press("Home", "I")
    hand.stand(10)
    hand.press("1", "2")
    assert hand.spans == [("stir", 0, 10)]
    hand.stand(30)
    hand.press("I")
    hand.stand(35)
    hand.press("W")
    assert hand.spans == [("stir", 0, 10), ("wash", 30, 35)]


def _at(frame: int) -> property:
    return property(lambda _: frame * FRAME_NS)


def test_a_tap_pass(hand: Hand, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """While it plays: a key begins, the next ends and begins, the same again leaves a gap, Backspace takes back."""
    hand.new_tier("Acts")
    monkeypatch.setattr(type(hand.window.player), "playing", property(lambda player: True))
    marking, frames = hand.window._marking, iter(((5, "1"), (12, "2"), (20, "2"), (30, "1"), (36, "W")))
    for frame, key in frames:
        monkeypatch.setattr(type(marking), "here_ns", _at(frame))
        hand.press(key)
    assert hand.spans == [("cut", 5, 12), ("stir", 12, 20), ("cut", 30, 36)]
    assert hand.running() == "wash"
    hand.press("Backspace")
    assert hand.spans == [("cut", 5, 12), ("stir", 12, 20)]
    assert hand.running() == "cut"
    hand.press("Backspace")
    assert hand.running() is None
    assert hand.spans == [("cut", 5, 12), ("stir", 12, 20)]
    monkeypatch.setattr(type(marking), "here_ns", _at(7))
    hand.press("1")
    assert "already" in hand.said


def test_a_tap_is_ended_by_a_frame_that_is_stood_on(hand: Hand, qtbot: QtBot) -> None:
    hand.new_tier("Acts")
    player = hand.window.player
    hand.press("Home", "Space")
    qtbot.waitUntil(lambda: player.playing and player.frame_number > 2)
    hand.press("1")
    hand.press("Space")
    hand.stand(80)
    hand.press("1")
    ((label, start, end),) = hand.spans
    assert (label, end) == ("cut", 80)
    assert 2 < start < 80


def test_points_and_what_is_for_the_whole_session_are_made_by_key(hand: Hand) -> None:
    hand.new_tier("Looks")
    for frame in (10, 20):
        hand.stand(frame)
        hand.press("1")
    assert [(a.start_ns, a.end_ns) for a in hand.items] == [(10 * FRAME_NS, None), (20 * FRAME_NS, None)]
    hand.stand(25)
    hand.press("Shift+I")
    assert [a.start_ns for a in hand.items] == [10 * FRAME_NS, 25 * FRAME_NS]
    hand.stand(12)
    hand.press("Return", "Delete")
    assert [a.start_ns for a in hand.items] == [25 * FRAME_NS]
    hand.new_tier("Skill")
    hand.press("1")
    assert [(a.label, a.start_ns) for a in hand.items] == [("novice", None)]
    assert "whole session" in hand.window._inspector._span.text()
    hand.press("Shift+I")
    assert "no edges" in hand.said


def test_edges_that_touch_move_together_and_by_frames(hand: Hand) -> None:
    hand.new_tier("Acts")
    for start, end, key in ((0, 10, "1"), (10, 20, "2")):
        hand.stand(start)
        hand.press("I")
        hand.stand(end)
        hand.press(key)
    hand.stand(14)
    hand.press("Return", "Shift+I")
    assert hand.spans == [("cut", 0, 14), ("stir", 14, 20)]
    hand.press(",", ",")
    assert hand.spans == [("cut", 0, 12), ("stir", 12, 20)]
    assert hand.window.player.frame_number == 12
    hand.press("Alt+.")
    assert hand.spans == [("cut", 0, 12), ("stir", 13, 20)]
    hand.press("Ctrl+Z", "Ctrl+Z")
    assert hand.spans == [("cut", 0, 13), ("stir", 13, 20)]


def test_an_edge_that_can_not_be_moved_by_a_frame_says_why(hand: Hand) -> None:
    hand.new_tier("Acts")
    for start, end, key in ((0, 10, "1"), (10, 20, "2")):
        hand.stand(start)
        hand.press("I")
        hand.stand(end)
        hand.press(key)
    hand.stand(10)
    hand.press("Return", "Alt+,")
    assert "no room for it alone" in hand.said
    hand.stand(1)
    hand.press("Return", ",")
    assert hand.said == "This edge is at the start of the recording."
    assert hand.spans == [("cut", 0, 10), ("stir", 10, 20)]


def test_an_end_at_the_end_of_the_session_goes_no_frame_back_as_it_is_sent_on(hand: Hand) -> None:
    """The session lasts as long as its last frame, so its end lies after that one."""
    hand.new_tier("Acts")
    length_ns, last_ns = hand.window.timeline.duration_ns, hand.window._times[-1]
    assert length_ns > last_ns
    hand.stand(5)
    hand.press("Ctrl+I", "Ctrl+I", "1")
    assert hand.items[0].end_ns == length_ns, "it fills the gap up to the end"
    hand.press("End", "Return", ".")
    assert hand.items[0].end_ns == length_ns
    assert hand.said == "This edge is at the end of the recording."
    hand.press(",")
    assert hand.items[0].end_ns == last_ns
    hand.press(".")
    assert hand.items[0].end_ns == length_ns


def test_a_label_is_found_by_some_letters(hand: Hand) -> None:
    hand.new_tier("Acts")
    hand.stand(10)
    hand.answer("F", "aff".replace("ff", "fa"))
    assert [a.label for a in hand.items] == ["far"]
    labels = SCHEME.tier_types[0].labels
    assert [label.key for label in found_labels(labels, "")] == ["cut", "stir", "wash", "far"]
    assert [label.key for label in found_labels(labels, "", [LabelId("wash")])] == ["wash", "cut", "stir", "far"]
    assert [label.key for label in found_labels(labels, "up w")] == ["wash"]
    assert [label.key for label in found_labels(labels, "t")] == ["cut", "stir", "far"]
    assert found_labels(labels, "zz") == []


def test_attributes_are_filled_by_key(hand: Hand, qtbot: QtBot) -> None:
    hand.new_tier("Acts")
    hand.press("2", "D")
    rating = hand.window._inspector._fields["rating"]
    assert isinstance(rating, QLineEdit)
    qtbot.waitUntil(rating.hasFocus)
    qtbot.keyClicks(rating, "9")
    qtbot.keyClick(rating, Qt.Key.Key_Return)
    assert hand.said == "Rating is from 1 to 5."
    qtbot.keyClicks(rating, "4")
    qtbot.keyClick(rating, Qt.Key.Key_Return)
    assert hand.items[0].value("rating") == 4
    fields = hand.window._inspector._fields
    done, kind, errors, how = (fields[key] for key in ("done", "kind", "errors", "how"))
    assert isinstance(done, QCheckBox)
    assert isinstance(kind, QComboBox)
    assert isinstance(how, QLineEdit)
    done.setFocus()
    qtbot.keyClick(done, Qt.Key.Key_Space)
    kind.setFocus()
    qtbot.keyClick(kind, Qt.Key.Key_Down)
    qtbot.keyClick(kind, Qt.Key.Key_Down)
    slip = errors.findChildren(QCheckBox)[0]
    slip.setFocus()
    qtbot.keyClick(slip, Qt.Key.Key_Space)
    about = errors.findChildren(QLineEdit)[0]
    about.setFocus()
    qtbot.keyClicks(about, "fell")
    how.setFocus()
    qtbot.keyClicks(how, "slowly")
    qtbot.keyClick(how, Qt.Key.Key_Escape)
    assert hand.window.timeline.hasFocus()
    (item,) = hand.items
    assert (item.value("done"), item.value("kind"), item.value("how")) == (True, "b", "slowly")
    assert [a for a in item.attributes if a.key == "errors"] == [Attribute("errors", "slip", "fell")]
    hand.press("1")
    assert "how" not in hand.window._inspector._fields


def test_what_belongs_to_no_scheme_has_no_box_for_mistakes(hand: Hand) -> None:
    hand.new_tier("Acts")
    hand.press("1")
    assert MISTAKE not in hand.window._inspector._fields
    hand.new_tier("Conversation states")
    hand.press("1")
    assert MISTAKE in hand.window._inspector._fields


def test_j_k_l_and_speed(hand: Hand, qtbot: QtBot) -> None:
    player = hand.window.player
    hand.stand(60)
    hand.press("J")
    qtbot.waitUntil(lambda: player.frame_number < 50)
    hand.press("K")
    stood = player.frame_number
    qtbot.waitUntil(lambda: player.rested)
    assert player.frame_number == stood
    hand.press("L")
    assert hand.plays()
    assert player.speed == 1.0
    hand.press("L", "L")
    assert player.speed == 1.5
    hand.press("K")
    assert not hand.plays()
    hand.press(*["Ctrl+Down"] * 9)
    assert player.speed == 0.25
    hand.press(*["Ctrl+Up"] * 9)
    assert player.speed == 4.0


def test_an_edge_is_played_round(hand: Hand, qtbot: QtBot) -> None:
    hand.new_tier("Acts")
    hand.stand(30)
    hand.press("I")
    hand.stand(50)
    hand.press("1", "R")
    player = hand.window.player
    assert player.playing
    assert player.speed == 0.5
    assert abs(player.position_ns - (50 * FRAME_NS - NS_PER_S // 2)) <= FRAME_NS
    hand.press("R")
    assert (player.frame_number, player.playing, player.speed) == (50, False, 1.0)
