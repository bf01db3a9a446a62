"""Wrong answers that are suggested, and English, in the window of questions: shown, taken by key, kept by key."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from storage import Project
from tests.core.model_server import model_server
from tests.core.test_model_questions import GOOD
from tests.ui.test_questions_window import Room, film, project
from ui.questions.card import Writing
from ui.questions.suggestions import Suggesting
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.dataset.distractors.sentence_vectors import SentenceVectors, Vectors
from woz.dataset.models.endpoint import Endpoint
from woz.lab.questions import questions_of
from woz.lab.suggesting import Suggested, Suggester
from woz.model.question import Question, Wording
from woz.model.review import ReviewRule

__all__ = ["film", "project"]
Key, Ctrl, Alt, Shift = (
    Qt.Key,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


class Alike:
    """Finds all texts equally near."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        return np.ones((len(texts), 1), np.float32)


def _first(project: Project) -> Question:
    (session,) = project.sessions.all()
    return questions_of(project, session.id)[0]


def _bare(project: Project, language: str = "it") -> None:
    """The first question set without wrong answers, in Italian."""
    old = _first(project)
    new = replace(
        old, text="Dove va la vite?", answer="Sul lato sinistro.", language=language, distractors=(), flags=()
    )
    project.annotations.record(old.session_id, Edit("Bare", (old,), (new,)), "woz")


def _all_of(suggester: Suggester, question: Question) -> Suggested:
    return list(suggester.suggest(question))[-1]


def test_four_wells_give_with_their_names_and_flags(project: Project) -> None:
    question = replace(_first(project), distractors=())
    wrong = {
        **GOOD,
        "distractors": ["On the left side, with two of the longest screws that there are.", "Under it."],
    }
    with model_server(json.dumps(wrong)) as server:
        endpoint = Endpoint(server.url, "stub")
        found = _all_of(Suggester(project, lambda: SentenceVectors(Alike()), endpoint), question)
        again = _all_of(Suggester(project, lambda: SentenceVectors(Alike()), endpoint), question)
    assert (found, found.whole, found.notes) == (again, True, ())
    wells = [each.well.split(":")[0].split(" (")[0].split(", ")[0] for each in found.suggestions]
    assert wells == ["minimal edit", "answer to a like question", "nearest by sentence vectors", "stub", "stub"]
    assert [each.text for each in found.suggestions[:2]] == ["On the right side.", "Under the post."]
    by_text = {each.text: each.flags for each in found.suggestions}
    assert "contains the other" in by_text[wrong["distractors"][0]][0]
    assert "may say the same, or the opposite" in found.suggestions[2].flags[0]
    assert len(set(by_text)) == len(found.suggestions)


def test_a_well_that_gives_nothing_says_why(project: Project) -> None:
    def none() -> SentenceVectors:
        raise WozError("Sentence vectors need a package.")

    question = replace(_first(project), distractors=())
    there = _all_of(Suggester(project, none), question)
    assert len(there.suggestions) == 2
    assert there.notes[0] == "Sentence vectors need a package."
    assert "--endpoint URL" in there.notes[1]
    elsewhere = Endpoint("http://models.invalid/v1", "stub")
    notes = _all_of(Suggester(project, none, elsewhere), question).notes
    assert "give --send" in notes[1] or "not asked about this session" in notes[1]
    away = Endpoint("http://127.0.0.1:9/v1", "stub")
    assert "127.0.0.1" in _all_of(Suggester(project, none, away), question).notes[1]


def test_a_suggestion_is_taken_by_key_and_kept_by_key(qtbot: QtBot, project: Project) -> None:
    project.reviews.set_rule(ReviewRule(1, grounding=False))
    old = _first(project)
    project.annotations.record(old.session_id, Edit("Bare", (old,), (replace(old, distractors=()),)), "woz")
    room = Room(qtbot, project)
    suggesting = Suggesting(Suggester(project, lambda: SentenceVectors(Alike())))
    room.window._suggesting = suggesting
    suggesting.found.connect(room.window._show_suggested)
    panel = room.window.suggestions
    room.press(Key.Key_W)
    qtbot.waitUntil(lambda: panel.suggested.whole)
    assert [each.text for each in panel.suggested.suggestions[:2]] == ["On the right side.", "Under the post."]
    assert _first(project).distractors == (), "nothing is taken by being shown"
    room.press(Key.Key_2, held=Alt)
    assert room.window.card.texts.distractors == ("Under the post.", "", "", "")
    assert _first(project).distractors == (), "nor by being taken"
    room.press(Key.Key_1, Key.Key_1, Key.Key_1, Key.Key_1, held=Alt)
    assert "Each wrong answer is written" in room.window.told
    room.press(Key.Key_Escape)
    assert not panel.isVisible()
    room.press(Key.Key_1, held=Alt)
    room.press(Key.Key_R)
    fields = [line.field for line in room.window.card._lines if line.name.text() in ("Wrong 3", "Wrong 4")]
    for each in fields:
        each.clear()
    room.press(Key.Key_Return, held=Ctrl)
    room.kept(1)
    by = room.desk.person.id
    assert [(each.text, each.wording.by, each.wording.how) for each in _first(project).distractors] == [
        ("Under the post.", by, "taken: answer to a like question"),
        ("On the right side.", by, "taken: minimal edit: side"),
    ]
    suggesting.close()


def test_english_is_written_where_nobody_said_which_language_it_is(qtbot: QtBot, project: Project) -> None:
    _bare(project, language="")
    room = Room(qtbot, project)
    room.press(Key.Key_E, held=Shift)
    assert "Question in English" in {line.name.text() for line in room.window.card._lines}
    QTest.keyClicks(room.window.focusWidget(), "Where does the screw go?")
    QTest.keyClick(room.window.focusWidget(), Key.Key_Tab)
    QTest.keyClicks(room.window.focusWidget(), "On the left side.")
    room.press(Key.Key_Return, held=Ctrl)
    qtbot.waitUntil(lambda: _first(project).english is not None)
    english = _first(project).english
    assert english
    assert (english.text, english.answer) == ("Where does the screw go?", "On the left side.")


def test_english_is_written_under_each_text_and_checked(qtbot: QtBot, project: Project) -> None:
    _bare(project)
    room = Room(qtbot, project)
    room.press(Key.Key_E)
    assert _first(project).english is None, "there is nothing to check"
    room.press(Key.Key_E, held=Shift)
    assert room.window.card.writing == Writing.ENGLISH
    QTest.keyClicks(room.window.focusWidget(), "Where does the screw go?")
    room.press(Key.Key_Return, held=Ctrl)
    qtbot.waitUntil(lambda: "need a text in English" in room.window.told)
    shown = [line.field for line in room.window.card._lines if not line.field.isHidden()]
    assert shown, "the texts are there"
    assert all(field.isReadOnly() for field in shown), "nobody types where no key would keep it"
    room.press(Key.Key_E, held=Shift)
    QTest.keyClick(room.window.focusWidget(), Key.Key_Tab)
    QTest.keyClicks(room.window.focusWidget(), "On the left side.")
    room.press(Key.Key_Return, held=Ctrl)
    qtbot.waitUntil(lambda: _first(project).english is not None)
    now = _first(project)
    assert now.english
    assert (now.english.text, now.english.answer, now.english.checked) == (
        "Where does the screw go?", "On the left side.", True,
    )  # fmt: skip
    assert now.english.wording.by == room.desk.person.id
    assert project.reviews.own(room.desk.person.id) == [], "it judges nothing"
    by_model = replace(now, english=replace(now.english, checked=False, wording=Wording("gemma", "prompt 1", 1)))
    project.annotations.record(now.session_id, Edit("Model", (now,), (by_model,)), "woz")
    again = Room(qtbot, project)
    again.press(Key.Key_E)
    qtbot.waitUntil(lambda: bool((english := _first(project).english) and english.checked))
    assert _first(project).english == replace(by_model.english or now.english, checked=True)
