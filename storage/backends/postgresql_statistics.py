"""What a PostgreSQL server keeps of the values in a project's columns to plan queries by: samples, as they were."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import psycopg


def forget_emptied(connection: psycopg.Connection[Any], table: str) -> None:
    """Of a table without rows ANALYZE, like TRUNCATE, leaves the samples as they were. A column that is given the
    type that it has loses its own, those of indexes on it, and nothing else.
    https://www.postgresql.org/docs/current/sql-altertable.html

    Not so keys, with which the tables that refer to them would be locked, and what a policy or a view names, where
    the server refuses it: these hold ids and pseudonyms. Nothing happens to a table of somebody else's.
    """
    for statement, occupied in connection.execute(_FORGETTING, [table]).fetchall():
        row = connection.execute(occupied.encode()).fetchone()
        if row and not row[0]:
            connection.execute(statement.encode())


def rewrite_statistics(connection: psycopg.Connection[Any]) -> None:
    """Samples that were replaced stay in the file of the server's own table until it is written anew, which the
    database's owner may do; where it is anybody else, the server passes over it.
    https://www.postgresql.org/docs/current/sql-vacuum.html
    """
    connection.execute("VACUUM (FULL) pg_catalog.pg_statistic")


_FORGETTING = """
SELECT
    format('ALTER TABLE %%I.%%I ', nspname, relname) || string_agg(
        format('ALTER COLUMN %%I TYPE %%s', attname, format_type(atttypid, atttypmod)) ||
        CASE WHEN attcollation <> typcollation THEN format(' COLLATE %%s', attcollation::regcollation) ELSE '' END,
        ', '
    ),
    format('SELECT EXISTS (SELECT FROM %%I.%%I)', nspname, relname)
FROM pg_class AS c
JOIN pg_namespace AS n ON n.oid = relnamespace
JOIN pg_attribute AS a ON attrelid = c.oid AND attnum > 0 AND NOT attisdropped
JOIN pg_type AS t ON t.oid = atttypid
WHERE nspname = current_schema() AND relname = %s AND relkind = 'r' AND pg_has_role(relowner, 'USAGE')
AND NOT EXISTS (
    SELECT FROM pg_constraint
    WHERE conrelid = c.oid AND contype IN ('p', 'u', 'f') AND attnum = ANY (conkey)
)
AND NOT EXISTS (
    SELECT FROM pg_depend
    WHERE refclassid = 'pg_class'::regclass AND refobjid = c.oid AND refobjsubid = attnum
    AND classid NOT IN ('pg_class'::regclass, 'pg_constraint'::regclass, 'pg_attrdef'::regclass)
)
GROUP BY nspname, relname
"""
"""What makes a table's columns lose their samples, and what asks whether the table has rows."""
