"""A project's database on a PostgreSQL server."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, PoolProxiedConnection, create_engine, event, inspect

from storage.backends import postgresql_logins as logins
from storage.backends.copying import copy_into_sqlite
from storage.backends.port import Change, Fill
from storage.backends.postgresql_faults import connection_lost, no_connection, postgresql_sentence
from storage.backends.postgresql_owner import hand_over
from storage.backends.postgresql_statistics import forget_emptied, rewrite_statistics
from storage.backends.schema import MIGRATIONS, stamp, upgrade
from woz.base.errors import WozError
from woz.base.extras import how_to_add
from woz.model.annotator import AnnotatorRole

if TYPE_CHECKING:
    import psycopg

WAIT_S = 10
"""How long to wait for another program that is writing, and for a server to answer."""
BASELINE = "0007"
"""The revision with which PostgreSQL began; what led to it is SQLite's alone."""
_ANOTHERS = (
    "SELECT min(tableowner::text) FROM pg_tables"
    " WHERE schemaname = current_schema() AND NOT pg_has_role(current_user, tableowner, 'USAGE')"
)
"""Whose tables there are that whoever is here doesn't own, nor as a member of a role that does."""
_WRITERS = 0x776F7A
"""The server-side lock that whoever writes to the project holds: “woz”."""
_ALIVE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}
"""A server that has gone is noticed within half a minute (seconds, and milliseconds), also by who only listens.

https://www.postgresql.org/docs/current/libpq-connect.html
"""


class PostgresqlBackend:
    """`url` may hold a password; without one, libpq takes it from PGPASSWORD or from ~/.pgpass."""

    def __init__(self, url: URL) -> None:
        self.url = url
        self.name = f"the database {url.database} on {url.host or 'this computer'}"

    @cached_property
    def engine(self) -> Engine:
        require_driver()
        arguments = {"connect_timeout": WAIT_S, "application_name": "woz", "client_encoding": "utf8", **_ALIVE}
        engine = create_engine(self.url, connect_args=arguments, pool_pre_ping=True, hide_parameters=True)
        event.listen(engine, "begin", _begin)
        return engine

    def revision(self) -> str | None:
        with self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return None
            found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            return str(found) if found else None

    def is_empty(self) -> bool:
        with self.engine.connect() as connection:
            if connection.exec_driver_sql("SHOW server_encoding").scalar() != "UTF8":
                raise WozError(f"{self.name} doesn't keep UTF-8; make another with createdb --encoding=UTF8.")
            return not inspect(connection).get_table_names()

    def migrate(self, revision: str = "head", fill: Fill | None = None) -> None:
        """An empty database gets the baseline's schema, and from there on each migration. All is its owner's."""
        with self.engine.execution_options(writes=True).begin() as connection:
            if not inspect(connection).has_table("alembic_version"):
                _script(connection, MIGRATIONS / f"postgresql_{BASELINE}.sql")
                stamp(connection, BASELINE)
            upgrade(connection, revision)
            if fill:
                fill(connection)
            _raw(connection).execute("SET CONSTRAINTS ALL IMMEDIATE")
            _script(connection, Path(__file__).with_name("postgresql_rules.sql"))
            if logins.installed(_raw(connection), self._database):
                logins.install(_raw(connection), self._database)
            hand_over(_raw(connection))

    def back_up(self, target: Path) -> None:
        copy_into_sqlite(self, target)

    def scrub(self) -> None:
        """VACUUM FULL writes each table and its indexes anew, while nobody else reads it; one of somebody else's it
        passes over. https://www.postgresql.org/docs/current/sql-vacuum.html

        ANALYZE takes what is gone out of the server's statistics of a column, which hold whole values. The server's
        own log, its archive and its copies are its keeper's.
        """
        with self.engine.connect() as connection:
            tables = inspect(connection).get_table_names()
        pooled = self.engine.raw_connection()
        raw = _driver(pooled)
        pooled.detach()
        raw.rollback()
        raw.autocommit = True
        try:
            for table in tables:
                raw.execute(f'VACUUM (FULL, ANALYZE) "{table}"'.encode())
                forget_emptied(raw, table)
            rewrite_statistics(raw)
        finally:
            raw.close()

    def scrub_refused(self) -> str:
        if not (owner := self._another_owner()):
            return ""
        return (
            f"Only {owner}, who owns the tables of {self.name}, may do this: set WOZ_DATABASE_URL to"
            f" {self._address_of(owner)}, with the password in ~/.pgpass, and do it here again."
        )

    def migrate_refused(self) -> str:
        if not (owner := self._another_owner()):
            return ""
        return (
            f"An older woz made {self.name}, and only {owner}, who owns its tables, can bring it up to date, by"
            " opening the project with this woz: with WOZ_DATABASE_URL set to"
            f" {self._address_of(owner)}, and the password in ~/.pgpass."
        )

    def _another_owner(self) -> str:
        """Whose tables there are that aren't those of whoever is here; empty where all are."""
        with self.engine.connect() as connection:
            return str(connection.exec_driver_sql(_ANOTHERS).scalar() or "")

    def _address_of(self, login: str) -> str:
        """Without a password."""
        here = self.url
        own = URL.create(here.drivername, login, None, here.host, here.port, here.database, here.query)
        return own.difference_update_query(("user", "password", "passfile")).render_as_string()

    def make_login(
        self, connection: Connection, login: str, password: str, roles: Iterable[AnnotatorRole], new: bool
    ) -> None:
        """In the caller's transaction. Raises WozError where the server has a `new` login already, and for a role
        that is no login of this project's.
        """
        raw = _raw(connection)
        if logins.has_role(raw, login) and (new or not logins.is_login(raw, self._database, login)):
            raise WozError(f"The server has a login {login} already; choose another name with --name.")
        logins.install(raw, self._database)
        hand_over(raw)
        logins.set_password(raw, login, password)
        logins.keep_login(raw, self._database, login, roles, here=True)

    def keep_login(self, connection: Connection, login: str, roles: Iterable[AnnotatorRole], here: bool) -> None:
        """Nothing for an account that is no login of this project."""
        raw = _raw(connection)
        if logins.is_login(raw, self._database, login):
            logins.keep_login(raw, self._database, login, roles, here)

    def annotator_here(self, connection: Connection) -> str | None:
        """The id of the annotator whose login this is; None for the owner, and where nobody logs in."""
        raw = _raw(connection)
        if not logins.installed(raw, self._database):
            return None
        row = raw.execute("SELECT woz_me() WHERE NOT woz_owns()").fetchone()
        return row[0] if row else None

    def has_login(self, connection: Connection, name: str) -> bool:
        return logins.is_login(_raw(connection), self._database, name)

    def may_read(self, connection: Connection, table: str) -> bool:
        """Whether who is logged in may read a table."""
        row = _raw(connection).execute("SELECT has_table_privilege(%s, 'SELECT')", [table]).fetchone()
        return bool(row and row[0])

    @property
    def _database(self) -> str:
        return self.url.database or ""

    def contradicts(self, fault: BaseException) -> bool:
        import psycopg

        return isinstance(fault, psycopg.IntegrityError)

    def is_away(self, fault: BaseException) -> bool:
        return no_connection(fault)

    def is_lost(self, fault: BaseException) -> bool:
        return connection_lost(fault)

    def sentence(self, fault: BaseException) -> str | None:
        return postgresql_sentence(self.url, self.name, fault)

    def watch(self) -> PostgresqlWatch:
        return PostgresqlWatch(self.engine)

    def close(self) -> None:
        if "engine" in self.__dict__:
            self.engine.dispose()


class PostgresqlWatch:
    """Hears of commits by NOTIFY, on one connection that is never in a transaction."""

    def __init__(self, engine: Engine) -> None:
        self._pooled = engine.raw_connection()
        self._connection: psycopg.Connection[Any] = _driver(self._pooled)
        self._pooled.detach()
        self._connection.rollback()
        self._connection.autocommit = True
        self._connection.execute("LISTEN woz_changes")

    def changes(self, wait_s: float) -> list[Change]:
        return [_change(heard.payload) for heard in self._connection.notifies(timeout=wait_s, stop_after=1)]

    def close(self) -> None:
        self._connection.close()


def require_driver() -> None:
    """Raises WozError where psycopg isn't installed."""
    try:
        import psycopg  # noqa: F401
    except ImportError as error:
        raise WozError(
            f"A project on a server needs psycopg, which isn't here; {how_to_add('postgres')}"
        ) from error


def _change(payload: str) -> Change:
    table, _, edit_id = payload.partition(" ")
    return Change(table, int(edit_id) if edit_id else None)


def _begin(connection: Connection) -> None:
    """Who writes waits for who writes; then each statement sees all that was committed before it.

    A program that falls silent in the middle of its transaction holds up the others for a minute at most.
    """
    if connection.get_execution_options().get("writes"):
        _raw(connection).execute(
            f"SET LOCAL lock_timeout = '{WAIT_S}s'; SET LOCAL idle_in_transaction_session_timeout = '60s';"
            f" SELECT pg_advisory_xact_lock({_WRITERS}); SET CONSTRAINTS ALL DEFERRED"
        )
    else:
        _raw(connection).execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")


def _script(connection: Connection, path: Path) -> None:
    _raw(connection).execute(path.read_bytes())


def _raw(connection: Connection) -> psycopg.Connection[Any]:
    """The driver's own connection, which takes several statements at once."""
    return _driver(connection.connection)


def _driver(pooled: PoolProxiedConnection) -> psycopg.Connection[Any]:
    raw: psycopg.Connection[Any] | None = pooled.driver_connection
    assert raw is not None
    return raw
