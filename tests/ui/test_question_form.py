"""A question set written from the moment that the editor shows: kept, undone, and there for whoever judges."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog

from storage import Project
from tests.ui.desk_room import SID, Hand, hand, once_open, recorded
from tests.ui.recorded_session import CLOCK, FRAME_NS
from ui.editor.question_form import QuestionForm
from woz.annotation.edits import Edit
from woz.model.annotation import Annotation
from woz.model.ids import AnnotationId
from woz.model.question import Evidence, Question, QuestionKind, ReviewStatus
from woz.model.review import ReviewTask

__all__ = ["hand", "recorded"]
TEXTS = ("Which lid goes on first?", "The small lid.", "The big lid.", "Neither of them, you need a plate.")


def write(hand: Hand, *texts: str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> QuestionForm:
    """Press the key, type with Tab between the fields, and keep it with Enter."""
    forms = list[QuestionForm]()

    def into(dialog: QDialog) -> None:
        assert isinstance(dialog, QuestionForm)
        forms.append(dialog)
        for n, text in enumerate(texts):
            if n:
                hand.qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
            hand.qtbot.keyClicks(dialog.focusWidget(), text)
        hand.qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Return, held)
        if dialog.isVisible():
            dialog.reject()

    once_open(into)
    hand.press("Shift+Q")
    return forms[0]


def questions(hand: Hand) -> tuple[Question, ...]:
    return hand.document.questions


def test_ctrl_enter_keeps_it_as_in_the_window_of_questions(hand: Hand) -> None:
    write(hand, *TEXTS, held=Qt.KeyboardModifier.ControlModifier)
    assert [each.text for each in questions(hand)] == [TEXTS[0]]


def test_a_question_is_asked_where_one_stands_and_is_undone(hand: Hand, recorded: Path) -> None:
    hand.stand(40)
    write(hand, *TEXTS)
    (made,) = questions(hand)
    assert (made.text, made.answer) == TEXTS[:2]
    assert tuple(each.text for each in made.distractors) == TEXTS[2:]
    assert made.at_ns == made.clip.end_ns == hand.window.player.position_ns
    assert made.at_ns // FRAME_NS == 40
    assert made.evidence.frames_ns == (made.at_ns,)
    assert (made.kind, made.status, made.type) == (QuestionKind.WRITTEN, ReviewStatus.PROPOSED, "clarification")
    assert {each.wording.how for each in made.distractors} == {made.wording.how} == {"written"}
    assert made.wording.by == hand.document.by
    assert "is kept" in hand.said
    with Project.open(recorded, CLOCK) as project:
        (ada,) = project.annotators.all()
        waiting = project.reviews.waiting(ada.id, ReviewTask.TEXT)
    assert [each.question_id for each in waiting if each.session_id == SID] == [made.id]
    hand.press("Ctrl+Z")
    assert questions(hand) == ()
    hand.press("Ctrl+Y")
    assert questions(hand) == (made,)


def mark(hand: Hand, name: str, start: int, end: int) -> AnnotationId:
    """A segment of frames in the tier that one stands in."""
    assert hand.window._tier
    key = AnnotationId(name)
    span = start * FRAME_NS, end * FRAME_NS
    made = Annotation(key, hand.window._tier.id, *span, "cut", hand.document.made())
    hand.document.apply(Edit("Mark", (), (made,)))
    return key


def test_what_it_rests_on_is_chosen_by_key(hand: Hand) -> None:
    """Segments that begin by then are offered, a later one isn't; the frame is taken unless one takes it away."""
    hand.new_tier("Acts")
    before, _ = mark(hand, "before", 10, 30), mark(hand, "later", 50, 60)
    hand.stand(40)

    def into(dialog: QDialog) -> None:
        assert isinstance(dialog, QuestionForm)
        rests = dialog.rests
        (row,) = (row for row in range(rests.count()) if "Acts: Cut," in rests.item(row).text())
        assert rests.taken == (None,)
        hand.qtbot.keyClick(rests, Qt.Key.Key_Space)
        for _ in range(row):
            hand.qtbot.keyClick(rests, Qt.Key.Key_Down)
        hand.qtbot.keyClick(rests, Qt.Key.Key_Space)
        for field, text in ((dialog.question, TEXTS[0]), (dialog.answer, TEXTS[1])):
            hand.qtbot.keyClicks(field, text)
        hand.qtbot.keyClick(dialog.answer, Qt.Key.Key_Return)
        if dialog.isVisible():
            dialog.reject()

    once_open(into)
    hand.press("Shift+Q")
    (made,) = questions(hand)
    assert made.evidence == Evidence(annotations=(before,))


def test_what_is_no_question_set_is_told_and_nothing_is_lost(hand: Hand) -> None:
    form = write(hand, "Which lid?")
    assert form.trouble.text == "A question set needs a question and an answer."
    assert form.question.text() == "Which lid?"
    assert questions(hand) == ()
    same = write(hand, "Which lid?", "The small lid", "the small lid.")
    assert "Two of the answers are the same" in same.trouble.text


def test_rules_speak_while_one_writes(hand: Hand) -> None:
    form = write(hand, "", "The small lid.", "Lid.")
    assert "one of it and “The small lid.” contains the other" in form.hint.text()
