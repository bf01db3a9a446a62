"""A project on a PostgreSQL server: made, joined, refused; each fault told in one sentence."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import URL, text

from storage import Project
from storage.backends import postgresql
from storage.backends.faults import IN_DOUBT
from storage.backends.schema import known_revisions
from storage.place import SETTINGS, Place, server_url
from tests.rig.postgresql import PASSWORD, Server
from tests.storage.examples import CLOCK, SESSION, SID, TIER, segment
from woz.annotation.edits import Edit
from woz.base.errors import UnreachableError, WozError
from woz.model.ids import ParticipantId
from woz.model.people import Participant, Role
from woz.model.session import Session


def _address(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def test_a_second_folder_is_another_door_to_the_same_project(
    new_database: Callable[[], URL], tmp_path: Path
) -> None:
    url = _address(new_database())
    with (
        Project.create(tmp_path / "a", "Kitchen", CLOCK, url) as first,
        Project.create(tmp_path / "b", "another name", CLOCK, url) as second,
    ):
        first.sessions.save(SESSION)
        assert second.sessions.all() == [SESSION]
        assert second.name == "Kitchen"
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [SETTINGS, "sessions"]


def test_a_database_of_others_is_refused_and_untouched(
    server: Server, new_database: Callable[[], URL], tmp_path: Path
) -> None:
    url = new_database()
    assert url.database
    server.run("CREATE TABLE recipe (name text)", database=url.database)
    with pytest.raises(WozError, match="holds other tables"):
        Project.create(tmp_path / "a", "Kitchen", CLOCK, _address(url))
    assert not (tmp_path / "a").exists()
    with server.connect(url.database) as connection:
        assert connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall() == [
            ("recipe",)
        ]


def test_a_database_in_another_encoding_is_refused(server: Server, tmp_path: Path) -> None:
    server.run("CREATE DATABASE {} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0", "latin")
    with pytest.raises(WozError, match="UTF-8"):
        Project.create(tmp_path / "a", "Kitchen", CLOCK, _address(server.url("latin")))
    server.run("DROP DATABASE {} WITH (FORCE)", "latin")


def test_no_password_is_kept_on_the_disk(
    server: Server, new_database: Callable[[], URL], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = server.url_by_network(new_database().database or "", password=PASSWORD)
    Project.create(tmp_path / "a", "Kitchen", CLOCK, _address(url)).close()
    kept = (tmp_path / "a" / SETTINGS).read_text()
    assert PASSWORD not in kept
    assert "***" not in kept
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(WozError, match="wants a password of woz"):
        Project.open(tmp_path / "a", CLOCK)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    Project.open(tmp_path / "a", CLOCK).close()
    monkeypatch.setenv("PGPASSWORD", "wrong")
    with pytest.raises(WozError, match="refuses the password of woz"):
        Project.open(tmp_path / "a", CLOCK)
    monkeypatch.setenv("WOZ_DATABASE_URL", _address(url))
    Project.open(tmp_path / "a", CLOCK).close()
    monkeypatch.setenv("WOZ_DATABASE_URL", _address(url.set(database="elsewhere")))
    with pytest.raises(WozError, match="refuses the password of woz"):
        Project.open(tmp_path / "a", CLOCK)
    monkeypatch.delenv("WOZ_DATABASE_URL")
    monkeypatch.delenv("PGPASSWORD")
    secrets = tmp_path / "secrets"
    secrets.write_text(f"127.0.0.1:{server.port}:*:woz:{PASSWORD}\n")
    secrets.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(secrets))
    Project.open(tmp_path / "a", CLOCK).close()


def test_what_cannot_be_reached_is_told_in_a_sentence(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_network = server.url_by_network("postgres", password=PASSWORD)
    for url, words in (
        (server.url("nowhere"), "no database nowhere on .*createdb"),
        (by_network.set(username="nobody"), "refuses the password of nobody"),
        (server.url("postgres").set(username="nobody"), "knows no nobody"),
        (by_network.set(port=1), "127.0.0.1 doesn't answer"),
        (by_network.set(host="no.such.computer.invalid"), "no computer no.such.computer.invalid"),
        (server.url("postgres").set(query={"host": str(tmp_path)}), "doesn't answer"),
    ):
        with pytest.raises(WozError, match=words):
            Project.create(tmp_path / "a", "Kitchen", CLOCK, _address(url))
        assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    "wrong", ["kitchen", "mysql://a/b", "postgresql://host", "postgresql+psycopg://ada:secret@/"]
)
def test_what_is_no_address_is_told(wrong: str) -> None:
    with pytest.raises(WozError, match="is no address") as caught:
        server_url(wrong)
    assert "secret" not in str(caught.value)


def test_settings_that_are_none_are_told(tmp_path: Path) -> None:
    for text_, words in (
        ("database = ", "correct it"),
        ("database = " + "[" * 100_000, "correct it"),
        ("database = 5", "quotation marks"),
        ("", "names no database"),
    ):
        (tmp_path / SETTINGS).write_text(text_ or "# nothing\n")
        with pytest.raises(WozError, match=words):
            Project.open(tmp_path, CLOCK)


def test_without_psycopg_a_server_cannot_be_used_and_says_how(tmp_path: Path) -> None:
    Place(tmp_path, server_url("postgresql://lab/kitchen")).write()
    code = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from pathlib import Path; from storage import Project; from woz.base.clock import SystemClock\n"
        "from woz.base.errors import WozError\n"
        "try: Project.open(Path(sys.argv[1]), SystemClock())\n"
        "except WozError as error: print(error)\n"
        "Project.create(Path(sys.argv[1]) / 'plain', 'x', SystemClock()).close()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert "psycopg, which isn't here; run: " in done.stdout
    assert "packaging/requirements/postgres.txt" in done.stdout


def test_a_newer_project_is_refused_when_opened_and_while_open(server_project: Project) -> None:
    with server_project.database.transaction() as rows:
        rows.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(WozError, match="newer woz; update the program"):
        Project.open(server_project.path, CLOCK)
    with pytest.raises(WozError, match="newer woz; close this one"):
        server_project.sessions.save(replace(SESSION, title="Pie"))
    assert server_project.sessions.all() == [SESSION]


def test_an_older_project_is_migrated_after_a_backup(
    new_database: Callable[[], URL], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The baseline is what PostgreSQL had first; a copy of it is kept, and opens."""
    place = Place(tmp_path / "old", new_database())
    (place.folder / "sessions").mkdir(parents=True)
    place.write()
    database = place.database()
    database.migrate(postgresql.BASELINE, lambda connection: _fill(connection.exec_driver_sql))
    database.close()
    with Project.open(place.folder, CLOCK) as project:
        assert project.name == "Kitchen"
        assert project.database.revision() == known_revisions()[0]
        assert [session.title for session in project.sessions.all()] == ["Cake"]
    copies = list(place.folder.glob("*backup*"))
    if known_revisions()[0] == postgresql.BASELINE:
        assert copies == []
        return
    (tmp_path / "again").mkdir()
    copies[0].rename(tmp_path / "again" / "project.sqlite")
    with Project.open(tmp_path / "again", CLOCK) as again:
        assert [session.title for session in again.sessions.all()] == ["Cake"]


def _fill(run: Callable[[str], object]) -> None:
    run("INSERT INTO about VALUES (1, 'Kitchen', 5)")
    run(
        "INSERT INTO session (id, title, state, start_utc_ns, scenario, source, licence)"
        f" VALUES ('{SID}', 'Cake', 'closed', 1700000000000000000, '', '', '')"
    )


def test_two_programs_that_write_wait_for_each_other(server_project: Project) -> None:
    """What was read in a transaction is what is there when it writes: no change of another is lost."""

    def count(project: Project) -> None:
        for _ in range(30):
            with project.database.transaction() as rows:
                duration = rows.scalar(text("SELECT coalesce(duration_ns, 0) FROM session"))
                rows.execute(text("UPDATE session SET duration_ns = :n"), {"n": duration + 1})

    with Project.open(server_project.path, CLOCK) as other:
        threads = [threading.Thread(target=count, args=(each,)) for each in (server_project, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert server_project.sessions.get(SID).duration_ns == 60


def test_a_snapshot_doesnt_change_while_others_write(server_project: Project) -> None:
    with Project.open(server_project.path, CLOCK) as other, server_project.database.snapshot() as rows:
        assert rows.scalar(text("SELECT title FROM session")) == "Cake"
        other.sessions.save(replace(SESSION, title="Pie"))
        assert rows.scalar(text("SELECT title FROM session")) == "Cake"
    assert server_project.sessions.all()[0].title == "Pie"


def test_a_long_wait_is_told(server_project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "WAIT_S", 1)
    with Project.open(server_project.path, CLOCK) as hasty, server_project.database.transaction():
        with pytest.raises(WozError, match="in use by another program"):
            hasty.sessions.save(replace(SESSION, title="Pie"))
        assert hasty.sessions.all() == [SESSION]
    server_project.sessions.save(replace(SESSION, title="Pie"))


def _cut(server: Server, project: Project) -> None:
    assert project.place.url
    with server.connect("postgres") as administrator:
        administrator.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [project.place.url.database],
        )


def test_a_connection_lost_between_edits_is_made_anew(server: Server, server_project: Project) -> None:
    server_project.annotations.record(SID, Edit("new", (), (TIER,)), "ada")
    _cut(server, server_project)
    server_project.annotations.record(SID, Edit("more", (), (segment("a"),)), "ada")
    assert server_project.annotations.load(SID) == (TIER, segment("a"))


def test_a_connection_lost_in_an_edit_is_told_and_nothing_is_half_kept(
    server: Server, server_project: Project
) -> None:
    def edit() -> None:
        with server_project.database.transaction() as rows:
            rows.execute(text("UPDATE session SET title = 'Pie'"))
            _cut(server, server_project)
            rows.execute(text("UPDATE session SET title = 'Tart'"))

    with pytest.raises(UnreachableError, match=r"connection to the database .* was lost"):
        edit()
    assert server_project.sessions.all() == [SESSION]


def test_a_connection_lost_as_an_edit_is_kept_is_told_as_one_in_doubt(
    server: Server, server_project: Project
) -> None:
    """It isn't asked again: it might be kept twice."""

    def edit() -> None:
        with server_project.database.transaction() as rows:
            rows.execute(text("UPDATE session SET title = 'Pie'"))
            _cut(server, server_project)

    with pytest.raises(WozError) as told:
        edit()
    assert str(told.value).endswith(IN_DOUBT)
    assert not isinstance(told.value, UnreachableError)


def test_who_may_not_write_is_told(server: Server, server_project: Project, tmp_path: Path) -> None:
    assert server_project.place.url
    name = server_project.place.url.database or ""
    server.run("CREATE ROLE {} LOGIN", "reader")
    server.run("GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}", "reader", database=name)
    (tmp_path / "reader" / "sessions").mkdir(parents=True)
    Place(tmp_path / "reader", server_project.place.url.set(username="reader")).write()
    try:
        with Project.open(tmp_path / "reader", CLOCK) as reader:
            assert reader.sessions.all() == [SESSION]
            with pytest.raises(WozError, match="Reader may not do this"):
                reader.sessions.save(replace(SESSION, title="Pie"))
    finally:
        server.run("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {}", "reader", database=name)
        server.run("DROP ROLE {}", "reader")


def test_two_annotators_share_a_database_as_the_docs_say(
    server: Server, new_database: Callable[[], URL], tmp_path: Path
) -> None:
    url = new_database()
    assert url.database
    server.run("CREATE ROLE {} LOGIN", "ada")
    server.run("CREATE ROLE {} LOGIN", "ben")
    server.run("ALTER DATABASE {} OWNER TO {}", url.database, "ada")
    server.run("GRANT {} TO {}", "ada", "ben")
    server.run("ALTER ROLE {} IN DATABASE {} SET role = {}", "ben", url.database, "ada")
    try:
        with (
            Project.create(tmp_path / "ben", "Kitchen", CLOCK, _address(url.set(username="ben"))) as bens,
            Project.create(tmp_path / "ada", "Kitchen", CLOCK, _address(url.set(username="ada"))) as adas,
        ):
            bens.sessions.save(SESSION)
            adas.sessions.save(replace(SESSION, title="Pie"))
            assert bens.sessions.all() == [replace(SESSION, title="Pie")]
    finally:
        server.run("DROP DATABASE {} WITH (FORCE)", url.database)
        server.run("CREATE DATABASE {}", url.database)
        server.run("DROP ROLE {}, {}", "ben", "ada")


def test_order_is_by_code_points_and_nul_is_left_out(project: Project) -> None:
    names = ["a", "Z", "é", "z", "ß", "B"]
    for name in names:
        project.participants.save(Participant(ParticipantId(name), f"{name}\0", Role.TRAINEE))
    assert [person.pseudonym for person in project.participants.all()] == sorted(names)
    late = Session(SESSION.id, "nu\0ll", SESSION.state, 2**62)
    project.sessions.save(late)
    assert project.sessions.get(SID) == replace(late, title="null")
