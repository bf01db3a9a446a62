"""Projects on disk: made, opened, refused, migrated; what goes in comes out."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import Job, JobState, Project
from storage.database import Database, known_revisions
from woz.clock import ManualClock
from woz.codebook import STATES
from woz.document import Document
from woz.edits import Edit
from woz.errors import WozError
from woz.events import Event, EventKind
from woz.interval import Interval
from woz.session import (
    JobId,
    Origin,
    Participant,
    ParticipantId,
    Procedure,
    ProcedureId,
    Question,
    QuestionId,
    ReviewStatus,
    Role,
    Segment,
    SegmentId,
    Session,
    SessionId,
    SessionState,
    Step,
    StepId,
    Stream,
    StreamId,
    StreamKind,
    Tier,
    TierId,
    TierKind,
    Transcript,
    TranscriptId,
    Turn,
    TurnId,
    Word,
)

CLOCK = ManualClock(utc_ns=1_700_000_000_000_000_000)
SID = SessionId("20260101-000000-abcd")
SESSION = Session(SID, "Cake", SessionState.RECORDING, CLOCK.utc_ns())
TIER = Tier(TierId("t"), SID, TierKind.STATES, "States", STATES.id, "ada", Origin.MANUAL)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p", "Kitchen", CLOCK)
    made.sessions.save(SESSION)
    made.codebooks.save(STATES)
    return made


def test_everything_comes_back(project: Project) -> None:
    steps = (
        Step(StepId("a"), "Mix", 0),
        Step(StepId("b"), "Bake", 1, prerequisites=(StepId("a"),)),
        Step(StepId("c"), "Open the oven", 0, parent_id=StepId("b")),
    )
    procedure = Procedure(ProcedureId("p"), "Cake", steps)
    person = Participant(ParticipantId("x"), "P01", Role.TRAINEE, consent_utc_ns=5)
    stream = Stream(StreamId("v"), SID, StreamKind.VIEW, "ego.mkv", 0, Interval(0, 9), None, "ff")
    event = Event(3, EventKind.STEP, "expert", {"step_id": "a"})
    session = Session(SID, "Cake", SessionState.CLOSED, 7, 9, procedure.id, (person.id,))
    word = Word("hello", Interval(1, 2), 0.5)
    transcript = Transcript(TranscriptId("s"), SID, Origin.SCRIPT, "en", "demo", 1)
    turn = Turn(TurnId("1"), transcript.id, Role.EXPERT, Interval(1, 4), "hello", Interval(0, 3), (word,), 0.9)
    job = Job(JobId("j"), SID, "transcribe", JobState.DONE, "ok", 1, 2)
    project.procedures.save(procedure)
    project.participants.save(person)
    project.sessions.save(session)
    project.streams.replace(SID, [stream])
    project.events.replace(SID, [event])
    project.transcripts.add(transcript, [turn])
    project.jobs.save(job)
    project.close()
    with Project.open(project.path, CLOCK) as again:
        assert again.name == "Kitchen"
        assert again.procedures.get(procedure.id) == procedure
        assert again.participants.all() == [person]
        assert again.sessions.all() == [session]
        assert again.streams.of_session(SID) == [stream]
        assert again.events.of_session(SID, EventKind.STEP) == [event]
        assert again.transcripts.of_session(SID) == [transcript]
        assert again.transcripts.turns(transcript.id) == [turn]
        assert again.codebooks.all() == [STATES]
        assert again.jobs.all() == [job]


def test_unfinished_sessions_are_told(project: Project) -> None:
    assert project.sessions.unfinished() == [SESSION]


@pytest.mark.parametrize("make", ["missing", "file in it", "project"])
def test_create_and_open_refuse_other_folders(tmp_path: Path, project: Project, make: str) -> None:
    if make == "missing":
        with pytest.raises(WozError, match="no woz project"):
            Project.open(tmp_path / "nowhere", CLOCK)
    elif make == "project":
        with pytest.raises(WozError, match="already"):
            Project.create(project.path, "again", CLOCK)
    else:
        (tmp_path / "full").mkdir()
        (tmp_path / "full" / "letter.txt").write_text("dear")
        with pytest.raises(WozError, match="not empty"):
            Project.create(tmp_path / "full", "new", CLOCK)
        assert [p.name for p in (tmp_path / "full").iterdir()] == ["letter.txt"]


def test_a_newer_project_is_refused_and_untouched(project: Project) -> None:
    project.close()
    file = project.path / "project.sqlite"
    with sqlite3.connect(file) as connection:
        connection.execute("update alembic_version set version_num = '9999'")
    connection.close()
    with pytest.raises(WozError, match="update the program"):
        Project.open(project.path, CLOCK)
    with sqlite3.connect(file) as connection:
        assert connection.execute("select version_num from alembic_version").fetchone() == ("9999",)
    connection.close()


def test_an_older_project_is_migrated_after_a_backup(tmp_path: Path) -> None:
    (tmp_path / "sessions").mkdir()
    file = tmp_path / "project.sqlite"
    old = Database(file)
    old.migrate("0001")
    old.close()
    with Project.open(tmp_path, CLOCK) as project:
        project.sessions.save(SESSION)
        assert project.sessions.all() == [SESSION]
    backups = [Database(path) for path in tmp_path.glob("project.sqlite.backup-0001-*")]
    assert [backup.revision() for backup in backups] == ["0001"]
    for backup in backups:
        backup.close()
    now = Database(file)
    assert now.revision() == known_revisions()[0] != "0001"
    now.close()


def test_a_damaged_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "project.sqlite").write_bytes(b"not a database at all" * 100)
    with pytest.raises(WozError, match="damaged"):
        Project.open(tmp_path, CLOCK)


def test_models_and_migrations_agree(project: Project) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import create_engine

    from storage.models import Base

    engine = create_engine(f"sqlite:///{project.path / 'project.sqlite'}")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_an_edit_of_something_changed_meanwhile_is_refused(project: Project) -> None:
    segment = Segment(SegmentId("s"), TIER.id, Interval(0, 5), "none")
    project.annotations.record(SID, Edit("new", (), (TIER, segment)), "ada")
    stale = Segment(SegmentId("s"), TIER.id, Interval(0, 4), "none")
    with pytest.raises(WozError, match="Somebody else"):
        project.annotations.record(SID, Edit("move", (stale,), (segment,)), "bob")
    assert segment in project.annotations.load(SID)
    assert [name for name, _, _ in project.annotations.history(SID)] == ["new"]


def test_a_review_keeps_who_judged(project: Project) -> None:
    span = Interval(0, 5)
    asked = Question(QuestionId("q"), SID, span, Role.TRAINEE, "How?", "So.", span, span, choices=("So.", "No."))
    project.annotations.record(SID, Edit("propose", (), (asked,)), "woz")
    from dataclasses import replace

    judged = replace(asked, status=ReviewStatus.ACCEPTED)
    project.annotations.record(SID, Edit("accept", (asked,), (judged,)), "ada")
    assert project.annotations.load(SID) == (judged,)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=st.lists(st.tuples(st.sampled_from(["add", "cut", "undo", "redo"]), st.integers(0, 50)), max_size=12))
def test_what_is_stored_is_what_is_in_memory(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[str, int]]
) -> None:
    project = Project.create(tmp_path_factory.mktemp("p") / "x", "x", CLOCK)
    with project:
        project.sessions.save(SESSION)
        project.codebooks.save(STATES)
        project.annotations.record(SID, Edit("tier", (), (TIER,)), "ada")
        document = Document(SID, project.annotations.load(SID), project.annotations, "ada")
        for number, (verb, at) in enumerate(moves):
            _move(document, verb, at, number)
        assert document.tiers == (TIER,)
        stored = [i for i in project.annotations.load(SID) if isinstance(i, Segment)]
        assert sorted(stored, key=lambda s: (s.interval, s.id)) == sorted(
            document.segments(TIER.id), key=lambda s: (s.interval, s.id)
        )


def _move(document: Document, verb: str, at: int, number: int) -> None:
    segments = document.segments(TIER.id)
    if verb == "add":
        new = Segment(SegmentId(f"{number}"), TIER.id, Interval(at, at + 3), "none")
        document.apply(Edit("add", (), (new,)))
    elif verb == "cut" and segments:
        document.apply(Edit("cut", (segments[at % len(segments)],), ()))
    elif verb == "undo":
        document.undo()
    elif verb == "redo":
        document.redo()


def test_edits_survive_a_kill(project: Project) -> None:
    """A process is killed while it writes edits: each one that it said it had made is there."""
    project.annotations.record(SID, Edit("tier", (), (TIER,)), "ada")
    project.close()
    code = (
        "import sys; from pathlib import Path; from storage import Project; from woz.clock import SystemClock\n"
        "from woz.edits import Edit; from woz.session import *; from woz.interval import Interval\n"
        "p = Project.open(Path(sys.argv[1]), SystemClock())\n"
        "for i in range(10**6):\n"
        "    s = Segment(SegmentId(f'k{i}'), TierId('t'), Interval(i, i + 1), 'none')\n"
        "    p.annotations.record(SessionId(sys.argv[2]), Edit('add', (), (s,)), 'ada'); print(i, flush=True)\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(project.path), SID], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout
    told = [int(child.stdout.readline()) for _ in range(20)]
    child.kill()
    told += [int(line) for line in child.stdout.read().split()]
    child.stdout.close()
    child.wait()
    with Project.open(project.path, CLOCK) as again:
        stored = {item.id for item in again.annotations.load(SID)}
    assert {f"k{i}" for i in told} <= stored
