"""Logins of annotators on a PostgreSQL server, and what the server itself lets each of them do.

Groups of a project's database have the rights: all its logins may read and annotate, curators also give work,
managers may do all but change the tables and the history. Row policies and triggers hold what a grant can't say.
https://www.postgresql.org/docs/current/ddl-rowsecurity.html
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from storage.backends.postgresql_owner import names_of_the_server
from woz.annotation.tier_states import MOVES, OPEN, OWNER
from woz.model.annotator import AnnotatorRole
from woz.model.lease import STALE_NS

if TYPE_CHECKING:
    import psycopg

_CHANGED = ("attribute", "searchable", "lease", "work")
"""With the items' tables, what all annotators write, change and take away."""
_ADDED = ("edit", "edit_item", "review", "question_decision", "comment", "transcript", "original_turn", "scheme")
_AMENDED = ("question_decision",)
"""Of which all annotators change whether it counts, and what it settled, and nothing else."""
_SETTLED = ("comment",)
"""Of which all annotators change whether it is settled, and nothing else."""
_PACKAGES = ("package", "package_secret", "package_edit", "package_work")
_TAKEN_BACK = ("taken_back", "gold_taken_back")
_WORK = ("assignment", "assignment_window", "question_given", *_TAKEN_BACK)
_GIVEN = (*_WORK, "blind_scope", "released", *_PACKAGES)
"""What curators write."""
_ALL_ROWS = "SELECT, INSERT, UPDATE, DELETE"
_MANAGED = {"alembic_version": "SELECT", "edit": "SELECT, INSERT", "edit_item": "SELECT, INSERT"}
"""What managers may do with the tables whose rows they don't change: a project's version, and its history."""
_SECRETS = frozenset({"annotator_key", "package_secret"})
"""What not everybody reads."""
_LONGEST = 63


@dataclass(frozen=True, slots=True)
class Groups:
    """The names of a database's groups; PostgreSQL's roles are the server's, so they bear the database's name."""

    everybody: str
    curators: str
    managers: str
    retired: str
    """Of those whose login is closed, so that it is known again when they come back; it has no rights."""

    @classmethod
    def of(cls, database: str) -> Groups:
        kinds = ("annotators", "curators", "managers", "retired")
        return cls(*(f"woz {kind} of {database}"[:_LONGEST] for kind in kinds))

    def for_roles(self, roles: Iterable[AnnotatorRole], here: bool) -> dict[str, bool]:
        """Each group, and whether somebody of these roles who is `here`, or has retired, belongs to it."""
        known = set(roles)
        return {
            self.everybody: here,
            self.curators: here and AnnotatorRole.CURATOR in known,
            self.managers: here and AnnotatorRole.MANAGER in known,
            self.retired: not here,
        }


def install(connection: psycopg.Connection[Any], database: str) -> None:
    """Make the groups, policies and guards, or bring them up to date; in the caller's transaction."""
    groups = Groups.of(database)
    for group in (groups.everybody, groups.curators, groups.managers):
        _make_group(connection, group)
    _set_rules(connection)
    tables = [str(row[0]) for row in connection.execute(_TABLES)]
    for table in tables:
        _run(connection, "REVOKE ALL ON {} FROM {}", table, groups.managers)
        _run(connection, f"GRANT {_MANAGED.get(table, _ALL_ROWS)} ON {{}} TO {{}}", table, groups.managers)
        if table not in _SECRETS:
            _run(connection, "GRANT SELECT ON {} TO {}", table, groups.everybody)
    rights: Mapping[str, tuple[str, Iterable[str]]] = {
        "INSERT, UPDATE, DELETE": (groups.everybody, (*_CHANGED, *_items(connection))),
        "INSERT": (groups.everybody, _ADDED),
        "UPDATE (withdrawn_utc_ns, edit_id)": (groups.everybody, _AMENDED),
        "UPDATE (closed_by, closed_utc_ns)": (groups.everybody, _SETTLED),
        _ALL_ROWS: (groups.curators, _GIVEN),
    }
    for table in (*_AMENDED, *_SETTLED):
        _run(connection, "REVOKE UPDATE ON {} FROM {}", table, groups.everybody)
    for right, (group, names) in rights.items():
        for table in names:
            _run(connection, f"GRANT {right} ON {{}} TO {{}}", table, group)
    _run(connection, "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}", groups.everybody)
    _run(connection, "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {}", groups.managers)


def installed(connection: psycopg.Connection[Any], database: str) -> bool:
    return has_role(connection, Groups.of(database).everybody)


def keep_login(
    connection: psycopg.Connection[Any], database: str, login: str, roles: Iterable[AnnotatorRole], here: bool
) -> None:
    """Who has a login belongs to the groups of their roles; who isn't `here` any more may not log in."""
    groups = Groups.of(database)
    _make_group(connection, groups.retired)
    _run(connection, f"ALTER ROLE {{}} {'LOGIN' if here else 'NOLOGIN'}", login)
    for group, belongs in groups.for_roles(roles, here).items():
        _run(connection, "GRANT {} TO {}" if belongs else "REVOKE {} FROM {}", group, login)


def set_password(connection: psycopg.Connection[Any], login: str, password: str) -> None:
    """A new login, or another password for one that there is."""
    from psycopg import sql

    verb = "ALTER" if has_role(connection, login) else "CREATE"
    statement = f"{verb} ROLE {{}} LOGIN PASSWORD {{}}"
    connection.execute(sql.SQL(statement).format(sql.Identifier(login), sql.Literal(password)))


def has_role(connection: psycopg.Connection[Any], name: str) -> bool:
    return connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [name]).fetchone() is not None


def is_login(connection: psycopg.Connection[Any], database: str, name: str) -> bool:
    """Whether a role is a login that was made for a project's annotator, be it closed.

    Not so its owner or a superuser, nor whoever bears the name of an account of an older project, nor who only
    hands a group out: since version 16 its maker is a member of it to that end.
    https://www.postgresql.org/docs/current/role-attributes.html
    """
    groups = Groups.of(database)
    return connection.execute(_LOGINS, [name, [groups.everybody, groups.retired]]).fetchone() is not None


def _make_group(connection: psycopg.Connection[Any], group: str) -> None:
    if not has_role(connection, group):
        _run(connection, "CREATE ROLE {} NOLOGIN", group)


def _items(connection: psycopg.Connection[Any]) -> list[str]:
    """The tables of items, which name the edit that made each."""
    return sorted({str(row[0]) for row in connection.execute(_ITEMS)} - set(_ADDED))


_ITEMS = (
    "SELECT table_name FROM information_schema.columns"
    " WHERE table_schema = current_schema() AND column_name = 'edit_id'"
)
_LOGINS = (
    "SELECT FROM pg_roles AS r JOIN pg_auth_members AS m ON m.member = r.oid JOIN pg_roles AS g ON g.oid = m.roleid"
    " WHERE r.rolname = %s AND g.rolname = ANY (%s) AND NOT m.admin_option AND NOT r.rolsuper"
    " AND r.oid <> (SELECT relowner FROM pg_class WHERE oid = 'annotator'::regclass)"
)
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"


def _set_rules(connection: psycopg.Connection[Any]) -> None:
    with names_of_the_server(connection) as schema:
        connection.execute(_rules(schema).encode())


def _rules(schema: str) -> str:
    """The moves and states of tiers come from where the program has them."""
    text = Path(__file__).with_name("postgresql_roles.sql").read_text(encoding="utf-8")
    moves = ", ".join(
        f"('{was}', '{becomes}', {str(bool(OWNER & allowed)).lower()}, {_array(allowed - OWNER)})"
        for (was, becomes), allowed in MOVES.items()
    )
    filled = {"{moves}": moves, "{open}": _array(OPEN), "{stale}": str(STALE_NS), "{schema}": schema}
    for name, value in filled.items():
        text = text.replace(name, value)
    return text


def _array(words: Iterable[str]) -> str:
    quoted = ", ".join(f"'{word}'" for word in sorted(words))
    return f"ARRAY[{quoted}]::text[]"


def _run(connection: psycopg.Connection[Any], statement: str, *names: str) -> None:
    from psycopg import sql

    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
