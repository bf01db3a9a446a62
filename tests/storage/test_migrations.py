"""Projects of other versions: newer ones refused, older ones migrated after a backup."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, text

from storage import Project
from storage.backends.database import Database
from storage.backends.schema import MIGRATIONS, known_revisions
from storage.backends.sqlite import SqliteBackend
from storage.place import FILE
from storage.tables.models import Base
from tests.storage.examples import CLOCK, SID, TRANSCRIPT
from woz.annotation.edits import Edit
from woz.base.errors import WozError
from woz.base.interval import Interval
from woz.model.annotation import Annotation
from woz.model.ids import ParticipantId, ProcedureId, StepId, TranscriptId, TurnId
from woz.model.people import Attendance, Consent, ConsentKind, Role
from woz.model.procedure import Step
from woz.model.question import Question
from woz.model.tier import Tier
from woz.model.transcript import Turn

ANNA = ParticipantId("anna")
FIRST = Path(__file__).parent / "data" / "revision_0001.sql"
"""What the first revision's program wrote."""


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A project of the first revision."""
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.executescript(FIRST.read_text(encoding="utf-8"))
    return tmp_path


def _dump(path: Path) -> str:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return "\n".join(connection.iterdump()) + "\n"


def test_models_and_migrations_agree(project: Project) -> None:
    with project.database.backend.engine.connect() as connection:
        options = {"compare_type": True, "include_object": _is_a_model}
        context = MigrationContext.configure(connection, opts=options)
        expected = MetaData(naming_convention=Base.metadata.naming_convention)
        for table in Base.metadata.sorted_tables:
            table.to_metadata(expected)
        for constraint in (each for table in expected.tables.values() for each in table.foreign_key_constraints):
            constraint.deferrable = connection.dialect.name == "postgresql" or None
        assert compare_metadata(context, expected) == []


def _is_a_model(thing: object, name: str | None, kind: str, reflected: bool, other: object) -> bool:
    """What only serves one database's search is no table of both."""
    if kind == "index":
        return name != "ix_searchable_parts"
    return kind != "table" or not reflected or name in Base.metadata.tables


def test_every_table_on_a_server_keeps_what_sqlite_keeps(server_project: Project) -> None:
    """Nanoseconds fit, text has the order of its code points, references wait until the end, commits are heard."""
    columns = text(
        "SELECT table_name || '.' || column_name FROM information_schema.columns WHERE table_schema = 'public'"
        " AND table_name <> 'alembic_version' AND (data_type IN ('integer', 'smallint', 'json', 'real')"
        " OR data_type IN ('text', 'character varying') AND collation_name IS DISTINCT FROM 'C')"
    )
    keys = text("SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT condeferrable")
    silent = text(
        "SELECT relname FROM pg_class AS t WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        " AND relname <> 'alembic_version'"
        " AND NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = t.oid AND tgname = 'woz_tells')"
    )
    with server_project.database.snapshot() as rows:
        found = [rows.scalars(query).all() for query in (columns, keys, silent)]
    assert found == [[], [], []]


def test_the_migrations_files_are_named_by_their_revisions() -> None:
    scripts = list(ScriptDirectory(str(MIGRATIONS)).walk_revisions())
    assert known_revisions() == [script.revision for script in scripts]


def test_a_project_that_is_up_to_date_is_opened_without_alembic(project: Project) -> None:
    code = (
        "import sys; from pathlib import Path; from storage import Project\n"
        "from woz.base.clock import SystemClock\n"
        "Project.open(Path(sys.argv[1]), SystemClock()).close(); print('alembic' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(project.path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"


def test_a_newer_project_is_refused_and_untouched(sqlite_project: Project) -> None:
    sqlite_project.close()
    file = sqlite_project.path / FILE
    with contextlib.closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    before = file.read_bytes()
    with pytest.raises(WozError, match="update the program"):
        Project.open(sqlite_project.path, CLOCK)
    assert file.read_bytes() == before
    assert sorted(p.name for p in sqlite_project.path.iterdir()) == [FILE, "sessions"]


def test_an_older_project_keeps_all_it_holds(old: Path) -> None:
    with Project.open(old, CLOCK) as project:
        assert project.name == "Kitchen"
        [session] = project.sessions.all()
        assert session.participants == ("anna", "ben")
        assert session.attendance == (Attendance(ANNA, Role.TRAINEE), Attendance(ParticipantId("ben"), Role.EXPERT))
        assert (session.scenario, session.protocol) == ("", None)
        signed = Consent(ConsentKind.PRIVACY, "unversioned", 1_700_000_000_000_000_000)
        assert [person.consents for person in project.participants.all()] == [(), (signed,)]
        assert project.procedures.get(ProcedureId("cake")).steps == (
            Step(StepId("mix"), "Mix", 0),
            Step(StepId("bake"), "Bake", 1, prerequisites=(StepId("mix"),)),
            Step(StepId("heat"), "Heat the oven", 0, StepId("bake")),
        )
        [turn] = project.transcripts.turns(TranscriptId("t"))
        assert (turn.speaker, turn.said, len(turn.words)) == (Role.EXPERT, Interval(900_000_000, 1_900_000_000), 2)
        items = project.annotations.load(SID)
        assert [type(item) for item in items] == [Tier, Annotation, Turn, Question]
        history = project.annotations.history(SID)
        assert {item for logged in history for item in logged.edit.after} == {i for i in items if i != turn}
        assert isinstance(items[3], Question)
        assert items[3].options == ("Mix well.", "Not at all.")
        project.annotations.record(SID, Edit("Delete", (items[1],)), "anna")
    now = Database(SqliteBackend(old / FILE))
    assert now.revision() == known_revisions()[0]
    assert known_revisions()[-1] == "0001"


def test_an_older_project_has_a_backup_that_opens(old: Path) -> None:
    before = _dump(old / FILE)
    Project.open(old, CLOCK).close()
    [backup] = old.glob("*backup*")
    assert backup.name == f"{FILE}.backup-0001-2023-11-14T221320.000Z"
    assert _dump(backup) == before
    again = old / "again"
    again.mkdir()
    backup.rename(again / FILE)
    with Project.open(again, CLOCK) as project:
        assert project.name == "Kitchen"


def test_a_current_project_is_opened_without_a_backup(project: Project) -> None:
    project.close()
    Project.open(project.path, CLOCK).close()
    assert not list(project.path.glob("*backup*"))


def test_a_migration_that_fails_leaves_the_project_as_it_was(old: Path) -> None:
    with contextlib.closing(sqlite3.connect(old / FILE)) as connection:
        connection.execute("CREATE TABLE new_step_prerequisite (in_the_way)")
    before = _dump(old / FILE)
    with pytest.raises(WozError, match="can't be used"):
        Project.open(old, CLOCK)
    assert _dump(old / FILE) == before
    assert not list(old.glob("*backup*"))


def test_a_migration_that_breaks_references_is_taken_back(old: Path) -> None:
    with contextlib.closing(sqlite3.connect(old / FILE)) as connection:
        connection.execute("DELETE FROM procedure")
        connection.commit()
    before = _dump(old / FILE)
    with pytest.raises(RuntimeError, match="reference to nothing"):
        Database(SqliteBackend(old / FILE)).migrate()
    assert _dump(old / FILE) == before


@pytest.fixture
def third(tmp_path: Path) -> Path:
    """A project of the third revision, with turns kept, changed twice, deleted and added."""
    with contextlib.closing(sqlite3.connect(tmp_path / FILE)) as connection:
        connection.executescript((FIRST.parent / "revision_0003.sql").read_text(encoding="utf-8"))
    return tmp_path


def test_turns_as_first_made_are_found_in_an_older_project(third: Path) -> None:
    with Project.open(third, CLOCK) as project:
        now = {turn.id: turn for turn in project.transcripts.turns(TRANSCRIPT.id)}
        made = {turn.id: turn for turn in project.transcripts.originals(TRANSCRIPT.id)}
    assert {name: turn.text for name, turn in made.items()} == {
        "kept": 'Mix "it" well.',
        "changed": "Witch one?",
        "gone": "Hm.",
    }
    assert made[TurnId("kept")] == now[TurnId("kept")]
    assert (len(now[TurnId("kept")].words), now[TurnId("kept")].said) == (3, Interval(900_000_000, 2_900_000_000))
    assert (now[TurnId("changed")].text, set(now)) == ("Which one, please?", {"kept", "changed", "added"})


def test_a_turn_as_first_made_is_never_changed(third: Path) -> None:
    Project.open(third, CLOCK).close()
    with (
        contextlib.closing(sqlite3.connect(third / FILE)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="never changed"),
    ):
        connection.execute("UPDATE original_turn SET data = '[]'")
