"""Somebody withdraws from the study: their words are nowhere any more, the other's stay."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from sqlalchemy import event
from sqlalchemy import text as sql

from storage import Project
from storage.backends.copying import copy_into_sqlite
from storage.copies.backup import back_up
from storage.repositories.withdrawals import Withdrawals
from tests.core.media_files import FPS
from tests.storage.examples import CLOCK, SESSION, SID, TIER, TRANSCRIPT, question
from tests.storage.withdrawal_room import (
    ADA,
    CORRECTED,
    EXPERT,
    OTHERS,
    TRAINEE,
    WORDS,
    contents,
    files_with,
    fill,
    sound,
    withdraw,
)
from woz.annotation.edits import Edit
from woz.annotation.withdrawn import Scope
from woz.base.errors import WozError
from woz.dataset.review.texts import judged
from woz.lab.people import person_page
from woz.lab.withdrawing import Task, carry_out, plan_withdrawal
from woz.lab.worklists import Place, WorkLists
from woz.model.ids import QuestionId, SessionId
from woz.model.item import ItemRef
from woz.model.people import Attendance
from woz.model.question import Question, QuestionKind
from woz.model.review import Decision, ReviewTask, Verdict
from woz.model.stream import StreamKind
from woz.privacy.certificate import UNSEARCHED
from woz.recording.folder.manifest import Manifest
from woz.recording.folder.session_folder import sha256_of


def test_no_word_of_theirs_is_found_by_bytes(project: Project, tmp_path: Path) -> None:
    """In the folder, its write-ahead log, free pages and the search index; of a server, in a dump of its tables."""
    fill(project)
    assert _dumped(project, tmp_path / "before.sqlite", *WORDS)
    done = withdraw(project, TRAINEE)
    assert done.found == ()
    assert done.texts > 0
    assert files_with(project.path, *WORDS) == []
    assert not _dumped(project, tmp_path / "after.sqlite", *WORDS)
    with project.database.snapshot() as rows:
        parts = " ".join(rows.scalars(sql("SELECT grams FROM searchable")))
    assert "xyl" not in parts
    assert "fla" in parts


def test_a_servers_statistics_hold_none_of_their_words(server_project: Project) -> None:
    """They keep whole values of a column until they are made anew."""
    fill(server_project)
    with server_project.database.transaction() as rows:
        rows.execute(sql("ANALYZE turn"))
    assert "Brombeermarmelade" in _statistics(server_project)
    withdraw(server_project, TRAINEE)
    assert "Brombeermarmelade" not in _statistics(server_project)


def _statistics(project: Project) -> str:
    kept = "concat(most_common_vals::text, histogram_bounds::text)"
    with project.database.snapshot() as rows:
        return " ".join(rows.scalars(sql(f"SELECT {kept} FROM pg_stats WHERE tablename = 'turn'")))


def _dumped(project: Project, file: Path, *needles: str) -> bool:
    copy_into_sqlite(project.database.backend, file) if project.place.url else project.database.back_up(file)
    data = file.read_bytes()
    return any(word.encode() in data for needle in needles for word in needle.split())


def test_the_other_one_stays(project: Project) -> None:
    fill(project)
    withdraw(project, TRAINEE)
    assert [turn.text for turn in project.transcripts.turns(TRANSCRIPT.id)] == [OTHERS]
    assert [turn.text for turn in project.transcripts.originals(TRANSCRIPT.id)] == [OTHERS]
    items: dict[str, Any] = {item.id: item for item in project.annotations.load(SID)}
    assert set(items) == {"tier", "note", "plain", "his", "w"}
    assert items["note"].note == ""
    assert items["w"].distractors == ()
    assert [each.text for each in project.comments.all()] == ["(withdrawn)", "Good."]
    assert project.participants.get(TRAINEE.id).withdrawn
    assert not project.participants.get(EXPERT.id).withdrawn


def test_the_plan_changes_nothing(project: Project) -> None:
    fill(project)
    before = dict(contents(project.session_dir(SID)))
    items = project.annotations.load(SID)
    plan = plan_withdrawal(project, "P01")
    assert plan.rows["turns"] == 1
    assert plan.rows["questions"] == 1
    assert plan.rows["words"] == 4
    fates = {file.path: str(file.fate) for file in plan.sessions[0].files}
    assert fates == {
        "derived/ego.0.wave": "deleted",
        "ego.mkv": "silenced",
        "events.jsonl": "rewritten",
        "sensors/gaze.csv": "deleted",
    }
    assert dict(contents(project.session_dir(SID))) == before
    assert project.annotations.load(SID) == items
    assert not project.participants.get(TRAINEE.id).withdrawn


def test_what_several_sessions_reach_is_counted_once(project: Project) -> None:
    """A wrong answer that was taken over lies in a question set of another session of theirs: there it goes, with
    the decision on it, its log and all; in a third's, from which it is taken, it is changed once."""
    fill(project)
    ids = [SessionId(f"20231115-101010-00{name}") for name in ("bb", "cc")]
    for other, kind in zip(ids, (QuestionKind.ASKED, QuestionKind.WRITTEN), strict=True):
        project.sessions.save(replace(project.sessions.get(SID), id=other, participants=()))
        there = replace(question(f"of {kind}"), session_id=other, kind=kind)
        wrong = replace(there.distractors[0], text=CORRECTED, source="q")
        there = replace(there, distractors=(wrong, replace(wrong, source="of asked")))
        project.annotations.record(other, Edit("ask", (), (there,)), ADA.id)
        project.reviews.decide(
            Decision(
                there.id,
                other,
                ReviewTask.TEXT,
                ADA.id,
                Verdict.ACCEPTABLE,
                judged(there, ReviewTask.TEXT),
            )
        )
    before = plan_withdrawal(project, "P01").rows
    assert (before["decisions"], before["changed in part"]) == (2, 4)
    project.sessions.save(replace(project.sessions.get(ids[0]), participants=(TRAINEE.id, EXPERT.id)))
    plan = plan_withdrawal(project, "P01")
    now = plan.rows
    assert now["questions"] == before["questions"] + 1
    assert (now["decisions"], now["changed in part"]) == (2, 3)
    assert now["log entries"] == before["log entries"]
    assert person_page(project, "P01", 0).sessions[1].rows == plan.sessions[1].rows


def _sessions(project: Project, count: int) -> list[SessionId]:
    """Of one person alone, each with a question set."""
    project.participants.save(TRAINEE)
    ids = [SessionId(f"20231115-101010-00{at:02}") for at in range(count)]
    project.annotators.save(ADA)
    for at, session_id in enumerate(ids):
        here = (Attendance(TRAINEE.id, TRAINEE.role),)
        project.sessions.save(replace(SESSION, id=session_id, participants=(TRAINEE.id,), attendance=here))
        asked = replace(question(f"q{at}"), session_id=session_id)
        project.annotations.record(session_id, Edit("ask", (), (asked,)), ADA.id)
    return ids


@contextlib.contextmanager
def _heard(project: Project, wanted: str) -> Iterator[list[str]]:
    """The statements that match."""
    read = list[str]()

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        read.extend(re.findall(wanted, statement))

    engine = project.database.backend.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        yield read
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def _whole(session_id: SessionId) -> Scope:
    return Scope(session_id, "P01", frozenset(), whole=True)


def test_questions_of_other_sessions_are_read_once_for_all_sessions(project: Project) -> None:
    ids = _sessions(project, 5)
    with _heard(project, r"FROM question\b") as read:
        found = project.withdrawals.extents(list(map(_whole, ids)))
    assert [each.rows["questions"] for each in found] == [1] * len(ids)
    assert len(read) == len(ids) + 1


def test_carried_out_it_reads_questions_of_other_sessions_once_for_all_sessions(project: Project) -> None:
    ids = _sessions(project, 5)
    with _heard(project, r"FROM question\s+WHERE (?:1 = 1|true)\b") as read:
        plan = plan_withdrawal(project, "P01")
        assert (plan.rows["questions"], len(read)) == (len(ids), 1)
        carry_out(Task(project, TRAINEE, "ada", CLOCK), plan, lambda *_: None)
    assert len(read) == 2
    assert [each for session_id in ids for each in project.annotations.load(session_id)] == []


def test_what_others_change_while_it_is_carried_out_is_looked_at_too(project: Project) -> None:
    """A question set that took an answer over meanwhile, and one of which another withdrawal took something."""
    going, other, elsewhere = _sessions(project, 3)
    wrong = question("wrong").distractors[0]
    both = tuple(replace(wrong, text=f"from {each}", source=each) for each in ("q0", "q1"))
    stays = replace(question("stays"), session_id=elsewhere, distractors=both)
    project.annotations.record(elsewhere, Edit("ask", (), (stays,)), ADA.id)
    withdrawals = project.withdrawals.reading_once()
    assert withdrawals.extent(_whole(going)).rows["changed in part"] == 1
    project.withdrawals.erase(_whole(other))
    later = replace(stays, id=QuestionId("later"), distractors=both[:1])
    project.annotations.record(elsewhere, Edit("ask", (), (later,)), ADA.id)
    withdrawals.erase(_whole(going))
    left = {each.id: each for each in project.annotations.load(elsewhere) if isinstance(each, Question)}
    assert [left[each].distractors for each in (stays.id, later.id)] == [(), ()]


def test_their_track_is_silent_and_the_other_where_they_speak(sqlite_project: Project) -> None:
    project = sqlite_project
    fill(project)
    film = project.session_dir(SID) / "ego.mkv"
    was, expert = sha256_of(film), sound(film, 1)
    done = withdraw(project, TRAINEE)
    assert not sound(film, 0).any()
    assert len(sound(film, 0)) == 240_000
    now = sound(film, 1)
    assert not now[int(0.7 * 48_000) : int(2.3 * 48_000)].any()
    assert np.array_equal(now[3 * 48_000 :], expert[3 * 48_000 :])
    with av.open(str(film)) as container:
        assert sum(1 for _ in container.decode(video=0)) == 5 * FPS
    change = next(each for each in done.changed if each.path == "ego.mkv")
    assert (change.was, change.now) == (was, sha256_of(film))
    manifest = Manifest.load(project.session_dir(SID) / "manifest.json")
    assert {entry.sha256 for entry in manifest.streams} == {sha256_of(film)}
    assert StreamKind.GAZE not in {stream.kind for stream in project.streams.of_session(SID)}
    assert (project.session_dir(SID) / "events.jsonl").read_text().count("\n") == 1


def test_what_was_taken_away_cannot_be_brought_back(project: Project) -> None:
    fill(project)
    withdraw(project, TRAINEE)
    with pytest.raises(WozError, match="withdrew from the study"):
        project.annotations.take_back(SID, ADA.id, 3)
    undone = project.annotations.undo(SID, ADA.id)
    assert undone is not None
    assert undone.undoes == 2, "what was taken away is passed over"
    with pytest.raises(WozError, match="withdrew from the study"):
        project.annotations.undo(SID, ADA.id, ItemRef("turn", "hers"))
    assert [edit.name for edit in project.annotations.history(SID)].count("correct") == 1


def test_killed_in_the_middle_it_goes_on(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(project)
    with monkeypatch.context() as patch:
        patch.setattr(Withdrawals, "erase", _killed)
        with pytest.raises(KeyboardInterrupt):
            withdraw(project, TRAINEE)
    begun = project.withdrawals.found(TRAINEE.id)
    assert begun is not None
    assert begun.ended_utc_ns is None
    assert not begun.certificate
    assert project.participants.get(TRAINEE.id).withdrawn, "nothing of theirs may be exported from the first moment"
    done = withdraw(project, TRAINEE)
    assert done.plan.rows["turns"] == 1
    assert {each.path for each in done.changed} >= {"ego.mkv", "sensors/gaze.csv"}
    assert [turn.text for turn in project.transcripts.turns(TRANSCRIPT.id)] == [OTHERS]
    ended = project.withdrawals.found(TRAINEE.id)
    assert ended is not None
    assert ended.ended_utc_ns is not None
    assert ended.certificate
    assert done.texts > 0
    assert UNSEARCHED not in done.limits


def test_what_was_gone_before_it_was_stopped_is_said_not_to_be_searched_for(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(project)
    with monkeypatch.context() as patch:
        patch.setattr(project.withdrawals, "scrub", _killed)
        with pytest.raises(KeyboardInterrupt):
            withdraw(project, TRAINEE)
    done = withdraw(project, TRAINEE)
    assert done.texts == 0
    assert UNSEARCHED in done.limits


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


KILLED = """
import os, signal, sys
from ui.cli.program import main

def killed(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

from importlib import import_module
room, _, name = sys.argv[1].partition(":")
owner, _, method = name.rpartition(".")
target = getattr(import_module(room), owner) if owner else import_module(room)
setattr(target, method, killed)
main(["withdraw", sys.argv[2], "P01", "--json", "--by", "ada"])
"""


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL is POSIX's")
@pytest.mark.parametrize(
    "moment",
    [
        "woz.lab.withdrawn_files:silence",
        "woz.lab.withdrawn_files:_note",
        "storage.repositories.withdrawals:Withdrawals.erase",
        "storage.history.withdrawing:_bury_originals",
        "storage.backends.sqlite:SqliteBackend.scrub",
        "woz.lab.withdrawing:_search",
        "storage.repositories.withdrawals:Withdrawals.end",
    ],
)
def test_killed_at_any_moment_it_goes_on(sqlite_project: Project, moment: str) -> None:
    """By a signal that no program hears, in a process of its own."""
    fill(sqlite_project)
    command = [sys.executable, "-c", KILLED, moment, str(sqlite_project.path)]
    killed = subprocess.run(command, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    begun = sqlite_project.withdrawals.found(TRAINEE.id)
    assert begun is not None
    assert begun.ended_utc_ns is None
    done = withdraw(sqlite_project, TRAINEE)
    assert (done.by, done.plan.rows["turns"]) == ("ada", 1)
    assert files_with(sqlite_project.path, *WORDS) == []
    film = sqlite_project.session_dir(SID) / "ego.mkv"
    assert not sound(film, 0).any()
    assert not list(film.parent.rglob("*.silent"))
    assert [turn.text for turn in sqlite_project.transcripts.turns(TRANSCRIPT.id)] == [OTHERS]


def test_when_the_last_one_goes_all_goes(project: Project) -> None:
    fill(project)
    lists = WorkLists(project.path)
    places = [Place(SID, "Cake", 0, "turn", "hers"), Place("another", "Pie", 0, "turn", "his")]
    seen = lists.make("mixing", places)
    withdraw(project, TRAINEE)
    assert lists.get("mixing") == seen
    withdraw(project, EXPERT)
    assert project.annotations.load(SID) == ()
    assert project.transcripts.of_session(SID) == []
    assert project.sessions.get(SID).title == "(withdrawn)"
    assert [each.title for each in lists.get("mixing").places] == ["(withdrawn)", "Pie"]
    assert [each.done for each in lists.call_done(seen, 1).places] == [False, True], "who goes through it goes on"
    left = {path.name for path in project.session_dir(SID).rglob("*") if path.is_file()}
    assert left == {"manifest.json"}
    assert project.streams.of_session(SID) == []
    assert files_with(project.path, *WORDS, "Tighten torque") == []


def test_copies_lose_the_words_too(sqlite_project: Project, tmp_path: Path) -> None:
    fill(sqlite_project)
    made = back_up(sqlite_project, tmp_path / "backups", True, CLOCK, lambda *_: None)
    assert files_with(made.folder, *WORDS)
    with Project.open(made.folder, CLOCK) as copy:
        withdraw(sqlite_project, TRAINEE, [copy])
    assert files_with(made.folder, *WORDS) == []
    assert files_with(sqlite_project.path, *WORDS) == []


def test_who_is_in_the_session_is_asked_to_leave(project: Project) -> None:
    fill(project)
    project.leases.take(TIER.id, ADA.id, "desk")
    with pytest.raises(WozError, match=r"ada has .* open; ask them to close it"):
        withdraw(project, TRAINEE)
    assert not project.participants.get(TRAINEE.id).withdrawn
    project.leases.leave("desk")
    assert withdraw(project, TRAINEE).found == ()


def test_what_was_an_answer_elsewhere_goes_there_too(project: Project) -> None:
    fill(project)
    other = SessionId("20231115-101010-00bb")
    project.sessions.save(replace(SESSION, id=other))
    there = replace(question("x"), session_id=other, kind=QuestionKind.WRITTEN)
    there = replace(there, distractors=(replace(there.distractors[0], text=CORRECTED, source="q"),))
    own = replace(there, id=QuestionId("y"), distractors=())
    project.annotations.record(other, Edit("ask", (), (there, own)), ADA.id)
    assert not project.withdrawals.touched(there.id)
    withdraw(project, TRAINEE)
    left = {i.id: (i.text, i.distractors) for i in project.annotations.load(other) if isinstance(i, Question)}
    assert left == {own.id: ("How?", ()), there.id: ("How?", ())}
    assert [project.withdrawals.touched(each.id) for each in (there, own)] == [True, False]
    assert files_with(project.path, *WORDS) == []


def test_a_table_that_still_holds_a_sentence_is_named(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search finds what an erasure would have left: here one that does nothing."""
    fill(project)
    monkeypatch.setattr(Withdrawals, "erase", lambda *_: None)
    monkeypatch.setattr("woz.lab.withdrawing.needles", lambda texts, _: tuple(texts))
    found = withdraw(project, TRAINEE).found
    place = "the table turn on the server" if project.place.url else str(project.path / "project.sqlite")
    assert place in found


def test_somebody_unknown(project: Project) -> None:
    with pytest.raises(WozError, match="no participant 'P99'"):
        plan_withdrawal(project, "P99")
