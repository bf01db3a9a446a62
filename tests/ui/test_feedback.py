"""What others said and changed is seen in the editor: told at the opening, gone through by key, answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import CLOCK, SID
from tests.storage.test_feedback import Room
from tests.ui.at_once import AtOnce
from tests.ui.desk_room import Hand
from ui.editor.feedback import NOBODY, NOT_NOW, NOT_SENT, NOTHING, UNTIL_SUBMITTED, summary
from ui.editor.marking import CHOOSE_FIRST
from ui.editor.run import editor_window, shared_editor
from woz.base.errors import UnreachableError
from woz.base.interval import NS_PER_S
from woz.lab.commenting import Place, comment, talks
from woz.lab.feedback import FeedbackDesk
from woz.lab.returning import Remark, return_tier
from woz.model.annotator import Annotator
from woz.model.item import ref_to
from woz.model.made import PROGRAM
from woz.model.own_schemes import CONVERSATION
from woz.model.tier import TierState


@pytest.fixture
def room(tmp_path: Path, qapp: QApplication) -> Iterator[Room]:
    with Project.create(tmp_path / "lab", "Lab", CLOCK) as project:
        project.schemes.add(CONVERSATION)
        yield Room(project)


def _open(qtbot: QtBot, room: Room, who: Annotator, running: Path | None = None) -> Hand:
    window = editor_window(room.project, SID, who.id, AtOnce(), running=running)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    window._choose(room.tier_id, None)
    window.feedback.read()
    return Hand(qtbot, window)


def _returned(room: Room) -> None:
    """With a remark at 12 s; one of three segments was changed, one is asked about."""
    room.move(TierState.SUBMITTED, room.ada)
    return_tier(room.project, SID, room.tier_id, room.boss, "Ends are late", [Remark(12 * NS_PER_S, "This one")])
    comment(room.project, Place(SID, item_id=room.marks[2].id), room.boss, "Which state is this?")
    room.put(room.boss, replace(room.marks[0], note="unsure"))


def test_the_opening_tells_why_it_was_returned_and_what_waits(qtbot: QtBot, room: Room) -> None:
    _returned(room)
    hand = _open(qtbot, room, room.ada)
    told = hand.window.feedback.bar.text
    assert told.startswith(f"A01 returned {room.tier.name}: Ends are late.")
    assert "2 comments wait, 1 of yours was changed since." in told
    hand.window.close()


def test_it_opens_silently_where_nothing_waits(qtbot: QtBot, room: Room) -> None:
    hand = _open(qtbot, room, room.ada)
    assert hand.window.feedback.bar.isHidden()
    hand.press("Alt+N")
    assert hand.said == NOTHING
    hand.press("Alt+C")
    assert hand.said == CHOOSE_FIRST
    hand.press("Alt+D")
    assert hand.said == NOT_NOW
    hand.window.close()


def test_a_key_leads_from_one_to_the_next(qtbot: QtBot, room: Room) -> None:
    _returned(room)
    hand = _open(qtbot, room, room.ada)
    window, bar = hand.window, hand.window.feedback.bar
    seen = []
    for _ in range(4):
        hand.press("Alt+N")
        chosen = window._marking.chosen
        seen.append(
            (bar.text.split("   ")[0], chosen.id if chosen else None, window.player.position_ns // NS_PER_S)
        )
    one, _, three = room.marks
    assert [each[0] for each in seen] == [f"{n} of 4" for n in range(1, 5)]
    assert [each[1] for each in seen] == [None, one.id, None, three.id]
    assert [each[2] for each in seen[1:]] == [0, 12, 20]
    hand.press("Alt+Shift+N")
    assert bar.text == f"3 of 4   0:12.000   On {room.tier.name}. A01: This one"
    hand.press("Alt+C")
    assert bar.field.hasFocus()
    window.close()


def test_what_was_changed_is_seen_once_also_at_the_next_opening(qtbot: QtBot, room: Room, tmp_path: Path) -> None:
    one, two, _ = room.marks
    for each in (one, two):
        room.put(room.boss, replace(each, note="unsure"))
    hand = _open(qtbot, room, room.ada, tmp_path / "desk.json")
    bar = hand.window.feedback.bar
    assert bar.text.startswith("2 of yours were changed since.")
    hand.window._choose(room.tier_id, one.id)
    assert "note: nothing → unsure" in hand.window._inspector.feedback.text()
    hand.press("Alt+N")
    assert hand.window._inspector.feedback.isHidden()
    assert "note: nothing → unsure" in bar.text
    hand.press("Alt+D")
    assert bar.text.startswith("1 of 1")
    assert hand.window._marking.chosen_id == two.id
    hand.window.close()
    hand = _open(qtbot, room, room.ada, tmp_path / "desk.json")
    bar = hand.window.feedback.bar
    assert bar.text.startswith("1 of yours was changed since.")
    hand.press("Alt+N", "Alt+D")
    assert bar.isHidden()
    hand.window.close()


def test_a_comment_is_read_at_its_item_answered_and_settled(qtbot: QtBot, room: Room) -> None:
    asked = comment(room.project, Place(SID, item_id=room.marks[1].id), room.boss, "Which state is this?")
    hand = _open(qtbot, room, room.ada)
    window = hand.window
    window._choose(room.tier_id, room.marks[1].id)
    assert "A01: Which state is this?" in window._inspector.feedback.text()
    hand.press("Alt+C")
    assert window.feedback.bar.field.hasFocus()
    qtbot.keyClicks(window.feedback.bar.field, "Waiting")
    qtbot.keyClick(window.feedback.bar.field, Qt.Key.Key_Return)
    assert window.timeline.hasFocus()
    assert window.feedback.bar.isHidden()
    (talk,) = talks(room.project, room.ada)
    assert [(each.by, each.text) for each in talk.answers] == [(room.ada.id, "Waiting")]
    assert "A02: Waiting" in window._inspector.feedback.text()
    window.close()
    hand = _open(qtbot, room, room.boss)
    hand.press("Alt+N")
    assert hand.window.feedback.bar.text.endswith("A02: Waiting")
    hand.press("Alt+D")
    (talk,) = talks(room.project, room.boss)
    assert (talk.first.id, talk.first.open) == (asked.id, False)
    assert hand.window.feedback.bar.isHidden()
    hand.window.close()


def test_something_is_said_of_the_chosen_item(qtbot: QtBot, room: Room) -> None:
    hand = _open(qtbot, room, room.ben)
    window = hand.window
    window._choose(room.tier_id, room.marks[0].id)
    hand.press("Alt+C")
    qtbot.keyClicks(window.feedback.bar.field, "Too long")
    qtbot.keyClick(window.feedback.bar.field, Qt.Key.Key_Return)
    (talk,) = talks(room.project, room.ada, mine=True)
    assert (talk.first.text, talk.first.item, talk.first.to) == ("Too long", ref_to(room.marks[0]), room.ada.id)
    assert "A03: Too long" in window._inspector.feedback.text()
    window.close()


@pytest.mark.parametrize("answers", [False, True])
def test_what_can_not_be_kept_comes_back_to_be_sent_again(
    qtbot: QtBot, room: Room, monkeypatch: pytest.MonkeyPatch, answers: bool
) -> None:
    if answers:
        comment(room.project, Place(SID, item_id=room.marks[0].id), room.boss, "Which state is this?")
    hand = _open(qtbot, room, room.ben if not answers else room.ada)
    window, field = hand.window, hand.window.feedback.bar.field

    def away(*_: object) -> None:
        raise UnreachableError("The server doesn't answer.")

    window._choose(room.tier_id, room.marks[0].id)
    hand.press("Alt+C")
    with monkeypatch.context() as gone:
        gone.setattr(FeedbackDesk, "answer" if answers else "say", away)
        qtbot.keyClicks(field, "Too long")
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert hand.said == f"The server doesn't answer. {NOT_SENT}"
    assert (field.text(), field.isHidden()) == ("Too long", False)
    hand.press("Alt+C")
    assert field.hasFocus()
    qtbot.keyClick(field, Qt.Key.Key_Return)
    (talk,) = talks(room.project, room.ada)
    assert "Too long" in [each.text for each in (talk.first, *talk.answers)]
    window.close()


def test_later_hides_it_till_something_new_comes_or_a_key_asks(qtbot: QtBot, room: Room) -> None:
    _returned(room)
    hand = _open(qtbot, room, room.ada)
    feedback = hand.window.feedback
    feedback.bar.leave.click()
    feedback.read()
    assert feedback.bar.isHidden()
    hand.press("Alt+N")
    assert feedback.bar.text.startswith("1 of 4")
    hand.press("Alt+D")
    assert hand.said == UNTIL_SUBMITTED
    feedback.bar.leave.click()
    comment(room.project, Place(SID, item_id=room.marks[1].id), room.ben, "And this?")
    feedback.read()
    assert "3 comments wait" in feedback.bar.text
    hand.window.close()


def test_what_is_typed_stays_while_others_say_more(qtbot: QtBot, room: Room) -> None:
    asked = comment(room.project, Place(SID, item_id=room.marks[1].id), room.boss, "Which state is this?")
    hand = _open(qtbot, room, room.ada)
    feedback = hand.window.feedback
    hand.press("Alt+N", "Alt+C")
    qtbot.keyClicks(feedback.bar.field, "Wait")
    comment(room.project, Place(SID, item_id=room.marks[0].id), room.ben, "And this?")
    feedback.read()
    qtbot.keyClicks(feedback.bar.field, "ing")
    qtbot.keyClick(feedback.bar.field, Qt.Key.Key_Return)
    talk = next(each for each in talks(room.project, room.ada) if each.first.id == asked.id)
    assert [each.text for each in talk.answers] == ["Waiting"]
    hand.window.close()


def test_what_is_said_meanwhile_comes_by_itself(qtbot: QtBot, room: Room) -> None:
    with shared_editor(room.project, SID, room.ada.id) as window:
        qtbot.addWidget(window)
        window.show()
        comment(room.project, Place(SID, item_id=room.marks[1].id), room.boss, "Which state is this?")
        qtbot.waitUntil(lambda: "1 comment waits" in window.feedback.bar.text, timeout=120_000)
        window.close()


def test_a_program_at_the_desk_is_told_to_name_somebody(qtbot: QtBot, room: Room) -> None:
    window = editor_window(room.project, SID, PROGRAM, AtOnce())
    qtbot.addWidget(window)
    window.show()
    window.feedback.go(1)
    assert window._banner.text == NOBODY
    window.close()


def test_nothing_makes_no_summary() -> None:
    assert summary([]) == ""
