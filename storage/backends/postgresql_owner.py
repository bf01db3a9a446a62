"""What a project's database holds is its owner's, whoever brings it up to date.

A superuser, or a member of the owner's role, makes tables and functions of their own: the owner could neither read
those nor replace these. https://www.postgresql.org/docs/current/ddl-priv.html
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg


@contextlib.contextmanager
def names_of_the_server(connection: psycopg.Connection[Any]) -> Iterator[str]:
    """Names are looked for among the server's own alone, whatever others made in the project's schema, whose name,
    quoted, is given.
    """
    here = "SELECT pg_catalog.quote_ident(pg_catalog.current_schema()), pg_catalog.current_setting('search_path')"
    ((schema, path),) = connection.execute(here)
    connection.execute("SET LOCAL search_path = pg_catalog, pg_temp")
    yield schema
    connection.execute("SELECT set_config('search_path', %s, true)", [path])


def hand_over(connection: psycopg.Connection[Any]) -> None:
    """What whoever is here made becomes the owner's; in the caller's transaction.

    A table of which references wait to be checked can't be handed over, so they are checked.
    """
    connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with names_of_the_server(connection) as schema:
        for (statement,) in connection.execute(_HANDING_OVER, [f"{schema}.alembic_version"]).fetchall():
            connection.execute(statement.encode())


_HANDING_OVER = r"""
WITH made AS (
    SELECT 'TABLE' AS kind, relnamespace AS within, relname AS name, '' AS arguments, relowner AS maker
    FROM pg_class WHERE relkind = 'r'
    UNION ALL
    SELECT 'FUNCTION', pronamespace, proname, '(' || pg_get_function_identity_arguments(oid) || ')', proowner
    FROM pg_proc WHERE proname LIKE 'woz\_%%'
)
SELECT format('ALTER %%s %%I.%%I%%s OWNER TO %%I', kind, nspname, name, arguments, pg_get_userbyid(relowner))
FROM made JOIN pg_class AS version ON relnamespace = within JOIN pg_namespace AS n ON n.oid = within
WHERE version.oid = %s::regclass AND maker <> relowner AND pg_get_userbyid(maker) = current_user
"""
"""The table that says of which version a project is was there first: its owner is the project's."""
