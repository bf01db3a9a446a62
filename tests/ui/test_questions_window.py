"""The window of questions, by pressed keys: decisions, the way back, clips that end, and the curator's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from storage import Project
from storage.repositories.reviews import Judged
from tests.core.films import even, write_film
from tests.storage.examples import CLOCK, SESSION, SID, TRANSCRIPT
from tests.ui.test_questions_commands import LINES, S
from ui.questions import leaving
from ui.questions.apart_dialog import ApartDialog
from ui.questions.curating import CuratorDesk
from ui.questions.curator_window import CuratorWindow
from ui.questions.deciding import WAITS
from ui.questions.desk import Desk
from ui.questions.window import QuestionsWindow
from ui.widgets.parts import clock_text
from woz.annotation.edits import Edit
from woz.annotation.patience import BACK
from woz.base.errors import UnreachableError, WozError
from woz.base.interval import Interval
from woz.capture.frame_code import read_number
from woz.dataset.review.texts import judged, texts_of
from woz.dataset.review.unstored import UnstoredDeeds
from woz.lab.annotators import add_annotator
from woz.lab.questions import propose_questions, questions_of
from woz.lab.taking_in import take_in_turns
from woz.model.ids import SessionId, TurnId
from woz.model.question import Flag, ReviewStatus
from woz.model.review import Decision, ReviewRule, ReviewTask, Verdict
from woz.model.transcript import Turn

Key, Ctrl, Plain = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
FRAMES = 2500
PATIENCE_MS = 120_000
FLAG = Flag("options", "The right one is the longest.")


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "ego.mkv"
    write_film(path, "libx264", {"preset": "ultrafast", "crf": "24"}, even(FRAMES), 25, 0)
    return path


@pytest.fixture
def project(tmp_path: Path, film: Path) -> Iterator[Project]:
    turns = [
        Turn(TurnId(str(n)), TRANSCRIPT.id, who, Interval(at * S, (at + 1) * S), text)
        for n, (who, at, text) in enumerate(LINES)
    ]
    with Project.create(tmp_path / "lab", "Kitchen", CLOCK) as made:
        made.sessions.save(replace(SESSION, duration_ns=100 * S))
        made.session_dir(SID).mkdir()
        (made.session_dir(SID) / "ego.mkv").symlink_to(film)
        take_in_turns(made, TRANSCRIPT, turns)
        propose_questions(made, [SID], CLOCK)
        first = questions_of(made, SID)[0]
        made.annotations.record(SID, Edit("Flag", (first,), (replace(first, flags=(FLAG,)),)), "woz")
        for name in ("A01", "A02"):
            add_annotator(made, name)
        yield made


class Room:
    """Somebody at the window."""

    def __init__(
        self,
        qtbot: QtBot,
        project: Project,
        name: str = "A01",
        task: ReviewTask = ReviewTask.TEXT,
        unstored: UnstoredDeeds | None = None,
    ) -> None:
        self.qtbot, self.project = qtbot, project
        settings = QSettings(str(project.path / "settings.ini"), QSettings.Format.IniFormat)
        self.desk = Desk(project, project.annotators.named(name), settings, unstored=unstored)
        self.window = QuestionsWindow(self.desk)
        qtbot.addWidget(self.window, before_close_func=lambda _: self.desk.close())
        self.desk.resume()
        self.window.begin(task)
        show(qtbot, self.window)
        qtbot.waitUntil(lambda: self.desk.loaded and (self.desk.now is None or self.desk.item is not None))

    @property
    def question(self) -> str:
        return self.desk.item.question.text if self.desk.item else ""

    def press(self, *keys: Qt.Key, held: Qt.KeyboardModifier = Plain) -> None:
        for key in keys:
            QTest.keyClick(self.window.focusWidget() or self.window, key, held)

    def kept(self, count: int) -> None:
        """Wait until somebody's decisions are in the store."""
        by = self.desk.person.id
        self.qtbot.waitUntil(lambda: len(self.project.reviews.own(by)) == count)


def show(qtbot: QtBot, window: QWidget) -> None:
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


def test_words_are_judged_by_key_and_one_returns_where_one_was(qtbot: QtBot, project: Project) -> None:
    room = Room(qtbot, project)
    first = room.question
    assert (first, room.desk.left) == ("Where does the screw go?", 3)
    room.press(Key.Key_U, Key.Key_C)
    QTest.keyClicks(room.window.focusWidget(), "ad: not sure")
    room.press(Key.Key_Return, Key.Key_D)
    assert room.question == "Where do I put the plate?"
    room.kept(1)
    (mine,) = project.reviews.own(room.desk.person.id)
    assert (mine.verdict, mine.doubt, mine.comment) == ("discard", True, "ad: not sure")
    again = Room(qtbot, project)
    assert (again.question, again.desk.left) == ("Where do I put the plate?", 2)
    again.press(Key.Key_Left)
    assert (again.question, again.window.bar.doubt.isChecked()) == (first, True)
    again.press(Key.Key_Z, held=Ctrl)
    again.kept(0)
    qtbot.waitUntil(lambda: again.desk.left == 3)
    assert again.question == first


def test_nothing_is_taken_back_of_a_session_that_is_not_shown(qtbot: QtBot, project: Project) -> None:
    room = Room(qtbot, project)
    room.press(Key.Key_A)
    room.kept(1)
    room.desk.begin(ReviewTask.TEXT, SessionId("20991231-000000-0000"))
    qtbot.waitUntil(lambda: room.desk.loaded)
    room.press(Key.Key_Z, held=Ctrl)
    assert "nothing more of yours" in room.window.told
    room.desk.close()
    assert len(project.reviews.own(room.desk.person.id)) == 1


def test_words_are_judged_where_the_film_cannot_be_read_and_the_clip_says_why(
    qtbot: QtBot, project: Project
) -> None:
    film = project.session_dir(SID) / "ego.mkv"
    film.unlink()
    film.write_bytes(b"no film at all")
    room = Room(qtbot, project)
    assert room.question == "Where does the screw go?"
    room.press(Key.Key_A)
    room.kept(1)
    clip = Room(qtbot, project, task=ReviewTask.GROUNDING)
    assert clip.question == "Where does the screw go?"
    assert f"{film} can't be read" in clip.window.clips.view.empty_text
    for key in (Key.Key_G, Key.Key_N, Key.Key_V):
        clip.press(key)
    assert "can't be seen" in clip.window.told
    assert (clip.desk.left, clip.question) == (1, "Where does the screw go?")


def test_flags_are_told_only_to_who_has_decided(qtbot: QtBot, project: Project) -> None:
    room = Room(qtbot, project)
    assert room.window.bar.mine.text() == ""
    room.press(Key.Key_A, Key.Key_Left)
    assert FLAG.reason in room.window.bar.mine.text()


def test_a_comment_that_was_begun_is_there_on_return(qtbot: QtBot, project: Project) -> None:
    room = Room(qtbot, project)
    room.press(Key.Key_C)
    QTest.keyClicks(room.window.focusWidget(), "which screw?")
    room.press(Key.Key_Escape, Key.Key_U, Key.Key_Right)
    assert room.window.bar.remark == (False, "")
    room.window.begin(ReviewTask.GROUNDING)
    room.window.begin(ReviewTask.TEXT)
    qtbot.waitUntil(lambda: room.desk.item is not None)
    room.press(Key.Key_Left, Key.Key_Left)
    assert room.window.bar.remark == (True, "which screw?")
    room.press(Key.Key_A)
    room.kept(1)
    (mine,) = project.reviews.own(room.desk.person.id)
    assert (mine.doubt, mine.comment) == (True, "which screw?")


def test_texts_are_written_anew_in_place(qtbot: QtBot, project: Project) -> None:
    room = Room(qtbot, project)
    room.press(Key.Key_R)
    QTest.keyClicks(room.window.focusWidget(), "Where does the short screw go?")
    room.press(Key.Key_Escape, Key.Key_R)
    room.press(Key.Key_Return, held=Ctrl)
    room.kept(1)
    now = questions_of(project, SID)[0]
    assert (now.text, now.wording.by) == ("Where does the short screw go?", room.desk.person.id)
    assert project.annotations.history(SID)[0].changes


def test_what_was_changed_meanwhile_is_shown_anew(qtbot: QtBot, project: Project) -> None:
    room = Room(qtbot, project)
    old = questions_of(project, SID)[0]
    project.annotations.record(SID, Edit("Change", (old,), (replace(old, answer="On the right."),)), "woz")
    room.press(Key.Key_U, Key.Key_A)
    qtbot.waitUntil(lambda: "read it again" in room.window.told and room.desk.item is not None)
    assert room.window.bar.doubt.isChecked(), "what went with it is there again"
    assert room.desk.item
    assert (room.desk.item.question.answer, room.desk.left) == ("On the right.", 3)


def test_a_clip_ends_at_the_question_and_the_next_is_decoded(qtbot: QtBot, project: Project) -> None:
    words = Room(qtbot, project)
    words.press(Key.Key_A, Key.Key_A, Key.Key_A)
    words.kept(3)
    words.window.close()
    room = Room(qtbot, project, task=ReviewTask.GROUNDING)
    loader, player = room.window.clips.loader, room.window.clips.player
    qtbot.waitUntil(lambda: player.playing)
    qtbot.waitUntil(lambda: len(loader._clips) == 3 and all(clip.whole for clip in loader._clips.values()))
    for clip in loader._clips.values():
        pictures = [cv2.imdecode(np.frombuffer(each, np.uint8), cv2.IMREAD_GRAYSCALE) for each in clip.pictures]
        numbers = [read_number(np.asarray(picture, np.uint8)) for picture in pictures]
        span = clip.wanted.span
        assert numbers == [n for n in range(FRAMES) if span.start_ns <= n * S // 25 < span.end_ns]
    room.press(Key.Key_2)
    qtbot.waitUntil(lambda: bool(player.clip and player.clip.wanted.span == Interval(0, 11 * S)))
    room.press(Key.Key_G)
    assert player.playing
    assert player.clip
    assert player.clip.wanted.span.end_ns == 41 * S
    room.kept(4)
    assert room.project.reviews.own(room.desk.person.id)[-1].clip_ns == 11 * S
    done = questions_of(project, SID)[0]
    assert (done.status, done.clip) == (ReviewStatus.ACCEPTED, Interval(0, 11 * S))
    room.press(Key.Key_N, Key.Key_V)
    room.kept(6)
    assert not player.playing


def judged_otherwise(qtbot: QtBot, project: Project, sets: int = 1) -> None:
    """Two people judged so many question sets otherwise."""
    project.reviews.set_rule(ReviewRule(2, grounding=False))
    for name, key in (("A01", Key.Key_A), ("A02", Key.Key_D)):
        room = Room(qtbot, project, name)
        room.press(*[key] * sets)
        room.kept(sets)
        room.window.close()


def curating(
    qtbot: QtBot, project: Project, unstored: UnstoredDeeds | None = None
) -> tuple[CuratorDesk, CuratorWindow]:
    """A curator at the window."""
    desk = CuratorDesk(project, project.annotators.named("A01"), unstored=unstored)
    window = CuratorWindow(desk)
    qtbot.addWidget(window, before_close_func=lambda _: desk.close())
    desk.resume()
    desk.begin()
    show(qtbot, window)
    qtbot.waitUntil(lambda: desk.seen is not None and (desk.now is None or desk.item is not None))
    return desk, window


def test_a_curator_settles_with_a_reason(qtbot: QtBot, project: Project) -> None:
    judged_otherwise(qtbot, project)
    desk, window = curating(qtbot, project)
    assert "raw agreement 0.000" in window.figures
    QTest.keyClick(window, Key.Key_L)
    qtbot.waitUntil(lambda: window.findChild(ApartDialog) is not None)
    listed = window.findChild(ApartDialog)
    assert isinstance(listed, ApartDialog)
    cells = [listed.table.item(0, column) for column in range(listed.table.columnCount())]
    told = [cell.text() for cell in cells if cell]
    assert desk.item
    asked = desk.item.question
    title = project.sessions.get(asked.session_id).title
    assert told[:4] == ["Text", asked.text, title, clock_text(asked.at_ns)], "where two that ask alike stand"
    assert "A02 Discard" in told[4]
    assert told[5] == "1.000"
    QTest.keyClick(listed.table, Key.Key_Return)
    qtbot.waitUntil(lambda: not listed.isVisible())
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert window.told == ""
    assert window.focusWidget() is window
    QTest.keyClick(window.reason, Key.Key_Return)
    assert "press A" in window.told
    QTest.keyClick(window, Key.Key_A)
    QTest.keyClick(window.reason, Key.Key_Return)
    assert "Say why" in window.told
    QTest.keyClicks(window.reason, "A02 misread it")
    QTest.keyClick(window.reason, Key.Key_Return)
    assert desk.now is None
    qtbot.waitUntil(lambda: not desk.unkept)
    assert questions_of(project, SID)[0].status == ReviewStatus.ACCEPTED
    QTest.keyClick(window, Key.Key_Z, Ctrl)
    qtbot.waitUntil(lambda: desk.now is not None)


def test_a_curator_finds_grounded_the_clip_that_is_shown(qtbot: QtBot, project: Project) -> None:
    first, (one, other) = questions_of(project, SID)[0], map(project.annotators.named, ("A01", "A02"))
    for by, verdict in ((one, Verdict.ACCEPTABLE), (one, Verdict.NOT_GROUNDED), (other, Verdict.GROUNDED)):
        task = ReviewTask.TEXT if verdict == Verdict.ACCEPTABLE else ReviewTask.GROUNDING
        project.reviews.decide(Decision(first.id, SID, task, by.id, verdict, judged(first, task)))
    desk, window = curating(qtbot, project)
    window.clips.set_length(5.0)
    QTest.keyClick(window, Key.Key_A)
    QTest.keyClicks(window.reason, "seen in 5 s")
    QTest.keyClick(window.reason, Key.Key_Return)
    qtbot.waitUntil(lambda: not desk.unkept)
    assert project.reviews.own(one.id)[-1].clip_ns == 5 * S
    assert questions_of(project, SID)[0].clip == Interval(6 * S, 11 * S)


class Absence:
    """A store of decisions that doesn't answer until it is back."""

    def __init__(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        self.back = False
        decide = project.reviews.decide

        def absent(made: Decision) -> Judged:
            if not self.back:
                raise UnreachableError("The lab's computer doesn't answer.")
            return decide(made)

        monkeypatch.setattr(project.reviews, "decide", absent)


def test_what_one_writes_stays_where_another_decision_is_refused(
    qtbot: QtBot, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, absence = Room(qtbot, project), Absence(project, monkeypatch)
    first = questions_of(project, SID)[0]
    room.press(Key.Key_A)
    project.annotations.record(SID, Edit("Change", (first,), (replace(first, answer="On the right."),)), "woz")
    room.press(Key.Key_R)
    QTest.keyClicks(room.window.focusWidget(), "Where does the add")
    absence.back = True
    qtbot.waitUntil(lambda: f"Of “{first.text}”: Somebody" in room.window.told, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: room.desk.item is not None)
    QTest.keyClicks(room.window.focusWidget(), "ed one go?")
    room.press(Key.Key_Return, held=Ctrl)
    room.kept(1)
    assert [each.text for each in questions_of(project, SID)[:2]] == [first.text, "Where does the added one go?"]
    assert [each.verdict for each in project.reviews.own(room.desk.person.id)] == ["revise"]


def test_a_reason_that_one_writes_is_of_what_is_shown_where_another_is_refused(
    qtbot: QtBot, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged_otherwise(qtbot, project, 2)
    desk, window = curating(qtbot, project)
    decide = project.reviews.decide

    def refused(made: Decision) -> Judged:
        monkeypatch.setattr(project.reviews, "decide", decide)
        raise WozError("It can't be.")

    monkeypatch.setattr(project.reviews, "decide", refused)
    for reason in ("the first", "the second"):
        QTest.keyClick(window, Key.Key_A)
        QTest.keyClicks(window.reason, reason)
        if reason == "the second":
            qtbot.waitUntil(lambda: bool(desk.seen and len(desk.seen.disputed) == 2))
        QTest.keyClick(window.reason, Key.Key_Return)
    first, second = questions_of(project, SID)[:2]
    assert window.told == ""
    qtbot.waitUntil(lambda: not desk.unkept)
    found = {each.question_id: each.comment for each in project.reviews.decisions(desk.person.id) if each.curated}
    assert found == {second.id: "the second"}
    assert desk.now
    assert desk.now.question.id == first.id


def test_a_curator_settles_nothing_that_was_not_shown(qtbot: QtBot, project: Project) -> None:
    """Its words change, and it is judged anew, while it is read: what one reads stays, and is what is settled."""
    judged_otherwise(qtbot, project)
    desk, window = curating(qtbot, project)
    old = questions_of(project, SID)[0]
    project.annotations.record(SID, Edit("Change", (old,), (replace(old, answer="On the right."),)), "woz")
    now, task = questions_of(project, SID)[0], ReviewTask.TEXT
    for name, verdict in (("A01", Verdict.ACCEPTABLE), ("A02", Verdict.DISCARD)):
        by = project.annotators.named(name).id
        project.reviews.decide(Decision(now.id, SID, task, by, verdict, judged(now, task)))
    desk.refresh()
    qtbot.waitUntil(lambda: bool(desk.seen and desk.seen.disputed[0].question == now))
    QTest.keyClick(window, Key.Key_A)
    QTest.keyClicks(window.reason, "A02 misread it")
    QTest.keyClick(window.reason, Key.Key_Return)
    qtbot.waitUntil(lambda: "read it again" in window.told)
    assert not any(each.curated for each in project.reviews.decisions(desk.person.id))


def test_whose_texts_a_curator_takes_stays_where_its_turns_come_late(qtbot: QtBot, project: Project) -> None:
    judged_otherwise(qtbot, project)
    old, by = questions_of(project, SID)[0], project.annotators.named("A02").id
    made = Decision(old.id, SID, ReviewTask.TEXT, by, Verdict.REVISE, judged(old, ReviewTask.TEXT), utc_ns=2**62)
    project.reviews.decide(replace(made, revised=replace(texts_of(old), question="Where to?")))
    desk, window = curating(qtbot, project)
    QTest.keyClick(window, Key.Key_2)
    desk.changed.emit()
    QTest.keyClick(window, Key.Key_A)
    QTest.keyClicks(window.reason, "shorter")
    QTest.keyClick(window.reason, Key.Key_Return)
    qtbot.waitUntil(lambda: not desk.unkept)
    assert questions_of(project, SID)[0].text == "Where to?"


def test_a_reason_that_was_begun_settles_no_other_that_is_shown_in_its_place(
    qtbot: QtBot, project: Project
) -> None:
    judged_otherwise(qtbot, project, 2)
    desk, window = curating(qtbot, project)
    QTest.keyClick(window, Key.Key_A)
    QTest.keyClicks(window.reason, "A02 misread it")
    first, second = questions_of(project, SID)[:2]
    project.annotations.record(SID, Edit("Change", (first,), (replace(first, answer="On the right."),)), "woz")
    desk.begin()
    qtbot.waitUntil(lambda: bool(desk.now and desk.now.question == second))
    QTest.keyClick(window.reason, Key.Key_Return)
    assert "press A to accept or D to discard" in window.told
    assert (desk.unkept, window.reason.text()) == (0, "A02 misread it")


def test_what_is_judged_while_the_database_is_away_is_kept_when_it_answers(
    qtbot: QtBot, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, absence = Room(qtbot, project), Absence(project, monkeypatch)
    room.press(Key.Key_A, Key.Key_D)
    qtbot.waitUntil(lambda: room.window.told.endswith(WAITS), timeout=PATIENCE_MS)
    room.press(Key.Key_A)
    assert room.window.told.endswith(WAITS)
    assert room.desk.left == 0
    asked: list[str] = []
    monkeypatch.setattr(leaving, "sure", lambda window, question, *_: asked.append(question))
    room.window.close()
    assert (asked, room.window.isVisible()) == (["Close and lose 3 decisions?"], True)
    absence.back = True
    qtbot.waitUntil(lambda: room.window.told == BACK, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not room.desk.unkept, timeout=PATIENCE_MS)
    assert sorted(each.verdict for each in project.reviews.own(room.desk.person.id)) == [
        "acceptable",
        "acceptable",
        "discard",
    ]
    assert room.window.close()
    assert len(asked) == 1


def test_what_a_curator_settles_while_the_database_is_away_is_kept_when_it_answers(
    qtbot: QtBot, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged_otherwise(qtbot, project)
    desk, window = curating(qtbot, project)
    absence = Absence(project, monkeypatch)
    QTest.keyClick(window, Key.Key_A)
    QTest.keyClicks(window.reason, "A02 misread it")
    QTest.keyClick(window.reason, Key.Key_Return)
    qtbot.waitUntil(lambda: window.told.endswith(WAITS), timeout=PATIENCE_MS)
    assert desk.now is None
    absence.back = True
    qtbot.waitUntil(lambda: not desk.unkept, timeout=PATIENCE_MS)
    assert questions_of(project, SID)[0].status == ReviewStatus.ACCEPTED
    assert "A02 misread it" in [each.comment for each in project.reviews.decisions(desk.person.id)]


def test_the_curator_s_figures_follow_what_others_decide(qtbot: QtBot, project: Project) -> None:
    project.reviews.set_rule(ReviewRule(2, grounding=False))
    first = Room(qtbot, project, "A01")
    first.press(Key.Key_A, Key.Key_A)
    first.kept(2)
    first.window.close()
    other = Room(qtbot, project, "A02")
    other.press(Key.Key_D)
    other.kept(1)
    desk = CuratorDesk(project, project.annotators.named("A01"))
    window = CuratorWindow(desk)
    qtbot.addWidget(window, before_close_func=lambda _: desk.close())
    desk.begin()
    qtbot.waitUntil(lambda: desk.item is not None)
    assert "2 decisions on 1 question set" in window.figures
    shown = desk.now
    other.press(Key.Key_A)
    other.kept(2)
    qtbot.waitUntil(lambda: "4 decisions on 2 question sets" in window.figures, timeout=60_000)
    assert desk.now is not None
    assert shown is not None
    assert desk.now.question.id == shown.question.id, "what one reads stays"
