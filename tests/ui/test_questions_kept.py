"""What is decided on question sets while the database is away outlives its window, and is stored once."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from storage import Project
from storage.repositories.reviews import Judged
from tests.storage.examples import SID
from tests.ui.test_questions_window import (
    PATIENCE_MS,
    Absence,
    Ctrl,
    Key,
    Room,
    curating,
    film,
    judged_otherwise,
    project,
)
from ui.questions import leaving, run
from ui.questions.curator_window import CuratorWindow
from ui.questions.deciding import KEPT, WAITS
from ui.reports import desk_drafts
from woz.annotation.edits import Edit
from woz.annotation.waiting_file import WaitingFile
from woz.base.errors import InDoubtError, WozError
from woz.dataset.review.deeds import TakingBack
from woz.dataset.review.texts import texts_of
from woz.dataset.review.unstored import UnstoredDeeds, Whose
from woz.lab.questions import questions_of
from woz.model.ids import QuestionId
from woz.model.question import ReviewStatus
from woz.model.review import Decision, ReviewTask
from woz.model.transcript import Turn

__all__ = ["film", "project"]
ANSWER = "On the left side."
WHILE_AWAY = """
import sys
from pathlib import Path
from PySide6.QtCore import QSettings
from storage import Project
from ui.application.application import application
from ui.application.background import waited
from ui.questions.desk import Desk
from ui.questions.run import JUDGE, kept_decisions
from woz.base.clock import SystemClock
from woz.base.errors import UnreachableError
from woz.model.review import ReviewTask, Verdict

def absent(made):
    raise UnreachableError("The lab's computer doesn't answer.")

app = application("light")
with waited(lambda: Project.open(Path(sys.argv[1]), SystemClock())) as project:
    project.reviews.decide = absent
    person = waited(lambda: project.annotators.named("A01"))
    with kept_decisions(project, person, JUDGE) as unstored:
        settings = QSettings(sys.argv[2], QSettings.Format.IniFormat)
        desk = Desk(project, person, settings, unstored=unstored)
        desk.begin(ReviewTask.TEXT, None)
        while not desk.item:
            app.processEvents()
        desk.changed.connect(lambda: print(sum(each.mine is not None for each in desk.waiting), flush=True))
        desk.decide(Verdict.ACCEPTABLE, False, "")
        desk.decide(Verdict.DISCARD, True, "why?")
        while True:
            app.processEvents()
"""
"""Two decisions that nobody keeps; each time that something is shown it says how many are shown as taken."""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "kept.jsonl"


def kept_in(path: Path, project: Project, name: str = "A01") -> UnstoredDeeds:
    return UnstoredDeeds(path, Whose(project.made_utc_ns, project.annotators.named(name).id))


def _left(qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Absence, Room]:
    """Two are decided while the database is away, and the window is closed."""
    absence = Absence(project, monkeypatch)
    room = Room(qtbot, project, unstored=kept_in(path, project))
    room.press(Key.Key_A, Key.Key_D)
    room.window.close()
    room.desk.close()
    return absence, room


def _deeds(path: Path) -> int:
    return len(path.read_bytes().splitlines()) - 1 if path.exists() else 0


def _taking_back(utc_ns: int) -> TakingBack:
    return TakingBack(QuestionId("q"), ReviewTask.TEXT, False, 3, utc_ns)


def _nobody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    def sure(*_: object) -> bool:
        raise AssertionError("nothing is lost, and it is asked about")

    monkeypatch.setattr(leaving, "sure", sure)


def _verdicts(room: Room) -> list[str]:
    return sorted(each.verdict for each in room.project.reviews.own(room.desk.person.id))


def test_a_decision_is_on_this_computer_before_it_is_shown_as_taken(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Absence(project, monkeypatch)
    _nobody_asks(monkeypatch)
    room = Room(qtbot, project, unstored=kept_in(path, project))
    shown = list[tuple[int, int]]()
    room.desk.changed.connect(lambda: shown.append((3 - room.desk.left, _deeds(path))))
    room.press(Key.Key_A, Key.Key_D)
    assert {taken for taken, _ in shown} == {1, 2}
    assert all(taken <= held for taken, held in shown)
    qtbot.waitUntil(lambda: room.window.told.endswith(KEPT), timeout=PATIENCE_MS)
    assert room.window.close()
    room.desk.close()
    assert _deeds(path) == 2


def test_what_a_closed_window_left_is_stored_by_the_next_and_said(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absence, room = _left(qtbot, project, path, monkeypatch)
    assert _verdicts(room) == []
    absence.back = True
    again = Room(qtbot, project, unstored=kept_in(path, project))
    assert (again.desk.left, _verdicts(again)) == (1, ["acceptable", "discard"])
    qtbot.waitUntil(lambda: "(2 decisions)" in again.window.told)
    assert (path.exists(), again.desk.unkept) == (False, 0)


def test_what_a_killed_window_left_is_stored_once_whatever_was_stored_already(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between storing and forgetting: all is in the file and in the database, what was taken back, too."""
    absence = Absence(project, monkeypatch)
    room = Room(qtbot, project, unstored=kept_in(path, project))
    room.press(Key.Key_A, Key.Key_D)
    room.press(Key.Key_Z, held=Ctrl)
    assert _deeds(path) == 3
    left = shutil.copy(path, path.with_name("left.jsonl"))
    absence.back = True
    qtbot.waitUntil(lambda: not room.desk.unkept, timeout=PATIENCE_MS)
    assert (_verdicts(room), path.exists()) == (["acceptable"], False)
    room.window.close()
    room.desk.close()
    log = len(project.annotations.history(SID))
    shutil.copy(left, path)
    again = Room(qtbot, project, unstored=kept_in(path, project))
    qtbot.waitUntil(lambda: not again.desk.unkept)
    assert (_verdicts(again), len(project.annotations.history(SID))) == (["acceptable"], log)
    assert "(2 decisions)" in again.window.told, "one, and what was taken back"
    assert (again.desk.left, path.exists()) == (2, False)


def test_what_was_shown_as_taken_outlives_a_kill(
    qtbot: QtBot, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed (-9) in the moment in which the second is shown as taken; the file is this person's again then."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    command = [sys.executable, "-c", WHILE_AWAY, str(project.path), str(tmp_path / "killed.ini")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout
        for line in child.stdout:
            if line == "2\n":
                break
        child.send_signal(signal.SIGKILL)
    assert child.returncode == -signal.SIGKILL
    person = project.annotators.named("A01")
    assert project.reviews.own(person.id) == []
    with run.kept_decisions(project, person, run.JUDGE) as unstored:
        room = Room(qtbot, project, unstored=unstored)
        assert (_verdicts(room), room.desk.left) == (["acceptable", "discard"], 1)
        assert project.reviews.own(person.id)[1].comment == "why?"
        room.window.close()
        room.desk.close()


def _refused_in_its_turn(room: Room, project: Project, absence: Absence, path: Path) -> None:
    """One decision is stored; of the next the words change while it waits, and it is taken back then."""
    absence.back = True
    room.press(Key.Key_A)
    room.qtbot.waitUntil(lambda: not room.desk.unkept)
    absence.back = False
    second = questions_of(project, SID)[1]
    room.press(Key.Key_D)
    room.press(Key.Key_Z, held=Ctrl)
    assert (_deeds(path), room.question, room.desk.left) == (2, second.text, 2)
    project.annotations.record(SID, Edit("Change", (second,), (replace(second, answer="On the right."),)), "woz")


@pytest.mark.parametrize("reopened", [False, True])
def test_nothing_is_taken_back_in_the_place_of_a_decision_that_never_came_to_be(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch, reopened: bool
) -> None:
    absence = Absence(project, monkeypatch)
    room = Room(qtbot, project, unstored=kept_in(path, project))
    _refused_in_its_turn(room, project, absence, path)
    if reopened:
        room.window.close()
        room.desk.close()
    absence.back = True
    if reopened:
        room = Room(qtbot, project, unstored=kept_in(path, project))
    qtbot.waitUntil(lambda: not room.desk.unkept and not path.exists(), timeout=PATIENCE_MS)
    assert ("read it again" in room.window.told) is not reopened, "it isn't asked for again"
    assert "stored now" not in room.window.told
    assert (_verdicts(room), room.desk.left) == (["acceptable"], 2)


def test_one_decision_after_another_is_taken_back_while_the_database_is_away(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also what was decided on the same question set before."""
    first = Room(qtbot, project)
    first.press(Key.Key_A, Key.Key_Left, Key.Key_T)
    first.kept(2)
    first.window.close()
    absence = Absence(project, monkeypatch)
    room = Room(qtbot, project, unstored=kept_in(path, project))
    room.press(Key.Key_D)
    qtbot.waitUntil(lambda: room.window.told.endswith(KEPT), timeout=PATIENCE_MS)
    for left in (2, 2, 3):
        room.press(Key.Key_Z, held=Ctrl)
        assert room.desk.left == left
    room.press(Key.Key_Z, held=Ctrl)
    assert "nothing more of yours" in room.window.told
    assert _deeds(path) == 4
    absence.back = True
    qtbot.waitUntil(lambda: not room.desk.unkept, timeout=PATIENCE_MS)
    assert (_verdicts(room), room.desk.left, path.exists()) == ([], 3, False)


@pytest.mark.parametrize("reopened", [False, True])
def test_what_waited_since_before_a_transcript_was_corrected_is_shown_again(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch, reopened: bool
) -> None:
    absence = Absence(project, monkeypatch)
    room = Room(qtbot, project, unstored=kept_in(path, project))
    first = room.question
    room.press(Key.Key_A)
    (turn,) = [each for each in project.annotations.load(SID) if isinstance(each, Turn) and each.text == ANSWER]
    project.annotations.record(SID, Edit("Correct", (turn,), (replace(turn, text="On the right."),)), "woz")
    if reopened:
        room.window.close()
        room.desk.close()
    absence.back = True
    if reopened:
        room = Room(qtbot, project, unstored=kept_in(path, project))
    qtbot.waitUntil(lambda: not room.desk.unkept and room.desk.item is not None, timeout=PATIENCE_MS)
    assert "The transcript was corrected after this question set was shown" in room.window.told
    room.press(Key.Key_Left)
    assert (room.question, room.desk.left, _verdicts(room)) == (first, 3, [])
    assert room.desk.item
    assert room.desk.item.question.made.stale
    room.press(Key.Key_A)
    room.kept(1)
    assert not questions_of(project, SID)[0].made.stale


def test_english_that_was_written_is_stored_once(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    room, held, write = Room(qtbot, project, unstored=kept_in(path, project)), list[bytes](), WaitingFile.write

    def note(file: WaitingFile, content: bytes) -> None:
        write(file, content)
        held.append(content)

    monkeypatch.setattr(WaitingFile, "write", note)
    assert room.desk.item
    seen = texts_of(room.desk.item.question)
    wrong = tuple(f"Nowhere {number}." for number, _ in enumerate(seen.distractors))
    english = replace(seen, english_question="Where?", english_answer="There.", english_distractors=wrong)
    room.desk.write_english(english)
    qtbot.waitUntil(lambda: not room.desk.unkept)
    stored, log = questions_of(project, SID)[0], len(project.annotations.history(SID))
    assert stored.english
    assert (stored.english.text, held[-1], path.exists()) == ("Where?", b"", False)
    room.window.close()
    room.desk.close()
    path.write_bytes(held[0])
    again = Room(qtbot, project, unstored=kept_in(path, project))
    qtbot.waitUntil(lambda: "(1 decision)" in again.window.told)
    assert (questions_of(project, SID)[0], len(project.annotations.history(SID))) == (stored, log)


def test_what_cannot_be_stored_any_more_is_put_aside_and_told(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absence, _ = _left(qtbot, project, path, monkeypatch)
    old = questions_of(project, SID)[0]
    project.annotations.record(SID, Edit("Change", (old,), (replace(old, answer="On the right."),)), "woz")
    absence.back = True
    again = Room(qtbot, project, unstored=kept_in(path, project))
    aside = path.with_suffix(".refused.jsonl")
    qtbot.waitUntil(lambda: "1 decision from then could not be stored: " in again.window.told)
    assert "(1 decision)" in again.window.told
    assert again.window.told.endswith(f"It is kept in {aside}.")
    assert (_verdicts(again), again.desk.left) == (["discard"], 2)
    assert (path.exists(), len(aside.read_bytes().splitlines())) == (False, 1)


def test_a_decision_in_doubt_is_asked_again(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The connection went as it was kept: it is there, and nobody knows."""
    decide, asked = project.reviews.decide, list[Decision]()

    def lost(made: Decision) -> Judged:
        asked.append(made)
        found = decide(made)
        if len(asked) == 1:
            raise InDoubtError("The connection was lost.")
        return found

    monkeypatch.setattr(project.reviews, "decide", lost)
    room = Room(qtbot, project, unstored=kept_in(path, project))
    room.press(Key.Key_A)
    qtbot.waitUntil(lambda: len(asked) == 2 and not room.desk.unkept, timeout=PATIENCE_MS)
    assert (_verdicts(room), path.exists()) == (["acceptable"], False)


def test_what_is_refused_as_the_window_closes_is_told_by_the_next(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Absence(project, monkeypatch)
    _nobody_asks(monkeypatch)
    room = Room(qtbot, project, unstored=kept_in(path, project))
    room.press(Key.Key_A)
    qtbot.waitUntil(lambda: room.window.told.endswith(KEPT), timeout=PATIENCE_MS)

    def refused(made: Decision) -> Judged:
        raise WozError("It was changed meanwhile.")

    monkeypatch.setattr(project.reviews, "decide", refused)
    room.window.close()
    room.desk.close()
    assert _deeds(path) == 1
    again = Room(qtbot, project, unstored=kept_in(path, project))
    qtbot.waitUntil(lambda: "could not be stored: It was changed meanwhile." in again.window.told)
    assert (path.exists(), path.with_suffix(".refused.jsonl").exists()) == (False, True)


def _cut(path: Path, project: Project) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def _of_another(path: Path, project: Project) -> None:
    path.unlink()
    other = UnstoredDeeds(path, Whose(project.made_utc_ns + 1, project.annotators.named("A01").id))
    other.add(_taking_back(5))


@pytest.mark.parametrize(
    ("spoil", "ending", "told"), [(_cut, ".damaged", "can't be read"), (_of_another, ".others", "another project")]
)
def test_a_file_that_is_none_of_theirs_is_told_and_one_goes_on(
    qtbot: QtBot,
    project: Project,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    spoil: Callable[[Path, Project], None],
    ending: str,
    told: str,
) -> None:
    absence = Absence(project, monkeypatch)
    room = Room(qtbot, project, unstored=kept_in(path, project))
    room.press(Key.Key_A)
    room.window.close()
    room.desk.close()
    spoil(path, project)
    content = path.read_bytes()
    absence.back = True
    again = Room(qtbot, project, unstored=kept_in(path, project))
    assert told in again.window.told
    assert path.with_suffix(ending).read_bytes() == content
    again.press(Key.Key_D)
    again.kept(1)
    qtbot.waitUntil(lambda: not again.desk.unkept)
    assert (_verdicts(again), path.exists()) == (["discard"], False)


def test_where_the_disk_is_full_it_is_said_and_closing_is_asked_about(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    absence = Absence(project, monkeypatch)
    asked: list[str] = []
    monkeypatch.setattr(leaving, "sure", lambda window, question, *_: asked.append(question))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    room = Room(qtbot, project, unstored=kept_in(path, project))
    with monkeypatch.context() as disk:
        disk.setattr(WaitingFile, "write", full)
        room.press(Key.Key_A)
        qtbot.waitUntil(lambda: room.window.told.endswith(WAITS), timeout=PATIENCE_MS)
        assert "(No space left on device); make room there." in room.window.told
        room.window.close()
        assert (asked, room.window.isVisible()) == (["Close and lose 1 decision?"], True)
    room.press(Key.Key_D)
    assert room.window.told.endswith(KEPT)
    assert _deeds(path) == 2
    absence.back = True
    room.kept(2)


def test_what_a_curator_settled_is_stored_by_the_next_window(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged_otherwise(qtbot, project)
    absence = Absence(project, monkeypatch)
    desk, window = curating(qtbot, project, kept_in(path, project))
    _settle(window)
    assert (desk.now, _deeds(path)) == (None, 1)
    qtbot.waitUntil(lambda: window.told.endswith(KEPT), timeout=PATIENCE_MS)
    _nobody_asks(monkeypatch)
    assert window.close()
    desk.close()
    absence.back = True
    again, shown = curating(qtbot, project, kept_in(path, project))
    assert again.now is None
    assert questions_of(project, SID)[0].status == ReviewStatus.ACCEPTED
    assert [each.comment for each in project.reviews.decisions(desk.person.id) if each.curated] == [
        "A02 misread it"
    ]
    qtbot.waitUntil(lambda: "(1 decision)" in shown.told)
    assert not path.exists()


def _settle(window: CuratorWindow) -> None:
    QTest.keyClick(window, Key.Key_A)
    QTest.keyClicks(window.reason, "A02 misread it")
    QTest.keyClick(window.reason, Key.Key_Return)


def test_a_curator_takes_back_nothing_in_the_place_of_what_was_refused(
    qtbot: QtBot, project: Project, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged_otherwise(qtbot, project, 2)
    desk, window = curating(qtbot, project, kept_in(path, project))
    _settle(window)
    qtbot.waitUntil(lambda: not desk.unkept and desk.item is not None)
    absence = Absence(project, monkeypatch)
    _settle(window)
    QTest.keyClick(window, Key.Key_Z, Ctrl)
    assert (desk.now, _deeds(path)) == (None, 2)
    second = questions_of(project, SID)[1]
    project.annotations.record(SID, Edit("Change", (second,), (replace(second, answer="On the right."),)), "woz")
    absence.back = True
    qtbot.waitUntil(lambda: not desk.unkept, timeout=PATIENCE_MS)
    assert "read it again" in window.told
    assert [each.question_id for each in project.reviews.decisions(desk.person.id) if each.curated] == [
        questions_of(project, SID)[0].id
    ]


def test_one_window_alone_keeps_them_where_a_withdrawal_finds_them(
    qtbot: QtBot, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (run, desk_drafts):
        monkeypatch.setattr(module, "desk_folder", lambda: tmp_path / "desk")
    person = project.annotators.named("A01")
    with (
        run.kept_decisions(project, person, run.JUDGE) as first,
        run.kept_decisions(project, person, run.JUDGE) as second,
        run.kept_decisions(project, person, run.CURATE) as curator,
    ):
        assert (first.safe, second.safe, curator.safe) == (True, False, True)
        first.add(_taking_back(5))
        second.add(_taking_back(6))
    [left] = [each for each in desk_drafts.drafts_of(project.path) if each.suffix == ".jsonl"]
    assert _deeds(left) == 1
    with run.kept_decisions(project, person, run.JUDGE) as again:
        assert again.read() == (_taking_back(5),)
