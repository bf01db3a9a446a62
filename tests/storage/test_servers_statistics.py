"""What a server knows of a project's values, to plan queries by, once these are gone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from psycopg import sql

from storage import Project
from tests.rig.postgresql import Server
from tests.storage.examples import SESSION, TRANSCRIPT
from tests.storage.login_lab import Lab
from tests.storage.withdrawal_room import TRAINEE, fill, turn, withdraw
from woz.model.people import Attendance, Role

SECRETS = ("Quittengelee", "Hagebuttentee", "Sauerampfersuppe")


@pytest.fixture
def database(server_project: Project) -> str:
    assert server_project.place.url
    return server_project.place.url.database or ""


def _samples(server: Server, database: str) -> dict[tuple[str, str], str]:
    """By table or index, and column."""
    kept = "concat(most_common_vals::text, histogram_bounds::text)"
    with server.connect(database) as connection:
        found = connection.execute(
            f"SELECT tablename, attname, {kept} FROM pg_stats WHERE schemaname = 'public'".encode()
        )
        return {(table, column): values for table, column, values in found}


def _file_of_samples(server: Server, database: str) -> Path:
    with server.connect(database) as connection:
        connection.execute("CHECKPOINT")
        (path,) = connection.execute("SELECT pg_relation_filepath('pg_statistic')").fetchone() or ("",)
    return server.folder / "data" / path


def test_of_a_table_in_which_nothing_is_left_no_word_stays(
    server_project: Project, server: Server, database: str
) -> None:
    server_project.participants.save(TRAINEE)
    alone = replace(SESSION, participants=(TRAINEE.id,), attendance=(Attendance(TRAINEE.id, TRAINEE.role),))
    server_project.sessions.save(alone)
    said = [turn(f"t{n}", Role.TRAINEE, n, f"{word} please") for n, word in enumerate(SECRETS)]
    server_project.transcripts.add(TRANSCRIPT, said)
    server.run("ANALYZE", database=database)
    assert all(word in _samples(server, database)["turn", "text"] for word in SECRETS)
    before = _file_of_samples(server, database)
    withdraw(server_project, TRAINEE)
    assert server_project.transcripts.turns(TRANSCRIPT.id) == []
    left = " ".join(_samples(server, database).values()).lower()
    assert [word for word in SECRETS if word.lower() in left] == []
    now = _file_of_samples(server, database)
    assert now != before
    assert [word for word in SECRETS if word.encode() in now.read_bytes()] == []


def test_all_but_the_samples_is_as_it_was(lab: Lab, server: Server) -> None:
    """Types and their order of letters, references, indexes, rules, rights; ids alone are left."""
    fill(lab.owner)
    database = lab.url.database or ""
    server.run("ANALYZE", database=database)
    with server.connect(database) as connection:
        connection.execute("SET session_replication_role = replica")
        tables = [
            name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        ]
        for table in tables:
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
    before, sampled = _schema(server, database), set(_samples(server, database))
    assert {("turn", "text"), ("annotation", "note"), ("comment", "text")} <= sampled
    lab.owner.database.scrub()
    assert _schema(server, database) == before
    assert set(_samples(server, database)) == sampled & _excepted(server, database)


def _schema(server: Server, database: str) -> list[tuple[object, ...]]:
    with server.connect(database) as connection:
        return [row for query in _SCHEMA for row in connection.execute(query.encode())]


_OURS = "'public'::regnamespace"
_SCHEMA = (
    "SELECT attrelid::regclass::text, attname, atttypid::regtype::text, attcollation::regcollation::text,"
    " attnotnull, attacl::text, attstattarget FROM pg_attribute JOIN pg_class AS c ON c.oid = attrelid"
    f" WHERE relnamespace = {_OURS} AND relkind = 'r' AND attnum > 0 ORDER BY 1, attnum",
    "SELECT adrelid::regclass::text, adnum, pg_get_expr(adbin, adrelid) FROM pg_attrdef ORDER BY 1, 2",
    "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), condeferrable, condeferred, convalidated"
    f" FROM pg_constraint WHERE connamespace = {_OURS} ORDER BY 1, 2",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2",
    "SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid), tgenabled FROM pg_trigger"
    " WHERE NOT tgisinternal ORDER BY 1, 2",
    "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2",
    "SELECT relname, relowner::regrole::text, relacl::text, relrowsecurity FROM pg_class"
    f" WHERE relnamespace = {_OURS} ORDER BY 1",
)


def _excepted(server: Server, database: str) -> set[tuple[str, str]]:
    """Keys, and what policies and triggers name."""
    with server.connect(database) as connection:
        return {(table, column) for table, column in connection.execute(_EXCEPTED.encode())}


_EXCEPTED = """
SELECT conrelid::regclass::text, attname::text FROM pg_constraint
JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) WHERE contype IN ('p', 'u', 'f')
UNION
SELECT refobjid::regclass::text, attname::text FROM pg_depend
JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
WHERE refclassid = 'pg_class'::regclass AND classid IN ('pg_policy'::regclass, 'pg_trigger'::regclass)
"""
