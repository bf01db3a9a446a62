"""The desk by key alone: tiers, taps, points, labels by name, attributes, edges; nothing is refused in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDialog, QLineEdit
from pytestqt.qtbot import QtBot

from storage import Project
from tests.ui.at_once import editor_at_once
from tests.ui.test_editor import CLOCK, FRAME_NS, record_session
from ui import theme
from ui.editor.label_list import found_labels
from ui.editor.new_tier import NewTierDialog, offers
from ui.editor.window import EditorWindow
from woz.annotation.label_of import NAME
from woz.annotation.live_scheme import LIVE
from woz.base.interval import NS_PER_S
from woz.lab.annotators import add_annotator
from woz.lab.taking_in import take_in
from woz.model.annotation import Annotation, Attribute
from woz.model.ids import LabelId, SchemeId, SessionId, TierId
from woz.model.own_schemes import MISTAKE
from woz.model.scheme import AttributeType, Choice, Label, Overlap, Scheme, Shape, TierType, ValueKind
from woz.model.session import Session, SessionState

SID = SessionId("20260101-000000-0000")


def _label(key: str, name: str, shortcut: str, *attributes: AttributeType) -> Label:
    return Label(LabelId(key), key, {"en": name}, "#4e79a7", shortcut, attributes=attributes)


SCHEME = Scheme(
    SchemeId("kitchen"),
    "Kitchen",
    1,
    (
        TierType(
            "acts",
            {"en": "Acts"},
            labels=(
                _label("cut", "Cut", "1"),
                _label("stir", "Stir", "2", AttributeType("how", ValueKind.TEXT, {"en": "How"})),
                _label("wash", "Wash up", "W"),
                _label("far", "Fetch from afar", ""),
            ),
            attributes=(
                AttributeType("done", ValueKind.BOOL, {"en": "Done"}),
                AttributeType("rating", ValueKind.NUMBER, {"en": "Rating"}, low=1, high=5, required="always"),
                AttributeType("kind", ValueKind.CHOICE, {"en": "Kind"}, (Choice("a"), Choice("b", {"en": "Both"}))),
                AttributeType(
                    "errors", ValueKind.SEVERAL_WITH_TEXT, {"en": "Errors"}, (Choice("slip"), Choice("order"))
                ),
            ),
        ),
        TierType("looks", {"en": "Looks"}, Shape.POINT, overlap=Overlap.ANY, labels=(_label("up", "Up", "1"),)),
        TierType(
            "hands",
            {"en": "Hands"},
            overlap=Overlap.OTHER_LABEL,
            labels=(_label("left", "Left", "1"), _label("right", "Right", "2")),
        ),
        TierType(
            "comments",
            {"en": "Comments"},
            Shape.POINT,
            overlap=Overlap.ANY,
            labels=(_label("comment", "Comment", "1"),),
            attributes=(
                AttributeType("text", ValueKind.TEXT, {"en": "What is said"}),
                AttributeType("recording", ValueKind.SOUND, {"en": "Recording"}),
                AttributeType("duration", ValueKind.NUMBER, {"en": "Length"}),
                AttributeType("rating", ValueKind.NUMBER, {"en": "Rating"}, low=1, high=10, required="always"),
                AttributeType("why", ValueKind.TEXT, {"en": "Why"}),
            ),
        ),
        TierType("skill", {"en": "Skill"}, Shape.SESSION, labels=(_label("novice", "Novice", "1"),)),
    ),
)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A session without a procedure: nothing is annotated, and there is no tier."""
    path = tmp_path_factory.mktemp("project") / "p"
    with Project.create(path, "Kitchen", CLOCK) as project:
        project.sessions.save(Session(SID, "Lamp", SessionState.RECORDING, CLOCK.utc_ns()))
        manifest = record_session(project.sessions_dir)
        (project.session_dir(SID) / "events.jsonl").write_text("", encoding="utf-8")
        take_in(project, manifest)
        project.schemes.keep(SCHEME)
        add_annotator(project, "A01")
    return path


def _once_open(do: Callable[[QDialog], None]) -> None:
    """With the dialog that a key opens."""
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, QDialog):
        do(dialog)
    else:
        QTimer.singleShot(5, lambda: _once_open(do))


class Hand:
    """Presses keys where the focus is."""

    def __init__(self, qtbot: QtBot, window: EditorWindow) -> None:
        self.qtbot, self.window = qtbot, window
        self.document = window.document

    def press(self, *keys: str) -> None:
        for key in keys:
            if not self.window.isActiveWindow():
                self.window.activateWindow()
                self.qtbot.waitUntil(self.window.isActiveWindow)
            combination = QKeySequence(key)[0]  # type: ignore[index]
            self.qtbot.keyClick(self.window, combination.key(), combination.keyboardModifiers())

    def answer(self, key: str, *typed: str) -> None:
        """Press a key that opens a dialog; type into it, and press Enter."""

        def into(dialog: QDialog) -> None:
            for text in typed:
                self.qtbot.keyClicks(dialog.focusWidget() or dialog, text)
            self.qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Return)

        _once_open(into)
        self.press(key)

    def new_tier(self, name: str) -> TierId:
        """Of the tier type with this name, as one picks it."""

        def into(dialog: QDialog) -> None:
            assert isinstance(dialog, NewTierDialog)
            while dialog.offer and dialog.offer.tier_type.name() != name:
                self.qtbot.keyClick(dialog.list, Qt.Key.Key_Down)
            self.qtbot.keyClick(dialog.list, Qt.Key.Key_Return)
            dialog.accept()

        _once_open(into)
        self.press("Ctrl+N")
        tier = self.window._tier
        assert tier
        return tier.id

    @property
    def said(self) -> str:
        return self.window._banner.text

    @property
    def items(self) -> list[Annotation]:
        return list(self.document.annotations(self.window._tier.id)) if self.window._tier else []

    @property
    def spans(self) -> list[tuple[str, int, int]]:
        """Label and frames."""
        return [(a.label, a.interval.start_ns // FRAME_NS, a.interval.end_ns // FRAME_NS) for a in self.items]

    def running(self) -> str | None:
        """The label of what is tapped and not ended."""
        running = self.window._marking.tapping.running
        return running.label if running else None

    def plays(self) -> bool:
        return self.window.player.playing

    def stand(self, frame: int) -> None:
        self.window.player.show_frame(frame)


@pytest.fixture
def hand(qtbot: QtBot, qapp: QApplication, recorded: Path) -> Iterator[Hand]:
    theme.apply(qapp, "light")
    with Project.open(recorded, CLOCK) as project:
        (ada,) = project.annotators.all()
        window = editor_at_once(project, SID, ada.id)
        qtbot.addWidget(window)
        window.show()
        qtbot.waitExposed(window)
        window.activateWindow()
        yield Hand(qtbot, window)
        while window.document.undo_name:
            window.document.undo()
        window.close()


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
