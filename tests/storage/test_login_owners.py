"""Logins of a project whose owner rules neither the server nor, always, the schema that its tables are in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import astuple
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL, text

from storage import Project
from storage.backends.postgresql_logins import Groups
from storage.backends.schema import known_revisions
from storage.place import Place
from tests.rig.postgresql import Server
from tests.storage.accounts import keep_account
from tests.storage.examples import CLOCK
from tests.storage.older_revisions import take_back
from woz.base.errors import WozError
from woz.lab.annotators import add_annotator, give_roles, make_login, retire_annotator
from woz.model.annotator import AnnotatorRole


@pytest.fixture
def database(server: Server, new_database: Callable[[], URL]) -> Iterator[str]:
    """The name of an empty one, which is its keeper's, who may make roles; of a stranger's nothing is there."""
    name = str(new_database().database)
    keeper, stranger = f"keeper-{name}", f"stranger-{name}"
    server.run("CREATE ROLE {} LOGIN CREATEROLE", keeper)
    server.run("CREATE ROLE {} LOGIN", stranger)
    server.run("ALTER DATABASE {} OWNER TO {}", name, keeper)
    yield name
    server.run("ALTER DATABASE {} OWNER TO woz", name)
    for role in (f"a01-{name}", *astuple(Groups.of(name)), stranger, keeper):
        server.run("DROP OWNED BY {}", role, database=name)
        server.run("DROP ROLE {}", role)


@pytest.mark.parametrize("schema_owner", ["pg_database_owner", "woz"])
def test_the_owner_makes_logins_and_tables_whosever_the_schema_is(
    server: Server, database: str, tmp_path: Path, schema_owner: str
) -> None:
    """Everybody may, as before version 15, and where it is another's they may afterwards."""
    server.run("ALTER SCHEMA public OWNER TO {}", schema_owner, database=database)
    server.run("GRANT CREATE ON SCHEMA public TO PUBLIC", database=database)
    url = server.url(database).set(username=f"keeper-{database}")
    with Project.create(tmp_path / "project", "Kitchen", CLOCK, url.render_as_string()) as project:
        for name in ("B00", "A01"):
            add_annotator(project, name)
        for _ in range(2):
            login, _ = make_login(project, "A01", f"a01-{database}")
        give_roles(project, "A01", [AnnotatorRole.CURATOR])
        project.database.migrate()
        with project.database.transaction() as rows:
            rows.execute(text("CREATE TABLE later (id integer)"))
    with _entered(server, database, login) as connection:
        assert connection.execute(b"SELECT woz_owns(), woz_roles()").fetchone() == (False, ["curator"])
        if schema_owner == "woz":
            connection.execute(b"CREATE TABLE mine (id integer)")
        else:
            with pytest.raises(psycopg.Error, match="permission denied for schema public"):
                connection.execute(b"CREATE TABLE mine (id integer)")


def test_an_account_that_an_older_project_knew_is_no_login(server: Server, database: str, tmp_path: Path) -> None:
    """Though the role of the owner bears its name, or that of a stranger on the same server."""
    others = [f"keeper-{database}", f"stranger-{database}"]
    url = server.url(database).set(username=others[0])
    with Project.create(tmp_path / "project", "Kitchen", CLOCK, url.render_as_string()) as project:
        for name in ("B00", "A01"):
            add_annotator(project, name)
        login, _ = make_login(project, "A01", f"a01-{database}")
        ada = project.annotators.named("A01")
        for account in others:
            keep_account(project, account, ada.id)
            with pytest.raises(WozError, match=r"has a login .* already; choose another"):
                make_login(project, "A01", account)
        retire_annotator(project, "A01")
        assert project.logins.all() == {login: ada.id}
        with pytest.raises(psycopg.Error, match="not permitted to log in"):
            _entered(server, database, login)
        for account in others:
            _entered(server, database, account).close()
        retire_annotator(project, "A01", back=True)
        for account in (*others, login):
            _entered(server, database, account).close()
        assert project.logins.all() == {login: ada.id}


@pytest.mark.parametrize("who", ["woz", "stranger-{}"])
def test_what_another_brings_up_to_date_stays_the_owners(
    server: Server, database: str, tmp_path: Path, who: str
) -> None:
    """A superuser, or a member of the owner's role, makes the tables and functions that a newer woz adds."""
    keeper, member = f"keeper-{database}", f"stranger-{database}"
    url = server.url(database).set(username=keeper)
    with Project.create(tmp_path / "project", "Kitchen", CLOCK, url.render_as_string()) as project:
        for name in ("B00", "A01"):
            add_annotator(project, name)
        make_login(project, "A01", f"a01-{database}")
        take_back(project, "0027")
    server.run("GRANT {} TO {}", keeper, member)
    server.run("DROP FUNCTION woz_guards_link CASCADE", database=database)
    with Project.at(Place(project.path, url.set(username=who.format(database))), CLOCK) as others:
        assert others.database.revision() == known_revisions()[0]
    assert _owners(server, database) == [keeper]
    with Project.open(project.path, CLOCK) as project:
        assert project.assignments.all() == []
        project.database.migrate()


def test_the_rules_of_logins_that_a_superuser_makes_are_the_owners(
    server: Server, database: str, tmp_path: Path
) -> None:
    url = server.url(database).set(username=f"keeper-{database}")
    with Project.create(tmp_path / "project", "Kitchen", CLOCK, url.render_as_string()) as project:
        for name in ("B00", "A01"):
            add_annotator(project, name)
        with Project.at(Place(project.path, server.url(database)), CLOCK) as others:
            make_login(others, "A01", f"a01-{database}")
        assert _owners(server, database) == [f"keeper-{database}"]
        project.database.migrate()


def _owners(server: Server, database: str) -> list[str]:
    """Of tables, what counts in them, and functions."""
    query = (
        "SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relkind IN ('r', 'S') AND relnamespace = {0}"
        " UNION SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE pronamespace = {0}"
    )
    with server.connect(database) as connection:
        found = connection.execute(query.format("'public'::regnamespace").encode()).fetchall()
    return [name for (name,) in found]


def _entered(server: Server, database: str, user: str) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(host=str(server.folder), port=server.port, user=user, dbname=database)
