"""Somebody withdraws from the study: their words are nowhere any more, the other's stay."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
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
from tests.core.media_files import FPS
from tests.storage.examples import CLOCK, SESSION, SID, TIER, TRANSCRIPT, question, segment
from woz.annotation.edits import Edit
from woz.annotation.withdrawn import Scope
from woz.base.errors import WozError
from woz.base.interval import NS_PER_S, Interval
from woz.dataset.review.texts import judged
from woz.lab.library import Released
from woz.lab.people import person_page
from woz.lab.withdrawing import Task, carry_out, plan_withdrawal
from woz.lab.worklists import Place, WorkLists
from woz.model.annotator import Annotator, AnnotatorRole
from woz.model.comment import Comment
from woz.model.ids import AnnotatorId, CommentId, ParticipantId, QuestionId, SessionId, StreamId, TurnId
from woz.model.item import ItemRef
from woz.model.people import Attendance, Participant, Role
from woz.model.question import Evidence, Question, QuestionKind
from woz.model.review import Decision, ReviewTask, Verdict
from woz.model.session import SessionState
from woz.model.stream import Stream, StreamKind
from woz.model.transcript import Turn, Word
from woz.privacy.certificate import UNSEARCHED, Certificate
from woz.recording.folder.lock import RecordingLock
from woz.recording.folder.manifest import Manifest, StreamEntry
from woz.recording.folder.session_folder import sha256_of
from woz.recording.folder.staging import LOCK

TRAINEE = Participant(ParticipantId("t"), "P01", Role.TRAINEE)
EXPERT = Participant(ParticipantId("e"), "E07", Role.EXPERT)
ADA = Annotator(AnnotatorId("ada"), "ada", tuple(AnnotatorRole))
HERS = "Xylophonist quokkas juggle Zwetschgenknoedel"
CORRECTED = "Xylophonist quokkas juggle Brombeermarmelade"
WRONG_FIRST = "Wirbelstromkupplung heard wrongly at first"
ENGLISH = "Marimbaplayers and their plumdumplings"
HEARD = f"aligned-{'0' * 32}.json"
OTHERS = "Tighten the flange until the torque wrench clicks"


def _turn(name: str, speaker: Role, start_s: float, text: str, translation: str = "") -> Turn:
    span = Interval(round(start_s * NS_PER_S), round((start_s + 1) * NS_PER_S))
    words = tuple(Word(word, span) for word in text.split())
    return Turn(TurnId(name), TRANSCRIPT.id, speaker, span, text, None, words, translation=translation)


def _fill(project: Project) -> None:
    """Two people who talk, what annotators made of it, and recordings."""
    for person in (TRAINEE, EXPERT):
        project.participants.save(person)
    here = tuple(Attendance(p.id, p.role) for p in (TRAINEE, EXPERT))
    project.sessions.save(replace(SESSION, participants=(TRAINEE.id, EXPERT.id), attendance=here))
    project.annotators.save(ADA)
    first = _turn("hers", Role.TRAINEE, 1, WRONG_FIRST, ENGLISH)
    project.transcripts.add(TRANSCRIPT, [first, _turn("his", Role.EXPERT, 3, OTHERS)])
    said = replace(first, text=HERS, words=tuple(Word(w, first.interval) for w in HERS.split()))
    fixed = replace(said, text=CORRECTED, words=tuple(Word(w, first.interval) for w in CORRECTED.split()))
    asked = replace(
        question("q"), text=HERS, kind=QuestionKind.ASKED, evidence=Evidence((TurnId("hers"),)), distractors=()
    )
    taken_over = replace(question("w"), kind=QuestionKind.WRITTEN, text="What is wrong?", answer="Nothing at all.")
    taken_over = replace(taken_over, distractors=(replace(taken_over.distractors[0], text=HERS, source="q"),))
    noted = replace(segment("note"), note=f"she said: {CORRECTED}!")
    project.annotations.record(SID, Edit("make a tier", (), (TIER,)), ADA.id)
    for edit in (
        Edit("mark", (), (segment("plain", 7, 9),)),
        Edit("correct", (first,), (said,)),
        Edit("correct again", (said,), (fixed,), f"not {HERS}"),
        Edit("ask", (), (asked, taken_over)),
        Edit("note", (), (noted,)),
    ):
        project.annotations.record(SID, edit, ADA.id)
    project.comments.add(Comment(CommentId("c"), SID, ADA.id, f"Is “{HERS}” right?", 0, at_ns=5))
    project.comments.add(Comment(CommentId("d"), SID, ADA.id, "Good.", 0, at_ns=5))
    _record(project)


def _record(project: Project) -> None:
    folder = project.session_dir(SID)
    (folder / "sensors").mkdir(parents=True)
    (folder / "derived").mkdir()
    _film(folder / "ego.mkv")
    (folder / "sensors" / "gaze.csv").write_text("t_ns,x,y\n0,1,2\n")
    (folder / "derived" / "ego.0.wave").write_bytes(b"waves")
    note = {"t_ns": 5, "kind": "note", "by": "trainee", "data": {"text": HERS}}
    step = {"t_ns": 6, "kind": "step", "by": "trainee", "data": {"step": "s1"}}
    (folder / "events.jsonl").write_text("".join(json.dumps(each) + "\n" for each in (note, step)))
    whole, was = Interval(0, 5 * NS_PER_S), sha256_of(folder / "ego.mkv")
    kinds = ((StreamKind.VIEW, 0), (StreamKind.TRAINEE_VOICE, 0), (StreamKind.EXPERT_HEARD, 1))
    places = [(kind, "ego.mkv", track) for kind, track in kinds] + [(StreamKind.GAZE, "sensors/gaze.csv", 0)]
    entries = tuple(StreamEntry(kind, path, track, whole, sha256=was) for kind, path, track in places)
    Manifest(SID, SessionState.CLOSED, 0, "", 5 * NS_PER_S, entries).save(folder / "manifest.json")
    streams = [
        Stream(StreamId(f"s{i}"), SID, kind, path, track, whole, sha256=was)
        for i, (kind, path, track) in enumerate(places)
    ]
    project.streams.replace(SID, streams)


def _film(path: Path) -> None:
    """Five seconds of pictures with two voices, each a tone of its own."""
    with av.open(str(path), "w", format="matroska") as container:
        video = container.add_stream("libx264", rate=FPS)
        video.width = video.height = 96
        video.pix_fmt = "yuv420p"
        voices = [container.add_stream("flac", rate=48_000, layout="mono", format="s16") for _ in range(2)]
        for voice in voices:
            voice.codec_context.options = {"frame_size": "960"}
        for i in range(5 * FPS):
            frame = av.VideoFrame.from_ndarray(np.full((144, 96), 40 + i, np.uint8), "yuv420p")
            frame.pts = i
            container.mux(video.encode(frame))
        container.mux(video.encode(None))
        for nr, voice in enumerate(voices):
            tone = np.round(8000 * np.sin(np.arange(240_000) * (0.05 + 0.05 * nr))).astype(np.int16)
            for at in range(0, len(tone), 960):
                block = av.AudioFrame.from_ndarray(tone[None, at : at + 960], "s16", "mono")
                block.sample_rate, block.pts = 48_000, at
                container.mux(voice.encode(block))
            container.mux(voice.encode(None))


def _sound(path: Path, track: int) -> np.ndarray[Any, Any]:
    with av.open(str(path)) as container:
        return np.concatenate([f.to_ndarray()[0] for f in container.decode(audio=track)])


def _withdraw(project: Project, person: Participant, copies: Sequence[Project] = ()) -> Certificate:
    plan = plan_withdrawal(project, person.pseudonym)

    def in_copies(_: object) -> Sequence[Any]:
        for copy in copies:
            _withdraw(copy, person)
        return ()

    return carry_out(Task(project, person, "ada", CLOCK), plan, lambda *_: None, in_copies)


def _bytes(root: Path) -> Iterator[tuple[Path, bytes]]:
    yield from ((path, path.read_bytes()) for path in root.rglob("*") if path.is_file())


def _files_with(root: Path, *needles: str) -> list[str]:
    forms = [form for n in needles for word in n.split() for form in (word, word.lower()) if len(word) > 6]
    return [path.name for path, data in _bytes(root) if any(form.encode() in data for form in forms)]


WORDS = ("Xylophonist Zwetschgenknoedel Brombeermarmelade Wirbelstromkupplung", "Marimbaplayers plumdumplings")


def test_no_word_of_theirs_is_found_by_bytes(project: Project, tmp_path: Path) -> None:
    """In the folder, its write-ahead log, free pages and the search index; of a server, in a dump of its tables."""
    _fill(project)
    assert _dumped(project, tmp_path / "before.sqlite", *WORDS)
    done = _withdraw(project, TRAINEE)
    assert done.found == ()
    assert done.texts > 0
    assert _files_with(project.path, *WORDS) == []
    assert not _dumped(project, tmp_path / "after.sqlite", *WORDS)
    with project.database.snapshot() as rows:
        parts = " ".join(rows.scalars(sql("SELECT grams FROM searchable")))
    assert "xyl" not in parts
    assert "fla" in parts


def test_a_servers_statistics_hold_none_of_their_words(server_project: Project) -> None:
    """They keep whole values of a column until they are made anew."""
    _fill(server_project)
    with server_project.database.transaction() as rows:
        rows.execute(sql("ANALYZE turn"))
    assert "Brombeermarmelade" in _statistics(server_project)
    _withdraw(server_project, TRAINEE)
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
    _fill(project)
    _withdraw(project, TRAINEE)
    assert [turn.text for turn in project.transcripts.turns(TRANSCRIPT.id)] == [OTHERS]
    assert [turn.text for turn in project.transcripts.originals(TRANSCRIPT.id)] == [OTHERS]
    items: dict[str, Any] = {item.id: item for item in project.annotations.load(SID)}
    assert set(items) == {"tier", "note", "plain", "his", "w"}
    assert items["note"].note == ""
    assert items["w"].distractors == ()
    assert [each.text for each in project.comments.all()] == ["(withdrawn)", "Good."]
    assert project.participants.get(TRAINEE.id).withdrawn
    assert not project.participants.get(EXPERT.id).withdrawn


def test_runs_evaluations_and_drafts_are_cleaned_and_searched(project: Project, tmp_path: Path) -> None:
    """Lines of theirs go out of what was asked; what was made of their sessions goes whole, and
    what a recogniser heard, word by word, of any; the rest stays."""
    _fill(project)
    runs, away, draft = (
        project.path / "runs" / "proposals-1",
        tmp_path / "evaluation",
        tmp_path / f"x-{SID}-ada.json",
    )
    asked = json.dumps({"said": HERS}) + "\n" + json.dumps({"said": OTHERS}) + "\n"
    words = json.dumps([{"word": word} for word in HERS.split()])
    written = {
        runs / "asked.jsonl": asked,
        runs / "done" / f"{SID}.json": "{}",
        runs / "plan.json": "what was planned",
        project.path / "evaluations" / "lamps.one.run" / "exchanges.jsonl": asked,
        project.path / "cache" / "asks" / f"{SID}-1a.json": json.dumps({"said": HERS}),
        project.path / "cache" / "voice-keys" / f"{SID}-expert.mka-1a.json": "[]",
        project.path / "cache" / "transcription" / HEARD: words,
        runs / "cache" / HEARD: words,
        away / "answers" / "one.txt": f"The model says: {CORRECTED}",
        away / "score.json": "[1, 2]",
        draft: "half typed",
    }
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    plan = plan_withdrawal(project, "P01", folders=[away, draft, project.path / "evaluations"])
    fates = {file.path: str(file.fate) for folder in plan.folders for file in folder.files}
    assert fates == {
        "proposals-1/asked.jsonl": "rewritten",
        "lamps.one.run/exchanges.jsonl": "rewritten",
        f"proposals-1/done/{SID}.json": "deleted",
        f"{SID}-1a.json": "deleted",
        f"{SID}-expert.mka-1a.json": "deleted",
        HEARD: "deleted",
        f"proposals-1/cache/{HEARD}": "deleted",
        "answers/one.txt": "deleted",
        draft.name: "deleted",
    }
    assert {path: path.read_text(encoding="utf-8") for path in written} == written
    task = Task(project, TRAINEE, "ada", CLOCK)
    done = carry_out(task, plan, lambda *_: None, folders=[away, draft])
    assert done.found == ()
    assert done.plan.folders == plan.folders
    assert (runs / "asked.jsonl").read_text(encoding="utf-8") == json.dumps({"said": OTHERS}) + "\n"
    assert sorted(path for path in written if path.exists()) == sorted(
        [runs / "asked.jsonl", runs / "plan.json", away / "score.json", *project.path.glob("evaluations/*/*.jsonl")]
    )
    assert _files_with(project.path, *WORDS) == _files_with(away, *WORDS) == []
    with pytest.raises(WozError, match="There is no"):
        plan_withdrawal(project, "P01", folders=[tmp_path / "nowhere"])


def test_what_a_killed_package_or_import_has_left_goes(project: Project) -> None:
    """It holds copies of sessions; what is being made at this moment stays, and is found."""
    _fill(project)
    left = [project.path / ".package-a", project.sessions_dir / ".import-b", project.path / ".package-c"]
    for each in left:
        each.mkdir()
        (each / LOCK).touch()
        (each / "words.json").write_text(CORRECTED, encoding="utf-8")
    making = RecordingLock(left[2] / LOCK)
    assert making.take()
    try:
        found = _withdraw(project, TRAINEE).found
    finally:
        making.release()
    assert found == (str(left[2] / "words.json"),)
    assert [each.exists() for each in left] == [False, False, True]


def test_a_folder_whose_files_cannot_be_made_again_is_refused(project: Project, tmp_path: Path) -> None:
    """Whole files go there: never a project, nor what was recorded of others."""
    _fill(project)
    other = tmp_path / "others" / "project"
    other.mkdir(parents=True)
    (other / "project.sqlite").write_text(CORRECTED, encoding="utf-8")
    kept = [project.path, project.path.parent, project.sessions_dir, project.sessions_dir / SID, other.parent]
    for folder in kept:
        with pytest.raises(WozError, match="has a project or its sessions in it"):
            plan_withdrawal(project, "P01", folders=[folder])
    assert (other / "project.sqlite").exists()


def test_files_of_a_session_whose_id_goes_on_stay(project: Project, tmp_path: Path) -> None:
    _fill(project)
    project.sessions.save(replace(project.sessions.get(SID), id=SessionId(f"{SID}-b"), participants=()))
    for name in (f"{SID}.json", f"{SID}-b.json", f"{SID}0.json", f"done_{SID}_1.json"):
        (tmp_path / "run").mkdir(exist_ok=True)
        (tmp_path / "run" / name).write_text("{}", encoding="utf-8")
    (folder,) = plan_withdrawal(project, "P01", folders=[tmp_path / "run"]).folders
    assert [file.path for file in folder.files] == sorted([f"{SID}.json", f"done_{SID}_1.json"])


def test_releases_that_the_project_knows_are_looked_into(project: Project, tmp_path: Path) -> None:
    _fill(project)
    project.releases.add(Released("lamps", "1.0.0", str(tmp_path / "gone"), 0, (SID,)))
    project.releases.add(Released("other", "1.0.0", str(tmp_path / "gone"), 0, (SessionId("another"),)))
    assert plan_withdrawal(project, "P01").away == (f"lamps 1.0.0 ({tmp_path / 'gone'})",)


def test_the_plan_changes_nothing(project: Project) -> None:
    _fill(project)
    before = dict(_bytes(project.session_dir(SID)))
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
    assert dict(_bytes(project.session_dir(SID))) == before
    assert project.annotations.load(SID) == items
    assert not project.participants.get(TRAINEE.id).withdrawn


def test_what_several_sessions_reach_is_counted_once(project: Project) -> None:
    """A wrong answer that was taken over lies in a question set of another session of theirs: there it goes, with
    the decision on it, its log and all; in a third's, from which it is taken, it is changed once."""
    _fill(project)
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


def test_questions_of_other_sessions_are_read_once_for_all_sessions(project: Project) -> None:
    ids, read = [SessionId(f"20231115-101010-00{at:02}") for at in range(5)], list[str]()
    project.annotators.save(ADA)
    for at, session_id in enumerate(ids):
        project.sessions.save(replace(SESSION, id=session_id))
        asked = replace(question(f"q{at}"), session_id=session_id)
        project.annotations.record(session_id, Edit("ask", (), (asked,)), ADA.id)

    def heard(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        read.extend(re.findall(r"FROM question\b", statement))

    engine = project.database.backend.engine
    event.listen(engine, "before_cursor_execute", heard)
    try:
        found = project.withdrawals.extents([Scope(each, "P01", frozenset(), whole=True) for each in ids])
    finally:
        event.remove(engine, "before_cursor_execute", heard)
    assert [each.rows["questions"] for each in found] == [1] * len(ids)
    assert len(read) == len(ids) + 1


def test_their_track_is_silent_and_the_other_where_they_speak(sqlite_project: Project) -> None:
    project = sqlite_project
    _fill(project)
    film = project.session_dir(SID) / "ego.mkv"
    was, expert = sha256_of(film), _sound(film, 1)
    done = _withdraw(project, TRAINEE)
    assert not _sound(film, 0).any()
    assert len(_sound(film, 0)) == 240_000
    now = _sound(film, 1)
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
    _fill(project)
    _withdraw(project, TRAINEE)
    with pytest.raises(WozError, match="withdrew from the study"):
        project.annotations.take_back(SID, ADA.id, 3)
    undone = project.annotations.undo(SID, ADA.id)
    assert undone is not None
    assert undone.undoes == 2, "what was taken away is passed over"
    with pytest.raises(WozError, match="withdrew from the study"):
        project.annotations.undo(SID, ADA.id, ItemRef("turn", "hers"))
    assert [edit.name for edit in project.annotations.history(SID)].count("correct") == 1


def test_killed_in_the_middle_it_goes_on(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(project)
    with monkeypatch.context() as patch:
        patch.setattr(project.withdrawals, "erase", _killed)
        with pytest.raises(KeyboardInterrupt):
            _withdraw(project, TRAINEE)
    begun = project.withdrawals.found(TRAINEE.id)
    assert begun is not None
    assert begun.ended_utc_ns is None
    assert not begun.certificate
    assert project.participants.get(TRAINEE.id).withdrawn, "nothing of theirs may be exported from the first moment"
    done = _withdraw(project, TRAINEE)
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
    _fill(project)
    with monkeypatch.context() as patch:
        patch.setattr(project.withdrawals, "scrub", _killed)
        with pytest.raises(KeyboardInterrupt):
            _withdraw(project, TRAINEE)
    done = _withdraw(project, TRAINEE)
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
    _fill(sqlite_project)
    command = [sys.executable, "-c", KILLED, moment, str(sqlite_project.path)]
    killed = subprocess.run(command, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    begun = sqlite_project.withdrawals.found(TRAINEE.id)
    assert begun is not None
    assert begun.ended_utc_ns is None
    done = _withdraw(sqlite_project, TRAINEE)
    assert (done.by, done.plan.rows["turns"]) == ("ada", 1)
    assert _files_with(sqlite_project.path, *WORDS) == []
    film = sqlite_project.session_dir(SID) / "ego.mkv"
    assert not _sound(film, 0).any()
    assert not list(film.parent.rglob("*.silent"))
    assert [turn.text for turn in sqlite_project.transcripts.turns(TRANSCRIPT.id)] == [OTHERS]


def test_when_the_last_one_goes_all_goes(project: Project) -> None:
    _fill(project)
    lists = WorkLists(project.path)
    places = [Place(SID, "Cake", 0, "turn", "hers"), Place("another", "Pie", 0, "turn", "his")]
    seen = lists.make("mixing", places)
    _withdraw(project, TRAINEE)
    assert lists.get("mixing") == seen
    _withdraw(project, EXPERT)
    assert project.annotations.load(SID) == ()
    assert project.transcripts.of_session(SID) == []
    assert project.sessions.get(SID).title == "(withdrawn)"
    assert [each.title for each in lists.get("mixing").places] == ["(withdrawn)", "Pie"]
    assert [each.done for each in lists.call_done(seen, 1).places] == [False, True], "who goes through it goes on"
    left = {path.name for path in project.session_dir(SID).rglob("*") if path.is_file()}
    assert left == {"manifest.json"}
    assert project.streams.of_session(SID) == []
    assert _files_with(project.path, *WORDS, "Tighten torque") == []


def test_copies_lose_the_words_too(sqlite_project: Project, tmp_path: Path) -> None:
    _fill(sqlite_project)
    made = back_up(sqlite_project, tmp_path / "backups", True, CLOCK, lambda *_: None)
    assert _files_with(made.folder, *WORDS)
    with Project.open(made.folder, CLOCK) as copy:
        _withdraw(sqlite_project, TRAINEE, [copy])
    assert _files_with(made.folder, *WORDS) == []
    assert _files_with(sqlite_project.path, *WORDS) == []


def test_who_is_in_the_session_is_asked_to_leave(project: Project) -> None:
    _fill(project)
    project.leases.take(TIER.id, ADA.id, "desk")
    with pytest.raises(WozError, match=r"ada has .* open; ask them to close it"):
        _withdraw(project, TRAINEE)
    assert not project.participants.get(TRAINEE.id).withdrawn
    project.leases.leave("desk")
    assert _withdraw(project, TRAINEE).found == ()


def test_what_was_an_answer_elsewhere_goes_there_too(project: Project) -> None:
    _fill(project)
    other = SessionId("20231115-101010-00bb")
    project.sessions.save(replace(SESSION, id=other))
    there = replace(question("x"), session_id=other, kind=QuestionKind.WRITTEN)
    there = replace(there, distractors=(replace(there.distractors[0], text=CORRECTED, source="q"),))
    own = replace(there, id=QuestionId("y"), distractors=())
    project.annotations.record(other, Edit("ask", (), (there, own)), ADA.id)
    assert not project.withdrawals.touched(there.id)
    _withdraw(project, TRAINEE)
    left = {i.id: (i.text, i.distractors) for i in project.annotations.load(other) if isinstance(i, Question)}
    assert left == {own.id: ("How?", ()), there.id: ("How?", ())}
    assert [project.withdrawals.touched(each.id) for each in (there, own)] == [True, False]
    assert _files_with(project.path, *WORDS) == []


def test_a_table_that_still_holds_a_sentence_is_named(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """The search finds what an erasure would have left: here one that does nothing."""
    _fill(project)
    monkeypatch.setattr(project.withdrawals, "erase", lambda _: None)
    monkeypatch.setattr("woz.lab.withdrawing.needles", lambda texts, _: tuple(texts))
    found = _withdraw(project, TRAINEE).found
    place = "the table turn on the server" if project.place.url else str(project.path / "project.sqlite")
    assert place in found


def test_somebody_unknown(project: Project) -> None:
    with pytest.raises(WozError, match="no participant 'P99'"):
        plan_withdrawal(project, "P99")
