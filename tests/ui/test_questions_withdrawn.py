"""What somebody typed of question sets while the database was away, and somebody withdrew meanwhile, comes back
nowhere; their verdicts alone do.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from storage import Project
from tests.storage.examples import SESSION, SID, question
from tests.ui.test_questions_kept import kept_in
from tests.ui.test_questions_window import PATIENCE_MS, Absence, Key, Room, film, project
from ui.questions.deciding import UNDER_WAY, WITHDREW
from woz.annotation.edits import Edit
from woz.annotation.withdrawn import Scope
from woz.dataset.distractors.wells import LIKE
from woz.dataset.review.texts import texts_of
from woz.dataset.review.unstored import FORGOTTEN, UnstoredDeeds, Whose
from woz.lab.questions import questions_of
from woz.model.ids import ParticipantId, SessionId
from woz.model.people import Participant, Role
from woz.model.question import Distractor, Question, QuestionKind
from woz.model.review import Verdict

__all__ = ["film", "project"]
TYPED = "she said Zwetschgenkompott"
PERSON = Participant(ParticipantId("e"), "E07", Role.EXPERT)
ELSEWHERE = "20991231-000000-0000"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "kept.jsonl"


def _withdraw(project: Project, *sessions: str) -> None:
    """By somebody at another computer, who reaches no file of this one."""
    _begin(project, *sessions)
    project.withdrawals.end(PERSON.id, "{}")


def _begin(project: Project, *sessions: str) -> None:
    project.participants.save(PERSON)
    plan = {"person": "E07", "sessions": [{"session_id": each, "rows": {}} for each in sessions]}
    project.withdrawals.begin(PERSON.id, "ada", json.dumps(plan))


def _decided_while_away(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Absence, Room]:
    """The first with a comment, the second without a word."""
    absence = Absence(project, monkeypatch)
    room = Room(qtbot, project, unstored=kept_in(path, project))
    room.press(Key.Key_C)
    QTest.keyClicks(room.window.focusWidget(), TYPED)
    room.press(Key.Key_Return, Key.Key_A, Key.Key_D)
    assert TYPED in path.read_text(encoding="utf-8")
    return absence, room


def _opened_again(qtbot: QtBot, project: Project, path: Path) -> Room:
    person = project.annotators.named("A01")
    whose = Whose(project.made_utc_ns, person.id, project.withdrawals.so_far().mark)
    return Room(qtbot, project, unstored=UnstoredDeeds(path, whose))


def _nowhere(project: Project, path: Path) -> bool:
    own = project.reviews.own(project.annotators.named("A01").id)
    files = (each for each in path.parent.iterdir() if TYPED in each.read_text(encoding="utf-8"))
    return not any(files) and not any(each.comment for each in own)


def test_what_was_typed_before_a_withdrawal_is_not_stored_by_the_window_that_waited(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absence, room = _decided_while_away(qtbot, project, path, monkeypatch)
    _withdraw(project, SID)
    absence.back = True
    room.kept(1)
    qtbot.waitUntil(lambda: not room.desk.unkept, timeout=PATIENCE_MS)
    assert room.window.told == WITHDREW
    assert (room.desk.left, path.exists(), _nowhere(project, path)) == (2, False, True)


@pytest.mark.parametrize("changed", [False, True])
def test_what_was_typed_before_a_withdrawal_is_forgotten_by_the_next_window(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch, changed: bool
) -> None:
    """Also where its question set is another since, of which it would be put aside."""
    absence, room = _decided_while_away(qtbot, project, path, monkeypatch)
    room.window.close()
    room.desk.close()
    if changed:
        old = questions_of(project, SID)[0]
        project.annotations.record(SID, Edit("Change", (old,), (replace(old, distractors=()),)), "woz")
    _withdraw(project, SID)
    absence.back = True
    again = _opened_again(qtbot, project, path)
    qtbot.waitUntil(lambda: not again.desk.unkept, timeout=PATIENCE_MS)
    assert "(1 decision)" in again.window.told, "the one without words"
    assert again.window.told.endswith(FORGOTTEN)
    assert (path.exists(), _nowhere(project, path)) == (False, True)
    again.press(Key.Key_C)
    QTest.keyClicks(again.window.focusWidget(), "which one")
    again.press(Key.Key_Return, Key.Key_A)
    again.kept(2)
    assert "which one" in [each.comment for each in project.reviews.own(again.desk.person.id)]


def test_a_question_set_that_is_gone_leaves_the_list_and_the_screen(qtbot: QtBot, project: Project) -> None:
    room = Room(qtbot, project)
    first, second, _ = questions_of(project, SID)
    assert room.question == first.text
    project.annotations.record(SID, Edit("Take away", (first,), ()), "woz")
    room.press(Key.Key_A)
    qtbot.waitUntil(lambda: len(room.desk.waiting) == 2)
    assert "taken away meanwhile" in room.window.told
    assert (room.question, room.desk.at, room.desk.left) == (second.text, 0, 2)
    assert room.window.card.texts.question == second.text
    room.press(Key.Key_A)
    room.kept(1)


def test_what_a_window_took_over_before_a_withdrawal_is_forgotten_where_it_is_asked_for_after(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absence, room = _decided_while_away(qtbot, project, path, monkeypatch)
    room.window.close()
    room.desk.close()
    opened = kept_in(path, project)
    _withdraw(project, SID)
    absence.back = True
    again = Room(qtbot, project, unstored=opened)
    qtbot.waitUntil(lambda: not again.desk.unkept, timeout=PATIENCE_MS)
    assert again.window.told.endswith(FORGOTTEN)
    assert (path.exists(), _nowhere(project, path)) == (False, True)


def test_what_was_typed_of_others_sessions_and_is_refused_is_put_aside(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absence, room = _decided_while_away(qtbot, project, path, monkeypatch)
    room.window.close()
    room.desk.close()
    old = questions_of(project, SID)[0]
    project.annotations.record(SID, Edit("Change", (old,), (replace(old, distractors=()),)), "woz")
    _withdraw(project, ELSEWHERE)
    absence.back = True
    again = _opened_again(qtbot, project, path)
    qtbot.waitUntil(lambda: not again.desk.unkept, timeout=PATIENCE_MS)
    aside = path.with_suffix(".refused.jsonl")
    assert again.window.told.endswith(f"It is kept in {aside}.")
    assert TYPED in aside.read_text(encoding="utf-8")


def _asked_elsewhere(project: Project) -> Question:
    """In a session of theirs."""
    project.sessions.save(replace(SESSION, id=SessionId(ELSEWHERE)))
    asked = replace(question("theirs"), session_id=SessionId(ELSEWHERE), kind=QuestionKind.WRITTEN)
    asked = replace(asked, answer="Zwetschgenkompott.", distractors=())
    project.annotations.record(asked.session_id, Edit("Ask", (), (asked,)), "woz")
    return asked


def _erase(project: Project) -> None:
    project.withdrawals.erase(Scope(SessionId(ELSEWHERE), "E07", frozenset({Role.EXPERT}), True))


@pytest.mark.parametrize("gone", [True, False])
def test_a_suggested_wrong_answer_that_is_gone_is_not_stored(
    qtbot: QtBot, project: Project, path: Path, gone: bool
) -> None:
    """A window goes on suggesting what it read before somebody withdrew; what is another's still is stored."""
    theirs, old = _asked_elsewhere(project), questions_of(project, SID)[0]
    room = Room(qtbot, project, unstored=kept_in(path, project))
    _withdraw(project, ELSEWHERE)
    if gone:
        _erase(project)
    texts = replace(texts_of(old), distractors=(theirs.answer,), taken=((theirs.answer, LIKE),))
    room.desk.decide(Verdict.REVISE, False, "", texts)
    qtbot.waitUntil(lambda: not room.desk.unkept, timeout=PATIENCE_MS)
    now = questions_of(project, SID)[0]
    assert room.window.told.endswith(WITHDREW) is gone
    assert [each.text for each in now.distractors] == (
        [each.text for each in old.distractors] if gone else [theirs.answer]
    )


def test_what_was_typed_of_a_set_that_had_taken_their_answer_over_is_forgotten(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is of another session, and what was typed may go on from the wrong answer that is gone."""
    theirs, old = _asked_elsewhere(project), questions_of(project, SID)[0]
    taken = replace(old, distractors=(*old.distractors, Distractor(theirs.answer, source=theirs.id)))
    project.annotations.record(SID, Edit("Take over", (old,), (taken,)), "woz")
    absence, room = _decided_while_away(qtbot, project, path, monkeypatch)
    room.window.close()
    room.desk.close()
    _withdraw(project, ELSEWHERE)
    _erase(project)
    absence.back = True
    again = _opened_again(qtbot, project, path)
    qtbot.waitUntil(lambda: not again.desk.unkept, timeout=PATIENCE_MS)
    assert "(1 decision)" in again.window.told, "the one without words"
    assert again.window.told.endswith(FORGOTTEN)
    assert (path.exists(), _nowhere(project, path)) == (False, True)


def test_what_is_refused_while_somebody_is_taken_out_waits_until_that_is_done(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absence, room = _decided_while_away(qtbot, project, path, monkeypatch)
    room.window.close()
    room.desk.close()
    old = questions_of(project, SID)[0]
    project.annotations.record(SID, Edit("Change", (old,), (replace(old, distractors=()),)), "woz")
    _begin(project, ELSEWHERE)
    absence.back = True
    again = _opened_again(qtbot, project, path)
    qtbot.waitUntil(lambda: not again.desk.unkept, timeout=PATIENCE_MS)
    assert again.window.told.endswith(UNDER_WAY)
    again.window.close()
    again.desk.close()
    assert TYPED in path.read_text(encoding="utf-8")
    project.withdrawals.end(PERSON.id, "{}")
    last = _opened_again(qtbot, project, path)
    qtbot.waitUntil(lambda: not last.desk.unkept, timeout=PATIENCE_MS)
    assert last.window.told.endswith(f"It is kept in {path.with_suffix('.refused.jsonl')}.")


def test_what_was_typed_of_others_sessions_is_stored(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absence, room = _decided_while_away(qtbot, project, path, monkeypatch)
    room.window.close()
    room.desk.close()
    _withdraw(project, ELSEWHERE)
    absence.back = True
    again = _opened_again(qtbot, project, path)
    qtbot.waitUntil(lambda: "(2 decisions)" in again.window.told)
    assert project.reviews.own(again.desk.person.id)[0].comment == TYPED
